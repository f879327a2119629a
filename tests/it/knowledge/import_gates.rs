//! Imports that `kefu import` refuses as a whole, although each row is valid.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use kefu::authoring::{Column, Sheet, SheetFormat, export};
use kefu::files::Root;
use serde_json::Value;

use crate::harness::{kefu, small_root, stdout};

/// The small root with ten entries, and a sheet of its rows.
fn ten_entries() -> (tempfile::TempDir, String) {
    let root = small_root();
    let mut text = String::from(
        "version: 1\ndefaults: {category: payment, class: general, checked: 2026-01-01, review_due: 2099-01-01}\nentries:\n",
    );
    for at in 0..6 {
        writeln!(text, "  - id: wealth.e{at}\n    question: 第{at}号基金怎么买\n    answer: 在第{at}页买。\n    compliance: {{source: 规则}}").unwrap();
    }
    fs::write(root.path().join("knowledge/wealth.yaml"), text).unwrap();
    let exported = kefu(&["export", "-"], root.path());
    let csv = stdout(&exported).to_owned();
    (root, csv)
}

/// The files of a root by their paths.
fn texts(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = Root::find(Some(root), root).unwrap().read().unwrap();
    files.into_iter().map(|file| (file.path, file.bytes)).collect()
}

#[test]
fn an_import_that_takes_away_much_is_refused_unless_it_is_meant() {
    let (root, csv) = ten_entries();
    let before = texts(root.path());
    // Missing rows and changed cells, as accidents make them.
    let changed = |change: &dyn Fn(&mut Sheet)| {
        let mut sheet = Sheet::read(csv.as_bytes(), SheetFormat::Csv).unwrap();
        change(&mut sheet);
        String::from_utf8(sheet.write(SheetFormat::Csv).unwrap()).unwrap()
    };
    let rows = |kept: usize| changed(&|sheet| sheet.rows.truncate(kept));
    let cells = |column: Column, text: &str, count: usize| {
        changed(&|sheet| {
            let at = sheet.columns.iter().position(|known| *known == column).unwrap();
            let first = sheet.rows.iter_mut().take(count);
            first.for_each(|row| text.clone_into(&mut row.cells[at]));
        })
    };
    let missing = ["--retire-missing"].as_slice();
    let cases = [
        // (what it shows, sheet, flags, exit code)
        ("three are missing", rows(7), missing, 1),
        ("two are missing", rows(8), missing, 0),
        ("a higher limit", rows(7), &["--retire-missing", "--max-loss", "30"], 0),
        ("a lower limit", rows(8), &["--retire-missing", "--max-loss", "19"], 1),
        ("it is meant", rows(1), &["--retire-missing", "--allow-loss"], 0),
        ("they may stay", rows(1), &[], 0),
        ("three drafts", cells(Column::Status, "draft", 3), &[], 1),
        ("two drafts", cells(Column::Status, "draft", 2), &[], 0),
        ("three that are over", cells(Column::ValidUntil, "2026-11-21", 3), &[], 1),
        ("three that end today", cells(Column::ValidUntil, "2026-11-22", 3), &[], 0),
        ("three that begin later", cells(Column::ValidFrom, "2026-11-23", 3), &[], 1),
    ];
    for (shows, sheet, flags, code) in cases {
        fs::write(root.path().join("in.csv"), sheet).unwrap();
        let import = ["import", "in.csv", "--today", "2026-11-22"];
        let done = kefu(&[import.as_slice(), flags, &["--dry-run"]].concat(), root.path());
        assert_eq!(done.status.code(), Some(code), "{shows}: {}", stdout(&done));
        assert_eq!(texts(root.path()), before, "{shows}: a trial writes nothing");
        if code == 1 {
            let done = kefu(&[import.as_slice(), flags].concat(), root.path());
            assert_eq!(done.status.code(), Some(1), "{shows}");
            assert_eq!(texts(root.path()), before, "{shows}: nothing is written");
            assert!(stdout(&done).contains("--allow-loss"), "{}", stdout(&done));
        }
    }
    fs::write(root.path().join("in.csv"), rows(1)).unwrap();
    let done = kefu(&["import", "in.csv", "--retire-missing", "--json"], root.path());
    assert_eq!(done.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&json["refused"], &json["written"]), (&true.into(), &false.into()));
    assert_eq!(json["loss"]["served"], 10);
    assert_eq!(json["loss"]["lost"].as_array().unwrap().len(), 9);
    let done = kefu(&["import", "in.csv", "--retire-missing", "--allow-loss"], root.path());
    assert_eq!(done.status.code(), Some(0));
    let told = "正在提供的 10 个条目里有 9 个（90.0%）不再提供";
    assert!(stdout(&done).contains(told), "{}", stdout(&done));
    assert_ne!(texts(root.path()), before);
}

