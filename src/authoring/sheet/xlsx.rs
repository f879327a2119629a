//! Rows of cells as an XLSX workbook.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{DataRef, Dimensions, Reader, SheetType, Xlsx, XlsxError};
use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet,
};

use super::{
    column::Column,
    gap::{FormulaValue, Gap},
    grid::{Contents, Grid, TEXT_BYTES_MAX},
    mistake::SheetMistake,
};
use crate::knowledge::Categories;

/// The sheet with the entries, and the one that explains it.
const ENTRIES: &str = "条目";
const NOTES: &str = "说明";
/// The sheet that lists the categories, where there are any to choose from.
const CATEGORIES: &str = "分类";

/// Most cells of a sheet in which something stands: all columns and some, of all rows. Empty ones,
/// as coloured cells are, do not count: the size of the file limits them.
const CELLS_MAX: usize = 1_000_000;

/// The last row down to which cells are typed and have their lists of words.
const LAST_ROW: u32 = 20_000;

/// Whether a worksheet of this name only explains the others in a file of ours.
pub(super) fn is_explaining(name: &str) -> bool {
    [NOTES, CATEGORIES].contains(&name)
}

/// All worksheets, that with the entries of a sheet of ours first.
pub(super) fn read_all(bytes: &[u8]) -> Result<Vec<Contents>, SheetMistake> {
    let mut book = book(bytes)?;
    let first = entries_name(&book)?;
    let is_table = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet;
    let names = book.sheets_metadata().iter().filter(is_table).map(|sheet| sheet.name.clone());
    let rest: Vec<String> = names.filter(|name| *name != first).collect();
    let mut size = Size::default();
    let names = std::iter::once(first).chain(rest);
    names.map(|name| read_sheet(&mut book, name, &mut size)).collect()
}

fn book(bytes: &[u8]) -> Result<Xlsx<Cursor<&[u8]>>, SheetMistake> {
    check_inflated(bytes)?;
    Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))
}

fn entries_name(book: &Xlsx<Cursor<&[u8]>>) -> Result<String, SheetMistake> {
    let names = book.sheet_names();
    let name = names.iter().find(|name| *name == ENTRIES);
    name.or_else(|| names.iter().find(|name| !is_explaining(name)))
        .cloned()
        .ok_or_else(|| SheetMistake::of_sheet("没有工作表", format!("内容放在“{ENTRIES}”里")))
}

/// How much was read so far, of all worksheets.
#[derive(Default)]
struct Size {
    cells: usize,
    bytes: usize,
}

fn read_sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: String,
    size: &mut Size,
) -> Result<Contents, SheetMistake> {
    let merged = book.merge_cells_by_sheet_name(&name).map_err(|error| unreadable(&error))?;
    let mut gaps: Vec<Gap> = merged.iter().map(merged_gap).collect();
    let mut cells = book.worksheet_cells_reader(&name).map_err(|error| unreadable(&error))?;
    let mut grid = Grid::new();
    let mut values = BTreeMap::new();
    while let Some(cell) =
        cells.next_cell_with_formula_metadata().map_err(|error| unreadable(&error))?
    {
        let (row, column) = (cell.pos.0 as usize + 1, cell.pos.1 as usize);
        let text = shown(&cell.value);
        size.cells += usize::from(!text.is_empty() || cell.formula.is_some());
        size.bytes += text.len();
        if size.cells > CELLS_MAX || size.bytes > TEXT_BYTES_MAX {
            return Err(SheetMistake::of_sheet("内容太多", "拆成几个文件，分次导入"));
        }
        if let DataRef::Error(error) = &cell.value {
            gaps.push(Gap::Wrong { row, column, told: error.to_string() });
        }
        if cell.formula.is_some()
            && let Some(value) = FormulaValue::none_of(&cell.value)
        {
            gaps.push(Gap::Formula { row, column, value });
        }
        if has_format(&cell.value) {
            values.insert(cell.pos, text.clone());
        }
        if !text.trim().is_empty() {
            put(&mut grid, row, column, text);
        }
    }
    drop(cells);
    gaps.extend(formatted_gaps(book, &name, &values)?);
    Ok(Contents { name: Some(name), grid, gaps })
}

