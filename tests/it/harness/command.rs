//! The binary, run to its end.

use std::{
    path::Path,
    process::{Command, Output},
};

/// Runs it in a folder.
pub(crate) fn kefu(args: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kefu")).args(args).current_dir(folder).output().unwrap()
}

/// Its standard output.
pub(crate) fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}
