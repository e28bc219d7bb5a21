//! `comparison.csv` and its companions.
//!
//! UTF-8 rows with a header, to any writer. The first columns of `comparison.csv` are a contract with other
//! people's spreadsheets; further ones follow. An area is its identifier, or `all` for the whole council; a
//! difference is option less base.

use std::io::Write;

use ::csv::Writer;

use super::ComparisonReport;
use super::columns::{
    COMPARISON, COSTS, DETECTION, PARTS, RANKING, SCENARIOS, STANDARDS, TIMING, TRADES, WEEKLY,
};
use crate::decisions::comparison::{Difference, Judgement};
use crate::report::csv::pounds;
use crate::report::model::{UNFUNDED, WHOLE_COUNCIL, area_id, financial_year, holding_id, inert};
use crate::report::number::rounded;
use crate::scenario::{Better, Criterion};
use crate::simulation::Kind;
use crate::summary::Estimate;

/// Writes `comparison.csv`: the criteria that are no measure as it stands, then every measure.
///
/// # Errors
/// Only those of the writer.
pub fn comparison(out: impl Write, report: &ComparisonReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(COMPARISON)?;
    let found = report.comparison;
    for (option, scenario) in found.options.iter().zip(report.options) {
        for row in &option.criteria {
            let criterion = &found.criteria[row.criterion].criterion;
            if is_series(report, criterion) {
                continue;
            }
            let (area, holder) = place(criterion);
            let (area, holder) = (area.to_owned(), holder.to_owned());
            let cells = difference_cells(&row.difference, Some(criterion.better));
            rows.write_record(comparison_row(
                &scenario.name,
                &criterion.measure,
                (&area, &holder),
                "",
                cells,
            ))?;
        }
        for row in &option.figures {
            let series = &found.layout.series[row.series];
            let year = if row.period == 0 { String::new() } else { row.period.to_string() };
            let place = (area_id(report.base, series.area), holding_id(report.base, series.holding));
            let cells = difference_cells(&row.difference, row.better);
            rows.write_record(comparison_row(&scenario.name, &series.measure, place, &year, cells))?;
        }
    }
    rows.flush()?;
    Ok(())
}

/// Whether a criterion is a series as it stands, and so among the measures anyway.
fn is_series(report: &ComparisonReport, criterion: &Criterion) -> bool {
    let (area, holder) = place(criterion);
    report.comparison.layout.series.iter().any(|series| {
        series.measure == criterion.measure
            && area_id(report.base, series.area) == area
            && holding_id(report.base, series.holding) == holder
    })
}

/// Area and team of a criterion, as files name them.
fn place(criterion: &Criterion) -> (&str, &str) {
    (criterion.area.as_deref().unwrap_or(WHOLE_COUNCIL), criterion.holder.as_deref().unwrap_or(""))
}

fn comparison_row(
    scenario: &str,
    measure: &str,
    (area, holder): (&str, &str),
    year: &str,
    cells: [String; 12],
) -> Vec<String> {
    let [mean, low, high, better, best, rest @ ..] = cells;
    let mut row = vec![
        inert(scenario).into_owned(),
        measure.to_owned(),
        inert(area).into_owned(),
        mean,
        low,
        high,
        better,
        best,
        inert(holder).into_owned(),
        year.to_owned(),
    ];
    row.extend(rest);
    row
}

/// The cells of a difference: those of the contract, then the others.
fn difference_cells(found: &Difference, better: Option<Better>) -> [String; 12] {
    let telling = if found.is_told() || found.n < 2 { None } else { found.replications_to_tell() };
    [
        rounded(found.mean),
        rounded(found.low),
        rounded(found.high),
        found.better.map_or(String::new(), rounded),
        found.best.map_or(String::new(), rounded),
        rounded(found.base),
        rounded(found.option),
        found.n.to_string(),
        better.map_or(String::new(), |better| better.as_str().to_owned()),
        rounded(found.same),
        found.variance_reduction.map_or(String::new(), rounded),
        telling.map_or(String::new(), |n| n.to_string()),
    ]
}

