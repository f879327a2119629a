//! Columns of a table for a terminal, where a Han character is two cells wide.

use unicode_width::UnicodeWidthStr;

/// Rows as lines: the first `left` columns to the left, the others to the right, two spaces
/// between them.
pub(super) fn columns<const N: usize>(rows: &[[String; N]], left: usize) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).enumerate().map(|(place, (cell, width))| {
            let blanks = " ".repeat(width - cell.width());
            if place < left { format!("{cell}{blanks}") } else { format!("{blanks}{cell}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
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
