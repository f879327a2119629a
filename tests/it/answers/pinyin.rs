//! Sentences typed in pinyin find what the same sentences find in Han, and English stays English.
//!
//! `tests/data/pinyin.tsv` holds sentences that were written for this: how each was typed, the text
//! as typed, and the sentence. `tests/data/english.txt` holds what must not be read as pinyin.

use std::sync::LazyLock;

use jiff::civil::date;
use kefu::{
    files::Root,
    knowledge::{IntentId, load},
    matching::{Outcome, Snapshot},
};

const SENTENCES: &str = include_str!("../../data/pinyin.tsv");
const ENGLISH: &str = include_str!("../../data/english.txt");

/// Of a hundred sentences this many find the same in pinyin, and this many of those with a slip of the
/// fingers; a little under what was measured.
const SAME_MIN: usize = 96;
const SAME_WITH_SLIPS_MIN: usize = 50;

/// One for all tests, because building it takes longer than asking it.
static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| {
    let base = load(&Root::embedded().read().unwrap(), date(2026, 11, 22)).base.unwrap();
    Snapshot::build(base).unwrap()
});

/// The intent that is acted on, or the first entry.
fn first(outcome: &Outcome) -> Option<&str> {
    let intent = outcome.intent.as_ref().map(IntentId::as_str);
    intent.or_else(|| outcome.ranked.first().map(|first| first.entry.as_str()))
}

#[test]
fn pinyin_is_understood_nearly_as_well_as_han() {
    let snapshot = &*SNAPSHOT;
    let today = date(2026, 11, 22);
    let (mut kept, mut slipped) = (Vec::new(), Vec::new());
    let mut missed: Vec<String> = Vec::new();
    for line in SENTENCES.lines() {
        let [style, typed, han] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let (outcome, expected) = (snapshot.find(typed, today), snapshot.find(han, today));
        let is_same = first(&outcome) == first(&expected);
        if !is_same {
            missed.push(format!("{typed} was read as {:?}, not as {han}", outcome.read));
        }
        if style == "typo" { &mut slipped } else { &mut kept }.push(is_same);
        assert_ne!(first(&outcome), Some("dialog.foreign_text"), "{typed}");
    }
    for (those, least) in [(kept, SAME_MIN), (slipped, SAME_WITH_SLIPS_MIN)] {
        assert!(those.len() >= 15, "enough to judge by");
        let same = those.iter().filter(|&&is_same| is_same).count();
        assert!(same * 100 >= those.len() * least, "{same} of {}\n{missed:#?}", those.len());
    }
}

#[test]
fn english_and_numbers_are_not_read_as_pinyin() {
    let snapshot = &*SNAPSHOT;
    let today = date(2026, 11, 22);
    let reads = ENGLISH.lines().filter_map(|text| Some((text, snapshot.find(text, today).read?)));
    let reads: Vec<(&str, String)> = reads.collect();
    assert!(ENGLISH.lines().count() >= 100, "enough to judge by");
    assert!(reads.is_empty(), "{reads:?}");
}

#[test]
fn numbers_are_not_called_a_foreign_language_and_a_wish_for_a_person_is_heard() {
    let snapshot = &*SNAPSHOT;
    let cases = [
        // (what was typed, the intent)
        ("0x52908400098527886E0F7030069857D2E4169EE7", None),
        ("https://www.example.com/pay/order?id=99", None),
        ("SF1234567890123", None),
        ("AB12-3456-7890-CD", None),
        ("6222 0212 3456 7890 123", None),
        ("my card was declined", Some("dialog.foreign_text")),
        ("how to withdraw money", Some("dialog.foreign_text")),
        ("i want an english speaking agent", Some("dialog.language")),
        ("human agent please", Some("human.request")),
        ("I want to talk to a person", Some("human.request")),
        ("can i speak with someone please", Some("human.request")),
        ("please connect me to customer service", Some("human.request")),
        ("I don't want to talk to a robot!", Some("human.request")),
        ("are you human", None),
    ];
    for (typed, expected) in cases {
        let outcome = snapshot.find(typed, date(2026, 11, 22));
        assert_eq!(outcome.intent.as_ref().map(IntentId::as_str), expected, "{typed}");
    }
}
