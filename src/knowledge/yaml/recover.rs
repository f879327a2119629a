//! Reads the rest of a file after a mistake, so that people mend all of them at once.
//!
//! The part that cannot be read is blanked out, byte for byte, and the text is read again: every
//! other value keeps its place. The smallest part is tried first: a value, then the item or the
//! group around it.

use super::{
    conflicts::{Conflict, conflicts_of, without},
    parse::{self, Attempt, Lost},
    stop::{REST_UNCHECKED, Stop, StopReason, YamlNote},
    syntax,
    tree::Node,
};
use crate::knowledge::diagnostics::{report::Report, source::Source};

/// Most bytes that are read again for one file. A file that is wrong everywhere must not take long.
const BYTES_MAX: usize = 32 << 20;

/// Lines before a stop in which an open quotation mark or bracket is searched.
const LINES_BACK: usize = 30;

/// What one more attempt costs at least.
const ATTEMPT_BYTES: usize = 4 << 10;

/// A file as far as it could be read.
#[derive(Debug)]
pub(crate) struct ReadTree {
    pub(crate) root: Node,
    /// Whether nothing was left out.
    pub(crate) is_whole: bool,
}

/// Reads one file and reports everything that YAML does not allow. Gives `None` for a file of which
/// nothing can be checked further. With `is_by_parts`, what remains of a file will be checked
/// without the parts that are left out.
pub(crate) fn read<'s>(
    file: usize,
    source: &Source<'s>,
    is_by_parts: bool,
    report: &mut Report<'s>,
) -> Option<ReadTree> {
    let conflicts = conflicts_of(file, source);
    let mut text = without(&conflicts, source.text);
    let mut lost: Vec<Lost> = Vec::new();
    let mut causes: Vec<StopCause> = Vec::new();
    for Conflict { at, lost: part } in conflicts {
        // Lines of a block cannot be blanks: it goes with all of them.
        let block = Lines::of(&text, source).block_around(source.line_at(at.start), part.column);
        if let Some(block) = &block {
            text = blank(&text, block);
        }
        let part = block.unwrap_or(part);
        let stop = Stop { why: StopReason::Conflict, at };
        causes.push(StopCause { stop, text: String::new(), notes: Vec::new() });
        lost.push(part);
    }
    let mut budget = BYTES_MAX;
    let mut attempt = parse::attempt(file, &source.with_text(&text), &lost);
    loop {
        let stop = match attempt.outcome {
            Ok(root) => {
                add_all(attempt.notes, report);
                let is_checked = is_by_parts && lost.iter().all(|lost| lost.column > 0);
                explain(&causes, &lost, is_checked, source, report);
                let is_whole = lost.is_empty();
                return (is_whole || is_checked).then_some(ReadTree { root, is_whole });
            }
            Err(stop) => stop,
        };
        let next = widened(&stop, &text, &lost, file, source, &mut budget);
        let Some((blanked, part, next)) = next else {
            causes.push(StopCause { stop, text, notes: Vec::new() });
            add_all(attempt.notes, report);
            explain(&causes, &lost, false, source, report);
            return None;
        };
        let is_inside = |note: &YamlNote| (part.start..part.end).contains(&note.place.start);
        let notes = attempt.notes.into_iter().filter(is_inside).collect();
        causes.push(StopCause { stop, text, notes });
        (text, attempt) = (blanked, next);
        lost.push(part);
    }
}

/// Why the parser went no further, and the text that it read.
struct StopCause {
    stop: Stop,
    text: String,
    /// What was found in the part that was then left out: that says more than the stop.
    notes: Vec<YamlNote>,
}

fn add_all(notes: Vec<YamlNote>, report: &mut Report<'_>) {
    for note in notes {
        note.add_to(report);
    }
}

/// Reports why the file could not be read at some places, and what was left out at each.
fn explain<'s>(
    causes: &[StopCause],
    lost: &[Lost],
    is_checked: bool,
    source: &Source<'s>,
    report: &mut Report<'s>,
) {
    for (at, StopCause { stop, text, notes }) in causes.iter().enumerate() {
        if !notes.is_empty() {
            add_all(notes.clone(), report);
            continue;
        }
        let part = lost.get(at);
        let unchecked = match part {
            None => REST_UNCHECKED.to_owned(),
            Some(_) if !is_checked => "改好之前，这个文件只检查 YAML 的写法".to_owned(),
            Some(part) => {
                let (from, to) = (source.line_at(part.start), source.line_at(part.end - 1));
                if from == to {
                    format!("第 {from} 行没有检查")
                } else {
                    format!("第 {from} 至 {to} 行没有检查")
                }
            }
        };
        let part = part.map(|part| part.start..part.end);
        syntax::explain(stop, part, &source.with_text(text), &unchecked).add_to(report);
    }
}

