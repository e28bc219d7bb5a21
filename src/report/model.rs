//! The plain figures that every file and table is made from.
//!
//! Consumes nothing; produced by whoever summarises replications. **Invariant:** the order of
//! [`Figures::series`] and [`Figures::judged`] is that of the run's
//! [`Layout`], so an index means the same in both.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::scenario::Scenario;
use crate::simulation::{Holding, Layout};

/// The word for the whole council where a file wants an area.
pub const WHOLE_COUNCIL: &str = "all";

/// How one figure varies from replication to replication.
///
/// Every field but `n` is `NaN` when no replication had a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Mean over the replications.
    pub mean: f64,
    /// Standard error of that mean.
    pub se: f64,
    /// 5th percentile.
    pub p05: f64,
    /// Lower quartile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// Upper quartile.
    pub p75: f64,
    /// 95th percentile.
    pub p95: f64,
    /// Replications that had a value.
    pub n: u32,
}

impl Estimate {
    /// No replication had a value.
    pub const EMPTY: Estimate = Estimate {
        mean: f64::NAN,
        se: f64::NAN,
        p05: f64::NAN,
        p25: f64::NAN,
        p50: f64::NAN,
        p75: f64::NAN,
        p95: f64::NAN,
        n: 0,
    };

    /// Whether there is something to show.
    pub fn is_present(&self) -> bool {
        self.n > 0 && self.mean.is_finite()
    }
}

/// One series, summarised.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesFigures {
    /// One estimate for each reported week.
    pub weekly: Vec<Estimate>,
    /// The figure over the whole horizon.
    pub horizon: Estimate,
}

/// How one standard fared in one area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Mean over replications of the share (0 to 1) of families or weeks that met the threshold;
    /// `NaN` when there never was anything to judge.
    pub mean_share: f64,
    /// Share of replications in which the standard was met, 0 to 1.
    pub reliability: f64,
    /// Lower end of the 95% interval of `reliability`.
    pub low: f64,
    /// Upper end of the 95% interval of `reliability`.
    pub high: f64,
}

/// A summarised run, in the order of its [`Layout`].
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// One for each of [`Layout::series`].
    pub series: Vec<SeriesFigures>,
    /// One for each of [`Layout::judged`].
    pub judged: Vec<Verdict>,
}

/// A part of a run that was split between machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Shard {
    /// Which part, from 1.
    pub index: u32,
    /// How many parts.
    pub count: u32,
}

/// How the state on the first reported day came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartState {
    /// Simulated weeks that are not reported.
    WarmUp {
        /// How many.
        weeks: u32,
    },
    /// The families that the scenario lists.
    Initial,
}

impl Serialize for StartState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        match self {
            StartState::WarmUp { weeks } => {
                map.serialize_entry("kind", "warm_up")?;
                map.serialize_entry("weeks", weeks)?;
            }
            StartState::Initial => map.serialize_entry("kind", "initial")?,
        }
        map.end()
    }
}

/// What was run: everything needed to do it again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunFacts {
    /// The scenario's name.
    pub scenario: String,
    /// SHA-256 of the effective scenario, in hexadecimal.
    pub scenario_sha256: String,
    /// Master seed.
    pub seed: u64,
    /// Replications done.
    pub replications: u32,
    /// Which part of a split run; absent for a whole one.
    pub shard: Option<Shard>,
    /// Version of caseflow.
    pub version: String,
    /// How the first reported day's state came about.
    pub start_state: StartState,
    /// Wall-clock time of the simulation, seconds.
    pub wall_seconds: f64,
    /// Whether the run was interrupted before all its replications were done.
    pub partial: bool,
}

/// Everything a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// What was simulated.
    pub scenario: &'a Scenario,
    /// The shape of the records.
    pub layout: &'a Layout,
    /// The figures.
    pub figures: &'a Figures,
    /// What was run.
    pub run: &'a RunFacts,
}

impl Report<'_> {
    /// The figures of the series of this area, holding and measure, if there is one.
    pub fn find(&self, area: Option<usize>, holding: Holding, measure: &str) -> Option<&SeriesFigures> {
        let position = self.layout.series.iter().position(|series| {
            series.area == area && series.holding == holding && series.measure == measure
        })?;
        self.figures.series.get(position)
    }
}

/// The identifier of an area in files: its own, or [`WHOLE_COUNCIL`].
pub fn area_id(scenario: &Scenario, area: Option<usize>) -> &str {
    match area {
        Some(area) => &scenario.areas[area].id,
        None => WHOLE_COUNCIL,
    }
}

/// The name of an area for readers.
pub fn area_name(scenario: &Scenario, area: Option<usize>) -> &str {
    match area {
        Some(area) => &scenario.areas[area].name,
        None => "Whole council",
    }
}

/// The identifier of a team or desk in files; empty for the area as a whole.
pub fn holding_id(scenario: &Scenario, holding: Holding) -> &str {
    match holding {
        Holding::Area => "",
        Holding::Desk(desk) => &scenario.desks[desk].id,
        Holding::Team(team) => &scenario.teams[team].id,
    }
}

/// A text that a spreadsheet cannot mistake for a formula.
///
/// Spreadsheets run a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return. Such a
/// text gets an apostrophe in front, which they show as plain text.
pub fn inert(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}
