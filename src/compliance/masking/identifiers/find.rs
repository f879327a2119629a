//! The identifying number at a spot.

use super::identifier::Identifier;
use super::{account, card, document, email, phone, place, resident};
use crate::compliance::masking::label::Label;
use crate::compliance::masking::spot::Spot;

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
        let account = account::find(spot, run).filter(|account| {
            spot.labels(account.cells).own() == Some(Label::Account)
                && account.characters.len() > 11
        });
        card::find(spot, run)
            .or(account)
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
