//! The level of a monthly series: a filter, and what it predicts.
//!
//! Consumes a series of counts with the log factors of its months; produces the state of the level at each
//! origin under many settings, and draws of the months that follow. The log of referrals a working day is a
//! long-run mean, plus a departure that fades by φ a month (first order autoregression), plus the month's own
//! departure, plus the counting error of families of siblings. Settings (how fast the level moves, how noisy
//! single months are, φ) lie on a grid; each authority's own likelihood weighs them, and what all authorities
//! together make of the grid is its prior (empirical Bayes). Kalman filter: Durbin and Koopman, Time Series
//! Analysis by State Space Methods, 2012, chapter 4.

use rand::RngExt;
use rand_distr::{Distribution, Gamma, Poisson, StandardNormal};

use crate::random::Stream;

/// Variance over mean of a month's count beside all else: siblings referred together (as `children` in
/// England's pathway: mean square over mean of a family's children is between 2 and 2.5).
pub const SIBLINGS: f64 = 2.0;
/// Variances with which the level moves in a month.
const MOVES: [f64; 6] = [0.0002, 0.001, 0.003, 0.006, 0.012, 0.024];
/// Standard deviations of single months.
const DEPARTURES: [f64; 6] = [0.03, 0.06, 0.09, 0.12, 0.18, 0.3];
/// How much of a departure of the level is left after a month: 0.94 leaves half after a year.
const FADES: [f64; 3] = [0.90, 0.94, 0.97];
/// Variance of the long-run mean about the first year's.
const FIRST_VARIANCE: f64 = 0.15;
/// Months whose errors are not weighed, while the filter finds its level.
const SETTLING: usize = 6;
/// How much less a month with schools closed tells of the level, as a multiple of its variance.
const CLOSED_VARIANCE: f64 = 4.0;
/// Largest month that is drawn.
const MOST: f64 = 1e6;

/// One setting of the filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Variance with which the level moves in a month.
    pub moves: f64,
    /// Standard deviation of single months.
    pub departs: f64,
    /// Share of a departure left after a month.
    pub fades: f64,
}

/// All settings.
pub fn settings() -> Vec<Setting> {
    let mut all = Vec::new();
    for fades in FADES {
        for moves in MOVES {
            for departs in DEPARTURES {
                all.push(Setting { moves, departs, fades });
            }
        }
    }
    all
}

/// What is known of the level after some months, under one setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// Long-run mean, log referrals a working day.
    pub mean: f64,
    /// Departure from it.
    pub off: f64,
    /// Variances of mean, of both together, of the departure.
    pub variance: [f64; 3],
    /// Log likelihood of the months so far.
    pub likelihood: f64,
}

/// A month as the filter sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Its count; `None` where not published.
    pub count: Option<f64>,
    /// Log of working days times the shape.
    pub log: f64,
    /// Whether schools were closed in it.
    pub closed: bool,
}

/// The states before each month from the first on, and after the last: one more than months.
///
/// `None` before anything was seen.
pub fn filter(setting: Setting, months: &[Seen]) -> Vec<Option<State>> {
    let seen = |month: &Seen| month.count.map(|count| libm::log(count + 0.5) - month.log);
    let mut states = Vec::with_capacity(months.len() + 1);
    let mut state: Option<State> = None;
    let mut weighed = 0;
    for (index, month) in months.iter().enumerate() {
        states.push(state);
        let before = match state {
            Some(before) => step(setting, before),
            None => {
                // The first year's mean stands for the long-run mean until more is known. It is not used to
                // forecast that year: forecasts begin later.
                let first: Vec<f64> = months[index..].iter().take(12).filter_map(seen).collect();
                if month.count.is_none() {
                    continue;
                }
                let mean = first.iter().sum::<f64>() / first.len() as f64;
                let own = setting.moves / (1.0 - setting.fades * setting.fades);
                State { mean, off: 0.0, variance: [FIRST_VARIANCE, 0.0, own], likelihood: 0.0 }
            }
        };
        state = Some(match seen(month) {
            Some(log) => {
                weighed += 1;
                learn(setting, before, log, month, weighed > SETTLING)
            }
            None => before,
        });
    }
    states.push(state);
    states
}

/// A month on.
fn step(setting: Setting, state: State) -> State {
    let [mean, both, off] = state.variance;
    let fades = setting.fades;
    State {
        off: fades * state.off,
        variance: [mean, fades * both, fades * fades * off + setting.moves],
        ..state
    }
}

