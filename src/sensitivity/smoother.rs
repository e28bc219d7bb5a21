//! How an output goes with one figure, everything else left to vary.
//!
//! Consumes a figure's values over independent runs and an output's values in the same runs; produces
//! the fitted curve E\[output | figure\] at each run, and how much of the output's variance it explains.
//!
//! **How.** A natural cubic spline (Hastie, Tibshirani and Friedman, *The Elements of Statistical
//! Learning*, 5.2.1) in the figure's normal score, Φ⁻¹((rank − ½)/n), with knots at fixed normal
//! quantiles: any range shape becomes the same bell, so the fit does not hang on a few far values.
//! Its columns are made orthonormal, so that a fit is a handful of inner products.
//!
//! **Chance.** A spline of k columns explains k times the residual variance / n of an output that has
//! nothing to do with the figure. [`Curve::shrunk`] pulls the curve towards its mean until that much
//! is taken off its variance, and flattens it when no more than that was there.
//!
//! Invariant: no randomness; a figure that does not vary has no columns and explains nothing.

use statrs::distribution::{ContinuousCDF, Normal};

/// Knots, in normal scores: about the 5th, 20th, 50th, 80th and 95th percentiles.
const KNOTS: [f64; 5] = [-1.6, -0.85, 0.0, 0.85, 1.6];

/// The orthonormal columns of a figure's spline, without the constant.
#[derive(Clone, Debug)]
pub struct Smoother {
    columns: Vec<Vec<f64>>,
    n: usize,
}

/// A fitted curve at each run.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The output's mean.
    pub mean: f64,
    /// The curve less that mean, by run.
    pub deviations: Vec<f64>,
    /// Share of the output's sum of squares that the curve explains, 0 to 1; 0 if it does not vary.
    pub explained: f64,
    /// Columns used.
    columns: usize,
}

impl Smoother {
    /// Prepares the spline over a figure's values.
    pub fn over(values: &[f64]) -> Self {
        let scores = normal_scores(values);
        let n = values.len();
        let mut smoother = Self { columns: Vec::new(), n };
        // No more columns than a tenth of the runs can bear.
        for raw in spline(&scores).into_iter().take((n / 10).max(1)) {
            smoother.push(raw);
        }
        smoother
    }

    /// The curve of an output.
    pub fn fit(&self, output: &[f64]) -> Curve {
        let mean = output.iter().sum::<f64>() / self.n as f64;
        let centred: Vec<f64> = output.iter().map(|value| value - mean).collect();
        let mut deviations = vec![0.0; self.n];
        for column in &self.columns {
            let slope = inner(column, &centred);
            deviations.iter_mut().zip(column).for_each(|(fitted, x)| *fitted += slope * x);
        }
        let all = inner(&centred, &centred);
        let explained = if all > 0.0 { (inner(&deviations, &deviations) / all).clamp(0.0, 1.0) } else { 0.0 };
        Curve { mean, deviations, explained, columns: self.columns.len() }
    }

    /// Adds a column, made orthogonal to the constant and the others; one that they already span is
    /// left out.
    fn push(&mut self, raw: Vec<f64>) {
        let mean = raw.iter().sum::<f64>() / self.n as f64;
        let mut column: Vec<f64> = raw.iter().map(|value| value - mean).collect();
        // Normal scores are of order 1, and so is the least column worth having.
        let length = inner(&raw, &raw).sqrt().max(1.0);
        // Twice, because once leaves rounding errors of nearly parallel columns.
        for _ in 0..2 {
            for other in &self.columns {
                let along = inner(other, &column);
                column.iter_mut().zip(other).for_each(|(value, x)| *value -= along * x);
            }
        }
        let left = inner(&column, &column).sqrt();
        if left > 1e-9 * length {
            column.iter_mut().for_each(|value| *value /= left);
            self.columns.push(column);
        }
    }
}

impl Curve {
    /// The factor that takes chance's part off the curve's variance: √(1 − 1/F) for a variance ratio F
    /// over 1, else 0.
    fn shrinkage(&self) -> f64 {
        let residual_freedom = self.deviations.len() as f64 - 1.0 - self.columns as f64;
        if self.explained <= 0.0 || residual_freedom <= 0.0 {
            return 0.0;
        }
        let by_chance = self.columns as f64 * (1.0 - self.explained) / residual_freedom;
        (1.0 - by_chance / self.explained).max(0.0).sqrt()
    }

    /// Share of the output's variance that knowing the figure takes away, chance's part taken off: the
    /// first-order index from given data.
    pub fn first_order(&self) -> f64 {
        let factor = self.shrinkage();
        factor * factor * self.explained
    }

    /// The curve with chance's part taken off.
    pub fn shrunk(&self) -> Vec<f64> {
        let factor = self.shrinkage();
        self.deviations.iter().map(|deviation| factor * deviation).collect()
    }
}

