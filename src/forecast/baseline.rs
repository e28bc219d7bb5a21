//! Forecasts that anybody could make, to be beaten.
//!
//! Consumes a series up to an origin; produces ensembles for a month to come, so that all are scored alike.
//! Invariant: nothing from the origin on is looked at.

use rand_distr::{Distribution, Poisson};

use crate::authority::months::Month;
use crate::random::Stream;

/// Years of the same month that the seasonal mean looks back on.
const YEARS_BACK: usize = 5;
/// Months of past changes that stand for what a year may bring.
const CHANGES: usize = 36;

/// The same month of the year before, times the changes from year to year that were seen so far: the same
/// month last year with its honest spread. `None` if that month is not known.
pub fn same_month(
    counts: &[Option<f64>],
    calendar: &[Month],
    origin: usize,
    month: usize,
) -> Option<Vec<f64>> {
    let back = (1..)
        .map(|years| month.checked_sub(12 * years))
        .find(|index| index.is_none_or(|index| index < origin))??;
    let rate = |index: usize| Some(counts[index]? / calendar[index].working_days);
    let last = rate(back)? * calendar[month].working_days;
    let change = |index: usize| {
        let before = rate(index.checked_sub(12)?)?;
        (before > 0.0).then(|| rate(index).map(|now| now / before))?
    };
    let changes: Vec<f64> = (origin.saturating_sub(CHANGES)..origin).filter_map(change).collect();
    Some(if changes.is_empty() { vec![last] } else { changes.iter().map(|change| last * change).collect() })
}

/// The same month of up to five years before: their mean is the seasonal mean, they themselves its spread.
pub fn seasonal(counts: &[Option<f64>], calendar: &[Month], origin: usize, month: usize) -> Option<Vec<f64>> {
    let same = (1..=2 * YEARS_BACK)
        .filter_map(|years| month.checked_sub(12 * years))
        .filter(|index| *index < origin);
    let values: Vec<f64> = same
        .filter_map(|index| {
            Some(counts[index]? / calendar[index].working_days * calendar[month].working_days)
        })
        .take(YEARS_BACK)
        .collect();
    (!values.is_empty()).then_some(values)
}

/// Poisson counts about the mean of the last twelve months, in the shape of the year.
pub fn poisson(
    counts: &[Option<f64>],
    logs: &[f64],
    origin: usize,
    month: usize,
    number: usize,
    rng: &mut Stream,
) -> Option<Vec<f64>> {
    let last: Vec<(f64, f64)> = (origin.saturating_sub(12)..origin)
        .filter_map(|index| Some((counts[index]?, libm::exp(logs[index]))))
        .collect();
    let expected: f64 = last.iter().map(|(_, factor)| factor).sum();
    if expected <= 0.0 {
        return None;
    }
    let level = last.iter().map(|(count, _)| count).sum::<f64>() / expected;
    let mean = level * libm::exp(logs[month]);
    match Poisson::new(mean) {
        Ok(poisson) => Some((0..number).map(|_| poisson.sample(rng)).collect()),
        Err(_) => Some(vec![0.0]),
    }
}
