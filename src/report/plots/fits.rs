//! Fit plots of a calibration: how long stages last, contacts by week, shares with their intervals.
//!
//! Consumes a calibration; produces [`Picture`]s. **Invariant:** what was seen is pale or thin, what was fitted dark, the base
//! another colour and lightness, so that grey tells them apart.

use jiff::civil::Date;

use super::axis::{self, ValueAxis};
use super::canvas::{self, Anchor, Canvas, Colour, Description, DrawError};
use super::heading::Heading;
use super::look::{GRID, INK, INNER, LABEL, MEDIAN, OUTER, SIXTH, SMALL, TEXT};
use super::{Guide, Picture};
use crate::calibration::StayShown;
use crate::calibration::figure::{Figure, Kind};
use crate::report::number::{readable, tick};

const WIDTH: f64 = 1400.0;
const EDGE: f64 = 40.0;
const LEFT: f64 = 110.0;
const RIGHT: f64 = 1090.0;
const PANEL: f64 = 380.0;
const FOOT: f64 = 96.0;

/// Where values lie on a picture.
struct Frame {
    across: ValueAxis,
    up: ValueAxis,
    top: f64,
    bottom: f64,
}

impl Frame {
    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let share =
            |value: f64, axis: &ValueAxis| ((value - axis.from) / (axis.to - axis.from)).clamp(0.0, 1.0);
        (
            LEFT + (RIGHT - LEFT) * share(x, &self.across),
            self.bottom - (self.bottom - self.top) * share(y, &self.up),
        )
    }

    fn upward(&self, canvas: &Canvas, label: impl Fn(f64) -> String) -> Result<(), DrawError> {
        for (value, _) in self.up.ticks() {
            let (x, y) = self.at(self.across.from, value);
            canvas.line(&[(x, y), (RIGHT, y)], GRID, 1.0)?;
            canvas.text((x - 12.0, y), &label(value), TEXT, Anchor::Right)?;
        }
        Ok(())
    }
}

/// What a line is, at its place in the key on the right.
fn key(canvas: &Canvas, top: f64, entries: &[(&str, Colour, f64)]) -> Result<(), DrawError> {
    for (row, (words, colour, width)) in entries.iter().enumerate() {
        let y = top + 14.0 + 30.0 * row as f64;
        canvas.line(&[(RIGHT + 24.0, y), (RIGHT + 60.0, y)], *colour, *width)?;
        canvas.text((RIGHT + 70.0, y), words, LABEL, Anchor::Left)?;
    }
    Ok(())
}

/// Share of cases still open by age: the product limit with its band, the fitted curve and the base's.
///
/// # Errors
/// Only if the drawing library fails.
pub fn stays(shown: &StayShown, id: &str, name: &str, inflation: f64) -> Result<Picture, DrawError> {
    let limit = &shown.limit;
    let last =
        limit.steps.last().map_or(limit.last, |step| step.age.max(limit.last.min(step.age * 1.1))).max(7.0);
    let title = format!("{name}: how long cases stay open");
    let subtitle = format!(
        "share still open by days since the start; {} cases in view, {} of them ended; pale band: 90% interval",
        readable(limit.cases as f64),
        readable(limit.ended as f64)
    );
    let text = format!(
        "Half have ended by {} days. The fitted curve {}.",
        readable(half(limit)),
        if shown.curve.is_some() { "is drawn over what was seen" } else { "is missing: the base was kept" }
    );
    let heading = Heading::new(&title, &subtitle, WIDTH - 2.0 * EDGE);
    let top = heading.bottom() + 10.0;
    let bottom = top + PANEL;
    let frame = Frame {
        across: ValueAxis::over(0.0, last),
        up: ValueAxis { from: 0.0, to: 1.0, step: 0.25 },
        top,
        bottom,
    };
    let name = format!("stays_{id}");
    let description = Description { id: &name, title: &title, text: &text };
    let svg = canvas::draw(WIDTH as u32, (bottom + FOOT) as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        frame.upward(canvas, |value| format!("{:.0}%", 100.0 * value))?;
        for (value, label) in frame.across.ticks() {
            canvas.text((frame.at(value, 0.0).0, bottom + 20.0), &label, TEXT, Anchor::Middle)?;
        }
        canvas.text((LEFT, bottom + 48.0), "days since the start", SMALL, Anchor::Left)?;
        let (band, seen) = outline(shown, inflation, &frame);
        if band.len() > 3 {
            canvas.polygon(&band, OUTER)?;
        }
        canvas.line(&seen, INNER, 3.0)?;
        let mut entries = vec![("seen (product limit)", INNER, 3.0)];
        if let Some(curve) = &shown.curve {
            let points = |values: &[f64]| -> Vec<(f64, f64)> {
                let within = curve.ages.iter().zip(values).filter(|(age, _)| **age <= frame.across.to);
                within.map(|(age, open)| frame.at(*age, *open)).collect()
            };
            canvas.line(&points(&curve.base), SIXTH, 1.6)?;
            canvas.line(&points(&curve.fitted), MEDIAN, 2.2)?;
            entries.extend([("fitted", MEDIAN, 2.2), ("the base", SIXTH, 1.6)]);
        }
        key(canvas, top, &entries)
    })?;
    Ok(Picture { name, svg, guide: None })
}

/// The age by which half have ended, or the last one seen.
fn half(limit: &crate::calibration::survival::ProductLimit) -> f64 {
    limit.steps.iter().find(|step| step.open <= 0.5).map_or(limit.last, |step| step.age)
}

/// Points of a line in a picture.
type Line = Vec<(f64, f64)>;