/// Whether the format of a cell decides how its value is shown.
fn has_format(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Int(_)
        | DataRef::Float(_)
        | DataRef::Bool(_)
        | DataRef::DateTime(_)
        | DataRef::DateTimeIso(_)
        | DataRef::DurationIso(_) => true,
        DataRef::Empty | DataRef::String(_) | DataRef::SharedString(_) | DataRef::Error(_) => false,
    }
}

/// The values that a person sees in another form than the stored one. `values` are the stored
/// ones by their row and column, from 0.
fn formatted_gaps(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    values: &BTreeMap<(u32, u32), String>,
) -> Result<Vec<Gap>, SheetMistake> {
    let gap = |(row, column): (u32, u32), stored: &str| {
        let (row, column) = (row as usize + 1, column as usize);
        Gap::Formatted { row, column, stored: stored.to_owned() }
    };
    let mut gaps = Vec::new();
    // Without a format, a number that does not fit into a cell is rounded.
    let is_long = |stored: &str| stored.len() > GENERAL_CHARS_MAX;
    gaps.extend(
        values.iter().filter(|(_, stored)| is_long(stored)).map(|(at, stored)| gap(*at, stored)),
    );
    if values.is_empty() {
        return Ok(gaps);
    }
    let mut cells = book.worksheet_cells_reader(name).map_err(|error| unreadable(&error))?;
    while let Some((row, column, style)) =
        cells.next_style_id().map_err(|error| unreadable(&error))?
    {
        let at = (row, column);
        let Some(stored) = values.get(&at).filter(|stored| !is_long(stored)) else { continue };
        let format = cells.styles().get(style).and_then(|style| style.number_format.as_ref());
        if format.is_some_and(|format| !shows_as_stored(&format.format_code, stored)) {
            gaps.push(gap(at, stored));
        }
    }
    Ok(gaps)
}

/// Most characters of a number that are shown as they are without a format.
const GENERAL_CHARS_MAX: usize = 11;

/// Whether a format such as `General`, `0` or `0.00` shows a value as it is stored.
fn shows_as_stored(format: &str, stored: &str) -> bool {
    // The forms of negative numbers follow a semicolon; `_` and what follows it is a blank.
    let format = format.split(';').next().unwrap_or_default();
    let format = format.split('_').next().unwrap_or_default().trim();
    if ["", "@"].contains(&format) || format.eq_ignore_ascii_case("general") {
        return true;
    }
    let zeros = match format.strip_prefix('0') {
        Some("") => "",
        Some(rest) => rest.strip_prefix('.').unwrap_or(rest),
        None => return false,
    };
    let decimals = stored.split_once('.').map_or("", |(_, decimals)| decimals);
    zeros.bytes().all(|b| b == b'0')
        && zeros.len() == decimals.len()
        && stored.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-')
}

/// A region whose corners some program may have written the other way round.
fn merged_gap(region: &Dimensions) -> Gap {
    let ordered = |one: u32, other: u32| (one.min(other) as usize, one.max(other) as usize);
    let (top, bottom) = ordered(region.start.0, region.end.0);
    let (left, right) = ordered(region.start.1, region.end.1);
    Gap::Merged { rows: (top + 1, bottom + 1), columns: (left, right) }
}

impl FormulaValue {
    /// What stands for a value that is not there; `None` for one that is. A program that does
    /// not calculate writes nothing, or 0; and 0 is what a reference to an empty cell gives.
    fn none_of(value: &DataRef<'_>) -> Option<Self> {
        match value {
            DataRef::Empty | DataRef::Int(0) => Some(Self::Missing),
            DataRef::Float(number) if *number == 0.0 => Some(Self::Missing),
            // The same of a day.
            DataRef::DateTime(day) if day.as_f64() == 0.0 => Some(Self::Missing),
            DataRef::String(text) if text.trim().is_empty() => Some(Self::Blank),
            DataRef::SharedString(text) if text.trim().is_empty() => Some(Self::Blank),
            DataRef::Int(_)
            | DataRef::Float(_)
            | DataRef::String(_)
            | DataRef::SharedString(_)
            | DataRef::Bool(_)
            | DataRef::DateTime(_)
            | DataRef::DateTimeIso(_)
            | DataRef::DurationIso(_)
            | DataRef::Error(_) => None,
        }
    }
}

