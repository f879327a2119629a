//! All checks of one text, the gravest first.

use super::{
    letters, lines,
    marks::{self, SIMILAR},
    swallowed,
    text::{TextUse, YamlText},
};
use crate::knowledge::{
    diagnostics::{report::Report, source::Place},
    yaml::tree::{Flow, Scalar},
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
    if typed.is_common() {
        if letters::are_misread(&typed, report) {
            return false;
        }
        let is_cut = marks::cut_number(&typed, report);
        if !is_cut {
            lines::cut(&typed, report);
        }
        let may_have_marks = scalar.flow == Flow::Brackets || key == SIMILAR;
        if !is_cut && text_use == TextUse::Prose && may_have_marks {
            marks::without_effect(&typed, report);
        }
        return !is_cut;
    }
    says_so_in_each_way(&typed, text_use, report)
}

/// Whether this is a part of a number that a comma cut between brackets, which is reported once.
pub(crate) fn is_of_cut_number(
    scalar: &Scalar,
    place: Place,
    key: &str,
    report: &mut Report<'_>,
) -> bool {
    let Some(source) = report.source(place.file) else { return false };
    let typed = YamlText { key, scalar, place, source, raw: source.slice(place) };
    marks::is_rest_of_number(&typed) || marks::cut_number(&typed, report)
}

/// As [`says_what_was_typed`], by every check.
fn says_so_in_each_way(
    typed: &YamlText<'_, '_>,
    text_use: TextUse,
    report: &mut Report<'_>,
) -> bool {
    if swallowed::lines(typed, report)
        || letters::are_garbled(typed, report)
        || letters::are_changed_by_escapes(typed, report)
        || letters::are_hidden(typed, report)
        || marks::cut_number(typed, report)
    {
        return false;
    }
    lines::cut(typed, report);
    lines::dropped_after_block(typed, report);
    lines::folded(typed, report);
    letters::without_shape(typed, report);
    if text_use != TextUse::Pattern {
        letters::escapes_without_effect(typed, report);
    }
    if text_use == TextUse::Prose {
        marks::without_effect(typed, report);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{
        diagnostics::source::{Source, SourceFile},
        yaml::tree::Notation,
    };

    /// The short way says of a text what the long way says.
    #[test]
    fn common_characters_are_of_no_concern_to_any_check() {
        let mut common = 0;
        for c in ' '..='\u{2ffff}' {
            // In front, inside, at the end, and three in a row.
            let text = format!("{c}看{c}{c}{c}页{c}");
            let file = SourceFile { path: String::new(), bytes: text.clone().into() };
            let sources = [Source::decode(&file)];
            let [source] = &sources;
            let place = Place { file: 0, start: 0, end: text.len() };
            let (notation, flow) = (Notation::Plain, Flow::Outside);
            let scalar = Scalar { text, looks_like: None, notation, flow };
            let typed =
                YamlText { key: "answer", scalar: &scalar, place, source, raw: source.text };
            if !typed.is_common() {
                continue;
            }
            common += 1;
            let mut report = Report::new(&sources);
            assert!(says_so_in_each_way(&typed, TextUse::Prose, &mut report), "{c:?}");
            assert!(report.into_diagnostics().is_empty(), "{c:?}");
        }
        assert!(common > 20_000);
    }
}
