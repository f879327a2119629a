//! After a mistake that YAML does not allow, the rest of a file is checked all the same.

use jiff::civil::date;
use kefu::knowledge::{Loaded, load};

use crate::knowledge::{
    broken_files::{files_with, rendered, told_briefly},
    broken_guard::GUARD,
    broken_industry::INDUSTRY,
    broken_rows::{ENTRIES, GOOD, HOURS, INTENTS, POLICY, VARIABLES},
};

/// What it shows, the file, pairs of replaced text and replacement, what is told.
type MendedRow =
    (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

#[rustfmt::skip] // One row a line.
const ROWS: &[MendedRow] = &[
    ("one in each entry", ENTRIES, &[("question: 提现多久", "question：提现多久"), ("answer: 以确认页为准", "answer: 提示: 以确认页为准")], "KB006 5:13 | KB005 16:15"),
    ("two in one entry", ENTRIES, &[("question: 提现手", "question：提现手"), ("source: 运营方规则}\n", "source：运营方规则}\n"), ("answer: 以", "answer: @以")], "KB006 13:24 | KB006 15:13 | KB005 16:13"),
    ("of all kinds", ENTRIES, &[("question: 提现多久", "question：提现多久"), ("提现要几天", "12345"), ("answer: 以", "anwser: 以"), ("[充值多久到账]", "[充值多久到账")], "KB006 5:13 | KB013 7:9 | KB005 8:10 | KB009 16:5"),
    ("a value after a broken entry", ENTRIES, &[("- id: payment.withdraw.arrival", "- id：payment.withdraw.arrival"), ("class: invest", "class: 12")], "KB006 4:7 | KB013 18:25"),
    ("a quotation mark that is not closed", ENTRIES, &[("question: 提现多久", "question: \"提现多久"), ("class: invest", "class: 12")], "KB005 5:15 | KB013 18:25"),
    ("one that is not closed in a list", ENTRIES, &[("- 提现要几天", "- '提现要几天"), ("class: invest", "class: 12")], "KB005 7:9 | KB013 18:25"),
    ("a bracket that is not closed", ENTRIES, &[("[充值多久到账]", "[充值多久到账"), ("answer: 以", "answer: @以")], "KB005 8:10 | KB005 16:13"),
    ("braces that are not closed", ENTRIES, &[("{source: 运营方规则}\n", "{source: 运营方规则\n"), ("answer: 以", "answer: @以")], "KB005 13:17 | KB005 16:13"),
    ("a tab", ENTRIES, &[("    follow_ups", "\tfollow_ups"), ("class: invest", "class: 12")], "KB004 12:1 | KB013 18:25"),
    ("ideographic spaces", ENTRIES, &[("    answer: 以", "　　answer: 以"), ("提现要几天", "12345")], "KB013 7:9 | KB005 16:1"),
    ("a dash without space", ENTRIES, &[("      - 提现要几天", "      - 提现要几天\n      -提现几天"), ("class: invest", "class: 12")], "KB005 8:7 | KB013 19:25"),
    ("a key without space", ENTRIES, &[("question: 提现手", "question:提现手"), ("提现要几天", "12345")], "KB013 7:9 | KB005 15:13"),
    ("two documents", ENTRIES, &[("  - id: payment.withdraw.fee", "---\n  - id: payment.withdraw.fee"), ("class: invest", "class: 12")], "KB005 14:1 | KB013 19:25"),
    ("defaults that cannot be read", ENTRIES, &[("defaults: {", "defaults: "), ("answer: 以", "answer: @以")], "KB005 2:19 | KB005 16:13"),
    ("a conflict of git", ENTRIES, &[("    answer: 以确认页为准。\n", "<<<<<<< HEAD\n    answer: 甲\n=======\n    answer: 乙\n>>>>>>> x\n"), ("class: invest", "class: 12")], "KB005 16:1 | KB013 22:25"),
    ("a conflict of git in a block", ENTRIES, &[("answer: 以确认页为准。\n", "answer: |\n      <<<<<<< HEAD\n      甲\n      =======\n      乙\n      >>>>>>> x\n"), ("class: invest", "class: 12")], "KB005 17:1 | KB013 23:25"),
    ("two conflicts of git, one with its base", ENTRIES, &[("    question: 提现多久到账\n", "<<<<<<< a\n    question: 提现多久到账\n||||||| b\n    question: 提现\n=======\n>>>>>>> c\n"), ("    answer: 以确认页为准。\n", "<<<<<<< HEAD\n    answer: 甲\n=======\n    answer: 乙\n>>>>>>> x\n"), ("class: invest", "class: 12")], "KB005 5:1 | KB005 21:1 | KB013 27:25"),
    ("one mark of a conflict", ENTRIES, &[("    answer: 以", ">>>>>>> x\n    answer: 以"), ("class: invest", "class: 12")], "KB005 16:1 | KB013 19:25"),
    ("a line outside", ENTRIES, &[("entries:\n", "说明\nentries:\n"), ("class: invest", "class: 12")], "KB005 3:1"),
    ("an indentation that does not fit", ENTRIES, &[("    question: 提现手", "   question: 提现手"), ("提现要几天", "12345")], "KB013 7:9 | KB005 15:4"),
    ("a tab before a block of two paragraphs", ENTRIES, &[("    not: [充值多久到账]\n    answer: |", "\tanswer: |"), ("      - [电话]", "\n      - [电话]"), ("class: invest", "class: 12")], "KB004 8:1 | KB013 18:25"),
    ("a block one column too deep", ENTRIES, &[("    not: [充值多久到账]\n    answer: |", "     answer: |"), ("      - [电话]", "\n      - [电话]"), ("class: invest", "class: 12")], "KB005 8:6 | KB013 18:25"),
    ("a block one column too shallow", ENTRIES, &[("    not: [充值多久到账]\n    answer: |", "   answer: |-"), ("      - [电话]", "\n      - [电话]"), ("class: invest", "class: 12")], "KB005 8:4 | KB013 18:25"),
    ("a tab before a block without text", ENTRIES, &[("    answer: 以确认页为准。", "\tanswer: |"), ("class: invest", "class: 12")], "KB004 16:1 | KB013 18:25"),
    ("a tab before an item", ENTRIES, &[("  - id: payment.withdraw.fee", "\t- id: payment.withdraw.fee")], "KB004 14:1"),
    ("a key twice above a tab before an item", ENTRIES, &[("  - id: payment.withdraw.fee", "    answer: 以账单为准\n\t- id: payment.withdraw.fee")], "KB008 14:5 | KB004 15:1"),
    ("variables", VARIABLES, &[("arrival: 次日到账", "arrival：次日到账"), ("\"12378\"", "12378")], "KB006 3:10 | KB013 4:12"),
    ("intents", INTENTS, &[("patterns: [^转人工$]", "patterns: [^转人工$"), ("priority: 60", "priority: 600")], "KB014 4:15 | KB005 6:15"),
    ("all words of an intent", INTENTS, &[("examples: [转人工]", "examples：[转人工]"), ("patterns: [^转人工$]", "patterns：[^转人工$]")], "KB006 5:13 | KB006 6:13"),
    ("texts of the policy", POLICY, &[("rate: 打分", "rate：打分"), ("idle: 在吗", "idle: 12"), ("  welcome: 您好", "  welcome: @您好")], "KB005 3:12 | KB013 17:11 | KB006 18:9"),
    ("hours", HOURS, &[("time_zone: Asia", "time_zone：Asia"), ("14:00-18:00", "11:00-18:00")], "KB006 2:10"),
    ("hours, in one of two days", HOURS, &[("- {date: 2027-01-01", "- {date：2027-01-01"), ("2027-02-07", "2027-02-31"), ("name: 元旦}", "name: 元旦")], "KB005 6:5 | KB023 8:12"),
    ("rules that name concepts of the same file", GUARD, &[("对方: [骗子]", "对方：[骗子]"), ("near: 900", "near: @900")], "KB006 6:5 | KB005 11:11"),
    ("words of the trade", INDUSTRY, &[("brands: [微信, 支付宝]", "brands: [微信, 支付宝"), ("version: 1", "version: 1\nx: @")], "KB005 2:4 | KB005 12:9"),
];

fn load_row((shows, path, edits, _): &MendedRow) -> Loaded {
    let (_, good) = GOOD.iter().find(|(good, _)| good == path).unwrap();
    let text = edits.iter().fold((*good).to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{shows}: {from:?} is not in {path}");
        text.replacen(from, to, 1)
    });
    load(&files_with(path, text.as_bytes()), date(2026, 11, 22))
}

