//! A conversation with the bot outside of a server, as a customer would have it.

use std::cell::RefCell;

use jiff::Timestamp;

use crate::dialogue::{
    Answered, CustomerAct, DeskState, Input, Refusal, State, World, first_turn, turn,
};
use crate::journal::ClientIdHash;
use crate::knowledge::{Circumstances, Facts};
use crate::matching::{Explanation, Outcome, Snapshot};

/// A conversation with the bot in which nobody else takes part. Nothing is stored.
#[derive(Debug)]
pub struct Talk<'s> {
    snapshot: &'s Snapshot,
    facts: Facts,
    is_staffed: bool,
    state: State,
}

impl<'s> Talk<'s> {
    /// Begins one with a customer of whom this is known. `is_staffed`: whether an agent is
    /// ready, as far as the bot knows.
    pub fn new(snapshot: &'s Snapshot, facts: Facts, is_staffed: bool) -> Self {
        Self { snapshot, facts, is_staffed, state: State::new() }
    }

    /// What the customer reads after these words.
    pub fn say(&mut self, text: &str, now: Timestamp) -> Result<Answered, Refusal> {
        let snapshot = self.snapshot;
        self.turn(text, now, &|text, circumstances| Some(snapshot.find(text, circumstances)))
    }

    /// The same, with every stage on the way where the matcher was asked.
    pub fn explain(
        &mut self,
        text: &str,
        now: Timestamp,
    ) -> Result<(Answered, Option<Explanation>), Refusal> {
        let explained = RefCell::new(None);
        let answered = self.turn(text, now, &explaining(self.snapshot, &explained))?;
        Ok((answered, explained.take()))
    }

    fn turn(
        &mut self,
        text: &str,
        now: Timestamp,
        find: &dyn Fn(&str, Circumstances<'_>) -> Option<Outcome>,
    ) -> Result<Answered, Refusal> {
        let base = &self.snapshot.base;
        // Stamps in a conversation never go back.
        let now = now.max(self.state.last_at());
        let desk = DeskState { is_staffed: self.is_staffed, ..DeskState::default() };
        let world = World::new(base, &self.facts, now, desk, find);
        // Nothing is sent twice here, so that no message needs an id of its own.
        let client_id = ClientIdHash::default();
        let says = CustomerAct::Says { client_id, text: text.into(), choice: None };
        let turn = turn(&self.state, Input::Customer(says), &world)?;
        for record in self.state.number(now, turn.events.clone()) {
            self.state.apply(&record);
        }
        Ok(Answered::of(turn, base))
    }
}

/// What a customer who says this first reads on that day, when no agent is there.
pub(super) fn first_answer(
    snapshot: &Snapshot,
    text: &str,
    circumstances: Circumstances<'_>,
) -> Result<Answered, Refusal> {
    let find =
        |text: &str, circumstances: Circumstances<'_>| Some(snapshot.find(text, circumstances));
    answer_first(snapshot, text, circumstances, &find)
}

/// How that is found, with every stage on the way. What a customer may not say, as a longer
/// text than the policy allows, finds nothing.
pub fn explain_first<'f>(
    snapshot: &Snapshot,
    text: &str,
    circumstances: impl Into<Circumstances<'f>>,
) -> Explanation {
    let (circumstances, explained) = (circumstances.into(), RefCell::new(None));
    // The answer is not asked for here; a refusal leaves nothing explained.
    _ = answer_first(snapshot, text, circumstances, &explaining(snapshot, &explained));
    explained.take().unwrap_or_else(|| snapshot.explain("", circumstances))
}

/// Finds as the snapshot does, and keeps every stage on the way.
fn explaining<'s>(
    snapshot: &'s Snapshot,
    explained: &'s RefCell<Option<Explanation>>,
) -> impl Fn(&str, Circumstances<'_>) -> Option<Outcome> + 's {
    move |text, circumstances| {
        let explanation = snapshot.explain(text, circumstances);
        let outcome = explanation.outcome.clone();
        explained.replace(Some(explanation));
        Some(outcome)
    }
}

fn answer_first(
    snapshot: &Snapshot,
    text: &str,
    circumstances: Circumstances<'_>,
    find: &dyn Fn(&str, Circumstances<'_>) -> Option<Outcome>,
) -> Result<Answered, Refusal> {
    let Circumstances { today, facts } = circumstances;
    // It stamps events that nobody keeps; what is served goes by the day.
    let now = snapshot.base.hours.noon(today);
    let world =
        World { today, ..World::new(&snapshot.base, facts, now, DeskState::default(), find) };
    let turn = first_turn(text.into(), &world)?;
    Ok(Answered::of(turn, &snapshot.base))
}
