//! Asks the engine every question of the knowledge base, to find those that customers will
//! not be understood with.

use std::{cmp::Ordering, collections::BTreeMap};

use jiff::civil::Date;

use crate::knowledge::{Code, Entry, EntryId, Finding, Intent, IntentAction, Part, Status};
use crate::matching::{Band, Found, HeldOut, Outcome, Rival, Snapshot};
use crate::text::normalize;

/// A rival that is not answered at once is told of when its score is this much larger than
/// that of the question's own entry, of at most about 1.8. Less is common among wordings that
/// are as unlike one another as they should be.
const FAR_AHEAD: f32 = 0.45;

/// An entry with fewer questions is not judged as a whole.
const QUESTIONS_MIN: usize = 3;

/// An entry is told of as a whole when this share of its questions finds something else.
const LOST_SHARE: f64 = 0.8;

/// Most findings of one kind; the worst are kept.
const FINDINGS_MAX: usize = 200;

/// Everything that shows when the questions and `not` lines of the entries are asked, in the
/// order of the entries. `progress` is told how many lines of how many are done.
pub fn find_clashes(
    snapshot: &Snapshot,
    today: Date,
    progress: &mut dyn FnMut(usize, usize),
) -> Vec<Finding> {
    let is_asked = |entry: &&Entry| {
        entry.status == Status::Live && entry.valid_until.is_none_or(|until| today <= until)
    };
    let lines = |entry: &Entry| entry.questions().count() + entry.not.len();
    let all = snapshot.base.entries.iter().filter(is_asked).map(lines).sum();
    let mut review = Review { snapshot, today, found: BTreeMap::new() };
    let mut done = 0;
    for (place, entry) in snapshot.base.entries.iter().enumerate() {
        if is_asked(&entry) {
            review.questions(place, entry);
            review.patterns(place, entry);
            review.not_lines(place, entry);
            done += lines(entry);
            progress(done, all);
        }
    }
    review.worst()
}

struct Review<'s> {
    snapshot: &'s Snapshot,
    today: Date,
    /// By kind; each with how bad it is.
    found: BTreeMap<Code, Vec<(f32, Finding)>>,
}

