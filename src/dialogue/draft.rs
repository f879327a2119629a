//! The events of one step while they are being decided.

use super::{
    input::World,
    later::later,
    phase::{Owner, Phase, Wait},
    state::State,
};
use crate::compliance::Masked;
use crate::journal::{
    BotEvent, CloseCause, DeskEvent, EpisodeEvent, Event, HandoffReason, Notice, Occasion,
};
use crate::knowledge::HandoffTexts;
use crate::matching::Outcome;

/// What the bot starts an episode with.
const FRESH: &Phase = &Phase::BotActive { misses: 0 };

/// What follows from an input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turn {
    /// Write these, all or none; see [`State::number`]. Empty: there is nothing to do, and
    /// that is right.
    pub events: Vec<Event>,
    /// What matching found, where the bot was to answer an utterance.
    pub outcome: Option<Outcome>,
}

/// The events of one step while they are being decided, and the epoch after them.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) world: &'a World<'a>,
    epoch: u64,
    events: Vec<Event>,
    outcome: Option<Outcome>,
    /// How urgent the episode is by what was said before.
    urgency: u8,
}

impl<'a> Draft<'a> {
    pub(super) fn new(state: &State, world: &'a World<'a>) -> Self {
        Self {
            world,
            epoch: state.epoch(),
            events: Vec::new(),
            outcome: None,
            urgency: state.urgency(world.base),
        }
    }

    pub(super) fn finish(self) -> Turn {
        Turn { events: self.events, outcome: self.outcome }
    }

    /// What matching finds for the utterance; `None` where the bot failed.
    pub(super) fn find(&mut self, text: &Masked) -> Option<Outcome> {
        let outcome = (self.world.find)(&text.without_tags(), self.world.circumstances());
        self.outcome.clone_from(&outcome);
        outcome
    }

    pub(super) fn push(&mut self, event: Event) {
        self.events.push(event);
    }

    /// The epoch for an event that gives the conversation to somebody else.
    pub(super) fn raise_epoch(&mut self) -> u64 {
        self.epoch += 1;
        self.epoch
    }

    /// Begins an episode where nobody owns the conversation; the phase that holds then.
    ///
    /// The bot begins another one, too, where the episode has become so long that to fold it
    /// would cost.
    pub(super) fn wake<'s>(&mut self, state: &'s State) -> &'s Phase {
        let epoch = match state.owner() {
            Owner::Nobody => {
                self.urgency = 0;
                self.raise_epoch()
            }
            // Where nothing is asked or wanted: those phases end by themselves.
            Owner::Bot if state.is_long_and_calm() => self.epoch,
            Owner::Bot | Owner::Queue | Owner::Agent(_) => return state.phase(),
        };
        self.push(Event::Episode(EpisodeEvent::Started {
            episode: state.episode().saturating_add(1),
            epoch,
        }));
        FRESH
    }

    /// Says what the policy has for the occasion.
    pub(super) fn notice(&mut self, occasion: Occasion) {
        let texts = &self.world.base.policy.texts;
        let text = match occasion {
            Occasion::Queued => texts.queued.clone(),
            Occasion::OffHours => {
                texts.off_hours.replace("{{next_opening}}", &self.world.duty.next_opening)
            }
            Occasion::NoAgent => texts.no_agent.clone(),
            Occasion::AgentJoined => texts.agent_joined.replace("{{agent}}", self.world.agent_name),
            Occasion::AgentLost => texts.agent_lost.clone(),
            Occasion::BackToBot => texts.back_to_bot.clone(),
            Occasion::LeftQueue => texts.left_queue.clone(),
            Occasion::MessageKept => texts.message_kept.clone(),
            Occasion::Idle => texts.idle.clone(),
            Occasion::Rate => texts.rate.clone(),
            Occasion::Rated => texts.rated.clone(),
            Occasion::SecretDestroyed => texts.secret_destroyed.clone(),
            Occasion::QueueUnstaffed => texts.queue_unstaffed.clone(),
            Occasion::QueueStaffed => texts.queue_staffed.clone(),
            Occasion::QueueFull => texts.queue_full.clone(),
        };
        self.push(Event::Bot(BotEvent::Noticed(Notice { occasion, text })));
    }

    /// Says for the occasion what an intent has for it, else what the policy has.
    fn notice_of(&mut self, occasion: Occasion, own: Option<&String>) {
        match own {
            Some(text) => {
                let text = text.replace("{{next_opening}}", &self.world.duty.next_opening);
                self.push(Event::Bot(BotEvent::Noticed(Notice { occasion, text })));
            }
            None => self.notice(occasion),
        }
    }

    /// From the bot to the queue if there is a human and room, else to leaving a message.
    pub(super) fn hand_over(&mut self, reason: HandoffReason, priority: u8) {
        self.hand_over_saying(&HandoffTexts::default(), reason, priority);
    }

    /// The same, told in these texts as far as there are any.
    pub(super) fn hand_over_saying(
        &mut self,
        texts: &HandoffTexts,
        reason: HandoffReason,
        priority: u8,
    ) {
        // Who was in danger a moment ago still is, whatever was pressed since.
        let priority = priority.max(self.urgency);
        let duty = &self.world.duty;
        if duty.has_room_for(priority) {
            let wait = Wait { since: self.world.now, priority };
            self.enqueue(reason, wait);
            self.notice_of(Occasion::Queued, texts.queued.as_ref());
        } else if duty.has_human() {
            self.push(Event::Bot(BotEvent::AskedForMessage { epoch: self.epoch }));
            self.notice(Occasion::QueueFull);
        } else {
            self.ask_for_message_saying(texts, self.epoch);
        }
    }

    /// Owner becomes the queue.
    pub(super) fn enqueue(&mut self, reason: HandoffReason, wait: Wait) {
        let epoch = self.raise_epoch();
        let Wait { since, priority } = wait;
        self.push(Event::Desk(DeskEvent::Queued { epoch, reason, priority, since }));
    }

    /// The bot owns it from `epoch` on, and the customer is told why a message is wanted.
    pub(super) fn ask_for_message(&mut self, epoch: u64) {
        self.ask_for_message_saying(&HandoffTexts::default(), epoch);
    }

    fn ask_for_message_saying(&mut self, texts: &HandoffTexts, epoch: u64) {
        self.push(Event::Bot(BotEvent::AskedForMessage { epoch }));
        if self.world.duty.open {
            self.notice_of(Occasion::NoAgent, texts.nobody.as_ref());
        } else {
            self.notice_of(Occasion::OffHours, texts.closed.as_ref());
        }
    }

    /// Ends the episode; with a rating if there was something to rate.
    pub(super) fn end(&mut self, state: &State, cause: CloseCause) {
        let epoch = self.raise_epoch();
        let timeout_s = self.world.base.policy.rating_timeout_s;
        let rate_until = state.was_served().then(|| later(self.world.now, timeout_s));
        self.push(Event::Episode(EpisodeEvent::Ended { epoch, cause, rate_until }));
        if rate_until.is_some() {
            self.notice(Occasion::Rate);
        }
    }
}
