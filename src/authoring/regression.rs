//! Runs the operator's regression tests.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Reaction, Verdict};
use crate::compliance::mask;
use crate::knowledge::{
    Case, Circumstances, EntryId, Expected, Facts, Floor, Intent, IntentAction, KnowledgeBase,
    Said, Split,
};
use crate::matching::{Confidence, Outcome, Snapshot};
use crate::parallel::Threads;

/// The tests of a knowledge base beside what came of them.
#[derive(Debug)]
pub struct Regression<'s> {
    /// In the order of the files.
    pub judged: Vec<Judged<'s>>,
    /// Utterances left out, since what they expect is not served to such a customer on that
    /// day.
    pub skipped: usize,
    floors: &'s BTreeMap<Floor, u16>,
}

/// One utterance and what came of it.
#[derive(Debug)]
pub struct Judged<'s> {
    /// What was expected.
    pub case: &'s Case,
    /// What the customer said.
    pub said: &'s Said,
    /// What the bot did.
    pub reaction: Reaction,
    /// What that is worth.
    pub verdict: Verdict,
    /// How likely the best entry is right; `None` when no entry was found.
    pub confidence: Option<Confidence>,
    /// Whether the expected entry came first, or the intent that answers with it.
    pub is_first: bool,
    /// The group that it is counted in.
    pub group: Group,
}

/// Utterances that are counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// An entry of this category answers.
    Category(String),
    /// The bot must ask back.
    Clarify,
    /// An intent is acted on.
    Intent,
    /// Nothing may be answered.
    NoAnswer,
}

/// How many of the utterances that a [`Floor`] is about did well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Which floor.
    pub floor: Floor,
    /// How many did well.
    pub hits: usize,
    /// Of how many.
    pub of: usize,
    /// Of 1,000, how many must; `None` when the files name no such floor.
    pub at_least: Option<u16>,
}

impl Figure {
    /// The share that did well; `None` when there is nothing to judge by.
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }

    /// Whether the floor is kept. One that nothing is counted for is.
    pub fn is_kept(&self) -> bool {
        self.at_least.is_none_or(|floor| self.hits * 1_000 >= usize::from(floor) * self.of)
    }
}

/// Asks every test utterance, or those of one half, as the server would be asked on that day.
/// `progress` is told how many are done, of how many.
pub fn run_tests<'s>(
    snapshot: &'s Snapshot,
    today: Date,
    only: Option<Split>,
    progress: &mut dyn FnMut(usize, usize),
) -> Regression<'s> {
    let (wanted, skipped) = wanted(&snapshot.base, today, only);
    let total = skipped + wanted.len();
    let judged = wanted.iter().zip(skipped + 1..).map(|(one, done)| {
        let judged = one.judge(snapshot, today);
        progress(done, total);
        judged
    });
    Regression { judged: judged.collect(), skipped, floors: &snapshot.base.tests.floors }
}

/// The floors that a knowledge base falls under on that day; empty when it keeps all.
pub fn figures_under_floors(snapshot: &Snapshot, today: Date, threads: Threads) -> Vec<Figure> {
    let floors = &snapshot.base.tests.floors;
    if floors.is_empty() {
        return Vec::new();
    }
    let (wanted, skipped) = wanted(&snapshot.base, today, Some(Split::Test));
    let judged = threads.map(&wanted, |one| one.judge(snapshot, today));
    let run = Regression { judged, skipped, floors };
    run.figures().into_iter().filter(|figure| !figure.is_kept()).collect()
}

/// An utterance to ask.
struct Wanted<'s> {
    case: &'s Case,
    said: &'s Said,
    group: Group,
}

/// The utterances to ask on that day, and how many are left out.
fn wanted(base: &KnowledgeBase, today: Date, only: Option<Split>) -> (Vec<Wanted<'_>>, usize) {
    let mut served: BTreeMap<&Facts, Served<'_>> = BTreeMap::new();
    let (mut wanted, mut skipped) = (Vec::new(), 0);
    for case in base.tests.cases.iter().filter(|case| only.is_none_or(|only| only == case.split)) {
        let circumstances = Circumstances { today, facts: &case.facts };
        let served = served.entry(&case.facts).or_insert_with(|| Served::to(base, circumstances));
        match served.group(&case.expected) {
            Some(group) => {
                let one = |said| Wanted { case, said, group: group.clone() };
                wanted.extend(case.say.iter().map(one));
            }
            None => skipped += case.say.len(),
        }
    }
    (wanted, skipped)
}

