//! The staffing curves of a team or desk: the chance of meeting each standard against posts.
//!
//! Consumes a staffing answer; produces a [`Picture`] with a panel for each unit: above, the chance of
//! meeting each standard, the 95% interval of the one that binds as a band, what is wanted as a line
//! across; below, families waiting and, for a team, the caseload, with the range of 9 in 10 runs. Upright lines show the posts of now and those needed.

use super::axis::ValueAxis;
use super::canvas::{self, Anchor, Canvas, Colour, Description, DrawError};
use super::heading::Heading;
use super::look::{EIGHTH, GRID, HEAD, INNER, LABEL, MEDIAN, MUTED, OUTER, SIXTH, SMALL, STRONG_LABEL, TEXT};
use super::{Field, Guide, Picture};
use crate::decisions::staffing::{CurvePoint, Group, SeatAnswer, Standing};
use crate::report::model::area_id;
use crate::report::staffing::{StaffingReport, served_name};
use crate::summary::Estimate;

const WIDTH: f64 = 1400.0;
/// Left edge of words.
const EDGE: f64 = 40.0;
/// Panels side by side, at most.
const COLUMNS: usize = 3;
const PANEL_HEIGHT: f64 = 500.0;
const FOOT: f64 = 40.0;
/// Height of a line of the key.
const LINE: f64 = 24.0;
/// Lines of standards, strongest first; they differ in lightness and width.
const LINES: [(Colour, f64); 4] = [(MEDIAN, 2.8), (SIXTH, 2.2), (INNER, 2.2), (EIGHTH, 1.6)];

/// A figure shown below the chances: its heading, and where it stands.
type Below = (&'static str, fn(&CurvePoint) -> &Estimate);

/// Draws the curves of a team or desk.
///
/// # Errors
/// Only if the drawing library fails, which no figures make it do.
pub fn staffing_curves(report: &StaffingReport, group: Group) -> Result<Picture, DrawError> {
    let seats = seats(report, group);
    let standards = standards(report, &seats);
    let columns = seats.len().clamp(1, COLUMNS);
    let rows = seats.len().div_ceil(columns);
    let first = &report.answer.seats[seats[0]].seat;
    let name = format!("staffing_{}", first.holder);
    let title = title(report, &seats);
    let text = description(report, &seats);
    let subtitle = format!(
        "{}. Chance of keeping each promise with so many posts, the others staying as recommended.",
        report.scenario.title
    );
    let heading = Heading::new(&title, &subtitle, WIDTH - 2.0 * EDGE);
    let head = heading.bottom() + LINE * (1 + standards.len()) as f64;
    let height = head + rows as f64 * PANEL_HEIGHT + FOOT;
    let described = Description { id: &name, title: &title, text: &text };
    let width = (WIDTH - 2.0 * EDGE) / columns as f64;
    let panel = |place: usize, seat: usize| {
        let left = EDGE + width * (place % columns) as f64;
        let top = head + PANEL_HEIGHT * (place / columns) as f64;
        Panel { report, seat, standards: &standards, left, top, width }
    };
    let svg = canvas::draw(WIDTH as u32, height as u32, &described, |canvas| {
        heading.draw(canvas, EDGE)?;
        key(canvas, report, heading.bottom(), &standards)?;
        for (place, &seat) in seats.iter().enumerate() {
            let panel = panel(place, seat);
            match report.answer.seats[seat].seat.area() {
                // The page can hide an area.
                Some(area) => canvas.group(area_id(report.scenario, Some(area)), |own| panel.draw(own))?,
                None => panel.draw(canvas)?,
            }
        }
        canvas.text((WIDTH - EDGE, height - 22.0), &report.run.origin(), SMALL, Anchor::Right)
    })?;
    let places = seats.iter().enumerate();
    let fields = places.filter_map(|(place, &seat)| panel(place, seat).guide((WIDTH, height.floor())));
    let guide = Guide { across: true, fields: fields.collect() };
    Ok(Picture { name, svg, guide: Some(guide) })
}

/// The seats of a team or desk.
fn seats(report: &StaffingReport, group: Group) -> Vec<usize> {
    let of_group = |&seat: &usize| report.answer.seats[seat].seat.group == group;
    (0..report.answer.seats.len()).filter(of_group).collect()
}

/// The points drawn for a team or desk, seat by seat.
pub fn curve_points<'a>(report: &StaffingReport<'a>, group: Group) -> Vec<&'a CurvePoint> {
    let of_seat = |seat: usize| report.answer.curve.iter().filter(move |point| point.seat == seat);
    seats(report, group).into_iter().flat_map(of_seat).collect()
}

