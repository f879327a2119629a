//! Asks the engine every question of the knowledge base, to find those that customers will
//! not be understood with.

use std::{cmp::Ordering, collections::BTreeMap};

use jiff::civil::Date;

use crate::knowledge::{
    Circumstances, Code, Entry, EntryId, Finding, GuardKind, Intent, IntentAction, Part, Status,
};
use crate::matching::{Band, Found, HeldOut, Outcome, Rival, Snapshot};
use crate::text::normalize;

/// From which confidence on a rival is told of. Wordings that are as unlike one another as they
/// should be mostly find a rival of less when they are held out. A hold-out is harder than an
/// utterance: by the shipped correction for hold-outs, this confidence is a chance of nine in ten.
const RIVAL_CONFIDENCE_MIN: f32 = 0.97;

/// An entry with fewer questions is not judged as a whole.
const QUESTIONS_MIN: usize = 3;

/// An entry is told of as a whole when this share of its questions finds something else. Of
/// 538 entries that were written with care, 3 were.
const LOST_SHARE: f64 = 0.7;

/// Two entries that together take this many questions from each other compete. One each is what
/// neighbours do, and which ones changes with every edit.
const COMPETING_MIN: usize = 3;

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
    let mut review = Review { snapshot, today, found: BTreeMap::new(), lost: BTreeMap::new() };
    let mut done = 0;
    for (place, entry) in snapshot.base.entries.iter().enumerate() {
        if is_asked(&entry) {
            review.questions(place, entry);
            review.patterns(place, entry);
            review.guard(place, entry);
            review.not_lines(place, entry);
            done += lines(entry);
            progress(done, all);
        }
    }
    review.competitors();
    review.worst()
}

struct Review<'s> {
    snapshot: &'s Snapshot,
    today: Date,
    /// By kind; each with how bad it is.
    found: BTreeMap<Code, Vec<(f32, Finding)>>,
    /// The questions that an entry loses to another one when they are held out, by the places of
    /// both.
    lost: BTreeMap<(usize, usize), Vec<String>>,
}

