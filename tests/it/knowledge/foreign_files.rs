//! Files of other programs, as `kefu import` takes them.

use std::fs;

use kefu::authoring::{Column, Sheet, SheetFormat};
use serde_json::Value;

use crate::harness::{kefu, small_root, stdout};

const TABLE: &str = "问题,答案\n怎么查看账单,在“我的”里点账单。\n怎么修改昵称,\n";

#[test]
fn a_file_imported_again_leaves_reviewed_entries_alone() {
    let root = small_root();
    fs::write(root.path().join("faq.csv"), TABLE).unwrap();
    let command = ["import", "faq.csv", "--category", "payment"];
    let done = kefu(&command, root.path());
    assert_eq!(done.status.code(), Some(0), "{}", stdout(&done));
    assert!(stdout(&done).contains("略过：第 3 行：没有答案，这一行没有用"), "{}", stdout(&done));
    let path = root.path().join("knowledge/payment/imported.yaml");
    let reviewed = fs::read_to_string(&path)
        .unwrap()
        .replace("status: draft", "status: live")
        .replace("点账单。", "点账单，按月查看。");
    fs::write(&path, &reviewed).unwrap();

    let more = format!("{TABLE}怎么更换头像,在“我的”里点头像。\n");
    fs::write(root.path().join("faq.csv"), more).unwrap();
    let done = kefu(&[&command[..], &["--json"]].concat(), root.path());
    let json: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(
        (&json["kept"], &json["added"], &json["changed"]),
        (&1.into(), &1.into(), &0.into())
    );
    let skipped = &json["template"]["skipped"][0];
    assert_eq!(
        (&skipped["row"], &skipped["reason"]),
        (&3.into(), &"没有答案，这一行没有用".into())
    );
    let after = fs::read_to_string(&path).unwrap();
    assert!(after.starts_with(&reviewed), "{after}");
    assert!(after.contains("怎么更换头像"), "{after}");

    let again = kefu(&command, root.path());
    assert!(
        stdout(&again).contains("新增 0，修改 0，未变 0；已有 2 条，没有改动"),
        "{}",
        stdout(&again)
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), after);
}

#[test]
fn a_mistake_that_a_cell_holds_twice_is_told_once() {
    let root = small_root();
    fs::write(root.path().join("faq.csv"), "问题,答案\n怎么查看账单,<b>点</b>账单。\n").unwrap();
    let done = kefu(&["import", "faq.csv", "--category", "payment"], root.path());
    assert_eq!(done.status.code(), Some(1), "{}", stdout(&done));
    assert_eq!(stdout(&done).matches("KB021").count(), 1, "{}", stdout(&done));
}

#[test]
fn flags_that_do_not_fit_the_sheet_are_refused() {
    let root = small_root();
    fs::write(root.path().join("faq.csv"), TABLE).unwrap();
    assert!(kefu(&["export", "own.csv"], root.path()).status.success());
    let cases = [
        ["own.csv", "--category", "payment"].as_slice(),
        &["own.csv", "--class", "general"],
        &["own.csv", "--source", "规则"],
        &["faq.csv", "--category", "payment", "--retire-missing"],
    ];
    for arguments in cases {
        let done = kefu(&[&["import"], arguments, &["--dry-run"]].concat(), root.path());
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        let flag = arguments.iter().rfind(|one| one.starts_with("--")).unwrap();
        assert_eq!(done.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(&format!("failed to use {flag}: ")), "{arguments:?}: {told}");
    }
}

#[test]
fn steps_are_written_one_on_each_line_and_come_back() {
    let root = small_root();
    let exported = kefu(&["export", "-"], root.path());
    let mut sheet = Sheet::read(&exported.stdout, SheetFormat::Csv).unwrap();
    let at = sheet.columns.iter().position(|column| *column == Column::Steps).unwrap();
    sheet.rows[0].cells[at] = "1. 打开 App \n2、点“提现”, 再点确认\n - 输入密码\n".to_owned();
    for (name, format) in [
        ("new.csv", SheetFormat::Csv),
        ("new.tsv", SheetFormat::Tsv),
        ("new.xlsx", SheetFormat::Xlsx),
    ] {
        let root = small_root();
        fs::write(root.path().join(name), sheet.write(format).unwrap()).unwrap();
        let done = kefu(&["import", name], root.path());
        assert_eq!(done.status.code(), Some(0), "{}", stdout(&done));
        let text = fs::read_to_string(root.path().join("knowledge/payment.yaml")).unwrap();
        let steps = "    steps:\n      - 打开 App\n      - 点“提现”, 再点确认\n      - 输入密码\n";
        assert!(text.contains(steps), "{name}: {text}");
        let exported = kefu(&["export", "-"], root.path());
        let back = Sheet::read(&exported.stdout, SheetFormat::Csv).unwrap();
        assert_eq!(back.rows[0].cells[at], "打开 App\n点“提现”, 再点确认\n输入密码", "{name}");
        let again = kefu(&["import", name], root.path());
        assert!(stdout(&again).contains("没有文件要改"), "{name}: {}", stdout(&again));
    }
}

/// A table with these cells, and what is told when it is imported.
fn told_of(rows: &str, flags: &[&str]) -> String {
    let root = small_root();
    fs::write(root.path().join("faq.csv"), rows).unwrap();
    let done = kefu(&[&["import", "faq.csv", "--dry-run"], flags].concat(), root.path());
    stdout(&done).to_owned()
}

#[test]
fn what_stands_in_a_cell_is_told_and_not_how_it_is_written() {
    let told = told_of("问题,答案\n提现\u{200b}到账多久了,一\t天\n", &["--category", "payment"]);
    for expected in [
        "第 2 行“标准问”：单元格里有看不见的字符（U+200B）",
        "第 2 行“答案”：单元格里有制表符",
        "2 个错误，什么也没有写",
    ] {
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn a_category_is_named_by_its_id() {
    let told = told_of("问题,答案\n提现多久到账了,一天\n", &["--category", "支付"]);
    assert!(told.contains("没有“支付”这个分类\n  = 改法：写 payment（支付）"), "{told}");
}

#[test]
fn wordings_that_belong_to_something_are_left_out() {
    let root = small_root();
    let rows = "问题,相似问,答案\n提现要手续费吗,提现另外收费吗,看确认页。\n转人工,,稍等。\n";
    fs::write(root.path().join("faq.csv"), rows).unwrap();
    let done = kefu(&["import", "faq.csv", "--category", "payment"], root.path());
    assert_eq!(done.status.code(), Some(0), "{}", stdout(&done));
    for expected in ["略过：第 2 行：“提现要手续费吗”已经属于 ", "略过：第 3 行：“转人工”已经属于 "]
    {
        assert!(stdout(&done).contains(expected), "{}", stdout(&done));
    }
    assert!(stdout(&done).contains("新增 1，修改 0"), "{}", stdout(&done));
    let again = kefu(&["import", "faq.csv", "--category", "payment"], root.path());
    assert!(stdout(&again).contains("已有 1 条，没有改动"), "{}", stdout(&again));
}
