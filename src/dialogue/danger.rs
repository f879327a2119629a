//! The danger that a customer told of: a fold over the records of an episode.

use jiff::Timestamp;

use super::{later::later, phase::Owner};
use crate::journal::{
    AgentEvent, BotEvent, Choice, CustomerEvent, DeskEvent, EpisodeEvent, Event, HandoffReason,
    Notice, Occasion, ReplyKind,
};
use crate::knowledge::{EntryId, GuardKind, IntentId};

/// A danger stands for this many seconds after the last utterance that told of one.
pub const DANGER_STANDS_S: u32 = 1_800;

/// A notice that no human can come is not said again within this many seconds.
const NOTICE_PAUSE_S: u32 = 300;

/// The danger in which later utterances are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingDanger {
    /// The most urgent kind of danger that was found.
    pub kind: GuardKind,
    /// The intent whose texts help.
    pub intent: IntentId,
    /// When the last danger was found.
    last_at: Timestamp,
    /// Entries on the buttons of answers that were given since.
    follow_ups: Vec<EntryId>,
    /// Whether the customer was queued for a human, or got one, since it was found.
    was_handed_over: bool,
}

impl StandingDanger {
    /// Whether the entry was on a button of an answer given since.
    pub(super) fn has_follow_up(&self, entry: &EntryId) -> bool {
        self.follow_ups.contains(entry)
    }

    pub(super) fn was_handed_over(&self) -> bool {
        self.was_handed_over
    }

    fn show(&mut self, choices: &[Choice]) {
        for Choice { entry, .. } in choices {
            if !self.follow_ups.contains(entry) {
                self.follow_ups.push(entry.clone());
            }
        }
    }

    fn stands_at(&self, now: Timestamp) -> bool {
        now < later(self.last_at, DANGER_STANDS_S)
    }
}

/// All that an episode tells of danger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DangerFold {
    standing: Option<StandingDanger>,
    /// The highest priority of the episode, in the queue or called for.
    priority: u8,
    /// The kinds found since the customer was queued.
    found_waiting: Vec<GuardKind>,
    /// The kinds found while an agent had the conversation.
    found_with_agent: Vec<GuardKind>,
    /// Whether the customer asked for a human, so that a message may be left instead.
    has_asked_human: bool,
    /// The last notice that no human can come.
    nobody: Option<(Timestamp, String)>,
}

impl DangerFold {
    /// The danger that stands at this time.
    pub(super) fn standing(&self, now: Timestamp) -> Option<&StandingDanger> {
        self.standing.as_ref().filter(|danger| danger.stands_at(now))
    }

    /// The highest priority of the episode, in the queue or called for; 0 without one.
    pub(super) fn priority(&self) -> u8 {
        self.priority
    }

    /// Whether the customer asked for a human in this episode.
    pub(super) fn has_asked_human(&self) -> bool {
        self.has_asked_human
    }

    /// Whether the kind was found before while this owner had the conversation.
    pub(super) fn was_found(&self, kind: GuardKind, owner: Owner) -> bool {
        match owner {
            Owner::Queue => self.found_waiting.contains(&kind),
            Owner::Agent(_) => self.found_with_agent.contains(&kind),
            Owner::Bot | Owner::Nobody => false,
        }
    }

    /// Whether the customer has just read that no human can come, in the same words.
    pub(super) fn was_told(&self, text: &str, now: Timestamp) -> bool {
        let told = self.nobody.as_ref();
        told.is_some_and(|(at, told)| told == text && now < later(*at, NOTICE_PAUSE_S))
    }

    /// Takes an event that was written while `owner` had the conversation.
    pub(super) fn note(&mut self, event: &Event, at: Timestamp, owner: Owner) {
        match event {
            Event::Episode(EpisodeEvent::Started { .. }) => *self = Self::default(),
            Event::Bot(BotEvent::FoundDanger { kind, intent, priority }) => {
                self.found(*kind, intent, at, owner);
                self.priority = self.priority.max(*priority);
            }
            Event::Bot(BotEvent::DangerOver) => self.standing = None,
            Event::Bot(BotEvent::Noticed(Notice {
                occasion: Occasion::NoAgent | Occasion::OffHours,
                text,
            })) => self.nobody = Some((at, text.clone())),
            Event::Desk(DeskEvent::Queued { priority, reason, .. }) => {
                self.priority = self.priority.max(*priority);
                self.found_waiting.clear();
                self.has_asked_human |= *reason == HandoffReason::Asked;
                self.handed_over();
            }
            Event::Bot(BotEvent::Said(reply)) if reply.kind == ReplyKind::Answer => {
                if let Some(danger) = self.standing.as_mut().filter(|danger| danger.stands_at(at)) {
                    danger.show(&reply.choices);
                }
            }
            Event::Customer(CustomerEvent::AskedHuman { .. }) => {
                self.has_asked_human = true;
            }
            Event::Agent(AgentEvent::Joined { .. }) => self.handed_over(),
            Event::Customer(_)
            | Event::Bot(_)
            | Event::Agent(_)
            | Event::Desk(_)
            | Event::Episode(_) => {}
        }
    }

    /// A less urgent danger does not replace the one that stands: it only makes it stand longer.
    fn found(&mut self, kind: GuardKind, intent: &IntentId, at: Timestamp, owner: Owner) {
        let found = match owner {
            Owner::Queue => Some(&mut self.found_waiting),
            Owner::Agent(_) => Some(&mut self.found_with_agent),
            Owner::Bot | Owner::Nobody => None,
        };
        if let Some(found) = found.filter(|found| !found.contains(&kind)) {
            found.push(kind);
        }
        let was_handed_over = matches!(owner, Owner::Queue | Owner::Agent(_));
        match self.standing.as_mut().filter(|danger| danger.stands_at(at)) {
            Some(danger) => {
                danger.last_at = at;
                if kind <= danger.kind {
                    (danger.kind, danger.intent) = (kind, intent.clone());
                }
            }
            None => {
                self.standing = Some(StandingDanger {
                    kind,
                    intent: intent.clone(),
                    last_at: at,
                    follow_ups: Vec::new(),
                    was_handed_over,
                });
            }
        }
    }

    fn handed_over(&mut self) {
        if let Some(danger) = &mut self.standing {
            danger.was_handed_over = true;
        }
    }
}
