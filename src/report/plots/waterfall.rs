//! A difference by its changes: each alone, what they do together beyond that, and the whole.
//!
//! Consumes a row of a [`Split`](crate::decisions::comparison::Split); produces a [`Picture`]. Each bar
//! begins where the one before ended; the last begins at nothing and ends where they have come to. Whiskers
//! are 95% intervals of each bar by itself.

use super::axis::ValueAxis;
use super::canvas::{self, Anchor, Canvas, Description, DrawError};
use super::heading::Heading;
use super::look::{EIGHTH, GRID, INK, INNER, LABEL, MEDIAN, MUTED, SMALL, TEXT, WHITE};
use super::{Guide, Picture};
use crate::decisions::comparison::{Difference, SplitRow};
use crate::report::comparison::part_name;
use crate::report::model::RunFacts;
use crate::report::number::readable;
use crate::scenario::Scenario;

const WIDTH: f64 = 1400.0;
const EDGE: f64 = 40.0;
/// Sides of the bars: names stand on the left, figures on the right.
const LEFT: f64 = 460.0;
const RIGHT: f64 = 1100.0;
const ROW: f64 = 44.0;
const THICK: f64 = 22.0;
const FOOT: f64 = 84.0;

/// What is drawn.
pub struct WaterfallShown<'a> {
    /// File name without its extension.
    pub name: String,
    /// The base.
    pub base: &'a Scenario,
    /// The option.
    pub option: &'a Scenario,
    /// The criterion, for readers.
    pub criterion: String,
    /// Whether it is a share of a whole, shown in points.
    pub is_share: bool,
    /// The changes.
    pub parts: &'a [String],
    /// Their differences.
    pub row: &'a SplitRow,
    /// What was run.
    pub run: &'a RunFacts,
}

/// A bar: from, to, and its difference.
struct Bar<'a> {
    words: &'a str,
    from: f64,
    difference: &'a Difference,
    colour: canvas::Colour,
}

/// Draws a waterfall.
///
/// # Errors
/// Only if the drawing library fails, which no figures make it do.
pub fn waterfall(shown: &WaterfallShown) -> Result<Picture, DrawError> {
    let mut bars = Vec::new();
    let mut so_far = 0.0;
    let names: Vec<String> = shown.parts.iter().map(|part| part_name(part)).collect();
    for (part, difference) in names.iter().zip(&shown.row.parts) {
        bars.push(Bar { words: part, from: so_far, difference, colour: INNER });
        so_far += difference.mean;
    }
    let interaction = &shown.row.interaction;
    bars.push(Bar {
        words: "All together beyond that",
        from: so_far,
        difference: interaction,
        colour: EIGHTH,
    });
    bars.push(Bar { words: "The whole difference", from: 0.0, difference: &shown.row.whole, colour: MEDIAN });
    let title = title(shown);
    let subtitle = format!(
        "{} minus {}; each change alone on the base, over the horizon; {} runs",
        shown.option.title, shown.base.title, shown.run.replications
    );
    let heading = Heading::new(&title, &subtitle, WIDTH - 2.0 * EDGE);
    let top = heading.bottom() + 18.0;
    let bottom = top + ROW * bars.len() as f64;
    let text = words(shown, &bars);
    let description = Description { id: &shown.name, title: &title, text: &text };
    let svg = canvas::draw(WIDTH as u32, (bottom + FOOT) as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        let axis = axis(&bars);
        let x = |value: f64| {
            LEFT + (RIGHT - LEFT) * ((value - axis.from) / (axis.to - axis.from)).clamp(0.0, 1.0)
        };
        for (value, label) in axis.ticks() {
            canvas.line(&[(x(value), top), (x(value), bottom)], GRID, 1.0)?;
            canvas.text((x(value), bottom + 16.0), &label, TEXT, Anchor::Middle)?;
        }
        canvas.line(&[(x(0.0), top - 8.0), (x(0.0), bottom)], INK, 1.6)?;
        for (bar, row) in bars.iter().zip(0_u8..) {
            draw_bar(canvas, shown, bar, top + ROW * (f64::from(row) + 0.5), &x)?;
        }
        let y = bottom + FOOT - 24.0;
        canvas.text((EDGE, y), "Whiskers: 95% interval of each bar by itself", SMALL, Anchor::Left)?;
        canvas.text((WIDTH - EDGE, y), &shown.run.origin(), SMALL, Anchor::Right)
    })?;
    let guide = Guide::rows((top, bottom), bars.len(), (WIDTH, (bottom + FOOT).floor()));
    Ok(Picture { name: shown.name.clone(), svg, guide: Some(guide) })
}

