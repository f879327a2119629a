//! Customers: their tokens, and what the host told about them.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{
    clock::Clock,
    knowledge::LiveKnowledge,
    metrics::Metrics,
    token::{AccessToken, draw_conversation_id},
};
use crate::journal::ConversationId;
use crate::knowledge::{DroppedFacts, Facts, GivenFacts};
use crate::storage::{CustomerRow, NewCustomer, StorageError, Store};

/// A customer is recognized for 30 days from the first visit.
const CUSTOMER_LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A new customer with a token.
#[derive(Debug)]
pub struct CustomerAccess {
    /// Proves that a request comes from this customer.
    pub token: AccessToken,
    /// The customer's one conversation.
    pub conversation: ConversationId,
    /// When the token expires.
    pub expires_at: Timestamp,
    /// The given facts that were not kept.
    pub dropped: DroppedFacts,
}

/// A customer who is recognized by a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCustomer {
    /// The customer's one conversation.
    pub conversation: ConversationId,
    /// What the host told about the customer, as far as the served knowledge declares it.
    pub facts: Facts,
    /// The row has other facts, which were declared when they were stored, or never.
    is_outdated: bool,
}

/// Customers, with their tokens and facts. Only facts that the served knowledge declares are kept.
#[derive(Debug)]
pub struct Customers {
    store: Store,
    clock: Clock,
    knowledge: LiveKnowledge,
    metrics: Arc<Metrics>,
}

impl Customers {
    /// Starts with the customers in the store, and drops their undeclared facts.
    pub(super) async fn start(
        store: Store,
        clock: Clock,
        knowledge: LiveKnowledge,
        metrics: Arc<Metrics>,
    ) -> Result<Self, StorageError> {
        let snapshot = knowledge.snapshot();
        let changed =
            store.rewrite_facts(move |stored| snapshot.base.still_declared(stored)).await?;
        if changed > 0 {
            tracing::info!(customers = changed, "stored facts dropped that are not declared");
        }
        Ok(Self { store, clock, knowledge, metrics })
    }

    /// Creates a customer with a token and a conversation.
    pub async fn create(
        &self,
        origin: Option<String>,
        given: GivenFacts,
    ) -> Result<CustomerAccess, StorageError> {
        let (token, conversation) = (AccessToken::draw(), draw_conversation_id());
        let (facts, dropped) = self.keep_declared(given);
        let now = self.clock.now();
        let expires_at = now + CUSTOMER_LIFETIME;
        let customer = NewCustomer {
            token_hash: AccessToken::hash(token.reveal()),
            conversation: conversation.clone(),
            origin,
            facts,
            now,
            expires_at,
        };
        self.store.create_customer(customer).await?;
        Ok(CustomerAccess { token, conversation, expires_at, dropped })
    }

    /// Looks up the customer of the token.
    pub async fn by_token(&self, token: &str) -> Result<Option<KnownCustomer>, StorageError> {
        let hash = AccessToken::hash(token);
        let row = self.store.customer_by_token(hash, self.clock.now()).await?;
        Ok(row.map(|CustomerRow { conversation, facts: stored }| {
            let facts = self.knowledge.snapshot().base.still_declared(&stored);
            KnownCustomer { conversation, is_outdated: facts != stored, facts }
        }))
    }

    /// Gives the customer these facts, which replace the facts stored before. Only a change is
    /// written.
    pub async fn with_facts(
        &self,
        token: &str,
        known: KnownCustomer,
        given: Option<GivenFacts>,
    ) -> Result<(KnownCustomer, DroppedFacts), StorageError> {
        let (facts, dropped) = match given {
            Some(given) => self.keep_declared(given),
            None => (known.facts.clone(), DroppedFacts::default()),
        };
        if known.is_outdated || facts != known.facts {
            self.store.set_customer_facts(AccessToken::hash(token), facts.clone()).await?;
        }
        Ok((KnownCustomer { facts, is_outdated: false, ..known }, dropped))
    }

    fn keep_declared(&self, given: GivenFacts) -> (Facts, DroppedFacts) {
        let (facts, dropped) = self.knowledge.snapshot().base.keep_declared(given);
        self.metrics.count_dropped(&dropped);
        (facts, dropped)
    }
}
