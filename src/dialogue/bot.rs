//! The bot's replies to utterances, and when it hands over to a human.

use std::borrow::Cow;

use super::{
    choice,
    clarification::Clarification,
    draft::TurnDraft,
    input::World,
    phase::{Phase, Wait},
    safety::{self, DANGER_PRIORITY, FoundDanger},
};
use crate::compliance::Masked;
use crate::journal::{BotEvent, CandidateNote, Choice, Event, HandoffReason, Reply, ReplyKind};
use crate::knowledge::{
    Entry, EntryHandoff, EntryId, Intent, IntentAction, IntentId, without_promises,
};
use crate::matching::{Band, Outcome};

/// The intent of a customer who asks for a human in words instead of with the button.
const HUMAN_REQUEST: &str = "human.request";

/// After a fault of the bot it is not known how urgent the question was. The priority is above
/// normal, so that a full queue does not refuse it.
const BOT_FAILED_PRIORITY: u8 = Wait::NORMAL_PRIORITY + 1;

/// Candidates noted with a reply for the agents.
const CANDIDATES_NOTED: usize = 3;

/// Answers an utterance in a phase that the bot owns. The matcher is not asked when the customer
/// takes a choice.
pub(super) fn respond(
    draft: &mut TurnDraft<'_>,
    phase: &Phase,
    text: &Masked,
    pressed: Option<&EntryId>,
) {
    if let Some(entry) = chosen(draft.world, phase, text, pressed) {
        safety::leave_topic_for(draft, entry);
        return answer(draft, entry, None, Vec::new());
    }
    match (draft.find(text), safety::topic_intent(draft)) {
        (Some(outcome), _) => act_on(draft, phase, &outcome),
        (None, Some(intent)) => {
            if !draft.world.duty.has_human() {
                safety::help(draft, intent, Vec::new());
            }
            hand_over(draft, HandoffReason::BotFailed, BOT_FAILED_PRIORITY);
        }
        (None, None) => draft.hand_over(HandoffReason::BotFailed, BOT_FAILED_PRIORITY),
    }
}

/// Hands over for the bot's own reasons: in a safety topic as a person in danger.
fn hand_over(draft: &mut TurnDraft<'_>, reason: HandoffReason, priority: u8) {
    if draft.topic().is_some() {
        draft.hand_over_in_danger(&safety::topic_texts(draft), reason, priority);
    } else {
        draft.hand_over(reason, priority);
    }
}

/// The entry of the button that was pressed, or of the choice that was named by its number while
/// the bot asks back. `None` for a choice that is no longer served, whose label is then matched as
/// text, and for a number beyond the choices.
fn chosen<'a>(
    world: &World<'a>,
    phase: &Phase,
    text: &Masked,
    pressed: Option<&EntryId>,
) -> Option<&'a Entry> {
    let named = || match phase {
        Phase::Clarifying { choices, .. } => {
            choices.get(choice::index_in(text.text(), choices.len())?)
        }
        Phase::BotActive { .. }
        | Phase::LeavingMessage { .. }
        | Phase::Queued { .. }
        | Phase::Offered { .. }
        | Phase::AgentActive { .. }
        | Phase::AgentLost { .. }
        | Phase::MessageLeft
        | Phase::Rating { .. }
        | Phase::Closed => None,
    };
    pressed.or_else(named).and_then(|id| served(world, id))
}

fn act_on(draft: &mut TurnDraft<'_>, phase: &Phase, outcome: &Outcome) {
    let world = draft.world;
    let notes = notes(world, outcome);
    if let Some(danger) = FoundDanger::of(world.base, outcome) {
        draft.push(danger.event());
        return follow(draft, phase, danger.intent, true, notes);
    }
    let intent = outcome.intent.as_ref().and_then(|id| world.base.intent(id));
    if let Some(intent) = intent {
        let is_reply = matches!(intent.action, IntentAction::Reply { .. });
        return match safety::topic_intent(draft) {
            Some(topic) if is_reply && safety::gives_way(intent, outcome) => {
                safety::help(draft, topic, notes);
            }
            Some(_) | None => follow(draft, phase, intent, false, notes),
        };
    }
    match outcome.band {
        Band::Answer => match outcome.ranked.first().and_then(|best| served(world, &best.entry)) {
            Some(entry) => {
                if outcome.is_equal {
                    safety::leave_topic_for(draft, entry);
                }
                answer(draft, entry, None, notes);
            }
            None => miss(draft, phase, notes),
        },
        Band::Clarify => clarify(draft, phase, outcome, notes),
        Band::Fallback => miss(draft, phase, notes),
    }
}

