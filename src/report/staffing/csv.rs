//! `staffing.csv`, `staffing_curve.csv`, `staffing_standards.csv`, `staffing_costs.csv` and `pooling.csv`.
//!
//! UTF-8 rows with a header, to any writer. The first columns are a contract with other people's
//! spreadsheets; further ones follow. An area is its identifier, or `all` for the whole council.

use std::io::Write;

use ::csv::Writer;

use super::{StaffingReport, payer_id, served_id};
use crate::decisions::staffing::{Neighbour, SeatAnswer, Standing};
use crate::report::model::{WHOLE_COUNCIL, area_id, inert, item_id};
use crate::report::number::rounded;
use crate::summary::Estimate;

/// Columns of `staffing.csv`: a row for each unit or desk whose posts were sought.
pub const STAFFING: [&str; 52] = [
    "area",
    "role",
    "current_fte",
    "recommended_fte",
    "low_fte",
    "high_fte",
    "reliability",
    "annual_cost",
    "team",
    "status",
    "reliability_low",
    "reliability_high",
    "wanted_reliability",
    "binding_standard",
    "binding_area",
    "current_reliability",
    "current_binding_standard",
    "chance_right_step",
    "one_less_fte",
    "one_less_reliability",
    "one_less_waiting",
    "one_more_fte",
    "one_more_reliability",
    "one_more_waiting",
    "waiting_now",
    "waiting",
    "waiting_worst_four_weeks",
    "caseload",
    "caseload_worst_four_weeks",
    "analytic_fte",
    "analytic_agrees",
    "one_less_reliability_low",
    "one_less_reliability_high",
    "one_less_waiting_se",
    "one_less_waiting_p05",
    "one_less_waiting_p95",
    "one_more_reliability_low",
    "one_more_reliability_high",
    "one_more_waiting_se",
    "one_more_waiting_p05",
    "one_more_waiting_p95",
    "waiting_now_se",
    "waiting_now_p05",
    "waiting_now_p95",
    "waiting_se",
    "waiting_p05",
    "waiting_p95",
    "waiting_worst_four_weeks_se",
    "caseload_se",
    "caseload_worst_four_weeks_se",
    "current_reliability_low",
    "current_reliability_high",
];

/// Columns of `staffing_curve.csv`: a row for each unit or desk, number of posts and standard.
pub const CURVE: [&str; 17] = [
    "area",
    "role",
    "fte",
    "standard",
    "reliability",
    "reliability_low",
    "reliability_high",
    "team",
    "judged_area",
    "wanted_reliability",
    "replications",
    "caseload",
    "waiting",
    "caseload_se",
    "waiting_se",
    "waiting_p05",
    "waiting_p95",
];

/// Columns of `staffing_standards.csv`: a row for each standard and area in which it is judged.
pub const STANDARDS: [&str; 10] = [
    "area",
    "standard",
    "wanted_reliability",
    "current_reliability",
    "reliability",
    "reliability_low",
    "reliability_high",
    "worst_four_weeks_reliability",
    "posts_can_meet_it",
    "sought_reliability",
];

/// Columns of `staffing_costs.csv`: a row for each item and funder, then for each funder, then for all.
pub const COSTS: [&str; 11] = [
    "role",
    "funder",
    "current_mean",
    "current_p05",
    "current_p95",
    "mean",
    "p05",
    "p95",
    "difference_mean",
    "difference_p05",
    "difference_p95",
];

/// Columns of `pooling.csv`: a row for each team, arrangement, area and standard judged there.
pub const POOLING: [&str; 14] = [
    "team",
    "arrangement",
    "area",
    "fte",
    "waiting",
    "wait_days",
    "standard",
    "reliability",
    "reliability_low",
    "reliability_high",
    "waiting_se",
    "waiting_p05",
    "waiting_p95",
    "wait_days_se",
];

/// Writes `staffing.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn staffing(out: impl Write, report: &StaffingReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(STAFFING)?;
    for seat in &report.answer.seats {
        rows.write_record(seat_row(report, seat))?;
    }
    rows.flush()?;
    Ok(())
}

