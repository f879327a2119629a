//! Emergency numbers in the texts that any customer may read, also one in danger.

use std::sync::LazyLock;

use regex::Regex;

use super::markdown;
use crate::knowledge::model::texts::PolicyText;

/// Police, ambulance, and the national hotline against suicide.
const NUMBERS: [&str; 3] = ["110", "120", "12356"];

/// Whether the program adds the line with the emergency numbers to a text.
pub(crate) fn needs_line(row: &PolicyText, text: &str) -> bool {
    static DIGITS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("[0-9]+").expect("a valid pattern"));
    // 96110 and 12110 are other numbers than 110.
    let has = |number: &str| DIGITS.find_iter(text).any(|digits| digits.as_str() == number);
    row.is_open && !NUMBERS.into_iter().all(has)
}

/// Adds the line to a text that needs it.
pub(crate) fn with_line(row: &PolicyText, text: String, line: &str) -> String {
    if !needs_line(row, &text) {
        return text;
    }
    // Notices are shown without Markdown.
    let line = if row.is_markdown { line.to_owned() } else { markdown::plain(line) };
    format!("{}\n{line}", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::model::texts::TEXTS;

    fn row(key: &str) -> &'static PolicyText {
        TEXTS.iter().find(|row| row.key == key).expect("a text of the policy")
    }

    #[test]
    fn the_line_comes_where_a_number_is_missing() {
        let cases = [
            // (what it shows, key, text, whether the line comes)
            ("none", "fallback", "没懂", true),
            ("one", "fallback", "没懂，急事打 110", true),
            ("another number", "off_hours", "请打 96110、120、12356", true),
            ("a longer number", "fallback", "1100 120 12356", true),
            ("all", "fallback_again", "110、120、12356", false),
            (
                "all, as links",
                "fallback",
                "[110](tel:110) [120](tel:120) [12356](tel:12356)",
                false,
            ),
            ("another text", "queued", "已排队", false),
        ];
        for (shows, key, text, expected) in cases {
            assert_eq!(needs_line(row(key), text), expected, "{shows}");
        }
        // Wherever nobody is at hand, and in each as it is shown.
        let line = "打 [110](tel:110)";
        for key in ["fallback", "fallback_again"] {
            assert_eq!(with_line(row(key), "没懂\n".into(), line), "没懂\n打 [110](tel:110)");
        }
        for key in ["off_hours", "no_agent", "queue_full"] {
            assert_eq!(with_line(row(key), "请留言".into(), line), "请留言\n打 110");
        }
    }
}
