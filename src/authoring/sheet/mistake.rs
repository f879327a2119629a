//! What is wrong in a sheet, told by row and column.

use std::fmt;

use super::column::Column;

/// One mistake in a sheet, in Chinese, for those who filled it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetMistake {
    /// The file or worksheet, where rows come from more than one.
    pub file: Option<String>,
    /// As office programs count it, the heading being row 1; `None`: the sheet as a whole.
    pub row: Option<usize>,
    /// `None`: the row as a whole.
    pub column: Option<Column>,
    /// Such as `KB015` when the knowledge checks found it.
    pub code: Option<String>,
    /// What.
    pub message: String,
    /// How to mend it, and why if that helps.
    pub mend: String,
}

impl SheetMistake {
    pub(crate) fn of_sheet(message: impl Into<String>, mend: impl Into<String>) -> Self {
        let (message, mend) = (message.into(), mend.into());
        Self { file: None, row: None, column: None, code: None, message, mend }
    }

    pub(crate) fn at(
        row: usize,
        column: Column,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { row: Some(row), column: Some(column), ..Self::of_sheet(message, mend) }
    }

    /// Where: `第 12 行“标准问”`, with the file before it where there are several.
    pub fn place(&self) -> String {
        let file = self.file.as_deref().map_or_else(String::new, |file| format!("{file} "));
        let row = self.row.map_or_else(|| "表格".to_owned(), |row| format!("第 {row} 行"));
        let column = self.column.map(|column| format!("“{}”", column.title()));
        file + &row + &column.unwrap_or_default()
    }
}

impl fmt::Display for SheetMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.as_ref().map_or_else(String::new, |code| format!("[{code}]"));
        write!(f, "错误{code}：{}：{}", self.place(), self.message)?;
        if self.mend.is_empty() { Ok(()) } else { write!(f, "\n  = 改法：{}", self.mend) }
    }
}