fn seat_row(report: &StaffingReport, row: &SeatAnswer) -> Vec<String> {
    let scenario = report.scenario;
    let standing = row.tightest.map(|(_, standing)| standing);
    let interval = standing.map(Standing::interval);
    let binding = row.tightest.map(|(judged, _)| report.answer.standards[judged].judged);
    let now = row.now.map(|(judged, _)| report.answer.standards[judged].judged);
    let standard = |judged: crate::simulation::Judged| scenario.standards[judged.standard].id.clone();
    let text = |text: Option<String>| text.unwrap_or_default();
    let mut cells = vec![
        inert(served_id(scenario, &row.seat)).into_owned(),
        inert(&row.seat.role).into_owned(),
        number(Some(row.seat.current)),
        number(Some(row.recommended)),
        number(row.range.map(|range| range.low.0)),
        number(row.range.map(|range| range.high.0)),
        number(standing.map(Standing::share)),
        row.annual_cost.map_or(String::new(), |pounds| format!("{pounds:.2}")),
        inert(&row.seat.holder).into_owned(),
        if row.decided { "recommended" } else { "posts_cannot_meet_standards" }.to_owned(),
        number(interval.map(|interval| interval.0)),
        number(interval.map(|interval| interval.1)),
        number(binding.map(|judged| scenario.standards[judged.standard].reliability)),
        text(binding.map(standard)),
        text(binding.map(|judged| area_id(scenario, judged.area).to_owned())),
        number(row.now.map(|(_, standing)| standing.share())),
        text(now.map(standard)),
        number(row.chance_right),
    ];
    for beside in [&row.one_less, &row.one_more] {
        cells.extend(neighbour(beside.as_ref()));
    }
    cells.extend([
        number(Some(row.waiting_now.mean)),
        number(Some(row.waiting.mean)),
        number(Some(row.peak_waiting.mean)),
        number(Some(row.caseload.mean)),
        number(Some(row.peak_caseload.mean)),
        number(Some(row.analytic)),
        (!row.disagrees).to_string(),
    ]);
    for beside in [&row.one_less, &row.one_more] {
        let standing = beside.as_ref().and_then(|beside| beside.tightest).map(|(_, standing)| standing);
        cells.extend(both_ends(standing));
        cells.extend(beside.as_ref().map_or(Default::default(), |beside| spread(&beside.waiting)));
    }
    cells.extend(spread(&row.waiting_now));
    cells.extend(spread(&row.waiting));
    cells
        .extend([&row.peak_waiting, &row.caseload, &row.peak_caseload].map(|figure| number(Some(figure.se))));
    cells.extend(both_ends(row.now.map(|(_, standing)| standing)));
    cells
}

/// Ends of a chance's 95% interval.
fn both_ends(standing: Option<Standing>) -> [String; 2] {
    let ends = standing.map(Standing::interval);
    [number(ends.map(|ends| ends.0)), number(ends.map(|ends| ends.1))]
}

/// Standard error of a mean, and the range of 9 in 10 runs.
fn spread(figure: &Estimate) -> [String; 3] {
    [figure.se, figure.p05, figure.p95].map(|value| number(Some(value)))
}

fn neighbour(beside: Option<&Neighbour>) -> [String; 3] {
    [
        number(beside.map(|beside| beside.fte)),
        number(beside.and_then(|beside| beside.tightest).map(|(_, standing)| standing.share())),
        number(beside.map(|beside| beside.waiting.mean)),
    ]
}

