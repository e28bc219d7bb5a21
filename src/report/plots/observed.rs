//! An observed series over its forecast, and its control charts.
//!
//! Consumes a monitoring answer; produces a [`Picture`]: above, the fan of the forecast with a dot for every observed
//! week or month, those outside the range of nine in ten runs as larger diamonds; below, each control chart
//! as a share of its limit, which is the line at 1. Both have one time axis with school holidays.

use std::ops::Range;

use super::Picture;
use super::axis::{self, ValueAxis};
use super::canvas::{self, Anchor, Canvas, Colour, Description, DrawError};
use super::fan::closures;
use super::fan::panel::Frame;
use super::heading::Heading;
use super::look::{
    EIGHTH, GRID, HEAD, HOLIDAY, INK, INNER, LABEL, MEDIAN, MUTED, OUTER, SIXTH, SMALL, STRONG_LABEL, TEXT,
};
use crate::monitoring::{Chart, SeriesAnswer, Signal};
use crate::report::model::{area_id, holding_id};
use crate::report::monitoring::{MonitorReport, series_name};
use crate::report::number::readable;
use crate::summary::Estimate;

const WIDTH: f64 = 1400.0;
const EDGE: f64 = 40.0;
/// Sides of the panels, as those of the fan chart.
const LEFT: f64 = 100.0;
const RIGHT: f64 = 1156.0;
/// Heights of the two panels, of a panel's heading, and of what is below all.
const FAN: f64 = 380.0;
const CHARTS: f64 = 210.0;
const HEADING: f64 = 52.0;
const FOOT: f64 = 76.0;

/// What is drawn.
struct Shown<'a> {
    report: &'a MonitorReport<'a>,
    series: &'a SeriesAnswer,
    charts: Vec<&'a Signal>,
    /// First shown day, and weeks shown.
    start: jiff::civil::Date,
    weeks: usize,
}

/// Draws a series.
///
/// # Errors
/// Only if the drawing library fails, which no figures make it do.
pub fn observed(report: &MonitorReport, series: usize) -> Result<Picture, DrawError> {
    let one = &report.answer.series[series];
    let watched = &one.watched;
    let start = watched.cells.first().map_or(report.scenario.start, |cell| cell.period.first_day());
    let end = watched.cells.last().map_or(start, |cell| cell.period.end());
    let charts = report.answer.charts.iter().filter(|chart| chart.series == series).collect();
    let weeks = (axis::days(start, end) / 7.0).ceil().max(1.0) as usize;
    let shown = Shown { report, series: one, charts, start, weeks };
    let title = title(&shown);
    let subtitle = format!(
        "{}; {} simulated runs; control charts with a chance of {:.0}% at most of any signal if the forecast holds",
        report.scenario.title,
        readable(f64::from(report.answer.replications)),
        100.0 * report.answer.alarm.wanted
    );
    let heading = Heading::new(&title, &subtitle, WIDTH - 2.0 * EDGE);
    let top = heading.bottom() - 2.0;
    let middle = top + HEADING + FAN;
    let bottom = middle + HEADING + CHARTS;
    let name = name(&shown, series);
    let text = words(&shown);
    let description = Description { id: &name, title: &title, text: &text };
    let svg = canvas::draw(WIDTH as u32, (bottom + FOOT) as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        let fan = Frame { top: top + HEADING, bottom: middle - 14.0, weeks };
        let charts = Frame { top: middle + HEADING, bottom: bottom - 14.0, weeks };
        draw_fan(canvas, &shown, &fan)?;
        draw_charts(canvas, &shown, &charts)?;
        draw_foot(canvas, &shown, bottom - 14.0)
    })?;
    Ok(Picture { name, svg, guide: None })
}

/// File name without its extension.
fn name(shown: &Shown, series: usize) -> String {
    let watched = &shown.series.watched;
    let holding = holding_id(shown.report.scenario, watched.holding);
    let area = area_id(shown.report.scenario, watched.area);
    let months = if watched.months { "_months" } else { "" };
    let holding = if holding.is_empty() { String::new() } else { format!("_{holding}") };
    let again = shown.report.answer.series[..series]
        .iter()
        .filter(|other| {
            let (a, b) = (&other.watched, watched);
            (a.area, a.holding, &a.measure, a.months) == (b.area, b.holding, &b.measure, b.months)
        })
        .count();
    let again = if again > 0 { format!("_{}", again + 1) } else { String::new() };
    format!("observed_{}{holding}_{area}{months}{again}", watched.measure)
}

