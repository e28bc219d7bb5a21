//! The families of durations that scenarios know, as densities and survival functions, fitted to cases by maximum
//! likelihood.
//!
//! Consumes [`Spell`]s; produces mean and second figure (coefficient of variation, or shape) with their covariance, on
//! the log scale. A case that came into view at age *a* counts by P(T = t | T > a), one that was cut off at *t* by
//! P(T > t | T > a). Cases that ended within five days count by the whole day, since the density changes within it.

use statrs::function::erf::erfc;
use statrs::function::gamma::{gamma_lr, gamma_ur, ln_gamma};

use super::maximise::{Maximum, maximise};
use super::survival::Spell;

/// Below this age a day's probability is taken as a difference, not as a density.
const SHORT: f64 = 5.0;
/// The least probability that is told from none.
const LEAST: f64 = 1e-300;

/// A family of durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// One figure: the mean.
    Exponential,
    /// Mean and coefficient of variation.
    Lognormal,
    /// Mean and shape.
    Gamma,
    /// Mean and shape.
    Weibull,
}

impl Family {
    /// How many figures it has.
    pub fn figures(self) -> usize {
        if self == Family::Exponential { 1 } else { 2 }
    }
}

/// A duration with its figures. Days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Law {
    family: Family,
    /// Mean.
    pub mean: f64,
    /// Coefficient of variation (lognormal) or shape; 1 for an exponential.
    pub second: f64,
    /// Location (lognormal: mean of the logarithm; else the scale).
    place: f64,
    /// Lognormal: standard deviation of the logarithm; else the shape.
    form: f64,
}

impl Law {
    /// A law by its mean and its second figure; both positive.
    pub fn new(family: Family, mean: f64, second: f64) -> Self {
        let (place, form) = match family {
            Family::Exponential => (mean, 1.0),
            Family::Gamma => (mean / second, second),
            Family::Weibull => (mean / libm::tgamma(1.0 + 1.0 / second), second),
            Family::Lognormal => {
                let variance = libm::log1p(second * second);
                (libm::log(mean) - variance / 2.0, variance.sqrt())
            }
        };
        Self { family, mean, second, place, form }
    }

    /// P(T > t).
    pub fn open(&self, t: f64) -> f64 {
        if t <= 0.0 {
            return 1.0;
        }
        match self.family {
            Family::Exponential => libm::exp(-t / self.place),
            Family::Gamma => gamma_ur(self.form, t / self.place),
            Family::Weibull => libm::exp(-libm::pow(t / self.place, self.form)),
            Family::Lognormal => {
                0.5 * erfc((libm::log(t) - self.place) / (self.form * std::f64::consts::SQRT_2))
            }
        }
    }

    /// P(T <= t).
    pub fn ended(&self, t: f64) -> f64 {
        if t <= 0.0 {
            return 0.0;
        }
        match self.family {
            Family::Gamma => gamma_lr(self.form, t / self.place),
            Family::Exponential => -libm::expm1(-t / self.place),
            Family::Weibull => -libm::expm1(-libm::pow(t / self.place, self.form)),
            Family::Lognormal => {
                0.5 * erfc(-(libm::log(t) - self.place) / (self.form * std::f64::consts::SQRT_2))
            }
        }
    }

    /// The logarithm of the density at t > 0.
    pub fn log_density(&self, t: f64) -> f64 {
        let log = libm::log(t);
        match self.family {
            Family::Exponential => -libm::log(self.place) - t / self.place,
            Family::Gamma => {
                (self.form - 1.0) * log
                    - t / self.place
                    - ln_gamma(self.form)
                    - self.form * libm::log(self.place)
            }
            Family::Weibull => {
                let ratio = log - libm::log(self.place);
                libm::log(self.form) - libm::log(self.place) + (self.form - 1.0) * ratio
                    - libm::exp(self.form * ratio)
            }
            Family::Lognormal => {
                let z = (log - self.place) / self.form;
                -0.5 * z * z - libm::log(self.form) - log - 0.5 * libm::log(2.0 * std::f64::consts::PI)
            }
        }
    }

    /// The probability that the dates of a case differ by so many days.
    pub fn of_days(&self, days: f64) -> f64 {
        if days >= SHORT {
            libm::exp(self.log_density(days))
        } else {
            self.ended(days + 0.5) - self.ended(days - 0.5)
        }
    }
}

