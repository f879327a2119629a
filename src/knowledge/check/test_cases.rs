//! Checks the tests: each utterance must be new, and each floor must have cases.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;

use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, similar_word::nearest, source::Place},
    format::{
        drafts::Drafts,
        parts::question::Question,
        tests_file::{CaseDraft, ExpectedDraft, FloorDraft, UTTERANCES_MAX},
    },
    model::{
        cases::{KindName, Split},
        entry::Status,
        facts::Facts,
        guard::GuardKind,
    },
};

/// Reports utterances that test nothing, and floors without cases.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    check_utterances(drafts, report);
    check_sealed(drafts, report);
    let known = KnownKinds::of(drafts);
    for floor in &drafts.tests.floors {
        check_floor(floor, drafts, &known, report);
    }
}

/// The known questions and examples, by their normalised text.
fn questions(drafts: &Drafts) -> HashMap<&str, Place, RandomState> {
    let served = drafts.entries.iter().filter(|entry| entry.status != Status::Retired);
    let questions = (served.flat_map(|entry| &entry.questions))
        .chain(drafts.intents.iter().flat_map(|intent| &intent.examples));
    questions.map(|question| (question.normalized.as_str(), question.place)).collect()
}

/// Each utterance with the facts of the customer who says it.
fn said(cases: &[CaseDraft]) -> impl Iterator<Item = (&Question, Facts)> {
    cases.iter().flat_map(|case| {
        let facts = case.facts.facts();
        case.say.iter().map(move |utterance| (utterance, facts.clone()))
    })
}

/// Reports an utterance that is a known question, and one that the same customer says twice.
fn check_utterances(drafts: &Drafts, report: &mut Report<'_>) {
    if drafts.tests.cases.is_empty() {
        return;
    }
    let questions = questions(drafts);
    let mut seen: BTreeMap<(&str, Facts), Place> = BTreeMap::new();
    for ((utterance, facts), number) in said(&drafts.tests.cases).zip(1..) {
        let (text, place) = (&utterance.text, utterance.place);
        if number == UTTERANCES_MAX + 1 {
            report_too_many(place, report);
        }
        if let Some(question) = questions.get(utterance.normalized.as_str()) {
            let message = format!("“{text}”与知识库里的一句问法相同");
            let reason =
                format!("原样收录的话总能答对，测不出什么（另一处：{}）", report.name(*question));
            let mend = "换一种客户会说的话，或删掉知识库里的那一句";
            report.add(Code::TestIsQuestion, place, message, reason, mend);
        }
        let key = (utterance.normalized.as_str(), facts);
        let Some(first) = seen.get(&key) else {
            seen.insert(key, place);
            continue;
        };
        let message = format!("“{text}”在测试里写了两次");
        let reason = format!("去掉标点、空格、大小写后相同（另一处：{}）", report.name(*first));
        report.add(Code::SaidTwice, place, message, reason, "删掉其中一处");
    }
}

fn report_too_many(place: Place, report: &mut Report<'_>) {
    let message = format!("测试的话超过 {UTTERANCES_MAX} 句");
    report.add(Code::TooLarge, place, message, "再多会让检查太慢", "删掉一些");
}

/// Numbers of sealed utterances of a file that are known elsewhere.
#[derive(Clone, Copy, Debug, Default)]
struct KnownCounts {
    questions: usize,
    tests: usize,
    sealed: usize,
}

/// Reports for each file how many sealed utterances are known elsewhere. Neither the utterances nor
/// their places are shown.
fn check_sealed(drafts: &Drafts, report: &mut Report<'_>) {
    let sealed = &drafts.tests.sealed;
    let Some(first) = sealed.first() else { return };
    let count: usize = sealed.iter().map(|case| case.say.len()).sum();
    if count > UTTERANCES_MAX {
        report_too_many(first.place, report);
    }
    let questions = questions(drafts);
    let open: BTreeSet<(&str, Facts)> =
        said(&drafts.tests.cases).map(|(one, facts)| (one.normalized.as_str(), facts)).collect();
    let mut seen = BTreeSet::new();
    let mut counts: BTreeMap<usize, KnownCounts> = BTreeMap::new();
    for (utterance, facts) in said(sealed) {
        let count = counts.entry(utterance.place.file).or_default();
        let key = (utterance.normalized.as_str(), facts);
        if questions.contains_key(key.0) {
            count.questions += 1;
        } else if open.contains(&key) {
            count.tests += 1;
        } else if !seen.insert(key) {
            count.sealed += 1;
        }
    }
    for (file, KnownCounts { questions, tests, sealed }) in counts {
        let all = questions + tests + sealed;
        if all == 0 {
            continue;
        }
        let message = format!(
            "封存的用例里有 {all} 句不算封存：{questions} 句就是知识库的问法，{tests} 句在 fit 或 test 里也有，{sealed} 句重复"
        );
        let mend = "请封存用例的作者换掉这些话；这里只报数目".to_owned();
        report.add_file(Code::SealedKnown, report.path(file), message, mend);
    }
}

