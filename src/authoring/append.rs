//! Adds an entry to the text of a file that stays as it is, byte for byte, otherwise.

use crate::knowledge::{Kind, Lookalike, SourceFile, Written};

/// A file with one more entry, and the number of the line on which that begins.
#[derive(Debug)]
pub(super) struct Appended {
    pub(super) bytes: Vec<u8>,
    pub(super) line: usize,
}

/// Adds an entry, given as lines without their indentation, after the last one.
///
/// `None` when the entries are not written as a list by indentation.
pub(super) fn append(file: &SourceFile, lines: &[String]) -> Option<Appended> {
    let written = Written::read(file)?;
    let text = written.text;
    let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let Kind::Map(pairs) = &written.root.kind else { return None };
    let (key, list) = pairs.iter().find(|(name, _)| name.value == "entries")?;
    let (at, indent, is_apart) = match &list.kind {
        Kind::List(items) => {
            let indent = dash_column(text, items.first()?.place.start)?;
            let at = before_remarks(text, next_line(text, list.place.end), indent);
            let is_apart = items.len() > 1 && is_below_a_gap(text, items.last()?.place.start);
            (at, indent, is_apart)
        }
        // The key of a file that has none so far.
        Kind::Scalar(scalar) if scalar.text.is_empty() => {
            (next_line(text, key.place.end), column(text, key.place.start) + 2, false)
        }
        Kind::Scalar(_) | Kind::Map(_) | Kind::Refused => return None,
    };
    let (before, after) = text.split_at_checked(at)?;
    let mut out = if written.byte_order_mark { "\u{feff}" } else { "" }.to_owned();
    out.push_str(before);
    if !before.ends_with('\n') {
        out.push_str(eol);
    }
    if is_apart {
        out.push_str(eol);
    }
    let line = out.matches('\n').count() + 1;
    for (place, part) in lines.iter().enumerate() {
        let mark = if place == 0 { "- " } else { "  " };
        out.extend([" ".repeat(indent).as_str(), mark, part, eol]);
    }
    out.push_str(after);
    Some(Appended { bytes: out.into_bytes(), line })
}

