//! The greatest likelihood of a few parameters, and how sure it is.
//!
//! Consumes a function of at most [`MOST`] parameters; produces its maximum by Newton's method with the step length
//! held back (Levenberg 1944), derivatives by central differences, and the inverse of the observed information
//! (the negative second derivatives), which is the parameters' covariance. **Invariant:** no randomness; a function
//! without a maximum inside is refused rather than answered.

/// Parameters at most: what is estimated together here are two or three figures of one law.
pub const MOST: usize = 6;

/// Distance of central differences. Parameters are logarithms or logits, so of the order of 1.
const STEP: f64 = 1e-3;
/// Newton steps at most; well-behaved likelihoods take fewer than ten.
const STEPS: usize = 200;
/// A gain in log likelihood that says nothing.
const CONVERGED: f64 = 1e-9;

/// Where the maximum is.
#[derive(Clone, Debug, PartialEq)]
pub struct Maximum {
    /// The parameters.
    pub at: Vec<f64>,
    /// The function there.
    pub value: f64,
    /// Their covariance by the observed information, rows after one another.
    pub covariance: Vec<f64>,
}

impl Maximum {
    /// The standard error of a smooth function of the parameters (delta method).
    pub fn error_of(&self, function: impl Fn(&[f64]) -> f64) -> f64 {
        let n = self.at.len();
        let gradient: Vec<f64> = (0..n).map(|index| slope(&function, &self.at, index)).collect();
        let variance: f64 =
            (0..n * n).map(|cell| gradient[cell / n] * self.covariance[cell] * gradient[cell % n]).sum();
        variance.max(0.0).sqrt()
    }
}

/// Maximises a function from a starting point; `None` if there is no maximum nearby with a positive information.
pub fn maximise(function: impl Fn(&[f64]) -> f64, start: &[f64]) -> Option<Maximum> {
    let n = start.len();
    if n == 0 || n > MOST {
        return None;
    }
    let mut at = start.to_vec();
    let mut value = function(&at);
    if !value.is_finite() {
        return None;
    }
    let mut damping = 1e-3;
    for _ in 0..STEPS {
        let gradient: Vec<f64> = (0..n).map(|index| slope(&function, &at, index)).collect();
        let information = information(&function, &at, value);
        let damped = damp(&information, n, damping);
        let step = inverse(&damped, n).map(|inverse| product(&inverse, &gradient, n));
        let next: Vec<f64> = match step {
            // No single step may leave the region in which the likelihood is well behaved.
            Some(step) => at.iter().zip(&step).map(|(x, step)| x + step.clamp(-1.0, 1.0)).collect(),
            None => at.clone(),
        };
        let reached = function(&next);
        if reached.is_finite() && reached > value {
            let gain = reached - value;
            (at, value, damping) = (next, reached, (damping * 0.1).max(1e-12));
            if gain < CONVERGED {
                break;
            }
        } else {
            damping *= 10.0;
            if damping > 1e12 {
                break;
            }
        }
    }
    let covariance = inverse(&self::information(&function, &at, value), n)?;
    let sound = (0..n).all(|index| covariance[index * n + index] > 0.0);
    (sound && covariance.iter().all(|cell| cell.is_finite())).then_some(Maximum { at, value, covariance })
}

fn moved(at: &[f64], moves: &[(usize, f64)]) -> Vec<f64> {
    let mut moved = at.to_vec();
    moves.iter().for_each(|&(index, by)| moved[index] += by);
    moved
}

fn slope(function: &impl Fn(&[f64]) -> f64, at: &[f64], index: usize) -> f64 {
    (function(&moved(at, &[(index, STEP)])) - function(&moved(at, &[(index, -STEP)]))) / (2.0 * STEP)
}

