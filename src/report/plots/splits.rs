//! Rules side by side: what each way to share money out does.
//!
//! Consumes a funding answer; produces a [`Picture`]: a row for each rule, with family-weeks waited on the left (mean,
//! and the range of 9 in 10 runs) and the chance of the worst area to keep its standards on the right (with its 95%
//! interval). The posts of now are drawn through all rows; the best is darker and bold.

use super::axis::ValueAxis;
use super::canvas::{self, Anchor, Canvas, Description, DrawError};
use super::heading::Heading;
use super::look::{EIGHTH, GRID, HEAD, INK, INNER, LABEL, MEDIAN, SMALL, STRONG_LABEL, TEXT};
use super::{Guide, Picture};
use crate::report::funding::{FundingReport, rule_names};
use crate::report::model::area_name;
use crate::report::number::readable;

const WIDTH: f64 = 1400.0;
const EDGE: f64 = 40.0;
/// Sides of the two panels.
const PANELS: [(f64, f64); 2] = [(290.0, 780.0), (860.0, 1130.0)];
const ROW: f64 = 38.0;
const FOOT: f64 = 84.0;

/// A row's figure in a panel.
#[derive(Clone, Copy, Debug)]
struct Mark {
    value: f64,
    low: f64,
    high: f64,
}

/// Draws the rules.
///
/// # Errors
/// Only if the drawing library fails, which no figures make it do.
pub fn splits(report: &FundingReport) -> Result<Picture, DrawError> {
    let answer = report.answer;
    let names = rule_names(report);
    let title = format!("{} ways to share out the money for posts", names.len());
    let subtitle = format!(
        "{}; {} runs of each, on the same families; whiskers: 9 in 10 runs on the left, 95% interval on the right",
        report.scenario.title, answer.replications
    );
    let heading = Heading::new(&title, &subtitle, WIDTH - 2.0 * EDGE);
    let top = heading.bottom() + 60.0;
    let bottom = top + ROW * names.len() as f64;
    let marks: Vec<[Option<Mark>; 2]> = answer
        .splits
        .iter()
        .map(|split| {
            let waited = split.verdict.waited;
            let kept = split.verdict.worst().map(|(_, kept)| {
                let (low, high) = kept.interval();
                Mark { value: kept.share(), low, high }
            });
            [Some(Mark { value: waited.mean, low: waited.p05, high: waited.p95 }), kept]
        })
        .collect();
    let text = words(report, &names);
    let description = Description { id: "funding_rules", title: &title, text: &text };
    let svg = canvas::draw(WIDTH as u32, (bottom + FOOT) as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        for (row, name) in names.iter().enumerate() {
            let look = if row == answer.chosen { STRONG_LABEL } else { LABEL };
            canvas.text((PANELS[0].0 - 16.0, top + ROW * (row as f64 + 0.5)), name, look, Anchor::Right)?;
        }
        for (side, title) in
            ["Family-weeks waited a year", "Worst area keeps its standards"].into_iter().enumerate()
        {
            let own: Vec<Option<Mark>> = marks.iter().map(|marks| marks[side]).collect();
            let highest = own.iter().flatten().map(|mark| mark.high).fold(0.0, f64::max);
            let chance = side == 1;
            let axis = if chance {
                ValueAxis { from: 0.0, to: 1.0, step: 0.25 }
            } else {
                ValueAxis::over(0.0, highest)
            };
            Panel { sides: PANELS[side], top, bottom, axis, chance }.draw(
                canvas,
                title,
                &own,
                answer.chosen,
            )?;
        }
        for (row, split) in answer.splits.iter().enumerate() {
            let Some((area, _)) = split.verdict.worst() else { continue };
            let lines = TEXT.wrap(area_name(report.scenario, Some(area)), WIDTH - EDGE - PANELS[1].1 - 24.0);
            let middle = top + ROW * (row as f64 + 0.5);
            for (line, words) in lines.iter().take(2).enumerate() {
                let y = middle + 17.0 * (line as f64 - 0.5 * (lines.len().min(2) as f64 - 1.0));
                canvas.text((PANELS[1].1 + 24.0, y), words, TEXT, Anchor::Left)?;
            }
        }
        canvas.text((WIDTH - EDGE, bottom + FOOT - 20.0), &report.run.origin(), SMALL, Anchor::Right)
    })?;
    let guide = Guide::rows((top, bottom), names.len(), (WIDTH, (bottom + FOOT).floor()));
    Ok(Picture { name: "funding_rules".to_owned(), svg, guide: Some(guide) })
}

struct Panel {
    sides: (f64, f64),
    top: f64,
    bottom: f64,
    axis: ValueAxis,
    chance: bool,
}

impl Panel {
    fn x(&self, value: f64) -> f64 {
        let share = (value - self.axis.from) / (self.axis.to - self.axis.from);
        self.sides.0 + (self.sides.1 - self.sides.0) * share
    }

    fn draw(
        &self,
        canvas: &Canvas,
        title: &str,
        marks: &[Option<Mark>],
        chosen: usize,
    ) -> Result<(), DrawError> {
        canvas.text((self.sides.0, self.top - 30.0), title, HEAD, Anchor::Left)?;
        for (value, label) in self.axis.ticks() {
            let x = self.x(value);
            canvas.line(&[(x, self.top), (x, self.bottom)], GRID, 1.0)?;
            let label = if self.chance { format!("{:.0}%", 100.0 * value) } else { label };
            canvas.text((x, self.bottom + 16.0), &label, TEXT, Anchor::Middle)?;
        }
        if let Some(Some(now)) = marks.first() {
            let x = self.x(now.value);
            canvas.line(&[(x, self.top - 8.0), (x, self.bottom)], EIGHTH, 1.2)?;
        }
        for (row, mark) in marks.iter().enumerate() {
            let Some(mark) = mark else { continue };
            let y = self.top + ROW * (row as f64 + 0.5);
            let (low, high) = (self.x(mark.low), self.x(mark.high));
            canvas.line(&[(low, y), (high, y)], INK, 1.4)?;
            for x in [low, high] {
                canvas.line(&[(x, y - 5.0), (x, y + 5.0)], INK, 1.4)?;
            }
            let x = self.x(mark.value);
            let colour = if row == chosen { MEDIAN } else { INNER };
            canvas.rectangle((x - 7.0, y - 7.0), (x + 7.0, y + 7.0), colour)?;
        }
        Ok(())
    }
}

/// The picture in words.
fn words(report: &FundingReport, names: &[String]) -> String {
    let row = |(name, split): (&String, &crate::decisions::funding::Split)| {
        let waited = split.verdict.waited;
        let kept = split.verdict.worst().map_or(String::new(), |(area, kept)| {
            let area = area_name(report.scenario, Some(area));
            format!("; worst area, {area}, keeps its standards in {:.0}% of runs", 100.0 * kept.share())
        });
        let [mean, low, high] = [waited.mean, waited.p05, waited.p95].map(readable);
        format!("{name}: {mean} ({low} to {high}) family-weeks waited a year{kept}.")
    };
    names.iter().zip(&report.answer.splits).map(row).collect::<Vec<String>>().join(" ")
}
