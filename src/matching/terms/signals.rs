//! Signals: differences of meaning that a comparison of terms misses. They are negation, opposite
//! acts, the kind of answer that is asked for, numbers, and rivals.
//!
//! The words come from the trade ([`Industry`]). Only grammar is here: 不, 没, 未 and 无 negate,
//! unless the word around them is repeated, as in 能不能; and the form of numbers.

use std::collections::BTreeMap;

use super::replacements::Replacements;
use crate::knowledge::{
    BRANDS_MAX, Industry, KINDS_MAX, OPPOSITES_MAX, RIVAL_GROUPS_MAX, RIVALS_MAX,
};
use crate::text::WordFinder;

/// How many 64-bit numbers hold a bit for each thing.
const THING_WORDS: usize = 4;

// The checks of `industry.yaml` allow as many things, groups, pairs and kinds as there are bits, or
// fewer. Further items would set no bit. The brands are one more group.
const _: () = {
    assert!(RIVALS_MAX + BRANDS_MAX <= THING_WORDS * u64::BITS as usize, "things");
    assert!(RIVAL_GROUPS_MAX < u64::BITS as usize, "groups");
    assert!(OPPOSITES_MAX <= u32::BITS as usize, "pairs");
    assert!(KINDS_MAX <= u16::BITS as usize, "kinds");
};

/// Reads signals with the words of a trade.
#[derive(Debug)]
pub(crate) struct SignalReader {
    marks: WordFinder<Marks>,
    /// The bit of a kind of question, and the bits of the kinds that it overrides.
    over: Vec<(u16, u16)>,
    things: WordFinder<Things>,
    rivals: Rivals,
    not_denials: Replacements,
}

/// The signals of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signals {
    things: Things,
    /// A bit for each number, by a hash; two numbers rarely share a bit.
    numbers: u64,
    marks: Marks,
    is_negated: bool,
}

/// The marks of a word, or of all words of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Marks {
    /// A bit for each pair of opposites whose first side is named.
    one: u32,
    /// A bit for each pair of opposites whose second side is named.
    other: u32,
    /// A bit for each kind of question.
    kinds: u16,
}

impl Marks {
    fn with(self, more: Self) -> Self {
        Self {
            one: self.one | more.one,
            other: self.other | more.other,
            kinds: self.kinds | more.kinds,
        }
    }
}

/// Things of several groups of rivals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Things {
    /// A bit for each thing.
    bits: [u64; THING_WORDS],
    /// A bit for each group with a named thing.
    groups: u64,
}

impl Things {
    fn of(thing: usize, group: u32) -> Self {
        let mut things = Self::default();
        let (word, bit) = (thing / 64, 1 << (thing % 64));
        if let (Some(bits), Some(group)) = (things.bits.get_mut(word), 1_u64.checked_shl(group)) {
            (*bits, things.groups) = (bit, group);
        }
        things
    }

    fn with(self, more: Self) -> Self {
        let mut bits = self.bits;
        bits.iter_mut().zip(more.bits).for_each(|(bits, more)| *bits |= more);
        Self { bits, groups: self.groups | more.groups }
    }

    fn shares(self, other: Self, within: &[u64; THING_WORDS]) -> bool {
        let both = self.bits.iter().zip(other.bits).zip(within);
        both.into_iter().any(|((ours, theirs), within)| ours & theirs & within != 0)
    }
}

/// The things that exclude each other: by group, the bits of its things.
#[derive(Debug)]
pub(crate) struct Rivals(Vec<[u64; THING_WORDS]>);

impl Rivals {
    /// Whether both name things of some group and have none of that group in common.
    pub(crate) fn differ(&self, one: Signals, other: Signals) -> bool {
        let mut groups = one.things.groups & other.things.groups;
        while groups != 0 {
            if !one.things.shares(other.things, &self.0[groups.trailing_zeros() as usize]) {
                return true;
            }
            groups &= groups - 1;
        }
        false
    }
}

impl Signals {
    /// Whether exactly one has a negation.
    pub(crate) fn negation_differs(self, other: Self) -> bool {
        self.is_negated != other.is_negated
    }

    /// Whether they name opposite acts. A text that names both sides of a pair does not count for
    /// that pair.
    pub(crate) fn is_opposite(self, other: Self) -> bool {
        let sides = |marks: Marks| (marks.one & !marks.other, marks.other & !marks.one);
        let ((one, opposite), (other_one, other_opposite)) =
            (sides(self.marks), sides(other.marks));
        one & other_opposite | opposite & other_one != 0
    }

