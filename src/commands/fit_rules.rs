//! `kefu fit-rules`: fits the weights of the compliance rules that ship. For developers;
//! `assets/compliance/README.md` says when.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::bail;
use clap::Args;
use jiff::civil::Date;

use super::{
    fit::{base_in, read_lines, text_files, write_weights},
    progress::with_bar,
};
use crate::compliance::{RuleSentence, fit_rules};

/// The name of the file with sentences that may be said.
const ALLOWED: &str = "allowed";

/// Fits the weights of the compliance rules on sentences of agents.
#[derive(Args, Clone, Debug)]
pub(super) struct FitRulesArgs {
    /// The folder with the knowledge, whose answers may be said.
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The folder with a file for each rule, such as `CP001.txt`, and `allowed.txt`.
    #[arg(long, value_name = "DIR", default_value = "assets/compliance/sentences")]
    sentences: PathBuf,
    /// The file with the weights.
    #[arg(long, value_name = "FILE", default_value = "assets/compliance/weights.txt")]
    out: PathBuf,
    /// The day that the knowledge is checked for. Default: today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

const HEAD: &str = "\
# How much each character and pair of characters speaks for a breach of each rule, in steps of
# log-odds beside what may be said. Written by `kefu fit-rules`; see assets/compliance/README.md.
";

/// Exit code 0; 2 when something cannot be read or written.
pub(super) fn run(args: &FitRulesArgs) -> anyhow::Result<ExitCode> {
    let base = base_in(&args.root, args.today)?;
    let answers: Vec<_> =
        base.entries.iter().map(|entry| entry.answer.searched().whole()).collect();
    let lines = answers.iter().flat_map(|answer| answer.lines());
    let mut sentences: Vec<RuleSentence> = lines.map(|line| sentence(line, None)).collect();
    for path in text_files(&args.sentences)? {
        sentences.extend(read(&path)?);
    }
    if !sentences.iter().any(|one| one.code.is_some()) {
        bail!("failed to fit: no sentence of any rule in {}", args.sentences.display());
    }
    let text = with_bar("拟合", |_| fit_rules(&sentences));
    write_weights(&args.out, HEAD, &text, sentences.len())?;
    Ok(ExitCode::SUCCESS)
}

/// The sentences of a file, one a line; its name says which rule they break.
fn read(path: &Path) -> anyhow::Result<Vec<RuleSentence>> {
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let code = (name != ALLOWED).then_some(name);
    Ok(read_lines(path)?.iter().map(|line| sentence(line, code)).collect())
}

fn sentence(text: &str, code: Option<&str>) -> RuleSentence {
    RuleSentence { text: text.to_owned(), code: code.map(str::to_owned) }
}
