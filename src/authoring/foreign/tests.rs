//! Files as other programs write them.

use jiff::civil::date;
use rust_xlsxwriter::{Format, Formula, Workbook};

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

/// What was left out, a line for each.
fn skipped(sheet: &ForeignSheet) -> Vec<String> {
    sheet.skipped.iter().map(ToString::to_string).collect()
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

/// What it shows, a table, its template, and the rows that are made of it.
type TableCase<'t> = (&'t str, &'t str, &'t str, Vec<&'t str>);

fn check_tables(cases: &[TableCase<'_>]) {
    for (shows, table, template, rows) in cases {
        let sheet = of_csv(table).unwrap_or_else(|| panic!("{shows}"));
        assert_eq!(sheet.template, *template, "{shows}");
        assert_eq!(told(&sheet), *rows, "{shows}");
    }
}

#[test]
fn templates_of_other_programs_are_known_by_their_headings() {
    let maxkb = "分段标题（选填）,\"分段内容（必填，问题答案，最长不超过4096个字符）\",\
                 \"问题（选填，单元格内一行一个）\"\n提现时间,一般一天,\"提现多久到账\n几天能到\"\n\
                 提现手续费,看确认页,\n";
    check_tables(&[
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
    ]);
}

#[test]
fn plain_lists_are_known_by_their_headings() {
    check_tables(&[
        (
            "a title with semicolons above it",
            "公司常见问题；客服部;2024;版\n问题,答案\n提现多久,一天\n",
            "问答表",
            vec!["提现多久||一天"],
        ),
        (
            "a title with commas above semicolons",
            "常见问题,客服部,2024\n\n问题（必填）;\"答案\"\n提现多久;一天,\n",
            "问答表",
            vec!["提现多久||一天,"],
        ),
        (
            "a title above tabs",
            "常见问题,客服部,2024\n问题\t答案\n提现多久\t一天\n",
            "问答表",
            vec!["提现多久||一天"],
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
            "numbers that are no ids of ours",
            "编号,问题,答案\nFAQ.001,提现多久,一天\n",
            "问答表",
            vec!["提现多久||一天"],
        ),
        ("a blank in a heading", "问 题,答案\n提现多久,一天\n", "问答表", vec!["提现多久||一天"]),
        (
            "headings with numbers",
            "问题,相似问1,相似问 2,答案\n提现多久,几天到,何时到,一天\n",
            "问答表",
            vec!["提现多久|几天到、何时到|一天"],
        ),
        (
            "wordings in one line",
            "问题,相似问,答案\n提现多久,几天到；何时到|要多久##能到吗,一天\n",
            "问答表",
            vec!["提现多久|几天到、何时到、要多久、能到吗|一天"],
        ),
        (
            "the same wording twice",
            "q,a,indexes\n提现多久,一天,提现 多久？\n",
            "FastGPT",
            vec!["提现多久||一天"],
        ),
    ]);
}

#[test]
fn a_table_may_have_as_many_rows_as_a_sheet_of_ours() {
    let row = |number| format!("第{number}个问题,一天\n");
    let table = |rows| -> String {
        std::iter::once("问题,答案\n".to_owned()).chain((0..rows).map(row)).collect()
    };
    let read = |rows| table_sheet(table(rows).as_bytes(), SheetFormat::Csv, &defaults());
    assert_eq!(read(20_000).unwrap().unwrap().sheet.rows.len(), 20_000);
    let told = read(20_001).unwrap_err();
    assert_eq!((told.len(), told[0].message.as_str()), (1, "超过 20000 行"));
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
    assert!(cells[0].starts_with("payment.imported.q") && cells[0].len() == 30, "{}", cells[0]);
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
fn questions_without_answers_are_told() {
    for table in ["问题\n提现多久\n", "一览\n问题,APP答案,网页答案\n提现多久,一天,两天\n"]
    {
        let told = table_sheet(table.as_bytes(), SheetFormat::Csv, &defaults()).unwrap_err();
        let expected = "看起来是别的系统的问答表：缺“答案”这一列";
        assert_eq!((told.len(), told[0].message.as_str()), (1, expected), "{table}");
    }
}

#[test]
fn files_of_rasa_in_other_ways_of_writing_are_read() {
    let file = |text: &str| SourceFile { path: "bot.yml".to_owned(), bytes: text.into() };
    let nlu = "nlu:\n- intent: fee\n  examples: |\n    * 收费吗\n    -多少钱\n";
    let domain = "templates:\n  utter_fee:\n  - text: 会员免费。\n    condition: [{type: slot}]\n  \
                  - text: 看确认页。\n";
    let sheet = rasa_sheet(&[file(nlu), file(domain)], &defaults()).unwrap();
    assert_eq!(told(&sheet), ["收费吗|多少钱|看确认页。"]);
    let told = rasa_sheet(&[file(nlu)], &defaults()).unwrap_err();
    assert_eq!(told[0].mend, "把 domain.yml 一起写上");
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
    let unused = [
        "utter_costs 的另外 1 种说法",
        "utter_greet 的 image",
        "意图 deny（没有文字的回答）",
        "意图 greet（没有文字的回答）",
    ];
    assert_eq!(sheet.unused, unused);
    let rows = sheet.sheet.rows.iter().map(|row| (row.file.as_deref(), row.number));
    assert_eq!(rows.collect::<Vec<_>>(), [(Some("nlu.yml"), 3), (Some("nlu.yml"), 10)]);
}

#[test]
fn common_markdown_of_others_becomes_ours() {
    let cases = [
        // (what it shows, written, read)
        ("a heading", "## 到账时间\n一天", "**到账时间**\n一天"),
        ("a bold heading", "# **到账**", "**到账**"),
        ("line breaks of HTML", "甲<br/>乙<BR>丙", "甲\n乙\n丙"),
        ("stars and dots", "* 甲\n• 乙\n+ 丙", "- 甲\n- 乙\n- 丙"),
        ("bold at the start is no list", "**甲**：乙", "**甲**：乙"),
        ("a number sign in a text", "#1 号", "#1 号"),
        ("line ends of Windows", "甲\r\n乙\r\n", "甲\n乙"),
    ];
    for (shows, written, read) in cases {
        assert_eq!(in_subset(written), read, "{shows}");
    }
}

#[test]
fn exports_of_fastgpt_keep_wordings_alone() {
    let data_set = of_csv("index,content\n提现多久,一天\n收费吗,免费\n").unwrap();
    assert_eq!(data_set.template, "FastGPT");
    assert_eq!(told(&data_set), ["提现多久||一天", "收费吗||免费"]);

    let long = "长".repeat(61);
    let table = format!(
        "q,a,indexes\n1. 提现多久,\"1. 先看余额。\n2. 再点提现。\",\"提现多久\n1. 先看余额。\n2. 再点提现。\",\"- 几天到账\n2、何时到账\n2. 再点提现。\",\"说：1. 先看余额。\n2. 再点提现。\",{long}\n能用 1.5 倍吗,一天,一天能到吗,一天\n"
    );
    let sheet = of_csv(&table).unwrap();
    let rows = [
        "提现多久|几天到账、何时到账|1. 先看余额。\n2. 再点提现。",
        "能用 1.5 倍吗|一天能到吗|一天",
    ];
    assert_eq!(told(&sheet), rows, "the index that the program writes itself is no loss");
    let start = "长".repeat(20);
    let left_out = [
        "第 2 行：说法“2. 再点提现。”是答案里的一行，没有用".to_owned(),
        "第 2 行：说法“说：1. 先看余额。\n2. 再点提现。…”里有答案，没有用".to_owned(),
        "第 3 行：说法“一天…”里有答案，没有用".to_owned(),
        format!("第 2 行：说法“{start}…”有 61 字，没有用（要 2 至 60 字）"),
    ];
    assert_eq!(skipped(&sheet), left_out);
}

#[test]
fn rows_become_one_entry_only_where_the_program_says_so() {
    let qna = "Question\tAnswer\tSource\tQnaId\n";
    let cases = [
        // (what it shows, table, rows)
        ("a plain list", "问题,答案\n提现收费吗,免费\n转账收费吗,免费\n".to_owned(), 2),
        ("FastGPT", "q,a\n提现收费吗,免费\n转账收费吗,免费\n".to_owned(), 2),
        ("the same key", format!("{qna}甲一\t免费\tx\t1\n丙一\t一天\tx\t2\n乙一\t免费\tx\t1\n"), 2),
        ("another key", format!("{qna}甲一\t免费\tx\t1\n乙一\t免费\tx\t2\n"), 2),
        ("no key, adjacent", format!("{qna}甲一\t免费\tx\t\n乙一\t免费\tx\t\n"), 1),
        ("no key, apart", format!("{qna}甲一\t免费\tx\t\n丙一\t一天\tx\t\n乙一\t免费\tx\t\n"), 3),
        ("the same row twice", "问题,答案\n提现收费吗,免费\n提现收费吗？,免费\n".to_owned(), 1),
    ];
    for (shows, table, rows) in cases {
        assert_eq!(of_csv(&table).unwrap().sheet.rows.len(), rows, "{shows}");
    }
}

#[test]
fn what_is_left_out_is_told_by_its_row() {
    let table = "问题,答案,回复,备注\n提现多久,一天,两天,\n收费吗,,,\n,免费,,\n,,,x\n好,行,行,\n";
    let sheet = of_csv(table).unwrap();
    assert_eq!(told(&sheet), ["提现多久||一天"]);
    let left_out = [
        "第 2 行：另一个答案“回复”没有用",
        "第 3 行：没有答案，这一行没有用",
        "第 4 行：没有问题，这一行没有用",
        "第 5 行：没有问题，也没有答案",
        "第 6 行：说法“好”有 1 字，没有用（要 2 至 60 字）",
        "第 6 行：没有能用的问题，这一行没有用",
    ];
    assert_eq!(skipped(&sheet), left_out);
}

#[test]
fn equal_questions_with_different_answers_are_told_with_both_rows() {
    let table = "问题,答案\n提现多久,一天\n收费吗,免费\n提现多久？,两天\n".as_bytes();
    let mistakes = table_sheet(table, SheetFormat::Csv, &defaults()).unwrap_err();
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].place(), "第 4 行“标准问”");
    assert_eq!(mistakes[0].message, "问题“提现多久？”与第 2 行一样，答案不一样");
}

#[test]
fn tables_with_tabs_take_quotation_marks_as_they_are() {
    let table = "Question\tAnswer\tSource\tIsContextOnly\n点\"提现\t看 5\" 屏\\n再点<br/>确认\tx\tFalse\n\"然后呢\t一天\tx\tTrue\n";
    let sheet = of_csv(table).unwrap();
    assert_eq!(told(&sheet), ["点\"提现||看 5\" 屏\n再点\n确认"]);
    assert_eq!(skipped(&sheet), ["第 3 行：只用于追问（IsContextOnly），没有用"]);
    let commas = "问题（a,b,c）\t答案\n提现多久\t一天\n";
    let by_name = table_sheet(commas.as_bytes(), SheetFormat::Tsv, &defaults()).unwrap().unwrap();
    assert_eq!(told(&by_name), ["提现多久||一天"], "the name says that there are tabs");
    let more_tabs = of_csv("问题\t答案（a,b）\t备注\n提现多久\t一天\t\n").unwrap();
    assert_eq!(told(&more_tabs), ["提现多久||一天"]);
}

#[test]
fn lists_that_count_their_rows_are_no_sheets_of_ours() {
    let cases = [
        // (what it shows, table, whether it is of another program)
        ("numbers", "编号,标准问,答案\n1,提现多久,一天\n", true),
        ("headings of others", "编号,问题,答案\nFAQ1,提现多久,一天\n", true),
        ("a title above", "常见问题汇总,,\n\n编号,问题,答案\n1,提现多久,一天\n", true),
        ("ids of entries", "编号,问题,答案\na.b,提现多久,一天\n", false),
        ("our headings", "编号,标准问,答案\nFAQ1,提现多久,一天\n", false),
        ("headings too far down", "一\n二\n三\n四\n五\n问题,答案\n提现多久,一天\n", false),
    ];
    for (shows, table, expected) in cases {
        let sheet = of_csv(table);
        assert_eq!(sheet.is_some(), expected, "{shows}");
        if let Some(sheet) = sheet {
            assert_eq!(told(&sheet), ["提现多久||一天"], "{shows}");
        }
    }
}

/// A workbook of worksheets with these names, each filled.
/// The name of a sheet, and what fills it.
type NamedSheet<'s> = (&'s str, &'s dyn Fn(&mut rust_xlsxwriter::Worksheet));

fn workbook(sheets: &[NamedSheet<'_>]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, fill) in sheets {
        fill(book.add_worksheet().set_name(*name).unwrap());
    }
    book.save_to_buffer().unwrap()
}

fn fill(sheet: &mut rust_xlsxwriter::Worksheet, rows: &[&[&str]]) {
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
}

#[test]
fn each_worksheet_with_headings_is_read() {
    let bytes = workbook(&[
        ("提现", &|sheet| fill(sheet, &[&["问题", "答案"], &["提现多久", "一天"]])),
        ("封面", &|sheet| fill(sheet, &[&["常见问题"]])),
        ("空的", &|_| ()),
        ("收费", &|sheet| {
            fill(sheet, &[&["标题"], &["答案", "问题"], &["免费", "收费吗"], &["免费"]]);
        }),
    ]);
    let sheet = table_sheet(&bytes, SheetFormat::Xlsx, &defaults()).unwrap().unwrap();
    assert_eq!(told(&sheet), ["提现多久||一天", "收费吗||免费"]);
    assert_eq!(sheet.unused, ["工作表“封面”（没有认得的表头）"]);
    assert_eq!(skipped(&sheet), ["收费 第 4 行：没有问题，这一行没有用"]);
    let rows = sheet.sheet.rows.iter().map(|row| (row.file.as_deref(), row.number));
    assert_eq!(rows.collect::<Vec<_>>(), [(Some("提现"), 2), (Some("收费"), 3)]);
}

#[test]
fn gaps_in_columns_that_are_not_read_do_no_harm() {
    let plain = Format::new();
    let rows: &[&[&str]] =
        &[&[], &["问题", "答案", "组"], &["提现多久", "一天"], &["收费吗", "免费"]];
    let unread = workbook(&[("问答", &|sheet| {
        sheet.merge_range(0, 0, 0, 2, "常见问题", &plain).unwrap();
        fill(sheet, rows);
        sheet.merge_range(2, 2, 3, 2, "支付", &plain).unwrap();
        sheet.write_formula(3, 3, "=X!A1").unwrap();
        sheet.write_formula(2, 4, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    })]);
    let sheet = table_sheet(&unread, SheetFormat::Xlsx, &defaults()).unwrap().unwrap();
    assert_eq!(told(&sheet), ["提现多久||一天", "收费吗||免费"]);
    let read = workbook(&[("问答", &|sheet| {
        fill(sheet, &[&["问题", "答案"], &["提现多久"], &["收费吗"]]);
        sheet.merge_range(1, 1, 2, 1, "一天", &plain).unwrap();
    })]);
    let mistakes = table_sheet(&read, SheetFormat::Xlsx, &defaults()).unwrap_err();
    assert_eq!(mistakes.len(), 1);
    assert!(mistakes[0].message.contains("B2:B3 是合并单元格"), "{}", mistakes[0]);
}

#[test]
fn parts_of_rasa_without_a_place_are_told() {
    let nlu = "nlu:\n- intent: fee\n  examples: |\n    - 收费吗\n- intent: cost\n  examples: |\n    - 多少钱\n\
               - synonym: 提现\n  examples: |\n    - 取钱\n- lookup: bank\n  examples: |\n    - 工行\n- regex: card\n  examples: |\n    - x\n";
    let domain = "slots:\n  name: {type: text}\nresponses:\n  utter_fee:\n  - text: 你好 {name}，免费。\n    buttons:\n    - title: 好\n      payload: /ok\n  \
                  - text: 不收费。\n    image: a.png\n  utter_more:\n  - text: 还有吗\n";
    let rules = "rules:\n- rule: fees\n  steps:\n  - or:\n    - intent: fee\n    - intent: cost\n  - action: utter_fee\n  - action: utter_more\n";
    let file =
        |(path, text): (&str, &str)| SourceFile { path: path.to_owned(), bytes: text.into() };
    let files = [("nlu.yml", nlu), ("domain.yml", domain), ("rules.yml", rules)].map(file);
    let sheet = rasa_sheet(&files, &defaults()).unwrap();
    assert_eq!(
        told(&sheet),
        ["多少钱||你好 {name}，免费。", "收费吗||你好 {name}，免费。"],
        "each intent of an `or`"
    );
    let unused = [
        "synonym 提现",
        "lookup bank",
        "regex card",
        "domain.yml 的 slots",
        "utter_fee 的另外 1 种说法",
        "utter_fee 的 buttons",
        "utter_fee 的 image",
        "utter_fee 里的词槽 {name}（原样留在答案里，要改成客户能看的话）",
        "意图 fee、cost 之后的第二个回答 utter_more",
    ];
    assert_eq!(sheet.unused, unused);
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_its_first_mistake() {
    let bad = SourceFile {
        path: "bot/nlu.yml".to_owned(),
        bytes: "nlu:\n- intent: a\n  intent: b\n".into(),
    };
    let mistakes = rasa_sheet(&[bad], &defaults()).unwrap_err();
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].place(), "bot/nlu.yml 第 3 行");
    assert!(mistakes[0].code.is_some(), "{}", mistakes[0]);
    let bytes = SourceFile { path: "x.yml".to_owned(), bytes: vec![0xb1, 0xe0] };
    let mistakes = rasa_sheet(&[bytes], &defaults()).unwrap_err();
    assert!(mistakes[0].to_string().contains("x.yml 表格：不是 UTF-8"), "{}", mistakes[0]);
}
