//! Marks that git leaves in a file when two people changed the same lines.

use super::parse::Lost;
use crate::knowledge::diagnostics::source::{Place, Source};

/// Most conflicts of one file that are told. Each is compared with each value of the file.
const CONFLICTS_MAX: usize = 100;

/// One conflict. The first version of its lines stays, the others are left out.
pub(super) struct Conflict {
    /// Its first mark.
    pub(super) at: Place,
    /// What is left out after the first version.
    pub(super) lost: Lost,
}

/// A conflict of which the end was not read yet, by the numbers of its lines.
struct OpenConflict {
    first: usize,
    /// The mark after the first version.
    middle: Option<usize>,
}

/// The conflicts of a file in the order of its lines. A mark without its others is one, too.
pub(super) fn conflicts_of(file: usize, source: &Source<'_>) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    // A line of equal signs alone may be a text.
    if !source.text.contains("<<<<<<<") && !source.text.contains(">>>>>>>") {
        return conflicts;
    }
    let conflict = |first: usize, from: usize, to: usize| {
        let start = source.line_place(file, from).start;
        let end = source.line_place(file, to + 1).start;
        // Of a mark that stands alone, the line after it tells.
        let lines = first..=source.line_count();
        let column = lines.map(|line| source.line(line)).find_map(column_of).unwrap_or(0);
        let lost = Lost { start, end, column, is_value: false };
        Conflict { at: source.line_place(file, first), lost }
    };
    let mut open: Option<OpenConflict> = None;
    for line in 1..=source.line_count() {
        let Some(sign) = mark(source.line(line)) else { continue };
        match (sign, &mut open) {
            ('<', _) => {
                let before = open.replace(OpenConflict { first: line, middle: None });
                conflicts.extend(
                    before.map(|before| conflict(before.first, before.first, before.first)),
                );
            }
            ('>', Some(known)) => {
                let from = known.middle.unwrap_or(line);
                conflicts.push(conflict(known.first, from, line));
                open = None;
            }
            (_, Some(known)) => _ = known.middle.get_or_insert(line),
            ('|', None) => {}
            (_, None) => conflicts.push(conflict(line, line, line)),
        }
    }
    let marks = open.into_iter().flat_map(|open| [Some(open.first), open.middle]).flatten();
    conflicts.extend(marks.map(|line| conflict(line, line, line)));
    conflicts.truncate(CONFLICTS_MAX);
    conflicts
}

/// The text without the marks and what is left out. Every other byte keeps its place.
pub(super) fn without(conflicts: &[Conflict], text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for Conflict { at, lost } in conflicts {
        for range in [at.start..at.end, lost.start..lost.end] {
            let inside = bytes.get_mut(range).into_iter().flatten();
            inside.filter(|b| !matches!(b, b'\n' | b'\r')).for_each(|b| *b = b' ');
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The sign of a mark: seven of it, alone or before a name.
fn mark(line: &str) -> Option<char> {
    let words = line.trim();
    let sign = words.chars().next().filter(|c| "<|=>".contains(*c))?;
    let rest = words.trim_start_matches(sign);
    let is_mark = rest.is_empty() || (rest.starts_with(' ') && sign != '=');
    (words.len() - rest.len() == 7 && is_mark).then_some(sign)
}

/// The indentation of a line with words.
fn column_of(line: &str) -> Option<usize> {
    let words = line.trim_start_matches(' ');
    let has_words = !words.trim().is_empty() && mark(line).is_none();
    has_words.then_some(line.len() - words.len())
}
