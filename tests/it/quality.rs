//! The shipped knowledge over utterances that were worded apart from it.
//!
//! The floors stand in `knowledge/tests.yaml`, a little under what was measured: a change may
//! not make any of them worse.

use kefu::{
    authoring::{Figure, Judged, Reaction, run_tests},
    files::Root,
    knowledge::{Expected, Split, load},
    matching::Snapshot,
};

/// The share of what customers ask that no entry answers, as the calibration takes it to be.
const UNANSWERABLE_SHARE: f64 = 0.25;

/// How far the mean confidence may lie from the share that is right. Measured: 0.01.
const CALIBRATION_ERROR_MAX: f64 = 0.06;

#[test]
fn held_out_utterances_find_their_entries() {
    let today = jiff::civil::date(2026, 11, 22);
    let base = load(&Root::embedded().read().unwrap(), today).base.unwrap();
    let snapshot = Snapshot::build(base).unwrap();
    let run = run_tests(&snapshot, today, Some(Split::Test), &mut |_, _| {});
    assert_eq!(run.skipped, 0, "all that is tested is served");
    for figure in run.figures() {
        let Figure { floor, hits, of, at_least } = figure;
        let at_least = at_least.expect("every floor is set");
        assert!(of >= 20, "enough to judge by: {figure:?}");
        assert!(figure.is_kept(), "{}: {hits} of {of} is under {at_least} ‰", floor.key());
    }

    let is_ranked = |one: &&Judged<'_>| {
        matches!(one.case.expected, Expected::Entry(_) | Expected::NoAnswer(_))
            && !matches!(one.reaction, Reaction::Acted { .. })
    };
    let ranked: Vec<&Judged<'_>> = run.judged.iter().filter(is_ranked).collect();
    assert!(ranked.len() >= 190, "enough to judge by");
    let sure = |one: &&Judged<'_>| one.confidence.map_or(0.0, |best| f64::from(best.get()));
    let is_answerable = |one: &Judged<'_>| matches!(one.case.expected, Expected::Entry(_));
    let answerable = ranked.iter().filter(|one| is_answerable(one)).count() as f64;
    let unanswerable = ranked.len() as f64 - answerable;
    let weight = |one: &Judged<'_>| {
        if is_answerable(one) {
            (1.0 - UNANSWERABLE_SHARE) / answerable
        } else {
            UNANSWERABLE_SHARE / unanswerable
        }
    };
    let mean: f64 = ranked.iter().map(|one| weight(one) * sure(one)).sum();
    let right: f64 = ranked.iter().filter(|one| one.is_first).map(|one| weight(one)).sum();
    let error = (mean - right).abs();
    assert!(error <= CALIBRATION_ERROR_MAX, "confidence is off by {error:.3}");
}
