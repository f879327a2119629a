//! Texts of others in a line of a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text in at most so many cells and without characters that would move the cursor or
/// turn the line around; what is cut off is an ellipsis.
pub(super) fn clip(text: &str, cells: usize) -> String {
    let plain: String = text.chars().map(|one| if is_shown(one) { one } else { ' ' }).collect();
    if plain.width() <= cells {
        return plain;
    }
    let mut left = cells.saturating_sub(1);
    let mut clipped = String::new();
    for one in plain.chars() {
        let Some(rest) = left.checked_sub(one.width().unwrap_or(0)) else { break };
        left = rest;
        clipped.push(one);
    }
    clipped.push('…');
    clipped
}

fn is_shown(one: char) -> bool {
    let turns =
        matches!(one, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !one.is_control() && !matches!(one, '\u{2028}' | '\u{2029}') && !turns
}

#[cfg(test)]
mod tests {
    use super::clip;

    #[test]
    fn what_is_shown_fits_and_stays_in_its_line() {
        let cases = [
            // (what it shows, text, cells, expected)
            ("it fits", "提现多久", 8, "提现多久"),
            ("half a character does not", "提现多久", 7, "提现多…"),
            ("cut between two cells", "提现多久", 6, "提现…"),
            ("lines and commands to the terminal", "提\n现\u{1b}[2J", 20, "提 现 [2J"),
            ("text that turns around", "a\u{202e}b", 20, "a b"),
        ];
        for (shows, text, cells, expected) in cases {
            assert_eq!(clip(text, cells), expected, "{shows}");
        }
    }
}
