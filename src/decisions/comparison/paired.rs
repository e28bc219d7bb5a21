//! Paired differences: their means, intervals and chances, gathered one replication at a time.
//!
//! **Formulas.** With d = option − base in each of n replications, the interval of the mean difference is
//! d̄ ± t(0.975, n − 1) s_d/√n. Had the two been simulated on families of their own, the variance of the
//! difference would be s²_base + s²_option; divided by s²_d it is the variance reduction that common
//! random numbers bought (Law, *Simulation Modeling and Analysis*, section 11.2). Moments are kept by
//! Welford's method, which negates exactly when all values are negated.

use statrs::distribution::{ContinuousCDF, StudentsT};

use serde::{Deserialize, Serialize};

use crate::scenario::Better;
use crate::summary::NORMAL_95;

/// Mean and sum of squares about it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Moments {
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Adds the `n`-th value.
    fn push(&mut self, n: f64, value: f64) {
        let from = value - self.mean;
        self.mean += from / n;
        self.squares += from * (value - self.mean);
    }

    fn variance(&self, n: u32) -> f64 {
        if n < 2 { f64::NAN } else { self.squares / (f64::from(n) - 1.0) }
    }
}

/// A base and an option in the same replications, of one figure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Paired {
    n: u32,
    base: Moments,
    option: Moments,
    difference: Moments,
    higher: u32,
    lower: u32,
    /// Replications in which the option was best of all; ties are shared.
    best: f64,
}

impl Paired {
    /// Adds a replication; one in which either has no figure is left out.
    pub fn push(&mut self, base: f64, option: f64) {
        if !base.is_finite() || !option.is_finite() {
            return;
        }
        self.n += 1;
        let n = f64::from(self.n);
        self.base.push(n, base);
        self.option.push(n, option);
        self.difference.push(n, option - base);
        self.higher += u32::from(option > base);
        self.lower += u32::from(option < base);
    }

    /// Of values side by side.
    pub fn of(base: &[f64], option: &[f64]) -> Self {
        let mut paired = Self::default();
        base.iter().zip(option).for_each(|(&base, &option)| paired.push(base, option));
        paired
    }

    /// Counts a replication in which the option was best, alone (1) or with others (a share).
    pub fn was_best(&mut self, share: f64) {
        self.best += share;
    }

    /// What the replications say; `better` where one way is better than the other.
    pub fn difference(&self, better: Option<Better>) -> Difference {
        let n = f64::from(self.n);
        let variance = self.difference.variance(self.n);
        let se = (variance / n).sqrt();
        let half = student_95(self.n) * se;
        let wins = match better {
            Some(Better::Lower) => Some(self.lower),
            Some(Better::Higher) => Some(self.higher),
            None => None,
        };
        let independent = self.base.variance(self.n) + self.option.variance(self.n);
        Difference {
            n: self.n,
            base: self.base.mean,
            option: self.option.mean,
            base_half: student_95(self.n) * (self.base.variance(self.n) / n).sqrt(),
            option_half: student_95(self.n) * (self.option.variance(self.n) / n).sqrt(),
            mean: self.difference.mean,
            se,
            low: self.difference.mean - half,
            high: self.difference.mean + half,
            better: wins.map(|wins| f64::from(wins) / n),
            same: 1.0 - f64::from(self.higher + self.lower) / n,
            best: better.map(|_| self.best / n),
            variance_reduction: (variance > 0.0).then_some(independent / variance),
        }
    }
}

/// A mean paired difference and all that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Replications in which both have the figure.
    pub n: u32,
    /// Mean of the base over these.
    pub base: f64,
    /// Mean of the option over these.
    pub option: f64,
    /// Half the width of the 95% interval of the base's mean.
    pub base_half: f64,
    /// Half the width of the 95% interval of the option's mean.
    pub option_half: f64,
    /// Mean of option less base.
    pub mean: f64,
    /// Its standard error; `NaN` with fewer than two replications.
    pub se: f64,
    /// Lower end of its 95% interval.
    pub low: f64,
    /// Upper end of its 95% interval.
    pub high: f64,
    /// Share of replications in which the option is better, where better is known.
    pub better: Option<f64>,
    /// Share of replications in which they are the same.
    pub same: f64,
    /// Share of replications in which the option is the best of all, ties shared, where better is known.
    pub best: Option<f64>,
    /// Variance of an unpaired difference over that of the paired one; `None` where every replication
    /// differs by the same.
    pub variance_reduction: Option<f64>,
}

impl Difference {
    /// Whether the 95% interval leaves out zero. A difference that is the same in all of two or more
    /// replications is told, unless it is nothing.
    pub fn is_told(&self) -> bool {
        self.n >= 2 && (self.low > 0.0 || self.high < 0.0)
    }

    /// Whether nothing differs in any replication.
    pub fn is_nothing(&self) -> bool {
        self.n > 0 && self.same >= 1.0
    }

