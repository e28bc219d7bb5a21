//! Families making contact: a doubly stochastic Poisson process for each area and source.
//!
//! Each day's intensity is constant, so a day's families are a Poisson count placed uniformly within
//! it, which is exact (sampling the next gap at today's rate would step over short peaks). Need is
//! generated whole; what a source does not see while schools are closed is then taken out family by
//! family, and part of it comes back after the first day of term. Thinning a Poisson process by
//! independent choices is exact too, and it lets two scenarios with different visibility share their
//! families.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use super::duration::pick;
use super::frame::Frame;
use super::terms::Terms;
use crate::random::{Purpose, StreamKey, poisson};
use crate::scenario::{AreaId, Draw, Noise, Scenario, SourceId};

/// Days in a year, on average.
pub(crate) const DAYS_PER_YEAR: f64 = 365.25;

/// How much need there is and how much of it is seen, under one draw: what an intervention may change.
pub(super) struct Rates {
    /// Families a day at the start, by area and source, area-major; before everything dated.
    base: Vec<f64>,
    /// Multiplier of each shock.
    shocks: Vec<f64>,
    visibility: Vec<f64>,
    resurfacing: Vec<f64>,
    resurfacing_days: Vec<f64>,
    /// For each area, the share of families who are never seen.
    undetected: Vec<f64>,
}

/// How demand moves over one replication: its noise, its trend and its streams.
pub(super) struct Demand {
    /// Logarithm of the growth a day: common trend, and each area's population.
    trend: f64,
    growth: Vec<f64>,
    /// Council-wide noise by month, times that by year.
    year_noise: Vec<f64>,
    month_noise: Vec<f64>,
    /// Each area's noise by month.
    area_noise: Vec<Vec<f64>>,
    /// Each area's and source's own stream of arrivals, area-major.
    keys: Vec<StreamKey>,
}

/// What happens to a need when it arises.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fate {
    /// It is seen at once.
    Seen,
    /// It comes forward later, at this time.
    Resurfaces(f64),
    /// It stays hidden.
    Hidden,
}

/// A family's own attributes, from its own stream.
pub(super) struct Newcomer {
    pub fate: Fate,
    pub children: u8,
}

impl Rates {
    /// The rates under a draw.
    pub fn new(scenario: &Scenario, draw: &Draw) -> Self {
        let (sources, areas) = (&scenario.sources, &scenario.areas);
        Self {
            base: areas
                .iter()
                .flat_map(|area| {
                    let need = draw[area.population] / 10_000.0 * draw[area.need];
                    sources.iter().zip(&area.families_per_year).map(move |(source, given)| {
                        given.map_or_else(|| need * draw[source.rate_per_10k], |families| draw[families])
                            / DAYS_PER_YEAR
                    })
                })
                .collect(),
            shocks: scenario.demand.shocks.iter().map(|shock| draw[shock.multiplier]).collect(),
            visibility: sources.iter().map(|source| draw[source.visibility]).collect(),
            resurfacing: sources.iter().map(|source| draw[source.resurfacing]).collect(),
            resurfacing_days: sources.iter().map(|source| draw[source.resurfacing_days]).collect(),
            undetected: areas
                .iter()
                .map(|area| draw[area.hidden_share] * (1.0 - draw[area.detection]))
                .collect(),
        }
    }

    /// Product of the shocks on a day, taken at noon.
    fn shock(&self, scenario: &Scenario, area: AreaId, source: SourceId, day: usize) -> f64 {
        let noon = day as f64 + 0.5;
        scenario
            .demand
            .shocks
            .iter()
            .zip(&self.shocks)
            .filter(|(shock, _)| shock.sources[source] && shock.areas[area])
            .map(|(shock, multiplier)| 1.0 + (multiplier - 1.0) * shock.strength(noon))
            .product()
    }

    /// Cumulative shares of each source in an area's need, for families whose arrival is not simulated.
    pub fn source_shares(&self, area: AreaId, sources: usize) -> Vec<f64> {
        super::duration::cumulative(self.base[area * sources..(area + 1) * sources].iter().copied())
    }
}

