//! Least squares over replications, with what was observed carried along.
//!
//! Vectors here have an entry for each replication and one more, the last, for what was observed. A [`Basis`] is
//! fitted to the replications alone; every linear step is done to the last entry too, which so becomes what the
//! replications would have led to expect of the observed world, or how far from that it is.
//!
//! Columns are made orthonormal under the weights one after another (modified Gram-Schmidt, twice), so that a
//! fit is a handful of inner products.

use statrs::distribution::{ContinuousCDF, Normal};

/// Least standard deviation of a residual, on the square-root scale of counts: a Poisson count has ½. Keeps a
/// figure that hardly varies from making a trifle look like a wonder.
const LEAST_SD: f64 = 0.1;

/// A constant and further columns, orthonormal under weights.
#[derive(Clone, Debug)]
pub(super) struct Basis {
    weights: Vec<f64>,
    columns: Vec<Vec<f64>>,
}

impl Basis {
    /// The constant alone; weights of 0 or more, not all 0, one for each replication.
    pub fn new(weights: Vec<f64>) -> Self {
        let one = 1.0 / weights.iter().sum::<f64>().sqrt();
        let columns = vec![vec![one; weights.len() + 1]];
        Self { weights, columns }
    }

    /// The constant, all replications alike.
    pub fn even(replications: usize) -> Self {
        Self::new(vec![1.0; replications])
    }

    /// Adds a column, unless the others span it already; says whether it did.
    pub fn push(&mut self, column: &[f64]) -> bool {
        let size = self.inner(column, column).sqrt();
        let mut left = column.to_vec();
        for _ in 0..2 {
            left = self.residual(&left);
        }
        let length = self.inner(&left, &left).sqrt();
        let new = length > 1e-9 * size.max(1e-300) && length > 0.0;
        if new {
            left.iter_mut().for_each(|value| *value /= length);
            self.columns.push(left);
        }
        new
    }

    /// What of a vector the columns do not explain.
    pub fn residual(&self, y: &[f64]) -> Vec<f64> {
        let mut left = y.to_vec();
        for column in &self.columns {
            let along = self.inner(column, &left);
            left.iter_mut().zip(column).for_each(|(value, x)| *value -= along * x);
        }
        left
    }

    /// How far each entry is from what the others lead to expect, in standard deviations of such a forecast.
    ///
    /// A replication is left out of its own forecast (externally studentised residuals, Belsley, Kuh and Welsch,
    /// *Regression Diagnostics*, 1980, 2.1), so that it and the observed world are judged alike. For even weights.
    pub fn studentised(&self, y: &[f64]) -> Vec<f64> {
        let left = self.residual(y);
        let n = self.weights.len();
        let freedom = (n - self.columns.len()).max(2) as f64;
        let squares: f64 = left[..n].iter().map(|value| value * value).sum();
        let floor = LEAST_SD * LEAST_SD;
        let score = |(at, &value): (usize, &f64)| {
            let leverage: f64 = self.columns.iter().map(|column| column[at] * column[at]).sum();
            if at == n {
                return value / ((squares / freedom).max(floor) * (1.0 + leverage)).sqrt();
            }
            let room = (1.0 - leverage).max(1e-9);
            let others = ((squares - value * value / room) / (freedom - 1.0)).max(floor);
            value / (others * room).sqrt()
        };
        left.iter().enumerate().map(score).collect()
    }

    /// Columns besides the constant.
    pub fn len(&self) -> usize {
        self.columns.len() - 1
    }

    /// The last of them.
    pub fn last(&self) -> &[f64] {
        &self.columns[self.columns.len() - 1]
    }

    /// The leverage of what was observed.
    pub fn leverage(&self) -> f64 {
        self.columns.iter().map(|column| column[self.weights.len()] * column[self.weights.len()]).sum()
    }

