//! Entries as rows of a sheet, and sheets as bytes of CSV and XLSX files.

mod cell;
mod column;
mod csv;
mod gap;
mod grid;
mod mistake;
#[cfg(test)]
mod tests;
mod xlsx;

pub(crate) use cell::{CELL_CHARS_MAX, normalized};
pub use column::Column;
pub(crate) use column::{ByDefault, Form};
pub use grid::{Sheet, SheetFormat, SheetRow};
pub use mistake::SheetMistake;
