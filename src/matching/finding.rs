//! What the guard found, and why.

use std::{fmt, sync::Arc};

use crate::knowledge::{GuardKind, IntentId};

/// A danger or a request to be refused that the guard found in an utterance.
#[derive(Clone, Debug, PartialEq)]
pub struct GuardFinding {
    /// The kind of danger or request.
    pub kind: GuardKind,
    /// The intent that is acted on.
    pub intent: IntentId,
    /// The rule, the weights or the example that found it.
    pub basis: GuardBasis,
}

/// Why the guard found something.
#[derive(Clone, Debug, PartialEq)]
pub enum GuardBasis {
    /// A rule of `guard.yaml`.
    Rule {
        /// The rule as written.
        rule: Arc<str>,
        /// The name of each concept and the words of the utterance that mean it, in the order of
        /// the rule.
        parts: Vec<(String, String)>,
    },
    /// The utterance is likely of the kind, by the weights that ship.
    Likely {
        /// How likely it is of any kind, 0 to 1.
        likelihood: f32,
        /// The characters and pairs that speak most for the kind, each with its log-odds.
        reasons: Vec<(String, f32)>,
    },
    /// The utterance is similar to an example of the intent.
    Example {
        /// The example as written.
        example: String,
        /// The cosine of the embeddings, up to 1.
        cosine: f32,
    },
}

impl fmt::Display for GuardFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}（{}）→ {}；{}", self.kind, self.kind.title(), self.intent, self.basis)
    }
}

impl fmt::Display for GuardBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule { rule, parts } => {
                let parts = parts.iter().map(|(concept, words)| format!("{concept}=“{words}”"));
                write!(f, "规则“{rule}”：{}", parts.collect::<Vec<_>>().join("，"))
            }
            Self::Likely { likelihood, reasons } => {
                let reasons = reasons.iter().map(|(ngram, odds)| format!("“{ngram}”{odds:+.1}"));
                let reasons = reasons.collect::<Vec<_>>().join("，");
                write!(f, "像这一种的话（{:.0}‰）：{reasons}", likelihood * 1_000.0)
            }
            Self::Example { example, cosine } => {
                write!(f, "像例句“{example}”（{:.0}‰）", cosine * 1_000.0)
            }
        }
    }
}
