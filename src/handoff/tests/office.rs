//! Conversations and a desk that sees their records.

use std::collections::BTreeMap;

use crate::dialogue::{Input, State, Step, step, tests::fixture};
use crate::handoff::{Desk, Offer};
use crate::journal::{AgentId, ClientId, ConversationId, Record};
use crate::knowledge::KnowledgeBase;

pub(super) struct Office {
    pub(super) base: KnowledgeBase,
    pub(super) desk: Desk,
    pub(super) second: i64,
    pub(super) conversations: BTreeMap<ConversationId, State>,
    pub(super) records: Vec<(ConversationId, Record)>,
    messages: usize,
}

impl Office {
    pub(super) fn new() -> Self {
        Self {
            base: fixture::base(),
            desk: Desk::new(),
            second: 0,
            conversations: BTreeMap::new(),
            records: Vec::new(),
            messages: 0,
        }
    }

    /// Whether anything followed.
    pub(super) fn input(&mut self, conversation: &ConversationId, input: Input<'_>) -> bool {
        let world = fixture::world(&self.base, self.second);
        let state = self.conversations.entry(conversation.clone()).or_default();
        let Ok(Step::Events(events)) = step(state, input, &world) else { return false };
        let records = state.number(world.now, events);
        for record in &records {
            state.apply(record);
            self.desk.apply(conversation, record);
            self.records.push((conversation.clone(), record.clone()));
        }
        !records.is_empty()
    }

    pub(super) fn epoch(&self, conversation: &ConversationId) -> u64 {
        self.conversations.get(conversation).map_or(0, State::epoch)
    }

    pub(super) fn client_id(&mut self) -> ClientId {
        self.messages += 1;
        ClientId::new(&format!("m{}", self.messages)).unwrap()
    }

    pub(super) fn asks_human(&mut self, conversation: &ConversationId) {
        let client_id = self.client_id();
        self.input(conversation, Input::AsksHuman { client_id });
    }

    /// As the intent of fraud does: at once and before all others.
    pub(super) fn reports_fraud(&mut self, conversation: &ConversationId) {
        let (client_id, outcome) = (self.client_id(), fixture::wants("fraud.report"));
        let text = "我被骗了".to_owned();
        let outcome = Some(&outcome);
        self.input(
            conversation,
            Input::Says { client_id, text, secret: false, choice: None, outcome },
        );
    }

    pub(super) fn accepts(&mut self, conversation: &ConversationId, agent: AgentId) -> bool {
        let epoch = self.epoch(conversation);
        self.input(conversation, Input::Accept { agent, epoch })
    }

    pub(super) fn closes(&mut self, conversation: &ConversationId, agent: AgentId) -> bool {
        let epoch = self.epoch(conversation);
        self.input(conversation, Input::AgentCloses { agent, epoch })
    }

    /// Makes every offer that the desk has now.
    pub(super) fn offers(&mut self) -> Vec<Offer> {
        let mut offers = Vec::new();
        while let Some(offer) = self.desk.next_offer(fixture::at(self.second)) {
            self.desk.propose(&offer);
            let Offer { conversation, agent, epoch } = offer.clone();
            assert!(self.input(&conversation, Input::Offer { agent, epoch }), "{offer:?}");
            offers.push(offer);
        }
        offers
    }

    /// Time passes, and every deadline on the way does its work.
    pub(super) fn wait_until(&mut self, second: i64) {
        loop {
            let next = self
                .conversations
                .iter()
                .filter_map(|(id, state)| Some((state.deadline(&self.base.policy)?, id)))
                .min()
                .filter(|(deadline, _)| *deadline <= fixture::at(second));
            let Some((deadline, conversation)) = next else { break };
            self.second = self.second.max(fixture::second(deadline));
            let conversation = conversation.clone();
            assert!(self.input(&conversation, Input::Tick), "a deadline leads on");
        }
        self.second = second;
    }
}
