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
        // A number that is called an account may begin as a card or a phone does.
        let account = account::find(spot, run).filter(|account| {
            spot.labels(account.cells).own() == Some(Label::Account)
                && account.characters.len() > 11
        });
        let card = card::find(spot, run);
        let is_longer =
            |account: &Identifier| card.as_ref().is_none_or(|card| account.cells > card.cells);
        account
            .filter(is_longer)
            .or(card)
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
