//! Check digits.

/// Whether the number passes the check digit of ISO/IEC 7812.
pub(super) fn is_luhn(digits: &str) -> bool {
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

/// Whether an account passes the check digits of ISO 13616. Letters are upper-case.
pub(super) fn is_iban(account: &str) -> bool {
    let has_length = account.get(..2).is_some_and(|country| {
        IBAN_LENGTHS.iter().any(|(length, countries)| {
            account.len() == *length && countries.split(' ').any(|known| known == country)
        })
    });
    let Some((head, tail)) = account.split_at_checked(4).filter(|_| has_length) else {
        return false;
    };
    let rest = tail.chars().chain(head.chars()).try_fold(0u32, |rest, c| {
        let value = c.to_digit(36)?;
        Some((rest * if value < 10 { 10 } else { 100 } + value) % 97)
    });
    rest == Some(1)
}

/// The lengths of accounts by country, from the register of ISO 13616.
const IBAN_LENGTHS: [(usize, &str); 15] = [
    (15, "NO"),
    (16, "BE"),
    (18, "DK FI FO GL NL SD"),
    (19, "MK SI"),
    (20, "AT BA EE KZ LT LU MN XK"),
    (21, "CH HR LI LV"),
    (22, "BG BH CR DE GB GE IE ME RS VA"),
    (23, "AE GI IL IQ OM SO TL"),
    (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
    (25, "LY PT ST"),
    (26, "IS TR"),
    (27, "BI DJ FR GR IT MC MR SM"),
    (28, "AL AZ BY CY DO GT HU LB NI PL SV"),
    (29, "BR EG PS QA UA"),
    (30, "JO KW MU YE"),
];

/// Whether an identity card of Hong Kong, such as A1234563, has the right check character: the sum
/// of the characters, weighted 9 to 1, is a multiple of 11.
pub(super) fn is_hk_id(characters: &str) -> bool {
    let mut sum = if characters.len() == 8 { 9 * 36 } else { 0 };
    let count = characters.len();
    for (at, c) in characters.chars().enumerate() {
        // The check character A stands for 10, as in any base.
        let Some(value) = c.to_digit(36) else { return false };
        let weight = u32::try_from(count - at).unwrap_or(0);
        sum += value * weight;
    }
    matches!(count, 8 | 9) && sum.is_multiple_of(11)
}

/// Whether an identity card of Taiwan, such as A123456789, has the right check digit.
pub(super) fn is_taiwan_id(characters: &str) -> bool {
    // The letters in the order of their codes 10 to 35.
    const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let mut chars = characters.chars();
    let Some(code) = chars.next().and_then(|c| LETTERS.find(c)) else { return false };
    let code = code as u32 + 10;
    let digits: Vec<u32> = chars.filter_map(|c| c.to_digit(10)).collect();
    let [first, .., _] = &*digits else { return false };
    let weights = [8, 7, 6, 5, 4, 3, 2, 1, 1];
    let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
    digits.len() == 9
        && matches!(first, 1 | 2 | 8 | 9)
        && (code / 10 + code % 10 * 9 + sum).is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::{is_hk_id, is_iban, is_luhn, is_taiwan_id};

    #[test]
    fn check_digits() {
        let cases = [
            ("UnionPay's test card", is_luhn("6222021234567890128"), true),
            ("Visa's test card", is_luhn("4111111111111111"), true),
            ("one digit off", is_luhn("4111111111111112"), false),
            ("the example of ISO 13616", is_iban("GB82WEST12345698765432"), true),
            ("German", is_iban("DE89370400440532013000"), true),
            ("one digit off", is_iban("GB82WEST12345698765433"), false),
            ("Hong Kong", is_hk_id("A1234563"), true),
            ("Hong Kong, A", is_hk_id("G123456A"), true),
            ("Hong Kong, two letters", is_hk_id("AB9876543"), true),
            ("one digit off", is_hk_id("A1234564"), false),
            ("Taiwan", is_taiwan_id("A123456789"), true),
            ("one digit off", is_taiwan_id("A123456788"), false),
        ];
        for (shows, found, expected) in cases {
            assert_eq!(found, expected, "{shows}");
        }
    }
}
