//! The rules for a person in danger: what is said, and when the topic ends.

use std::borrow::Cow;

use super::{
    bot,
    draft::TurnDraft,
    input::World,
    phase::{Owner, Wait},
};
use crate::compliance::Masked;
use crate::journal::{BotEvent, CandidateNote, Event, HandoffReason};
use crate::knowledge::{
    Entry, EntryId, GuardKind, HandoffTexts, Intent, IntentAction, IntentId, KnowledgeBase,
    first_sentence, without_promises,
};
use crate::matching::Outcome;

/// A person in danger who is handed over waits with at least this priority. A full queue has room
/// for it.
pub(super) const DANGER_PRIORITY: u8 = Wait::NORMAL_PRIORITY + 1;

/// A danger that an utterance tells of, and the intent that helps.
#[derive(Clone, Copy, Debug)]
pub(super) struct FoundDanger<'a> {
    pub(super) kind: GuardKind,
    pub(super) intent: &'a Intent,
}

impl<'a> FoundDanger<'a> {
    /// The danger that the guard found, or that the intent of the utterance is about.
    pub(super) fn of(base: &'a KnowledgeBase, outcome: &Outcome) -> Option<Self> {
        if outcome.guard.is_some() {
            return Self::guarded(base, outcome);
        }
        let id = outcome.intent.as_ref()?;
        let watch = base.guard.watches.iter().find(|watch| watch.intent == *id)?;
        Self::new(base, watch.kind, id)
    }

    /// The danger that the guard found.
    fn guarded(base: &'a KnowledgeBase, outcome: &Outcome) -> Option<Self> {
        let found = outcome.guard.as_ref()?;
        Self::new(base, found.kind, &found.intent)
    }

    fn new(base: &'a KnowledgeBase, kind: GuardKind, id: &IntentId) -> Option<Self> {
        let intent = base.intent(id).filter(|_| kind.is_danger())?;
        Some(Self { kind, intent })
    }

    pub(super) fn event(self) -> Event {
        let priority = match self.intent.action {
            IntentAction::Handoff { priority, .. } => priority.max(DANGER_PRIORITY),
            IntentAction::Reply { .. } | IntentAction::Answer { .. } => Wait::NORMAL_PRIORITY,
        };
        let intent = self.intent.id.clone();
        Event::Bot(BotEvent::FoundDanger { kind: self.kind, intent, priority })
    }
}

/// Looks for danger in an utterance that a human will answer. The customer gets the line of the
/// intent once for each kind. The label of a button is no news of the customer.
pub(super) fn watch(
    draft: &mut TurnDraft<'_>,
    owner: Owner,
    text: &Masked,
    pressed: Option<&EntryId>,
) {
    let world = draft.world;
    if pressed.is_some_and(|entry| bot::served(world, entry).is_some()) {
        return;
    }
    let outcome = (world.find)(&text.without_tags(), world.circumstances());
    let found = outcome.and_then(|outcome| FoundDanger::guarded(world.base, &outcome));
    let Some(found) = found else { return };
    let was_found = draft.danger().was_found(found.kind, owner);
    draft.push(found.event());
    if let Some(line) = line(world, found.intent).filter(|_| !was_found) {
        draft.tell_line(line);
    }
}

/// The intent of the topic that stands. `None` if it is no longer in the knowledge base, or has
/// nothing to say.
pub(super) fn topic_intent<'a>(draft: &TurnDraft<'a>) -> Option<&'a Intent> {
    let world = draft.world;
    let intent = world.base.intent(&draft.topic()?.intent)?;
    line(world, intent).map(|_| intent)
}

/// The line that heads a reply while the topic stands, unless the reply is that of its own intent.
pub(super) fn head(draft: &TurnDraft<'_>, own: Option<&IntentId>) -> Option<String> {
    let intent = topic_intent(draft).filter(|intent| Some(&intent.id) != own)?;
    line(draft.world, intent)
}

