//! Files as other programs write them.

use jiff::civil::date;

use super::super::sheet::SheetFormat;
use super::{ForeignDefaults, ForeignSheet, question::in_subset, rasa_sheet, table_sheet};
use crate::knowledge::SourceFile;

fn defaults() -> ForeignDefaults {
    ForeignDefaults {
        category: Some("payment".to_owned()),
        class: "general".to_owned(),
        source: "待核实".to_owned(),
        today: date(2026, 11, 22),
    }
}

fn of_csv(text: &str) -> Option<ForeignSheet> {
    table_sheet(text.as_bytes(), SheetFormat::Csv, &defaults()).unwrap()
}

/// Question, other wordings and answer of each row, as `问|另一问|答`.
fn told(sheet: &ForeignSheet) -> Vec<String> {
    let rows = sheet.sheet.rows.iter();
    rows.map(|row| {
        format!("{}|{}|{}", row.cells[2], row.cells[3].replace('\n', "、"), row.cells[4])
    })
    .collect()
}

#[test]
fn tables_of_other_programs_are_known_by_their_headings() {
    let maxkb = "分段标题（选填）,\"分段内容（必填，问题答案，最长不超过4096个字符）\",\
                 \"问题（选填，单元格内一行一个）\"\n提现时间,一般一天,\"提现多久到账\n几天能到\"\n\
                 提现手续费,看确认页,\n";
    let cases = [
        // (what it shows, table, template, rows)
        ("FastGPT", "q,a,indexes\n提现多久,一天,\n", "FastGPT", vec!["提现多久||一天"]),
        (
            "FastGPT with indexes in columns of their own",
            "q,a,indexes\n提现多久,一天,几天到,何时到\n收费吗,免费\n",
            "FastGPT",
            vec!["提现多久|几天到、何时到|一天", "收费吗||免费"],
        ),
        (
            "FastGPT of before",
            "instruction,output\n提现多久,一天\n",
            "FastGPT",
            vec!["提现多久||一天"],
        ),
        ("MaxKB", maxkb, "MaxKB", vec!["提现多久到账|几天能到|一般一天", "提现手续费||看确认页"]),
        (
            "QnA Maker, a row for each wording",
            "Question\tAnswer\tSource\tMetadata\tQnaId\n提现多久\t一天\tEditorial\t\t1\n几天到\t一天\tEditorial\t\t1\n",
            "QnA Maker",
            vec!["提现多久|几天到|一天"],
        ),
        ("a plain list", "问题,答案\n提现多久,一天\n", "问答表", vec!["提现多久||一天"]),
        (
            "our titles without ids",
            "标准问,相似问,答案\n提现多久,\"几天到\n何时到\",一天\n",
            "问答表",
            vec!["提现多久|几天到、何时到|一天"],
        ),
        (
            "notes in the headings, another order, rows without an answer",
            "回答（必填）,序号,问题（必填）\n一天,1,提现多久\n,2,还有吗\n",
            "问答表",
            vec!["提现多久||一天"],
        ),
        (
            "the same wording twice",
            "q,a,indexes\n提现多久,一天,提现 多久？\n",
            "FastGPT",
            vec!["提现多久||一天"],
        ),
    ];
    for (shows, table, template, rows) in cases {
        let sheet = of_csv(table).unwrap_or_else(|| panic!("{shows}"));
        assert_eq!(sheet.template, template, "{shows}");
        assert_eq!(told(&sheet), rows, "{shows}");
    }
}

#[test]
fn what_is_no_template_is_left_to_the_reader_of_our_sheets() {
    let tables = [
        "编号,标准问,答案\na.b,问,答\n",
        "id,question,answer\na.b,q,a\n",
        "甲,乙\n1,2\n",
        "q\n提现\n",
        "",
    ];
    for table in tables {
        assert!(of_csv(table).is_none(), "{table}");
    }
}

#[test]
fn what_has_no_place_is_told_and_entries_are_drafts() {
    let sheet = of_csv("Question,Answer,Source,Metadata\n提现多久,一天,Editorial,x:y\n").unwrap();
    assert_eq!(sheet.mapped, ["Question → 标准问", "Answer → 答案"]);
    assert_eq!(sheet.unused, ["Source", "Metadata"]);
    let cells = &sheet.sheet.rows[0].cells;
    assert!(cells[0].starts_with("payment.imported.q") && cells[0].len() == 26, "{}", cells[0]);
    assert_eq!(cells[5], "draft");
    assert_eq!(cells[8..], ["2026-11-22", "2027-05-22"]);
    let again = of_csv("Answer,Question\n一天,提现多久？\n").unwrap();
    assert_eq!(again.sheet.rows[0].cells[0], cells[0], "the same question, the same id");
}

#[test]
fn a_table_without_a_category_or_without_rows_is_told() {
    let without = ForeignDefaults { category: None, ..defaults() };
    let table = "q,a\n提现多久,一天\n".as_bytes();
    let told = table_sheet(table, SheetFormat::Csv, &without).unwrap_err();
    assert!(told[0].mend.contains("--category"), "{}", told[0]);
    let told =
        table_sheet("q,a\n提现多久,\n".as_bytes(), SheetFormat::Csv, &defaults()).unwrap_err();
    assert!(told[0].message.contains("没有一行"), "{}", told[0]);
}

#[test]
fn files_of_rasa_give_their_intents_with_the_answers_that_follow() {
    let nlu = "version: \"3.1\"\nnlu:\n- intent: faq/withdraw\n  examples: |\n    - 提现多久到账\n    \
               - [明天](day)能到吗\n- intent: greet\n  examples: |\n    - 你好\n- intent: fee\n  \
               examples:\n  - 收费吗\n  - text: 多少钱\n- intent: deny\n  examples: |\n    - 不要\n";
    let domain = "version: \"3.1\"\nintents:\n- greet\nresponses:\n  utter_faq/withdraw:\n  \
                  - text: 一般一天。\n  utter_costs:\n  - text: 看确认页。\n  - text: 另一句\n  \
                  utter_greet:\n  - image: https://example.com/a.png\n";
    let rules = "version: \"3.1\"\nrules:\n- rule: fees\n  steps:\n  - intent: fee\n  \
                 - action: utter_costs\n";
    let file =
        |(path, text): (&str, &str)| SourceFile { path: path.to_owned(), bytes: text.into() };
    let files = [("nlu.yml", nlu), ("domain.yml", domain), ("rules.yml", rules)].map(file);
    let sheet = rasa_sheet(&files, &defaults()).unwrap();
    assert_eq!(told(&sheet), ["提现多久到账|明天能到吗|一般一天。", "收费吗|多少钱|看确认页。"]);
    let unused = ["意图 deny（没有文字的回答）", "意图 greet（没有文字的回答）"];
    assert_eq!(sheet.unused, unused);
    assert!(rasa_sheet(&[file(("x.yml", "a: [\n"))], &defaults()).is_err());
}

#[test]
fn common_markdown_of_others_becomes_ours() {
    let cases = [
        // (what it shows, written, read)
        ("a heading", "## 到账时间\n一天", "**到账时间**\n一天"),
        ("a bold heading", "# **到账**", "**到账**"),
        ("stars and dots", "* 甲\n• 乙\n+ 丙", "- 甲\n- 乙\n- 丙"),
        ("bold at the start is no list", "**甲**：乙", "**甲**：乙"),
        ("a number sign in a text", "#1 号", "#1 号"),
        ("line ends of Windows", "甲\r\n乙\r\n", "甲\n乙"),
    ];
    for (shows, written, read) in cases {
        assert_eq!(in_subset(written), read, "{shows}");
    }
}
