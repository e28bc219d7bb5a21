//! How long a family stays in a stage when its hours are met, in expectation.
//!
//! Consumes a [`Duration`], a draw, the stage's hazards and its review dates; produces the chance
//! that the stage is completed and the mean time it is held. With natural duration S, a total
//! hazard h (events a day, exponential) and no reviews,
//!
//! * P(completed) = E\[exp(-hS)\], the Laplace transform of S at h;
//! * mean time held = E\[min(S, Exp(h))\] = (1 - E\[exp(-hS)\]) / h.
//!
//! Exits gated by reviews replace S by the first review date at or after S, except for the share of
//! families who leave when ready. Closed forms are used for every law but the lognormal and the
//! Weibull, which are integrated by the trapezium rule after a change of variable that makes the
//! integrand vanish quickly at both ends (the rule then converges faster than any power).
//!
//! Invariants: shares lie in 0 to 1; the mean time held never exceeds the mean of S (or of the
//! gated time).

use statrs::function::erf::erfc;
use statrs::function::gamma::{gamma, gamma_lr};

use crate::scenario::{Draw, Duration, Review};

/// A duration as the formulas need it, in days.
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// Always this.
    Fixed(f64),
    /// Gamma of this mean and shape; shape 1 is exponential.
    Gamma {
        /// Mean.
        mean: f64,
        /// Shape.
        shape: f64,
    },
    /// Lognormal, by the mean and standard deviation of its logarithm.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// Weibull of this scale and shape.
    Weibull {
        /// Scale.
        scale: f64,
        /// Shape.
        shape: f64,
    },
    /// Uniform between two ends.
    Uniform(f64, f64),
    /// One of several, with weights that sum to 1.
    Mixture(Vec<(f64, Law)>),
}

impl Law {
    /// The law of a duration under a draw.
    pub fn new(duration: &Duration, draw: &Draw) -> Self {
        Self::scaled(duration, draw, 1.0)
    }

    fn scaled(duration: &Duration, draw: &Draw, scale: f64) -> Self {
        match duration {
            Duration::Zero => Self::Fixed(0.0),
            Duration::Fixed(value) => Self::Fixed(draw[*value] * scale),
            Duration::Exponential(mean) => Self::gamma(draw[*mean] * scale, 1.0),
            Duration::Gamma { mean, shape } => Self::gamma(draw[*mean] * scale, draw[*shape]),
            Duration::Lognormal { mean, cv } => Self::lognormal(draw[*mean] * scale, draw[*cv]),
            Duration::Weibull { mean, shape } => Self::weibull(draw[*mean] * scale, draw[*shape]),
            Duration::Bands { edges, shares } => mixture(
                shares
                    .iter()
                    .zip(edges.windows(2))
                    .map(|(share, band)| (draw[*share], Self::Uniform(band[0] * scale, band[1] * scale))),
            ),
            Duration::Mixture(parts) => {
                mixture(parts.iter().map(|(share, part)| (draw[*share], Self::scaled(part, draw, scale))))
            }
            Duration::Scaled(factor, inner) => Self::scaled(inner, draw, scale * factor),
        }
    }

    fn gamma(mean: f64, shape: f64) -> Self {
        if mean > 0.0 && shape > 0.0 { Self::Gamma { mean, shape } } else { Self::Fixed(0.0) }
    }

    fn lognormal(mean: f64, cv: f64) -> Self {
        if mean <= 0.0 || cv <= 0.0 {
            return Self::Fixed(mean.max(0.0));
        }
        let variance = libm::log1p(cv * cv);
        Self::Lognormal { mu: libm::log(mean) - variance / 2.0, sigma: variance.sqrt() }
    }

    fn weibull(mean: f64, shape: f64) -> Self {
        if mean <= 0.0 || shape <= 0.0 {
            return Self::Fixed(0.0);
        }
        Self::Weibull { scale: mean / gamma(1.0 + 1.0 / shape), shape }
    }

