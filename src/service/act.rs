//! What people and the desk ask of a conversation.

use crate::compliance::Masked;
use crate::dialogue::{Input, LONG_TEXT_TIMES, Refusal};
use crate::journal::{AgentId, ClientIdHash};
use crate::knowledge::{EntryId, Facts, Policy};
use crate::matching::Outcome;

/// An input to a conversation, as it came in: texts are not masked yet.
#[derive(Clone, PartialEq, Eq)]
pub enum Act {
    /// The customer says something, or presses a choice.
    Say {
        /// The client's own id.
        client_id: ClientIdHash,
        /// What was typed, or the choice's label.
        text: String,
        /// The entry of the pressed choice.
        choice: Option<EntryId>,
        /// What is known of the customer.
        facts: Facts,
    },
    /// The customer presses the button for a human.
    AskHuman {
        /// The client's own id.
        client_id: ClientIdHash,
    },
    /// The customer leaves the queue.
    LeaveQueue,
    /// The customer leaves a message.
    LeaveMessage {
        /// The client's own id.
        client_id: ClientIdHash,
        /// What was typed.
        text: String,
        /// How to be reached, given with consent; kept as it is, apart from the transcript.
        contact: Option<String>,
    },
    /// The customer rates the episode.
    Rate {
        /// The client's own id.
        client_id: ClientIdHash,
        /// 1 to 5.
        stars: u8,
        /// May be empty.
        comment: String,
    },
    /// The customer ends the episode.
    End,
    /// The desk offers the conversation to an agent.
    Offer {
        /// To whom.
        agent: AgentId,
        /// As the desk knows it.
        epoch: u64,
    },
    /// An agent takes it.
    Accept {
        /// Who.
        agent: AgentId,
        /// As the agent last saw it.
        epoch: u64,
    },
    /// An agent lets the offer pass.
    Decline {
        /// Who.
        agent: AgentId,
    },
    /// An agent says something.
    AgentSay {
        /// Who.
        agent: AgentId,
        /// As the agent last saw it.
        epoch: u64,
        /// The agent client's own id.
        client_id: ClientIdHash,
        /// What was typed.
        text: String,
    },
    /// An agent gives it back to the bot.
    ReturnToBot {
        /// Who.
        agent: AgentId,
        /// As the agent last saw it.
        epoch: u64,
    },
    /// An agent ends the episode.
    AgentClose {
        /// Who.
        agent: AgentId,
        /// As the agent last saw it.
        epoch: u64,
    },
    /// The agent's lease has run out.
    AgentLost {
        /// Who.
        agent: AgentId,
    },
    /// The agent is back.
    AgentBack {
        /// Who.
        agent: AgentId,
    },
    /// Whether anybody is ready to take the customer has changed.
    Staffing {
        /// Whether anybody is.
        is_staffed: bool,
    },
}

/// Names the act and not what was said in it.
impl std::fmt::Debug for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Say { .. } => "Say",
            Self::AskHuman { .. } => "AskHuman",
            Self::LeaveQueue => "LeaveQueue",
            Self::LeaveMessage { .. } => "LeaveMessage",
            Self::Rate { .. } => "Rate",
            Self::End => "End",
            Self::Offer { .. } => "Offer",
            Self::Accept { .. } => "Accept",
            Self::Decline { .. } => "Decline",
            Self::AgentSay { .. } => "AgentSay",
            Self::ReturnToBot { .. } => "ReturnToBot",
            Self::AgentClose { .. } => "AgentClose",
            Self::AgentLost { .. } => "AgentLost",
            Self::AgentBack { .. } => "AgentBack",
            Self::Staffing { .. } => "Staffing",
        })
    }
}

impl Act {
    /// What somebody typed, which is to be masked.
    pub(crate) fn typed(&self) -> Option<&str> {
        match self {
            Self::Say { text, .. }
            | Self::LeaveMessage { text, .. }
            | Self::AgentSay { text, .. } => Some(text),
            Self::Rate { comment, .. } => Some(comment),
            Self::AskHuman { .. }
            | Self::LeaveQueue
            | Self::End
            | Self::Offer { .. }
            | Self::Accept { .. }
            | Self::Decline { .. }
            | Self::ReturnToBot { .. }
            | Self::AgentClose { .. }
            | Self::AgentLost { .. }
            | Self::AgentBack { .. }
            | Self::Staffing { .. } => None,
        }
    }

