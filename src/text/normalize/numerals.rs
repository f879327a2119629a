//! The value of a numeral, spelled out, in digits, or mixed: 三万五, 35000, 3万5.

use std::sync::LazyLock;

/// Values are in ten-thousandths, so that 3.5 and 0.0001 are whole numbers.
const ONE: u128 = 10_000;

/// Decimal places that a number with a unit such as 万 may have.
const PLACES_MAX: usize = 4;

/// Whether a character may be part of a numeral: a digit, or a Han numeral, including the formal
/// ones of cheques.
pub(crate) fn is_numeral(c: char) -> bool {
    let low = u32::from(c) as usize & 0xff;
    // Called for every character of every text: one table look-up rejects nearly all others.
    MAY_BE_NUMERAL[low / 64] >> (low % 64) & 1 == 1
        && (c.is_ascii_digit() || (c >= '〇' && symbol(c).is_some()))
}

/// One bit for each low byte of a numeral character.
static MAY_BE_NUMERAL: LazyLock<[u64; 4]> = LazyLock::new(|| {
    let mut bits = [0; 4];
    let han = ('〇'..='\u{9fff}').filter(|c| symbol(*c).is_some());
    for low in han.chain('0'..='9').map(|c| u32::from(c) as usize & 0xff) {
        bits[low / 64] |= 1 << (low % 64);
    }
    bits
});

/// A character of a spelled-out numeral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Symbol {
    Zero,
    /// 1 to 9.
    Digit(u8),
    /// 两, which is 2 before a unit or alone.
    Two,
    /// 十, 百 or 千.
    Unit(u32),
    /// 万 or 亿.
    Big(u32),
    /// A formal digit or unit as on cheques, with its common form.
    Formal(char),
}

fn symbol(c: char) -> Option<Symbol> {
    use Symbol::{Big, Digit, Formal, Two, Unit, Zero};
    Some(match c {
        '零' | '〇' => Zero,
        '一' => Digit(1),
        '二' => Digit(2),
        '三' => Digit(3),
        '四' => Digit(4),
        '五' => Digit(5),
        '六' => Digit(6),
        '七' => Digit(7),
        '八' => Digit(8),
        '九' => Digit(9),
        '两' => Two,
        '十' => Unit(10),
        '百' => Unit(100),
        '千' => Unit(1_000),
        '万' => Big(10_000),
        '亿' => Big(100_000_000),
        '壹' => Formal('一'),
        '贰' => Formal('二'),
        '叁' => Formal('三'),
        '肆' => Formal('四'),
        '伍' => Formal('五'),
        '陆' => Formal('六'),
        '柒' => Formal('七'),
        '捌' => Formal('八'),
        '玖' => Formal('九'),
        '拾' => Formal('十'),
        '佰' => Formal('百'),
        '仟' => Formal('千'),
        _ => return None,
    })
}

/// Whether a character is a formal numeral as on cheques.
pub(crate) fn is_formal(c: char) -> bool {
    matches!(symbol(c), Some(Symbol::Formal(_)))
}

/// A formal numeral in common characters; `None` if it mixes both, like 登陆百度.
pub(crate) fn from_formal(numeral: &[char]) -> Option<Vec<char>> {
    let common = |&c: &char| match symbol(c)? {
        Symbol::Formal(common) => Some(common),
        Symbol::Zero | Symbol::Big(_) => Some(c),
        Symbol::Digit(_) | Symbol::Two | Symbol::Unit(_) => None,
    };
    numeral.iter().map(common).collect()
}

/// The ASCII digit of a Han digit, as in 二〇二五.
pub(crate) fn ascii_digit(c: char) -> Option<char> {
    match symbol(c)? {
        Symbol::Zero => Some('0'),
        Symbol::Digit(digit) => Some(char::from(b'0' + digit)),
        Symbol::Two | Symbol::Unit(_) | Symbol::Big(_) | Symbol::Formal(_) => None,
    }
}

/// The size of a unit from 100 on; `None` for any other character.
pub(crate) fn scale(c: char) -> Option<u32> {
    match symbol(c)? {
        Symbol::Unit(unit) if unit > 10 => Some(unit),
        Symbol::Big(unit) => Some(unit),
        Symbol::Unit(_) | Symbol::Zero | Symbol::Digit(_) | Symbol::Two | Symbol::Formal(_) => None,
    }
}

