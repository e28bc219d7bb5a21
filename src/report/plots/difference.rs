//! A paired difference, week by week, and what it has come to so far.
//!
//! Consumes a course of a comparison; produces a [`Picture`]: the difference of each week above, its sum so
//! far below, under one time axis with school holidays. Lines are means, dark bands hold half of the runs,
//! pale ones nine in ten. The worst point and break-even are marked where they lie, so that pain before gain
//! is seen.

use super::axis::{self, ValueAxis};
use super::canvas::{self, Anchor, Canvas, Description, DrawError};
use super::fan::closures;
use super::fan::panel::{Frame, at_weeks, outline, stretches};
use super::heading::Heading;
use super::look::{GRID, HEAD, HOLIDAY, INK, INNER, LABEL, MEDIAN, MUTED, OUTER, SMALL, STRONG_LABEL, TEXT};
use super::{Guide, Picture};
use crate::decisions::comparison::Course;
use crate::report::model::{RunFacts, is_present};
use crate::report::number::readable;
use crate::scenario::{Better, Scenario};
use crate::summary::Estimate;

const WIDTH: f64 = 1400.0;
const EDGE: f64 = 40.0;
/// Sides of the panels, as those of the fan chart.
const LEFT: f64 = 100.0;
const RIGHT: f64 = 1156.0;
/// Height of a panel, of its heading, and of what is below all.
const PANEL: f64 = 300.0;
const HEADING: f64 = 52.0;
const FOOT: f64 = 76.0;

/// What is drawn.
pub struct CourseShown<'a> {
    /// File name without its extension.
    pub name: String,
    /// The base.
    pub base: &'a Scenario,
    /// The option.
    pub option: &'a Scenario,
    /// The criterion, for readers.
    pub criterion: String,
    /// Which way is better.
    pub better: Better,
    /// Its course.
    pub course: &'a Course,
    /// What was run.
    pub run: &'a RunFacts,
}

/// Draws a course.
///
/// # Errors
/// Only if the drawing library fails, which no figures make it do.
pub fn course(shown: &CourseShown) -> Result<Picture, DrawError> {
    let title = title(shown);
    let subtitle = format!(
        "{} minus {}; the same families, sickness and shocks in both; {} runs",
        shown.option.title, shown.base.title, shown.run.replications
    );
    let heading = Heading::new(&title, &subtitle, WIDTH - 2.0 * EDGE);
    let top = heading.bottom() - 2.0;
    let better = if shown.better == Better::Lower { "below zero is better" } else { "above zero is better" };
    let mut panels = vec![(format!("Difference in each week ({better})"), &shown.course.weekly)];
    if !shown.course.cumulative.is_empty() {
        panels.push(("Its sum so far".to_owned(), &shown.course.cumulative));
    }
    let bottom = top + panels.len() as f64 * (PANEL + HEADING);
    let text = words(shown);
    let description = Description { id: &shown.name, title: &title, text: &text };
    let weeks = shown.course.weekly.len().max(1);
    let svg = canvas::draw(WIDTH as u32, (bottom + FOOT) as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        let breaks = closures(shown.base, weeks, None);
        for (at, (heading, weekly)) in panels.iter().enumerate() {
            let top = top + at as f64 * (PANEL + HEADING) + HEADING;
            let frame = Frame { top, bottom: top + PANEL - 26.0, weeks };
            for stripe in &breaks {
                let (from, to) = (frame.x(stripe.start), frame.x(stripe.end));
                canvas.rectangle((from, frame.top), (to, frame.bottom), HOLIDAY)?;
            }
            canvas.text((EDGE, frame.top - 22.0), heading, HEAD, Anchor::Left)?;
            let axis = draw_bands(canvas, shown, weekly, &frame)?;
            if at == 1 {
                draw_marks(canvas, shown, &frame, &axis)?;
            }
        }
        draw_foot(canvas, shown, bottom - 26.0, weeks)
    })?;
    let (ends, size) = ((top + HEADING, bottom - 26.0), (WIDTH, (bottom + FOOT).floor()));
    let guide = Guide::columns((LEFT, RIGHT), ends, shown.course.weekly.len(), size);
    Ok(Picture { name: shown.name.clone(), svg, guide: Some(guide) })
}

