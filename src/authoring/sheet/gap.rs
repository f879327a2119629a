//! Cells that are not empty although their file holds nothing for them.
//!
//! An empty cell takes a value away. So a cell must not be taken for empty when a person sees
//! something in it, or has written a formula that is to give something.

use std::collections::BTreeSet;

use super::{
    column::{Column, Form},
    mistake::SheetMistake,
};

/// Where a file does not hold what a person sees. Rows count from 1 as office programs count
/// them, columns from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Merged cells, from first to last. Only the one at the top left holds something; others
    /// may, which nobody sees.
    Merged { rows: (usize, usize), columns: (usize, usize) },
    /// A formula that gives nothing.
    Formula { row: usize, column: usize, value: FormulaValue },
    /// An error value, such as `#DIV/0!`.
    Wrong { row: usize, column: usize, told: String },
    /// A number, a day or a truth value that a person sees in another form than the stored one.
    Formatted { row: usize, column: usize, stored: String },
}

impl Gap {
    /// Whether it lies in the row or under it, and in one of the columns.
    pub(super) fn touches(&self, from_row: usize, is_read: impl Fn(usize) -> bool) -> bool {
        match self {
            Gap::Merged { rows, columns } => {
                rows.1 >= from_row && (columns.0..=columns.1).any(is_read)
            }
            Gap::Formula { row, column, .. }
            | Gap::Wrong { row, column, .. }
            | Gap::Formatted { row, column, .. } => *row >= from_row && is_read(*column),
        }
    }
}

/// What stands for the value of a formula that gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormulaValue {
    /// It was not calculated when the file was written.
    Missing,
    /// It was calculated, and shows nothing.
    Blank,
}

/// Where a gap does harm.
pub(super) struct Gaps<'c> {
    /// The row of the headings.
    pub(super) heading_row: usize,
    /// The columns of the headings; `None` for one that is not known.
    pub(super) columns: &'c [Option<Column>],
    /// The rows in which something stands, the headings included.
    pub(super) rows: BTreeSet<usize>,
}

impl Gaps<'_> {
    /// Of a sheet in which nothing stands.
    pub(super) fn without_rows() -> Self {
        Self { heading_row: usize::MAX, columns: &[], rows: BTreeSet::new() }
    }

    /// A mistake for each gap that would be taken for something to import: in the headings, or
    /// in a known column of a row in which something stands.
    pub(super) fn mistakes(&self, gaps: &[Gap]) -> Vec<SheetMistake> {
        let mistakes = gaps.iter().filter_map(|gap| match gap {
            Gap::Merged { rows, columns } => self.merged(*rows, *columns),
            Gap::Formula { row, column, value } => self.formula(*row, *column, *value),
            Gap::Wrong { row, column, told } => {
                let message = format!("单元格里是错误值 {told}");
                Some(self.at(*row, *column, message, "改正公式，或写上文字"))
            }
            Gap::Formatted { row, column, stored } => self.formatted(*row, *column, stored),
        });
        mistakes.collect()
    }

    fn merged(&self, rows: (usize, usize), columns: (usize, usize)) -> Option<SheetMistake> {
        let (row, column) = self.rows.range(rows.0..=rows.1).find_map(|row| {
            let covered = |column: &usize| (*row, *column) != (rows.0, columns.0);
            if *row == self.heading_row {
                // Under a heading that is wider than its column another heading is lost.
                let first = (columns.0..=columns.1).find(covered)?;
                return (columns.0 < self.columns.len()).then_some((*row, first));
            }
            let last = columns.1.min(self.columns.len().checked_sub(1)?);
            let known = |column: &usize| covered(column) && self.known(*column).is_some();
            (columns.0..=last).find(known).map(|column| (*row, column))
        })?;
        let range = format!("{}:{}", cell_name(rows.0, columns.0), cell_name(rows.1, columns.1));
        let message = format!("{range} 是合并单元格，除了左上角那一格，文件里都没有内容");
        Some(self.at(row, column, message, "取消合并并填满每一格"))
    }

    fn formula(&self, row: usize, column: usize, value: FormulaValue) -> Option<SheetMistake> {
        // Formulas that were pulled down beyond the last entry show nothing, and mean nothing.
        let is_used = value == FormulaValue::Missing || self.rows.contains(&row);
        if row > self.heading_row && !(is_used && self.known(column).is_some()) {
            return None;
        }
        let name = cell_name(row, column);
        let (message, mend) = match value {
            FormulaValue::Missing => (
                format!("{name} 是公式，文件里没有算出来的值"),
                "用 Excel 或 WPS 打开，把公式换成它的值（选择性粘贴：数值），再存一次",
            ),
            FormulaValue::Blank => (
                format!("{name} 是公式，算出来是空的"),
                "要留空就删掉公式；不然换成它的值（选择性粘贴：数值）",
            ),
        };
        Some(self.at(row, column, message, mend))
    }

    /// In a text the form counts; days and words are read whatever their form.
    fn formatted(&self, row: usize, column: usize, stored: &str) -> Option<SheetMistake> {
        let form = self.known(column)?.form();
        if row <= self.heading_row || matches!(form, Form::Word | Form::Date | Form::Facts) {
            return None;
        }
        let name = cell_name(row, column);
        let message = format!("{name} 显示的和文件里存的不一样（存的是 {stored}）");
        Some(self.at(row, column, message, "把这一列设成“文本”，照显示的样子重新输入"))
    }

    fn known(&self, column: usize) -> Option<Column> {
        self.columns.get(column).copied().flatten()
    }

    fn at(&self, row: usize, column: usize, message: String, mend: &str) -> SheetMistake {
        let mistake = SheetMistake::of_sheet(message, mend);
        SheetMistake { row: Some(row), column: self.known(column), ..mistake }
    }
}

