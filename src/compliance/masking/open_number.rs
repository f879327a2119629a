//! Numbers of which a message holds the first part.

use std::sync::LazyLock;

use super::cells::{Cell, last, split_hints};
use super::hint::{Hint, OpenNumber};
use super::identifiers::{has_province, may_start_card};
use super::label::{Label, LabelLink};
use super::lexicon::LabelLexicon;
use super::numbers::digit;
use super::personal_data::{PersonalData, SecretKind};
use super::secrets::{is_service_number, label_before};
use super::tag::{Remains, Tag};
use super::words::{BINDERS, FIRST, Labels, MONEY};

/// The number that was left open before this place, if only small words stand between, or a word
/// tells that it goes on.
pub(super) fn open_number(before: &[Cell]) -> Option<OpenNumber> {
    let mut left = before;
    let mut is_told = false;
    for _ in 0..24 {
        let (last, shorter) = left.split_last()?;
        if let Some(open) = last.hint.and_then(|hint| OpenNumber::of_hint(hint, is_told)) {
            return Some(open);
        }
        if let Some(Tag { data, remains: Remains::Length(digits) }) = last.tag {
            return Some(OpenNumber::sure(data, digits));
        }
        left = if last.is_separator() || last.hint.is_some() {
            shorter
        } else if let Some(((), shorter)) = GOES_ON.at_end(left) {
            is_told = true;
            shorter
        } else if let Some((_, shorter)) = BINDERS.at_end(left) {
            shorter
        } else if is_told {
            let hints = split_hints(left).0.iter().filter_map(|cell| cell.hint);
            return hints.rev().find_map(|hint| OpenNumber::of_hint(hint, true));
        } else {
            return None;
        };
    }
    None
}

/// Whether a word right before this place tells that a number goes on.
pub(super) fn is_told(before: &[Cell]) -> bool {
    let spaces = before.iter().rev().take_while(|cell| cell.is_separator()).count();
    before.get(..before.len() - spaces).is_some_and(|before| GOES_ON.at_end(before).is_some())
}

/// The number that a message leaves open at its end. `cells` has the hints of earlier messages.
pub(super) fn left_open(cells: &[Cell]) -> Option<OpenNumber> {
    let text = trim_end(cells);
    if let Some(tag) = text.last()?.tag {
        let Remains::Length(length) = tag.remains else { return None };
        return Some(OpenNumber::sure(tag.data, length));
    }
    let (before, digits) = digits_at_end(text);
    let count = u8::try_from(digits.len()).ok().filter(|count| *count <= 30)?;
    let letters = before.iter().rev().take_while(|cell| cell.is_ascii_letter()).count();
    let labels = Labels::around(before.get(..before.len() - letters)?, &[]);
    let is_nothing = count == 0 && letters == 0;
    if is_nothing || labels.is_impersonal() || MONEY.is_in(last(before, 2)) {
        return None;
    }
    if letters == 0
        && let Some(kind) = secret_before(before, count)
    {
        return Some(OpenNumber::sure(PersonalData::Secret(kind), count));
    }
    let is_service = is_service_number(&digits) || digits.starts_with("400");
    if labels.say(Label::Account) && starts_iban(text) {
        return Some(OpenNumber::sure(PersonalData::Iban, 0));
    }
    let named = CLASSES.iter().find(|(label, _)| labels.say(*label));
    // A phone of which only an earlier message speaks must begin as one.
    let may_be = |data: PersonalData| {
        data != PersonalData::Phone
            || labels.own().is_some()
            || digits.starts_with('0')
            || starts_mobile(&digits)
    };
    if let Some((_, data)) = named.filter(|(_, data)| !is_service && may_be(*data)) {
        let is_number = letters <= 4 && (count > 0 || (1..=2).contains(&letters));
        return is_number.then_some(OpenNumber::sure(*data, count));
    }
    if before.last().is_some_and(|cell| matches!(cell.c, '.' | ',' | ':' | '/')) {
        return None;
    }
    let is_alone = before.iter().all(|cell| cell.hint.is_some() || cell.is_separator());
    if !is_alone && !FIRST.is_in(last(before, 6)) {
        return None;
    }
    if let Some(open) = open_number(before) {
        let (digits, pieces) = (open.digits.saturating_add(count), open.pieces + 1);
        return (pieces <= PIECES_MAX).then_some(OpenNumber { digits, pieces, ..open });
    }
    let data = class_by_start(&digits)?;
    Some(OpenNumber { is_sure: false, ..OpenNumber::sure(data, count) })
}

impl OpenNumber {
    fn sure(data: PersonalData, digits: u8) -> OpenNumber {
        OpenNumber { data, digits, pieces: 1, is_sure: true }
    }

