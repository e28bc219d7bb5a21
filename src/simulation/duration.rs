//! Durations in plain numbers: sampling, and what is left of a case found open.
//!
//! Consumes a scenario's [`Duration`] and a draw of its parameters; produces a [`Sampler`].

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp1, StandardNormal};

use crate::random::open_uniform;
use crate::scenario::{Draw, Duration};

/// A duration ready to be sampled. Days.
#[derive(Clone, Debug)]
pub(crate) enum Sampler {
    /// Always this.
    Fixed(f64),
    /// Exponential.
    Exponential { mean: f64 },
    /// Gamma.
    Gamma { distribution: rand_distr::Gamma<f64>, shape: f64, scale: f64 },
    /// Lognormal, by the mean and standard deviation of its logarithm.
    Lognormal { mu: f64, sigma: f64 },
    /// Weibull.
    Weibull { scale: f64, shape: f64 },
    /// Uniform within each band; cumulative shares.
    Bands { edges: Vec<f64>, cumulative: Vec<f64> },
    /// One of several; cumulative shares.
    Mixture { cumulative: Vec<f64>, parts: Vec<Sampler> },
}

impl Sampler {
    /// The duration under one draw of the parameters, times `scale`.
    pub fn new(duration: &Duration, draw: &Draw, scale: f64) -> Self {
        match duration {
            Duration::Zero => Self::Fixed(0.0),
            Duration::Fixed(value) => Self::Fixed(draw[*value] * scale),
            Duration::Exponential(mean) => Self::Exponential { mean: draw[*mean] * scale },
            Duration::Gamma { mean, shape } => Self::gamma(draw[*mean] * scale, draw[*shape]),
            Duration::Lognormal { mean, cv } => {
                let variance = libm::log1p(draw[*cv] * draw[*cv]);
                Self::Lognormal {
                    mu: libm::log(draw[*mean] * scale) - variance / 2.0,
                    sigma: variance.sqrt(),
                }
            }
            Duration::Weibull { mean, shape } => {
                let shape = draw[*shape];
                Self::Weibull { scale: draw[*mean] * scale / libm::tgamma(1.0 + 1.0 / shape), shape }
            }
            Duration::Bands { edges, shares } => Self::Bands {
                edges: edges.iter().map(|edge| edge * scale).collect(),
                cumulative: cumulative(shares.iter().map(|share| draw[*share])),
            },
            Duration::Mixture(parts) => Self::Mixture {
                cumulative: cumulative(parts.iter().map(|(share, _)| draw[*share])),
                parts: parts.iter().map(|(_, part)| Self::new(part, draw, scale)).collect(),
            },
            Duration::Scaled(factor, inner) => Self::new(inner, draw, scale * factor),
        }
    }

    fn gamma(mean: f64, shape: f64) -> Self {
        let scale = mean / shape;
        match rand_distr::Gamma::new(shape, scale) {
            Ok(distribution) => Self::Gamma { distribution, shape, scale },
            // Validation keeps mean and shape positive; a mean of zero is no time at all.
            Err(_) => Self::Fixed(0.0),
        }
    }

    /// Draws a duration.
    #[inline]
    pub fn sample(&self, rng: &mut (impl Rng + ?Sized)) -> f64 {
        match self {
            Self::Fixed(value) => *value,
            Self::Exponential { mean } => {
                let unit: f64 = Exp1.sample(rng);
                mean * unit
            }
            Self::Gamma { distribution, .. } => distribution.sample(rng),
            Self::Lognormal { mu, sigma } => {
                let z: f64 = StandardNormal.sample(rng);
                libm::exp(mu + sigma * z)
            }
            Self::Weibull { scale, shape } => scale * libm::pow(-libm::log(open_uniform(rng)), 1.0 / shape),
            Self::Bands { edges, cumulative } => {
                let band = pick(cumulative, rng.random());
                edges[band] + (edges[band + 1] - edges[band]) * rng.random::<f64>()
            }
            Self::Mixture { cumulative, parts } => parts[pick(cumulative, rng.random())].sample(rng),
        }
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Fixed(value) => *value,
            Self::Exponential { mean } => *mean,
            Self::Gamma { shape, scale, .. } => shape * scale,
            Self::Lognormal { mu, sigma } => libm::exp(mu + sigma * sigma / 2.0),
            Self::Weibull { scale, shape } => scale * libm::tgamma(1.0 + 1.0 / shape),
            Self::Bands { edges, cumulative } => shares(cumulative)
                .zip(edges.windows(2))
                .map(|(share, band)| share * (band[0] + band[1]) / 2.0)
                .sum(),
            Self::Mixture { cumulative, parts } => {
                shares(cumulative).zip(parts).map(|(share, part)| share * part.mean()).sum()
            }
        }
    }

    /// A case found open at a moment chosen without regard to it: `(age, remaining)`.
    ///
    /// Long cases are likelier to be found, so the whole duration has density x f(x) / mean, and the
    /// moment falls uniformly within it (renewal theory: both age and remainder then have the
    /// equilibrium density P(S > x) / mean).
    pub fn sample_open(&self, rng: &mut (impl Rng + ?Sized)) -> (f64, f64) {
        let whole = self.sample_length_biased(rng);
        let age = whole * rng.random::<f64>();
        (age, whole - age)
    }

    /// Draws from the density x f(x) / mean.
    fn sample_length_biased(&self, rng: &mut (impl Rng + ?Sized)) -> f64 {
        match self {
            Self::Fixed(value) => *value,
            Self::Exponential { mean } => Self::gamma(2.0 * mean, 2.0).sample(rng),
            Self::Gamma { shape, scale, .. } => Self::gamma((shape + 1.0) * scale, shape + 1.0).sample(rng),
            Self::Lognormal { mu, sigma } => {
                Self::Lognormal { mu: mu + sigma * sigma, sigma: *sigma }.sample(rng)
            }
            Self::Weibull { scale, shape } => {
                let power = 1.0 + 1.0 / shape;
                scale * libm::pow(Self::gamma(power, power).sample(rng), 1.0 / shape)
            }
            Self::Bands { edges, cumulative } => {
                let weights =
                    shares(cumulative).zip(edges.windows(2)).map(|(share, band)| share * (band[0] + band[1]));
                let band = pick(&self::cumulative(weights), rng.random());
                let (low, high) = (edges[band], edges[band + 1]);
                (low * low + rng.random::<f64>() * (high * high - low * low)).sqrt()
            }
            Self::Mixture { cumulative, parts } => {
                let weights = shares(cumulative).zip(parts).map(|(share, part)| share * part.mean());
                parts[pick(&self::cumulative(weights), rng.random())].sample_length_biased(rng)
            }
        }
    }
}

