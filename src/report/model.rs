//! What every file and table is made from: a summary and the facts of its run.
//!
//! Consumes a [`Summary`] and the [`Scenario`] and [`Layout`] behind it; produces the names by which
//! files call areas, teams and standards. **Invariant:** the summary is in the layout's order, so
//! that an index means the same in both.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::experiment::Shard;
use crate::scenario::{CostItem, Scenario};
use crate::simulation::{Holding, Layout};
use crate::summary::{Estimate, Summary};

/// The word for the whole council where a file wants an area.
pub const WHOLE_COUNCIL: &str = "all";

/// The word of `costs.csv` for costs that several areas share.
pub const SHARED: &str = "shared";

/// The word for the funder of what nobody pays.
pub const UNFUNDED: &str = "unfunded";

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

impl RunFacts {
    /// Where figures come from, in one line, as charts say it.
    pub fn origin(&self) -> String {
        let hash: String = self.scenario_sha256.chars().take(8).collect();
        format!("caseflow {}, scenario {} ({hash}), seed {}", self.version, self.scenario, self.seed)
    }
}

/// Everything a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// What was simulated.
    pub scenario: &'a Scenario,
    /// The shape of the records.
    pub layout: &'a Layout,
    /// What the replications say.
    pub summary: &'a Summary,
    /// What was run.
    pub run: &'a RunFacts,
}

impl<'a> Report<'a> {
    /// The index of the series of this area, holding and measure, if there is one.
    pub fn series(&self, area: Option<usize>, holding: Holding, measure: &str) -> Option<usize> {
        self.layout
            .series
            .iter()
            .position(|series| series.area == area && series.holding == holding && series.measure == measure)
    }

    /// The weeks of a series.
    pub fn weeks(&self, series: usize) -> &'a [Estimate] {
        self.summary.weeks_of(series)
    }

    /// The figure of a series over the whole horizon.
    pub fn horizon(&self, series: usize) -> &'a Estimate {
        &self.summary.horizon[series]
    }
}

/// Whether an estimate has something to show.
pub(super) fn is_present(estimate: &Estimate) -> bool {
    estimate.n > 0 && estimate.mean.is_finite()
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

/// The identifier in `costs.csv` of the area that bears a cost: its own, or [`SHARED`].
pub fn bearer_id(scenario: &Scenario, area: Option<usize>) -> &str {
    area.map_or(SHARED, |area| &scenario.areas[area].id)
}

/// The name of a funder for readers.
pub fn funder_name(scenario: &Scenario, funder: Option<usize>) -> &str {
    funder.map_or("Unfunded: nobody pays", |funder| &scenario.money.funders[funder].name)
}

/// The identifier of a funder in files: its own, or [`UNFUNDED`].
pub fn funder_id(scenario: &Scenario, funder: Option<usize>) -> &str {
    funder.map_or(UNFUNDED, |funder| &scenario.money.funders[funder].id)
}

/// What a cost is for, in files: a role, `role:agency` or `role:recruitment`, `placement:stage`,
/// `programme:id`, `intervention:id`.
pub fn item_id(scenario: &Scenario, item: CostItem) -> String {
    scenario.cost_item_id(item)
}

/// A financial year as it is written in England, such as `2025/26`.
pub fn financial_year(begins: i32) -> String {
    format!("{begins}/{:02}", (begins + 1).rem_euclid(100))
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
