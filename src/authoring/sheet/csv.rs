//! Rows of cells as a CSV file.

use super::{
    grid::{Contents, Grid, HEADING_ROWS, TEXT_BYTES_MAX},
    mistake::SheetMistake,
};

const SAVE_AS: &str = "在 Excel 里“另存为”，类型选“CSV UTF-8（逗号分隔）”，或存成 .xlsx";

/// With the byte order mark without which Excel takes UTF-8 for GBK.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What stands around cells that hold quotation marks or line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// Quotation marks, always.
    Marks,
    /// Nothing where tabs are between the cells: other programs write a mark as it is.
    NoneWithTabs,
}

/// Reads cells, which `is_tabs` says to have tabs between them whatever the headings look like.
pub(super) fn read(
    bytes: &[u8],
    is_tabs: bool,
    quoting: Quoting,
    is_heading: impl Fn(&str) -> bool,
) -> Result<Contents, SheetMistake> {
    debug_assert!(bytes.len() <= TEXT_BYTES_MAX, "a CSV file is smaller than its limit");
    let Ok(text) = str::from_utf8(bytes) else {
        let message = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "不是 UTF-8 编码，是 UTF-16",
            [b'P', b'K', 3, 4, ..] => "不是 CSV 文件，是 Excel 的工作簿：把名字改成 .xlsx",
            _ => "不是 UTF-8 编码（多半是 GBK）",
        };
        return Err(SheetMistake::of_sheet(message, SAVE_AS));
    };
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    if text.contains('\0') {
        return Err(SheetMistake::of_sheet("不是 CSV 文件", SAVE_AS));
    }
    let delimiter = if is_tabs { b'\t' } else { delimiter(text, is_heading) };
    let has_marks = quoting == Quoting::Marks || delimiter != b'\t';
    if has_marks && text.matches('"').count() % 2 == 1 {
        let mend = "内容里的英文引号要写两个（\"\"），并用英文引号把整个单元格括起来";
        return Err(SheetMistake::of_sheet("英文引号不成对", mend));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(has_marks)
        .from_reader(text.as_bytes());
    let mut grid = Grid::new();
    let mut number = 0;
    for record in reader.records() {
        let record = record
            .map_err(|error| SheetMistake::of_sheet(format!("CSV 读不下去：{error}"), SAVE_AS))?;
        number += 1;
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            grid.push((number, record.iter().map(str::to_owned).collect()));
        }
    }
    Ok(Contents { name: None, grid, gaps: Vec::new() })
}

/// What separates the cells: the sign between two known headings in the first rows. Without any,
/// tabs where the first row has more of them than commas, and semicolons where it has no comma, as
/// some programs and some languages of Excel write them.
fn delimiter(text: &str, is_heading: impl Fn(&str) -> bool) -> u8 {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    for line in lines().take(HEADING_ROWS) {
        let known = |sign: char| {
            let cells = line.split(sign).map(|cell| cell.trim().trim_matches('"'));
            cells.filter(|cell| is_heading(cell)).count()
        };
        let counts = [(b',', known(',')), (b'\t', known('\t')), (b';', known(';'))];
        if let Some((sign, _)) =
            counts.into_iter().filter(|(_, known)| *known >= 2).max_by_key(|(_, known)| *known)
        {
            return sign;
        }
    }
    let first = lines().next().unwrap_or_default();
    let count = |sign: char| first.matches(sign).count();
    match (count(','), count('\t'), count(';')) {
        (commas, tabs, _) if tabs > commas => b'\t',
        (0, _, semicolons) if semicolons > 0 => b';',
        _ => b',',
    }
}

pub(super) fn write(grid: &Grid, delimiter: u8) -> Result<Vec<u8>, SheetMistake> {
    let failed = |error: csv::Error| SheetMistake::of_sheet(format!("CSV 写不出来：{error}"), "");
    let out = BYTE_ORDER_MARK.as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    for (_, cells) in grid {
        writer.write_record(cells).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| failed(error.into_error().into()))
}
