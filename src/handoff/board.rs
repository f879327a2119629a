//! The desk as the consoles show it, published change by change.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    agent::AgentStatus,
    message::OpenMessage,
    queue::{Order, WaitingConversation},
    ranked_list::RankedList,
};
use crate::journal::{AgentId, ConversationId};

/// Waiting customers in one frame to a console, the first in the queue. For the others the console
/// gets the number. Nobody reads further down, and a frame of this size is 250 KiB.
pub const DESK_FRAME_MAX: usize = 1_000;

/// Left messages in one frame to a console, oldest first.
const MESSAGES_SHOWN_MAX: usize = 100;

/// Changes that are kept for consoles that fall behind. A console that missed more gets a snapshot.
const CHANGES_KEPT: usize = 256;

/// Changes of the desk since the last look, for [`Board::publish`].
#[derive(Debug)]
pub struct DeskChanges {
    /// Agents with their status; `None`: signed out.
    pub(super) statuses: Vec<(AgentId, Option<AgentStatus>)>,
    /// Waiting conversations; `None`: no longer waiting.
    pub(super) waiting: Vec<(ConversationId, Option<(Order, WaitingConversation)>)>,
    /// Left messages; `None`: no longer open.
    pub(super) messages: Vec<(ConversationId, Option<(Order, OpenMessage)>)>,
    pub(super) conversations_max: usize,
}

/// The effect of published changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Whether any console must be updated.
    pub is_news: bool,
    /// Whether the place of any waiting customer may have changed.
    pub moves_places: bool,
}

/// A row of the queue as the consoles show it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct QueueRow {
    order: Order,
    waiting: WaitingConversation,
    /// Whether it is among the first rows, which all consoles show.
    is_shown: bool,
}

impl QueueRow {
    /// Whether this agent's console shows it. An agent always sees the own offer, at any place.
    fn is_shown_to(&self, agent: AgentId) -> bool {
        self.is_shown || self.waiting.offered.is_some_and(|(to, _)| to == agent)
    }
}

/// One change, shared by all consoles.
#[derive(Clone, Debug)]
struct BoardChange {
    waiting: BTreeMap<ConversationId, Option<QueueRow>>,
    messages: BTreeMap<ConversationId, Option<OpenMessage>>,
    statuses: BTreeSet<AgentId>,
    /// Whether a total or a limit has changed.
    has_totals: bool,
}

/// The desk as one agent sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskSnapshot {
    /// The number of the last change.
    pub desk_seq: u64,
    /// The first in order of service, and the conversation that is offered to the agent.
    pub waiting: Vec<(Order, WaitingConversation)>,
    /// The length of the queue.
    pub waiting_total: usize,
    /// The oldest left messages, oldest first.
    pub messages: Vec<OpenMessage>,
    /// The number of all left messages.
    pub messages_total: usize,
    /// The agent's own status; `None`: not signed in.
    pub status: Option<AgentStatus>,
    /// Conversations that an agent may have at the same time.
    pub conversations_max: usize,
}

/// What has changed at the desk since an agent last looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskChange {
    /// The `desk_seq` that the agent must have seen before.
    pub prev: u64,
    /// The number of the last change.
    pub desk_seq: u64,
    /// Waiting customers that are new or have changed.
    pub waiting: Vec<(Order, WaitingConversation)>,
    /// Conversations that are no longer shown in the queue.
    pub left: Vec<ConversationId>,
    /// The length of the queue.
    pub waiting_total: usize,
    /// Left messages that are new or have changed.
    pub messages: Vec<OpenMessage>,
    /// Left messages that are no longer shown.
    pub messages_left: Vec<ConversationId>,
    /// The number of all left messages.
    pub messages_total: usize,
    /// The agent's own status; `None`: not signed in.
    pub status: Option<AgentStatus>,
    /// Conversations that an agent may have at the same time.
    pub conversations_max: usize,
}

/// The update for an agent who has seen the desk up to some `desk_seq`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskUpdate {
    /// Nothing that this agent sees has changed.
    Nothing {
        /// The number of the last change.
        desk_seq: u64,
    },
    /// The changes since then.
    Change(DeskChange),
    /// More has changed than is kept, so the agent gets the whole.
    Whole(DeskSnapshot),
}

/// The desk as the consoles show it: the queue with its places, left messages, agents.
///
/// [`Board::publish`] takes what a [`Desk`](super::Desk) gives by
/// [`take_changes`](super::Desk::take_changes); the cost of a change grows with the change.
#[derive(Clone, Debug)]
pub struct Board {
    seq: u64,
    waiting: RankedList<WaitingConversation>,
    messages: RankedList<OpenMessage>,
    statuses: BTreeMap<AgentId, AgentStatus>,
    conversations_max: usize,
    /// The last changes; the newest has the number `seq`.
    deltas: VecDeque<BoardChange>,
}

impl Default for Board {
    fn default() -> Self {
        Self::new()
    }
}

impl Board {
    /// An empty desk.
    pub fn new() -> Self {
        Self::showing(DESK_FRAME_MAX)
    }

    /// As [`Self::new`], with another number of rows shown.
    pub(super) fn showing(waiting_max: usize) -> Self {
        Self {
            seq: 0,
            waiting: RankedList::new(waiting_max),
            messages: RankedList::new(MESSAGES_SHOWN_MAX),
            statuses: BTreeMap::new(),
            conversations_max: 0,
            deltas: VecDeque::new(),
        }
    }