    /// The mean, days.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Fixed(value) => *value,
            Self::Gamma { mean, .. } => *mean,
            Self::Lognormal { mu, sigma } => libm::exp(mu + sigma * sigma / 2.0),
            Self::Weibull { scale, shape } => scale * gamma(1.0 + 1.0 / shape),
            Self::Uniform(low, high) => (low + high) / 2.0,
            Self::Mixture(parts) => parts.iter().map(|(weight, part)| weight * part.mean()).sum(),
        }
    }

    /// E\[exp(-hS)\]: the chance that a hazard of `h` events a day does not strike before the end.
    pub fn survives(&self, h: f64) -> f64 {
        if h <= 0.0 {
            return 1.0;
        }
        match self {
            Self::Fixed(value) => libm::exp(-h * value),
            Self::Gamma { mean, shape } => libm::exp(-shape * libm::log1p(h * mean / shape)),
            Self::Lognormal { mu, sigma } => {
                let density = |z: f64| libm::exp(-z * z / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
                trapezium(-9.0, 9.0, |z| density(z) * libm::exp(-h * libm::exp(mu + sigma * z)))
            }
            // With S = scale × E^(1/shape), E exponential, and E = exp(t).
            Self::Weibull { scale, shape } => {
                trapezium(-40.0, 4.0, |t| libm::exp(t - libm::exp(t) - h * scale * libm::exp(t / shape)))
            }
            Self::Uniform(low, high) => {
                let x = h * (high - low);
                // -expm1(-x)/x is 1 in the limit.
                libm::exp(-h * low) * if x < 1e-12 { 1.0 } else { -libm::expm1(-x) / x }
            }
            Self::Mixture(parts) => parts.iter().map(|(weight, part)| weight * part.survives(h)).sum(),
        }
    }

    /// P(S <= t).
    pub fn done_by(&self, t: f64) -> f64 {
        if t < 0.0 {
            return 0.0;
        }
        match self {
            Self::Fixed(value) => f64::from(u8::from(*value <= t)),
            Self::Gamma { mean, shape } if t > 0.0 => gamma_lr(*shape, t * shape / mean),
            Self::Gamma { .. } => 0.0,
            Self::Lognormal { mu, sigma } => {
                erfc((mu - libm::log(t)) / (sigma * std::f64::consts::SQRT_2)) / 2.0
            }
            Self::Weibull { scale, shape } => -libm::expm1(-libm::pow(t / scale, *shape)),
            Self::Uniform(low, high) if high > low => ((t - low) / (high - low)).clamp(0.0, 1.0),
            Self::Uniform(low, _) => f64::from(u8::from(*low <= t)),
            Self::Mixture(parts) => parts.iter().map(|(weight, part)| weight * part.done_by(t)).sum(),
        }
    }

    /// E\[min(S, X) / S\] for a hazard X of `h` events a day: the share done of work that is spread
    /// evenly over S. Equals the mean of `survives` over hazards from 0 to h, because
    /// ∫ exp(-uS) du = (1 - exp(-hS)) / S; by Simpson's rule.
    pub fn share_of_work_done(&self, h: f64) -> f64 {
        if h <= 0.0 {
            return 1.0;
        }
        const INTERVALS: usize = 64;
        let weight = |i: usize| match i {
            0 | INTERVALS => 1.0,
            i if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let sum: f64 =
            (0..=INTERVALS).map(|i| weight(i) * self.survives(h * i as f64 / INTERVALS as f64)).sum();
        sum / (3.0 * INTERVALS as f64)
    }
}

/// A stage's stay in expectation, when its hours are met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stay {
    /// Chance that the stage is completed, rather than cut short by a hazard.
    pub completed: f64,
    /// Mean days held.
    pub held_days: f64,
    /// Share of work spread over the natural duration that is done.
    pub work_done: f64,
}

impl Stay {
    /// Under natural duration `law`, total hazard `h` a day and perhaps reviews.
    pub fn new(law: &Law, h: f64, review: Option<&Review>, draw: &Draw) -> Self {
        let (completed, mean) = match review {
            None => (law.survives(h), law.mean()),
            Some(review) => {
                let early = draw[review.early_exit_share];
                let at_review = Reviewed::new(law, draw[review.first_days], draw[review.then_days], h);
                (
                    early * law.survives(h) + (1.0 - early) * at_review.survives,
                    early * law.mean() + (1.0 - early) * at_review.mean,
                )
            }
        };
        // Below this (1 - completed) / h loses its digits; the limit is the mean.
        let held_days = if h * mean < 1e-8 { mean } else { (1.0 - completed) / h };
        Self { completed, held_days, work_done: law.share_of_work_done(h) }
    }
}

/// Moments of the first review at or after S.
struct Reviewed {
    mean: f64,
    survives: f64,
}

impl Reviewed {
    fn new(law: &Law, first: f64, then: f64, h: f64) -> Self {
        if then <= 0.0 {
            return Self { mean: law.mean(), survives: law.survives(h) };
        }
        let (mut mean, mut survives) = (0.0, 0.0);
        let (mut review, mut done) = (first, 0.0);
        // Long tails: enough reviews for 10 lifetimes of any law in use, then all the rest at once.
        for _ in 0..10_000 {
            let now_done = law.done_by(review);
            mean += review * (now_done - done);
            survives += libm::exp(-h * review) * (now_done - done);
            done = now_done;
            if 1.0 - done < 1e-12 {
                break;
            }
            review += then;
        }
        mean += review * (1.0 - done);
        survives += libm::exp(-h * review) * (1.0 - done);
        Self { mean, survives }
    }
}

/// A mixture with its weights made to sum to 1.
fn mixture(parts: impl Iterator<Item = (f64, Law)>) -> Law {
    let mut parts: Vec<(f64, Law)> = parts.collect();
    let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
    if total > 0.0 {
        parts.iter_mut().for_each(|(weight, _)| *weight /= total);
    }
    Law::Mixture(parts)
}

