//! `kefu check`: every mistake of a root, in one run.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, bail};
use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use jiff::civil::Date;
use serde_json::json;
use tokio::sync::mpsc;

use super::{
    assembled::{TableArgs, assembled, table_line},
    measure,
    progress::with_bar,
    promise::{promise_json, promise_lines},
    sarif::sarif,
    today::{now, or_today},
};
use crate::assembly::{Assembled, Assembly};
use crate::authoring::{find_clashes, find_idle_words, find_nothing_served};
use crate::config::{Environment, TableChoice};
use crate::files::{FilesError, Root, Watcher, settle};
use crate::knowledge::{Code, Diagnostic, Finding, Language, Loaded, Severity, load};
use crate::matching::{Calibration, Snapshot};

/// Checks knowledge and intents, and lists every mistake with its place.
#[derive(Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct CheckArgs {
    /// The folder with knowledge/ and intents/. Default:
    /// the current folder if it has them, else the copy
    /// inside the program.
    #[arg(long, value_name = "DIR", verbatim_doc_comment)]
    root: Option<PathBuf>,
    /// Prints one JSON object.
    #[arg(long, conflicts_with = "sarif")]
    json: bool,
    /// Prints a SARIF 2.1.0 log, as code-review tools read it.
    #[arg(long)]
    sarif: bool,
    /// Chinese (all that is known) or English (by code).
    #[arg(long, default_value = "zh", hide_default_value = true, hide_possible_values = true,
        value_name = "zh|en", value_parser = language_parser())]
    lang: Language,
    /// Leaves out the checks that ask every question.
    #[arg(long)]
    fast: bool,
    /// Checks again when the files change, until Ctrl-C.
    #[arg(long, conflicts_with_all = ["json", "sarif"])]
    watch: bool,
    /// Prints the page of one code, such as KB012.
    #[arg(long, value_name = "CODE", exclusive = true)]
    explain: Option<String>,
    /// Counts what the rules of compliance.yaml and the guard
    /// find in the sentences of this YAML file, and checks
    /// nothing else.
    #[arg(long, value_name = "FILE", verbatim_doc_comment,
        conflicts_with_all = ["sarif", "lang", "fast", "watch"])]
    measure: Option<PathBuf>,
    /// The day that decides what is due. Default: today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    #[command(flatten)]
    table: TableArgs,
    /// Whether to use colours: on a terminal without `NO_COLOR`.
    #[arg(skip)]
    color: bool,
}

fn language_parser() -> impl TypedValueParser<Value = Language> {
    let language = |word: String| match word.as_str() {
        "en" => Language::English,
        _ => Language::Chinese,
    };
    PossibleValuesParser::new(["zh", "en"]).map(language)
}

