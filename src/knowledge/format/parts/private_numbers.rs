//! Private numbers that a pattern of the operator's own numbers may fit.

use std::ops::RangeInclusive;

use crate::compliance::{PersonalData, SecretKind};

/// A class of private numbers: their lengths, and the digits with which they begin.
type PrivateShape = (PersonalData, RangeInclusive<usize>, &'static [RangeInclusive<u16>]);

/// Numbers of digits: cards by ISO/IEC 7812 and the issuers' ranges, phones, identity numbers by the
/// code of the province, and the codes that any digits of this length may be.
const SHAPES: [PrivateShape; 6] = [
    (
        PersonalData::Card,
        13..=19,
        &[62..=62, 4..=4, 51..=55, 2221..=2720, 34..=38, 60..=60, 65..=65, 81..=81, 9558..=9558],
    ),
    (PersonalData::Phone, 11..=11, &[13..=19]),
    (
        PersonalData::IdNumber,
        18..=18,
        &[11..=15, 21..=23, 31..=37, 41..=46, 50..=54, 61..=65, 71..=71, 81..=83],
    ),
    (PersonalData::Landline, 10..=12, &[0..=0]),
    (PersonalData::HkPhone, 11..=11, &[852..=853]),
    (PersonalData::Secret(SecretKind::OneTimeCode), 4..=8, &[0..=9]),
];

/// Documents of one or two letters and digits, by the length of the whole number.
const DOCUMENTS: [(PersonalData, usize, RangeInclusive<usize>); 5] = [
    // (class, letters, lengths)
    (PersonalData::HkId, 1, 8..=8),
    (PersonalData::Passport, 1, 9..=9),
    (PersonalData::TaiwanId, 1, 10..=10),
    (PersonalData::Permit, 1, 9..=11),
    (PersonalData::Passport, 2, 9..=9),
];

/// The classes with numbers that begin with this prefix and have one of these lengths.
pub(crate) fn private_numbers(prefix: &str, (least, most): (usize, usize)) -> Vec<PersonalData> {
    if !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        let letters = prefix.bytes().take_while(u8::is_ascii_uppercase).count();
        let is_document = prefix.bytes().skip(letters).all(|byte| byte.is_ascii_digit());
        let fits = |(_, count, lengths): &&(_, usize, RangeInclusive<usize>)| {
            is_document && *count == letters && *lengths.start() <= most && least <= *lengths.end()
        };
        return DOCUMENTS.iter().filter(fits).map(|(data, ..)| *data).collect();
    }
    let begins = |start: u16| {
        let start = start.to_string();
        start.starts_with(prefix) || prefix.starts_with(&start)
    };
    let fits = |(_, lengths, starts): &&PrivateShape| {
        *lengths.start() <= most
            && least <= *lengths.end()
            && starts.iter().cloned().flatten().any(begins)
    };
    SHAPES.iter().filter(fits).map(|(data, ..)| *data).collect()
}

#[cfg(test)]
mod tests {
    use super::{PersonalData, SecretKind, private_numbers};

    #[test]
    fn a_pattern_is_private_if_prefix_and_length_are() {
        use PersonalData::{Card, HkId, IdNumber, Landline, Passport, Permit, Phone, Secret};
        let code = Secret(SecretKind::OneTimeCode);
        let cases = [
            // (what it shows, prefix, length, expected)
            ("an order by its year", "2026", (16, 16), vec![]),
            ("letters", "62KF", (16, 16), vec![]),
            ("a card", "62", (16, 17), vec![Card]),
            ("a card of one bank", "622202", (19, 19), vec![Card]),
            ("a part of an issuer's prefix", "22", (16, 16), vec![Card]),
            ("the last issuer of a range", "2720", (16, 16), vec![Card]),
            ("after the last issuer", "2721", (16, 16), vec![]),
            ("an agricultural bank", "95", (19, 19), vec![Card]),
            ("too long for a card", "62", (20, 24), vec![]),
            ("too short for a card", "62", (9, 12), vec![]),
            ("a code", "12", (6, 6), vec![code]),
            ("a landline", "0571", (11, 12), vec![Landline]),
            ("a passport", "E1", (9, 9), vec![Passport, Permit]),
            ("a card of Hong Kong", "A", (8, 8), vec![HkId]),
            ("a mobile phone", "13", (11, 11), vec![Phone]),
            ("a mobile phone of one carrier", "1380013", (10, 12), vec![Phone]),
            ("no mobile phone", "12", (11, 11), vec![]),
            ("an identity number", "11", (18, 18), vec![IdNumber]),
            ("an identity number of one district", "110105", (18, 18), vec![IdNumber]),
            ("a year of 18 digits", "2026", (18, 18), vec![]),
            ("all lengths", "62", (6, 40), vec![Card, IdNumber, code]),
        ];
        for (shows, prefix, length, expected) in cases {
            assert_eq!(private_numbers(prefix, length), expected, "{shows}");
        }
    }
}