/// Cumulative shares, made to end at 1.
pub(super) fn cumulative(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut total = 0.0;
    let mut sums: Vec<f64> = weights
        .map(|weight| {
            total += weight;
            total
        })
        .collect();
    if total > 0.0 {
        sums.iter_mut().for_each(|sum| *sum /= total);
    }
    sums
}

/// The first entry whose cumulative share exceeds `u`.
#[inline]
pub(super) fn pick(cumulative: &[f64], u: f64) -> usize {
    cumulative.iter().position(|&sum| u < sum).unwrap_or(cumulative.len().saturating_sub(1))
}

fn shares(cumulative: &[f64]) -> impl Iterator<Item = f64> + '_ {
    std::iter::once(0.0).chain(cumulative.iter().copied()).zip(cumulative).map(|(below, &sum)| sum - below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::StreamKey;
    use crate::scenario::Quantity;

    const N: usize = 200_000;

    /// Every kind with its exact mean and second moment, from the formulas of the family.
    fn kinds() -> Vec<(&'static str, Duration, Vec<f64>, f64, f64)> {
        let q = Quantity;
        let exponential_second = |mean: f64| 2.0 * mean * mean;
        let gamma = |scale: f64, shape: f64| statrs::function::gamma::gamma(1.0 + shape) * scale;
        let weibull_scale = 30.0 / gamma(1.0, 1.0 / 1.5);
        vec![
            ("fixed", Duration::Fixed(q(0)), vec![12.0], 12.0, 144.0),
            ("exponential", Duration::Exponential(q(0)), vec![35.0], 35.0, exponential_second(35.0)),
            (
                "gamma",
                Duration::Gamma { mean: q(0), shape: q(1) },
                vec![250.0, 1.5],
                250.0,
                250.0 * 250.0 * (1.0 + 1.0 / 1.5),
            ),
            (
                "lognormal",
                Duration::Lognormal { mean: q(0), cv: q(1) },
                vec![35.0, 0.8],
                35.0,
                35.0 * 35.0 * 1.64,
            ),
            (
                "weibull",
                Duration::Weibull { mean: q(0), shape: q(1) },
                vec![30.0, 1.5],
                30.0,
                gamma(weibull_scale * weibull_scale, 2.0 / 1.5),
            ),
            (
                "bands",
                Duration::Bands { edges: vec![0.0, 10.0, 40.0], shares: vec![q(0), q(1)] },
                vec![0.25, 0.75],
                0.25 * 5.0 + 0.75 * 25.0,
                0.25 * 100.0 / 3.0 + 0.75 * (64_000.0 - 1_000.0) / 90.0,
            ),
            (
                "mixture",
                Duration::Mixture(vec![(q(0), Duration::Fixed(q(1))), (q(2), Duration::Exponential(q(3)))]),
                vec![0.3, 7.0, 0.7, 50.0],
                0.3 * 7.0 + 0.7 * 50.0,
                0.3 * 49.0 + 0.7 * exponential_second(50.0),
            ),
            (
                "scaled",
                Duration::Scaled(7.0, Box::new(Duration::Exponential(q(0)))),
                vec![5.0],
                35.0,
                exponential_second(35.0),
            ),
        ]
    }

    fn mean_and_error(values: &[f64]) -> (f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, (variance / n).sqrt())
    }

    fn agrees(values: &[f64], exact: f64) -> bool {
        let (mean, error) = mean_and_error(values);
        (mean - exact).abs() <= 4.0 * error + 1e-12 * exact.abs()
    }

    #[test]
    fn means_and_open_cases_agree_with_renewal_theory() {
        for (name, duration, values, mean, second) in kinds() {
            let sampler = Sampler::new(&duration, &Draw(values), 1.0);
            let mut rng = StreamKey::master(11).named(name).open();
            let drawn: Vec<f64> = (0..N).map(|_| sampler.sample(&mut rng)).collect();
            assert!(agrees(&drawn, mean), "{name}: mean");
            assert!((sampler.mean() - mean).abs() < 1e-9 * mean, "{name}: stated mean");
            // Equilibrium residual: mean E[S^2] / (2 E[S]), for the age as for the remainder.
            let open: Vec<(f64, f64)> = (0..N).map(|_| sampler.sample_open(&mut rng)).collect();
            let (ages, rest): (Vec<f64>, Vec<f64>) = open.into_iter().unzip();
            let exact = second / (2.0 * mean);
            assert!(agrees(&ages, exact), "{name}: age");
            assert!(agrees(&rest, exact), "{name}: remainder");
            // A model 5% off is rejected.
            if name != "fixed" {
                assert!(!agrees(&drawn, mean * 1.05), "{name}: the test must notice 5%");
            }
            assert!(!agrees(&rest, exact * 1.05), "{name}: the test must notice 5%");
        }
    }
}
