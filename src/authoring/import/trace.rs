//! Finds the rows of a sheet that mistakes in the files come from.

use std::collections::BTreeMap;

use super::super::sheet::{Column, Sheet, SheetMistake};
use super::outcome::ImportRefusal;
use crate::knowledge::{Code, Diagnostic, Node, NodeKind, SourceFile, Span, Written};

/// Tells each mistake by its row if its entry has one; `rows` are indices by id.
pub(super) fn trace(
    found: Vec<Diagnostic>,
    files: &[SourceFile],
    sheet: &Sheet,
    rows: &BTreeMap<String, usize>,
) -> ImportRefusal {
    let mut refusal = ImportRefusal::default();
    let mut read: BTreeMap<String, Option<Written<'_>>> = BTreeMap::new();
    for diagnostic in found {
        let written = read.entry(diagnostic.file.clone()).or_insert_with(|| {
            files.iter().find(|file| file.path == diagnostic.file).and_then(Written::read)
        });
        let place = written.as_ref().and_then(|written| place(&diagnostic, written));
        let row = place.and_then(|(id, column)| Some((*rows.get(id)?, column)));
        let Some((row, column)) = row.or_else(|| other_row(&diagnostic, files, rows)) else {
            refusal.diagnostics.push(diagnostic);
            continue;
        };
        let Diagnostic { code, message, reason, mend, .. } = diagnostic;
        refusal.mistakes.push(SheetMistake {
            file: sheet.rows.get(row).and_then(|row| row.file.clone()),
            row: sheet.rows.get(row).map(|row| row.number),
            column,
            code: Some(code.to_string()),
            message: if reason.is_empty() { message } else { format!("{message}（{reason}）") },
            mend,
        });
    }
    refusal.mistakes.sort_by(|a, b| {
        let key = |mistake: &SheetMistake| (mistake.row, mistake.column);
        (&a.file, key(a), &a.code, &a.message).cmp(&(&b.file, key(b), &b.code, &b.message))
    });
    // A cell has no places: the same mistake twice in it would read as one told twice.
    refusal.mistakes.dedup();
    refusal
}

/// The row that has a wording which something outside of the sheet has, too: the checks tell of one
/// of both, and name the other.
fn other_row(
    found: &Diagnostic,
    files: &[SourceFile],
    rows: &BTreeMap<String, usize>,
) -> Option<(usize, Option<Column>)> {
    if found.code != Code::SameQuestion.as_str() {
        return None;
    }
    let (other, _) = found.reason.split_once("另一处 ")?.1.split_once(" 是 ")?;
    let (before, column) = other.rsplit_once(':')?;
    let (file, line) = before.rsplit_once(':')?;
    let (line, column) = (line.parse().ok()?, column.parse().ok()?);
    let span = Span { line, column, end_column: column + 1 };
    let written = files.iter().find(|known| known.path == file).and_then(Written::read)?;
    let (id, column) = place(&Diagnostic { span, ..found.clone() }, &written)?;
    Some((*rows.get(id)?, column))
}

/// The id of the entry that a mistake is in, and its column.
fn place<'w>(found: &Diagnostic, written: &'w Written<'_>) -> Option<(&'w str, Option<Column>)> {
    let at = byte_of(written.text, found.span)?;
    let is_around = |entry: &&Node| (entry.place.start..entry.place.end).contains(&at);
    let entry = written.entries().find(is_around)?;
    let mut keys = Vec::new();
    let mut map = entry;
    while let NodeKind::Map(pairs) = &map.kind
        && let Some((key, value)) = pairs.iter().rfind(|(key, _)| key.place.start <= at)
    {
        // What is missing in a map is told at its beginning.
        if found.code == Code::MissingKey.as_str() && at == map.place.start {
            keys.clear();
            break;
        }
        keys.push(key.value.as_str());
        if at < value.place.start {
            break;
        }
        map = value;
    }
    let column = Column::ALL
        .iter()
        .find(|column| !column.path().is_empty() && keys.starts_with(column.path()));
    Some((entry.value("id")?.raw_text()?, column.copied()))
}

/// The byte at which a span begins.
fn byte_of(text: &str, span: Span) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let start = lines.by_ref().take(span.line.checked_sub(1)?).map(str::len).sum::<usize>();
    let line = lines.next()?;
    let within = line.char_indices().nth(span.column.checked_sub(1)?);
    Some(start + within.map_or(line.trim_end().len(), |(at, _)| at))
}
