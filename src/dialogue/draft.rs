//! The events of a turn while it is being decided.

use super::{
    danger::{DangerFold, StandingDanger},
    input::{Duty, World},
    later::later,
    mask_context,
    phase::{Owner, Phase, Wait},
    state::State,
    treated::TreatedData,
};
use crate::compliance::{MaskContext, Masked, Masker, TypedText};
use crate::journal::{
    BotEvent, CloseCause, DeskEvent, EpisodeEvent, Event, HandoffReason, Notice, Occasion,
};
use crate::knowledge::HandoffTexts;
use crate::matching::Outcome;

/// The phase in which an episode starts.
const FRESH: &Phase = &Phase::BotActive { misses: 0 };

/// The decision on one input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turn {
    /// The events to write, all or none; see [`State::number`]. No events: the input was taken and
    /// changes nothing.
    pub events: Vec<Event>,
    /// The outcome of matching; `None` where the bot had no utterance to answer.
    pub outcome: Option<Outcome>,
    /// What masking found in the texts of the input.
    pub treated: Vec<TreatedData>,
}

/// The events of a turn while it is being decided, and the epoch after them.
#[derive(Debug)]
pub(super) struct TurnDraft<'a> {
    pub(super) world: &'a World<'a>,
    epoch: u64,
    events: Vec<Event>,
    outcome: Option<Outcome>,
    /// The priority that earlier utterances of the episode call for.
    urgency: u8,
    owner: Owner,
    /// The danger that the customer told of, after the events so far.
    danger: DangerFold,
    /// What the customer's messages up to the events so far tell masking.
    masking: MaskContext,
    /// What masking has found.
    treated: Vec<TreatedData>,
}

impl<'a> TurnDraft<'a> {
    pub(super) fn new(state: &State, world: &'a World<'a>) -> Self {
        Self {
            world,
            epoch: state.epoch(),
            events: Vec::new(),
            outcome: None,
            urgency: state.urgency(world.base),
            owner: state.owner(),
            danger: state.danger().clone(),
            masking: state.mask_context().clone(),
            treated: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> Turn {
        Turn { events: self.events, outcome: self.outcome, treated: self.treated }
    }

    /// Masks a text, as the messages before it tell: an agent may repeat what the customer said. To
    /// be called after [`Self::wake`], since an episode starts without earlier messages.
    pub(super) fn mask(&mut self, text: &TypedText) -> Masked {
        let Masker { policy, .. } = &self.world.base.masker;
        let masked = self.world.base.masker.mask_typed(text, &self.masking);
        self.treated.extend(TreatedData::all_in(&masked, policy));
        masked
    }

    /// Matches the utterance; `None` if the bot failed.
    pub(super) fn find(&mut self, text: &Masked) -> Option<Outcome> {
        let outcome = (self.world.find)(&text.without_tags(), self.world.circumstances());
        self.outcome.clone_from(&outcome);
        outcome
    }

    /// The outcome of matching the utterance, if it was matched.
    pub(super) fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    pub(super) fn push(&mut self, event: Event) {
        self.danger.note(&event, self.world.now, self.owner);
        mask_context::note(&mut self.masking, &event);
        self.events.push(event);
    }

    /// The danger that the customer told of, after the events so far.
    pub(super) fn danger(&self) -> &DangerFold {
        &self.danger
    }

    /// The danger that stands, after the events so far.
    pub(super) fn standing(&self) -> Option<&StandingDanger> {
        self.danger.standing(self.world.now)
    }

    /// The epoch for an event that changes the owner.
    pub(super) fn raise_epoch(&mut self) -> u64 {
        self.epoch += 1;
        self.epoch
    }

    /// Starts an episode if nobody owns the conversation. Gives the phase that holds then.
    ///
    /// Also starts one while the bot owns it, once the episode is so long that folding it is
    /// costly.
    pub(super) fn wake<'s>(&mut self, state: &'s State) -> &'s Phase {
        let epoch = match state.owner() {
            Owner::Nobody => {
                self.urgency = 0;
                self.raise_epoch()
            }
            // Only in a phase without an open question: the other phases end by themselves.
            Owner::Bot if state.is_long_and_calm() => self.epoch,
            Owner::Bot | Owner::Queue | Owner::Agent(_) => return state.phase(),
        };
        self.owner = Owner::Bot;
        self.push(Event::Episode(EpisodeEvent::Started {
            episode: state.episode().saturating_add(1),
            epoch,
        }));
        FRESH
    }

    /// Adds the policy's text for the occasion.
    pub(super) fn notice(&mut self, occasion: Occasion) {
        self.notice_of(occasion, None);
    }

    /// Adds the intent's own text for the occasion, or the policy's text.
    fn notice_of(&mut self, occasion: Occasion, own: Option<&String>) {
        self.tell(occasion, self.text_of(occasion, own));
    }

