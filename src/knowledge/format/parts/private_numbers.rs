//! Private numbers that a pattern of the operator's own numbers may fit.

use std::ops::RangeInclusive;

use crate::compliance::PersonalData;

/// A class of private numbers: their lengths, and the digits with which they begin.
type PrivateShape = (PersonalData, RangeInclusive<usize>, &'static [RangeInclusive<u16>]);

/// Cards by ISO/IEC 7812 and the issuers' ranges, mobile phones, and identity numbers by the code
/// of the province.
const SHAPES: [PrivateShape; 3] = [
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
];

/// The classes with numbers that begin with this prefix and have one of these lengths.
pub(crate) fn private_numbers(prefix: &str, (least, most): (usize, usize)) -> Vec<PersonalData> {
    if !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
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
    use super::{PersonalData, private_numbers};

    #[test]
    fn a_pattern_is_private_if_prefix_and_length_are() {
        use PersonalData::{Card, IdNumber, Phone};
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
            ("too short for a card", "62", (8, 12), vec![]),
            ("a mobile phone", "13", (11, 11), vec![Phone]),
            ("a mobile phone of one carrier", "1380013", (10, 12), vec![Phone]),
            ("no mobile phone", "12", (11, 11), vec![]),
            ("an identity number", "11", (18, 18), vec![IdNumber]),
            ("an identity number of one district", "110105", (18, 18), vec![IdNumber]),
            ("a year of 18 digits", "2026", (18, 18), vec![]),
            ("all lengths", "62", (6, 40), vec![Card, IdNumber]),
        ];
        for (shows, prefix, length, expected) in cases {
            assert_eq!(private_numbers(prefix, length), expected, "{shows}");
        }
    }
}
