//! What an edit of the knowledge changes for customers, utterance by utterance.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use jiff::civil::Date;

use super::super::{
    regression::{Reaction, Verdict},
    talk::{explain_first, first_answer},
};
use super::{
    change::{Change, ChangeKind, Side, Worth},
    change_reason::{ChangeReason, Indexed, Way, reasons},
};
use crate::knowledge::{Circumstances, Expected, Facts, IntentAction, KnowledgeBase};
use crate::matching::{Found, Snapshot};
use crate::text::normalize;

/// Something to ask, and what is known of the customer who asks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What the customer says.
    pub utterance: String,
    /// What is known of that customer.
    pub facts: Facts,
}

/// The utterances that the two can be asked: those of their tests, apart from the sealed, then their questions, each by a
/// customer for whom the entry is, and the examples of their intents; each once, the new
/// knowledge base's first.
pub fn known_utterances(old: &KnowledgeBase, new: &KnowledgeBase) -> Vec<Ask> {
    let of_tests = [new, old]
        .into_iter()
        .flat_map(|base| &base.tests.cases)
        .flat_map(|case| case.say.iter().map(|said| (said.text.as_str(), case.facts.clone())));
    let of_entries = [new, old]
        .into_iter()
        .flat_map(|base| base.entries.iter())
        .flat_map(|entry| entry.questions().map(|question| (question, entry.when.example())));
    let of_intents = [new, old].into_iter().flat_map(|base| base.intents.iter());
    let of_intents = of_intents.flat_map(|intent| &intent.examples);
    let of_intents = of_intents.map(|example| (example.as_str(), Facts::default()));
    let mut seen = BTreeSet::new();
    of_tests
        .chain(of_entries)
        .chain(of_intents)
        .filter(|(text, facts)| seen.insert((key(text), facts.clone())))
        .map(|(text, facts)| Ask { utterance: text.to_owned(), facts })
        .collect()
}

/// The utterances that customers see treated differently, worst first; what is known to be
/// better comes last. `progress` is told how many are done.
pub fn compare(
    old: &Snapshot,
    new: &Snapshot,
    asks: &[Ask],
    today: Date,
    progress: &mut dyn FnMut(usize),
) -> Vec<Change> {
    let comparison = RootComparison {
        old: Indexed::new(old, today),
        new: Indexed::new(new, today),
        tests: expectations(&[&old.base, &new.base]),
        today,
    };
    let mut changes = Vec::new();
    for (ask, done) in asks.iter().zip(1..) {
        changes.extend(comparison.change(ask));
        progress(done);
    }
    changes.sort_by_key(|change| (change.worth == Worth::Better, change.kind, change.worth));
    changes
}

struct RootComparison<'s> {
    old: Indexed<'s>,
    new: Indexed<'s>,
    tests: BTreeMap<(String, &'s Facts), &'s Expected>,
    today: Date,
}

impl RootComparison<'_> {
    /// `None` when the customer sees no difference.
    fn change(&self, ask: &Ask) -> Option<Change> {
        let circumstances = Circumstances { today: self.today, facts: &ask.facts };
        let [old, new] =
            [&self.old, &self.new].map(|one| side(one.snapshot, &ask.utterance, circumstances));
        let kind = ChangeKind::between(&old, &new)?;
        let reasons = match kind {
            ChangeKind::OtherText => vec![ChangeReason::TextEdited],
            ChangeKind::OtherAnswer
            | ChangeKind::LostAnswer
            | ChangeKind::NowAsked
            | ChangeKind::NewAnswer
            | ChangeKind::LostChoices
            | ChangeKind::NewChoices
            | ChangeKind::OtherChoices => self.reasons(&ask.utterance, circumstances, &old, &new),
        };
        let worth = self.worth(ask, &old, &new);
        let Ask { utterance, facts } = ask.clone();
        Some(Change { utterance, facts, kind, worth, old, new, reasons })
    }

    fn reasons(
        &self,
        utterance: &str,
        circumstances: Circumstances<'_>,
        old: &Side,
        new: &Side,
    ) -> Vec<ChangeReason> {
        let explain = |one: &Indexed<'_>| explain_first(one.snapshot, utterance, circumstances);
        let (before, after) = (explain(&self.old), explain(&self.new));
        reasons(
            &Way { from: &self.old, reaction: &old.reaction, explanation: &before, circumstances },
            &Way { from: &self.new, reaction: &new.reaction, explanation: &after, circumstances },
        )
    }

    /// By what a test expects, else by whose question it is now.
    fn worth(&self, ask: &Ask, old: &Side, new: &Side) -> Worth {
        let question = self.new.owner(&ask.utterance).map(|owner| match owner {
            Found::Entry(id) => Expected::Entry(id.clone()),
            Found::Intent(id) => Expected::Intent(id.clone()),
        });
        let test = self.tests.get(&(key(&ask.utterance), &ask.facts)).copied();
        let Some(expected) = test.or(question.as_ref()) else { return Worth::Unknown };
        let verdict = |one: &Indexed<'_>, side: &Side| {
            let base = &one.snapshot.base;
            let choices_max = usize::from(base.policy.clarify_choices);
            Verdict::of(expected, &side.reaction, choices_max, &base.guard)
        };
        match verdict(&self.new, new).cmp(&verdict(&self.old, old)) {
            Ordering::Greater => Worth::Worse,
            Ordering::Equal => Worth::Unknown,
            Ordering::Less => Worth::Better,
        }
    }
}

