//! From rows of cells to a sheet with known columns, and back.

use super::{
    cell::{CELL_CHARS_MAX, guarded, unguarded},
    column::Column,
    csv::{self, Quoting},
    gap::{Gap, Gaps},
    grid::Contents,
    mistake::SheetMistake,
    xlsx,
};
use crate::knowledge::Categories;

/// Most rows of a sheet: as many as a root may have entries.
const ROWS_MAX: usize = 20_000;
/// Months until an entry that comes as a draft must be reviewed.
pub(in super::super) const REVIEW_MONTHS: i32 = 6;

/// Most bytes of a sheet file.
const FILE_BYTES_MAX: usize = 20 << 20;

/// What kind of file a sheet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetFormat {
    /// UTF-8 with a byte order mark, as Excel wants it; RFC 4180.
    Csv,
    /// The same with tabs between the cells.
    Tsv,
    /// Excel since 2007, WPS, `LibreOffice`.
    Xlsx,
}

/// Entries as rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The columns that it has, in its order.
    pub columns: Vec<Column>,
    /// One row for each entry, with as many cells as there are columns.
    pub rows: Vec<SheetRow>,
}

/// One row of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// The file or worksheet, where rows come from more than one.
    pub file: Option<String>,
    /// As office programs count it, the heading being row 1.
    pub number: usize,
    /// Texts without what keeps them from being formulas.
    pub cells: Vec<String>,
}

impl SheetRow {
    /// A row of the only table.
    pub fn new(number: usize, cells: Vec<String>) -> Self {
        Self { file: None, number, cells }
    }
}

impl Sheet {
    /// Reads a file. Every mistake is told, of the headings and of the cells.
    pub fn read(bytes: &[u8], format: SheetFormat) -> Result<Sheet, Vec<SheetMistake>> {
        let Contents { grid, gaps, .. } =
            contents(bytes, format).map_err(|mistake| vec![mistake])?;
        let Some((heading_row, headings)) = grid.first() else {
            let told = Gaps::without_rows().mistakes(&gaps);
            let mend = "第一行写表头；kefu export 可以写出一份样子";
            let empty = || vec![SheetMistake::of_sheet("表格是空的", mend)];
            return Err(if told.is_empty() { empty() } else { told });
        };
        let (heading_row, headings) = (*heading_row, headings.clone());
        let mut mistakes = Vec::new();
        let columns = read_headings(&headings, &mut mistakes);
        let rows = grid.iter().map(|(number, _)| *number).collect();
        mistakes.extend(Gaps { heading_row, columns: &columns, rows }.mistakes(&gaps));
        let rows = grid.into_iter().skip(1);
        let known: Vec<Column> = columns.iter().flatten().copied().collect();
        let mut kept = Vec::new();
        for (number, cells) in rows {
            let has_heading =
                |at: usize| headings.get(at).is_some_and(|heading| !heading.trim().is_empty());
            let beyond = |(at, cell): (usize, &String)| !has_heading(at) && !cell.trim().is_empty();
            if let Some(at) = cells.iter().enumerate().position(beyond) {
                let message = format!("第 {} 列有内容，但没有表头", at + 1);
                let mend = "补上表头或删掉内容；CSV 里有逗号的内容要用英文引号括起来";
                let mistake = SheetMistake::of_sheet(message, mend);
                mistakes.push(SheetMistake { row: Some(number), ..mistake });
            }
            let cells = read_row(number, cells, &columns, &mut mistakes);
            kept.push(SheetRow::new(number, cells));
        }
        mistakes.extend(too_many_rows(kept.len()));
        if mistakes.is_empty() { Ok(Sheet { columns: known, rows: kept }) } else { Err(mistakes) }
    }

    /// The bytes of a file. The same sheet makes the same bytes.
    pub fn write(&self, format: SheetFormat) -> Result<Vec<u8>, SheetMistake> {
        self.write_with(format, &Categories::default())
    }

    /// The same, with the categories of a root to choose from where the format has lists.
    pub fn write_with(
        &self,
        format: SheetFormat,
        categories: &Categories,
    ) -> Result<Vec<u8>, SheetMistake> {
        let headings = self.columns.iter().map(|column| column.heading()).collect();
        let mut grid = vec![(1, headings)];
        for row in &self.rows {
            let cells: Vec<String> = row.cells.iter().map(|cell| guarded(cell)).collect();
            for (cell, column) in cells.iter().zip(&self.columns) {
                check_length(row.number, *column, cell)?;
            }
            grid.push((row.number, cells));
        }
        match format {
            SheetFormat::Csv => csv::write(&grid, b','),
            SheetFormat::Tsv => csv::write(&grid, b'\t'),
            SheetFormat::Xlsx => xlsx::write(&grid, &self.columns, categories),
        }
    }
}

/// A table of a file, whatever its headings mean.
pub(in super::super) struct RawTable {
    /// The name of the worksheet, in a workbook.
    pub(in super::super) name: Option<String>,
    /// Rows of cells with their numbers.
    pub(in super::super) rows: Vec<(usize, Vec<String>)>,
    gaps: Vec<Gap>,
}

