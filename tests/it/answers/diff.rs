//! `kefu diff` over the small root: what an edit changes, why, and whether it is better.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use expect_test::expect;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{small_root, stdout};

fn diff(old: &TempDir, new: &TempDir, flags: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kefu"))
        .args(["diff", "--today", "2026-11-22"])
        .args([old.path(), new.path()])
        .args(flags)
        .output()
        .unwrap()
}

/// The small root with parts of its entries replaced.
fn edited(edits: &[(&str, &str)]) -> TempDir {
    let root = small_root();
    let file = root.path().join("knowledge/payment.yaml");
    let mut text = fs::read_to_string(&file).unwrap();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    fs::write(&file, text).unwrap();
    root
}

fn write(root: &Path, name: &str, text: &str) -> String {
    let path = root.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn two_equal_roots_change_nothing() {
    let (old, new) = (small_root(), small_root());
    let output = diff(&old, &new, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(stdout(&output), "问了 31 句，没有变化\n");
}

#[test]
fn changes_are_told_with_their_reasons_the_worst_first() {
    let new = edited(&[
        ("提现扣多少手续费, ", ""),
        ("提现到账时间", "提现到账时间, 提现扣多少手续费"),
        ("提现一般在", "提现会在"),
        ("怎么把账号删掉]", "怎么把账号删掉, 这个号弄掉它]"),
    ]);
    let asked = "提现扣多少手续费\n\n{\"text\": \"这个号弄掉它\"}\n提现多久到账\n几点了\n";
    let queries = write(new.path(), "asked.txt", asked);
    let output = diff(&small_root(), &new, &["--queries", &queries]);
    assert_eq!(output.status.code(), Some(1));
    expect![[r#"
        兜底变反问  “几点了”
          原来：兜底（置信度 0.324）
          现在：反问 payment.withdraw.arrival、account.password.reset（置信度 0.367）
          原因：其他改动影响了字词的权重，置信度随之变化

        换了回答（变好）  “提现扣多少手续费”
          原来：回答 payment.withdraw.fee（置信度 0.995）
          现在：回答 payment.withdraw.arrival（置信度 0.995）
          原因：问法“提现扣多少手续费”从 payment.withdraw.fee 移到了 payment.withdraw.arrival

        变成直接回答（变好）  “这个号弄掉它”
          原来：反问 account.close.how（置信度 0.525）
          现在：回答 account.close.how（置信度 0.995）
          原因：account.close.how 新写的问法“这个号弄掉它”更接近

        答案文字变了  回答 payment.withdraw.arrival，1 句，例如“提现多久到账”
          - 提现一般在下一个工作日到账，热线95000。
          + 提现会在下一个工作日到账，热线95000。

        问了 4 句，4 句有变化
                      合计  变差  变好
        换了回答         1     0     1
        变成直接回答     1     0     1
        答案文字变了     1     0     0
        兜底变反问       1     0     0
    "#]]
    .assert_eq(stdout(&output));
}

#[test]
fn an_entry_that_goes_takes_its_answers_along() {
    let new = edited(&[(
        "    similar: [登录密码忘了",
        "    status: retired\n    similar: [登录密码忘了",
    )]);
    fs::write(
        new.path().join("intents/policy.yaml"),
        fs::read_to_string(new.path().join("intents/policy.yaml"))
            .unwrap()
            .replace(", account.password.reset", ""),
    )
    .unwrap();
    let tests = "version: 1
cases: [{entry: account.password.reset, say: [登录密码忘记了]}]
";
    write(new.path(), "knowledge/tests.yaml", tests);
    let json = |output: &Output| -> Value { serde_json::from_slice(&output.stdout).unwrap() };
    let lost = json(&diff(&small_root(), &new, &["--json"]));
    let change = lost["changes"].as_array().unwrap().iter();
    let change = change.clone().find(|change| change["text"] == "登录密码忘记了").unwrap();
    assert_eq!(change["worth"], "worse", "a test says what is right");
    assert_eq!(change["old"]["found"]["entry"], "account.password.reset");
    assert_eq!(change["reasons"][0]["code"], "entry_withdrawn");

    let found = json(&diff(&new, &small_root(), &["--json"]));
    assert_eq!(found["changed"], lost["changed"], "the way back changes as much");
    let change = found["changes"].as_array().unwrap().iter();
    let change = change.clone().find(|change| change["text"] == "登录密码忘记了").unwrap();
    assert_eq!((&change["worth"], &change["kind"]), (&"better".into(), &"new_answer".into()));
    assert_eq!(change["reasons"][0]["code"], "entry_added");
}

#[test]
fn a_pattern_that_takes_an_entrys_question_is_named() {
    let new = small_root();
    let intents = new.path().join("intents/service.yaml");
    let text = fs::read_to_string(&intents).unwrap();
    fs::write(&intents, text.replace("'^(转|找", "'手续费', '^(转|找")).unwrap();
    let output = diff(&small_root(), &new, &["--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let first = &json["changes"][0];
    assert_eq!(first["kind"], "other_answer");
    assert_eq!(first["worth"], "worse", "it is a question of an entry");
    assert_eq!(first["new"]["found"]["intent"], "human.request");
    assert_eq!(first["reasons"][0]["text"], "现在命中意图 human.request 的句式");
}

#[test]
fn a_list_has_its_limit_unless_all_is_asked_for() {
    let new = edited(&[("  - id: account.close.how", "  - id: account.close.new")]);
    let many: Vec<String> = (0..60).map(|number| format!("怎么注销账户{number}")).collect();
    let queries = write(new.path(), "asked.txt", &many.join("\n"));
    let short = diff(&small_root(), &new, &["--queries", &queries]);
    let all = diff(&small_root(), &new, &["--queries", &queries, "--all"]);
    let listed = |output: &Output| stdout(output).matches("原因：").count();
    assert_eq!((listed(&short), listed(&all)), (50, 60));
    assert!(stdout(&short).contains("还有 10 处没有列出"));
}

#[test]
fn wrong_use_is_no_change() {
    let good = small_root();
    let broken = edited(&[("    answer: 在设置里申请注销。\n", "")]);
    let code = |old: &TempDir, new: &TempDir, flags: &[&str]| diff(old, new, flags).status.code();
    assert_eq!(code(&good, &broken, &[]), Some(2), "mistakes");
    let cases = [
        // (what it shows, the file of utterances)
        ("nothing in it", "\n\n"),
        ("not JSON", "{text"),
        ("no text", "{\"say\": \"提现\"}"),
        ("too long", &"提".repeat(3_001)),
    ];
    for (shows, asked) in cases {
        let queries = write(good.path(), "asked.txt", asked);
        assert_eq!(code(&good, &good, &["--queries", &queries]), Some(2), "{shows}");
    }
    assert_eq!(code(&good, &good, &["--queries", "nowhere"]), Some(2), "no file");
}
