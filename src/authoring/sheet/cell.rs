//! What stands in a cell, and what it means.

use super::column::{Column, Form};

/// Most characters that office programs keep in a cell.
pub(crate) const CELL_CHARS_MAX: usize = 32_767;

/// Signs with which office programs begin a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text as it is put into a cell: never a formula.
pub(super) fn guarded(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text of a cell, as [`guarded`] was given it.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_formula(text) => text,
        _ => cell,
    }
}

/// Whether a text begins as a formula does, apostrophes aside: a text that begins with `'=`
/// gets one more, of which one is taken off again.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// A cell without what makes no difference: line ends of other systems, blanks that the
/// checks pass over, and the ways in which office programs write dates.
pub(crate) fn normalized(column: Column, cell: &str) -> String {
    let text = cell.replace("\r\n", "\n").replace('\r', "\n");
    let lines = |trim: bool| {
        let lines = text.split('\n').filter(|line| !line.trim().is_empty());
        lines.map(|line| if trim { line.trim() } else { line }).collect::<Vec<_>>().join("\n")
    };
    match column.form() {
        Form::Word | Form::Question => text.trim().to_owned(),
        Form::Date => iso_date(text.trim()).unwrap_or_else(|| text.trim().to_owned()),
        Form::Text | Form::Prose => text,
        // Patterns may begin with any sign.
        Form::Questions if column == Column::Patterns => lines(true),
        Form::Questions | Form::Steps => items(&text),
        Form::Words => lines(column == Column::FollowUps),
        Form::Facts => facts(&text),
    }
}

/// The lines that are not empty, without the signs of lists. What is read is read again from the
/// file, so that no sign may be left.
fn items(text: &str) -> String {
    let bare = |line| {
        let mut item = without_list_mark(line);
        while let shorter = without_list_mark(item)
            && shorter.len() < item.len()
        {
            item = shorter;
        }
        item
    };
    let items = text.split('\n').map(bare);
    items.filter(|item| !item.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A line without the sign or the number of a list: `1. 打开 App`, `① 打开 App` and
/// `第一步：打开 App` are 打开 App. A number that goes on is a part of the text, as in `1.5 倍` and
/// `5、6 月`.
pub(crate) fn without_list_mark(line: &str) -> &str {
    let line = line.trim();
    if ["-", "*", "+"].contains(&line) {
        return "";
    }
    if let Some(text) =
        ["- ", "* ", "+ ", "•", "·", "●"].iter().find_map(|sign| line.strip_prefix(sign))
    {
        return text.trim();
    }
    let is_circled = |c: char| ('①'..='⑳').contains(&c);
    if let Some(text) = line.strip_prefix(is_circled) {
        return if text.starts_with(is_circled) {
            line
        } else {
            text.trim_start_matches('、').trim()
        };
    }
    if let Some(text) = line.strip_prefix('第').and_then(after_step) {
        return text.trim();
    }
    let text = line.trim_start_matches(|sign: char| sign.is_ascii_digit());
    if !(1..=2).contains(&(line.len() - text.len())) {
        return line;
    }
    match text.strip_prefix(['.', '、', '．', ')', '）']) {
        Some(text) if !text.starts_with(|next: char| next.is_ascii_digit()) => text.trim(),
        Some(_) | None => line,
    }
}

/// What follows the number of a step: `2步：` or `十一步，`.
fn after_step(text: &str) -> Option<&str> {
    let is_number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let rest = text.trim_start().trim_start_matches(is_number);
    let has_number = rest.len() < text.trim_start().len();
    let rest = rest.trim_start().strip_prefix('步').filter(|_| has_number)?;
    rest.strip_prefix(['：', ':', '，', ',', '、', '.', ' '])
}

/// Names with values, without blanks and empty parts.
fn facts(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let (name, values) = line.split_once(['=', '＝']).unwrap_or((line, ""));
        let values = values.split([',', '，', '、']).map(str::trim);
        let values: Vec<&str> = values.filter(|value| !value.is_empty()).collect();
        (name.trim(), values.join(","))
    });
    let lines = lines.filter(|(name, values)| !name.is_empty() || !values.is_empty());
    lines.map(|(name, values)| format!("{name}={values}")).collect::<Vec<_>>().join("\n")
}

