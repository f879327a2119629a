//! All checks of one text, the gravest first.

use super::{letters, lines, marks, swallowed};
use crate::knowledge::{
    diagnostics::{
        report::Report,
        source::{Place, Source},
    },
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
pub(super) struct Typed<'a, 's> {
    pub(super) key: &'a str,
    pub(super) scalar: &'a Scalar,
    pub(super) place: Place,
    pub(super) source: &'a Source<'s>,
    /// The text with its quotation marks and line breaks.
    pub(super) raw: &'s str,
}

impl Typed<'_, '_> {
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

/// Reports where a text says something else than was typed. False when it certainly does: then
/// nothing else is worth saying of it.
pub(crate) fn says_what_was_typed(
    scalar: &Scalar,
    place: Place,
    key: &str,
    text_use: TextUse,
    report: &mut Report<'_>,
) -> bool {
    let Some(source) = report.source(place.file) else { return true };
    let typed = Typed { key, scalar, place, source, raw: source.slice(place) };
    if swallowed::lines(&typed, report)
        || letters::are_garbled(&typed, report)
        || letters::are_changed_by_escapes(&typed, report)
        || letters::are_hidden(&typed, report)
        || marks::cut_number(&typed, report)
    {
        return false;
    }
    lines::cut(&typed, report);
    lines::dropped_after_block(&typed, report);
    lines::folded(&typed, report);
    letters::without_shape(&typed, report);
    if text_use != TextUse::Pattern {
        letters::escapes_without_effect(&typed, report);
    }
    if text_use == TextUse::Prose {
        marks::without_effect(&typed, report);
    }
    true
}
