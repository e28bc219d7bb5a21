//! One panel of a fan chart: stripes, grid, bands, line and their labels.
//!
//! Consumes a series' weeks and the place where the panel lies; draws on the canvas.

use std::ops::Range;

use super::words::whole;
use super::{EDGE, LEFT, RIGHT, Shown, date_ticks};
use crate::report::model::{Report, is_present};
use crate::report::plots::axis::ValueAxis;
use crate::report::plots::canvas::{Anchor, Canvas, DrawError};
use crate::report::plots::look::{
    GRID, HEAD, HOLIDAY, INNER, LABEL, MEDIAN, MUTED, OUTER, STRONG_LABEL, TEXT,
};
use crate::summary::Estimate;

/// Where a panel lies, and how weeks map to it.
pub(in crate::report::plots) struct Frame {
    pub top: f64,
    pub bottom: f64,
    pub weeks: usize,
}

impl Frame {
    pub fn x(&self, week: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * week / self.weeks as f64
    }

    pub fn y(&self, axis: &ValueAxis, value: f64) -> f64 {
        let share = ((value - axis.from) / (axis.to - axis.from)).clamp(0.0, 1.0);
        self.bottom - (self.bottom - self.top) * share
    }
}

pub(super) fn draw_panel(
    canvas: &Canvas,
    report: &Report,
    panel: &Shown,
    frame: &Frame,
    breaks: &[Range<f64>],
    first: bool,
) -> Result<(), DrawError> {
    let present = || panel.weekly.iter().filter(|estimate| is_present(estimate));
    let high = present().map(|e| e.p95).fold(f64::NAN, f64::max);
    let low = present().map(|e| e.p05).fold(f64::NAN, f64::min);
    let axis = ValueAxis::over(low, high);

    for stripe in breaks {
        let (from, to) = (frame.x(stripe.start), frame.x(stripe.end));
        canvas.rectangle((from, frame.top), (to, frame.bottom), HOLIDAY)?;
    }
    draw_heading(canvas, panel, frame, &axis)?;
    for (week, _) in date_ticks(report) {
        canvas.line(&[(frame.x(week), frame.top), (frame.x(week), frame.bottom)], GRID, 1.0)?;
    }
    for (value, label) in axis.ticks() {
        let y = frame.y(&axis, value);
        canvas.line(&[(LEFT, y), (RIGHT, y)], GRID, 1.0)?;
        canvas.text((LEFT - 10.0, y), &label, TEXT, Anchor::Right)?;
    }
    let stretches = stretches(panel.weekly);
    for (colour, band) in
        [(OUTER, (|e| (e.p05, e.p95)) as fn(&Estimate) -> (f64, f64)), (INNER, |e| (e.p25, e.p75))]
    {
        for weeks in &stretches {
            let outline = outline(panel.weekly, weeks, frame, &axis, band);
            canvas.polygon(&outline, colour)?;
        }
    }
    for weeks in &stretches {
        let line: Vec<(f64, f64)> =
            at_weeks(weeks, frame).map(|(week, x)| (x, frame.y(&axis, panel.weekly[week].p50))).collect();
        canvas.line(&line, MEDIAN, 2.4)?;
    }
    canvas.line(&[(LEFT, frame.bottom), (RIGHT, frame.bottom)], MUTED, 1.2)?;
    if first { label_bands(canvas, panel, frame, &axis) } else { label_end(canvas, panel, frame, &axis) }
}

pub(super) fn draw_heading(
    canvas: &Canvas,
    panel: &Shown,
    frame: &Frame,
    axis: &ValueAxis,
) -> Result<(), DrawError> {
    let y = frame.top - 25.0;
    canvas.text((EDGE, y), panel.heading, HEAD, Anchor::Left)?;
    let mut words = panel.average.clone();
    if axis.from > 0.0 {
        let separator = if words.is_empty() { "" } else { "   " };
        let from = crate::report::number::tick(axis.from);
        words.push_str(&format!("{separator}(this axis begins at {from}, not at 0)"));
    }
    canvas.text((EDGE + HEAD.width(panel.heading) + 14.0, y), &words, TEXT, Anchor::Left)
}

