//! `kefu test --reveal`: sealed cases are read, and are sealed no more.

use std::{io::Write, path::Path, process::ExitCode};

use anyhow::{Context, bail};
use jiff::civil::Date;

use super::{
    assembled::assembled_root,
    outcomes::{write_outcome, write_utterance},
};
use crate::assembly::{Assembled, Assembly};
use crate::authoring::reveal;
use crate::files::Root;
use crate::knowledge::{Floor, KindName};

/// Makes the sealed cases of a kind part of the regression set, and then shows them.
///
/// The files are written first, so that nobody reads a case that stays sealed. Exit code 0; 1 when
/// the knowledge has mistakes.
pub(super) fn run(
    assembly: &mut Assembly,
    root: Option<&Path>,
    kind: &str,
    today: Option<Date>,
) -> anyhow::Result<ExitCode> {
    let cwd = std::env::current_dir().context("failed to find the current folder")?;
    let found = Root::find(root, &cwd).context("failed to find the root")?;
    if found.path().is_none() {
        bail!(
            "failed to reveal: the copy inside the program stays as it is; name a folder with --root, as kefu init makes one"
        );
    }
    let Some((assembled, today)) = assembled_root(assembly, root, today)? else {
        return Ok(ExitCode::FAILURE);
    };
    let Assembled { snapshot, .. } = assembled;
    let files = found.read().context("failed to read the root")?;
    let revealed = reveal(&files, kind, today).context("failed to reveal")?;
    found.replace(&files, &revealed.files).context("failed to write the root")?;
    let mut out = std::io::stdout().lock();
    let count: usize = revealed.cases.iter().map(|case| case.say.len()).sum();
    writeln!(out, "封存集 {kind} 的 {count} 句已经改成 split: test，归入回归集，不再算封存：")?;
    for file in &revealed.files {
        writeln!(out, "  {}", file.path)?;
    }
    let judged = revealed.judge(&snapshot, today);
    for case in &revealed.cases {
        for said in &case.say {
            match judged.iter().find(|one| one.said.at == said.at) {
                Some(one) => write_outcome(&mut out, one)?,
                None => write_utterance(&mut out, "没有问（当天不提供）", case, said)?,
            }
        }
    }
    if snapshot.base.tests.floors.contains_key(&Floor::Sealed(KindName::from(kind))) {
        writeln!(
            out,
            "\n封存集 {kind} 有底线，现在没有用例了，kefu test 不会通过：请别人另写一份封存用例，或去掉这条底线"
        )?;
    }
    Ok(ExitCode::SUCCESS)
}