/// Takes out the smallest part without which the text can be read further.
fn widened(
    stop: &Stop,
    text: &str,
    lost: &[Lost],
    file: usize,
    source: &Source<'_>,
    budget: &mut usize,
) -> Option<(String, Lost, Attempt)> {
    for level in parts(stop, text, source) {
        let mut best: Option<(usize, String, Lost, Attempt)> = None;
        for part in level {
            // Something must go, so that this ends.
            if text.get(part.start..part.end).is_none_or(|words| words.trim().is_empty()) {
                continue;
            }
            *budget = budget.checked_sub(text.len() + ATTEMPT_BYTES)?;
            let blanked = blank(text, &part);
            let mut all = lost.to_vec();
            all.push(part.clone());
            let attempt = parse::attempt(file, &source.with_text(&blanked), &all);
            let reached = match &attempt.outcome {
                Ok(_) => usize::MAX,
                Err(next) if next.at.start <= stop.at.start || follows(stop, next, source) => {
                    continue;
                }
                Err(next) => next.at.start,
            };
            if best.as_ref().is_none_or(|(furthest, ..)| *furthest < reached) {
                best = Some((reached, blanked, part, attempt));
            }
        }
        if let Some((_, blanked, part, attempt)) = best {
            return Some((blanked, part, attempt));
        }
    }
    None
}

/// Whether a second stop is probably the same open quotation mark or bracket as the first.
fn follows(first: &Stop, next: &Stop, source: &Source<'_>) -> bool {
    let (StopReason::Syntax(a), StopReason::Syntax(b)) = (&first.why, &next.why) else {
        return false;
    };
    let lines = source.line_at(next.at.start).saturating_sub(source.line_at(first.at.start));
    syntax::is_unclosed(a) && (lines <= 1 || (lines <= 2 && syntax::is_unclosed(b)))
}

/// The parts that may hold the cause, from the smallest. Those of one level are tried together.
fn parts(stop: &Stop, text: &str, source: &Source<'_>) -> Vec<Vec<Lost>> {
    parts_in(&Lines::of(text, source), stop, source)
}

fn parts_in(lines: &Lines<'_>, stop: &Stop, source: &Source<'_>) -> Vec<Vec<Lost>> {
    if matches!(stop.why, StopReason::Empty) {
        return Vec::new();
    }
    let at = source.line_at(stop.at.start.min(source.text.len())) - 1;
    if syntax::is_document_mark(&stop.why) {
        let is_mark = |line: &usize| matches!(lines.text(*line).trim_end(), "---" | "...");
        let mark = (0..=at).rev().find(is_mark);
        return mark.map(|line| vec![lines.whole(line, line + 1, 1)]).into_iter().collect();
    }
    let mut levels = Vec::new();
    let here = (0..=at).rev().find(|line| !lines.is_blank(*line));
    let Some(here) = here else { return levels };
    let before = (0..here).rev().find(|line| !lines.is_blank(*line));
    let opened = (here.saturating_sub(LINES_BACK)..here)
        .rev()
        .find(|line| syntax::unclosed_in(lines.text(*line)).is_some());
    levels.extend(
        before.and_then(|before| lines.block_not_indented(before, here)).map(|part| vec![part]),
    );
    levels.push(lines.first_of_item(here).into_iter().collect());
    // A line before is the cause only by itself, without the line that could not be read.
    let is_before = |part: &Lost| part.end <= lines.start(here);
    let before = before
        .into_iter()
        .flat_map(|line| lines.first_of_item(line).into_iter().chain([lines.part(line)]))
        .filter(is_before);
    let whole = lines.whole(here, lines.end_of_header(here), lines.column(here));
    let opened = opened.map(|line| lines.part(line));
    levels.push(
        std::iter::once(lines.part(here)).chain(before).chain([whole]).chain(opened).collect(),
    );
    // Then the group around it, and the group around that.
    let mut around = Some(here);
    while let Some(inner) = around {
        around = (0..inner)
            .rev()
            .find(|line| !lines.is_blank(*line) && lines.column(*line) < lines.column(inner));
        levels.extend(around.map(|line| vec![lines.part(line)]));
    }
    levels
}

/// The text with blanks in place of a part. Line feeds stay.
fn blank(text: &str, part: &Lost) -> String {
    let blanks = |bytes: &str| -> String {
        bytes.bytes().map(|b| if b == b'\n' || b == b'\r' { char::from(b) } else { ' ' }).collect()
    };
    let (Some(before), Some(inside), Some(after)) =
        (text.get(..part.start), text.get(part.start..part.end), text.get(part.end..))
    else {
        return text.to_owned();
    };
    let mut blanked = String::with_capacity(text.len());
    blanked.push_str(before);
    let inside = blanks(inside);
    // A sign in place of the value, where there is room, so that its place is certain.
    let room = inside.strip_prefix("  ").filter(|rest| part.is_value && rest.starts_with(' '));
    match room {
        Some(rest) => blanked.extend([" ~", rest]),
        None => blanked.push_str(&inside),
    }
    blanked.push_str(after);
    blanked
}

