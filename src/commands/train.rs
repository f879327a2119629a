//! `kefu train`: teaches the embeddings the words of a knowledge base.

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
use serde_json::Value;

use super::{
    figures::{shortfall_line, write_changes},
    progress::with_bar,
    today::or_today,
};
use crate::assembly::{Assembly, Table};
use crate::authoring::{FigureChange, Regression, figure_changes, run_tests};
use crate::config::{Config, Environment, Flags, TableChoice, load};
use crate::files::{Root, table_path, write_table};
use crate::journal::{TakenChoice, taken_choices};
use crate::knowledge::Split;
use crate::matching::{Confirmation, Embeddings, Snapshot, refine_embeddings};
use crate::parallel::Threads;
use crate::service::Clock;
use crate::storage::Store;

/// The limit of a file of confirmations.
const CONFIRMED_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The number of newest choices that are used. Older ones add nothing and slow training down.
const TAKEN_MAX: usize = 50_000;

/// Teaches the embeddings the questions of a knowledge base and what customers confirmed.
#[derive(Args, Clone, Debug)]
pub(super) struct TrainArgs {
    /// The folder with knowledge/ and intents/. Default: the current folder if it has them,
    /// else the copy inside the program.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The data folder of the server; the table is written there [default: data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// What was confirmed or rejected, one JSON object a line: {"text", "entry", "right"}; an
    /// intent's id may stand for the entry's.
    #[arg(long, value_name = "FILE")]
    confirmed: Option<PathBuf>,
    /// Passes over the choices that customers took in the conversations of the data folder.
    #[arg(long)]
    no_conversations: bool,
    /// Writes the table even if the tests come out worse with it, or there are none. Not
    /// so below a floor of the tests: the server would refuse such a table.
    #[arg(long)]
    force: bool,
    /// Goes back to the table that comes with the program.
    #[arg(long, conflicts_with_all = ["confirmed", "no_conversations", "force"])]
    forget: bool,
    /// The day that decides which entries are served. Default: today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

/// Exit code 0; 1 when the tests come out worse, or there are none, or a server would refuse
/// the root with the new table, and nothing is written.
pub(super) fn run(args: &TrainArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let flags = Flags { data: args.data.clone(), ..Flags::default() };
    let config = load(None, environment, flags).context("failed to use the settings")?;
    let Config { data, encoder, .. } = config;
    let mut out = std::io::stdout().lock();
    if args.forget {
        return forget(&mut out, &data);
    }
    let cwd = std::env::current_dir().context("failed to find the current folder")?;
    let root = Root::find(args.root.as_deref(), &cwd).context("failed to find the root")?;
    let files = root.read().context("failed to read the root")?;
    let today = or_today(args.today, &files);
    let loaded = root.loader().load(&files, today, Threads::all());
    let base = loaded.base.context("the knowledge has mistakes: run kefu check")?;
    let lessons = Confirmations::read(args, &data)?;
    let shipped = Embeddings::shipped();
    let table = with_bar("训练", |tell| refine_embeddings(&base, &shipped, &lessons.all, tell))
        .context("failed to index the knowledge")?;
    let assembly = Assembly::of_command(TableChoice::Trained, &data);
    let mut assembly = assembly.with_encoder(encoder.as_deref());
    let now = assembly.table().context("failed to read the table in use")?;
    // A server asks with the same encoder.
    let table = Table { encoder: now.encoder.clone(), ..Table::trained(Arc::new(table)) };
    let built = |table: &Table| {
        let assembled = assembly.assemble(base.clone(), table.clone(), None, Threads::all());
        assembled.context("failed to prepare the knowledge base")
    };
    let old = built(&now)?;
    let mut assembled = built(&table)?;
    let changes = changes(&old.snapshot, &assembled.snapshot, today);
    write_changes(&mut out, &changes)?;
    let doubt = Doubt::of(&changes);
    // A table that the server would refuse is useless.
    let under_floors = assembled.under_floors(&root, today, Threads::all());
    if !under_floors.is_empty() {
        for line in under_floors.iter().filter_map(shortfall_line) {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "kefu serve 不会用这样的表，没有写入，--force 也不行")?;
        return Ok(ExitCode::FAILURE);
    }
    if let Some(doubt) = doubt.filter(|_| !args.force) {
        writeln!(out, "{}，没有写入。确定要用就加 --force。", doubt.title())?;
        return Ok(ExitCode::FAILURE);
    }
    let path = write_table(&data, &table.vectors).context("failed to keep the table")?;
    let questions = base.entries.iter().map(|one| one.questions().count()).sum::<usize>();
    let (path, Confirmations { told, taken, .. }) = (path.display(), lessons);
    writeln!(
        out,
        "用 {questions} 句问法、{told} 条确认和客户点过的 {taken} 个选项训练，已写入 {path}"
    )?;
    writeln!(out, "正在运行的 kefu serve 会自己换上；kefu train --forget 恢复程序自带的表")?;
    Ok(ExitCode::SUCCESS)
}

/// Confirmed questions for training.
struct Confirmations {
    all: Vec<Confirmation>,
    /// How many of them come from the file.
    told: usize,
    /// How many of them are choices that customers took.
    taken: usize,
}

impl Confirmations {
    fn read(args: &TrainArgs, data: &Path) -> anyhow::Result<Self> {
        let mut all = args.confirmed.as_deref().map_or_else(|| Ok(Vec::new()), read_confirmed)?;
        let told = all.len();
        if !args.no_conversations && Store::exists(data) {
            let taken = taken_in(data).context("failed to read the conversations")?;
            all.extend(taken.into_iter().map(confirmation_of));
        }
        Ok(Self { taken: all.len() - told, all, told })
    }
}

/// The choices that customers took, newest conversations first.
fn taken_in(data: &Path) -> anyhow::Result<Vec<TakenChoice>> {
    let store = Store::open_shared(data, Clock::start().now())?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let mut taken = Vec::new();
        for conversation in store.conversations().await? {
            taken.extend(taken_choices(&store.records(&conversation).await?));
            if taken.len() >= TAKEN_MAX {
                break;
            }
        }
        store.close().await;
        Ok(taken)
    })
}

