//! The share of direct answers hangs on no single wording.

use kefu::{
    authoring::Stability,
    files::Root,
    knowledge::{Expected, KnowledgeBase, load},
    matching::Snapshot,
    parallel::Threads,
};

/// The categories of the shipped knowledge that are asked; all of them would take too long.
const CATEGORIES: [&str; 4] = ["payment", "account", "security", "rights"];

/// With so few entries or utterances the figure would say little.
const ENTRIES_MIN: usize = 60;
const UTTERANCES_MIN: usize = 300;

/// How far the share may move, in points.
const MOVE_MAX: f64 = 4.0;

#[test]
fn a_hundredth_of_the_wordings_moves_few_direct_answers() {
    let today = jiff::civil::date(2026, 11, 22);
    let mut base = load(&Root::embedded().read().unwrap(), today).base.unwrap();
    keep_categories(&mut base);
    assert!(base.entries.len() >= ENTRIES_MIN, "{} entries", base.entries.len());
    let snapshot = Snapshot::build(base).unwrap();
    let stability = Stability::measure(&snapshot, today, 1..=2, Threads::all()).unwrap();
    assert!(stability.whole.of >= UTTERANCES_MIN, "{stability:?}");
    assert!(stability.whole.points() > 20.0, "much is answered at once: {stability:?}");
    assert!(stability.thinned.iter().all(|one| one.taken_out >= 20), "{stability:?}");
    assert!(stability.largest_move() <= MOVE_MAX, "{stability:?}");
}

/// Keeps the entries of these categories, and the tests that ask for them or for nothing.
fn keep_categories(base: &mut KnowledgeBase) {
    let is_kept =
        |id: &str| CATEGORIES.iter().any(|category| id.split('.').next() == Some(*category));
    base.entries.edit().retain(|entry| is_kept(entry.id.as_str()));
    base.tests.cases.retain(|case| match &case.expected {
        Expected::Entry(id) => is_kept(id.as_str()),
        Expected::NoAnswer(_) | Expected::Intent(_) => true,
        Expected::Clarify(_) | Expected::Guard(_) | Expected::Harmless(_) => false,
    });
}
