//! A conversation as its journal tells it.

use jiff::Timestamp;

use super::{
    awaited::Awaited,
    danger::{DangerFold, StandingDanger},
    later::later,
    mask_context,
    phase::{Owner, Phase, Wait},
    staffing_notices::StaffingNotices,
    timer::Timer,
};
use crate::compliance::MaskContext;
use crate::journal::{
    AgentEvent, AgentId, BotEvent, CustomerEvent, DeskEvent, EpisodeEvent, Event, Record, Reply,
    ReplyKind,
};
use crate::knowledge::{IntentAction, IntentId, KnowledgeBase, Policy};

/// With an agent, the silence before a warning is this many times the bot's, 15 minutes by default:
/// customers look for papers, and agents ask colleagues.
const AGENT_IDLE_TIMES: u32 = 3;

/// Records after which an episode with the bot ends. At each start of the server a state is folded
/// from the start of its episode. Real episodes have dozens of records.
pub(super) const EPISODE_RECORDS_MAX: u64 = 5_000;

/// A conversation's state: a fold over its records from [`State::fold_from`] on, and nothing else.
///
/// Two states that have applied the same records are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    seq: u64,
    last_at: Timestamp,
    /// The `seq` at which the episode began.
    episode_from: u64,
    /// The `seq` at which the episode of the open message began.
    message_from: Option<u64>,
    episode: u32,
    epoch: u64,
    phase: Phase,
    /// The last sign of life of either side, or the last change of owner.
    quiet_since: Timestamp,
    /// Set from the warning until the next sign of life.
    warned_at: Option<Timestamp>,
    /// Which side must speak next while an agent has it.
    awaited: Awaited,
    /// The staffing notices that the customer has seen.
    told: StaffingNotices,
    /// The danger that the customer told of.
    danger: DangerFold,
    /// What the messages of this episode tell the masking of the next one.
    masking: MaskContext,
    /// The intents that the bot acted on in this episode, without repeats.
    acted_on: Vec<IntentId>,
    /// Whether this episode had an entry's answer or an agent, and so can be rated.
    was_served: bool,
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}

impl State {
    /// The state before the first message.
    pub fn new() -> Self {
        Self {
            seq: 0,
            last_at: Timestamp::UNIX_EPOCH,
            episode_from: 0,
            message_from: None,
            episode: 0,
            epoch: 0,
            phase: Phase::Closed,
            quiet_since: Timestamp::UNIX_EPOCH,
            warned_at: None,
            awaited: Awaited::default(),
            told: StaffingNotices::default(),
            danger: DangerFold::default(),
            masking: MaskContext::default(),
            acted_on: Vec::new(),
            was_served: false,
        }
    }

    /// The `seq` of the last record; 0 before the first.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The stamp of the last record; 1970 before the first.
    pub fn last_at(&self) -> Timestamp {
        self.last_at
    }

    /// The number of the episode, from 1; 0 before the first message.
    pub fn episode(&self) -> u32 {
        self.episode
    }

    /// Raised by one at each change of owner; 0 before the first message.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// What the conversation is waiting for.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Who may speak to the customer.
    pub fn owner(&self) -> Owner {
        self.phase.owner()
    }

    /// Whether anything may happen without the customer: an owner or a timer may act, or an agent
    /// may take up the message left.
    pub fn is_open(&self) -> bool {
        self.phase != Phase::Closed || self.has_open_message()
    }

    /// Whether the customer left a message that no agent has taken up.
    pub fn has_open_message(&self) -> bool {
        self.message_from.is_some()
    }

    /// The `seq` from which the journal is folded into this state. An episode does not depend on
    /// those before it, unless a message is still open. 0 before the first.
    pub fn fold_from(&self) -> u64 {
        self.message_from.unwrap_or(self.episode_from)
    }

    /// Whether a new episode may begin because this one is so long that folding it is costly: only
    /// while the bot neither asks nor waits for anything.
    pub(super) fn is_long_and_calm(&self) -> bool {
        let records = (self.seq + 1).saturating_sub(self.episode_from);
        matches!(self.phase, Phase::BotActive { .. }) && records >= EPISODE_RECORDS_MAX
    }

    /// The highest priority among the handoff intents that the bot acted on in this episode; 0
    /// without one.
    pub(super) fn urgency(&self, base: &KnowledgeBase) -> u8 {
        let priority = |id: &IntentId| match base.intent(id)?.action {
            IntentAction::Handoff { priority, .. } => Some(priority),
            IntentAction::Reply { .. } | IntentAction::Answer { .. } => None,
        };
        self.acted_on.iter().filter_map(priority).max().unwrap_or(0)
    }

    /// The danger in which the customer's utterances are read at this time; `None` without one.
    pub fn standing_danger(&self, now: Timestamp) -> Option<&StandingDanger> {
        self.danger.standing(now)
    }

    pub(super) fn danger(&self) -> &DangerFold {
        &self.danger
    }