    /// Whether both ask for a kind of answer and have none in common.
    pub(crate) fn kind_differs(self, other: Self) -> bool {
        let (own, other) = (self.marks.kinds, other.marks.kinds);
        own != 0 && other != 0 && own & other == 0
    }

    /// Whether it asks for the kind of answer at this place in the list of kinds.
    pub(crate) fn asks(self, kind: u32) -> bool {
        self.marks.kinds & 1_u16.checked_shl(kind).unwrap_or(0) != 0
    }

    /// Whether both name numbers and have none in common.
    pub(crate) fn number_differs(self, other: Self) -> bool {
        self.numbers != 0 && other.numbers != 0 && self.numbers & other.numbers == 0
    }
}

impl SignalReader {
    pub(crate) fn of(industry: &Industry) -> Self {
        let (things, rivals) = things(industry);
        let not_denials = industry.not_denials.iter().map(|word| (word.clone(), String::new()));
        let kinds = &industry.question_kinds;
        let bit = |kind: usize| 1_u16.checked_shl(kind as u32).unwrap_or(0);
        let mask = |over: &[usize]| over.iter().fold(0, |mask, &kind| mask | bit(kind));
        let over = kinds.iter().enumerate().filter(|(_, kind)| !kind.over.is_empty());
        Self {
            marks: marks(industry),
            over: over.map(|(place, kind)| (bit(place), mask(&kind.over))).collect(),
            things,
            rivals,
            not_denials: Replacements::new(not_denials),
        }
    }

    /// The things that exclude each other.
    pub(crate) fn rivals(&self) -> &Rivals {
        &self.rivals
    }

    /// Reads a normalised text.
    pub(crate) fn read(&self, normalized: &str) -> Signals {
        let found = self.marks.find(normalized);
        let mut marks = found.fold(Marks::default(), |marks, found| marks.with(found.word));
        let of_others = self.over.iter().filter(|(kind, _)| marks.kinds & kind != 0);
        marks.kinds &= !of_others.fold(0, |mask, (_, others)| mask | others);
        let found = self.things.find(normalized);
        Signals {
            things: found.fold(Things::default(), |things, found| things.with(found.word)),
            numbers: numbers(normalized),
            marks,
            is_negated: self.is_negated(normalized),
        }
    }

    fn is_negated(&self, normalized: &str) -> bool {
        if !normalized.contains(['不', '没', '未', '无']) {
            return false;
        }
        let text = self.not_denials.replace(normalized);
        let mut chars = text.chars();
        let mut before = None;
        while let Some(c) = chars.next() {
            let repeats = before.is_some() && chars.clone().next() == before; // 能不能, 有没有
            if matches!(c, '不' | '没' | '未' | '无') && !repeats {
                return true;
            }
            before = Some(c);
        }
        false
    }
}

/// The finder of all marks of a text.
fn marks<'i>(industry: &'i Industry) -> WordFinder<Marks> {
    let mut words: BTreeMap<&str, Marks> = BTreeMap::new();
    let mut add = |names: &'i [String], mark: Marks| {
        for name in names {
            let known = words.entry(name).or_default();
            *known = known.with(mark);
        }
    };
    for (pair, place) in industry.opposites.iter().zip(0..) {
        let bit = 1_u32.checked_shl(place).unwrap_or(0);
        add(&pair.one, Marks { one: bit, ..Marks::default() });
        add(&pair.other, Marks { other: bit, ..Marks::default() });
    }
    for (kind, place) in industry.question_kinds.iter().zip(0..) {
        let kinds = 1_u16.checked_shl(place).unwrap_or(0);
        add(&kind.words, Marks { kinds, ..Marks::default() });
    }
    WordFinder::every(words)
}

/// The finder of the things that a text names, at each position the longest name; and the things
/// that exclude each other.
fn things(industry: &Industry) -> (WordFinder<Things>, Rivals) {
    let mut words: BTreeMap<&str, Things> = BTreeMap::new();
    let mut groups = Vec::new();
    let mut thing = 0;
    for of_group in industry.rivals.iter().chain([&industry.brands]) {
        let mut bits = Things::default();
        for names in of_group {
            let one = Things::of(thing, groups.len() as u32);
            bits = bits.with(one);
            for name in names {
                let known = words.entry(name).or_default();
                *known = known.with(one);
            }
            thing += 1;
        }
        groups.push(bits.bits);
    }
    (WordFinder::longest(words), Rivals(groups))
}

