//! The weekly fan chart of an area.
//!
//! Consumes the area's weekly figures and school holidays; produces a [`Picture`]. Each panel shows
//! the middle run of every week, the band that holds half of the runs and the one that holds nine
//! in ten.

pub(super) mod panel;
mod words;

use std::ops::Range;

use jiff::ToSpan;
use panel::{Frame, draw_panel};
use words::{average, description, title};

use super::axis;
use super::canvas::{self, Anchor, Canvas, Description, DrawError};
use super::heading::Heading;
use super::look::{GRID, HOLIDAY, MUTED, SMALL, TEXT};
use super::{Guide, Picture};
use crate::report::model::{Report, area_id};
use crate::report::number::readable;
use crate::scenario::{AreaId, Scenario};
use crate::simulation::{Holding, Kind};
use crate::summary::Estimate;

/// A panel: measures of which the first that exists is shown, and its heading.
pub struct Panel {
    /// Measures of the area as a whole, with the heading that each would have.
    pub measures: &'static [(&'static str, &'static str)],
}

/// The panels from top to bottom.
pub const PANELS: [Panel; 3] = [
    Panel { measures: &[("referrals", "Referrals a week"), ("arrivals", "Contacts a week")] },
    Panel { measures: &[("waiting_families", "Families waiting")] },
    Panel { measures: &[("open_families", "Open families")] },
];

const WIDTH: f64 = 1400.0;
const HEIGHT: f64 = 1000.0;
/// Left edge of words.
const EDGE: f64 = 40.0;
/// Sides of every panel; the right margin holds the labels of the bands.
const LEFT: f64 = 100.0;
const RIGHT: f64 = 1156.0;
/// Height of a panel's heading, and the gap below a panel.
const HEADING: f64 = 42.0;
const GAP: f64 = 22.0;
/// Room below the panels, for dates and the origin of the figures.
const FOOT: f64 = 76.0;

/// What a panel shows.
struct Shown<'a> {
    heading: &'static str,
    average: String,
    weekly: &'a [Estimate],
}

/// Draws the fan chart of an area, or of the whole council; `None` when it has none of the measures.
///
/// # Errors
/// Only if the drawing library fails, which no figures make it do.
pub fn area_fan(report: &Report, area: Option<AreaId>) -> Result<Option<Picture>, DrawError> {
    let panels: Vec<Shown> = PANELS.iter().filter_map(|panel| shown(report, area, panel)).collect();
    if panels.is_empty() || report.layout.weeks == 0 {
        return Ok(None);
    }
    let id = area_id(report.scenario, area);
    let title = title(report, area);
    let text = description(report, &panels);
    let name = format!("fan_{id}");
    let description = Description { id: &name, title: &title, text: &text };
    let svg = canvas::draw(WIDTH as u32, HEIGHT as u32, &description, |canvas| {
        let top = header(canvas, report, &title)?;
        let breaks = holidays(report, area);
        let height = (HEIGHT - FOOT - top) / panels.len() as f64;
        for (at, panel) in panels.iter().enumerate() {
            let top = top + height * at as f64 + HEADING;
            let frame = Frame { top, bottom: top + height - HEADING - GAP, weeks: report.layout.weeks };
            draw_panel(canvas, report, panel, &frame, &breaks, at == 0)?;
        }
        let bottom = top + height * panels.len() as f64 - GAP;
        footer(canvas, report, bottom)
    })?;
    let weeks = report.layout.weeks;
    let ends = (0.11 * HEIGHT, HEIGHT - FOOT);
    let guide = Guide::columns((LEFT, RIGHT), ends, weeks, (WIDTH, HEIGHT));
    Ok(Some(Picture { name, svg, guide: Some(guide) }))
}

/// The panels of an area, from top to bottom: heading and weeks.
pub fn fan_panels<'a>(report: &Report<'a>, area: Option<AreaId>) -> Vec<(&'static str, &'a [Estimate])> {
    let shown = PANELS.iter().filter_map(|panel| shown(report, area, panel));
    shown.map(|panel| (panel.heading, panel.weekly)).collect()
}

/// The figures of a panel, if the area has them.
fn shown<'a>(report: &Report<'a>, area: Option<AreaId>, panel: &Panel) -> Option<Shown<'a>> {
    let (series, heading) = panel
        .measures
        .iter()
        .find_map(|&(measure, heading)| Some((report.series(area, Holding::Area, measure)?, heading)))?;
    let weekly = report.weeks(series);
    let a_week = match report.layout.series[series].kind {
        Kind::Total => 1.0 / weekly.len().max(1) as f64,
        _ => 1.0,
    };
    Some(Shown { heading, average: average(report.horizon(series), a_week), weekly })
}

