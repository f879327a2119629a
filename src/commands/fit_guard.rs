//! `kefu fit-guard`: fits the weights of the guard that ship. For developers;
//! `assets/guard/README.md` says when.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::bail;
use clap::Args;
use jiff::civil::Date;

use super::{
    fit::{base_in, read_lines, read_text, text_files, write_weights},
    progress::with_bar,
};
use crate::authoring::{guard_sentences, parse_groups};
use crate::knowledge::GuardKind;
use crate::matching::{GuardSentence, fit_guard};

/// Fits the weights of the guard on sentences of each kind.
#[derive(Args, Clone, Debug)]
pub(super) struct FitGuardArgs {
    /// The folder with the knowledge, whose questions are harmless.
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The folder with a file for each kind, such as `crisis.txt`, and `harmless.txt`.
    #[arg(long, value_name = "DIR", default_value = "assets/guard/sentences")]
    sentences: PathBuf,
    /// The folder with groups of ordinary sentences, `*.txt`.
    #[arg(long, value_name = "DIR", default_value = "assets/static/sentences")]
    groups: PathBuf,
    /// The file with the weights.
    #[arg(long, value_name = "FILE", default_value = "assets/guard/weights.txt")]
    out: PathBuf,
    /// The day that the knowledge is checked for. Default: today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

const HEAD: &str = "\
# How much each character, pair of characters and concept (@) speaks for each kind of the guard, in
# steps of log-odds beside a harmless utterance. Written by `kefu fit-guard`; see assets/guard/README.md.
";

/// Exit code 0; 2 when something cannot be read or written.
pub(super) fn run(args: &FitGuardArgs) -> anyhow::Result<ExitCode> {
    let base = base_in(&args.root, args.today)?;
    let mut groups = Vec::new();
    for path in text_files(&args.groups)? {
        groups.extend(parse_groups(&read_text(&path)?));
    }
    let mut sentences = guard_sentences(&base, &groups);
    for kind in GuardKind::ALL.map(Some).into_iter().chain([None]) {
        let name = kind.map_or("harmless", GuardKind::as_str);
        sentences.extend(read(&args.sentences.join(format!("{name}.txt")), kind)?);
    }
    if !sentences.iter().any(|one| one.kind.is_some()) {
        bail!("failed to fit: no sentence of any kind in {}", args.sentences.display());
    }
    let text = with_bar("拟合", |_| fit_guard(&base.guard, &sentences));
    write_weights(&args.out, HEAD, &text, sentences.len())?;
    Ok(ExitCode::SUCCESS)
}

/// The sentences of a file, one a line.
fn read(path: &Path, kind: Option<GuardKind>) -> anyhow::Result<Vec<GuardSentence>> {
    let lines = read_lines(path)?.into_iter();
    Ok(lines.map(|text| GuardSentence { text, kind }).collect())
}
