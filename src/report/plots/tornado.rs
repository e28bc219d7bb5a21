//! The tornado of an output: what each figure's range does to it, one figure at a time.
//!
//! Consumes an explanation's bars; produces a [`Picture`]. Bars are sorted by width; the end at the
//! figure's low value is dark, at its high value light, so that grey tells them apart; whiskers are
//! 95% intervals.

use super::axis::ValueAxis;
use super::canvas::{self, Anchor, Canvas, Description, DrawError};
use super::heading::Heading;
use super::look::{GRID, INK, INNER, LABEL, MEDIAN, SMALL, TEXT, WHITE};
use super::{Guide, Picture};
use crate::report::model::RunFacts;
use crate::report::number::{readable, rounded};
use crate::scenario::Scenario;
use crate::sensitivity::Explanation;
use crate::sensitivity::outputs::Measure;
use crate::sensitivity::tornado::{Bar, End};

const WIDTH: f64 = 1400.0;
const EDGE: f64 = 40.0;
/// Sides of the bars: names stand on the left, ranges of the figures on the right.
const LEFT: f64 = 520.0;
const RIGHT: f64 = 1130.0;
/// Height of a row, and of a bar in it.
const ROW: f64 = 40.0;
const THICK: f64 = 20.0;
/// Room above the bars for the axis, and below for the key.
const HEAD: f64 = 44.0;
const FOOT: f64 = 84.0;
/// Bars shown.
const SHOWN: usize = 12;

/// The bars shown for an output, widest first.
pub fn tornado_bars(found: &Explanation, output: usize) -> Vec<Bar> {
    let mut bars: Vec<Bar> = found.bars.iter().filter(|bar| bar.output == output).copied().collect();
    bars.retain(|bar| bar.width() > 0.0);
    bars.sort_by(|a, b| b.width().total_cmp(&a.width()).then(a.parameter.cmp(&b.parameter)));
    bars.truncate(SHOWN);
    bars
}

/// Draws the tornado of an output; `None` when no figure moves it.
///
/// # Errors
/// Only if the drawing library fails, which no figures make it do.
pub fn tornado(
    scenario: &Scenario,
    found: &Explanation,
    run: &RunFacts,
    output: usize,
) -> Result<Option<Picture>, DrawError> {
    let bars = tornado_bars(found, output);
    let Some(widest) = bars.first().copied() else { return Ok(None) };
    let described = &found.outputs.list[output];
    let path = |bar: &Bar| scenario.parameters[bar.parameter].path.as_str();
    let shown = Shown {
        is_share: matches!(described.measure, Measure::Met(..) | Measure::Share(..)),
        is_posts: matches!(described.measure, Measure::PostsNeeded(_) | Measure::TeamPostsNeeded(_)),
    };
    let title = if widest.is_certain() {
        format!("{}: moved most by {}", described.name, path(&widest))
    } else {
        format!("{}: no one figure moves it beyond chance", described.name)
    };
    let name = format!("tornado_{}", described.id.replace('/', "_"));
    let text = words(scenario, &bars, &shown);
    let subtitle = subtitle(scenario, found, &described.unit, &described.measure);
    let heading = Heading::new(&title, &subtitle, WIDTH - 2.0 * EDGE);
    let top = heading.bottom() - 6.0 + HEAD;
    let bottom = top + ROW * bars.len() as f64;
    let description = Description { id: &name, title: &title, text: &text };
    let svg = canvas::draw(WIDTH as u32, (bottom + FOOT) as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        let frame = Frame::new(&bars, shown.is_share, top, bottom);
        frame.draw(canvas, &widest, &shown)?;
        for (bar, row) in bars.iter().zip(0_u8..) {
            frame.draw_bar(canvas, scenario, bar, top + ROW * (f64::from(row) + 0.5))?;
        }
        draw_key(canvas, run, bottom)
    })?;
    let height = (bottom + FOOT).floor();
    let guide = Guide::rows((top, bottom), bars.len(), (WIDTH, height));
    Ok(Some(Picture { name, svg, guide: Some(guide) }))
}

/// How values of the output are written.
struct Shown {
    is_share: bool,
    is_posts: bool,
}

impl Shown {
    fn value(&self, value: f64) -> String {
        if self.is_share {
            format!("{:.0}%", 100.0 * value)
        } else if self.is_posts {
            format!("{value:.1}")
        } else {
            readable(value)
        }
    }
}

fn subtitle(scenario: &Scenario, found: &Explanation, unit: &str, measure: &Measure) -> String {
    let runs = match measure {
        Measure::PostsNeeded(_) | Measure::TeamPostsNeeded(_) => "without simulation".to_owned(),
        _ => format!("mean of {} runs at each end", found.shares.tornado),
    };
    format!(
        "{}; {unit}; one figure at its 5th or 95th percentile, all others central; {runs}",
        scenario.title
    )
}

/// The picture in words.
fn words(scenario: &Scenario, bars: &[Bar], shown: &Shown) -> String {
    let mut text = String::from("Bars, widest first.");
    for bar in bars {
        let path = &scenario.parameters[bar.parameter].path;
        text.push_str(&format!(
            " {path}: {} at {}, {} at {}.",
            shown.value(bar.low.output),
            rounded(bar.low.figure),
            shown.value(bar.high.output),
            rounded(bar.high.figure)
        ));
    }
    text
}

/// Where the bars lie.
struct Frame {
    axis: ValueAxis,
    top: f64,
    bottom: f64,
    is_share: bool,
}

