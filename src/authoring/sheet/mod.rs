//! Entries as rows of a sheet, and sheets as bytes of CSV and XLSX files.

mod cell;
mod column;
mod csv;
mod export;
mod file;
mod gap;
mod grid;
mod mistake;
#[cfg(test)]
mod tests;
mod xlsx;

pub(crate) use cell::{is_same, normalized, without_list_mark};
pub use column::Column;
pub(crate) use column::Form;
pub use export::export;
pub(super) use export::{cell, default_of, own_value};
pub(super) use file::{REVIEW_MONTHS, RawTable, tables_of, too_many_rows};
pub use file::{Sheet, SheetFormat, SheetRow};
pub(super) use grid::HEADING_ROWS;
pub use mistake::SheetMistake;
