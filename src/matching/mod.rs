//! Finds the entry or intent that an utterance asks for, and how likely it is right.
//!
//! An utterance passes through the rooms in this order:
//!
//! 1. `terms`: its canonical text, and the words, n-grams and sounds of it;
//! 2. `spelling`: what was typed in pinyin, in Han;
//! 3. `guard`: people in danger and requests to be refused, before everything else;
//! 4. `rules`: patterns of intents and entries, which decide before any ranking;
//! 5. `index`: candidates, by tantivy's postings, by entry profiles and by embeddings;
//! 6. `rank`: the features and the score of each candidate;
//! 7. `confidence`: the calibrated confidence of the candidates, and the thresholds.
//!
//! [`Matcher`] runs these stages, and the [`Outcome`] holds the resulting [`Band`].
//! [`Snapshot::explain`] shows every stage. `suggest` completes a question while the customer
//! types. `training` runs offline only: it fits the shipped numbers and refines the embeddings.

mod confidence;
mod encoder;
mod error;
mod explanation;
mod finding;
mod guard;
mod held_out;
mod index;
mod matcher;
mod models;
mod outcome;
mod rank;
mod rules;
mod score;
#[cfg(test)]
mod second_tests;
mod snapshot;
mod spelling;
mod suggest;
mod target;
mod terms;
#[cfg(test)]
mod tests;
mod training;

pub use confidence::calibrate::{Calibration, ExpectedShares, Share};
pub use confidence::learnt::Learnt;
pub use confidence::threshold::{Basis, Threshold};
pub use encoder::{Encoder, EncoderError};
pub use error::MatchingError;
pub use explanation::{Explained, Explanation, Found};
pub use finding::{GuardBasis, GuardFinding};
pub use held_out::{HeldOut, Rival};
pub use matcher::Matcher;
pub use models::TextModels;
pub use outcome::{Band, Candidate, Outcome, Reason};
pub use rank::features::{FEATURES, Feature, Features};
pub use score::{Confidence, Score};
pub use snapshot::{Earlier, Snapshot};
pub use suggest::Suggestion;
pub use terms::embeddings::{Embeddings, EmbeddingsError};
pub use training::fit::{FitTask, Fitted, fit_shipped};
pub use training::guard::{GuardSentence, fit_guard};
pub use training::refine::{Confirmation, refine_embeddings};
pub use training::second::fit_encoder;
