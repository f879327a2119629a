//! Normalization: one form for all spellings of the same words.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

use super::{amounts, normalized::Normalized, numerals::is_numeral, simplify::simplify};

/// Brings a text into the form in which texts are compared.
///
/// - Compatibility forms become plain ones as in Unicode's NFKC (full-width digits, ①, ㎡). Accents
///   are dropped: “cafe” and “café” mean the same.
/// - Letters become lower case, and Traditional characters Simplified, one for one.
/// - Spaces, punctuation, emoji, control, zero-width and direction marks are dropped. A `.` between
///   two digits and a `%` after a number stay, because they change an amount. Punctuation between
///   two numbers becomes `、`.
/// - Numbers are written in digits and money in 元: 三万五, 3.5万 and 35k are 35000, 五百块钱 and ￥500 are
///   500元, 百分之五 is 5%, 两个月 is 2个月. A numeral that may be part of a word stays: 一下, 第三方, 双十一, 十几天.
///   So do 一个, 一次, 一张 and 一笔, where the number has no meaning, and 1个 becomes 一个.
///
/// Normalization is idempotent.
///
/// # Examples
///
/// ```
/// use kefu::text::normalize;
///
/// let normalized = normalize("１．５％ 的費率？");
/// assert_eq!(normalized.as_str(), "1.5%的费率");
/// assert_eq!(normalized.origins()[4], 5); // 的 stood after the space
/// assert_eq!(normalize("充了兩萬塊，十五號還一直沒到").as_str(), "充了20000元15号还一直没到");
/// ```
pub fn normalize(text: &str) -> Normalized {
    let PlainWriter { text, origins, has_numeral, .. } = PlainWriter::read(text);
    if has_numeral {
        return amounts::fold(text, origins);
    }
    Normalized { text, origins, ends: Vec::new() }
}

/// As [`normalize`], but numbers stay as they were typed.
///
/// For texts that are compared with unnormalized text.
pub(crate) fn plain_text(text: &str) -> String {
    let mut text = PlainWriter::read(text).text;
    text.retain(|c| !matches!(c, ',' | '、' | '¥'));
    text
}

/// Gives the plain characters of a character: lower case, Simplified, without width or circle. An
/// invisible character, or one that only marks another, has none.
pub(crate) fn plain_forms(c: char, mut emit: impl FnMut(char)) {
    match c {
        '\u{0}'..='\u{7f}' => emit(c.to_ascii_lowercase()),
        // Han and Hangul: by far the most common, without a useful decomposition.
        '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => emit(simplify(c)),
        _ if let Some(digit) = circled_digit(c) => emit(digit),
        _ => decompose_compatible(c, |part| {
            if !is_invisible(part) && canonical_combining_class(part) == 0 {
                part.to_lowercase().map(simplify).for_each(&mut emit);
            }
        }),
    }
}

/// The circled digits without a plain form in Unicode: ❶ ➀ ➊ ⓵ and ⓿.
fn circled_digit(c: char) -> Option<char> {
    let one = match c {
        '\u{24ff}' => return Some('0'),
        '\u{24f5}'..='\u{24fd}' => '\u{24f5}',
        '\u{2776}'..='\u{277e}' => '\u{2776}',
        '\u{2780}'..='\u{2788}' => '\u{2780}',
        '\u{278a}'..='\u{2792}' => '\u{278a}',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(one) + 1, 10)
}

/// Whether a character takes no space on the screen, so that it can hide inside a number.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{20dd}'..='\u{20e4}' // the circle or key around the character before
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Collects the plain characters that are kept.
///
/// A text with a numeral goes on to [`amounts::fold`], which may still drop a `,` or `、` between
/// two numerals and a `¥` before one.
struct PlainWriter {
    text: String,
    origins: Vec<u32>,
    /// The last visible character, kept or not.
    previous: char,
    /// The origin of a `.` after a digit that may be a decimal point.
    point: Option<u32>,
    /// Punctuation since the last kept character, as `,` or `、`.
    pause: Option<(char, u32)>,
    /// The origin of a `¥` before a possible number.
    price: Option<u32>,
    has_numeral: bool,
}

impl PlainWriter {
    fn read(text: &str) -> PlainWriter {
        let mut writer = PlainWriter::with_room_for(text);
        for (c, origin) in text.chars().zip(0u32..) {
            plain_forms(c, |plain| writer.push(plain, origin));
        }
        writer
    }

    fn with_room_for(text: &str) -> PlainWriter {
        PlainWriter {
            text: String::with_capacity(text.len()),
            // Three bytes a character, because nearly all of the text is Han.
            origins: Vec::with_capacity(text.len() / 3 + 1),
            previous: ' ',
            point: None,
            pause: None,
            price: None,
            has_numeral: false,
        }
    }

    fn push(&mut self, c: char, origin: u32) {
        let point = self.point.take();
        match c {
            '.' if self.previous.is_ascii_digit() => self.point = Some(origin),
            '%' if self.text.ends_with(is_numeral) => self.keep_alone(c, origin),
            _ if is_word_character(c) => self.push_word_character(c, origin, point),
            '¥' => {
                self.pause.get_or_insert(('、', origin));
                self.price = Some(origin);
            }
            _ if is_space(c) || (c == '-' && self.ends_with_long_number()) => self.pause_at(point),
            _ => {
                let pause = if c == ',' && self.previous.is_ascii_digit() { ',' } else { '、' };
                self.pause = Some((if self.pause.is_some() { '、' } else { pause }, origin));
                self.price = None;
            }
        }
        self.previous = c;
    }

