//! The letters of a text in plain form, with the gaps between them.

use std::ops::Range;

use super::shapes::{plain_of, shape_of};
use crate::compliance::masking::cells::{self, Cell};
use crate::text::sound_of;

/// The gap before a letter; stronger gaps are later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LetterGap {
    None,
    /// A space, an asterisk, a dash, an emoji: signs that disguise words.
    Noise,
    /// Quotation marks, brackets, 、 and colons.
    Mark,
    Comma,
    /// The end of a sentence or a line.
    Stop,
}

/// A letter, a digit or a Han character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    /// The letter in plain form.
    pub(super) c: char,
    /// The shape by which it is compared.
    pub(super) shape: char,
    /// Its pinyin without a tone, if it is a Han character.
    pub(super) sound: Option<&'static str>,
    /// The gap after the letter before.
    pub(super) gap: LetterGap,
    /// The range of characters in the text, end excluded.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The letters of a text, and the text that patterns match.
#[derive(Debug)]
pub(super) struct Letters {
    pub(super) all: Vec<Letter>,
    /// The letters, with a line feed between sentences.
    pub(super) text: String,
    /// The byte of `text` at which each letter starts.
    starts: Vec<usize>,
    /// The letters of each list item, with those of the list's head line: the line directly before
    /// the list, or one that ends with a colon.
    lists: Vec<(Range<usize>, Range<usize>)>,
}

impl Letters {
    pub(super) fn read(text: &str) -> Self {
        let cells = cells::read(text);
        let mut letters = Self {
            all: Vec::new(),
            text: String::with_capacity(text.len()),
            starts: Vec::new(),
            lists: Vec::new(),
        };
        letters.all.reserve(cells.len());
        letters.starts.reserve(cells.len());
        let mut gap = LetterGap::None;
        for (at, cell) in cells.iter().enumerate() {
            let c = plain_of(cell.c);
            let next = cells.get(at + 1);
            if !cell.is_tag() && (c.is_alphanumeric() || letters.continues_number(c, gap, next)) {
                letters.push(c, gap, cell);
                gap = LetterGap::None;
            } else {
                gap = gap.max(if cell.is_tag() { LetterGap::Mark } else { gap_of(c) });
            }
        }
        letters.find_lists(text);
        letters
    }

    fn find_lists(&mut self, text: &str) {
        let mut head = None;
        let mut from = 0;
        for line in text.split('\n') {
            let to = from + line.chars().count() + 1;
            let index = |place| self.all.partition_point(|letter| letter.from < place);
            let letters = index(from)..index(to);
            from = to;
            if let (true, Some((head, _))) = (is_item(line), &head) {
                self.lists.push((letters, Range::clone(head)));
            } else if !line.trim().is_empty() {
                let line = line.trim_end_matches([' ', '*', '\r']);
                head = Some((letters, line.ends_with(['：', ':'])));
            } else if matches!(head, Some((_, false))) {
                head = None;
            }
        }
    }

    /// The head line of the list that contains this letter.
    pub(super) fn head_of(&self, at: usize) -> Option<&Range<usize>> {
        let index = self.lists.partition_point(|(item, _)| item.end <= at);
        self.lists.get(index).filter(|(item, _)| item.contains(&at)).map(|(_, head)| head)
    }

    /// A `.` between two digits and a `%` after a digit belong to the amount and are kept.
    fn continues_number(&self, c: char, gap: LetterGap, next: Option<&Cell>) -> bool {
        let follows_digit =
            gap == LetterGap::None && self.all.last().is_some_and(|last| last.c.is_ascii_digit());
        follows_digit && (c == '%' || (c == '.' && next.is_some_and(Cell::is_ascii_digit)))
    }

    fn push(&mut self, c: char, gap: LetterGap, cell: &Cell) {
        if gap == LetterGap::Stop {
            self.text.push('\n');
        }
        self.starts.push(self.text.len());
        self.text.push(c);
        let (from, to) = (cell.from, cell.to);
        let (from, to) = (from as usize, to as usize);
        self.all.push(Letter { c, shape: shape_of(c), sound: sound_of(c), gap, from, to });
    }

    /// The letters of a byte range of `text`.
    pub(super) fn of_bytes(&self, bytes: Range<usize>) -> Range<usize> {
        let index = |byte| self.starts.partition_point(|start| *start < byte);
        index(bytes.start)..index(bytes.end)
    }

    pub(super) fn get(&self, at: usize) -> Option<&Letter> {
        self.all.get(at)
    }

    /// The gap before a letter. The start and the end of the text count as the end of a sentence.
    pub(super) fn gap_before(&self, at: usize) -> LetterGap {
        if at == 0 {
            LetterGap::Stop
        } else {
            self.get(at).map_or(LetterGap::Stop, |letter| letter.gap)
        }
    }

    /// Whether a word, given by its shapes, starts at this letter.
    pub(super) fn has_word_at(&self, at: usize, word: &[char]) -> bool {
        self.all.get(at..at + word.len()).is_some_and(|letters| {
            letters.iter().zip(word).all(|(letter, shape)| letter.shape == *shape)
        })
    }
}

/// Whether a line of Markdown is an item of a list.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let is_numbered = || {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.len() < line.len() && rest.starts_with(['.', '、'])
    };
    line.starts_with("- ") || is_numbered()
}

fn gap_of(c: char) -> LetterGap {
    match c {
        '。' | '!' | '?' | ';' | '\n' | '…' => LetterGap::Stop,
        ',' => LetterGap::Comma,
        '、' | ':' | '"' | '“' | '”' | '\'' | '‘' | '’' | '「' | '」' | '『' | '』' | '《'
        | '》' | '<' | '>' | '(' | ')' | '[' | ']' | '【' | '】' | '{' | '}' => LetterGap::Mark,
        _ => LetterGap::Noise,
    }
}

/// The letters of a word in plain form, as patterns and compositions see them.
pub(crate) fn plain_letters(word: &str) -> String {
    Letters::read(word).all.iter().map(|letter| letter.c).collect()
}

/// The shapes of a word's letters.
pub(super) fn shapes(word: &str) -> Vec<char> {
    Letters::read(word).all.iter().map(|letter| letter.shape).collect()
}
