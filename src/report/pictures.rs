//! Every picture that results can have, by the command that found them.
//!
//! Consumes [`Results`]; produces [`Picture`]s, for files in `plots/` and for the report. **Invariant:** a
//! picture is drawn from what was read back, so that it is the same whoever asks for it, and when.

use super::comparison::{self, ComparisonReport, Drawing};
use super::findings::Found;
use super::funding::FundingReport;
use super::model::Report;
use super::monitoring::MonitorReport;
use super::plots::{self, DrawError, Picture};
use super::read::Results;
use super::staffing::{self, StaffingReport};
use super::{explanation, model};
use crate::decisions::staffing::Group;
use crate::scenario::{AreaId, Scenario};

/// One picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The weeks of an area, or of the whole council.
    Fan(Option<AreaId>),
    /// Areas side by side.
    Areas,
    /// Areas by week.
    HeatMap,
    /// Who pays.
    Funders,
    /// The staffing curves of a team or desk.
    Curves(Group),
    /// What moves an output.
    Tornado(usize),
    /// What ways to share money out do.
    Splits,
    /// Cost against risk.
    Frontier,
    /// An observed series over its forecast.
    Observed(usize),
    /// A difference between scenarios.
    Difference(Drawing),
}

/// The pictures to draw, in the order of the report.
pub fn subjects(results: &Results) -> Vec<Subject> {
    match &results.found {
        Found::Run { .. } => {
            let areas = results.scenario().areas.len();
            let fans = [None].into_iter().chain((0..areas).map(Some)).map(Subject::Fan);
            [Subject::Areas, Subject::HeatMap, Subject::Funders].into_iter().chain(fans).collect()
        }
        Found::Staffing(_) => staffing_report(results)
            .map(|report| staffing::groups(&report).into_iter().map(Subject::Curves).collect())
            .unwrap_or_default(),
        Found::Comparison(_) => with_comparison(results, |report| {
            comparison::drawings(report).into_iter().map(Subject::Difference).collect()
        })
        .unwrap_or_default(),
        Found::Explanation(found) => explanation::headline(found).into_iter().map(Subject::Tornado).collect(),
        Found::Funding(_) => vec![Subject::Splits, Subject::Frontier],
        Found::Monitoring(answer) => (0..answer.series.len()).map(Subject::Observed).collect(),
    }
}

/// Draws one; `None` where there is nothing to see.
///
/// # Errors
/// Only if the drawing library fails.
pub fn draw(results: &Results, subject: Subject) -> Result<Option<Picture>, DrawError> {
    let run = results.report();
    let of_run = |draw: fn(&Report) -> Result<Option<Picture>, DrawError>| match &run {
        Some(report) => draw(report),
        None => Ok(None),
    };
    match subject {
        Subject::Fan(area) => match &run {
            Some(report) => plots::area_fan(report, area),
            None => Ok(None),
        },
        Subject::Areas => of_run(plots::areas),
        Subject::HeatMap => of_run(plots::heat_map),
        Subject::Funders => of_run(plots::funders),
        Subject::Curves(group) => match staffing_report(results) {
            Some(report) => plots::staffing_curves(&report, group).map(Some),
            None => Ok(None),
        },
        Subject::Tornado(output) => match &results.found {
            Found::Explanation(found) => plots::tornado(results.scenario(), found, &results.run, output),
            _ => Ok(None),
        },
        Subject::Splits => funding_report(results).map(|report| plots::splits(&report)).transpose(),
        Subject::Frontier => funding_report(results).map(|report| plots::frontier(&report)).transpose(),
        Subject::Observed(series) => {
            monitor_report(results).map(|report| plots::observed(&report, series)).transpose()
        }
        Subject::Difference(drawing) => {
            with_comparison(results, |report| comparison::draw(report, drawing)).unwrap_or(Ok(None))
        }
    }
}

/// The staffing answer with what its tables and charts want, if it is one.
pub fn staffing_report(results: &Results) -> Option<StaffingReport<'_>> {
    match &results.found {
        Found::Staffing(answer) => {
            Some(StaffingReport { scenario: results.scenario(), answer, run: &results.run })
        }
        _ => None,
    }
}

/// The funding answer with what its tables and charts want, if it is one.
pub fn funding_report(results: &Results) -> Option<FundingReport<'_>> {
    match &results.found {
        Found::Funding(answer) => {
            Some(FundingReport { scenario: results.scenario(), answer, run: &results.run })
        }
        _ => None,
    }
}

/// What monitoring found with what its tables and charts want, if it is that.
pub fn monitor_report(results: &Results) -> Option<MonitorReport<'_>> {
    match &results.found {
        Found::Monitoring(answer) => {
            Some(MonitorReport { scenario: results.scenario(), answer, run: &results.run })
        }
        _ => None,
    }
}

/// Does something with the comparison, if it is one.
pub fn with_comparison<T>(results: &Results, make: impl FnOnce(&ComparisonReport) -> T) -> Option<T> {
    let Found::Comparison(comparison) = &results.found else { return None };
    let options: Vec<&Scenario> = results.scenarios[1..].iter().collect();
    Some(make(&ComparisonReport {
        base: results.scenario(),
        options: &options,
        comparison,
        run: &results.run,
    }))
}

/// The identifier of the area that a picture is about, where it is about one.
pub fn area_of(results: &Results, subject: Subject) -> Option<&str> {
    match subject {
        Subject::Fan(area) => Some(model::area_id(results.scenario(), area)),
        _ => None,
    }
}
