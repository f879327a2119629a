//! The keys, choices and limits of entries.

use std::{ops::RangeInclusive, sync::LazyLock};

use crate::knowledge::model::entry::{EntryHandoff, Status};

/// Lengths in characters.
pub(crate) const QUESTION_CHARS: RangeInclusive<usize> = 2..=60;
pub(super) const ANSWER_CHARS: RangeInclusive<usize> = 1..=1000;
/// Lines of an answer that a phone shows at once beside a keyboard.
pub(super) const ANSWER_LINES_MAX: usize = 6;
pub(super) const SOURCE_CHARS: RangeInclusive<usize> = 2..=500;
pub(super) const TAG_CHARS: RangeInclusive<usize> = 1..=20;
pub(super) const WITHOUT_FIGURE_CHARS: RangeInclusive<usize> = 2..=400;
/// Most buttons under an answer: more do not fit on a phone.
pub(super) const FOLLOW_UPS_MAX: usize = 4;

pub(super) const HANDOFFS: [(&str, EntryHandoff); 3] =
    [("none", EntryHandoff::None), ("offer", EntryHandoff::Offer), ("force", EntryHandoff::Force)];
pub(super) const STATUSES: [(&str, Status); 3] =
    [("draft", Status::Draft), ("live", Status::Live), ("retired", Status::Retired)];

pub(super) const FILE_KEYS: &[&str] = &["version", "defaults", "entries"];
pub(super) const DEFAULT_KEYS: &[&str] = &["category", "class", "checked", "review_due"];
pub(super) const ENTRY_KEYS: &[&str] = &[
    "id",
    "category",
    "question",
    "similar",
    "not",
    "match",
    "patterns",
    "when",
    "answer",
    "steps",
    "without_figure",
    "follow_ups",
    "handoff",
    "valid",
    "status",
    "tags",
    "compliance",
];
pub(super) const COMPLIANCE_KEYS: &[&str] = &["class", "source", "checked", "review_due"];
pub(super) const VALID_KEYS: &[&str] = &["from", "until"];

/// The keys of an entry and of the maps in it, in the order in which they are written.
pub(crate) fn key_order() -> &'static [&'static str] {
    static ORDER: LazyLock<Vec<&str>> =
        LazyLock::new(|| [ENTRY_KEYS, VALID_KEYS, COMPLIANCE_KEYS].concat());
    &ORDER
}
