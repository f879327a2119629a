//! The later parts of a number that comes over several messages.

use std::sync::LazyLock;

use super::cells::{Cell, last};
use super::hint::{Hint, OpenNumber};
use super::identifiers::{has_province, may_start_card};
use super::label::Label;
use super::label::LabelLink;
use super::lexicon::LabelLexicon;
use super::numbers::digit;
use super::personal_data::{PersonalData, SecretKind};
use super::secrets::{is_service_number, label_before};
use super::spot::Spot;
use super::tag::{Remains, Tag};
use super::words::{BINDERS, COUNTS, ENDINGS, Labels, MONEY, UNITS};

/// The later part of a number at the start of a message, with its length in cells.
pub(super) fn find(spot: &Spot<'_>) -> Option<(Tag, usize)> {
    later_part(spot).or_else(|| first_part(spot))
}

/// A first part with its label: 卡号62179965.
fn first_part(spot: &Spot<'_>) -> Option<(Tag, usize)> {
    let (before, rest) = (spot.before, spot.rest);
    if before.last().is_some_and(|cell| cell.is_ascii_alphanumeric() || matches!(cell.c, '.' | '-'))
    {
        return None;
    }
    let (digits, cells) = digits_at(rest);
    let length = digits.len();
    if !(6..=12).contains(&length) || digits.ends_with("00") {
        return None;
    }
    let after = rest.get(cells..)?;
    let labels = spot.labels(cells);
    let is_alone =
        before.iter().all(|cell| cell.hint.is_some() || cell.is_separator()) && ends(after);
    if labels.own().is_none() && !is_alone {
        return None;
    }
    let data = if labels.say(Label::Card) && may_start_card(&digits) {
        PersonalData::Card
    } else if labels.say(Label::Document) && has_province(&digits) && length != 8 {
        PersonalData::IdNumber
    } else if labels.say(Label::Phone)
        && (7..=10).contains(&length)
        && digits.starts_with('1')
        && digits.get(1..2) > Some("2")
    {
        PersonalData::Phone
    } else {
        return None;
    };
    let is_measured =
        MONEY.comes_next(after) || COUNTS.comes_next(after) || UNITS.comes_next(after);
    let goes_on = after.first().is_some_and(|cell| {
        cell.is_ascii_alphanumeric() || matches!(cell.c, '/' | ':' | '.' | '年')
    });
    if is_measured || goes_on {
        return None;
    }
    let length = u8::try_from(length).ok()?;
    Some((Tag { data, remains: Remains::Length(length) }, cells))
}

/// A later part, where an earlier message left a number open.
fn later_part(spot: &Spot<'_>) -> Option<(Tag, usize)> {
    let (before, rest) = (spot.before, spot.rest);
    let open = open_number(before)?;
    let (piece, cells) = digits_at(rest);
    let after = rest.get(cells..).unwrap_or_default();
    if piece.is_empty()
        || MONEY.comes_next(after)
        || COUNTS.comes_next(after)
        || UNITS.comes_next(after)
        || !ends(after)
        || (GOES_ON.at_end(trim_spaces(before)).is_none()
            && spot.labels(cells).is_impersonal_here())
        || !goes_on(open, &piece)
    {
        return None;
    }
    let length = u8::try_from(piece.chars().count()).ok()?;
    Some((Tag { data: open.data, remains: Remains::Length(length) }, cells))
}

/// The number that the message before left open, if only small words stand between.
fn open_number(before: &[Cell]) -> Option<OpenNumber> {
    let mut left = before;
    let mut goes_on = false;
    for _ in 0..24 {
        let (last, shorter) = left.split_last()?;
        match last.hint {
            Some(Hint::Number(open)) => return Some(open),
            // A number that looked whole was not, as the customer says.
            Some(Hint::Tag(tag)) if goes_on || tag.data == PersonalData::BankAccount => {
                return Some(OpenNumber { data: tag.data, digits: 0, pieces: 1, is_sure: true });
            }
            _ => {}
        }
        if let Some(Tag { data, remains: Remains::Length(digits) }) = last.tag {
            return Some(OpenNumber { data, digits, pieces: 1, is_sure: true });
        }
        left = if last.is_separator() || last.hint.is_some() {
            shorter
        } else if let Some(((), shorter)) = GOES_ON.at_end(left) {
            goes_on = true;
            shorter
        } else {
            BINDERS.at_end(left)?.1
        };
    }
    None
}

fn trim_spaces(cells: &[Cell]) -> &[Cell] {
    let spaces = cells.iter().rev().take_while(|cell| cell.is_separator()).count();
    cells.get(..cells.len() - spaces).unwrap_or_default()
}

/// The digits at the start, with single separators between them and the X of an identity number.
fn digits_at(cells: &[Cell]) -> (String, usize) {
    let mut digits = String::new();
    let mut end = 0;
    for (at, cell) in cells.iter().enumerate() {
        if let Some(digit) = digit(cell) {
            digits.push(digit);
            end = at + 1;
        } else if matches!(cell.c, 'x' | '叉')
            && !digits.is_empty()
            && !cells.get(at + 1).is_some_and(Cell::is_ascii_alphanumeric)
        {
            digits.push('X');
            end = at + 1;
            break;
        } else if !cell.is_separator() || at > end + 1 {
            break;
        }
    }
    (digits, end)
}

fn ends(after: &[Cell]) -> bool {
    let mut left = after;
    while let Some((first, shorter)) = left.split_first() {
        left = if first.is_separator() {
            return true;
        } else if let Some(((), after)) = ENDINGS.at_start(left) {
            after
        } else if first.is_white_space() {
            shorter
        } else {
            return false;
        };
    }
    true
}

