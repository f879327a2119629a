//! Entries go to sheets and come back without a loss, and files change only where they must.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use jiff::civil::{Date, date};
use kefu::authoring::{
    Column, ImportRefusal, Imported, Missing, Sheet, SheetFormat, SheetRow, export, import,
};
use kefu::files::Root;
use kefu::knowledge::{KnowledgeBase, SourceFile, load};
use proptest::prelude::*;
use serde_json::Value;

use crate::harness::{kefu, small_root, stdout};

const TODAY: Date = date(2026, 11, 22);
const FORMATS: [SheetFormat; 2] = [SheetFormat::Csv, SheetFormat::Xlsx];

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), bytes: text.into() }
}

/// Entry files beside the settings of the small root.
fn root_with(entries: &[(&str, &str)]) -> Vec<SourceFile> {
    let small = small_root();
    let mut files = Root::find(Some(small.path()), Path::new("/")).unwrap().read().unwrap();
    files.retain(|file| file.path != "knowledge/payment.yaml");
    for file in &mut files {
        if file.path == "intents/policy.yaml" {
            let text = String::from_utf8(std::mem::take(&mut file.bytes)).unwrap();
            let hot = "[payment.withdraw.arrival, account.password.reset]";
            file.bytes = text.replace(hot, "[]").into_bytes();
        }
    }
    let facts = "version: 1\nfacts: {product: [wallet, loan], audience: [vip]}\n";
    files.push(file("knowledge/facts.yaml", facts));
    files.extend(entries.iter().map(|(path, text)| file(path, text)));
    files
}

fn base(files: &[SourceFile]) -> KnowledgeBase {
    let loaded = load(files, TODAY);
    loaded.base.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
}

/// The contents of all entries of a root.
fn said(files: &[SourceFile]) -> BTreeMap<String, String> {
    let entries = base(files).entries;
    entries.iter().map(|entry| (entry.id.to_string(), format!("{entry:?}"))).collect()
}

fn through(sheet: &Sheet, format: SheetFormat) -> Sheet {
    Sheet::read(&sheet.write(format).unwrap(), format).unwrap()
}

fn imported(files: &[SourceFile], sheet: &Sheet) -> Result<Imported, ImportRefusal> {
    import(files, sheet, Missing::Stay, TODAY, &mut |_, _| ())
}

fn with_changes(files: &[SourceFile], imported: &Imported) -> Vec<SourceFile> {
    let is_kept = |file: &&SourceFile| imported.files.iter().all(|new| new.path != file.path);
    files.iter().filter(is_kept).chain(&imported.files).cloned().collect()
}

fn set(sheet: &mut Sheet, id: &str, column: Column, text: &str) {
    let at = |column| sheet.columns.iter().position(|known| *known == column).unwrap();
    let (id_at, at) = (at(Column::Id), at(column));
    let row = sheet.rows.iter_mut().find(|row| row.cells[id_at] == id).unwrap();
    text.clone_into(&mut row.cells[at]);
}

/// Entry files written in unusual ways, all valid.
const ODD: &[(&str, &str)] = &[
    (
        "knowledge/odd.yaml",
        "# 开头\r\nversion: 1\r\nentries:\r\n- question:   '问  题 #1'   # 问\r\n  id: a.one\r\n  similar: [ \"二: 三\", 四五 ,\r\n    '六''七' ]  # 多行\r\n  answer: >-\r\n    甲\r\n    乙\r\n\r\n    丙\r\n  valid: {until: \"2099-01-01\"}\r\n  compliance: {review_due: 2099-01-01, source: '甲 ',\r\n     class: general, checked: 2026-01-01}\r\n  category: p2p\r\n",
    ),
    (
        "knowledge/p2p/odd.yaml",
        "\u{feff}version: 1\ndefaults:\n  category: p2p\n  class: general\n  checked: 2026-01-01\n  review_due: 2099-01-01\nentries:\n  - {id: b.one, question: ＡＢ？, answer: \"一\\n二 \\n\", match: regex, patterns: [\"^ab$\", '[甲乙]{2},'], when: {product: [loan]}, tags: [\" 甲\", \"'=1\", \"12\"], compliance: {source: x<b>}}\n\n  # 之后\n  - id: b.two\n    question: |\n      问二\n    not:\n    - 非二\n    answer: |+\n      - **甲**：{{hotline}} 👍🏽\n      - 乙, \"丙\" _x000D_ &amp;\n\n    handoff: offer\n    status: draft\n    follow_ups:\n    - b.one\n    compliance:\n      # 依据\n      source: =1+1",
    ),
];

