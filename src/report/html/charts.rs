//! Pictures with the tables behind them.
//!
//! Consumes [`Results`] and a [`Subject`]; produces a [`Chart`]. **Invariant:** where a picture has a guide, row
//! for row of its table lies where the guide says.

use super::model::{Chart, Column, Table};
use super::words;
use crate::decisions::comparison::{Course, SplitRow};
use crate::decisions::staffing::Group;
use crate::report::comparison::{ComparisonReport, Drawing, FigureOverview, interval_text, part_name};
use crate::report::findings::Found;
use crate::report::funding::funding_overview;
use crate::report::model::{Report, area_id, area_name, funder_name, is_present};
use crate::report::monitoring::series_name;
use crate::report::number::{pounds_short, readable, rounded};
use crate::report::pictures::{
    self, Subject, funding_report, monitor_report, staffing_report, with_comparison,
};
use crate::report::plots::{self, DrawError};
use crate::report::read::Results;
use crate::report::staffing::{StaffingReport, served_id, served_name};
use crate::scenario::{AreaId, Scenario};
use crate::simulation::Holding;
use crate::summary::Estimate;

/// A picture with its table; `None` where there is nothing to see.
pub(super) fn chart(results: &Results, subject: Subject) -> Result<Option<Chart>, DrawError> {
    let Some(picture) = pictures::draw(results, subject)? else { return Ok(None) };
    let mut table = table(results, subject).unwrap_or_default();
    table.id = format!("chart-{}-table", picture.name);
    table.fold = Some("The figures behind this chart, as a table".to_owned());
    let caption = caption(results, subject);
    if table.caption.is_empty() {
        table.caption = caption.clone();
    }
    Ok(Some(Chart {
        id: format!("chart-{}", picture.name),
        caption,
        area: pictures::area_of(results, subject).map(str::to_owned),
        folded: false,
        svg: picture.svg,
        guide: picture.guide.filter(|guide| !guide.is_empty() && guide.len() == table.rows.len()),
        table,
    }))
}

fn caption(results: &Results, subject: Subject) -> String {
    let scenario = results.scenario();
    match subject {
        Subject::Fan(area) => format!("{}, week by week", area_name(scenario, area)),
        Subject::Areas => "Areas side by side".to_owned(),
        Subject::HeatMap => "Families waiting, by area and week".to_owned(),
        Subject::Funders => "Who pays, over all weeks reported".to_owned(),
        Subject::Curves(Group::Team(team)) => {
            format!("{}: what a post more or less does", scenario.teams[team].name)
        }
        Subject::Curves(Group::Desk(desk)) => {
            format!("{}: what a post more or less does", scenario.desks[desk].name)
        }
        Subject::Tornado(output) => match &results.found {
            Found::Explanation(found) => format!("What moves it: {}", found.outputs.list[output].name),
            _ => String::new(),
        },
        Subject::Splits => "What each way to share the money out does".to_owned(),
        Subject::Frontier => "What more or less money would do".to_owned(),
        Subject::Observed(series) => monitor_report(results)
            .map(|report| series_name(report.scenario, &report.answer.series[series].watched))
            .unwrap_or_default(),
        Subject::Difference(drawing) => {
            with_comparison(results, |report| difference_caption(report, drawing)).unwrap_or_default()
        }
    }
}

fn difference_caption(report: &ComparisonReport, drawing: Drawing) -> String {
    let (Drawing::Course { option, criterion } | Drawing::Waterfall { option, criterion }) = drawing;
    let name = crate::report::comparison::criterion_name(report.base, &report.comparison.criteria[criterion]);
    let how = if matches!(drawing, Drawing::Course { .. }) { "week by week" } else { "by change" };
    format!("{}: {name}, difference from the base {how}", report.options[option].title)
}