/// The reply with its head as a paragraph of its own.
pub(super) fn headed<'t>(
    draft: &TurnDraft<'_>,
    own: Option<&IntentId>,
    text: Cow<'t, str>,
) -> Cow<'t, str> {
    match head(draft, own) {
        Some(head) if text.is_empty() => Cow::Owned(head),
        Some(head) => Cow::Owned(format!("{head}\n\n{text}")),
        None => text,
    }
}

/// Ends the topic when the customer turned to an entry that has nothing to do with danger: one that
/// does not tell of fraud, and that no answer in the topic led to.
pub(super) fn leave_topic_for(draft: &mut TurnDraft<'_>, entry: &Entry) {
    let Some(topic) = draft.topic() else { return };
    let policy = &draft.world.base.policy;
    let helps = draft.world.base.intent(&topic.intent).is_some_and(
        |intent| matches!(&intent.action, IntentAction::Answer { entry: own } if *own == entry.id),
    );
    if !helps && !policy.tells_of_fraud(entry) && !topic.has_follow_up(&entry.id) {
        draft.push(Event::Bot(BotEvent::LeftTopic));
    }
}

/// Whether an intent that merely replies gives way to the topic. A refusal does not: it answers a
/// request that the guard or a pattern of a safety intent found.
pub(super) fn gives_way(intent: &Intent, outcome: &Outcome) -> bool {
    outcome.guard.is_none() && intent.priority < Intent::SAFETY_PRIORITY
}

/// Says the help again, to an utterance that says nothing by itself. A human comes as well, unless
/// the customer was handed over before.
pub(super) fn help(draft: &mut TurnDraft<'_>, intent: &Intent, notes: Vec<CandidateNote>) {
    let was_handed_over = draft.topic().is_some_and(super::SafetyTopic::was_handed_over);
    match &intent.action {
        IntentAction::Handoff { text, texts, priority }
            if !was_handed_over && draft.world.duty.has_room_for(DANGER_PRIORITY) =>
        {
            bot::say_intent(draft, &intent.id, text, false, notes);
            draft.hand_over_in_danger(texts, HandoffReason::Intent, *priority);
        }
        IntentAction::Handoff { text, .. } | IntentAction::Reply { text, .. } => {
            let text = without_promises(text);
            let text = if text.is_empty() { line(draft.world, intent) } else { Some(text.into()) };
            bot::say_intent(draft, &intent.id, &text.unwrap_or_default(), true, notes);
        }
        IntentAction::Answer { entry } => match bot::served(draft.world, entry) {
            Some(entry) => bot::answer(draft, entry, Some(intent.id.clone()), notes),
            None => {
                let line = line(draft.world, intent).unwrap_or_default();
                bot::say_intent(draft, &intent.id, &line, true, notes);
            }
        },
    }
}

/// The texts of the topic's intent for each outcome of a handoff; empty ones without a topic.
pub(super) fn topic_texts(draft: &TurnDraft<'_>) -> HandoffTexts {
    match topic_intent(draft).map(|intent| &intent.action) {
        Some(IntentAction::Handoff { texts, .. }) => texts.clone(),
        Some(IntentAction::Reply { .. } | IntentAction::Answer { .. }) | None => {
            HandoffTexts::default()
        }
    }
}

/// One sentence on what to do now: the line of the intent, else the first sentence of its text.
fn line(world: &World<'_>, intent: &Intent) -> Option<String> {
    let first = || match &intent.action {
        IntentAction::Reply { text, .. } | IntentAction::Handoff { text, .. } => {
            first_sentence(&without_promises(text))
        }
        IntentAction::Answer { entry } => {
            bot::served(world, entry).map(|entry| first_sentence(&entry.answer)).unwrap_or_default()
        }
    };
    let line = intent.line.clone().unwrap_or_else(first);
    (!line.is_empty()).then_some(line)
}
