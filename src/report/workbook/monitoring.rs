//! The sheets of what monitoring found.

use super::model::{Cell, Kind, Sheet};
use crate::report::monitoring::{MonitorOverview, MonitorReport, monitor_overview, series_name};

pub(super) fn sheets(report: &MonitorReport) -> Vec<Sheet> {
    let found = monitor_overview(report);
    vec![summary(&found), observed(report), signals(report), figures(&found), promises(&found)]
}

fn summary(found: &MonitorOverview) -> Sheet {
    let columns = [("Finding", Kind::Text), ("Text", Kind::Text)];
    let mut sheet = Sheet::new("Summary", "What was found, in sentences", &columns);
    let mut row = |term: &str, text: &str| sheet.row(vec![Cell::text(term), Cell::text(text)]);
    row("Verdict", &found.sentence);
    row("Signals", &found.alarm_sentence());
    for signal in &found.signals {
        row("Signal", &signal.sentence);
    }
    for note in &found.notes {
        row("Note", note);
    }
    sheet
}

fn observed(report: &MonitorReport) -> Sheet {
    let columns = [
        ("Series", Kind::Text),
        ("Week or month", Kind::Text),
        ("Observed", Kind::Figure),
        ("Forecast 5th", Kind::Figure),
        ("Forecast middle", Kind::Figure),
        ("Forecast 95th", Kind::Figure),
        ("Share of runs below", Kind::Share),
        ("In the range", Kind::Text),
    ];
    let mut sheet = Sheet::new("Observed", "Each observed week or month and the forecast's range", &columns);
    for series in &report.answer.series {
        let name = series_name(report.scenario, &series.watched);
        for (cell, seen) in series.watched.cells.iter().zip(&series.cells) {
            sheet.row(vec![
                Cell::text(&name),
                Cell::text(cell.period.id()),
                Cell::Number(cell.observed),
                Cell::Number(seen.forecast.p05),
                Cell::Number(seen.forecast.p50),
                Cell::Number(seen.forecast.p95),
                Cell::Number(seen.position),
                Cell::text(if seen.within { "yes" } else { "no" }),
            ]);
        }
    }
    sheet
}

fn signals(report: &MonitorReport) -> Sheet {
    let columns = [
        ("Series", Kind::Text),
        ("Chart", Kind::Text),
        ("Signal", Kind::Text),
        ("First beyond the limit", Kind::Text),
        ("Largest", Kind::Figure),
        ("Limit", Kind::Figure),
        ("Chance of anything as striking", Kind::Share),
        ("False alarms in this series", Kind::Share),
    ];
    let mut sheet =
        Sheet::new("Signals", "Control charts, their limits and their rates of false alarms", &columns);
    for chart in &report.answer.charts {
        let watched = &report.answer.series[chart.series].watched;
        let first = chart.first.map_or_else(|| "none".to_owned(), |at| watched.cells[at].period.id());
        sheet.row(vec![
            Cell::text(series_name(report.scenario, watched)),
            Cell::text(chart.chart.id()),
            Cell::text(if chart.first.is_some() { "yes" } else { "no" }),
            Cell::text(first),
            Cell::Number(chart.largest),
            Cell::Number(chart.limit),
            Cell::Number(chart.chance),
            Cell::Number(chart.false_alarms),
        ]);
    }
    sheet
}

fn figures(found: &MonitorOverview) -> Sheet {
    let columns = [
        ("Figure", Kind::Text),
        ("Rests on", Kind::Text),
        ("Mean before", Kind::Figure),
        ("5th before", Kind::Figure),
        ("95th before", Kind::Figure),
        ("Mean after", Kind::Figure),
        ("5th after", Kind::Figure),
        ("95th after", Kind::Figure),
        ("Known better by", Kind::Share),
        ("Moved", Kind::Text),
    ];
    let about = "Uncertain figures of which the observations say something, before and after";
    let mut sheet = Sheet::new("Figures", about, &columns);
    for figure in &found.figures {
        let mut row = vec![Cell::text(&figure.parameter), Cell::text(figure.basis)];
        row.extend(figure.before.into_iter().chain(figure.after).chain([figure.learnt]).map(Cell::Number));
        row.push(Cell::text(if figure.moved { "yes" } else { "within luck" }));
        sheet.row(row);
    }
    sheet
}

fn promises(found: &MonitorOverview) -> Sheet {
    let columns = [
        ("Promise", Kind::Text),
        ("Area", Kind::Text),
        ("Verdict rests on it", Kind::Text),
        ("Wanted", Kind::Share),
        ("Before", Kind::Share),
        ("Before: low", Kind::Share),
        ("Before: high", Kind::Share),
        ("After", Kind::Share),
        ("After: low", Kind::Share),
        ("After: high", Kind::Share),
    ];
    let mut sheet = Sheet::new(
        "Promises",
        "Chance of keeping each promise, before and after, with 95% intervals",
        &columns,
    );
    for promise in &found.promises {
        let mut row = vec![
            Cell::text(&promise.name),
            Cell::text(&promise.area_name),
            Cell::text(if promise.counted { "yes" } else { "no" }),
            Cell::Number(promise.wanted),
        ];
        for of in [promise.before, promise.after] {
            row.extend([of.share, of.low, of.high].map(Cell::Number));
        }
        sheet.row(row);
    }
    sheet
}
