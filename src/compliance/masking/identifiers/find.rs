//! The identifying number at a spot.

use super::{account, card, document, email, phone, place, resident};
use crate::compliance::masking::personal_data::PersonalData;
use crate::compliance::masking::spot::Spot;
use crate::compliance::masking::words::Label;

/// An identifying number at the start of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::compliance::masking) struct Identifier {
    pub(in crate::compliance::masking) data: PersonalData,
    /// Digits and upper-case letters, without separators.
    pub(in crate::compliance::masking) characters: String,
    /// Its length in cells.
    pub(in crate::compliance::masking) cells: usize,
}

/// The identifying number at a spot, if there is one.
pub(in crate::compliance::masking) fn find(spot: &Spot<'_>) -> Option<Identifier> {
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
