//! Metrics for `/metrics`, in the `OpenMetrics` text format. Labels are few and bounded.

use std::sync::atomic::AtomicI64;

use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use tokio::sync::watch;

use super::clock::Clock;
use crate::dialogue::TreatedData;
use crate::journal::ReplyKind;
use crate::knowledge::DroppedFacts;

/// Upper bounds of the time histograms, in seconds: from 10 µs, about one match, to 3 s, after
/// which a customer believes that the service is down. Each bound is a round decimal that prints as
/// it is written.
const SECONDS: [f64; 12] =
    [0.000_01, 0.000_03, 0.000_1, 0.000_3, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0];

/// Counts one open socket until it is dropped.
#[derive(Debug)]
pub struct SocketGuard {
    gauge: Gauge,
    open: watch::Sender<usize>,
}

impl Drop for SocketGuard {
    fn drop(&mut self) {
        self.gauge.dec();
        self.open.send_modify(|open| *open -= 1);
    }
}

/// The server's metrics.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Open sockets by role.
    pub sockets: Family<RoleLabel, Gauge>,
    /// Bot replies by kind.
    pub replies: Family<ReplyLabel, Counter>,
    /// Utterances taken.
    pub utterances: Counter,
    /// Seconds that matching one utterance took.
    pub match_seconds: Histogram,
    /// Seconds from an input to its commit.
    pub commit_seconds: Histogram,
    /// Inputs that could not be stored.
    pub store_failures: Counter,
    /// Knowledge reloads by outcome.
    pub reloads: Family<ReloadLabel, Counter>,
    /// Conversations in the queue.
    pub waiting: Gauge<i64, AtomicI64>,
    /// Agents ready.
    pub agents_ready: Gauge<i64, AtomicI64>,
    /// Conversation tasks that failed.
    pub conversation_faults: Counter,
    /// Facts of customers that pages sent and the knowledge does not declare.
    pub facts_dropped: Counter,
    /// Personal data that masking found in what was stored or asked, by class and treatment.
    pub personal_data: Family<PersonalDataLabel, Counter>,
    /// All open sockets, for a stop that waits for them.
    open_sockets: watch::Sender<usize>,
}

/// The gauges of the desk.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeskGauges {
    waiting: Gauge<i64, AtomicI64>,
    agents_ready: Gauge<i64, AtomicI64>,
}

impl DeskGauges {
    pub(crate) fn set(&self, waiting: usize, agents_ready: usize) {
        self.waiting.set(waiting as i64);
        self.agents_ready.set(agents_ready as i64);
    }
}

/// The label of the `sockets` gauge.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RoleLabel {
    /// Customer or agent.
    pub role: RoleValue,
}

/// The client at the other end of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoleValue {
    /// A customer.
    Customer,
    /// An agent.
    Agent,
}

impl EncodeLabelValue for RoleValue {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), std::fmt::Error> {
        let name = match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
        };
        EncodeLabelValue::encode(&name, encoder)
    }
}

/// The label of the `replies` counter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ReplyLabel {
    /// The reply kind's name in the journal.
    pub kind: &'static str,
}

/// The labels of the `personal_data` counter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct PersonalDataLabel {
    /// The name of the class in `masking.yaml`.
    pub class: &'static str,
    /// `destroy`, `last_four` or `flag`.
    pub treatment: &'static str,
}

