//! The `kefu` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    kefu::commands::run()
}