    /// Publishes the changes as one change.
    pub fn publish(&mut self, changes: DeskChanges) -> Published {
        let totals = self.totals();
        let (mut waiting, mut messages) = (BTreeSet::new(), BTreeSet::new());
        let mut moves_places = false;
        for (id, row) in changes.waiting {
            moves_places |= self.waiting.put(&id, row, &mut waiting);
        }
        for (id, message) in changes.messages {
            self.messages.put(&id, message, &mut messages);
        }
        let mut statuses = BTreeSet::new();
        for (agent, status) in changes.statuses {
            let before = match status {
                Some(status) => self.statuses.insert(agent, status),
                None => self.statuses.remove(&agent),
            };
            if before != status {
                statuses.insert(agent);
            }
        }
        self.conversations_max = changes.conversations_max;
        let has_totals = self.totals() != totals;
        let is_news =
            has_totals || !(waiting.is_empty() && messages.is_empty()) || !statuses.is_empty();
        if is_news {
            let waiting = waiting.into_iter().map(|id| (id.clone(), self.row(&id))).collect();
            let message = |id: ConversationId| {
                let shown = self.messages.is_shown(&id).then(|| self.messages.get(&id)).flatten();
                (id, shown.map(|(_, message)| message.clone()))
            };
            let messages = messages.into_iter().map(message).collect();
            self.keep(BoardChange { waiting, messages, statuses, has_totals });
        }
        Published { is_news, moves_places }
    }

    fn keep(&mut self, delta: BoardChange) {
        self.seq += 1;
        if self.deltas.len() == CHANGES_KEPT {
            self.deltas.pop_front();
        }
        self.deltas.push_back(delta);
    }

    fn totals(&self) -> (usize, usize, usize) {
        (self.waiting.len(), self.messages.len(), self.conversations_max)
    }

    fn row(&self, id: &ConversationId) -> Option<QueueRow> {
        let (order, waiting) = self.waiting.get(id)?;
        let is_shown = self.waiting.is_shown(id);
        Some(QueueRow { order: order.clone(), waiting: waiting.clone(), is_shown })
    }

    /// The place in the queue, from 1, and the length of the queue; `None` if it does not wait.
    pub fn place(&self, conversation: &ConversationId) -> Option<(usize, usize)> {
        Some((self.waiting.rank(conversation)? + 1, self.waiting.len()))
    }

    /// The number of the last change.
    pub fn desk_seq(&self) -> u64 {
        self.seq
    }

    /// The length of the queue.
    pub fn waiting_len(&self) -> usize {
        self.waiting.len()
    }

    /// The number of agents who take new conversations.
    pub fn ready_len(&self) -> usize {
        self.statuses.values().filter(|status| **status == AgentStatus::Ready).count()
    }

    /// The whole desk as this agent sees it.
    pub fn snapshot(&self, agent: AgentId) -> DeskSnapshot {
        let is_offered =
            |waiting: &WaitingConversation| waiting.offered.is_some_and(|(to, _)| to == agent);
        let shown = self.waiting.iter().enumerate().filter_map(|(rank, (order, waiting))| {
            let is_shown = rank < self.waiting.shown_max() || is_offered(waiting);
            is_shown.then(|| (order.clone(), waiting.clone()))
        });
        let messages = self.messages.iter().take(MESSAGES_SHOWN_MAX);
        DeskSnapshot {
            desk_seq: self.seq,
            waiting: shown.collect(),
            waiting_total: self.waiting.len(),
            messages: messages.map(|(_, message)| message.clone()).collect(),
            messages_total: self.messages.len(),
            status: self.statuses.get(&agent).copied(),
            conversations_max: self.conversations_max,
        }
    }

    /// The changes since the agent saw the desk at `prev`, merged into one.
    pub fn news(&self, agent: AgentId, prev: u64) -> DeskUpdate {
        let missed = self.seq.saturating_sub(prev);
        let kept = u64::try_from(self.deltas.len()).unwrap_or(u64::MAX);
        if prev > self.seq || missed > kept {
            return DeskUpdate::Whole(self.snapshot(agent));
        }
        let first = self.deltas.len() - usize::try_from(missed).unwrap_or(0);
        let (mut rows, mut messages) = (BTreeMap::new(), BTreeMap::new());
        let mut is_news = false;
        for delta in self.deltas.range(first..) {
            rows.extend(&delta.waiting);
            messages.extend(&delta.messages);
            is_news |= delta.has_totals || delta.statuses.contains(&agent);
        }
        if rows.len() > self.waiting.shown_max() || messages.len() > MESSAGES_SHOWN_MAX {
            return DeskUpdate::Whole(self.snapshot(agent));
        }
        if !is_news && rows.is_empty() && messages.is_empty() {
            return DeskUpdate::Nothing { desk_seq: self.seq };
        }
        let mut change = DeskChange {
            prev,
            desk_seq: self.seq,
            waiting: Vec::new(),
            left: Vec::new(),
            waiting_total: self.waiting.len(),
            messages: Vec::new(),
            messages_left: Vec::new(),
            messages_total: self.messages.len(),
            status: self.statuses.get(&agent).copied(),
            conversations_max: self.conversations_max,
        };
        for (id, row) in rows {
            match row.as_ref().filter(|row| row.is_shown_to(agent)) {
                Some(row) => change.waiting.push((row.order.clone(), row.waiting.clone())),
                None => change.left.push(id.clone()),
            }
        }
        for (id, message) in messages {
            match message {
                Some(message) => change.messages.push(message.clone()),
                None => change.messages_left.push(id.clone()),
            }
        }
        DeskUpdate::Change(change)
    }
}
