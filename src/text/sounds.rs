//! The pinyin of Han characters, without tones.

use pinyin::{Pinyin, ToPinyin, ToPinyinMulti};

/// All readings of a character; none if it is not Han.
pub(crate) fn readings(c: char) -> impl Iterator<Item = &'static str> {
    c.to_pinyin_multi().into_iter().flatten().map(Pinyin::plain)
}

/// The usual reading of a character. With rare readings, 还 would sound like 包.
pub(crate) fn sound_of(c: char) -> Option<&'static str> {
    c.to_pinyin().map(Pinyin::plain)
}
