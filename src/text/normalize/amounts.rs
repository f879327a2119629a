//! Rewrites numbers in digits and money in 元, in any spelling.

use std::ops::Range;

use super::{
    normalized::Normalized,
    numerals::{NumeralValue, ascii_digit, from_formal, is_formal, is_numeral, scale, value_of},
    surroundings::{
        begins, goes_on_as_word, idiom, is_counted, is_counted_in_words, is_counted_one,
        is_in_word, is_length, is_ordered, is_tenths, is_thousands, is_word_of_one, money,
        stands_apart,
    },
};

/// Rewrites the numbers of a text of plain characters in digits.
///
/// Beside letters and digits the text has a `.` between two digits, a `%` after a numeral, a `,` or
/// `、` where punctuation separates a numeral from the text before it, and a `¥` before a numeral.
/// Folding is idempotent.
pub(crate) fn fold(text: String, origins: Vec<u32>) -> Normalized {
    let ends = origins.iter().map(|origin| origin + 1).collect();
    let mut folded = Normalized { text, origins, ends };
    // A rewritten number may belong to a number beside it, as in 二到五w天. A second pass is enough for
    // nearly all texts.
    for _ in 0..PASSES_MAX {
        let once = Folder::read(&folded);
        if once.text == folded.text {
            break;
        }
        folded = once;
    }
    folded
}

/// Each pass makes at least one number final. No known text needs more passes.
const PASSES_MAX: usize = 8;

/// Reads the characters from the left. Each method takes the position where something starts, and
/// returns the position after the part that it has written.
struct Folder<'a> {
    chars: Vec<char>,
    read: &'a Normalized,
    made: Normalized,
}

