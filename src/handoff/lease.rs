//! Leases: how long an agent counts as present without a sign of life.

use std::{collections::BTreeMap, time::Duration};

use super::moment::Moment;
use crate::journal::AgentId;

/// An agent is lost 40 s after the last ping: pings come each 15 s, so two were missed. With the
/// grace of 15 s the customer is back in the queue 55 s after the agent's last sign of life.
const LEASE: Duration = Duration::from_secs(40);

/// The last sign of life of each agent who holds a lease.
#[derive(Clone, Debug, Default)]
pub(super) struct Leases(BTreeMap<AgentId, Moment>);

impl Leases {
    /// Renews the lease at a sign of life.
    pub(super) fn renew(&mut self, agent: AgentId, now: Moment) {
        self.0.insert(agent, now);
    }

    /// Grants a lease to an agent without one, such as one who has yet to come back after a
    /// restart.
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

    /// When the next lease ends if no ping comes.
    pub(super) fn next_end(&self) -> Option<Moment> {
        self.0.values().min().map(|heard| heard.plus(LEASE))
    }
}
