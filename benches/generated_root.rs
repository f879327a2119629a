//! Files of a large knowledge base, for the benches that read files.

use std::{collections::BTreeSet, fmt::Write as _};

use kefu::files::Root;
use kefu::knowledge::SourceFile;
use kefu::text::normalize;

use crate::corpus::{Chance, FRAMES, content_words, shipped};

/// A root with this many entry files of this many entries, each with four questions, beside the
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
            let answer = base.entries[number % base.entries.len()].answer.searched().whole();
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

/// The shipped files that any root needs. The policy has no questions of the shipped entries.
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

/// A wording with a subject that no other entry has.
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

/// A quoted string: double quotes and escapes mean the same in YAML.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