/// The numbers of a text, such as 3, 1.5 and 20%, each as one of 64 bits.
fn numbers(normalized: &str) -> u64 {
    let (mut bits, mut hash) = (0, 0_u64);
    for c in normalized.chars().chain([' ']) {
        if c.is_ascii_digit() || (hash > 0 && matches!(c, '.' | '%')) {
            hash = (hash ^ u64::from(c)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        } else if hash > 0 {
            bits |= 1 << (hash >> 58);
            hash = 0;
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{Opposites, QuestionKind};

    fn reader() -> SignalReader {
        SignalReader::of(&Industry::shipped())
    }

    #[test]
    fn denying_is_told_from_asking_whether() {
        let reader = reader();
        let cases = [
            // (what it shows, normalised, expected)
            ("plain", "提现没到账", true),
            ("a not a", "能不能提前还款", false),
            ("有没有", "有没有手续费", false),
            ("a word that denies nothing", "不好意思怎么提现", false),
            ("and a denial beside it", "不好意思提现不到账", true),
            ("none", "怎么提现", false),
        ];
        for (shows, normalized, expected) in cases {
            assert_eq!(reader.is_negated(normalized), expected, "{shows}");
        }
    }

    #[test]
    fn opposites_and_kinds() {
        let reader = reader();
        let signals = |text| reader.read(text);
        assert!(signals("怎么开通免密").is_opposite(signals("怎么关闭免密")));
        assert!(signals("怎么关闭免密").is_opposite(signals("怎么开通免密")));
        assert!(!signals("怎么开通免密").is_opposite(signals("免密开通不了")));
        assert!(!signals("开通后怎么取消").is_opposite(signals("怎么取消")), "one names both");
        assert!(signals("提现多久到账").kind_differs(signals("为什么提现没到账")));
        assert!(!signals("提现多久到账").kind_differs(signals("提现到账")), "one says nothing");
        assert!(signals("怎么没到账").kind_differs(signals("如何到账")), "why against how");
    }

    #[test]
    fn numbers_and_rivals() {
        let reader = reader();
        let signals = |text| reader.read(text);
        let differ = |one, other| reader.rivals().differ(signals(one), signals(other));
        assert!(signals("借1000元").number_differs(signals("借2000元")));
        assert!(!signals("1000元3天").number_differs(signals("3天内")), "one is shared");
        assert!(!signals("借1000元").number_differs(signals("借多少")), "one names none");
        assert!(signals("年化3.5%").number_differs(signals("年化3%")));
        assert!(differ("花呗怎么关", "借呗怎么关"));
        assert!(differ("微信怎么绑卡", "支付宝怎么绑卡"), "brands");
        assert!(!differ("花呗和借呗", "借呗怎么关"), "one is shared");
        assert!(!differ("花呗", "零钱通"), "of two groups");
    }

    /// As many of everything as `industry.yaml` may have, each with a name of its own.
    #[test]
    fn the_last_of_as_many_as_there_may_be_is_told_from_the_others() {
        let name = |kind: &str, number: usize| vec![format!("{kind}{number:03}号")];
        let groups = (0..63).map(|group| vec![name("甲", 2 * group), name("甲", 2 * group + 1)]);
        let mut rivals: Vec<_> = groups.collect();
        rivals[62].extend((126..192).map(|thing| name("甲", thing)));
        let industry = Industry {
            rivals,
            brands: (0..64).map(|brand| name("乙", brand)).collect(),
            opposites: (0..32)
                .map(|pair| Opposites { one: name("丙", pair), other: name("丁", pair) })
                .collect(),
            question_kinds: (0..16)
                .map(|kind| QuestionKind {
                    id: format!("k{kind}"),
                    words: name("戊", kind),
                    over: if kind == 15 { vec![14] } else { Vec::new() },
                })
                .collect(),
            ..(*Industry::shipped()).clone()
        };
        let reader = SignalReader::of(&industry);
        let signals = |text| reader.read(text);
        let differ = |one, other| reader.rivals().differ(signals(one), signals(other));
        assert!(differ("甲190号", "甲191号"));
        assert!(differ("甲124号", "甲191号"));
        assert!(!differ("甲123号", "甲191号"), "of two groups");
        assert!(differ("乙062号", "乙063号"));
        assert!(!differ("乙063号", "甲191号"));
        assert!(signals("丙031号").is_opposite(signals("丁031号")));
        assert!(!signals("丙031号").is_opposite(signals("丁030号")));
        assert!(signals("戊013号").kind_differs(signals("戊015号")));
        assert!(signals("戊014号戊015号").kind_differs(signals("戊014号")), "one goes before");
    }
}
