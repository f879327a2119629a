use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::{Column, Sheet, SheetFormat, file::SheetRow};
use crate::knowledge::{Categories, Category};

fn read_csv(text: &str) -> Result<Sheet, String> {
    read(text.as_bytes(), SheetFormat::Csv)
}

fn read(bytes: &[u8], format: SheetFormat) -> Result<Sheet, String> {
    Sheet::read(bytes, format).map_err(|mistakes| {
        let told = mistakes.iter().map(|one| format!("{}：{}", one.place(), one.message));
        told.collect::<Vec<_>>().join("；")
    })
}

#[test]
fn what_is_wrong_with_a_csv_file_is_told() {
    let long = format!("id,answer\na.b,{}\n", "长".repeat(32_768));
    let many = format!("id\n{}", "a.b\n".repeat(20_001));
    let cases: &[(&str, &[u8], &str)] = &[
        // (what it shows, bytes, told)
        ("nothing", b"\xef\xbb\xbf\r\n", "表格：表格是空的"),
        ("GBK", b"\xb1\xe0\xba\xc5,id\n", "表格：不是 UTF-8 编码（多半是 GBK）"),
        ("UTF-16", b"\xff\xfei\0d\0", "表格：不是 UTF-8 编码，是 UTF-16"),
        ("a workbook", b"PK\x03\x04\0\0", "表格：不是 CSV 文件"),
        (
            "a packed workbook",
            b"PK\x03\x04\xff\0",
            "表格：不是 CSV 文件，是 Excel 的工作簿：把名字改成 .xlsx",
        ),
        ("no headings", "提现多久,一天\n收费吗,免费\n".as_bytes(), "表格：第 1 行不是表头"),
        ("an open quotation mark", b"id,answer\na.b,\"x\n", "表格：英文引号不成对"),
        ("no ids", "标准问\n提现\n".as_bytes(), "表格：没有“编号 (id)”这一列"),
        ("an unknown column", "id,备注\na.b,x\n".as_bytes(), "表格：没有“备注”这一列"),
        ("a column twice", "id,编号\na.b,x\n".as_bytes(), "表格：“编号”这一列有两个"),
        ("a comma too many", b"id,answer\na.b,x,y\n", "第 2 行：第 3 列有内容，但没有表头"),
        ("a long cell", long.as_bytes(), "第 2 行“答案”：单元格超过 32767 字，Excel 放不下"),
        ("too many rows", many.as_bytes(), "表格：超过 20000 行"),
    ];
    for (shows, bytes, expected) in cases {
        assert_eq!(read(bytes, SheetFormat::Csv).unwrap_err(), *expected, "{shows}");
    }
    let large = vec![b' '; (20 << 20) + 1];
    assert_eq!(read(&large, SheetFormat::Csv).unwrap_err(), "表格：文件超过 20 MB");
}

#[test]
fn columns_may_be_few_and_in_any_order_and_rows_empty() {
    let sheet =
        read_csv("\u{feff}答案,编号 (id),\r\n\"一\r\n二\",a.b,\r\n,,\r\n'=1,c.d\r\n").unwrap();
    assert_eq!(sheet.columns, [Column::Answer, Column::Id]);
    let row = |number, cells: [&str; 2]| SheetRow::new(number, cells.map(str::to_owned).into());
    assert_eq!(sheet.rows, [row(2, ["一\r\n二", "a.b"]), row(4, ["=1", "c.d"])]);
}

/// A workbook of one sheet.
fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

#[test]
fn cells_of_a_workbook_are_read_as_they_are_shown() {
    let bytes = workbook(|sheet| {
        let day = Format::new().set_num_format("yyyy/m/d");
        for (at, heading) in (0..).zip(["id", "tags", "checked", "answer", "source", "status"]) {
            sheet.write_string(0, at, heading).unwrap();
        }
        sheet.write_string(2, 0, "a.b").unwrap();
        sheet.write_number(2, 1, 12378).unwrap();
        let date = ExcelDateTime::from_ymd(2026, 11, 22).unwrap();
        sheet.write_datetime_with_format(2, 2, &date, &day).unwrap();
        sheet.write_formula(2, 3, Formula::new("=1+1").set_result("二")).unwrap();
        sheet.write_boolean(2, 4, true).unwrap();
    });
    let sheet = read(&bytes, SheetFormat::Xlsx).unwrap();
    let cells = ["a.b", "12378", "2026-11-22", "二", "TRUE", ""].map(str::to_owned).into();
    assert_eq!(sheet.rows, [SheetRow::new(3, cells)]);
}