impl Review<'_> {
    fn questions(&mut self, place: usize, entry: &Entry) {
        let mut lost: Vec<(usize, &str, Lost)> = Vec::new();
        for (number, question) in entry.questions().enumerate() {
            let held_out = self.snapshot.hold_out(place, number, self.today);
            if let Some(one) = held_out.and_then(Lost::of) {
                lost.push((number, question, one));
            }
        }
        let count = entry.questions().count();
        if count >= QUESTIONS_MIN && lost.len() as f64 >= LOST_SHARE * count as f64 {
            let sum = lost.iter().map(|(.., one)| one.behind).sum();
            let rivals = lost.iter().map(|(.., one)| &one.rival);
            self.add(sum, self.unreachable(place, entry, count, rivals.collect()));
            return;
        }
        for (number, question, one) in lost {
            let finding = self.lost_question(place, number, question, &one);
            self.add(one.behind, finding);
        }
    }

    fn lost_question(&self, entry: usize, number: usize, question: &str, lost: &Lost) -> Finding {
        let rival = &lost.rival;
        let name = self.name(&rival.found);
        let message = if rival.is_sure {
            format!("“{question}”换几个字就会答成{name}")
        } else {
            format!("“{question}”更像{name}")
        };
        let alike = match rival.shared.as_slice() {
            [] => format!("最像它的问法是“{}”", rival.question),
            shared => format!("与它的问法“{}”都有：{}", rival.question, shared.join("、")),
        };
        Finding {
            code: Code::Rival,
            part: Part::Question { entry, question: number },
            message,
            reason: format!("把这句去掉再问，排第一的不是自己的条目；{alike}"),
            mend: "是一件事就合并两条；不是就把这句移过去、改得更有区别，或写进那一条的 not".to_owned(),
        }
    }

    fn unreachable(
        &self,
        place: usize,
        entry: &Entry,
        count: usize,
        rivals: Vec<&Rival>,
    ) -> Finding {
        let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
        for rival in &rivals {
            *by_name.entry(self.name(&rival.found)).or_default() += 1;
        }
        let mut by_name: Vec<(String, usize)> = by_name.into_iter().collect();
        by_name.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        let most: Vec<String> =
            by_name.iter().take(3).map(|(name, times)| format!("{name} {times} 句")).collect();
        Finding {
            code: Code::Unreachable,
            part: Part::Entry { entry: place },
            message: format!(
                "条目 {} 的 {count} 句问法里，有 {} 句更像别的",
                entry.id,
                rivals.len()
            ),
            reason: format!("逐句去掉再问，排第一的是：{}", most.join("，")),
            mend: "与最像的那一条合并，或者把两边的问法按各自的意思重写".to_owned(),
        }
    }

    fn patterns(&mut self, place: usize, entry: &Entry) {
        for (number, question) in entry.questions().enumerate() {
            let normalized = normalize(question);
            let taken = self.snapshot.base.intents.iter().find_map(|intent| {
                let is_first = intent.priority >= Intent::SAFETY_PRIORITY;
                let is_other = !answers(&intent.action, &entry.id);
                let mut patterns = intent.patterns.iter().filter(|_| is_first && is_other);
                let pattern = patterns.find(|pattern| pattern.is_match(normalized.as_str()))?;
                Some((intent, pattern))
            });
            let Some((intent, pattern)) = taken else { continue };
            let finding = Finding {
                code: Code::PatternTakes,
                part: Part::Question { entry: place, question: number },
                message: format!("“{question}”会被意图 {} 截走", intent.id),
                reason: format!(
                    "它的优先级是 {}，先于条目；匹配的正则：{pattern}",
                    intent.priority
                ),
                mend: "把正则写得更窄，或删掉这句问法".to_owned(),
            };
            self.add(f32::from(intent.priority), finding);
        }
    }

    fn not_lines(&mut self, place: usize, entry: &Entry) {
        for (line, text) in entry.not.iter().enumerate() {
            let outcome = self.snapshot.find(text, self.today);
            if !self.is_answered_by(&outcome, &entry.id) {
                continue;
            }
            let best = outcome.ranked.first();
            let question = best.map_or_else(String::new, |best| {
                format!("；最像的问法是“{}”", best.question)
            });
            let finding = Finding {
                code: Code::NotInVain,
                part: Part::Not { entry: place, line },
                message: format!("照着 not 里的“{text}”问，还是会答这个条目"),
                reason: format!("去掉客套、换成同义词之后，它与自己的问法一样近{question}"),
                mend: "删掉这句 not，或删掉那句问法".to_owned(),
            };
            self.add(0.0, finding);
        }
    }

    fn is_answered_by(&self, outcome: &Outcome, entry: &EntryId) -> bool {
        match (&outcome.intent, outcome.band) {
            (Some(intent), _) => {
                let intents = &self.snapshot.base.intents;
                intents.iter().any(|one| one.id == *intent && answers(&one.action, entry))
            }
            (None, Band::Answer) => outcome.ranked.first().is_some_and(|one| one.entry == *entry),
            (None, Band::Clarify | Band::Fallback) => false,
        }
    }

    /// An entry or intent for people: its standard question beside its id.
    fn name(&self, found: &Found) -> String {
        match found {
            Found::Entry(id) => {
                let entry = self.snapshot.base.entry(id);
                let question = entry.map_or("", |entry| entry.standard_question.as_str());
                format!("“{question}”（{id}）")
            }
            Found::Intent(id) => format!("意图 {id}"),
        }
    }

    fn add(&mut self, badness: f32, finding: Finding) {
        self.found.entry(finding.code).or_default().push((badness, finding));
    }

    /// The worst of each kind.
    fn worst(self) -> Vec<Finding> {
        let worst_first =
            |one: &(f32, Finding), other: &(f32, Finding)| -> Ordering { other.0.total_cmp(&one.0) };
        let mut worst = Vec::new();
        for mut found in self.found.into_values() {
            found.sort_by(worst_first);
            found.truncate(FINDINGS_MAX);
            worst.extend(found.into_iter().map(|(_, finding)| finding));
        }
        worst
    }
}

/// A question that finds something else when it is held out.
struct Lost {
    rival: Rival,
    /// How far its own entry is behind.
    behind: f32,
}

impl Lost {
    /// `None` when the question's entry holds its own, or little speaks for the rival.
    fn of(held_out: HeldOut) -> Option<Self> {
        let rival = held_out.rival?;
        let behind = rival.score.get() - held_out.own.map_or(0.0, |own| own.get());
        (rival.is_sure || behind >= FAR_AHEAD).then_some(Self { rival, behind })
    }
}

fn answers(action: &IntentAction, entry: &EntryId) -> bool {
    matches!(action, IntentAction::Answer { entry: answered } if answered == entry)
}