/// The label of the `reloads` counter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ReloadLabel {
    /// `loaded` or `refused`.
    pub outcome: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("kefu");
        let seconds = || Histogram::new(SECONDS);
        let metrics = Self {
            sockets: Family::default(),
            replies: Family::default(),
            utterances: Counter::default(),
            match_seconds: seconds(),
            commit_seconds: seconds(),
            store_failures: Counter::default(),
            reloads: Family::default(),
            waiting: Gauge::default(),
            agents_ready: Gauge::default(),
            conversation_faults: Counter::default(),
            facts_dropped: Counter::default(),
            personal_data: Family::default(),
            open_sockets: watch::Sender::new(0),
            registry: Registry::default(),
        };
        registry.register("sockets", "Open sockets", metrics.sockets.clone());
        registry.register("replies", "Bot replies", metrics.replies.clone());
        registry.register("utterances", "Utterances taken", metrics.utterances.clone());
        registry.register("match_seconds", "Matching one", metrics.match_seconds.clone());
        registry.register("commit_seconds", "Input to commit", metrics.commit_seconds.clone());
        registry.register("store_failures", "Inputs not stored", metrics.store_failures.clone());
        registry.register("reloads", "Knowledge reloads", metrics.reloads.clone());
        registry.register("waiting", "Conversations in the queue", metrics.waiting.clone());
        registry.register("agents_ready", "Agents ready", metrics.agents_ready.clone());
        let faults = metrics.conversation_faults.clone();
        registry.register("conversation_faults", "Conversation tasks that failed", faults);
        registry.register("facts_dropped", "Facts not declared", metrics.facts_dropped.clone());
        let personal_data = metrics.personal_data.clone();
        registry.register("personal_data", "Personal data that masking found", personal_data);
        Self { registry, ..metrics }
    }
}

impl Metrics {
    /// Counts a socket until the guard is dropped.
    pub fn open_socket(&self, role: RoleValue) -> SocketGuard {
        let gauge = self.sockets.get_or_create(&RoleLabel { role }).clone();
        gauge.inc();
        self.open_sockets.send_modify(|open| *open += 1);
        SocketGuard { gauge, open: self.open_sockets.clone() }
    }

    pub(crate) fn desk_gauges(&self) -> DeskGauges {
        DeskGauges { waiting: self.waiting.clone(), agents_ready: self.agents_ready.clone() }
    }

    /// Waits until no socket is open.
    pub(crate) async fn wait_for_sockets(&self) {
        // `self` holds the sender, so this ends only when the count is 0.
        let _ = self.open_sockets.subscribe().wait_for(|open| *open == 0).await;
    }

    pub(crate) fn count_reply(&self, kind: ReplyKind) {
        let kind = match kind {
            ReplyKind::Answer => "answer",
            ReplyKind::Clarify => "clarify",
            ReplyKind::Fallback => "fallback",
            ReplyKind::Intent => "intent",
        };
        self.replies.get_or_create(&ReplyLabel { kind }).inc();
    }

    pub(crate) fn count_dropped(&self, dropped: &DroppedFacts) {
        self.facts_dropped.inc_by(dropped.count() as u64);
    }

    /// Counts what masking found, by kinds only.
    pub(crate) fn count_personal_data(&self, treated: &[TreatedData]) {
        for TreatedData { class, treatment } in treated {
            let label = PersonalDataLabel { class: class.as_str(), treatment: treatment.as_str() };
            self.personal_data.get_or_create(&label).inc();
        }
    }

    /// Runs the matcher, for an utterance of a conversation or a question outside of one, and
    /// records the time that it took.
    pub(crate) fn matched<T>(&self, clock: &Clock, ask: impl FnOnce() -> T) -> T {
        let started = clock.elapsed();
        let outcome = ask();
        let took = clock.elapsed().saturating_sub(started);
        self.match_seconds.observe(took.as_secs_f64());
        outcome
    }

    /// All metrics as text.
    pub fn render(&self) -> String {
        let mut text = String::new();
        // Writing to a `String` does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bound_of_a_histogram_is_a_round_number() {
        let metrics = Metrics::default();
        metrics.match_seconds.observe(0.001);
        metrics.commit_seconds.observe(0.001);
        let text = metrics.render();
        let bounds: Vec<&str> = text
            .split("le=\"")
            .skip(1)
            .filter_map(|rest| rest.split_once('"').map(|(bound, _)| bound))
            .filter(|bound| *bound != "+Inf")
            .collect();
        assert!(bounds.len() >= 20, "{text}");
        for bound in bounds {
            let digits = bound.split(['e', 'E']).next().unwrap_or_default().replace('.', "");
            let significant = digits.trim_matches('0').len();
            assert!(significant <= 2 && bound.len() <= 8, "{bound}");
        }
    }
}
