//! Which entry or intent an utterance asks for, and how sure that is.
//!
//! One utterance goes through: normalising, the patterns of safety intents, segmenting,
//! candidates from a tantivy index in memory (`index`), features of each candidate
//! (`features`), a score and the best question of each entry (`rank`), a calibrated
//! confidence (`calibrate`, `curve`) and, from that, a band. [`Snapshot::explain`] shows
//! every one of these stages.
//!
//! Before an utterance is sent, [`Snapshot::suggest`] offers questions that begin as it does.

mod bank;
mod calibrate;
mod confidence;
mod core_text;
mod curve;
mod equals;
mod error;
mod explanation;
mod features;
mod fit;
mod fixed;
mod gathered;
mod hold_out;
mod index;
mod kinds;
mod learnt;
mod lexicon;
mod lexicons;
mod logistic;
mod matcher;
mod outcome;
mod patterns;
mod rank;
mod reader;
mod rows;
mod served;
mod signals;
mod snapshot;
mod sounds;
mod suggest;
mod synonyms;
mod table;
mod target;
mod terms;
#[cfg(test)]
mod tests;
mod threshold;
mod topic;
mod train;
mod weights;

pub use calibrate::Calibration;
pub use confidence::{Confidence, Score};
pub use error::MatchingError;
pub use explanation::{Explained, Explanation, Found};
pub use features::{FEATURES, Feature, Features};
pub use fit::{FitTask, Fitted, fit_shipped};
pub use hold_out::{HeldOut, Rival};
pub use learnt::Learnt;
pub use matcher::Matcher;
pub use outcome::{Band, Candidate, Outcome, Reason};
pub use snapshot::{Earlier, Snapshot};
pub use suggest::Suggestion;
pub use table::{StaticTable, TableError};
pub use threshold::{Basis, Threshold};
pub use train::{Confirmation, refine_table};