/// Cases that look alike, counted: likelihoods are sums over these.
pub fn alike(spells: &[Spell]) -> Vec<(Spell, f64)> {
    let mut sorted = spells.to_vec();
    sorted.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.to.total_cmp(&b.to)).then(a.ended.cmp(&b.ended)));
    let mut counted: Vec<(Spell, f64)> = Vec::new();
    for spell in sorted {
        match counted.last_mut() {
            Some((last, count)) if *last == spell => *count += 1.0,
            _ => counted.push((spell, 1.0)),
        }
    }
    counted
}

/// The log likelihood of counted cases under two functions of age: the probability of a day, and of being open.
pub fn log_likelihood(
    counted: &[(Spell, f64)],
    of_days: impl Fn(f64) -> f64,
    open: impl Fn(f64) -> f64,
) -> f64 {
    let log = |probability: f64| libm::log(probability.max(LEAST));
    let one = |spell: &Spell| {
        let seen = if spell.ended { log(of_days(spell.to)) } else { log(open(spell.to)) };
        if spell.from > 0.0 { seen - log(open(spell.from)) } else { seen }
    };
    counted.iter().map(|(spell, count)| count * one(spell)).sum()
}

/// The law fitted to cases: the parameters of the maximum are the logarithms of mean and second figure. `start` are
/// guesses of the two. `None` if the cases do not determine it.
pub fn fit(family: Family, spells: &[Spell], start: (f64, f64)) -> Option<(Law, Maximum)> {
    let counted = alike(spells);
    let law = |at: &[f64]| {
        let second = at.get(1).map_or(1.0, |log| libm::exp(*log));
        Law::new(family, libm::exp(at[0]), second)
    };
    let likelihood = |at: &[f64]| {
        if at.iter().any(|log| log.abs() > 12.0) {
            return f64::NEG_INFINITY;
        }
        let law = law(at);
        log_likelihood(&counted, |days| law.of_days(days), |age| law.open(age))
    };
    let start = [libm::log(start.0), libm::log(start.1)];
    let found = maximise(likelihood, &start[..family.figures()])?;
    Some((law(&found.at), found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn densities_integrate_to_the_survival_function() {
        for (family, second) in [
            (Family::Exponential, 1.0),
            (Family::Lognormal, 0.7),
            (Family::Gamma, 1.5),
            (Family::Weibull, 0.8),
            (Family::Weibull, 2.0),
        ] {
            let law = Law::new(family, 40.0, second);
            // Midpoint rule over 10 to 60 days, and the mean as the integral of the survival function.
            let steps = 50_000;
            let width = 50.0 / f64::from(steps);
            let middle = |step: i32| 10.0 + (f64::from(step) + 0.5) * width;
            let mass: f64 = (0..steps).map(|step| libm::exp(law.log_density(middle(step))) * width).sum();
            assert!((mass - (law.open(10.0) - law.open(60.0))).abs() < 1e-7, "{family:?}");
            assert!((law.open(33.0) + law.ended(33.0) - 1.0).abs() < 1e-9);
            let mean: f64 = (0..400_000).map(|step| law.open((f64::from(step) + 0.5) * 0.01) * 0.01).sum();
            assert!((mean - 40.0).abs() < 0.02, "{family:?}: {mean}");
        }
    }

    #[test]
    fn an_exponential_with_cut_and_late_cases_has_its_closed_form() {
        // The maximum likelihood mean is time in view over ends, and its log has standard error 1/√ends.
        let spells: Vec<Spell> = (0..400)
            .map(|case| {
                let from = if case % 3 == 0 { 10.0 } else { 0.0 };
                Spell { from, to: from + 6.0 + f64::from(case % 50), ended: case % 4 != 0 }
            })
            .collect();
        let view: f64 = spells.iter().map(|spell| spell.to - spell.from).sum();
        let ends = spells.iter().filter(|spell| spell.ended).count() as f64;
        let (law, found) = fit(Family::Exponential, &spells, (20.0, 1.0)).expect("a fit");
        assert!((law.mean / (view / ends) - 1.0).abs() < 1e-6, "{} {}", law.mean, view / ends);
        assert!((found.covariance[0] - 1.0 / ends).abs() < 1e-5);
    }
}
