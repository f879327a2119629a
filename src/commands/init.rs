//! `kefu init DIR`: writes the sample knowledge out, to begin with.

use std::{io::Write, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Args;

use crate::files::Root;

/// Writes the knowledge/ and intents/ that are inside the program into a folder.
#[derive(Args, Clone, Debug)]
pub(super) struct InitArgs {
    /// Where to. Made if it is not there; must not hold knowledge/ or intents/ yet.
    dir: PathBuf,
}

/// Nothing is overwritten.
pub(super) fn run(args: InitArgs) -> anyhow::Result<ExitCode> {
    let InitArgs { dir } = args;
    let written = Root::embedded()
        .write_to(&dir)
        .with_context(|| format!("failed to set up {}", dir.display()))?;
    let mut out = std::io::stdout().lock();
    for path in &written {
        writeln!(out, "{}", path.display())?;
    }
    let dir = dir.display();
    writeln!(out, "写好了 {} 个文件。改完后运行：kefu check --root {dir}", written.len())?;
    Ok(ExitCode::SUCCESS)
}