#[test]
fn what_is_not_changed_stays_byte_for_byte() {
    for files in [Root::embedded().read().unwrap(), root_with(ODD)] {
        let sheet = export(&files);
        assert_eq!(sheet.rows.len(), base(&files).entries.len());
        for format in FORMATS {
            let done = imported(&files, &through(&sheet, format)).unwrap();
            assert_eq!(done.files, []);
            assert_eq!((done.added, done.changed, done.missing), (0, 0, 0));
            assert_eq!(done.unchanged, sheet.rows.len());
        }
    }
}

#[test]
fn new_files_made_of_a_sheet_say_the_same() {
    for files in [Root::embedded().read().unwrap(), root_with(ODD)] {
        let sheet = export(&files);
        let mut bare = files.clone();
        bare.retain(|file| !sheet.rows.iter().any(|row| row.cells[0] == file.path));
        for format in FORMATS {
            let done = imported(&bare, &through(&sheet, format)).unwrap();
            assert_eq!(done.added, sheet.rows.len());
            let new = with_changes(&bare, &done);
            assert_eq!(said(&new), said(&files));
            assert_eq!(export(&new), sheet, "and make the same sheet again");
        }
    }
}

/// Removed and added lines.
fn changed_lines(old: &SourceFile, new: &SourceFile) -> (Vec<String>, Vec<String>) {
    let lines = |file: &SourceFile| -> Vec<String> {
        let text = String::from_utf8(file.bytes.clone()).unwrap();
        text.split_inclusive('\n').map(str::to_owned).collect()
    };
    let (old, new) = (lines(old), lines(new));
    let first = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let ends = old[first..].iter().rev().zip(new[first..].iter().rev());
    let last = ends.take_while(|(a, b)| a == b).count();
    (old[first..old.len() - last].to_vec(), new[first..new.len() - last].to_vec())
}