/// Draws title, subtitle and the key of the stripes; gives the height used.
fn header(canvas: &Canvas, report: &Report, title: &str) -> Result<f64, DrawError> {
    let end = report.scenario.start.saturating_add((report.layout.weeks as i64 * 7 - 1).days());
    let runs = report.run.replications;
    let subtitle = format!(
        "{}, week by week, {} to {}; {} simulated {}{}",
        report.scenario.title,
        axis::in_words(report.scenario.start),
        axis::in_words(end),
        readable(f64::from(runs)),
        if runs == 1 { "run" } else { "runs" },
        if report.run.partial { " (interrupted: fewer than planned)" } else { "" },
    );
    let heading = Heading::new(title, &subtitle, WIDTH - 2.0 * EDGE);
    heading.draw(canvas, EDGE)?;
    Ok(heading.bottom() + 6.0)
}

fn date_ticks(report: &Report) -> Vec<(f64, String)> {
    let pixels_per_week = (RIGHT - LEFT) / report.layout.weeks as f64;
    axis::dates(report.scenario.start, report.layout.weeks, 84.0 / pixels_per_week)
}

/// The dates below the panels, and where the figures come from.
fn footer(canvas: &Canvas, report: &Report, bottom: f64) -> Result<(), DrawError> {
    let frame = Frame { top: bottom, bottom, weeks: report.layout.weeks };
    for (week, label) in date_ticks(report) {
        let x = frame.x(week);
        canvas.line(&[(x, bottom), (x, bottom + 6.0)], MUTED, 1.2)?;
        canvas.text((x, bottom + 20.0), &label, TEXT, Anchor::Middle)?;
    }
    let y = HEIGHT - 24.0;
    canvas.rectangle((EDGE, y - 7.0), (EDGE + 22.0, y + 7.0), HOLIDAY)?;
    let edge = [(EDGE, y - 7.0), (EDGE + 22.0, y - 7.0), (EDGE + 22.0, y + 7.0), (EDGE, y + 7.0)];
    canvas.line(&[edge[0], edge[1], edge[2], edge[3], edge[0]], GRID, 1.0)?;
    canvas.text((EDGE + 30.0, y), "schools closed", SMALL, Anchor::Left)?;
    canvas.text((WIDTH - EDGE, y), &report.run.origin(), SMALL, Anchor::Right)
}

fn holidays(report: &Report, area: Option<AreaId>) -> Vec<Range<f64>> {
    closures(report.scenario, report.layout.weeks, area)
}

