//! The logistic curve from a score and its margin to a probability, and how it is fitted.

/// Inputs of the curve: a constant, the score, the margin.
const INPUTS: usize = 3;

/// Where a knowledge base starts from: what the hold-outs of the shipped knowledge give.
const PRIOR: [f64; INPUTS] = [-3.10, 3.76, 12.36];

/// What customers' utterances do better than hold-outs at the same score and margin. The
/// similar questions of an entry are as unlike one another as their authors could make them,
/// and a held-out one has lost its nearest; an utterance mostly is close to one of them.
///
/// The difference between the curve of the shipped knowledge's hold-outs and the one of the
/// `fit` half of `knowledge/tests.yaml` (911 utterances, logistic regression).
const UTTERANCES_OVER_HOLD_OUTS: [f64; INPUTS] = [0.48, 2.38, 2.91];

/// The share of the shipped knowledge's hold-outs that miss their entry, where that difference
/// was measured. A base whose hold-outs miss less has wordings closer to one another, as close
/// as utterances are, and gets less of the difference.
const MISSED_WHERE_MEASURED: f64 = 0.62;

/// From the log-odds that the first entry is right to those that the right one is among the
/// choices shown: a constant and a factor, fitted on the same utterances.
const SHOWN: [f64; 2] = [0.43, 0.95];

/// How far, as a standard deviation, a knowledge base's coefficient is expected to lie from
/// the prior one: scores behave alike wherever the same features are measured.
const PRIOR_SPREAD: [f64; INPUTS] = [1.0, 2.0, 4.0];

/// Newton's method converges in 5 to 8 steps here; the limit only bounds a broken input.
const STEPS_MAX: usize = 25;

/// A step is halved at most so often; after that it is as good as none.
const HALVINGS_MAX: usize = 30;

/// A probability as a logistic function of score and margin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Curve([f64; INPUTS]);

/// One answer whose truth is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observed {
    pub(crate) score: f32,
    pub(crate) margin: f32,
    pub(crate) weight: f64,
    pub(crate) is_right: bool,
}

impl Curve {
    /// The curve with these coefficients, of the constant, the score and the margin.
    pub(crate) fn of(coefficients: [f64; INPUTS]) -> Self {
        Self(coefficients)
    }

    /// What [`Curve::of`] takes.
    pub(crate) fn coefficients(self) -> [f64; INPUTS] {
        self.0
    }

    /// The probability, strictly between 0 and 1, that what is ranked first is right.
    pub(crate) fn at(self, score: f32, margin: f32) -> f64 {
        logistic(dot(self.0, inputs(score, margin)))
    }

    /// The probability that the right entry is among the choices that would be shown.
    pub(crate) fn shown_at(self, score: f32, margin: f32) -> f64 {
        logistic(SHOWN[0] + SHOWN[1] * dot(self.0, inputs(score, margin)))
    }

    /// From a curve of hold-outs, of which the share `missed` did not find their entry, to the
    /// one of customers' utterances.
    pub(crate) fn for_utterances(self, missed: f64) -> Self {
        let part = (missed / MISSED_WHERE_MEASURED).min(1.0);
        let mut coefficients = self.0;
        for (coefficient, more) in coefficients.iter_mut().zip(UTTERANCES_OVER_HOLD_OUTS) {
            *coefficient += part * more;
        }
        Self(coefficients)
    }

    /// The likeliest curve of hold-outs given the prior and these.
    pub(crate) fn fit(observed: &[Observed]) -> Self {
        let mut coefficients = PRIOR;
        for _ in 0..STEPS_MAX {
            let mut step = newton_step(coefficients, observed);
            // A whole step goes too far where the observations are all but separable.
            let here = surprise(coefficients, observed);
            for _ in 0..HALVINGS_MAX {
                if surprise(moved(coefficients, step), observed) <= here {
                    break;
                }
                step = step.map(|step| step / 2.0);
            }
            coefficients = moved(coefficients, step);
            if step.iter().all(|step| step.abs() < 1e-9) {
                break;
            }
        }
        Self(coefficients)
    }
}

fn moved(coefficients: [f64; INPUTS], step: [f64; INPUTS]) -> [f64; INPUTS] {
    std::array::from_fn(|place| coefficients[place] + step[place])
}