    fn text_of(&self, occasion: Occasion, own: Option<&String>) -> String {
        let Duty { next_opening, .. } = &self.world.duty;
        if let Some(own) = own {
            return own.replace("{{next_opening}}", next_opening);
        }
        let texts = &self.world.base.policy.texts;
        match occasion {
            Occasion::Queued => texts.queued.clone(),
            Occasion::OffHours => texts.off_hours.replace("{{next_opening}}", next_opening),
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
            // Only intents have a line: see `tell_line`.
            Occasion::Safety => String::new(),
        }
    }

    /// Says what to do now to a customer who waits for a human, or has one.
    pub(super) fn tell_line(&mut self, line: String) {
        self.tell(Occasion::Safety, line);
    }

    fn tell(&mut self, occasion: Occasion, text: String) {
        self.push(Event::Bot(BotEvent::Noticed(Notice { occasion, text })));
    }

    /// Moves the conversation from the bot to the queue if a human is on duty and has room, else
    /// asks for a message.
    pub(super) fn hand_over(&mut self, reason: HandoffReason, priority: u8) {
        self.hand_over_saying(&HandoffTexts::default(), reason, priority);
    }

    /// As [`Self::hand_over`], with an intent's own texts where it has them.
    pub(super) fn hand_over_saying(
        &mut self,
        texts: &HandoffTexts,
        reason: HandoffReason,
        priority: u8,
    ) {
        if self.joins_queue(texts, reason, priority) {
            return;
        }
        if self.world.duty.has_human() {
            self.push(Event::Bot(BotEvent::AskedForMessage { epoch: self.epoch }));
            self.notice(Occasion::QueueFull);
        } else {
            self.ask_for_message_saying(texts, self.epoch);
        }
    }

    /// As [`Self::hand_over_saying`], for a person in danger: where no human can come, the customer
    /// reads so, and no form covers the help.
    pub(super) fn hand_over_in_danger(
        &mut self,
        texts: &HandoffTexts,
        reason: HandoffReason,
        priority: u8,
    ) {
        if !self.joins_queue(texts, reason, priority.max(Wait::DANGER_PRIORITY)) {
            self.tell_that_nobody_comes(texts);
        }
    }

    /// Moves the conversation to the queue if a human is on duty and has room.
    fn joins_queue(&mut self, texts: &HandoffTexts, reason: HandoffReason, priority: u8) -> bool {
        // A customer who was in danger earlier in the episode still is, also after pressing a
        // button.
        let priority = priority.max(self.urgency).max(self.danger.priority());
        let has_room = self.world.duty.has_room_for(priority);
        if has_room {
            self.enqueue(reason, Wait { since: self.world.now, priority });
            self.notice_of(Occasion::Queued, texts.queued.as_ref());
        }
        has_room
    }

    /// Tells that no human can come, unless the customer has just read it in the same words and the
    /// help was said.
    pub(super) fn tell_that_nobody_comes(&mut self, texts: &HandoffTexts) {
        let (occasion, own) = self.why_nobody_comes(texts);
        let text = self.text_of(occasion, own);
        let has_said =
            self.events.iter().any(|event| matches!(event, Event::Bot(BotEvent::Said(_))));
        if !(has_said && self.danger.was_told(&text, self.world.now)) {
            self.tell(occasion, text);
        }
    }

    /// Makes the queue the owner.
    pub(super) fn enqueue(&mut self, reason: HandoffReason, wait: Wait) {
        let epoch = self.raise_epoch();
        let Wait { since, priority } = wait;
        let danger = self.standing().map(|danger| danger.kind);
        self.push(Event::Desk(DeskEvent::Queued { epoch, reason, priority, since, danger }));
    }

    /// Asks for a message and says why. The bot is the owner from `epoch` on.
    pub(super) fn ask_for_message(&mut self, epoch: u64) {
        self.ask_for_message_saying(&HandoffTexts::default(), epoch);
    }

    fn ask_for_message_saying(&mut self, texts: &HandoffTexts, epoch: u64) {
        self.push(Event::Bot(BotEvent::AskedForMessage { epoch }));
        let (occasion, own) = self.why_nobody_comes(texts);
        self.notice_of(occasion, own);
    }

    /// The occasion on which no human can come, and the intent's own text for it.
    fn why_nobody_comes<'t>(&self, texts: &'t HandoffTexts) -> (Occasion, Option<&'t String>) {
        if self.world.duty.open {
            (Occasion::NoAgent, texts.nobody.as_ref())
        } else {
            (Occasion::OffHours, texts.closed.as_ref())
        }
    }

    /// Ends the episode. A rating is asked for if there was an answer or an agent to rate.
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
