//! The desk as frames for one agent.

use super::wire::{AgentStatusView, FrameToAgent, LeftMessage, WaitingView};
use crate::handoff::{self, DeskChange, DeskSnapshot, OpenMessage, Order};
use crate::journal::AgentId;

/// Characters of a left message in the list; the transcript has all of it.
const MESSAGE_CHARS: usize = 200;

/// The frame with the whole desk.
pub(super) fn whole(desk: DeskSnapshot, agent: AgentId) -> FrameToAgent {
    FrameToAgent::Desk {
        desk_seq: desk.desk_seq,
        waiting: rows(desk.waiting, agent),
        waiting_total: desk.waiting_total,
        messages: messages(desk.messages),
        messages_total: desk.messages_total,
        status: status(desk.status),
        conversations_max: desk.conversations_max,
    }
}

/// The frame with the changes of the desk.
pub(super) fn change(change: DeskChange, agent: AgentId) -> FrameToAgent {
    FrameToAgent::DeskChanged {
        prev: change.prev,
        desk_seq: change.desk_seq,
        waiting: rows(change.waiting, agent),
        left: change.left,
        waiting_total: change.waiting_total,
        messages: messages(change.messages),
        messages_left: change.messages_left,
        messages_total: change.messages_total,
        status: status(change.status),
        conversations_max: change.conversations_max,
    }
}

/// An agent who is not signed in takes no conversations.
pub(super) fn status(status: Option<handoff::AgentStatus>) -> AgentStatusView {
    match status {
        Some(handoff::AgentStatus::Ready) => AgentStatusView::Ready,
        Some(handoff::AgentStatus::Break) | None => AgentStatusView::Break,
    }
}

fn rows(rows: Vec<(Order, handoff::WaitingConversation)>, agent: AgentId) -> Vec<WaitingView> {
    let row = |(order, item): (Order, handoff::WaitingConversation)| {
        let mine = item.offered.filter(|(to, _)| *to == agent);
        WaitingView {
            conversation: item.conversation,
            epoch: item.epoch,
            since: item.since,
            reason: item.reason,
            priority: item.priority,
            danger: item.danger,
            order: order.since().as_micros(),
            offered_until: mine.map(|(_, until)| until),
            offered_elsewhere: item.offered.is_some() && mine.is_none(),
        }
    };
    rows.into_iter().map(row).collect()
}

fn messages(messages: Vec<OpenMessage>) -> Vec<LeftMessage> {
    let message = |message: OpenMessage| LeftMessage {
        conversation: message.conversation,
        epoch: message.epoch,
        at: message.since,
        text: message.text.chars().take(MESSAGE_CHARS).collect(),
    };
    messages.into_iter().map(message).collect()
}
