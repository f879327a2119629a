//! What comes of importing a sheet.

use super::super::sheet::SheetMistake;
use crate::knowledge::{Diagnostic, SourceFile};

/// What a sheet does to a root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Files that are new or say something else now, sorted by path.
    pub files: Vec<SourceFile>,
    /// Rows whose id is new.
    pub added: usize,
    /// Rows that change their entry.
    pub changed: usize,
    /// Rows that say what their entry says already.
    pub unchanged: usize,
    /// Rows whose entry is there already, and was left alone.
    pub kept: usize,
    /// Entries without a row.
    pub missing: usize,
    /// How many of those were taken out of service.
    pub retired: usize,
}

/// What becomes of entries without a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// They stay as they are.
    Stay,
    /// Their `status` becomes `retired`.
    Retire,
}

/// Why nothing is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportRefusal {
    /// What is wrong in the sheet, by row.
    pub mistakes: Vec<SheetMistake>,
    /// What is wrong elsewhere in the root, or would be.
    pub diagnostics: Vec<Diagnostic>,
}