/// How unlikely the observations and the coefficients are: what the fit makes small.
fn surprise(coefficients: [f64; INPUTS], observed: &[Observed]) -> f64 {
    let of_prior = |place: usize| {
        let off = (coefficients[place] - PRIOR[place]) / PRIOR_SPREAD[place];
        off * off / 2.0
    };
    let of_one = |one: &Observed| {
        let log_odds = dot(coefficients, inputs(one.score, one.margin));
        let against = if one.is_right { -log_odds } else { log_odds };
        // The logarithm of 1 + exp(against), without overflow.
        one.weight * (against.max(0.0) + libm::log1p(libm::exp(-against.abs())))
    };
    (0..INPUTS).map(of_prior).sum::<f64>() + observed.iter().map(of_one).sum::<f64>()
}

fn inputs(score: f32, margin: f32) -> [f64; INPUTS] {
    [1.0, f64::from(score), f64::from(margin)]
}

fn dot(one: [f64; INPUTS], other: [f64; INPUTS]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

fn newton_step(coefficients: [f64; INPUTS], observed: &[Observed]) -> [f64; INPUTS] {
    let mut gradient = [0.0; INPUTS];
    let mut curvature = [[0.0; INPUTS]; INPUTS];
    for row in 0..INPUTS {
        let precision = 1.0 / (PRIOR_SPREAD[row] * PRIOR_SPREAD[row]);
        gradient[row] = precision * (PRIOR[row] - coefficients[row]);
        curvature[row][row] = precision;
    }
    for one in observed {
        let inputs = inputs(one.score, one.margin);
        let chance = logistic(dot(coefficients, inputs));
        let error = f64::from(u8::from(one.is_right)) - chance;
        for row in 0..INPUTS {
            gradient[row] += one.weight * error * inputs[row];
            for column in 0..INPUTS {
                curvature[row][column] +=
                    one.weight * chance * (1.0 - chance) * inputs[row] * inputs[column];
            }
        }
    }
    solve(curvature, gradient)
}

/// Solves a small positive definite system by elimination.
fn solve(mut matrix: [[f64; INPUTS]; INPUTS], mut right: [f64; INPUTS]) -> [f64; INPUTS] {
    for pivot in 0..INPUTS {
        let pivot_row = matrix[pivot];
        for row in pivot + 1..INPUTS {
            let factor = matrix[row][pivot] / pivot_row[pivot];
            for (cell, above) in matrix[row].iter_mut().zip(pivot_row) {
                *cell -= factor * above;
            }
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..INPUTS).rev() {
        for column in row + 1..INPUTS {
            right[row] -= matrix[row][column] * right[column];
        }
        right[row] /= matrix[row][row];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observe(score: f32, is_right: bool, weight: f64) -> Observed {
        Observed { score, margin: 0.2, weight, is_right }
    }

    #[test]
    fn nothing_observed_leaves_the_prior() {
        assert_eq!(Curve::fit(&[]), Curve(PRIOR));
    }

    #[test]
    fn a_base_whose_hold_outs_find_their_entries_is_taken_at_its_word() {
        let curve = Curve(PRIOR);
        assert_eq!(curve.for_utterances(0.0), curve);
        let at = |missed| curve.for_utterances(missed).at(0.8, 0.2);
        assert!(at(0.0) < at(0.3) && at(0.3) < at(MISSED_WHERE_MEASURED));
        assert_eq!(curve.for_utterances(MISSED_WHERE_MEASURED), curve.for_utterances(0.9));
    }

    #[test]
    fn observations_that_can_be_separated_do_not_throw_the_fit() {
        let sure = |number: usize| Observed {
            score: 1.0 + number as f32 / 50.0,
            margin: 0.9,
            weight: 1.0,
            is_right: true,
        };
        let wrong = |number: usize| Observed {
            score: number as f32 / 200.0,
            margin: 0.01,
            weight: 1.0,
            is_right: false,
        };
        let observed: Vec<Observed> = (0..50).map(sure).chain((0..50).map(wrong)).collect();
        let curve = Curve::fit(&observed);
        assert!(curve.at(1.5, 0.9) > 0.95 && curve.at(0.1, 0.01) < 0.1, "{curve:?}");
    }

    #[test]
    fn a_solved_system_fits() {
        let solved = solve([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]], [6.0, 10.0, 8.0]);
        for (found, expected) in solved.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-12, "{solved:?}");
        }
    }

    #[test]
    fn observations_pull_the_curve_by_their_weight() {
        let wrong = |weight| Curve::fit(&[observe(0.8, false, weight)]).at(0.8, 0.2);
        let prior = Curve(PRIOR).at(0.8, 0.2);
        assert!(wrong(1.0) < prior);
        assert!(wrong(10.0) < wrong(1.0));
    }
}