/// Stretches, in weeks from the start, in which the schools of most areas are closed.
pub(super) fn closures(scenario: &Scenario, weeks: usize, area: Option<AreaId>) -> Vec<Range<f64>> {
    let areas = match area {
        Some(area) => &scenario.areas[area..=area],
        None => &scenario.areas[..],
    };
    let days = weeks * 7;
    let mut closed = vec![0usize; days];
    let mut counted = vec![false; days];
    for area in areas {
        counted.fill(false);
        for holiday in &area.schools.breaks {
            let from = axis::days(scenario.start, holiday.from).max(0.0) as usize;
            let until = (axis::days(scenario.start, holiday.to) + 1.0).max(0.0) as usize;
            if from < until.min(days) {
                counted[from..until.min(days)].fill(true);
            }
        }
        closed.iter_mut().zip(&counted).for_each(|(count, &closed)| *count += usize::from(closed));
    }
    let mut stripes: Vec<Range<usize>> = Vec::new();
    for day in (0..days).filter(|&day| 2 * closed[day] > areas.len()) {
        match stripes.last_mut() {
            Some(last) if last.end == day => last.end += 1,
            _ => stripes.push(day..day + 1),
        }
    }
    stripes.into_iter().map(|days| days.start as f64 / 7.0..days.end as f64 / 7.0).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use jiff::civil::date;

    use super::panel::{spread, stretches};
    use super::words::{period, waiting_message};
    use super::*;
    use crate::calendar::SchoolBreak;
    use crate::report::example::Example;
    use crate::report::plots::png;

    #[test]
    fn the_picture_speaks_and_is_always_the_same() {
        let example = Example::realistic(156);
        let picture = area_fan(&example.report(), Some(0)).unwrap().unwrap();
        assert_eq!(picture.name, "fan_north");
        assert!(picture.svg.contains("role=\"img\""));
        assert!(
            picture.svg.contains("<title id=\"fan_north-title\">North: families waiting rise from about")
        );
        assert!(picture.svg.contains("Families waiting: on average"));
        for words in ["Referrals a week", "Open families", "9 in 10 runs within this band", "Jan 2021"] {
            assert!(picture.svg.contains(words), "{words}");
        }
        assert_eq!(picture, area_fan(&example.report(), Some(0)).unwrap().unwrap());
        assert_eq!(png(&picture.svg).unwrap(), png(&picture.svg).unwrap());
    }

    #[test]
    fn names_cannot_break_the_document() {
        let mut example = Example::realistic(10);
        example.scenario.areas[0].name = "<North> & \"South\"\u{7}".into();
        let picture = area_fan(&example.report(), Some(0)).unwrap().unwrap();
        assert!(picture.svg.contains("&lt;North&gt; &amp;"));
        assert!(png(&picture.svg).is_ok());
    }

    #[test]
    fn missing_measures_leave_panels_out() {
        let mut example = Example::realistic(30);
        for series in &mut example.layout.series {
            match series.measure.as_str() {
                "referrals" => series.measure = "arrivals".into(),
                "waiting_families" => series.measure = "other".into(),
                _ => {}
            }
        }
        let svg = area_fan(&example.report(), None).unwrap().unwrap().svg;
        assert!(svg.contains("Contacts a week") && !svg.contains("Families waiting"));
        example.layout.series.iter_mut().for_each(|series| series.measure = "other".into());
        assert_eq!(area_fan(&example.report(), None).unwrap(), None);
    }

    #[test]
    fn weeks_without_values_and_single_weeks_can_be_drawn() {
        for weeks in [1, 2, 7, 53, 400] {
            let mut example = Example::realistic(weeks);
            for series in example.summary.weekly.chunks_mut(weeks) {
                series[0] = Estimate::EMPTY;
                if weeks > 30 {
                    series[20..23].fill(Estimate::EMPTY);
                    series[weeks - 1] = Estimate::EMPTY;
                }
            }
            let picture = area_fan(&example.report(), None).unwrap().unwrap();
            assert!(png(&picture.svg).is_ok(), "{weeks}");
        }
    }

    #[test]
    fn stretches_break_at_empty_weeks() {
        let here = crate::report::example::estimate(1.0);
        let weekly = [Estimate::EMPTY, here, here, Estimate::EMPTY, here];
        assert_eq!(stretches(&weekly), vec![1..3, 4..5]);
    }

    #[test]
    fn labels_keep_their_distance_and_their_panel() {
        assert_eq!(spread([10.0, 100.0, 190.0], 20.0, 0.0, 200.0), [10.0, 100.0, 190.0]);
        assert_eq!(spread([99.0, 100.0, 101.0], 20.0, 0.0, 200.0), [80.0, 100.0, 120.0]);
        assert_eq!(spread([199.0, 200.0, 200.0], 20.0, 0.0, 200.0), [160.0, 180.0, 200.0]);
    }

    #[test]
    fn the_council_is_on_holiday_when_most_of_it_is() {
        let mut example = Example::small();
        let days = |from, to| SchoolBreak { name: String::new(), from, to, closure: false };
        example.scenario.areas[0].schools.breaks =
            vec![days(date(2019, 8, 1), date(2019, 9, 3)), days(date(2019, 9, 16), date(2019, 9, 22))];
        example.scenario.areas[1].schools.breaks =
            vec![days(date(2019, 9, 20), date(2019, 9, 23)), days(date(2019, 9, 22), date(2030, 1, 1))];
        let report = example.report();
        assert_eq!(holidays(&report, Some(0)), vec![0.0..2.0 / 7.0, 2.0..3.0]);
        // Both areas on 20 to 22 September, days 18 to 20; the overlap counts an area once.
        assert_eq!(holidays(&report, None), vec![18.0 / 7.0..3.0]);
    }

    #[test]
    fn the_title_says_what_happens() {
        let at = |level: f64| crate::report::example::estimate(level);
        let rising: Vec<Estimate> = (0..52).map(|week| at(if week < 26 { 10.0 } else { 30.0 })).collect();
        let falling: Vec<Estimate> = rising.iter().rev().copied().collect();
        assert_eq!(waiting_message(&rising), "families waiting rise from about 10 to about 30 over a year");
        assert_eq!(waiting_message(&falling), "families waiting fall from about 30 to about 10 over a year");
        assert_eq!(waiting_message(&[at(12.0); 20]), "about 12 families are waiting in a typical week");
        assert_eq!(waiting_message(&[at(0.1); 20]), "families hardly ever wait");
        let risky = Estimate { p50: 0.0, p95: 120.0, ..at(29.0) };
        let message = waiting_message(&[risky; 20]);
        assert_eq!(message, "in half of runs hardly any family waits, in 1 of 20 over 120 do");
        assert_eq!(period(156), "3 years");
        assert_eq!(period(80), "80 weeks");
    }

    #[test]
    #[ignore = "writes pictures to look at and times them: set CASEFLOW_LOOK to a directory"]
    fn pictures_to_look_at() {
        let directory = std::env::var("CASEFLOW_LOOK").expect("a directory");
        let long =
            "Hollinwood, Failsworth and all the villages from there to the edge of the moor and beyond";
        for (name, weeks, area) in
            [("north", 156, Some(0)), ("all", 156, None), ("short", 8, Some(1)), ("awkward", 400, Some(1))]
        {
            let mut example = Example::realistic(weeks);
            if name == "awkward" {
                example.scenario.areas[1].name = long.into();
                example.run.partial = true;
                example.summary.weekly.iter_mut().step_by(37).for_each(|week| *week = Estimate::EMPTY);
            }
            let begin = Instant::now();
            let picture = area_fan(&example.report(), area).unwrap().unwrap();
            let drawn = begin.elapsed();
            let image = png(&picture.svg).unwrap();
            println!("{name}: svg {drawn:?}, png {:?}", begin.elapsed() - drawn);
            std::fs::write(format!("{directory}/{name}.svg"), &picture.svg).unwrap();
            std::fs::write(format!("{directory}/{name}.png"), image).unwrap();
        }
    }
}
