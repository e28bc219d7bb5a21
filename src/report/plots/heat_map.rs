//! Areas by week: where and when families wait.
//!
//! Consumes a run's weeks; produces a [`Picture`] with a row for each area, the most families waiting first, and
//! a cell for each week, in five classes from light to dark. School holidays are marked above.
//! **Invariant:** classes are the same for all areas and differ in lightness, so that they read in grey.

use super::axis;
use super::canvas::{self, Anchor, Canvas, Colour, Description, DrawError};
use super::fan::closures;
use super::heading::Heading;
use super::look::{INNER, LABEL, MEDIAN, MUTED, OUTER, SMALL, TEXT, WHITE};
use super::{Guide, Picture, areas};
use crate::report::model::{Report, area_name};
use crate::report::number::{readable, tick};
use crate::scenario::AreaId;
use crate::simulation::Holding;

/// What is shown.
pub const HEAT_MEASURE: &str = "waiting_families";

const WIDTH: f64 = 1400.0;
const EDGE: f64 = 40.0;
const LEFT: f64 = 330.0;
const RIGHT: f64 = 1360.0;
const ROW: f64 = 30.0;
/// Room above the rows for holidays, and below for dates and the key.
const TOP: f64 = 30.0;
const FOOT: f64 = 96.0;

/// From fewest to most. Lightness falls evenly: it reads in grey too.
const CLASSES: [Colour; 5] = [
    plotters::style::RGBColor(0xf3, 0xf6, 0xf9),
    OUTER,
    INNER,
    plotters::style::RGBColor(0x3a, 0x74, 0xa8),
    MEDIAN,
];

/// Draws areas by week; `None` where there is only one area, or no family ever waits.
///
/// # Errors
/// Only if the drawing library fails, which no figures make it do.
pub fn heat_map(report: &Report) -> Result<Option<Picture>, DrawError> {
    let weeks = report.layout.weeks;
    let rows: Vec<(AreaId, Vec<f64>)> = (areas::order(report).into_iter())
        .filter_map(|area| {
            let series = report.series(Some(area), Holding::Area, HEAT_MEASURE)?;
            let means = report.weeks(series).iter().map(|week| week.mean.max(0.0)).collect();
            Some((area, means))
        })
        .collect();
    let cells = || rows.iter().flat_map(|(_, means)| means.iter().copied());
    let most = cells().fold(0.0, f64::max);
    if rows.len() < 2 || weeks == 0 || most < 0.5 {
        return Ok(None);
    }
    let bounds = bounds(most);
    let (title, text) = words(report, &rows);
    let subtitle = format!(
        "{}; families waiting for a worker each week, mean of {} runs; areas with most waiting first",
        report.scenario.title,
        readable(f64::from(report.run.replications))
    );
    let heading = Heading::new(&title, &subtitle, WIDTH - 2.0 * EDGE);
    let top = heading.bottom() + TOP;
    let bottom = top + ROW * rows.len() as f64;
    let height = (bottom + FOOT).floor();
    let description = Description { id: "heat_map", title: &title, text: &text };
    let x = |week: f64| LEFT + (RIGHT - LEFT) * week / weeks as f64;
    let svg = canvas::draw(WIDTH as u32, height as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        for closed in closures(report.scenario, weeks, None) {
            canvas.rectangle((x(closed.start), top - 14.0), (x(closed.end), top - 4.0), MUTED)?;
        }
        canvas.text((LEFT - 16.0, top - 9.0), "schools closed", SMALL, Anchor::Right)?;
        for (row, (area, means)) in rows.iter().enumerate() {
            let y = top + ROW * row as f64;
            canvas.group(&report.scenario.areas[*area].id, |canvas| {
                canvas.text(
                    (LEFT - 16.0, y + ROW / 2.0),
                    &LABEL.fitted(area_name(report.scenario, Some(*area)), LEFT - EDGE - 16.0),
                    LABEL,
                    Anchor::Right,
                )?;
                for (from, to, class) in runs(means, &bounds) {
                    let corners = ((x(from as f64), y + 1.0), (x(to as f64), y + ROW - 1.0));
                    canvas.rectangle(corners.0, corners.1, CLASSES[class])?;
                }
                Ok(())
            })?;
        }
        for (week, label) in axis::dates(report.scenario.start, weeks, 84.0 * weeks as f64 / (RIGHT - LEFT)) {
            canvas.line(&[(x(week), bottom), (x(week), bottom + 6.0)], MUTED, 1.2)?;
            canvas.text((x(week), bottom + 20.0), &label, TEXT, Anchor::Middle)?;
        }
        key(canvas, &bounds, height - 26.0)?;
        canvas.text((WIDTH - EDGE, height - 26.0), &report.run.origin(), SMALL, Anchor::Right)
    })?;
    let guide = Guide::columns((LEFT, RIGHT), (top, bottom), weeks, (WIDTH, height));
    Ok(Some(Picture { name: "heat_map".to_owned(), svg, guide: Some(guide) }))
}