fn learn(setting: Setting, state: State, log: f64, month: &Seen, weigh: bool) -> State {
    let [mean, both, off] = state.variance;
    let expected = libm::exp((state.mean + state.off + month.log).min(14.0)).max(1.0);
    let noise = (setting.departs * setting.departs + SIBLINGS / expected)
        * if month.closed { CLOSED_VARIANCE } else { 1.0 };
    let total = mean + 2.0 * both + off + noise;
    let error = log - state.mean - state.off;
    let (gain_mean, gain_off) = ((mean + both) / total, (both + off) / total);
    let own = if weigh { -0.5 * (libm::log(total) + error * error / total) } else { 0.0 };
    State {
        mean: state.mean + gain_mean * error,
        off: state.off + gain_off * error,
        variance: [
            mean - gain_mean * (mean + both),
            both - gain_mean * (both + off),
            off - gain_off * (both + off),
        ],
        likelihood: state.likelihood + own,
    }
}

/// Weights of the settings for each authority, from their likelihoods and the prior that all together imply
/// (expectation maximisation). Rows are authorities, columns settings; each row sums to 1.
pub fn weights(likelihoods: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let settings = likelihoods.first().map_or(0, Vec::len);
    let mut prior = vec![1.0 / settings.max(1) as f64; settings];
    let mut found = Vec::new();
    for _ in 0..25 {
        found = likelihoods.iter().map(|own| weighed(own, &prior)).collect::<Vec<_>>();
        for (setting, weight) in prior.iter_mut().enumerate() {
            *weight = found.iter().map(|own| own[setting]).sum::<f64>() / found.len().max(1) as f64;
        }
    }
    found
}

/// One authority's weights under a prior.
pub fn weighed(likelihoods: &[f64], prior: &[f64]) -> Vec<f64> {
    let most = likelihoods.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raw: Vec<f64> =
        likelihoods.iter().zip(prior).map(|(own, prior)| prior * libm::exp(own - most)).collect();
    let sum: f64 = raw.iter().sum();
    raw.into_iter().map(|weight| weight / sum).collect()
}

/// Draws of the months after an origin: month × draw.
///
/// `weights` and `states` are by setting; `logs` are the log factors of the months to come, `common` the standard
/// deviation of what moves all authorities alike in a month.
pub fn draws(
    weights: &[f64],
    states: &[State],
    logs: &[f64],
    common: f64,
    number: usize,
    rng: &mut Stream,
) -> Vec<Vec<f64>> {
    let all = settings();
    let mut drawn = vec![Vec::with_capacity(number); logs.len()];
    for _ in 0..number {
        let setting = pick(weights, rng.random());
        let (own, state) = (all[setting], states[setting]);
        let [mean, both, off] = state.variance;
        let first = mean.max(0.0).sqrt();
        let joint = if first > 0.0 { both / first } else { 0.0 };
        let (a, b): (f64, f64) = (StandardNormal.sample(rng), StandardNormal.sample(rng));
        let level = state.mean + first * a;
        let mut away = state.off + joint * a + (off - joint * joint).max(0.0).sqrt() * b;
        for (month, log) in logs.iter().enumerate() {
            let moved: f64 = StandardNormal.sample(rng);
            away = own.fades * away + own.moves.sqrt() * moved;
            let departs: f64 = StandardNormal.sample(rng);
            let single = (own.departs * own.departs + common * common).sqrt() * departs;
            drawn[month].push(counted(libm::exp((level + away + log + single).min(13.8)), rng));
        }
    }
    drawn
}

/// A count with mean `mean` and variance [`SIBLINGS`] times that: gamma mixed Poisson.
fn counted(mean: f64, rng: &mut Stream) -> f64 {
    let mean = mean.min(MOST);
    let Ok(gamma) = Gamma::new(mean / (SIBLINGS - 1.0), SIBLINGS - 1.0) else { return 0.0 };
    let rate = gamma.sample(rng);
    Poisson::new(rate).map_or(0.0, |poisson| poisson.sample(rng))
}