/// The message of the picture.
fn title(shown: &CourseShown) -> String {
    let (name, criterion) = (&shown.option.title, &shown.criterion);
    let Some(arrival) = &shown.course.arrival else {
        return format!("{criterion}: {name}, week by week");
    };
    let day = |week: usize| axis::in_words(monday(shown, week));
    match (arrival.first_change, arrival.break_even, arrival.worst) {
        (None, ..) => format!("{criterion}: {name} changes nothing"),
        (_, Some(week), Some(_)) => {
            format!("{criterion}: {name} is worse at first, better in all from {} on", day(week))
        }
        (_, Some(week), None) => format!("{criterion}: {name} is better in all from {} on", day(week)),
        (_, None, Some(_)) => format!("{criterion}: {name} brings no benefit within the horizon"),
        (_, None, None) => format!("{criterion}: {name} hardly differs"),
    }
}

fn monday(shown: &CourseShown, week: usize) -> jiff::civil::Date {
    use jiff::ToSpan;
    shown.base.start.saturating_add((week as i64).weeks())
}

/// The picture in words.
fn words(shown: &CourseShown) -> String {
    let mut text = String::from("Weekly differences between two scenarios, and their sum so far.");
    if let Some(last) = shown.course.cumulative.last() {
        text.push_str(&format!(
            " By the end the sum is {} on average, between {} and {} in 9 of 10 runs.",
            readable(last.mean),
            readable(last.p05),
            readable(last.p95)
        ));
    }
    text
}

/// Grid, bands and the line of means.
fn draw_bands(
    canvas: &Canvas,
    shown: &CourseShown,
    weekly: &[Estimate],
    frame: &Frame,
) -> Result<ValueAxis, DrawError> {
    let present = || weekly.iter().filter(|estimate| is_present(estimate));
    let high = present().map(|week| week.p95.max(week.mean)).fold(0.0, f64::max);
    let low = present().map(|week| week.p05.min(week.mean)).fold(0.0, f64::min);
    let axis = spanning(low, high);
    for (week, _) in ticks(shown, frame.weeks) {
        canvas.line(&[(frame.x(week), frame.top), (frame.x(week), frame.bottom)], GRID, 1.0)?;
    }
    for (value, label) in axis.ticks() {
        let y = frame.y(&axis, value);
        canvas.line(&[(LEFT, y), (RIGHT, y)], GRID, 1.0)?;
        canvas.text((LEFT - 10.0, y), &label, TEXT, Anchor::Right)?;
    }
    let stretches = stretches(weekly);
    for (colour, band) in
        [(OUTER, (|e| (e.p05, e.p95)) as fn(&Estimate) -> (f64, f64)), (INNER, |e| (e.p25, e.p75))]
    {
        for weeks in &stretches {
            canvas.polygon(&outline(weekly, weeks, frame, &axis, band), colour)?;
        }
    }
    let nothing = frame.y(&axis, 0.0);
    canvas.line(&[(LEFT, nothing), (RIGHT, nothing)], INK, 1.6)?;
    for weeks in &stretches {
        let line: Vec<(f64, f64)> =
            at_weeks(weeks, frame).map(|(week, x)| (x, frame.y(&axis, weekly[week].mean))).collect();
        canvas.line(&line, MEDIAN, 2.4)?;
    }
    if let Some(last) = weekly.last().filter(|last| is_present(last)) {
        let y = frame.y(&axis, last.mean).clamp(frame.top + 10.0, frame.bottom - 30.0);
        let words = format!("{} at the end", readable(last.mean));
        canvas.text((RIGHT + 21.0, y), &words, STRONG_LABEL, Anchor::Left)?;
        let range = format!("9 in 10 runs: {} to {}", readable(last.p05), readable(last.p95));
        canvas.text((RIGHT + 21.0, y + 21.0), &range, LABEL, Anchor::Left)?;
    }
    Ok(axis)
}

