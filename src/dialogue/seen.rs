//! Which messages of clients were taken, so that a retry is known.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use crate::journal::{AgentEvent, ClientIdHash, CustomerEvent, Event, Record};

/// Every client id of a conversation with its place and a fingerprint of what was sent.
///
/// It grows with the journal and is never cut: a retry is known however late it comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen(BTreeMap<ClientIdHash, Message>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Message {
    seq: u64,
    fingerprint: u64,
}

/// What is known of a message before it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// Never seen.
    New,
    /// Taken before, at this place.
    Retry(u64),
    /// Its id was used for something else.
    Reused,
}

impl Seen {
    pub(super) fn remember(&mut self, record: &Record) {
        if let Some(client_id) = record.event.client_id() {
            let message = Message { seq: record.seq, fingerprint: fingerprint(&record.event) };
            self.0.entry(client_id.clone()).or_insert(message);
        }
    }

    pub(super) fn look(&self, event: &Event) -> Sight {
        match event.client_id().and_then(|id| self.0.get(id)) {
            None => Sight::New,
            Some(known) if known.fingerprint == fingerprint(event) => Sight::Retry(known.seq),
            Some(_) => Sight::Reused,
        }
    }
}

/// Over who said what, as it is after masking, and not over what the server adds. It is
/// never stored, so that the hash may differ between two builds.
fn fingerprint(event: &Event) -> u64 {
    let mut hasher = DefaultHasher::new();
    std::mem::discriminant(event).hash(&mut hasher);
    match event {
        Event::Customer(CustomerEvent::Said { client_id: _, text, choice }) => {
            (text, choice).hash(&mut hasher)
        }
        Event::Agent(AgentEvent::Said { client_id: _, agent, text }) => {
            (agent, text).hash(&mut hasher)
        }
        Event::Customer(CustomerEvent::LeftMessage {
            client_id: _,
            epoch: _,
            text,
            has_contact,
        }) => {
            (text, has_contact).hash(&mut hasher);
        }
        Event::Customer(CustomerEvent::Rated { client_id: _, stars, comment }) => {
            (stars, comment).hash(&mut hasher)
        }
        Event::Customer(_)
        | Event::Bot(_)
        | Event::Agent(_)
        | Event::Desk(_)
        | Event::Episode(_) => {}
    }
    hasher.finish()
}