/// The standards drawn as lines for a team or desk: indices into [`Scenario::standards`](crate::scenario::Scenario).
pub fn curve_lines(report: &StaffingReport, group: Group) -> Vec<usize> {
    standards(report, &seats(report, group))
}

/// The standards that the curves show: those of these seats, those that bind somewhere first.
fn standards(report: &StaffingReport, seats: &[usize]) -> Vec<usize> {
    let of = |judged: usize| report.answer.standards[judged].judged.standard;
    let mut list: Vec<usize> = Vec::new();
    let binding =
        seats.iter().filter_map(|&seat| report.answer.seats[seat].tightest.map(|(judged, _)| of(judged)));
    let all = seats
        .iter()
        .flat_map(|&seat| report.answer.seats[seat].seat.standards.iter().map(|&judged| of(judged)));
    for standard in binding.chain(all) {
        if !list.contains(&standard) && list.len() < LINES.len() {
            list.push(standard);
        }
    }
    list
}

fn title(report: &StaffingReport, seats: &[usize]) -> String {
    let rows = seats.iter().map(|&seat| &report.answer.seats[seat]);
    let sum = |of: &dyn Fn(&SeatAnswer) -> f64| rows.clone().map(of).sum::<f64>();
    let (now, needed) = (sum(&|row| row.seat.current), sum(&|row| row.recommended));
    let name = &report.answer.seats[seats[0]].seat.name;
    format!("{name}: {} posts now, {} needed to keep its promises", posts(now), posts(needed))
}

fn description(report: &StaffingReport, seats: &[usize]) -> String {
    let one = |&seat: &usize| {
        let row = &report.answer.seats[seat];
        let chance = |standing: Option<(usize, Standing)>| {
            standing
                .map_or(String::new(), |(_, standing)| format!(", chance {:.0}%", 100.0 * standing.share()))
        };
        format!(
            "{}: {} posts now{}, {} needed{}.",
            served_name(report.scenario, &row.seat),
            posts(row.seat.current),
            chance(row.now),
            posts(row.recommended),
            chance(row.tightest)
        )
    };
    seats.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// The key of the lines, from `top` down.
fn key(canvas: &Canvas, report: &StaffingReport, top: f64, standards: &[usize]) -> Result<(), DrawError> {
    for (line, &standard) in standards.iter().enumerate() {
        let y = top + LINE * line as f64;
        let (colour, width) = LINES[line];
        canvas.line(&[(EDGE, y), (EDGE + 30.0, y)], colour, width)?;
        let standard = &report.scenario.standards[standard];
        let words = format!("{}: wanted in {:.0}% of futures", standard.name, 100.0 * standard.reliability);
        canvas.text((EDGE + 40.0, y), &words, LABEL, Anchor::Left)?;
        if line == 0 {
            let x = WIDTH - EDGE - 330.0;
            canvas.rectangle((x, y - 7.0), (x + 30.0, y + 7.0), OUTER)?;
            canvas.text((x + 40.0, y), "95% interval of the promise that binds", LABEL, Anchor::Left)?;
        }
    }
    Ok(())
}

/// One unit's curves.
struct Panel<'a> {
    report: &'a StaffingReport<'a>,
    seat: usize,
    standards: &'a [usize],
    left: f64,
    top: f64,
    width: f64,
}

/// A rectangle with its scales.
#[derive(Clone)]
struct Scales {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    fte: (f64, f64),
    axis: ValueAxis,
}

impl Scales {
    fn x(&self, fte: f64) -> f64 {
        let (from, to) = self.fte;
        self.left + (self.right - self.left) * ((fte - from) / (to - from)).clamp(0.0, 1.0)
    }

    fn y(&self, value: f64) -> f64 {
        let share = ((value - self.axis.from) / (self.axis.to - self.axis.from)).clamp(0.0, 1.0);
        self.bottom - (self.bottom - self.top) * share
    }
}

/// Heights in a panel: of its heading, of the chances, and of each figure below them.
const HEAD_HEIGHT: f64 = 62.0;
const CHANCES: f64 = 174.0;
const BELOW: (f64, f64) = (38.0, 54.0);

/// What is shown below the chances, where it was measured.
const FIGURES: [Below; 2] =
    [("families waiting", |point| &point.waiting), ("caseload per FTE", |point| &point.caseload)];

