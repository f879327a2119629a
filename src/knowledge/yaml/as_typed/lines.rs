//! Line breaks that become spaces, and words that are taken for a comment.

use std::sync::LazyLock;

use regex::Regex;

use super::text::YamlText;
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Place, Source},
    },
    yaml::tree::{Flow, Notation},
};

/// Characters of a text that a message quotes.
const QUOTED_CHARS: usize = 20;

/// A line of a raw text that is read as part of the line before it.
pub(super) struct FoldedLine<'t> {
    /// The byte of the raw text at which its words begin.
    pub(super) at: usize,
    pub(super) words: &'t str,
    /// The last character of the line before.
    before: Option<char>,
}

/// The lines of a text whose line break is not read as one.
pub(super) fn folded_lines<'t>(typed: &YamlText<'_, 't>) -> Vec<FoldedLine<'t>> {
    let mut folded = Vec::new();
    if typed.scalar.notation == Notation::Literal || !typed.raw.contains(['\n', '\r']) {
        return folded;
    }
    let is_block = typed.scalar.notation == Notation::Folded;
    let indent = indent_of(typed);
    let mut before: Option<&str> = None;
    let mut at = 0;
    for line in typed.raw.split_inclusive(['\n', '\r']) {
        let words = line.trim();
        let is_end_of_line_end =
            line == "\n" && typed.raw.get(..at).is_some_and(|r| r.ends_with('\r'));
        let depth = line.len() - line.trim_start_matches(' ').len();
        // The first line of a block is at its indentation; the others are as deep as their spaces.
        let is_deeper = is_block && at > 0 && depth > indent;
        if is_end_of_line_end {
            at += line.len();
            continue;
        }
        if let Some(before) = before.filter(|_| !words.is_empty() && !is_deeper) {
            let at = at + (line.len() - line.trim_start().len());
            folded.push(FoldedLine { at, words, before: before.chars().next_back() });
        }
        let is_continued = typed.scalar.notation == Notation::DoubleQuoted && ends_escaped(words);
        before = (!words.is_empty() && !is_deeper && !is_continued).then_some(words);
        at += line.len();
    }
    folded
}

/// Whether a line of a double-quoted text ends with a backslash, which continues it.
fn ends_escaped(line: &str) -> bool {
    (line.len() - line.trim_end_matches('\\').len()) % 2 == 1
}

/// The column, from 0, at which a text begins.
fn indent_of(typed: &YamlText<'_, '_>) -> usize {
    indent_at(typed.source, typed.place)
}

/// The column, from 0, at which a place begins.
pub(super) fn indent_at(source: &Source<'_>, place: Place) -> usize {
    let before = source.text.get(..place.start).unwrap_or_default();
    before.len() - before.rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

/// Reports a line break that is read as a space. Between Latin words that is what people mean.
pub(super) fn folded(typed: &YamlText<'_, '_>, report: &mut Report<'_>) {
    let lines = folded_lines(typed);
    let changes = |line: &&FoldedLine<'_>| {
        let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii());
        !(is_latin(line.before) && is_latin(line.words.chars().next()))
    };
    let Some(first) = lines.iter().find(changes) else { return };
    report.add(
        Code::FoldedLine,
        typed.part(first.at, first.words.len()),
        format!("“{}”的换行会读成空格", typed.key),
        "只有“|”后面的多行文字保留换行；其他写法里，下一行接在上一行后面，中间是一个空格",
        "要换行：冒号后面写 |，文字从下一行写起；不要换行：写在一行里，或在双引号里、行尾加 \\",
    );
}

/// Reports words after ` #`, which are a comment.
pub(super) fn cut(typed: &YamlText<'_, '_>, report: &mut Report<'_>) {
    if typed.is_name() {
        return;
    }
    let is_block = matches!(typed.scalar.notation, Notation::Literal | Notation::Folded);
    let found = if is_block { comment_of_header(typed) } else { comment_of_line(typed) };
    if let Some((place, words)) = found {
        report_cut(typed.key, place, words, report);
    }
}

/// The comment after a text, or after the comma that follows it between brackets.
fn comment_of_line<'t>(typed: &'t YamlText<'_, '_>) -> Option<(Place, &'t str)> {
    let after = typed.after();
    let rest = after.trim_start_matches(' ').strip_prefix(',');
    match rest.filter(|_| typed.scalar.flow != Flow::Outside) {
        Some(rest) => {
            let end = typed.place.end + (after.len() - rest.len());
            comment_after(Place { end, ..typed.place }, rest, false)
        }
        None => comment_after(typed.place, after, typed.is_plain()),
    }
}

/// The comment on the line with the sign of a block.
fn comment_of_header<'t>(typed: &'t YamlText<'_, '_>) -> Option<(Place, &'t str)> {
    static SIGN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("[|>][-+0-9]{0,2}[ \t]").expect("a valid pattern"));
    let before = typed.source.text.get(..typed.place.start)?.trim_end();
    let start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let end = start + SIGN.find(before.get(start..)?)?.end() - 1;
    comment_after(Place { end, ..typed.place }, before.get(end..)?, false)
}