    fn push_word_character(&mut self, c: char, origin: u32, point: Option<u32>) {
        if is_numeral(c) {
            match point {
                Some(at) if c.is_ascii_digit() => self.keep('.', at),
                _ => self.pause_at(point),
            }
            if let Some((pause, at)) = self.pause.take()
                && self.text.ends_with(|c: char| is_numeral(c) || c.is_ascii_lowercase())
            {
                self.keep(pause, at);
            }
            if let Some(at) = self.price.take() {
                self.keep('¥', at);
            }
            self.has_numeral = true;
        }
        self.keep_alone(c, origin);
    }

    /// A point outside a number ends a sentence or a list number.
    fn pause_at(&mut self, point: Option<u32>) {
        if let Some(at) = point {
            self.pause = Some(('、', at));
        }
    }

    /// Whether a dash continues a phone or card number or a date, instead of a range as in 3-5天.
    fn ends_with_long_number(&self) -> bool {
        self.text.bytes().rev().take_while(u8::is_ascii_digit).count() >= 3
    }

    fn keep_alone(&mut self, c: char, origin: u32) {
        (self.pause, self.price) = (None, None);
        self.keep(c, origin);
    }

    fn keep(&mut self, c: char, origin: u32) {
        self.text.push(c);
        self.origins.push(origin);
    }
}

/// White space that may stand inside a number that was typed in groups.
fn is_space(c: char) -> bool {
    c != '\n' && (c.is_whitespace() || c.is_control())
}

/// Letters, digits and Han characters, without emoji that Unicode counts as letters, such as 🅰.
fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::normalize;

    #[test]
    fn one_form_for_many_ways_of_typing() {
        let cases = [
            // (what it shows, text, expected)
            ("nothing in, nothing out", "", ""),
            ("full-width digits", "提现１００元", "提现100元"),
            ("full-width letters in lower case", "ＡＰＰ打不开", "app打不开"),
            ("spaces between Han", "怎么 还\u{3000}款\n呢", "怎么还款呢"),
            ("punctuation of both widths", "“提现”（多久）?！……", "提现多久"),
            ("nothing left", "？？？ 😀", ""),
            ("Traditional", "還款日期與銀行卡", "还款日期与银行卡"),
            ("a chain in the table", "薴", "苎"),
            ("compatibility ideograph", "\u{f90a}額", "金额"),
            ("circled and squared", "①❷号㎡", "12号m2"),
            ("zero-width and soft hyphen", "提\u{200b}现\u{ad}多\u{feff}久", "提现多久"),
            ("direction marks", "\u{202e}提现\u{202c}", "提现"),
            ("control characters", "提\u{0}现\u{7}", "提现"),
            ("emoji, also those that count as letters", "提现👍🏻🅰👨‍👩‍👧❤️", "提现"),
            ("key cap keeps its digit", "按1️⃣", "按1"),
            ("accents", "café cafe\u{301}", "cafecafe"),
            ("Hangul stays whole", "한국", "한국"),
            ("point in a number", "3.5分", "3.5分"),
            ("full-width point", "３．５分", "3.5分"),
            ("points in a version", "v2.10.3", "v2.10.3"),
            ("point hidden behind a zero-width", "3\u{200b}.\u{200b}5", "3.5"),
            ("point at the end", "共3.", "共3"),
            ("point before Han", "3.元", "3元"),
            ("point after Han", "第.5", "第5"),
            ("number of a list", "1. 2天到账", "1、2天到账"),
            ("two points are no point", "3..5", "3、5"),
            ("thousands", "1,000.50元", "1000.50元"),
            ("percent", "年化5%", "年化5%"),
            ("percent of another width, after a space", "年化5 ％", "年化5%"),
            ("percent without a number", "%和%", "和"),
            ("percent twice", "5%%", "5%"),
            ("point before percent", "5.%", "5%"),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(normalize(text).as_str(), expected, "{shows}");
        }
    }

    #[test]
    fn origins_point_into_the_original() {
        let cases: [(&str, &str, &[u32]); 4] = [
            ("dropped before and between", " 还 款", &[1, 3]),
            ("one becomes two", "㎡元", &[0, 0, 1]),
            ("the point has its own place", "３．５", &[0, 1, 2]),
            ("characters, not bytes or UTF-16 units", "😀𠀀還", &[1, 2]),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(normalize(text).origins(), expected, "{shows}");
        }
    }

    /// Any text, and texts full of the parts that the rules check.
    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[0-9０-９.．%％,，还還薴A-ZÀ-ſé\u{301}\u{200b}\u{ad}①㎡½…❶⓿가ᄀ-ᅵﾊﾞ🅰😀 ]{0,24}",
        ]
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(text in texts()) {
            let once = normalize(&text).into_string();
            let twice = normalize(&once).into_string();
            prop_assert_eq!(twice, once);
        }

        #[test]
        fn every_character_has_an_origin_and_they_never_fall(text in texts()) {
            let normalized = normalize(&text);
            prop_assert_eq!(normalized.as_str().chars().count(), normalized.origins().len());
            prop_assert!(normalized.origins().is_sorted());
            let length = text.chars().count();
            prop_assert!(normalized.origins().iter().all(|&at| (at as usize) < length));
        }
    }
}
