//! One text, as it is written and as it is read.

use crate::knowledge::{
    diagnostics::source::{Place, Source},
    yaml::tree::{Notation, Scalar},
};

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextUse {
    /// Words that people read or say.
    Prose,
    /// A word of a list, whose signs its reader checks.
    Word,
    /// A regular expression, in which backslashes have a meaning.
    Pattern,
}

/// One text, as it is written and as it is read.
#[derive(Clone, Copy)]
pub(super) struct YamlText<'a, 's> {
    pub(super) key: &'a str,
    pub(super) scalar: &'a Scalar,
    pub(super) place: Place,
    pub(super) source: &'a Source<'s>,
    /// The text with its quotation marks and line breaks.
    pub(super) raw: &'s str,
}

impl YamlText<'_, '_> {
    pub(super) fn is_plain(&self) -> bool {
        self.scalar.notation == Notation::Plain
    }

    /// Whether it is written on one line, without quotation marks, and of nothing but common words.
    /// Such a text is read as it stands; most are, so that one look at each character is enough.
    pub(super) fn is_common(&self) -> bool {
        self.is_plain()
            && self.raw.len() == self.scalar.text.len()
            && !self.raw.starts_with(['“', '”', '‘', '’', '「', '『'])
            && self.raw.chars().all(is_common)
    }

    /// The place of a part of the raw text.
    pub(super) fn part(&self, from: usize, length: usize) -> Place {
        let start = self.place.start + from;
        Place { start, end: start + length, ..self.place }
    }

    /// The file after this text.
    pub(super) fn after(&self) -> &str {
        self.source.text.get(self.place.end..).unwrap_or_default()
    }

    /// Whether it is a name such as `payment.withdraw`, which customers do not read.
    pub(super) fn is_name(&self) -> bool {
        self.scalar.text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-:/+".contains(&b))
    }
}

/// Whether a character stands for itself wherever it is. It is not, if any check of a text looks for
/// it: signs of YAML, and what remains of words that were converted.
fn is_common(c: char) -> bool {
    match c {
        '"' | '#' | '&' | '\'' | '\\' | '＂' | '＃' | '＇' | '＞' | '｜' | '锟' | '烫' | '屯' => {
            false
        }
        ' '..='~'
        | '—'
        | '…'
        | '“'
        | '”'
        | '‘'
        | '’'
        | '\u{3000}'..='\u{30ff}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ff01}'..='\u{ff5e}' => true,
        _ => false,
    }
}