    /// Replications with which the interval would leave out zero, were the mean and the spread as they are.
    pub fn replications_to_tell(&self) -> Option<u64> {
        replications_to_tell(self.mean, self.se * f64::from(self.n).sqrt())
    }
}

/// The 97.5th percentile of Student's t with `n` − 1 degrees of freedom; `NaN` for fewer than two.
pub fn student_95(n: u32) -> f64 {
    match n {
        0 | 1 => f64::NAN,
        // Beyond, it is the normal quantile to four digits.
        30_001.. => NORMAL_95,
        _ => StudentsT::new(0.0, 1.0, f64::from(n) - 1.0).map_or(f64::NAN, |law| law.inverse_cdf(0.975)),
    }
}

/// Below so many replications Student's quantile differs from the normal one by enough to matter here.
const SMALL: u64 = 200;

/// The least n for which t(0.975, n − 1) s/√n < |d̄|: about (1.96 s/d̄)², and at least 2; `None` where the mean
/// difference is nothing.
pub fn replications_to_tell(mean: f64, deviation: f64) -> Option<u64> {
    if mean == 0.0 || !mean.is_finite() || !deviation.is_finite() {
        return None;
    }
    let root = NORMAL_95 * deviation / mean;
    let least = (root * root).floor() + 1.0;
    if least >= 1e15 {
        return None;
    }
    let mut n = (least as u64).max(2);
    while n < SMALL && student_95(n as u32) * deviation / (n as f64).sqrt() >= mean.abs() {
        n += 1;
    }
    Some(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_quantiles_are_those_of_the_tables() {
        for (n, value) in
            [(2, 12.706_205), (3, 4.302_653), (10, 2.262_157), (31, 2.042_272), (121, 1.979_930)]
        {
            assert!((student_95(n) - value).abs() < 1e-5, "{n}: {}", student_95(n));
        }
        assert!(student_95(1).is_nan());
        assert!((student_95(30_000) - NORMAL_95).abs() < 1e-4);
    }

    #[test]
    fn a_paired_difference_by_hand() {
        // Differences 1, 2, 3: mean 2, variance 1, standard error 1/√3.
        let (base, option) = ([10.0, 20.0, 60.0], [11.0, 22.0, 63.0]);
        let found = Paired::of(&base, &option).difference(Some(Better::Lower));
        assert_eq!((found.n, found.base, found.option), (3, 30.0, 32.0));
        assert!((found.mean - 2.0).abs() < 1e-12);
        assert!((found.se - 1.0 / 3.0_f64.sqrt()).abs() < 1e-12);
        assert!((found.high - found.mean - 4.302_653 / 3.0_f64.sqrt()).abs() < 1e-5);
        assert_eq!((found.better, found.same), (Some(0.0), 0.0));
        // Variances: of 10, 20, 60 it is 700; of 11, 22, 63 it is 751.
        assert!((found.variance_reduction.expect("spread") - 1451.0).abs() < 1e-9);
        assert!(!found.is_told(), "2 ± 2.48");
        // 3.182/√4 = 1.59 is under 2, 4.303/√3 = 2.48 is not.
        assert_eq!(found.replications_to_tell(), Some(4));
    }

    #[test]
    fn exchanged_they_differ_by_exactly_the_opposite() {
        let base: Vec<f64> = (0..50).map(|i| libm::sin(f64::from(i)) * 1e3 + 0.1).collect();
        let option: Vec<f64> = (0..50).map(|i| libm::cos(f64::from(i)) * 999.0).collect();
        let one = Paired::of(&base, &option).difference(Some(Better::Lower));
        let other = Paired::of(&option, &base).difference(Some(Better::Lower));
        assert_eq!((one.mean, one.low, one.high, one.se), (-other.mean, -other.high, -other.low, other.se));
        assert_eq!(one.variance_reduction, other.variance_reduction);
        assert_eq!(
            one.better.map(|better| (better * 50.0).round()),
            other.better.map(|better| ((1.0 - better) * 50.0).round())
        );
        let none = Paired::of(&base, &base).difference(None);
        assert_eq!((none.mean, none.low, none.high, none.same), (0.0, 0.0, 0.0, 1.0));
        assert!(none.is_nothing() && !none.is_told());
        assert_eq!((none.variance_reduction, none.replications_to_tell()), (None, None));
    }

    #[test]
    fn replications_that_would_tell_just_tell() {
        for (mean, deviation) in [(0.5, 3.0), (-2.0, 11.0), (1e-3, 1.0)] {
            let n = replications_to_tell(mean, deviation).expect("a number");
            let t = |n: u64| if n < SMALL { student_95(n as u32) } else { NORMAL_95 };
            assert!(t(n) * deviation / (n as f64).sqrt() < f64::abs(mean));
            assert!(t(n - 1) * deviation / (n as f64 - 1.0).sqrt() >= f64::abs(mean));
        }
        assert_eq!(replications_to_tell(0.0, 1.0), None);
    }
}
