//! Decides by its surroundings whether a numeral is a number.
//!
//! A numeral below twenty is a number if a countable word follows. The lists hold the units of this
//! business. Before any other word the numeral stays as it is.

use super::numerals::is_numeral;

/// Units of time and dates.
const PERIODS: [&str; 22] = [
    "天",
    "年",
    "日",
    "号",
    "月",
    "期",
    "岁",
    "晚",
    "秒",
    "周",
    "星期",
    "礼拜",
    "小时",
    "分钟",
    "季度",
    "工作日",
    "个月",
    "个小时",
    "个星期",
    "个礼拜",
    "个季度",
    "个工作日",
];

/// Other units of numbers from two on.
const COUNTED: [&str; 24] = [
    "个", "点", "元", "圆", "块", "分钱", "毛钱", "倍", "折", "%", "厘", "次", "张", "笔", "条",
    "家", "位", "名", "份", "种", "类", "台", "件", "套",
];

/// Units of numbers from two on, but not after 第: 第三人.
const COUNTED_NOT_IN_ORDER: [&str; 8] = ["人", "遍", "单", "只", "左右", "以上", "以下", "以内"];

/// Units only after 第.
const IN_ORDER: [&str; 13] =
    ["步", "批", "轮", "届", "代", "章", "节", "页", "项", "款", "行", "层", "关"];

/// Units of one where the number matters. 一个 and 一次 have no such meaning, 一点 and 一月三次 another one.
const COUNTED_ONE: [&str; 30] = [
    "天",
    "年",
    "日",
    "号",
    "期",
    "岁",
    "秒",
    "周",
    "星期",
    "礼拜",
    "小时",
    "分钟",
    "季度",
    "工作日",
    "月份",
    "个月",
    "个小时",
    "个星期",
    "个礼拜",
    "个季度",
    "个工作日",
    "元",
    "圆",
    "块钱",
    "毛钱",
    "倍",
    "%",
    "类户",
    "类账",
    "类卡",
];

/// Points in time that may follow “as soon as”: 一到十点就断线.
const POINTS_IN_TIME: [&str; 4] = ["点", "号", "日", "月"];

/// Idioms that start with a numeral but count nothing, although a unit may follow.
const IDIOMS: [&str; 13] = [
    "二百五",
    "十万火急",
    "十万八千里",
    "三天两头",
    "三位一体",
    "二次",
    "三件套",
    "四件套",
    "五件套",
    "一天到晚",
    "一天天",
    "一年到头",
    "一日三餐",
];

/// Characters after 一 in words where it is not a number: 五十一直没到.
const AFTER_ONE: &str = "直下起共般定样些旦律并切再会手边面旁致同";

/// Units of one, or 一点, before which 一 does not count tenths: 五万一天.
const ONE_OF: &str = "个次天日年月周点张笔半";

/// Words of a numeral and one more character, likewise: 三万五险一金.
const WORDS: [&str; 13] = [
    "五险", "二维", "三方", "四大", "二手", "三农", "三者", "五星", "三板", "六合", "八卦", "四季",
    "三类",
];

/// Words that start with the unit at the end of a numeral.
const WORDS_OF_UNITS: [&str; 15] = [
    "百度",
    "百分之",
    "百分百",
    "百分点",
    "百分比",
    "百行征信",
    "千万别",
    "千万不",
    "千万要",
    "千万小心",
    "千万注意",
    "千万记",
    "万能险",
    "万能账户",
    "万里通",
];

/// Characters before 一 that make it an ordinal, a date or a name, or mean “a”.
const BEFORE_ONE: &str = "统唯同之逐专单划归合任某每这那哪另上下头";

/// Names that contain a numeral.
const NAMES: [&str; 4] = ["张三", "李四", "王五", "赵六"];

/// The words for 元, longest first, with the characters that must not follow them.
const MONEY: [(&str, &str); 6] = [
    ("块钱", ""),
    ("元钱", ""),
    ("块", "表屏砖地硬板内肉"),
    ("元", "宝旦素宵月件老"),
    ("圆", "形通满圈桌角"),
    ("蚊", "子虫香"),
];

/// Characters after 整 in words; otherwise 整 means “exactly” after an amount.
const AFTER_EVEN: &str = "存数个体天整理";

/// Characters after 4k or 100w that make it something else than money.
const AFTER_K: &str = "线屏电视画高超分显歌金白黄玫纯";
const AFTER_W: &str = "快充电功瓦";

/// Whether the characters start with the word.
pub(crate) fn begins(chars: &[char], word: &str) -> bool {
    let mut chars = chars.iter();
    word.chars().all(|c| chars.next() == Some(&c))
}

fn begins_any(chars: &[char], words: &[&str]) -> bool {
    words.iter().any(|word| begins(chars, word))
}

fn begins_with_one_of(chars: &[char], set: &str) -> bool {
    chars.first().is_some_and(|c| set.contains(*c))
}

/// Whether a unit of time or a date follows.
pub(crate) fn is_period(after: &[char]) -> bool {
    begins_any(after, &PERIODS)
}

/// Whether a unit of numbers from two on follows.
pub(crate) fn is_counted(after: &[char]) -> bool {
    is_period(after) || begins_any(after, &COUNTED) || begins_any(after, &COUNTED_NOT_IN_ORDER)
}

/// Whether a unit of one follows, where the number matters.
pub(crate) fn is_counted_one(after: &[char]) -> bool {
    begins_any(after, &COUNTED_ONE)
}

