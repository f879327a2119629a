//! Private values with right check digits, and their usual spellings.

use super::class::Class;
use super::dice::Dice;

/// A private value.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    /// Its characters without separators.
    pub(crate) characters: String,
    /// A usual spelling: at once, or in the usual groups.
    pub(crate) plain: String,
}

impl Value {
    pub(crate) fn of(class: Class, dice: &mut Dice) -> Value {
        let (characters, ways) = draw(class, dice);
        let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
        let plain = if ways.is_empty() || dice.one_in(2) { &*characters } else { dice.pick(&ways) };
        Value { plain: plain.to_owned(), characters }
    }
}

/// The characters of a value, and its spellings in groups.
type Drawn = (String, Vec<String>);

fn draw(class: Class, dice: &mut Dice) -> Drawn {
    match class {
        Class::UnionPay => {
            let bank = dice.pick(&["6222", "6217", "6228", "6214", "6225", "6226", "6230"]);
            let length = *dice.pick(&[&16, &19]);
            in_fours(card(bank, length, dice))
        }
        Class::Visa => in_fours(card("4", 16, dice)),
        Class::Mastercard => in_fours(mastercard(dice)),
        Class::Amex => in_groups(card(dice.pick(&["34", "37"]), 15, dice), &[4, 6, 5]),
        Class::Jcb => in_fours(card(&dice.within(3528, 3589).to_string(), 16, dice)),
        Class::Diners => {
            let start = dice.pick(&["36", "38", "39", "300", "305"]);
            in_groups(card(start, 14, dice), &[4, 6, 4])
        }
        Class::Id18 => in_groups(id_number(region(dice), dice), &[6, 8, 4]),
        Class::Id15 => {
            let (year, month, day) = dice.day(40, 84);
            let id = format!("{}{year}{month:02}{day:02}{}", region(dice), dice.digits(3));
            in_groups(id, &[6, 6, 3])
        }
        Class::HkId => hk_id(dice),
        Class::MacauId => macau_id(dice),
        Class::TaiwanId => at_once(taiwan_id(dice)),
        Class::ChinesePassport => at_once(chinese_passport(dice)),
        Class::ForeignPassport => at_once(foreign_passport(dice)),
        Class::HomeReturnPermit => {
            let length = *dice.pick(&[&8, &10]);
            at_once(format!("{}{}", dice.character("HM"), dice.digits(length)))
        }
        Class::TaiwanPermit => at_once(dice.digits(8)),
        Class::ResidenceCard => at_once(residence_card(dice)),
        Class::Mobile => mobile(dice),
        Class::Landline => landline(dice),
        Class::HkPhone => hk_phone(dice),
        Class::TaiwanPhone => taiwan_phone(dice),
        Class::ForeignPhone => foreign_phone(dice),
        Class::Email => at_once(email(dice)),
        Class::BankAccount => {
            let length = dice.within(12, 19);
            in_fours(dice.number(length))
        }
        Class::Iban => in_fours(iban(dice)),
        Class::LoginPassword => at_once(login_password(dice)),
        Class::PaymentPassword => at_once(dice.digits(6)),
        Class::OneTimeCode if dice.one_in(4) => at_once(dice.digits(4)),
        Class::OneTimeCode => in_groups(dice.digits(6), &[3, 3]),
        Class::Cvv => {
            let length = *dice.pick(&[&3, &3, &3, &4]);
            at_once(dice.digits(length))
        }
        Class::Expiry => expiry(dice),
        Class::TrackData => at_once(track(dice)),
    }
}

fn at_once(characters: String) -> Drawn {
    (characters, Vec::new())
}

fn in_fours(characters: String) -> Drawn {
    in_groups(characters, &[4; 9])
}

/// The value with its groups of these lengths between spaces and between dashes.
fn in_groups(characters: String, lengths: &[usize]) -> Drawn {
    let groups = grouped(&characters, lengths);
    (characters, groups)
}

/// The value in groups of these lengths, between spaces and between dashes.
fn grouped(value: &str, lengths: &[usize]) -> Vec<String> {
    let mut groups = Vec::new();
    let mut left = value;
    for length in lengths {
        let (group, rest) = left.split_at((*length).min(left.len()));
        groups.push(group);
        left = rest;
    }
    groups.retain(|group| !group.is_empty());
    vec![groups.join(" "), groups.join("-")]
}

fn card(start: &str, length: usize, dice: &mut Dice) -> String {
    let body = format!("{start}{}", dice.digits(length - start.len() - 1));
    let check = (0..10).find(|check| is_luhn(&format!("{body}{check}"))).unwrap_or(0);
    format!("{body}{check}")
}

fn mastercard(dice: &mut Dice) -> String {
    let (from, to) = if dice.one_in(2) { (2221, 2720) } else { (51, 55) };
    card(&dice.within(from, to).to_string(), 16, dice)
}

