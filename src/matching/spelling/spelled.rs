//! The characters of a normalised text, with its words of Latin letters.

use std::ops::Range;

use super::syllables::Syllables;
use crate::text::Normalized;

/// One character as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SpelledChar {
    pub(super) char: char,
    /// Whether something stood before it that normalising or the reader dropped: a space, a mark, a
    /// tone. No syllable crosses it.
    pub(super) is_apart: bool,
}

impl SpelledChar {
    pub(super) fn is_letter(self) -> bool {
        self.char.is_ascii_lowercase()
    }
}

/// The beginning of a normalised text without tone digits.
#[derive(Debug)]
pub(super) struct Spelled {
    pub(super) chars: Vec<SpelledChar>,
    /// The runs of letters without anything between them.
    pub(super) words: Vec<Range<usize>>,
}

impl Spelled {
    /// The first `most` characters of a text.
    pub(super) fn of(normalized: &Normalized, most: usize) -> Self {
        let origins = normalized.origins();
        let mut chars: Vec<SpelledChar> = Vec::with_capacity(origins.len().min(most));
        for (place, char) in normalized.as_str().chars().take(most).enumerate() {
            let is_apart = place > 0 && origins[place] > origins[place - 1] + 1;
            chars.push(SpelledChar { char, is_apart });
        }
        drop_tones(&mut chars);
        let words = words(&chars);
        Self { chars, words }
    }

    /// The letters of a word.
    pub(super) fn letters(&self, word: &Range<usize>) -> String {
        self.chars[word.clone()].iter().map(|one| one.char).collect()
    }
}

fn words(chars: &[SpelledChar]) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (place, one) in chars.iter().enumerate().filter(|(_, one)| one.is_letter()) {
        match words.last_mut().filter(|word| word.end == place && !one.is_apart) {
            Some(word) => word.end += 1,
            None => words.push(place..place + 1),
        }
    }
    words
}

/// Drops the digits of “ti2 xian4”. One alone may be a part of a name, as in “a4”.
fn drop_tones(chars: &mut Vec<SpelledChar>) {
    let tones: Vec<usize> = (0..chars.len()).filter(|&place| is_tone(chars, place)).collect();
    if tones.len() < 2 {
        return;
    }
    for place in tones.into_iter().rev() {
        chars.remove(place);
        if let Some(next) = chars.get_mut(place) {
            next.is_apart = true;
        }
    }
}

/// Whether a digit from 1 to 5 follows the letters of one syllable, and no other digit follows it.
fn is_tone(chars: &[SpelledChar], place: usize) -> bool {
    let digit = chars[place];
    if !('1'..='5').contains(&digit.char) || digit.is_apart {
        return false;
    }
    let goes_on = |next: &SpelledChar| !next.is_apart && matches!(next.char, '0'..='9' | '.' | '%');
    if chars.get(place + 1).is_some_and(goes_on) {
        return false;
    }
    let mut from = place;
    while from > 0 && chars[from - 1].is_letter() {
        from -= 1;
        if chars[from].is_apart {
            break;
        }
    }
    let letters: String = chars[from..place].iter().map(|one| one.char).collect();
    Syllables::all().number(&letters).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalize;

    #[test]
    fn words_end_at_spaces_marks_han_and_tones() {
        let cases: [(&str, &str, &[&str]); 8] = [
            // (what it shows, text, words)
            ("none", "提现多久", &[]),
            ("spaces", "Ti xian", &["ti", "xian"]),
            ("an apostrophe", "xi'an", &["xi", "an"]),
            ("Han", "转zhang失败le", &["zhang", "le"]),
            ("tones", "ti2xian4 duo1jiu3", &["ti", "xian", "duo", "jiu"]),
            ("one digit alone is no tone", "a4 zhi", &["a", "zhi"]),
            ("numbers are no tones", "ka1234 ka1 le5", &["ka", "ka", "le"]),
            ("accents", "tí xiàn", &["ti", "xian"]),
        ];
        for (shows, text, expected) in cases {
            let spelled = Spelled::of(&normalize(text), 100);
            let words: Vec<String> =
                spelled.words.iter().map(|word| spelled.letters(word)).collect();
            assert_eq!(words, expected, "{shows}");
        }
        let spelled = Spelled::of(&normalize("ka1234 ka1 le5"), 100);
        let kept: String = spelled.chars.iter().map(|one| one.char).collect();
        assert_eq!(kept, "ka1234kale");
    }
}
