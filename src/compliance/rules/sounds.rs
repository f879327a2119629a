//! How Han characters are read, without tones.

use pinyin::{Pinyin, ToPinyin, ToPinyinMulti};

/// The readings of a character; none if it is not Han.
pub(super) fn readings(c: char) -> impl Iterator<Item = &'static str> {
    c.to_pinyin_multi().into_iter().flatten().map(Pinyin::plain)
}

/// How a character is mostly read. With rare readings too, 还 would sound like 包.
pub(super) fn sound_of(c: char) -> Option<&'static str> {
    c.to_pinyin().map(Pinyin::plain)
}
