//! `kefu test`: the operator's own tests of the knowledge.

use std::{io::Write, path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum, value_parser};
use jiff::civil::Date;
use serde_json::json;

use super::{
    assembled::{TableArgs, assembled_root, table_line},
    figures::{figure_json, sealed_json, write_figures, write_sealed},
    outcomes::{count, failure_json, kind_json, worst_first, write_failures, write_table},
    progress::with_bar,
    reveal,
    stability::{stability_json, write_stability},
};
use crate::assembly::Assembled;
use crate::authoring::{Figure, JudgedUtterance, Stability, run_tests, sealed_figures};
use crate::config::Environment;
use crate::knowledge::{Language, Split};
use crate::parallel::Threads;

/// Asks the utterances of knowledge/tests.yaml and judges what is found.
#[derive(Args, Clone, Debug)]
pub(super) struct TestArgs {
    /// The folder with knowledge/ and intents/. Default: the current folder if it has them,
    /// else the copy inside the program.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Which part is shown. The floors are always about the regression set (test); of sealed
    /// cases kinds and counts are shown, never a sentence.
    #[arg(long, value_enum, default_value_t = ShownPart::All)]
    split: ShownPart,
    /// Lists each utterance that failed, worst first.
    #[arg(long)]
    failures: bool,
    /// Prints one JSON object, with the failures.
    #[arg(long)]
    json: bool,
    /// Shows the sealed cases of a kind, and makes them part of the regression set first: it
    /// writes split: test in their files. A category, an intent's id, clarify or `no_answer`.
    #[arg(long, value_name = "KIND", conflicts_with_all = ["split", "failures", "json"])]
    reveal: Option<String>,
    /// Also takes a hundredth of the wordings out, so often, each time with another seed, and tells
    /// how far the share of direct answers moves.
    #[arg(long, value_name = "SEEDS", conflicts_with = "reveal", value_parser = value_parser!(u64).range(1..=SEEDS_MAX))]
    stability: Option<u64>,
    /// The day that decides which entries are served. Default: today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    #[command(flatten)]
    table: TableArgs,
}

/// How many seeds `--stability` takes at most: each builds the knowledge base again.
const SEEDS_MAX: u64 = 100;

/// A part of the tests that people may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ShownPart {
    Fit,
    Test,
    All,
}

impl ShownPart {
    fn has(self, split: Split) -> bool {
        match self {
            Self::Fit => split == Split::Fit,
            Self::Test => split == Split::Test,
            Self::All => true,
        }
    }
}

/// Exit code 0; 1 under a floor, when nothing could be asked, or when the knowledge has mistakes.
pub(super) fn run(args: TestArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let TestArgs { root, split, failures, json, reveal, stability, today, table } = args;
    let mut assembly = table.assembly(environment)?;
    if let Some(kind) = reveal {
        return reveal::run(&mut assembly, root.as_deref(), &kind, today);
    }
    let Some((assembled, today)) = assembled_root(&mut assembly, root.as_deref(), today)? else {
        return Ok(ExitCode::FAILURE);
    };
    let Assembled { snapshot, table, .. } = assembled;
    let (tests, categories) = (&snapshot.base.tests, &snapshot.base.industry.categories);
    if tests.cases.is_empty() && tests.sealed.is_empty() {
        bail!("failed to test: the root has no knowledge/tests.yaml with cases");
    }
    let has_part = tests.cases.iter().any(|case| split.has(case.split));
    if !has_part && (split != ShownPart::All || tests.sealed.is_empty()) {
        bail!("failed to test: no case of the tests is of the part that --split names");
    }
    let run = with_bar("测试", |tell| run_tests(&snapshot, today, None, tell));
    let figures = run.figures();
    let sealed = sealed_figures(&snapshot, today, Threads::all());
    let stability = stability.map(|seeds| {
        with_bar("稳定性", |_| Stability::measure(&snapshot, today, 1..=seeds, Threads::all()))
    });
    let stability = stability.transpose().context("failed to index fewer wordings")?;
    let shown: Vec<&JudgedUtterance<'_>> =
        run.judged.iter().filter(|one| split.has(one.case.split)).collect();
    // Where nothing is asked nothing is passed.
    let is_asked = !shown.is_empty() || sealed.iter().any(|figure| figure.asked > 0);
    let is_passed = is_asked && figures.iter().chain(&sealed).all(Figure::is_kept);
    let mut out = std::io::stdout().lock();
    if json {
        let object = json!({
            "passed": is_passed,
            "static_table": table.which.as_str(),
            "asked": shown.len(),
            "figures": figures.iter().map(figure_json).collect::<Vec<_>>(),
            "sealed": sealed.iter().map(sealed_json).collect::<Vec<_>>(),
            "groups": count(&shown).iter().map(|kind| kind_json(kind, categories)).collect::<Vec<_>>(),
            "stability": stability.as_ref().map(stability_json),
            "skipped": run.skipped(),
            "failures": worst_first(&shown).into_iter().map(failure_json).collect::<Vec<_>>(),
        });
        serde_json::to_writer_pretty(&mut out, &object)?;
        writeln!(out)?;
    } else {
        if !is_asked {
            writeln!(out, "一句也没有问到，不算通过")?;
        }
        writeln!(out, "{}", table_line(Language::Chinese, table.which))?;
        write_table(&mut out, &count(&shown), categories)?;
        if run.skipped() > 0 {
            writeln!(out, "另有 {} 句没有测：要找的条目当天不提供", run.skipped())?;
        }
        writeln!(out, "\n底线（只看回归集，split: test）")?;
        write_figures(&mut out, &figures)?;
        write_sealed(&mut out, &sealed)?;
        if let Some(stability) = &stability {
            write_stability(&mut out, stability)?;
        }
        if failures {
            write_failures(&mut out, &shown)?;
        }
    }
    Ok(if is_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
