//! Which entry or intent an utterance asks for, and how likely that is right.
//!
//! One utterance goes through these rooms: the patterns of intents and entries (`rules`), its
//! terms (`terms`), candidates from a tantivy index in memory (`index`), the features and the
//! score of each candidate (`rank`), and a calibrated confidence and its threshold
//! (`confidence`). The [`Outcome`] holds the band. [`Snapshot::explain`] shows every stage.
//!
//! Before an utterance is sent, [`Snapshot::suggest`] offers questions that begin with it
//! (`suggest`). What ships is fitted offline (`training`).

mod confidence;
mod error;
mod explanation;
mod held_out;
mod index;
mod matcher;
mod outcome;
mod rank;
mod rules;
mod score;
mod snapshot;
mod suggest;
mod target;
mod terms;
#[cfg(test)]
mod tests;
mod training;

pub use confidence::calibrate::Calibration;
pub use confidence::learnt::Learnt;
pub use confidence::threshold::{Basis, Threshold};
pub use error::MatchingError;
pub use explanation::{Explained, Explanation, Found};
pub use held_out::{HeldOut, Rival};
pub use matcher::Matcher;
pub use outcome::{Band, Candidate, Outcome, Reason};
pub use rank::features::{FEATURES, Feature, Features};
pub use score::{Confidence, Score};
pub use snapshot::{Earlier, Snapshot};
pub use suggest::Suggestion;
pub use terms::embeddings::{Embeddings, EmbeddingsError};
pub use training::fit::{FitTask, Fitted, fit_shipped};
pub use training::refine::{Confirmation, refine_embeddings};
