//! Finds passwords, one-time codes and other secrets by the words around them.
//!
//! A secret has no shape of its own, so each rule here weighs a leak against destroying an amount
//! or a date. The more closely label and value are bound, the less the value must look like a
//! secret.

use super::cells::{Cell, last};
use super::numbers::DigitRun;
use super::personal_data::SecretKind;
use super::words::{
    BINDERS, Binder, CARD_WORDS, COUNTS, COUPON_WORDS, MONEY, NAMING, PRODUCTS, SECRETS, UNBINDING,
    UNITS,
};

/// A secret at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    pub(super) kind: SecretKind,
    /// Its length in cells.
    pub(super) cells: usize,
}

/// The secret at the start of `rest`. `run` is the run of digits at the same position, if there is
/// one.
pub(super) fn find(before: &[Cell], rest: &[Cell], run: Option<&DigitRun>) -> Option<Secret> {
    let first = rest.first()?;
    if run.is_none() && !first.c.is_ascii_alphanumeric() && !PASSWORD_SIGNS.contains(first.c) {
        return None;
    }
    let label = label_before(before);
    let spelled = || word_value(before, rest, label?);
    let digits = || {
        let run = run?;
        match label {
            Some((SecretKind::Expiry, link)) => expiry(before, rest, run, link),
            Some((kind, link)) => code(rest, run, kind, link),
            None => None,
        }
        .or_else(|| named_after(rest, run))
    };
    spelled().or_else(digits)
}

/// How a label and the value after it are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LabelLink {
    /// By a word or sign that introduces the value: 密码是…, 密码：….
    Said,
    /// Only by small words, spaces and commas.
    Beside,
    /// After another secret with the same label: 密码是[密码已删除]和….
    Again,
    /// By a few other characters.
    Loose,
}

/// The label to which a value after these cells may belong.
fn label_before(before: &[Cell]) -> Option<(SecretKind, LabelLink)> {
    let mut left = before;
    let mut link = LabelLink::Beside;
    for _ in 0..MOST_BINDERS {
        if let Some((kind, _)) = SECRETS.at_end(left) {
            return Some((kind, link));
        }
        let (last, shorter) = left.split_last()?;
        if last.is_secret() {
            link = LabelLink::Again;
            left = shorter;
        } else if last.is_white_space() {
            left = shorter;
        } else if let Some((binder, shorter)) = BINDERS.at_end(left) {
            link = match (link, binder) {
                (LabelLink::Beside, Binder::Says) => LabelLink::Said,
                (link, _) => link,
            };
            left = shorter;
        } else {
            break;
        }
    }
    label_nearby(before)
}

/// As [`label_before`], across a few characters without a word of [`UNBINDING`].
fn label_nearby(before: &[Cell]) -> Option<(SecretKind, LabelLink)> {
    (1..=LOOSE_REACH)
        .map_while(|width| before.split_at_checked(before.len().checked_sub(width)?))
        .take_while(|(_, gap)| {
            gap.first().is_some_and(|cell| !cell.is_separator() && cell.tag.is_none())
        })
        .find_map(|(label, gap)| Some((SECRETS.at_end(label)?.0, gap)))
        .filter(|(_, gap)| !UNBINDING.is_in(gap) && !gap.iter().any(Cell::is_ascii_digit))
        .map(|(kind, _)| (kind, LabelLink::Loose))
}

/// A code of digits.
fn code(rest: &[Cell], run: &DigitRun, kind: SecretKind, link: LabelLink) -> Option<Secret> {
    let number = run.code()?;
    let length = number.digits.len();
    let after = rest.get(number.cells..).unwrap_or_default();
    let is_measured =
        MONEY.comes_next(after) || COUNTS.comes_next(after) || is_inside_sum(length, after);
    let fits = match link {
        LabelLink::Said if kind == SecretKind::Password => (3..=20).contains(&length),
        LabelLink::Said | LabelLink::Beside => (3..=8).contains(&length),
        LabelLink::Again | LabelLink::Loose => length == 6,
    };
    let fits_kind = match kind {
        SecretKind::Cvv => matches!(length, 3..=4),
        SecretKind::Password
        | SecretKind::OneTimeCode
        | SecretKind::Expiry
        | SecretKind::TrackData => true,
    };
    let is_something_else = match link {
        LabelLink::Said => length != 6 && UNITS.comes_next(after),
        LabelLink::Beside | LabelLink::Again | LabelLink::Loose => {
            UNITS.comes_next(after)
                || run.is_date_or_landline()
                || (kind != SecretKind::Cvv && is_service_number(number.digits))
                || is_day(number.digits)
        }
    };
    let is_date = run.starts_with_date() && length == 4;
    (fits && fits_kind && !is_measured && !is_something_else && !is_date)
        .then_some(Secret { kind, cells: number.cells })
}