impl Frame {
    fn new(bars: &[Bar], is_share: bool, top: f64, bottom: f64) -> Self {
        let ends = || bars.iter().flat_map(|bar| [bar.low, bar.high]);
        let within = |value: f64| if is_share { value.clamp(0.0, 1.0) } else { value };
        let high = ends().map(|end| within(end.output + end.half_width)).fold(bars[0].base, f64::max);
        let low = ends().map(|end| within(end.output - end.half_width)).fold(bars[0].base, f64::min);
        Self { axis: ValueAxis::over(low, high), top, bottom, is_share }
    }

    fn x(&self, value: f64) -> f64 {
        let share = (value - self.axis.from) / (self.axis.to - self.axis.from);
        LEFT + (RIGHT - LEFT) * share.clamp(0.0, 1.0)
    }

    /// Grid, ticks and the line of the centre.
    fn draw(&self, canvas: &Canvas, widest: &Bar, shown: &Shown) -> Result<(), DrawError> {
        for (value, label) in self.axis.ticks() {
            let x = self.x(value);
            canvas.line(&[(x, self.top), (x, self.bottom)], GRID, 1.0)?;
            let label = if self.is_share { shown.value(value) } else { label };
            canvas.text((x, self.bottom + 16.0), &label, TEXT, Anchor::Middle)?;
        }
        let x = self.x(widest.base);
        canvas.line(&[(x, self.top - 8.0), (x, self.bottom)], INK, 1.6)?;
        let label = format!("{} with every figure central", shown.value(widest.base));
        let (anchor, x) = if x > LEFT + 0.75 * (RIGHT - LEFT) {
            (Anchor::Right, x + 6.0)
        } else if x < LEFT + 0.25 * (RIGHT - LEFT) {
            (Anchor::Left, x - 6.0)
        } else {
            (Anchor::Middle, x)
        };
        canvas.text((x, self.top - 22.0), &label, LABEL, anchor)?;
        canvas.text((RIGHT + 24.0, self.top - 22.0), "range of the figure", TEXT, Anchor::Left)
    }

    fn draw_bar(&self, canvas: &Canvas, scenario: &Scenario, bar: &Bar, y: f64) -> Result<(), DrawError> {
        let path = &scenario.parameters[bar.parameter].path;
        canvas.text((LEFT - 14.0, y), &shortened(path), LABEL, Anchor::Right)?;
        let base = self.x(bar.base);
        // The longer end first, or it would hide the other where both lie on one side.
        let mut ends = [(bar.low, MEDIAN), (bar.high, INNER)];
        ends.sort_by(|a, b| (b.0.output - bar.base).abs().total_cmp(&(a.0.output - bar.base).abs()));
        for (end, colour) in ends {
            let x = self.x(end.output);
            let half = THICK / 2.0;
            canvas.rectangle((base.min(x), y - half), (base.max(x), y + half), colour)?;
        }
        // Where both ends lie on one side, their whiskers would cover each other.
        let apart = if (bar.low.output - bar.base) * (bar.high.output - bar.base) > 0.0 { 5.0 } else { 0.0 };
        for (end, at) in [(bar.low, y - apart), (bar.high, y + apart)] {
            self.draw_whisker(canvas, &end, at)?;
        }
        let figures = format!("{} to {}", rounded(bar.low.figure), rounded(bar.high.figure));
        canvas.text((RIGHT + 24.0, y), &figures, TEXT, Anchor::Left)
    }

    /// The 95% interval of an end.
    fn draw_whisker(&self, canvas: &Canvas, end: &End, y: f64) -> Result<(), DrawError> {
        if end.half_width <= 0.0 {
            return Ok(());
        }
        let (from, to) = (self.x(end.output - end.half_width), self.x(end.output + end.half_width));
        // White below, so that it is seen on the dark bar too.
        for (colour, width) in [(WHITE, 4.0), (INK, 1.4)] {
            canvas.line(&[(from, y), (to, y)], colour, width)?;
            for x in [from, to] {
                canvas.line(&[(x, y - 4.0), (x, y + 4.0)], colour, width)?;
            }
        }
        Ok(())
    }
}

/// A path that fits beside the bars: its middle gives way.
fn shortened(path: &str) -> String {
    let room = LEFT - EDGE - 14.0;
    if LABEL.width(path) <= room {
        return path.to_owned();
    }
    let parts: Vec<&str> = path.split('.').collect();
    let last = parts.len().saturating_sub(1);
    let short = (1..last.max(1))
        .map(|from| format!("{}…{}", parts[0], parts[from..].join(".")))
        .find(|short| LABEL.width(short) <= room);
    short.unwrap_or_else(|| path.chars().take(50).chain(['…']).collect())
}

fn draw_key(canvas: &Canvas, run: &RunFacts, bottom: f64) -> Result<(), DrawError> {
    let y = bottom + FOOT - 24.0;
    let mut x = EDGE;
    for (colour, words) in [(MEDIAN, "figure at its 5th percentile"), (INNER, "at its 95th percentile")] {
        canvas.rectangle((x, y - 7.0), (x + 22.0, y + 7.0), colour)?;
        canvas.text((x + 30.0, y), words, SMALL, Anchor::Left)?;
        x += 30.0 + SMALL.width(words) + 28.0;
    }
    canvas.line(&[(x, y), (x + 22.0, y)], INK, 1.4)?;
    for x in [x, x + 22.0] {
        canvas.line(&[(x, y - 4.0), (x, y + 4.0)], INK, 1.4)?;
    }
    canvas.text((x + 30.0, y), "95% interval", SMALL, Anchor::Left)?;
    canvas.text((WIDTH - EDGE, y), &run.origin(), SMALL, Anchor::Right)
}
