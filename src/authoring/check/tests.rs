//! Checks that ask the engine, over a knowledge base of a few entries.

use expect_test::{Expect, expect};
use jiff::civil::{Date, date};
use regex::Regex;

use super::{clashes::find_clashes, idle_words::find_idle_words};
use crate::knowledge::{
    DictionaryWord, Finding, Intent, IntentAction, KnowledgeBase, Part, Status, questions_only,
};
use crate::matching::Snapshot;

const TODAY: Date = date(2026, 11, 22);

const QUESTIONS: &str = r#"
{"id": "withdraw.arrival", "question": "提现多久到账", "similar": ["提现几天能到银行卡", "取出来的钱什么时候到银行卡"]}
{"id": "withdraw.fee", "question": "提现手续费怎么收", "similar": ["提现要扣多少钱", "取现收不收手续费"]}
{"id": "password.reset", "question": "忘记登录密码怎么办", "similar": ["登录密码想不起来了", "怎么重置登录密码"]}
"#;

fn base() -> KnowledgeBase {
    questions_only(QUESTIONS.as_bytes()).base.unwrap()
}

/// Findings a line each: code, part and message.
fn told(findings: &[Finding]) -> String {
    let line = |found: &Finding| {
        let part = match found.part {
            Part::Entry { entry } => format!("entry {entry}"),
            Part::Question { entry, question } => format!("question {entry}.{question}"),
            Part::Not { entry, line } => format!("not {entry}.{line}"),
            Part::Word { word } => format!("word {word}"),
        };
        format!("{} {part} {}\n", found.code.as_str(), found.message)
    };
    findings.iter().map(line).collect()
}

fn check_clashes(base: KnowledgeBase, expected: &Expect) {
    let snapshot = Snapshot::build(base).unwrap();
    expected.assert_eq(&told(&find_clashes(&snapshot, TODAY, &mut |_, _| {})));
}

#[test]
fn entries_that_hold_their_own_are_not_told_of() {
    check_clashes(base(), &expect![[""]]);
}

#[test]
fn a_question_that_another_entry_would_answer_is_told() {
    let mut base = base();
    base.entries.edit()[1].similar_questions.push("提现多久能到账".to_owned());
    check_clashes(
        base,
        &expect![[r#"
            KB047 question 1.3 “提现多久能到账”换几个字就会答成“提现多久到账”（withdraw.arrival）
        "#]],
    );
}

#[test]
fn an_entry_that_only_repeats_another_is_told_as_a_whole() {
    let mut base = base();
    let mut copy = base.entries[0].clone();
    copy.id = "withdraw.time".into();
    copy.standard_question = "提现多久能到账".to_owned();
    copy.similar_questions =
        ["提现几天能到银行卡里", "取出来的钱什么时候到我的银行卡", "提现要多久到账"]
            .map(str::to_owned)
            .to_vec();
    base.entries.edit().push(copy);
    check_clashes(
        base,
        &expect![[r#"
            KB048 entry 0 条目 withdraw.arrival 的 3 句问法里，有 3 句更像别的
            KB139 entry 0 条目 withdraw.arrival 和 withdraw.time 互相抢问法
        "#]],
    );
}

#[test]
fn what_is_not_served_any_more_neither_asks_nor_answers() {
    let mut base = base();
    base.entries.edit()[1].similar_questions.push("提现多久能到账".to_owned());
    let mut over = base.clone();
    over.entries.edit()[0].valid_until = Some(date(2026, 11, 21));
    check_clashes(over, &expect![[""]]);
    base.entries.edit()[0].status = Status::Draft;
    check_clashes(base, &expect![[""]]);
}

#[test]
fn a_not_line_that_finds_its_entry_all_the_same_is_told() {
    let mut base = base();
    base.entries.edit()[2].not = vec!["如何重置登录密码".to_owned(), "支付密码忘了".to_owned()];
    check_clashes(
        base,
        &expect![[r#"
        KB049 not 2.0 照着 not 里的“如何重置登录密码”问，还是会答这个条目
    "#]],
    );
}

#[test]
fn a_question_that_a_pattern_takes_is_told() {
    let mut base = base();
    let intent = |id: &str, priority, entry: &str| Intent {
        id: id.into(),
        priority,
        examples: Vec::new(),
        patterns: vec![Regex::new("手续费怎么").unwrap()],
        line: None,
        action: IntentAction::Answer { entry: entry.into() },
    };
    base.intents = vec![
        intent("ask.own", 70, "withdraw.fee"),
        intent("ask.arrival", 60, "withdraw.arrival"),
        intent("ask.late", 10, "withdraw.arrival"),
    ]
    .into();
    check_clashes(
        base,
        &expect![[r#"
        KB050 question 1.0 “提现手续费怎么收”会被意图 ask.arrival 截走
    "#]],
    );
}

#[test]
fn progress_reaches_its_end() {
    let snapshot = Snapshot::build(base()).unwrap();
    let mut last = (0, 0);
    find_clashes(&snapshot, TODAY, &mut |done, all| last = (done, all));
    assert_eq!(last, (9, 9));
}

#[test]
fn words_that_change_no_cut_are_told() {
    let mut base = base();
    base.entries.edit()[0].similar_questions.push("随心贷和钱小柜的提现".to_owned());
    let words = [("银行卡", None), ("随心贷", None), ("手续费", Some(5)), ("钱小柜", Some(1))];
    base.dictionary = words
        .into_iter()
        .map(|(word, frequency)| DictionaryWord { word: word.to_owned(), frequency })
        .collect();
    expect![[r#"
        KB044 word 0 有没有“银行卡”，分词都一样
        KB044 word 2 有没有“手续费”，分词都一样
    "#]]
    .assert_eq(&told(&find_idle_words(&base)));
}