/// A text on one line, in quotation marks unless it surely reads as itself without.
pub(super) fn scalar(text: &str) -> String {
    let is_plain_inside = |c: char| c.is_alphanumeric() || "._ ，。？！、；（）“”《》".contains(c);
    let is_plain = text.starts_with(char::is_alphanumeric)
        && !text.ends_with(' ')
        && text.chars().all(is_plain_inside)
        && Lookalike::of(text).is_none();
    // What JSON takes for a text, YAML does.
    if is_plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

/// Goes back over remarks that stand further left than the entries and so are about what
/// comes after them.
fn before_remarks(text: &str, mut at: usize, indent: usize) -> usize {
    loop {
        let above = text.get(..at).unwrap_or_default();
        let line = above.lines().next_back().unwrap_or_default();
        let remark = line.trim_start();
        if !remark.starts_with('#') || line.len() - remark.len() >= indent {
            return at;
        }
        let before = above.trim_end_matches('\n').rfind('\n').map_or(0, |end| end + 1);
        // A gap above the remark goes with it.
        at = next_line(text, text.get(..before).unwrap_or_default().trim_end().len());
    }
}

/// Whether an empty line stands above the line of a place and its own remarks.
fn is_below_a_gap(text: &str, at: usize) -> bool {
    let above = text.get(..line_start(text, at)).unwrap_or_default().lines().rev();
    let above = above.map(str::trim).find(|line| !line.starts_with('#'));
    above.is_some_and(str::is_empty)
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

fn next_line(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find('\n').map_or(text.len(), |end| at + end + 1)
}

/// The column of the dash before an item, if nothing else stands before it on its line.
fn dash_column(text: &str, item: usize) -> Option<usize> {
    let before = text.get(line_start(text, item)..item)?;
    let mark = before.trim_start();
    mark.trim_end().eq("-").then(|| before.len() - mark.len())
}

/// How many characters stand before a byte on its line.
fn column(text: &str, at: usize) -> usize {
    text.get(line_start(text, at)..at).map_or(0, |before| before.chars().count())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile { path: "knowledge/a.yaml".to_owned(), bytes: text.into() }
    }

    fn appended(text: &str) -> Option<(String, usize)> {
        let entry = ["id: n.n".to_owned(), "tags: [x]".to_owned()];
        let done = append(&file(text), &entry)?;
        Some((String::from_utf8(done.bytes).unwrap(), done.line))
    }

    #[test]
    fn an_entry_comes_last_and_the_rest_stays() {
        let cases = [
            // (what it shows, text with | where the entry comes, the entry, its line)
            (
                "after the last",
                "entries:\n  - id: a.b\n    tags: [t]\n|",
                "  - id: n.n\n    tags: [x]\n",
                4,
            ),
            ("no line feed at the end", "entries:\n- id: a.b|", "\n- id: n.n\n  tags: [x]\n", 3),
            (
                "line feeds of Windows, and a mark",
                "\u{feff}entries:\r\n  - id: a.b\r\n|",
                "  - id: n.n\r\n    tags: [x]\r\n",
                3,
            ),
            (
                "entries apart",
                "entries:\n  - id: a.b\n\n  # 二\n  - id: a.c\n|",
                "\n  - id: n.n\n    tags: [x]\n",
                7,
            ),
            (
                "an empty line in an answer is no gap",
                "entries:\n  - id: a.a\n    answer: |\n      甲\n\n      乙\n  - id: a.b\n|",
                "  - id: n.n\n    tags: [x]\n",
                8,
            ),
            (
                "an own remark before, a key and its remark after",
                "entries:\n  - id: a.b  # 编号\n    # 待查\n|\n# 默认\nversion: 1\n",
                "  - id: n.n\n    tags: [x]\n",
                4,
            ),
            (
                "empty lines at the end",
                "entries:\n  - id: a.b\n    answer: |\n      甲\n|\n\n",
                "  - id: n.n\n    tags: [x]\n",
                5,
            ),
            (
                "an item in braces",
                "entries:\n  - {id: a.b,\n     tags: []}\n|",
                "  - id: n.n\n    tags: [x]\n",
                4,
            ),
            ("the first", "version: 1\nentries:\n|", "  - id: n.n\n    tags: [x]\n", 3),
        ];
        for (shows, text, entry, line) in cases {
            // The last | is the mark; others begin blocks.
            let (before, after) = text.rsplit_once('|').unwrap();
            let (text, expected) = (format!("{before}{after}"), format!("{before}{entry}{after}"));
            assert_eq!(appended(&text), Some((expected, line)), "{shows}");
        }
    }

    #[test]
    fn what_has_no_room_for_lines_is_left_alone() {
        for text in ["entries: [{id: a.b}]\n", "entries: []\n", "entries: no\n", "version: 1\n", ""]
        {
            assert_eq!(appended(text), None, "{text}");
        }
    }

    #[test]
    fn texts_are_quoted_where_they_must_be() {
        let cases = [
            // (what it shows, text, as written)
            ("a question", "提现多久到账？", "提现多久到账？"),
            ("words with a space", "iPhone 怎么登录", "iPhone 怎么登录"),
            ("a number", "12378", "\"12378\""),
            ("a word that is no text", "no", "\"no\""),
            ("a colon", "甲: 乙", "\"甲: 乙\""),
            ("a remark", "甲 #乙", "\"甲 #乙\""),
            ("a quotation mark", "说\"好\"", "\"说\\\"好\\\"\""),
            ("a dash in front", "- 甲", "\"- 甲\""),
            ("a space at the end", "甲 ", "\"甲 \""),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(scalar(text), expected, "{shows}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_it_was(text in r#"[ -~甲多久？：“‘，\n\t]{1,20}|[^\p{C}]{1,20}"#) {
            let entry = [format!("question: {}", scalar(&text))];
            let done = append(&file("entries:\n  - id: a.b\n"), &entry).unwrap();
            let done = SourceFile { path: "knowledge/a.yaml".to_owned(), bytes: done.bytes };
            let written = Written::read(&done).unwrap();
            let new = written.entries().last().unwrap();
            prop_assert_eq!(new.value("question").unwrap().raw_text(), Some(text.as_str()));
        }
    }
}
