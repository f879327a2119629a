//! The timers of a conversation.

/// What a conversation waits for by time alone. [`State::timer`](super::State::timer) tells which one is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// The customer is silent, and is warned.
    IdleWarning,
    /// The customer stayed silent after the warning, and the episode ends.
    IdleClose,
    /// The customer has waited in the queue for as long as the policy bears, and is asked to
    /// leave a message.
    QueueWait,
    /// The offer was not answered, and goes on to the next agent.
    Offer,
    /// The lost agent did not come back, and the customer is queued again.
    Grace,
    /// The customer waits for the agent's answer, and the agent is reminded.
    Reminder,
    /// The customer left a message and is gone, and the episode closes.
    MessageClose,
    /// No rating came.
    Rating,
}