/// An axis that holds nothing, every bar and every whisker.
fn axis(bars: &[Bar]) -> ValueAxis {
    let ends = || {
        bars.iter().flat_map(|bar| {
            let whisker = [bar.difference.low, bar.difference.high].map(|end| bar.from + end);
            [bar.from, bar.from + bar.difference.mean]
                .into_iter()
                .chain(whisker)
                .filter(|end| end.is_finite())
        })
    };
    let (low, high) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    if high <= 0.0 && low < 0.0 {
        let up = ValueAxis::over(0.0, -low);
        ValueAxis { from: -up.to, to: 0.0, step: up.step }
    } else {
        ValueAxis::over(low, high)
    }
}

fn draw_bar(
    canvas: &Canvas,
    shown: &WaterfallShown,
    bar: &Bar,
    y: f64,
    x: &dyn Fn(f64) -> f64,
) -> Result<(), DrawError> {
    let room: String = bar.words.chars().take(52).collect();
    canvas.text((LEFT - 14.0, y), &room, LABEL, Anchor::Right)?;
    let (from, to) = (x(bar.from), x(bar.from + bar.difference.mean));
    let half = THICK / 2.0;
    canvas.rectangle((from.min(to), y - half), (from.max(to), y + half), bar.colour)?;
    if bar.colour != MEDIAN {
        // To where the next begins.
        canvas.line(&[(to, y - half), (to, y + ROW - half)], MUTED, 1.0)?;
    }
    let ends = [bar.difference.low, bar.difference.high].map(|end| x(bar.from + end));
    if bar.difference.high > bar.difference.low {
        for (colour, width) in [(WHITE, 4.0), (INK, 1.4)] {
            canvas.line(&[(ends[0], y), (ends[1], y)], colour, width)?;
            for end in ends {
                canvas.line(&[(end, y - 4.0), (end, y + 4.0)], colour, width)?;
            }
        }
    }
    canvas.text((RIGHT + 24.0, y), &figures(bar.difference, shown.is_share), TEXT, Anchor::Left)
}

fn figures(difference: &Difference, is_share: bool) -> String {
    let times = if is_share { 100.0 } else { 1.0 };
    let [mean, low, high] =
        [difference.mean, difference.low, difference.high].map(|value| readable(value * times));
    let unit = if is_share { " points" } else { "" };
    if low == high { format!("{mean}{unit}") } else { format!("{mean}{unit} ({low} to {high})") }
}

/// The message of the picture: which change does most.
fn title(shown: &WaterfallShown) -> String {
    let parts = shown.parts.iter().zip(&shown.row.parts);
    let most = parts.max_by(|a, b| a.1.mean.abs().total_cmp(&b.1.mean.abs()));
    match most {
        Some((part, difference)) if difference.is_told() => {
            format!(
                "{}: most of the difference comes from \u{201c}{}\u{201d}",
                shown.criterion,
                part_name(part)
            )
        }
        _ => format!("{}: no change stands out beyond chance", shown.criterion),
    }
}

/// The picture in words.
fn words(shown: &WaterfallShown, bars: &[Bar]) -> String {
    let mut text = String::from("Bars, from top to bottom.");
    for bar in bars {
        text.push_str(&format!(" {}: {}.", bar.words, figures(bar.difference, shown.is_share)));
    }
    text
}
