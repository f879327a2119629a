//! What sessions and conversations see of the desk.

use std::sync::Mutex;

use tokio::sync::watch;

use super::super::lock::lock;
use crate::handoff::{Board, Changes, DeskSnapshot, News};
use crate::journal::{AgentId, ConversationId};

/// What sessions and conversations see of the desk. Nobody is given a copy of the queue: each
/// asks for what it shows, when it is told that something has changed.
#[derive(Debug, Default)]
pub struct DeskView {
    board: Mutex<Board>,
    /// The board's `desk_seq`.
    changes: watch::Sender<u64>,
    /// Rises when somebody who waits may have another place.
    places: watch::Sender<u64>,
    staffed: watch::Sender<bool>,
    queue_full: watch::Sender<bool>,
}

impl DeskView {
    /// Shows what has changed; how many wait, and how many agents are ready.
    pub(super) fn publish(
        &self,
        changes: Changes,
        is_staffed: bool,
        is_queue_full: bool,
    ) -> (usize, usize) {
        let mut board = lock(&self.board);
        let published = board.publish(changes);
        let (seq, counts) = (board.desk_seq(), (board.waiting_len(), board.ready_len()));
        drop(board);
        if published.is_news {
            self.changes.send_replace(seq);
        }
        if published.moves_places {
            self.places.send_modify(|moved| *moved += 1);
        }
        let set = |flag: &watch::Sender<bool>, to: bool| {
            flag.send_if_modified(|shown| std::mem::replace(shown, to) != to);
        };
        set(&self.staffed, is_staffed);
        set(&self.queue_full, is_queue_full);
        counts
    }

    /// The place in the queue, from 1, and how many wait; `None` for one that does not.
    pub fn place(&self, conversation: &ConversationId) -> Option<(usize, usize)> {
        lock(&self.board).place(conversation)
    }

    /// The whole desk as this agent sees it.
    pub fn snapshot(&self, agent: AgentId) -> DeskSnapshot {
        lock(&self.board).snapshot(agent)
    }

    /// What has changed since this agent saw the desk at that place.
    pub fn news(&self, agent: AgentId, prev: u64) -> News {
        lock(&self.board).news(agent, prev)
    }

    /// Changes with each change of what consoles show.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Changes when somebody who waits may have another place.
    pub fn places(&self) -> watch::Receiver<u64> {
        self.places.subscribe()
    }

    /// Whether an agent is there to take conversations.
    pub(crate) fn staffed(&self) -> watch::Receiver<bool> {
        self.staffed.subscribe()
    }

    /// Whether as many wait as may.
    pub(crate) fn queue_full(&self) -> watch::Receiver<bool> {
        self.queue_full.subscribe()
    }
}
