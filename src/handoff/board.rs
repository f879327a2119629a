//! What those who watch see of the desk, change by change.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    agent::AgentStatus,
    message::OpenMessage,
    queue::{Order, Waiting},
    shelf::Shelf,
};
use crate::journal::{AgentId, ConversationId};

/// Customers who wait in one frame to a console, the first in the queue; of the others it hears
/// the number. Nobody reads further down, and a frame of so many is 250 KiB.
pub const DESK_FRAME_MAX: usize = 1_000;

/// Left messages in one frame to a console, the oldest.
const MESSAGES_SHOWN_MAX: usize = 100;

/// Changes that are kept for those who have not looked. One who missed more sees the whole anew.
const CHANGES_KEPT: usize = 256;

/// What is shown of the desk and has changed.
#[derive(Debug)]
pub struct Changes {
    /// Agents with their status; `None`: not signed in.
    pub(super) statuses: Vec<(AgentId, Option<AgentStatus>)>,
    /// Those who wait; `None`: no longer.
    pub(super) waiting: Vec<(ConversationId, Option<(Order, Waiting)>)>,
    /// Left messages; `None`: no longer open.
    pub(super) messages: Vec<(ConversationId, Option<(Order, OpenMessage)>)>,
    pub(super) conversations_max: usize,
}

/// What became of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Whether anything that is shown is another one.
    pub is_news: bool,
    /// Whether somebody who waits may have another place.
    pub moves_places: bool,
}

/// A row as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    order: Order,
    waiting: Waiting,
    /// Whether it is among the first that all consoles show.
    is_shown: bool,
}

impl Row {
    /// Whether this agent's console shows it: what is offered to an agent is, wherever it stands.
    fn is_shown_to(&self, agent: AgentId) -> bool {
        self.is_shown || self.waiting.offered.is_some_and(|(to, _)| to == agent)
    }
}

/// One change, as it is shared by all consoles.
#[derive(Clone, Debug)]
struct Delta {
    waiting: BTreeMap<ConversationId, Option<Row>>,
    messages: BTreeMap<ConversationId, Option<OpenMessage>>,
    statuses: BTreeSet<AgentId>,
    /// Whether a total or a limit is another one.
    has_totals: bool,
}

/// The desk as one agent sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskSnapshot {
    /// Rises with each change.
    pub desk_seq: u64,
    /// In the order in which they will be served: the first, and what is offered to the agent.
    pub waiting: Vec<(Order, Waiting)>,
    /// How many wait.
    pub waiting_total: usize,
    /// Left messages, oldest first: the first of them.
    pub messages: Vec<OpenMessage>,
    /// How many there are.
    pub messages_total: usize,
    /// The agent's own; `None`: not signed in.
    pub status: Option<AgentStatus>,
    /// Conversations that an agent may have at the same time.
    pub conversations_max: usize,
}

/// What has changed at the desk since an agent last looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskChange {
    /// What the agent must have seen before.
    pub prev: u64,
    /// Rises with each change.
    pub desk_seq: u64,
    /// Waiting customers that are new or have changed.
    pub waiting: Vec<(Order, Waiting)>,
    /// Those who are no longer shown.
    pub left: Vec<ConversationId>,
    /// How many wait.
    pub waiting_total: usize,
    /// Messages that are new or have changed.
    pub messages: Vec<OpenMessage>,
    /// Messages that are no longer shown.
    pub messages_left: Vec<ConversationId>,
    /// How many there are.
    pub messages_total: usize,
    /// The agent's own; `None`: not signed in.
    pub status: Option<AgentStatus>,
    /// Conversations that an agent may have at the same time.
    pub conversations_max: usize,
}

/// What an agent who has seen the desk up to some place is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Nothing of this agent's concern.
    Nothing {
        /// Up to this one.
        desk_seq: u64,
    },
    /// What has changed.
    Change(DeskChange),
    /// More has changed than was kept: the whole.
    Whole(DeskSnapshot),
}

/// What those who watch see of the desk: who waits at which place, left messages, agents.
///
/// [`Board::publish`] takes what a [`Desk`](super::Desk) gives by
/// [`take_changes`](super::Desk::take_changes); the cost of a change grows with the change.
#[derive(Clone, Debug)]
pub struct Board {
    seq: u64,
    waiting: Shelf<Waiting>,
    messages: Shelf<OpenMessage>,
    statuses: BTreeMap<AgentId, AgentStatus>,
    conversations_max: usize,
    /// The last ones; the newest has `seq`.
    deltas: VecDeque<Delta>,
}

impl Default for Board {
    fn default() -> Self {
        Self::new()
    }
}

impl Board {
    /// Nobody waits.
    pub fn new() -> Self {
        Self::showing(DESK_FRAME_MAX)
    }

    /// The same, where consoles show so many who wait.
    pub(super) fn showing(waiting_max: usize) -> Self {
        Self {
            seq: 0,
            waiting: Shelf::new(waiting_max),
            messages: Shelf::new(MESSAGES_SHOWN_MAX),
            statuses: BTreeMap::new(),
            conversations_max: 0,
            deltas: VecDeque::new(),
        }
    }

    /// Shows what has changed, as one change.
    pub fn publish(&mut self, changes: Changes) -> Published {
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
            self.keep(Delta { waiting, messages, statuses, has_totals });
        }
        Published { is_news, moves_places }
    }

    fn keep(&mut self, delta: Delta) {
        self.seq += 1;
        if self.deltas.len() == CHANGES_KEPT {
            self.deltas.pop_front();
        }
        self.deltas.push_back(delta);
    }

    fn totals(&self) -> (usize, usize, usize) {
        (self.waiting.len(), self.messages.len(), self.conversations_max)
    }

    fn row(&self, id: &ConversationId) -> Option<Row> {
        let (order, waiting) = self.waiting.get(id)?;
        let is_shown = self.waiting.is_shown(id);
        Some(Row { order: order.clone(), waiting: waiting.clone(), is_shown })
    }

    /// The place in the queue, from 1, and how many wait; `None` for one that does not.
    pub fn place(&self, conversation: &ConversationId) -> Option<(usize, usize)> {
        Some((self.waiting.rank(conversation)? + 1, self.waiting.len()))
    }

    /// Rises with each change.
    pub fn desk_seq(&self) -> u64 {
        self.seq
    }

    /// How many wait.
    pub fn waiting_len(&self) -> usize {
        self.waiting.len()
    }

    /// How many agents take new conversations.
    pub fn ready_len(&self) -> usize {
        self.statuses.values().filter(|status| **status == AgentStatus::Ready).count()
    }

    /// The whole, for this agent.
    pub fn snapshot(&self, agent: AgentId) -> DeskSnapshot {
        let is_offered = |waiting: &Waiting| waiting.offered.is_some_and(|(to, _)| to == agent);
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

    /// What has changed since an agent saw the desk at `prev`, in one.
    pub fn news(&self, agent: AgentId, prev: u64) -> News {
        let missed = self.seq.saturating_sub(prev);
        let kept = u64::try_from(self.deltas.len()).unwrap_or(u64::MAX);
        if prev > self.seq || missed > kept {
            return News::Whole(self.snapshot(agent));
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
            return News::Whole(self.snapshot(agent));
        }
        if !is_news && rows.is_empty() && messages.is_empty() {
            return News::Nothing { desk_seq: self.seq };
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
        News::Change(change)
    }
}
