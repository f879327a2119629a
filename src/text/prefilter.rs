//! A prefilter for many regular expressions: a pattern need not run over a text that lacks its
//! required words (its required literals).

use std::collections::HashMap;

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::words::WordFinder;

/// The longest list of alternatives that is kept: of a longer list, one is nearly always present.
const WORDS_MAX: usize = 200;

/// The required words of regular expressions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prefilter {
    /// By pattern: lists of which one word must be present.
    needs: Vec<Vec<Vec<usize>>>,
    /// The number of each word.
    words: WordFinder<usize>,
    /// The number of words.
    count: usize,
}

/// The words that a text contains.
#[derive(Debug)]
pub(crate) struct WordsSeen(Vec<bool>);

impl Prefilter {
    /// Takes patterns, which are then known by their index.
    pub(crate) fn new<'a>(patterns: impl IntoIterator<Item = &'a Regex>) -> Self {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut number = |word: String| {
            let next = numbers.len();
            *numbers.entry(word).or_insert(next)
        };
        let mut numbered = |words: Vec<String>| words.into_iter().map(&mut number).collect();
        let patterns = patterns.into_iter();
        let needs =
            patterns.map(|pattern| needs_of(pattern).into_iter().map(&mut numbered).collect());
        let needs = needs.collect();
        Self { needs, count: numbers.len(), words: WordFinder::every(numbers) }
    }

    /// Finds the words that a text contains.
    pub(crate) fn see(&self, text: &str) -> WordsSeen {
        let mut is_there = vec![false; self.count];
        for found in self.words.find(text) {
            is_there[found.word] = true;
        }
        WordsSeen(is_there)
    }

    /// Whether the pattern with this index may match the text of `seen`. An unknown pattern may.
    pub(crate) fn may_match(&self, pattern: usize, seen: &WordsSeen) -> bool {
        let has = |word: &usize| seen.0.get(*word).copied().unwrap_or(false);
        let needs = self.needs.get(pattern);
        needs.is_none_or(|needs| needs.iter().all(|words| words.iter().any(has)))
    }
}

/// Lists of words: each match of the pattern contains a word of each list. No list is empty.
fn needs_of(pattern: &Regex) -> Vec<Vec<String>> {
    // A compiled pattern can be parsed. If not, it simply runs over every text.
    regex_syntax::parse(pattern.as_str())
        .map_or_else(|_| Vec::new(), |hir| PatternNeed::of(&hir).needs())
}

/// What each match of a part of a pattern contains.
enum PatternNeed {
    /// One of these texts, some of which may be empty.
    OneOf(Vec<String>),
    /// A word of each of these lists.
    Holds(Vec<Vec<String>>),
}

impl PatternNeed {
    fn of(hir: &Hir) -> Self {
        match hir.kind() {
            // An assertion takes no characters of the match.
            HirKind::Empty | HirKind::Look(_) => Self::OneOf(vec![String::new()]),
            HirKind::Literal(literal) => match str::from_utf8(&literal.0) {
                Ok(text) => Self::OneOf(vec![text.to_owned()]),
                Err(_) => Self::Holds(Vec::new()),
            },
            HirKind::Class(class) => Self::of_class(class),
            HirKind::Capture(capture) => Self::of(&capture.sub),
            HirKind::Repetition(repeated) => match (repeated.min, repeated.max) {
                (0, Some(1)) => {
                    Self::either([Self::OneOf(vec![String::new()]), Self::of(&repeated.sub)])
                }
                (0, _) => Self::Holds(Vec::new()),
                (_, _) => Self::Holds(Self::of(&repeated.sub).needs()),
            },
            HirKind::Concat(parts) => Self::in_turn(parts.iter().map(Self::of)),
            HirKind::Alternation(parts) => Self::either(parts.iter().map(Self::of)),
        }
    }

    fn of_class(class: &Class) -> Self {
        let Class::Unicode(class) = class else { return Self::Holds(Vec::new()) };
        let chars = class.iter().flat_map(|range| range.start()..=range.end());
        let chars: Vec<String> = chars.take(WORDS_MAX + 1).map(String::from).collect();
        if chars.len() > WORDS_MAX { Self::Holds(Vec::new()) } else { Self::OneOf(chars) }
    }

    fn in_turn(parts: impl Iterator<Item = Self>) -> Self {
        let mut needs = Vec::new();
        let mut texts = vec![String::new()];
        let mut is_exact = true;
        for part in parts {
            match part {
                Self::OneOf(next) if texts.len() * next.len() <= WORDS_MAX => {
                    let with = |text: &String| {
                        next.iter().map(|next| format!("{text}{next}")).collect::<Vec<_>>()
                    };
                    texts = texts.iter().flat_map(with).collect();
                }
                Self::OneOf(next) => {
                    is_exact = false;
                    needs.extend(Self::OneOf(std::mem::replace(&mut texts, next)).needs());
                }
                Self::Holds(more) => {
                    is_exact = false;
                    let before = std::mem::replace(&mut texts, vec![String::new()]);
                    needs.extend(Self::OneOf(before).needs());
                    needs.extend(more);
                }
            }
        }
        if is_exact {
            return Self::OneOf(texts);
        }
        needs.extend(Self::OneOf(texts).needs());
        Self::Holds(needs)
    }

