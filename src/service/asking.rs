//! Questions outside of a conversation: nothing is stored.

use std::sync::Arc;

use tokio::sync::watch;

use super::{clock::Clock, error::ServiceError, knowledge::LiveKnowledge, metrics::Metrics};
use crate::compliance::mask;
use crate::dialogue::{Answered, World, first_turn};
use crate::knowledge::{Circumstances, Facts};
use crate::matching::Suggestion;

/// Answers to questions of which no conversation comes, and suggestions while typing.
#[derive(Debug)]
pub struct Asking {
    knowledge: LiveKnowledge,
    clock: Clock,
    metrics: Arc<Metrics>,
    is_staffed: watch::Receiver<bool>,
}

impl Asking {
    pub(crate) fn new(
        knowledge: LiveKnowledge,
        clock: Clock,
        metrics: Arc<Metrics>,
        is_staffed: watch::Receiver<bool>,
    ) -> Self {
        Self { knowledge, clock, metrics, is_staffed }
    }

    /// Answers one question of such a customer as a first message would be answered. Nothing
    /// is stored.
    pub fn ask(&self, text: &str, facts: &Facts) -> Result<Answered, ServiceError> {
        let snapshot = self.knowledge.snapshot();
        let find = |text: &str, circumstances: Circumstances<'_>| {
            let ask = || snapshot.find(text, circumstances);
            Some(self.metrics.matched(&self.clock, ask))
        };
        let is_staffed = *self.is_staffed.borrow();
        let world = World::new(&snapshot.base, facts, self.clock.now(), is_staffed, &find);
        let turn = first_turn(mask(text), &world).map_err(ServiceError::Refused)?;
        self.metrics.utterances.inc();
        Ok(Answered::of(turn, &snapshot.base))
    }

    /// The questions that a customer may be typing. The text is neither stored nor logged.
    pub async fn suggest(&self, text: &str, facts: &Facts) -> Vec<Suggestion> {
        let snapshot = self.knowledge.snapshot();
        if !snapshot.has_suggestions() {
            let own = snapshot.clone();
            // What cannot be made aside is made by the search itself.
            _ = tokio::task::spawn_blocking(move || own.prepare_suggestions()).await;
        }
        let today = snapshot.base.hours.date(self.clock.now());
        snapshot.suggest(text, Circumstances { today, facts })
    }
}
