//! Bank cards.

use super::checks::is_luhn;
use super::identifier::Identifier;
use crate::compliance::masking::cells::{Cell, last};
use crate::compliance::masking::label::Label;
use crate::compliance::masking::numbers::{DigitRun, GroupedNumber};
use crate::compliance::masking::personal_data::{PersonalData, SecretKind};
use crate::compliance::masking::spot::Spot;
use crate::compliance::masking::words::{CODE_LETTERS, COUNTS, MONEY, NAMES};

/// The card at the start of the run. A right check digit with the prefix of an issuer outweighs any
/// word, because what is stored cannot be taken back.
pub(super) fn find(spot: &Spot<'_>, run: &DigitRun) -> Option<Identifier> {
    let numbers = || {
        run.numbers().rev().filter(|number| {
            (13..=19).contains(&number.digits.len()) && spot.is_no_sum_or_code(number)
        })
    };
    numbers().next()?;
    let is_labelled = |number: &GroupedNumber<'_>| spot.labels(number.cells).say(Label::Card);
    numbers()
        .find(|number| {
            is_luhn(number.digits)
                && (number.is_one()
                    || (number.may_be_one()
                        && (number.digits.starts_with("62") || is_labelled(number))))
                && (is_issued(number.digits) || is_labelled(number))
        })
        // Some debit cards have no check digit. An earlier label then needs a number that stands at
        // the start of a clause.
        .or_else(|| {
            let starts =
                spot.before.last().is_none_or(|cell| !cell.is_char() || cell.is_separator());
            numbers().find(|number| {
                number.is_one()
                    && may_be_card(number.digits)
                    && is_labelled(number)
                    && (starts || spot.labels(number.cells).own().is_some())
            })
        })
        .map(|number| Identifier {
            data: PersonalData::Card,
            characters: number.digits.to_owned(),
            cells: number.cells,
        })
}

/// The data of a magnetic stripe: `;6222…=2712…?` or `%B4111…^NAME^2712…?`.
pub(super) fn track(spot: &Spot<'_>) -> Option<Identifier> {
    let opening = spot.rest.iter().take(2).take_while(|cell| matches!(cell.c, ';' | '%')).count();
    let format = spot.rest.get(opening..)?;
    let format_code = usize::from(
        format.first().is_some_and(|cell| cell.c == 'b')
            && format.get(1).is_some_and(|cell| cell.is_ascii_digit() || cell.is_white_space()),
    );
    let start = opening + format_code;
    if spot.before.last().is_some_and(Cell::is_ascii_digit) {
        return None;
    }
    let (digits, length) = digits_at(spot.rest.get(start..)?);
    let end = start + length;
    let after = spot.rest.get(end..)?;
    if !(13..=19).contains(&digits.len()) {
        return None;
    }
    let (sign, data) = after.split_first()?;
    let name = if sign.c == '^' {
        // The name of the holder, 2 to 26 characters by ISO/IEC 7813.
        data.iter().take(30).position(|cell| cell.c == '^')? + 1
    } else if matches!(sign.c, '=' | 'd') {
        0
    } else {
        return None;
    };
    let data = data.get(name..)?;
    let (discretionary, length) = digits_at(data);
    let is_cut = sign.c == '^' && data.len() == length;
    if (discretionary.len() < 7 && !is_cut) || !(is_luhn(&digits) || start > 0) {
        return None;
    }
    let closing = data.get(length..).unwrap_or_default();
    let closing = closing.iter().take(1).filter(|cell| cell.c == '?').count();
    let cells = end + 1 + name + length + closing;
    let data = PersonalData::Secret(SecretKind::TrackData);
    Some(Identifier { data, characters: String::new(), cells })
}

/// The most digits that one field of a magnetic stripe has, ISO/IEC 7813.
const DIGITS_MAX: usize = 37;

/// The digits at the start, over single spaces and dashes, and their length in cells.
fn digits_at(cells: &[Cell]) -> (String, usize) {
    let mut digits = String::new();
    let mut end = 0;
    for (at, cell) in cells.iter().enumerate() {
        if cell.is_ascii_digit() && digits.len() < DIGITS_MAX {
            digits.push(cell.c);
            end = at + 1;
        } else if !(cell.is_white_space() || cell.c == '-') || at > end {
            break;
        }
    }
    (digits, end)
}

impl Spot<'_> {
    /// Whether it is neither an amount nor part of a code of letters and digits.
    pub(super) fn is_no_sum_or_code(&self, number: &GroupedNumber<'_>) -> bool {
        let after = self.after(number.cells);
        let goes_on = matches!(after, [dash, digit, ..] if dash.c == '-' && digit.is_ascii_digit());
        !goes_on
            && !MONEY.comes_next(after)
            && !COUNTS.comes_next(after)
            && self.letters_before_are_words()
            && letters_after_are_words(after)
    }

    /// Whether letters before the number are a word, such as ICBC, not the start of a code.
    fn letters_before_are_words(&self) -> bool {
        let count = self.before.iter().rev().take_while(|cell| cell.is_ascii_letter()).count();
        let start = last(self.before, count + 1);
        let is_mixed =
            count > 0 && start.len() > count && start.first().is_some_and(Cell::is_ascii_digit);
        count == 0
            || NAMES.at_end(self.before).is_some()
            || (count >= 3 && !is_mixed && CODE_LETTERS.at_end(self.before).is_none())
    }
}

/// Whether letters after a number are a word, not the rest of a code.
fn letters_after_are_words(after: &[Cell]) -> bool {
    let count = after.iter().take_while(|cell| cell.is_ascii_letter()).count();
    let goes_on = after.get(count).is_some_and(Cell::is_ascii_digit);
    count == 0 || NAMES.at_start(after).is_some() || (count >= 2 && !goes_on)
}

/// Whether cards with this prefix and length are issued: by 银联, Visa, Mastercard, JCB, American
/// Express, Diners, Discover, and by Chinese banks before the prefix 62.
fn is_issued(digits: &str) -> bool {
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| digits.starts_with(prefix));
    let within = |from: &str, to: &str| {
        digits.get(..from.len()).is_some_and(|start| (from..=to).contains(&start))
    };
    match digits.len() {
        14 => begins(&["36", "38", "39", "309"]) || within("300", "305"),
        15 => begins(&["34", "37"]),
        16 => {
            begins(&["4", "60", "62", "65", "81", "9558"])
                || within("51", "55")
                || within("2221", "2720")
                || within("3528", "3589")
                || begins(&["36", "38", "39"])
        }
        17..=19 => begins(&["60", "62", "81", "9558"]),
        _ => false,
    }
}

/// Whether a number that is called a card may be one despite a wrong check digit. Order numbers
/// start with a year.
fn may_be_card(digits: &str) -> bool {
    (15..=19).contains(&digits.len()) && !digits.starts_with("20")
}

/// Whether a card may begin with these digits, which are fewer than a card has.
pub(in crate::compliance::masking) fn may_start_card(digits: &str) -> bool {
    digits.starts_with("62") || (digits.len() >= 8 && digits.starts_with(['3', '4', '5']))
}
