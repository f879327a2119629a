//! Questions outside of a conversation: nothing is stored.

use super::{Act, Service, ServiceError};
use crate::compliance::mask;
use crate::dialogue::{State, Step, step};
use crate::journal::{
    BotEvent, ClientId, ClientIdHash, ConversationId, DeskEvent, Event, Reply, ReplyKind,
};
use crate::knowledge::Facts;
use crate::matching::{Band, Snapshot, Suggestion};

/// What a one-shot question got.
#[derive(Debug)]
pub struct Asked {
    /// How sure matching was.
    pub band: Band,
    /// Whether a conversation would go to a human now; this question goes nowhere.
    pub is_handoff: bool,
    /// What the dialogue would say to it as a first message.
    pub reply: Reply,
}

impl Service {
    /// Answers one question of such a customer as a first message would be answered. Nothing
    /// is stored.
    #[expect(clippy::missing_panics_doc, reason = "three letters are a client id")]
    pub fn ask(&self, text: &str, facts: &Facts) -> Result<Asked, ServiceError> {
        let snapshot = self.snapshot();
        let now = self.clock.now();
        let sent = ClientId::new("ask").expect("three letters are a client id");
        let client_id = ClientIdHash::of(&ConversationId::new("ask"), &sent);
        let act = Act::Say { client_id, text: text.to_owned(), choice: None, facts: facts.clone() };
        act.check_length(&snapshot.base.policy).map_err(ServiceError::Refused)?;
        let masked = mask(text);
        let world = self.world(&snapshot, facts, now, "");
        let outcome = snapshot.find(&masked.without_tags(), world.circumstances());
        let input = act.into_input(masked, Some(&outcome));
        let events = match step(&State::new(), input, &world).map_err(ServiceError::Refused)? {
            Step::Events(events) => events,
            Step::Duplicate { .. } => Vec::new(),
        };
        self.metrics.utterances.inc();
        let is_handoff =
            events.iter().any(|event| matches!(event, Event::Desk(DeskEvent::Queued { .. })));
        Ok(Asked { band: outcome.band, is_handoff, reply: said(events, &snapshot) })
    }

    /// The questions that a customer may be typing. The text is neither stored nor logged.
    pub async fn suggest(&self, text: &str, facts: &Facts) -> Vec<Suggestion> {
        let snapshot = self.snapshot();
        if !snapshot.has_suggestions() {
            let own = snapshot.clone();
            // What cannot be made aside is made by the search itself.
            _ = tokio::task::spawn_blocking(move || own.prepare_suggestions()).await;
        }
        snapshot.suggest(text, self.circumstances(&snapshot, facts))
    }
}

/// What the customer would read.
fn said(events: Vec<Event>, snapshot: &Snapshot) -> Reply {
    let mut notices = Vec::new();
    for event in events {
        match event {
            Event::Bot(BotEvent::Said(reply)) => return reply,
            Event::Bot(BotEvent::Noticed(notice)) => notices.push(notice.text),
            Event::Customer(_)
            | Event::Bot(_)
            | Event::Agent(_)
            | Event::Desk(_)
            | Event::Episode(_) => {}
        }
    }
    Reply {
        kind: ReplyKind::Intent,
        text: notices.join("\n\n"),
        entry: None,
        intent: None,
        choices: Vec::new(),
        offer_human: true,
        candidates: Vec::new(),
        knowledge: snapshot.base.hash.clone(),
    }
}
