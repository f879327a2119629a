//! Entries as rows of a sheet, and sheets as bytes of CSV and XLSX files.

mod cell;
mod column;
mod csv;
mod file;
mod gap;
mod grid;
mod mistake;
#[cfg(test)]
mod tests;
mod xlsx;

pub(crate) use cell::{is_same, normalized};
pub use column::Column;
pub(crate) use column::{ByDefault, Form};
pub use file::{Sheet, SheetFormat, SheetRow};
pub use mistake::SheetMistake;