/// Exit code 0 without errors, warnings or not; 1 with errors. With `--measure`, 1 under a floor.
pub(super) fn run(mut args: CheckArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    if let Some(code) = &args.explain {
        let Some(code) = Code::parse(code) else { bail!("failed to explain {code}: no such code") };
        write!(std::io::stdout(), "{}", code.page())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut assembly = args.table.clone().assembly(environment)?;
    args.color = std::io::stdout().is_terminal() && !environment.is_plain();
    let cwd = std::env::current_dir().context("failed to find the current folder")?;
    let root = Root::find(args.root.as_deref(), &cwd).context("failed to find the root")?;
    if let Some(path) = &args.measure {
        return measure::run(&root, &mut assembly, path, args.today, args.json);
    }
    if args.watch {
        let runtime = tokio::runtime::Runtime::new().context("failed to start")?;
        let watched = runtime.block_on(watch(args, root, assembly));
        // A check that still runs is not needed any more.
        runtime.shutdown_background();
        return watched.map(|()| ExitCode::SUCCESS);
    }
    let is_good = check(&args, &root, &mut assembly)?;
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks now and after every change, until Ctrl-C.
async fn watch(args: CheckArgs, root: Root, assembly: Assembly) -> anyhow::Result<()> {
    let Some(folder) = root.path() else {
        bail!("failed to watch the copy inside the program: it never changes; name a --root");
    };
    let (sender, mut changes) = mpsc::channel(1);
    let mut watcher = Watcher::new(folder, sender).context("failed to watch")?;
    let assembly = Arc::new(Mutex::new(assembly));
    let every_change = async {
        loop {
            let (args, root, assembly) = (args.clone(), root.clone(), assembly.clone());
            let checking = tokio::task::spawn_blocking(move || {
                let mut assembly = assembly.lock().unwrap_or_else(PoisonError::into_inner);
                check(&args, &root, &mut assembly)
            });
            match checking.await? {
                // An unreadable file may still be being written.
                Err(error) if error.is::<FilesError>() => eprintln!("kefu: {error:#}"),
                checked => _ = checked?,
            }
            if changes.recv().await.is_none() {
                return Ok(());
            }
            settle(&mut changes).await;
            // A replaced folder must be watched anew.
            watcher.renew().context("failed to watch")?;
            writeln!(std::io::stdout(), "\n── {} ──\n", now().strftime("%H:%M:%S"))?;
        }
    };
    tokio::select! {
        ended = every_change => ended,
        stopped = tokio::signal::ctrl_c() => stopped.context("failed to wait for Ctrl-C"),
    }
}

/// Checks all files once. Returns whether there are no errors.
fn check(args: &CheckArgs, root: &Root, assembly: &mut Assembly) -> anyhow::Result<bool> {
    let files = root.read().context("failed to read the root")?;
    let today = or_today(args.today, &files);
    let mut loaded = load(&files, today);
    let mut hash = loaded.base.as_ref().map(|base| base.hash.clone());
    let mut asked = None;
    if let Some(base) = loaded.base.take() {
        let mut findings = find_idle_words(&base);
        findings.extend(find_nothing_served(&base, today));
        if !args.fast {
            let Assembled { snapshot, table, .. } = assembled(assembly, base)?;
            findings.extend(ask_everything(&snapshot, today));
            let calibration = snapshot.calibration().clone();
            // The hash that a server with this table shows.
            hash = Some(snapshot.base.hash);
            asked = Some(EngineCheck { calibration, table: table.which });
        }
        loaded.add(&files, findings);
    }
    let count = Count::of(&loaded);
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(
            &mut out,
            &as_json(&loaded, hash.as_deref(), &count, asked.as_ref()),
        )?;
        writeln!(out)?;
    } else if args.sarif {
        let log = sarif(&loaded.diagnostics, args.lang, root.path())?;
        serde_json::to_writer_pretty(&mut out, &log)?;
        writeln!(out)?;
    } else {
        for diagnostic in &loaded.diagnostics {
            writeln!(out, "{}", diagnostic.render(args.lang, args.color))?;
        }
        if args.fast || hash.is_none() {
            writeln!(out, "{}", left_out_line(args.lang))?;
        }
        if let Some(EngineCheck { calibration, table }) = &asked {
            writeln!(out, "{}", table_line(args.lang, *table))?;
            for line in promise_lines(args.lang, calibration) {
                writeln!(out, "{line}")?;
            }
        }
        writeln!(out, "{}", closing_line(args.lang, root, &loaded, &count))?;
    }
    Ok(count.errors == 0)
}

/// The findings of the engine, with a progress bar on standard error if that is a terminal.
fn ask_everything(snapshot: &Snapshot, today: Date) -> Vec<Finding> {
    with_bar("逐句试问", |tell| find_clashes(snapshot, today, tell))
}

/// The calibration of a knowledge base, and its embedding table.
struct EngineCheck {
    calibration: Calibration,
    table: TableChoice,
}

struct Count {
    errors: usize,
    warnings: usize,
    notes: usize,
}

impl Count {
    fn of(loaded: &Loaded) -> Self {
        let of = |severity| {
            let is_such = |found: &&Diagnostic| found.severity == severity;
            loaded.diagnostics.iter().filter(is_such).count()
        };
        Self {
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            notes: of(Severity::Note),
        }
    }
}

fn closing_line(language: Language, root: &Root, loaded: &Loaded, count: &Count) -> String {
    let read = loaded.summary;
    let (files, entries, intents, questions) =
        (read.files, read.entries, read.intents, read.questions);
    let Count { errors, warnings, notes } = *count;
    let is_clean = (errors, warnings, notes) == (0, 0, 0);
    let folder = root.path().map(|path| path.display().to_string());
    match language {
        Language::Chinese => {
            let place = folder.unwrap_or_else(|| "内置样例".to_owned());
            let verdict = if is_clean {
                "没有问题".to_owned()
            } else {
                let notes =
                    if notes == 0 { String::new() } else { format!("，{notes} 个提示") };
                format!("{errors} 个错误，{warnings} 个警告{notes}")
            };
            format!(
                "{place}：读了 {files} 个文件，{entries} 个条目、{intents} 个意图、{questions} 句问法；{verdict}",
            )
        }
        Language::English => {
            let place = folder.unwrap_or_else(|| "the copy inside the program".to_owned());
            let verdict = if is_clean {
                "nothing to tell".to_owned()
            } else {
                let notes = if notes == 0 { String::new() } else { format!(", notes: {notes}") };
                format!("errors: {errors}, warnings: {warnings}{notes}")
            };
            format!(
                "{place}: files: {files}, entries: {entries}, intents: {intents}, questions: {questions}; {verdict}",
            )
        }
    }
}

/// Names the checks that were skipped: those of the engine, with `--fast` or errors.
fn left_out_line(language: Language) -> &'static str {
    match language {
        Language::Chinese => "没有逐句试问（KB047–KB050）：没有错误、也不加 --fast 时才会查",
        Language::English => {
            "not asked: whether questions find their entries (KB047–KB050); without errors and --fast they are"
        }
    }
}

fn as_json(
    loaded: &Loaded,
    hash: Option<&str>,
    count: &Count,
    asked: Option<&EngineCheck>,
) -> serde_json::Value {
    json!({
        "errors": count.errors,
        "warnings": count.warnings,
        "notes": count.notes,
        "read": loaded.summary,
        "hash": hash,
        "static_table": asked.map(|asked| asked.table.as_str()),
        "calibration": asked.map(|asked| promise_json(&asked.calibration)),
        "diagnostics": loaded.diagnostics,
    })
}
