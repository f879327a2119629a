//! Parts of a number that comes over several messages.

use super::cells::Cell;
use super::hint::OpenNumber;
use super::identifiers::{has_province, may_start_card};
use super::label::Label;
use super::numbers::{DigitRun, digit};
use super::open_number::{is_told, open_number};
use super::personal_data::PersonalData;
use super::spot::Spot;
use super::tag::{Remains, Tag};
use super::words::{COUNTS, ENDINGS, MONEY, UNITS, label_is_bound};

/// A part of a number at a spot, with its length in cells.
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
    let is_hotline = spot.run.as_ref().is_some_and(DigitRun::is_date_or_landline);
    if !(6..=17).contains(&length) || digits.ends_with("00") || is_hotline {
        return None;
    }
    let after = rest.get(cells..)?;
    let labels = spot.labels(cells);
    let is_alone =
        before.iter().all(|cell| cell.hint.is_some() || cell.is_separator()) && ends(after);
    // 卡号开头622202是工行的吗 asks about all cards that begin so.
    let is_beginning = matches!(before, [.., a, b] if (a.c, b.c) == ('开', '头')) && !ends(after);
    let is_bound = labels.own().is_some() && label_is_bound(before) && !is_beginning;
    if !is_bound && !is_alone {
        return None;
    }
    let data = if labels.say(Label::Card) && length <= 14 && may_start_card(&digits) {
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
        || (!is_told(before) && spot.labels(cells).is_impersonal_here())
        || !goes_on(open, &piece)
    {
        return None;
    }
    let length = u8::try_from(piece.chars().count()).ok()?;
    Some((Tag { data: open.data, remains: Remains::Length(length) }, cells))
}

/// The most digits of a part: an international account has 34 characters.
const LONGEST: usize = 34;

/// The digits at the start, with single separators between them and the X of an identity number.
fn digits_at(cells: &[Cell]) -> (String, usize) {
    let mut digits = String::new();
    let mut end = 0;
    for (at, cell) in cells.iter().enumerate() {
        if let Some(digit) = digit(cell).filter(|_| digits.len() <= LONGEST) {
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
        (PersonalData::Card, false) => length >= 3 && (8..=19).contains(&total) && !is_sum,
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
