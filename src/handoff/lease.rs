//! How long an agent who is not heard of counts as there.

use std::{collections::BTreeMap, time::Duration};

use super::moment::Moment;
use crate::journal::AgentId;

/// An agent is lost 40 s after the last ping: pings come each 15 s, so two were missed. With the
/// grace of 15 s the customer is back in the queue 55 s after the agent's last sign of life.
const LEASE: Duration = Duration::from_secs(40);

/// When each agent who holds a lease was last heard of.
#[derive(Clone, Debug, Default)]
pub(super) struct Leases(BTreeMap<AgentId, Moment>);

impl Leases {
    /// The agent was heard of.
    pub(super) fn renew(&mut self, agent: AgentId, now: Moment) {
        self.0.insert(agent, now);
    }

    /// A lease for one who has none, such as an agent who has yet to come back after a restart.
    pub(super) fn grant(&mut self, agent: AgentId, now: Moment) {
        self.0.entry(agent).or_insert(now);
    }

    pub(super) fn end(&mut self, agent: AgentId) {
        self.0.remove(&agent);
    }

    pub(super) fn has(&self, agent: AgentId) -> bool {
        self.0.contains_key(&agent)
    }

    /// The agents whose leases are over.
    pub(super) fn over(&self, now: Moment) -> Vec<AgentId> {
        let is_over = |(_, heard): &(&AgentId, &Moment)| heard.plus(LEASE) <= now;
        self.0.iter().filter(is_over).map(|(agent, _)| *agent).collect()
    }

    /// When the next lease is over if nobody is heard of.
    pub(super) fn next_end(&self) -> Option<Moment> {
        self.0.values().min().map(|heard| heard.plus(LEASE))
    }
}
