//! Reads a root and makes it ready for questions, for `ask` and `eval`.

use std::{
    io::{IsTerminal, Write},
    path::Path,
};

use anyhow::Context;
use jiff::civil::Date;

use super::today::or_today;
use crate::files::Root;
use crate::knowledge::{Language, Loaded, Severity};
use crate::matching::Snapshot;
use crate::parallel::Threads;

/// The root's knowledge base, ready for questions, and the day on which it is asked: the one that
/// was given, else the operator's. `None` when it has mistakes, which are then on standard error.
pub(super) fn root_snapshot(
    root: Option<&Path>,
    given: Option<Date>,
) -> anyhow::Result<Option<(Snapshot, Date)>> {
    let cwd = std::env::current_dir().context("failed to find the current folder")?;
    let root = Root::find(root, &cwd).context("failed to find the root")?;
    let files = root.read().context("failed to read the root")?;
    let today = or_today(given, &files);
    let snapshot = build(root.loader().load(&files, today, Threads::all()))?;
    Ok(snapshot.map(|snapshot| (snapshot, today)))
}

/// The same of what was loaded already.
pub(super) fn build(loaded: Loaded) -> anyhow::Result<Option<Snapshot>> {
    let Some(base) = loaded.base else {
        let mut err = std::io::stderr().lock();
        let color = err.is_terminal();
        for found in loaded.diagnostics.iter().filter(|one| one.severity == Severity::Error) {
            writeln!(err, "{}", found.render(Language::Chinese, color))?;
        }
        return Ok(None);
    };
    Snapshot::build(base).map(Some).context("failed to prepare the knowledge base")
}
