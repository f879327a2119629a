//! Phones: mobiles of the mainland, and those of other places.

use super::identifier::Identifier;
use crate::compliance::masking::cells::{Cell, first, last};
use crate::compliance::masking::label::Label;
use crate::compliance::masking::lexicon::LabelLexicon;
use crate::compliance::masking::numbers::{DigitRun, GroupedNumber};
use crate::compliance::masking::personal_data::PersonalData;
use crate::compliance::masking::spot::Spot;
use crate::compliance::masking::words::{COUNTS, MONEY};
use std::sync::LazyLock;

/// The mobile number of the mainland at the start of the run.
pub(super) fn mobile(spot: &Spot<'_>, run: &DigitRun) -> Option<Identifier> {
    run.numbers()
        .find(|number| {
            is_mobile(number.digits)
                && (number.is_one()
                    || (number.parts_are(&[3, 4, 4])
                        && spot.labels(number.cells).say(Label::Phone)))
                && !number.is_list_of_round_sums()
                && spot.is_no_sum_or_code(number)
                && !spot.labels(number.cells).is_impersonal()
        })
        .map(|number| identifier(PersonalData::Phone, &number))
}

/// The number of Hong Kong, Macau or Taiwan, or the landline, at the start of the run.
pub(super) fn other(spot: &Spot<'_>, run: &DigitRun) -> Option<Identifier> {
    run.numbers().rev().find_map(|number| {
        let data = other_kind(spot, &number)?;
        Some(identifier(data, &number))
    })
}

fn other_kind(spot: &Spot<'_>, number: &GroupedNumber<'_>) -> Option<PersonalData> {
    let digits = number.digits;
    if !(7..=17).contains(&digits.len())
        || !number.is_one()
        || spot.is_joined()
        || spot.follows_digit()
    {
        return None;
    }
    let has_plus = spot.has_plus();
    let shape = PhoneShape::of(digits, has_plus)?;
    let after = spot.after(number.cells);
    if MONEY.comes_next(after)
        || COUNTS.comes_next(after)
        || spot.before.last().is_some_and(Cell::is_ascii_letter)
        || after.first().is_some_and(Cell::is_ascii_letter)
        || after.first().is_some_and(|cell| cell.c == '号')
    {
        return None;
    }
    let labels = spot.labels(number.cells);
    if labels.is_impersonal() {
        return None;
    }
    let is_phone = || labels.say_any(&[Label::Phone, Label::Landline]);
    if number.is_list_of_round_sums() && !is_phone() {
        return None;
    }
    let near = || HK_WORDS.is_in(last(spot.before, 12)) || HK_WORDS.is_in(first(after, 8));
    let is_firm = || is_firms(last(spot.before, 16)) || is_firms(first(after, 14));
    match shape {
        PhoneShape::HongKongWithCode => (!is_firm()
            && (has_plus
                || digits.starts_with("00")
                || is_phone()
                || near()
                || number.parts_are(&[3, 8])
                || number.parts_are(&[3, 4, 4])))
        .then_some(PersonalData::HkPhone),
        PhoneShape::NorthAmerica => (!digits.starts_with("400")
            && !digits.starts_with("800")
            && number.parts_are(&[3, 3, 4])
            && labels.say(Label::Phone))
        .then_some(PersonalData::ForeignPhone),
        PhoneShape::Taiwan | PhoneShape::TaiwanWithCode => Some(PersonalData::TaiwanPhone),
        PhoneShape::AreaCode => {
            let is_own = is_phone()
                || OWN_WORDS.is_in(last(spot.before, 16))
                || OWN_WORDS.is_in(first(after, 12));
            (is_own && !is_firm()).then_some(PersonalData::Landline)
        }
        PhoneShape::EightDigits if near() && !is_firm() => Some(PersonalData::HkPhone),
        PhoneShape::EightDigits => {
            (is_phone() && !is_firm() && !is_day(digits)).then_some(PersonalData::Landline)
        }
        PhoneShape::SevenDigits => {
            (labels.say(Label::Landline) && !is_firm()).then_some(PersonalData::Landline)
        }
    }
}

/// The number of another country, with `+` or `00` and its country code.
pub(super) fn foreign(spot: &Spot<'_>) -> Option<Identifier> {
    let opening = spot.rest.first()?;
    let mut at = usize::from(opening.c == '+');
    let mut digits = String::new();
    let mut end = 0;
    if spot.before.last().is_some_and(Cell::is_ascii_alphanumeric) {
        return None;
    }
    while let Some(cell) = spot.rest.get(at) {
        if cell.is_ascii_digit() {
            digits.push(cell.c);
            end = at + 1;
            // Longer than any phone, with the prefix for calls abroad.
            if digits.len() > 18 {
                return None;
            }
        } else if !cell.is_separator()
            || matches!(cell.c, ',' | '。' | '、' | ';' | '!' | '?')
            || at > end + 3
        {
            break;
        }
        at += 1;
    }
    let number = if opening.c == '+' {
        Some(&*digits)
    } else {
        digits.strip_prefix("00").or_else(|| digits.strip_prefix("011"))
    };
    let after = spot.after(end);
    let labels = spot.labels(end);
    let is_phone = labels.say(Label::Phone);
    let is_abroad =
        || ABROAD_WORDS.is_in(last(spot.before, 14)) || ABROAD_WORDS.is_in(first(after, 8));
    let is_foreign = match number {
        Some(number) => {
            (9..=15).contains(&number.len())
                && !number.starts_with('0')
                && !["86", "852", "853", "886"].iter().any(|code| number.starts_with(code))
                && (opening.c == '+' || is_phone || is_abroad())
        }
        None => {
            (9..=13).contains(&digits.len()) && is_abroad() && (is_phone || digits.starts_with('0'))
        }
    };
    let is_sum = MONEY.comes_next(after) || COUNTS.comes_next(after) || labels.is_impersonal();
    (is_foreign && !is_sum && end > 0).then_some(Identifier {
        data: PersonalData::ForeignPhone,
        characters: digits,
        cells: end,
    })
}