fn inner(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Φ⁻¹((rank − ½)/n), ties sharing the mean of their ranks.
fn normal_scores(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
    let normal = Normal::standard();
    let n = values.len() as f64;
    let mut scores = vec![0.0; values.len()];
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let first = order.partition_point(|&other| values[other].total_cmp(&values[tied[0]]).is_lt());
        let middle = first as f64 + tied.len() as f64 / 2.0;
        let score = normal.inverse_cdf(middle / n);
        tied.iter().for_each(|&run| scores[run] = score);
    }
    scores
}

/// The natural cubic spline's columns but for the constant: the score, and one for each knot but the
/// last two.
fn spline(scores: &[f64]) -> Vec<Vec<f64>> {
    let cube = |x: f64, knot: f64| (x - knot).max(0.0).powi(3);
    let last = KNOTS[KNOTS.len() - 1];
    let bent = |x: f64, knot: f64| (cube(x, knot) - cube(x, last)) / (last - knot);
    let next_to_last = KNOTS[KNOTS.len() - 2];
    let knots = &KNOTS[..KNOTS.len() - 2];
    let columns =
        knots.iter().map(|&knot| scores.iter().map(|&x| bent(x, knot) - bent(x, next_to_last)).collect());
    std::iter::once(scores.to_vec()).chain(columns).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::StreamKey;

    fn uniforms(name: &str, seed: u64, n: u64) -> Vec<f64> {
        let key = StreamKey::master(seed).named(name);
        (0..n).map(|i| key.child(i).uniform()).collect()
    }

    #[test]
    fn a_straight_line_in_the_normal_score_is_fitted_exactly() {
        let x = uniforms("x", 1, 200);
        let scores = normal_scores(&x);
        let y: Vec<f64> = scores.iter().map(|score| 3.0 + 2.0 * score).collect();
        let curve = Smoother::over(&x).fit(&y);
        assert!((curve.explained - 1.0).abs() < 1e-12);
        for (y, fitted) in y.iter().zip(&curve.deviations) {
            assert!((y - curve.mean - fitted).abs() < 1e-9);
        }
    }

    #[test]
    fn ties_share_a_score_and_a_constant_explains_nothing() {
        let scores = normal_scores(&[5.0, 1.0, 5.0, 9.0]);
        assert_eq!(scores[0], scores[2]);
        assert!(scores[0].abs() < 1e-12 && scores[1] < 0.0 && (scores[1] + scores[3]).abs() < 1e-9);
        let curve = Smoother::over(&[2.0; 30]).fit(&uniforms("y", 1, 30));
        assert_eq!((curve.explained, curve.first_order()), (0.0, 0.0));
    }

    /// y = x² + noise with known shares of variance: x uniform, V(x²) = 4/45, noise 1/12 × 0.64.
    #[test]
    fn a_bend_is_found_with_its_share_of_variance() {
        let exact = (4.0 / 45.0) / (4.0 / 45.0 + 0.64 / 12.0);
        let estimates: Vec<f64> = (0..60)
            .map(|seed| {
                let (x, e) = (uniforms("x", seed, 400), uniforms("e", seed, 400));
                let y: Vec<f64> = x.iter().zip(&e).map(|(x, e)| x * x + 0.8 * e).collect();
                Smoother::over(&x).fit(&y).first_order()
            })
            .collect();
        let n = estimates.len() as f64;
        let mean = estimates.iter().sum::<f64>() / n;
        let sd = (estimates.iter().map(|e| (e - mean) * (e - mean)).sum::<f64>() / (n - 1.0)).sqrt();
        // The spline lets about 0.003 of the bend through as error; 4 standard errors besides.
        assert!((mean - exact).abs() < 4.0 * sd / n.sqrt() + 0.005, "{mean} for {exact}");
        assert!((0.95 * mean - exact).abs() > 4.0 * sd / n.sqrt() + 0.005, "5% off is noticed");
    }

    /// What has nothing to do with the figure: unshrunk, four columns of 100 runs explain 4/99.
    #[test]
    fn chance_is_taken_off() {
        let (mut plain, mut shrunk) = (0.0, 0.0);
        let seeds = 400;
        for seed in 0..seeds {
            let curve = Smoother::over(&uniforms("x", seed, 100)).fit(&uniforms("e", seed, 100));
            plain += curve.explained / seeds as f64;
            shrunk += curve.first_order() / seeds as f64;
        }
        // Beta(2, 47.5) has standard deviation 0.028.
        assert!((plain - 4.0 / 99.0).abs() < 4.0 * 0.028 / 20.0, "{plain}");
        assert!(shrunk < 0.4 * plain, "{shrunk}");
    }
}