/// Writes `comparison_weekly.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn weekly(out: impl Write, report: &ComparisonReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(WEEKLY)?;
    let found = report.comparison;
    let t = crate::decisions::comparison::student_95(found.replications);
    let ends = |estimate: &Estimate| [estimate.mean - t * estimate.se, estimate.mean + t * estimate.se];
    for (option, scenario) in found.options.iter().zip(report.options) {
        for course in &option.courses {
            let criterion = &found.criteria[course.criterion].criterion;
            let (area, holder) = place(criterion);
            let area = course.area.map_or(area, |area| &report.base.areas[area].id);
            for (week, estimate) in course.weekly.iter().enumerate() {
                let [low, high] = ends(estimate);
                let mut row = vec![
                    inert(&scenario.name).into_owned(),
                    criterion.measure.clone(),
                    inert(area).into_owned(),
                    inert(holder).into_owned(),
                    report.monday(week).to_string(),
                ];
                let figures = [estimate.mean, low, high, estimate.p05, estimate.p50, estimate.p95];
                row.extend(figures.map(rounded));
                row.extend(match course.cumulative.get(week) {
                    Some(sum) => {
                        let [low, high] = ends(sum);
                        [sum.mean, low, high, sum.p05, sum.p95].map(rounded)
                    }
                    None => Default::default(),
                });
                rows.write_record(row)?;
            }
        }
    }
    rows.flush()?;
    Ok(())
}

/// Writes `comparison_costs.csv`. Every column adds up, and each difference is that of its row.
///
/// # Errors
/// Only those of the writer.
pub fn costs(out: impl Write, report: &ComparisonReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(COSTS)?;
    for (option, scenario) in report.comparison.options.iter().zip(report.options) {
        for row in &option.costs {
            let funder = match row.funder.as_deref() {
                None => WHOLE_COUNCIL,
                Some("") => UNFUNDED,
                Some(funder) => funder,
            };
            let (low, high) = row.interval;
            rows.write_record([
                inert(&scenario.name).into_owned(),
                inert(funder).into_owned(),
                inert(row.item.as_deref().unwrap_or(WHOLE_COUNCIL)).into_owned(),
                row.year.map_or(WHOLE_COUNCIL.to_owned(), financial_year),
                pounds(row.base),
                pounds(row.option),
                pounds(row.difference),
                pounds(low.round() as i64),
                pounds(high.round() as i64),
            ])?;
        }
    }
    rows.flush()?;
    Ok(())
}

/// Writes `comparison_standards.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn standards(out: impl Write, report: &ComparisonReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(STANDARDS)?;
    for (option, scenario) in report.comparison.options.iter().zip(report.options) {
        for row in &option.standards {
            let judged = report.comparison.layout.judged[row.judged];
            let (low, high) = row.interval;
            rows.write_record([
                inert(&scenario.name).into_owned(),
                report.base.standards[judged.standard].id.clone(),
                inert(area_id(report.base, judged.area)).into_owned(),
                rounded(row.base),
                rounded(row.option),
                rounded(row.option - row.base),
                rounded(low),
                rounded(high),
                row.gained.to_string(),
                row.lost.to_string(),
                row.n.to_string(),
            ])?;
        }
    }
    rows.flush()?;
    Ok(())
}

/// Writes `comparison_ranking.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn ranking(out: impl Write, report: &ComparisonReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(RANKING)?;
    for row in &report.comparison.ranking {
        let mut cells = vec![
            report.comparison.criteria[row.criterion].criterion.id(),
            row.rank.to_string(),
            inert(&report.scenario(row.scenario).name).into_owned(),
            rounded(row.mean),
            rounded(row.best),
        ];
        cells.extend(match &row.next {
            None => Default::default(),
            Some((next, difference, judgement)) => [
                inert(&report.scenario(*next).name).into_owned(),
                rounded(difference.mean),
                rounded(difference.low),
                rounded(difference.high),
                matches!(judgement, Judgement::Better | Judgement::Worse).to_string(),
                match judgement {
                    Judgement::Unclear(Some(n)) => n.to_string(),
                    _ => String::new(),
                },
            ],
        });
        rows.write_record(cells)?;
    }
    rows.flush()?;
    Ok(())
}

