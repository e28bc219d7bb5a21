//! Rolling origins: fit up to a month, forecast the twelve that follow, compare with what happened.
//!
//! Consumes series with their calendar and England's months; produces a [`Scored`] forecast for every series,
//! origin and month ahead. At each origin only what was published before it is used: the shape of the year and
//! the prior of the settings are made anew each April, the level and each series' own weights every month.
//! Series are worked in parallel and come back in order; randomness belongs to the series and the origin.

use rayon::prelude::*;

use super::baseline;
use super::level::{Seen, State, draws, filter, settings, weighed, weights};
use super::score::{crps, position, quantile};
use super::shape::{Shape, by_year};
use crate::authority::months::Month;
use crate::random::StreamKey;

/// Months that a forecast reaches.
pub const AHEAD: usize = 12;
/// Months of a series before its first origin.
pub const LEAST_MONTHS: usize = 24;
/// Draws of a forecast.
pub const DRAWS: usize = 500;

/// A series to be forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// Key of its randomness, such as the authority's code.
    pub code: String,
    /// Name for readers.
    pub name: String,
    /// Counts by month of the calendar.
    pub counts: Vec<Option<f64>>,
    /// Share of referrals that come from schools, for closures.
    pub schools: f64,
}

/// What is forecast, and how.
#[derive(Clone, Copy, Debug)]
pub struct Backtest<'a> {
    /// The months of all series.
    pub calendar: &'a [Month],
    /// England's months, for the shape.
    pub england: &'a [Option<f64>],
    /// Series whose likelihoods make the prior of the settings; may be those that are forecast.
    pub prior: &'a [Watched],
    /// Whether closures of schools are known when forecasting, and lower what schools refer.
    pub closures: bool,
    /// Seed of the draws.
    pub seed: u64,
}

/// One forecast of one month, with what happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// Place of the series.
    pub series: usize,
    /// Index of the first month that was not known.
    pub origin: usize,
    /// Index of the month that was forecast.
    pub month: usize,
    /// What happened.
    pub observed: f64,
    /// Mean of the draws.
    pub mean: f64,
    /// Quantiles at 5, 25, 50, 75 and 95%.
    pub quantiles: [f64; 5],
    /// Where what happened lies among the draws, from 0 to 1.
    pub position: f64,
    /// Score of the forecast.
    pub crps: f64,
    /// Scores of the baselines: same month last year, seasonal mean, Poisson; `None` where one cannot be made.
    pub baselines: [Option<f64>; 3],
}

impl Scored {
    /// Whether the middle 90% held what happened.
    pub fn in_90(&self) -> bool {
        (self.quantiles[0]..=self.quantiles[4]).contains(&self.observed)
    }

    /// Whether the middle 50% held it.
    pub fn in_50(&self) -> bool {
        (self.quantiles[1]..=self.quantiles[3]).contains(&self.observed)
    }
}

/// Weights of the settings over all series, by the year (April to March) that an origin lies in.
type Priors = Vec<Vec<f64>>;

