//! Areas side by side: how many families wait, and how long for each team.
//!
//! Consumes a run's figures over the whole horizon; produces a [`Picture`] with a row for each area, the most
//! families waiting first, and a column for each figure: a dot for the mean, a line for the range of 9 in 10
//! runs. **Invariant:** each area's marks are a group of its own, so that a page can hide it.

use super::axis::ValueAxis;
use super::canvas::{self, Anchor, Canvas, Description, DrawError};
use super::heading::Heading;
use super::look::{GRID, HEAD, INNER, LABEL, MEDIAN, SMALL, TEXT};
use super::{Guide, Picture};
use crate::report::model::{Report, area_name, is_present};
use crate::report::number::readable;
use crate::scenario::{AreaId, Scenario};
use crate::simulation::Holding;
use crate::summary::Estimate;

const WIDTH: f64 = 1400.0;
const EDGE: f64 = 40.0;
/// Where the first column begins; names of areas stand before it.
const LEFT: f64 = 330.0;
const GAP: f64 = 50.0;
const ROW: f64 = 36.0;
/// Room above the rows for the columns' headings, and below for axis and key.
const TOP: f64 = 34.0;
const FOOT: f64 = 84.0;
/// Height of a line of a heading.
const LINE: f64 = 24.0;
/// Columns at most: families waiting, and so many teams' waits.
const TEAMS: usize = 2;

/// A figure that areas are compared by.
pub struct Column<'a> {
    /// What it is, with its unit.
    pub heading: String,
    /// For each area of [`order`]; empty where the area has none.
    pub figures: Vec<Option<&'a Estimate>>,
}

/// The areas, those with most families waiting first.
pub fn order(report: &Report) -> Vec<AreaId> {
    let waiting = |&area: &AreaId| {
        let series = report.series(Some(area), Holding::Area, "waiting_families");
        series.map_or(0.0, |series| report.horizon(series).mean)
    };
    let mut order: Vec<AreaId> = (0..report.scenario.areas.len()).collect();
    order.sort_by(|a, b| waiting(b).total_cmp(&waiting(a)).then(a.cmp(b)));
    order
}

/// The figures that areas are compared by: families waiting, and mean waits for the teams for which families
/// of at least two areas wait longest.
pub fn columns<'a>(report: &Report<'a>, order: &[AreaId]) -> Vec<Column<'a>> {
    let figures = |holding, measure: &str| -> Vec<Option<&'a Estimate>> {
        let figure = |&area: &AreaId| {
            let estimate = report.horizon(report.series(Some(area), holding, measure)?);
            is_present(estimate).then_some(estimate)
        };
        order.iter().map(figure).collect()
    };
    let mut columns = vec![Column {
        heading: "Families waiting".into(),
        figures: figures(Holding::Area, "waiting_families"),
    }];
    let mut teams: Vec<(f64, Column)> = Vec::new();
    for (team, described) in report.scenario.teams.iter().enumerate() {
        let figures = figures(Holding::Team(team), "wait_mean_days");
        let longest = figures.iter().flatten().map(|figure| figure.mean).fold(0.0, f64::max);
        let heading = format!("{}: mean wait, days", described.name);
        teams.push((longest, Column { heading, figures }));
    }
    teams.retain(|(_, column)| column.figures.iter().flatten().count() >= 2);
    // The sort is stable: teams that nobody waits for keep their order.
    teams.sort_by(|a, b| b.0.total_cmp(&a.0));
    columns.extend(teams.into_iter().take(TEAMS).map(|(_, column)| column));
    columns.retain(|column| column.figures.iter().any(Option::is_some));
    columns
}

