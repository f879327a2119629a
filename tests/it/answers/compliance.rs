//! The shipped rules against labelled sentences.

use std::{fmt::Write as _, fs, ops::Range};

use jiff::civil::date;
use kefu::compliance::{Denials, Rule, RuleBook, Speaker};
use kefu::files::Root;
use kefu::knowledge::{Entry, load};
use regex::Regex;
use serde::Deserialize;

use crate::harness::{Server, kefu, small_root, stdout};

/// The floor of recall on sentences that break a rule, per mille.
///
/// The rules were written with knowledge of these sentences. The floors hold the present recall,
/// and say nothing about other wordings.
const RECALL_MIN: usize = 990;

/// The floor of precision, per mille.
const PRECISION_MIN: usize = 950;

#[derive(Deserialize)]
struct Sentence {
    text: String,
    label: Label,
    rule: String,
    speaker: Who,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Label {
    Violation,
    Fine,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Who {
    Answer,
    Agent,
    Customer,
}

impl Sentence {
    fn is_found(&self, book: &RuleBook) -> bool {
        // Class `invest`, because the rule about a wrong class is not about wording.
        let (speaker, class) = match self.speaker {
            Who::Answer => (Speaker::Answer, Some("invest")),
            Who::Agent => (Speaker::Agent, None),
            Who::Customer => (Speaker::Customer, None),
        };
        !book.review(&self.text, speaker, class).is_empty()
    }
}

#[derive(Default)]
struct Figures {
    found_rightly: usize,
    found_wrongly: usize,
    missed: usize,
}

impl Figures {
    fn of(book: &RuleBook, sentences: &[Sentence]) -> Self {
        let mut figures = Figures::default();
        for sentence in sentences {
            match (sentence.label, sentence.is_found(book)) {
                (Label::Violation, true) => figures.found_rightly += 1,
                (Label::Violation, false) => figures.missed += 1,
                (Label::Fine, true) => figures.found_wrongly += 1,
                (Label::Fine, false) => {}
            }
        }
        figures
    }

    fn recall(&self) -> usize {
        per_mille(self.found_rightly, self.missed)
    }

    fn precision(&self) -> usize {
        per_mille(self.found_rightly, self.found_wrongly)
    }
}

fn per_mille(good: usize, bad: usize) -> usize {
    1000 * good / (good + bad).max(1)
}

fn shipped() -> RuleBook {
    let loaded = load(&Root::embedded().read().unwrap(), date(2026, 11, 22));
    loaded.base.unwrap().rules
}

fn sentences() -> Vec<Sentence> {
    let lines = include_str!("../../data/compliance.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_shipped_rules_find_what_is_wrong_and_little_else() {
    let (book, sentences) = (shipped(), sentences());
    let count = |label| sentences.iter().filter(|sentence| sentence.label == label).count();
    assert!(count(Label::Violation) >= 250 && count(Label::Fine) >= 250, "the sentences are there");
    let figures = Figures::of(&book, &sentences);
    let (recall, precision) = (figures.recall(), figures.precision());
    assert!(
        recall >= RECALL_MIN && precision >= PRECISION_MIN,
        "recall {recall}‰, precision {precision}‰\n{}",
        mistakes(&book, &sentences)
    );
}

/// The same rules with patterns that must always run, because one alternative needs no word.
fn without_shortcuts(rules: &[Rule]) -> Vec<Rule> {
    let always = |pattern: &Regex| {
        let never_there = r"[\x{100000}-\x{10FFFF}]";
        Regex::new(&format!("(?:{})|{never_there}", pattern.as_str())).unwrap()
    };
    let plain =
        |rule: &Rule| Rule { patterns: rule.patterns.iter().map(always).collect(), ..rule.clone() };
    rules.iter().map(plain).collect()
}

#[test]
fn patterns_that_are_left_out_would_find_nothing() {
    let loaded = load(&Root::embedded().read().unwrap(), date(2026, 11, 22));
    let base = loaded.base.unwrap();
    // Without words, compositions and denials, so that only patterns find violations.
    let no_words =
        |rule: &Rule| Rule { words: Vec::new(), compositions: Vec::new(), ..rule.clone() };
    let rules: Vec<Rule> = base.rules.rules().iter().map(no_words).collect();
    let plain = RuleBook::new(without_shortcuts(&rules), Vec::new(), &Denials::default());
    let quick = RuleBook::new(rules, Vec::new(), &Denials::default());
    let sentences = sentences();
    let answers = base.entries.iter().flat_map(|entry| entry.answer.versions());
    let answers: Vec<_> = answers.map(|version| version.whole()).collect();
    let answers = answers.iter().map(AsRef::as_ref);
    let questions = base.entries.iter().flat_map(Entry::questions);
    let texts = answers.chain(questions.step_by(8));
    let texts = texts.chain(sentences.iter().map(|sentence| sentence.text.as_str()));
    let mut by_patterns = 0;
    for text in texts {
        for (speaker, class) in
            [(Speaker::Answer, Some("invest")), (Speaker::Agent, None), (Speaker::Customer, None)]
        {
            let found = |book: &RuleBook| -> Vec<(String, Range<usize>)> {
                let found = book.review(text, speaker, class).into_iter();
                found.map(|one| (one.rule.code.clone(), one.chars)).collect()
            };
            let found = (found(&quick), found(&plain));
            assert_eq!(found.0, found.1, "{text}");
            by_patterns += found.0.len();
        }
    }
    assert!(by_patterns > 100, "patterns find something: {by_patterns}");
}

/// The wrong judgements, one line each.
fn mistakes(book: &RuleBook, sentences: &[Sentence]) -> String {
    let mut told = String::new();
    for sentence in sentences {
        let is_found = sentence.is_found(book);
        if is_found != (sentence.label == Label::Violation) {
            let what = if is_found { "found wrongly" } else { "missed" };
            let _ = writeln!(told, "{what} {}: {}", sentence.rule, sentence.text);
        }
    }
    told
}

/// The small root with this end of `compliance.yaml`, checked.
fn checked(rules: &str) -> (Option<i32>, String) {
    let root = small_root();
    let file = root.path().join("knowledge/compliance.yaml");
    fs::write(file, format!("version: 1\nclasses: {{general: {{}}}}\n{rules}")).unwrap();
    let output = kefu(&["check", "--fast"], root.path());
    (output.status.code(), stdout(&output).to_owned())
}

#[test]
fn a_rule_of_concepts_is_read_and_its_mistakes_are_told() {
    let rule = "rules:
  - code: CP009
    name: 索要密码
    severity: error
    applies_to: [answer, agent]
    source: 法律
    mend: 请客户自己输
";
    let cases = [
        // (what it shows, concepts, when, exit code, what is told)
        ("whole", "{登录页: [登录页], 点: [点]}", "登录页 > 点", 1, "答案里有“登录页点”"),
        ("denied", "{设置: [设置], 卖: [卖]}", "设置 > 卖", 0, ""),
        ("unknown", "{设置: [设置]}", "设置 > 申情", 1, "错误[KB115]：没有叫“申情”的概念"),
        ("no sign", "{设置: [设置], 申请: [申请]}", "设置 申请", 1, "错误[KB115]：规则“设置 申请”"),
        (
            "unused",
            "{设置: [设置], 申请: [申请]}",
            "申请 > 申请",
            0,
            "警告[KB119]：没有规则用到概念“设置”",
        ),
    ];
    for (shows, concepts, when, code, expected) in cases {
        let (exit, told) = checked(&format!("concepts: {concepts}\n{rule}    when: [{when}]\n"));
        assert_eq!(exit, Some(code), "{shows}: {told}");
        assert!(told.contains(expected), "{shows}: {told}");
    }
    let (exit, told) = checked(rule);
    assert_eq!(exit, Some(1), "{told}");
    assert!(told.contains("规则没有 words、patterns 或 when"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agent_may_not_say_is_refused_and_what_is_doubtful_is_told() {
    let server = Server::start();
    let mut agent = server.agent("lin").await;
    let mut customer = server.customer().await;
    customer.say("转人工").await;
    let opened = agent.accept().await;

    agent.say(&opened, "a-1", "这款保*本，放心").await;
    let refused = agent.socket.until_type("error").await;
    assert_eq!(refused["code"], "refused_words");
    assert_eq!(refused["client_id"], "a-1");
    let found = &refused["found"][0];
    assert_eq!([&found["rule"], &found["words"]], ["CP001", "保*本"]);
    assert_eq!(found["forbidden"], true);

    // The same id may carry another text: nothing of the refused message was stored.
    agent.say(&opened, "a-1", "这款不保本，是最安全的").await;
    let ack = agent.socket.until_type("ack").await;
    assert_eq!(ack["found"][0]["rule"], "CP007");
    let said = customer.socket.until_event("agent_said").await;
    assert_eq!(said["event"]["text"], "这款不保本，是最安全的");

    agent.say(&opened, "a-2", "您好").await;
    let ack = agent.socket.until_type("ack").await;
    assert!(ack["found"].is_null(), "{ack}");

    customer.say("帮我跑分").await;
    let heard = agent.socket.until(|f| f["record"]["event"]["type"] == "customer_said").await;
    assert_eq!(heard["record"]["event"]["found"][0]["rule"], "CP014");
}