fn table(results: &Results, subject: Subject) -> Option<Table> {
    let report = results.report();
    match subject {
        Subject::Fan(area) => Some(weeks_table(report.as_ref()?, area)),
        Subject::Areas => Some(areas_table(report.as_ref()?)),
        Subject::HeatMap => Some(heat_table(report.as_ref()?)),
        Subject::Funders => Some(funders_table(report.as_ref()?)),
        Subject::Curves(group) => Some(curves_table(&staffing_report(results)?, group)),
        Subject::Tornado(output) => match &results.found {
            Found::Explanation(found) => {
                let bars = plots::tornado_bars(found, output);
                Some(bars_table(results.scenario(), &bars))
            }
            _ => None,
        },
        Subject::Splits => Some(super::funding::rules_table(&funding_overview(&funding_report(results)?))),
        Subject::Frontier => {
            Some(super::funding::frontier_table(&funding_overview(&funding_report(results)?)))
        }
        Subject::Observed(series) => Some(super::monitoring::weeks_table(&monitor_report(results)?, series)),
        Subject::Difference(drawing) => with_comparison(results, |report| difference_table(report, drawing))?,
    }
}

/// A week's Monday, for readers.
pub(super) fn monday(scenario: &Scenario, week: usize) -> String {
    plots::in_words(scenario.start.saturating_add(jiff::Span::new().weeks(week as i64)))
}

fn weeks_table(report: &Report, area: Option<AreaId>) -> Table {
    let panels = plots::fan_panels(report, area);
    let caption = format!("{}: each week's range over the runs", area_name(report.scenario, area));
    let mut table = Table::new("", caption, &["Week of"]);
    for (heading, _) in &panels {
        table.columns.push(Column::of_figures(format!("{heading}: middle run (9 in 10 runs)")));
    }
    for week in 0..report.layout.weeks {
        let figures = panels.iter().map(|(_, weeks)| {
            let Estimate { p05, p50, p95, .. } = weeks[week];
            let [low, middle, high] = [p05, p50, p95].map(readable);
            if is_present(&weeks[week]) { format!("{middle} ({low} to {high})") } else { "–".to_owned() }
        });
        table.row([monday(report.scenario, week)].into_iter().chain(figures).collect());
    }
    table
}

fn ranged(estimate: &Estimate) -> String {
    if !is_present(estimate) {
        return "–".to_owned();
    }
    format!("{} ({} to {})", readable(estimate.mean), readable(estimate.p05), readable(estimate.p95))
}

fn areas_table(report: &Report) -> Table {
    let order = plots::order(report);
    let columns = plots::columns(report, &order);
    let mut table = Table::new("", "Mean of all runs, and range of 9 in 10 runs", &["Area"]);
    table.columns.extend(columns.iter().map(|column| Column::of_figures(&column.heading)));
    for (row, &area) in order.iter().enumerate() {
        let figures = columns.iter().map(|column| column.figures[row].map_or("–".to_owned(), ranged));
        let name = area_name(report.scenario, Some(area)).to_owned();
        table.area_row(area_id(report.scenario, Some(area)), [name].into_iter().chain(figures).collect());
    }
    table
}

fn heat_table(report: &Report) -> Table {
    let caption = "Families waiting each week: mean of all runs, and range of 9 in 10 runs";
    let mut table = Table::new("", caption, &["Week of"]);
    let areas: Vec<(AreaId, &[Estimate])> = (plots::order(report).into_iter())
        .filter_map(|area| {
            let series = report.series(Some(area), Holding::Area, plots::HEAT_MEASURE)?;
            Some((area, report.weeks(series)))
        })
        .collect();
    table.columns.extend(areas.iter().map(|&(area, _)| {
        let column = Column::of_figures(area_name(report.scenario, Some(area)));
        column.of_area(area_id(report.scenario, Some(area)))
    }));
    for week in 0..report.layout.weeks {
        let figures = areas.iter().map(|(_, weeks)| ranged(&weeks[week]));
        table.row([monday(report.scenario, week)].into_iter().chain(figures).collect());
    }
    table
}

fn funders_table(report: &Report) -> Table {
    let mut table =
        Table::new("", "Who pays, over all weeks reported", &["Funder", "#Mean", "#9 in 10 runs"]);
    for row in plots::payments(report) {
        let range = format!("{} to {}", pounds_short(row.cost.p05), pounds_short(row.cost.p95));
        let name = funder_name(report.scenario, row.funder).to_owned();
        table.row(vec![name, pounds_short(row.cost.mean), range]);
    }
    table
}

