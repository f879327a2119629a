//! Documents with letters: identity cards of Hong Kong, Macau and Taiwan, passports, permits.

use super::checks::{is_hk_id, is_taiwan_id};
use super::document_number::DocumentNumber;
use super::identifier::Identifier;
use crate::compliance::masking::cells::last;
use crate::compliance::masking::label::Label;
use crate::compliance::masking::numbers::digit;
use crate::compliance::masking::personal_data::PersonalData;
use crate::compliance::masking::spot::Spot;
use crate::compliance::masking::words::{Labels, ends_there};

/// The document at the start of a word.
pub(super) fn find(spot: &Spot<'_>) -> Option<Identifier> {
    let first = spot.rest.first()?;
    if !(first.is_ascii_letter() || digit(first).is_some())
        || !spot.starts_word()
        || spot.before.last().is_some_and(|cell| digit(cell).is_some())
    {
        return None;
    }
    DocumentNumber::all(spot.rest).into_iter().find_map(|number| {
        let labels = spot.labels(number.cells);
        let data = kind(&number, &labels).or_else(|| spoken_of(spot, &number, &labels))?;
        Some(Identifier { data, characters: number.characters, cells: number.cells })
    })
}

fn kind(number: &DocumentNumber, labels: &Labels<'_>) -> Option<PersonalData> {
    let characters = &*number.characters;
    let is_order = labels.is_impersonal();
    let says = |all: &[Label]| labels.say_any(all);
    let is_document = || {
        says(&[
            Label::Document,
            Label::HkId,
            Label::MacauId,
            Label::TaiwanId,
            Label::Passport,
            Label::Permit,
        ])
    };
    let digits = number.digits();
    let first = characters.chars().next()?;
    // Check digits outweigh every word.
    if number.letters == 1 && characters.len() == 10 && digits == 9 && is_taiwan_id(characters) {
        return Some(PersonalData::TaiwanId);
    }
    let is_hk = (1..=2).contains(&number.letters)
        && characters.len() == number.letters + 7
        && (digits == 7 || (digits == 6 && characters.ends_with('A')));
    let is_bare_id = !is_order && (number.has_bracket || !number.is_grouped);
    if is_hk && is_hk_id(characters) && (is_document() || is_bare_id) {
        return Some(PersonalData::HkId);
    }
    if is_hk && (number.has_bracket && !is_order || says(&[Label::HkId])) {
        return Some(PersonalData::HkId);
    }
    let is_macau = number.letters == 0 && digits == 8 && matches!(first, '1' | '5' | '7');
    let has_form = number.has_bracket || number.has_slashes;
    if is_macau && (has_form && !is_order || says(&[Label::MacauId])) {
        return Some(PersonalData::MacauId);
    }
    if says(&[Label::TaiwanId]) && number.letters == 1 && digits == 9 {
        return Some(PersonalData::TaiwanId);
    }
    if says(&[Label::Permit]) && fits_permit(number.letters, digits) {
        return Some(PersonalData::Permit);
    }
    if says(&[Label::Passport]) && number.letters <= 3 && (6..=9).contains(&digits) {
        return Some(PersonalData::Passport);
    }
    if says(&[Label::Document]) && number.letters > 0 && (6..=12).contains(&digits) {
        return Some(PersonalData::Passport);
    }
    // Without a label only the forms that nothing else has.
    let is_bare = !is_order && !number.is_grouped && number.letters == 1;
    let is_home_return = matches!(first, 'H' | 'M') && matches!(digits, 10);
    let is_chinese_passport = matches!(first, 'E' | 'G') && digits == 8;
    if is_bare && is_home_return {
        return Some(PersonalData::Permit);
    }
    let is_new_passport = number.letters == 2 && first == 'E' && digits == 7;
    (!is_order && (is_bare && is_chinese_passport || is_new_passport && !number.is_grouped))
        .then_some(PersonalData::Passport)
}

/// A permit of which the message speaks further away.
fn spoken_of(
    spot: &Spot<'_>,
    number: &DocumentNumber,
    labels: &Labels<'_>,
) -> Option<PersonalData> {
    let after = spot.after(number.cells);
    let stands_alone = ends_there(after)
        && spot.before.last().is_none_or(|cell| cell.is_separator() || cell.c == '是');
    (stands_alone
        && !labels.is_impersonal()
        && fits_permit(number.letters, number.digits())
        && !(number.letters == 0 && number.characters.starts_with("20"))
        && Label::all(last(spot.before, FAR)).contains(&Label::Permit))
    .then_some(PersonalData::Permit)
}

/// How far a permit may be from the word for it, in cells.
const FAR: usize = 40;

fn fits_permit(letters: usize, digits: usize) -> bool {
    match letters {
        0 => matches!(digits, 8 | 10 | 18),
        1 => (8..=10).contains(&digits),
        2 => matches!(digits, 7 | 8),
        3 => matches!(digits, 12),
        _ => false,
    }
}
