//! The command itself.

use std::{
    fs,
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context;
use clap::Args;
use jiff::civil::Date;
use rustyline::DefaultEditor;

use super::{
    chart::write_reliability,
    drawing::reliability_svg,
    evaluation::Evaluation,
    files::{open, read_predictions, read_queries, write_predictions},
    gain::{EncoderGain, MeasuredGain, ranked_again, write_gain},
    json::evaluation_json,
    latency::measure_latency,
    lists::{write_comparison, write_confusions, write_unknown},
    table::{write_calibration, write_figures, write_kinds, write_latency},
};
use crate::assembly::{Assembled, Assembly, Table};
use crate::authoring::explain_first;
use crate::commands::{
    assembled::{TableArgs, table_line},
    progress::with_bar,
};
use crate::config::Environment;
use crate::evaluation::{LabelReading, Prediction, Query, compare, measure, resolve_labels};
use crate::knowledge::Language;
use crate::matching::Snapshot;
use crate::parallel::Threads;

/// How many cells a line has where no terminal tells.
const WIDTH: usize = 80;
/// Narrower than this no table fits, and wider no eye follows.
const WIDTHS: std::ops::RangeInclusive<usize> = 60..=120;

/// Measures matching over labelled queries.
#[derive(Args, Clone, Debug)]
pub(in crate::commands) struct EvalArgs {
    /// One JSON object a line: {"text", "label"}; label null:
    /// must not be answered. Also "qid", "kind", "also" (ids
    /// that a second opinion accepts), "disputed".
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    queries: PathBuf,
    /// A folder with knowledge/ and intents/, or a JSON-lines file of {"id", "question",
    /// "similar"}; several such files make one knowledge base. Default: the current folder
    /// if it is a root, else the copy inside the program.
    #[arg(long, value_name = "PATH")]
    knowledge: Vec<PathBuf>,
    /// Writes what was found for each query, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    predictions: Option<PathBuf>,
    /// Compares with an earlier run over the same queries, by its predictions.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Tells what answering from this confidence on would yield.
    #[arg(long, value_name = "0..1", value_parser = confidence)]
    threshold: Option<f64>,
    /// Draws confidence against what was right, as SVG.
    #[arg(long, value_name = "FILE")]
    reliability: Option<PathBuf>,
    /// How many confusions are listed, the worst first.
    #[arg(long, value_name = "N", default_value_t = 10)]
    confusions: usize,
    /// Prints one JSON object, with all confusions.
    #[arg(long)]
    json: bool,
    /// The day that decides which entries are served. Default: today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    #[command(flatten)]
    table: TableArgs,
}

fn confidence(given: &str) -> Result<f64, String> {
    let confidence = given.parse().ok().filter(|confidence| (0.0..=1.0).contains(confidence));
    confidence.ok_or_else(|| "it is no number from 0 to 1".to_owned())
}

/// Exit code 0; 1 when the knowledge has mistakes.
pub(in crate::commands) fn run(
    args: &EvalArgs,
    environment: &Environment,
) -> anyhow::Result<ExitCode> {
    let Some(evaluation) = evaluate(args, environment)? else { return Ok(ExitCode::FAILURE) };
    if let Some(path) = &args.predictions {
        write_predictions(path, &evaluation.queries, &evaluation.predictions)?;
    }
    if let Some(path) = &args.reliability {
        let second = evaluation.second.as_ref().map(|report| &report.reliability);
        let drawing = reliability_svg(&evaluation.strict.reliability, second);
        fs::write(path, drawing).with_context(|| format!("failed to write {}", path.display()))?;
    }
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &evaluation_json(&evaluation))?;
        writeln!(out)?;
    } else {
        write_all(&mut out, &evaluation, args.confusions)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `None` when the knowledge has mistakes.
fn evaluate(args: &EvalArgs, environment: &Environment) -> anyhow::Result<Option<Evaluation>> {
    let mut queries = read_queries(&args.queries)?;
    let baseline = args.baseline.as_ref().map(|path| read_predictions(path, &queries));
    let baseline = baseline.transpose()?;
    let mut assembly = args.table.clone().assembly(environment)?;
    let Some((assembled, today)) = open(&mut assembly, &args.knowledge, args.today)? else {
        return Ok(None);
    };
    let Assembled { snapshot, table, .. } = assembled;
    let unknown = resolve_labels(&mut queries, &snapshot.base);
    let predictions = ask_all(&snapshot, &queries, today);
    let gain = gain(&assembly, (&snapshot, &table), &queries, &predictions, today)?;
    let latency = measure_latency(&snapshot, &queries, today);
    let measured = |reading| measure(&queries, &predictions, reading, args.threshold);
    let strict = measured(LabelReading::Strict);
    let has_second = queries.iter().any(Query::has_second_opinion);
    let second = has_second.then(|| measured(LabelReading::SecondOpinions));
    let baseline = baseline.map(|old| {
        let comparison =
            with_bar("与基线比较", |tell| compare(&queries, &old, &predictions, tell));
        (old, comparison)
    });
    Ok(Some(Evaluation {
        queries,
        predictions,
        strict,
        second,
        baseline,
        unknown,
        latency,
        snapshot,
        table: table.which,
        gain,
    }))
}

fn ask_all(snapshot: &Snapshot, queries: &[Query], today: Date) -> Vec<Prediction> {
    with_bar("逐句提问", |tell| {
        let ask = |(query, place): (&Query, usize)| {
            tell(place, queries.len());
            Prediction::of(&explain_first(snapshot, &query.text, today), &snapshot.base)
        };
        queries.iter().zip(0..).map(ask).collect()
    })
}

/// Asks the same without the second encoder, if it is asked at all.
fn gain(
    assembly: &Assembly,
    (snapshot, table): (&Snapshot, &Table),
    queries: &[Query],
    predictions: &[Prediction],
    today: Date,
) -> anyhow::Result<EncoderGain> {
    if table.encoder.is_none() {
        return Ok(EncoderGain::NotNamed);
    }
    if !snapshot.asks_encoder() {
        return Ok(EncoderGain::NotAsked);
    }
    let without = assembly
        .assemble(snapshot.base.clone(), table.without_encoder(), None, Threads::all())
        .context("failed to prepare the knowledge base without the encoder")?;
    let without = ask_all(&without.snapshot, queries, today);
    let has_second = queries.iter().any(Query::has_second_opinion);
    let comparison = with_bar("比较", |tell| compare(queries, &without, predictions, tell));
    Ok(EncoderGain::Measured(Box::new(MeasuredGain {
        asked: ranked_again(&without, predictions),
        comparison,
        second_without: has_second
            .then(|| measure(queries, &without, LabelReading::SecondOpinions, None)),
    })))
}

fn write_all(
    out: &mut impl Write,
    evaluation: &Evaluation,
    confusions: usize,
) -> std::io::Result<()> {
    let Evaluation { strict, second, .. } = evaluation;
    let width = width();
    let calibration = evaluation.snapshot.calibration();
    write_figures(out, strict, second.as_ref(), calibration)?;
    writeln!(out, "{}", table_line(Language::Chinese, evaluation.table))?;
    write_calibration(out, calibration)?;
    write_latency(out, evaluation.latency)?;
    write_gain(out, &evaluation.gain, &evaluation.queries, second.as_ref(), calibration)?;
    write_unknown(out, evaluation)?;
    write_kinds(out, strict, second.as_ref())?;
    write_reliability(out, &strict.reliability, width)?;
    write_confusions(out, evaluation, confusions, width)?;
    write_comparison(out, evaluation, width)
}

/// How many cells a line has.
fn width() -> usize {
    let is_terminal = std::io::stdout().is_terminal();
    let editor = is_terminal.then(DefaultEditor::new).and_then(Result::ok);
    let dimensions = editor.and_then(|mut editor| editor.dimensions());
    let width = dimensions.map_or(WIDTH, |(columns, _)| usize::from(columns));
    width.clamp(*WIDTHS.start(), *WIDTHS.end())
}