fn curves_table(report: &StaffingReport, group: Group) -> Table {
    let (lines, scenario) = (plots::curve_lines(report, group), report.scenario);
    let mut table = Table::new("", "Posts, and the chance that promises are kept (95% interval)", &["Posts"]);
    table.columns.extend(lines.iter().map(|&line| {
        let standard = &scenario.standards[line];
        Column::of_figures(&standard.name).of_series(&standard.id)
    }));
    let below = ["Families waiting: mean (9 in 10 runs)", "Caseload per FTE: mean (9 in 10 runs)"];
    table.columns.extend(below.map(Column::of_figures));
    for point in plots::curve_points(report, group) {
        let seat = &report.answer.seats[point.seat].seat;
        let of = |judged: usize| report.answer.standards[judged].judged.standard;
        let least = point.least_reliable(of);
        let chance = |&line: &usize| {
            let found = least.iter().find(|(judged, _)| of(*judged) == line);
            found.map_or("–".to_owned(), |(_, standing)| {
                words::chance(standing.share(), standing.interval())
            })
        };
        let name = format!("{}: {} posts", served_name(scenario, seat), words::posts(point.fte));
        let below = [&point.waiting, &point.caseload].map(|figure| words::cell(Some(figure.into())));
        let cells = [name].into_iter().chain(lines.iter().map(chance)).chain(below).collect();
        match seat.area() {
            Some(_) => table.area_row(served_id(scenario, seat), cells),
            None => table.row(cells),
        }
    }
    table
}

fn bars_table(scenario: &Scenario, bars: &[crate::sensitivity::tornado::Bar]) -> Table {
    let columns = ["Figure", "#Low", "#Output then (95% interval)", "#High", "#Output then (95% interval)"];
    let mut caption = "One figure at its 5th or 95th percentile, all others central".to_owned();
    if bars.iter().all(|bar| bar.low.half_width <= 0.0 && bar.high.half_width <= 0.0) {
        caption.push_str("; worked out by formulas without simulation, so without chance");
    }
    let mut table = Table::new("", caption, &columns);
    for bar in bars {
        let output = |end: &crate::sensitivity::tornado::End| {
            let [low, high] = [end.output - end.half_width, end.output + end.half_width].map(rounded);
            if end.half_width > 0.0 {
                format!("{} ({low} to {high})", rounded(end.output))
            } else {
                rounded(end.output)
            }
        };
        let path = scenario.parameters[bar.parameter].path.clone();
        let (low, high) = (&bar.low, &bar.high);
        table.row(vec![path, rounded(low.figure), output(low), rounded(high.figure), output(high)]);
    }
    table
}

fn difference_table(report: &ComparisonReport, drawing: Drawing) -> Option<Table> {
    match drawing {
        Drawing::Course { option, criterion } => {
            let courses = &report.comparison.options[option].courses;
            let course =
                courses.iter().find(|course| course.criterion == criterion && course.area.is_none())?;
            Some(course_table(report, course))
        }
        Drawing::Waterfall { option, criterion } => {
            let split = report.comparison.options[option].split.as_ref()?;
            let row = split.rows.iter().find(|row| row.criterion == criterion)?;
            let is_share = crate::report::comparison::is_share(&report.comparison.criteria[criterion]);
            Some(parts_table(&split.parts, row, is_share))
        }
    }
}

fn course_table(report: &ComparisonReport, course: &Course) -> Table {
    let columns =
        ["Week of", "#Difference in the week: mean (9 in 10 runs)", "#Sum so far: mean (9 in 10 runs)"];
    let mut table = Table::new("", "Option less base", &columns);
    // Of shares there is no sum.
    let summed = !course.cumulative.is_empty();
    table.columns.truncate(if summed { 3 } else { 2 });
    for (week, own) in course.weekly.iter().enumerate() {
        let sum = course.cumulative.get(week).map(ranged);
        table.row([monday(report.base, week), ranged(own)].into_iter().chain(sum).collect());
    }
    table
}

fn parts_table(parts: &[String], row: &SplitRow, is_share: bool) -> Table {
    let mut table = Table::new("", "What each change does alone", &["Change", "#Difference (95% interval)"]);
    let all = parts.iter().map(|part| part_name(part)).zip(&row.parts);
    let ends = [("All together beyond that", &row.interaction), ("The whole difference", &row.whole)];
    let ends = ends.map(|(name, difference)| (name.to_owned(), difference));
    for (part, difference) in all.chain(ends) {
        let figure = FigureOverview { mean: difference.mean, low: difference.low, high: difference.high };
        table.row(vec![part, interval_text(&figure, is_share)]);
    }
    table
}