impl RawTable {
    /// What a person sees in the columns that are read without the file holding it, which is a
    /// mistake as in a sheet of ours. `heading_row` is the number of that row.
    pub(in super::super) fn lost(&self, heading_row: usize, is_read: &[bool]) -> Vec<SheetMistake> {
        let read = |at: usize| is_read.get(at).is_some_and(|is_read| *is_read);
        let touching = self.gaps.iter().filter(|gap| gap.touches(heading_row, read));
        let gaps: Vec<Gap> = touching.cloned().collect();
        // Which column of ours it is makes no difference here, and is not told.
        let column = |is_read: &bool| is_read.then_some(Column::Answer);
        let columns: Vec<Option<Column>> = is_read.iter().map(column).collect();
        let numbers = self.rows.iter().map(|(number, _)| *number);
        let rows = numbers.filter(|number| *number >= heading_row).collect();
        let mistakes = Gaps { heading_row, columns: &columns, rows }.mistakes(&gaps);
        let named = |gap| SheetMistake { file: self.name.clone(), column: None, ..gap };
        mistakes.into_iter().map(named).collect()
    }
}

/// The tables of a file: each worksheet of a workbook, that with entries of ours first. Known
/// headings tell what separates the cells of a text.
pub(in super::super) fn tables_of(
    bytes: &[u8],
    format: SheetFormat,
    is_heading: impl Fn(&str) -> bool,
) -> Result<Vec<RawTable>, SheetMistake> {
    check_size(bytes)?;
    let read = match format {
        SheetFormat::Csv => vec![csv::read(bytes, false, Quoting::NoneWithTabs, is_heading)?],
        SheetFormat::Tsv => vec![csv::read(bytes, true, Quoting::NoneWithTabs, is_heading)?],
        SheetFormat::Xlsx => xlsx::read_all(bytes)?,
    };
    let plain = |cells: Vec<String>| cells.iter().map(|cell| unguarded(cell).to_owned()).collect();
    let table = |Contents { name, grid, gaps }| {
        let rows = grid.into_iter().map(|(number, cells)| (number, plain(cells))).collect();
        RawTable { name, rows, gaps }
    };
    Ok(read.into_iter().map(table).collect())
}

/// The cells of a sheet of ours.
fn contents(bytes: &[u8], format: SheetFormat) -> Result<Contents, SheetMistake> {
    check_size(bytes)?;
    let is_heading = |cell: &str| Column::of(cell).is_some();
    match format {
        SheetFormat::Csv => csv::read(bytes, false, Quoting::Marks, is_heading),
        SheetFormat::Tsv => csv::read(bytes, true, Quoting::Marks, is_heading),
        SheetFormat::Xlsx => xlsx::read(bytes),
    }
}

/// The mistake of a sheet with more rows than one import may have.
pub(in super::super) fn too_many_rows(rows: usize) -> Option<SheetMistake> {
    let mistake =
        || SheetMistake::of_sheet(format!("超过 {ROWS_MAX} 行"), "拆成几个文件，分次导入");
    (rows > ROWS_MAX).then(mistake)
}

fn check_size(bytes: &[u8]) -> Result<(), SheetMistake> {
    if bytes.len() <= FILE_BYTES_MAX {
        return Ok(());
    }
    let message = format!("文件超过 {} MB", FILE_BYTES_MAX >> 20);
    Err(SheetMistake::of_sheet(message, "拆成几个文件，分次导入"))
}

/// The column of each heading; `None` for one that is empty or not known, which is told.
fn read_headings(headings: &[String], mistakes: &mut Vec<SheetMistake>) -> Vec<Option<Column>> {
    let before = mistakes.len();
    let mut seen = Vec::new();
    let columns: Vec<Option<Column>> = headings
        .iter()
        .map(|heading| {
            let column = Column::of(heading);
            if column.is_some() && seen.contains(&column) {
                let message = format!("“{heading}”这一列有两个");
                mistakes.push(SheetMistake::of_sheet(message, "删掉其中一列"));
                return None;
            }
            seen.push(column);
            if column.is_none() && !heading.trim().is_empty() {
                let mend = match Column::like(heading) {
                    Some(column) => format!("是不是想写“{}”？", column.heading()),
                    None => format!("删掉这一列；可以有的列：{}", titles()),
                };
                mistakes.push(SheetMistake::of_sheet(format!("没有“{heading}”这一列"), mend));
            }
            column
        })
        .collect();
    if !columns.contains(&Some(Column::Id)) && mistakes.len() == before {
        let message = format!("没有“{}”这一列", Column::Id.heading());
        mistakes.push(SheetMistake::of_sheet(message, "导入按编号认条目，这一列不能少"));
    }
    columns
}

fn titles() -> String {
    Column::ALL.iter().map(|column| column.title()).collect::<Vec<_>>().join("、")
}

/// The cells of the known columns, in their order.
fn read_row(
    number: usize,
    cells: Vec<String>,
    columns: &[Option<Column>],
    mistakes: &mut Vec<SheetMistake>,
) -> Vec<String> {
    let mut cells = cells.into_iter();
    let mut known = Vec::with_capacity(columns.len());
    for column in columns {
        let cell = cells.next().unwrap_or_default();
        let Some(column) = column else { continue };
        if let Err(mistake) = check_length(number, *column, &cell) {
            mistakes.push(mistake);
        }
        known.push(unguarded(&cell).to_owned());
    }
    known
}

fn check_length(number: usize, column: Column, cell: &str) -> Result<(), SheetMistake> {
    // A byte or more for each character; counting is for the few that may be too long.
    if cell.len() <= CELL_CHARS_MAX || cell.chars().count() <= CELL_CHARS_MAX {
        return Ok(());
    }
    let message = format!("单元格超过 {CELL_CHARS_MAX} 字，Excel 放不下");
    Err(SheetMistake::at(number, column, message, "写得简短些，或拆成几个条目"))
}
