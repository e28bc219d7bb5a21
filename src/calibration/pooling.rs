//! Small areas shrunk towards the whole, by as much as their own counts leave open.
//!
//! Consumes each area's events and the number expected there were it like the whole; produces relative rates with
//! intervals. Area *i*'s rate θᵢ is drawn from a gamma law with mean 1, whose spread is itself estimated from all areas by
//! maximum likelihood (the events are then negative binomial); given its events the rate is gamma again. An area with
//! few events is drawn towards 1, one with many keeps what its own events say (empirical Bayes: Clayton and Kaldor
//! 1987).

use statrs::distribution::{ContinuousCDF, Gamma};
use statrs::function::gamma::ln_gamma;

/// The least spread that is told from none: relative rates within 1% of each other.
const ALIKE: f64 = 1e4;
/// The greatest: areas that say nothing about each other.
const UNLIKE: f64 = 0.05;
/// Steps of the search for the spread, on the log scale.
const STEPS: usize = 400;

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
    let shape = spread(counts);
    counts
        .iter()
        .map(|count| {
            let (events, expected) = (count.events + shape, count.expected + shape);
            let at = |u: f64| Gamma::new(events, expected).ok().map(|law| law.inverse_cdf(u));
            let value = events / expected;
            Pooled {
                separate: count.events / count.expected,
                value,
                low: at(0.05).unwrap_or(value),
                high: at(0.95).unwrap_or(value),
            }
        })
        .collect()
}

/// The shape of the gamma law of the areas' rates: the larger, the more alike they are.
fn spread(counts: &[Count]) -> f64 {
    let likelihood = |shape: f64| {
        let one = |count: &Count| {
            ln_gamma(count.events + shape) - ln_gamma(shape) + shape * libm::log(shape)
                - (count.events + shape) * libm::log(count.expected + shape)
        };
        counts.iter().map(one).sum::<f64>()
    };
    let at = |step: usize| {
        libm::exp(libm::log(UNLIKE) + (libm::log(ALIKE) - libm::log(UNLIKE)) * step as f64 / STEPS as f64)
    };
    // The likelihood is flat where areas are alike; of equals the more alike is taken.
    (0..=STEPS).map(at).max_by(|a, b| likelihood(*a).total_cmp(&likelihood(*b))).unwrap_or(ALIKE)
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
        assert!((pooled / all - 1.0 / 35.0).abs() < 0.3 / 35.0, "{}", pooled / all);
        // The spread is estimated too, so that a little less than 90% is to be expected.
        let share = held / all;
        assert!((0.82..=0.95).contains(&share), "{share}");
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
            assert!((area.value - 1.0).abs() < 1e-9 && area.high - area.low < 0.05, "{area:?}");
        }
    }
}
