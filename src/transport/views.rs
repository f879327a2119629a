//! The journal as customers and agents see it.

use super::wire::{AgentRecord, AgentView, CustomerView, FrameError, ViolationView};
use crate::journal::{
    AgentEvent, AgentId, BotEvent, ConversationId, CustomerEvent, DeskEvent, EpisodeEvent, Event,
    Record,
};
use crate::service::{Service, ViolationReport, violations_of_customer};

/// The event as its customer sees it; `None` if it is not for customers.
pub(crate) fn for_customer(event: Event, service: &Service) -> Option<CustomerView> {
    let name = |agent: AgentId| service.agents.name(agent);
    Some(match event {
        Event::Episode(EpisodeEvent::Started { episode, .. }) => {
            CustomerView::EpisodeStarted { episode }
        }
        Event::Customer(CustomerEvent::Said { client_id, text, .. }) => {
            CustomerView::CustomerSaid {
                client_id: client_id.to_string(),
                text: text.into_string(),
            }
        }
        Event::Customer(CustomerEvent::AskedHuman { client_id }) => {
            CustomerView::HumanAsked { client_id: client_id.to_string() }
        }
        Event::Bot(BotEvent::Said(reply)) => CustomerView::BotSaid {
            kind: reply.kind,
            text: reply.text,
            steps: reply.steps,
            source: reply.source,
            checked: reply.checked,
            choices: reply.choices,
            offer_human: reply.offer_human,
            urgent: reply.is_urgent,
        },
        Event::Agent(AgentEvent::Said { agent, text, .. }) => {
            CustomerView::AgentSaid { agent: name(agent), text: text.into_string() }
        }
        Event::Bot(BotEvent::Noticed(notice)) => {
            CustomerView::Noticed { occasion: notice.occasion, text: notice.text }
        }
        Event::Desk(DeskEvent::Queued { .. }) => CustomerView::Queued {},
        Event::Agent(AgentEvent::Joined { agent, .. }) => {
            CustomerView::AgentJoined { agent: name(agent) }
        }
        Event::Episode(EpisodeEvent::ReturnedToBot { .. }) => CustomerView::ReturnedToBot {},
        Event::Bot(BotEvent::AskedForMessage { .. }) => CustomerView::MessageAsked {},
        Event::Customer(CustomerEvent::LeftMessage { client_id, text, .. }) => {
            CustomerView::MessageLeft { client_id: client_id.to_string(), text: text.into_string() }
        }
        Event::Episode(EpisodeEvent::Ended { rate_until, .. }) => {
            CustomerView::Ended { rate_until }
        }
        Event::Customer(CustomerEvent::Rated { client_id, stars, .. }) => {
            CustomerView::Rated { client_id: client_id.to_string(), stars }
        }
        Event::Episode(EpisodeEvent::Closed) => CustomerView::Closed {},
        Event::Desk(
            DeskEvent::Offered { .. }
            | DeskEvent::OfferEnded { .. }
            | DeskEvent::AgentLost { .. }
            | DeskEvent::AgentBack { .. }
            | DeskEvent::AgentReminded { .. },
        )
        | Event::Bot(BotEvent::FoundDanger { .. } | BotEvent::DangerOver)
        | Event::Episode(EpisodeEvent::IdleWarned) => return None,
    })
}

/// The record as an agent sees it.
pub(crate) fn for_agent(record: Record, service: &Service) -> AgentRecord {
    let name = |agent: AgentId| service.agents.name(agent);
    let event = match record.event {
        Event::Episode(EpisodeEvent::Started { episode, .. }) => {
            AgentView::EpisodeStarted { episode }
        }
        Event::Customer(CustomerEvent::Said { text, .. }) => {
            let found = violations_of_customer(&service.knowledge.snapshot().base, &text);
            AgentView::CustomerSaid { text: text.into_string(), found: found_notes(found) }
        }
        Event::Customer(CustomerEvent::AskedHuman { .. }) => AgentView::HumanAsked {},
        Event::Bot(BotEvent::Said(reply)) => AgentView::BotSaid {
            kind: reply.kind,
            text: reply.text,
            steps: reply.steps,
            source: reply.source,
            checked: reply.checked,
            entry: reply.entry,
            intent: reply.intent,
            candidates: reply.candidates,
        },
        Event::Agent(AgentEvent::Said { agent, client_id, text }) => AgentView::AgentSaid {
            agent: name(agent),
            client_id: client_id.to_string(),
            text: text.into_string(),
        },
        Event::Bot(BotEvent::Noticed(notice)) => {
            AgentView::Noticed { occasion: notice.occasion, text: notice.text }
        }
        Event::Bot(BotEvent::FoundDanger { kind, intent, .. }) => {
            AgentView::DangerFound { kind, intent }
        }
        Event::Bot(BotEvent::DangerOver) => AgentView::DangerOver {},
        Event::Desk(DeskEvent::Queued { reason, priority, .. }) => {
            AgentView::Queued { reason, priority }
        }
        Event::Desk(DeskEvent::Offered { agent, .. }) => AgentView::Offered { agent: name(agent) },
        Event::Desk(DeskEvent::OfferEnded { agent }) => {
            AgentView::OfferEnded { agent: name(agent) }
        }
        Event::Agent(AgentEvent::Joined { agent, .. }) => {
            AgentView::AgentJoined { agent: name(agent) }
        }
        Event::Desk(DeskEvent::AgentLost { agent, .. }) => {
            AgentView::AgentLost { agent: name(agent) }
        }
        Event::Desk(DeskEvent::AgentBack { agent }) => AgentView::AgentBack { agent: name(agent) },
        Event::Episode(EpisodeEvent::ReturnedToBot { .. }) => AgentView::ReturnedToBot {},
        Event::Bot(BotEvent::AskedForMessage { .. }) => AgentView::MessageAsked {},
        Event::Customer(CustomerEvent::LeftMessage { text, has_contact, .. }) => {
            AgentView::MessageLeft { text: text.into_string(), has_contact }
        }
        Event::Desk(DeskEvent::AgentReminded { agent, waited_s }) => {
            AgentView::AgentReminded { agent: name(agent), waited_s }
        }
        Event::Episode(EpisodeEvent::IdleWarned) => AgentView::IdleWarned {},
        Event::Episode(EpisodeEvent::Ended { .. }) => AgentView::Ended {},
        Event::Customer(CustomerEvent::Rated { stars, comment, .. }) => {
            AgentView::Rated { stars, comment: comment.into_string() }
        }
        Event::Episode(EpisodeEvent::Closed) => AgentView::Closed {},
    };
    AgentRecord { seq: record.seq, at: record.at, event }
}

/// A refusal as a frame.
pub(crate) fn refused(
    error: super::api_error::ApiError,
    client_id: Option<String>,
    conversation: Option<ConversationId>,
) -> FrameError {
    let retry_after_ms = error.retry_after_ms();
    FrameError {
        code: error.code,
        message: error.message.into_owned(),
        client_id,
        conversation,
        found: Vec::new(),
        retry_after_ms,
    }
}

/// Rule violations as the protocol has them.
pub(crate) fn found_notes(found: Vec<ViolationReport>) -> Vec<ViolationView> {
    let note = |ViolationReport { rule, name, words, mend, is_forbidden }| ViolationView {
        rule,
        name,
        words,
        mend,
        forbidden: is_forbidden,
    };
    found.into_iter().map(note).collect()
}
