//! What knowing a figure would be worth to a decision.
//!
//! Consumes, for independent runs, the loss of each option and the value of a figure; produces the
//! expected value of perfect information about it (EVPPI): how much less would be lost, on average,
//! if the figure were known before the option is chosen.
//!
//! EVPPI = min over options of E\[loss\] − E\[min over options of E\[loss | figure\]\], the inner
//! expectation by regression of each option's loss on the figure (Strong, Oakley and Brennan, *Medical
//! Decision Making* 34, 2014), here [`super::smoother`] with chance's part taken off; differences from
//! the first option are fitted, since a common part of the loss decides nothing. Its standard error
//! is that of a bootstrap over runs, drawn from keyed streams.
//!
//! Invariants: never negative; nothing for a figure that does not vary or for a single option.

use serde::{Deserialize, Serialize};

use super::smoother::Smoother;
use crate::random::StreamKey;
use crate::summary::Estimate;

/// Resamples behind a standard error.
const RESAMPLES: u64 = 60;

/// Losses of a decision's options: options × runs, in one unit.
pub type Losses = Vec<Vec<f64>>;

/// A value with its standard error, in the unit of the losses.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// The estimate, at least 0.
    pub value: f64,
    /// Its standard error: of [`evppi`] by the bootstrap, of [`perfect`] that of a mean.
    pub se: f64,
}

/// The option with the least mean loss; the first of equals.
pub fn best_option(losses: &Losses) -> usize {
    let mean = |option: &Vec<f64>| option.iter().sum::<f64>() / option.len() as f64;
    let means: Vec<f64> = losses.iter().map(mean).collect();
    (0..means.len()).fold(0, |best, option| if means[option] < means[best] { option } else { best })
}

/// The EVPPI of a figure for several decisions taken side by side, summed, with its standard error.
pub fn evppi(figure: &[f64], decisions: &[&Losses], key: StreamKey) -> Value {
    let value = total(figure, decisions);
    let n = figure.len();
    let resampled: Vec<f64> = (0..RESAMPLES)
        .map(|resample| {
            let key = key.child(resample);
            let pick = |at: usize| ((key.child(at as u64).uniform() * n as f64) as usize).min(n - 1);
            let runs: Vec<usize> = (0..n).map(pick).collect();
            let of = |values: &[f64]| runs.iter().map(|&run| values[run]).collect::<Vec<f64>>();
            let drawn: Vec<Losses> =
                decisions.iter().map(|losses| losses.iter().map(|option| of(option)).collect()).collect();
            total(&of(figure), &drawn.iter().collect::<Vec<_>>())
        })
        .collect();
    let mean = resampled.iter().sum::<f64>() / RESAMPLES as f64;
    let squares: f64 = resampled.iter().map(|value| (value - mean) * (value - mean)).sum();
    Value { value, se: (squares / (RESAMPLES - 1) as f64).sqrt() }
}

/// What knowing everything, luck included, would be worth: no measurement can be worth more.
pub fn perfect(losses: &Losses) -> Value {
    let Some(first) = losses.first().filter(|first| !first.is_empty()) else {
        return Value { value: 0.0, se: f64::NAN };
    };
    let chosen = &losses[best_option(losses)];
    let least = |run: usize| losses.iter().map(|option| option[run]).fold(f64::INFINITY, f64::min);
    let gained = Estimate::of(&(0..first.len()).map(|run| chosen[run] - least(run)).collect::<Vec<f64>>());
    Value { value: gained.mean, se: gained.se }
}

fn total(figure: &[f64], decisions: &[&Losses]) -> f64 {
    let smoother = Smoother::over(figure);
    decisions.iter().map(|losses| of_one(&smoother, losses)).sum()
}

