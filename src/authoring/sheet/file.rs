//! From rows of cells to a sheet with known columns, and back.

use super::{
    cell::{CELL_CHARS_MAX, guarded, unguarded},
    column::Column,
    csv::{self, Quoting},
    gap::{Gap, Gaps},
    grid::{Contents, Grid, HEADING_ROWS},
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
    /// Reads a file: each worksheet with our headings. Every mistake is told, of the headings and
    /// of the cells.
    pub fn read(bytes: &[u8], format: SheetFormat) -> Result<Sheet, Vec<SheetMistake>> {
        let contents = contents(bytes, format).map_err(|mistake| vec![mistake])?;
        let (mut sheets, mut mistakes) = (Vec::new(), Vec::new());
        let tables = tables_of_ours(contents);
        let is_one = tables.len() == 1;
        for contents in tables {
            let name = contents.name.clone().filter(|_| !is_one);
            match Self::of_table(contents) {
                Ok(mut sheet) => {
                    sheet.rows.iter_mut().for_each(|row| row.file.clone_from(&name));
                    sheets.push((name, sheet));
                }
                Err(told) => {
                    let named = |one| SheetMistake { file: name.clone(), ..one };
                    mistakes.extend(told.into_iter().map(named));
                }
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let whole = joined(sheets)?;
        match too_many_rows(whole.rows.len()) {
            Some(mistake) => Err(vec![mistake]),
            None => Ok(whole),
        }
    }

    fn of_table(contents: Contents) -> Result<Sheet, Vec<SheetMistake>> {
        let Contents { name, mut grid, gaps } = contents;
        let mend = "第一行写表头；kefu export 可以写出一份样子";
        let Some((first, _)) = grid.first() else {
            let told = Gaps::without_rows().mistakes(&gaps);
            let empty = || vec![SheetMistake::of_sheet("表格是空的", mend)];
            return Err(if told.is_empty() { empty() } else { told });
        };
        let Some(at) = heading_at(&grid) else {
            let name = name.map_or_else(String::new, |name| format!("工作表“{name}”"));
            let message = format!("{name}第 {first} 行不是表头");
            return Err(vec![SheetMistake::of_sheet(message, mend)]);
        };
        grid.drain(..at);
        let Some((heading_row, headings)) = grid.first().cloned() else { return Err(Vec::new()) };
        let gaps: Vec<Gap> =
            gaps.into_iter().filter(|gap| gap.touches(heading_row, |_| true)).collect();
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

/// The cells of a sheet of ours; of a workbook, those of all worksheets.
fn contents(bytes: &[u8], format: SheetFormat) -> Result<Vec<Contents>, SheetMistake> {
    check_size(bytes)?;
    let is_heading = |cell: &str| Column::of(cell).is_some();
    match format {
        SheetFormat::Csv => Ok(vec![csv::read(bytes, false, Quoting::Marks, is_heading)?]),
        SheetFormat::Tsv => Ok(vec![csv::read(bytes, true, Quoting::Marks, is_heading)?]),
        SheetFormat::Xlsx => xlsx::read_all(bytes),
    }
}

/// The mistake of a sheet with more rows than one import may have.
pub(in super::super) fn too_many_rows(rows: usize) -> Option<SheetMistake> {
    let mistake =
        || SheetMistake::of_sheet(format!("超过 {ROWS_MAX} 行"), "拆成几个文件，分次导入");
    (rows > ROWS_MAX).then(mistake)
}

/// The worksheets with two headings of ours, or else the first.
fn tables_of_ours(all: Vec<Contents>) -> Vec<Contents> {
    let is_ours = |contents: &Contents| {
        let is_explaining = contents.name.as_deref().is_some_and(xlsx::is_explaining);
        let first = contents.grid.iter().take(HEADING_ROWS);
        !is_explaining && first.map(|(_, cells)| known_headings(cells)).any(|known| known >= 2)
    };
    let ours = all.iter().any(is_ours);
    let wanted =
        |(at, contents): &(usize, Contents)| if ours { is_ours(contents) } else { *at == 0 };
    all.into_iter().enumerate().filter(wanted).map(|(_, contents)| contents).collect()
}

fn known_headings(cells: &[String]) -> usize {
    cells.iter().filter(|cell| Column::of(cell).is_some()).count()
}

/// The index of the row of the headings: the first with an id, or else the one with most that are
/// known; or the first row, if half of it was probably meant as headings.
fn heading_at(grid: &Grid) -> Option<usize> {
    let first = || grid.iter().take(HEADING_ROWS);
    let has_id = |cells: &[String]| cells.iter().any(|cell| Column::of(cell) == Some(Column::Id));
    let of_id = first().position(|(_, cells)| has_id(cells));
    let most = || {
        let counts = first().map(|(_, cells)| known_headings(cells)).enumerate();
        let best = counts.filter(|(_, known)| *known > 0).rev().max_by_key(|(_, known)| *known);
        best.map(|(at, _)| at)
    };
    let meant = || {
        let cells = grid.first()?.1.iter().filter(|cell| !cell.trim().is_empty());
        let (all, like) = cells.fold((0, 0), |(all, like), cell| {
            (all + 1, like + usize::from(Column::like(cell).is_some()))
        });
        (like * 2 >= all).then_some(0)
    };
    of_id.or_else(most).or_else(meant)
}

/// The rows of worksheets that have the same columns.
fn joined(sheets: Vec<(Option<String>, Sheet)>) -> Result<Sheet, Vec<SheetMistake>> {
    let mut sheets = sheets.into_iter();
    let Some((first, mut whole)) = sheets.next() else {
        return Ok(Sheet { columns: Vec::new(), rows: Vec::new() });
    };
    let mut mistakes = Vec::new();
    for (name, sheet) in sheets {
        let places = whole
            .columns
            .iter()
            .map(|column| sheet.columns.iter().position(|known| known == column));
        let places: Option<Vec<usize>> = places.collect();
        let Some(places) = places.filter(|places| places.len() == sheet.columns.len()) else {
            let first = first.as_deref().unwrap_or_default();
            let message = format!("列和工作表“{first}”的不一样");
            let mend = "写成一样的列，或分成几个文件，分次导入";
            mistakes.push(SheetMistake { file: name, ..SheetMistake::of_sheet(message, mend) });
            continue;
        };
        whole.rows.extend(sheet.rows.into_iter().map(|row| {
            let cells = places.iter().map(|at| row.cells.get(*at).cloned().unwrap_or_default());
            SheetRow { cells: cells.collect(), ..row }
        }));
    }
    if mistakes.is_empty() { Ok(whole) } else { Err(mistakes) }
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