/// A password or code that contains letters, or a password of letters only.
fn word_value(
    before: &[Cell],
    rest: &[Cell],
    (kind, link): (SecretKind, LabelLink),
) -> Option<Secret> {
    if before.last().is_some_and(|cell| cell.is_ascii_letter() || cell.is_ascii_digit()) {
        return None;
    }
    let is_said = link == LabelLink::Said;
    let shortest = match (kind, link) {
        (SecretKind::Password, LabelLink::Said | LabelLink::Beside | LabelLink::Again) => 6,
        (SecretKind::OneTimeCode, LabelLink::Said) => 4,
        _ => return None,
    };
    let is_part = |cell: &&Cell| {
        cell.tag.is_none() && (cell.c.is_ascii_alphanumeric() || PASSWORD_SIGNS.contains(cell.c))
    };
    let value = rest.get(..rest.iter().take(LONGEST_PASSWORD).take_while(is_part).count())?;
    // A final stop more often ends the sentence than belongs to the password.
    let cells = value.iter().rposition(|cell| cell.c != '.')? + 1;
    let has_letter = value.iter().any(Cell::is_ascii_letter);
    let has_digit = value.iter().any(Cell::is_ascii_digit);
    let ends = || rest.get(cells).is_none_or(|next| !next.c.is_alphanumeric());
    let is_secret = if has_digit {
        has_letter || (is_said && value.iter().take(cells).any(|cell| !cell.is_ascii_digit()))
    } else {
        has_letter && is_said && kind == SecretKind::Password && ends()
    };
    (cells >= shortest && is_secret && PRODUCTS.at_start(rest).is_none())
        .then_some(Secret { kind, cells })
}

/// The expiry month of a card. Other things expire, too, so the text must be about a card.
fn expiry(before: &[Cell], rest: &[Cell], run: &DigitRun, link: LabelLink) -> Option<Secret> {
    if !matches!(link, LabelLink::Said | LabelLink::Beside) {
        return None;
    }
    let number = run.numbers().take(2).find(|number| is_month_of_card(number.digits))?;
    let near = last(before, CARD_REACH);
    let after = rest.get(number.cells..).unwrap_or_default();
    let ahead = after.get(..CARD_REACH.min(after.len())).unwrap_or_default();
    let is_about_card = CARD_WORDS.is_in(near)
        || CARD_WORDS.is_in(ahead)
        || near.iter().chain(ahead).any(|cell| cell.tag.is_some());
    let is_other = COUPON_WORDS.is_in(near) || UNITS.comes_next(after) || is_inside_sum(4, after);
    (is_about_card && !is_other && !run.starts_with_date())
        .then_some(Secret { kind: SecretKind::Expiry, cells: number.cells })
}

/// A code with its label after it: 482913是验证码.
fn named_after(rest: &[Cell], run: &DigitRun) -> Option<Secret> {
    let number = run.code().filter(|number| matches!(number.digits.len(), 3 | 4 | 6))?;
    let mut left = rest.get(number.cells..)?;
    let mut is_said = false;
    for _ in 0..MOST_BINDERS {
        if let Some((kind, _)) = SECRETS.at_start(left) {
            let fits = match kind {
                SecretKind::Password | SecretKind::OneTimeCode => number.digits.len() == 6,
                SecretKind::Cvv => number.digits.len() < 6,
                SecretKind::Expiry | SecretKind::TrackData => false,
            };
            return (fits && is_said).then_some(Secret { kind, cells: number.cells });
        }
        let (first, shorter) = left.split_first()?;
        if first.is_white_space() {
            left = shorter;
        } else {
            let (binder, shorter) = NAMING.at_start(left)?;
            is_said |= binder == Binder::Says;
            left = shorter;
        }
    }
    None
}

/// Whether a number of `length` digits continues as a decimal or with thousands.
///
/// Six digits are a code more often than a sum, and messages continue like “482913，5分钟内有效”.
fn is_inside_sum(length: usize, after: &[Cell]) -> bool {
    let Some((sign, fraction)) = after.split_first() else { return false };
    let more = fraction.iter().take_while(|cell| cell.is_ascii_digit()).count();
    let end = fraction.get(more..).unwrap_or_default();
    match sign.c {
        '.' => more > 0 && (length != 6 || MONEY.comes_next(end)),
        ',' => more == 3 && length <= 3,
        _ => false,
    }
}

/// Numbers that customers call or that send messages.
fn is_service_number(digits: &str) -> bool {
    match digits.len() {
        3 => matches!(digits, "110" | "114" | "119" | "120" | "122"),
        5 => ["95", "96", "12", "100", "101", "106"].iter().any(|start| digits.starts_with(start)),
        _ => false,
    }
}

/// A date in eight digits, such as 20251123.
fn is_day(digits: &str) -> bool {
    let part = |from, to| digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
    digits.len() == 8
        && (digits.starts_with("20") || digits.starts_with("19"))
        && part(4, 6).is_some_and(|month| (1..=12).contains(&month))
        && part(6, 8).is_some_and(|day| (1..=31).contains(&day))
}

/// A month such as July 2028 as `0728`, `072028` or `202807`.
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

/// The most small words between a label and its value.
const MOST_BINDERS: usize = 12;

/// The most characters of any kind between a label and its value.
const LOOSE_REACH: usize = 6;

/// The longest distance between an expiry month and the mention of a card, in cells.
const CARD_REACH: usize = 40;

const LONGEST_PASSWORD: usize = 32;

/// Signs that are common in passwords and rare in sentences.
const PASSWORD_SIGNS: &str = "@#$%^&*_+-=!~.";