/// Where the classes above the first begin, at round numbers.
fn bounds(most: f64) -> [f64; 4] {
    let step = axis::ValueAxis::over(0.0, most * 0.8).step;
    [1.0, 2.0, 3.0, 4.0].map(|class| class * step)
}

fn class(value: f64, bounds: &[f64; 4]) -> usize {
    bounds.iter().filter(|&&bound| value >= bound).count()
}

/// Neighbouring weeks of one class: from, to, class.
fn runs(means: &[f64], bounds: &[f64; 4]) -> Vec<(usize, usize, usize)> {
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for (week, &mean) in means.iter().enumerate() {
        let class = class(mean, bounds);
        match runs.last_mut() {
            Some(last) if last.2 == class => last.1 = week + 1,
            _ => runs.push((week, week + 1, class)),
        }
    }
    runs
}

fn key(canvas: &Canvas, bounds: &[f64; 4], y: f64) -> Result<(), DrawError> {
    let mut x = EDGE;
    for (class, &colour) in CLASSES.iter().enumerate() {
        let words = match class {
            0 => format!("fewer than {}", tick(bounds[0])),
            4 => format!("{} and more", tick(bounds[3])),
            class => format!("from {}", tick(bounds[class - 1])),
        };
        canvas.rectangle((x - 1.0, y - 9.0), (x + 25.0, y + 9.0), MUTED)?;
        canvas.rectangle((x, y - 8.0), (x + 24.0, y + 8.0), if class == 0 { WHITE } else { colour })?;
        canvas.rectangle((x, y - 8.0), (x + 24.0, y + 8.0), colour)?;
        canvas.text((x + 32.0, y), &words, SMALL, Anchor::Left)?;
        x += 32.0 + SMALL.width(&words) + 22.0;
    }
    Ok(())
}

/// The message, and the picture in words.
fn words(report: &Report, rows: &[(AreaId, Vec<f64>)]) -> (String, String) {
    let peak = |means: &[f64]| {
        let mut best = 0;
        means
            .iter()
            .enumerate()
            .for_each(|(week, &mean)| best = if mean > means[best] { week } else { best });
        best
    };
    let monday = |week: usize| {
        let weeks = jiff::Span::new().weeks(week as i64);
        axis::in_words(report.scenario.start.saturating_add(weeks))
    };
    let total: Vec<f64> =
        (0..report.layout.weeks).map(|week| rows.iter().map(|(_, means)| means[week]).sum()).collect();
    let at = peak(&total);
    let title = format!("Waiting is worst in the week of {}", monday(at));
    let mut text = String::from("Mean number of families waiting, and when it is greatest, by area:");
    for (area, means) in rows {
        let at = peak(means);
        text.push_str(&format!(
            " {}: {} in the week of {};",
            area_name(report.scenario, Some(*area)),
            readable(means[at]),
            monday(at)
        ));
    }
    text.pop();
    text.push('.');
    (title, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_weeks_of_a_class_are_one_cell() {
        let bounds = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(runs(&[0.0, 0.5, 1.0, 9.0, 4.0], &bounds), [(0, 2, 0), (2, 3, 1), (3, 5, 4)]);
    }

    #[test]
    fn classes_reach_up_to_the_greatest_week() {
        for most in [0.7, 3.0, 17.0, 240.0] {
            assert!(class(most, &bounds(most)) >= 3, "{most}");
            assert_eq!(class(0.0, &bounds(most)), 0);
        }
    }
}
