//! Small areas shrunk towards the whole, by as much as their own counts leave open.
//!
//! Consumes each area's events and the number expected there were it like the whole; produces relative rates with
//! intervals. Area *i*'s rate θᵢ is drawn from a gamma law with mean 1 (Clayton and Kaldor 1987); given its events the rate
//! is gamma again. How much areas differ, the law's standard deviation, is not known: every value in a grid counts by
//! its likelihood (the events are then negative binomial) with all values equally likely beforehand. Taking the likeliest
//! alone would make intervals of few areas far too narrow. An area with few events is drawn towards 1, one with many
//! keeps what its own events say.

use statrs::distribution::{ContinuousCDF, Gamma};
use statrs::function::gamma::ln_gamma;

/// Standard deviations of areas' rates that are tried: from alike to more different than any council's areas.
const LEAST: f64 = 0.01;
const MOST: f64 = 1.5;
const STEPS: usize = 75;
/// Halvings in the search for a percentile.
const HALVINGS: usize = 50;

/// One area's count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count {
    /// Events, as independent ones (already divided by what clusters them).
    pub events: f64,
    /// Events expected if the area were like the whole.
    pub expected: f64,
}

/// An area's rate relative to the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pooled {
    /// The area's own: events over expected.
    pub separate: f64,
    /// Drawn towards the whole: the posterior mean.
    pub value: f64,
    /// 5% of the probability lies below.
    pub low: f64,
    /// 5% of the probability lies above.
    pub high: f64,
}

/// Relative rates of all areas.
pub fn pool(counts: &[Count]) -> Vec<Pooled> {
    let spreads = spreads(counts);
    counts
        .iter()
        .map(|count| {
            let after =
                |(weight, shape): &(f64, f64)| (*weight, count.events + shape, count.expected + shape);
            let laws: Vec<(f64, f64, f64)> = spreads.iter().map(after).collect();
            Pooled {
                separate: count.events / count.expected,
                value: laws.iter().map(|(weight, events, expected)| weight * events / expected).sum(),
                low: percentile(&laws, 0.05),
                high: percentile(&laws, 0.95),
            }
        })
        .collect()
}

/// The shapes of the gamma law of the areas' rates with the probability of each, given all counts.
fn spreads(counts: &[Count]) -> Vec<(f64, f64)> {
    let likelihood = |shape: f64| {
        let one = |count: &Count| {
            ln_gamma(count.events + shape) - ln_gamma(shape) + shape * libm::log(shape)
                - (count.events + shape) * libm::log(count.expected + shape)
        };
        counts.iter().map(one).sum::<f64>()
    };
    let shape = |step: usize| {
        let deviation = LEAST + (MOST - LEAST) * step as f64 / (STEPS - 1) as f64;
        1.0 / (deviation * deviation)
    };
    let shapes: Vec<(f64, f64)> = (0..STEPS).map(shape).map(|shape| (likelihood(shape), shape)).collect();
    let best = shapes.iter().map(|(likelihood, _)| *likelihood).fold(f64::NEG_INFINITY, f64::max);
    let weigh = |(likelihood, shape): &(f64, f64)| (libm::exp(likelihood - best), *shape);
    let weights: Vec<(f64, f64)> = shapes.iter().map(weigh).collect();
    let total: f64 = weights.iter().map(|(weight, _)| weight).sum();
    weights
        .into_iter()
        .map(|(weight, shape)| (weight / total, shape))
        .filter(|(weight, _)| *weight > 1e-9)
        .collect()
}

/// A percentile of a mixture of gamma laws, by halving.
fn percentile(laws: &[(f64, f64, f64)], u: f64) -> f64 {
    let below = |x: f64| -> f64 {
        let one = |(weight, events, expected): &(f64, f64, f64)| {
            Gamma::new(*events, *expected).map_or(0.0, |law| weight * law.cdf(x))
        };
        laws.iter().map(one).sum()
    };
    let (mut low, mut high) = (0.0, 1.0);
    while below(high) < u && high < 1e6 {
        high *= 2.0;
    }
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if below(middle) < u { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, StreamKey, poisson};
    use rand_distr::Distribution;

    /// Areas with rates from a gamma law, and their events.
    fn areas(key: StreamKey, shape: f64, expected: f64, number: u64) -> (Vec<f64>, Vec<Count>) {
        let law = rand_distr::Gamma::new(shape, 1.0 / shape).unwrap();
        (0..number)
            .map(|area| {
                let mut rng = key.purpose(Purpose::Arrivals).child(area).open();
                let rate = law.sample(&mut rng);
                let events = f64::from(poisson(&mut rng, rate * expected));
                (rate, Count { events, expected })
            })
            .unzip()
    }

    fn squared(rates: &[f64], estimates: impl Iterator<Item = f64>) -> f64 {
        rates.iter().zip(estimates).map(|(rate, estimate)| (rate - estimate).powi(2)).sum()
    }

    #[test]
    fn small_areas_are_better_pooled_and_their_intervals_hold() {
        let (mut separate, mut pooled, mut held, mut all) = (0.0, 0.0, 0.0, 0.0);
        for repeat in 0..200 {
            let (rates, counts) = areas(StreamKey::master(5).child(repeat), 20.0, 15.0, 12);
            let found = pool(&counts);
            separate += squared(&rates, found.iter().map(|area| area.separate));
            pooled += squared(&rates, found.iter().map(|area| area.value));
            let holds = |(rate, area): (&f64, &Pooled)| area.low <= *rate && *rate <= area.high;
            held += rates.iter().zip(&found).filter(|pair| holds((pair.0, pair.1))).count() as f64;
            all += rates.len() as f64;
        }
        // With shape 20 and 15 expected the Bayes risk is 1/(20 + 15), that of separate estimates 1/15.
        assert!(pooled < 0.65 * separate, "{pooled} {separate}");
        assert!(pooled / all < 1.3 / 35.0, "{}", pooled / all);
        // 2,400 intervals of 90%, twelve of a repeat sharing the spread found: about 900 independent ones.
        let share = held / all;
        assert!((share - 0.9).abs() < 4.0 * (0.9_f64 * 0.1 / 900.0).sqrt(), "{share}");
    }

    #[test]
    fn a_large_area_that_differs_is_not_shrunk_away() {
        let mut counts = vec![Count { events: 15.0, expected: 15.0 }; 11];
        counts.push(Count { events: 3000.0, expected: 2000.0 });
        let found = pool(&counts);
        assert!((found[11].value - 1.5).abs() < 0.02, "{:?}", found[11]);
        assert!(found[11].low > 1.4 && found[11].high < 1.6);
    }

    #[test]
    fn areas_alike_are_told_to_be_so() {
        let counts = vec![Count { events: 100.0, expected: 100.0 }; 8];
        for area in pool(&counts) {
            assert!((area.value - 1.0).abs() < 1e-6 && area.high - area.low < 0.2, "{area:?}");
        }
    }
}