/// The value of a numeral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NumeralValue {
    ten_thousandths: u128,
    /// Whether the last digit counts tenths of the unit before it, as in 三万五.
    pub(crate) is_colloquial: bool,
}

impl NumeralValue {
    /// Whether it is exactly one.
    pub(crate) fn is_one(self) -> bool {
        self.ten_thousandths == ONE
    }

    /// Whether it is less than twenty, like the numerals at the start of many words.
    pub(crate) fn is_below_twenty(self) -> bool {
        self.ten_thousandths < 20 * ONE
    }

    /// Whether it is less than a hundred.
    pub(crate) fn is_small(self) -> bool {
        self.ten_thousandths < 100 * ONE
    }

    /// The value times `scale`.
    pub(crate) fn times(self, scale: u32) -> Self {
        Self { ten_thousandths: self.ten_thousandths * u128::from(scale), ..self }
    }

    /// The value in digits, without trailing decimal zeros.
    pub(crate) fn digits(self) -> String {
        let (whole, part) = (self.ten_thousandths / ONE, self.ten_thousandths % ONE);
        if part == 0 {
            return whole.to_string();
        }
        format!("{whole}.{part:04}").trim_end_matches('0').to_owned()
    }
}

/// The value of a whole numeral; `None` if it is not one, such as 三五 or the 百 of 百度, and for too
/// many decimals.
pub(crate) fn value_of(numeral: &[char]) -> Option<NumeralValue> {
    let mut reader = NumeralReader::default();
    let mut rest = numeral;
    while let Some((&c, after)) = rest.split_first() {
        if c.is_ascii_digit() {
            let length = rest.iter().take_while(|c| c.is_ascii_digit() || **c == '.').count();
            let (digits, after) = rest.split_at(length);
            reader.number(decimal(digits)?, length > 1)?;
            rest = after;
            continue;
        }
        match symbol(c)? {
            Symbol::Zero => reader.zero()?,
            Symbol::Digit(digit) => reader.number(u128::from(digit) * ONE, false)?,
            Symbol::Two => {
                let is_alone = numeral.len() == 1;
                if !is_alone && after.first().copied().and_then(scale).is_none() {
                    return None;
                }
                reader.number(2 * ONE, false)?;
            }
            Symbol::Unit(unit) => reader.unit(unit)?,
            Symbol::Big(unit) => reader.big(unit)?,
            Symbol::Formal(_) => return None,
        }
        rest = after;
    }
    reader.end()
}

/// The value, in ten-thousandths, of digits with at most one point.
fn decimal(digits: &[char]) -> Option<u128> {
    let mut parts = digits.split(|c| *c == '.');
    let (whole, places) = (parts.next()?, parts.next().unwrap_or_default());
    let is_number = parts.next().is_none() && !whole.is_empty() && whole.len() <= 16;
    if !is_number || places.len() > PLACES_MAX {
        return None;
    }
    let filler = std::iter::repeat_n(&'0', PLACES_MAX - places.len());
    let mut digits = whole.iter().chain(places).chain(filler).map(|c| c.to_digit(10));
    digits.try_fold(0, |number, digit| Some(number * 10 + u128::from(digit?)))
}

/// Adds up a numeral from the left.
#[derive(Debug, Default)]
struct NumeralReader {
    /// The value before the last 万 or 亿, and that unit.
    total: u128,
    last_big: Option<u32>,
    /// The value since then, up to 千, and its last unit.
    section: u128,
    last_unit: Option<u32>,
    /// A digit or number that may still get a unit.
    pending: Option<u128>,
    /// Whether a zero stands for omitted units.
    has_zero: bool,
    /// The unit of which a last digit counts tenths.
    last_scale: u32,
    /// Whether a decimal stood before a unit; only a larger unit may follow.
    has_places: bool,
}

