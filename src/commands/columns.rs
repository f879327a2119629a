//! Columns of a table for a terminal, where a Han character is two cells wide.

use comfy_table::{CellAlignment, Table, presets::NOTHING};

/// Blanks between two columns.
const GAP: u16 = 2;

/// Rows as lines: the first `left` columns to the left, the others to the right, two spaces
/// between them.
pub(super) fn columns<const N: usize>(rows: &[[String; N]], left: usize) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(NOTHING).add_rows(rows.iter().cloned());
    for (place, column) in table.column_iter_mut().enumerate() {
        let side = if place < left { CellAlignment::Left } else { CellAlignment::Right };
        column.set_cell_alignment(side);
        column.set_padding((if place == 0 { 0 } else { GAP }, 0));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_their_characters() {
        let rows = [["", "总数"], ["account", "7"], ["意图", "1234567"]];
        let lines = columns(&rows.map(|row| row.map(str::to_owned)), 1);
        assert_eq!(lines, ["            总数", "account        7", "意图     1234567"]);
    }
}
