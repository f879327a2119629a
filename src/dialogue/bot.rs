//! The bot's replies to utterances, and when it hands over to a human.

use std::borrow::Cow;

use super::{
    choice,
    clarification::Clarification,
    danger::StandingDanger,
    draft::TurnDraft,
    input::World,
    phase::{Phase, Wait},
    safety::{self, FoundDanger},
    say::{answer, before_handoff, choice_of, hand_over, reply, say_intent},
};
use crate::compliance::Masked;
use crate::journal::{BotEvent, CandidateNote, Event, HandoffReason, Reply, ReplyKind};
use crate::knowledge::{Entry, EntryId, Intent, IntentAction, without_promises};
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
        safety::end_danger_for(draft, entry);
        return answer(draft, entry, None, Vec::new());
    }
    match (draft.find(text), safety::helping_intent(draft)) {
        (Some(outcome), _) => act_on(draft, phase, &outcome),
        (None, Some(intent)) => {
            if !draft.world.duty.has_human() {
                help(draft, intent, Vec::new());
            }
            hand_over(draft, HandoffReason::BotFailed, BOT_FAILED_PRIORITY);
        }
        (None, None) => draft.hand_over(HandoffReason::BotFailed, BOT_FAILED_PRIORITY),
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
    pressed.or_else(named).and_then(|id| world.served(id))
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
        return match safety::helping_intent(draft) {
            Some(helping) if is_reply && safety::gives_way(world.base, intent, outcome) => {
                remind(draft, helping, notes);
            }
            Some(_) | None => follow(draft, phase, intent, false, notes),
        };
    }
    match outcome.band {
        Band::Answer => match outcome.ranked.first().and_then(|best| world.served(&best.entry)) {
            Some(entry) => {
                if outcome.is_equal {
                    safety::end_danger_for(draft, entry);
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
        IntentAction::Answer { entry } => match draft.world.served(entry) {
            Some(entry) => answer(draft, entry, Some(intent.id.clone()), notes),
            None => miss(draft, phase, notes),
        },
        IntentAction::Handoff { text, texts, priority } if is_danger => {
            let priority = (*priority).max(Wait::DANGER_PRIORITY);
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
            let text = safety::headed(draft, Some(&intent.id), text);
            if !text.is_empty() {
                say_intent(draft, &intent.id, &text, false, notes);
            }
            let was_asked = intent.id.as_str() == HUMAN_REQUEST;
            if was_asked || draft.standing().is_none() {
                let reason = if was_asked { HandoffReason::Asked } else { HandoffReason::Intent };
                draft.hand_over_saying(texts, reason, *priority);
            } else {
                draft.hand_over_in_danger(texts, HandoffReason::Intent, *priority);
            }
        }
    }
}

/// Asks which entry is meant, unless asking again would be the last miss that the policy allows.
///
/// While a danger stands, the help is said again instead of asking about entries that are hardly meant.
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
        .filter_map(|id| draft.world.served(id))
        .take(policy.clarify_choices.into())
        .collect();
    let is_again = matches!(phase, Phase::Clarifying { .. });
    if entries.is_empty() || (is_again && is_last_miss(draft.world, phase)) {
        return miss(draft, phase, candidates);
    }
    if let Some(helping) = safety::helping_intent(draft)
        && !safety::is_worth_asking(draft.world.base, outcome)
    {
        return help(draft, helping, candidates);
    }
    let Clarification { text, offer_human } = match (safety::head(draft, None), draft.standing()) {
        (Some(line), Some(danger)) => {
            Clarification::in_danger(&entries, policy, danger.kind, &line)
        }
        (Some(_) | None, _) => Clarification::of(&entries, policy),
    };
    let reply = reply(draft, ReplyKind::Clarify, &text, candidates);
    let choices = entries.into_iter().map(choice_of).collect();
    draft.push(Event::Bot(BotEvent::Said(Reply { choices, offer_human, ..reply })));
}

/// Says the line of the help, to small talk in danger: thanks or a goodbye. A human still has to come
/// for a customer who was never handed over.
fn remind(draft: &mut TurnDraft<'_>, intent: &Intent, notes: Vec<CandidateNote>) {
    let was_handed_over = draft.standing().is_some_and(StandingDanger::was_handed_over);
    let has_room = draft.world.duty.has_room_for(Wait::DANGER_PRIORITY);
    match safety::line(draft.world, intent).filter(|_| was_handed_over || !has_room) {
        Some(line) => say_intent(draft, &intent.id, &line, true, notes),
        None => help(draft, intent, notes),
    }
}

/// Says the help again, to an utterance that says nothing by itself. A human comes as well, unless
/// the customer was handed over before.
fn help(draft: &mut TurnDraft<'_>, intent: &Intent, notes: Vec<CandidateNote>) {
    let was_handed_over = draft.standing().is_some_and(StandingDanger::was_handed_over);
    match &intent.action {
        IntentAction::Handoff { text, texts, priority }
            if !was_handed_over && draft.world.duty.has_room_for(Wait::DANGER_PRIORITY) =>
        {
            let line = || safety::line(draft.world, intent).unwrap_or_default();
            let text = if text.is_empty() { line() } else { text.clone() };
            say_intent(draft, &intent.id, &text, false, notes);
            draft.hand_over_in_danger(texts, HandoffReason::Intent, *priority);
        }
        IntentAction::Handoff { text, .. } | IntentAction::Reply { text, .. } => {
            let text = without_promises(text);
            let text =
                if text.is_empty() { safety::line(draft.world, intent) } else { Some(text.into()) };
            say_intent(draft, &intent.id, &text.unwrap_or_default(), true, notes);
        }
        IntentAction::Answer { entry } => {
            if let Some(entry) = draft.world.served(entry) {
                answer(draft, entry, Some(intent.id.clone()), notes);
            } else {
                let line = safety::line(draft.world, intent).unwrap_or_default();
                say_intent(draft, &intent.id, &line, true, notes);
            }
        }
    }
}

/// Nothing was found. The last miss in a row that the policy allows leads to a human, but not while
/// a message may be left: the customer would be sent round in a circle. In that phase a button
/// shows when a human can be reached again.
///
/// While a danger stands the help is said again instead.
fn miss(draft: &mut TurnDraft<'_>, phase: &Phase, candidates: Vec<CandidateNote>) {
    if let Some(intent) = safety::helping_intent(draft) {
        return help(draft, intent, candidates);
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
