//! The desk: a fold over the records of all conversations, and the agents who are signed in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::{
    agent::{AgentStatus, Seat},
    holdings::Holdings,
    lease::Leases,
    message::{Messages, OpenMessage},
    queue::{Queue, WaitingConversation},
    staffing::Staffing,
};
use crate::journal::{
    AgentEvent, AgentId, BotEvent, ConversationId, CustomerEvent, DeskEvent, EpisodeEvent, Event,
    Notice, Occasion,
};
use crate::knowledge::Policy;

/// Which customers wait, which agents are free, and which agent gets which customer next.
///
/// Queue, load and messages are a fold over records. The shell reports which agents are signed in.
/// Call [`Desk::take`] with the records that conversations commit. After each change, and at
/// [`Desk::wake_at`], send the errands of [`Desk::errands`] to the conversations. Report each
/// errand's end to [`Desk::answered`]. [`Desk::take_changes`] feeds the [`Board`](super::Board).
#[derive(Clone, Debug)]
pub struct Desk {
    pub(super) queue: Queue,
    pub(super) agents: BTreeMap<AgentId, Seat>,
    pub(super) leases: Leases,
    pub(super) holdings: Holdings,
    pub(super) messages: Messages,
    /// The last record taken of each conversation. A conversation that is folded anew sends all of
    /// its records again.
    pub(super) known: HashMap<ConversationId, u64>,
    /// Records with an earlier stamp were written before this process started.
    pub(super) opened_at: Timestamp,
    /// Conversations that an agent may have at the same time.
    pub(super) limit: usize,
    /// `None` until the first look.
    pub(super) staffing: Option<Staffing>,
    /// Customers who are being told of the staffing now.
    pub(super) being_told: usize,
    /// Agents whose status may have changed since the last look.
    pub(super) agents_changed: BTreeSet<AgentId>,
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

impl Desk {
    /// An empty queue, and nobody signed in.
    pub fn new() -> Self {
        Self {
            queue: Queue::default(),
            agents: BTreeMap::new(),
            leases: Leases::default(),
            holdings: Holdings::default(),
            messages: Messages::default(),
            known: HashMap::new(),
            opened_at: Timestamp::MIN,
            limit: Policy::default().agent_conversations_max.into(),
            staffing: None,
            being_told: 0,
            agents_changed: BTreeSet::new(),
        }
    }

    /// Whether the event may change the desk. The desk need not be told of any other event.
    ///
    /// # Examples
    ///
    /// ```
    /// use kefu::handoff::Desk;
    /// use kefu::journal::{EpisodeEvent, Event};
    ///
    /// assert!(Desk::concerns(&Event::Episode(EpisodeEvent::Closed)));
    /// assert!(!Desk::concerns(&Event::Episode(EpisodeEvent::IdleWarned)));
    /// ```
    pub fn concerns(event: &Event) -> bool {
        match event {
            Event::Customer(CustomerEvent::LeftMessage { .. })
            | Event::Bot(
                BotEvent::AskedForMessage { .. }
                | BotEvent::FoundDanger { .. }
                | BotEvent::Noticed(Notice {
                    occasion: Occasion::QueueUnstaffed | Occasion::QueueStaffed,
                    ..
                }),
            )
            | Event::Agent(AgentEvent::Said { .. } | AgentEvent::Joined { .. })
            | Event::Desk(
                DeskEvent::Queued { .. }
                | DeskEvent::Offered { .. }
                | DeskEvent::OfferEnded { .. }
                | DeskEvent::AgentLost { .. }
                | DeskEvent::AgentBack { .. },
            )
            | Event::Episode(
                EpisodeEvent::Started { .. }
                | EpisodeEvent::ReturnedToBot { .. }
                | EpisodeEvent::Ended { .. }
                | EpisodeEvent::Closed,
            ) => true,
            Event::Customer(
                CustomerEvent::Said { .. }
                | CustomerEvent::AskedHuman { .. }
                | CustomerEvent::Rated { .. },
            )
            | Event::Bot(BotEvent::Said(_) | BotEvent::Noticed(_) | BotEvent::DangerOver)
            | Event::Desk(DeskEvent::AgentReminded { .. })
            | Event::Episode(EpisodeEvent::IdleWarned) => false,
        }
    }

    /// Whether this many customers or more wait.
    pub fn is_full(&self, queue_max: usize) -> bool {
        self.queue.len() >= queue_max
    }

    /// Whether the conversation waits in the queue.
    pub fn is_waiting(&self, conversation: &ConversationId) -> bool {
        self.queue.get(conversation).is_some()
    }

    /// The waiting conversations, in order of service.
    pub fn waiting(&self) -> impl Iterator<Item = &WaitingConversation> {
        self.queue.iter().map(|(_, place)| &place.waiting)
    }

    /// Messages that no agent has taken up, oldest first.
    pub fn messages(&self) -> impl Iterator<Item = &OpenMessage> {
        self.messages.iter()
    }

    /// The conversations that the agent owns.
    pub fn held_by(&self, agent: AgentId) -> impl Iterator<Item = &ConversationId> {
        self.agents.get(&agent).into_iter().flat_map(|seat| &seat.held)
    }

    /// The status of an agent who is signed in.
    pub fn status(&self, agent: AgentId) -> Option<AgentStatus> {
        Some(self.agents.get(&agent)?.presence?.status)
    }

    pub(super) fn unload(&mut self, agent: AgentId, conversation: &ConversationId) {
        if let Some(seat) = self.agents.get_mut(&agent) {
            seat.held.remove(conversation);
            seat.asked.remove(conversation);
        }
    }
}
