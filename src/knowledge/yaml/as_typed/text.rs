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
