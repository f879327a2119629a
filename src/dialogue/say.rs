//! The bot's replies as events.

use std::borrow::Cow;

use super::{draft::TurnDraft, input::World, phase::Wait, safety};
use crate::journal::{BotEvent, CandidateNote, Choice, Event, HandoffReason, Reply, ReplyKind};
use crate::knowledge::{Entry, EntryHandoff, EntryId, IntentId, without_promises};

pub(super) fn say_intent(
    draft: &mut TurnDraft<'_>,
    intent: &IntentId,
    text: &str,
    offer_human: bool,
    candidates: Vec<CandidateNote>,
) {
    let choices = safety::further(draft, intent).map(choice_of).collect();
    let reply = reply(draft, ReplyKind::Intent, text, candidates);
    draft.push(Event::Bot(BotEvent::Said(Reply {
        intent: Some(intent.clone()),
        choices,
        offer_human,
        ..reply
    })));
}

pub(super) fn answer(
    draft: &mut TurnDraft<'_>,
    entry: &Entry,
    intent: Option<IntentId>,
    candidates: Vec<CandidateNote>,
) {
    let said = entry.answer.on(draft.world.today);
    let text = match entry.handoff {
        EntryHandoff::None | EntryHandoff::Offer => Cow::Borrowed(said.text.as_str()),
        EntryHandoff::Force => before_handoff(draft.world, &said.text, Wait::NORMAL_PRIORITY),
    };
    let text = safety::headed(draft, intent.as_ref(), text);
    let offer_human = match entry.handoff {
        EntryHandoff::Offer => true,
        EntryHandoff::None => draft.standing().is_some() || said.is_without_figure,
        EntryHandoff::Force => {
            draft.standing().is_some() && !draft.world.duty.has_room_for(Wait::DANGER_PRIORITY)
        }
    };
    let reply = reply(draft, ReplyKind::Answer, &text, candidates);
    // A text that only says where to look rests on nothing.
    let grounds = (!said.is_without_figure).then_some((&said.source, entry.compliance.checked));
    draft.push(Event::Bot(BotEvent::Said(Reply {
        steps: steps(draft.world, entry, &said.steps),
        source: grounds.map(|(source, _)| source.clone()).filter(|source| !source.is_empty()),
        checked: grounds.map(|(_, checked)| checked),
        entry: Some(entry.id.clone()),
        intent,
        choices: choices(draft.world, &entry.follow_ups).collect(),
        offer_human,
        ..reply
    })));
    match entry.handoff {
        EntryHandoff::None | EntryHandoff::Offer => {}
        EntryHandoff::Force => hand_over(draft, HandoffReason::Entry, Wait::NORMAL_PRIORITY),
    }
}

/// The steps of an answer; before a handoff without promises of a human where none is on duty.
fn steps(world: &World<'_>, entry: &Entry, steps: &[String]) -> Vec<String> {
    match entry.handoff {
        EntryHandoff::None | EntryHandoff::Offer => steps.to_vec(),
        EntryHandoff::Force => {
            let steps = steps.iter().map(|step| before_handoff(world, step, Wait::NORMAL_PRIORITY));
            steps.filter(|step| !step.trim().is_empty()).map(Cow::into_owned).collect()
        }
    }
}

/// Hands over for the bot's own reasons: while a danger stands, as a person in danger.
pub(super) fn hand_over(draft: &mut TurnDraft<'_>, reason: HandoffReason, priority: u8) {
    if draft.standing().is_some() {
        draft.hand_over_in_danger(&safety::helping_texts(draft), reason, priority);
    } else {
        draft.hand_over(reason, priority);
    }
}

/// The text before a handoff, without its promises of a human where none is on duty.
pub(super) fn before_handoff<'t>(world: &World<'_>, text: &'t str, priority: u8) -> Cow<'t, str> {
    if world.duty.has_room_for(priority) { Cow::Borrowed(text) } else { without_promises(text) }
}

pub(super) fn reply(
    draft: &TurnDraft<'_>,
    kind: ReplyKind,
    text: &str,
    candidates: Vec<CandidateNote>,
) -> Reply {
    Reply {
        kind,
        text: text.to_owned(),
        steps: Vec::new(),
        source: None,
        checked: None,
        entry: None,
        intent: None,
        choices: Vec::new(),
        offer_human: false,
        is_urgent: draft.standing().is_some(),
        candidates,
        knowledge: draft.world.base.hash.clone(),
    }
}

/// Buttons for the entries that are served.
fn choices<'a>(world: &World<'a>, ids: &'a [EntryId]) -> impl Iterator<Item = Choice> {
    ids.iter().filter_map(|id| world.served(id)).map(choice_of)
}

pub(super) fn choice_of(entry: &Entry) -> Choice {
    Choice { entry: entry.id.clone(), label: entry.standard_question.clone() }
}
