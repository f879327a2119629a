//! The pronunciations of characters, in the letters of a keyboard.

use pinyin::{Pinyin, ToPinyinMulti};

/// A pronunciation by which a character may be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::matching) struct Pronunciation {
    /// The syllable without its tone, in `a` to `z`; never empty.
    pub(in crate::matching) letters: &'static str,
    /// Whether the character is rarely pronounced so. The table of the `pinyin` crate has many such
    /// readings, some from the classics. If all counted equally, “fukuan” would suggest 还款
    /// beside 付款.
    pub(in crate::matching) is_rare: bool,
}

/// Later readings that are as common in this business as the character's first one.
const FURTHER_COMMON: [(char, &str); 14] = [
    ('行', "hang"),  // 银行
    ('还', "huan"),  // 还款
    ('重', "chong"), // 重置
    ('长', "chang"), // 长期
    ('调', "tiao"),  // 调整
    ('了', "liao"),  // 了解
    ('校', "jiao"),  // 校验
    ('便', "pian"),  // 便宜
    ('弹', "tan"),   // 弹窗
    ('露', "lou"),   // 泄露
    ('薄', "bo"),
    ('咋', "zha"),
    ('谁', "shei"),
    ('着', "zhao"), // 着急
];

/// The readings of a character, common ones first; none for a character that is not Han.
pub(in crate::matching) fn readings(c: char) -> Vec<Pronunciation> {
    let mut readings: Vec<Pronunciation> = Vec::new();
    for (nth, plain) in c.to_pinyin_multi().into_iter().flatten().map(Pinyin::plain).enumerate() {
        let is_rare = nth > 0 && !FURTHER_COMMON.contains(&(c, plain));
        for letters in on_keyboard(plain) {
            if readings.iter().all(|known| known.letters != letters) {
                readings.push(Pronunciation { letters, is_rare });
            }
        }
    }
    readings.sort_by_key(|reading| reading.is_rare);
    readings
}

/// The letters by which a reading is typed. Most input methods take `v` for `ü`, and some
/// customers type `u`.
fn on_keyboard(plain: &'static str) -> impl Iterator<Item = &'static str> {
    let (one, other) = match plain {
        "lü" => ("lv", Some("lu")),
        "nü" => ("nv", Some("nu")),
        "lüe" => ("lve", Some("lue")),
        "nüe" => ("nve", Some("nue")),
        _ => (plain, None),
    };
    std::iter::once(one).chain(other).filter(|letters| is_typed(letters))
}

/// Whether all letters are on a keyboard. A few interjections have readings such as `ê`.
fn is_typed(letters: &str) -> bool {
    !letters.is_empty() && letters.bytes().all(|letter| letter.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::readings;

    #[test]
    fn common_readings_come_first() {
        let cases: [(&str, char, &[&str], &[&str]); 7] = [
            // (what it shows, character, common readings, rare ones)
            ("one", '现', &["xian"], &[]),
            ("not Han", 'x', &[], &[]),
            ("two as common", '行', &["xing", "hang"], &["heng"]),
            ("other readings are rare", '还', &["hai", "huan"], &["fu"]),
            ("several tones are one", '数', &["shu"], &["shuo"]),
            ("ü by both letters", '女', &["nv", "nu"], &["ru"]),
            ("without letters that no keyboard has", '欸', &["ai"], &["xie", "ei"]),
        ];
        for (shows, c, common, rare) in cases {
            let of = |is_rare| {
                let those = readings(c).into_iter().filter(move |one| one.is_rare == is_rare);
                those.map(|one| one.letters).collect::<Vec<_>>()
            };
            assert_eq!((of(false).as_slice(), of(true).as_slice()), (common, rare), "{shows}");
        }
    }
}
