//! Messages that customers left.

use jiff::Timestamp;

use crate::journal::ConversationId;

/// A message that no agent has taken up. It stays until an agent joins the conversation,
/// also when the customer writes to the bot again or the episode closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenMessage {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Its epoch, for accepting.
    pub epoch: u64,
    /// Since when somebody waits for an answer: the first message's time.
    pub since: Timestamp,
    /// The last message, masked.
    pub text: String,
}
