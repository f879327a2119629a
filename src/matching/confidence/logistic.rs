//! Logistic regression with a prior: a handful of numbers, fitted by Newton's method.

/// Newton's method converges in 5 to 8 steps here; the limit only bounds a broken input.
const STEPS_MAX: usize = 25;

/// How often a step is halved at most; after that it is practically zero.
const HALVINGS_MAX: usize = 30;

/// One case of which it is known whether it was right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observed<const N: usize> {
    pub(crate) inputs: [f64; N],
    pub(crate) weight: f64,
    pub(crate) is_right: bool,
}

/// A normal prior of the coefficients: independent, each with its mean and standard deviation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prior<const N: usize> {
    pub(crate) mean: [f64; N],
    pub(crate) standard_deviation: [f64; N],
}

/// The coefficients of maximum posterior probability, given the prior and the observations.
pub(crate) fn fit<const N: usize>(prior: &Prior<N>, observed: &[Observed<N>]) -> [f64; N] {
    let mut coefficients = prior.mean;
    for _ in 0..STEPS_MAX {
        let mut step = newton_step(coefficients, prior, observed);
        // A full step overshoots where the observations are nearly separable.
        let before = negative_log_likelihood(coefficients, prior, observed);
        for _ in 0..HALVINGS_MAX {
            if negative_log_likelihood(added(coefficients, step), prior, observed) <= before {
                break;
            }
            step = step.map(|step| step / 2.0);
        }
        coefficients = added(coefficients, step);
        if step.iter().all(|step| step.abs() < 1e-9) {
            break;
        }
    }
    coefficients
}

/// The probability of these log-odds.
pub(crate) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-log_odds))
}

/// The log-odds of a probability, finite.
pub(crate) fn log_odds(probability: f64) -> f64 {
    let probability = probability.clamp(1e-6, 1.0 - 1e-6);
    libm::log(probability / (1.0 - probability))
}

pub(crate) fn dot<const N: usize>(one: &[f64; N], other: &[f64; N]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn added<const N: usize>(coefficients: [f64; N], step: [f64; N]) -> [f64; N] {
    std::array::from_fn(|place| coefficients[place] + step[place])
}

/// The negative log-likelihood of the observations and of the prior, which the fit minimises.
fn negative_log_likelihood<const N: usize>(
    coefficients: [f64; N],
    prior: &Prior<N>,
    observed: &[Observed<N>],
) -> f64 {
    let of_prior = |place: usize| {
        let deviation = (coefficients[place] - prior.mean[place]) / prior.standard_deviation[place];
        deviation * deviation / 2.0
    };
    let of_one = |one: &Observed<N>| {
        let log_odds = dot(&coefficients, &one.inputs);
        let against = if one.is_right { -log_odds } else { log_odds };
        // The logarithm of 1 + exp(against), without overflow.
        one.weight * (against.max(0.0) + libm::log1p(libm::exp(-against.abs())))
    };
    (0..N).map(of_prior).sum::<f64>() + observed.iter().map(of_one).sum::<f64>()
}

/// The covariance of fitted coefficients: the inverse of the curvature there.
pub(crate) fn covariance<const N: usize>(
    prior: &Prior<N>,
    coefficients: &[f64; N],
    observed: &[Observed<N>],
) -> [[f64; N]; N] {
    let (_, curvature) = slope_and_curvature(*coefficients, prior, observed);
    std::array::from_fn(|column| {
        let unit = std::array::from_fn(|row| f64::from(u8::from(row == column)));
        solve(curvature, unit)
    })
}

fn newton_step<const N: usize>(
    coefficients: [f64; N],
    prior: &Prior<N>,
    observed: &[Observed<N>],
) -> [f64; N] {
    let (gradient, curvature) = slope_and_curvature(coefficients, prior, observed);
    solve(curvature, gradient)
}

/// The gradient of the log-likelihood, and the curvature of its negative.
fn slope_and_curvature<const N: usize>(
    coefficients: [f64; N],
    prior: &Prior<N>,
    observed: &[Observed<N>],
) -> ([f64; N], [[f64; N]; N]) {
    let mut gradient = [0.0; N];
    let mut curvature = [[0.0; N]; N];
    for row in 0..N {
        let precision = 1.0 / (prior.standard_deviation[row] * prior.standard_deviation[row]);
        gradient[row] = precision * (prior.mean[row] - coefficients[row]);
        curvature[row][row] = precision;
    }
    for one in observed {
        let chance = logistic(dot(&coefficients, &one.inputs));
        let error = f64::from(u8::from(one.is_right)) - chance;
        for row in 0..N {
            gradient[row] += one.weight * error * one.inputs[row];
            let part = one.weight * chance * (1.0 - chance) * one.inputs[row];
            for (cell, input) in curvature[row].iter_mut().zip(one.inputs) {
                *cell += part * input;
            }
        }
    }
    (gradient, curvature)
}

/// Solves a small positive definite system by Gaussian elimination.
pub(crate) fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for pivot in 0..N {
        let pivot_row = matrix[pivot];
        for row in pivot + 1..N {
            let factor = matrix[row][pivot] / pivot_row[pivot];
            for (cell, above) in matrix[row].iter_mut().zip(pivot_row) {
                *cell -= factor * above;
            }
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..N).rev() {
        for column in row + 1..N {
            right[row] -= matrix[row][column] * right[column];
        }
        right[row] /= matrix[row][row];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIOR: Prior<2> = Prior { mean: [-1.0, 2.0], standard_deviation: [1.0, 2.0] };

    fn observe(input: f64, is_right: bool, weight: f64) -> Observed<2> {
        Observed { inputs: [1.0, input], weight, is_right }
    }

    #[test]
    fn nothing_observed_leaves_the_prior() {
        let found = fit(&PRIOR, &[]);
        assert!(found.iter().zip(PRIOR.mean).all(|(found, mean)| (found - mean).abs() < 1e-12));
    }

    #[test]
    fn observations_pull_by_their_weight() {
        let wrong = |weight| dot(&fit(&PRIOR, &[observe(0.8, false, weight)]), &[1.0, 0.8]);
        assert!(wrong(1.0) < dot(&PRIOR.mean, &[1.0, 0.8]));
        assert!(wrong(10.0) < wrong(1.0));
    }

    #[test]
    fn observations_that_can_be_separated_do_not_throw_the_fit() {
        let right = (0..50).map(|number| observe(1.0 + f64::from(number) / 50.0, true, 1.0));
        let wrong = (0..50).map(|number| observe(f64::from(number) / 200.0, false, 1.0));
        let found = fit(&PRIOR, &right.chain(wrong).collect::<Vec<_>>());
        let at = |input| logistic(dot(&found, &[1.0, input]));
        assert!(at(1.5) > 0.9 && at(0.1) < 0.3, "{found:?}");
    }

    #[test]
    fn a_solved_system_fits() {
        let solved = solve([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]], [6.0, 10.0, 8.0]);
        for (found, expected) in solved.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-12, "{solved:?}");
        }
    }
}