/// Rows come in order in every file that office programs write.
fn put(grid: &mut Grid, row: usize, column: usize, text: String) {
    /// More columns than this have no heading that is known, and are not read.
    const COLUMNS_MAX: usize = 200;
    if grid.last().is_none_or(|(last, _)| *last != row) {
        grid.push((row, Vec::new()));
    }
    if let Some((_, cells)) = grid.last_mut()
        && column < COLUMNS_MAX
    {
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
}

/// What a person sees in a cell; days as `2026-11-22`, however they are shown.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => date,
                _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.strip_suffix("T00:00:00").unwrap_or(text).to_owned()
        }
        DataRef::Error(error) => error.to_string(),
    }
}

fn unreadable(error: &XlsxError) -> SheetMistake {
    if matches!(error, XlsxError::Password) {
        return SheetMistake::of_sheet("文件有密码", "去掉密码再存一次");
    }
    let message = format!("不是能读的 .xlsx 文件（{error}）");
    SheetMistake::of_sheet(message, "用 Excel 或 WPS 打开，另存为 .xlsx")
}

/// Refuses what says that it would fill the memory. The reader stops where a part is larger
/// than it says.
fn check_inflated(bytes: &[u8]) -> Result<(), SheetMistake> {
    let inflated = inflated_size(bytes).unwrap_or(0);
    if inflated <= TEXT_BYTES_MAX as u64 {
        return Ok(());
    }
    let message = format!("解开之后超过 {} MB", TEXT_BYTES_MAX >> 20);
    Err(SheetMistake::of_sheet(message, "拆成几个文件，分次导入"))
}

/// The sizes of all parts together, by the directory at the end of a zip file; `None` when
/// there is none.
fn inflated_size(bytes: &[u8]) -> Option<u64> {
    const END: [u8; 4] = *b"PK\x05\x06";
    const PART: [u8; 4] = *b"PK\x01\x02";
    let u16_at = |at: usize| Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let u32_at = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let end = bytes.windows(END.len()).rposition(|window| window == END)?;
    let mut at = u32_at(end + 16)? as usize;
    let mut size = 0;
    while bytes.get(at..)?.starts_with(&PART) {
        // A size that needs 64 bits is written as the largest of 32, and is over the limit.
        size += u64::from(u32_at(at + 24)?);
        let lengths = [28, 30, 32].map(|field| u16_at(at + field).map(usize::from));
        at += 46 + lengths.into_iter().sum::<Option<usize>>()?;
    }
    Some(size)
}

/// The categories are those to choose from; with none of them anything may be written there.
pub(super) fn write(
    grid: &Grid,
    columns: &[Column],
    categories: &Categories,
) -> Result<Vec<u8>, SheetMistake> {
    written(grid, columns, categories)
        .map_err(|error| SheetMistake::of_sheet(format!("XLSX 写不出来：{error}"), ""))
}

fn written(
    grid: &Grid,
    columns: &[Column],
    categories: &Categories,
) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    // The day of writing would make other bytes of the same entries.
    let day = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    let heading = Format::new().set_bold().set_align(FormatAlign::Top).set_text_wrap();
    let cell = Format::new().set_num_format("@").set_align(FormatAlign::Top).set_text_wrap();

    let sheet = book.add_worksheet().set_name(ENTRIES)?;
    sheet.set_freeze_panes(1, 2)?;
    for (at, column) in (0_u16..).zip(columns) {
        sheet.set_column_width(at, column.width())?;
        // What is typed in new rows stays text, too.
        sheet.set_column_format(at, &cell)?;
        limit_words(sheet, at, *column, categories)?;
    }
    for (row, (_, cells)) in (0_u32..).zip(grid) {
        let format = if row == 0 { &heading } else { &cell };
        for (at, text) in (0_u16..).zip(cells) {
            if !text.is_empty() {
                sheet.write_string_with_format(row, at, text, format)?;
            }
        }
    }
    write_notes(book.add_worksheet().set_name(NOTES)?, &heading)?;
    if categories.ids().next().is_some() {
        write_categories(book.add_worksheet().set_name(CATEGORIES)?, categories, &heading)?;
    }
    book.save_to_buffer()
}

