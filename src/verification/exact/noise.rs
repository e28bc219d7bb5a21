//! Moments of weekly counts when demand is multiplied by lognormal, autoregressive noise.
//!
//! A layer's multiplier is `exp(σ x − σ²/2)` with `σ² = ln(1 + cv²)` and `x` a stationary first-order
//! autoregression of unit variance and correlation `r` from one period to the next. Two of its
//! values `n` periods apart therefore have `E[MM'] = exp(σ² rⁿ) = (1 + cv²)^(rⁿ)`; independent
//! layers multiply. Given the noise, counts are Poisson.

/// One layer of noise over the days of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Coefficient of variation of the multiplier.
    pub cv: f64,
    /// Correlation of the logarithm from one period to the next.
    pub correlation: f64,
    /// Number of the period to which each day belongs.
    pub periods: Vec<i64>,
}

impl Layer {
    /// E[M M'] for the multipliers of two days.
    fn product(&self, one: usize, other: usize) -> f64 {
        let apart = (self.periods[one] - self.periods[other]).unsigned_abs();
        let correlation = self.correlation.powi(i32::try_from(apart).unwrap_or(i32::MAX));
        (1.0 + self.cv * self.cv).powf(correlation)
    }
}

/// Covariance of the intensities summed over two weeks (numbered from 0), for two counts whose
/// mean intensity is `daily` on every day and which share `layers`. The covariance of counts is the
/// same, except that a week's variance has its mean added.
pub fn weekly_covariance(daily: f64, layers: &[Layer], one: usize, other: usize) -> f64 {
    let mut sum = 0.0;
    for left in 7 * one..7 * one + 7 {
        for right in 7 * other..7 * other + 7 {
            let product: f64 = layers.iter().map(|layer| layer.product(left, right)).product();
            sum += product - 1.0;
        }
    }
    daily * daily * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_period_gives_the_square_of_the_mean_times_cv() {
        let layer = Layer { cv: 0.2, correlation: 0.5, periods: vec![0; 14] };
        let covariance = weekly_covariance(3.0, &[layer], 0, 1);
        assert!((covariance - (21.0_f64 * 0.2).powi(2)).abs() < 1e-9);
    }

    #[test]
    fn correlation_fades_from_period_to_period() {
        let periods = (0..21).map(|day| day / 7).collect();
        let layer = Layer { cv: 0.3, correlation: 0.6, periods };
        let variance = weekly_covariance(1.0, std::slice::from_ref(&layer), 0, 0);
        let next = weekly_covariance(1.0, std::slice::from_ref(&layer), 0, 1);
        let after = weekly_covariance(1.0, &[layer], 0, 2);
        // On the log scale the correlations are 1, 0.6 and 0.36.
        let log = |covariance: f64| (1.0 + covariance / 49.0).ln();
        assert!((log(next) / log(variance) - 0.6).abs() < 1e-9);
        assert!((log(after) / log(variance) - 0.36).abs() < 1e-9);
    }

    #[test]
    fn layers_multiply() {
        let layer = |cv| Layer { cv, correlation: 0.0, periods: vec![0; 7] };
        let both = weekly_covariance(1.0, &[layer(0.2), layer(0.3)], 0, 0);
        assert!((both / 49.0 - (1.04 * 1.09 - 1.0)).abs() < 1e-12);
    }
}
