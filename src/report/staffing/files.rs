//! Which files `caseflow staff` leaves.

use super::{StaffingReport, csv};
use crate::decisions::staffing::Group;
use crate::report::csv as run_csv;
use crate::report::directory::{Staging, WriteError};

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

/// The teams and desks of whose posts curves can be drawn.
pub fn groups(report: &StaffingReport) -> Vec<Group> {
    let decided = report.answer.seats.iter().filter(|row| row.decided);
    let mut groups: Vec<Group> = decided.map(|row| row.seat.group).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}
