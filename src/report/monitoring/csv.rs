//! `monitor.csv`, `signals.csv`, `parameters.csv`, `standards_after.csv` and `weights.csv`.
//!
//! UTF-8 rows with a header, to any writer. An area is its identifier, or `all` for the whole council; `counts`
//! is `children` where families were counted as children.

use std::io::Write;

use ::csv::Writer;

use super::MonitorReport;
use crate::monitoring::Watched;
use crate::report::model::{area_id, holding_id, inert};
use crate::report::number::rounded;
use crate::scenario::{Basis, Scenario};

/// Columns of `monitor.csv`: a row for each series and observed week or month.
pub const MONITOR: [&str; 15] = [
    "area",
    "team",
    "measure",
    "counts",
    "period",
    "observed",
    "p05",
    "p25",
    "p50",
    "p75",
    "p95",
    "position",
    "within",
    "departure",
    "surprise",
];

/// Columns of `signals.csv`: a row for each series and control chart.
pub const SIGNALS: [&str; 13] = [
    "area",
    "team",
    "measure",
    "counts",
    "chart",
    "signal",
    "direction",
    "first",
    "since",
    "largest",
    "limit",
    "chance",
    "false_alarms",
];

/// Columns of `parameters.csv`: a row for each uncertain figure.
pub const PARAMETERS: [&str; 12] = [
    "parameter",
    "before_mean",
    "before_p05",
    "before_p95",
    "after_mean",
    "after_p05",
    "after_p95",
    "learnt",
    "informed",
    "moved",
    "basis",
    "source",
];

/// Columns of `standards_after.csv`: a row for each standard and area.
pub const STANDARDS_AFTER: [&str; 10] = [
    "area",
    "standard",
    "wanted",
    "counted",
    "before",
    "before_low",
    "before_high",
    "after",
    "after_low",
    "after_high",
];

/// Columns of `weights.csv`: a row for each replication.
pub const WEIGHTS: [&str; 2] = ["replication", "weight"];

fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// Area, team, measure and what is counted.
fn names(scenario: &Scenario, watched: &Watched) -> [String; 4] {
    let counts = if watched.as_children { "children" } else { "" };
    [
        inert(area_id(scenario, watched.area)).into_owned(),
        inert(holding_id(scenario, watched.holding)).into_owned(),
        inert(&watched.measure).into_owned(),
        counts.to_owned(),
    ]
}

pub(super) fn monitor(out: impl Write, report: &MonitorReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(MONITOR)?;
    for series in &report.answer.series {
        for (cell, seen) in series.watched.cells.iter().zip(&series.cells) {
            let of = seen.forecast;
            let figures = [cell.observed, of.p05, of.p25, of.p50, of.p75, of.p95, seen.position].map(rounded);
            let row =
                names(report.scenario, &series.watched).into_iter().chain([cell.period.id()]).chain(figures);
            let row = row.chain([yes_no(seen.within), rounded(seen.departure), rounded(seen.surprise)]);
            rows.write_record(row)?;
        }
    }
    Ok(rows.flush()?)
}

pub(super) fn signals(out: impl Write, report: &MonitorReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(SIGNALS)?;
    for signal in &report.answer.charts {
        let watched = &report.answer.series[signal.series].watched;
        let period = |at: Option<usize>| at.map_or(String::new(), |at| watched.cells[at].period.id());
        let direction = if signal.above { "above" } else { "below" };
        let row = names(report.scenario, watched).into_iter().chain([
            signal.chart.id().to_owned(),
            yes_no(signal.first.is_some()),
            direction.to_owned(),
            period(signal.first),
            period(signal.since),
            rounded(signal.largest),
            rounded(signal.limit),
            rounded(signal.chance),
            rounded(signal.false_alarms),
        ]);
        rows.write_record(row)?;
    }
    Ok(rows.flush()?)
}

pub(super) fn parameters(out: impl Write, report: &MonitorReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(PARAMETERS)?;
    for belief in &report.answer.beliefs {
        let figure = &report.scenario.parameters[belief.parameter];
        let row = [inert(&figure.path).into_owned()]
            .into_iter()
            .chain(belief.before.map(rounded))
            .chain(belief.after.map(rounded))
            .chain([
                rounded(belief.learnt),
                yes_no(belief.informed),
                yes_no(belief.moved),
                figure.basis.map_or("", Basis::as_str).to_owned(),
                inert(&figure.source).into_owned(),
            ]);
        rows.write_record(row)?;
    }
    Ok(rows.flush()?)
}

pub(super) fn standards_after(out: impl Write, report: &MonitorReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(STANDARDS_AFTER)?;
    for promise in &report.answer.promises {
        let row = [
            inert(area_id(report.scenario, promise.judged.area)).into_owned(),
            inert(&report.scenario.standards[promise.judged.standard].id).into_owned(),
            rounded(promise.wanted),
            yes_no(promise.counted),
        ];
        let chances = [promise.before, promise.after]
            .into_iter()
            .flat_map(|chance| [chance.share, chance.interval.0, chance.interval.1].map(rounded));
        rows.write_record(row.into_iter().chain(chances))?;
    }
    Ok(rows.flush()?)
}

pub(super) fn weights(out: impl Write, report: &MonitorReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(WEIGHTS)?;
    for (replication, weight) in report.answer.weighed.weights.iter().enumerate() {
        rows.write_record([replication.to_string(), rounded(*weight)])?;
    }
    Ok(rows.flush()?)
}
