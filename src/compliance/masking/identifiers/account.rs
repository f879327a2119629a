//! Bank accounts that are no cards.

use super::checks::is_iban;
use super::identifier::Identifier;
use crate::compliance::masking::cells::{Cell, last};
use crate::compliance::masking::label::Label;
use crate::compliance::masking::numbers::DigitRun;
use crate::compliance::masking::personal_data::PersonalData;
use crate::compliance::masking::spot::Spot;
use crate::compliance::masking::words::{COUNTS, MONEY};

/// The account at the start of the run: a number that is called so.
pub(super) fn find(spot: &Spot<'_>, run: &DigitRun) -> Option<Identifier> {
    run.numbers()
        .rev()
        .find(|number| {
            let after = spot.after(number.cells);
            !spot.is_joined()
                && (8..=30).contains(&number.digits.len())
                && number.may_be_one()
                && !MONEY.comes_next(after)
                && !COUNTS.comes_next(after)
                && !number.is_list_of_round_sums()
                && (spot.labels(number.cells).say(Label::Account)
                    || is_spoken_of(spot, number.digits, number.cells))
        })
        .map(|number| Identifier {
            data: PersonalData::BankAccount,
            characters: number.digits.to_owned(),
            cells: number.cells,
        })
}

/// Whether a number as long as an account stands where the message speaks of one. Shorter numbers
/// far from the word are amounts and dates; longer ones are orders.
fn is_spoken_of(spot: &Spot<'_>, digits: &str, cells: usize) -> bool {
    let labels = spot.labels(cells);
    (15..=21).contains(&digits.len())
        && !digits.starts_with("20")
        && !labels.is_impersonal()
        && Label::all(last(spot.before, FAR)).contains(&Label::Account)
}

/// How far an account may be from the word for it, in cells.
const FAR: usize = 60;

/// The international account number at the start, with spaces and dashes in it.
pub(super) fn iban(spot: &Spot<'_>) -> Option<Identifier> {
    if !spot.starts_word() || !spot.rest.first()?.is_ascii_letter() {
        return None;
    }
    let mut account = String::new();
    let mut best = None;
    let mut gap = 0;
    for (at, cell) in spot.rest.iter().enumerate().take(160) {
        if cell.is_ascii_alphanumeric() {
            gap = 0;
            account.push(cell.c.to_ascii_uppercase());
            let fits = match account.len() {
                1..=2 => cell.is_ascii_letter(),
                3..=4 => cell.is_ascii_digit(),
                _ => true,
            };
            if !fits {
                return None;
            }
            let goes_on = spot.rest.get(at + 1).is_some_and(Cell::is_ascii_alphanumeric);
            if (15..=34).contains(&account.len()) && !goes_on && is_iban(&account) {
                best = Some((account.clone(), at + 1));
            }
        } else if cell.is_separator() && gap < 3 {
            gap += 1;
        } else {
            break;
        }
    }
    let (characters, cells) = best?;
    Some(Identifier { data: PersonalData::Iban, characters, cells })
}