impl Demand {
    /// Draws a replication's noise and works out its intensities.
    pub fn new(frame: &Frame, draw: &Draw, replication: StreamKey) -> Self {
        let scenario = frame.scenario;
        let demand = &scenario.demand;
        let (sources, areas) = (&scenario.sources, &scenario.areas);
        let months = frame.month.last().map_or(0, |last| last + 1);
        let years = frame.year.last().map_or(0, |last| last + 1);
        let council = replication.purpose(Purpose::Noise);
        let area_key = |area: AreaId| replication.named("area").named(&areas[area].id);
        let noise = |noise: &Noise, key: StreamKey, periods: usize| {
            noise_path(draw[noise.cv], draw[noise.correlation], key, periods)
        };
        Self {
            trend: libm::log1p(draw[demand.trend_per_year]) / DAYS_PER_YEAR,
            growth: areas
                .iter()
                .map(|area| libm::log1p(draw[area.population_growth]) / DAYS_PER_YEAR)
                .collect(),
            year_noise: noise(&demand.year_noise, council.named("year"), years),
            month_noise: noise(&demand.month_noise, council.named("month"), months),
            area_noise: (0..areas.len())
                .map(|area| noise(&demand.area_month_noise, area_key(area).purpose(Purpose::Noise), months))
                .collect(),
            keys: (0..areas.len())
                .flat_map(|area| {
                    let key = area_key(area).purpose(Purpose::Arrivals);
                    sources.iter().map(move |source| key.named(&source.id))
                })
                .collect(),
        }
    }

    /// Calls `arrive(area, source, time, key)` for each need that arises on a day; `rates` gives each
    /// area's.
    pub fn for_each_need<'r>(
        &self,
        frame: &Frame,
        rates: impl Fn(AreaId) -> &'r Rates,
        day: usize,
        mut arrive: impl FnMut(AreaId, SourceId, f64, StreamKey),
    ) {
        let (areas, sources) = (frame.scenario.areas.len(), frame.scenario.sources.len());
        let elapsed = day as f64 + 0.5 - frame.warm_up_days as f64;
        let council = self.year_noise[frame.year[day]] * self.month_noise[frame.month[day]];
        for area in 0..areas {
            let drift = libm::exp((self.trend + self.growth[area]) * elapsed);
            let level = drift * council * self.area_noise[area][frame.month[day]];
            let rates = rates(area);
            for source in 0..sources {
                let cell = area * sources + source;
                let mean = rates.base[cell]
                    * level
                    * frame.day_weight[source][day]
                    * rates.shock(frame.scenario, area, source, day);
                let key = self.keys[cell].child(day as u64);
                let count = poisson(&mut key.open(), mean);
                for index in 1..=u64::from(count) {
                    let family = key.child(index);
                    arrive(area, source, day as f64 + family.uniform(), family);
                }
            }
        }
    }

    /// A family's children, and whether its need is seen when it arises at `time`.
    ///
    /// The same number of draws is used whatever the outcome, so that a change of visibility changes
    /// nothing else about the family.
    pub fn newcomer(
        frame: &Frame,
        terms: &Terms,
        area: AreaId,
        source: SourceId,
        time: f64,
        key: StreamKey,
    ) -> Newcomer {
        let rates = &terms.rates;
        let mut rng = key.purpose(Purpose::Family).open();
        let children = pick(&terms.children, rng.random()) as u8 + 1;
        let (detection, sight, resurfacing, delay): (f64, f64, f64, f64) = rng.random();
        let day = time as usize;
        let has_profile = frame.scenario.sources[source].profile.is_some();
        let unseen = !has_profile && !frame.schools_open[area][day] && sight >= rates.visibility[source];
        let fate = if detection < rates.undetected[area] {
            Fate::Hidden
        } else if !unseen {
            Fate::Seen
        } else if resurfacing < rates.resurfacing[source] {
            let first_day = frame.return_day[area][day] as f64;
            Fate::Resurfaces(first_day - rates.resurfacing_days[source] * libm::log1p(-delay))
        } else {
            Fate::Hidden
        };
        Newcomer { fate, children }
    }
}

/// A stationary path of a mean-1 lognormal disturbance: exp(s x - s^2/2) with s^2 = ln(1 + cv^2) and
/// x a first-order autoregression of unit variance. Each period's shock has a stream of its own.
fn noise_path(cv: f64, correlation: f64, key: StreamKey, periods: usize) -> Vec<f64> {
    if cv == 0.0 {
        return vec![1.0; periods];
    }
    let variance = libm::log1p(cv * cv);
    let fresh = (1.0 - correlation * correlation).sqrt();
    let mut level = 0.0;
    (0..periods)
        .map(|period| {
            let z: f64 = StandardNormal.sample(&mut key.child(period as u64).open());
            level = if period == 0 { z } else { correlation * level + fresh * z };
            libm::exp(variance.sqrt() * level - variance / 2.0)
        })
        .collect()
}
