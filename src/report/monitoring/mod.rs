//! What monitoring found for readers: files, and the summary on the terminal.
//!
//! Consumes an [`Answer`] and the scenario behind it; produces `monitor.csv`, `signals.csv`, `parameters.csv`,
//! `standards_after.csv`, `weights.csv`, and a [`MonitorOverview`], which is the same for people and, serialised,
//! for programs. **Invariants:** no observed figure stands without the forecast's range; no signal without the rate
//! of false alarms; no belief without the effective number of replications.

mod csv;
mod overview;
mod text;

pub(super) use text::ranged;

pub use csv::{MONITOR, PARAMETERS, SIGNALS, STANDARDS_AFTER, WEIGHTS};
pub use overview::{
    ChanceOverview, FigureOverview, MonitorOverview, PromiseOverview, SeriesOverview, SignalOverview,
    monitor_overview,
};

use super::csv as run_csv;
use super::directory::{Staging, WriteError};
use super::model::{RunFacts, area_name};
use super::results::from_csv;
use crate::monitoring::{Answer, Watched};
use crate::scenario::Scenario;
use crate::simulation::Holding;

/// What a monitoring report is made from.
#[derive(Clone, Copy, Debug)]
pub struct MonitorReport<'a> {
    /// What was forecast.
    pub scenario: &'a Scenario,
    /// What was found.
    pub answer: &'a Answer,
    /// What was run.
    pub run: &'a RunFacts,
}

/// Stages `monitor.csv`, `signals.csv`, `parameters.csv`, `standards_after.csv`, `weights.csv` and
/// `assumptions.csv`.
///
/// # Errors
/// If a file cannot be written.
pub fn stage_tables(staging: &Staging, report: &MonitorReport) -> Result<(), WriteError> {
    staging.file("monitor.csv", |out| csv::monitor(out, report).map_err(from_csv))?;
    staging.file("signals.csv", |out| csv::signals(out, report).map_err(from_csv))?;
    staging.file("parameters.csv", |out| csv::parameters(out, report).map_err(from_csv))?;
    staging.file("standards_after.csv", |out| csv::standards_after(out, report).map_err(from_csv))?;
    staging.file("weights.csv", |out| csv::weights(out, report).map_err(from_csv))?;
    staging.file("assumptions.csv", |out| run_csv::assumptions(out, report.scenario).map_err(from_csv))
}

/// An observed series for readers: `Referrals (children), whole council`.
pub fn series_name(scenario: &Scenario, watched: &Watched) -> String {
    let measure = watched.measure.replace('_', " ");
    let mut letters = measure.chars();
    let measure: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let counts = if watched.as_children { " (children)" } else { "" };
    let holder = match watched.holding {
        Holding::Area => String::new(),
        Holding::Team(team) => format!(", {}", scenario.teams[team].name),
        Holding::Desk(desk) => format!(", {}", scenario.desks[desk].name),
    };
    let area = match watched.area {
        Some(_) => area_name(scenario, watched.area).to_owned(),
        None => "whole council".to_owned(),
    };
    format!("{measure}{counts}{holder}, {area}")
}