/// `2026/1/2`, `2026.1.2` and `2026年1月2日` as `2026-01-02`.
fn iso_date(text: &str) -> Option<String> {
    let mut parts = text.trim_end_matches('日').split(['-', '/', '.', '年', '月']);
    let mut number = |lengths: std::ops::RangeInclusive<usize>| {
        let part = parts.next().filter(|part| lengths.contains(&part.len()))?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u16>().ok())?
    };
    let (year, month, day) = (number(4..=4)?, number(1..=2)?, number(1..=2)?);
    parts.next().is_none().then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Whether a text is what a cell says; office programs like to add line feeds at the end.
pub(crate) fn is_same(column: Column, wanted: &str, found: &str) -> bool {
    match column.form() {
        Form::Text | Form::Prose => wanted == found || wanted.trim_end() == found,
        Form::Word
        | Form::Date
        | Form::Question
        | Form::Questions
        | Form::Steps
        | Form::Words
        | Form::Facts => wanted == found,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_defused_and_texts_come_back() {
        let cases = [
            // (what it shows, text, cell)
            ("a plain text", "提现", "提现"),
            ("a formula", "=1+1", "'=1+1"),
            ("a list", "- 甲", "'- 甲"),
            ("a tab", "\t甲", "'\t甲"),
            ("an apostrophe before a formula", "'=1", "''=1"),
            ("an apostrophe", "'甲", "'甲"),
            ("an apostrophe alone", "'", "'"),
        ];
        for (shows, text, cell) in cases {
            assert_eq!(guarded(text), cell, "{shows}");
            assert_eq!(unguarded(cell), text, "{shows}");
        }
        assert_eq!(unguarded("=1"), "=1", "what a person typed without an apostrophe");
    }

    #[test]
    fn dates_of_office_programs_are_read() {
        let cases = [
            ("the right form", "2026-11-22", "2026-11-22"),
            ("of Excel in China", "2026/1/2", "2026-01-02"),
            ("with stops", "2026.01.02", "2026-01-02"),
            ("in Chinese", "2026年1月2日", "2026-01-02"),
            ("no such day is left to the checks", "2026/13/40", "2026-13-40"),
            ("day first is nobody's guess", "2/1/2026", "2/1/2026"),
            ("a word", "明天", "明天"),
            ("a part more", "2026/1/2/3", "2026/1/2/3"),
        ];
        for (shows, cell, expected) in cases {
            assert_eq!(normalized(Column::Checked, cell), expected, "{shows}");
        }
    }

    #[test]
    fn the_marks_of_lists_are_taken_off_steps() {
        let cases = [
            ("a sign", " - 打开 App ", "打开 App"),
            (
                "numbers",
                "1. 打开\n2、 点提现\n3） 输密码\n12.看结果",
                "打开\n点提现\n输密码\n看结果",
            ),
            ("empty lines", "打开\r\n\r\n- \r\n点", "打开\n点"),
            (
                "a number of the text",
                "1.5 倍以上\n5、6 月\n2026 年",
                "1.5 倍以上\n5、6 月\n2026 年",
            ),
            ("a negative number", "-1 元", "-1 元"),
            ("two signs", "- 1. 打开\n1. 1.点", "打开\n点"),
            ("circled numbers", "①打开\n② 点提现\n⑳、看结果", "打开\n点提现\n看结果"),
            ("circled numbers of the text", "①②都要", "①②都要"),
            ("steps", "第1步：打开\n第二步，点提现\n第十一步 看结果", "打开\n点提现\n看结果"),
            ("a step of the text", "第一步做完再做第二步", "第一步做完再做第二步"),
        ];
        for (shows, cell, expected) in cases {
            assert_eq!(normalized(Column::Steps, cell), expected, "{shows}");
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "['=+@\\-\t\r甲]{0,6}") {
            let cell = guarded(&text);
            prop_assert_eq!(unguarded(&cell), text.as_str());
            prop_assert!(!cell.starts_with(FORMULA));
        }
    }
}
