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

use super::personal_data::PersonalData;
use super::spot::Spot;
use super::words::Label;

/// An identifying number at the start of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identifier {
    pub(super) data: PersonalData,
    /// Digits and upper-case letters, without separators.
    pub(super) characters: String,
    /// Its length in cells.
    pub(super) cells: usize,
}

/// The identifying number at a spot, if there is one.
pub(super) fn find(spot: &Spot<'_>) -> Option<Identifier> {
    let by_digits = || {
        let run = spot.run.as_ref()?;
        if let Some(id) = resident::find(spot, run) {
            return Some(id);
        }
        if run.starts_with_date() && !spot.labels(0).say(Label::Card) {
            return None;
        }
        card::find(spot, run)
            .or_else(|| phone::mobile(spot, run))
            .or_else(|| phone::other(spot, run))
            .or_else(|| account::find(spot, run))
    };
    card::track(spot)
        .or_else(|| document::find(spot))
        .or_else(by_digits)
        .or_else(|| phone::foreign(spot))
        .or_else(|| account::iban(spot))
        .or_else(|| email::find(spot))
        .or_else(|| place::find(spot))
}
