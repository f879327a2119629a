//! E-mail addresses.

use std::sync::LazyLock;

use super::identifier::Identifier;
use crate::compliance::masking::cells::Cell;
use crate::compliance::masking::label::Label;
use crate::compliance::masking::lexicon::LabelLexicon;
use crate::compliance::masking::personal_data::PersonalData;
use crate::compliance::masking::spot::Spot;
use crate::compliance::masking::words::label_is_bound;

/// The address at the start of a word, also with words for its signs: zhang at qq dot com.
pub(super) fn find(spot: &Spot<'_>) -> Option<Identifier> {
    whole(spot).or_else(|| name(spot))
}

/// The name of an address without its domain, where a label says so: 邮箱lisi2020.
fn name(spot: &Spot<'_>) -> Option<Identifier> {
    let token = spot.token.as_ref().filter(|token| token.is_mixed() && token.cells() >= 5)?;
    let is_said = label_is_bound(spot.before) || spot.is_whole(token.cells());
    (is_said && spot.labels(token.cells()).say(Label::Email)).then_some(Identifier {
        data: PersonalData::Email,
        characters: String::new(),
        cells: token.cells(),
    })
}

/// A whole address.
fn whole(spot: &Spot<'_>) -> Option<Identifier> {
    let starts = spot.rest.first()?.is_ascii_alphanumeric()
        && !spot.before.last().is_some_and(|cell| {
            cell.is_ascii_alphanumeric() || matches!(cell.c, '.' | '_' | '-' | '+' | '@')
        });
    if !starts {
        return None;
    }
    let local = local_part(spot.rest);
    let (domain_at, is_word) = after_sign(spot.rest, local, &AT)?;
    let mut labels = 0;
    let mut at = domain_at;
    let mut end = at;
    let mut top = 0;
    let mut is_name = false;
    loop {
        let rest = spot.rest.get(at..)?;
        let length = take(rest, |c| c.is_ascii_alphanumeric() || c == '-', 63);
        if length == 0 {
            break;
        }
        labels += 1;
        end = at + length;
        top = length;
        is_name = rest.iter().take(length).all(Cell::is_ascii_letter);
        match after_sign(spot.rest, end, &DOT) {
            Some((next, _)) if spot.rest.get(next).is_some_and(Cell::is_ascii_letter) => at = next,
            _ => break,
        }
    }
    let name: String = spot.rest.iter().take(local).map(|cell| cell.c).collect();
    let is_address = labels >= 2 && top >= 2 && is_name && local >= if is_word { 2 } else { 1 };
    let is_firm = FIRMS.iter().any(|firm| name == *firm || name.starts_with(&format!("{firm}.")));
    (is_address && !is_firm).then_some(Identifier {
        data: PersonalData::Email,
        characters: String::new(),
        cells: end,
    })
}

/// The length of the name before the sign, also with spaces around its points or words for them.
fn local_part(rest: &[Cell]) -> usize {
    let word = |at: usize| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
        let word = rest.get(at..).unwrap_or_default();
        let length = take(word, is_part, 64);
        // A point before a space is read as a sign below.
        let is_end = word.get(length).is_some_and(Cell::is_white_space);
        let points = word.iter().take(length).rev().take_while(|cell| cell.c == '.').count();
        if is_end { length - points } else { length }
    };
    let mut end = word(0);
    while end < 64 {
        let Some((next, _)) = after_sign(rest, end, &POINT).filter(|(next, _)| word(*next) > 0)
        else {
            break;
        };
        end = next + word(next);
    }
    end
}

fn take(cells: &[Cell], fits: impl Fn(char) -> bool, most: usize) -> usize {
    cells.iter().take(most).take_while(|cell| cell.is_char() && fits(cell.c)).count()
}

/// The place after a sign or its word, over spaces, and whether it was a word.
fn after_sign(cells: &[Cell], at: usize, signs: &LabelLexicon<bool>) -> Option<(usize, bool)> {
    let spaces =
        |at: usize| cells.iter().skip(at).take(2).take_while(|c| c.is_white_space()).count();
    let start = at + spaces(at);
    let (is_word, after) = signs.at_start(cells.get(start..)?)?;
    let end = cells.len() - after.len();
    Some((end + spaces(end), is_word))
}

static AT: LazyLock<LabelLexicon<bool>> = LazyLock::new(|| {
    LabelLexicon::new(&[(false, "@"), (true, "at (at) [at] {at} 艾特 圈a # 小老鼠 爱特 (a)")])
});

static DOT: LazyLock<LabelLexicon<bool>> =
    LazyLock::new(|| LabelLexicon::new(&[(false, "."), (true, "dot (dot) [dot] 点 。 , 、")]));

static POINT: LazyLock<LabelLexicon<bool>> =
    LazyLock::new(|| LabelLexicon::new(&[(false, ". _ -"), (true, "dot (dot) [dot] 点")]));

/// Names of addresses that belong to firms.
const FIRMS: &[&str] = &[
    "service",
    "services",
    "support",
    "kefu",
    "admin",
    "info",
    "help",
    "noreply",
    "no-reply",
    "contact",
    "cs",
    "hr",
    "tousu",
    "complaint",
    "complaints",
    "security",
    "webmaster",
    "postmaster",
    "sales",
    "feedback",
    "business",
    "office",
    "customer",
    "customerservice",
    "bill",
    "bills",
    "notice",
    "notify",
    "no_reply",
    "statement",
    "ebank",
    "mail",
    "email",
    "mailer",
];
