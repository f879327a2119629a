//! Sentences with what the rules and the guard must find in them: the file of `check --measure`.

use super::{cases::Said, guard::GuardKind};
use crate::compliance::Speaker;

/// Sentences to measure the compliance rules and the guard by. They belong to no root.
#[derive(Clone, Debug, Default)]
pub struct MeasuredSentences {
    /// The groups, in the order of the file.
    pub groups: Vec<MeasuredGroup>,
    /// The limits that the figures must keep.
    pub floors: MeasureFloors,
}

/// Sentences of which the same is expected.
#[derive(Clone, Debug)]
pub struct MeasuredGroup {
    /// What must be found.
    pub expected: ExpectedFind,
    /// Whether only its counts may be shown.
    pub is_sealed: bool,
    /// The sentences.
    pub say: Vec<Said>,
}

/// What must be found in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedFind {
    /// A violation of the rule with this code.
    Rule {
        /// The code, such as `CP009`.
        code: String,
        /// Who says it.
        speaker: Speaker,
    },
    /// No violation of any rule.
    Allowed {
        /// Why it may be said.
        reason: String,
        /// Who says it.
        speaker: Speaker,
    },
    /// A danger or a request of this kind.
    Guard(GuardKind),
    /// Nothing that the guard looks for.
    Harmless(String),
}

/// Limits in thousandths; without one, a figure is shown and nothing depends on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeasureFloors {
    /// Of the sentences that break a rule, at least so many must be found.
    pub found: Option<u16>,
    /// Of the sentences that may be said, at most so many may be found.
    pub false_max: Option<u16>,
    /// Of the sentences that are harmless, at most so many may be found by the guard.
    pub harmless_max: Option<u16>,
    /// Of the sentences of a kind of the guard, at least so many must be found.
    pub guard: Vec<(GuardKind, u16)>,
}
