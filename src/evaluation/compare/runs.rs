//! Two runs over the same queries, side by side.

use super::super::{
    confidence::{BestCandidate, ByConfidence, share_of},
    queries::{LabelReading, Prediction, Query},
    report::{JudgedQuery, judge},
};
use super::bootstrap::{QUERIES_FOR_CHANCE_MIN, interval, resample};

/// Two runs compared, by the labels alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// How many queries were compared.
    pub queries: usize,
    /// Whether there are too few of them, under 30, to tell a difference from chance.
    pub is_too_small: bool,
    /// Each figure in both runs, in the order of [`Compared::ALL`].
    pub differences: Vec<Difference>,
    /// The queries that the new run does better, the largest changes first.
    pub won: Vec<Swing>,
    /// Those that it does worse, the largest changes first.
    pub lost: Vec<Swing>,
}

/// One figure in both runs. All are shares, 0 to 1, or their difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Which.
    pub figure: Compared,
    /// Before; `None` where the figure is not defined.
    pub old: Option<f64>,
    /// Now.
    pub new: Option<f64>,
    /// The 95 % interval of new − old, from resamples of the queries.
    pub interval: Option<(f64, f64)>,
    /// Whether that interval leaves out 0, and there are queries enough.
    pub is_beyond_chance: bool,
}

/// A figure that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Of the answerable, the share whose first candidate is right.
    Top1,
    /// How well confidence tells right from wrong.
    Auroc,
    /// The best coverage at 95 % precision; 0 when that is out of reach.
    CoverageAt95,
    /// Of the answerable, the share that is answered rightly at once.
    AnsweredRight,
    /// Of all queries, the share that is answered wrongly at once.
    AnsweredWrong,
}

impl Compared {
    /// All figures.
    pub const ALL: [Self; 5] =
        [Self::Top1, Self::Auroc, Self::CoverageAt95, Self::AnsweredRight, Self::AnsweredWrong];

    /// The figure's name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Top1 => "top1",
            Self::Auroc => "auroc",
            Self::CoverageAt95 => "coverage_at95",
            Self::AnsweredRight => "answered_right",
            Self::AnsweredWrong => "answered_wrong",
        }
    }
}

/// A query that was won or lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swing {
    /// Its place among the queries, from 0.
    pub place: usize,
    /// How it stood before.
    pub old: Grade,
    /// How it stands now.
    pub new: Grade,
}

/// How well a query is served, from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Answered at once, wrongly.
    AnsweredWrong,
    /// Not answered; the first candidate is wrong. Only for answerable queries.
    FirstWrong,
    /// Not answered; the first candidate is right, or no answer is wanted.
    FirstRight,
    /// Answered at once, rightly.
    AnsweredRight,
}

impl Grade {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AnsweredWrong => "answered_wrong",
            Self::FirstWrong => "first_wrong",
            Self::FirstRight => "first_right",
            Self::AnsweredRight => "answered_right",
        }
    }

    fn of(one: &JudgedQuery<'_>) -> Self {
        match (one.is_answered(), one.is_right()) {
            (true, true) => Self::AnsweredRight,
            (true, false) => Self::AnsweredWrong,
            (false, false) if one.is_answerable() => Self::FirstWrong,
            (false, true | false) => Self::FirstRight,
        }
    }
}

/// Compares two runs over the same queries: predictions stand at the places of the queries.
/// `tell` hears how much of how much is done.
pub fn compare(
    queries: &[Query],
    old: &[Prediction],
    new: &[Prediction],
    tell: &mut dyn FnMut(usize, usize),
) -> Comparison {
    let (old, new) = (QueryRun::new(queries, old), QueryRun::new(queries, new));
    let mut drawn: [Vec<f64>; Compared::ALL.len()] = Default::default();
    let draw = |weights: &[u32]| {
        let pairs = old.figures(weights).into_iter().zip(new.figures(weights));
        for (drawn, (old, new)) in drawn.iter_mut().zip(pairs) {
            drawn.extend(old.zip(new).map(|(old, new)| new - old));
        }
    };
    resample(queries.len(), draw, tell);
    let is_too_small = queries.len() < QUERIES_FOR_CHANCE_MIN;
    let once = vec![1; queries.len()];
    let pairs = old.figures(&once).into_iter().zip(new.figures(&once));
    let differences = Compared::ALL.into_iter().zip(pairs).zip(drawn);
    let difference = |((figure, (old, new)), drawn): ((Compared, _), Vec<f64>)| {
        let interval = interval(drawn);
        let is_apart = interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0);
        Difference { figure, old, new, interval, is_beyond_chance: is_apart && !is_too_small }
    };
    Comparison {
        queries: queries.len(),
        is_too_small,
        differences: differences.map(difference).collect(),
        won: swings(&old, &new, |old, new| new > old),
        lost: swings(&old, &new, |old, new| new < old),
    }
}

fn swings(old: &QueryRun, new: &QueryRun, is_wanted: fn(Grade, Grade) -> bool) -> Vec<Swing> {
    let pairs = old.grades.iter().zip(&new.grades).enumerate();
    let mut swings: Vec<Swing> = pairs
        .map(|(place, (&old, &new))| Swing { place, old, new })
        .filter(|swing| is_wanted(swing.old, swing.new))
        .collect();
    let size = |swing: &Swing| (swing.old as usize).abs_diff(swing.new as usize);
    // The sort is stable, so that equals stay in the order of the file.
    swings.sort_by_key(|swing| std::cmp::Reverse(size(swing)));
    swings
}

/// One run, as far as the figures need it.
struct QueryRun {
    best: Vec<BestCandidate>,
    grades: Vec<Grade>,
    by_confidence: ByConfidence,
}

impl QueryRun {
    fn new(queries: &[Query], predictions: &[Prediction]) -> Self {
        let judged = judge(queries, predictions, LabelReading::Strict);
        let best: Vec<BestCandidate> = judged.iter().map(JudgedQuery::best).collect();
        let grades = judged.iter().map(Grade::of).collect();
        Self { by_confidence: ByConfidence::new(&best), best, grades }
    }

    /// In the order of [`Compared::ALL`].
    fn figures(&self, weights: &[u32]) -> [Option<f64>; Compared::ALL.len()] {
        let (mut all, mut answerable, mut first_right) = (0, 0, 0);
        let (mut answered_right, mut answered_wrong) = (0, 0);
        for ((best, grade), weight) in self.best.iter().zip(&self.grades).zip(weights) {
            let weight = *weight as usize;
            all += weight;
            answerable += weight * usize::from(best.is_answerable);
            first_right += weight * usize::from(best.is_right);
            answered_right += weight * usize::from(*grade == Grade::AnsweredRight);
            answered_wrong += weight * usize::from(*grade == Grade::AnsweredWrong);
        }
        let coverage = self.by_confidence.coverage_at(0.95, weights).map_or(0.0, |at| at.coverage);
        [
            share_of(first_right, answerable),
            self.by_confidence.auroc(weights),
            (answerable > 0).then_some(coverage),
            share_of(answered_right, answerable),
            share_of(answered_wrong, all),
        ]
    }
}
