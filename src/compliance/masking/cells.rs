//! Cells: the visible characters of a text in plain form, with their positions.

use super::personal_data::PersonalData;
use super::tag::Tag;
use crate::text::plain_forms;

/// A plain character, or a tag that replaces many characters.
#[derive(Clone, Copy, Debug)]
pub(in crate::compliance) struct Cell {
    /// Lower case, Simplified, of plain width.
    pub(in crate::compliance) c: char,
    /// The tag, if the cell is one; `c` then has no meaning.
    pub(super) tag: Option<Tag>,
    /// Whether masking made the tag; `false` for a tag that was in the text.
    is_new: bool,
    /// The range of characters in the text, end excluded. Several cells may share one character.
    pub(in crate::compliance) from: usize,
    pub(in crate::compliance) to: usize,
}

impl Cell {
    /// A new tag in place of `cells`; `None` if there are none.
    pub(super) fn over(cells: &[Cell], tag: Tag) -> Option<Cell> {
        let (first, last) = (cells.first()?, cells.last()?);
        Some(Cell { c: TAG, tag: Some(tag), is_new: true, from: first.from, to: last.to })
    }

    /// Whether it stands for personal data.
    pub(in crate::compliance) fn is_tag(&self) -> bool {
        self.tag.is_some()
    }

    /// Whether both come from one character of the text, such as `1` and `0` from ⑩.
    pub(in crate::compliance) fn shares_character(&self, next: &Cell) -> bool {
        next.from < self.to
    }

    pub(in crate::compliance) fn is_secret(&self) -> bool {
        self.tag.is_some_and(|tag| tag.data.is_secret())
    }

    pub(in crate::compliance) fn is_ascii_digit(&self) -> bool {
        self.c.is_ascii_digit()
    }

    pub(in crate::compliance) fn is_ascii_letter(&self) -> bool {
        self.c.is_ascii_alphabetic()
    }

    pub(in crate::compliance) fn is_white_space(&self) -> bool {
        self.tag.is_none() && self.c.is_whitespace()
    }

    /// Whether it separates words, numbers and tags.
    pub(in crate::compliance) fn is_separator(&self) -> bool {
        self.tag.is_none() && (!self.c.is_alphanumeric() || self.c == LONG_VOWEL)
    }
}

/// The cells of a text.
pub(in crate::compliance) fn read(text: &str) -> Vec<Cell> {
    let chars: Vec<char> = text.chars().collect();
    let mut cells: Vec<Cell> = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if let Some((tag, length)) = chars.get(at..).and_then(Tag::read) {
            let to = at + length;
            cells.push(Cell { c: TAG, tag: Some(tag), is_new: false, from: at, to });
            at = to;
            continue;
        }
        let seen = cells.len();
        plain_forms(c, |c| {
            cells.push(Cell { c, tag: None, is_new: false, from: at, to: at + 1 });
        });
        at += 1;
        // An invisible character belongs to the cell before it.
        if cells.len() == seen
            && let Some(last) = cells.last_mut().filter(|last| last.tag.is_none())
        {
            last.to = at;
        }
    }
    cells
}

/// The text with its new tags, and the data that they replace.
pub(super) fn write(text: &str, cells: &[Cell]) -> (String, Vec<PersonalData>) {
    let mut masked = String::with_capacity(text.len());
    let mut found = Vec::new();
    let mut chars = text.chars();
    let mut taken = 0;
    for cell in cells.iter().filter(|cell| cell.is_new) {
        if let Some(tag) = cell.tag {
            masked.extend(chars.by_ref().take(cell.from - taken));
            // `nth` takes one more than its argument, and a tag covers at least one.
            chars.nth(cell.to - cell.from - 1);
            taken = cell.to;
            tag.write(&mut masked);
            found.push(tag.data);
        }
    }
    masked.extend(chars);
    (masked, found)
}

/// The last `n` cells, or all if there are fewer.
pub(super) fn last(cells: &[Cell], n: usize) -> &[Cell] {
    cells.get(cells.len().saturating_sub(n)..).unwrap_or(cells)
}

/// The object replacement character: a tag replaces an object.
const TAG: char = '\u{fffc}';

/// ー is a letter in Japanese, but typed as a dash in Chinese.
const LONG_VOWEL: char = '\u{30fc}';

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn a_text_without_new_tags_is_written_as_it_was() {
        for text in ["", "\u{200b}1️⃣⑩ 密\u{ad}碼 [手机号…8000]\u{200b}", "[密码已删除", "e\u{301}"]
        {
            assert_eq!(write(text, &read(text)), (text.to_owned(), vec![]), "{text}");
        }
    }
}
