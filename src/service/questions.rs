//! Questions outside of a conversation: nothing is stored.

use std::sync::Arc;

use super::{
    clock::Clock, desk::DeskView, error::ServiceError, knowledge::LiveKnowledge, metrics::Metrics,
};
use crate::dialogue::{Answered, DeskState, World, first_turn};
use crate::knowledge::{Circumstances, DroppedFacts, Facts, GivenFacts};
use crate::matching::Suggestion;

/// Questions outside of a conversation: nothing is stored.
#[derive(Debug)]
pub struct Questions {
    pub(super) clock: Clock,
    pub(super) knowledge: LiveKnowledge,
    pub(super) metrics: Arc<Metrics>,
    pub(super) desk: Arc<DeskView>,
}

impl Questions {
    /// Answers a customer's question like the first message of a conversation. Facts that
    /// the knowledge does not declare have no effect, and are returned beside the answer.
    pub fn ask(
        &self,
        text: &str,
        given: GivenFacts,
    ) -> Result<(Answered, DroppedFacts), ServiceError> {
        let snapshot = self.knowledge.snapshot();
        let (facts, dropped) = snapshot.base.keep_declared(given);
        self.metrics.count_dropped(&dropped);
        let find = |text: &str, circumstances: Circumstances<'_>| {
            let ask = || snapshot.find(text, circumstances);
            Some(self.metrics.matched(&self.clock, ask))
        };
        let desk = DeskState {
            is_staffed: *self.desk.staffed().borrow(),
            queue_is_full: *self.desk.queue_full().borrow(),
        };
        let world = World::new(&snapshot.base, &facts, self.clock.now(), desk, &find);
        let turn = first_turn(text.into(), &world).map_err(ServiceError::Refused)?;
        self.metrics.utterances.inc();
        self.metrics.count_personal_data(&turn.treated);
        Ok((Answered::of(turn, &snapshot.base), dropped))
    }

    /// Questions that complete the text that a customer is typing. The text is neither stored nor
    /// logged.
    pub async fn suggest(&self, text: &str, facts: &Facts) -> Vec<Suggestion> {
        let snapshot = self.knowledge.snapshot();
        if !snapshot.has_suggestions() {
            let own = snapshot.clone();
            // If this fails, the search below prepares them itself.
            _ = tokio::task::spawn_blocking(move || own.prepare_suggestions()).await;
        }
        snapshot.suggest(text, snapshot.base.circumstances_at(self.clock.now(), facts))
    }
}