    /// What is known of the customer, as far as it matters to what is done.
    pub(crate) fn facts(&self) -> Facts {
        if let Self::Say { facts, .. } = self { facts.clone() } else { Facts::default() }
    }

    /// How the customer wants to be reached.
    pub(crate) fn contact(&self) -> Option<String> {
        if let Self::LeaveMessage { contact, .. } = self { contact.clone() } else { None }
    }

    /// Refuses a text that is longer than a person types, before anything reads it. What the
    /// dialogue checks is the masked text, which may be longer.
    pub(crate) fn check_length(&self, policy: &Policy) -> Result<(), Refusal> {
        let utterance = usize::from(policy.utterance_max_chars);
        let max = match self {
            Self::LeaveMessage { .. } | Self::AgentSay { .. } => utterance * LONG_TEXT_TIMES,
            Self::Say { .. }
            | Self::Rate { .. }
            | Self::AskHuman { .. }
            | Self::LeaveQueue
            | Self::End
            | Self::Offer { .. }
            | Self::Accept { .. }
            | Self::Decline { .. }
            | Self::ReturnToBot { .. }
            | Self::AgentClose { .. }
            | Self::AgentLost { .. }
            | Self::AgentBack { .. }
            | Self::Staffing { .. } => utterance,
        };
        let is_longer = self.typed().is_some_and(|text| text.chars().nth(max).is_some());
        if is_longer { Err(Refusal::TooLong) } else { Ok(()) }
    }

    /// The agent who does it.
    pub(crate) fn agent(&self) -> Option<AgentId> {
        match self {
            Self::Offer { agent, .. }
            | Self::Accept { agent, .. }
            | Self::Decline { agent }
            | Self::AgentSay { agent, .. }
            | Self::ReturnToBot { agent, .. }
            | Self::AgentClose { agent, .. }
            | Self::AgentLost { agent }
            | Self::AgentBack { agent } => Some(*agent),
            Self::Say { .. }
            | Self::AskHuman { .. }
            | Self::LeaveQueue
            | Self::LeaveMessage { .. }
            | Self::Rate { .. }
            | Self::End
            | Self::Staffing { .. } => None,
        }
    }

    /// As the dialogue takes it: `masked` is what [`Act::typed`] became.
    pub(crate) fn into_input(self, masked: Masked, outcome: Option<&Outcome>) -> Input<'_> {
        let secret = masked.has_secret();
        match self {
            Self::Say { client_id, choice, .. } => {
                Input::Says { client_id, text: masked.text, secret, choice, outcome }
            }
            Self::AskHuman { client_id } => Input::AsksHuman { client_id },
            Self::LeaveQueue => Input::LeavesQueue,
            Self::LeaveMessage { client_id, contact, .. } => Input::LeavesMessage {
                client_id,
                text: masked.text,
                has_contact: contact.is_some(),
            },
            Self::Rate { client_id, stars, .. } => {
                Input::Rates { client_id, stars, comment: masked.text }
            }
            Self::End => Input::Ends,
            Self::Offer { agent, epoch } => Input::Offer { agent, epoch },
            Self::Accept { agent, epoch } => Input::Accept { agent, epoch },
            Self::Decline { agent } => Input::Decline { agent },
            Self::AgentSay { agent, epoch, client_id, .. } => {
                Input::AgentSays { agent, epoch, client_id, text: masked.text }
            }
            Self::ReturnToBot { agent, epoch } => Input::ReturnToBot { agent, epoch },
            Self::AgentClose { agent, epoch } => Input::AgentCloses { agent, epoch },
            Self::AgentLost { agent } => Input::AgentLost { agent },
            Self::AgentBack { agent } => Input::AgentBack { agent },
            Self::Staffing { is_staffed } => Input::Staffing { is_staffed },
        }
    }
}