/// What it shows, id, column, cell, removed lines, added lines.
type CellCase = (&'static str, &'static str, Column, &'static str, &'static str, &'static str);

const CELLS: &[CellCase] = &[
    (
        "a question",
        "a.one",
        Column::Question,
        "新问",
        "- question:   '问  题 #1'   # 问\r\n",
        "- question: 新问   # 问\r\n",
    ),
    (
        "an answer",
        "b.two",
        Column::Answer,
        "- **甲**：{{hotline}} 👍🏽\n- 丁",
        "      - 乙, \"丙\" _x000D_ &amp;\n",
        "      - 丁\n",
    ),
    (
        "a date of Excel",
        "a.one",
        Column::ValidUntil,
        "2099/2/1",
        "  valid: {until: \"2099-01-01\"}\r\n",
        "  valid: {until: 2099-02-01}\r\n",
    ),
    (
        "a date more",
        "a.one",
        Column::ValidFrom,
        "2026-01-01",
        "  valid: {until: \"2099-01-01\"}\r\n",
        "  valid: {until: \"2099-01-01\", from: 2026-01-01}\r\n",
    ),
    (
        "no date any more",
        "a.one",
        Column::ValidUntil,
        "",
        "  valid: {until: \"2099-01-01\"}\r\n",
        "",
    ),
    (
        "a default that is overruled",
        "b.two",
        Column::Checked,
        "2026-02-01",
        "      source: =1+1",
        "      source: =1+1\n      checked: 2026-02-01\n",
    ),
    ("the default again", "b.two", Column::Category, "p2p", "", ""),
    ("a word by default", "b.two", Column::Handoff, "", "    handoff: offer\n", ""),
    ("a line more", "b.two", Column::Not, "非二\n非三", "", "    - 非三\n"),
    ("a way of matching", "b.two", Column::Match, "exact", "", "    match: exact\n"),
    (
        "kinds of customers",
        "b.two",
        Column::When,
        "product = wallet，loan\naudience=vip",
        "",
        "    when: {product: [wallet, loan], audience: [vip]}\n",
    ),
    ("a list that comes", "b.two", Column::Tags, "甲\n乙", "", "    tags: [甲, 乙]\n"),
    (
        "a line feed of Excel at the end",
        "b.two",
        Column::Answer,
        "- **甲**：{{hotline}} 👍🏽\n- 乙, \"丙\" _x000D_ &amp;\n",
        "",
        "",
    ),
];

#[test]
fn one_cell_changes_its_lines_alone() {
    let files = root_with(ODD);
    for &(shows, id, column, cell, gone, came) in CELLS {
        for format in FORMATS {
            let mut sheet = export(&files);
            set(&mut sheet, id, column, cell);
            let done = imported(&files, &through(&sheet, format)).unwrap();
            let (path, text) = ODD[usize::from(id.starts_with('b'))];
            if gone.is_empty() && came.is_empty() {
                assert_eq!(done.files, [], "{shows}");
                continue;
            }
            assert_eq!(done.files.len(), 1, "{shows}");
            assert_eq!((done.changed, done.files[0].path.as_str()), (1, path), "{shows}");
            let (old, new) = changed_lines(&file(path, text), &done.files[0]);
            assert_eq!((old.concat().as_str(), new.concat().as_str()), (gone, came), "{shows}");
        }
    }
}

#[test]
fn every_mistake_is_told_by_its_row() {
    let files = root_with(ODD);
    let mut sheet = export(&files);
    set(&mut sheet, "a.one", Column::Question, "长".repeat(61).as_str());
    set(&mut sheet, "a.one", Column::Source, "");
    set(&mut sheet, "a.one", Column::Match, "contains");
    set(&mut sheet, "a.one", Column::When, "product=walet");
    set(&mut sheet, "b.one", Column::Status, "online");
    set(&mut sheet, "b.one", Column::Source, "");
    set(&mut sheet, "b.two", Column::FollowUps, "b.three");
    set(&mut sheet, "b.two", Column::Similar, "ＡＢ");
    set(&mut sheet, "b.two", Column::ReviewDue, "明年");
    let told = |refusal: ImportRefusal| -> Vec<String> {
        assert_eq!(refusal.diagnostics, []);
        assert!(!format!("{refusal:?}").contains("缺少“compliance”"));
        let told = refusal.mistakes.iter();
        told.map(|one| format!("{} {}", one.code.clone().unwrap_or_default(), one.place()))
            .collect()
    };
    assert_eq!(
        told(imported(&files, &sheet).unwrap_err()),
        [
            "KB010 第 2 行",
            "KB015 第 2 行“标准问”",
            "KB051 第 2 行“匹配方式”",
            "KB056 第 2 行“适用客户”",
            "KB010 第 3 行",
            "KB014 第 3 行“状态”",
            "KB012 第 4 行“相似问”",
            "KB018 第 4 行“推荐问题”",
            "KB023 第 4 行“复核日期”",
        ]
        .map(str::to_owned)
    );

    let mut sheet = export(&files);
    set(&mut sheet, "a.one", Column::File, "knowledge/other.yaml");
    let row = |number, pairs: &[(Column, &str)]| {
        let cell = |column| pairs.iter().find(|(known, _)| known == column).map_or("", |(_, c)| *c);
        let cells = Column::ALL.iter().map(cell).map(str::to_owned).collect();
        SheetRow::new(number, cells)
    };
    sheet.rows.push(row(5, &[(Column::Id, "b.two")]));
    sheet.rows.push(row(6, &[(Column::Question, "没有编号")]));
    sheet.rows.push(row(7, &[(Column::Id, "c.one")]));
    for (number, path) in (8..).zip(["../x.yaml", "knowledge/../../x.yaml", "intents/x.yaml"]) {
        let id = format!("c.x{number}");
        sheet.rows.push(row(number, &[(Column::Id, &id), (Column::File, path)]));
    }
    let expected = [
        " 第 2 行“文件”",
        " 第 5 行“编号”",
        " 第 6 行“编号”",
        " 第 7 行“分类”",
        " 第 8 行“文件”",
        " 第 9 行“文件”",
        " 第 10 行“文件”",
    ];
    assert_eq!(told(imported(&files, &sheet).unwrap_err()), expected.map(str::to_owned));
}

#[test]
fn new_rows_go_where_they_say_and_missing_ones_stay_or_retire() {
    let files = root_with(ODD);
    let sheet = Sheet::read(
        "id,文件,分类,标准问,答案,合规类别,依据,核对日期,复核日期\n\
         b.new,knowledge/p2p/odd.yaml,p2p,新问,答,general,规则,2026-01-01,2026-11-01\n\
         c.new,,payment,再问,答,general,规则,2026-01-01,2099-01-01\n"
            .as_bytes(),
        SheetFormat::Csv,
    )
    .unwrap();
    let done = imported(&files, &sheet).unwrap();
    assert_eq!((done.added, done.missing, done.retired), (2, 3, 0));
    let [odd, new] = &done.files[..] else { panic!("{done:?}") };
    let (old, came) = changed_lines(&file(ODD[1].0, ODD[1].1), odd);
    assert_eq!(old.concat(), "      source: =1+1");
    assert_eq!(
        came.concat(),
        "      source: =1+1\n\n  - id: b.new\n    question: 新问\n    answer: 答\n    compliance:\n      source: 规则\n      review_due: 2026-11-01\n"
    );
    assert_eq!(new.path, "knowledge/payment/imported.yaml");
    assert!(new.bytes.starts_with("# 由 kefu import 写入。\nversion: 1\nentries:\n".as_bytes()));

    let done = import(&files, &sheet, Missing::Retire, TODAY, &mut |_, _| ()).unwrap();
    assert_eq!((done.added, done.missing, done.retired), (2, 3, 3));
    let served = base(&with_changes(&files, &done)).entries;
    let served = served.iter().filter(|entry| entry.is_served_on(TODAY)).count();
    assert_eq!(served, 2);
}

/// Ten thousand entries with eight questions each, in files of a hundred.
fn large() -> Vec<SourceFile> {
    let mut files = root_with(&[]);
    for at in 0..100 {
        let mut text = String::from(
            "version: 1\ndefaults: {category: payment, class: general, checked: 2026-01-01, review_due: 2099-01-01}\nentries:\n",
        );
        for id in at * 100..at * 100 + 100 {
            write!(text, "  - id: payment.e{id}\n    question: 第{id}号怎么办理\n    similar:\n")
                .unwrap();
            for similar in ["办不了", "要多久", "收费吗", "在哪里", "找谁", "要什么", "可以吗"]
            {
                writeln!(text, "      - 第{id}号{similar}").unwrap();
            }
            write!(text, "    answer: |\n      第一步：{id}。\n      - **二**\n    compliance:\n      source: 规则{id}\n\n").unwrap();
        }
        files.push(file(&format!("knowledge/payment/{at:03}.yaml"), &text));
    }
    files
}

#[test]
fn ten_thousand_entries_go_there_and_back() {
    let files = large();
    let sheet = export(&files);
    assert_eq!(sheet.rows.len(), 10_000);
    for format in FORMATS {
        let mut sheet = through(&sheet, format);
        assert_eq!(imported(&files, &sheet).unwrap().files, []);
        set(&mut sheet, "payment.e1234", Column::Answer, "第一步：1234。\n- **三**");
        let done = imported(&files, &sheet).unwrap();
        let [new] = &done.files[..] else { panic!("{} files", done.files.len()) };
        let old = files.iter().find(|file| file.path == new.path).unwrap();
        let (old, new) = changed_lines(old, new);
        assert_eq!(
            (old.concat(), new.concat()),
            ("      - **二**\n".into(), "      - **三**\n".into())
        );
    }
}

/// A text with the special characters of YAML, sheets and formulas.
fn any_part() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "提现",
        "ＡＢ",
        "12",
        "no",
        "~",
        ": ",
        " #",
        "- ",
        "'",
        "\"",
        ",",
        ";",
        "=1",
        "+",
        "@",
        "?",
        "'=",
        "&",
        "*",
        "!",
        "%",
        "|",
        ">",
        "{",
        "}",
        "：",
        "，",
        "👍🏽",
        "\\",
        "\\n",
        "/",
        "_x000D_",
        "<b>",
        "&amp;",
        "…",
        "2026-11-22",
        " ",
        "　",
        "😀",
        "null",
        "0x1F",
    ])
}

