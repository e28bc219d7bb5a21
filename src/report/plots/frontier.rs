//! Cost against risk: what the best split of more or less money does.
//!
//! Consumes a funding answer; produces a [`Picture`]: family-weeks waited above, the worst area's chance below, both
//! against money a year. Bands are the range of 9 in 10 runs above and the 95% interval below; the posts of now and the
//! total asked about are marked.

use super::axis::ValueAxis;
use super::canvas::{self, Anchor, Canvas, Description, DrawError};
use super::heading::Heading;
use super::look::{GRID, HEAD, INK, LABEL, MEDIAN, OUTER, SIXTH, SMALL, TEXT};
use super::{Field, Guide, Picture};
use crate::decisions::funding::Verdict;
use crate::report::funding::FundingReport;
use crate::report::number::readable;

const WIDTH: f64 = 1400.0;
const EDGE: f64 = 40.0;
const LEFT: f64 = 110.0;
const RIGHT: f64 = 1330.0;
const PANEL: f64 = 290.0;
const GAP: f64 = 84.0;
const FOOT: f64 = 84.0;

/// Draws the frontier.
///
/// # Errors
/// Only if the drawing library fails, which no figures make it do.
pub fn frontier(report: &FundingReport) -> Result<Picture, DrawError> {
    let answer = report.answer;
    let title = "What more or less money for posts does";
    let subtitle = format!(
        "{}; {} runs of each; line: the best split of each total; bands: 9 in 10 runs above, 95% interval below",
        report.scenario.title, answer.replications
    );
    let heading = Heading::new(title, &subtitle, WIDTH - 2.0 * EDGE);
    let top = heading.bottom() + 44.0;
    let bottom = top + 2.0 * PANEL + GAP;
    let text = words(report);
    let description = Description { id: "funding_frontier", title, text: &text };
    let panels = [
        Panel::new(report, top, "Family-weeks waited a year", false),
        Panel::new(report, top + PANEL + GAP, "Chance that the worst area keeps its standards", true),
    ];
    // The posts of now, then the best splits: as the table has them.
    let now = answer.splits.first().map(|split| split.cost());
    let costs = now.into_iter().chain(answer.frontier.iter().map(|point| point.cost));
    let at = costs.map(|pence| panels[0].x(pence as f64 / 100.0)).collect();
    let svg = canvas::draw(WIDTH as u32, (bottom + FOOT) as u32, &description, |canvas| {
        heading.draw(canvas, EDGE)?;
        panels.iter().try_for_each(|panel| panel.draw(canvas))?;
        canvas.text(((LEFT + RIGHT) / 2.0, bottom + 42.0), "money for posts a year", TEXT, Anchor::Middle)?;
        canvas.text((WIDTH - EDGE, bottom + FOOT - 20.0), &report.run.origin(), SMALL, Anchor::Right)
    })?;
    let size = (WIDTH, (bottom + FOOT).floor());
    let field = Field::new((LEFT, RIGHT), (top, bottom), at, size, true);
    let guide = Guide { across: true, fields: vec![field] };
    Ok(Picture { name: "funding_frontier".to_owned(), svg, guide: Some(guide) })
}

/// A figure with its range.
#[derive(Clone, Copy, Debug)]
struct Mark {
    pounds: f64,
    value: f64,
    low: f64,
    high: f64,
}

impl Mark {
    fn of(pence: i64, verdict: &Verdict, chance: bool) -> Option<Self> {
        let pounds = pence as f64 / 100.0;
        if !chance {
            let waited = verdict.waited;
            return Some(Self { pounds, value: waited.mean, low: waited.p05, high: waited.p95 });
        }
        let (_, kept) = verdict.worst()?;
        let (low, high) = kept.interval();
        Some(Self { pounds, value: kept.share(), low, high })
    }
}

struct Panel<'t> {
    title: &'t str,
    chance: bool,
    top: f64,
    across: ValueAxis,
    up: ValueAxis,
    line: Vec<Mark>,
    now: Option<Mark>,
    /// Pounds a year asked about.
    total: f64,
}

impl<'t> Panel<'t> {
    fn new(report: &FundingReport, top: f64, title: &'t str, chance: bool) -> Self {
        let answer = report.answer;
        let line: Vec<Mark> =
            answer.frontier.iter().filter_map(|point| Mark::of(point.cost, &point.verdict, chance)).collect();
        let now = answer.splits.first().and_then(|split| Mark::of(split.cost(), &split.verdict, chance));
        let total = answer.budget.total as f64 / 100.0;
        let all = || line.iter().chain(&now);
        let pounds = all().map(|mark| mark.pounds).chain([total]);
        let (low, high) =
            pounds.fold((f64::INFINITY, 0.0_f64), |(low, high), pounds| (low.min(pounds), high.max(pounds)));
        let up = match chance {
            true => ValueAxis { from: 0.0, to: 1.0, step: 0.25 },
            false => ValueAxis::over(0.0, all().map(|mark| mark.high).fold(0.0, f64::max)),
        };
        Self { title, chance, top, across: ValueAxis::between(low, high), up, line, now, total }
    }