impl Folder<'_> {
    fn read(read: &Normalized) -> Normalized {
        let made = Normalized {
            text: String::with_capacity(read.text.len()),
            origins: Vec::with_capacity(read.origins.len()),
            ends: Vec::with_capacity(read.origins.len()),
        };
        let mut folder = Folder { chars: read.text.chars().collect(), read, made };
        let mut at = 0;
        while let Some(&c) = folder.chars.get(at) {
            at = match c {
                '¥' => folder.price(at),
                ',' | '、' => folder.pause(at),
                '%' if !folder.ends_with(|c| c.is_ascii_digit()) => at + 1,
                _ if is_numeral(c) => folder.numeral(at),
                _ => folder.copy(at..at + 1),
            };
        }
        folder.made
    }

    fn ends_with(&self, is_it: impl Fn(char) -> bool) -> bool {
        self.made.text.ends_with(is_it)
    }

    fn after(&self, at: usize) -> &[char] {
        self.chars.get(at..).unwrap_or_default()
    }

    /// Copies characters, without the commas of thousands.
    fn copy(&mut self, chars: Range<usize>) -> usize {
        let begins_in_digits = self.chars[chars.start].is_ascii_digit();
        if begins_in_digits && self.ends_with(|c| c.is_ascii_digit()) {
            self.push('、', chars.start..chars.start + 1);
        }
        for at in chars.clone() {
            let c = self.chars[at];
            if c != ',' {
                self.push(c, at..at + 1);
            }
        }
        chars.end
    }

    /// Writes a text in place of characters.
    fn write(&mut self, chars: Range<usize>, text: &str) -> usize {
        if text.chars().eq(self.chars[chars.clone()].iter().copied()) {
            return self.copy(chars);
        }
        let begins_in_digits = text.starts_with(|c: char| c.is_ascii_digit());
        if begins_in_digits && self.ends_with(|c| c.is_ascii_digit()) {
            self.push('、', chars.clone());
        }
        text.chars().for_each(|c| self.push(c, chars.clone()));
        chars.end
    }

    /// Writes a character that replaces all of `chars`.
    fn push(&mut self, c: char, chars: Range<usize>) {
        self.made.text.push(c);
        self.made.origins.push(self.read.origins[chars.start]);
        self.made.ends.push(self.read.ends[chars.end - 1]);
    }

    /// Punctuation between two numerals stays.
    fn pause(&mut self, at: usize) -> usize {
        if self.ends_with(is_numeral) {
            self.push('、', at..at + 1);
        }
        at + 1
    }

    /// A price with its currency sign before it.
    fn price(&mut self, at: usize) -> usize {
        let from = at + 1;
        let end = self.numeral_end(from);
        let value = self.value(from..end);
        let is_rate = begins(self.after(end), "%") || self.made.text.ends_with("分之");
        let Some(value) = value.filter(|_| !is_rate) else {
            return from;
        };
        let mut digits = self.digits(from..end, value, true);
        let mut end = end;
        if let Some((thousands, after)) = self.thousands(end, value) {
            (digits, end) = (thousands, after);
        }
        end += money(self.after(end)).unwrap_or_default();
        self.write(at..end, &format!("{digits}元"))
    }

    fn numeral(&mut self, at: usize) -> usize {
        let end = self.numeral_end(at);
        // A numeral after a letter belongs to a name, as in p2p or a3; at least, it would once in
        // digits.
        if self.ends_with(|c| c.is_ascii_lowercase()) {
            return self.copy(at..end);
        }
        if let Some(length) = idiom(self.after(at)).filter(|_| !self.is_in_order(at)) {
            return self.copy(at..at + length);
        }
        self.percentage(at)
            .or_else(|| self.year(at..end))
            .or_else(|| self.formal(at..end))
            .or_else(|| self.decimal(at))
            .or_else(|| self.number(at..end))
            .unwrap_or_else(|| self.copy(at..end))
    }

    /// The end of the numeral, with its decimals and groups of thousands.
    fn numeral_end(&self, from: usize) -> usize {
        let is_digit = |at: usize| self.chars.get(at).is_some_and(char::is_ascii_digit);
        let mut end = from;
        let mut group = 0;
        let mut has_group = true;
        while let Some(&c) = self.chars.get(end) {
            let begins_group = c == ','
                && has_group
                && (1..=3).contains(&group)
                && (1..=3).all(|ahead| is_digit(end + ahead))
                && !is_digit(end + 4);
            match c {
                _ if c.is_ascii_digit() => group += 1,
                ',' if begins_group => group = 0,
                '.' => has_group = false,
                _ if is_numeral(c) => has_group = false,
                _ => break,
            }
            end += 1;
        }
        end
    }

    fn value(&self, chars: Range<usize>) -> Option<NumeralValue> {
        let chars = &self.chars[chars];
        if chars.contains(&',') {
            let without: Vec<char> = chars.iter().copied().filter(|c| *c != ',').collect();
            return value_of(&without);
        }
        value_of(chars)
    }

    /// Whether it has only ASCII characters.
    fn is_in_digits(&self, chars: Range<usize>) -> bool {
        self.chars[chars].iter().all(char::is_ascii)
    }

    /// The digits of a number. Typed digits stay as they are, except zero decimals of money.
    fn digits(&self, chars: Range<usize>, value: NumeralValue, is_money: bool) -> String {
        if !self.is_in_digits(chars.clone()) {
            return value.digits();
        }
        let typed: String = self.chars[chars].iter().filter(|c| **c != ',').collect();
        match typed.split_once('.') {
            Some((whole, places)) if is_money && places.bytes().all(|zero| zero == b'0') => {
                whole.to_owned()
            }
            _ => typed,
        }
    }

    fn is_in_order(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| self.chars[before] == '第')
    }

    /// 百分之五.
    fn percentage(&mut self, at: usize) -> Option<usize> {
        if !begins(self.after(at), "百分之") || self.made.text.ends_with("分之") {
            return None;
        }
        let from = at + 3;
        let run = self.numeral_end(from);
        if run == from {
            return None;
        }
        let found = self.spelled_decimal(from).or_else(|| {
            let end = self.without_zeros(from..run);
            Some((self.value(from..end)?.digits(), end))
        });
        // 百分之三点几 and 百分之二三 are approximate, and stay.
        let is_about = |end| begins(self.after(end), "点") || begins(self.after(end), "几");
        let Some((digits, end)) = found.filter(|(_, end)| !is_about(*end)) else {
            return Some(self.copy(at..run));
        };
        let end = end + usize::from(begins(self.after(end), "%"));
        Some(self.write(at..end, &format!("{digits}%")))
    }

    /// 二〇二五年.
    fn year(&mut self, chars: Range<usize>) -> Option<usize> {
        if chars.len() != 4 || !begins(self.after(chars.end), "年") {
            return None;
        }
        let digits: Option<String> =
            self.chars[chars.clone()].iter().map(|c| ascii_digit(*c)).collect();
        Some(self.write(chars, &digits?))
    }

    /// 叁万伍仟元整.
    fn formal(&mut self, chars: Range<usize>) -> Option<usize> {
        let numeral = &self.chars[chars.clone()];
        if !numeral.iter().copied().any(is_formal) {
            return None;
        }
        let is_money = is_formal(self.chars[chars.start]) && money(self.after(chars.end)).is_some();
        let value = from_formal(numeral).filter(|_| is_money).and_then(|chars| value_of(&chars));
        let Some(value) = value else { return Some(self.copy(chars)) };
        self.write(chars.clone(), &value.digits());
        Some(self.unit(chars.end))
    }

    /// 三点五万.
    fn decimal(&mut self, at: usize) -> Option<usize> {
        let (mut digits, mut end) = self.spelled_decimal(at)?;
        let mut is_scaled = scale(self.chars[end - 1]).is_some();
        let value = value_of(&digits.chars().collect::<Vec<_>>())?;
        if let Some(thousands) = self.thousands(end, value) {
            (digits, end) = thousands;
            is_scaled = true;
        }
        let units = ["倍", "折", "%", "个点", "个百分点", "百分点", "元", "块", "厘"];
        let is_meant = is_scaled || units.iter().any(|unit| begins(self.after(end), unit));
        if !is_meant || is_in_word(&self.chars[..at], self.after(at), false) {
            return None;
        }
        self.write(at..end, &digits);
        Some(self.unit(end))
    }

    /// The digits of a spelled-out decimal, perhaps in 万, and its end.
    fn spelled_decimal(&self, at: usize) -> Option<(String, usize)> {
        let point = self.numeral_end(at);
        let whole = self.chars.get(at..point).filter(|whole| !whole.is_empty())?;
        if !begins(self.after(point), "点") || whole.iter().any(char::is_ascii) {
            return None;
        }
        let whole = match whole {
            ['零'] => "0".to_owned(),
            _ => value_of(whole)?.digits(),
        };
        let places: String = self.after(point + 1).iter().map_while(|c| ascii_digit(*c)).collect();
        let mut end = point + 1 + places.len();
        let mut numeral: Vec<char> = whole.chars().chain(['.']).chain(places.chars()).collect();
        if let Some(unit) = self.chars.get(end).filter(|unit| scale(**unit).is_some()) {
            numeral.push(*unit);
            end += 1;
        }
        if places.is_empty() || self.chars.get(end).is_some_and(|c| is_numeral(*c)) {
            return None;
        }
        Some((value_of(&numeral)?.digits(), end))
    }

    /// A final 零 starts the next word: 一百零钱.
    fn without_zeros(&self, chars: Range<usize>) -> usize {
        let zeros =
            self.chars[chars.clone()].iter().rev().take_while(|c| matches!(c, '零' | '〇')).count();
        chars.end - zeros
    }

    fn number(&mut self, chars: Range<usize>) -> Option<usize> {
        let chars = chars.start..self.without_zeros(chars);
        if self.is_in_digits(chars.clone()) {
            return self.number_in_digits(chars);
        }
        let last = *self.chars[chars.clone()].last()?;
        if last == '一' && chars.len() > 1 && is_word_of_one(self.after(chars.end)) {
            return self.number(chars.start..chars.end - 1);
        }
        match self.value(chars.clone()) {
            Some(value) if !value.is_colloquial || is_tenths(last, self.after(chars.end)) => {
                self.is_meant(chars.clone(), value).then(|| self.amount(chars, value))
            }
            _ => self.apart(chars),
        }
    }

    fn number_in_digits(&mut self, chars: Range<usize>) -> Option<usize> {
        if chars.is_empty() {
            return None;
        }
        let value = self.value(chars.clone())?;
        let is_alone = chars.len() == 1 && value.is_one() && !self.is_in_order(chars.start);
        if is_alone && is_counted_in_words(self.after(chars.end)) {
            return Some(self.write(chars, "一"));
        }
        Some(self.amount(chars, value))
    }

    /// Writes a number and its unit.
    fn amount(&mut self, chars: Range<usize>, value: NumeralValue) -> usize {
        if let Some((digits, end)) = self.thousands(chars.end, value) {
            self.write(chars.start..end, &digits);
            return self.unit(end);
        }
        let is_money = money(self.after(chars.end)).is_some();
        let digits = self.digits(chars.clone(), value, is_money);
        if let Some((coins, end)) = self.coins(chars.end).filter(|_| !digits.contains('.')) {
            return self.write(chars.start..end, &format!("{digits}.{coins}元"));
        }
        self.write(chars.clone(), &digits);
        self.unit(chars.end)
    }

    /// 三块五: the digit and its end.
    fn coins(&self, from: usize) -> Option<(char, usize)> {
        if !begins(self.after(from), "块") {
            return None;
        }
        let typed = *self.chars.get(from + 1)?;
        let digit = Some(typed).filter(char::is_ascii_digit).or_else(|| ascii_digit(typed))?;
        let mut end = from + 2;
        if matches!(self.chars.get(end), Some('毛' | '角')) {
            end += 1 + usize::from(begins(self.after(end + 1), "钱"));
        }
        let after = self.after(end);
        let next = after.first().copied().unwrap_or_default();
        let goes_on = is_numeral(next)
            || matches!(next, '.' | ',' | '多' | '分' | '%' | '点' | '钱' | '整' | '正')
            || money(after).is_some()
            || (end == from + 2 && !is_tenths(typed, after));
        (!goes_on && digit != '0').then_some((digit, end))
    }

    /// The w of 3w or the k of 5k: the digits and their end.
    fn thousands(&self, at: usize, value: NumeralValue) -> Option<(String, usize)> {
        let letter = *self.chars.get(at)?;
        let unit = match letter {
            'w' => 10_000,
            'k' => 1_000,
            _ => return None,
        };
        let after = self.after(at + 1);
        let digits = value.times(unit).digits();
        let is_meant = is_thousands(letter, &value.digits(), after) && !digits.contains('.');
        is_meant.then_some((digits, at + 1))
    }

    /// Writes words for 元 as 元, also after a 多.
    fn unit(&mut self, at: usize) -> usize {
        let from = at + usize::from(begins(self.after(at), "多"));
        let Some(length) = money(self.after(from)) else { return at };
        self.copy(at..from);
        self.write(from..from + length, "元")
    }

    /// Two numbers, or a number and a word, without a separator: 五万三天, 五万一直.
    fn apart(&mut self, chars: Range<usize>) -> Option<usize> {
        let first = (chars.start + 1..chars.end).rev().find(|&middle| {
            let (prefix, rest) = (chars.start..middle, middle..chars.end);
            let is_in_digits = self.is_in_digits(prefix.clone());
            let is_joint =
                is_in_digits && matches!(self.chars[middle], '十' | ',' | '.' | '0'..='9');
            let is_cut = self.chars[middle - 1].is_ascii() && self.chars[middle].is_ascii();
            let ends = is_in_digits || scale(self.chars[middle - 1]).is_some();
            ends && !is_joint
                && !is_cut
                && self.value(rest.clone()).is_some_and(NumeralValue::is_small)
                && stands_apart(&self.chars[rest], self.after(chars.end))
                && self.value(prefix).is_some_and(|value| !value.is_colloquial)
        })?;
        let number = chars.start..first;
        let value = self.value(number.clone())?;
        let is_meant = self.is_in_digits(number.clone())
            || !is_in_word(&self.chars[..number.start], &self.chars[number.clone()], false);
        is_meant.then(|| self.write(number.clone(), &self.digits(number, value, false)))
    }

    /// Whether a numeral that is at least partly spelled out is a number.
    fn is_meant(&self, chars: Range<usize>, value: NumeralValue) -> bool {
        let (before, after) = (&self.chars[..chars.start], self.after(chars.end));
        let numeral = &self.chars[chars.clone()];
        if goes_on_as_word(numeral, after) || is_in_word(before, numeral, value.is_one()) {
            return false;
        }
        let is_large = !value.is_below_twenty() || numeral.iter().any(|c| scale(*c).is_some());
        let is_thousands = self.thousands(chars.end, value).is_some();
        if is_large || is_thousands || matches!(before, [.., '分', '之']) {
            return true;
        }
        if self.is_in_order(chars.start) {
            return is_ordered(after);
        }
        if matches!(before, [.., number, '点'] if is_numeral(*number)) && begins(after, "分") {
            return true;
        }
        if value.is_one() {
            return is_counted_one(after) || self.is_range(chars.end, is_length);
        }
        let over = if begins(after, "多") { self.after(chars.end + 1) } else { after };
        is_counted(over)
            || (over.len() < after.len() && matches!(over.first(), Some('万' | '亿')))
            || self.is_range(chars.end, is_counted)
    }

    /// Whether a second number with a shared unit follows: 三到五天.
    fn is_range(&self, from: usize, is_counted: fn(&[char]) -> bool) -> bool {
        matches!(self.chars.get(from), Some('到' | '至' | '或')) && {
            let end = self.numeral_end(from + 1);
            end > from + 1 && is_counted(self.after(end))
        }
    }
}