    /// How much each replication's value counts in what is expected of the observed world; they add up to 1.
    pub fn pull(&self) -> Vec<f64> {
        let observed = self.weights.len();
        let of = |run: usize| {
            let along: f64 = self.columns.iter().map(|column| column[observed] * column[run]).sum();
            self.weights[run] * along
        };
        (0..observed).map(of).collect()
    }

    /// The weighted inner product over replications.
    pub fn inner(&self, a: &[f64], b: &[f64]) -> f64 {
        self.weights.iter().zip(a).zip(b).map(|((weight, a), b)| weight * a * b).sum()
    }
}

/// Normal scores of values: Φ⁻¹((rank − ½) / n), ties sharing their middle rank.
pub(super) fn normal_scores(values: &[f64]) -> Vec<f64> {
    let n = values.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut scores = vec![0.0; n];
    let mut from = 0;
    while from < n {
        let mut until = from + 1;
        while until < n && values[order[until]] == values[order[from]] {
            until += 1;
        }
        let score = quantile((from + until) as f64 / (2.0 * n as f64));
        order[from..until].iter().for_each(|&place| scores[place] = score);
        from = until;
    }
    scores
}

/// The standard normal law's quantile.
pub(super) fn quantile(u: f64) -> f64 {
    Normal::standard().inverse_cdf(u.clamp(1e-12, 1.0 - 1e-12))
}

/// Its distribution function.
pub(super) fn probability(z: f64) -> f64 {
    Normal::standard().cdf(z)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A straight line through points with known residuals.
    #[test]
    fn the_observed_world_is_carried_along() {
        let x = [1.0, 2.0, 3.0, 4.0, 10.0];
        let y: Vec<f64> = x.iter().map(|x| 3.0 + 2.0 * x).collect();
        let mut basis = Basis::even(4);
        assert!(basis.push(&x) && !basis.push(&x), "a column twice is one column");
        assert!(basis.residual(&y).iter().all(|left| left.abs() < 1e-12), "the line goes on to 23");
        let mut off = y.clone();
        off[4] += 5.0;
        assert!((basis.residual(&off)[4] - 5.0).abs() < 1e-12);
    }

    #[test]
    fn weights_decide_what_is_fitted() {
        let mut basis = Basis::new(vec![1.0, 1.0, 0.0]);
        assert!(basis.push(&[0.0, 1.0, 2.0, 3.0]));
        // Through (0, 1) and (1, 3), whatever the third says.
        let y = [1.0, 3.0, 100.0, 0.0];
        assert!((basis.residual(&y)[3] + 7.0).abs() < 1e-9);
        let pull = basis.pull();
        assert!((pull.iter().zip(y).map(|(pull, y)| pull * y).sum::<f64>() - 7.0).abs() < 1e-9);
        assert!((pull.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    /// Leaving one out by the formula is leaving it out.
    #[test]
    fn a_replication_is_judged_by_the_others() {
        let y = [3.0, 5.0, 4.0, 9.0, 1.0, 4.0, 6.5];
        let x = [0.3, 1.0, 0.2, 0.7, 0.9, 0.1, 0.5];
        let mut basis = Basis::even(6);
        basis.push(&x);
        let scores = basis.studentised(&y);
        for at in 0..6 {
            let without = |values: &[f64]| -> Vec<f64> {
                let others = (0..6).filter(|&other| other != at).map(|other| values[other]);
                others.chain([values[at]]).collect()
            };
            let mut rest = Basis::even(5);
            rest.push(&without(&x));
            let expected = rest.studentised(&without(&y))[5];
            assert!((scores[at] - expected).abs() < 1e-9, "{at}: {} and {expected}", scores[at]);
        }
    }

    #[test]
    fn scores_are_symmetric_and_ties_share_them() {
        let scores = normal_scores(&[5.0, 1.0, 5.0, 9.0]);
        assert_eq!(scores[0], scores[2]);
        assert!((scores[1] + scores[3]).abs() < 1e-9 && scores[0].abs() < 1e-12);
        assert!((probability(quantile(0.3)) - 0.3).abs() < 1e-9);
    }
}
