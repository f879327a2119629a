//! The desk as sessions and conversations see it.

use std::sync::Mutex;

use tokio::sync::watch;

use super::super::lock::lock;
use crate::handoff::{Board, DeskChanges, DeskSnapshot, DeskUpdate};
use crate::journal::{AgentId, ConversationId};

/// The desk as sessions and conversations see it. Sessions get no copy of the queue: each asks for
/// its own part when the desk signals a change.
#[derive(Debug, Default)]
pub struct DeskView {
    board: Mutex<Board>,
    /// The board's `desk_seq`.
    changes: watch::Sender<u64>,
    /// Raised when the place of a waiting customer may have changed.
    places: watch::Sender<u64>,
    staffed: watch::Sender<bool>,
    queue_full: watch::Sender<bool>,
}

impl DeskView {
    /// Publishes the changes. Returns how many customers wait and how many agents are ready.
    pub(super) fn publish(
        &self,
        changes: DeskChanges,
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

    /// The place in the queue, from 1, and the length of the queue; `None` if it does not wait.
    pub fn place(&self, conversation: &ConversationId) -> Option<(usize, usize)> {
        lock(&self.board).place(conversation)
    }

    /// The whole desk as this agent sees it.
    pub fn snapshot(&self, agent: AgentId) -> DeskSnapshot {
        lock(&self.board).snapshot(agent)
    }

    /// The changes since this agent saw the desk at `prev`.
    pub fn news(&self, agent: AgentId, prev: u64) -> DeskUpdate {
        lock(&self.board).news(agent, prev)
    }

    /// Signals each change of what consoles show.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Signals when the place of a waiting customer may have changed.
    pub fn places(&self) -> watch::Receiver<u64> {
        self.places.subscribe()
    }

    /// Whether an agent is there to take conversations.
    pub(crate) fn staffed(&self) -> watch::Receiver<bool> {
        self.staffed.subscribe()
    }

    /// Whether the queue has reached its limit.
    pub(crate) fn queue_full(&self) -> watch::Receiver<bool> {
        self.queue_full.subscribe()
    }
}