/// Acts on an intent. An intent that hands over does so in each phase that the bot owns. `notes`
/// show the agent the nearest candidates.
fn follow(
    draft: &mut TurnDraft<'_>,
    phase: &Phase,
    intent: &Intent,
    is_danger: bool,
    notes: Vec<CandidateNote>,
) {
    match &intent.action {
        IntentAction::Reply { text, offer_human } => {
            let offers = *offer_human || is_danger;
            let text = safety::headed(draft, Some(&intent.id), Cow::Borrowed(text));
            say_intent(draft, &intent.id, &text, offers, notes);
        }
        IntentAction::Answer { entry } => match served(draft.world, entry) {
            Some(entry) => answer(draft, entry, Some(intent.id.clone()), notes),
            None => miss(draft, phase, notes),
        },
        IntentAction::Handoff { text, texts, priority } if is_danger => {
            let priority = (*priority).max(DANGER_PRIORITY);
            let text = before_handoff(draft.world, text, priority);
            let text = safety::headed(draft, Some(&intent.id), text);
            // Where no human can come, the customer may leave a message with the button.
            let offers = !draft.world.duty.has_room_for(priority);
            if !text.is_empty() {
                say_intent(draft, &intent.id, &text, offers, notes);
            }
            draft.hand_over_in_danger(texts, HandoffReason::Intent, priority);
        }
        IntentAction::Handoff { text, texts, priority } => {
            let text = before_handoff(draft.world, text, *priority);
            if !text.is_empty() {
                say_intent(draft, &intent.id, &text, false, notes);
            }
            let was_asked = intent.id.as_str() == HUMAN_REQUEST;
            let reason = if was_asked { HandoffReason::Asked } else { HandoffReason::Intent };
            draft.hand_over_saying(texts, reason, *priority);
        }
    }
}

/// The text before a handoff, without its promises of a human where none is on duty.
fn before_handoff<'t>(world: &World<'_>, text: &'t str, priority: u8) -> Cow<'t, str> {
    if world.duty.has_room_for(priority) { Cow::Borrowed(text) } else { without_promises(text) }
}