fn any_line() -> impl Strategy<Value = String> {
    prop::collection::vec(any_part(), 1..6).prop_map(|parts| parts.concat())
}

/// Lines that stay different after normalization, whatever they contain.
fn any_lines(mark: &'static str) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(any_line(), 0..5).prop_map(move |lines| {
        let lines = lines.into_iter().enumerate();
        lines.map(|(at, line)| format!("{line}{mark}{at}")).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn every_field_comes_back(
        question in any_line(),
        similar in any_lines("似"),
        not in any_lines("非"),
        answer in prop::collection::vec(any_line(), 1..5),
        steps in prop::collection::vec("[甲乙12 .、:#'-]{0,6}步", 2..4),
        tags in prop::collection::vec("[甲 ='\"#,:\\-]{0,5}[甲乙]", 0..4),
        source in any_line(),
        handoff in prop::sample::select(vec!["none", "offer", "force"]),
        until in prop::sample::select(vec!["", "2026-12-31"]),
        other in any_line(),
    ) {
        let mut sheet = Sheet { columns: Column::ALL.to_vec(), rows: Vec::new() };
        for (number, id) in (2..).zip(["a.one", "a.two"]) {
            let similar: Vec<String> =
                similar.iter().map(|one| format!("{one}第{number}")).collect();
            let follow_up = if number == 3 { "a.one" } else { "" };
            let texts = [
                (Column::Id, id.to_owned()),
                (Column::Category, "payment".to_owned()),
                (Column::Question, format!("{question}问{number}")),
                (Column::Similar, similar.join("\n")),
                (Column::Not, not.join("\n")),
                // The checks know which brackets are variables and which are links.
                (Column::Answer, answer.join("\n").replace(['{', '}', '<', '*'], "。") + "答"),
                (Column::Steps, steps.join("\n").replace(['{', '}', '<', '*'], "。")),
                (Column::FollowUps, follow_up.to_owned()),
                (Column::Handoff, handoff.to_owned()),
                (Column::ValidUntil, until.to_owned()),
                (Column::Status, "live".to_owned()),
                (Column::Tags, tags.join("\n")),
                (Column::Class, "general".to_owned()),
                (Column::Source, source.replace(['{', '}'], "。") + "依据"),
                (Column::Checked, "2026-01-01".to_owned()),
                (Column::ReviewDue, "2099-01-01".to_owned()),
            ];
            let cell = |column: &Column| {
                let text = texts.iter().find(|(known, _)| known == column);
                text.map_or_else(String::new, |(_, text)| text.clone())
            };
            let cells: Vec<String> = Column::ALL.iter().map(cell).collect();
            sheet.rows.push(SheetRow::new(number, cells));
        }
        let files = root_with(&[]);
        let done = match imported(&files, &sheet) {
            Ok(done) => done,
            // Some of it fails the checks; then they must say where.
            Err(refusal) => {
                prop_assert!(refusal.diagnostics.is_empty(), "{refusal:?}");
                prop_assert!(refusal.mistakes.iter().all(|one| one.code.is_some()), "{refusal:?}");
                return Ok(());
            }
        };
        let first = with_changes(&files, &done);
        let exported = export(&first);
        for format in FORMATS {
            let back = through(&exported, format);
            prop_assert_eq!(&back, &exported);
            prop_assert_eq!(imported(&first, &back).unwrap().files, vec![]);
            let again = with_changes(&files, &imported(&files, &back).unwrap());
            prop_assert_eq!(said(&again), said(&first));
            let mut changed = back;
            // The checks know which brackets are variables.
            let other = format!("{other}改").replace(['{', '}'], "。");
            set(&mut changed, "a.two", Column::Source, &other);
            let done = imported(&first, &changed).unwrap();
            let found = export(&with_changes(&first, &done));
            prop_assert_eq!(found, changed);
        }
    }
}

