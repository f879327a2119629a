//! Which side must speak next while an agent has a conversation.

use jiff::Timestamp;

use super::later::later;
use crate::journal::{AgentEvent, CustomerEvent, DeskEvent, Event, Record};
use crate::knowledge::Policy;

/// Reminders of one waiting customer. More would be noise: the row stays marked in the console.
const REMINDERS: u8 = 2;

/// Which side must speak next: a fold over the records. It has a meaning only while an agent has
/// the conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Awaited {
    /// The agent spoke last.
    #[default]
    Customer,
    /// The customer spoke last, or the agent has not spoken since joining.
    Agent {
        /// When the customer's first unanswered message came, or the agent joined.
        since: Timestamp,
        /// The number of reminders so far, and when the last one came.
        reminded: Option<(u8, Timestamp)>,
    },
}

impl Awaited {
    pub(super) fn note(&mut self, record: &Record) {
        let asked = Self::Agent { since: record.at, reminded: None };
        match (&record.event, &mut *self) {
            (Event::Agent(AgentEvent::Joined { .. }), _)
            | (Event::Customer(CustomerEvent::Said { .. }), Self::Customer) => {
                *self = asked;
            }
            (Event::Agent(AgentEvent::Said { .. }), _) => *self = Self::Customer,
            (Event::Desk(DeskEvent::AgentReminded { .. }), Self::Agent { reminded, .. }) => {
                let times = reminded.map_or(0, |(times, _)| times);
                *reminded = Some((times.saturating_add(1), record.at));
            }
            (Event::Customer(_) | Event::Bot(_) | Event::Desk(_) | Event::Episode(_), _) => {}
        }
    }

    /// Since when the customer waits for the agent's answer.
    pub(super) fn since(&self) -> Option<Timestamp> {
        match self {
            Self::Customer => None,
            Self::Agent { since, .. } => Some(*since),
        }
    }

    /// When the next reminder is due. A first reminder that came late, as after a restart, does not
    /// bring the second one forward.
    pub(super) fn deadline(&self, policy: &Policy) -> Option<Timestamp> {
        let pause_s = policy.agent_remind_s;
        match *self {
            Self::Customer | Self::Agent { reminded: Some((REMINDERS.., _)), .. } => None,
            Self::Agent { since, reminded: None } => Some(later(since, pause_s)),
            Self::Agent { since, reminded: Some((times, last)) } => {
                let times = u32::from(times).saturating_add(1);
                Some(later(since, pause_s.saturating_mul(times)).max(later(last, pause_s)))
            }
        }
    }
}