#[test]
fn values_that_are_shown_in_another_form_are_told() {
    let cases = [
        // (what it shows, value, format, what is stored; nothing where it is read)
        ("a share", 0.24, "0%", "0.24"),
        ("a price", 5000.0, "#,##0\"元\"", "5000"),
        ("a time of day", 0.375, "h:mm", "1899-12-31 09:00:00"),
        ("a day", 46023.0, "yyyy\"年\"m\"月\"d\"日\"", "2026-01-01"),
        ("one digit of two", 5.5, "0.00", "5.5"),
        ("a number of a card", 6_222_021_234_567_890.0, "General", "6222021234567890"),
        ("a number", 95588.0, "General", ""),
        ("a number as WPS writes it", 95588.0, "0_ ", ""),
        ("two digits of two", 0.25, "0.00", ""),
    ];
    for (shows, value, format, stored) in cases {
        let bytes = workbook(|sheet| {
            let format = Format::new().set_num_format(format);
            for (at, heading) in (0..).zip(["id", "answer", "similar", "status"]) {
                sheet.write_string(0, at, heading).unwrap();
                sheet.write_number_with_format(1, at, value, &format).unwrap();
            }
            sheet.write_string(1, 0, "a.b").unwrap();
        });
        let told = |cell: &str| format!("{cell} 显示的和文件里存的不一样（存的是 {stored}）");
        let told = format!("第 2 行“答案”：{}；第 2 行“相似问”：{}", told("B2"), told("C2"));
        let expected = (!stored.is_empty()).then_some(told);
        assert_eq!(read(&bytes, SheetFormat::Xlsx).err(), expected, "{shows}");
    }
}

