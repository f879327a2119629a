//! Documents with letters: identity cards of Hong Kong, Macau and Taiwan, passports, permits.

use super::checks::{is_hk_id, is_taiwan_id};
use super::identifier::Identifier;
use crate::compliance::masking::cells::{Cell, last};
use crate::compliance::masking::label::Label;
use crate::compliance::masking::number_words::look_alike;
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
    let number = Number::at(spot.rest)?;
    let labels = spot.labels(number.cells);
    let data = kind(&number, &labels).or_else(|| spoken_of(spot, &number, &labels))?;
    Some(Identifier { data, characters: number.characters, cells: number.cells })
}

/// Letters and digits that may form one number of a document.
struct Number {
    /// Upper-case, without separators.
    characters: String,
    cells: usize,
    /// Whether the last character stands in brackets.
    has_bracket: bool,
    /// Whether separators other than the brackets stand within.
    is_grouped: bool,
    letters: usize,
    /// Whether slashes part it as 1/234567/8.
    has_slashes: bool,
}

impl Number {
    /// At most three letters and then digits, with separators between them.
    fn at(rest: &[Cell]) -> Option<Number> {
        let letters = rest.iter().take_while(|cell| cell.is_ascii_letter()).count();
        if letters > 3 {
            return None;
        }
        let mut characters: String =
            rest.iter().take(letters).map(|cell| cell.c.to_ascii_uppercase()).collect();
        let (mut at, mut end) = (letters, letters);
        let (mut has_bracket, mut is_grouped) = (false, false);
        let mut gap = 0;
        let mut depth = 0;
        while let Some(cell) = rest.get(at) {
            // 八 after ASCII digits and a space begins a word.
            let is_other_script = gap > 0
                && !cell.c.is_ascii()
                && rest.get(end.wrapping_sub(1)).is_some_and(Cell::is_ascii_digit);
            if is_other_script && digit(cell).is_some() {
                break;
            }
            if let Some(digit) =
                digit(cell).or_else(|| look_alike(cell.c).filter(|_| end > letters))
            {
                is_grouped |= gap > 0 && depth == 0 && end > letters;
                characters.push(digit);
                end = at + 1;
                gap = 0;
            } else if depth == 1 && matches!(cell.c, 'a') {
                characters.push('A');
                end = at + 1;
            } else if cell.c == '(' && end > letters {
                depth = 1;
            } else if cell.c == ')' && depth == 1 {
                has_bracket = rest.get(at.wrapping_sub(2)).is_some_and(|cell| cell.c == '(');
                end = at + 1;
                break;
            } else if matches!(cell.c, ' ' | '-' | '.' | '/' | '\u{3000}') && gap < 2 {
                gap += 1;
            } else {
                break;
            }
            if characters.len() > 20 {
                return None;
            }
            at += 1;
        }
        // The check character A of Hong Kong, and the letter at the end of some passports.
        if !has_bracket
            && let [letter, after @ ..] = rest.get(end..)?
            && letter.is_ascii_letter()
            && !after.first().is_some_and(Cell::is_ascii_alphanumeric)
            && letters > 0
        {
            characters.push(letter.c.to_ascii_uppercase());
            end += 1;
        }
        let has_slashes =
            [1, 8].into_iter().all(|at| rest.get(at).is_some_and(|c| c.c == '/')) && end == 10;
        let ends = !rest.get(end).is_some_and(Cell::is_ascii_alphanumeric);
        (ends && characters.len() >= 6).then_some(Number {
            characters,
            cells: end,
            has_bracket,
            is_grouped,
            letters,
            has_slashes,
        })
    }

    fn digits(&self) -> usize {
        self.characters.chars().filter(char::is_ascii_digit).count()
    }
}

fn kind(number: &Number, labels: &Labels<'_>) -> Option<PersonalData> {
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
    if is_hk && is_hk_id(characters) && (is_document() || !is_order) {
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
fn spoken_of(spot: &Spot<'_>, number: &Number, labels: &Labels<'_>) -> Option<PersonalData> {
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