fn confirmation_of(taken: TakenChoice) -> Confirmation {
    let TakenChoice { utterance, entry } = taken;
    Confirmation { utterance, target: entry.as_str().to_owned(), is_right: true }
}

fn forget(out: &mut impl Write, data: &Path) -> anyhow::Result<ExitCode> {
    let path = table_path(data);
    match fs::remove_file(&path) {
        Ok(()) => {
            writeln!(out, "已删除 {}；正在运行的 kefu serve 会换回程序自带的表", path.display())?;
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            writeln!(out, "没有训练过的表，用的就是程序自带的")?;
        }
        Err(error) => return Err(error).context(format!("failed to remove {}", path.display())),
    }
    Ok(ExitCode::SUCCESS)
}

/// The results of the regression set with both tables.
fn changes(old: &Snapshot, new: &Snapshot, today: Date) -> Vec<FigureChange> {
    let run = |snapshot| -> Regression<'_> {
        with_bar("测试", |tell| run_tests(snapshot, today, Some(Split::Test), tell))
    };
    let (before, after) = (run(old), run(new));
    with_bar("比较", |tell| figure_changes(&before, &after, tell))
}

/// Why a table should not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doubt {
    /// A figure is worse than before.
    Worse,
    /// There are no tests to compare by.
    Untested,
}

impl Doubt {
    fn of(changes: &[FigureChange]) -> Option<Self> {
        if changes.iter().all(|change| change.before.of == 0) {
            return Some(Self::Untested);
        }
        changes.iter().any(|change| change.is_worse).then_some(Self::Worse)
    }

    fn title(self) -> &'static str {
        match self {
            Self::Worse => "训练后有指标变差",
            Self::Untested => {
                "回归集里没有能问的用例（knowledge/tests.yaml，split: test），不知道训练是好是坏"
            }
        }
    }
}

fn read_confirmed(path: &Path) -> anyhow::Result<Vec<Confirmation>> {
    let named = || format!("failed to read {}", path.display());
    if fs::metadata(path).with_context(named)?.len() > CONFIRMED_BYTES_MAX {
        bail!("{}: the file is too large (at most 64 MiB)", named());
    }
    let text = fs::read_to_string(path).with_context(named)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            confirmation(line).with_context(|| format!("{}, line {}", named(), number + 1))
        })
        .collect()
}

fn confirmation(line: &str) -> anyhow::Result<Confirmation> {
    let object: Value = serde_json::from_str(line)?;
    let text = |key: &str| {
        let text = object.get(key).and_then(Value::as_str).map(str::to_owned);
        text.with_context(|| format!("“{key}” is missing or no text"))
    };
    let is_right = object.get("right").and_then(Value::as_bool);
    Ok(Confirmation {
        utterance: text("text")?,
        target: text("entry")?,
        is_right: is_right.context("“right” is missing, or neither true nor false")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authoring::Figure;
    use crate::knowledge::Floor;

    #[test]
    fn tables_are_doubted_for_worse_figures_and_for_none() {
        let figure = |(hits, of): (usize, usize)| Figure {
            floor: Floor::AnsweredRight,
            hits,
            of,
            value: (of > 0).then(|| hits as f64 / of as f64),
            limit: None,
            held: of,
            asked: of,
            unasked: Vec::new(),
        };
        let cases = [
            // (what it shows, before, after, whether that is worse, doubt)
            ("not worse", (8, 10), (9, 10), false, None),
            ("worse", (9, 10), (8, 10), true, Some(Doubt::Worse)),
            ("answers where there were none", (0, 0), (1, 2), false, Some(Doubt::Untested)),
        ];
        for (shows, before, after, is_worse, expected) in cases {
            let change = FigureChange { before: figure(before), after: figure(after), is_worse };
            assert_eq!(Doubt::of(&[change]), expected, "{shows}");
        }
        assert_eq!(Doubt::of(&[]), Some(Doubt::Untested), "no tests");
    }
}