/// Writes `comparison_timing.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn timing(out: impl Write, report: &ComparisonReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(TIMING)?;
    let monday = |week: Option<usize>| week.map_or(String::new(), |week| report.monday(week).to_string());
    for (option, scenario) in report.comparison.options.iter().zip(report.options) {
        for course in &option.courses {
            let Some(arrival) = &course.arrival else { continue };
            let criterion = &report.comparison.criteria[course.criterion].criterion;
            let area = course.area.map_or(place(criterion).0, |area| &report.base.areas[area].id);
            let three = |(mean, low, high): (f64, f64, f64)| [mean, low, high].map(rounded);
            let mut row = vec![
                inert(&scenario.name).into_owned(),
                criterion.id(),
                inert(area).into_owned(),
                monday(arrival.first_change),
                monday(arrival.break_even),
                monday(arrival.range.0),
                monday(arrival.range.1),
                rounded(arrival.never),
                monday(arrival.certain),
                monday(arrival.worst),
            ];
            row.extend(three(arrival.worst_benefit));
            row.extend([rounded(arrival.worst_range.0), rounded(arrival.worst_range.1)]);
            row.extend(three(arrival.end));
            rows.write_record(row)?;
        }
    }
    rows.flush()?;
    Ok(())
}

/// Writes `comparison_detection.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn detection(out: impl Write, report: &ComparisonReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(DETECTION)?;
    for (option, scenario) in report.comparison.options.iter().zip(report.options) {
        for found in &option.detections {
            let criterion = &report.comparison.criteria[found.criterion].criterion;
            let area = found.area.map_or(place(criterion).0, |area| &report.base.areas[area].id);
            for seen in &found.weeks {
                let mut row = vec![
                    inert(&scenario.name).into_owned(),
                    criterion.id(),
                    inert(area).into_owned(),
                    report.monday(seen.week).to_string(),
                    (seen.week + 1 - found.begins).to_string(),
                ];
                let (low, high) = seen.interval;
                row.extend([seen.power, low, high, seen.effect, seen.smallest].map(rounded));
                rows.write_record(row)?;
            }
        }
    }
    rows.flush()?;
    Ok(())
}

/// Writes `comparison_parts.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn parts(out: impl Write, report: &ComparisonReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(PARTS)?;
    for (option, scenario) in report.comparison.options.iter().zip(report.options) {
        let Some(split) = &option.split else { continue };
        for row in &split.rows {
            let alone = split.parts.iter().map(String::as_str).zip(&row.parts);
            let sums = [("(sum)", &row.sum), ("(interaction)", &row.interaction), ("(whole)", &row.whole)];
            for (part, difference) in alone.chain(sums) {
                rows.write_record([
                    inert(&scenario.name).into_owned(),
                    report.comparison.criteria[row.criterion].criterion.id(),
                    part.to_owned(),
                    rounded(difference.mean),
                    rounded(difference.low),
                    rounded(difference.high),
                    difference.better.map_or(String::new(), rounded),
                    difference.is_told().to_string(),
                ])?;
            }
        }
    }
    rows.flush()?;
    Ok(())
}

/// Writes `comparison_tradeoffs.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn trades(out: impl Write, report: &ComparisonReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(TRADES)?;
    let id = |criterion: usize| report.comparison.criteria[criterion].criterion.id();
    for row in &report.comparison.trades {
        let ends = row.ratio.and_then(|ratio| ratio.interval);
        let number = |value: Option<f64>| value.map_or(String::new(), rounded);
        rows.write_record([
            inert(&report.scenario(row.scenario).name).into_owned(),
            inert(&report.scenario(row.against).name).into_owned(),
            id(row.benefit_criterion),
            id(row.cost_criterion),
            row.verdict.as_str().to_owned(),
            rounded(row.benefit.mean),
            rounded(row.benefit.low),
            rounded(row.benefit.high),
            rounded(row.cost.mean),
            rounded(row.cost.low),
            rounded(row.cost.high),
            number(row.ratio.map(|ratio| ratio.value)),
            number(ends.map(|ends| ends.0)),
            number(ends.map(|ends| ends.1)),
        ])?;
    }
    rows.flush()?;
    Ok(())
}

/// Writes `comparison_scenarios.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn scenarios(out: impl Write, report: &ComparisonReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(SCENARIOS)?;
    for at in 0..=report.options.len() {
        let scenario = report.scenario(at);
        rows.write_record([
            inert(&scenario.name).as_ref(),
            if at == 0 { "base" } else { "option" },
            inert(&scenario.title).as_ref(),
            &scenario.hash,
        ])?;
    }
    rows.flush()?;
    Ok(())
}

/// Whether a criterion's weeks add up.
pub(super) fn adds_up(kind: Option<Kind>) -> bool {
    matches!(kind, Some(Kind::Total | Kind::Average))
}
