//! Minifies scripts and styles.

/// A script without comment lines, blank lines and indentation. Texts between backticks stay
/// unchanged. No line is changed inside, so the program stays the same. A script where lines alone
/// cannot decide is left as it is.
pub(super) fn script(text: &str) -> String {
    slim(text, true).unwrap_or_else(|| text.to_owned())
}

/// As [`script`], for a style sheet, which has only block comments.
pub(super) fn style(text: &str) -> String {
    slim(text, false).unwrap_or_else(|| text.to_owned())
}

fn slim(text: &str, is_script: bool) -> Option<String> {
    let mut slim = String::with_capacity(text.len());
    let (mut in_comment, mut in_text) = (false, false);
    for line in text.lines() {
        let trimmed = line.trim();
        if in_comment {
            in_comment = !trimmed.contains("*/");
            // More of the line is code, and the start of the comment is already dropped.
            if !in_comment && !trimmed.ends_with("*/") {
                return None;
            }
            continue;
        }
        if !in_text {
            if trimmed.is_empty() || is_script && trimmed.starts_with("//") {
                continue;
            }
            if let Some(rest) = trimmed.strip_prefix("/*").filter(|rest| !is_followed(rest)) {
                in_comment = !rest.contains("*/");
                continue;
            }
            // A comment may start after code and fill the next lines.
            if trimmed.rfind("/*") > trimmed.rfind("*/") {
                return None;
            }
        }
        slim.push_str(if in_text { line } else { line.trim_start() });
        slim.push('\n');
        in_text ^= is_script && backticks(line) % 2 == 1;
    }
    (!in_comment && !in_text).then_some(slim)
}

/// Whether code follows the comment on its line: the comment may be the type of that code.
fn is_followed(rest: &str) -> bool {
    rest.find("*/").is_some_and(|at| at + 2 < rest.len())
}

/// The number of backticks that start or end a text.
fn backticks(line: &str) -> usize {
    let escaped = line.matches("\\`").count();
    line.matches('`').count() - escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_blank_lines_and_indentation_go_and_all_else_stays() {
        let cases = [
            ("a comment and a blank line", "// why\n\nlet a = 1; // one\n", "let a = 1; // one\n"),
            ("indentation", "if (a) {\n  b();\n}\n", "if (a) {\nb();\n}\n"),
            ("a block", "/**\n * Why `not\n */\na();\n", "a();\n"),
            ("a block on a line", "/** Why. */\na();\n", "a();\n"),
            ("what follows a block", "/** @type {B} */ (a).b();\n", "/** @type {B} */ (a).b();\n"),
            ("two on a line", "/* a */ b(); /* c */\n", "/* a */ b(); /* c */\n"),
            (
                "a text over lines",
                "a(`b\n  // c\n\n  ${d}`);\n  e();\n",
                "a(`b\n  // c\n\n  ${d}`);\ne();\n",
            ),
            ("two texts on a line", "  a(`b`, `c`);\n  // d\n", "a(`b`, `c`);\n"),
            ("an escaped backtick", "a(`b\\``);\n  // c\n", "a(`b\\``);\n"),
            ("a backtick in a comment", "// a ` b\n  c();\n", "c();\n"),
            ("an address", "  a('https://b');\n", "a('https://b');\n"),
            ("no pairs", "a('`');\n  // b\n", "a('`');\n  // b\n"),
            ("more after a block", "/* a\n */ b();\n  c();\n", "/* a\n */ b();\n  c();\n"),
            ("a block after more", "a(); /* b\n  /* c */\n", "a(); /* b\n  /* c */\n"),
            ("a block after a text", "a(`b`); /* c */\n  d();\n", "a(`b`); /* c */\nd();\n"),
            ("no end", "/* a\n  b();\n", "/* a\n  b();\n"),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(script(text), expected, "{shows}");
        }
    }

    #[test]
    fn a_style_sheet_has_comments_of_one_kind() {
        let text = "/* why\n   and how */\na {\n  color: red; /* b */\n}\n\n//c {}\n";
        assert_eq!(style(text), "a {\ncolor: red; /* b */\n}\n//c {}\n");
    }
}
