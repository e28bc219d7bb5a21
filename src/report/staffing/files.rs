//! Which files `caseflow staff` leaves.

use std::io;

use super::{StaffingReport, csv};
use crate::decisions::staffing::Group;
use crate::report::directory::{Staging, WriteError};
use crate::report::{csv as run_csv, plots};

/// Stages `staffing.csv`, `staffing_curve.csv`, `staffing_standards.csv`, `staffing_costs.csv` (where anything has a
/// price), `pooling.csv` (where a team could pool) and `assumptions.csv`.
///
/// # Errors
/// If a file cannot be written.
pub fn stage_tables(staging: &Staging, report: &StaffingReport) -> Result<(), WriteError> {
    let plain = |error: ::csv::Error| crate::report::results::from_csv(error);
    staging.file("staffing.csv", |out| csv::staffing(out, report).map_err(plain))?;
    staging.file("staffing_curve.csv", |out| csv::curve(out, report).map_err(plain))?;
    staging.file("staffing_standards.csv", |out| csv::standards(out, report).map_err(plain))?;
    if !report.answer.bill.is_empty() {
        staging.file("staffing_costs.csv", |out| csv::costs(out, report).map_err(plain))?;
    }
    if !report.answer.pooling.is_empty() {
        staging.file("pooling.csv", |out| csv::pooling(out, report).map_err(plain))?;
    }
    staging.file("assumptions.csv", |out| run_csv::assumptions(out, report.scenario).map_err(plain))
}

/// The teams and desks of whose posts [`stage_curve_plot`] can draw curves.
pub fn groups(report: &StaffingReport) -> Vec<Group> {
    let decided = report.answer.seats.iter().filter(|row| row.decided);
    let mut groups: Vec<Group> = decided.map(|row| row.seat.group).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// Stages `plots/staffing_<team>.svg` and `.png`: the curves of a team or desk.
///
/// # Errors
/// If the picture cannot be drawn or written.
pub fn stage_curve_plot(staging: &Staging, report: &StaffingReport, group: Group) -> Result<(), WriteError> {
    let id = match group {
        Group::Team(team) => &report.scenario.teams[team].id,
        Group::Desk(desk) => &report.scenario.desks[desk].id,
    };
    let name = |extension: &str| format!("plots/staffing_{id}.{extension}");
    let drawn = plots::staffing_curves(report, group).map_err(io::Error::other);
    let picture = staging.attempt(&name("svg"), drawn)?;
    staging.bytes(&name("svg"), picture.svg.as_bytes())?;
    let image = staging.attempt(&name("png"), plots::png(&picture.svg).map_err(io::Error::other))?;
    staging.bytes(&name("png"), &image)
}