#[test]
fn the_commands_write_all_or_nothing() {
    let root = small_root();
    let entries = root.path().join("knowledge/payment.yaml");
    let before = fs::read_to_string(&entries).unwrap();
    for name in ["out.csv", "out.xlsx"] {
        let done = kefu(&["export", name], root.path());
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let done = kefu(&["import", name], root.path());
        assert_eq!(done.status.code(), Some(0));
        assert!(
            stdout(&done).contains("新增 0，修改 0，未变 4\n没有文件要改"),
            "{}",
            stdout(&done)
        );
    }
    let csv = fs::read_to_string(root.path().join("out.csv")).unwrap();
    let piped = kefu(&["export", "-"], root.path());
    assert_eq!(stdout(&piped), csv);

    fs::write(root.path().join("new.csv"), csv.replace("提现费用以", "提现的费用以")).unwrap();
    let tried = kefu(&["import", "new.csv", "--dry-run", "--json"], root.path());
    let json: Value = serde_json::from_slice(&tried.stdout).unwrap();
    assert_eq!((&json["changed"], &json["written"]), (&1.into(), &false.into()));
    assert_eq!(fs::read_to_string(&entries).unwrap(), before);
    let done = kefu(&["import", "new.csv"], root.path());
    assert!(
        stdout(&done).contains("修改 1，未变 3\nknowledge/payment.yaml\n"),
        "{}",
        stdout(&done)
    );
    let after = before.replace("提现费用以", "提现的费用以");
    assert_eq!(fs::read_to_string(&entries).unwrap(), after);

    let bad = csv.replace("offer", "maybe").replace("提现要手续费吗", "提");
    fs::write(root.path().join("bad.csv"), bad).unwrap();
    let refused = kefu(&["import", "bad.csv"], root.path());
    assert_eq!(refused.status.code(), Some(1));
    for told in ["错误[KB015]：第 3 行“标准问”", "错误[KB014]：第 5 行“转人工”", "2 个错误"]
    {
        assert!(stdout(&refused).contains(told), "{told} in {}", stdout(&refused));
    }
    let json = kefu(&["import", "bad.csv", "--json"], root.path());
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["mistakes"][0]["column"], "question");
    assert_eq!(fs::read_to_string(&entries).unwrap(), after);
}

#[test]
fn wrong_use_of_the_commands_is_told() {
    let root = small_root();
    let empty = tempfile::tempdir().unwrap();
    fs::write(empty.path().join("a.csv"), "id\n").unwrap();
    assert_eq!(kefu(&["export", "a.ods"], root.path()).status.code(), Some(2));
    assert_eq!(kefu(&["import", "nowhere.csv"], root.path()).status.code(), Some(2));
    assert_eq!(kefu(&["import", "a.csv"], empty.path()).status.code(), Some(2), "no folder");
    fs::write(root.path().join("knowledge/payment.yaml"), "version: 1\nentries: [\n").unwrap();
    let refused = kefu(&["export", "a.csv"], root.path());
    assert_eq!(refused.status.code(), Some(1));
    assert!(!root.path().join("a.csv").exists());
    fs::write(root.path().join("a.csv"), "id,分类\na.b,payment\n").unwrap();
    let refused = kefu(&["import", "a.csv"], root.path());
    assert_eq!(refused.status.code(), Some(1));
    assert!(stdout(&refused).contains("knowledge/payment.yaml:2"), "{}", stdout(&refused));
}
