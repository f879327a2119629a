//! Questions outside of a conversation: nothing is stored.

use super::{Service, ServiceError};
use crate::compliance::mask;
use crate::dialogue::{Turn, World, first_turn};
use crate::journal::{BotEvent, DeskEvent, Event, Reply, ReplyKind};
use crate::knowledge::{Circumstances, Facts};
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
    pub fn ask(&self, text: &str, facts: &Facts) -> Result<Asked, ServiceError> {
        let snapshot = self.snapshot();
        let find = |text: &str, circumstances: Circumstances<'_>| {
            let ask = || snapshot.find(text, circumstances);
            Some(self.metrics.matched(&self.clock, ask))
        };
        let is_staffed = *self.presence.view().staffed().borrow();
        let world = World::new(&snapshot.base, facts, self.clock.now(), is_staffed, &find);
        let turn = first_turn(mask(text), &world).map_err(ServiceError::Refused)?;
        self.metrics.utterances.inc();
        let Turn { events, outcome } = turn;
        let is_handoff =
            events.iter().any(|event| matches!(event, Event::Desk(DeskEvent::Queued { .. })));
        let band = outcome.map_or(Band::Fallback, |outcome| outcome.band);
        Ok(Asked { band, is_handoff, reply: said(events, &snapshot) })
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
