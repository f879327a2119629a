//! Cells: the visible characters of a text in plain form, with their positions.

use super::hint::Hint;
use super::personal_data::PersonalData;
use super::tag::Tag;
use crate::text::plain_forms;

/// A plain character, a tag that replaces many characters, or a hint from an earlier message.
#[derive(Clone, Copy, Debug)]
pub(in crate::compliance) struct Cell {
    /// Lower case, Simplified, of plain width.
    pub(in crate::compliance) c: char,
    /// The tag, if the cell is one; `c` then has no meaning.
    pub(super) tag: Option<Tag>,
    /// The hint, if the cell is one; `c` then has no meaning.
    pub(super) hint: Option<Hint>,
    /// Whether masking made the tag; `false` for a tag that was in the text.
    is_new: bool,
    /// The range of characters in the text, end excluded. Several cells may share one character.
    pub(in crate::compliance) from: u32,
    pub(in crate::compliance) to: u32,
}

impl Cell {
    /// A plain character.
    pub(super) fn of_char(c: char, from: u32, to: u32) -> Cell {
        Cell { c, tag: None, hint: None, is_new: false, from, to }
    }

    /// A hint before the first character.
    pub(super) fn of_hint(hint: Hint) -> Cell {
        let tag = if let Hint::Tag(tag) = hint { Some(tag) } else { None };
        Cell { c: OBJECT, tag, hint: Some(hint), is_new: false, from: 0, to: 0 }
    }

    /// A new tag in place of `cells`; `None` if there are none.
    pub(super) fn over(cells: &[Cell], tag: Tag) -> Option<Cell> {
        let (first, last) = (cells.first()?, cells.last()?);
        let (from, to) = (first.from, last.to);
        Some(Cell { c: OBJECT, tag: Some(tag), hint: None, is_new: true, from, to })
    }

    /// Whether it stands for personal data.
    pub(in crate::compliance) fn is_tag(&self) -> bool {
        self.tag.is_some()
    }

    /// Whether it is a character of the text.
    pub(super) fn is_char(&self) -> bool {
        self.tag.is_none() && self.hint.is_none()
    }

    /// Whether both come from one character of the text, such as `1` and `0` from ⑩.
    pub(super) fn shares_character(&self, next: &Cell) -> bool {
        self.hint.is_none() && next.from < self.to
    }

    pub(super) fn is_secret(&self) -> bool {
        self.tag.is_some_and(|tag| tag.data.is_secret())
    }

    pub(in crate::compliance) fn is_ascii_digit(&self) -> bool {
        self.c.is_ascii_digit()
    }

    pub(super) fn is_ascii_letter(&self) -> bool {
        self.c.is_ascii_alphabetic()
    }

    pub(super) fn is_ascii_alphanumeric(&self) -> bool {
        self.c.is_ascii_alphanumeric()
    }

    pub(super) fn is_white_space(&self) -> bool {
        self.is_char() && self.c.is_whitespace()
    }

    /// Whether it separates words, numbers and tags.
    pub(super) fn is_separator(&self) -> bool {
        self.is_char() && (!is_alphanumeric(self.c) || self.c == LONG_VOWEL)
    }

    /// Whether a clause ends here: a mark, a line end, a tag or a hint.
    pub(super) fn ends_clause(&self) -> bool {
        !self.is_char()
            || matches!(self.c, ',' | '。' | '.' | '!' | '?' | ';' | '、' | '~' | '…' | '\n')
    }
}

/// As `char::is_alphanumeric`, but quick for Han characters.
pub(super) fn is_alphanumeric(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}') || c.is_alphanumeric()
}

/// The cells of a text.
pub(in crate::compliance) fn read(text: &str) -> Vec<Cell> {
    let chars: Vec<char> = text.chars().collect();
    let mut cells: Vec<Cell> = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let from = place(at);
        if c == '['
            && let Some((tag, length)) = chars.get(at..).and_then(Tag::read)
        {
            at += length;
            cells.push(Cell { tag: Some(tag), ..Cell::of_char(OBJECT, from, place(at)) });
            continue;
        }
        let seen = cells.len();
        plain_forms(c, |c| cells.push(Cell::of_char(c, from, from + 1)));
        at += 1;
        // An invisible character belongs to the cell before it.
        if cells.len() == seen
            && let Some(last) = cells.last_mut().filter(|last| last.tag.is_none())
        {
            last.to = place(at);
        }
    }
    cells
}

/// A position in a text. No text is longer than a frame, far below this limit.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX - 1)
}

/// The text with its new tags, and the data that they replace.
pub(super) fn write(text: &str, cells: &[Cell]) -> (String, Vec<PersonalData>) {
    let mut masked = String::with_capacity(text.len());
    let mut found = Vec::new();
    let mut chars = text.chars();
    let mut taken = 0;
    for cell in cells.iter().filter(|cell| cell.is_new) {
        if let Some(tag) = cell.tag {
            masked.extend(chars.by_ref().take((cell.from - taken) as usize));
            // `nth` takes one more than its argument, and a tag covers at least one.
            chars.nth((cell.to - cell.from - 1) as usize);
            taken = cell.to;
            tag.write(&mut masked);
            found.push(tag.data);
        }
    }
    masked.extend(chars);
    (masked, found)
}

/// The hints of earlier messages, and the cells of the message after them.
pub(super) fn split_hints(cells: &[Cell]) -> (&[Cell], &[Cell]) {
    let hints = cells.iter().take_while(|cell| cell.hint.is_some()).count();
    cells.split_at(hints)
}

/// The cells without the white space at their end.
pub(super) fn trim_end(cells: &[Cell]) -> &[Cell] {
    let end = cells.iter().rposition(|cell| !cell.is_white_space()).map_or(0, |at| at + 1);
    first(cells, end)
}

/// The last `n` cells, or all if there are fewer.
pub(super) fn last(cells: &[Cell], n: usize) -> &[Cell] {
    cells.get(cells.len().saturating_sub(n)..).unwrap_or(cells)
}

/// The first `n` cells, or all if there are fewer.
pub(super) fn first(cells: &[Cell], n: usize) -> &[Cell] {
    cells.get(..n).unwrap_or(cells)
}

/// The object replacement character: a tag replaces an object.
const OBJECT: char = '\u{fffc}';

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