impl NumeralReader {
    fn number(&mut self, number: u128, is_long: bool) -> Option<()> {
        let is_first = self.total == 0 && self.section == 0;
        // In 3万15 the 15 belongs to the text after it, as in 3万15天.
        let is_odd = !is_first && (is_long || number == 0 || self.has_places);
        if self.pending.is_some() || is_odd {
            return None;
        }
        self.pending = Some(number);
        Some(())
    }

    fn zero(&mut self) -> Option<()> {
        let may_follow = self.last_scale > 10 && self.pending.is_none() && !self.has_zero;
        self.has_zero = true;
        may_follow.then_some(())
    }

    fn unit(&mut self, unit: u32) -> Option<()> {
        let is_first = self.total == 0 && self.section == 0;
        let number = match self.pending.take() {
            Some(number) => number,
            None if unit == 10 && is_first => ONE,
            None => return None,
        };
        // 一千五十 lacks a zero and is more likely two numbers.
        let above = self.last_unit.or(self.last_big).unwrap_or(u32::MAX);
        let is_complete = unit > 10 || above <= 100 || above == u32::MAX || self.has_zero;
        let is_lower = self.last_unit.is_none_or(|last| unit < last);
        let is_digit = (1..10 * ONE).contains(&number);
        self.has_places = !number.is_multiple_of(ONE);
        let is_whole = !self.has_places || (is_first && unit > 10);
        if !(is_complete && is_lower && is_digit && is_whole) {
            return None;
        }
        self.section += number * u128::from(unit);
        self.last_unit = Some(unit);
        self.last_scale = unit;
        self.has_zero = false;
        Some(())
    }

    fn big(&mut self, unit: u32) -> Option<()> {
        let ones = self.pending.take();
        let is_complete = ones.is_none() || self.last_unit.is_none_or(|last| last == 10);
        let number = self.section + ones.unwrap_or_default();
        let is_lower = self.last_big.is_none_or(|last| unit < last);
        let has_places = self.has_places || !number.is_multiple_of(ONE);
        let is_whole = !has_places || self.total == 0;
        if number == 0 || !is_lower || !is_whole || !(is_complete || self.has_zero) {
            return None;
        }
        let total = self.total + number * u128::from(unit);
        *self =
            Self { total, last_big: Some(unit), last_scale: unit, has_places, ..Self::default() };
        Some(())
    }

    fn end(self) -> Option<NumeralValue> {
        let before = self.total + self.section;
        let Some(ones) = self.pending else {
            let is_number = before > 0 && !self.has_zero;
            return is_number
                .then_some(NumeralValue { ten_thousandths: before, is_colloquial: false });
        };
        let is_colloquial = before > 0 && !self.has_zero && self.last_scale > 10;
        let ones = if is_colloquial { ones * u128::from(self.last_scale) / 10 } else { ones };
        // A decimal is allowed only before a unit.
        let is_whole = before == 0 || ones.is_multiple_of(ONE);
        is_whole.then_some(NumeralValue { ten_thousandths: before + ones, is_colloquial })
    }
}