#[test]
fn every_mistake_of_a_file_is_told_in_one_run_and_none_follows() {
    let mut wrong = Vec::new();
    for row in ROWS {
        let loaded = load_row(row);
        let found = told_briefly(&loaded);
        if found != row.3 {
            wrong.push(format!("{}: {found}, expected {}\n{}", row.0, row.3, rendered(&loaded)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_was_not_checked_is_said_and_nothing_else() {
    let cases = [
        // (what it shows, file, replaced text, replacement, what was not checked)
        ("a line", ENTRIES, "answer: 以", "answer: @以", "第 16 行没有检查"),
        ("a block", ENTRIES, "    answer: |", "   answer: |", "第 9 至 11 行没有检查"),
        ("a list", ENTRIES, "similar:\n", "similar: @x\n", "第 6 至 7 行没有检查"),
        ("rules", GUARD, "near: 900", "near: @900", "改好之前，这个文件只检查 YAML 的写法"),
    ];
    for (shows, path, from, to, expected) in cases {
        let loaded = load_row(&(shows, path, Box::leak(Box::new([(from, to)])), ""));
        let [found] = &loaded.diagnostics[..] else {
            panic!("{shows}: {:?} {}", loaded.base.is_some(), rendered(&loaded))
        };
        assert!(found.reason.ends_with(expected), "{shows}: {}", found.reason);
    }
}

/// Many mistakes end soon, and each is told.
#[test]
fn a_file_that_is_wrong_everywhere_is_read_to_its_end() {
    let entry = |n: usize| {
        format!(
            "  - id: payment.a.b{n}\n    question：第{n}个问题怎么办\n    answer: @答\n    \
             compliance: {{source: 规则}}\n"
        )
    };
    let (_, good) = GOOD.iter().find(|(path, _)| *path == ENTRIES).unwrap();
    let text: String = std::iter::once((*good).to_owned()).chain((0..100).map(entry)).collect();
    let loaded = load(&files_with(ENTRIES, text.as_bytes()), date(2026, 11, 22));
    let count = |code: &str| loaded.diagnostics.iter().filter(|found| found.code == code).count();
    assert_eq!((count("KB006"), count("KB005")), (100, 100));
    assert_eq!(loaded.diagnostics.len(), 200, "{}", rendered(&loaded));
}
