//! The syllables of pinyin, and the letters by which each may be typed.

use std::{
    collections::{BTreeMap, HashMap},
    ops::RangeInclusive,
    sync::LazyLock,
};

use foldhash::fast::FixedState;

use super::readings::readings;

/// The most letters that are compared with a syllable: “zhuang” with one letter too many.
pub(super) const LETTERS_MAX: usize = 7;

/// What a syllable costs that is not typed as it is spelled, as a negative log-likelihood.
const ACCENT: f32 = 3.0;
pub(super) const SLIP: f32 = 6.0;

/// Interjections and rare characters whose syllables would read much English.
const LEFT_OUT: [&str; 12] =
    ["chua", "den", "dia", "ei", "eng", "fiao", "lo", "nou", "nun", "o", "rua", "yo"];

/// The Han characters whose readings give all syllables.
const HAN: RangeInclusive<char> = '\u{4e00}'..='\u{9fa5}';

/// A syllable that some letters may stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct HeardSyllable {
    pub(super) syllable: u16,
    pub(super) cost: f32,
}

/// All syllables, numbered in the order of their letters.
#[derive(Debug)]
pub(super) struct Syllables {
    numbers: HashMap<&'static str, u16, FixedState>,
    /// By the letters: the syllables that are spelled so, or that speakers do not tell from these.
    spelled: HashMap<String, Vec<HeardSyllable>, FixedState>,
    /// By letters with one slip of the fingers.
    slipped: HashMap<String, Vec<HeardSyllable>, FixedState>,
}

impl Syllables {
    /// The table of the language, built once per process.
    pub(super) fn all() -> &'static Self {
        static ALL: LazyLock<Syllables> = LazyLock::new(Syllables::new);
        &ALL
    }

    fn new() -> Self {
        let mut numbers: BTreeMap<&'static str, u16> = BTreeMap::new();
        for reading in HAN.flat_map(readings).filter(|reading| !reading.is_rare) {
            if reading.letters.contains(['a', 'e', 'i', 'o', 'u', 'v'])
                && !LEFT_OUT.contains(&reading.letters)
            {
                numbers.insert(reading.letters, 0);
            }
        }
        let mut spelled: HashMap<String, Vec<HeardSyllable>, FixedState> = HashMap::default();
        let mut slipped: HashMap<String, Vec<HeardSyllable>, FixedState> = HashMap::default();
        for ((letters, number), syllable) in numbers.iter_mut().zip(0..) {
            *number = syllable;
            spelled
                .entry((*letters).to_owned())
                .or_default()
                .push(HeardSyllable { syllable, cost: 0.0 });
            for accent in accents(letters) {
                spelled.entry(accent).or_default().push(HeardSyllable { syllable, cost: ACCENT });
            }
            for slip in slips(letters) {
                slipped.entry(slip).or_default().push(HeardSyllable { syllable, cost: SLIP });
            }
        }
        Self { numbers: numbers.into_iter().collect(), spelled, slipped }
    }

    /// The number of a syllable by its letters.
    pub(super) fn number(&self, letters: &str) -> Option<u16> {
        self.numbers.get(letters).copied()
    }

    /// The syllables that letters may stand for, with slips of the fingers or without.
    pub(super) fn heard(
        &self,
        letters: &str,
        with_slips: bool,
    ) -> impl Iterator<Item = HeardSyllable> {
        let slipped = self.slipped.get(letters).filter(|_| with_slips);
        let known = self.spelled.get(letters).into_iter().chain(slipped);
        known.flatten().copied()
    }

    /// Whether letters are a row of syllables, spelled as they should be.
    pub(super) fn make_up(&self, letters: &str) -> bool {
        let mut ends = vec![false; letters.len() + 1];
        ends[0] = true;
        for from in 0..letters.len() {
            for to in from + 1..=letters.len().min(from + LETTERS_MAX) {
                let is_one = |part| self.numbers.contains_key(part);
                ends[to] |= ends[from] && letters.get(from..to).is_some_and(is_one);
            }
        }
        ends[letters.len()]
    }
}

/// Other spellings by speakers who do not tell zh, ch and sh from z, c and s, or ng from n.
fn accents(letters: &str) -> Vec<String> {
    let begins = |flat: char| letters.strip_prefix(flat);
    let flat = ['z', 'c', 's'].into_iter().find_map(|flat| Some((flat, begins(flat)?)));
    let mut starts = vec![letters.to_owned()];
    if let Some((flat, rest)) = flat {
        starts.push(match rest.strip_prefix('h') {
            Some(rest) => format!("{flat}{rest}"),
            None => format!("{flat}h{rest}"),
        });
    }
    let other_end = |start: &String| match start.strip_suffix("ng") {
        Some(rest) => rest.ends_with(['a', 'e', 'i']).then(|| format!("{rest}n")),
        None => {
            ["an", "en", "in"].iter().any(|end| start.ends_with(end)).then(|| format!("{start}g"))
        }
    };
    let ends: Vec<String> = starts.iter().filter_map(other_end).collect();
    starts.into_iter().skip(1).chain(ends).collect()
}

/// Spellings with one slip: two letters swapped, one left out, or one typed twice.
fn slips(letters: &str) -> Vec<String> {
    let typed: Vec<char> = letters.chars().collect();
    let mut slips: Vec<String> = Vec::new();
    let mut add = |slip: String| {
        if slip != letters && slip.len() > 1 && !slips.contains(&slip) {
            slips.push(slip);
        }
    };
    for place in 0..typed.len() {
        let mut shorter = typed.clone();
        shorter.remove(place);
        if typed.len() > 2 {
            add(shorter.into_iter().collect());
        }
        let mut longer = typed.clone();
        longer.insert(place, typed[place]);
        add(longer.into_iter().collect());
        if place > 0 {
            let mut swapped = typed.clone();
            swapped.swap(place - 1, place);
            add(swapped.into_iter().collect());
        }
    }
    slips
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_rows_of_syllables_or_not() {
        let cases = [
            // (letters, whether they are)
            ("tixianduojiu", true),
            ("lvse", true),
            ("change", true), // chan and ge
            ("xian", true),
            ("", true),
            ("hello", false),
            ("refund", false),
            ("app", false),
            ("zemn", false),
        ];
        for (letters, expected) in cases {
            assert_eq!(Syllables::all().make_up(letters), expected, "{letters}");
        }
    }

    #[test]
    fn accents_and_slips_are_heard() {
        let syllables = Syllables::all();
        let costs = |typed: &str, meant: &str, with_slips| {
            let number = syllables.number(meant).unwrap();
            let mut heard = syllables.heard(typed, with_slips);
            heard.find(|one| one.syllable == number).map(|one| one.cost)
        };
        let cases = [
            // (what it shows, typed, meant, with slips, expected)
            ("itself", "zhang", "zhang", false, Some(0.0)),
            ("without h", "zang", "zhang", false, Some(ACCENT)),
            ("without g", "zhan", "zhang", false, Some(ACCENT)),
            ("without both", "zan", "zhang", false, Some(ACCENT)),
            ("with h", "chong", "cong", false, Some(ACCENT)),
            ("another vowel", "zhong", "zhang", false, None),
            ("swapped", "zehn", "zhen", true, Some(SLIP)),
            ("left out", "zhng", "zhang", true, Some(SLIP)),
            ("twice", "zhaang", "zhang", true, Some(SLIP)),
            ("slips are not heard", "zhaang", "zhang", false, None),
        ];
        for (shows, typed, meant, with_slips, expected) in cases {
            assert_eq!(costs(typed, meant, with_slips), expected, "{shows}");
        }
    }
}