impl Backtest<'_> {
    /// Forecasts every series from every origin in `origins` that has enough months before it.
    pub fn run(&self, series: &[Watched], origins: std::ops::Range<usize>) -> Vec<Scored> {
        let shapes = by_year(self.calendar, self.england);
        let priors = self.priors(&shapes, origins.clone());
        let each: Vec<Vec<Scored>> = series
            .par_iter()
            .enumerate()
            .map(|(index, own)| self.of_series(index, own, &shapes, &priors, origins.clone()))
            .collect();
        each.concat()
    }

    fn seen(&self, own: &Watched, logs: &[f64]) -> Vec<Seen> {
        let months = self.calendar.iter().zip(&own.counts).zip(logs);
        months
            .map(|((month, count), log)| Seen {
                count: *count,
                log: libm::log(month.working_days) + log,
                // Months in which schools were closed are known as such when looking back.
                closed: month.closures > 0.0,
            })
            .collect()
    }

    /// The prior of the settings at the April before each origin: what all series had made of them by then.
    fn priors(&self, shapes: &[Shape], origins: std::ops::Range<usize>) -> Priors {
        let years = origins.end.div_ceil(12);
        (0..=years)
            .map(|year| {
                let april = (year * 12).min(self.calendar.len());
                let likelihoods: Vec<Vec<f64>> = self
                    .prior
                    .par_iter()
                    .filter(|own| own.counts.iter().take(april).flatten().count() >= LEAST_MONTHS)
                    .map(|own| {
                        let logs = shapes[year.min(shapes.len() - 1)].logs(self.calendar, own.schools, true);
                        let months = self.seen(own, &logs);
                        settings()
                            .iter()
                            .map(|setting| likelihood(&filter(*setting, &months[..april])))
                            .collect()
                    })
                    .collect();
                if likelihoods.is_empty() {
                    return vec![1.0 / settings().len() as f64; settings().len()];
                }
                let all = weights(&likelihoods);
                let count = all.len() as f64;
                (0..settings().len())
                    .map(|setting| all.iter().map(|own| own[setting]).sum::<f64>() / count)
                    .collect()
            })
            .collect()
    }

    fn of_series(
        &self,
        index: usize,
        own: &Watched,
        shapes: &[Shape],
        priors: &Priors,
        origins: std::ops::Range<usize>,
    ) -> Vec<Scored> {
        let mut scored = Vec::new();
        let mut year_known = usize::MAX;
        let mut states: Vec<Vec<Option<State>>> = Vec::new();
        let (mut ahead, mut usual) = (Vec::new(), Vec::new());
        for origin in origins {
            let year = origin / 12;
            if year != year_known {
                let shape = &shapes[year.min(shapes.len() - 1)];
                let logs = shape.logs(self.calendar, own.schools, true);
                let months = self.seen(own, &logs);
                states = settings().iter().map(|setting| filter(*setting, &months)).collect();
                ahead = with_days(self.calendar, &shape.logs(self.calendar, own.schools, self.closures));
                usual = with_days(self.calendar, &shape.logs(self.calendar, own.schools, false));
                year_known = year;
            }
            let known = &own.counts[..origin.min(own.counts.len())];
            let recent = known.iter().rev().take(12).flatten().count();
            if known.iter().flatten().count() < LEAST_MONTHS || recent < 6 {
                continue;
            }
            let Some(at) = states.iter().map(|own| own[origin]).collect::<Option<Vec<State>>>() else {
                continue;
            };
            let spread = shapes[year.min(shapes.len() - 1)].spread;
            let likelihoods: Vec<f64> = at.iter().map(|state| state.likelihood).collect();
            let weights = weighed(&likelihoods, &priors[year.min(priors.len() - 1)]);
            let months = origin..(origin + AHEAD).min(self.calendar.len());
            let key = StreamKey::master(self.seed).named("backtest").named(&own.code).child(origin as u64);
            let mut rng = key.open();
            let drawn = draws(&weights, &at, &ahead[months.clone()], spread, DRAWS, &mut rng);
            for (month, mut draws) in months.zip(drawn) {
                let Some(observed) = own.counts.get(month).copied().flatten() else { continue };
                let score = crps(&mut draws, observed);
                let mut ensembles = [
                    baseline::same_month(&own.counts, self.calendar, origin, month),
                    baseline::seasonal(&own.counts, self.calendar, origin, month),
                    baseline::poisson(&own.counts, &usual, origin, month, DRAWS / 2, &mut rng),
                ];
                let of =
                    |ensemble: &mut Option<Vec<f64>>| ensemble.as_mut().map(|draws| crps(draws, observed));
                let [same, seasonal, poisson] = &mut ensembles;
                scored.push(Scored {
                    series: index,
                    origin,
                    month,
                    observed,
                    mean: draws.iter().sum::<f64>() / draws.len() as f64,
                    quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map(|at| quantile(&draws, at)),
                    position: position(&draws, observed),
                    crps: score,
                    baselines: [of(same), of(seasonal), of(poisson)],
                });
            }
        }
        scored
    }
}

fn likelihood(states: &[Option<State>]) -> f64 {
    states.last().copied().flatten().map_or(0.0, |state| state.likelihood)
}

fn with_days(calendar: &[Month], logs: &[f64]) -> Vec<f64> {
    calendar.iter().zip(logs).map(|(month, log)| libm::log(month.working_days) + log).collect()
}

/// What many forecasts came to.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Summary {
    /// Forecasts of a month.
    pub forecasts: usize,
    /// Series among them.
    pub series: usize,
    /// Share of months within the middle 90%, and its standard error (between series).
    pub in_90: (f64, f64),
    /// Share within the middle 50%, and its standard error.
    pub in_50: (f64, f64),
    /// Mean forecast less what happened, over the mean of what happened.
    pub bias: f64,
    /// Standard error of the bias (between series).
    pub bias_se: f64,
    /// Mean score over the mean of what happened, where all baselines can be made.
    pub crps: f64,
    /// Scores of the baselines, likewise: same month last year, seasonal mean, Poisson.
    pub baselines: [f64; 3],
    /// How much lower the score is than each baseline's, as a share, with its standard error (between series).
    pub skill: [(f64, f64); 3],
}

