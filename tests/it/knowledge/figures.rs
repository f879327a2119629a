//! Figures as data: one row reaches every entry, and an entry never states an old one.

use std::{fs, path::Path};

use jiff::civil::date;
use kefu::knowledge::load;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Server, kefu, small_root, stdout};
use crate::knowledge::{
    broken_figures::{FIGURES as GOOD_FIGURES_PATH, GOOD_FIGURES},
    broken_files::files_with,
};
use crate::server::reload::until_ready;

const FEE: &str = "提现要手续费吗";
const ARRIVAL: &str = "提现多久到账";
const FIGURES: &str = "knowledge/figures/payment.yaml";
const OWN: &str = "费率正在调整，请看提现页面。";

/// A row with the given value and days.
fn row(value: &str, force: &str, verified: &str) -> String {
    format!(
        "  - {{id: fee_rate, name: 手续费费率, value: {value}, document: 《费率办法》, \
         clause: 第三条, in_force: {force}, read_at: 官网, verified: {verified}}}\n"
    )
}

fn figures(rows: &[String]) -> String {
    let defaults = "{checked: 2026-11-22, checked_by: 知识组, review_due: 2099-01-01}";
    format!("version: 1\ndefaults: {defaults}\nfigures:\n{}", rows.concat())
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Replaces a part of the entries, which must be there once.
fn edit(root: &Path, from: &str, to: &str) {
    let file = root.join("knowledge/payment.yaml");
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    fs::write(file, text.replace(from, to)).unwrap();
}

/// The small root, in which two entries state a figure: the fee in its answer and source, with a
/// text of its own for the days without the figure, and the arrival in a step.
fn state_figures(root: &Path) {
    edit(
        root,
        "    answer: 提现费用以确认页为准。\n    compliance: {source: 运营方规则}\n",
        &format!(
            "    answer: 每笔收{{{{fee_rate}}}}。\n    without_figure: {OWN}\n    \
             compliance: {{source: '{{{{fee_rate}}}}；运营方规则'}}\n"
        ),
    );
    edit(
        root,
        "    follow_ups: [payment.withdraw.fee]\n",
        "    steps: [看账单, '手续费{{fee_rate}}会先扣']\n    follow_ups: [payment.withdraw.fee]\n",
    );
}

fn root(rows: &[String]) -> TempDir {
    let root = small_root();
    state_figures(root.path());
    write(root.path(), FIGURES, &figures(rows));
    root
}

fn ask(root: &Path, text: &str, today: &str) -> Value {
    let root = root.to_str().unwrap();
    let asked = kefu(&["ask", "--root", root, "--json", "--today", today, text], Path::new("."));
    serde_json::from_str(stdout(&asked)).unwrap()
}

/// The codes from a code on that the check tells, with their lines.
fn told_from(code: &str, root: &Path, today: &str) -> Vec<String> {
    let args = ["check", "--root", root.to_str().unwrap(), "--json", "--fast", "--today", today];
    let checked: Value = serde_json::from_str(stdout(&kefu(&args, Path::new(".")))).unwrap();
    let found = checked["diagnostics"].as_array().unwrap().iter();
    // Some days are before that of the check, which is told as well (KB151).
    let is_of_these = |found: &str| found >= code && found < "KB151";
    let found = found.filter(|found| is_of_these(found["code"].as_str().unwrap()));
    found
        .map(|found| {
            let place = format!("{}:{}", found["file"].as_str().unwrap(), found["span"]["line"]);
            format!("{} {place}", found["code"].as_str().unwrap())
        })
        .collect()
}

/// The codes about figures that the check tells, with their lines.
fn told(root: &Path, today: &str) -> Vec<String> {
    told_from("KB130", root, today)
}

#[test]
fn a_figure_reaches_every_entry_until_it_ends() {
    let next = row("0.2%", "{from: 2027-01-01, until: 2027-06-30}", "原文");
    let root = root(&[row("0.1%", "{from: 2026-01-01, until: 2026-12-31}", "原文"), next]);
    let cases = [
        // (what it shows, day, fee, the step of the arrival)
        ("a day in force", "2026-11-22", "每笔收0.1%。", "手续费0.1%会先扣"),
        ("the last day", "2026-12-31", "每笔收0.1%。", "手续费0.1%会先扣"),
        ("the first day of the next value", "2027-01-01", "每笔收0.2%。", "手续费0.2%会先扣"),
        ("its last day", "2027-06-30", "每笔收0.2%。", "手续费0.2%会先扣"),
    ];
    for (shows, day, fee, step) in cases {
        let asked = ask(root.path(), FEE, day);
        assert_eq!(asked["text"], fee, "{shows}");
        assert_eq!(asked["source"], "《费率办法》第三条；运营方规则", "{shows}");
        assert_eq!(asked["checked"], "2026-11-22", "{shows}");
        assert_eq!(ask(root.path(), ARRIVAL, day)["steps"], json!(["看账单", step]), "{shows}");
    }
}

#[test]
fn a_source_alone_names_its_figure_while_that_holds() {
    let root = small_root();
    let source = "{source: '《总则》；{{fee_rate}}；运营方规则（变量 hotline；费率表）'}";
    edit(
        root.path(),
        "以确认页为准。\n    compliance: {source: 运营方规则}",
        &format!("以确认页为准。\n    compliance: {source}"),
    );
    let force = "{from: 2026-01-01, until: 2026-12-31}";
    write(root.path(), FIGURES, &figures(&[row("0.1%", force, "原文")]));
    let cases = [
        // (what it shows, day, source)
        ("before it begins", "2025-12-31", "《总则》；运营方规则（费率表）"),
        ("a day in force", "2026-12-31", "《总则》；《费率办法》第三条；运营方规则（费率表）"),
        ("the day after", "2027-01-01", "《总则》；运营方规则（费率表）"),
    ];
    for (shows, day, source) in cases {
        let asked = ask(root.path(), FEE, day);
        assert_eq!(
            (&asked["source"], &asked["text"]),
            (&json!(source), &json!("提现费用以确认页为准。")),
            "{shows}"
        );
    }
}

#[test]
fn every_row_of_a_figure_is_checked_in_the_texts_that_state_it() {
    let first = |value| row(value, "{from: 2026-01-01, until: 2026-12-31}", "原文");
    let next = |value| row(value, "{from: 2027-01-01}", "原文");
    let (wrong, other) = ("http://a.example", "tel:12378");
    let at = |code: &str| vec![format!("{code} knowledge/payment.yaml:13")];
    let link = "'[看这里]({{fee_rate}})'";
    let cases = [
        // (what it shows, answer, rows, what is told)
        ("the first row", "保{{fee_rate}}。", [first("本"), next("三天")], at("CP001")),
        ("the next row", "保{{fee_rate}}。", [first("三天"), next("本")], at("CP001")),
        ("both, told once", "保本，{{fee_rate}}。", [first("三天"), next("五天")], at("CP001")),
        ("neither", "保{{fee_rate}}。", [first("三天"), next("五天")], vec![]),
        ("an address of the first row", link, [first(wrong), next(other)], at("KB022")),
        ("an address of the next row", link, [first(other), next(wrong)], at("KB022")),
        ("addresses of both, told once", link, [first(wrong), next(wrong)], at("KB022")),
        ("good addresses", link, [first(other), next(other)], vec![]),
    ];
    for (shows, answer, rows, expected) in cases {
        let root = small_root();
        let old = "    answer: 提现费用以确认页为准。\n";
        edit(root.path(), old, &format!("    answer: {answer}\n"));
        write(root.path(), FIGURES, &figures(&rows));
        assert_eq!(told_from("", root.path(), "2026-10-01"), expected, "{shows}");
    }
}

#[test]
fn a_figure_that_has_ended_is_told_before_its_entry_begins() {
    let root = small_root();
    let force = "{from: 2026-01-01, until: 2026-10-31}";
    write(root.path(), FIGURES, &figures(&[row("0.1%", force, "原文")]));
    edit(
        root.path(),
        "    answer: 提现费用以确认页为准。\n",
        "    answer: 收{{fee_rate}}。\n    valid: {from: 2026-12-01}\n",
    );
    let ended = vec![format!("KB131 {FIGURES}:4")];
    let cases = [
        // (what it shows, day, what is told)
        ("two months before", "2026-10-02", vec![format!("KB132 {FIGURES}:4")]),
        ("long before", "2026-10-01", vec![]),
        ("a week before", "2026-11-24", ended.clone()),
        ("the day on which it begins", "2026-12-01", ended),
    ];
    for (shows, day, expected) in cases {
        assert_eq!(told(root.path(), day), expected, "{shows}");
    }
}

#[test]
fn an_answer_that_may_never_be_said_is_searched_by_its_own_words() {
    let rows = GOOD_FIGURES.replace("verified: 原文", "verified: no");
    let loaded = load(&files_with(GOOD_FIGURES_PATH, rows.as_bytes()), date(2026, 11, 22));
    let base = loaded.base.unwrap();
    let fee =
        base.entries.iter().find(|entry| entry.id.as_str() == "payment.withdraw.fee").unwrap();
    let today = fee.answer.on(date(2026, 11, 22));
    assert!(today.is_without_figure && !today.text.contains("确认页"), "{today:?}");
    let searched = fee.answer.searched().whole();
    assert_eq!(searched, "以确认页为准。\n\n投资需谨慎。\n\n1. 看确认页\n2. 费率");
}

#[test]
fn without_a_figure_the_entry_still_answers_but_states_none() {
    let ended = [row("0.1%", "{from: 2026-01-01, until: 2026-10-31}", "原文")];
    let later = [row("0.1%", "{from: 2027-01-01}", "原文")];
    let unverified = [row("0.1%", "{from: 2026-01-01}", "no")];
    for (shows, rows) in [("ended", ended), ("not begun", later), ("not verified", unverified)] {
        let root = root(&rows);
        let fee = ask(root.path(), FEE, "2026-11-22");
        assert_eq!(fee["text"], OWN, "{shows}");
        let arrival = ask(root.path(), ARRIVAL, "2026-11-22");
        let text = arrival["text"].as_str().unwrap();
        assert!(text.contains("规定可能变了") && text.contains("95000"), "{shows}: {text}");
        assert_eq!(arrival["steps"], json!([]), "{shows}");
        for asked in [&fee, &arrival] {
            assert_eq!((&asked["kind"], &asked["offer_human"]), (&json!("answer"), &json!(true)));
            assert_eq!((&asked["source"], &asked["checked"]), (&Value::Null, &Value::Null));
            let read = asked.to_string();
            assert!(!read.contains("0.1%"), "{shows}: {read}");
        }
    }
}

#[test]
fn what_ends_or_is_due_is_told_two_months_ahead() {
    let ends = "{from: 2026-01-01, until: 2026-12-31}";
    let next = row("0.2%", "{from: 2027-01-01}", "原文");
    let due = row("0.1%", "{from: 2026-01-01}", "原文")
        .replace(", read_at", ", review_due: 2026-12-31, read_at");
    let at = |code: &str, line: u32| vec![format!("{code} {FIGURES}:{line}")];
    let cases = [
        // (what it shows, rows, day, what is told)
        ("61 days before", vec![row("0.1%", ends, "原文")], "2026-10-31", vec![]),
        ("60 days before", vec![row("0.1%", ends, "原文")], "2026-11-01", at("KB132", 4)),
        ("the next value follows", vec![row("0.1%", ends, "原文"), next], "2026-12-31", vec![]),
        ("ended", vec![row("0.1%", ends, "原文")], "2027-01-01", at("KB131", 4)),
        (
            "not verified",
            vec![row("0.1%", "{from: 2026-01-01}", "no")],
            "2026-11-01",
            at("KB135", 4),
        ),
        ("due later", vec![due.clone()], "2026-10-31", vec![]),
        ("due soon", vec![due.clone()], "2026-11-01", at("KB134", 4)),
        ("overdue", vec![due], "2027-01-01", at("KB133", 4)),
    ];
    for (shows, rows, day, expected) in cases {
        assert_eq!(told(root(&rows).path(), day), expected, "{shows}");
    }
}

#[test]
fn figures_with_mistakes_are_refused() {
    let good = row("0.1%", "{from: 2026-01-01}", "原文");
    let twice = row("0.2%", "{from: 2026-06-01}", "原文");
    let cases = [
        // (what it shows, rows, what is told)
        ("two values on a day", vec![good.clone(), twice], "KB130"),
        ("a variable of the same name", vec![good.replace("fee_rate", "hotline")], "KB130"),
        ("an unknown figure", vec![good.replace("fee_rate", "fee_rates")], "KB019"),
        ("no document", vec![good.replace("document: 《费率办法》, ", "")], "KB010"),
        ("no way of verifying", vec![good.replace(", verified: 原文", "")], "KB010"),
        ("a key misspelt", vec![good.replace("clause", "clauses")], "KB009"),
        (
            "the end before the begin",
            vec![row("1%", "{from: 2026-02-01, until: 2026-01-01}", "原文")],
            "KB023",
        ),
        ("a day that is none", vec![row("1%", "{from: 2026-02-30}", "原文")], "KB023"),
        (
            "a variable in a value",
            vec![row("'{{hotline}}'", "{from: 2026-01-01}", "原文")],
            "KB020",
        ),
    ];
    for (shows, rows, code) in cases {
        let root = root(&rows);
        let args = ["check", "--root", root.path().to_str().unwrap(), "--fast"];
        let checked = kefu(&args, Path::new("."));
        let told = stdout(&checked);
        assert!(!checked.status.success(), "{shows}: {told}");
        assert!(told.contains(code), "{shows}: {told}");
    }
}

/// Codes, messages and mends of all findings.
fn told_in_words(root: &Path, today: &str) -> Vec<String> {
    let args = ["check", "--root", root.to_str().unwrap(), "--json", "--fast", "--today", today];
    let checked: Value = serde_json::from_str(stdout(&kefu(&args, Path::new(".")))).unwrap();
    let found = checked["diagnostics"].as_array().unwrap().iter();
    let text = |found: &Value, key: &str| found[key].as_str().unwrap().to_owned();
    let words = |found: &Value| ["code", "message", "reason", "mend"].map(|key| text(found, key));
    found.map(|found| words(found).join(" ")).collect()
}

#[test]
fn a_gap_before_the_next_value_is_told_by_its_days() {
    let next = |verified| row("0.2%", "{from: 2027-01-01}", verified);
    let until = |day: &str| row("0.1%", &format!("{{from: 2026-01-01, until: {day}}}"), "原文");
    let cases = [
        // (what it shows, rows, message, mend)
        (
            "one day",
            [until("2026-12-30"), next("原文")],
            "数 fee_rate 在 2026-12-31 那天没有值",
            "把 until 改成 2026-12-31",
        ),
        (
            "several days",
            [until("2026-12-28"), next("原文")],
            "数 fee_rate 在 2026-12-29 至 2026-12-31 没有值",
            "把 until 改成 2026-12-31",
        ),
        (
            "no day, but the next is not verified",
            [until("2026-12-31"), next("no")],
            "数 fee_rate 在 2026-12-31 之后就没有了",
            "下一行没有核实",
        ),
    ];
    for (shows, rows, message, mend) in cases {
        let told = told_in_words(root(&rows).path(), "2026-11-22");
        let ends = told.iter().find(|told| told.starts_with("KB132")).unwrap();
        assert!(ends.contains(message) && ends.contains(mend), "{shows}: {told:?}");
    }
}

#[test]
fn every_entry_that_loses_its_figure_is_named() {
    let named = "条目 payment.withdraw.arrival、payment.withdraw.fee 改说 without_figure 的话";
    let cases = [
        ("KB131", row("0.1%", "{from: 2026-01-01, until: 2026-10-31}", "原文")),
        ("KB132", row("0.1%", "{from: 2026-01-01, until: 2026-12-31}", "原文")),
        ("KB135", row("0.1%", "{from: 2026-01-01}", "no")),
    ];
    for (code, row) in cases {
        let told = told_in_words(root(&[row]).path(), "2026-11-22");
        let found = told.iter().find(|told| told.starts_with(code));
        assert!(found.is_some_and(|found| found.contains(named)), "{code}: {told:?}");
    }
    // Beyond ten it would be a wall of ids.
    let root = root(&[row("0.1%", "{from: 2026-01-01}", "no")]);
    let file = root.path().join("knowledge/payment.yaml");
    let more = (0..10).map(|n| {
        format!(
            "  - {{id: payment.withdraw.n{n}, question: 提现第{n}问怎么办, \
             answer: '收{{{{fee_rate}}}}', compliance: {{source: 规则}}}}\n"
        )
    });
    let text = fs::read_to_string(&file).unwrap() + &more.collect::<String>();
    fs::write(&file, text).unwrap();
    let told = told_in_words(root.path(), "2026-11-22").join("\n");
    let ends = "、payment.withdraw.n7 等 12 个条目改说 without_figure 的话";
    assert!(told.contains(ends), "{told}");
}

#[test]
fn a_figure_named_as_a_variable_is_told_alone() {
    let twin = row("保本", "{from: 2026-01-01, until: 2026-11-01}", "no");
    let twin = twin.replace("fee_rate", "hotline");
    let root = root(&[row("0.1%", "{from: 2026-01-01}", "原文"), twin]);
    let told = told_in_words(root.path(), "2026-11-22");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("KB130 hotline 既是数，又是变量"), "{told:?}");
}

