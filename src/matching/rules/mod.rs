//! Entries and intents that are found by patterns and not by similarity.

pub(super) mod entries;
pub(super) mod intents;
