//! Which files `caseflow fund` leaves.

use super::{FundingReport, csv};
use crate::report::csv as run_csv;
use crate::report::directory::{Staging, WriteError};
use crate::report::results::from_csv;

/// Stages `funding.csv`, its companions and `assumptions.csv`.
///
/// # Errors
/// If a file cannot be written.
pub fn stage_tables(staging: &Staging, report: &FundingReport) -> Result<(), WriteError> {
    staging.file("funding.csv", |out| csv::funding(out, report).map_err(from_csv))?;
    staging.file("funding_rules.csv", |out| csv::rules(out, report).map_err(from_csv))?;
    staging.file("funding_areas.csv", |out| csv::areas(out, report).map_err(from_csv))?;
    staging.file("funding_pots.csv", |out| csv::pots(out, report).map_err(from_csv))?;
    staging.file("funding_frontier.csv", |out| csv::frontier(out, report).map_err(from_csv))?;
    staging.file("funding_next.csv", |out| csv::next(out, report).map_err(from_csv))?;
    staging.file("funding_cheapest.csv", |out| csv::cheapest(out, report).map_err(from_csv))?;
    if !report.answer.endings.is_empty() {
        staging.file("funding_endings.csv", |out| csv::endings(out, report).map_err(from_csv))?;
    }
    staging.file("assumptions.csv", |out| run_csv::assumptions(out, report.scenario).map_err(from_csv))
}