/// The shapes of phones besides mobiles of the mainland.
#[derive(Clone, Copy)]
enum PhoneShape {
    HongKongWithCode,
    Taiwan,
    TaiwanWithCode,
    /// A landline with its area code.
    AreaCode,
    EightDigits,
    SevenDigits,
    /// Ten digits without a country code, as 415 555 6677.
    NorthAmerica,
}

impl PhoneShape {
    fn of(digits: &str, has_plus: bool) -> Option<PhoneShape> {
        let number = digits.strip_prefix("00").unwrap_or(digits);
        if let Some(local) = number.strip_prefix("852").or_else(|| number.strip_prefix("853"))
            && local.len() == 8
            && local.starts_with(|c| ('2'..='9').contains(&c))
        {
            return Some(PhoneShape::HongKongWithCode);
        }
        if let Some(local) = number.strip_prefix("886")
            && matches!(local.trim_start_matches('0').len(), 8..=9)
        {
            return Some(PhoneShape::TaiwanWithCode);
        }
        if let Some(local) = number.strip_prefix("86").filter(|_| has_plus || digits.len() > 12)
            && !local.starts_with('1')
            && (9..=11).contains(&local.len())
        {
            return Some(PhoneShape::AreaCode);
        }
        match digits.len() {
            10 if digits.starts_with("09") => Some(PhoneShape::Taiwan),
            10 if digits.starts_with(|c| ('2'..='9').contains(&c)) => {
                Some(PhoneShape::NorthAmerica)
            }
            10..=12 if is_landline(digits) => Some(PhoneShape::AreaCode),
            8 if digits.starts_with(|c| ('2'..='9').contains(&c)) => Some(PhoneShape::EightDigits),
            7 if digits.starts_with(|c| ('2'..='8').contains(&c)) => Some(PhoneShape::SevenDigits),
            _ => None,
        }
    }
}

/// Whether it is a landline with its area code: 010, 02x, or 03xx to 09xx.
fn is_landline(digits: &str) -> bool {
    let area = if digits.starts_with("010") || digits.starts_with("02") { 3 } else { 4 };
    let is_area = digits.starts_with("010")
        || (digits.starts_with('0') && digits.get(1..2).is_some_and(|c| ("2"..="9").contains(&c)));
    is_area
        && digits.get(area..).is_some_and(|local| {
            matches!(local.len(), 7 | 8) && local.starts_with(|c| ('2'..='8').contains(&c))
        })
}

/// Whether it is a mobile number of the mainland, with or without the country code or a zero.
fn is_mobile(digits: &str) -> bool {
    let number = match digits.len() {
        11 => Some(digits),
        12 => digits.strip_prefix('0'),
        13 => digits.strip_prefix("86"),
        15 => digits.strip_prefix("0086"),
        _ => None,
    };
    number.is_some_and(|number| {
        number.strip_prefix('1').is_some_and(|rest| rest.starts_with(|c| ('3'..='9').contains(&c)))
    })
}

/// A date in eight digits, such as 20251123.
fn is_day(digits: &str) -> bool {
    digits.starts_with("20") && digits.get(4..6).is_some_and(|month| ("01"..="12").contains(&month))
}

fn identifier(data: PersonalData, number: &GroupedNumber<'_>) -> Identifier {
    Identifier { data, characters: number.digits.to_owned(), cells: number.cells }
}

impl Spot<'_> {
    fn has_plus(&self) -> bool {
        self.before.last().is_some_and(|cell| cell.c == '+')
    }
}

/// Words that tell that a phone is the customer's.
static OWN_WORDS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "我 家 座机 固话 办公室 单位 公司 宅电 宿舍 分机 爸 妈 老公 老婆 回电 回拨 联系 找我 home office my landline call 屋企 室内 市话",
    )
});

/// Whether a phone near these words is a firm's.
fn is_firms(cells: &[Cell]) -> bool {
    let mut left = cells;
    while let Some((_, shorter)) = left.split_first() {
        left = match SERVICE_WORDS.at_start(left) {
            Some((true, _)) => return true,
            Some((false, after)) => after,
            None => shorter,
        };
    }
    false
}

/// Words that tell that a phone is a firm's, and greetings with such words.
static SERVICE_WORDS: LazyLock<LabelLexicon<bool>> = LazyLock::new(|| {
    LabelLexicon::new(&[(false, "客服你好 客服您好 你好客服 您好客服 客服在吗 客服早"), (
        true,
        "你们 客服 热线 官方 投诉 总部 总机 银行 监管 骗子 来电 打来 打来的 对方 诈骗 他们 网点 支行 营业厅 公安 派出所 贵司 贵公司 前台 服务电话 咨询 举报
         又打 又打来 打过来 挂了 人工 催收 总行 分行 柜台 法院 律所 消协 工商 12345 商家 店铺 店家 商户 物业 快递",
    )])
});

static HK_WORDS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "香港 澳门 hk whatsapp 852 853 港 港澳 macau hongkong 手提 澳 香港手机 wts ws 打俾我 打畀我",
    )
});

static ABROAD_WORDS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words("国外 海外 境外 美国 日本 韩国 英国 加拿大 澳洲 澳大利亚 新加坡 马来 泰国 越南 德国 法国 意大利 菲律宾 印尼 us uk usa japan
         overseas 国际 外国 新西兰 柬埔寨 缅甸 老挝 俄罗斯 西班牙 迪拜 阿联酋 印度 日文 日本的")
});
