//! What one replication believes: a value for every parameter.
//!
//! Consumes the parameters and the replication's key; produces a [`Draw`]. Each uncertain parameter is
//! drawn by inversion from one uniform number that belongs to the replication and the parameter's
//! path, so that adding, removing or widening another parameter changes nothing here.

use statrs::distribution::{Beta, ContinuousCDF, LogNormal, Triangular};

use super::model::{Draw, Parameter, RangeShape, Scenario};
use crate::random::{Purpose, StreamKey};

/// The standard normal distribution's 95th percentile.
const NORMAL_95: f64 = 1.644_853_626_951_472_7;

impl Scenario {
    /// Draws every uncertain parameter for the replication whose key this is.
    pub fn draw(&self, replication_key: StreamKey) -> Draw {
        let key = replication_key.purpose(Purpose::Parameter);
        let value = |parameter: &Parameter| match parameter.range() {
            Some(_) => parameter.quantile(key.named(&parameter.path).uniform()),
            None => parameter.value,
        };
        Draw(self.parameters.iter().map(value).collect())
    }
}

impl Parameter {
    /// The ends of the range, where the figure is uncertain.
    pub fn range(&self) -> Option<(f64, f64)> {
        match (self.low, self.high) {
            (Some(low), Some(high)) if low < high => Some((low, high)),
            _ => None,
        }
    }

    /// The value that the figure is below with probability `u`, in [0, 1); a certain figure's only one.
    pub fn quantile(&self, u: f64) -> f64 {
        self.range().map_or(self.value, |(low, high)| quantile(self.shape, low, self.value, high, u))
    }
}

/// The quantile of a range at `u` in [0, 1); `low < high` and `low <= mode <= high`.
///
/// * Uniform and triangular: `low` and `high` are the ends.
/// * PERT: Beta(1 + 4 m, 5 - 4 m) stretched from `low` to `high`, where m is the mode's place between
///   them (Clark 1962; Vose, *Risk Analysis*).
/// * Lognormal: `low` and `high` are the 5th and 95th percentiles, so on the log scale it is normal,
///   centred between them, with standard deviation (ln high - ln low) / (2 x 1.645).
fn quantile(shape: RangeShape, low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let place = (mode - low) / (high - low);
    // Validation has made sure of what these laws need; the central value stands in if it has not.
    let drawn = match shape {
        RangeShape::Uniform => Some(low + u * (high - low)),
        RangeShape::Triangular => Triangular::new(low, high, mode).ok().map(|law| law.inverse_cdf(u)),
        RangeShape::Pert => {
            let law = Beta::new(1.0 + 4.0 * place, 5.0 - 4.0 * place);
            law.ok().map(|law| low + (high - low) * law.inverse_cdf(u))
        }
        RangeShape::Lognormal => {
            let (log_low, log_high) = (libm::log(low), libm::log(high));
            let law = LogNormal::new(0.5 * (log_low + log_high), (log_high - log_low) / (2.0 * NORMAL_95));
            // The uniform's least step is 2^-53; half of it keeps the quantile finite at 0.
            let u = u.clamp(0.5 / (1u64 << 53) as f64, 1.0 - f64::EPSILON / 2.0);
            law.ok().map(|law| law.inverse_cdf(u))
        }
    };
    drawn.filter(|value| value.is_finite()).unwrap_or(mode)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pert(mode: f64, u: f64) -> f64 {
        quantile(RangeShape::Pert, 0.0, mode, 1.0, u)
    }

    #[test]
    fn pert_with_its_mode_in_the_middle_solves_the_polynomial_of_beta_3_3() {
        for step in 1..200 {
            let u = f64::from(step) / 200.0;
            let x = pert(0.5, u);
            // The distribution function of Beta(3, 3).
            let back = x.powi(3) * (10.0 - 15.0 * x + 6.0 * x * x);
            assert!((back - u).abs() < 1e-12, "{u}: {back}");
        }
        assert!((pert(0.5, 0.5) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn pert_with_its_mode_at_a_quarter_solves_the_polynomial_of_beta_2_4() {
        for step in 1..200 {
            let u = f64::from(step) / 200.0;
            let x: f64 = pert(0.25, u);
            // I_x(2, 4) = 1 − (1 − x)^5 − 5 x (1 − x)^4.
            let y = 1.0 - x;
            let back = 1.0 - y.powi(5) - 5.0 * x * y.powi(4);
            assert!((back - u).abs() < 1e-12, "{u}: {back}");
        }
    }

    #[test]
    fn pert_with_its_mode_at_an_end_has_a_closed_form() {
        assert!((pert(0.0, 0.3) - (1.0 - libm::pow(0.7, 0.2))).abs() < 1e-12);
        assert!((pert(1.0, 0.3) - libm::pow(0.3, 0.2)).abs() < 1e-12);
    }

    #[test]
    fn pert_has_the_mean_of_its_definition() {
        // (low + 4 mode + high) / 6, integrated by the midpoint rule over the quantiles.
        let n = 20_000;
        let mean = (0..n)
            .map(|i| quantile(RangeShape::Pert, 2.0, 3.0, 8.0, (f64::from(i) + 0.5) / f64::from(n)))
            .sum::<f64>()
            / f64::from(n);
        assert!((mean - (2.0 + 12.0 + 8.0) / 6.0).abs() < 1e-4, "{mean}");
    }

    #[test]
    fn triangular_quantiles_invert_the_distribution_function() {
        let (low, mode, high) = (1.0, 2.0, 5.0);
        for step in 1..100 {
            let u = f64::from(step) / 100.0;
            let x = quantile(RangeShape::Triangular, low, mode, high, u);
            let back = if x <= mode {
                (x - low).powi(2) / ((high - low) * (mode - low))
            } else {
                1.0 - (high - x).powi(2) / ((high - low) * (high - mode))
            };
            assert!((back - u).abs() < 1e-12);
        }
    }

    #[test]
    fn lognormal_has_the_percentiles_it_is_given() {
        assert!((quantile(RangeShape::Lognormal, 2.0, 4.0, 8.0, 0.05) - 2.0).abs() < 1e-9);
        assert!((quantile(RangeShape::Lognormal, 2.0, 4.0, 8.0, 0.95) - 8.0).abs() < 1e-9);
        assert!((quantile(RangeShape::Lognormal, 2.0, 4.0, 8.0, 0.5) - 4.0).abs() < 1e-12);
        assert!(quantile(RangeShape::Lognormal, 2.0, 4.0, 8.0, 0.0) > 0.0);
    }

    #[test]
    fn every_shape_stays_within_its_range_and_rises() {
        for shape in [RangeShape::Pert, RangeShape::Triangular, RangeShape::Uniform] {
            for mode in [0.0, 0.1, 0.5, 0.999, 1.0] {
                let mut last = -1.0;
                for step in 0..1000 {
                    let x = quantile(shape, 0.0, mode, 1.0, f64::from(step) / 1000.0);
                    assert!((0.0..=1.0).contains(&x) && x >= last, "{shape:?} {mode} {step}");
                    last = x;
                }
            }
        }
    }
}