/// Whether the last digit is the check digit of ISO/IEC 7812.
pub(crate) fn is_luhn(digits: &str) -> bool {
    let digit = |(at, byte): (usize, u8)| {
        let digit = usize::from(byte - b'0') * (1 + at % 2);
        digit / 10 + digit % 10
    };
    digits.bytes().rev().enumerate().map(digit).sum::<usize>() % 10 == 0
}

fn region(dice: &mut Dice) -> &'static str {
    let regions = ["110105", "440524", "310115", "510104", "650102", "330106", "420111", "230103"];
    dice.pick(&regions)
}

fn id_number(start: &str, dice: &mut Dice) -> String {
    let (year, month, day) = dice.day(1940, 2008);
    let body = format!("{start}{year}{month:02}{day:02}{}", dice.digits(3));
    let check = id_check(&body);
    format!("{body}{check}")
}

/// The check character of GB 11643 after 17 digits.
fn id_check(body: &str) -> char {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: usize =
        body.bytes().zip(weights).map(|(byte, weight)| usize::from(byte - b'0') * weight).sum();
    char::from(b"10X98765432"[sum % 11])
}

/// Whether it is an identity number of the mainland, by its birthday and check character.
pub(crate) fn is_id_number(digits: &str) -> bool {
    let Some((body, check)) = digits.split_at_checked(17).filter(|_| digits.len() == 18) else {
        return false;
    };
    let has_birthday = matches!(body.get(6..8), Some("18" | "19" | "20"));
    has_birthday && check.starts_with(id_check(body))
}

fn macau_id(dice: &mut Dice) -> Drawn {
    let id = format!("{}{}", dice.character("157"), dice.digits(7));
    let (body, check) = id.split_at(7);
    let (first, middle) = body.split_at(1);
    let ways = vec![format!("{first}/{middle}/{check}"), format!("{body}({check})")];
    (id, ways)
}

fn chinese_passport(dice: &mut Dice) -> String {
    if dice.one_in(2) {
        format!("{}{}", dice.character("EG"), dice.digits(8))
    } else {
        format!("E{}{}", dice.character("ABCDEFGHJKLMNPQRSTUVWXYZ"), dice.digits(7))
    }
}

fn expiry(dice: &mut Dice) -> Drawn {
    let (month, year) = (dice.within(1, 12), dice.within(26, 35));
    let ways = vec![
        format!("{month:02}/{year}"),
        format!("{month:02}/20{year}"),
        format!("20{year}年{month}月"),
        format!("{year}年{month:02}月"),
    ];
    (format!("{month:02}{year}"), ways)
}

fn hk_id(dice: &mut Dice) -> Drawn {
    let count = 1 + usize::from(dice.one_in(5));
    let letters = dice.characters("ABCDEFGHJKLMNPRSTVWYZ", count);
    let body = format!("{letters}{}", dice.digits(6));
    let padded = if count == 1 { 36 * 9 } else { 0 };
    let sum: usize = body
        .chars()
        .rev()
        .zip(2..)
        .map(|(c, weight)| c.to_digit(36).map_or(0, |value| value as usize) * weight)
        .sum();
    let check = match (11 - (padded + sum) % 11) % 11 {
        10 => "A".to_owned(),
        digit => digit.to_string(),
    };
    let ways = vec![format!("{body}({check})"), format!("{body}（{check}）")];
    (format!("{body}{check}"), ways)
}

fn taiwan_id(dice: &mut Dice) -> String {
    const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let at = dice.below(26);
    let letter = LETTERS.chars().nth(at).unwrap_or('A');
    let body = format!("{}{}", dice.character("12"), dice.digits(7));
    let code = at + 10;
    let sum: usize = body
        .bytes()
        .zip([8, 7, 6, 5, 4, 3, 2, 1])
        .map(|(byte, weight)| usize::from(byte - b'0') * weight)
        .sum();
    let check = (10 - (code / 10 + code % 10 * 9 + sum) % 10) % 10;
    format!("{letter}{body}{check}")
}

fn foreign_passport(dice: &mut Dice) -> String {
    match dice.below(6) {
        // The United States, the United Kingdom, Russia.
        0 | 1 => dice.number(9),
        // Japan, Australia, Italy.
        2 => format!("{}{}", dice.pick(&["TK", "TR", "PA", "PB", "YA"]), dice.digits(7)),
        // Korea, India, Malaysia.
        3 => format!("{}{}", dice.character("MSA"), dice.digits(8)),
        4 => format!("{}{}", dice.character("JKLNRTZ"), dice.digits(7)),
        // Singapore.
        _ => format!("K{}{}", dice.digits(7), dice.character("ABCDEFGHKLMNPRTUWXZ")),
    }
}

/// A permanent residence card: of 18 digits, or the older one of three letters and twelve digits.
fn residence_card(dice: &mut Dice) -> String {
    if dice.one_in(2) {
        let country = dice.pick(&["840", "826", "392", "410", "036"]);
        let start = format!("9{}{country}", dice.pick(&["11", "31", "44"]));
        return id_number(&start, dice);
    }
    let (year, month, day) = dice.day(50, 99);
    let country = dice.pick(&["USA", "GBR", "JPN", "KOR", "AUS", "FRA"]);
    format!(
        "{country}{}{year}{month:02}{day:02}{}",
        dice.pick(&["1101", "3101", "4401"]),
        dice.digits(2)
    )
}