    /// What the messages of this episode tell the masking of the customer's next one.
    pub fn mask_context(&self) -> &MaskContext {
        &self.masking
    }

    /// The timer that is set, and when it runs out. `None` when the conversation is closed, and
    /// when the agent has had all reminders.
    ///
    /// With the bot, or after an agent's message, a silent customer is first warned, and then the
    /// episode ends. A customer who waits for an agent's answer is never warned or sent away: the
    /// agent is reminded.
    pub fn timer(&self, policy: &Policy) -> Option<(Timer, Timestamp)> {
        Some(match &self.phase {
            Phase::BotActive { .. } | Phase::Clarifying { .. } | Phase::LeavingMessage { .. } => {
                self.idle_timer(policy, policy.idle_warn_s)
            }
            Phase::AgentActive { .. } if self.awaited.since().is_some() => {
                (Timer::Reminder, self.awaited.deadline(policy)?)
            }
            Phase::AgentActive { .. } => {
                self.idle_timer(policy, policy.idle_warn_s.saturating_mul(AGENT_IDLE_TIMES))
            }
            Phase::Queued { entered_at, .. } => {
                (Timer::QueueWait, later(*entered_at, policy.queue_timeout_s))
            }
            Phase::Offered { until, .. } => (Timer::Offer, *until),
            Phase::AgentLost { until, .. } => (Timer::Grace, *until),
            Phase::Rating { until } => (Timer::Rating, *until),
            Phase::MessageLeft => {
                let silence_s = policy.idle_warn_s.saturating_add(policy.idle_close_s);
                (Timer::MessageClose, later(self.quiet_since, silence_s))
            }
            Phase::Closed => return None,
        })
    }

    fn idle_timer(&self, policy: &Policy, warn_s: u32) -> (Timer, Timestamp) {
        match self.warned_at {
            None => (Timer::IdleWarning, later(self.quiet_since, warn_s)),
            Some(warned_at) => (Timer::IdleClose, later(warned_at, policy.idle_close_s)),
        }
    }

    /// Numbers the events of a turn as the next records.
    pub fn number(&self, at: Timestamp, events: Vec<Event>) -> Vec<Record> {
        (self.seq + 1..).zip(events).map(|(seq, event)| Record { seq, at, event }).collect()
    }

    /// The state after records that follow each other, from the first or from
    /// [`fold_from`](Self::fold_from) on.
    pub fn fold(records: &[Record]) -> Self {
        let mut state = Self::new();
        for record in records {
            state.apply_unmasked(record);
        }
        state.masking = mask_context::fold(records);
        state
    }

    /// Applies the next record. A record that does not fit leaves the phase as it is.
    pub fn apply(&mut self, record: &Record) {
        self.apply_unmasked(record);
        mask_context::note(&mut self.masking, &record.event);
    }

    /// Applies all of a record but what it tells masking, which costs most.
    fn apply_unmasked(&mut self, record: &Record) {
        self.seq = record.seq;
        self.last_at = record.at;
        self.epoch = record.event.epoch().unwrap_or(self.epoch);
        self.danger.note(&record.event, record.at, self.owner());
        self.note_episode(record);
        self.note_silence(record);
        self.awaited.note(record);
        self.told.note(record);
        if let Some(phase) = self.phase_after(record) {
            self.phase = phase;
        }
    }

    fn note_silence(&mut self, record: &Record) {
        match record.event {
            Event::Episode(EpisodeEvent::IdleWarned) => self.warned_at = Some(record.at),
            Event::Customer(
                CustomerEvent::Said { .. }
                | CustomerEvent::AskedHuman { .. }
                | CustomerEvent::LeftMessage { .. },
            )
            | Event::Bot(BotEvent::AskedForMessage { .. })
            | Event::Agent(_)
            | Event::Desk(DeskEvent::AgentBack { .. })
            | Event::Episode(EpisodeEvent::Started { .. } | EpisodeEvent::ReturnedToBot { .. }) => {
                self.quiet_since = record.at;
                self.warned_at = None;
            }
            Event::Customer(_) | Event::Bot(_) | Event::Desk(_) | Event::Episode(_) => {}
        }
    }

    fn note_episode(&mut self, record: &Record) {
        match &record.event {
            Event::Episode(EpisodeEvent::Started { episode, .. }) => {
                self.episode = *episode;
                self.episode_from = record.seq;
                self.was_served = false;
                self.acted_on.clear();
                self.awaited = Awaited::default();
                self.told = StaffingNotices::default();
            }
            Event::Bot(BotEvent::Said(Reply { kind, intent, .. })) => {
                self.was_served |= *kind == ReplyKind::Answer;
                if let Some(intent) = intent.as_ref().filter(|id| !self.acted_on.contains(id)) {
                    self.acted_on.push(intent.clone());
                }
            }
            Event::Agent(AgentEvent::Joined { .. }) => {
                self.was_served = true;
                self.message_from = None;
            }
            Event::Customer(CustomerEvent::LeftMessage { .. }) => {
                self.message_from.get_or_insert(self.episode_from);
            }
            Event::Customer(_)
            | Event::Bot(_)
            | Event::Agent(_)
            | Event::Desk(_)
            | Event::Episode(_) => {}
        }
    }

