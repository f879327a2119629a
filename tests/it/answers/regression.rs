//! `kefu test` over the small root: figures, floors and failures.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

use jiff::civil::date;
use kefu::files::Root;
use kefu::knowledge::load;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{small_root, stdout};

const TESTS: &str = "version: 1
floors: {first: 500, not_answered: 1000, intents: 1000}
cases:
  - entry: payment.withdraw.arrival
    say: [提现几天能到, 忘记登录密码]
  - entry: payment.withdraw.fee
    split: fit
    say: [提现扣手续费吗]
  - clarify: [payment.withdraw.arrival, payment.withdraw.fee]
    say: [提现]
  - intent: human.request
    say: [我要真人客服]
  - no_answer: 别家产品
    say: [宇宙飞船]
";

fn kefu(args: &[&str], root: &Path) -> Output {
    let today = ["--today", "2026-11-22"];
    let args = [args, &today].concat();
    crate::harness::kefu(&args, root)
}

fn root_with(tests: &str) -> TempDir {
    let root = small_root();
    fs::write(root.path().join("knowledge/tests.yaml"), tests).unwrap();
    root
}

#[test]
fn tests_are_counted_by_group_and_judged_by_their_floors() {
    let root = root_with(TESTS);
    let passed = kefu(&["test", "--failures"], root.path());
    assert_eq!(passed.status.code(), Some(0), "{}", stdout(&passed));
    expect_test::expect![[r#"
        词向量表：程序自带的
                  总数  对  选项里有  选项里没有  没听懂  答错
        payment      3   2         0           0       0     1
        该反问       1   1         0           0       0     0
        意图         1   1         0           0       0     0
        不该回答     1   1         0           0       0     0
        合计         6   5         0           0       0     1

        底线（只看回归集，split: test）
        ✓ 达到       首位正确                         50.0%（1/2）   底线 50.0%
        － 没有底线  答对或选项里有                   50.0%（1/2）
        － 没有底线  直接答对                         50.0%（1/2）
        － 没有底线  直接回答的准确率                 50.0%（1/2）
        ✓ 达到       不该答的没有答                  100.0%（1/1）  底线 100.0%
        ✓ 达到       意图正确                        100.0%（1/1）  底线 100.0%
        － 没有底线  不该答的没有出声（给选项不算）  100.0%（1/1）
        － 没有底线  该反问的反问了，选项里有        100.0%（1/1）
        － 没有底线  该反问的反问了，至少两个意思在  100.0%（1/1）
        － 没有底线  置信度分得清对错（AUROC）       0.700（3 句）
        － 没有底线  置信度与实际的差距（ECE）       0.370（3 句）

        答错  knowledge/tests.yaml:5:19
          “忘记登录密码”
          应该：回答 payment.withdraw.arrival
          实际：回答 account.password.reset（置信度 0.990）
    "#]]
    .assert_eq(stdout(&passed));

    let floor = TESTS.replace("first: 500", "first: 501");
    let failed = kefu(&["test", "--json"], root_with(&floor).path());
    assert_eq!(failed.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&failed.stdout).unwrap();
    assert_eq!(json["passed"], false);
    let first = &json["figures"][0];
    assert_eq!(
        (&first["floor"], &first["hits"], &first["of"]),
        (&"first".into(), &1.into(), &2.into())
    );
    assert_eq!(first["kept"], false);
    assert_eq!(json["failures"][0]["at"], "knowledge/tests.yaml:5:19");
    assert_eq!(json["failures"][0]["expected"]["entry"], "payment.withdraw.arrival");
    assert_eq!(json["failures"][0]["found"]["entry"], "account.password.reset");
}

#[test]
fn one_half_may_be_shown_and_the_floors_stay_about_the_other() {
    let root = root_with(TESTS);
    let output = kefu(&["test", "--split", "fit", "--json"], root.path());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["groups"].as_array().unwrap().len(), 1);
    assert_eq!(json["figures"][0]["of"], 2, "of the regression set");
}

/// The small root with something more written at the end of the entry of that question.
fn root_with_entry(tests: &str, question: &str, more: &str) -> TempDir {
    let root = root_with(tests);
    let file = root.path().join("knowledge/payment.yaml");
    let entries = fs::read_to_string(&file).unwrap();
    let line = format!("    question: {question}\n");
    assert!(entries.contains(&line));
    fs::write(&file, entries.replace(&line, &format!("{line}{more}\n"))).unwrap();
    let facts = "version: 1\nfacts: {product: [wallet, loan]}\n";
    fs::write(root.path().join("knowledge/facts.yaml"), facts).unwrap();
    root
}

#[test]
fn a_floor_over_too_few_of_its_tests_is_not_kept() {
    // Of `first` there are two utterances of one entry, and of nothing else is one left out.
    let cases = [
        // (what is written in the entry, told in Chinese)
        ("    status: retired", "已下线（retired）"),
        ("    status: draft", "未上线（draft）"),
        ("    valid: {until: 2026-11-21}", "已过失效日期"),
        ("    valid: {from: 2026-11-23}", "还没到生效日期"),
        ("    when: {product: [loan]}", "不提供给这样的客户（when）"),
    ];
    for (written, told) in cases {
        let root = root_with_entry(TESTS, "提现多久到账", written);
        let output = kefu(&["test", "--json"], root.path());
        assert_eq!(output.status.code(), Some(1), "{written}: {}", stdout(&output));
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(json["skipped"], 3, "two of the entry, and the choices with it");
        let first = &json["figures"][0];
        assert_eq!(first["share"], Value::Null);
        assert_eq!((&first["held"], &first["asked"]), (&2.into(), &0.into()));
        assert_eq!(first["shortfall"], "too_few_asked");
        assert_eq!(first["unasked"][0]["entry"], "payment.withdraw.arrival");
        assert_eq!(json["figures"][4]["kept"], true, "of the intents all could be asked");

        let output = kefu(&["test"], root.path());
        let wanted = format!(
            "首位正确：测试里有 2 句，当天能问的只有 0 句（0.0%），至少要 80%。\
             2 句要找的条目{told}：payment.withdraw.arrival\n"
        );
        assert!(stdout(&output).contains(&wanted), "{}", stdout(&output));
        assert!(stdout(&output).contains("✗ 问得太少"), "{}", stdout(&output));
    }
}

#[test]
fn a_server_does_not_start_over_tests_that_cannot_be_asked() {
    let root = root_with_entry(TESTS, "提现多久到账", "    status: retired");
    let mut server = Command::new(env!("CARGO_BIN_EXE_kefu"))
        .args(["serve", "--listen", "127.0.0.1:0", "--root", ".", "--data", "data"])
        .current_dir(root.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let first = BufReader::new(server.stdout.take().unwrap()).lines().next();
    // One that has started would run for ever.
    let _ = server.kill();
    let refused = server.wait_with_output().unwrap();
    assert!(first.is_none(), "it has started: {first:?}");
    let told = String::from_utf8_lossy(&refused.stderr);
    let english = "first 0 of 2 asked, wanted 80 % (2 retired: payment.withdraw.arrival)";
    assert!(told.contains("首位正确：测试里有 2 句") && told.contains(english), "{told}");
}

#[test]
fn four_in_five_of_the_tests_of_a_floor_are_enough() {
    let tests = |others: usize| {
        let others = &["取钱要几天", "钱啥时候来", "几号到卡上", "提现慢不慢"][..others];
        format!(
            "version: 1\nfloors: {{helped: 0}}\ncases:\n\
             - {{entry: account.close.how, say: [销号去哪里弄]}}\n\
             - {{entry: payment.withdraw.arrival, say: [{}]}}\n",
            others.join(", ")
        )
    };
    let code = |others| {
        let root = root_with_entry(&tests(others), "怎么注销账户", "    status: retired");
        kefu(&["test"], root.path()).status.code()
    };
    assert_eq!(code(4), Some(0), "four of five");
    assert_eq!(code(3), Some(1), "three of four");
}

#[test]
fn a_floor_over_no_tests_at_all_is_not_kept() {
    let cases = [
        // (what it shows, the floors, what the one case says, shortfall)
        ("none of that kind", "first: 1", "no_answer: 别家", "no_utterances"),
        (
            "of the other half alone",
            "first: 1",
            "split: fit, entry: account.close.how",
            "no_utterances",
        ),
        (
            "nothing that a direct answer is right for",
            "answered_right: 1",
            "no_answer: 别家",
            "no_utterances",
        ),
        (
            "nothing is answered",
            "answered_right: 1",
            "entry: account.close.how",
            "nothing_answered",
        ),
    ];
    for (shows, floor, expected, shortfall) in cases {
        let tests =
            format!("version: 1\nfloors: {{{floor}}}\ncases: [{{{expected}, say: [宇宙飞船]}}]\n");
        let output = kefu(&["test", "--json"], root_with(&tests).path());
        assert_eq!(output.status.code(), Some(1), "{shows}");
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        let figures = json["figures"].as_array().unwrap();
        let short = figures.iter().filter(|figure| !figure["shortfall"].is_null());
        let short: Vec<&Value> = short.map(|figure| &figure["shortfall"]).collect();
        assert_eq!(short, [shortfall], "{shows}");
    }
}

#[test]
fn wrong_use_and_broken_tests_have_their_exit_codes() {
    let root = small_root();
    assert_eq!(kefu(&["test"], root.path()).status.code(), Some(2), "no tests");
    let fit = "version: 1\ncases: [{entry: account.close.how, split: fit, say: [销号]}]\n";
    let code = |split| kefu(&["test", "--split", split], root_with(fit).path()).status.code();
    assert_eq!((code("fit"), code("test")), (Some(0), Some(2)), "a part that holds nothing");
    let retired = root_with_entry(fit, "怎么注销账户", "    status: retired");
    let output = kefu(&["test"], retired.path());
    assert_eq!(output.status.code(), Some(1), "without a floor, and nothing is asked");
    assert!(stdout(&output).starts_with("一句也没有问到，不算通过"), "{}", stdout(&output));
    assert_eq!(kefu(&["test", "--split", "train"], root.path()).status.code(), Some(2));
    let broken = root_with("version: 1\ncases:\n  - say: [提现几天]\n");
    let output = kefu(&["test"], broken.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("KB052"));
}

#[test]
fn tests_have_limits() {
    let told = |tests: &str| -> Vec<String> {
        let root = root_with(tests);
        let files = Root::find(Some(root.path()), root.path()).unwrap().read().unwrap();
        let found = load(&files, date(2026, 11, 22)).diagnostics;
        found.iter().map(|found| format!("{}:{}", found.code, found.span.line)).collect()
    };
    let long = |chars: usize| {
        let text = "测".repeat(chars);
        format!("version: 1\ncases:\n  - no_answer: 长\n    say: [{text}]\n")
    };
    assert_eq!(told(&long(3_000)), [""; 0]);
    assert_eq!(told(&long(3_001)), ["KB015:4"]);
    let many = |utterances: usize| {
        let cases = (0..utterances).step_by(50).map(|first| {
            let last = (first + 50).min(utterances);
            let say: Vec<String> = (first..last).map(|number| format!("句{number}")).collect();
            format!("  - no_answer: 多\n    say: [{}]\n", say.join(", "))
        });
        format!("version: 1\ncases:\n{}", cases.collect::<String>())
    };
    assert_eq!(told(&many(50_000)), [""; 0]);
    assert_eq!(told(&many(50_001)), ["KB003:2004"]);
}
