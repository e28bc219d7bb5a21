//! Areas, where contacts come from, and what drives demand.

use super::{Draw, Quantity, StageId};
use crate::calendar::SchoolCalendar;

/// A locality.
#[derive(Clone, Debug)]
pub struct Area {
    /// Identifier, as in `[areas.north]`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Children aged 0-17.
    pub population: Quantity,
    /// Growth of `population`, as a share a year (0.01 is one per cent).
    pub population_growth: Quantity,
    /// Relative need; 1 is the level to which the rates of [`Source`] apply.
    pub need: Quantity,
    /// Families a year by source, in place of population × rate × need.
    pub families_per_year: Vec<Option<Quantity>>,
    /// Multiplies the hours each case needs here (interpreters, travel).
    pub effort: Quantity,
    /// Share of the community that services see less of.
    pub hidden_share: Quantity,
    /// Chance that a need in that community is seen at all.
    pub detection: Quantity,
    /// Share of children who are eligible for free school meals, where known.
    pub free_school_meals: Option<Quantity>,
    /// School terms and holidays.
    pub schools: SchoolCalendar,
}

/// Where contacts come from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Identifier, such as `school`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Families a year for every 10,000 children, where `need` is 1.
    pub rate_per_10k: Quantity,
    /// Stage that a family from this source enters.
    pub entry: StageId,
    /// Relative weight of each day, Monday first; mean 1. Bank holidays take Sunday's.
    pub weekday: [f64; 7],
    /// Share of need that the source sees while schools are closed; 1 is all of it.
    pub visibility: Quantity,
    /// Share of the unseen that comes forward after return.
    pub resurfacing: Quantity,
    /// Mean days from the first day of term until an unseen family comes forward.
    pub resurfacing_days: Quantity,
    /// Relative weekly weights, mean 1, repeated from `profile_start`; replaces visibility.
    pub profile: Option<Vec<f64>>,
    /// Day (offset from the run's first day, may be negative) on which the profile's first week begins.
    pub profile_start_day: i64,
}

/// What drives demand everywhere.
#[derive(Clone, Debug)]
pub struct Demand {
    /// Growth of need a year, as a share, compounding from `start`.
    pub trend_per_year: Quantity,
    /// Year effect of the whole council.
    pub year_noise: Noise,
    /// Month effect of the whole council.
    pub month_noise: Noise,
    /// Month effect of each area.
    pub area_month_noise: Noise,
    /// Dated multipliers.
    pub shocks: Vec<Shock>,
    /// Children in a family.
    pub children: ChildrenPerFamily,
}

/// A multiplicative disturbance: lognormal, mean 1, first-order autoregressive from one period to
/// the next (on the log scale), constant within a period.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    /// Coefficient of variation of the multiplier; 0 turns it off.
    pub cv: Quantity,
    /// Correlation of the logarithm between successive periods, -1 < r < 1.
    pub correlation: Quantity,
}

/// A dated multiplier on demand.
#[derive(Clone, Debug)]
pub struct Shock {
    /// Name for readers.
    pub name: String,
    /// Full multiplier, reached after the ramp.
    pub multiplier: Quantity,
    /// First day, offset from the run's first day; the ramp in begins here.
    pub from_day: i64,
    /// Day on which the ramp out begins; `i64::MAX` for a lasting change.
    pub to_day: i64,
    /// Days over which the multiplier goes linearly from 1 to its full value.
    pub ramp_in_days: f64,
    /// Days over which it goes back after `to_day`.
    pub ramp_out_days: f64,
    /// Whether each source is affected.
    pub sources: Vec<bool>,
    /// Whether each area is affected.
    pub areas: Vec<bool>,
}

impl Shock {
    /// How much of the shock is felt at a time (days from the run's first day): 0 none, 1 all.
    pub fn strength(&self, time: f64) -> f64 {
        let (from, to) = (self.from_day as f64, self.to_day as f64);
        if time < from {
            return 0.0;
        }
        let ramp = |elapsed: f64, days: f64| {
            if days > 0.0 { (elapsed / days).min(1.0) } else { 1.0 }
        };
        let reached = ramp(time.min(to) - from, self.ramp_in_days);
        if time < to { reached } else { reached * (1.0 - ramp(time - to, self.ramp_out_days)) }
    }
}

/// How many children a family has.
#[derive(Clone, Debug)]
pub enum ChildrenPerFamily {
    /// Shares of families with 1, 2, 3, … children; drawn values are made to sum to 1.
    Shares(Vec<Quantity>),
    /// Negative binomial without its zero, cut at `max`, with this mean after both.
    NegativeBinomial {
        /// Mean children in a family.
        mean: Quantity,
        /// Shape (number of successes) of the untruncated distribution; larger is less spread.
        shape: Quantity,
        /// Largest family counted.
        max: u8,
    },
}

impl ChildrenPerFamily {
    /// Mean children in a family.
    pub fn mean(&self, draw: &Draw) -> f64 {
        match self {
            ChildrenPerFamily::Shares(shares) => {
                let total: f64 = shares.iter().map(|share| draw[*share]).sum();
                let children: f64 =
                    shares.iter().zip(1_u32..).map(|(share, n)| f64::from(n) * draw[*share]).sum();
                if total > 0.0 { children / total } else { 1.0 }
            }
            ChildrenPerFamily::NegativeBinomial { mean, .. } => draw[*mean],
        }
    }
}