impl<'a> Panel<'a> {
    fn points(&self) -> Vec<&'a CurvePoint> {
        self.report.answer.curve.iter().filter(|point| point.seat == self.seat).collect()
    }

    /// The rectangle of the chances; `None` where nothing was tried.
    fn chances(&self, points: &[&CurvePoint]) -> Option<Scales> {
        let row = &self.report.answer.seats[self.seat];
        let ends = [points.first()?.fte, points.last()?.fte, row.seat.current, row.recommended];
        let low = ends.iter().copied().fold(f64::INFINITY, f64::min);
        let high = ends.iter().copied().fold(0.0, f64::max);
        let margin = (0.04 * (high - low)).max(0.25);
        let top = self.top + HEAD_HEIGHT;
        Some(Scales {
            left: self.left + 52.0,
            right: self.left + self.width - 26.0,
            top,
            bottom: top + CHANCES,
            fte: ((low - margin).max(0.0), high + margin),
            axis: ValueAxis { from: 0.0, to: 1.0, step: 0.25 },
        })
    }

    /// What is shown below the chances.
    fn below(points: &[&CurvePoint]) -> impl Iterator<Item = Below> {
        let is_known = |(_, of): &Below| points.iter().all(|point| of(point).n > 0);
        FIGURES.into_iter().filter(is_known).collect::<Vec<Below>>().into_iter()
    }

    /// Where its points lie.
    fn guide(&self, size: (f64, f64)) -> Option<Field> {
        let points = self.points();
        let chance = self.chances(&points)?;
        let bottom = chance.bottom + (BELOW.0 + BELOW.1) * Self::below(&points).count() as f64;
        let at = points.iter().map(|point| chance.x(point.fte)).collect();
        Some(Field::new((chance.left, chance.right), (chance.top, bottom), at, size, true))
    }

    fn draw(&self, canvas: &Canvas) -> Result<(), DrawError> {
        let row = &self.report.answer.seats[self.seat];
        let points = self.points();
        let name = served_name(self.report.scenario, &row.seat);
        canvas.text((self.left, self.top + 16.0), &name, HEAD, Anchor::Left)?;
        let Some(chance) = self.chances(&points) else { return Ok(()) };
        self.grid(canvas, &chance, |value| format!("{:.0}%", 100.0 * value))?;
        self.band(canvas, &chance, &points)?;
        let mut bottom = chance.bottom;
        for (words, of) in Self::below(&points) {
            let field = self.figures(canvas, (words, of), &points, &chance, bottom)?;
            bottom = field.bottom;
        }
        self.marks(canvas, &chance, bottom, row)?;
        self.lines(canvas, &chance, &points)?;
        self.posts_axis(canvas, &chance, bottom)
    }

    /// A figure below the chances: its mean as a line, the range of 9 in 10 runs as a band.
    fn figures(
        &self,
        canvas: &Canvas,
        (words, of): Below,
        points: &[&CurvePoint],
        chance: &Scales,
        top: f64,
    ) -> Result<Scales, DrawError> {
        let most = points.iter().map(|point| of(point).p95.max(of(point).mean)).fold(1.0, f64::max);
        let axis = ValueAxis::over(0.0, most);
        // Ends alone are labelled: there is no room for more.
        let axis = ValueAxis { step: axis.to - axis.from, ..axis };
        let (top, bottom) = (top + BELOW.0, top + BELOW.0 + BELOW.1);
        let field = Scales { top, bottom, axis, ..chance.clone() };
        let line = |value: fn(&Estimate) -> f64| {
            points.iter().map(move |point| (point.fte, value(of(point)))).collect::<Vec<(f64, f64)>>()
        };
        let place = |&(fte, value): &(f64, f64)| (field.x(fte), field.y(value));
        let (low, high) = (line(|figure| figure.p05), line(|figure| figure.p95));
        if points.len() > 1 {
            let band: Vec<(f64, f64)> = low.iter().chain(high.iter().rev()).map(place).collect();
            canvas.polygon(&band, OUTER)?;
        }
        self.grid(canvas, &field, crate::report::number::tick)?;
        canvas.text((field.left, field.top - 14.0), words, SMALL, Anchor::Left)?;
        canvas.line(&line(|figure| figure.mean).iter().map(place).collect::<Vec<_>>(), MEDIAN, 2.0)?;
        Ok(field)
    }

    fn grid(&self, canvas: &Canvas, field: &Scales, label: impl Fn(f64) -> String) -> Result<(), DrawError> {
        let ticks = field.axis.ticks();
        for (value, _) in &ticks {
            let y = field.y(*value);
            canvas.line(&[(field.left, y), (field.right, y)], GRID, 1.0)?;
            canvas.text((field.left - 8.0, y), &label(*value), TEXT, Anchor::Right)?;
        }
        Ok(())
    }

    /// The interval of the standard that binds, and what is wanted of it.
    fn band(&self, canvas: &Canvas, field: &Scales, points: &[&CurvePoint]) -> Result<(), DrawError> {
        let Some((binding, _)) = self.report.answer.seats[self.seat].tightest else { return Ok(()) };
        let standing = |point: &&CurvePoint| {
            let found = point.standards.iter().find(|(judged, _)| *judged == binding);
            found.map(|(_, standing)| (point.fte, standing.interval()))
        };
        let known: Vec<(f64, (f64, f64))> = points.iter().filter_map(standing).collect();
        let lower = known.iter().map(|&(fte, (low, _))| (field.x(fte), field.y(low)));
        let upper = known.iter().rev().map(|&(fte, (_, high))| (field.x(fte), field.y(high)));
        canvas.polygon(&lower.chain(upper).collect::<Vec<_>>(), OUTER)?;
        let standard = self.report.answer.standards[binding].judged.standard;
        let wanted = field.y(self.report.scenario.standards[standard].reliability);
        canvas.line(&[(field.left, wanted), (field.right, wanted)], MUTED, 1.4)
    }

    fn lines(&self, canvas: &Canvas, field: &Scales, points: &[&CurvePoint]) -> Result<(), DrawError> {
        let of = |judged: usize| self.report.answer.standards[judged].judged.standard;
        for (line, &standard) in self.standards.iter().enumerate().rev() {
            let share = |point: &&CurvePoint| {
                let least = point.least_reliable(of);
                let found = least.into_iter().find(|(judged, _)| of(*judged) == standard);
                found.map(|(_, standing)| (field.x(point.fte), field.y(standing.share())))
            };
            let places: Vec<(f64, f64)> = points.iter().filter_map(share).collect();
            let (colour, width) = LINES[line];
            canvas.series(&self.report.scenario.standards[standard].id, |canvas| {
                canvas.line(&places, colour, width)?;
                let mut dots = places.iter();
                dots.try_for_each(|&(x, y)| canvas.rectangle((x - 2.5, y - 2.5), (x + 2.5, y + 2.5), colour))
            })?;
        }
        Ok(())
    }

    /// The posts of now, and those needed.
    fn marks(
        &self,
        canvas: &Canvas,
        chance: &Scales,
        bottom: f64,
        row: &SeatAnswer,
    ) -> Result<(), DrawError> {
        let (now, needed) = (chance.x(row.seat.current), chance.x(row.recommended));
        canvas.line(&[(now, chance.top), (now, bottom)], MUTED, 1.2)?;
        canvas.line(&[(needed, chance.top), (needed, bottom)], MEDIAN, 1.6)?;
        let words = |what: &str, fte: f64| format!("{what} {}", posts(fte));
        // Side by side, whichever is first on the left.
        let (now_first, y) = (now <= needed, chance.top - 12.0);
        let middle = ((now + needed) / 2.0).clamp(chance.left + 80.0, chance.right - 96.0);
        let (now_at, needed_at) =
            if now_first { (middle - 6.0, middle + 6.0) } else { (middle + 6.0, middle - 6.0) };
        let (left, right) = (Anchor::Right, Anchor::Left);
        let (now_anchor, needed_anchor) = if now_first { (left, right) } else { (right, left) };
        canvas.text((now_at, y), &words("now", row.seat.current), TEXT, now_anchor)?;
        canvas.text((needed_at, y), &words("needed", row.recommended), STRONG_LABEL, needed_anchor)
    }

    fn posts_axis(&self, canvas: &Canvas, field: &Scales, bottom: f64) -> Result<(), DrawError> {
        canvas.line(&[(field.left, bottom), (field.right, bottom)], MUTED, 1.2)?;
        let (from, to) = field.fte;
        let steps = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0];
        let step = steps.into_iter().find(|step| (to - from) / step <= 6.5).unwrap_or(to - from);
        let (first, last) = ((from / step).ceil() as i64, (to / step).floor() as i64);
        for tick in first..=last {
            let value = tick as f64 * step;
            let x = field.x(value);
            canvas.line(&[(x, bottom), (x, bottom + 5.0)], MUTED, 1.2)?;
            canvas.text((x, bottom + 17.0), &posts(value), TEXT, Anchor::Middle)?;
        }
        canvas.text((field.right, bottom + 36.0), "posts (FTE)", SMALL, Anchor::Right)
    }
}

/// Posts as readers see them.
fn posts(fte: f64) -> String {
    if (fte - fte.round()).abs() < 0.05 { format!("{fte:.0}") } else { format!("{fte:.1}") }
}
