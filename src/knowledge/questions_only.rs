//! Reads a set of questions for evaluation: one JSON object a line.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::civil::Date;
use serde::Deserialize;

use super::{
    check::places::WrittenPlaces,
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Place, Source, SourceFile, Undecoded},
    },
    hash::{hash, name},
    load::{ENTRIES_MAX, Loaded, Summary},
    model::{
        answer::DatedAnswer,
        base::KnowledgeBase,
        by_id::ById,
        cases::Tests,
        entry::{Compliance, Entry, EntryHandoff, MatchBy, Status},
        facts::When,
        hours::Hours,
        industry::Industry,
        policy::Policy,
        synonyms::Synonyms,
    },
};
use crate::compliance::{Masker, RuleBook};
use crate::text::normalize;

/// One line of the file.
#[derive(Deserialize)]
struct QuestionLine {
    id: String,
    question: String,
    #[serde(default)]
    similar: Vec<String>,
}

/// Makes a knowledge base from lines such as `{"id": "a", "question": "…", "similar": ["…"]}`.
///
/// The base has entries only. Each answers with its own standard question. The policy has default
/// numbers and no texts, and agents always work. Further keys in a line are ignored. A wording
/// that an earlier id has already is left out with a warning.
///
/// # Examples
///
/// ```
/// use kefu::knowledge::questions_only;
///
/// let loaded = questions_only(r#"{"id": "a", "question": "提现多久到账"}"#.as_bytes());
/// assert_eq!(loaded.base.unwrap().entries[0].standard_question, "提现多久到账");
/// ```
pub fn questions_only(jsonl: &[u8]) -> Loaded {
    let file = SourceFile { path: "questions.jsonl".to_owned(), bytes: jsonl.to_vec() };
    let sources = [Source::decode(&file)];
    let [source] = &sources;
    let mut report = Report::new(&sources);
    if let Some(undecoded) = source.undecoded {
        let end = source.text.len();
        let (code, message, mend) = match undecoded {
            Undecoded::TooLarge => (Code::TooLarge, "文件太大", "拆成几个文件"),
            Undecoded::NotUtf8 { .. } | Undecoded::RefusedLink | Undecoded::UnresolvedLink => {
                (Code::NotUtf8, "从这里开始不是 UTF-8", "另存为 UTF-8（无 BOM）")
            }
        };
        report.add(code, Place { file: 0, start: end, end }, message, "", mend);
    }
    let entries = read_lines(source, &mut report);
    if entries.is_empty() && !report.has_errors() {
        let mend = r#"每行写一个对象，例如 {"id": "a", "question": "提现多久到账"}"#.to_owned();
        report.add_file(Code::NoEntries, source.path, "没有任何问法".to_owned(), mend);
    }
    let summary = Summary {
        files: 1,
        entries: entries.len(),
        intents: 0,
        questions: entries.iter().map(|entry| 1 + entry.similar_questions.len()).sum(),
    };
    let base = (!report.has_errors()).then(|| KnowledgeBase {
        entries: entries.into(),
        intents: ById::default(),
        guard: Arc::default(),
        policy: Policy::default(),
        hours: Hours::always(),
        variables: BTreeMap::new(),
        rules: RuleBook::default(),
        masker: Masker::default(),
        dictionary: Vec::new(),
        synonyms: Synonyms::default(),
        industry: Industry::shipped(),
        facts: BTreeMap::new(),
        tests: Tests::default(),
        hash: name([(&file, &hash(&file))]),
    });
    let (diagnostics, places) = (report.into_diagnostics(), WrittenPlaces::default());
    Loaded { base, diagnostics, summary, parsed: 1, places, numbers: vec![0] }
}

fn read_lines(source: &Source<'_>, report: &mut Report<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut ids = BTreeSet::new();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for number in 1..=source.line_count() {
        let place = source.line_place(0, number);
        if source.slice(place).trim().is_empty() {
            continue;
        }
        let line = match serde_json::from_str::<QuestionLine>(source.slice(place)) {
            Ok(line) if ids.insert(line.id.clone()) => line,
            Ok(line) => {
                let message = format!("id “{}”写了两次", line.id);
                report.add(Code::QuestionLine, place, message, "", "合并成一行");
                continue;
            }
            Err(error) => {
                let mend = "每行一个对象：id、question 是文字，similar 是文字的列表";
                report.add(
                    Code::QuestionLine,
                    place,
                    "这一行不是规定的 JSON 对象",
                    error.to_string(),
                    mend,
                );
                continue;
            }
        };
        let mut questions = std::iter::once(line.question).chain(line.similar).filter(|question| {
            let normalized = normalize(question).into_string();
            if normalized.is_empty() {
                return false;
            }
            match owners.get(&normalized) {
                Some(owner) if *owner == line.id => false,
                Some(owner) => {
                    let message = format!("“{question}”已属于 id “{owner}”，这里不用它");
                    let mend = "合并这两个 id，或删掉其中一句";
                    report.add(Code::RepeatedInFile, place, message, "", mend);
                    false
                }
                None => {
                    owners.insert(normalized, line.id.clone());
                    true
                }
            }
        });
        if let Some(standard) = questions.next() {
            entries.push(entry(&line.id, standard, questions.collect()));
        }
        if entries.len() > ENTRIES_MAX {
            let message = format!("超过 {ENTRIES_MAX} 行");
            report.add(Code::TooLarge, place, message, "再多会让评测太慢", "拆成几个文件");
            break;
        }
    }
    entries
}

fn entry(id: &str, standard_question: String, similar_questions: Vec<String>) -> Entry {
    Entry {
        id: id.into(),
        category: String::new(),
        answer: DatedAnswer::fixed(standard_question.clone()),
        standard_question,
        similar_questions,
        not: Vec::new(),
        match_by: MatchBy::Smart,
        when: When::default(),
        follow_ups: Vec::new(),
        handoff: EntryHandoff::None,
        valid_from: None,
        valid_until: None,
        status: Status::Live,
        tags: Vec::new(),
        compliance: Compliance { class: String::new(), checked: Date::MIN, review_due: Date::MAX },
    }
}
