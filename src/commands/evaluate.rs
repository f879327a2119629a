//! `kefu eval`: how well matching does over labelled queries.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    root_snapshot::{build, root_snapshot},
    today::or_today,
};
use crate::evaluation::{Coverage, Qid, Query, Report, measure, parse_queries};
use crate::knowledge::questions_only;
use crate::matching::{Calibration, Outcome, Snapshot};

/// Measures matching over labelled queries.
#[derive(Args, Clone, Debug)]
pub(super) struct EvalArgs {
    /// One JSON object a line: {"text", "label"}; label null: must not be answered.
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,
    /// A folder with knowledge/ and intents/, or a JSON-lines file of {"id", "question",
    /// "similar"}; several such files make one knowledge base. Default: the current folder
    /// if it is a root, else the copy inside the program.
    #[arg(long, value_name = "PATH")]
    knowledge: Vec<PathBuf>,
    /// Writes what was found for each query, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    predictions: Option<PathBuf>,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
    /// The day that decides which entries are served. Default: today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

/// Exit code 0; 1 when the knowledge has mistakes.
pub(super) fn run(args: EvalArgs) -> anyhow::Result<ExitCode> {
    let today = or_today(args.today);
    let EvalArgs { queries: path, knowledge, predictions, json, .. } = args;
    let queries =
        fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let queries =
        parse_queries(&queries).with_context(|| format!("failed to use {}", path.display()))?;
    let Some(snapshot) = open(&knowledge, today)? else {
        return Ok(ExitCode::FAILURE);
    };
    let outcomes: Vec<Outcome> =
        queries.iter().map(|query| snapshot.find(&query.text, today)).collect();
    if let Some(path) = predictions {
        write_predictions(&path, &queries, &outcomes)
            .with_context(|| format!("failed to write {}", path.display()))?;
    }
    let report = measure(&queries, &outcomes);
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, &as_json(&report, &snapshot))?;
        writeln!(out)?;
    } else {
        write_table(&mut out, &report, snapshot.calibration())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn open(knowledge: &[PathBuf], today: Date) -> anyhow::Result<Option<Snapshot>> {
    let is_jsonl = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "jsonl");
    match knowledge {
        [] => root_snapshot(None, today),
        [root] if !is_jsonl(root) => root_snapshot(Some(root), today),
        files if files.iter().all(is_jsonl) => {
            let mut lines = Vec::new();
            for path in files {
                let bytes =
                    fs::read(path).with_context(|| format!("failed to read {}", path.display()))?;
                lines.extend(bytes);
                lines.push(b'\n');
            }
            build(questions_only(&lines))
        }
        _ => bail!("--knowledge takes one folder, or one or more .jsonl files"),
    }
}

fn write_predictions(path: &Path, queries: &[Query], outcomes: &[Outcome]) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for (query, outcome) in queries.iter().zip(outcomes) {
        let ranked: Vec<Value> = outcome
            .ranked
            .iter()
            .map(|one| json!({"id": one.entry, "score": one.score.get(), "confidence": one.confidence.get()}))
            .collect();
        let line = json!({
            "qid": match &query.qid {
                Qid::Line(number) => json!(number),
                Qid::Own(own) => own.clone(),
            },
            "text": query.text,
            "band": outcome.band.as_str(),
            "intent": outcome.intent,
            "ranked": ranked,
        });
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}

fn as_json(report: &Report, snapshot: &Snapshot) -> Value {
    let coverage = |at: Option<Coverage>| {
        at.map(|at| {
            json!({
                "coverage": at.coverage,
                "false_answer_rate": at.false_answer_rate,
                "threshold": at.threshold,
            })
        })
    };
    let calibration = snapshot.calibration();
    let bands = report.bands;
    json!({
        "answerable": report.answerable,
        "unanswerable": report.unanswerable,
        "top1": report.top1,
        "recall3": report.recall3,
        "mrr10": report.mrr10,
        "auroc": report.auroc,
        "at95": coverage(report.at95),
        "at98": coverage(report.at98),
        "bands": {
            "answered": bands.answered,
            "answered_right": bands.answered_right,
            "answered_falsely": bands.answered_falsely,
            "clarified": bands.clarified,
            "clarified_right": bands.clarified_right,
            "clarified_falsely": bands.clarified_falsely,
            "fallback": bands.fallback,
        },
        "calibration": {
            "held_out": calibration.held_out,
            "answer_threshold": calibration.answer.at.get(),
            "clarify_threshold": calibration.clarify.at.get(),
            "answer_rate": calibration.answer_rate,
            "false_answer_rate": calibration.false_answer_rate,
            "warnings": calibration.warnings(),
        },
    })
}

fn write_table(
    out: &mut impl Write,
    report: &Report,
    calibration: &Calibration,
) -> anyhow::Result<()> {
    let share = |share: Option<f64>| {
        share.map_or_else(|| "—".to_owned(), |share| format!("{:.1}%", share * 100.0))
    };
    let Report { answerable, unanswerable, bands, .. } = report;
    writeln!(out, "测试话语　　　{answerable} 句有答案，{unanswerable} 句不应回答")?;
    writeln!(out, "首位正确　　　{}", share(report.top1))?;
    writeln!(out, "前三召回　　　{}", share(report.recall3))?;
    let mrr = report.mrr10.map_or_else(|| "—".to_owned(), |mrr| format!("{mrr:.3}"));
    writeln!(out, "MRR@10　　　　{mrr}")?;
    let auroc = report.auroc.map_or_else(|| "—".to_owned(), |auroc| format!("{auroc:.3}"));
    writeln!(out, "AUROC　　　　 {auroc}")?;
    for (precision, at) in [("95%", report.at95), ("98%", report.at98)] {
        match at {
            Some(at) => writeln!(
                out,
                "{precision} 准确率时　 可回答 {:.1}%，误答 {:.1}%（置信度 ≥ {:.3}）",
                at.coverage * 100.0,
                at.false_answer_rate * 100.0,
                at.threshold,
            )?,
            None => writeln!(out, "{precision} 准确率时　 达不到")?,
        }
    }
    writeln!(
        out,
        "直接回答　　　{} 句，其中 {} 句正确；另误答 {} 句（置信度 ≥ {:.3}）",
        bands.answered,
        bands.answered_right,
        bands.answered_falsely,
        calibration.answer.at.get(),
    )?;
    writeln!(
        out,
        "反问　　　　　{} 句，其中 {} 句的选项里有正确条目；另误问 {} 句（置信度 ≥ {:.3}）",
        bands.clarified,
        bands.clarified_right,
        bands.clarified_falsely,
        calibration.clarify.at.get(),
    )?;
    writeln!(out, "兜底　　　　　{} 句", bands.fallback)?;
    writeln!(
        out,
        "校准　　　　　{} 次留出测试，预计直接回答 {:.1}%，无答案时误答 {:.1}%",
        calibration.held_out,
        calibration.answer_rate * 100.0,
        calibration.false_answer_rate * 100.0,
    )?;
    for warning in calibration.warnings() {
        writeln!(out, "提示：{warning}")?;
    }
    Ok(())
}
