//! Rows of cells, as they stand in a file of any kind.

use super::gap::Gap;

/// In how many rows the headings are looked for: some tables have a title above them.
pub(in super::super) const HEADING_ROWS: usize = 5;

/// Most bytes of the text of all cells.
pub(super) const TEXT_BYTES_MAX: usize = 200 << 20;

/// Cells as they stand in a file: the number of each row that is not empty, and its cells.
pub(super) type Grid = Vec<(usize, Vec<String>)>;

/// What a file holds, and what it shows without holding it.
pub(super) struct Contents {
    /// The name of the worksheet, in a workbook.
    pub(super) name: Option<String>,
    pub(super) grid: Grid,
    pub(super) gaps: Vec<Gap>,
}
