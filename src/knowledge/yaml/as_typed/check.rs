//! All checks of one text, the gravest first.

use super::{
    letters, lines, marks, swallowed,
    text::{TextUse, YamlText},
};
use crate::knowledge::{
    diagnostics::{report::Report, source::Place},
    yaml::tree::Scalar,
};

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
    let typed = YamlText { key, scalar, place, source, raw: source.slice(place) };
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
