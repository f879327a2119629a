//! Finds numbers that name a person, by their shape, their check digits and the words around them.

mod account;
mod card;
mod checks;
mod document;
mod email;
mod phone;
mod place;
mod resident;

pub(super) use card::may_start_card;
pub(super) use place::begins_plate;
pub(super) use resident::has_province;

use super::cells::Cell;
use super::numbers::DigitRun;
use super::personal_data::PersonalData;
use super::words::Labels;

/// An identifying number at the start of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identifier {
    pub(super) data: PersonalData,
    /// Digits and upper-case letters, without separators.
    pub(super) characters: String,
    /// Its length in cells.
    pub(super) cells: usize,
}

/// A position of a text with the cells around it.
#[derive(Clone, Copy)]
struct Place<'a> {
    before: &'a [Cell],
    rest: &'a [Cell],
}

/// The identifying number at the start of `rest`, if there is one. `run` is the run of digits
/// there.
pub(super) fn find(before: &[Cell], rest: &[Cell], run: Option<&DigitRun>) -> Option<Identifier> {
    let place = Place { before, rest };
    let by_digits = || {
        let run = run?;
        if let Some(id) = resident::find(place, run) {
            return Some(id);
        }
        if run.starts_with_date() && !place.labels(0).say_any(&card::LABELS) {
            return None;
        }
        card::find(place, run)
            .or_else(|| phone::mobile(place, run))
            .or_else(|| phone::other(place, run))
            .or_else(|| account::find(place, run))
    };
    card::track(place)
        .or_else(|| document::find(place))
        .or_else(by_digits)
        .or_else(|| phone::foreign(place))
        .or_else(|| account::iban(place))
        .or_else(|| email::find(place))
        .or_else(|| place::find(place))
}

impl<'a> Place<'a> {
    /// The labels of a value of this length.
    fn labels(&self, cells: usize) -> Labels<'a> {
        Labels::around(self.before, self.after(cells))
    }

    /// The cells after a value of this length.
    fn after(&self, cells: usize) -> &'a [Cell] {
        self.rest.get(cells..).unwrap_or_default()
    }

    /// Whether a word of letters and digits may begin here.
    fn starts_word(&self) -> bool {
        !self.before.last().is_some_and(Cell::is_ascii_alphanumeric)
    }
}