#[cfg(test)]
pub(crate) use tests::spell;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digits(numeral: &str) -> Option<String> {
        Some(value_of(&numeral.chars().collect::<Vec<_>>())?.digits())
    }

    #[test]
    fn numerals_are_worth() {
        let cases = [
            // (what it shows, numeral, value)
            ("a digit", "三", Some("3")),
            ("alone", "两", Some("2")),
            ("ten", "十", Some("10")),
            ("more than ten", "十五", Some("15")),
            ("tens", "二十四", Some("24")),
            ("hundreds", "五百六十七", Some("567")),
            ("a zero for what is left out", "一千零五", Some("1005")),
            ("a zero over 万", "三万零五十", Some("30050")),
            ("tens of a section", "十五万", Some("150000")),
            ("all of it", "九千九百九十九万九千九百九十九", Some("99999999")),
            ("亿", "一亿二千万", Some("120000000")),
            ("the last unit left out", "三万五", Some("35000")),
            ("the same of hundreds", "一百五", Some("150")),
            ("the same of thousands", "一千二", Some("1200")),
            ("the same in digits", "3万5", Some("35000")),
            ("digits and units", "1亿2千万", Some("120000000")),
            ("a decimal before a unit", "3.5万", Some("35000")),
            ("a small one", "0.05万", Some("500")),
            ("a decimal before two units", "1.5千万", Some("15000000")),
            ("nothing goes on after a decimal", "3.5万5", None),
            ("what no unit makes whole", "3.12345万", None),
            ("hundred of 万", "3百万", Some("3000000")),
            ("about", "三五", None),
            ("about, of a unit", "三四十万", None),
            ("about, 两三千", "两三千", None),
            ("a unit alone", "万", None),
            ("units in disorder", "三百千", None),
            ("万 of 万", "三万万", None),
            ("two digits are no unit's number", "30千", None),
            ("a number after a unit", "三万15", None),
            ("two behind a unit is another number", "三万两", None),
            ("ten behind a unit too", "三万十五", None),
            ("a zero at the end", "一百零", None),
            ("a zero alone", "零", None),
            ("a lacking zero", "一千五十", None),
            ("a common way to leave it out", "一万五百", Some("10500")),
            ("a version", "2.10.3", None),
            ("on cheques", "叁万", None),
            ("nothing", "", None),
        ];
        for (shows, numeral, expected) in cases {
            assert_eq!(digits(numeral).as_deref(), expected, "{shows}: {numeral}");
        }
    }

    #[test]
    fn cheques_have_numerals_of_their_own() {
        let formal = |text: &str| from_formal(&text.chars().collect::<Vec<_>>());
        let common = "三万零五百".chars().collect();
        assert_eq!(formal("叁万零伍佰"), Some(common));
        assert_eq!(formal("陆百"), None);
    }

    /// Another evaluation: adds up what each character does, without rules on their order.
    fn evaluate(numeral: &str) -> u64 {
        let (mut total, mut section, mut digit) = (0, 0, 0);
        for c in numeral.chars() {
            match "零一二三四五六七八九".chars().position(|known| known == c) {
                Some(value) => digit = value as u64,
                None if c == '两' => digit = 2,
                None if c == '万' => (total, section, digit) = ((section + digit) * 10_000, 0, 0),
                None => {
                    let unit = match c {
                        '十' => 10,
                        '百' => 100,
                        _ => 1_000,
                    };
                    (section, digit) = (section + digit.max(1) * unit, 0);
                }
            }
        }
        total + section + digit
    }

    /// Spells a number below ten thousand, alone or as part of a longer one.
    fn spell_section(number: u64, is_start: bool) -> String {
        let mut text = String::new();
        let mut lacks = !is_start && number < 1_000;
        for (unit, name) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = number / unit % 10;
            if digit == 0 {
                lacks = lacks || !text.is_empty();
                continue;
            }
            if lacks && !(is_start && text.is_empty()) {
                text.push('零');
            }
            lacks = false;
            let is_ten = is_start && unit == 10 && text.is_empty() && digit == 1;
            if !is_ten {
                text.extend("零一二三四五六七八九".chars().nth(digit as usize));
            }
            text.push_str(name);
        }
        text
    }

    pub(crate) fn spell(number: u64) -> String {
        if number == 0 {
            return "零".to_owned();
        }
        let (high, low) = (number / 10_000, number % 10_000);
        if high == 0 {
            return spell_section(low, true);
        }
        let rest = if low == 0 { String::new() } else { spell_section(low, false) };
        format!("{}万{rest}", spell_section(high, true))
    }

    proptest! {
        #[test]
        fn a_number_spelled_out_is_itself(number in prop_oneof![1..1_000_u64, 1..100_000_000_u64]) {
            let spelled = spell(number);
            prop_assert_eq!(evaluate(&spelled), number);
            prop_assert_eq!(digits(&spelled), Some(number.to_string()), "{}", spelled);
        }

        #[test]
        fn what_is_read_is_what_the_characters_say(
            numeral in "[一二三四五六七八九两]?[十百千万零一二三四五六七八九两]{0,6}"
        ) {
            if let Some(value) = value_of(&numeral.chars().collect::<Vec<_>>())
                && !value.is_colloquial
            {
                prop_assert_eq!(value.digits(), evaluate(&numeral).to_string(), "{}", numeral);
            }
        }
    }
}
