//! Which files `caseflow compare` leaves.

use super::{ComparisonReport, criterion_name, csv, is_share};
use crate::report::csv as run_csv;
use crate::report::directory::{Staging, WriteError};
use crate::report::plots::{self, CourseShown, DrawError, Picture, WaterfallShown};
use crate::report::results::from_csv;
use crate::scenario::Criterion;

/// Stages `comparison.csv`, its companions and the base's `assumptions.csv`; `comparison_costs.csv` where
/// anything has a price, `comparison_parts.csv` where an option has parts, `comparison_tradeoffs.csv` where
/// there are two criteria.
///
/// # Errors
/// If a file cannot be written.
pub fn stage_tables(staging: &Staging, report: &ComparisonReport) -> Result<(), WriteError> {
    let options = &report.comparison.options;
    staging.file("comparison.csv", |out| csv::comparison(out, report).map_err(from_csv))?;
    staging.file("comparison_weekly.csv", |out| csv::weekly(out, report).map_err(from_csv))?;
    staging.file("comparison_timing.csv", |out| csv::timing(out, report).map_err(from_csv))?;
    staging.file("comparison_ranking.csv", |out| csv::ranking(out, report).map_err(from_csv))?;
    staging.file("comparison_scenarios.csv", |out| csv::scenarios(out, report).map_err(from_csv))?;
    if options.iter().any(|option| !option.detections.is_empty()) {
        staging.file("comparison_detection.csv", |out| csv::detection(out, report).map_err(from_csv))?;
    }
    if options.iter().any(|option| !option.standards.is_empty()) {
        staging.file("comparison_standards.csv", |out| csv::standards(out, report).map_err(from_csv))?;
    }
    if options.iter().any(|option| !option.costs.is_empty()) {
        staging.file("comparison_costs.csv", |out| csv::costs(out, report).map_err(from_csv))?;
    }
    if options.iter().any(|option| option.split.is_some()) {
        staging.file("comparison_parts.csv", |out| csv::parts(out, report).map_err(from_csv))?;
    }
    if !report.comparison.trades.is_empty() {
        staging.file("comparison_tradeoffs.csv", |out| csv::trades(out, report).map_err(from_csv))?;
    }
    staging.file("assumptions.csv", |out| run_csv::assumptions(out, report.base).map_err(from_csv))
}

/// A picture to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// An option's difference by a criterion, week by week.
    Course {
        /// Index of the option.
        option: usize,
        /// Index of the criterion.
        criterion: usize,
    },
    /// An option's difference by a criterion, by its changes.
    Waterfall {
        /// Index of the option.
        option: usize,
        /// Index of the criterion.
        criterion: usize,
    },
}

/// The pictures that there are to draw.
pub fn drawings(report: &ComparisonReport) -> Vec<Drawing> {
    let mut list = Vec::new();
    for (option, found) in report.comparison.options.iter().enumerate() {
        let own = found.courses.iter().filter(|course| course.area.is_none());
        list.extend(own.map(|course| Drawing::Course { option, criterion: course.criterion }));
        let rows = found.split.iter().flat_map(|split| &split.rows);
        list.extend(rows.map(|row| Drawing::Waterfall { option, criterion: row.criterion }));
    }
    list
}

/// Draws a picture; `None` where there is nothing to see.
///
/// # Errors
/// Only if the drawing library fails.
pub fn draw(report: &ComparisonReport, drawing: Drawing) -> Result<Option<Picture>, DrawError> {
    match drawing {
        Drawing::Course { option, criterion } => draw_course(report, option, criterion),
        Drawing::Waterfall { option, criterion } => draw_waterfall(report, option, criterion),
    }
}

/// What a file's name may hold of a criterion's.
fn file_words(criterion: &Criterion) -> String {
    criterion.id().replace(['/', '@'], "_")
}

fn draw_course(
    report: &ComparisonReport,
    option: usize,
    criterion: usize,
) -> Result<Option<Picture>, DrawError> {
    let courses = &report.comparison.options[option].courses;
    let Some(course) = courses.iter().find(|course| course.criterion == criterion && course.area.is_none())
    else {
        return Ok(None);
    };
    let judged = &report.comparison.criteria[criterion];
    let scenario = report.options[option];
    plots::course(&CourseShown {
        name: format!("difference_{}_{}", scenario.name, file_words(&judged.criterion)),
        base: report.base,
        option: scenario,
        criterion: criterion_name(report.base, judged),
        better: judged.criterion.better,
        course,
        run: report.run,
    })
    .map(Some)
}

fn draw_waterfall(
    report: &ComparisonReport,
    option: usize,
    criterion: usize,
) -> Result<Option<Picture>, DrawError> {
    let Some(split) = &report.comparison.options[option].split else { return Ok(None) };
    let Some(row) = split.rows.iter().find(|row| row.criterion == criterion) else { return Ok(None) };
    let judged = &report.comparison.criteria[criterion];
    let scenario = report.options[option];
    plots::waterfall(&WaterfallShown {
        name: format!("waterfall_{}_{}", scenario.name, file_words(&judged.criterion)),
        base: report.base,
        option: scenario,
        criterion: criterion_name(report.base, judged),
        is_share: is_share(judged),
        parts: &split.parts,
        row,
        run: report.run,
    })
    .map(Some)
}