/// Runs of weeks that all have a value.
pub(in crate::report::plots) fn stretches(weekly: &[Estimate]) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for week in (0..weekly.len()).filter(|&week| is_present(&weekly[week])) {
        match stretches.last_mut() {
            Some(last) if last.end == week => last.end += 1,
            _ => stretches.push(week..week + 1),
        }
    }
    stretches
}

/// Weeks with their horizontal positions: the middle of each week, and for the first and last of a
/// stretch also its outer edge, so that a week that stands alone is seen.
pub(in crate::report::plots) fn at_weeks(
    weeks: &Range<usize>,
    frame: &Frame,
) -> impl DoubleEndedIterator<Item = (usize, f64)> {
    let (first, last) = (weeks.start, weeks.end - 1);
    let edges = ((first, frame.x(first as f64)), (last, frame.x(weeks.end as f64)));
    let middles: Vec<(usize, f64)> = weeks.clone().map(|week| (week, frame.x(week as f64 + 0.5))).collect();
    std::iter::once(edges.0).chain(middles).chain(std::iter::once(edges.1))
}

/// The outline of a band: its lower edge there, its upper edge back.
pub(in crate::report::plots) fn outline(
    weekly: &[Estimate],
    weeks: &Range<usize>,
    frame: &Frame,
    axis: &ValueAxis,
    band: fn(&Estimate) -> (f64, f64),
) -> Vec<(f64, f64)> {
    let lower = at_weeks(weeks, frame).map(|(week, x)| (x, frame.y(axis, band(&weekly[week]).0)));
    let upper = at_weeks(weeks, frame).rev().map(|(week, x)| (x, frame.y(axis, band(&weekly[week]).1)));
    lower.chain(upper).collect()
}

/// Names the bands where they end, with thin lines to them.
pub(super) fn label_bands(
    canvas: &Canvas,
    panel: &Shown,
    frame: &Frame,
    axis: &ValueAxis,
) -> Result<(), DrawError> {
    let Some(week) = panel.weekly.iter().rposition(is_present) else {
        return Ok(());
    };
    let last = panel.weekly[week];
    let x = frame.x(week as f64 + 1.0);
    let y = |value: f64| frame.y(axis, value);
    let labels = [
        (y((last.p75 + last.p95) / 2.0), "9 in 10 runs within this band", LABEL),
        (y(last.p50), "middle of all runs", STRONG_LABEL),
        (y((last.p25 + last.p50) / 2.0), "half of runs within this band", LABEL),
    ];
    let places = spread(labels.map(|(y, ..)| y), 21.0, frame.top, frame.bottom);
    for ((target, words, look), place) in labels.into_iter().zip(places) {
        canvas.line(&[(x + 1.0, target), (RIGHT + 12.0, place), (RIGHT + 16.0, place)], MUTED, 1.0)?;
        canvas.text((RIGHT + 21.0, place), words, look, Anchor::Left)?;
    }
    Ok(())
}

/// Says where the middle and the wide band end.
pub(super) fn label_end(
    canvas: &Canvas,
    panel: &Shown,
    frame: &Frame,
    axis: &ValueAxis,
) -> Result<(), DrawError> {
    let Some(week) = panel.weekly.iter().rposition(is_present) else {
        return Ok(());
    };
    let last = panel.weekly[week];
    let target = frame.y(axis, last.p50);
    let y = target.clamp(frame.top + 10.0, frame.bottom - 30.0);
    let x = frame.x(week as f64 + 1.0);
    canvas.line(&[(x + 1.0, target), (RIGHT + 12.0, y), (RIGHT + 16.0, y)], MUTED, 1.0)?;
    canvas.text((RIGHT + 21.0, y), &format!("{} at the end", whole(last.p50)), STRONG_LABEL, Anchor::Left)?;
    let range = format!("9 in 10 runs: {} to {}", whole(last.p05), whole(last.p95));
    canvas.text((RIGHT + 21.0, y + 21.0), &range, LABEL, Anchor::Left)
}

/// Moves three heights, highest first, at least `gap` apart about the middle one, within bounds.
pub(super) fn spread([above, middle, below]: [f64; 3], gap: f64, top: f64, bottom: f64) -> [f64; 3] {
    let middle = middle.clamp(top + gap, (bottom - gap).max(top + gap));
    [above.min(middle - gap), middle, below.max(middle + gap)]
}