pub(super) fn side(snapshot: &Snapshot, utterance: &str, circumstances: Circumstances<'_>) -> Side {
    // What is refused, as a longer text than customers may send, is not answered.
    let answered = first_answer(snapshot, utterance, circumstances).ok();
    let reaction =
        answered.as_ref().map_or(Reaction::Nothing, |one| Reaction::of(one, &snapshot.base));
    let outcome = answered.and_then(|answered| answered.outcome);
    let confidence = outcome.and_then(|outcome| Some(outcome.ranked.first()?.confidence));
    Side { text: text(&snapshot.base, &reaction, circumstances.today), reaction, confidence }
}

/// What the tests expect; where two of the knowledge bases do, the last one.
fn expectations<'b>(bases: &[&'b KnowledgeBase]) -> BTreeMap<(String, &'b Facts), &'b Expected> {
    let cases = bases.iter().flat_map(|base| &base.tests.cases);
    let expected = cases.flat_map(|case| {
        case.say.iter().map(|said| ((key(&said.text), &case.facts), &case.expected))
    });
    expected.collect()
}

/// What the customer reads, apart from choices and the texts of the policy.
fn text(base: &KnowledgeBase, reaction: &Reaction, today: Date) -> String {
    if let Some(id) = reaction.answer() {
        return base
            .entry(id)
            .map_or_else(String::new, |entry| entry.answer.on(today).whole().into_owned());
    }
    let intent = reaction.intent().and_then(|id| base.intent(id));
    match intent.map(|intent| &intent.action) {
        Some(IntentAction::Reply { text, .. }) => text.clone(),
        Some(IntentAction::Handoff { text, texts, .. }) => {
            let outcomes = [&texts.queued, &texts.nobody, &texts.closed].into_iter().flatten();
            let said = std::iter::once(text).chain(outcomes).map(|text| text.trim_end());
            said.collect::<Vec<_>>().join("\n")
        }
        Some(IntentAction::Answer { .. }) | None => String::new(),
    }
}

/// The form in which utterances are the same.
pub(super) fn key(text: &str) -> String {
    let normalized = normalize(text).into_string();
    if normalized.is_empty() { text.to_owned() } else { normalized }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::knowledge::questions_only;

    #[test]
    fn a_threshold_that_moves_is_told_as_the_reason() {
        let lines = r#"
            {"id": "withdraw.arrival", "question": "提现多久到账", "similar": ["提现几天能到账"]}
            {"id": "password.reset", "question": "忘记登录密码怎么办", "similar": ["怎么重置密码"]}
        "#;
        let snapshot = |answer_precision| {
            let mut base = questions_only(lines.as_bytes()).base.unwrap();
            base.policy.answer_precision = answer_precision;
            Snapshot::build(base).unwrap()
        };
        let utterances = ["提现什么时候到账", "提现多久到账"]
            .map(|utterance| Ask { utterance: utterance.to_owned(), facts: Facts::default() });
        let (old, new) = (snapshot(500), snapshot(999));
        let changes = compare(&old, &new, &utterances, date(2026, 11, 22), &mut |_| {});
        let [change] = &changes[..] else { panic!("one change: {changes:?}") };
        assert_eq!(change.kind, ChangeKind::NowAsked);
        let [ChangeReason::ThresholdMoved { old, new }] = change.reasons[..] else {
            panic!("{:?}", change.reasons)
        };
        assert!(old < new && (new - 0.995).abs() < 1e-6, "{old} {new}");
    }
}
