//! Which entry is found where another one belongs.

use std::collections::BTreeMap;

use super::judged::JudgedQuery;
use crate::matching::Band;

/// An entry that was found first where another one, or none, belongs.
#[derive(Clone, Debug, PartialEq)]
pub struct Confusion {
    /// The label; `None`: the queries must not be answered.
    pub expected: Option<String>,
    /// What came first; `None`: nothing was found.
    pub found: Option<String>,
    /// How many queries.
    pub count: usize,
    /// How many of them would be answered, or acted on, at once.
    pub answered: usize,
    /// The highest confidence, 0 to 1: of the answered ones, if there are any. `None` when
    /// nothing was found.
    pub confidence: Option<f64>,
    /// The line, from 1, of the query with that confidence.
    pub line: usize,
    /// What the customer says there.
    pub text: String,
    /// The wording of the knowledge base that it matched; `None` for a pattern.
    pub wording: Option<String>,
}

/// The worst first: what is wrongly answered, by falling confidence, then the rest likewise.
/// A query that must not be answered and falls back is no mistake.
pub(crate) fn confusions(judged: &[JudgedQuery<'_>]) -> Vec<Confusion> {
    let mut pairs: BTreeMap<(Option<&str>, Option<&str>), Vec<&JudgedQuery<'_>>> = BTreeMap::new();
    for one in judged.iter().filter(|one| is_mistake(one)) {
        let found = one.prediction.ranked.first().map(|first| first.id.as_str());
        pairs.entry((one.query.label.as_deref(), found)).or_default().push(one);
    }
    let mut confusions: Vec<Confusion> =
        pairs.into_iter().filter_map(|(pair, judged)| confusion(pair, &judged)).collect();
    let sure = |one: &Confusion| one.confidence.unwrap_or(-1.0);
    // The sort is stable, so that equals stay in the order of their ids.
    confusions.sort_by(|one, other| {
        (other.answered > 0)
            .cmp(&(one.answered > 0))
            .then(sure(other).total_cmp(&sure(one)))
            .then(other.count.cmp(&one.count))
    });
    confusions
}

fn is_mistake(one: &JudgedQuery<'_>) -> bool {
    if one.is_answerable() { !one.is_right() } else { one.band() != Band::Fallback }
}

fn confusion(
    (expected, found): (Option<&str>, Option<&str>),
    judged: &[&JudgedQuery<'_>],
) -> Option<Confusion> {
    let answered = judged.iter().filter(|one| one.is_answered()).count();
    let counting = judged.iter().filter(|one| answered == 0 || one.is_answered());
    let sure = |one: &JudgedQuery<'_>| one.confidence().unwrap_or(-1.0);
    // Of equals the first in the file is the example.
    let worst = counting.reduce(|worst, one| if sure(one) > sure(worst) { one } else { worst })?;
    Some(Confusion {
        expected: expected.map(str::to_owned),
        found: found.map(str::to_owned),
        count: judged.len(),
        answered,
        confidence: worst.confidence(),
        line: worst.query.line,
        text: worst.query.text.clone(),
        wording: worst.prediction.ranked.first().and_then(|first| first.question.clone()),
    })
}
