//! A command: an input on its way to a conversation.

use std::fmt;

use crate::compliance::ContactText;
use crate::dialogue::Input;
use crate::knowledge::Facts;

/// An input on its way to a conversation, with the facts that its caller knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// The input.
    pub input: Input,
    /// What the host told about the customer.
    pub facts: Facts,
    /// The contact details that the customer left with a message and with consent. They are stored
    /// unmasked, apart from the transcript.
    pub contact: Option<ContactText>,
}

impl From<Input> for Command {
    fn from(input: Input) -> Self {
        Self { input, facts: Facts::default(), contact: None }
    }
}

/// Shows the input, whose texts are hidden, without the contact.
impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.input.fmt(f)
    }
}