/// The message of the picture.
fn title(shown: &Shown) -> String {
    let watched = &shown.series.watched;
    let periods = if watched.months { "months" } else { "weeks" };
    let within = shown.series.cells.iter().filter(|seen| seen.within).count();
    let signals: Vec<&str> = shown
        .charts
        .iter()
        .filter(|chart| chart.first.is_some())
        .map(|chart| match chart.chart {
            Chart::Single => "a far single figure",
            Chart::Rise => "a lasting rise",
            Chart::Fall => "a lasting fall",
            Chart::Level => "a level that no draw has",
        })
        .collect();
    let signals = match signals.is_empty() {
        true => "no signal".to_owned(),
        false => format!("signals: {}", signals.join(", ")),
    };
    let name = series_name(shown.report.scenario, watched);
    format!(
        "{name}: {within} of {} {periods} within the forecast\u{2019}s range; {signals}",
        shown.series.cells.len()
    )
}

/// The picture in words.
fn words(shown: &Shown) -> String {
    let outside: Vec<String> = shown
        .series
        .watched
        .cells
        .iter()
        .zip(&shown.series.cells)
        .filter(|(_, seen)| !seen.within)
        .map(|(cell, seen)| {
            let side = if cell.observed > seen.forecast.p95 { "above" } else { "below" };
            format!("{} ({side})", cell.period.id())
        })
        .collect();
    match outside.is_empty() {
        true => "Every observed figure lies within the range of nine in ten runs.".to_owned(),
        false => format!("Outside the range of nine in ten runs: {}.", outside.join(", ")),
    }
}

/// Where a period begins and ends, in weeks from the first shown day.
fn span(shown: &Shown, cell: usize) -> Range<f64> {
    let period = shown.series.watched.cells[cell].period;
    axis::days(shown.start, period.first_day()) / 7.0..axis::days(shown.start, period.end()) / 7.0
}

/// Runs of periods without a gap.
fn stretches(shown: &Shown) -> Vec<Range<usize>> {
    let mut list: Vec<Range<usize>> = Vec::new();
    for cell in 0..shown.series.cells.len() {
        match list.last_mut() {
            Some(last) if (span(shown, last.end - 1).end - span(shown, cell).start).abs() < 0.01 => {
                last.end += 1
            }
            _ => list.push(cell..cell + 1),
        }
    }
    list
}

/// A line through a stretch: the outer edges and the middles of its periods.
fn line(shown: &Shown, frame: &Frame, stretch: &Range<usize>, y: impl Fn(usize) -> f64) -> Vec<(f64, f64)> {
    let (first, last) = (stretch.start, stretch.end - 1);
    let middle = |cell: usize| {
        let span = span(shown, cell);
        (frame.x((span.start + span.end) / 2.0), y(cell))
    };
    std::iter::once((frame.x(span(shown, first).start), y(first)))
        .chain(stretch.clone().map(middle))
        .chain([(frame.x(span(shown, last).end), y(last))])
        .collect()
}

fn draw_ground(canvas: &Canvas, shown: &Shown, frame: &Frame, axis: &ValueAxis) -> Result<(), DrawError> {
    let scenario = shown.report.scenario;
    let offset = axis::days(scenario.start, shown.start) / 7.0;
    let reported = scenario.horizon_weeks as usize;
    for stripe in closures(scenario, reported, shown.series.watched.area) {
        let (from, to) = ((stripe.start - offset).max(0.0), (stripe.end - offset).min(shown.weeks as f64));
        if from < to {
            canvas.rectangle((frame.x(from), frame.top), (frame.x(to), frame.bottom), HOLIDAY)?;
        }
    }
    for (week, _) in ticks(shown) {
        canvas.line(&[(frame.x(week), frame.top), (frame.x(week), frame.bottom)], GRID, 1.0)?;
    }
    for (value, label) in axis.ticks() {
        let y = frame.y(axis, value);
        canvas.line(&[(LEFT, y), (RIGHT, y)], GRID, 1.0)?;
        canvas.text((LEFT - 10.0, y), &label, TEXT, Anchor::Right)?;
    }
    Ok(())
}

