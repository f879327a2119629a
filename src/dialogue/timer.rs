//! The timers of a conversation.

/// The timers of a conversation. [`State::timer`](super::State::timer) tells which one is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// The customer is silent, and is warned.
    IdleWarning,
    /// The customer stayed silent after the warning, and the episode ends.
    IdleClose,
    /// The customer has waited in the queue for as long as the policy allows, and is asked to leave
    /// a message.
    QueueWait,
    /// The offer was not answered. The conversation is offered to the next agent.
    Offer,
    /// The lost agent did not come back in time. The customer is queued again.
    Grace,
    /// The customer waits for the agent's answer. The agent is reminded.
    Reminder,
    /// The customer left a message and is gone. The episode closes.
    MessageClose,
    /// No rating came in time. The episode closes.
    Rating,
}