/// The intents and kinds that a floor may name.
struct KnownKinds<'d> {
    /// The category of each entry.
    categories: BTreeMap<&'d str, &'d str>,
    intents: BTreeSet<&'d str>,
}

impl<'d> KnownKinds<'d> {
    fn of(drafts: &'d Drafts) -> Self {
        let entries = drafts.entries.iter();
        let intents = drafts.intents.iter().filter_map(|intent| intent.id.as_ref());
        Self {
            categories: entries
                .filter_map(|entry| Some((entry.id.as_ref()?.value.as_str(), entry.category()?)))
                .collect(),
            intents: intents.map(|id| id.value.as_str()).collect(),
        }
    }

    /// The names of all kinds of sealed cases that this root can have.
    fn kinds(&self) -> BTreeSet<&'d str> {
        let categories = self.categories.values().copied();
        let intents = self.intents.iter().copied();
        [KindName::CLARIFY, KindName::NO_ANSWER, KindName::HARMLESS]
            .into_iter()
            .chain(GuardKind::ALL.map(KindName::of_guard))
            .chain(categories)
            .chain(intents)
            .collect()
    }

    /// The kind of a sealed case; `None` when the expected result or the entry could not be read.
    fn kind_of(&self, case: &'d CaseDraft) -> Option<&'d str> {
        match case.expected.as_ref()? {
            ExpectedDraft::Entry(id) => self.categories.get(id.value.as_str()).copied(),
            ExpectedDraft::Clarify(_) => Some(KindName::CLARIFY),
            ExpectedDraft::Intent(id) => Some(&id.value),
            ExpectedDraft::NoAnswer(_) => Some(KindName::NO_ANSWER),
            ExpectedDraft::Guard(kind) => Some(KindName::of_guard(*kind)),
            ExpectedDraft::Harmless(_) => Some(KindName::HARMLESS),
        }
    }
}

/// Reports a floor that names an unknown intent or kind, and a floor without cases.
fn check_floor(
    draft: &FloorDraft,
    drafts: &Drafts,
    known: &KnownKinds<'_>,
    report: &mut Report<'_>,
) {
    let FloorDraft { floor, place, .. } = draft;
    let is_complete = drafts.entries_complete && drafts.intents_complete;
    let unknown = if let Some(id) = floor.intent().filter(|id| !known.intents.contains(id.as_str()))
    {
        Some((id.as_str(), "没有编号是", "的意图", known.intents.clone()))
    } else {
        let kind = floor.sealed_kind().filter(|kind| !known.kinds().contains(kind.as_str()));
        kind.map(|kind| (kind.as_str(), "没有", "这一类", known.kinds()))
    };
    if let Some((name, before, after, names)) = unknown {
        if is_complete {
            let mend = match nearest(name, names.iter().copied()) {
                Some(guess) => format!("是不是想写“{guess}”？"),
                None => "改成存在的编号或类别，或删掉它".to_owned(),
            };
            let message = format!("{before}“{name}”{after}，这条底线管不到任何用例");
            let reason = format!("写在 floors 的 {} 里", floor.key());
            report.add(Code::UnknownFloor, *place, message, reason, mend);
        }
        return;
    }
    let has_cases = if let Some(wanted) = floor.intent() {
        drafts.tests.cases.iter().any(|case| {
            let is_it = |id: &str| id == wanted.as_str();
            case.split == Split::Test
                && matches!(&case.expected, Some(ExpectedDraft::Intent(id)) if is_it(&id.value))
        })
    } else if let Some(kind) = floor.sealed_kind() {
        let mut sealed = drafts.tests.sealed.iter();
        sealed.any(|case| known.kind_of(case) == Some(kind.as_str()))
    } else {
        // The run of the tests tells of the others: their cases may come and go.
        true
    };
    if !has_cases && is_complete {
        let part = if floor.sealed_kind().is_some() { "sealed" } else { "test" };
        let message = format!("底线“{}”一个用例也没有", floor.about().unwrap_or(floor.key()));
        let reason = format!(
            "没有 split: {part} 的用例算得上它；这样的底线不算达到，kefu test 不通过，kefu serve 也不会换上"
        );
        report.add(Code::FloorWithoutCases, *place, message, reason, "补上用例，或删掉这条底线");
    }
}
