//! Words and letters that stand for digits: `one three eight`, `yao san ba`, `138OO13`, ٣.

use super::cells::{Cell, read};

/// The cells of a text, with words and letters that stand for digits as digits, where several in a
/// row leave no doubt.
pub(super) fn read_numbers(text: &str) -> Vec<Cell> {
    let mut cells = read(text);
    spell_out(&mut cells);
    cells
}

fn spell_out(cells: &mut Vec<Cell>) {
    let mut has_letter = false;
    for cell in cells.iter_mut() {
        has_letter |= cell.is_ascii_letter();
        if let Some(digit) = digit_of_any_script(cell.c) {
            cell.c = digit;
        }
    }
    if has_letter {
        read_look_alikes(cells);
        read_words(cells);
    }
}

/// The letters of a long number that are typed for digits.
fn read_look_alikes(cells: &mut [Cell]) {
    let mut at = 0;
    while at < cells.len() {
        let length = number_with_letters(cells.get(at..).unwrap_or_default());
        for cell in cells.iter_mut().skip(at).take(length) {
            cell.c = look_alike(cell.c).unwrap_or(cell.c);
        }
        let rest = cells.get(at..).unwrap_or_default();
        let word = rest.iter().take_while(|cell| cell.is_ascii_alphanumeric()).count();
        at += length.max(word).max(1);
    }
}

/// The length of the number at the start that has letters for digits, over single spaces and dashes;
/// 0 if there is none.
fn number_with_letters(rest: &[Cell]) -> usize {
    let (mut end, mut count, mut digits, mut groups) = (0, 0, 0, 0);
    while let Some(left) = rest.get(if groups == 0 { 0 } else { end + 1 }..) {
        let is_joined = groups == 0
            || rest.get(end).is_some_and(|cell| matches!(cell.c, ' ' | '-' | '\u{3000}'));
        let word = left.iter().take_while(|cell| cell.is_ascii_alphanumeric()).count();
        let word = left.get(..word).unwrap_or_default();
        let of_word = word.iter().filter(|cell| cell.is_ascii_digit()).count();
        let is_number =
            word.iter().all(|cell| cell.is_ascii_digit() || look_alike(cell.c).is_some());
        let has_digit = of_word > 0 || word.iter().all(|cell| cell.c == 'o');
        if !is_joined || word.is_empty() || !is_number || !has_digit {
            break;
        }
        end += word.len() + usize::from(groups > 0);
        count += word.len();
        digits += of_word;
        groups += 1;
    }
    let has_letter = digits < count;
    // L12345678 is a permit: a letter at the start may be one.
    let starts = count >= 11 || rest.first().is_some_and(Cell::is_ascii_digit);
    let is_sure = if groups > 1 { count >= 11 && digits >= 4 } else { digits >= DIGITS_MIN };
    if has_letter && starts && is_sure && digits * 3 > count { end } else { 0 }
}

pub(super) fn look_alike(c: char) -> Option<char> {
    match c {
        'o' => Some('0'),
        'i' | 'l' => Some('1'),
        _ => None,
    }
}

/// The digits that a number with letters for digits must have.
const DIGITS_MIN: usize = 5;

/// Runs of words for digits, each word becoming one cell.
fn read_words(cells: &mut Vec<Cell>) {
    let mut out: Vec<Cell> = Vec::with_capacity(cells.len());
    let mut at = 0;
    let mut changed = false;
    while let Some(rest) = cells.get(at..).filter(|rest| !rest.is_empty()) {
        let starts = out.last().is_none_or(|before| !before.is_ascii_letter());
        let run = if starts { word_run(rest) } else { None };
        if let Some((run, length)) = run {
            out.extend(run);
            at += length;
            changed = true;
        } else {
            out.extend(rest.first().copied());
            at += 1;
        }
    }
    if changed {
        *cells = out;
    }
}

/// A run of words at the start, as digits with the separators between them, and its length.
fn word_run(cells: &[Cell]) -> Option<(Vec<Cell>, usize)> {
    let mut run = Vec::new();
    let mut words = 0;
    let (mut at, mut end, mut kept) = (0, 0, 0);
    while let Some((digit, length)) = cells.get(at..).and_then(word) {
        let (first, last) = (cells.get(at)?, cells.get(at + length - 1)?);
        run.push(Cell::of_char(digit, first.from, last.to));
        words += usize::from(length > 1);
        at += length;
        (end, kept) = (at, run.len());
        let gap = cells.iter().skip(at).take(2).take_while(|cell| cell.is_separator()).count();
        run.extend(cells.iter().skip(at).take(gap).copied());
        at += gap;
    }
    run.truncate(kept);
    (words >= WORDS_MIN).then_some((run, end))
}

/// The fewest words for digits in a row that are read as a number.
const WORDS_MIN: usize = 3;

/// The digit of the word at the start, with its length in cells.
fn word(cells: &[Cell]) -> Option<(char, usize)> {
    if let Some(first) = cells.first().filter(|first| first.is_ascii_digit()) {
        return Some((first.c, 1));
    }
    let length = cells.iter().take(6).take_while(|cell| cell.is_ascii_letter()).count();
    let spelled: String = cells.iter().take(length).map(|cell| cell.c).collect();
    let digit = match &*spelled {
        "zero" | "oh" | "ling" | "dong" => '0',
        "one" | "yi" | "yao" => '1',
        "two" | "er" | "liang" => '2',
        "three" | "san" => '3',
        "four" | "si" => '4',
        "five" | "wu" => '5',
        "six" | "liu" => '6',
        "seven" | "qi" | "guai" => '7',
        "eight" | "ba" => '8',
        "nine" | "jiu" | "gou" => '9',
        _ => return None,
    };
    Some((digit, length))
}

/// The ASCII digit of a decimal digit of another script, by the blocks of Unicode's category Nd.
fn digit_of_any_script(c: char) -> Option<char> {
    // Han characters are by far the most common.
    if c.is_ascii() || c > '\u{1a99}' {
        return None;
    }
    let code = u32::from(c);
    let zero =
        ZEROS.iter().copied().map(u32::from).find(|zero| (*zero..*zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

/// The zero of each script whose digits are not compatible with ASCII digits.
const ZEROS: [char; 22] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
    '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{de6}', '\u{e50}', '\u{ed0}', '\u{f20}',
    '\u{1040}', '\u{1090}', '\u{17e0}', '\u{1810}', '\u{19d0}', '\u{1a80}',
];

#[cfg(test)]
mod tests {
    use super::read_numbers;

    #[test]
    fn words_letters_and_other_scripts_are_digits() {
        let cases = [
            ("English", "it is one three eight 0 0", "it is 1 3 8 0 0"),
            ("pinyin", "yao san ba ling", "1 3 8 0"),
            ("two words are words", "er liang", "er liang"),
            ("a longer word", "bad one three eight", "bad 1 3 8"),
            ("letters for digits", "138OO138Ol0", "13800138010"),
            ("… in groups", "I38 OOI3 8OOO", "138 0013 8000"),
            ("a word before a date", "oil 2024 10", "oil 2024 10"),
            ("a code of letters", "abc12345", "abc12345"),
            ("Arabic", "١٣٨", "138"),
            ("Thai", "๔๘๒", "482"),
        ];
        for (shows, text, expected) in cases {
            let read: String = read_numbers(text).iter().map(|cell| cell.c).collect();
            assert_eq!(read, expected, "{shows}");
        }
    }
}