fn draw_fan(canvas: &Canvas, shown: &Shown, frame: &Frame) -> Result<(), DrawError> {
    let (series, cells) = (&shown.series.watched, &shown.series.cells);
    let observed = series.cells.iter().map(|cell| cell.observed);
    let high = cells.iter().map(|seen| seen.forecast.p95).chain(observed.clone()).fold(0.0, f64::max);
    let low = cells.iter().map(|seen| seen.forecast.p05).chain(observed).fold(f64::INFINITY, f64::min);
    let axis = ValueAxis::over(low, high);
    let from = if axis.from > 0.0 { " (this axis does not begin at 0)" } else { "" };
    let kind = if series.months { "month" } else { "week" };
    let words = format!("Each observed {kind} over the forecast{from}");
    canvas.text((EDGE, frame.top - 22.0), &words, HEAD, Anchor::Left)?;
    draw_ground(canvas, shown, frame, &axis)?;
    let stretches = stretches(shown);
    /// Lower and upper end of a band.
    type Band = fn(&Estimate) -> (f64, f64);
    let bands: [(Colour, Band); 2] = [(OUTER, |of| (of.p05, of.p95)), (INNER, |of| (of.p25, of.p75))];
    for (colour, band) in bands {
        for stretch in &stretches {
            let edge = |upper: bool| {
                line(shown, frame, stretch, |cell| {
                    let (low, high) = band(&cells[cell].forecast);
                    frame.y(&axis, if upper { high } else { low })
                })
            };
            let outline: Vec<(f64, f64)> =
                edge(false).into_iter().chain(edge(true).into_iter().rev()).collect();
            canvas.polygon(&outline, colour)?;
        }
    }
    for stretch in &stretches {
        canvas.line(
            &line(shown, frame, stretch, |cell| frame.y(&axis, cells[cell].forecast.p50)),
            MEDIAN,
            2.0,
        )?;
    }
    canvas.line(&[(LEFT, frame.bottom), (RIGHT, frame.bottom)], MUTED, 1.2)?;
    for (at, (cell, seen)) in series.cells.iter().zip(cells).enumerate() {
        let span = span(shown, at);
        let place = (frame.x((span.start + span.end) / 2.0), frame.y(&axis, cell.observed));
        mark(canvas, place, seen.within)?;
    }
    label_last(canvas, shown, frame, &axis)
}

/// A dot, or a larger diamond.
fn mark(canvas: &Canvas, (x, y): (f64, f64), within: bool) -> Result<(), DrawError> {
    if within {
        let (a, b) = (4.0, 1.7);
        let corners = [(a, b), (b, a), (-b, a), (-a, b), (-a, -b), (-b, -a), (b, -a), (a, -b)];
        return canvas.polygon(&corners.map(|(dx, dy)| (x + dx, y + dy)), INK);
    }
    let diamond = |size: f64| [(x, y - size), (x + size, y), (x, y + size), (x - size, y)];
    canvas.polygon(&diamond(8.5), INK)?;
    canvas.polygon(&diamond(6.5), SIXTH)
}

/// Names the last observed figure and its range.
fn label_last(canvas: &Canvas, shown: &Shown, frame: &Frame, axis: &ValueAxis) -> Result<(), DrawError> {
    let (Some(cell), Some(seen)) = (shown.series.watched.cells.last(), shown.series.cells.last()) else {
        return Ok(());
    };
    let y = frame.y(axis, cell.observed).clamp(frame.top + 10.0, frame.bottom - 52.0);
    let words = format!("{} observed at the end", readable(cell.observed));
    canvas.text((RIGHT + 21.0, y), &words, STRONG_LABEL, Anchor::Left)?;
    canvas.text((RIGHT + 21.0, y + 21.0), "9 in 10 runs:", LABEL, Anchor::Left)?;
    let range = format!("{} to {}", readable(seen.forecast.p05), readable(seen.forecast.p95));
    canvas.text((RIGHT + 21.0, y + 42.0), &range, LABEL, Anchor::Left)
}