    fn x(&self, pounds: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * (pounds - self.across.from) / (self.across.to - self.across.from)
    }

    fn y(&self, value: f64) -> f64 {
        self.top + PANEL * (1.0 - (value - self.up.from) / (self.up.to - self.up.from))
    }

    fn draw(&self, canvas: &Canvas) -> Result<(), DrawError> {
        canvas.text((LEFT, self.top - 22.0), self.title, HEAD, Anchor::Left)?;
        for (value, label) in self.up.ticks() {
            let y = self.y(value);
            canvas.line(&[(LEFT, y), (RIGHT, y)], GRID, 1.0)?;
            let label = if self.chance { format!("{:.0}%", 100.0 * value) } else { label };
            canvas.text((LEFT - 10.0, y), &label, TEXT, Anchor::Right)?;
        }
        for (value, _) in self.across.ticks() {
            let x = self.x(value);
            canvas.line(&[(x, self.top), (x, self.top + PANEL)], GRID, 1.0)?;
            canvas.text((x, self.top + PANEL + 16.0), &millions(value), TEXT, Anchor::Middle)?;
        }
        self.draw_line(canvas)?;
        let x = self.x(self.total);
        canvas.line(&[(x, self.top), (x, self.top + PANEL)], INK, 1.2)?;
        let (at, anchor) =
            if x > (LEFT + RIGHT) / 2.0 { (x - 8.0, Anchor::Right) } else { (x + 8.0, Anchor::Left) };
        if !self.chance {
            canvas.text((at, self.top + 14.0), "total asked about", LABEL, anchor)?;
        }
        let Some(now) = self.now else { return Ok(()) };
        let (x, y) = (self.x(now.pounds), self.y(now.value));
        canvas.rectangle((x - 5.0, y - 5.0), (x + 5.0, y + 5.0), SIXTH)?;
        let look = canvas::Type { colour: SIXTH, bold: true, ..LABEL };
        // Away from the line, which falls above and rises below.
        let at = if self.chance { (x + 12.0, y) } else { (x + 12.0, y - 16.0) };
        canvas.text(at, "posts of now", look, Anchor::Left)
    }

    fn draw_line(&self, canvas: &Canvas) -> Result<(), DrawError> {
        let upper = self.line.iter().map(|mark| (self.x(mark.pounds), self.y(mark.high)));
        let lower = self.line.iter().rev().map(|mark| (self.x(mark.pounds), self.y(mark.low)));
        let band: Vec<(f64, f64)> = upper.chain(lower).collect();
        if self.line.len() > 1 {
            canvas.polygon(&band, OUTER)?;
        }
        let middle: Vec<(f64, f64)> =
            self.line.iter().map(|mark| (self.x(mark.pounds), self.y(mark.value))).collect();
        canvas.line(&middle, MEDIAN, 2.4)?;
        middle.iter().try_for_each(|&(x, y)| canvas.rectangle((x - 3.0, y - 3.0), (x + 3.0, y + 3.0), MEDIAN))
    }
}

/// Pounds on an axis.
fn millions(pounds: f64) -> String {
    let short = |value: f64| {
        let text = format!("{value:.2}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    match pounds {
        0.0 => "£0".to_owned(),
        pounds if pounds >= 1e6 => format!("£{}m", short(pounds / 1e6)),
        pounds => format!("£{}k", short(pounds / 1e3)),
    }
}

/// The picture in words.
fn words(report: &FundingReport) -> String {
    let mut text = String::from("Best splits by total.");
    for point in &report.answer.frontier {
        text.push_str(&sentence(point.cost, &point.verdict, "Best"));
    }
    if let Some(now) = report.answer.splits.first() {
        text.push_str(&sentence(now.cost(), &now.verdict, "Posts of now"));
    }
    text
}

fn sentence(pence: i64, verdict: &Verdict, name: &str) -> String {
    let kept = verdict.worst().map_or(String::new(), |(_, kept)| {
        format!(", worst area keeps its standards in {:.0}% of runs", 100.0 * kept.share())
    });
    format!(
        " {name}, {}: {} family-weeks waited a year{kept}.",
        millions(pence as f64 / 100.0),
        readable(verdict.waited.mean)
    )
}