/// Sums forecasts up; `None` without any.
pub fn summarise<'a>(scored: impl IntoIterator<Item = &'a Scored>) -> Option<Summary> {
    let all: Vec<&Scored> = scored.into_iter().collect();
    let mut series: Vec<usize> = all.iter().map(|one| one.series).collect();
    series.sort_unstable();
    series.dedup();
    let happened: f64 = all.iter().map(|one| one.observed).sum();
    if all.is_empty() || happened <= 0.0 {
        return None;
    }
    // By series: forecasts, in 90, in 50, error, observed, and where baselines exist: observed, score, baselines.
    let by_series: Vec<[f64; 10]> = series
        .iter()
        .map(|own| {
            let mut sums = [0.0; 10];
            for one in all.iter().filter(|one| one.series == *own) {
                sums[0] += 1.0;
                sums[1] += f64::from(u8::from(one.in_90()));
                sums[2] += f64::from(u8::from(one.in_50()));
                sums[3] += one.mean - one.observed;
                sums[4] += one.observed;
                if let [Some(same), Some(seasonal), Some(poisson)] = one.baselines {
                    sums[5] += one.observed;
                    sums[6] += one.crps;
                    sums[7] += same;
                    sums[8] += seasonal;
                    sums[9] += poisson;
                }
            }
            sums
        })
        .collect();
    let quotient = |over: usize, under: usize| ratio(&by_series, |sums| sums[over], |sums| sums[under]);
    let skill = |baseline: usize| ratio(&by_series, |sums| sums[baseline] - sums[6], |sums| sums[baseline]);
    let (bias, bias_se) = quotient(3, 4);
    Some(Summary {
        forecasts: all.len(),
        series: series.len(),
        in_90: quotient(1, 0),
        in_50: quotient(2, 0),
        bias,
        bias_se,
        crps: quotient(6, 5).0,
        baselines: [7, 8, 9].map(|baseline| quotient(baseline, 5).0),
        skill: [7, 8, 9].map(skill),
    })
}

/// A quotient of sums over series, with its standard error by the delta method: series are taken as independent,
/// months within one are not.
fn ratio(
    by_series: &[[f64; 10]],
    over: impl Fn(&[f64; 10]) -> f64,
    under: impl Fn(&[f64; 10]) -> f64,
) -> (f64, f64) {
    let count = by_series.len() as f64;
    let below: f64 = by_series.iter().map(&under).sum();
    if below == 0.0 {
        return (f64::NAN, f64::NAN);
    }
    let value = by_series.iter().map(&over).sum::<f64>() / below;
    let squares: f64 = by_series.iter().map(|own| (over(own) - value * under(own)).powi(2)).sum();
    let error = if count > 1.0 { (squares * count / (count - 1.0)).sqrt() / below } else { f64::NAN };
    (value, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::months::Months;

    fn watched(months: &Months, count: usize) -> Vec<Watched> {
        let series = months.authorities.iter().take(count);
        series
            .map(|own| Watched {
                code: own.code.clone(),
                name: own.name.clone(),
                counts: own.referrals.clone(),
                schools: 0.2,
            })
            .collect()
    }

    /// Changing every month from the origin on changes no forecast made there.
    #[test]
    fn a_forecast_uses_nothing_after_its_origin() {
        let months = Months::read().expect("months");
        let known = watched(&months, 6);
        let origin = 61;
        let mut future = months.england.referrals.clone();
        for count in future.iter_mut().skip(origin) {
            *count = Some(7.0);
        }
        let mut changed = known.clone();
        for series in &mut changed {
            for count in series.counts.iter_mut().skip(origin) {
                *count = count.map(|count| count * 10.0 + 3.0);
            }
        }
        let run = |series: &[Watched], england: &[Option<f64>]| {
            let test =
                Backtest { calendar: &months.calendar, england, prior: series, closures: true, seed: 1 };
            test.run(series, origin..origin + 1)
        };
        let (before, after) = (run(&known, &months.england.referrals), run(&changed, &future));
        assert!(before.len() > 60 && before.len() == after.len());
        for (one, other) in before.iter().zip(&after) {
            assert_eq!((one.quantiles, one.mean), (other.quantiles, other.mean));
            assert_ne!(one.observed, other.observed);
        }
    }

    #[test]
    fn threads_change_nothing() {
        let months = Months::read().expect("months");
        let series = watched(&months, 5);
        let test = Backtest {
            calendar: &months.calendar,
            england: &months.england.referrals,
            prior: &series,
            closures: true,
            seed: 1,
        };
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| test.run(&series, 48..50))
        };
        assert_eq!(on(1), on(3));
    }

    #[test]
    fn scores_of_series_are_weighed_by_their_months() {
        let one = |series: usize, observed: f64, mean: f64, crps: f64| Scored {
            series,
            origin: 0,
            month: 0,
            observed,
            mean,
            quantiles: [0.0, 5.0, 10.0, 15.0, 20.0],
            position: 0.5,
            crps,
            baselines: [Some(2.0 * crps); 3],
        };
        let all = [one(0, 10.0, 12.0, 1.0), one(0, 30.0, 30.0, 3.0), one(1, 20.0, 18.0, 2.0)];
        let summary = summarise(&all).expect("some");
        assert_eq!((summary.forecasts, summary.series), (3, 2));
        assert!((summary.in_90.0 - 2.0 / 3.0).abs() < 1e-12 && (summary.in_50.0 - 1.0 / 3.0).abs() < 1e-12);
        assert!(summary.bias.abs() < 1e-12 && (summary.crps - 0.1).abs() < 1e-12);
        assert!(summary.skill.iter().all(|(skill, _)| (skill - 0.5).abs() < 1e-12));
    }
}