/// Look and name of each chart.
const LOOKS: [(Chart, Colour, f64, &str); 4] = [
    (Chart::Single, EIGHTH, 1.4, "single"),
    (Chart::Rise, SIXTH, 2.4, "rise"),
    (Chart::Fall, MEDIAN, 2.4, "fall"),
    (Chart::Level, INNER, 2.4, "level"),
];

fn draw_charts(canvas: &Canvas, shown: &Shown, frame: &Frame) -> Result<(), DrawError> {
    let share = |chart: &Signal, at: usize| chart.course[at] / chart.limit.max(1e-9);
    let high = shown
        .charts
        .iter()
        .flat_map(|chart| (0..chart.course.len()).map(move |at| share(chart, at)))
        .fold(1.2, f64::max);
    let axis = ValueAxis::over(0.0, high);
    canvas.text(
        (EDGE, frame.top - 22.0),
        "Control charts, as a share of their limits",
        HEAD,
        Anchor::Left,
    )?;
    draw_ground(canvas, shown, frame, &axis)?;
    let stretches = stretches(shown);
    for (kind, colour, width, _) in LOOKS {
        let Some(chart) = shown.charts.iter().find(|chart| chart.chart == kind) else { continue };
        for stretch in &stretches {
            canvas.line(
                &line(shown, frame, stretch, |at| frame.y(&axis, share(chart, at))),
                colour,
                width,
            )?;
        }
    }
    let limit = frame.y(&axis, 1.0);
    canvas.line(&[(LEFT, limit), (RIGHT, limit)], INK, 2.0)?;
    canvas.text((RIGHT + 21.0, limit), "limit: above it, a signal", LABEL, Anchor::Left)?;
    canvas.line(&[(LEFT, frame.bottom), (RIGHT, frame.bottom)], MUTED, 1.2)
}

fn ticks(shown: &Shown) -> Vec<(f64, String)> {
    axis::dates(shown.start, shown.weeks, 84.0 * shown.weeks as f64 / (RIGHT - LEFT))
}

/// Dates, the key, and where the figures come from.
fn draw_foot(canvas: &Canvas, shown: &Shown, bottom: f64) -> Result<(), DrawError> {
    let frame = Frame { top: bottom, bottom, weeks: shown.weeks };
    for (week, label) in ticks(shown) {
        let x = frame.x(week);
        canvas.line(&[(x, bottom), (x, bottom + 6.0)], MUTED, 1.2)?;
        canvas.text((x, bottom + 20.0), &label, TEXT, Anchor::Middle)?;
    }
    let y = bottom + 14.0 + FOOT - 24.0;
    let mut x = EDGE;
    mark(canvas, (x + 8.0, y), true)?;
    mark(canvas, (x + 30.0, y), false)?;
    x += 46.0;
    canvas.text((x, y), "observed; outside", SMALL, Anchor::Left)?;
    x += SMALL.width("observed; outside") + 24.0;
    let bands =
        [(MEDIAN, "middle run"), (INNER, "half of runs"), (OUTER, "9 in 10"), (HOLIDAY, "schools closed")];
    for (colour, words) in bands {
        canvas.rectangle((x, y - 7.0), (x + 20.0, y + 7.0), colour)?;
        canvas.text((x + 26.0, y), words, SMALL, Anchor::Left)?;
        x += 26.0 + SMALL.width(words) + 20.0;
    }
    canvas.text((x, y), "charts:", SMALL, Anchor::Left)?;
    x += SMALL.width("charts:") + 12.0;
    for (_, colour, width, words) in LOOKS {
        canvas.line(&[(x, y), (x + 20.0, y)], colour, width + 1.0)?;
        canvas.text((x + 26.0, y), words, SMALL, Anchor::Left)?;
        x += 26.0 + SMALL.width(words) + 18.0;
    }
    let origin = shown.report.run.origin();
    canvas.text((WIDTH - EDGE, y), &SMALL.fitted(&origin, WIDTH - EDGE - x - 20.0), SMALL, Anchor::Right)
}
