//! Writes single values: quoted only where needed.

use std::fmt::Write as _;

use crate::knowledge::Lookalike;

/// Where a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// After `key: ` or `- `, up to the end of the line.
    Block,
    /// Between brackets.
    Flow,
}

/// A text on one line, with quotation marks where it would be read as something else.
pub(super) fn text(text: &str, context: Context) -> String {
    if Lookalike::of(text).is_none() && is_plain(text, context) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A word that is no text: quoted only if it could not be read at all.
pub(super) fn word(word: &str, context: Context) -> String {
    if !word.is_empty() && is_plain(word, context) { word.to_owned() } else { quoted(word) }
}

/// The lines of a text for a `|` block; `None` when a block would not keep it exactly.
pub(super) fn block_lines(text: &str) -> Option<Vec<&str>> {
    let fits = !text.starts_with([' ', '\n'])
        && text.trim_end() == text
        && !text.is_empty()
        && !text.chars().any(|c| c != '\n' && must_escape(c));
    fits.then(|| text.split('\n').collect())
}

/// Whether a text reads as itself without quotation marks. Careful: some would, and get them
/// all the same.
fn is_plain(text: &str, context: Context) -> bool {
    const INDICATORS: &str = "-?:,[]{}#&*!|>'\"%@`=";
    let starts_well = text.chars().next().is_some_and(|first| !INDICATORS.contains(first));
    starts_well
        && text.trim() == text
        && !text.chars().any(must_escape)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && (context == Context::Block
            || !text.contains([',', '[', ']', '{', '}', ':', '#', '"', '\'']))
}

/// Whether YAML does not take a character as it is, or people would not see it.
fn must_escape(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{fffe}' | '\u{ffff}')
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // Writing into a String cannot fail.
            c if must_escape(c) => drop(write!(out, "\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
