//! Calibration: where what happened lay among the forecasts.
//!
//! Consumes shares by tenth and the shares held by bands; produces a [`Picture`]. On the left a bar for each tenth of
//! the forecast's range, level if the forecast is right; on the right the share of months that bands of each width
//! held, on the diagonal if it is.

use super::Picture;
use super::axis::ValueAxis;
use super::canvas::{self, Anchor, Canvas, Description, DrawError};
use super::heading::Heading;
use super::look::{GRID, HEAD, INK, MEDIAN, SMALL, TEXT};

const WIDTH: f64 = 1400.0;
const EDGE: f64 = 40.0;
const PANEL: f64 = 420.0;
const FOOT: f64 = 96.0;
/// Left and right ends of the two panels.
const PANELS: [(f64, f64); 2] = [(110.0, 660.0), (800.0, 1330.0)];

/// What is drawn.
#[derive(Clone, Debug)]
pub struct CalibrationShown<'t> {
    /// What was forecast.
    pub subtitle: &'t str,
    /// Share of months in each tenth of the forecast's range, from the lowest.
    pub tenths: [f64; 10],
    /// Width of a band and the share of months it held.
    pub held: &'t [(f64, f64)],
    /// Scenario or data, seed, version.
    pub origin: &'t str,
}

/// Draws a calibration plot.
///
/// # Errors
/// Only if the drawing library fails, which no figures make it do.
pub fn calibration(shown: &CalibrationShown) -> Result<Picture, DrawError> {
    let title = "Do the forecasts' bands hold what they say?";
    let heading = Heading::new(title, shown.subtitle, WIDTH - 2.0 * EDGE);
    let top = heading.bottom() + 48.0;
    let bottom = top + PANEL;
    let text = words(shown);
    let description = Description { id: "calibration", title, text: &text };
    let svg = canvas::draw(WIDTH as u32, (bottom + FOOT) as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        tenths(canvas, shown, top)?;
        bands(canvas, shown, top)?;
        canvas.text((WIDTH - EDGE, bottom + FOOT - 18.0), shown.origin, SMALL, Anchor::Right)
    })?;
    Ok(Picture { name: "calibration".to_owned(), svg, guide: None })
}

fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

fn tenths(canvas: &Canvas, shown: &CalibrationShown, top: f64) -> Result<(), DrawError> {
    let (left, right) = PANELS[0];
    let most = shown.tenths.iter().copied().fold(0.15, f64::max);
    let axis = ValueAxis::over(0.0, most);
    let y = |share: f64| top + PANEL * (1.0 - share / axis.to);
    canvas.text((left, top - 22.0), "Months in each tenth of the forecast", HEAD, Anchor::Left)?;
    for (value, _) in axis.ticks() {
        canvas.line(&[(left, y(value)), (right, y(value))], GRID, 1.0)?;
        canvas.text((left - 10.0, y(value)), &percent(value), TEXT, Anchor::Right)?;
    }
    let wide = (right - left) / 10.0;
    for (index, share) in shown.tenths.iter().enumerate() {
        let from = left + wide * index as f64;
        canvas.rectangle((from + 3.0, y(*share)), (from + wide - 3.0, y(0.0)), MEDIAN)?;
    }
    canvas.line(&[(left, y(0.1)), (right, y(0.1))], INK, 1.6)?;
    canvas.text((left, top + PANEL + 18.0), "lowest tenth", TEXT, Anchor::Left)?;
    canvas.text((right, top + PANEL + 18.0), "highest tenth", TEXT, Anchor::Right)?;
    let middle = (left + right) / 2.0;
    canvas.text((middle, top + PANEL + 42.0), "line: 10%, if the forecast is right", TEXT, Anchor::Middle)
}

fn bands(canvas: &Canvas, shown: &CalibrationShown, top: f64) -> Result<(), DrawError> {
    let (left, right) = PANELS[1];
    let x = |share: f64| left + (right - left) * share;
    let y = |share: f64| top + PANEL * (1.0 - share);
    canvas.text((left, top - 22.0), "Share of months that a band held", HEAD, Anchor::Left)?;
    for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
        canvas.line(&[(left, y(tick)), (right, y(tick))], GRID, 1.0)?;
        canvas.line(&[(x(tick), y(0.0)), (x(tick), y(1.0))], GRID, 1.0)?;
        canvas.text((left - 10.0, y(tick)), &percent(tick), TEXT, Anchor::Right)?;
        canvas.text((x(tick), top + PANEL + 18.0), &percent(tick), TEXT, Anchor::Middle)?;
    }
    canvas.line(&[(x(0.0), y(0.0)), (x(1.0), y(1.0))], INK, 1.6)?;
    let points: Vec<(f64, f64)> = shown.held.iter().map(|(band, held)| (x(*band), y(*held))).collect();
    canvas.line(&points, MEDIAN, 2.4)?;
    for (x, y) in &points {
        canvas.rectangle((x - 4.0, y - 4.0), (x + 4.0, y + 4.0), MEDIAN)?;
    }
    let middle = (left + right) / 2.0;
    canvas.text(
        (middle, top + PANEL + 42.0),
        "width of the band; line: if the forecast is right",
        TEXT,
        Anchor::Middle,
    )
}

/// The picture in words.
fn words(shown: &CalibrationShown) -> String {
    let held = shown
        .held
        .iter()
        .map(|(band, held)| format!("{} of months in bands of {}", percent(*held), percent(*band)));
    let tenths = shown.tenths.iter().map(|share| percent(*share));
    format!(
        "{}. Months in each tenth of the forecast, from the lowest: {}.",
        held.collect::<Vec<_>>().join(", "),
        tenths.collect::<Vec<_>>().join(", ")
    )
}
