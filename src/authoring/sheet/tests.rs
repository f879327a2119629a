use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::{Column, Sheet, SheetFormat, grid::SheetRow};

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
        ("UTF-16", b"\xff\xfei\0d\0", "表格：不是 UTF-8 编码（多半是 GBK）"),
        ("a workbook", b"PK\x03\x04\0\0", "表格：不是 CSV 文件"),
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
    let row =
        |number, cells: [&str; 2]| SheetRow { number, cells: cells.map(str::to_owned).into() };
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
    assert_eq!(sheet.rows, [SheetRow { number: 3, cells }]);
}

#[test]
fn what_is_wrong_with_a_workbook_is_told() {
    let error_value = workbook(|sheet| {
        sheet.write_string(0, 0, "id").unwrap();
        sheet.write_formula(1, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    });
    let cases: &[(&str, &[u8], &str)] = &[
        ("a formula that failed", &error_value, "第 2 行：单元格里是错误值 #DIV/0!"),
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
    let sheet = Sheet { columns, rows: vec![SheetRow { number: 2, cells: cells.into() }] };
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
