//! The month in which a card expires. Other things expire, too, so the text must be about a card.

use std::sync::LazyLock;

use super::labels::mentions;
use super::secret::Secret;
use crate::compliance::masking::cells::{Cell, first, last, split_hints};
use crate::compliance::masking::hint::Hint;
use crate::compliance::masking::label::{Label, LabelLink};
use crate::compliance::masking::lexicon::LabelLexicon;
use crate::compliance::masking::numbers::{DigitRun, digit};
use crate::compliance::masking::personal_data::{PersonalData, SecretKind};
use crate::compliance::masking::spot::Spot;
use crate::compliance::masking::words::{CARD_WORDS, COUPON_WORDS, SECRETS, UNITS};

/// The month of which the label stands before it.
pub(super) fn labelled(spot: &Spot<'_>, link: LabelLink) -> Option<Secret> {
    if !matches!(link, LabelLink::Said | LabelLink::Beside | LabelLink::Loose) {
        return None;
    }
    let cells = month(spot, true)?;
    let is_alone = link != LabelLink::Loose
        && !COUPON_WORDS.is_in(last(spot.before, FAR))
        && !COUPON_WORDS.is_in(first(spot.after(cells), FAR));
    ((is_about_card(spot, cells) || is_alone) && !is_other(spot, cells)).then_some(secret(cells))
}

/// The month of which the label stands behind it: 信用卡09/30到期.
pub(super) fn behind(spot: &Spot<'_>) -> Option<Secret> {
    let cells = month(spot, true)?;
    let after = spot.after(cells);
    let spaces = after.iter().take(2).take_while(|cell| cell.is_separator()).count();
    let after = after.get(spaces..)?;
    let after = BEHIND.at_start(after).map_or(after, |((), after)| after);
    let (kind, _) = SECRETS.at_start(after)?;
    (kind == SecretKind::Expiry && is_about_card(spot, cells) && !is_other(spot, cells))
        .then_some(secret(cells))
}

/// The year alone, where the message before told the month: 有效期09月 / 28年.
pub(super) fn year(spot: &Spot<'_>) -> Option<Secret> {
    let is_open = spot.before.iter().any(|cell| {
        matches!(
            cell.hint,
            Some(Hint::Secret(SecretKind::Expiry, _) | Hint::Mentioned(SecretKind::Expiry))
        )
    });
    let number = spot.run.as_ref()?.first_group()?;
    let year = number.digits.strip_prefix("20").unwrap_or(number.digits);
    let unit = usize::from(spot.after(number.cells).first().is_some_and(|cell| cell.c == '年'));
    let cells = number.cells + unit;
    let is_year = year.len() == 2 && ("20"..="49").contains(&year);
    (is_open && is_year && spot.is_whole(cells)).then_some(secret(cells))
}

/// The length of the month of a card at the start; without a label only the plain forms.
pub(super) fn month(spot: &Spot<'_>, is_labelled: bool) -> Option<usize> {
    let by_words =
        if is_labelled { year_and_month(spot.rest).or_else(|| named_month(spot)) } else { None };
    by_words.or_else(|| by_digits(spot.rest, spot.run.as_ref()?, is_labelled))
}

fn by_digits(rest: &[Cell], run: &DigitRun, is_labelled: bool) -> Option<usize> {
    let mut numbers = run.numbers().take(6);
    let number = numbers.find(|number| {
        is_month_of_card(number.digits)
            || (is_labelled
                && matches!(number.digits.len(), 3 | 5)
                && number.parts_are(&[1, number.digits.len() - 1])
                && is_month_of_card(&format!("0{}", number.digits)))
    })?;
    let after = rest.get(number.cells..).unwrap_or_default();
    let goes_on = after.first().is_some_and(|next| {
        matches!(next.c, '/' | '-' | '.')
            && after.get(1).is_some_and(Cell::is_ascii_digit)
            && number.digits.starts_with("20")
    });
    (!goes_on && !run.starts_with_date()).then_some(number.cells)
}

/// A year and a month in words: 28年9月, 2028年09月份, 9月28年.
fn year_and_month(rest: &[Cell]) -> Option<usize> {
    let part = |at: usize| {
        let cells = rest.get(at..)?;
        let gap = cells.iter().take(2).take_while(|cell| cell.is_separator()).count();
        let length = cells
            .iter()
            .skip(gap)
            .take(4)
            .take_while(|cell| digit(cell).is_some() || cell.c == '十')
            .count();
        let number: String =
            cells.iter().skip(gap).take(length).map(|cell| digit(cell).unwrap_or('十')).collect();
        let unit = cells.get(gap + length)?.c;
        (length > 0).then_some((number, unit, at + gap + length + 1))
    };
    let (first, unit, next) = part(0)?;
    let (second, unit_2, end) = part(next)?;
    let year = match (unit, unit_2) {
        ('年', '月') => first,
        ('月', '年') => second,
        _ => return None,
    };
    let year = year.strip_prefix("20").filter(|rest| rest.len() == 2).unwrap_or(&year);
    let is_year = year.len() == 2 && ("20"..="49").contains(&year);
    let end = end + usize::from(rest.get(end).is_some_and(|cell| cell.c == '份'));
    // A day makes it a date.
    let has_day = rest.get(end).is_some_and(|cell| digit(cell).is_some());
    (is_year && !has_day).then_some(end)
}

