//! Scripts and styles without what only their authors read.

/// A script without comments that fill whole lines, blank lines and indentation; texts between
/// backticks stay as they are. Nothing inside of a line is changed, so that what is left is the
/// same program. A script in which this cannot be told by lines is left alone.
pub(super) fn script(text: &str) -> String {
    slim(text, true).unwrap_or_else(|| text.to_owned())
}

/// The same of a style sheet, which has comments of one kind.
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
            // More of the line is code, and the comment's beginning is gone already.
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
            // A comment may begin behind the code and fill the next lines.
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

/// Whether something follows the comment on its line: it may say the type of that.
fn is_followed(rest: &str) -> bool {
    rest.find("*/").is_some_and(|at| at + 2 < rest.len())
}

/// Backticks that begin or end a text.
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