/// Draws areas side by side; `None` where there is only one.
///
/// # Errors
/// Only if the drawing library fails, which no figures make it do.
pub fn areas(report: &Report) -> Result<Option<Picture>, DrawError> {
    let order = order(report);
    let columns = columns(report, &order);
    if order.len() < 2 || columns.is_empty() {
        return Ok(None);
    }
    let title = message(report.scenario, &order, &columns[0]);
    let subtitle = format!(
        "{}; over all weeks reported: dot, mean of {} runs; line, range of 9 in 10 runs",
        report.scenario.title,
        readable(f64::from(report.run.replications))
    );
    let text = words(report.scenario, &order, &columns);
    let heading = Heading::new(&title, &subtitle, WIDTH - 2.0 * EDGE);
    let width = (WIDTH - EDGE - LEFT + GAP) / columns.len() as f64 - GAP;
    let heads: Vec<Vec<String>> = columns.iter().map(|column| HEAD.wrap(&column.heading, width)).collect();
    let lines = heads.iter().map(Vec::len).max().unwrap_or(1);
    let top = heading.bottom() + TOP + LINE * (lines as f64 - 1.0);
    let bottom = top + ROW * order.len() as f64;
    let height = (bottom + FOOT).floor();
    let description = Description { id: "areas", title: &title, text: &text };
    let svg = canvas::draw(WIDTH as u32, height as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        let frames: Vec<Frame> = (columns.iter().enumerate())
            .map(|(at, column)| Frame::new(column, LEFT + at as f64 * (width + GAP), width, top, bottom))
            .collect();
        for (frame, head) in frames.iter().zip(&heads) {
            frame.draw(canvas, head)?;
        }
        for (row, &area) in order.iter().enumerate() {
            let y = top + ROW * (row as f64 + 0.5);
            canvas.group(&report.scenario.areas[area].id, |canvas| {
                canvas.text(
                    (LEFT - 16.0, y),
                    &LABEL.fitted(area_name(report.scenario, Some(area)), LEFT - EDGE - 16.0),
                    LABEL,
                    Anchor::Right,
                )?;
                let marks = frames.iter().zip(&columns);
                marks
                    .filter_map(|(frame, column)| Some((frame, column.figures[row]?)))
                    .try_for_each(|(frame, figure)| frame.mark(canvas, figure, y))
            })?;
        }
        canvas.text((WIDTH - EDGE, height - 22.0), &report.run.origin(), SMALL, Anchor::Right)
    })?;
    let guide = Guide::rows((top, bottom), order.len(), (WIDTH, height));
    Ok(Some(Picture { name: "areas".to_owned(), svg, guide: Some(guide) }))
}

/// One column's scale.
struct Frame {
    axis: ValueAxis,
    left: f64,
    width: f64,
    top: f64,
    bottom: f64,
}

impl Frame {
    fn new(column: &Column, left: f64, width: f64, top: f64, bottom: f64) -> Self {
        let high = column.figures.iter().flatten().map(|figure| figure.p95).fold(0.0, f64::max);
        Self { axis: ValueAxis::over(0.0, high), left, width, top, bottom }
    }

    fn x(&self, value: f64) -> f64 {
        let share = (value - self.axis.from) / (self.axis.to - self.axis.from);
        self.left + self.width * share.clamp(0.0, 1.0)
    }

    fn draw(&self, canvas: &Canvas, head: &[String]) -> Result<(), DrawError> {
        for (line, words) in head.iter().rev().enumerate() {
            canvas.text((self.left, self.top - 20.0 - LINE * line as f64), words, HEAD, Anchor::Left)?;
        }
        for (value, label) in self.axis.ticks() {
            let x = self.x(value);
            canvas.line(&[(x, self.top), (x, self.bottom)], GRID, 1.0)?;
            canvas.text((x, self.bottom + 18.0), &label, TEXT, Anchor::Middle)?;
        }
        Ok(())
    }

    fn mark(&self, canvas: &Canvas, figure: &Estimate, y: f64) -> Result<(), DrawError> {
        canvas.line(&[(self.x(figure.p05), y), (self.x(figure.p95), y)], INNER, 6.0)?;
        let (x, half) = (self.x(figure.mean), 6.0);
        // A square set on its corner: a dot that is as sharp at any size.
        canvas.polygon(&[(x - half, y), (x, y - half), (x + half, y), (x, y + half)], MEDIAN)
    }
}

/// What the picture says, about its first column.
fn message(scenario: &Scenario, order: &[AreaId], column: &Column) -> String {
    let name = |row: usize| area_name(scenario, Some(order[row]));
    let (Some(first), Some(second)) = (column.figures[0], column.figures[1]) else {
        return "Areas side by side".to_owned();
    };
    if first.p95 < 1.0 {
        return "Families hardly ever wait, in any area".to_owned();
    }
    if first.p05 > second.p95 {
        return format!("{} has most families waiting, whatever the run", name(0));
    }
    let alike = column.figures.iter().flatten().filter(|other| other.p95 >= first.p05).count();
    if alike == order.len() {
        return "Ranges overlap: no area can be told apart as the one with most families waiting".to_owned();
    }
    format!("Most families wait in {} or {}: their ranges overlap", name(0), name(1))
}

/// The picture in words.
fn words(scenario: &Scenario, order: &[AreaId], columns: &[Column]) -> String {
    let mut text = String::new();
    for column in columns {
        text.push_str(&format!("{}:", column.heading));
        for (row, &area) in order.iter().enumerate() {
            if let Some(Estimate { mean, p05, p95, .. }) = column.figures[row] {
                let [mean, low, high] = [mean, p05, p95].map(|&value| readable(value));
                text.push_str(&format!(" {} {mean} ({low} to {high});", area_name(scenario, Some(area))));
            }
        }
        text.pop();
        text.push_str(". ");
    }
    text.trim_end().to_owned()
}