/// Whether a unit after 第 follows.
pub(crate) fn is_ordered(after: &[char]) -> bool {
    is_period(after) || begins_any(after, &COUNTED) || begins_any(after, &IN_ORDER)
}

/// Whether a duration follows, so that 一到三 does not mean “as soon as”.
pub(crate) fn is_length(after: &[char]) -> bool {
    is_period(after) && !begins_any(after, &POINTS_IN_TIME)
}

/// Whether 1 before this unit means the same as 一, which has no meaning of its own.
pub(crate) fn is_counted_in_words(after: &[char]) -> bool {
    begins_with_one_of(after, "个次张笔") && !is_counted_one(after)
}

/// The length of the idiom at the start.
pub(crate) fn idiom(chars: &[char]) -> Option<usize> {
    let idiom = IDIOMS.iter().find(|idiom| begins(chars, idiom))?;
    let length = idiom.chars().count();
    let after = &chars[length..];
    // 二百五十, 二百五十块 and 二百五块 are numbers.
    let goes_on = *idiom == "二百五"
        && (after.first().is_some_and(|c| is_numeral(*c)) || money(after).is_some());
    (!goes_on).then_some(length)
}

/// Whether a numeral continues a word before it, or is approximate: 星期三, 几十.
pub(crate) fn is_in_word(before: &[char], numeral: &[char], is_one: bool) -> bool {
    let Some((last, earlier)) = before.split_last() else { return false };
    let first = numeral.first().copied().unwrap_or_default();
    match last {
        '双' | '初' | '周' | '拜' => true,
        '期' => earlier.last() == Some(&'星'),
        '几' | '数' => first == '十',
        // 千分之五 keeps its own unit. In 三分之二 no number stands alone.
        '之' if earlier.last() == Some(&'分') => {
            !matches!(earlier, [.., before, '千' | '万', '分'] if !is_numeral(*before))
                && !matches!(earlier, ['千' | '万', '分'])
        }
        _ => {
            (is_one && BEFORE_ONE.contains(*last))
                || (numeral.len() == 1 && NAMES.iter().any(|name| begins(&[*last, first], name)))
        }
    }
}

/// Whether the numeral is the start of a word: 两百分之一, 三千万别.
pub(crate) fn goes_on_as_word(numeral: &[char], after: &[char]) -> bool {
    let units = numeral.iter().rev().take_while(|c| "百千万".contains(**c)).count().min(2);
    let is_word = (1..=units).any(|units| {
        let joined: Vec<char> =
            numeral[numeral.len() - units..].iter().chain(after.iter().take(3)).copied().collect();
        begins_any(&joined, &WORDS_OF_UNITS)
    });
    is_word || begins(after, "分之") || begins(after, "几")
}

/// Whether the last digit of a numeral counts tenths of the unit before it: in 三万五元 it does,
/// in 三万五天 and 三万五险一金 it does not.
pub(crate) fn is_tenths(digit: char, after: &[char]) -> bool {
    if matches!(digit, '一' | '1') {
        let may_follow = ["的", "左右", "以", "多", "、"];
        return after.is_empty() || money(after).is_some() || begins_any(after, &may_follow);
    }
    let is_amount = money(after).is_some() || begins_any(after, &["左右", "以", "%", "倍"]);
    let is_letter = after.first().is_some_and(char::is_ascii_lowercase);
    is_amount || !(is_counted(after) || is_letter || is_word_of(digit, after))
}

/// Whether the last digit of a numeral starts a number or word of its own: 五万三天, 五万一直.
pub(crate) fn stands_apart(rest: &[char], after: &[char]) -> bool {
    match rest {
        ['一'] => begins_with_one_of(after, ONE_OF) || is_word_of_one(after),
        [digit] if is_word_of(*digit, after) => true,
        _ => is_period(after),
    }
}

/// Whether 一 forms a word with the characters after it.
pub(crate) fn is_word_of_one(after: &[char]) -> bool {
    begins_with_one_of(after, AFTER_ONE)
}

fn is_word_of(digit: char, after: &[char]) -> bool {
    after.first().is_some_and(|next| begins_any(&[digit, *next], &WORDS))
}

/// The length of the words for 元 at the start, with a 整 after them.
pub(crate) fn money(after: &[char]) -> Option<usize> {
    let fits = |word: &str, never: &str| {
        let length = word.chars().count();
        (begins(after, word) && !begins_with_one_of(&after[length..], never)).then_some(length)
    };
    let length = MONEY.iter().find_map(|(word, never)| fits(word, never))?;
    let is_even = match &after[length..] {
        ['整', next @ ..] => !begins_with_one_of(next, AFTER_EVEN),
        ['正'] => true,
        _ => false,
    };
    Some(length + usize::from(is_even))
}

/// Whether a `w` or `k` after digits multiplies: in 3w元 and 5k, but not in 4k屏 or 3wh.
pub(crate) fn is_thousands(letter: char, digits: &str, after: &[char]) -> bool {
    let is_end =
        after.first().is_none_or(|c| !c.is_ascii_alphanumeric() && *c != '.' && !is_numeral(*c));
    let is_gold = matches!(digits, "18" | "22" | "24");
    is_end
        && match letter {
            'k' => !is_gold && !begins_with_one_of(after, AFTER_K),
            'w' => !begins_with_one_of(after, AFTER_W),
            _ => false,
        }
}