/// The lines of a text by their indentation. Each is looked at once: what is asked of one line
/// depends on lines before it, and there may be many.
struct Lines<'t> {
    lines: Vec<TextLine<'t>>,
    /// How often a line was asked for.
    #[cfg(test)]
    asked: std::cell::Cell<usize>,
}

struct TextLine<'t> {
    start: usize,
    text: &'t str,
    /// Nothing but white space or a comment.
    is_blank: bool,
    /// The indentation. Where it is not of spaces alone, that of the line before.
    column: usize,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str, source: &Source<'_>) -> Self {
        let starts = (1..=source.line_count()).map(|line| source.line_place(0, line).start);
        let starts: Vec<usize> = starts.collect();
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let mut last_column = None;
        let lines = starts.iter().zip(ends).map(|(start, end)| {
            let text = text.get(*start..end).unwrap_or_default();
            let words = text.trim();
            let is_blank = words.is_empty() || words.starts_with('#');
            let rest = text.trim_start_matches(' ');
            let depth = text.len() - rest.len();
            let is_odd = rest.starts_with(char::is_whitespace);
            if !is_blank && !is_odd {
                last_column = Some(depth);
            }
            TextLine { start: *start, text, is_blank, column: last_column.unwrap_or(depth) }
        });
        Self {
            lines: lines.collect(),
            #[cfg(test)]
            asked: std::cell::Cell::default(),
        }
    }

    fn get(&self, line: usize) -> Option<&TextLine<'t>> {
        #[cfg(test)]
        self.asked.set(self.asked.get() + 1);
        self.lines.get(line)
    }

    fn text(&self, line: usize) -> &'t str {
        self.get(line).map_or("", |line| line.text)
    }

    fn start(&self, line: usize) -> usize {
        let end = || self.lines.last().map_or(0, |line| line.start + line.text.len());
        self.get(line).map_or_else(end, |line| line.start)
    }

    fn is_blank(&self, line: usize) -> bool {
        self.get(line).is_none_or(|line| line.is_blank)
    }

    fn column(&self, line: usize) -> usize {
        self.get(line).map_or(0, |line| line.column)
    }

    fn is_item(&self, line: usize) -> bool {
        let words = self.text(line).trim_start_matches(' ');
        words.starts_with("- ") || words.trim_end() == "-"
    }

    /// The line after a line and everything that is indented below it.
    fn end(&self, line: usize) -> usize {
        let column = self.column(line);
        let holds_items = !self.is_item(line);
        let is_after = |next: &usize| {
            let is_own = || {
                self.column(*next) > column
                    || (self.column(*next) == column && holds_items && self.is_item(*next))
            };
            !self.is_blank(*next) && !is_own()
        };
        let next = (line + 1..self.lines.len()).find(is_after);
        next.unwrap_or(self.lines.len())
    }

    /// A line with everything below it: its value, if it has a key or a dash, else all of it.
    fn part(&self, line: usize) -> Lost {
        let (end, column) = (self.end(line), self.column(line));
        let text = self.text(line);
        if matches!(text.trim_end(), "---" | "...") {
            return self.whole(line, line + 1, 1);
        }
        let words = text.trim_start_matches(' ');
        let key = key_length(words);
        let sign = match () {
            () if self.is_item(line) => 1,
            () if key > 0 => key + 1,
            () => return self.whole(line, end.max(self.end_of_header(line)), column),
        };
        let start = self.start(line) + (text.len() - words.len()) + sign;
        Lost { start, end: self.start(end).max(start), column, is_value: true }
    }

    /// The value of a block whose text is not indented, with that text.
    fn block_not_indented(&self, header: usize, line: usize) -> Option<Lost> {
        let is_header = is_block_header(self.text(header));
        let is_outside = self.column(line) <= self.column(header) && !self.is_item(header);
        let part = self.part(header);
        let end = self.start(self.end(line));
        (is_header && is_outside && part.is_value).then_some(Lost { end, ..part })
    }

    /// The line after a line; after the text of a block, where it is the header of one.
    fn end_of_header(&self, line: usize) -> usize {
        if !is_block_header(self.text(line)) {
            return line + 1;
        }
        // How deep the key of the header is meant to be cannot be said of a line with a tab.
        let keys = (0..=line).rev().filter(|line| !self.is_blank(*line));
        let mut keys = keys.filter_map(|line| self.key_column(line));
        let Some(column) = keys.next() else { return line + 1 };
        let first = (line + 1..self.lines.len()).find(|next| !self.is_blank(*next));
        let depth = first.map_or(0, |first| self.column(first));
        if depth <= column {
            return line + 1;
        }
        let is_text = |next: &usize| self.is_blank(*next) || self.column(*next) >= depth;
        let after = (line + 1..self.lines.len()).take_while(is_text);
        after.filter(|next| !self.is_blank(*next)).last().map_or(line + 1, |last| last + 1)
    }

    /// The column of the key of a line, also after a dash.
    fn key_column(&self, line: usize) -> Option<usize> {
        let text = self.text(line);
        let words = text.trim_start_matches(' ');
        let words = words.strip_prefix("- ").map_or(words, |item| item.trim_start_matches(' '));
        (key_length(words) > 0).then(|| text.len() - words.len())
    }

    /// The value of the block in which a line with this indentation stands; lines count from 1.
    fn block_around(&self, line: usize, column: usize) -> Option<Lost> {
        let is_around = |line: &usize| !self.is_blank(*line) && self.column(*line) < column;
        let header = (0..line.saturating_sub(1)).rev().find(is_around)?;
        let words = self.text(header).trim_end().trim_end_matches(['+', '-']);
        (words.ends_with(" |") || words.ends_with(" >")).then(|| self.part(header))
    }

    /// Whole lines.
    fn whole(&self, line: usize, end: usize, column: usize) -> Lost {
        Lost { start: self.start(line), end: self.start(end), column, is_value: false }
    }

    /// The first line of an item that has more lines: the words after its dash.
    fn first_of_item(&self, line: usize) -> Option<Lost> {
        let next = (line + 1..self.lines.len()).find(|next| !self.is_blank(*next))?;
        if !self.is_item(line) || self.column(next) <= self.column(line) {
            return None;
        }
        let text = self.text(line);
        let dash = text.len() - text.trim_start_matches(' ').len();
        let start = self.start(line) + dash + 1;
        let end = self.start(line) + text.trim_end().len();
        Some(Lost { start, end, column: dash + 2, is_value: false }).filter(|_| start < end)
    }
}