/// A month by its English name, with its year: March 2030, Sep/29.
fn named_month(spot: &Spot<'_>) -> Option<usize> {
    if spot.before.last().is_some_and(Cell::is_ascii_letter) {
        return None;
    }
    let letters = spot.rest.iter().take(10).take_while(|cell| cell.is_ascii_letter()).count();
    let name: String = spot.rest.iter().take(letters).map(|cell| cell.c).collect();
    let is_month = MONTHS.iter().any(|month| {
        name == *month || (name.len() == 3 && month.starts_with(&name)) || name == "sept"
    });
    let gap = spot.rest.iter().skip(letters).take(3).take_while(|c| c.is_separator()).count();
    let digits: String = spot
        .rest
        .iter()
        .skip(letters + gap)
        .take(5)
        .take_while(|cell| cell.is_ascii_digit())
        .map(|cell| cell.c)
        .collect();
    let year = digits.strip_prefix("20").filter(|rest| rest.len() == 2).unwrap_or(&digits);
    (is_month && year.len() == 2 && ("20"..="49").contains(&year))
        .then_some(letters + gap + digits.len())
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

pub(super) fn is_about_card(spot: &Spot<'_>, cells: usize) -> bool {
    let (near, ahead) = (last(spot.before, CARD_REACH), first(spot.after(cells), CARD_REACH));
    CARD_WORDS.is_in(near)
        || CARD_WORDS.is_in(ahead)
        || near.iter().chain(ahead).any(tells_of_card)
        || (mentions(last(spot.before, FAR)).contains(&SecretKind::Expiry)
            && !COUPON_WORDS.is_in(last(spot.before, FAR))
            && !COUPON_WORDS.is_in(first(spot.after(cells), FAR)))
        || split_hints(spot.before).0.iter().any(tells_of_card)
}

/// The cells until the end of the clause.
fn clause(after: &[Cell]) -> &[Cell] {
    let near = first(after, 14);
    first(near, near.iter().position(Cell::ends_clause).unwrap_or(near.len()))
}

/// Whether a tag or a hint tells of a card.
fn tells_of_card(cell: &Cell) -> bool {
    let is_of_card = |data: PersonalData| {
        matches!(
            data,
            PersonalData::Card | PersonalData::Secret(SecretKind::Cvv | SecretKind::Expiry)
        )
    };
    match cell.hint {
        Some(Hint::Label(label)) => label == Label::Card,
        Some(Hint::Secret(kind, _) | Hint::Mentioned(kind)) => {
            matches!(kind, SecretKind::Cvv | SecretKind::Expiry)
        }
        _ => cell.tag.is_some_and(|tag| is_of_card(tag.data)),
    }
}

fn is_other(spot: &Spot<'_>, cells: usize) -> bool {
    let after = spot.after(cells);
    let unit = first(after, 1).first().is_some_and(|cell| cell.c == '号');
    COUPON_WORDS.is_in(last(spot.before, 20))
        || COUPON_WORDS.is_in(clause(after))
        || unit
        || (UNITS.comes_next(after) && !after.first().is_some_and(Cell::is_white_space))
        || after.first().is_some_and(|cell| cell.c == '.')
            && after.get(1).is_some_and(Cell::is_ascii_digit)
}

fn secret(cells: usize) -> Secret {
    Secret { kind: SecretKind::Expiry, cells }
}

/// A month such as July 2028 as `0728`, `2807`, `072028` or `202807`.
fn is_month_of_card(digits: &str) -> bool {
    let is = |month: Option<&str>, year: Option<&str>| {
        month.is_some_and(|month| ("01"..="12").contains(&month))
            && year.is_some_and(|year| ("20"..="49").contains(&year))
    };
    match digits.len() {
        4 => is(digits.get(..2), digits.get(2..)) || is(digits.get(2..), digits.get(..2)),
        6 => {
            (digits.get(2..4) == Some("20") && is(digits.get(..2), digits.get(4..)))
                || (digits.starts_with("20") && is(digits.get(4..), digits.get(2..4)))
        }
        _ => false,
    }
}

/// How far words for other things that expire are looked for, in cells.
const FAR: usize = 60;

/// The longest distance between an expiry month and the mention of a card, in cells.
const CARD_REACH: usize = 40;

/// Words between the month and its label behind it.
static BEHIND: LazyLock<LabelLexicon<()>> =
    LazyLock::new(|| LabelLexicon::of_words("是 就 这是 卡的 卡 才 就会 会 这个是 的 为"));