/// A workbook of several worksheets, each with its name and rows.
fn worksheets(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (at, cell) in (0..).zip(*cells) {
                sheet.write_string(row, at, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn each_worksheet_with_our_headings_is_read() {
    let heads = ["编号", "答案"].as_slice();
    let cover = ("封面", [["提现的问题"].as_slice(), &["2026 年"]]);
    let first = ("支付", [heads, &["a.b", "甲"]]);
    let turned = ("账户", [["答案", "编号"].as_slice(), &["乙", "c.d"]]);
    let cases = [
        // (what it shows, worksheets, rows, told)
        ("two in other orders", vec![first, turned], vec!["支付 2 a.b 甲", "账户 2 c.d 乙"], ""),
        ("a cover", vec![cover, first], vec!["- 2 a.b 甲"], ""),
        ("a cover alone", vec![cover], vec![], "表格：工作表“封面”第 1 行不是表头"),
        (
            "other columns",
            vec![first, ("旧", [["编号", "标签"].as_slice(), &["c.d", "x"]])],
            vec![],
            "旧 表格：列和工作表“支付”的不一样",
        ),
        (
            "a mistake in the second",
            vec![first, ("旧", [["编号", "答案", "备注"].as_slice(), &["c.d", "x"]])],
            vec![],
            "旧 表格：没有“备注”这一列",
        ),
        (
            "a title above the headings",
            vec![("支付", [["提现的问题"].as_slice(), heads])],
            vec![],
            "",
        ),
    ];
    for (shows, sheets, rows, told) in cases {
        let sheets: Vec<(&str, &[&[&str]])> =
            sheets.iter().map(|(name, rows)| (*name, rows.as_slice())).collect();
        match read(&worksheets(&sheets), SheetFormat::Xlsx) {
            Ok(sheet) => {
                let read = sheet.rows.iter().map(|row| {
                    let file = row.file.as_deref().unwrap_or("-");
                    format!("{file} {} {}", row.number, row.cells.join(" "))
                });
                assert_eq!(read.collect::<Vec<_>>(), rows, "{shows}");
                assert_eq!("", told, "{shows}");
            }
            Err(found) => assert_eq!(found, told, "{shows}"),
        }
    }
}

#[test]
fn what_is_wrong_with_a_workbook_is_told() {
    let error_value = workbook(|sheet| {
        sheet.write_string(0, 0, "id").unwrap();
        sheet.write_formula(1, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    });
    let cases: &[(&str, &[u8], &str)] = &[
        ("a formula that failed", &error_value, "第 2 行“编号”：单元格里是错误值 #DIV/0!"),
        ("an empty workbook", &workbook(|_| ()), "表格：表格是空的"),
    ];
    for (shows, bytes, expected) in cases {
        assert_eq!(read(bytes, SheetFormat::Xlsx).unwrap_err(), *expected, "{shows}");
    }
    let told = read(b"id\na.b\n", SheetFormat::Xlsx).unwrap_err();
    assert!(told.contains("不是能读的 .xlsx 文件"), "{told}");
    let whole = workbook(|_| ());
    for length in [0, 1, 4, 100, whole.len() / 2, whole.len() - 1] {
        assert!(read(&whole[..length], SheetFormat::Xlsx).is_err(), "cut at {length}");
    }
}

/// A workbook as a program that writes its parts itself would write it: `cells` is what stands
/// in `sheetData`, `after` what follows it.
fn raw_workbook(cells: &str, after: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let relation = |id: &str, kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let sheet =
        format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{cells}</sheetData>{after}</worksheet>");
    zipped(&[
        ("_rels/.rels", &relation("r1", "officeDocument", "xl/workbook.xml")),
        ("xl/_rels/workbook.xml.rels", &relation("r1", "worksheet", "worksheets/sheet1.xml")),
        ("xl/workbook.xml", &book),
        ("xl/worksheets/sheet1.xml", &sheet),
    ])
}

/// Parts in a zip file, not packed.
fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
        })
    };
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in parts {
        let mut fields = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        fields.extend(crc(text.as_bytes()).to_le_bytes());
        for size in [text.len(), text.len()] {
            fields.extend((size as u32).to_le_bytes());
        }
        fields.extend((name.len() as u32).to_le_bytes());
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend((out.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&fields);
        out.extend(name.as_bytes());
        out.extend(text.as_bytes());
    }
    let (start, count) = (out.len() as u32, parts.len() as u16);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// Cells of texts: `A1` and what stands in it.
fn texts(cells: &[(&str, &str)]) -> String {
    let cell = |(at, text): &(&str, &str)| {
        format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    cells.iter().map(cell).collect()
}

/// A workbook of ids, states and days, with these rows under the headings.
fn raw_sheet(rows: &str, after: &str) -> Vec<u8> {
    let heads = texts(&[("A1", "id"), ("B1", "status"), ("C1", "valid_until")]);
    raw_workbook(&format!("<row r=\"1\">{heads}</row>{rows}"), after)
}

/// A row with an id and something more.
fn raw_row(number: usize, more: &str) -> String {
    let id = texts(&[(&format!("A{number}"), &format!("a.e{number}"))]);
    format!("<row r=\"{number}\">{id}{more}</row>")
}

fn merged(ranges: &[&str]) -> String {
    let ranges = ranges.iter().map(|range| format!("<mergeCell ref=\"{range}\"/>"));
    format!("<mergeCells>{}</mergeCells>", ranges.collect::<String>())
}

#[test]
fn merged_cells_are_not_empty() {
    let draft = |at: &str| texts(&[(at, "draft")]);
    let rows = raw_row(2, &draft("B2")) + &raw_row(3, "") + &raw_row(4, "");
    let hidden = raw_row(2, &draft("B2")) + &raw_row(3, &draft("B3"));
    let cases = [
        // (what it shows, rows, range, told; nothing when it is read)
        ("down", &rows, "B2:B4", "第 3 行“状态”：B2:B4"),
        ("along", &rows, "A3:B3", "第 3 行“状态”：A3:B3"),
        ("and what is hidden was kept", &hidden, "B2:B3", "第 3 行“状态”：B2:B3"),
        ("headings", &rows, "B1:C1", "第 1 行“失效日期”：B1:C1"),
        ("in empty rows", &rows, "A7:C9", ""),
        ("beside the table", &rows, "E2:G4", ""),
    ];
    for (shows, rows, range, place) in cases {
        let told = read(&raw_sheet(rows, &merged(&[range])), SheetFormat::Xlsx).err();
        let wanted = format!("{place} 是合并单元格，除了左上角那一格，文件里都没有内容");
        let wanted = (!place.is_empty()).then_some(wanted);
        assert_eq!(told, wanted, "{shows}");
    }
    let both = raw_sheet(&rows, &merged(&["B2:B3", "C2:C4"]));
    let told = read(&both, SheetFormat::Xlsx).unwrap_err();
    assert_eq!(told.matches("合并单元格").count(), 2, "one for each region: {told}");
    assert!(read(&raw_sheet(&rows, ""), SheetFormat::Xlsx).is_ok(), "empty cells are empty");
}

#[test]
fn formulas_without_a_value_are_not_empty() {
    let (missing, blank) = ("是公式，文件里没有算出来的值", "是公式，算出来是空的");
    let cases = [
        // (what it shows, cell, told; nothing when it is read)
        // As openpyxl writes them.
        ("not calculated", "<c r='B2'><f>X!A1</f><v></v></c>", missing),
        ("no value at all", "<c r='B2'><f>X!A1</f></c>", missing),
        ("an empty element", "<c r='B2'><f>X!A1</f><v/></c>", missing),
        ("shared", "<c r='B2'><f t='shared' si='0'/></c>", missing),
        ("an array", "<c r='B2'><f t='array' ref='B2:B4'>X!A1:A3</f></c>", missing),
        ("nought", "<c r='B2'><f>X!A1</f><v>0</v></c>", missing),
        // As Excel and LibreOffice do.
        ("blank", "<c r='B2' t='str'><f>\"\"</f><v></v></c>", blank),
        ("white", "<c r='B2' t='str'><f>\" \"</f><v xml:space='preserve'> </v></c>", blank),
        ("a value", "<c r='B2' t='str'><f>X!A1</f><v>draft</v></c>", ""),
        ("no formula", "<c r='B2' t='inlineStr'><is><t xml:space='preserve'> </t></is></c>", ""),
    ];
    for (shows, cell, told) in cases {
        let bytes = raw_sheet(&raw_row(2, cell), "");
        let wanted = (!told.is_empty()).then(|| format!("第 2 行“状态”：B2 {told}"));
        assert_eq!(read(&bytes, SheetFormat::Xlsx).err(), wanted, "{shows}");
    }
    let alone = raw_workbook("<row r='1'><c r='A1'><f>X!A1</f></c></row>", "");
    let told = read(&alone, SheetFormat::Xlsx).unwrap_err();
    assert_eq!(told, format!("第 1 行：A1 {missing}"), "no cell of the sheet has a value");
    let row = raw_sheet("<row r='2'><c r='A2'><f>X!A1</f></c></row>", "");
    let told = read(&row, SheetFormat::Xlsx).unwrap_err();
    assert_eq!(told, format!("第 2 行“编号”：A2 {missing}"), "no cell of the row has a value");
}

#[test]
fn merged_cells_and_formulas_of_a_common_writer_are_told() {
    let plain = Format::new();
    let merged = workbook(|sheet| {
        for (at, text) in (0..).zip(["id", "status", "handoff"]) {
            sheet.write_string(0, at, text).unwrap();
        }
        for row in 1..5 {
            sheet.write_string(row, 0, format!("a.e{row}")).unwrap();
        }
        sheet.merge_range(1, 1, 4, 1, "draft", &plain).unwrap();
        sheet.write_formula(2, 2, Formula::new("=X!A1").set_result("")).unwrap();
        sheet.write_formula(3, 2, "=X!A1").unwrap();
    });
    assert_eq!(
        read(&merged, SheetFormat::Xlsx).unwrap_err(),
        "第 3 行“状态”：B2:B5 是合并单元格，除了左上角那一格，文件里都没有内容；\
         第 3 行“转人工”：C3 是公式，文件里没有算出来的值；\
         第 4 行“转人工”：C4 是公式，文件里没有算出来的值"
    );
}

/// The places of the sizes of parts in a zip file: those at its end, and those before parts.
fn sizes(bytes: &[u8]) -> (Vec<usize>, Vec<usize>) {
    let find = |mark: &[u8], offset: usize| {
        let windows = bytes.windows(mark.len()).enumerate();
        windows.filter(|(_, window)| *window == mark).map(|(at, _)| at + offset).collect()
    };
    (find(b"PK\x01\x02", 24), find(b"PK\x03\x04", 22))
}

#[test]
fn a_workbook_that_would_fill_the_memory_is_refused() {
    // A hundred cells of a million blanks each are packed into little.
    let bytes = workbook(|sheet| {
        sheet.write_string(0, 0, "id").unwrap();
        for row in 1..100 {
            sheet.write_string(row, 0, "x".repeat(32_767)).unwrap();
        }
    });
    assert!(bytes.len() < 100_000);
    let (at_end, before) = sizes(&bytes);
    let with_sizes = |size: u32| {
        let mut changed = bytes.clone();
        for at in at_end.iter().chain(&before) {
            changed[*at..*at + 4].copy_from_slice(&size.to_le_bytes());
        }
        changed
    };
    let told = read(&with_sizes(60 << 20), SheetFormat::Xlsx).unwrap_err();
    assert_eq!(told, "表格：解开之后超过 200 MB");
    // One that says less than it is: the reader stops there.
    let told = read(&with_sizes(1000), SheetFormat::Xlsx).unwrap_err();
    assert!(told.contains("larger than its declared"), "{told}");
}

#[test]
fn the_same_sheet_makes_the_same_bytes_with_nothing_that_acts() {
    let cells = ["a.b", "=HYPERLINK(\"http://x\")", "@x", "'-"].map(str::to_owned);
    let columns = vec![Column::Id, Column::Question, Column::Answer, Column::Source];
    let sheet = Sheet { columns, rows: vec![SheetRow::new(2, cells.into())] };
    for format in [SheetFormat::Csv, SheetFormat::Xlsx] {
        let bytes = sheet.write(format).unwrap();
        assert_eq!(sheet.write(format).unwrap(), bytes);
        assert_eq!(Sheet::read(&bytes, format).unwrap(), sheet);
    }
    let csv = String::from_utf8(sheet.write(SheetFormat::Csv).unwrap()).unwrap();
    assert_eq!(
        csv,
        "\u{feff}编号 (id),标准问 (question),答案 (answer),依据 (source)\r\n\
         a.b,\"'=HYPERLINK(\"\"http://x\"\")\",'@x,''-\r\n"
    );
}

#[test]
fn as_many_categories_as_a_root_may_have_are_to_choose_from() {
    let category = |number: usize| Category {
        id: format!("a_category_with_a_long_id_{number}"),
        name: format!("类别{number}"),
        parent: (number > 0).then(|| "a_category_with_a_long_id_0".to_owned()),
    };
    let categories = Categories::new((0..500).map(category).collect());
    let columns = vec![Column::Id, Column::Category];
    let cells = ["a.b", "a_category_with_a_long_id_499"].map(str::to_owned);
    let sheet = Sheet { columns, rows: vec![SheetRow::new(2, cells.into())] };
    let bytes = sheet.write_with(SheetFormat::Xlsx, &categories).unwrap();
    assert_eq!(sheet.write_with(SheetFormat::Xlsx, &categories).unwrap(), bytes);
    assert_eq!(Sheet::read(&bytes, SheetFormat::Xlsx).unwrap(), sheet);

    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes.as_slice())).unwrap();
    let listed = calamine::Reader::worksheet_range(&mut book, "分类").unwrap();
    assert_eq!(listed.height(), 501);
    let last: Vec<String> =
        listed.rows().next_back().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(last, ["a_category_with_a_long_id_499", "类别499", "a_category_with_a_long_id_0"]);
}