pub(super) fn say_intent(
    draft: &mut TurnDraft<'_>,
    intent: &IntentId,
    text: &str,
    offer_human: bool,
    candidates: Vec<CandidateNote>,
) {
    let reply = reply(draft, ReplyKind::Intent, text, candidates);
    draft.push(Event::Bot(BotEvent::Said(Reply {
        intent: Some(intent.clone()),
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
    let text = match entry.handoff {
        EntryHandoff::None | EntryHandoff::Offer => Cow::Borrowed(entry.answer.as_str()),
        EntryHandoff::Force => before_handoff(draft.world, &entry.answer, Wait::NORMAL_PRIORITY),
    };
    let text = safety::headed(draft, intent.as_ref(), text);
    let offer_human = match entry.handoff {
        EntryHandoff::Offer => true,
        EntryHandoff::None => draft.topic().is_some(),
        EntryHandoff::Force => {
            draft.topic().is_some() && !draft.world.duty.has_room_for(DANGER_PRIORITY)
        }
    };
    let reply = reply(draft, ReplyKind::Answer, &text, candidates);
    draft.push(Event::Bot(BotEvent::Said(Reply {
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

/// Asks which entry is meant, unless asking again would be the last miss that the policy allows.
fn clarify(
    draft: &mut TurnDraft<'_>,
    phase: &Phase,
    outcome: &Outcome,
    candidates: Vec<CandidateNote>,
) {
    let policy = &draft.world.base.policy;
    let entries: Vec<&Entry> = outcome
        .clarify
        .iter()
        .filter_map(|id| served(draft.world, id))
        .take(policy.clarify_choices.into())
        .collect();
    let is_again = matches!(phase, Phase::Clarifying { .. });
    if entries.is_empty() || (is_again && is_last_miss(draft.world, phase)) {
        return miss(draft, phase, candidates);
    }
    let Clarification { text, offer_human } = match (safety::head(draft, None), draft.topic()) {
        (Some(line), Some(topic)) => Clarification::in_topic(&entries, policy, topic.kind, &line),
        (Some(_) | None, _) => Clarification::of(&entries, policy),
    };
    let reply = reply(draft, ReplyKind::Clarify, &text, candidates);
    let choices = entries.into_iter().map(choice_of).collect();
    draft.push(Event::Bot(BotEvent::Said(Reply { choices, offer_human, ..reply })));
}

/// Nothing was found. The last miss in a row that the policy allows leads to a human, but not while
/// a message may be left: the customer would be sent round in a circle. In that phase a button
/// shows when a human can be reached again.
///
/// In a safety topic the help is said again instead.
fn miss(draft: &mut TurnDraft<'_>, phase: &Phase, candidates: Vec<CandidateNote>) {
    if let Some(intent) = safety::topic_intent(draft) {
        return safety::help(draft, intent, candidates);
    }
    let world = draft.world;
    let texts = &world.base.policy.texts;
    let is_leaving = matches!(phase, Phase::LeavingMessage { .. });
    let hands_over = !is_leaving && is_last_miss(world, phase);
    let text = if is_leaving || hands_over {
        before_handoff(world, &texts.fallback_again, Wait::NORMAL_PRIORITY)
    } else {
        Cow::Borrowed(texts.fallback.as_str())
    };
    let has_room = world.duty.has_room_for(Wait::NORMAL_PRIORITY);
    let offer_human = if is_leaving { has_room } else { !hands_over };
    let reply = reply(draft, ReplyKind::Fallback, &text, candidates);
    draft.push(Event::Bot(BotEvent::Said(Reply { offer_human, ..reply })));
    if hands_over {
        draft.hand_over(HandoffReason::Misses, Wait::NORMAL_PRIORITY);
    }
}

fn is_last_miss(world: &World<'_>, phase: &Phase) -> bool {
    phase.misses().saturating_add(1) >= world.base.policy.misses_before_handoff
}

fn reply(
    draft: &TurnDraft<'_>,
    kind: ReplyKind,
    text: &str,
    candidates: Vec<CandidateNote>,
) -> Reply {
    Reply {
        kind,
        text: text.to_owned(),
        entry: None,
        intent: None,
        choices: Vec::new(),
        offer_human: false,
        is_urgent: draft.topic().is_some(),
        candidates,
        knowledge: draft.world.base.hash.clone(),
    }
}

pub(super) fn served<'a>(world: &World<'a>, id: &EntryId) -> Option<&'a Entry> {
    let entry = world.base.entry(id)?;
    entry.is_served_in(world.circumstances()).then_some(entry)
}

/// Buttons for the entries that are served.
fn choices<'a>(world: &World<'a>, ids: &'a [EntryId]) -> impl Iterator<Item = Choice> {
    ids.iter().filter_map(|id| served(world, id)).map(choice_of)
}

fn choice_of(entry: &Entry) -> Choice {
    Choice { entry: entry.id.clone(), label: entry.standard_question.clone() }
}

fn notes(world: &World<'_>, outcome: &Outcome) -> Vec<CandidateNote> {
    outcome
        .ranked
        .iter()
        .filter_map(|candidate| {
            let entry = world.base.entry(&candidate.entry)?;
            let confidence = (candidate.confidence.get() * 1000.0).round() / 1000.0;
            let question = entry.standard_question.clone();
            Some(CandidateNote { entry: entry.id.clone(), question, confidence })
        })
        .take(CANDIDATES_NOTED)
        .collect()
}
