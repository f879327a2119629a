//! Scores candidate questions by their features, and ranks their entries and intents.

pub(super) mod bank;
pub(super) mod features;
pub(super) mod obstacle;
pub(super) mod plainness;
pub(super) mod ranking;
pub(super) mod second_look;
pub(super) mod weights;
