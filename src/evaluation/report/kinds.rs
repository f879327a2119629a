//! Figures by style of query.

use std::collections::BTreeMap;

use super::judged::JudgedQuery;

/// The figures of the queries of one kind. All are counts of queries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindFigures {
    /// What the queries call it; `None`: those that name none.
    pub kind: Option<String>,
    /// Queries with a label.
    pub answerable: usize,
    /// … whose first candidate is right.
    pub first_right: usize,
    /// … that the bot would answer at once, rightly or wrongly.
    pub answered: usize,
    /// … that it would answer rightly at once.
    pub answered_right: usize,
    /// Queries that must not be answered.
    pub unanswerable: usize,
    /// … that the bot would answer at once.
    pub answered_falsely: usize,
    /// … that would be answered at the threshold for 95 % precision; `None` where that is out
    /// of reach.
    pub falsely_at95: Option<usize>,
    /// … at the threshold for 98 % precision.
    pub falsely_at98: Option<usize>,
    /// … from the confidence on that was asked about, if one was.
    pub falsely_at_threshold: Option<usize>,
}

/// The confidences at which the unanswerable of each kind are counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thresholds {
    pub(crate) at95: Option<f64>,
    pub(crate) at98: Option<f64>,
    pub(crate) given: Option<f64>,
}

/// In the order of the kinds' names, queries without a kind first.
pub(crate) fn kinds(judged: &[JudgedQuery<'_>], thresholds: Thresholds) -> Vec<KindFigures> {
    let mut kinds: BTreeMap<Option<&str>, Vec<&JudgedQuery<'_>>> = BTreeMap::new();
    for one in judged {
        kinds.entry(one.query.kind.as_deref()).or_default().push(one);
    }
    kinds.into_iter().map(|(kind, judged)| figures(kind, &judged, thresholds)).collect()
}

fn figures(kind: Option<&str>, judged: &[&JudgedQuery<'_>], thresholds: Thresholds) -> KindFigures {
    let (answerable, unanswerable): (Vec<&JudgedQuery<'_>>, Vec<&JudgedQuery<'_>>) =
        judged.iter().copied().partition(|one| one.is_answerable());
    let count = |of: &[&JudgedQuery<'_>], is: &dyn Fn(&JudgedQuery<'_>) -> bool| {
        of.iter().filter(|one| is(one)).count()
    };
    let falsely = |threshold: Option<f64>| {
        let reached = |at: f64| {
            count(&unanswerable, &|one| one.confidence().is_some_and(|confidence| confidence >= at))
        };
        threshold.map(reached)
    };
    KindFigures {
        kind: kind.map(str::to_owned),
        answerable: answerable.len(),
        first_right: count(&answerable, &|one| one.is_right()),
        answered: count(&answerable, &|one| one.is_answered()),
        answered_right: count(&answerable, &|one| one.is_answered() && one.is_right()),
        unanswerable: unanswerable.len(),
        answered_falsely: count(&unanswerable, &|one| one.is_answered()),
        falsely_at95: falsely(thresholds.at95),
        falsely_at98: falsely(thresholds.at98),
        falsely_at_threshold: falsely(thresholds.given),
    }
}