/// The band as a closed outline, and the stairs of what was seen.
fn outline(shown: &StayShown, inflation: f64, frame: &Frame) -> (Line, Line) {
    let (mut low, mut high, mut seen) = (Vec::new(), Vec::new(), vec![frame.at(0.0, 1.0)]);
    let mut before = (1.0, 1.0, 1.0);
    for step in &shown.limit.steps {
        let (down, up) = shown.limit.interval(step, inflation);
        for (line, old, new) in
            [(&mut low, before.0, down), (&mut high, before.1, up), (&mut seen, before.2, step.open)]
        {
            line.push(frame.at(step.age, old));
            line.push(frame.at(step.age, new));
        }
        before = (down, up, step.open);
    }
    low.extend(high.into_iter().rev());
    (low, seen)
}

/// Contacts by week: seen, and expected under the figures.
///
/// # Errors
/// Only if the drawing library fails.
pub fn contacts(start: Date, seen: &[f64], expected: &[f64]) -> Result<Picture, DrawError> {
    let title = "Contacts by week, and the level that was fitted".to_owned();
    let subtitle = "children, whole council; the fitted level knows weekdays, bank holidays, school holidays, growth and \
                    shocks, but no month's own noise";
    let all = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let text =
        format!("On average {} a week were seen, {} fitted.", readable(all(seen)), readable(all(expected)));
    let heading = Heading::new(&title, subtitle, WIDTH - 2.0 * EDGE);
    let top = heading.bottom() + 10.0;
    let bottom = top + PANEL;
    let most = seen.iter().chain(expected).fold(0.0, |most: f64, value| most.max(*value));
    let frame = Frame {
        across: ValueAxis { from: 0.0, to: seen.len().max(2) as f64, step: 1.0 },
        up: ValueAxis::over(0.0, most),
        top,
        bottom,
    };
    let description = Description { id: "contacts", title: &title, text: &text };
    let height = bottom + FOOT;
    let svg = canvas::draw(WIDTH as u32, height as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        frame.upward(canvas, tick)?;
        for (week, label) in axis::dates(start, seen.len(), seen.len() as f64 / 9.0) {
            canvas.text((frame.at(week, 0.0).0, bottom + 20.0), &label, TEXT, Anchor::Middle)?;
        }
        let points = |values: &[f64]| -> Vec<(f64, f64)> {
            values.iter().enumerate().map(|(week, value)| frame.at(week as f64 + 0.5, *value)).collect()
        };
        canvas.line(&points(seen), INNER, 3.0)?;
        canvas.line(&points(expected), MEDIAN, 2.2)?;
        key(canvas, top, &[("seen", INNER, 3.0), ("fitted", MEDIAN, 2.2)])
    })?;
    let guide = Guide::columns((LEFT, RIGHT), (top, bottom), seen.len(), (WIDTH, height.floor()));
    Ok(Picture { name: "contacts".to_owned(), svg, guide: Some(guide) })
}

const ROW: f64 = 32.0;
const NAMES: f64 = 560.0;

/// Shares with their intervals, and the base's; `None` where there are none. Rows are the figures in order.
///
/// # Errors
/// Only if the drawing library fails.
pub fn shares(figures: &[&Figure]) -> Result<Option<Picture>, DrawError> {
    if figures.is_empty() {
        return Ok(None);
    }
    let title = "Shares, with their 90% intervals".to_owned();
    let subtitle = "square and whisker: estimated from the extracts; bar: the base";
    let outside =
        figures.iter().filter(|figure| figure.base < figure.low || figure.base > figure.high).count();
    let text = format!("Of {} shares, the base's lies outside the interval in {outside}.", figures.len());
    let heading = Heading::new(&title, subtitle, WIDTH - 2.0 * EDGE);
    let top = heading.bottom() + 10.0;
    let bottom = top + ROW * figures.len() as f64;
    let height = (bottom + FOOT).floor();
    let description = Description { id: "shares", title: &title, text: &text };
    let x = |share: f64| NAMES + (WIDTH - EDGE - NAMES) * share.clamp(0.0, 1.0);
    let svg = canvas::draw(WIDTH as u32, height as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        for quarter in 0..=4 {
            let at = x(f64::from(quarter) / 4.0);
            canvas.line(&[(at, top), (at, bottom)], GRID, 1.0)?;
            canvas.text((at, bottom + 20.0), &format!("{}%", 25 * quarter), TEXT, Anchor::Middle)?;
        }
        for (row, figure) in figures.iter().enumerate() {
            let y = top + ROW * (row as f64 + 0.5);
            let name = LABEL.fitted(&figure.path, NAMES - EDGE - 16.0);
            canvas.text((NAMES - 16.0, y), &name, LABEL, Anchor::Right)?;
            canvas.line(&[(x(figure.base), y - 11.0), (x(figure.base), y + 11.0)], SIXTH, 3.0)?;
            canvas.line(&[(x(figure.low), y), (x(figure.high), y)], INK, 1.6)?;
            let at = x(figure.value);
            canvas.rectangle((at - 5.0, y - 5.0), (at + 5.0, y + 5.0), MEDIAN)?;
        }
        Ok(())
    })?;
    let guide = Guide::rows((top, bottom), figures.len(), (WIDTH, height));
    Ok(Some(Picture { name: "shares".to_owned(), svg, guide: Some(guide) }))
}

/// The shares among figures, in order.
pub fn shares_of(figures: &[Figure]) -> Vec<&Figure> {
    figures.iter().filter(|figure| figure.kind == Kind::Share && !figure.path.ends_with(".cv")).collect()
}