/// A list to choose from, for the columns that take a few words only.
fn limit_words(
    sheet: &mut Worksheet,
    at: u16,
    column: Column,
    categories: &Categories,
) -> Result<(), rust_xlsxwriter::XlsxError> {
    let lists: [(Column, &[&str]); 3] = [
        (Column::Status, &["draft", "live", "retired"]),
        (Column::Match, &["smart", "exact", "contains", "regex"]),
        (Column::Handoff, &["none", "offer", "force"]),
    ];
    let count = categories.ids().count();
    let (rule, told) = match lists.into_iter().find(|(limited, _)| *limited == column) {
        Some((_, words)) => (DataValidation::new().allow_list_strings(words)?, words.join("、")),
        // A list of words may have 255 characters; a root may have more categories than that.
        None if column == Column::Category && count > 0 => {
            let list = Formula::new(format!("={CATEGORIES}!$A$2:$A${}", count + 1));
            let told = format!("写“{CATEGORIES}”表里的一个编号");
            (DataValidation::new().allow_list_formula(list), told)
        }
        None => return Ok(()),
    };
    let rule = rule.set_error_title("只能选列表里的词")?.set_error_message(told)?;
    sheet.add_data_validation(1, at, LAST_ROW, at, &rule)?;
    Ok(())
}

/// Each category by its id, its name, and what it is a part of.
fn write_categories(
    sheet: &mut Worksheet,
    categories: &Categories,
    heading: &Format,
) -> Result<(), rust_xlsxwriter::XlsxError> {
    for (at, (title, width)) in (0_u16..).zip([("编号", 24), ("名字", 24), ("上级", 24)]) {
        sheet.set_column_width(at, width)?;
        sheet.write_string_with_format(0, at, title, heading)?;
    }
    for (row, category) in (1_u32..).zip(categories.iter()) {
        sheet.write_string(row, 0, &category.id)?;
        sheet.write_string(row, 1, &category.name)?;
        sheet.write_string(row, 2, category.parent.as_deref().unwrap_or_default())?;
    }
    Ok(())
}

fn write_notes(sheet: &mut Worksheet, heading: &Format) -> Result<(), rust_xlsxwriter::XlsxError> {
    const GENERAL: [(&str, &str); 5] = [
        (
            "怎么用",
            "改“条目”表里的单元格，存盘，再运行 kefu import 文件名.xlsx --root 知识文件夹。",
        ),
        ("先试一遍", "加上 --dry-run 只检查、不写文件；有任何错误时一个字也不会写。"),
        (
            "行",
            "每行一个条目，按编号认；新编号就是新条目。删掉一行不会删掉条目，要下线就把状态改成 retired。",
        ),
        (
            "列",
            "列可以换次序，也可以少（少的列不会改）；编号列不能少。表头写中文或括号里的英文都行。",
        ),
        ("公式", "以 = + - @ 开头的文字前面有一个英文单引号 '，免得被当成公式；导入时会去掉一个。"),
    ];
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_column_width(0, 24)?;
    sheet.set_column_width(1, 90)?;
    sheet.write_string_with_format(0, 0, "说明", heading)?;
    let general = GENERAL.iter().map(|(word, note)| ((*word).to_owned(), *note));
    let columns = Column::ALL.iter().map(|column| (column.heading(), column.note()));
    for (row, (word, note)) in (1_u32..).zip(general.chain(columns)) {
        sheet.write_string_with_format(row, 0, word, &wrap)?;
        sheet.write_string_with_format(row, 1, note, &wrap)?;
    }
    Ok(())
}