/// The comment that begins right after a place, unless it can only be meant as one: with a blank
/// after its sign, and two spaces away or not after `plain` words.
fn comment_after(place: Place, after: &str, plain: bool) -> Option<(Place, &str)> {
    let words = after.trim_start_matches([' ', '\t']);
    let gap = after.len() - words.len();
    // A list on one line has many texts: the end of the line is sought for a comment alone.
    if gap == 0 || !words.starts_with('#') {
        return None;
    }
    let words = to_line_end(words);
    let inside = words.strip_prefix('#').unwrap_or(words);
    let is_spaced = inside.is_empty() || inside.starts_with(char::is_whitespace);
    if is_spaced && (gap >= 2 || !plain) {
        return None;
    }
    let start = place.end + gap;
    Some((Place { start, end: start + words.trim_end().len(), ..place }, words.trim_end()))
}

fn to_line_end(text: &str) -> &str {
    #[cfg(test)]
    tests::LINE_ENDS_SOUGHT.with(|sought| sought.set(sought.get() + 1));
    text.split(['\n', '\r']).next().unwrap_or_default()
}

fn report_cut(key: &str, place: Place, words: &str, report: &mut Report<'_>) {
    let mut shown: String = words.chars().take(QUOTED_CHARS).collect();
    if shown.len() < words.len() {
        shown.push('…');
    }
    report.add(
        Code::CutText,
        place,
        format!("“{key}”里的“{shown}”被当成了注释"),
        "空格后面的 # 是注释的开头，从这里到行尾都不会读进去",
        "是文字：用英文引号把整句括起来；是注释：# 前面空两格、后面空一格，或单独写一行",
    );
}

/// Reports the line after a block that ends it because it begins with `#` and is not indented
/// enough.
pub(super) fn dropped_after_block(typed: &YamlText<'_, '_>, report: &mut Report<'_>) {
    if !matches!(typed.scalar.notation, Notation::Literal | Notation::Folded) {
        return;
    }
    let indent = indent_of(typed);
    let outer = header_indent(typed);
    let mut at = typed.place.end;
    for line in typed.after().split_inclusive('\n') {
        let words = line.trim();
        let depth = line.len() - line.trim_start_matches(' ').len();
        if words.starts_with('#') && depth > outer && depth < indent {
            let start = at + depth;
            let place = Place { start, end: start + words.len(), ..typed.place };
            return report_cut(typed.key, place, words, report);
        }
        if !words.is_empty() {
            return;
        }
        at += line.len();
    }
}

/// The column of the key or dash before a block.
fn header_indent(typed: &YamlText<'_, '_>) -> usize {
    let before = typed.source.text.get(..typed.place.start).unwrap_or_default();
    let header = before.lines().rev().find(|line| line.contains(['|', '>']));
    header.map_or(0, |line| line.len() - line.trim_start_matches([' ', '-']).len())
}

/// The reason and the mend where a value is empty because its words are a comment.
pub(in crate::knowledge::yaml) fn comment_instead(
    line: &str,
) -> Option<(&'static str, &'static str)> {
    let is_cut = line.match_indices('#').any(|(at, _)| {
        line.get(..at)
            .is_some_and(|before| before.ends_with([' ', '\t']) && !before.trim().is_empty())
    });
    is_cut.then_some((
        "空格后面的 # 是注释的开头，从这里到行尾都不会读进去",
        "是文字：用英文引号把整句括起来；是注释：写上内容，或删掉这一行",
    ))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// How often the end of a line was sought.
        pub(super) static LINE_ENDS_SOUGHT: Cell<usize> = const { Cell::new(0) };
    }

    /// A list on one line is read in one pass, not once for each of its texts.
    #[test]
    fn the_end_of_a_line_is_sought_for_a_comment_alone() {
        let cases = [
            // (what it shows, text after a value, the comment, times that the end is sought)
            ("the next text of a list", ", 乙, 丙]\n", None, 0),
            ("a space", "  , 乙]\n", None, 0),
            ("a sign that is no comment", "#乙\n", None, 0),
            ("a comment", " #乙 \n丙", Some("#乙"), 1),
            ("one that is meant as such", "  # 乙\n", None, 1),
            ("a number", "  #1\r\n", Some("#1"), 1),
        ];
        for (shows, after, comment, times) in cases {
            LINE_ENDS_SOUGHT.set(0);
            let found = comment_after(Place { file: 0, start: 0, end: 3 }, after, true);
            assert_eq!(found.map(|(_, words)| words), comment, "{shows}");
            assert_eq!(LINE_ENDS_SOUGHT.get(), times, "{shows}");
        }
    }
}
