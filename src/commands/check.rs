//! `kefu check`: every mistake of a root, in one run.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context;
use clap::Args;
use jiff::civil::Date;
use serde_json::json;

use super::today::or_today;
use crate::files::Root;
use crate::knowledge::{Loaded, Severity, load};

/// Checks knowledge and intents, and lists every mistake with its place.
#[derive(Args, Clone, Debug)]
pub(super) struct CheckArgs {
    /// The folder with knowledge/ and intents/. Default: the current folder if it has them,
    /// else the copy inside the program.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
    /// The day that decides which reviews are overdue. Default: today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

/// Exit code 0 without errors, warnings or not; 1 with errors.
pub(super) fn run(args: CheckArgs) -> anyhow::Result<ExitCode> {
    let CheckArgs { root, json, today } = args;
    let today = or_today(today);
    let cwd = std::env::current_dir().context("failed to find the current folder")?;
    let root = Root::find(root.as_deref(), &cwd).context("failed to find the root")?;
    let files = root.read().context("failed to read the root")?;
    let loaded = load(&files, today);
    let count = Count::of(&loaded);
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, &as_json(&loaded, &count))?;
        writeln!(out)?;
    } else {
        let color = out.is_terminal();
        for diagnostic in &loaded.diagnostics {
            writeln!(out, "{}", diagnostic.render(color))?;
        }
        writeln!(out, "{}", closing_line(&root, &loaded, &count))?;
    }
    Ok(if count.errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Count {
    errors: usize,
    warnings: usize,
}

impl Count {
    fn of(loaded: &Loaded) -> Self {
        let is_error = |found: &&crate::knowledge::Diagnostic| found.severity == Severity::Error;
        let errors = loaded.diagnostics.iter().filter(is_error).count();
        Self { errors, warnings: loaded.diagnostics.len() - errors }
    }
}

fn closing_line(root: &Root, loaded: &Loaded, count: &Count) -> String {
    let place =
        root.path().map_or_else(|| "内置样例".to_owned(), |path| path.display().to_string());
    let read = loaded.summary;
    let verdict = match (count.errors, count.warnings) {
        (0, 0) => "没有问题".to_owned(),
        (errors, warnings) => format!("{errors} 个错误，{warnings} 个警告"),
    };
    format!(
        "{place}：读了 {} 个文件，{} 个条目、{} 个意图、{} 句问法；{verdict}",
        read.files, read.entries, read.intents, read.questions,
    )
}

fn as_json(loaded: &Loaded, count: &Count) -> serde_json::Value {
    json!({
        "errors": count.errors,
        "warnings": count.warnings,
        "read": loaded.summary,
        "hash": loaded.base.as_ref().map(|base| base.hash.as_str()),
        "diagnostics": loaded.diagnostics,
    })
}
