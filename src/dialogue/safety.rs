//! The rules for a person in danger: what helps, and when the danger is over.

use std::borrow::Cow;

use super::{
    draft::TurnDraft,
    input::World,
    phase::{Owner, Wait},
};
use crate::compliance::Masked;
use crate::journal::{BotEvent, Event};
use crate::knowledge::{
    Entry, EntryId, GuardKind, HandoffTexts, Intent, IntentAction, IntentId, KnowledgeBase,
    first_sentence, without_promises,
};
use crate::matching::Outcome;

/// How many buttons a reply to a danger has: the customer should read the text first.
const FURTHER_MAX: usize = 2;

/// From this confidence on, an entry is likely meant.
const LIKELY_MEANT: f32 = 0.3;

/// From this confidence on, a person in danger is asked whether an entry is meant.
const WORTH_ASKING: f32 = 0.5;

/// How many of the best candidates may be among them.
const CANDIDATES_READ: usize = 3;

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
            IntentAction::Handoff { priority, .. } => priority.max(Wait::DANGER_PRIORITY),
            IntentAction::Reply { .. } | IntentAction::Answer { .. } => Wait::DANGER_PRIORITY,
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
    if pressed.is_some_and(|entry| world.served(entry).is_some()) {
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

/// The intent that helps in the danger that stands. `None` if it is no longer in the knowledge base,
/// or has nothing to say.
pub(super) fn helping_intent<'a>(draft: &TurnDraft<'a>) -> Option<&'a Intent> {
    let world = draft.world;
    let intent = world.base.intent(&draft.standing()?.intent)?;
    line(world, intent).map(|_| intent)
}

/// The line that heads a reply while a danger stands, unless the reply is that of its own intent.
pub(super) fn head(draft: &TurnDraft<'_>, own: Option<&IntentId>) -> Option<String> {
    let intent = helping_intent(draft).filter(|intent| Some(&intent.id) != own)?;
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

/// Entries that tell more about what this intent is for: of the candidates, those that tell of fraud
/// or are likely meant. In a crisis there is none, so that nothing covers the help; nor where a
/// request is refused, as an entry may tell how it is done.
pub(super) fn further<'a>(
    draft: &TurnDraft<'a>,
    intent: &IntentId,
) -> impl Iterator<Item = &'a Entry> {
    let world = draft.world;
    let is_for = match world.base.guard.kind_of(intent) {
        Some(
            GuardKind::Distress
            | GuardKind::Fraud
            | GuardKind::Theft
            | GuardKind::Minor
            | GuardKind::Advice,
        ) => true,
        Some(
            GuardKind::Crisis
            | GuardKind::CrisisNear
            | GuardKind::Violence
            | GuardKind::Harm
            | GuardKind::Injection,
        )
        | None => false,
    };
    let ranked = draft.outcome().filter(|_| is_for).map(|outcome| outcome.ranked.clone());
    let near = ranked.into_iter().flatten().take(CANDIDATES_READ);
    let entries = near.filter_map(|candidate| {
        let entry = world.served(&candidate.entry)?;
        let is_likely = candidate.confidence.get() >= LIKELY_MEANT;
        (is_likely || world.base.policy.tells_of_fraud(entry)).then_some(entry)
    });
    entries.take(FURTHER_MAX)
}

/// Whether a person in danger is asked which entry is meant: the best is as likely meant as not, or may be
/// meant and tells of fraud. After “what shall I do now” neither holds.
pub(super) fn is_worth_asking(base: &KnowledgeBase, outcome: &Outcome) -> bool {
    outcome.ranked.first().is_some_and(|best| {
        let tells_of_fraud =
            || base.entry(&best.entry).is_some_and(|entry| base.policy.tells_of_fraud(entry));
        let confidence = best.confidence.get();
        confidence >= WORTH_ASKING || (confidence >= LIKELY_MEANT && tells_of_fraud())
    })
}

/// The danger is over when the customer turns to an entry that has nothing to do with it: one that
/// does not tell of fraud, and that no answer in the danger led to.
pub(super) fn end_danger_for(draft: &mut TurnDraft<'_>, entry: &Entry) {
    let Some(danger) = draft.standing() else { return };
    let policy = &draft.world.base.policy;
    let helps = draft.world.base.intent(&danger.intent).is_some_and(
        |intent| matches!(&intent.action, IntentAction::Answer { entry: own } if *own == entry.id),
    );
    if !helps && !policy.tells_of_fraud(entry) && !danger.has_follow_up(&entry.id) {
        draft.push(Event::Bot(BotEvent::DangerOver));
    }
}

/// Whether an intent that merely replies gives way to the danger that stands: small talk, up to a priority of
/// 50. A refusal of more does not: it answers a request that the guard, a pattern of a safety intent or the ranking found.
pub(super) fn gives_way(base: &KnowledgeBase, intent: &Intent, outcome: &Outcome) -> bool {
    outcome.guard.is_none()
        && intent.priority <= Intent::SAFETY_PRIORITY
        && base.guard.kind_of(&intent.id).is_none()
}

/// The texts of the intent that helps, for each outcome of a handoff; empty ones without a danger.
pub(super) fn helping_texts(draft: &TurnDraft<'_>) -> HandoffTexts {
    match helping_intent(draft).map(|intent| &intent.action) {
        Some(IntentAction::Handoff { texts, .. }) => texts.clone(),
        Some(IntentAction::Reply { .. } | IntentAction::Answer { .. }) | None => {
            HandoffTexts::default()
        }
    }
}

/// One sentence on what to do now: the line of the intent, else the first sentence of its text.
pub(super) fn line(world: &World<'_>, intent: &Intent) -> Option<String> {
    let first = || match &intent.action {
        IntentAction::Reply { text, .. } | IntentAction::Handoff { text, .. } => {
            first_sentence(&without_promises(text))
        }
        IntentAction::Answer { entry } => {
            let answer = world.served(entry).map(|entry| entry.answer.on(world.today));
            // That a rule may have changed is no help.
            let answer = answer.filter(|said| !said.is_without_figure);
            let answer = answer.map(|said| without_promises(&said.text));
            answer.map(|answer| first_sentence(&answer)).unwrap_or_default()
        }
    };
    let own = intent.line.as_ref().map(|line| without_promises(line).into_owned());
    let line = own.filter(|line| !line.is_empty()).unwrap_or_else(first);
    (!line.is_empty()).then_some(line)
}