impl Review<'_> {
    fn questions(&mut self, place: usize, entry: &Entry) {
        let mut rivals: Vec<(usize, &str, Rival)> = Vec::new();
        for (number, question) in entry.questions().enumerate() {
            let Some(held_out) = self.snapshot.hold_out(place, number, self.today) else {
                continue;
            };
            let is_choice = held_out.is_choice;
            let Some(rival) = rival(held_out) else { continue };
            // An entry that is still among the choices has lost nothing for good.
            if let (false, Found::Entry(id)) = (is_choice, &rival.found)
                && let Some(other) = self.snapshot.base.entries.place(id)
            {
                self.lost.entry((place, other)).or_default().push(question.to_owned());
            }
            rivals.push((number, question, rival));
        }
        let count = entry.questions().count();
        if count >= QUESTIONS_MIN && rivals.len() as f64 >= LOST_SHARE * count as f64 {
            let badness = rivals.iter().map(|(.., rival)| badness(rival)).sum();
            let rivals: Vec<Rival> = rivals.into_iter().map(|(.., rival)| rival).collect();
            self.add(badness, self.unreachable(place, entry, count, &rivals));
            return;
        }
        for (number, question, rival) in rivals {
            if rival.confidence.get() >= RIVAL_CONFIDENCE_MIN {
                let finding = self.lost_question(place, number, question, &rival);
                self.add(badness(&rival), finding);
            }
        }
    }

    fn lost_question(&self, entry: usize, number: usize, question: &str, rival: &Rival) -> Finding {
        let name = self.name(&rival.found);
        let (message, result) = if rival.is_sure {
            (format!("“{question}”换几个字就会答成{name}"), "就直接答它")
        } else {
            (format!("“{question}”更像{name}"), "它排第一，自己的条目连选项里也没有")
        };
        let alike = match rival.shared.as_slice() {
            [] => format!("最像它的问法是“{}”", rival.question),
            shared => format!("与它的问法“{}”都有：{}", rival.question, shared.join("、")),
        };
        Finding {
            code: Code::Rival,
            part: Part::Question { entry, question: number },
            message,
            reason: format!("把这句去掉再问，{result}；{alike}"),
            mend: "是一件事就合并两条；不是就把这句移过去、改得更有区别，或写进那一条的 not"
                .to_owned(),
        }
    }

    fn unreachable(&self, place: usize, entry: &Entry, count: usize, rivals: &[Rival]) -> Finding {
        let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
        for rival in rivals {
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
            reason: format!("逐句去掉再问，自己不在选项里；排第一的是：{}", most.join("，")),
            mend: "与最像的那一条合并，或者把两边的问法按各自的意思重写".to_owned(),
        }
    }

    /// Pairs of entries of which each takes questions from the other: they are one matter, or are
    /// worded as if they were.
    fn competitors(&mut self) {
        let pairs = self.lost.iter().filter_map(|(&(one, other), lost)| {
            let back = self.lost.get(&(other, one))?;
            let is_pair = one < other && lost.len() + back.len() >= COMPETING_MIN;
            is_pair.then_some((one, other, lost, back))
        });
        let found: Vec<(f32, Finding)> = pairs
            .map(|(one, other, lost, back)| {
                let entries = &self.snapshot.base.entries;
                let (one_id, other_id) = (&entries[one].id, &entries[other].id);
                let finding = Finding {
                    code: Code::Competing,
                    part: Part::Entry { entry: one },
                    message: format!("条目 {one_id} 和 {other_id} 互相抢问法"),
                    reason: format!(
                        "逐句去掉再问，前者的{}找到后者，后者的{}找到前者",
                        quoted(lost),
                        quoted(back)
                    ),
                    mend: "是一件事就合并；不是，就让每句问法都说出自己这一条才有的东西".to_owned(),
                };
                ((lost.len() + back.len()) as f32, finding)
            })
            .collect();
        if !found.is_empty() {
            self.found.entry(Code::Competing).or_default().extend(found);
        }
    }

    fn patterns(&mut self, place: usize, entry: &Entry) {
        for (number, question) in entry.questions().enumerate() {
            let normalized = normalize(question);
            let taken = self.snapshot.base.intents.iter().find_map(|intent| {
                let is_first = intent.priority >= Intent::SAFETY_PRIORITY;
                let is_other = !answers(&intent.action, &entry.id);
                let mut patterns = intent.patterns.iter().filter(|_| is_first && is_other).zip(1..);
                patterns.find_map(|(pattern, nth)| {
                    Some((intent, nth, pattern.find(normalized.as_str())?.as_str()))
                })
            });
            let Some((intent, nth, matched)) = taken else { continue };
            let finding = Finding {
                code: Code::PatternTakes,
                part: Part::Question { entry: place, question: number },
                message: format!("“{question}”会被意图 {} 截走", intent.id),
                reason: format!(
                    "它的优先级是 {}，先于条目；第 {nth} 条正则匹配到“{matched}”",
                    intent.priority
                ),
                mend: "把正则写得更窄，或删掉这句问法".to_owned(),
            };
            self.add(f32::from(intent.priority), finding);
        }
    }

    /// Questions that the guard takes. That an entry about fraud is taken by the guard for fraud or
    /// theft is as it should be: such a question may be asked in danger.
    fn guard(&mut self, place: usize, entry: &Entry) {
        let tells_of_fraud = self.snapshot.base.policy.tells_of_fraud(entry);
        for (number, question) in entry.questions().enumerate() {
            let circumstances = Circumstances { today: self.today, facts: &entry.when.example() };
            let outcome = self.snapshot.find(question, circumstances);
            let meant =
                |kind| tells_of_fraud && matches!(kind, GuardKind::Fraud | GuardKind::Theft);
            let Some(finding) = outcome.guard.filter(|finding| !meant(finding.kind)) else {
                continue;
            };
            let finding = Finding {
                code: Code::GuardTakesQuestion,
                part: Part::Question { entry: place, question: number },
                message: format!("“{question}”会被守门拦下，按意图 {} 处理", finding.intent),
                reason: finding.basis.to_string(),
                mend: "有危险，就把这句问法拿掉；没有危险，就把它或其中的词写进 guard.yaml 的 harmless"
                    .to_owned(),
            };
            self.add(0.0, finding);
        }
    }

    fn not_lines(&mut self, place: usize, entry: &Entry) {
        let facts = entry.when.example();
        let circumstances = Circumstances { today: self.today, facts: &facts };
        for (line, text) in entry.not.iter().enumerate() {
            let outcome = self.snapshot.find(text, circumstances);
            if !self.is_answered_by(&outcome, &entry.id) {
                continue;
            }
            let best = outcome.ranked.first();
            let question =
                best.map_or_else(String::new, |best| format!("；最像的问法是“{}”", best.question));
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
                let intent = self.snapshot.base.intent(intent);
                intent.is_some_and(|intent| answers(&intent.action, entry))
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
        let worst_first = |one: &(f32, Finding), other: &(f32, Finding)| -> Ordering {
            other.0.total_cmp(&one.0)
        };
        let mut worst = Vec::new();
        for mut found in self.found.into_values() {
            found.sort_by(worst_first);
            found.truncate(FINDINGS_MAX);
            worst.extend(found.into_iter().map(|(_, finding)| finding));
        }
        worst
    }
}

/// The first two questions in quotation marks, and how many there are.
fn quoted(questions: &[String]) -> String {
    let shown: Vec<String> = questions.iter().take(2).map(|one| format!("“{one}”")).collect();
    match questions.len() {
        0..=2 => shown.join("、"),
        count => format!("{} 等 {count} 句", shown.join("、")),
    }
}

/// What customers would get in the place of the question's own entry: at once, or as the first
/// of choices among which their entry is not.
fn rival(held_out: HeldOut) -> Option<Rival> {
    let is_lost = |rival: &Rival| rival.is_sure || !held_out.is_choice;
    held_out.rival.filter(is_lost)
}

/// A rival that is answered at once is worse than any that is only shown.
fn badness(rival: &Rival) -> f32 {
    rival.confidence.get() + if rival.is_sure { 1.0 } else { 0.0 }
}

fn answers(action: &IntentAction, entry: &EntryId) -> bool {
    matches!(action, IntentAction::Answer { entry: answered } if answered == entry)
}
