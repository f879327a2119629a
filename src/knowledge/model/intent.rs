//! What a customer wants beside answers.

use regex::Regex;

use super::id::{EntryId, IntentId};

/// What a customer wants when it is not a question of the knowledge base.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Its stable name.
    pub id: IntentId,
    /// Larger goes first. From [`Intent::SAFETY_PRIORITY`] on, its patterns decide before
    /// any ranking.
    pub priority: u8,
    /// Utterances that show it; they compete with the entries' questions in one ranking.
    pub examples: Vec<String>,
    /// Matched against the normalised utterance; linear time.
    pub patterns: Vec<Regex>,
    /// What follows.
    pub action: IntentAction,
}

impl Intent {
    /// From this priority on, an intent's patterns are looked at before anything is ranked.
    pub const SAFETY_PRIORITY: u8 = 50;
}

/// What an intent leads to.
#[derive(Clone, Debug)]
pub enum IntentAction {
    /// Say this; variables are filled in.
    Reply {
        /// The reviewed text, in the safe Markdown subset.
        text: String,
        /// Whether it carries a button to reach a human.
        offer_human: bool,
    },
    /// Answer with an entry.
    Answer {
        /// Which.
        entry: EntryId,
    },
    /// Say this, then go to the queue.
    Handoff {
        /// The reviewed text that comes first, whatever comes of it; may be empty.
        text: String,
        /// What is said of what came of it.
        texts: HandoffTexts,
        /// 0 to 9, larger is served first.
        priority: u8,
    },
}

/// What is said of how a handoff came out. One that is missing is said in the policy's words.
/// Plain texts: they are shown without Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandoffTexts {
    /// The customer waits for an agent now; else the policy's `queued`.
    pub queued: Option<String>,
    /// It is within the agents' hours, but none is ready; else the policy's `no_agent`.
    pub nobody: Option<String>,
    /// It is outside of the agents' hours; else the policy's `off_hours`. May hold
    /// `{{next_opening}}`, which the dialogue fills in.
    pub closed: Option<String>,
}
