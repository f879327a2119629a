//! Entries and intents that are found by patterns and not by likeness.

pub(super) mod entries;
pub(super) mod intents;
