//! Finds bank cards, identity numbers and mobile phones by their digits.

use jiff::civil::Date;

use super::cells::Cell;
use super::numbers::{DigitRun, GroupedNumber};
use super::personal_data::PersonalData;
use super::words::{COUNTS, Label, MONEY, NAMES};

/// An identifying number at the start of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identifier {
    pub(super) data: PersonalData,
    /// The digits, and the X that may end an identity number.
    pub(super) digits: String,
    /// Its length in cells.
    pub(super) cells: usize,
}

/// The identifying number at the start of `rest`, if there is one.
pub(super) fn find(before: &[Cell], rest: &[Cell], run: &DigitRun) -> Option<Identifier> {
    let place = RunContext { before, rest };
    place.id_number(run).or_else(|| {
        if run.starts_with_date() { None } else { place.card(run).or_else(|| place.phone(run)) }
    })
}

/// A run with the cells around it.
struct RunContext<'a> {
    before: &'a [Cell],
    rest: &'a [Cell],
}

impl RunContext<'_> {
    fn id_number(&self, run: &DigitRun) -> Option<Identifier> {
        let is_labelled = || Label::before(self.before) == Some(Label::IdNumber);
        run.numbers().filter(GroupedNumber::is_one).find_map(|number| {
            let mut digits = number.digits.to_owned();
            let mut cells = number.cells;
            if digits.len() == 17 {
                cells += x_at_start(self.rest.get(cells..)?)?;
                digits.push('X');
            }
            let is_id = match digits.len() {
                18 => is_id_number(&digits) || (has_region_and_birthday(&digits) && is_labelled()),
                // Out of use since 2013, and one number in 80 looks like one.
                15 => has_region_and_birthday(&digits) && is_labelled(),
                _ => false,
            };
            is_id.then_some(Identifier { data: PersonalData::IdNumber, digits, cells })
        })
    }

    fn card(&self, run: &DigitRun) -> Option<Identifier> {
        let numbers = || {
            run.numbers().rev().filter(|number| {
                (13..=19).contains(&number.digits.len())
                    && number.is_one()
                    && self.is_free_standing(number)
            })
        };
        let is_labelled = match numbers().next().and_then(|_| Label::before(self.before)) {
            Some(Label::Order | Label::Amount) => return None,
            label => label == Some(Label::Card),
        };
        numbers()
            .find(|number| is_luhn(number.digits) && (is_issued(number.digits) || is_labelled))
            // Some debit cards have no check digit.
            .or_else(|| numbers().find(|number| is_labelled && may_be_card(number.digits)))
            .map(|number| Identifier {
                data: PersonalData::Card,
                digits: number.digits.to_owned(),
                cells: number.cells,
            })
    }

    fn phone(&self, run: &DigitRun) -> Option<Identifier> {
        run.numbers()
            .find(|number| {
                is_phone(number.digits)
                    && number.is_one()
                    && !number.is_list_of_round_sums()
                    && self.is_free_standing(number)
                    && !matches!(Label::before(self.before), Some(Label::Order | Label::Amount))
            })
            .map(|number| Identifier {
                data: PersonalData::Phone,
                digits: number.digits.to_owned(),
                cells: number.cells,
            })
    }

    /// Whether it is neither an amount nor part of a code of letters and digits.
    fn is_free_standing(&self, number: &GroupedNumber<'_>) -> bool {
        let after = self.rest.get(number.cells..).unwrap_or_default();
        let letter_before = self.before.last().is_some_and(Cell::is_ascii_letter);
        let letter_after = after.first().is_some_and(Cell::is_ascii_letter);
        !MONEY.comes_next(after)
            && !COUNTS.comes_next(after)
            && (!letter_before
                || NAMES.at_end(self.before).is_some()
                || Label::before(self.before) == Some(Label::Phone))
            && (!letter_after || NAMES.at_start(after).is_some())
    }
}

/// Weights and check characters of GB 11643.
const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS: &[u8; 11] = b"10X98765432";

/// The first two digits of an identity number.
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82", "83",
];