fn mobile(dice: &mut Dice) -> Drawn {
    let number = format!("1{}{}", dice.character("3456789"), dice.digits(9));
    let mut ways = grouped(&number, &[3, 4, 4]);
    ways.extend([format!("+86 {number}"), format!("86{number}")]);
    (number, ways)
}

fn landline(dice: &mut Dice) -> Drawn {
    let areas = [("010", 8), ("021", 8), ("0571", 8), ("0755", 8), ("0931", 7), ("0511", 8)];
    let (area, length) = areas[dice.below(areas.len())];
    let local = format!("{}{}", dice.character("2345678"), dice.digits(length - 1));
    (format!("{area}{local}"), vec![format!("{area}-{local}"), format!("({area}){local}")])
}

fn hk_phone(dice: &mut Dice) -> Drawn {
    let (code, first) = if dice.one_in(4) { ("853", "6") } else { ("852", "569") };
    let local = format!("{}{}", dice.character(first), dice.digits(7));
    let (head, tail) = local.split_at(4);
    let ways = vec![
        format!("+{code} {head} {tail}"),
        format!("{code}-{local}"),
        format!("00{code}{local}"),
    ];
    (format!("{code}{local}"), ways)
}

fn taiwan_phone(dice: &mut Dice) -> Drawn {
    let local = format!("9{}", dice.digits(8));
    let number = format!("0{local}");
    let mut ways = grouped(&number, &[4, 3, 3]);
    ways.push(format!("+886 {local}"));
    (number, ways)
}

fn foreign_phone(dice: &mut Dice) -> Drawn {
    let countries: [(&str, &[usize]); 7] = [
        ("1", &[3, 3, 4]),
        ("44", &[4, 6]),
        ("81", &[2, 4, 4]),
        ("82", &[2, 4, 4]),
        ("65", &[4, 4]),
        ("61", &[3, 3, 3]),
        ("60", &[2, 7]),
    ];
    let (code, lengths) = countries[dice.below(countries.len())];
    let rest = lengths.iter().sum::<usize>() - 1;
    let local = format!("{}{}", dice.character("789"), dice.digits(rest));
    let groups = grouped(&local, lengths);
    let ways = groups.iter().map(|groups| format!("+{code} {groups}"));
    let ways = ways.chain([format!("00{code}{local}")]).collect();
    (format!("+{code}{local}"), ways)
}

fn email(dice: &mut Dice) -> String {
    let name = dice.pick(&["zhang", "li.na", "wangwei", "chen_yu", "tommy", "lucy.liu", "sunny"]);
    let digits = dice.within(2, 4);
    let host = dice.pick(&[
        "qq.com",
        "163.com",
        "126.com",
        "gmail.com",
        "outlook.com",
        "sina.com",
        "foxmail.com",
        "yahoo.com.hk",
    ]);
    format!("{name}{}@{host}", dice.digits(digits))
}

fn iban(dice: &mut Dice) -> String {
    let body = match dice.below(4) {
        0 => format!("DE{}", dice.digits(18)),
        1 => format!("GB{}{}", dice.pick(&["BARC", "LOYD", "MIDL", "HBUK"]), dice.digits(14)),
        2 => format!("FR{}", dice.digits(23)),
        _ => format!("NL{}{}", dice.pick(&["ABNA", "INGB", "RABO"]), dice.digits(10)),
    };
    let (country, account) = body.split_at(2);
    let rest = format!("{account}{country}00").chars().fold(0, |rest, c| {
        let value = c.to_digit(36).unwrap_or(0);
        (rest * if value < 10 { 10 } else { 100 } + value) % 97
    });
    format!("{country}{:02}{account}", 98 - rest)
}

fn login_password(dice: &mut Dice) -> String {
    let word = dice.pick(&["wang", "Lily", "qwer", "abc", "Zhao", "love", "tiger", "Xm"]);
    match dice.below(4) {
        0 => format!("{word}{}", dice.digits(6)),
        1 => format!("{word}@{}", dice.digits(4)),
        2 => format!("{}{word}", dice.digits(6)),
        _ => format!("{word}_{}!", dice.digits(4)),
    }
}

fn track(dice: &mut Dice) -> String {
    let card = card(dice.pick(&["6222", "4", "55"]), 16, dice);
    let expiry = format!("{}{:02}", dice.within(26, 35), dice.within(1, 12));
    if dice.one_in(2) {
        format!(";{card}={expiry}{}?", dice.digits(10))
    } else {
        let name = dice.pick(&["ZHANG/WEI", "LI/NA", "CHEN/DAWEN"]);
        format!("%B{card}^{name}^{expiry}{}?", dice.digits(10))
    }
}
