//! The files that an evaluation reads and writes.

use std::{
    fs::{self, File},
    io::{BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use jiff::civil::Date;

use crate::assembly::{Assembled, Assembly};
use crate::commands::{
    assembled::{assembled, assembled_root, base_of},
    today::or_today,
};
use crate::evaluation::{Prediction, Query, parse_predictions, parse_queries};
use crate::knowledge::questions_only;

/// How large a file of queries may be: far more than as many queries as are taken need.
const QUERIES_BYTES_MAX: u64 = 64 << 20;
/// How large a file of predictions may be: ten candidates a query with their wordings.
const PREDICTIONS_BYTES_MAX: u64 = 256 << 20;

pub(super) fn read_queries(path: &Path) -> anyhow::Result<Vec<Query>> {
    let text = read(path, QUERIES_BYTES_MAX)?;
    parse_queries(&text).with_context(|| format!("failed to use {}", path.display()))
}

pub(super) fn read_predictions(path: &Path, queries: &[Query]) -> anyhow::Result<Vec<Prediction>> {
    let text = read(path, PREDICTIONS_BYTES_MAX)?;
    parse_predictions(&text, queries).with_context(|| format!("failed to use {}", path.display()))
}

fn read(path: &Path, bytes_max: u64) -> anyhow::Result<String> {
    let failed = || format!("failed to read {}", path.display());
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(failed)?;
    file.take(bytes_max + 1).read_to_end(&mut bytes).with_context(failed)?;
    if bytes.len() as u64 > bytes_max {
        bail!("{}: it has more than {} MB", failed(), bytes_max >> 20);
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count() + 1;
        anyhow::anyhow!("{}: line {line} is not UTF-8", failed())
    })
}

/// The knowledge base, ready for questions. `None` when it has mistakes, which are then on
/// standard error. The day is the one that was given, else the operator's.
pub(super) fn open(
    assembly: &mut Assembly,
    knowledge: &[PathBuf],
    today: Option<Date>,
) -> anyhow::Result<Option<(Assembled, Date)>> {
    let is_jsonl = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "jsonl");
    match knowledge {
        [] => assembled_root(assembly, None, today),
        [root] if !is_jsonl(root) => assembled_root(assembly, Some(root), today),
        files if files.iter().all(is_jsonl) => {
            let mut lines = Vec::new();
            for path in files {
                let bytes =
                    fs::read(path).with_context(|| format!("failed to read {}", path.display()))?;
                lines.extend(bytes);
                lines.push(b'\n');
            }
            let Some(base) = base_of(questions_only(&lines))? else { return Ok(None) };
            Ok(Some((assembled(assembly, base)?, or_today(today, &[]))))
        }
        _ => bail!("--knowledge takes one folder, or one or more .jsonl files"),
    }
}

pub(super) fn write_predictions(
    path: &Path,
    queries: &[Query],
    predictions: &[Prediction],
) -> anyhow::Result<()> {
    let write = || -> std::io::Result<()> {
        let mut out = BufWriter::new(File::create(path)?);
        for (query, prediction) in queries.iter().zip(predictions) {
            writeln!(out, "{}", prediction.to_line(query))?;
        }
        out.flush()
    };
    write().with_context(|| format!("failed to write {}", path.display()))
}
