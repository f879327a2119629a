//! How Han characters are read, without tones.

use std::{collections::HashMap, sync::LazyLock};

use pinyin::{Pinyin, ToPinyin, ToPinyinMulti};

/// The readings of a character; none if it is not Han.
pub(super) fn readings(c: char) -> impl Iterator<Item = &'static str> {
    c.to_pinyin_multi().into_iter().flatten().map(Pinyin::plain)
}

/// Whether two characters sound alike as they are mostly read. With rare readings too, 还
/// would be 包.
pub(super) fn sound_alike(a: char, b: char) -> bool {
    main_reading(a).is_some_and(|reading| main_reading(b) == Some(reading))
}

/// All characters that sound like one.
pub(super) fn homophones(c: char) -> impl Iterator<Item = char> {
    let characters = main_reading(c).and_then(|reading| BY_READING.get(reading));
    characters.into_iter().flatten().copied()
}

fn main_reading(c: char) -> Option<&'static str> {
    c.to_pinyin().map(Pinyin::plain)
}

static BY_READING: LazyLock<HashMap<&'static str, Vec<char>>> = LazyLock::new(|| {
    let mut by_reading: HashMap<&'static str, Vec<char>> = HashMap::new();
    for c in '\u{4e00}'..='\u{9fff}' {
        if let Some(reading) = main_reading(c) {
            by_reading.entry(reading).or_default().push(c);
        }
    }
    by_reading
});
