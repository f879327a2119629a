//! `kefu export`: all entries as the rows of a sheet.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::Date;

use super::today::or_today;
use crate::authoring::{SheetFormat, export};
use crate::files::Root;
use crate::knowledge::{Language, Severity, load};

/// Writes all entries into a CSV or XLSX file, one row for each.
#[derive(Args, Clone, Debug)]
pub(super) struct ExportArgs {
    /// Where to: a .csv or .xlsx file, or - for CSV on standard output.
    out: PathBuf,
    /// The folder with knowledge/ and intents/. Default: the
    /// current folder if it has them, else the copy inside
    /// the program.
    #[arg(long, value_name = "DIR", verbatim_doc_comment)]
    root: Option<PathBuf>,
    /// The day as of which the root is checked first. Default:
    /// today.
    #[arg(long, value_name = "DATE", verbatim_doc_comment)]
    today: Option<Date>,
}

/// Exit code 1 when the root has errors: what cannot be read cannot be written out whole.
pub(super) fn run(args: ExportArgs) -> anyhow::Result<ExitCode> {
    let ExportArgs { out, root, today } = args;
    let is_stdout = out.as_os_str() == "-";
    let format = if is_stdout { SheetFormat::Csv } else { format_of(&out)? };
    let cwd = std::env::current_dir().context("failed to find the current folder")?;
    let root = Root::find(root.as_deref(), &cwd).context("failed to find the root")?;
    let files = root.read().context("failed to read the root")?;
    let loaded = load(&files, or_today(today, &files));
    let Some(base) = &loaded.base else {
        let errors = loaded.diagnostics.iter().filter(|one| one.severity == Severity::Error);
        for found in errors {
            eprintln!("{}", found.render(Language::Chinese, false));
        }
        eprintln!("知识库有错误，没有导出；先改好再试");
        return Ok(ExitCode::FAILURE);
    };
    let sheet = export(&files);
    let bytes = match sheet.write_with(format, &base.industry.categories) {
        Ok(bytes) => bytes,
        Err(mistake) => {
            eprintln!("{mistake}");
            return Ok(ExitCode::FAILURE);
        }
    };
    if is_stdout {
        std::io::stdout().lock().write_all(&bytes)?;
    } else {
        std::fs::write(&out, &bytes)
            .with_context(|| format!("failed to write {}", out.display()))?;
        eprintln!("写好了 {}：{} 个条目", out.display(), sheet.rows.len());
    }
    Ok(ExitCode::SUCCESS)
}

/// The format of a sheet, by the ending of its name.
pub(super) fn format_of(path: &Path) -> anyhow::Result<SheetFormat> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "csv" => Ok(SheetFormat::Csv),
        "tsv" => Ok(SheetFormat::Tsv),
        "xlsx" => Ok(SheetFormat::Xlsx),
        "xls" | "xlsm" | "xlsb" | "et" | "ett" | "ods" | "numbers" => bail!(
            "failed to use {}: its name must end in .csv, .tsv or .xlsx（用 Excel 或 WPS 打开，另存为 .xlsx）",
            path.display()
        ),
        _ => bail!(
            "failed to use {}: its name must end in .csv, .tsv or .xlsx（表格要存成 .csv 或 .xlsx）",
            path.display()
        ),
    }
}
