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
    let mean = ranked.iter().map(sure).sum::<f64>() / ranked.len() as f64;
    let right = ranked.iter().filter(|one| one.is_first).count() as f64 / ranked.len() as f64;
    let error = (mean - right).abs();
    assert!(error <= CALIBRATION_ERROR_MAX, "confidence is off by {error:.3}");
}
