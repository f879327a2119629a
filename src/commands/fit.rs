//! `kefu fit`: fits what ships, the ranker's weights and the curve of confidence. For
//! developers; `assets/static/README.md` says when.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::Date;

use super::{progress::with_bar, today::or_today};
use crate::authoring::{FitTables, fit_tasks, parse_groups};
use crate::files::{Root, read_encoder};
use crate::knowledge::{KnowledgeBase, load};
use crate::matching::{Embeddings, FitTask, fit_encoder, fit_shipped};

/// Fits the ranker's weights and the curve of confidence.
#[derive(Args, Clone, Debug)]
pub(super) struct FitArgs {
    /// The folder with the knowledge whose `fit` utterances are fitted on.
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The folder with groups of sentences, `*.txt`.
    #[arg(long, value_name = "DIR", default_value = "assets/static/sentences")]
    sentences: PathBuf,
    /// Embeddings taught by the knowledge, and not by the groups that are asked.
    #[arg(long, value_name = "FILE")]
    own_table: PathBuf,
    /// One that was not taught by the knowledge either.
    #[arg(long, value_name = "FILE")]
    foreign_table: PathBuf,
    /// Fits what this encoder adds to the numbers of this binary, and only that: `encoder.txt`.
    #[arg(long, value_name = "FILE")]
    encoder: Option<PathBuf>,
    /// Where `ranker.txt` and `confidence.txt` are written.
    #[arg(long, value_name = "DIR", default_value = "assets")]
    out: PathBuf,
    /// The day that the knowledge is checked for. Default: today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

const RANKER_HEAD: &str = "\
# What each feature of a question adds to its score, in log-odds: for an entry of a single
# wording, and for one of very many. Written by `kefu fit`; see assets/static/README.md.
";

const CONFIDENCE_HEAD: &str = "\
# From what is seen of the best candidate to the log-odds that it is right.
# Written by `kefu fit`; see assets/static/README.md.
";

const ENCODER_HEAD: &str = "\
# What the second encoder adds to the score for a cosine of 1, in log-odds.
# Written by `kefu fit --encoder`; see assets/encoder/README.md.
";

/// Exit code 0; 2 when something cannot be read or written.
pub(super) fn run(args: &FitArgs) -> anyhow::Result<ExitCode> {
    let base = base_in(&args.root, args.today)?;
    let mut groups = Vec::new();
    for path in &text_files(&args.sentences)? {
        groups.push(parse_groups(&read_text(path)?));
    }
    let tables =
        FitTables { own: read_table(&args.own_table)?, foreign: read_table(&args.foreign_table)? };
    let tasks = fit_tasks(&base, &groups, &tables);
    if groups.iter().all(Vec::is_empty) || tasks.iter().any(|task| task.utterances.is_empty()) {
        bail!("failed to fit: nothing to ask; are the groups of sentences and the tests there?");
    }
    if let Some(path) = &args.encoder {
        return fit_second(args, &tasks, path);
    }
    let fitted =
        with_bar("拟合", |_| fit_shipped(&tasks)).context("failed to index the knowledge")?;
    let write = |name: &str, head: &str, text: &str| {
        let path = args.out.join(name);
        fs::write(&path, format!("{head}{text}"))
            .with_context(|| format!("failed to write {}", path.display()))
    };
    write("ranker.txt", RANKER_HEAD, &fitted.ranker)?;
    write("confidence.txt", CONFIDENCE_HEAD, &fitted.confidence)?;
    let mut out = std::io::stdout().lock();
    for (task, right) in tasks.iter().zip(&fitted.first_right) {
        let (entries, asked) = (task.base.entries.len(), task.utterances.len());
        writeln!(out, "{entries:>5} entries {asked:>5} utterances  first right {right:.3}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Fits what the second encoder adds.
fn fit_second(args: &FitArgs, tasks: &[FitTask], path: &Path) -> anyhow::Result<ExitCode> {
    let encoder = read_encoder(path).context("failed to use the encoder")?;
    let fitted = with_bar("拟合", |_| fit_encoder(tasks, &encoder));
    let fitted = fitted.context("failed to index the knowledge")?;
    let out = args.out.join("encoder.txt");
    fs::write(&out, format!("{ENCODER_HEAD}{fitted}"))
        .with_context(|| format!("failed to write {}", out.display()))?;
    write!(std::io::stdout().lock(), "{fitted}")?;
    Ok(ExitCode::SUCCESS)
}

/// The knowledge of a root.
pub(super) fn base_in(root: &Path, today: Option<Date>) -> anyhow::Result<KnowledgeBase> {
    let cwd = std::env::current_dir().context("failed to find the current folder")?;
    let root = Root::find(Some(root), &cwd).context("failed to find the root")?;
    let files = root.read().context("failed to read the root")?;
    load(&files, or_today(today, &files)).base.context("failed to use the knowledge")
}

pub(super) fn read_text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))
}

/// The lines of a file with words, trimmed.
pub(super) fn read_lines(path: &Path) -> anyhow::Result<Vec<String>> {
    let text = read_text(path)?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.map(str::to_owned).collect())
}

/// Writes fitted weights under their head, and says how many sentences they come from.
pub(super) fn write_weights(
    out: &Path,
    head: &str,
    weights: &str,
    sentences: usize,
) -> anyhow::Result<()> {
    fs::write(out, format!("{head}{weights}"))
        .with_context(|| format!("failed to write {}", out.display()))?;
    let features = weights.lines().filter(|line| !line.starts_with('=')).count();
    writeln!(std::io::stdout().lock(), "{sentences} sentences, {features} features")?;
    Ok(())
}

/// The files `*.txt` of a folder, sorted by name.
pub(super) fn text_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("failed to read {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    Ok(paths)
}

fn read_table(path: &Path) -> anyhow::Result<Arc<Embeddings>> {
    let bytes = fs::read(path).with_context(|| format!("failed to read {}", path.display()))?;
    let table =
        Embeddings::parse(&bytes).with_context(|| format!("failed to use {}", path.display()))?;
    Ok(Arc::new(table))
}
