//! Runs the operator's regression tests.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::talk::first_answer;
use super::{
    figure::{Figure, Unasked},
    reaction::Reaction,
    unserved::Unserved,
    verdict::Verdict,
};
use crate::dialogue::Answered;
use crate::journal::Reply;
use crate::knowledge::{
    Case, Circumstances, Entry, EntryId, Expected, Floor, Intent, IntentAction, IntentId,
    KnowledgeBase, Said, Split,
};
use crate::matching::{Confidence, Snapshot};
use crate::parallel::Threads;

/// The tests of a knowledge base beside what came of them.
#[derive(Debug)]
pub struct Regression<'s> {
    /// In the order of the files.
    pub judged: Vec<Judged<'s>>,
    left_out: Vec<LeftOut<'s>>,
    base: &'s KnowledgeBase,
}

/// A case whose utterances cannot be asked, and the entry that they need.
#[derive(Clone, Copy, Debug)]
struct LeftOut<'s> {
    case: &'s Case,
    why: Unserved,
    entry: &'s EntryId,
}

/// One utterance and what came of it.
#[derive(Debug)]
pub struct Judged<'s> {
    /// What was expected.
    pub case: &'s Case,
    /// What the customer said.
    pub said: &'s Said,
    /// What the bot said when no agent was there; `None` when it may not be said to it.
    pub reply: Option<Reply>,
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

/// Asks every test utterance, or those of one half, as the server would be asked on that day.
/// `progress` is told how many are done, of how many.
pub fn run_tests<'s>(
    snapshot: &'s Snapshot,
    today: Date,
    only: Option<Split>,
    progress: &mut dyn FnMut(usize, usize),
) -> Regression<'s> {
    let (wanted, left_out) = wanted(&snapshot.base, today, only);
    let skipped = utterances(&left_out);
    let total = skipped + wanted.len();
    let judged = wanted.iter().zip(skipped + 1..).map(|(one, done)| {
        let judged = one.judge(snapshot, today);
        progress(done, total);
        judged
    });
    Regression { judged: judged.collect(), left_out, base: &snapshot.base }
}

/// The floors that a knowledge base does not keep on that day; empty when it keeps all.
pub fn figures_under_floors(snapshot: &Snapshot, today: Date, threads: Threads) -> Vec<Figure> {
    if snapshot.base.tests.floors.is_empty() {
        return Vec::new();
    }
    let (wanted, left_out) = wanted(&snapshot.base, today, Some(Split::Test));
    let judged = threads.map(&wanted, |one| one.judge(snapshot, today));
    let run = Regression { judged, left_out, base: &snapshot.base };
    run.figures().into_iter().filter(|figure| !figure.is_kept()).collect()
}

/// An utterance to ask.
struct Wanted<'s> {
    case: &'s Case,
    said: &'s Said,
    group: Group,
}

/// The utterances to ask on that day, and the cases that are left out.
fn wanted(
    base: &KnowledgeBase,
    today: Date,
    only: Option<Split>,
) -> (Vec<Wanted<'_>>, Vec<LeftOut<'_>>) {
    let known = Known::of(base);
    let (mut wanted, mut left_out) = (Vec::new(), Vec::new());
    for case in base.tests.cases.iter().filter(|case| only.is_none_or(|only| only == case.split)) {
        match known.group(case, today) {
            Ok(group) => {
                let one = |said| Wanted { case, said, group: group.clone() };
                wanted.extend(case.say.iter().map(one));
            }
            Err((why, entry)) => left_out.push(LeftOut { case, why, entry }),
        }
    }
    (wanted, left_out)
}

impl<'s> Wanted<'s> {
    fn judge(&self, snapshot: &Snapshot, today: Date) -> Judged<'s> {
        let circumstances = Circumstances { today, facts: &self.case.facts };
        let answered = first_answer(snapshot, &self.said.text, circumstances).ok();
        judge(&snapshot.base, self.case, self.said, answered, self.group.clone())
    }
}

fn judge<'s>(
    base: &KnowledgeBase,
    case: &'s Case,
    said: &'s Said,
    answered: Option<Answered>,
    group: Group,
) -> Judged<'s> {
    // What is refused, as a longer text than customers may send, is not answered.
    let reaction = answered.as_ref().map_or(Reaction::Nothing, |one| Reaction::of(one, base));
    let outcome = answered.as_ref().and_then(|one| one.outcome.as_ref());
    let first = outcome.and_then(|outcome| outcome.ranked.first());
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
    let reply = answered.map(|answered| answered.reply);
    Judged { case, said, reply, reaction, verdict, confidence, is_first, group }
}