#[test]
fn a_name_that_nothing_has_may_be_a_renamed_figure() {
    let root =
        root(&[row("0.1%", "{from: 2026-01-01}", "原文").replace("fee_rate", "withdraw_fee")]);
    let told = told_in_words(root.path(), "2026-11-22").join("\n");
    assert!(told.contains("KB019 变量或数“fee_rate”没有定义"), "{told}");
    assert!(told.contains("knowledge/figures 里的 id 是不是改了名"), "{told}");
}

#[test]
fn a_source_says_each_document_once() {
    let first = row("0.1%", "{from: 2026-01-01}", "原文");
    let first =
        first.replace("clause: 第三条", "clause: 第三条；期限延长见《通知（甲；乙）》第二条");
    let cap = row("10 元", "{from: 2026-01-01}", "原文").replace("fee_rate", "fee_cap");
    let root = root(&[first, cap]);
    edit(
        root.path(),
        "{{fee_rate}}；运营方规则",
        "{{fee_rate}}；{{fee_cap}}；《合同（丙；乙）》；运营方规则",
    );
    let asked = ask(root.path(), FEE, "2026-11-22");
    assert_eq!(
        asked["source"],
        "《费率办法》第三条；期限延长见《通知（甲；乙）》第二条；《合同（丙；乙）》；运营方规则"
    );
}

#[tokio::test]
async fn a_changed_figure_reaches_customers_without_a_restart() {
    let server = Server::start();
    state_figures(server.root());
    write(server.root(), FIGURES, &figures(&[row("0.1%", "{from: 2026-01-01}", "原文")]));
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
    let mut customer = server.customer().await;
    assert_eq!(customer.ask(FEE).await["text"], "每笔收0.1%。");
    write(server.root(), FIGURES, &figures(&[row("0.3%", "{from: 2026-01-01}", "原文")]));
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
    let reply = customer.ask(FEE).await;
    assert_eq!(reply["text"], "每笔收0.3%。");
    assert_eq!(reply["source"], "《费率办法》第三条；运营方规则");
    assert_eq!(reply["checked"], "2026-11-22");
    assert_eq!(customer.ask(ARRIVAL).await["steps"], json!(["看账单", "手续费0.3%会先扣"]));
    let (_, once) = server.post("/v1/ask", json!({"text": ARRIVAL})).await;
    assert_eq!(once["steps"], json!(["看账单", "手续费0.3%会先扣"]));
}
