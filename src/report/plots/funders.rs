//! Who pays: a bar for each funder over the days reported.
//!
//! Consumes a run's costs; produces a [`Picture`]: bars to the mean, whiskers over the range of 9 in 10 runs.

use super::axis::ValueAxis;
use super::canvas::{self, Anchor, Canvas, Description, DrawError};
use super::heading::Heading;
use super::look::{GRID, INK, INNER, LABEL, SIXTH, SMALL, TEXT};
use super::{Guide, Picture};
use crate::report::model::{Report, funder_name};
use crate::report::number::pounds_short;
use crate::summary::{CostEstimate, FunderYear};

const WIDTH: f64 = 1400.0;
const EDGE: f64 = 40.0;
const LEFT: f64 = 380.0;
const RIGHT: f64 = 1120.0;
const ROW: f64 = 44.0;
const TOP: f64 = 10.0;
const FOOT: f64 = 84.0;

/// What each funder pays over all that is reported, in the order of files, nobody last.
pub fn payments<'a>(report: &Report<'a>) -> Vec<&'a FunderYear> {
    report.summary.costs.funders.iter().filter(|row| row.year.is_none()).collect()
}

/// Draws who pays; `None` where nothing has a price.
///
/// # Errors
/// Only if the drawing library fails, which no figures make it do.
pub fn funders(report: &Report) -> Result<Option<Picture>, DrawError> {
    let rows = payments(report);
    if rows.is_empty() {
        return Ok(None);
    }
    let all = report.summary.costs.all;
    let title = format!("{} to pay: {} in 9 of 10 runs", pounds_short(all.mean), range(&all));
    let subtitle = format!(
        "{}; over the {} weeks reported: bar, mean; whisker, range of 9 in 10 runs",
        report.scenario.title, report.layout.weeks
    );
    let name = |row: &FunderYear| funder_name(report.scenario, row.funder).to_owned();
    let text: Vec<String> = rows
        .iter()
        .map(|row| format!("{}: {} ({}).", name(row), pounds_short(row.cost.mean), range(&row.cost)))
        .collect();
    let heading = Heading::new(&title, &subtitle, WIDTH - 2.0 * EDGE);
    let top = heading.bottom() + TOP;
    let bottom = top + ROW * rows.len() as f64;
    let height = (bottom + FOOT).floor();
    let text = text.join(" ");
    let description = Description { id: "funders", title: &title, text: &text };
    let high = rows.iter().map(|row| row.cost.p95.max(row.cost.mean)).max().unwrap_or(0);
    let axis = ValueAxis::over(0.0, high as f64 / 100.0);
    let x = |pence: i64| LEFT + (RIGHT - LEFT) * (pence as f64 / 100.0 / axis.to).clamp(0.0, 1.0);
    let svg = canvas::draw(WIDTH as u32, height as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        for (value, _) in axis.ticks() {
            let pence = (value * 100.0).round() as i64;
            canvas.line(&[(x(pence), top), (x(pence), bottom)], GRID, 1.0)?;
            canvas.text((x(pence), bottom + 18.0), &pounds_short(pence), TEXT, Anchor::Middle)?;
        }
        for (at, row) in rows.iter().enumerate() {
            let y = top + ROW * (at as f64 + 0.5);
            canvas.text(
                (LEFT - 16.0, y),
                &LABEL.fitted(&name(row), LEFT - EDGE - 16.0),
                LABEL,
                Anchor::Right,
            )?;
            let colour = if row.funder.is_none() { SIXTH } else { INNER };
            canvas.rectangle((LEFT, y - 11.0), (x(row.cost.mean), y + 11.0), colour)?;
            whisker(canvas, x(row.cost.p05), x(row.cost.p95), y)?;
            let words = format!("{} ({})", pounds_short(row.cost.mean), range(&row.cost));
            canvas.text((x(row.cost.p95.max(row.cost.mean)) + 14.0, y), &words, LABEL, Anchor::Left)?;
        }
        canvas.text((WIDTH - EDGE, height - 22.0), &report.run.origin(), SMALL, Anchor::Right)
    })?;
    let guide = Guide::rows((top, bottom), rows.len(), (WIDTH, height));
    Ok(Some(Picture { name: "funders".to_owned(), svg, guide: Some(guide) }))
}

fn range(cost: &CostEstimate) -> String {
    format!("{} to {}", pounds_short(cost.p05), pounds_short(cost.p95))
}

fn whisker(canvas: &Canvas, from: f64, to: f64, y: f64) -> Result<(), DrawError> {
    canvas.line(&[(from, y), (to, y)], INK, 1.6)?;
    canvas.line(&[(from, y - 6.0), (from, y + 6.0)], INK, 1.6)?;
    canvas.line(&[(to, y - 6.0), (to, y + 6.0)], INK, 1.6)
}
