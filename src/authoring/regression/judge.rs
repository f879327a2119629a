//! One utterance of the tests, asked and compared with what was expected.

use jiff::civil::Date;

use super::super::talk::first_answer;
use super::{
    kind::{BaseIndex, CaseKind},
    reaction::Reaction,
    verdict::Verdict,
};
use crate::journal::Reply;
use crate::knowledge::{Case, Circumstances, Expected, Floor, Said};
use crate::matching::{Confidence, Snapshot};

/// One utterance and what came of it.
#[derive(Debug)]
pub struct JudgedUtterance<'s> {
    /// The result that was expected.
    pub case: &'s Case,
    /// The words of the customer.
    pub said: &'s Said,
    /// The words of the bot when no agent was there; `None` when the customer may not say this.
    pub reply: Option<Reply>,
    /// The act of the bot.
    pub reaction: Reaction,
    /// The worth of that beside what was expected.
    pub verdict: Verdict,
    /// How likely the best entry is right; `None` when no entry was found.
    pub confidence: Option<Confidence>,
    /// Whether the expected entry came first, or the intent that answers with it.
    pub is_first: bool,
    /// The kind that it is counted in.
    pub kind: CaseKind,
}

/// Asks the utterances of a case; none when its entry is not served to such a customer that day.
pub(in super::super) fn judge_case<'c>(
    snapshot: &Snapshot,
    case: &'c Case,
    today: Date,
) -> Vec<JudgedUtterance<'c>> {
    let index = BaseIndex::of(&snapshot.base);
    let Ok(kind) = index.kind(case, today) else { return Vec::new() };
    case.say.iter().map(|said| judge(snapshot, case, said, kind.clone(), today)).collect()
}

/// Asks an utterance, and compares what the bot did with what was expected.
pub(super) fn judge<'c>(
    snapshot: &Snapshot,
    case: &'c Case,
    said: &'c Said,
    kind: CaseKind,
    today: Date,
) -> JudgedUtterance<'c> {
    let base = &snapshot.base;
    let circumstances = Circumstances { today, facts: &case.facts };
    let answered = first_answer(snapshot, &said.text, circumstances).ok();
    // What is refused, as a longer text than customers may send, is not answered.
    let reaction = answered.as_ref().map_or(Reaction::Nothing, |one| Reaction::of(one, base));
    let outcome = answered.as_ref().and_then(|one| one.outcome.as_ref());
    let first = outcome.and_then(|outcome| outcome.ranked.first());
    let is_first = match &case.expected {
        Expected::Entry(entry) => match &reaction {
            Reaction::Acted { shown, .. } => {
                reaction.answer() == Some(entry) || shown.first() == Some(entry)
            }
            Reaction::Answered(_) | Reaction::Asked(_) | Reaction::Nothing => {
                first.is_some_and(|first| first.entry == *entry)
            }
        },
        Expected::Clarify(_)
        | Expected::Intent(_)
        | Expected::NoAnswer(_)
        | Expected::Guard(_)
        | Expected::Harmless(_) => false,
    };
    let choices_max = usize::from(base.policy.clarify_choices);
    let verdict = Verdict::of(&case.expected, &reaction, choices_max, &base.guard);
    let confidence = first.map(|first| first.confidence);
    let reply = answered.map(|answered| answered.reply);
    JudgedUtterance { case, said, reply, reaction, verdict, confidence, is_first, kind }
}

impl JudgedUtterance<'_> {
    /// Whether it did well by a figure; `None` when the figure is not about it.
    pub(super) fn counts_for(&self, floor: &Floor) -> Option<bool> {
        let expected = &self.case.expected;
        let is_right = self.verdict == Verdict::Right;
        match floor {
            Floor::First => matches!(expected, Expected::Entry(_)).then_some(self.is_first),
            Floor::Helped => {
                matches!(expected, Expected::Entry(_)).then_some(!self.verdict.is_failure())
            }
            Floor::RightAtOnce => matches!(expected, Expected::Entry(_)).then_some(is_right),
            Floor::AnsweredRight => self.reaction.answer().map(|_| is_right),
            Floor::NotAnswered => {
                matches!(expected, Expected::NoAnswer(_)).then_some(self.verdict != Verdict::Spoke)
            }
            Floor::Silent => matches!(expected, Expected::NoAnswer(_)).then_some(is_right),
            Floor::Clarify => {
                matches!(expected, Expected::Clarify(_)).then_some(!self.verdict.is_failure())
            }
            Floor::TwoMeanings => match (expected, &self.reaction) {
                (Expected::Clarify(wanted), Reaction::Asked(shown)) => {
                    Some(wanted.iter().filter(|id| shown.contains(id)).count() >= 2)
                }
                (Expected::Clarify(_), _) => Some(false),
                _ => None,
            },
            Floor::Intents => matches!(expected, Expected::Intent(_)).then_some(is_right),
            Floor::Intent(wanted) => {
                matches!(expected, Expected::Intent(id) if id == wanted).then_some(is_right)
            }
            Floor::Auroc | Floor::EceMax => self.is_ranked().then_some(self.is_first),
            Floor::Sealed(_) => None,
        }
    }

    /// Whether the bot's confidence in its best entry decided what it did: an intent is acted on
    /// under a threshold of its own, and what is vague has no right entry.
    pub(super) fn is_ranked(&self) -> bool {
        matches!(self.case.expected, Expected::Entry(_) | Expected::NoAnswer(_))
            && !matches!(self.reaction, Reaction::Acted { .. })
    }
}