impl<'s> Wanted<'s> {
    fn judge(&self, snapshot: &Snapshot, today: Date) -> Judged<'s> {
        let circumstances = Circumstances { today, facts: &self.case.facts };
        let outcome = ask(snapshot, &self.said.text, circumstances);
        judge(&snapshot.base, self.case, self.said, &outcome, self.group.clone())
    }
}

/// What the server finds for an utterance.
pub(super) fn ask(
    snapshot: &Snapshot,
    utterance: &str,
    circumstances: Circumstances<'_>,
) -> Outcome {
    snapshot.find(&masked(utterance), circumstances)
}

/// An utterance as the server sees it: without personal data.
pub(super) fn masked(utterance: &str) -> String {
    mask(utterance).without_tags()
}

fn judge<'s>(
    base: &KnowledgeBase,
    case: &'s Case,
    said: &'s Said,
    outcome: &Outcome,
    group: Group,
) -> Judged<'s> {
    let reaction = Reaction::of(outcome, base);
    let first = outcome.ranked.first();
    let is_first = match &case.expected {
        Expected::Entry(entry) => match &reaction {
            Reaction::Acted { .. } => reaction.answer() == Some(entry),
            Reaction::Answered(_) | Reaction::Asked(_) | Reaction::Nothing => {
                first.is_some_and(|first| first.entry == *entry)
            }
        },
        Expected::Clarify(_) | Expected::Intent(_) | Expected::NoAnswer(_) => false,
    };
    let choices_max = usize::from(base.policy.clarify_choices);
    let verdict = Verdict::of(&case.expected, &reaction, choices_max);
    let confidence = first.map(|first| first.confidence);
    Judged { case, said, reaction, verdict, confidence, is_first, group }
}

impl Regression<'_> {
    /// Every figure over the half that the floors are about.
    pub fn figures(&self) -> Vec<Figure> {
        let figure = |floor| {
            let counted = self.judged.iter().filter(|one| one.case.split == Split::Test);
            let counted: Vec<bool> = counted.filter_map(|one| one.counts_for(floor)).collect();
            let hits = counted.iter().filter(|is_hit| **is_hit).count();
            let at_least = self.floors.get(&floor).copied();
            Figure { floor, hits, of: counted.len(), at_least }
        };
        Floor::ALL.into_iter().map(figure).collect()
    }
}

impl Judged<'_> {
    /// Whether it did well by a floor; `None` when that is not about it.
    fn counts_for(&self, floor: Floor) -> Option<bool> {
        let expected = &self.case.expected;
        match floor {
            Floor::First => matches!(expected, Expected::Entry(_)).then_some(self.is_first),
            Floor::Helped => {
                matches!(expected, Expected::Entry(_)).then_some(!self.verdict.is_failure())
            }
            Floor::AnsweredRight => self.reaction.answer().map(|_| self.verdict == Verdict::Right),
            Floor::NotAnswered => {
                matches!(expected, Expected::NoAnswer(_)).then_some(self.verdict != Verdict::Spoke)
            }
            Floor::Intents => {
                matches!(expected, Expected::Intent(_)).then_some(self.verdict == Verdict::Right)
            }
        }
    }
}

/// What such a customer can find on a day: the categories of the entries, and the intents.
struct Served<'b> {
    entries: BTreeMap<&'b EntryId, &'b str>,
    intents: BTreeSet<&'b str>,
}

impl<'b> Served<'b> {
    fn to(base: &'b KnowledgeBase, circumstances: Circumstances<'_>) -> Self {
        let entries = base.entries.iter().filter(|entry| entry.is_served_in(circumstances));
        let entries: BTreeMap<_, _> =
            entries.map(|entry| (&entry.id, entry.category.as_str())).collect();
        let is_served = |intent: &&Intent| match &intent.action {
            IntentAction::Answer { entry } => entries.contains_key(entry),
            IntentAction::Reply { .. } | IntentAction::Handoff { .. } => true,
        };
        let intents = base.intents.iter().filter(is_served);
        let intents = intents.map(|intent| intent.id.as_str()).collect();
        Self { entries, intents }
    }

    /// The group of what is expected; `None` when that is not served.
    fn group(&self, expected: &Expected) -> Option<Group> {
        match expected {
            Expected::Entry(id) => {
                self.entries.get(id).map(|category| Group::Category((*category).to_owned()))
            }
            Expected::Clarify(ids) => {
                ids.iter().all(|id| self.entries.contains_key(id)).then_some(Group::Clarify)
            }
            Expected::Intent(id) => self.intents.contains(id.as_str()).then_some(Group::Intent),
            Expected::NoAnswer(_) => Some(Group::NoAnswer),
        }
    }
}