/// Writes `staffing_curve.csv`. Where a standard is judged in several areas for one seat, the least
/// reliable stands, and `judged_area` names it.
///
/// # Errors
/// Only those of the writer.
pub fn curve(out: impl Write, report: &StaffingReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(CURVE)?;
    let scenario = report.scenario;
    for point in &report.answer.curve {
        let seat = &report.answer.seats[point.seat].seat;
        for (judged, standing) in
            point.least_reliable(|judged| report.answer.standards[judged].judged.standard)
        {
            let judged = report.answer.standards[judged].judged;
            let standard = &scenario.standards[judged.standard];
            let (low, high) = standing.interval();
            rows.write_record([
                inert(served_id(scenario, seat)).into_owned(),
                inert(&seat.role).into_owned(),
                number(Some(point.fte)),
                inert(&standard.id).into_owned(),
                number(Some(standing.share())),
                number(Some(low)),
                number(Some(high)),
                inert(&seat.holder).into_owned(),
                area_id(scenario, judged.area).to_owned(),
                number(Some(standard.reliability)),
                standing.of.to_string(),
                number(Some(point.caseload.mean)),
                number(Some(point.waiting.mean)),
                number(Some(point.caseload.se)),
                number(Some(point.waiting.se)),
                number(Some(point.waiting.p05)),
                number(Some(point.waiting.p95)),
            ])?;
        }
    }
    rows.flush()?;
    Ok(())
}

/// Writes `staffing_standards.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn standards(out: impl Write, report: &StaffingReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(STANDARDS)?;
    for row in &report.answer.standards {
        let standard = &report.scenario.standards[row.judged.standard];
        let (low, high) = row.recommended.interval();
        rows.write_record([
            area_id(report.scenario, row.judged.area).to_owned(),
            inert(&standard.id).into_owned(),
            number(Some(standard.reliability)),
            number(Some(row.now.share())),
            number(Some(row.recommended.share())),
            number(Some(low)),
            number(Some(high)),
            number(Some(row.worst_weeks.share())),
            row.sought.is_some().to_string(),
            number(row.sought),
        ])?;
    }
    rows.flush()?;
    Ok(())
}

/// Writes `staffing_costs.csv`: pounds a year with the posts of now, as recommended, and the difference.
///
/// # Errors
/// Only those of the writer.
pub fn costs(out: impl Write, report: &StaffingReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(COSTS)?;
    for row in &report.answer.bill {
        let item = row.item.map_or(WHOLE_COUNCIL.to_owned(), |item| item_id(report.scenario, item));
        let mut cells =
            vec![inert(&item).into_owned(), inert(payer_id(report.scenario, row.payer)).into_owned()];
        for estimate in [row.now, row.recommended, row.more] {
            // Whole pounds: a mean of simulated years knows no pence.
            cells.extend([estimate.mean, estimate.p05, estimate.p95].map(|pounds| format!("{pounds:.0}")));
        }
        rows.write_record(cells)?;
    }
    rows.flush()?;
    Ok(())
}

/// Writes `pooling.csv`. An area in which no standard of the team is judged has one row without one.
///
/// # Errors
/// Only those of the writer.
pub fn pooling(out: impl Write, report: &StaffingReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(POOLING)?;
    for row in &report.answer.pooling {
        let facts = [
            report.scenario.teams[row.team].id.clone(),
            row.arrangement.as_str().to_owned(),
            area_id(report.scenario, row.area).to_owned(),
            number(Some(row.fte)),
            number(Some(row.waiting.mean)),
            number(Some(row.wait_days.mean)),
        ];
        let [se, low, high] = spread(&row.waiting);
        let known = [se, low, high, number(Some(row.wait_days.se))];
        let of_standard = |&(standard, standing): &(usize, Standing)| {
            let (low, high) = standing.interval();
            [
                report.scenario.standards[standard].id.clone(),
                number(Some(standing.share())),
                number(Some(low)),
                number(Some(high)),
            ]
        };
        let mut standards: Vec<[String; 4]> = row.standards.iter().map(of_standard).collect();
        if standards.is_empty() {
            standards.push(Default::default());
        }
        for standard in standards {
            rows.write_record(facts.iter().chain(&standard).chain(&known))?;
        }
    }
    rows.flush()?;
    Ok(())
}

/// An estimate; empty for none.
fn number(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or(String::new(), rounded)
}