#[test]
fn merged_cells_publish_no_draft() {
    let (root, csv) = ten_entries();
    let drafts = csv.replace(",live,", ",draft,");
    fs::write(root.path().join("in.csv"), drafts).unwrap();
    assert!(kefu(&["import", "in.csv", "--allow-loss"], root.path()).status.success());
    let before = texts(root.path());

    let files = Root::find(Some(root.path()), root.path()).unwrap().read().unwrap();
    let sheet = export(&files);
    let mut book = rust_xlsxwriter::Workbook::new();
    let written = book.add_worksheet();
    for (at, column) in (0..).zip(&sheet.columns) {
        written.write_string(0, at, column.heading()).unwrap();
    }
    for (number, row) in (1..).zip(&sheet.rows) {
        for (at, cell) in (0..).zip(&row.cells) {
            written.write_string(number, at, cell).unwrap();
        }
    }
    let at = sheet.columns.iter().position(|column| *column == Column::Status).unwrap();
    let at = u16::try_from(at).unwrap();
    let plain = rust_xlsxwriter::Format::new();
    written.merge_range(1, at, 4, at, "draft", &plain).unwrap();
    fs::write(root.path().join("in.xlsx"), book.save_to_buffer().unwrap()).unwrap();

    let done = kefu(&["import", "in.xlsx"], root.path());
    assert_eq!(done.status.code(), Some(1), "{}", stdout(&done));
    let told = "第 3 行“状态”：Q2:Q5 是合并单元格";
    assert!(stdout(&done).contains(told), "{}", stdout(&done));
    assert!(stdout(&done).contains("取消合并并填满每一格"), "{}", stdout(&done));
    assert_eq!(texts(root.path()), before, "nothing is written");
}

#[test]
fn an_import_under_a_floor_is_refused() {
    let root = small_root();
    let tests = "version: 1\nfloors: {helped: 1000}\ncases: [{entry: account.close.how, say: [注销账户的流程]}]\n";
    fs::write(root.path().join("knowledge/tests.yaml"), tests).unwrap();
    let before = texts(root.path());
    let exported = kefu(&["export", "-"], root.path());
    let csv = stdout(&exported);
    let import = |sheet: String, flags: &[&str]| {
        fs::write(root.path().join("in.csv"), sheet).unwrap();
        kefu(&[&["import", "in.csv", "--json"], flags].concat(), root.path())
    };
    let retired = csv.replace(",offer,,,live,", ",offer,,,retired,");
    assert_ne!(csv, retired);
    let done = import(retired, &["--allow-loss"]);
    assert_eq!(done.status.code(), Some(1), "its only test cannot be asked any more");
    let json: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(json["under_floors"][0]["shortfall"], "too_few_asked");
    assert_eq!(texts(root.path()), before);

    let worse = csv.replace("注销", "发票").replace("销户", "发票").replace("账号", "发票");
    let worse = worse.replace("提现要手续费吗", "注销账户流程");
    let done = import(worse, &[]);
    assert_eq!(done.status.code(), Some(1), "another entry has its words");
    let json: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(json["under_floors"][0]["shortfall"], "too_low", "{json:#}");
    assert_eq!(texts(root.path()), before);

    let done = import(csv.replace("在设置里", "在“设置”里"), &[]);
    assert_eq!(done.status.code(), Some(0), "{}", stdout(&done));
}

#[test]
fn a_sheet_of_three_rows_retires_no_shipped_knowledge() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    assert!(kefu(&["init", root.to_str().unwrap()], folder.path()).status.success());
    let before = texts(&root);
    let exported = kefu(&["export", "-"], &root);
    let mut sheet = Sheet::read(&exported.stdout, SheetFormat::Csv).unwrap();
    sheet.rows.truncate(3);
    fs::write(root.join("three.csv"), sheet.write(SheetFormat::Csv).unwrap()).unwrap();
    let import = ["import", "three.csv", "--retire-missing", "--today", "2026-11-22"];
    let done = kefu(&import, &root);
    assert_eq!(done.status.code(), Some(1), "{}", stdout(&done));
    for told in ["--allow-loss", "底线没有达到：首位正确", "已下线（retired）", "什么也没有写"]
    {
        assert!(stdout(&done).contains(told), "{told} in {}", stdout(&done));
    }
    assert_eq!(texts(&root), before);
}
