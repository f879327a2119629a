//! Changes the files of a root to what a sheet says.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::super::sheet::{Column, Sheet, SheetMistake, SheetRow, cell, is_same, normalized};
use super::{
    outcome::{ImportRefusal, Imported, Missing},
    plan::Plan,
    trace::trace,
};
use crate::knowledge::{
    Diagnostic, Severity, SourceFile, Written, categories_of, is_entry_file, load,
};

/// Makes the new files of a root in which each entry says what its row says.
///
/// Rows find their entry by id; columns that the sheet does not have stay as they are. Only
/// lines of changed values change. The whole new root is checked as of `today`, and refused
/// if there is any error; each is told by the row that it comes from. `progress` is told how
/// many rows are done, and of how many.
pub fn import(
    files: &[SourceFile],
    sheet: &Sheet,
    missing: Missing,
    today: Date,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Imported, ImportRefusal> {
    let entry_files = files.iter().filter(|file| is_entry_file(&file.path));
    let read = entry_files.map(|file| Some((file.path.as_str(), Written::read(file)?))).collect();
    let Some(written): Option<Vec<_>> = read else {
        return Err(ImportRefusal {
            diagnostics: errors(files, today),
            ..ImportRefusal::default()
        });
    };
    let mut plan = Plan::new(&written, categories_of(files));
    for (done, row) in sheet.rows.iter().enumerate() {
        plan.row(&sheet.columns, row);
        progress(done + 1, sheet.rows.len());
    }
    plan.missing(missing);
    let imported =
        plan.finish().map_err(|mistakes| ImportRefusal { mistakes, ..ImportRefusal::default() })?;
    if !imported.files.is_empty() {
        check(files, &imported.files, sheet, today)?;
    }
    Ok(imported)
}

/// The same with rows for new entries alone: an entry that is there already stays as it is, since
/// a person may have reviewed it by now.
pub fn import_new(
    files: &[SourceFile],
    sheet: &Sheet,
    today: Date,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Imported, ImportRefusal> {
    let mut known = BTreeSet::new();
    for file in files.iter().filter(|file| is_entry_file(&file.path)) {
        let Some(written) = Written::read(file) else { continue };
        let ids = written.entries().filter_map(|entry| entry.value("id")?.raw_text());
        known.extend(ids.map(str::to_owned));
    }
    let id_at = sheet.columns.iter().position(|column| *column == Column::Id);
    let is_new = |row: &&SheetRow| {
        let id = id_at.and_then(|at| row.cells.get(at));
        id.is_none_or(|id| !known.contains(&normalized(Column::Id, id)))
    };
    let rows: Vec<SheetRow> = sheet.rows.iter().filter(is_new).cloned().collect();
    let kept = sheet.rows.len() - rows.len();
    let new = Sheet { columns: sheet.columns.clone(), rows };
    let imported = import(files, &new, Missing::Stay, today, progress)?;
    Ok(Imported { kept, missing: imported.missing.saturating_sub(kept), ..imported })
}

/// The files of a root after some were written anew.
pub(in super::super) fn with_new(old: &[SourceFile], new: &[SourceFile]) -> Vec<SourceFile> {
    let is_kept = |file: &&SourceFile| new.iter().all(|other| other.path != file.path);
    old.iter().filter(is_kept).chain(new).cloned().collect()
}

/// Checks the whole new root, and that each row is found again in what was written.
fn check(
    old: &[SourceFile],
    new: &[SourceFile],
    sheet: &Sheet,
    today: Date,
) -> Result<(), ImportRefusal> {
    let files = with_new(old, new);
    let rows = rows_by_id(sheet);
    let errors = errors(&files, today);
    if !errors.is_empty() {
        return Err(trace(errors, &files, sheet, &rows));
    }
    let mut mistakes = Vec::new();
    for file in new {
        let Some(written) = Written::read(file) else { continue };
        for entry in written.entries() {
            let id = entry.value("id").and_then(|id| id.raw_text()).unwrap_or_default();
            let Some(row) = rows.get(id).and_then(|at| sheet.rows.get(*at)) else { continue };
            for (column, wanted) in sheet.columns.iter().zip(&row.cells) {
                let wanted = normalized(*column, wanted);
                let found = normalized(*column, &cell(*column, &file.path, &written, entry));
                if !wanted.is_empty() && !is_same(*column, &wanted, &found) {
                    let message = format!("写进 {} 之后读出来不一样", file.path);
                    let mend = "请直接在文件里改这一处";
                    let mistake = SheetMistake::at(row.number, *column, message, mend);
                    mistakes.push(SheetMistake { file: row.file.clone(), ..mistake });
                }
            }
        }
    }
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(ImportRefusal { mistakes, ..ImportRefusal::default() })
    }
}

/// Which row, by its index, speaks of which entry.
fn rows_by_id(sheet: &Sheet) -> BTreeMap<String, usize> {
    let Some(at) = sheet.columns.iter().position(|column| *column == Column::Id) else {
        return BTreeMap::new();
    };
    let ids = sheet.rows.iter().enumerate();
    ids.filter_map(|(row, cells)| Some((normalized(Column::Id, cells.cells.get(at)?), row)))
        .collect()
}

fn errors(files: &[SourceFile], today: Date) -> Vec<Diagnostic> {
    let mut found = load(files, today).diagnostics;
    found.retain(|found| found.severity == Severity::Error);
    found
}
