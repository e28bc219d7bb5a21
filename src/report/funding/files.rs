//! Which files `caseflow fund` leaves.

use std::io;

use super::{FundingReport, csv};
use crate::report::directory::{Staging, WriteError};
use crate::report::results::from_csv;
use crate::report::{csv as run_csv, plots};

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

/// Stages the pictures: `plots/funding_rules` and `plots/funding_frontier`, as SVG and PNG.
///
/// # Errors
/// If a picture cannot be drawn or written.
pub fn stage_pictures(staging: &Staging, report: &FundingReport) -> Result<(), WriteError> {
    for (name, drawn) in
        [("funding_rules", plots::splits(report)), ("funding_frontier", plots::frontier(report))]
    {
        let path = |extension: &str| format!("plots/{name}.{extension}");
        let picture = staging.attempt(&path("svg"), drawn.map_err(io::Error::other))?;
        staging.bytes(&path("svg"), picture.svg.as_bytes())?;
        let image = staging.attempt(&path("png"), plots::png(&picture.svg).map_err(io::Error::other))?;
        staging.bytes(&path("png"), &image)?;
    }
    Ok(())
}
