//! What earlier messages tell about a text: kinds, never values.

/// What the messages before a text tell about it: labels that are open, numbers that go on.
///
/// It is a fold over stored texts, which are masked. It holds kinds and counts, never values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaskContext {}

impl MaskContext {
    /// The context after the next message of the customer, as it is stored.
    pub fn customer_said(&mut self, _masked: &str) {}

    /// The context after a message of an agent, as it is stored.
    pub fn agent_said(&mut self, _masked: &str) {}
}
