//! A text as its letters in plain form, with what stood between them.

use std::ops::Range;

use super::{
    shapes::{plain_of, shape_of},
    sounds::sound_of,
};
use crate::compliance::cells::{self, Cell};

/// What stands before a letter. The stronger comes later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    /// A space, an asterisk, a dash, an emoji: what words are disguised with.
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
    /// In plain form.
    pub(super) c: char,
    /// What it is compared as.
    pub(super) shape: char,
    /// How it is read, if it is Han.
    pub(super) sound: Option<&'static str>,
    /// What stands between the letter before and this one.
    pub(super) gap: Gap,
    /// Characters of the text that it stands for, from and up to.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The letters of a text, and their text as patterns see it.
#[derive(Debug)]
pub(super) struct Letters {
    pub(super) all: Vec<Letter>,
    /// The letters, with a line feed between sentences.
    pub(super) text: String,
    /// For each letter the byte of `text` at which it begins.
    starts: Vec<usize>,
    /// The letters of each item of a list, and those of the line before the list: the one right
    /// before it, or one that ends with a colon.
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
        let mut gap = Gap::None;
        for (at, cell) in cells.iter().enumerate() {
            let c = plain_of(cell.c);
            let next = cells.get(at + 1);
            if cell.tag.is_none() && (c.is_alphanumeric() || letters.continues_number(c, gap, next))
            {
                letters.push(c, gap, cell);
                gap = Gap::None;
            } else {
                gap = gap.max(if cell.tag.is_some() { Gap::Mark } else { gap_of(c) });
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

    /// The line before a list, of a letter in the list.
    pub(super) fn head_of(&self, at: usize) -> Option<&Range<usize>> {
        let index = self.lists.partition_point(|(item, _)| item.end <= at);
        self.lists.get(index).filter(|(item, _)| item.contains(&at)).map(|(_, head)| head)
    }

    /// A `.` between two digits and a `%` after one change an amount, and stay.
    fn continues_number(&self, c: char, gap: Gap, next: Option<&Cell>) -> bool {
        let follows_digit =
            gap == Gap::None && self.all.last().is_some_and(|last| last.c.is_ascii_digit());
        follows_digit && (c == '%' || (c == '.' && next.is_some_and(Cell::is_ascii_digit)))
    }

    fn push(&mut self, c: char, gap: Gap, cell: &Cell) {
        if gap == Gap::Stop {
            self.text.push('\n');
        }
        self.starts.push(self.text.len());
        self.text.push(c);
        let (from, to) = (cell.from, cell.to);
        self.all.push(Letter { c, shape: shape_of(c), sound: sound_of(c), gap, from, to });
    }

    /// The letters of some bytes of `text`.
    pub(super) fn of_bytes(&self, bytes: Range<usize>) -> Range<usize> {
        let index = |byte| self.starts.partition_point(|start| *start < byte);
        index(bytes.start)..index(bytes.end)
    }

    pub(super) fn get(&self, at: usize) -> Option<&Letter> {
        self.all.get(at)
    }

    /// What stands before a letter; the end of the text counts as the end of a sentence, as
    /// does its start.
    pub(super) fn gap_before(&self, at: usize) -> Gap {
        if at == 0 { Gap::Stop } else { self.get(at).map_or(Gap::Stop, |letter| letter.gap) }
    }

    /// Whether a word, given by its shapes, begins at a letter.
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

fn gap_of(c: char) -> Gap {
    match c {
        '。' | '!' | '?' | ';' | '\n' | '…' => Gap::Stop,
        ',' => Gap::Comma,
        '、' | ':' | '"' | '“' | '”' | '\'' | '‘' | '’' | '「' | '」' | '『' | '』' | '《'
        | '》' | '<' | '>' | '(' | ')' | '[' | ']' | '【' | '】' | '{' | '}' => Gap::Mark,
        _ => Gap::Noise,
    }
}

/// A word as letters are compared with.
pub(super) fn shapes(word: &str) -> Vec<char> {
    Letters::read(word).all.iter().map(|letter| letter.shape).collect()
}