    fn phase_after(&self, record: &Record) -> Option<Phase> {
        match &record.event {
            Event::Episode(EpisodeEvent::Started { .. } | EpisodeEvent::ReturnedToBot { .. }) => {
                Some(Phase::BotActive { misses: 0 })
            }
            Event::Bot(BotEvent::Said(reply)) => {
                (self.owner() == Owner::Bot).then(|| self.phase_after_reply(reply))
            }
            Event::Desk(DeskEvent::Queued { priority, since, .. }) => Some(Phase::Queued {
                wait: Wait { since: *since, priority: *priority },
                entered_at: record.at,
            }),
            Event::Desk(DeskEvent::Offered { agent, until }) => self.phase_offered(*agent, *until),
            Event::Desk(DeskEvent::OfferEnded { .. }) => self.phase_offer_ended(),
            Event::Agent(AgentEvent::Joined { agent, .. }) => Some(Phase::AgentActive {
                agent: *agent,
                wait: self.phase.wait().unwrap_or(Wait {
                    since: record.at,
                    priority: Wait::NORMAL_PRIORITY.max(self.danger.priority()),
                }),
            }),
            Event::Desk(DeskEvent::AgentLost { until, .. }) => self.phase_agent_lost(*until),
            Event::Desk(DeskEvent::AgentBack { .. }) => self.phase_agent_back(),
            Event::Bot(BotEvent::FoundDanger { priority, .. }) => self.phase.raised_to(*priority),
            Event::Bot(BotEvent::AskedForMessage { .. }) => {
                Some(Phase::LeavingMessage { misses: self.phase.misses() })
            }
            Event::Customer(CustomerEvent::LeftMessage { .. }) => Some(Phase::MessageLeft),
            Event::Episode(EpisodeEvent::Ended { rate_until, .. }) => {
                Some(rate_until.map_or(Phase::Closed, |until| Phase::Rating { until }))
            }
            Event::Customer(CustomerEvent::Rated { .. }) | Event::Episode(EpisodeEvent::Closed) => {
                Some(Phase::Closed)
            }
            Event::Customer(_)
            | Event::Bot(_)
            | Event::Agent(_)
            | Event::Desk(_)
            | Event::Episode(_) => None,
        }
    }

    /// A hit resets the count of misses. A second clarification in a row counts as a miss: the
    /// first list did not help.
    fn phase_after_reply(&self, reply: &Reply) -> Phase {
        let misses = self.phase.misses();
        let one_more = misses.saturating_add(1);
        match (reply.kind, &self.phase) {
            (ReplyKind::Answer | ReplyKind::Intent, _) => Phase::BotActive { misses: 0 },
            (ReplyKind::Clarify, phase) => {
                let is_again = matches!(phase, Phase::Clarifying { .. });
                let choices = reply.choices.iter().map(|choice| choice.entry.clone()).collect();
                Phase::Clarifying { misses: if is_again { one_more } else { misses }, choices }
            }
            (ReplyKind::Fallback, Phase::LeavingMessage { .. }) => {
                Phase::LeavingMessage { misses: one_more }
            }
            (ReplyKind::Fallback, _) => Phase::BotActive { misses: one_more },
        }
    }

    fn phase_offered(&self, agent: AgentId, until: Timestamp) -> Option<Phase> {
        let Phase::Queued { wait, entered_at } = self.phase else { return None };
        Some(Phase::Offered { wait, entered_at, agent, until })
    }

    fn phase_offer_ended(&self) -> Option<Phase> {
        let Phase::Offered { wait, entered_at, .. } = self.phase else { return None };
        Some(Phase::Queued { wait, entered_at })
    }

    fn phase_agent_lost(&self, until: Timestamp) -> Option<Phase> {
        let Phase::AgentActive { agent, wait } = self.phase else { return None };
        Some(Phase::AgentLost { agent, wait, until })
    }

    fn phase_agent_back(&self) -> Option<Phase> {
        let Phase::AgentLost { agent, wait, .. } = self.phase else { return None };
        Some(Phase::AgentActive { agent, wait })
    }

    /// Since when the customer waits for the agent's answer. `None` if no agent has the
    /// conversation, or the agent spoke last.
    pub fn waits_for_agent_since(&self) -> Option<Timestamp> {
        matches!(self.owner(), Owner::Agent(_)).then(|| self.awaited.since()).flatten()
    }

    pub(super) fn told(&self) -> &StaffingNotices {
        &self.told
    }

    pub(super) fn was_served(&self) -> bool {
        self.was_served
    }
}
