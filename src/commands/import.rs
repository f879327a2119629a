//! `kefu import`: changes entries to what a sheet says.

use std::{
    fs,
    io::{IsTerminal, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{export::format_of, progress::with_bar, today::or_today};
use crate::authoring::{Column, Imported, Missing, Refusal, Sheet, SheetMistake, import};
use crate::files::Root;
use crate::knowledge::Language;

/// Most mistakes that are listed.
const SHOWN_MAX: usize = 200;

/// A byte more than a sheet may have, so that its reader can say so.
const READ_MAX: u64 = (20 << 20) + 1;

/// Changes entries to what the rows of a CSV or XLSX file say.
///
/// Rows find their entry by its id; only lines of changed values change. Everything is
/// checked first, and with one mistake nothing is written.
#[derive(Args, Clone, Debug)]
pub(super) struct ImportArgs {
    /// The sheet, as kefu export writes it: a .csv or .xlsx file.
    sheet: PathBuf,
    /// The folder with knowledge/ and intents/. Default: the
    /// current folder.
    #[arg(long, value_name = "DIR", verbatim_doc_comment)]
    root: Option<PathBuf>,
    /// Checks and tells what would change; writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Takes entries without a row out of service (status:
    /// retired). Default: they stay.
    #[arg(long, verbatim_doc_comment)]
    retire_missing: bool,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
    /// The day as of which the new root is checked. Default:
    /// today.
    #[arg(long, value_name = "DATE", verbatim_doc_comment)]
    today: Option<Date>,
}

/// Exit code 1 when there are mistakes.
pub(super) fn run(args: ImportArgs) -> anyhow::Result<ExitCode> {
    let ImportArgs { sheet: path, root, dry_run, retire_missing, json, today } = args;
    let format = format_of(&path)?;
    let cwd = std::env::current_dir().context("failed to find the current folder")?;
    let root = Root::find(root.as_deref(), &cwd).context("failed to find the root")?;
    if root.path().is_none() {
        bail!("failed to find the root: name a folder with --root, as kefu init makes one");
    }
    let bytes = read(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let files = root.read().context("failed to read the root")?;

    let missing = if retire_missing { Missing::Retire } else { Missing::Stay };
    let done = Sheet::read(&bytes, format)
        .map_err(|mistakes| Refusal { mistakes, diagnostics: Vec::new() })
        .and_then(|sheet| {
            let today = or_today(today);
            with_bar("对照并检查", |tell| import(&files, &sheet, missing, today, tell))
        });
    let mut out = std::io::stdout().lock();
    match done {
        Ok(imported) => {
            if !dry_run {
                root.replace(&files, &imported.files).context("failed to write the root")?;
            }
            if json {
                writeln!(out, "{:#}", as_json(&imported, dry_run))?;
            } else {
                write_summary(&mut out, &imported, dry_run)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(refusal) => {
            if json {
                writeln!(out, "{:#}", refusal_as_json(&refusal))?;
            } else {
                write_refusal(&mut out, &refusal)?;
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(READ_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn write_summary(out: &mut impl Write, imported: &Imported, dry_run: bool) -> std::io::Result<()> {
    let Imported { files, added, changed, unchanged, missing, retired } = imported;
    write!(out, "新增 {added}，修改 {changed}，未变 {unchanged}")?;
    match (missing, retired) {
        (0, _) => writeln!(out)?,
        (missing, 0) => writeln!(out, "；另有 {missing} 个条目不在表格里，保持原样")?,
        (missing, retired) => {
            writeln!(out, "；另有 {missing} 个条目不在表格里，其中 {retired} 个改为 retired")?;
        }
    }
    for file in files {
        writeln!(out, "{}", file.path)?;
    }
    match (files.len(), dry_run) {
        (0, _) => writeln!(out, "没有文件要改"),
        (count, true) => writeln!(out, "这是试运行：会写 {count} 个文件，现在什么也没写"),
        (count, false) => writeln!(out, "写好了 {count} 个文件；运行 kefu check 看有没有警告"),
    }
}

fn write_refusal(out: &mut impl Write, refusal: &Refusal) -> std::io::Result<()> {
    let Refusal { mistakes, diagnostics } = refusal;
    let color = std::io::stdout().is_terminal();
    for mistake in mistakes.iter().take(SHOWN_MAX) {
        writeln!(out, "{mistake}\n")?;
    }
    for diagnostic in diagnostics.iter().take(SHOWN_MAX) {
        writeln!(out, "{}", diagnostic.render(Language::Chinese, color))?;
    }
    let count = mistakes.len() + diagnostics.len();
    writeln!(out, "{count} 个错误，什么也没有写")
}

fn as_json(imported: &Imported, dry_run: bool) -> Value {
    let files: Vec<&str> = imported.files.iter().map(|file| file.path.as_str()).collect();
    json!({
        "written": !dry_run && !files.is_empty(),
        "added": imported.added,
        "changed": imported.changed,
        "unchanged": imported.unchanged,
        "missing": imported.missing,
        "retired": imported.retired,
        "files": files,
        "mistakes": [],
        "diagnostics": [],
    })
}

fn refusal_as_json(refusal: &Refusal) -> Value {
    let mistake = |mistake: &SheetMistake| {
        json!({
            "row": mistake.row,
            "column": mistake.column.map(Column::key),
            "code": mistake.code,
            "message": mistake.message,
            "mend": mistake.mend,
        })
    };
    json!({
        "written": false,
        "mistakes": refusal.mistakes.iter().map(mistake).collect::<Vec<_>>(),
        "diagnostics": refusal.diagnostics,
    })
}
