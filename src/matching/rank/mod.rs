//! From features of one question to a score, and from questions to entries and intents.

pub(super) mod bank;
pub(super) mod features;
pub(super) mod ranking;
pub(super) mod weights;
