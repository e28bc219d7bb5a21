//! What one replication leaves behind.
//!
//! A [`Layout`] lists the series that a scenario is measured by; it depends on the scenario alone,
//! so every replication fills the same table. A [`ReplicationRecord`] holds, for each series, its
//! weeks and its figure over the whole horizon, and for each standard the share that met it. The
//! simulation only records; summaries are made elsewhere.

use ndarray::Array2;

use serde::{Deserialize, Serialize};

use crate::scenario::{AreaId, CostItem, DeskId, FunderId, TeamId};

/// Whom a series is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Holding {
    /// The area as a whole.
    Area,
    /// A desk.
    Desk(DeskId),
    /// A caseload team.
    Team(TeamId),
}

/// How the weeks of a series make its figure for the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A count of events: weeks add up.
    Total,
    /// A level averaged over time: weeks average.
    Average,
    /// A quotient of two totals, such as a mean wait: the quotient of the horizon's totals. Weeks
    /// in which nothing happened are empty (`NaN`).
    Ratio,
    /// A percentile over events: taken over all the horizon's events. May be empty.
    Percentile,
    /// The greatest value.
    Maximum,
}

/// One measured series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The area; `None` for the whole council.
    pub area: Option<AreaId>,
    /// Desk, team, or the area as a whole.
    pub holding: Holding,
    /// Name of the measure, as in `weekly.csv`.
    pub measure: String,
    /// How weeks combine.
    pub kind: Kind,
}

/// A standard judged for one area (or, with no area, for a unit that several share).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Index into [`crate::scenario::Scenario::standards`].
    pub standard: usize,
    /// The area; `None` for the whole council.
    pub area: Option<AreaId>,
}

/// What one funder pays for one thing in one place and year: a line of `costs.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostLine {
    /// The area that bears it; `None` where several share it.
    pub area: Option<AreaId>,
    /// Who pays; `None` for nobody.
    pub funder: Option<FunderId>,
    /// What for.
    pub item: CostItem,
    /// The financial year, by the calendar year in which it begins.
    pub year: i32,
}

/// The shape of every replication's record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// The series, in the order of files: by area (the whole council last), then holding, measure.
    pub series: Vec<Series>,
    /// Reported weeks.
    pub weeks: usize,
    /// The standards judged, in the order of files.
    pub judged: Vec<Judged>,
    /// What is paid for, in the order of files; empty where the scenario has no money in it.
    pub cost_lines: Vec<CostLine>,
    /// How many published figures are held against the results.
    pub published: usize,
}

/// What one replication measured.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicationRecord {
    /// Number of the replication, from 0.
    pub replication: u32,
    /// Weekly figures, series × weeks; `NaN` where a week has none.
    pub weekly: Array2<f32>,
    /// Each series' figure over the horizon; `NaN` where there is none.
    pub horizon: Vec<f64>,
    /// For each of [`Layout::judged`], the share of families or weeks that met the threshold;
    /// `NaN` where nothing was there to judge (which counts as met).
    pub achieved: Vec<f64>,
    /// For each of [`Layout::cost_lines`], pence over the reported weeks.
    pub costs: Vec<i64>,
    /// For each of [`crate::scenario::Scenario::published`], what stands for it here; `NaN` where
    /// nothing does.
    pub published: Vec<f64>,
    /// Events handled by the engine, for speed figures.
    pub events: u64,
}