/// The negative second derivatives.
fn information(function: &impl Fn(&[f64]) -> f64, at: &[f64], value: f64) -> Vec<f64> {
    let n = at.len();
    let mut matrix = vec![0.0; n * n];
    for row in 0..n {
        for column in 0..=row {
            let second = if row == column {
                function(&moved(at, &[(row, STEP)])) - 2.0 * value + function(&moved(at, &[(row, -STEP)]))
            } else {
                let corner = |a: f64, b: f64| function(&moved(at, &[(row, a), (column, b)]));
                (corner(STEP, STEP) - corner(STEP, -STEP) - corner(-STEP, STEP) + corner(-STEP, -STEP)) / 4.0
            };
            let cell = -second / (STEP * STEP);
            (matrix[row * n + column], matrix[column * n + row]) = (cell, cell);
        }
    }
    matrix
}

fn damp(matrix: &[f64], n: usize, damping: f64) -> Vec<f64> {
    let mut damped = matrix.to_vec();
    for index in 0..n {
        let cell = &mut damped[index * n + index];
        *cell = cell.abs().max(1e-8) * (1.0 + damping);
    }
    damped
}

fn product(matrix: &[f64], vector: &[f64], n: usize) -> Vec<f64> {
    (0..n).map(|row| (0..n).map(|column| matrix[row * n + column] * vector[column]).sum()).collect()
}

/// The inverse of a small matrix, by elimination with the largest pivot; `None` if it has none.
pub(super) fn inverse(matrix: &[f64], n: usize) -> Option<Vec<f64>> {
    let mut left = matrix.to_vec();
    let mut right: Vec<f64> = (0..n * n).map(|cell| f64::from(u8::from(cell / n == cell % n))).collect();
    for column in 0..n {
        let pivot =
            (column..n).max_by(|&a, &b| left[a * n + column].abs().total_cmp(&left[b * n + column].abs()))?;
        let size = left[pivot * n + column].abs();
        if size.is_nan() || size <= 1e-300 {
            return None;
        }
        for cell in 0..n {
            left.swap(column * n + cell, pivot * n + cell);
            right.swap(column * n + cell, pivot * n + cell);
        }
        let by = left[column * n + column];
        for cell in 0..n {
            left[column * n + cell] /= by;
            right[column * n + cell] /= by;
        }
        for row in (0..n).filter(|&row| row != column) {
            let by = left[row * n + column];
            for cell in 0..n {
                left[row * n + cell] -= by * left[column * n + cell];
                right[row * n + cell] -= by * right[column * n + cell];
            }
        }
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_valley_is_followed_to_its_end() {
        // Rosenbrock's function, whose only optimum is (1, 1).
        let valley = |x: &[f64]| -(1.0 - x[0]).powi(2) - 100.0 * (x[1] - x[0] * x[0]).powi(2);
        let found = maximise(valley, &[-1.2, 1.0]).expect("a maximum");
        assert!(found.at.iter().all(|x| (x - 1.0).abs() < 5e-3), "{:?}", found.at);
    }

    #[test]
    fn the_covariance_is_that_of_the_normal_law() {
        // A normal log density with precision matrix [[2, 1], [1, 3]]: its covariance is the inverse.
        let density = |x: &[f64]| -0.5 * (2.0 * x[0] * x[0] + 2.0 * x[0] * x[1] + 3.0 * x[1] * x[1]);
        let found = maximise(density, &[0.7, -0.4]).expect("a maximum");
        let exact = [3.0 / 5.0, -1.0 / 5.0, -1.0 / 5.0, 2.0 / 5.0];
        for (cell, exact) in found.covariance.iter().zip(exact) {
            assert!((cell - exact).abs() < 1e-6, "{:?}", found.covariance);
        }
        // Var(x + 2 y) = 0.6 − 4/5 + 4 × 0.4.
        let error = found.error_of(|x| x[0] + 2.0 * x[1]);
        assert!((error * error - (0.6 - 0.8 + 1.6)).abs() < 1e-6);
    }

    #[test]
    fn what_has_no_maximum_is_refused() {
        assert!(maximise(|x| x[0], &[0.0]).is_none(), "it rises for ever");
        assert!(maximise(|_| f64::NAN, &[0.0]).is_none());
        assert!(maximise(|x| -x[0] * x[0], &[0.0, 1.0]).is_none(), "it is flat in one direction");
    }
}