    /// The number that a hint tells of. `is_told`: the customer says that it goes on, so that one
    /// that looked whole was not.
    fn of_hint(hint: Hint, is_told: bool) -> Option<OpenNumber> {
        match hint {
            Hint::Number(open) => Some(open),
            Hint::Tag(tag) if is_told || tag.data == PersonalData::BankAccount => {
                Some(OpenNumber::sure(tag.data, 0))
            }
            Hint::Tag(_)
            | Hint::Label(_)
            | Hint::Secret(..)
            | Hint::Mentioned(_)
            | Hint::Weighs(_) => None,
        }
    }
}

/// Whether the word at the end begins as an international account number does: GB82WEST.
fn starts_iban(text: &[Cell]) -> bool {
    let length = text.iter().rev().take_while(|cell| cell.is_ascii_alphanumeric()).count();
    let word = last(text, length);
    matches!(word, [a, b, c, d, ..] if a.is_ascii_letter()
        && b.is_ascii_letter()
        && c.is_ascii_digit()
        && d.is_ascii_digit())
}

/// The digits at the end, over spaces and dashes, with the cells before them.
fn digits_at_end(text: &[Cell]) -> (&[Cell], String) {
    let mut before = text;
    let mut digits = String::new();
    while let Some((last, shorter)) = before.split_last() {
        if let Some(digit) = digit(last) {
            digits.push(digit);
        } else if digits.is_empty() || !matches!(last.c, ' ' | '-') {
            break;
        }
        before = shorter;
    }
    (before, digits.chars().rev().collect())
}

/// The kind of a secret of which the first `count` digits stand after these cells.
fn secret_before(before: &[Cell], count: u8) -> Option<SecretKind> {
    let (kind, link) = label_before(before)?;
    let is_bound = matches!(link, LabelLink::Said | LabelLink::Beside)
        || (link == LabelLink::Loose && before.len() < 12);
    let is_code = matches!(kind, SecretKind::OneTimeCode | SecretKind::Password);
    (is_bound && is_code && (1..=5).contains(&count)).then_some(kind)
}

/// Whether a mobile number of the mainland may begin so.
fn starts_mobile(digits: &str) -> bool {
    digits.starts_with('1') && digits.get(1..2).is_some_and(|c| ("3"..="9").contains(&c))
}

/// The class of a number without a label that begins so.
fn class_by_start(digits: &str) -> Option<PersonalData> {
    if digits.len() >= 4 && may_start_card(digits) {
        Some(PersonalData::Card)
    } else if (3..=8).contains(&digits.len()) && starts_mobile(digits) && !digits.ends_with("00") {
        Some(PersonalData::Phone)
    } else if matches!(digits.len(), 6 | 10 | 12 | 14) && has_province(digits) {
        Some(PersonalData::IdNumber)
    } else {
        None
    }
}

/// The cells without separators, small words and dots at their end.
fn trim_end(cells: &[Cell]) -> &[Cell] {
    let mut left = cells;
    while let Some((last, shorter)) = left.split_last() {
        left = if last.is_separator() {
            shorter
        } else if let Some(((), shorter)) = TRAILING.at_end(left) {
            shorter
        } else {
            break;
        };
    }
    left
}

/// The most parts of a number that are counted together. What is remembered of a message must not
/// outlive [`MaskContext::MESSAGES`](super::MaskContext::MESSAGES) later ones.
const PIECES_MAX: u8 = 3;

/// Classes by the label of their first part.
const CLASSES: [(Label, PersonalData); 10] = [
    (Label::Card, PersonalData::Card),
    (Label::Account, PersonalData::BankAccount),
    (Label::Document, PersonalData::IdNumber),
    (Label::HkId, PersonalData::HkId),
    (Label::MacauId, PersonalData::MacauId),
    (Label::TaiwanId, PersonalData::TaiwanId),
    (Label::Passport, PersonalData::Passport),
    (Label::Permit, PersonalData::Permit),
    (Label::Landline, PersonalData::Landline),
    (Label::Phone, PersonalData::Phone),
];

/// Words before the next part of a number.
static GOES_ON: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words("生日 出生 尾 尾号 然后 然后是 完了 接着 接着是 后面 后面是 剩下 剩下的 剩下的是 还有 再 最后 最后是 后半 后半截 后半截是 后半段 后半段是 下半 下半段 后边 后边是 中间 中间是 后四位 后几位 后几位是 跟着
         最后四位 最后四个 最后几位 末四位 后四个 尾巴 末尾 尾巴是 后八位 后六位 后十位 后面几位 后面几位是 接 续 接上 接上面 后面的 then and rest 另一半 末尾 末尾是 后段 余下 后头 后头是 后面还有 后面系 尾")
});

/// Words after the first part of a number.
static TRAILING: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "然后 等下 等等 等一下 前面 这是前面 前半 前半段 还有 稍等 后面 接着 先发这些 先这些 未完 待续 前面是 前 一半 前一半 后面的",
    )
});
