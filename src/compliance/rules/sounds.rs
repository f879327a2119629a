//! How Han characters are read, without tones.

use std::{collections::HashMap, sync::LazyLock};

use pinyin::ToPinyinMulti;

/// The readings of a character; none if it is not Han.
pub(super) fn readings(c: char) -> impl Iterator<Item = &'static str> {
    c.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain)
}

/// Whether two characters have a reading in common.
pub(super) fn sound_alike(a: char, b: char) -> bool {
    readings(a).any(|reading| readings(b).any(|other| other == reading))
}

/// All characters with one of a character's readings.
pub(super) fn homophones(c: char) -> impl Iterator<Item = char> {
    readings(c).filter_map(|reading| BY_READING.get(reading)).flatten().copied()
}

static BY_READING: LazyLock<HashMap<&'static str, Vec<char>>> = LazyLock::new(|| {
    let mut by_reading: HashMap<&'static str, Vec<char>> = HashMap::new();
    for c in '\u{4e00}'..='\u{9fff}' {
        for reading in readings(c) {
            by_reading.entry(reading).or_default().push(c);
        }
    }
    by_reading
});