/// Such as `C3`.
fn cell_name(row: usize, column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.into_iter().rev().collect::<String>() + &row.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_the_names_of_office_programs() {
        let cases = [
            (1, 0, "A1"),
            (3, 2, "C3"),
            (2, 25, "Z2"),
            (9, 26, "AA9"),
            (1, 701, "ZZ1"),
            (1, 702, "AAA1"),
        ];
        for (row, column, name) in cases {
            assert_eq!(cell_name(row, column), name);
        }
    }

    #[test]
    fn merged_cells_are_told_where_something_is_lost() {
        // Headings in row 2; no heading is known in column C; rows 3, 4 and 6 hold something.
        let columns = [Some(Column::Id), Some(Column::Status), None, Some(Column::Tags)];
        let gaps = Gaps { heading_row: 2, columns: &columns, rows: [2, 3, 4, 6].into() };
        let cases = [
            // (what it shows, rows, columns, told)
            ("down a column", (3, 6), (1, 1), "第 4 行“状态” B3:B6"),
            ("along a row", (3, 3), (0, 1), "第 3 行“状态” A3:B3"),
            ("a block", (4, 6), (0, 1), "第 4 行“状态” A4:B6"),
            ("from an unknown column into a known one", (3, 3), (2, 3), "第 3 行“标签” C3:D3"),
            ("from an empty row down", (5, 6), (3, 3), "第 6 行“标签” D5:D6"),
            ("headings", (2, 2), (1, 2), "第 2 行 B2:C2"),
            ("the last heading", (2, 2), (3, 4), "第 2 行 D2:E2"),
            ("a heading and what is under it", (2, 3), (1, 1), "第 3 行“状态” B2:B3"),
            ("over the headings", (1, 2), (0, 0), "第 2 行“编号” A1:A2"),
            ("from a known column into an unknown one", (3, 3), (1, 2), ""),
            ("unknown columns", (3, 6), (2, 2), ""),
            ("beyond the last column", (3, 6), (4, 9), ""),
            ("beside the headings", (2, 2), (4, 5), ""),
            ("into empty rows", (4, 5), (1, 1), ""),
            ("under the last row", (7, 20), (0, 3), ""),
            ("over the headings, where nothing stands", (1, 1), (0, 3), ""),
            ("one cell", (3, 3), (1, 1), ""),
        ];
        for (shows, rows, columns, expected) in cases {
            let told = gaps.mistakes(&[Gap::Merged { rows, columns }]);
            let told = told
                .iter()
                .map(|one| format!("{} {}", one.place(), one.message.split(' ').next().unwrap()));
            assert_eq!(told.collect::<String>(), expected, "{shows}");
        }
    }

    #[test]
    fn formulas_are_told_where_something_is_lost() {
        use FormulaValue::{Blank, Missing};
        let columns = [Some(Column::Id), None];
        let gaps = Gaps { heading_row: 1, columns: &columns, rows: [1, 2].into() };
        let cases = [
            // (what it shows, row, column, value, whether it is told)
            ("of an entry", 2, 0, Missing, true),
            ("blank, of an entry", 2, 0, Blank, true),
            ("of a row that is otherwise empty", 3, 0, Missing, true),
            ("blank, pulled down too far", 3, 0, Blank, false),
            ("of an unknown column", 2, 1, Missing, false),
            ("beyond the columns", 2, 7, Missing, false),
            ("of a heading", 1, 7, Missing, true),
            ("blank, of a heading", 1, 0, Blank, true),
        ];
        for (shows, row, column, value, expected) in cases {
            let told = gaps.mistakes(&[Gap::Formula { row, column, value }]);
            assert_eq!(!told.is_empty(), expected, "{shows}");
        }
    }
}