fn pick(weights: &[f64], at: f64) -> usize {
    let mut passed = 0.0;
    for (index, weight) in weights.iter().enumerate() {
        passed += weight;
        if at < passed {
            return index;
        }
    }
    weights.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::StreamKey;

    fn made(setting: Setting, months: usize, level: f64, rng: &mut Stream) -> Vec<Seen> {
        let mut off = 0.0;
        (0..months)
            .map(|_| {
                let moved: f64 = StandardNormal.sample(rng);
                off = setting.fades * off + setting.moves.sqrt() * moved;
                let departs: f64 = StandardNormal.sample(rng);
                let count = counted(libm::exp(level + off + setting.departs * departs + 3.0), rng);
                Seen { count: Some(count), log: 3.0, closed: false }
            })
            .collect()
    }

    /// On series that follow the model, 90% bands hold 90%: with the settings unknown and learnt from all.
    #[test]
    fn bands_hold_what_they_say_on_series_of_the_model() {
        let truth = Setting { moves: 0.003, departs: 0.12, fades: 0.94 };
        let mut rng = StreamKey::master(3).named("bands").open();
        let series: Vec<Vec<Seen>> = (0..150).map(|_| made(truth, 72, 2.0, &mut rng)).collect();
        let states: Vec<Vec<State>> = series
            .iter()
            .map(|months| {
                settings().iter().map(|own| filter(*own, &months[..60])[60].expect("seen")).collect()
            })
            .collect();
        let likelihoods: Vec<Vec<f64>> = states
            .iter()
            .map(|own: &Vec<State>| own.iter().map(|state| state.likelihood).collect())
            .collect();
        let weights = weights(&likelihoods);
        let held = |widened: f64| -> Vec<f64> {
            let mut rng = StreamKey::master(4).named("draws").open();
            let each = series.iter().zip(&states).zip(&weights).map(|((months, states), weights)| {
                let drawn = draws(weights, states, &[3.0; 12], 0.0, 400, &mut rng);
                let inside = months[60..].iter().zip(drawn).filter(|(month, drawn)| {
                    let mut sorted = drawn.clone();
                    sorted.sort_by(f64::total_cmp);
                    let middle = sorted[200];
                    let at = |place: usize| middle + widened * (sorted[place] - middle);
                    (at(20)..=at(380)).contains(&month.count.expect("made"))
                });
                inside.count() as f64 / 12.0
            });
            each.collect()
        };
        let mean = |shares: &[f64]| shares.iter().sum::<f64>() / shares.len() as f64;
        let shares = held(1.0);
        let error = {
            let centre = mean(&shares);
            let square = shares.iter().map(|share| (share - centre).powi(2)).sum::<f64>();
            (square / shares.len() as f64 / shares.len() as f64).sqrt()
        };
        assert!((mean(&shares) - 0.90).abs() < 4.0 * error, "{} ± {error}", mean(&shares));
        // Bands a quarter too narrow would be noticed.
        assert!((mean(&held(0.75)) - 0.90).abs() > 4.0 * error);
    }

    #[test]
    fn weights_find_the_setting_that_series_were_made_with() {
        let calm = Setting { moves: 0.0002, departs: 0.03, fades: 0.94 };
        let mut rng = StreamKey::master(5).named("weights").open();
        let series: Vec<Vec<Seen>> = (0..40).map(|_| made(calm, 100, 5.0, &mut rng)).collect();
        let likelihoods: Vec<Vec<f64>> = series
            .iter()
            .map(|months| {
                let last = |own: &Setting| filter(*own, months)[100].map_or(0.0, |state| state.likelihood);
                settings().iter().map(last).collect()
            })
            .collect();
        let calm_weight: f64 = weights(&likelihoods)
            .iter()
            .map(|own| {
                settings()
                    .iter()
                    .zip(own)
                    .filter(|(s, _)| s.departs <= 0.06 && s.moves <= 0.001)
                    .map(|(_, w)| w)
                    .sum::<f64>()
            })
            .sum::<f64>()
            / 40.0;
        assert!(calm_weight > 0.9, "{calm_weight}");
    }

    #[test]
    fn a_gap_leaves_the_level_and_makes_it_less_sure() {
        let setting = Setting { moves: 0.003, departs: 0.1, fades: 0.94 };
        let mut rng = StreamKey::master(6).named("gap").open();
        let mut months = made(setting, 40, 3.0, &mut rng);
        for month in &mut months[30..] {
            month.count = None;
        }
        let states = filter(setting, &months);
        let (before, after) = (states[30].expect("seen"), states[40].expect("seen"));
        assert_eq!(before.mean, after.mean);
        assert!(after.variance[2] > before.variance[2]);
    }
}
