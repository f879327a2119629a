//! Intents: wishes of a customer that are not questions of the knowledge base.

use regex::Regex;

use super::id::{EntryId, IntentId};

/// A wish of a customer that is not a question of the knowledge base, such as to reach an agent.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Its stable name.
    pub id: IntentId,
    /// 0 to 99; larger goes first. From [`Intent::SAFETY_PRIORITY`] on, its patterns decide before
    /// any ranking.
    pub priority: u8,
    /// Example utterances. They compete with the questions of entries in one ranking.
    pub examples: Vec<String>,
    /// Patterns for the normalised utterance; matching takes linear time.
    pub patterns: Vec<Regex>,
    /// One sentence on what to do now, without Markdown. It is said while a human has the
    /// conversation, and heads the replies while the subject stands.
    pub line: Option<String>,
    /// The action that follows.
    pub action: IntentAction,
}

impl Intent {
    /// From this priority on, the patterns of an intent are matched before anything is ranked.
    pub const SAFETY_PRIORITY: u8 = 50;
}

/// The action of an intent.
#[derive(Clone, Debug)]
pub enum IntentAction {
    /// Say a text, with its variables filled in.
    Reply {
        /// The reviewed text, in the safe Markdown subset.
        text: String,
        /// Whether it carries a button to reach an agent.
        offer_human: bool,
    },
    /// Answer with an entry.
    Answer {
        /// The entry whose answer is said.
        entry: EntryId,
    },
    /// Say a text, then put the customer into the queue.
    Handoff {
        /// The reviewed text that is said first, whatever the outcome; may be empty.
        text: String,
        /// The texts for each outcome.
        texts: HandoffTexts,
        /// 0 to 9, larger is served first.
        priority: u8,
    },
}

/// Texts for each outcome of a handoff, shown without Markdown. A missing one is replaced by a text
/// of the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandoffTexts {
    /// The customer waits in the queue now. Replaces `queued` of the policy.
    pub queued: Option<String>,
    /// It is within working hours, but no agent is ready. Replaces `no_agent` of the policy.
    pub nobody: Option<String>,
    /// It is outside of working hours. Replaces `off_hours` of the policy. May hold
    /// `{{next_opening}}`, which the dialogue fills in.
    pub closed: Option<String>,
}
