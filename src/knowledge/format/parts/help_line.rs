//! Emergency numbers in the texts that any customer may read, also one in danger.

use std::sync::LazyLock;

use regex::Regex;

use super::markdown;

/// Texts that the bot says when it found no answer or no agent works. It does not know then
/// whether the customer needs an answer or an ambulance.
pub(crate) const OPEN_TEXTS: [&str; 3] = ["fallback", "fallback_again", "off_hours"];

/// Police, ambulance, and the national hotline against suicide.
const NUMBERS: [&str; 3] = ["110", "120", "12356"];

/// Whether the program adds the line with the emergency numbers to a text.
pub(crate) fn needs_line(key: &str, text: &str) -> bool {
    static DIGITS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("[0-9]+").expect("a valid pattern"));
    // 96110 and 12110 are other numbers than 110.
    let has = |number: &str| DIGITS.find_iter(text).any(|digits| digits.as_str() == number);
    OPEN_TEXTS.contains(&key) && !NUMBERS.into_iter().all(has)
}

/// Adds the line to a text that needs it.
pub(crate) fn with_line(key: &str, text: String, line: &str) -> String {
    if !needs_line(key, &text) {
        return text;
    }
    // Notices are shown without Markdown.
    let line = if key == "off_hours" { markdown::plain(line) } else { line.to_owned() };
    format!("{}\n{line}", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(needs_line(key, text), expected, "{shows}");
        }
        assert_eq!(
            with_line("fallback", "没懂\n".into(), "打 [110](tel:110)"),
            "没懂\n打 [110](tel:110)"
        );
        assert_eq!(with_line("off_hours", "下班了".into(), "打 [110](tel:110)"), "下班了\n打 110");
    }
}
