//! An input on its way to a conversation, with what its caller knows.

use std::fmt;

use crate::dialogue::Input;
use crate::knowledge::Facts;

/// An input on its way to a conversation, with what its caller knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// What happens.
    pub input: Input,
    /// What is known of the customer.
    pub facts: Facts,
    /// How the customer wants to be reached, given with consent and a left message; kept as it
    /// is, apart from the transcript.
    pub contact: Option<String>,
}

impl From<Input> for Command {
    fn from(input: Input) -> Self {
        Self { input, facts: Facts::default(), contact: None }
    }
}

/// Tells the input, whose texts are hidden, and not the contact.
impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.input.fmt(f)
    }
}
