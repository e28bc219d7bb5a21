//! An estimated figure: what it was in the base, what the extracts say, how sure, and how it is written into a scenario.
//!
//! **Intervals** are of 90%: 5% of the probability lies below `low`, 5% above `high`. A scenario draws positive figures
//! from a lognormal whose 5th and 95th percentiles are written as they are. Shares are drawn from a PERT law, whose
//! `low` and `high` are its ends: [`pert_ends`] finds ends such that its 5th and 95th percentiles are the interval.

use statrs::distribution::{Beta, ContinuousCDF, StudentsT};

use crate::scenario::{Parameter, RangeShape};

/// The standard normal distribution's 95th percentile.
pub const NORMAL_95: f64 = 1.644_853_626_951_472_7;

/// What a figure is, which decides how its range is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Positive: rates, means, shapes.
    Positive,
    /// Between 0 and 1.
    Share,
}

/// One estimated figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its path in the scenario, such as `stages.child_in_need.duration.mean`.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// The base's central value.
    pub base: f64,
    /// The estimate.
    pub value: f64,
    /// 5% of the probability lies below.
    pub low: f64,
    /// 5% of the probability lies above.
    pub high: f64,
    /// Rows behind it.
    pub rows: usize,
    /// How it was estimated.
    pub method: &'static str,
    /// Where it comes from: list, dates, rows.
    pub source: String,
    /// It follows from an estimate by the base's proportions and was not estimated itself.
    pub derived: bool,
}

/// A part of the base that stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// Path, or the beginning of several paths.
    pub path: String,
    /// Why.
    pub why: String,
}

/// An interval on the log scale; `degrees` of freedom where the standard error itself was estimated from few months.
pub fn log_interval(value: f64, error: f64, degrees: Option<f64>) -> (f64, f64) {
    let student = |degrees: f64| StudentsT::new(0.0, 1.0, degrees).ok().map(|law| law.inverse_cdf(0.95));
    let reach = degrees.and_then(student).unwrap_or(NORMAL_95) * error;
    (value * libm::exp(-reach), value * libm::exp(reach))
}

/// The 90% interval of a share of which `part` in `all` (both may be effective numbers) were seen, by Jeffreys' prior.
pub fn share_interval(part: f64, all: f64) -> (f64, f64) {
    let rest = (all - part).max(0.0);
    let at = |u: f64| Beta::new(part.max(0.0) + 0.5, rest + 0.5).ok().map(|law| law.inverse_cdf(u));
    // An end that was never seen stays possible, and one always seen stays unsure.
    let low = if part <= 0.0 { Some(0.0) } else { at(0.05) };
    let high = if rest <= 0.0 { Some(1.0) } else { at(0.95) };
    (low.unwrap_or(0.0), high.unwrap_or(1.0))
}

/// The ends of a PERT law whose most likely value is `value` and whose 5th and 95th percentiles are the interval's,
/// as nearly as 0 and 1 allow.
pub fn pert_ends(value: f64, low: f64, high: f64) -> (f64, f64) {
    if high <= low {
        return (value, value);
    }
    let (mut below, mut above) = (1.6 * (value - low).max(0.0), 1.6 * (high - value).max(0.0));
    for _ in 0..60 {
        let law = Parameter {
            path: String::new(),
            value,
            low: Some(value - below),
            high: Some(value + above),
            shape: RangeShape::Pert,
            basis: None,
            source: String::new(),
        };
        let better = |reach: f64, wanted: f64, got: f64| {
            if got > 0.0 { reach * (wanted / got).clamp(0.5, 2.0) } else { reach }
        };
        let next = better(below, value - low, value - law.quantile(0.05));
        above = better(above, high - value, law.quantile(0.95) - value);
        below = next;
    }
    ((value - below).clamp(0.0, value), (value + above).clamp(value, 1.0))
}

/// Rounded to four significant digits.
pub fn significant(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = 3 - libm::floor(libm::log10(value.abs())) as i32;
    // By way of decimal text, so that 0.123 is 0.123 and not its neighbour.
    let text =
        if digits >= 0 { format!("{value:.*}", digits.min(15) as usize) } else { format!("{value:.0}") };
    text.parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pert_law_drawn_from_the_ends_has_the_interval() {
        for (value, low, high) in [(0.3, 0.25, 0.36), (0.05, 0.02, 0.09), (0.9, 0.85, 0.94)] {
            let (from, to) = pert_ends(value, low, high);
            let law = Parameter {
                path: String::new(),
                value,
                low: Some(from),
                high: Some(to),
                shape: RangeShape::Pert,
                basis: None,
                source: String::new(),
            };
            assert!((law.quantile(0.05) - low).abs() < 0.002, "{value}: {}", law.quantile(0.05));
            assert!((law.quantile(0.95) - high).abs() < 0.002, "{value}: {}", law.quantile(0.95));
        }
    }

    #[test]
    fn jeffreys_interval_is_that_of_the_beta_law() {
        // Brown, Cai and DasGupta (2001), table 5: n = 10, x = 3, 95% limits 0.093 and 0.606.
        let law = Beta::new(3.5, 7.5).unwrap();
        assert!(
            (law.inverse_cdf(0.025) - 0.093).abs() < 1e-3 && (law.inverse_cdf(0.975) - 0.606).abs() < 1e-3
        );
        let (low, high) = share_interval(3.0, 10.0);
        assert!((law.cdf(low) - 0.05).abs() < 1e-9 && (law.cdf(high) - 0.95).abs() < 1e-9);
        assert_eq!(share_interval(0.0, 10.0).0, 0.0);
        assert_eq!(share_interval(10.0, 10.0).1, 1.0);
    }

    #[test]
    fn few_months_widen_an_interval() {
        let (low, high) = log_interval(100.0, 0.1, None);
        assert!((libm::log(high / low) - 2.0 * 0.1 * NORMAL_95).abs() < 1e-12);
        // The 95th percentile of Student's t with 11 degrees of freedom is 1.796.
        let (_, wide) = log_interval(100.0, 0.1, Some(11.0));
        assert!((libm::log(wide / 100.0) - 0.1796).abs() < 1e-4);
    }

    #[test]
    fn four_digits_are_kept() {
        assert_eq!(
            [significant(123.456), significant(0.123456), significant(98765.0)],
            [123.5, 0.1235, 98765.0]
        );
        assert_eq!(significant(0.0), 0.0);
    }
}