/// Whether a piece may continue a number of this class.
fn goes_on(open: OpenNumber, piece: &str) -> bool {
    let length = piece.chars().count();
    let total = usize::from(open.digits) + length;
    let is_sum = piece.ends_with("00") || piece.ends_with("50");
    match (open.data, open.is_sure) {
        (PersonalData::Card, true) => length >= 2 && total <= 20,
        (PersonalData::Card, false) => length >= 3 && (9..=19).contains(&total) && !is_sum,
        (PersonalData::IdNumber, true) => total <= 18,
        (PersonalData::IdNumber, false) => {
            total == 18 || (length == 8 && (piece.starts_with("19") || piece.starts_with("20")))
        }
        (PersonalData::Phone, true) => length >= 2 && total <= 13,
        (PersonalData::Phone, false) => total == 11,
        (PersonalData::Secret(_), true) => total <= 8 && length <= 4,
        (PersonalData::BankAccount, true) => length >= 4 && total <= 30,
        (_, is_sure) => is_sure && total <= 34,
    }
}

/// The number that a message leaves open at its end.
pub(super) fn left_open(cells: &[Cell]) -> Option<OpenNumber> {
    let text = trim_end(cells);
    if let Some(tag) = text.last()?.tag {
        let Remains::Length(length) = tag.remains else { return None };
        return Some(OpenNumber { data: tag.data, digits: length, pieces: 1, is_sure: true });
    }
    let mut start = text.len();
    let mut digits = String::new();
    while let Some(cell) = start.checked_sub(1).and_then(|at| text.get(at)) {
        if let Some(digit) = digit(cell) {
            digits.push(digit);
        } else if !(matches!(cell.c, ' ' | '-') && !digits.is_empty()) {
            break;
        }
        start -= 1;
    }
    let digits: String = digits.chars().rev().collect();
    let before = text.get(..start)?;
    let letters = before.iter().rev().take_while(|cell| cell.is_ascii_letter()).count();
    let labels = Labels::around(before.get(..before.len() - letters)?, &[]);
    let count = u8::try_from(digits.len()).ok().filter(|count| *count <= 30)?;
    let is_short = count == 0 && letters == 0;
    if is_short || labels.is_impersonal() || MONEY.is_in(last(before, 2)) {
        return None;
    }
    let (code, _) = text.split_at_checked(start)?;
    if let Some((kind @ (SecretKind::OneTimeCode | SecretKind::Password), link)) =
        label_before(code)
        && (matches!(link, LabelLink::Said | LabelLink::Beside)
            || (link == LabelLink::Loose && code.len() < 12))
        && (1..=5).contains(&count)
        && letters == 0
    {
        return Some(OpenNumber {
            data: PersonalData::Secret(kind),
            digits: count,
            pieces: 1,
            is_sure: true,
        });
    }
    let named = CLASSES.iter().find(|(label, _)| labels.say(*label));
    let is_service = is_service_number(&digits) || digits.starts_with("400");
    if let Some((_, data)) = named.filter(|_| !is_service) {
        let is_number = count > 0 || (1..=2).contains(&letters);
        return (is_number && letters <= 4).then_some(OpenNumber {
            data: *data,
            digits: count,
            pieces: 1,
            is_sure: true,
        });
    }
    if before.last().is_some_and(|cell| matches!(cell.c, '.' | ',' | ':' | '/')) {
        return None;
    }
    let is_alone = before.iter().all(|cell| cell.hint.is_some() || !cell.c.is_alphanumeric())
        || FIRST.is_in(last(before, 6));
    if is_alone && let Some(open) = open_number(before) {
        let digits = open.digits.saturating_add(count);
        let pieces = open.pieces + 1;
        return (pieces <= PIECES_MAX).then_some(OpenNumber { digits, pieces, ..open });
    }
    let data = if !is_alone {
        return None;
    } else if may_start_card(&digits) && count >= 4 {
        PersonalData::Card
    } else if count == 3 && digits.starts_with('1') && digits.get(1..2) > Some("2") {
        PersonalData::Phone
    } else if matches!(count, 7 | 8)
        && digits.starts_with('1')
        && digits.get(1..2).is_some_and(|second| ("3"..="9").contains(&second))
    {
        PersonalData::Phone
    } else if matches!(count, 6 | 10 | 12 | 14) && has_province(&digits) {
        PersonalData::IdNumber
    } else {
        return None;
    };
    Some(OpenNumber { data, digits: count, pieces: 1, is_sure: false })
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
    LabelLexicon::new(&[(
        (),
        "生日 出生 尾 尾号 然后 然后是 完了 接着 接着是 后面 后面是 剩下 剩下的 剩下的是 还有 再 最后 最后是 后半 后半截 后半截是 后半段 后半段是 下半 下半段 后边 后边是 中间 中间是 后四位 后几位 后几位是 跟着
         最后四位 最后四个 最后几位 末四位 后四个 尾巴 末尾 尾巴是 后八位 后六位 后十位 后面几位 后面几位是 接 续 接上 接上面 后面的 then and rest 另一半 末尾 末尾是 后段 余下 后头 后头是 后面还有 后面系 尾",
    )])
});

/// Words before the first part of a number.
static FIRST: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::new(&[(
        (),
        "前面 前面是 前半 前半段 头上 开头 先 前十位 前六位 前八位 前几位 前四位 头几位 前头",
    )])
});

/// Words after the first part of a number.
static TRAILING: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::new(&[(
        (),
        "然后 等下 等等 等一下 前面 这是前面 前半 前半段 还有 稍等 后面 接着 先发这些 先这些 未完 待续 前面是 前 一半 前一半 后面的",
    )])
});