fn of_one(smoother: &Smoother, losses: &Losses) -> f64 {
    let [base, others @ ..] = losses.as_slice() else { return 0.0 };
    let n = base.len();
    if n == 0 || others.is_empty() {
        return 0.0;
    }
    let mut least_known = vec![0.0_f64; n];
    let mut least = 0.0_f64;
    for option in others {
        let difference: Vec<f64> = option.iter().zip(base).map(|(option, base)| option - base).collect();
        let curve = smoother.fit(&difference);
        least = least.min(curve.mean);
        for (known, deviation) in least_known.iter_mut().zip(curve.shrunk()) {
            *known = known.min(curve.mean + deviation);
        }
    }
    let value = least - least_known.iter().sum::<f64>() / n as f64;
    // A mean of terms of this size is not known to better than rounding.
    let rounding = 1e-12 * base.iter().map(|loss| loss.abs()).sum::<f64>() / n as f64;
    if value > rounding { value } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Normal};

    use super::*;

    fn normals(name: &str, seed: u64, n: u64) -> Vec<f64> {
        let law = Normal::standard();
        let key = StreamKey::master(seed).named(name);
        (0..n).map(|i| law.inverse_cdf(key.child(i).uniform().clamp(1e-15, 1.0 - 1e-15))).collect()
    }

    /// Two options: nothing, or a loss of m + s X + t E with X known and E not, X and E standard normal.
    fn two_options(seed: u64, m: f64, s: f64, t: f64) -> (Vec<f64>, Losses) {
        let (x, e) = (normals("x", seed, 512), normals("e", seed, 512));
        let loss = x.iter().zip(&e).map(|(x, e)| m + s * x + t * e).collect();
        (x, vec![vec![0.0; 512], loss])
    }

    /// −E\[min(0, Y)\] for Y normal with mean m: what one gains who may refuse Y.
    fn gain(m: f64, sd: f64) -> f64 {
        let z = m / sd;
        let density = libm::exp(-0.5 * z * z) / (2.0 * std::f64::consts::PI).sqrt();
        sd * density - m * (1.0 - Normal::standard().cdf(z))
    }

    /// Knowing X one takes the second option when m + s X < 0, else when m < 0: the value is
    /// gain(m, s) − max(0, −m); with m = 0 that is s / √(2π).
    fn exact(m: f64, s: f64) -> f64 {
        gain(m, s) - (-m).max(0.0)
    }

    /// What samples of n runs give on average: their mean of m has variance v = (s² + t²)/n, so the
    /// option that looks best in the sample looks better than it is, by gain(m, √v) in all.
    fn of_a_sample(m: f64, s: f64, t: f64) -> f64 {
        let v = (s * s + t * t) / 512.0;
        gain(m, (s * s + v).sqrt()) - gain(m, v.sqrt())
    }

    /// Mean and standard error over seeds.
    fn over_seeds(seeds: u64, of: impl Fn(u64) -> f64) -> (f64, f64) {
        let values: Vec<f64> = (0..seeds).map(of).collect();
        let n = seeds as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        (mean, (squares / (n - 1.0) / n).sqrt())
    }

    #[test]
    fn two_normal_options_have_the_value_of_the_formula() {
        assert!((exact(0.0, 3.0) - 3.0 * 0.398_942_280_401_432_7).abs() < 1e-12);
        for (m, s, t) in [(0.0, 1.0, 1.0), (0.5, 1.0, 2.0), (-0.5, 2.0, 1.0)] {
            let value = |seed| {
                let (x, losses) = two_options(seed, m, s, t);
                total(&x, &[&losses])
            };
            let (mean, se) = over_seeds(200, value);
            // The spline bends a little at the ends: 0.2% of the spread besides 4 standard errors.
            let allowed = 4.0 * se + 0.002 * (s * s + t * t).sqrt();
            let expected = of_a_sample(m, s, t);
            assert!((mean - expected).abs() < allowed, "{m} {s} {t}: {mean} ± {se} for {expected}");
            assert!((0.9 * mean - expected).abs() > allowed, "{m} {s} {t}: a tenth off is noticed");
            // One estimate is within its error of the exact value: the sample's own bias is smaller.
            let spread = se * 200.0_f64.sqrt();
            assert!((mean - exact(m, s)).abs() < spread, "{m} {s} {t}: {mean} ± {spread}, {}", exact(m, s));
        }
    }

    #[test]
    fn a_figure_that_decides_nothing_is_worth_nothing() {
        let irrelevant = |seed| {
            let (_, losses) = two_options(seed, 0.2, 1.0, 1.0);
            (normals("other", seed, 512), losses)
        };
        let (mean, _) = over_seeds(200, |seed| {
            let (x, losses) = irrelevant(seed);
            total(&x, &[&losses])
        });
        // Knowing everything is worth 0.47 here; chance leaves under a hundredth of that.
        assert!(mean < 0.005, "{mean}");
        let raw = |seed| {
            let (x, losses) = irrelevant(seed);
            let curve = Smoother::over(&x).fit(&losses[1]);
            let known = curve.deviations.iter().map(|d| (curve.mean + d).min(0.0)).sum::<f64>() / 512.0;
            curve.mean.min(0.0) - known
        };
        let (unshrunk, _) = over_seeds(200, raw);
        assert!(unshrunk > 2.0 * mean, "without shrinking: {unshrunk}");
    }

    /// Bootstrap errors are the spread over fresh samples, within a third (200 samples know a standard
    /// deviation to 5%, and 60 resamples to 9%).
    #[test]
    fn bootstrap_errors_are_the_spread_of_fresh_samples() {
        let value = |seed| {
            let (x, losses) = two_options(seed, 0.5, 1.0, 1.0);
            (x, losses)
        };
        let (_, se) = over_seeds(200, |seed| total(&value(seed).0, &[&value(seed).1]));
        let spread = se * 200.0_f64.sqrt();
        let (claimed, _) = over_seeds(20, |seed| {
            let (x, losses) = value(seed);
            evppi(&x, &[&losses], StreamKey::master(seed)).se
        });
        assert!((claimed / spread - 1.0).abs() < 1.0 / 3.0, "{claimed} for {spread}");
    }

    #[test]
    fn one_option_has_no_value_and_the_best_is_the_least() {
        assert_eq!(total(&[1.0, 2.0, 3.0], &[&vec![vec![1.0, 5.0, 9.0]]]), 0.0);
        let losses = vec![vec![3.0, 5.0], vec![1.0, 1.0], vec![0.0, 2.0]];
        assert_eq!(best_option(&losses), 1);
        // Gains of 1 and 0: their mean is known to a half.
        assert_eq!(perfect(&losses), Value { value: 0.5, se: 0.5 });
    }
}
