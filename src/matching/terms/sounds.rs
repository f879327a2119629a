//! How a text sounds: what stays the same when a character is replaced by one that is typed
//! alike.

use pinyin::ToPinyin;

/// The syllables of the Han characters of a text, without tones, and the pairs of syllables
/// that stand side by side. Each is a number; a pair never equals a single one.
pub(crate) fn sounds(core: &str) -> Vec<u64> {
    let mut sounds = Vec::with_capacity(core.len() * 2 / 3);
    let mut before = 0;
    for c in core.chars() {
        let syllable = c.to_pinyin().map_or(0, |pinyin| number(pinyin.plain()));
        if syllable > 0 {
            if before > 0 {
                sounds.push(before << 32 | syllable);
            }
            sounds.push(syllable);
        }
        before = syllable;
    }
    sounds
}

/// A syllable of at most six letters as a number below 2³². Those of the back of the tongue
/// and of its tip count as one, as many speakers type them: zh as z, ng as n.
fn number(syllable: &str) -> u64 {
    let letters = syllable.as_bytes();
    let mut number = 0;
    for (place, &letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).map_or(0, |before| letters[before]);
        let is_retroflex = letter == b'h' && matches!(before, b'z' | b'c' | b's');
        let is_back = letter == b'g' && before == b'n';
        if !is_retroflex && !is_back {
            number = number * 27 + u64::from(letter.clamp(b'a', b'z') - b'a') + 1;
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use super::sounds;

    #[test]
    fn what_is_typed_alike_sounds_alike() {
        let cases = [
            // (what it shows, one, other, whether they sound the same)
            ("another character", "提现", "题现", true),
            ("another tone", "题现", "体现", true),
            ("the back of the tongue", "真是", "增四", true),
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