/// The length in cells of the X of an identity number, including a separator before it.
fn x_at_start(cells: &[Cell]) -> Option<usize> {
    let gap = cells.iter().take(4).take_while(|cell| cell.is_separator() && cell.c != '×').count();
    let mut after = cells.iter().skip(gap);
    let is_x = after.next().is_some_and(|cell| matches!(cell.c, 'x' | '×' | 'х' | 'χ'));
    let ends = !after.next().is_some_and(|cell| cell.is_ascii_digit() || cell.is_ascii_letter());
    (is_x && ends).then_some(gap + 1)
}

fn is_id_number(digits: &str) -> bool {
    let sum: u32 = digits
        .chars()
        .zip(ID_WEIGHTS)
        .filter_map(|(c, weight)| Some(c.to_digit(10)? * weight))
        .sum();
    let check = ID_CHECKS.get(sum as usize % 11).copied().map(char::from);
    has_region_and_birthday(digits) && digits.chars().last() == check
}

/// Whether a number of 18 characters, or of 15 with a two-digit year, starts with a region and a
/// birthday.
fn has_region_and_birthday(digits: &str) -> bool {
    let year_digits = if digits.len() == 15 { 2 } else { 4 };
    let part = |from: usize, length: usize| {
        digits.get(from..from + length).and_then(|part| part.parse::<i16>().ok())
    };
    let birthday = part(6, year_digits)
        .zip(part(6 + year_digits, 2))
        .zip(part(8 + year_digits, 2))
        .and_then(|((year, month), day)| {
            let year = if year_digits == 2 { 1900 + year } else { year };
            Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        });
    digits.get(..2).is_some_and(|province| PROVINCES.contains(&province))
        && birthday.is_some_and(|date| (1880..=2099).contains(&date.year()))
}

/// Whether the number passes the check digit of ISO/IEC 7812.
fn is_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(i, digit)| match digit * (1 + i as u32 % 2) {
            twice @ 10.. => twice - 9,
            less => less,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether cards with this prefix and length are issued: by 银联, Visa, Mastercard, JCB, American
/// Express, and by Chinese banks before the prefix 62.
fn is_issued(digits: &str) -> bool {
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| digits.starts_with(prefix));
    match digits.len() {
        15 => begins(&["34", "37"]),
        16 => {
            begins(&["4", "51", "52", "53", "54", "55", "60", "62", "65", "81", "9558"])
                || begins(&["3528", "3529", "353", "354", "355", "356", "357", "358"])
        }
        17..=19 => begins(&["60", "62", "81", "9558"]),
        _ => false,
    }
}

/// Whether a number that is called a card or account may be one despite a wrong check digit. Order
/// numbers start with a year.
fn may_be_card(digits: &str) -> bool {
    (15..=19).contains(&digits.len()) && !digits.starts_with("20")
}

/// Whether it is a mobile number of the mainland, with or without the country code.
fn is_phone(digits: &str) -> bool {
    let number = match digits.len() {
        11 => Some(digits),
        13 => digits.strip_prefix("86"),
        15 => digits.strip_prefix("0086"),
        _ => None,
    };
    number.is_some_and(|number| {
        number.strip_prefix('1').is_some_and(|rest| rest.starts_with(|c| ('3'..='9').contains(&c)))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_id_number, is_luhn, is_phone};

    #[test]
    fn check_digits() {
        let cases = [
            ("a vector of the standard", is_id_number("11010519491231002X"), true),
            ("another", is_id_number("440524188001010014"), true),
            ("wrong check digit", is_id_number("440524188001010015"), false),
            ("no such day", is_id_number("110105194902310024"), false),
            ("UnionPay's test card", is_luhn("6222021234567890128"), true),
            ("Visa's test card", is_luhn("4111111111111111"), true),
            ("one digit off", is_luhn("4111111111111112"), false),
            ("phone", is_phone("13800138000"), true),
            ("phone with country", is_phone("8613800138000"), true),
            ("no such phone", is_phone("12800138000"), false),
        ];
        for (shows, found, expected) in cases {
            assert_eq!(found, expected, "{shows}");
        }
    }
}
