//! Values in a row after a card number, without a word: 6222… 09/28 123.

use super::expiry;
use super::secret::Secret;
use crate::compliance::masking::cells::Cell;
use crate::compliance::masking::personal_data::{PersonalData, SecretKind};
use crate::compliance::masking::spot::Spot;
use crate::compliance::masking::words::{BINDERS, COUNTS, MONEY, UNITS, ends_there};

/// The month and the three digits that follow a card number.
pub(super) fn find(spot: &Spot<'_>) -> Option<Secret> {
    if let Some(secret) = after_account(spot) {
        return Some(secret);
    }
    let data = data_before(spot.before)?;
    let is_card = data == PersonalData::Card;
    let is_expiry = data == PersonalData::Secret(SecretKind::Expiry);
    if is_card
        && let Some(cells) = expiry::month(spot, true)
        && ends_there(spot.after(cells))
    {
        return Some(Secret { kind: SecretKind::Expiry, cells });
    }
    let number = spot.run.as_ref()?.first_group()?;
    let after = spot.after(number.cells);
    let is_measured =
        MONEY.comes_next(after) || COUNTS.comes_next(after) || UNITS.comes_next(after);
    let is_cvv = match number.digits.len() {
        3 => is_expiry || (is_card && !number.digits.ends_with("00")),
        4 => is_expiry,
        _ => false,
    };
    (is_cvv && ends_there(after) && !is_measured)
        .then_some(Secret { kind: SecretKind::Cvv, cells: number.cells })
}

/// The password after the phone or address with which somebody signs in: 138…/Wang3648.
fn after_account(spot: &Spot<'_>) -> Option<Secret> {
    let token = spot.token.as_ref().filter(|token| token.is_mixed() && token.cells() >= 6)?;
    let [.., account, sign] = spot.before else { return None };
    let is_account = account
        .tag
        .is_some_and(|tag| matches!(tag.data, PersonalData::Phone | PersonalData::Email));
    (is_account && sign.c == '/')
        .then_some(Secret { kind: SecretKind::Password, cells: token.cells() })
}

/// The data before the small words at the end.
fn data_before(before: &[Cell]) -> Option<PersonalData> {
    let mut left = before;
    for _ in 0..MOST_SMALL {
        let (last, shorter) = left.split_last()?;
        if let Some(tag) = last.tag {
            return Some(tag.data);
        }
        left = if last.hint.is_some() || last.is_separator() {
            shorter
        } else {
            BINDERS.at_end(left)?.1
        };
    }
    None
}

/// The most small words and hints between two values.
const MOST_SMALL: usize = 10;
