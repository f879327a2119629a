//! What of the journal a customer and an agent get to see.

use super::wire::{AgentRecord, AgentView, CustomerView, FoundNote, FrameError};
use crate::journal::{AgentId, ConversationId, Event, Record};
use crate::service::{FoundWords, Service};

/// The event as its customer sees it; `None` where it is none of the customer's business.
pub(crate) fn for_customer(event: Event, service: &Service) -> Option<CustomerView> {
    let name = |agent: AgentId| service.agent_name(agent);
    Some(match event {
        Event::EpisodeStarted { episode, .. } => CustomerView::EpisodeStarted { episode },
        Event::CustomerSaid { client_id, text, .. } => {
            CustomerView::CustomerSaid { client_id: client_id.as_str().to_owned(), text }
        }
        Event::HumanAsked { client_id } => {
            CustomerView::HumanAsked { client_id: client_id.as_str().to_owned() }
        }
        Event::BotSaid(reply) => CustomerView::BotSaid {
            kind: reply.kind,
            text: reply.text,
            choices: reply.choices,
            offer_human: reply.offer_human,
        },
        Event::AgentSaid { agent, text, .. } => {
            CustomerView::AgentSaid { agent: name(agent), text }
        }
        Event::Noticed(notice) => {
            CustomerView::Noticed { occasion: notice.occasion, text: notice.text }
        }
        Event::Queued { .. } => CustomerView::Queued {},
        Event::AgentJoined { agent, .. } => CustomerView::AgentJoined { agent: name(agent) },
        Event::ReturnedToBot { .. } => CustomerView::ReturnedToBot {},
        Event::MessageAsked { .. } => CustomerView::MessageAsked {},
        Event::MessageLeft { client_id, text, .. } => {
            CustomerView::MessageLeft { client_id: client_id.as_str().to_owned(), text }
        }
        Event::Ended { rate_until, .. } => CustomerView::Ended { rate_until },
        Event::Rated { client_id, stars, .. } => {
            CustomerView::Rated { client_id: client_id.as_str().to_owned(), stars }
        }
        Event::Closed => CustomerView::Closed {},
        Event::Offered { .. }
        | Event::OfferEnded { .. }
        | Event::AgentLost { .. }
        | Event::AgentBack { .. }
        | Event::AgentReminded { .. }
        | Event::IdleWarned => return None,
    })
}

/// The record as an agent sees it.
pub(crate) fn for_agent(record: Record, service: &Service) -> AgentRecord {
    let name = |agent: AgentId| service.agent_name(agent);
    let event = match record.event {
        Event::EpisodeStarted { episode, .. } => AgentView::EpisodeStarted { episode },
        Event::CustomerSaid { text, .. } => {
            let found = service.found_in_customers_words(&text);
            AgentView::CustomerSaid { text, found: found_notes(found) }
        }
        Event::HumanAsked { .. } => AgentView::HumanAsked {},
        Event::BotSaid(reply) => AgentView::BotSaid {
            kind: reply.kind,
            text: reply.text,
            entry: reply.entry,
            intent: reply.intent,
            candidates: reply.candidates,
        },
        Event::AgentSaid { agent, client_id, text } => AgentView::AgentSaid {
            agent: name(agent),
            client_id: client_id.as_str().to_owned(),
            text,
        },
        Event::Noticed(notice) => {
            AgentView::Noticed { occasion: notice.occasion, text: notice.text }
        }
        Event::Queued { reason, priority, .. } => AgentView::Queued { reason, priority },
        Event::Offered { agent, .. } => AgentView::Offered { agent: name(agent) },
        Event::OfferEnded { agent } => AgentView::OfferEnded { agent: name(agent) },
        Event::AgentJoined { agent, .. } => AgentView::AgentJoined { agent: name(agent) },
        Event::AgentLost { agent, .. } => AgentView::AgentLost { agent: name(agent) },
        Event::AgentBack { agent } => AgentView::AgentBack { agent: name(agent) },
        Event::ReturnedToBot { .. } => AgentView::ReturnedToBot {},
        Event::MessageAsked { .. } => AgentView::MessageAsked {},
        Event::MessageLeft { text, has_contact, .. } => {
            AgentView::MessageLeft { text, has_contact }
        }
        Event::AgentReminded { agent, waited_s } => {
            AgentView::AgentReminded { agent: name(agent), waited_s }
        }
        Event::IdleWarned => AgentView::IdleWarned {},
        Event::Ended { .. } => AgentView::Ended {},
        Event::Rated { stars, comment, .. } => AgentView::Rated { stars, comment },
        Event::Closed => AgentView::Closed {},
    };
    AgentRecord { seq: record.seq, at: record.at, event }
}

/// A refusal as a frame.
pub(crate) fn refused(
    error: super::api_error::ApiError,
    client_id: Option<String>,
    conversation: Option<ConversationId>,
) -> FrameError {
    FrameError {
        code: error.code,
        message: error.message.to_owned(),
        client_id,
        conversation,
        found: Vec::new(),
        retry_after_ms: error.retry_after_ms(),
    }
}

/// Words that rules found, as they go over the wire.
pub(crate) fn found_notes(found: Vec<FoundWords>) -> Vec<FoundNote> {
    let note = |FoundWords { rule, name, words, mend, is_forbidden }| FoundNote {
        rule,
        name,
        words,
        mend,
        forbidden: is_forbidden,
    };
    found.into_iter().map(note).collect()
}
