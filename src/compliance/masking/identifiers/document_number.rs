//! Letters and digits that may be the number of a document, in all spellings.

use crate::compliance::masking::cells::Cell;
use crate::compliance::masking::number_words::look_alike;
use crate::compliance::masking::numbers::digit;

/// At most three letters and then digits.
#[derive(Clone, Debug)]
pub(super) struct DocumentNumber {
    /// Upper-case, without separators.
    pub(super) characters: String,
    /// Its length in cells.
    pub(super) cells: usize,
    /// The letters at its start.
    pub(super) letters: usize,
    /// Whether the last character alone stands in brackets.
    pub(super) has_bracket: bool,
    /// Whether separators other than the brackets stand within.
    pub(super) is_grouped: bool,
    /// Whether slashes part it as 1/234567/8.
    pub(super) has_slashes: bool,
}

impl DocumentNumber {
    /// All that may be one number at the start of a word, the longest first.
    pub(super) fn all(rest: &[Cell]) -> Vec<DocumentNumber> {
        let Some((characters, start)) = letters_at(rest) else { return Vec::new() };
        let mut number = DocumentNumber {
            letters: characters.len(),
            characters,
            cells: start,
            has_bracket: false,
            is_grouped: false,
            has_slashes: false,
        };
        let mut found = Vec::new();
        while number.characters.len() <= LONGEST {
            let gap = gap_at(rest, number.cells);
            if number.digits() >= 6
                && let Some(whole) = number.with_bracket(rest, number.cells + gap)
            {
                found.push(whole);
            }
            let digits = digits_at(rest.get(number.cells + gap..).unwrap_or_default());
            // 八 after ASCII digits and a space begins a word.
            let before = rest.get(number.cells.wrapping_sub(1));
            let first = rest.get(number.cells + gap);
            let has_space =
                rest.iter().skip(number.cells).take(gap).any(|cell| cell.c.is_whitespace());
            let is_other_script = has_space
                && first.is_some_and(|cell| !cell.c.is_ascii())
                && before.is_some_and(Cell::is_ascii_digit);
            if digits.is_empty() || is_other_script {
                break;
            }
            number.is_grouped |= gap > 0 && number.digits() > 0;
            number.cells += gap + digits.chars().count();
            number.characters.push_str(&digits);
            number.has_slashes = number.cells == 10
                && [1, 8].into_iter().all(|at| rest.get(at).is_some_and(|cell| cell.c == '/'));
            found.extend(number.with_letter(rest));
            if number.ends(rest) {
                found.push(number.clone());
            }
        }
        found.retain(|number| number.characters.len() >= 6);
        found.sort_by_key(|number| std::cmp::Reverse(number.cells));
        found
    }

    /// The number of its digits.
    pub(super) fn digits(&self) -> usize {
        self.characters.chars().filter(char::is_ascii_digit).count()
    }

    /// Whether it may end here: not before more digits, unless those are a number of their own.
    fn ends(&self, rest: &[Cell]) -> bool {
        if rest.get(self.cells).is_some_and(Cell::is_ascii_alphanumeric) {
            return false;
        }
        let gap = gap_at(rest, self.cells);
        let next = rest.get(self.cells + gap..).unwrap_or_default();
        let is_word = gap > 0 && next.first().is_some_and(|cell| !cell.c.is_ascii());
        let more = if is_word { 0 } else { digits_at(next).chars().count() };
        more == 0 || (more >= 7 && !self.is_grouped)
    }

    /// With the check character in brackets that stands at a place.
    fn with_bracket(&self, rest: &[Cell], at: usize) -> Option<DocumentNumber> {
        let [open, check, close, ..] = rest.get(at..)? else { return None };
        let check = digit(check).or((check.c == 'a').then_some('A'))?;
        (open.c == '(' && close.c == ')').then(|| DocumentNumber {
            characters: format!("{}{check}", self.characters),
            cells: at + 3,
            has_bracket: true,
            ..self.clone()
        })
    }

    /// With the letter that ends some numbers: the check character A of Hong Kong.
    fn with_letter(&self, rest: &[Cell]) -> Option<DocumentNumber> {
        let gap = gap_at(rest, self.cells);
        let at = self.cells + gap;
        let letter = rest.get(at).filter(|cell| cell.is_ascii_letter())?;
        let ends = !rest.get(at + 1).is_some_and(Cell::is_ascii_alphanumeric);
        let is_check = gap == 0 || letter.c == 'a' || self.is_grouped;
        (ends && is_check && self.letters > 0).then(|| DocumentNumber {
            characters: format!("{}{}", self.characters, letter.c.to_ascii_uppercase()),
            cells: at + 1,
            ..self.clone()
        })
    }
}

/// Words that are no letters of a number.
const WORDS: [&str; 22] = [
    "is", "no", "id", "my", "me", "at", "to", "hi", "or", "and", "num", "on", "in", "it", "tel",
    "sn", "app", "the", "ok", "for", "vip", "qq",
];

/// The most characters of a number.
const LONGEST: usize = 18;

/// The letters at the start, together or one by one, and their length in cells. A word such as “id”
/// is not part of a number.
fn letters_at(rest: &[Cell]) -> Option<(String, usize)> {
    let together = rest.iter().take_while(|cell| cell.is_ascii_letter()).count();
    if together > 3
        || WORDS.iter().any(|word| rest.iter().take(together).map(|cell| cell.c).eq(word.chars()))
    {
        return None;
    }
    let mut letters: String =
        rest.iter().take(together).map(|cell| cell.c.to_ascii_uppercase()).collect();
    let mut end = together;
    while !letters.is_empty() && letters.len() < 3 {
        let at = end + gap_at(rest, end);
        let more = rest.iter().skip(at).take_while(|cell| cell.is_ascii_letter()).count();
        if at == end || more == 0 || letters.len() + more > 3 {
            break;
        }
        letters.extend(rest.iter().skip(at).take(more).map(|cell| cell.c.to_ascii_uppercase()));
        end = at + more;
    }
    Some((letters, end))
}

/// The length of the separators at a place, 0 for more than three.
fn gap_at(rest: &[Cell], at: usize) -> usize {
    let is_gap = |cell: &&Cell| {
        cell.is_separator()
            && !matches!(cell.c, ',' | '。' | '、' | '(' | ')' | ':' | ';' | '!' | '?')
    };
    let gap = rest.iter().skip(at).take(4).take_while(is_gap).count();
    if gap > 3 { 0 } else { gap }
}

/// The digits at the start, and letters typed for digits among them.
fn digits_at(cells: &[Cell]) -> String {
    let is_digit = |cell: &Cell| digit(cell).or_else(|| look_alike(cell.c));
    let digits: String = cells.iter().map_while(is_digit).collect();
    let has_digit = cells.iter().take(digits.len()).any(|cell| digit(cell).is_some());
    if has_digit { digits } else { String::new() }
}
