//! Resident identity numbers of the mainland.

use jiff::civil::Date;

use super::identifier::Identifier;
use crate::compliance::masking::cells::{Cell, last};
use crate::compliance::masking::label::Label;
use crate::compliance::masking::numbers::DigitRun;
use crate::compliance::masking::personal_data::PersonalData;
use crate::compliance::masking::spot::Spot;

/// The identity number at the start of the run.
pub(super) fn find(spot: &Spot<'_>, run: &DigitRun) -> Option<Identifier> {
    // The digits of a whole number may begin as an old one does.
    run.numbers().rev().find_map(|number| {
        if !matches!(number.digits.len(), 15 | 17 | 18) {
            return None;
        }
        let mut digits = number.digits.to_owned();
        let mut cells = number.cells;
        if digits.len() == 17 {
            cells += x_at_start(spot.rest.get(cells..)?)?;
            digits.push('X');
        }
        let is_labelled = || {
            let labels = spot.labels(cells);
            labels.say_any(&[Label::Document, Label::Permit])
                || (!labels.is_impersonal()
                    && Label::all(last(spot.before, FAR)).contains(&Label::Document))
        };
        let is_id = match digits.len() {
            18 if number.may_be_one() && is_id_number(&digits) => true,
            18 => {
                number.is_one()
                    && (has_region_and_birthday(&digits) || is_residence_permit(&digits))
                    && is_labelled()
            }
            // Out of use since 2013, and one number in 80 looks like one.
            15 => number.may_be_one() && has_region_and_birthday(&digits) && is_labelled(),
            _ => false,
        };
        is_id.then_some(Identifier { data: PersonalData::IdNumber, characters: digits, cells })
    })
}

/// How far a number may be from the word for it, in cells.
const FAR: usize = 40;

/// Weights and check characters of GB 11643.
const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS: &[u8; 11] = b"10X98765432";

/// The first two digits of an identity number.
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82", "83",
];

/// Whether a number may begin with the code of a province.
pub(in crate::compliance::masking) fn has_province(digits: &str) -> bool {
    digits.get(..2).is_some_and(|province| PROVINCES.contains(&province))
}

/// The length in cells of the X of an identity number, including a separator before it.
fn x_at_start(cells: &[Cell]) -> Option<usize> {
    let gap = cells.iter().take(4).take_while(|cell| cell.is_separator() && cell.c != '×').count();
    let mut after = cells.iter().skip(gap);
    let is_x = after.next().is_some_and(|cell| matches!(cell.c, 'x' | '×' | 'х' | 'χ' | '叉'));
    let ends = !after.next().is_some_and(Cell::is_ascii_alphanumeric);
    (is_x && ends).then_some(gap + 1)
}

fn is_id_number(digits: &str) -> bool {
    (has_region_and_birthday(digits) || is_residence_permit(digits)) && has_check(digits)
}

fn has_check(digits: &str) -> bool {
    let sum: u32 = digits
        .chars()
        .zip(ID_WEIGHTS)
        .filter_map(|(c, weight)| Some(c.to_digit(10)? * weight))
        .sum();
    let check = ID_CHECKS.get(sum as usize % 11).copied().map(char::from);
    digits.chars().last() == check
}

/// Whether a number of 18 characters, or of 15 with a two-digit year, starts with a region and a
/// birthday.
fn has_region_and_birthday(digits: &str) -> bool {
    has_province(digits) && has_birthday(digits)
}

/// Whether it is a permanent residence permit of a foreigner, which begins with 9.
fn is_residence_permit(digits: &str) -> bool {
    digits.starts_with('9') && digits.len() == 18 && has_birthday(digits)
}

fn has_birthday(digits: &str) -> bool {
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
    birthday.is_some_and(|date| (1880..=2099).contains(&date.year()))
}

#[cfg(test)]
mod tests {
    use super::is_id_number;

    #[test]
    fn check_digits() {
        let cases = [
            ("a vector of the standard", "11010519491231002X", true),
            ("another", "440524188001010014", true),
            ("wrong check digit", "440524188001010015", false),
            ("no such day", "110105194902310024", false),
        ];
        for (shows, digits, expected) in cases {
            assert_eq!(is_id_number(digits), expected, "{shows}");
        }
    }
}