/// An axis that holds nothing and everything between the ends, on whichever side of nothing they lie.
fn spanning(low: f64, high: f64) -> ValueAxis {
    if high <= 0.0 && low < 0.0 {
        let up = ValueAxis::over(0.0, -low);
        ValueAxis { from: -up.to, to: 0.0, step: up.step }
    } else {
        ValueAxis::over(low, high)
    }
}

/// The worst point and break-even, on the sum so far.
fn draw_marks(
    canvas: &Canvas,
    shown: &CourseShown,
    frame: &Frame,
    axis: &ValueAxis,
) -> Result<(), DrawError> {
    let Some(arrival) = &shown.course.arrival else { return Ok(()) };
    let marks =
        [(arrival.worst, "worst"), (arrival.break_even.filter(|_| arrival.worst.is_some()), "break-even")];
    // Each on a line of its own: the two may be weeks apart, or none.
    for ((week, word), line) in marks.into_iter().zip(0_u8..) {
        let Some(week) = week else { continue };
        let x = frame.x(week as f64 + 0.5);
        let y = frame.y(axis, shown.course.cumulative[week].mean);
        canvas.line(&[(x, frame.top), (x, frame.bottom)], INK, 1.2)?;
        canvas.rectangle((x - 4.0, y - 4.0), (x + 4.0, y + 4.0), INK)?;
        let side = if x > 0.5 * (LEFT + RIGHT) { (Anchor::Right, -8.0) } else { (Anchor::Left, 8.0) };
        canvas.text((x + side.1, frame.top + 12.0 + 20.0 * f64::from(line)), word, LABEL, side.0)?;
    }
    Ok(())
}

fn ticks(shown: &CourseShown, weeks: usize) -> Vec<(f64, String)> {
    axis::dates(shown.base.start, weeks, 84.0 * weeks as f64 / (RIGHT - LEFT))
}

/// Dates, the key, and where the figures come from.
fn draw_foot(canvas: &Canvas, shown: &CourseShown, bottom: f64, weeks: usize) -> Result<(), DrawError> {
    let frame = Frame { top: bottom, bottom, weeks };
    for (week, label) in ticks(shown, weeks) {
        let x = frame.x(week);
        canvas.line(&[(x, bottom), (x, bottom + 6.0)], MUTED, 1.2)?;
        canvas.text((x, bottom + 20.0), &label, TEXT, Anchor::Middle)?;
    }
    let y = bottom + 26.0 + FOOT - 24.0;
    let mut x = EDGE;
    for (colour, words) in
        [(MEDIAN, "mean"), (INNER, "half of runs"), (OUTER, "9 in 10 runs"), (HOLIDAY, "schools closed")]
    {
        canvas.rectangle((x, y - 7.0), (x + 22.0, y + 7.0), colour)?;
        canvas.text((x + 30.0, y), words, SMALL, Anchor::Left)?;
        x += 30.0 + SMALL.width(words) + 28.0;
    }
    canvas.text((WIDTH - EDGE, y), &shown.run.origin(), SMALL, Anchor::Right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_always_on_the_axis() {
        for (low, high) in [(-3.0, 0.0), (-1000.0, 20.0), (0.0, 7.0), (0.0, 0.0), (-20.0, 1000.0)] {
            let axis = spanning(low, high);
            assert!(
                axis.from <= low && axis.to >= high && axis.from <= 0.0 && axis.to >= 0.0,
                "{low} {high}"
            );
            assert!(axis.ticks().iter().any(|(value, _)| *value == 0.0));
        }
    }
}