impl Regression<'_> {
    /// Utterances left out, since what they expect is not served to such a customer on that
    /// day.
    pub fn skipped(&self) -> usize {
        utterances(&self.left_out)
    }

    /// Every figure over the half that the floors are about.
    pub fn figures(&self) -> Vec<Figure> {
        let known = Known::of(self.base);
        Floor::ALL.into_iter().map(|floor| self.figure(floor, &known)).collect()
    }

    fn figure(&self, floor: Floor, known: &Known<'_>) -> Figure {
        let counted = self.judged.iter().filter(|one| one.case.split == Split::Test);
        let counted: Vec<bool> = counted.filter_map(|one| one.counts_for(floor)).collect();
        let is_held = |case: &Case| case.split == Split::Test && known.is_held_for(case, floor);
        let held = self.base.tests.cases.iter().filter(|case| is_held(case));
        let mut unasked: BTreeMap<(Unserved, &EntryId), usize> = BTreeMap::new();
        for one in self.left_out.iter().filter(|one| is_held(one.case)) {
            *unasked.entry((one.why, one.entry)).or_default() += one.case.say.len();
        }
        let unasked = unasked.into_iter().map(|((why, entry), utterances)| Unasked {
            why,
            entry: entry.clone(),
            utterances,
        });
        Figure {
            floor,
            hits: counted.iter().filter(|is_hit| **is_hit).count(),
            of: counted.len(),
            at_least: self.base.tests.floors.get(&floor).copied(),
            held: held.map(|case| case.say.len()).sum(),
            unasked: unasked.collect(),
        }
    }
}

fn utterances(left_out: &[LeftOut<'_>]) -> usize {
    left_out.iter().map(|one| one.case.say.len()).sum()
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

/// The entries and intents of a knowledge base by their ids, served or not.
struct Known<'b> {
    entries: BTreeMap<&'b EntryId, &'b Entry>,
    intents: BTreeMap<&'b IntentId, &'b Intent>,
}

impl<'b> Known<'b> {
    fn of(base: &'b KnowledgeBase) -> Self {
        Self {
            entries: base.entries.iter().map(|entry| (&entry.id, entry)).collect(),
            intents: base.intents.iter().map(|intent| (&intent.id, intent)).collect(),
        }
    }

    /// The group of a case; or why, for want of which entry, it cannot be asked on that day.
    fn group(&self, case: &'b Case, today: Date) -> Result<Group, (Unserved, &'b EntryId)> {
        let circumstances = Circumstances { today, facts: &case.facts };
        let served = |id: &'b EntryId| match self.entries.get(id) {
            Some(entry) => {
                Unserved::of(entry, circumstances).map_or(Ok(*entry), |why| Err((why, id)))
            }
            // The checks let no test through that names an entry which does not exist.
            None => Err((Unserved::Retired, id)),
        };
        match &case.expected {
            Expected::Entry(id) => served(id).map(|entry| Group::Category(entry.category.clone())),
            Expected::Clarify(ids) => {
                ids.iter().try_for_each(|id| served(id).map(|_| ())).map(|()| Group::Clarify)
            }
            Expected::Intent(id) => match self.entry_of(id) {
                Some(entry) => served(entry).map(|_| Group::Intent),
                None => Ok(Group::Intent),
            },
            Expected::NoAnswer(_) => Ok(Group::NoAnswer),
        }
    }

    /// Whether a floor is about a case, by what is written. Of direct answers a floor is about
    /// the cases that a direct answer can be right for.
    fn is_held_for(&self, case: &Case, floor: Floor) -> bool {
        match (floor, &case.expected) {
            (Floor::First | Floor::Helped | Floor::AnsweredRight, Expected::Entry(_))
            | (Floor::NotAnswered, Expected::NoAnswer(_))
            | (Floor::Intents, Expected::Intent(_)) => true,
            (Floor::AnsweredRight, Expected::Intent(id)) => self.entry_of(id).is_some(),
            (
                Floor::First
                | Floor::Helped
                | Floor::AnsweredRight
                | Floor::NotAnswered
                | Floor::Intents,
                Expected::Entry(_)
                | Expected::Clarify(_)
                | Expected::Intent(_)
                | Expected::NoAnswer(_),
            ) => false,
        }
    }

    /// The entry that an intent answers with, if it does.
    fn entry_of(&self, intent: &IntentId) -> Option<&'b EntryId> {
        match &self.intents.get(intent)?.action {
            IntentAction::Answer { entry } => Some(entry),
            IntentAction::Reply { .. } | IntentAction::Handoff { .. } => None,
        }
    }
}
