//! The questions that the benches ask, and the knowledge bases that they ask them of.

use std::{collections::BTreeSet, fmt::Write as _};

use jiff::civil::{Date, date};
use kefu::files::Root;
use kefu::knowledge::{Entry, KnowledgeBase, SourceFile, load};
use kefu::matching::Snapshot;
use kefu::text::{Segmenter, normalize};

/// The day of the questions, so that every run serves the same entries.
pub(crate) const TODAY: Date = date(2026, 11, 22);

/// Wordings of one generated entry.
const WORDINGS: usize = 10;

/// Around a matter of two or three words.
const FRAMES: [(&str, &str); 12] = [
    ("", "怎么办"),
    ("", "要多久"),
    ("为什么", ""),
    ("怎么", ""),
    ("", "失败了"),
    ("", "要手续费吗"),
    ("能不能", ""),
    ("", "在哪里看"),
    ("我的", "不见了"),
    ("", "有什么限制"),
    ("想问", "的条件"),
    ("", "多少钱"),
];

/// The knowledge base inside the program.
pub(crate) fn shipped() -> KnowledgeBase {
    let files = Root::embedded().read().expect("the copy inside the program");
    load(&files, TODAY).base.expect("the shipped files have no mistakes")
}

/// The shipped knowledge base, its entries replaced by generated ones: so many questions of
/// two or three words of the shipped questions each, in common frames.
pub(crate) fn generated(questions: usize, seed: u64) -> KnowledgeBase {
    let mut base = shipped();
    let (words, model) = (content_words(&base), base.entries[0].clone());
    let mut chance = Chance(seed);
    base.entries = (0..questions / WORDINGS)
        .map(|number| {
            let matter: Vec<&str> = (0..3).map(|_| chance.pick(&words).as_str()).collect();
            let mut wordings: Vec<String> = (0..WORDINGS)
                .map(|_| {
                    let (before, after) = *chance.pick(&FRAMES);
                    let left_out = chance.below(4);
                    let kept = matter.iter().enumerate().filter(|(at, _)| *at != left_out);
                    let kept: String = kept.map(|(_, word)| *word).collect();
                    let extra = chance.pick(&words);
                    format!("{before}{kept}{extra}{after}")
                })
                .collect();
            Entry {
                id: format!("generated.n{number}").as_str().into(),
                standard_question: wordings.remove(0),
                similar_questions: wordings,
                not: Vec::new(),
                ..model.clone()
            }
        })
        .collect();
    base
}

/// A root of so many entry files with so many entries each, of four questions, beside the
/// shipped settings and rules. The answers are shipped ones, each with a number of its own.
pub(crate) fn generated_files(files: usize, entries: usize, seed: u64) -> Vec<SourceFile> {
    let base = shipped();
    let words = content_words(&base);
    let mut chance = Chance(seed);
    let mut known = BTreeSet::new();
    let mut root = settings();
    root.extend((0..files).map(|file| {
        let mut text = "version: 1\ndefaults: {category: payment, class: general, \
            checked: 2026-11-22, review_due: 2099-01-01}\nentries:\n"
            .to_owned();
        for entry in 0..entries {
            let number = file * entries + entry;
            let matter = format!("{}{}", chance.pick(&words), chance.pick(&words));
            let questions = [0; 4].map(|_| new_wording(&matter, &words, &mut known, &mut chance));
            let [standard, similar @ ..] = questions;
            let answer = &base.entries[number % base.entries.len()].answer;
            let answer = json(&format!("{answer}\n\n编号 {number}。"));
            let _ = writeln!(
                text,
                "  - id: generated.n{number}\n    question: {standard}\n    similar:\n      - {}\n    \
                 answer: {answer}\n    compliance: {{source: 生成}}",
                similar.join("\n      - "),
            );
        }
        SourceFile { path: format!("knowledge/f{file:03}.yaml"), bytes: text.into_bytes() }
    }));
    root
}

/// The shipped files that any root needs, the policy without questions of the shipped entries.
fn settings() -> Vec<SourceFile> {
    let wanted = ["variables.yaml", "compliance.yaml", "hours.yaml", "dict.txt"];
    let wanted = wanted.map(|name| format!("knowledge/{name}"));
    let policy = "intents/policy.yaml";
    let mut files = Root::embedded().read().expect("the copy inside the program");
    files.retain(|file| wanted.contains(&file.path) || file.path == policy);
    for policy in files.iter_mut().filter(|file| file.path == policy) {
        let text = String::from_utf8_lossy(&policy.bytes);
        let is_hot = |line: &&str| line.starts_with("    - ");
        let lines = text.lines().filter(|line| !is_hot(line));
        let lines = lines.map(|line| line.replace("hot_questions:", "hot_questions: []"));
        policy.bytes = lines.collect::<Vec<_>>().join("\n").into_bytes();
    }
    files
}

/// A wording about a matter that no one has used before.
fn new_wording(
    matter: &str,
    words: &[String],
    known: &mut BTreeSet<String>,
    chance: &mut Chance,
) -> String {
    loop {
        let (before, after) = *chance.pick(&FRAMES);
        let wording = format!("{before}{matter}{}{after}", chance.pick(words));
        if known.insert(normalize(&wording).into_string()) {
            return json(&wording);
        }
    }
}

/// Double quotes and escapes mean the same in YAML.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Utterances near to questions of the base, each with the wording that it was made from:
/// courtesies around it, a frame, or a character lost.
pub(crate) fn utterances(base: &KnowledgeBase, count: usize, seed: u64) -> Vec<String> {
    let wordings: Vec<&str> = base.entries.iter().flat_map(Entry::questions).collect();
    let mut chance = Chance(seed);
    (0..count)
        .map(|_| {
            let wording = *chance.pick(&wordings);
            let lost = chance.below(wording.chars().count());
            match chance.below(3) {
                0 => format!("你好，请问{wording}？"),
                1 => format!("我昨天{wording}，现在想知道怎么处理"),
                _ => wording
                    .chars()
                    .enumerate()
                    .filter(|(at, _)| *at != lost)
                    .map(|(_, c)| c)
                    .collect(),
            }
        })
        .collect()
}

/// A snapshot, with the share of the base's own standard questions that find their entry
/// first: a fast wrong answer is not a result.
pub(crate) fn checked_snapshot(base: KnowledgeBase) -> Snapshot {
    let snapshot = Snapshot::build(base).expect("the index is in memory");
    for entry in snapshot.base.entries.iter().filter(|entry| entry.is_served_on(TODAY)).take(50) {
        let outcome = snapshot.find(&entry.standard_question, TODAY);
        let first = outcome.ranked.first().map(|candidate| &candidate.question);
        assert_eq!(first, Some(&entry.standard_question), "a question finds itself");
    }
    snapshot
}

fn content_words(base: &KnowledgeBase) -> Vec<String> {
    let dictionary = base.dictionary.iter().map(|one| (one.word.as_str(), one.frequency));
    let segmenter = Segmenter::new(dictionary);
    let mut words = BTreeSet::new();
    for question in base.entries.iter().flat_map(Entry::questions) {
        let normalized = normalize(question).into_string();
        let cut = segmenter.cut(&normalized);
        words.extend(cut.iter().map(|token| token.text.to_owned()));
    }
    words.into_iter().filter(|word| word.chars().count() >= 2).collect()
}

/// `SplitMix64`: the same numbers on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