/// The trapezium rule for a function that vanishes at both ends.
fn trapezium(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    const STEPS: u32 = 2000;
    let step = (high - low) / f64::from(STEPS);
    (0..=STEPS).map(|i| f(low + f64::from(i) * step)).sum::<f64>() * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Quantity;

    fn laws() -> Vec<(&'static str, Law)> {
        vec![
            ("fixed", Law::Fixed(12.0)),
            ("exponential", Law::gamma(35.0, 1.0)),
            ("gamma", Law::gamma(250.0, 1.5)),
            ("lognormal", Law::lognormal(140.0, 0.6)),
            ("weibull", Law::weibull(30.0, 1.5)),
            ("uniform", Law::Uniform(10.0, 40.0)),
            ("mixture", Law::Mixture(vec![(0.3, Law::Fixed(7.0)), (0.7, Law::gamma(50.0, 2.0))])),
        ]
    }

    fn close(a: f64, b: f64, relative: f64) -> bool {
        (a - b).abs() <= relative * b.abs()
    }

    #[test]
    fn laplace_transforms_equal_the_integral_of_the_distribution() {
        // E[exp(-hS)] = h ∫ exp(-ht) P(S <= t) dt, a route that none of the formulas takes.
        for (name, law) in laws() {
            for h in [0.002, 0.05] {
                let upper = 40.0 / h;
                let step = upper / 400_000.0;
                let integral: f64 = (0..400_000)
                    .map(|i| (f64::from(i) + 0.5) * step)
                    .map(|t| h * libm::exp(-h * t) * law.done_by(t) * step)
                    .sum();
                assert!(close(law.survives(h), integral, 1e-4), "{name} {h}");
                assert!(!close(law.survives(h * 1.05), integral, 1e-4), "{name}: 5% off");
            }
        }
    }

    #[test]
    fn means_are_the_slope_at_no_hazard() {
        for (name, law) in laws() {
            let h = 1e-6;
            assert!(close((1.0 - law.survives(h)) / h, law.mean(), 1e-3), "{name}");
        }
        assert!(close(Law::weibull(30.0, 1.0).survives(0.1), 1.0 / 4.0, 1e-9));
    }

    #[test]
    fn hazards_race_an_exponential_stage() {
        // Two exponential clocks: completion wins with μ/(μ+h), and the stay is 1/(μ+h).
        let stay = Stay::new(&Law::gamma(20.0, 1.0), 0.05, None, &Draw(vec![]));
        assert!(close(stay.completed, 0.5, 1e-12));
        assert!(close(stay.held_days, 10.0, 1e-12));
        // E[(1 - exp(-hS)) / hS] = ln(1 + hm) / hm for an exponential of mean m.
        assert!(close(stay.work_done, libm::log(2.0_f64), 1e-8));
    }

    #[test]
    fn a_fixed_stage_meets_hazards_or_ends() {
        let stay = Stay::new(&Law::Fixed(28.0), 0.01, None, &Draw(vec![]));
        assert!(close(stay.completed, libm::exp(-0.28_f64), 1e-12));
        assert!(close(stay.held_days, (1.0 - libm::exp(-0.28_f64)) / 0.01, 1e-12));
        let none = Stay::new(&Law::Fixed(28.0), 0.0, None, &Draw(vec![]));
        assert_eq!((none.completed, none.held_days, none.work_done), (1.0, 28.0, 1.0));
    }

    #[test]
    fn exits_wait_for_the_next_review() {
        let review =
            Review { first_days: Quantity(0), then_days: Quantity(1), early_exit_share: Quantity(2) };
        let draw = Draw(vec![91.0, 182.0, 0.25]);
        // Ready on day 100: at the review of day 273, or at once for a quarter.
        let fixed = Stay::new(&Law::Fixed(100.0), 0.0, Some(&review), &draw);
        assert!(close(fixed.held_days, 0.25 * 100.0 + 0.75 * 273.0, 1e-12));
        // Exponential with mean m: 91 + 182 Σ P(S > 91 + 182 j), a geometric series.
        let mean = 120.0_f64;
        let gated = 91.0 + 182.0 * libm::exp(-91.0 / mean) / (1.0 - libm::exp(-182.0 / mean));
        let draw = Draw(vec![91.0, 182.0, 0.0]);
        let stay = Stay::new(&Law::gamma(mean, 1.0), 0.0, Some(&review), &draw);
        assert!(close(stay.held_days, gated, 1e-9));
        let hazarded = Stay::new(&Law::gamma(mean, 1.0), 0.01, Some(&review), &draw);
        assert!(hazarded.held_days < gated && hazarded.completed < 1.0);
    }

    #[test]
    fn durations_become_laws_with_their_means() {
        let q = Quantity;
        let draw = Draw(vec![0.25, 0.75, 10.0, 3.0]);
        let bands = Duration::Bands { edges: vec![0.0, 10.0, 40.0], shares: vec![q(0), q(1)] };
        assert!(close(Law::new(&bands, &draw).mean(), 0.25 * 5.0 + 0.75 * 25.0, 1e-12));
        let weeks = Duration::Scaled(7.0, Box::new(Duration::Weibull { mean: q(2), shape: q(3) }));
        assert!(close(Law::new(&weeks, &draw).mean(), 70.0, 1e-12));
        let both = Duration::Mixture(vec![(q(0), bands), (q(1), weeks)]);
        assert!(close(Law::new(&both, &draw).mean(), 0.25 * 20.0 + 0.75 * 70.0, 1e-12));
    }
}
