//! The sounds of a text, which stay the same when a character is mistyped as a homophone.

use pinyin::ToPinyin;

/// The syllables of the Han characters of a text, without tones, and the pairs of adjacent
/// syllables. Each is a number; the number of a pair differs from that of any single syllable.
pub(crate) fn sounds(core: &str) -> Vec<u64> {
    let mut sounds = Vec::with_capacity(core.len() * 2 / 3);
    let mut previous = 0;
    for c in core.chars() {
        let syllable = c.to_pinyin().map_or(0, |pinyin| number(pinyin.plain()));
        if syllable > 0 {
            if previous > 0 {
                sounds.push(previous << 32 | syllable);
            }
            sounds.push(syllable);
        }
        previous = syllable;
    }
    sounds
}

/// A syllable of at most six letters as a number below 2³². Initials zh, ch and sh count as z, c
/// and s, and the final ng as n, because many speakers do not distinguish them.
fn number(syllable: &str) -> u64 {
    let letters = syllable.as_bytes();
    let mut number = 0;
    for (place, &letter) in letters.iter().enumerate() {
        let previous = place.checked_sub(1).map_or(0, |place| letters[place]);
        let is_retroflex = letter == b'h' && matches!(previous, b'z' | b'c' | b's');
        let is_velar = letter == b'g' && previous == b'n';
        if !is_retroflex && !is_velar {
            number = number * 27 + u64::from(letter.clamp(b'a', b'z') - b'a') + 1;
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use super::sounds;

    #[test]
    fn homophones_have_the_same_sounds() {
        let cases = [
            // (what it shows, one, other, whether they sound the same)
            ("another character", "提现", "题现", true),
            ("another tone", "题现", "体现", true),
            ("retroflex and velar sounds", "真是", "增四", true),
            ("another syllable", "提现", "提前", false),
            ("a pair is not its parts", "西安", "先", false),
        ];
        for (shows, one, other, same) in cases {
            assert_eq!(sounds(one) == sounds(other), same, "{shows}");
        }
        assert!(sounds("app123").is_empty(), "letters and digits have no syllables");
        assert_eq!(sounds("还a款").len(), 2, "no pair across a letter");
    }
}
