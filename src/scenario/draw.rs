//! What one replication believes: a value for every parameter.
//!
//! Consumes the parameters and the replication's key; produces a [`Draw`]. Each uncertain parameter is
//! drawn by inversion from one uniform number that belongs to the replication and the parameter's
//! path, so that adding, removing or widening another parameter changes nothing here.

use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::beta::ln_beta;

use super::model::{Draw, Parameter, RangeShape, Scenario};
use crate::random::{Purpose, StreamKey};

/// The standard normal distribution's 95th percentile.
const NORMAL_95: f64 = 1.644_853_626_951_472_7;

impl Scenario {
    /// Draws every uncertain parameter for the replication whose key this is.
    pub fn draw(&self, replication_key: StreamKey) -> Draw {
        let key = replication_key.purpose(Purpose::Parameter);
        let value = |parameter: &Parameter| match (parameter.low, parameter.high) {
            (Some(low), Some(high)) if low < high => {
                quantile(parameter.shape, low, parameter.value, high, key.named(&parameter.path).uniform())
            }
            _ => parameter.value,
        };
        Draw(self.parameters.iter().map(value).collect())
    }
}

/// The quantile of a range at `u` in [0, 1); `low < high` and `low <= mode <= high`.
fn quantile(shape: RangeShape, low: f64, mode: f64, high: f64, u: f64) -> f64 {
    match shape {
        RangeShape::Uniform => low + u * (high - low),
        RangeShape::Triangular => triangular(low, mode, high, u),
        RangeShape::Pert => low + (high - low) * pert((mode - low) / (high - low), u),
        RangeShape::Lognormal => lognormal(low, high, u),
    }
}

/// Inverse of the triangular distribution's function.
fn triangular(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let width = high - low;
    if u < (mode - low) / width {
        low + (u * width * (mode - low)).sqrt()
    } else {
        high - ((1.0 - u) * width * (high - mode)).sqrt()
    }
}

/// Lognormal with `low` and `high` as 5th and 95th percentiles: on the log scale normal, centred
/// between them, with standard deviation (ln high − ln low) / (2 × 1.645).
fn lognormal(low: f64, high: f64, u: f64) -> f64 {
    let centre = 0.5 * (libm::log(low) + libm::log(high));
    let spread = (libm::log(high) - libm::log(low)) / (2.0 * NORMAL_95);
    // The uniform's least step is 2⁻⁵³; half of it keeps the quantile finite at 0.
    let u = u.clamp(0.5 / (1u64 << 53) as f64, 1.0 - f64::EPSILON / 2.0);
    libm::exp(centre + spread * Normal::standard().inverse_cdf(u))
}

/// Quantile of the PERT distribution on [0, 1] with its mode at `mode`: Beta(1 + 4 mode, 5 − 4 mode)
/// (Clark 1962; Vose, *Risk Analysis*). Halley's method on the distribution function, kept within a
/// shrinking bracket: its error falls with the cube of the step, so a step under 1e-6 is the last.
fn pert(mode: f64, u: f64) -> f64 {
    let (a, b) = (1.0 + 4.0 * mode, 5.0 - 4.0 * mode);
    // Where the mode is at an end the function has a closed form.
    if mode <= 0.0 {
        return 1.0 - libm::pow(1.0 - u, 1.0 / b);
    }
    if mode >= 1.0 {
        return libm::pow(u, 1.0 / a);
    }
    if u <= 0.0 {
        return 0.0;
    }
    let log_beta = ln_beta(a, b);
    let (mut below, mut above) = (0.0_f64, 1.0_f64);
    let mut x = a / (a + b);
    for _ in 0..100 {
        let density = libm::exp((a - 1.0) * libm::log(x) + (b - 1.0) * libm::log(1.0 - x) - log_beta);
        let error = beta_function(a, b, x, density) - u;
        if error > 0.0 {
            above = x
        } else {
            below = x
        }
        let newton = error / density;
        let bend = (a - 1.0) / x - (b - 1.0) / (1.0 - x);
        // The correction is bounded, so that far from the root the step stays near Newton's.
        let next = x - newton / (1.0 - 0.5 * (newton * bend).clamp(-1.0, 1.0));
        let inside = next >= below && next <= above;
        let next = if inside { next } else { 0.5 * (below + above) };
        if inside && (next - x).abs() <= 1e-6 * x.min(1.0 - x) {
            return next;
        }
        x = next;
    }
    x
}

/// The distribution function of Beta(a, b) at x, given its density there: the continued fraction of
/// the incomplete beta function (Abramowitz and Stegun 26.5.8) by Lentz's method, on the side of the
/// mean where it converges fast.
fn beta_function(a: f64, b: f64, x: f64, density: f64) -> f64 {
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_function(b, a, 1.0 - x, density);
    }
    let guard = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..200 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    x * (1.0 - x) * density * fraction / a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pert_with_its_mode_in_the_middle_solves_the_polynomial_of_beta_3_3() {
        for step in 1..200 {
            let u = f64::from(step) / 200.0;
            let x = pert(0.5, u);
            // The distribution function of Beta(3, 3).
            let back = x.powi(3) * (10.0 - 15.0 * x + 6.0 * x * x);
            assert!((back - u).abs() < 1e-12, "{u}: {back}");
        }
        assert!((pert(0.5, 0.5) - 0.5).abs() < 1e-13);
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
        assert!((pert(0.0, 0.3) - (1.0 - libm::pow(0.7, 0.2))).abs() < 1e-15);
        assert!((pert(1.0, 0.3) - libm::pow(0.3, 0.2)).abs() < 1e-15);
        // And the general method agrees with it nearby.
        assert!((pert(1e-9, 0.3) - pert(0.0, 0.3)).abs() < 1e-8);
    }

    #[test]
    fn the_beta_function_agrees_with_another_implementation() {
        for mode in [0.01, 0.13, 0.5, 0.77, 0.99] {
            let (a, b) = (1.0 + 4.0 * mode, 5.0 - 4.0 * mode);
            for step in 1..100 {
                let x = f64::from(step) / 100.0;
                let density =
                    libm::exp((a - 1.0) * libm::log(x) + (b - 1.0) * libm::log(1.0 - x) - ln_beta(a, b));
                let expected = statrs::function::beta::beta_reg(a, b, x);
                assert!((beta_function(a, b, x, density) - expected).abs() < 1e-12, "{mode} {x}");
            }
        }
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
            let x = triangular(low, mode, high, u);
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
        assert!((lognormal(2.0, 8.0, 0.05) - 2.0).abs() < 1e-9);
        assert!((lognormal(2.0, 8.0, 0.95) - 8.0).abs() < 1e-9);
        assert!((lognormal(2.0, 8.0, 0.5) - 4.0).abs() < 1e-12);
        assert!(lognormal(2.0, 8.0, 0.0) > 0.0);
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