    fn either(parts: impl IntoIterator<Item = Self>) -> Self {
        let parts: Vec<Self> = parts.into_iter().collect();
        let texts = |part: &Self| match part {
            Self::OneOf(texts) => Some(texts.clone()),
            Self::Holds(_) => None,
        };
        let exact: Option<Vec<Vec<String>>> = parts.iter().map(texts).collect();
        if let Some(texts) = exact.map(|texts| texts.concat()).filter(|all| all.len() <= WORDS_MAX)
        {
            return Self::OneOf(texts);
        }
        // Of each alternative, the most selective list.
        let best = |part: Self| part.needs().into_iter().max_by_key(|words| worth(words));
        let best: Option<Vec<Vec<String>>> = parts.into_iter().map(best).collect();
        let words = best.map(|lists| lists.concat()).filter(|words| words.len() <= WORDS_MAX);
        Self::Holds(words.into_iter().collect())
    }

    fn needs(self) -> Vec<Vec<String>> {
        match self {
            Self::OneOf(texts) if texts.iter().any(String::is_empty) => Vec::new(),
            Self::OneOf(texts) => vec![texts],
            Self::Holds(needs) => needs,
        }
    }
}

/// The selectivity of a list: long words are rare, and so are short lists.
fn worth(words: &[String]) -> (usize, std::cmp::Reverse<usize>) {
    let shortest = words.iter().map(|word| word.chars().count()).min().unwrap_or_default();
    (shortest, std::cmp::Reverse(words.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::{Prefilter, needs_of};

    /// Patterns of every kind that rules and intents use.
    const PATTERNS: [&str; 12] = [
        "^(我|你)?(要|想)?转人工$",
        "(?i)ok|vip",
        "[甲乙丙]方",
        "把.{0,2}码.{0,2}给我",
        "没(有)?风险",
        "(很|太)+好",
        "(很|太)*好",
        "[0-9]{2,3}元",
        "转账|(还|付)款|^好",
        "\\b我\\b",
        "(?m)^给我$",
        "(要|).人",
    ];

    proptest! {
        #[test]
        fn what_matches_may_match(text in "[我你要想转人工okOKVvip甲丙方把码给没有风险很太好0-9元账还款\n ]{0,12}") {
            let patterns = PATTERNS.map(|pattern| Regex::new(pattern).unwrap());
            let prefilter = Prefilter::new(&patterns);
            let seen = prefilter.see(&text);
            for (place, pattern) in patterns.iter().enumerate() {
                let may = prefilter.may_match(place, &seen);
                prop_assert!(may || !pattern.is_match(&text), "{pattern} matches");
            }
        }
    }

    #[test]
    fn most_patterns_need_not_run_over_most_texts() {
        let patterns = PATTERNS.map(|pattern| Regex::new(pattern).unwrap());
        let prefilter = Prefilter::new(&patterns);
        let may = |text: &str| {
            let seen = prefilter.see(text);
            (0..patterns.len()).filter(|&place| prefilter.may_match(place, &seen)).count()
        };
        assert!(may("余额在哪里看") <= 2);
        assert!(may("转人工") < may("我要转人工把甲方验证码给我"));
    }

    #[test]
    fn what_a_pattern_cannot_do_without() {
        let cases = [
            // (what it shows, pattern, lists)
            ("a word", "验证码", "验证码"),
            ("one of several words", "(本金|本钱)", "本金 本钱"),
            ("one after the other", "(我|你)(给|要)钱", "我给钱 我要钱 你给钱 你要钱"),
            ("something between", "把.{0,6}验证码.{0,4}给我", "把, 验证码, 给我"),
            ("what may be missing", "没(有)?(过)?风险", "没有过风险 没有风险 没过风险 没风险"),
            ("what comes at least once", "(很|太)+好", "很 太, 好"),
            ("what may not come at all", "(很|太)*好", "好"),
            ("a way without a word", "(好的?|.)", ""),
            ("of each way the better word", "(一.{2}银行卡|转账.x?)", "银行卡 转账"),
            ("ends of the text", "^(转)?人工$", "转人工 人工"),
            ("many characters", "\\d元", "元"),
            ("a few characters", "[甲乙]方", "甲方 乙方"),
            ("other cases of a letter", "(?i)ab", "AB Ab aB ab"),
            ("nothing for sure", "\\w+", ""),
        ];
        for (shows, pattern, expected) in cases {
            let sorted = |mut words: Vec<String>| {
                words.sort();
                words.join(" ")
            };
            let lists = needs_of(&Regex::new(pattern).unwrap());
            let found: Vec<String> = lists.into_iter().map(sorted).collect();
            let expected = expected.split(", ").map(|list| list.split(' ').map(str::to_owned));
            let expected: Vec<String> = expected.map(|list| sorted(list.collect())).collect();
            assert_eq!(found.join(", "), expected.join(", "), "{shows}");
        }
    }
}
