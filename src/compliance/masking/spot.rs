//! One position of a text, with what is read around it at most once.

use std::cell::OnceCell;

use super::cells::Cell;
use super::evidence::SecretEvidence;
use super::label::Label;
use super::mixed_word::MixedWord;
use super::numbers::DigitRun;
use super::words::Labels;

/// A position of a text at which personal data may begin.
pub(super) struct Spot<'a> {
    /// The cells before it, after the hints of earlier messages.
    pub(super) before: &'a [Cell],
    /// The cells from it on.
    pub(super) rest: &'a [Cell],
    /// The run of digits that begins here.
    pub(super) run: Option<DigitRun>,
    /// The word of letters, digits and signs that begins here.
    pub(super) token: Option<MixedWord<'a>>,
    label_before: OnceCell<Option<Label>>,
    evidence_before: OnceCell<SecretEvidence>,
}

impl<'a> Spot<'a> {
    pub(super) fn new(before: &'a [Cell], rest: &'a [Cell]) -> Spot<'a> {
        Spot {
            before,
            rest,
            run: DigitRun::at(before, rest),
            token: MixedWord::at(before, rest),
            label_before: OnceCell::new(),
            evidence_before: OnceCell::new(),
        }
    }

    /// The cells after a value of this length.
    pub(super) fn after(&self, cells: usize) -> &'a [Cell] {
        self.rest.get(cells..).unwrap_or_default()
    }

    /// The labels of a value of this length.
    pub(super) fn labels(&self, cells: usize) -> Labels<'a> {
        let nearest = *self.label_before.get_or_init(|| Label::before(self.before));
        Labels::new(nearest, self.before, self.after(cells))
    }

    /// What the words before it tell of secrets, as `read` reads them.
    pub(super) fn evidence_before(&self, read: fn(&[Cell]) -> SecretEvidence) -> SecretEvidence {
        *self.evidence_before.get_or_init(|| read(self.before))
    }

    /// Whether it goes on from digits before it: the later part of a version, a sum or a phone.
    pub(super) fn is_joined(&self) -> bool {
        matches!(self.before, [.., digit, sign]
            if digit.is_ascii_digit() && matches!(sign.c, '-' | '.' | '/' | ':' | ','))
    }

    /// Whether a digit stands before it, over spaces.
    pub(super) fn follows_digit(&self) -> bool {
        let mut before = self.before.iter().rev().skip_while(|cell| cell.is_white_space());
        before.next().is_some_and(Cell::is_ascii_digit)
    }

    /// Whether a word of letters and digits may begin here.
    pub(super) fn starts_word(&self) -> bool {
        !self.before.last().is_some_and(Cell::is_ascii_alphanumeric)
    }

    /// Whether a value of this length is the whole message.
    pub(super) fn is_whole(&self, cells: usize) -> bool {
        self.before.iter().all(|cell| cell.hint.is_some() || cell.is_separator())
            && self.after(cells).iter().all(Cell::is_separator)
    }
}