/// The length of the key with which the words of a line begin; 0 without one.
fn key_length(words: &str) -> usize {
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let key = words.len() - words.trim_start_matches(is_key).len();
    let after = words.get(key..).unwrap_or_default();
    if after.starts_with(": ") || after.trim_end() == ":" { key } else { 0 }
}

/// Whether the text of a line stands in the lines after it.
fn is_block_header(line: &str) -> bool {
    let is_sign = |c: char| matches!(c, '+' | '-') || c.is_ascii_digit();
    let words = line.trim_end().trim_end_matches(is_sign);
    words.ends_with(" |") || words.ends_with(" >")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::knowledge::diagnostics::source::{Place, SourceFile};

    fn file(text: &str) -> SourceFile {
        SourceFile { path: "knowledge/a.yaml".to_owned(), bytes: text.into() }
    }

    /// What [`TextLine`] says of a line, by its own words: from the line back to the one that counts.
    fn by_hand(texts: &[&str], line: usize) -> (bool, usize) {
        let is_blank = |line: usize| {
            let words = texts[line].trim();
            words.is_empty() || words.starts_with('#')
        };
        let is_odd = |line: usize| {
            texts[line].trim_start_matches(' ').starts_with(|c: char| c.is_whitespace())
        };
        let plain = (0..=line).rev().find(|line| !is_blank(*line) && !is_odd(*line));
        let text = texts[plain.unwrap_or(line)];
        (is_blank(line), text.len() - text.trim_start_matches(' ').len())
    }

    proptest! {
        #[test]
        fn lines_are_known_by_the_lines_before(
            texts in prop::collection::vec("( {0,3}(|\t|　)(|#|-|- 甲|乙: 丙|# 丁)){1}", 1..12),
        ) {
            let text = texts.join("\n");
            let (file, texts) = (file(&text), text.split_inclusive('\n').collect::<Vec<_>>());
            let lines = Lines::of(&text, &Source::decode(&file));
            for line in 0..texts.len() {
                prop_assert_eq!((lines.is_blank(line), lines.column(line)), by_hand(&texts, line));
            }
        }
    }

    /// What is looked at grows with the lines, not with their square.
    #[test]
    fn a_tail_of_comments_is_passed_over_once_a_part() {
        const COMMENTS: usize = 2_000;
        let text = format!("a:\n  b: [甲\n{}", "# 乙\n".repeat(COMMENTS));
        let file = file(&text);
        let source = Source::decode(&file);
        let stop = parse::attempt(0, &source, &[]).outcome.unwrap_err();
        let lines = Lines::of(&text, &source);
        let at = Stop { at: Place { start: text.len(), end: text.len(), ..stop.at }, ..stop };
        let levels = parts_in(&lines, &at, &source);
        assert!(levels.len() > 1);
        let asked = lines.asked.get();
        assert!((COMMENTS..20 * COMMENTS).contains(&asked), "{asked}");
    }
}
