//! The sheets of a comparison.

use super::model::{Cell, ChartPlan, Kind, Sheet};
use crate::report::comparison::{ComparisonOverview, ComparisonReport, comparison_overview, criterion_name};
use crate::summary::Estimate;

pub(super) fn sheets(report: &ComparisonReport) -> Vec<Sheet> {
    let found = comparison_overview(report);
    vec![summary(&found), standards(&found), costs(&found), weekly(report)]
}

fn summary(found: &ComparisonOverview) -> Sheet {
    let mut sheet = Sheet::new(
        "Summary",
        "Each option against the base: option less base, with its 95% interval",
        &[
            ("Option", Kind::Text),
            ("By", Kind::Text),
            ("Better is", Kind::Text),
            ("Base", Kind::Figure),
            ("Base: 95% interval from", Kind::Figure),
            ("Base: 95% interval to", Kind::Figure),
            ("Option mean", Kind::Figure),
            ("Option: 95% interval from", Kind::Figure),
            ("Option: 95% interval to", Kind::Figure),
            ("Difference", Kind::Figure),
            ("95% interval from", Kind::Figure),
            ("95% interval to", Kind::Figure),
            ("Chance that it is better", Kind::Share),
            ("Better: 95% interval from", Kind::Share),
            ("Better: 95% interval to", Kind::Share),
            ("Chance that it is best", Kind::Share),
            ("Best: 95% interval from", Kind::Share),
            ("Best: 95% interval to", Kind::Share),
            ("Verdict", Kind::Text),
        ],
    );
    for option in &found.options {
        for row in &option.criteria {
            sheet.row(vec![
                Cell::text(&option.title),
                Cell::text(&row.name),
                Cell::text(row.better),
                Cell::Number(row.base),
                Cell::Number(row.base_interval.0),
                Cell::Number(row.base_interval.1),
                Cell::Number(row.option),
                Cell::Number(row.option_interval.0),
                Cell::Number(row.option_interval.1),
                Cell::Number(row.difference.mean),
                Cell::Number(row.difference.low),
                Cell::Number(row.difference.high),
                Cell::maybe(row.probability_better),
                Cell::maybe(row.better_interval.map(|ends| ends.0)),
                Cell::maybe(row.better_interval.map(|ends| ends.1)),
                Cell::maybe(row.probability_best),
                Cell::maybe(row.best_interval.map(|ends| ends.0)),
                Cell::maybe(row.best_interval.map(|ends| ends.1)),
                Cell::text(crate::report::html::judgement(row.judgement)),
            ]);
        }
    }
    sheet
}

fn standards(found: &ComparisonOverview) -> Sheet {
    let mut sheet = Sheet::new(
        "Standards",
        "Promises kept in another share of runs, and the 95% interval of the difference",
        &[
            ("Option", Kind::Text),
            ("Promise", Kind::Text),
            ("Area", Kind::Text),
            ("Base", Kind::Share),
            ("Option share", Kind::Share),
            ("Difference", Kind::Share),
            ("95% interval from", Kind::Share),
            ("95% interval to", Kind::Share),
        ],
    );
    for option in &found.options {
        for row in &option.standards {
            let at = sheet.rows.len() + 2;
            // As the cells show them, so that formula and cells agree.
            let [base, own] = [row.base, row.option].map(shown);
            sheet.row(vec![
                Cell::text(&option.title),
                Cell::text(&row.name),
                Cell::text(&row.area_name),
                Cell::Number(base),
                Cell::Number(own),
                Cell::Formula(format!("E{at}-D{at}"), own - base),
                Cell::Number(row.interval[0]),
                Cell::Number(row.interval[1]),
            ]);
        }
    }
    let first = found.options.iter().find(|option| !option.standards.is_empty());
    let rows = first.map_or(0, |option| option.standards.len());
    sheet.chart = first.filter(|_| found.options[0].standards.len() == rows).map(|option| ChartPlan {
        lines: false,
        title: format!("Promises kept: share of runs, base and {}", option.title),
        alt_text: format!(
            "Bars: the share of runs in which each promise is kept, in the base and in {}, for promises where the two \
             differ; the figures, with the 95% intervals of the differences, are in this sheet",
            option.title
        ),
        names: 1,
        values: vec![3, 4],
        rows: (1, rows as u32),
        errors: None,
    });
    sheet
}

fn shown(value: f64) -> f64 {
    crate::report::number::rounded(value).parse().unwrap_or(value)
}

fn costs(found: &ComparisonOverview) -> Sheet {
    let mut sheet = Sheet::new(
        "Costs",
        "Pounds over the weeks compared, by who pays; the row of all is the run's own total",
        &[
            ("Option", Kind::Text),
            ("Funder", Kind::Text),
            ("Base", Kind::Pounds),
            ("Option cost", Kind::Pounds),
            ("More", Kind::Pounds),
            ("95% interval from", Kind::Pounds),
            ("95% interval to", Kind::Pounds),
        ],
    );
    let penny = |pounds: f64| (pounds * 100.0).round() / 100.0;
    for option in &found.options {
        for row in &option.costs {
            let at = sheet.rows.len() + 2;
            let [base, own] = [row.base, row.option].map(penny);
            sheet.row(vec![
                Cell::text(&option.title),
                Cell::text(if row.funder == "all" { "All" } else { &row.name }),
                Cell::Number(base),
                Cell::Number(own),
                Cell::Formula(format!("ROUND(D{at}-C{at},2)"), penny(own - base)),
                Cell::Number(penny(row.difference.low)),
                Cell::Number(penny(row.difference.high)),
            ]);
        }
    }
    sheet
}

fn weekly(report: &ComparisonReport) -> Sheet {
    let mut sheet = Sheet::new(
        "Weekly",
        "Differences of the whole council week by week, and their sum so far",
        &[
            ("Option", Kind::Text),
            ("By", Kind::Text),
            ("Week of", Kind::Date),
            ("Difference: mean", Kind::Figure),
            ("5th percentile", Kind::Figure),
            ("95th percentile", Kind::Figure),
            ("Sum so far: mean", Kind::Figure),
            ("Sum: 5th percentile", Kind::Figure),
            ("Sum: 95th percentile", Kind::Figure),
        ],
    );
    for (option, found) in report.options.iter().zip(&report.comparison.options) {
        for course in found.courses.iter().filter(|course| course.area.is_none()) {
            let name = criterion_name(report.base, &report.comparison.criteria[course.criterion]);
            for (week, own) in course.weekly.iter().enumerate() {
                // Of shares there is no sum.
                let sum = course.cumulative.get(week).unwrap_or(&Estimate::EMPTY);
                sheet.row(vec![
                    Cell::text(&option.title),
                    Cell::text(&name),
                    Cell::Day(report.monday(week)),
                    Cell::Number(own.mean),
                    Cell::Number(own.p05),
                    Cell::Number(own.p95),
                    Cell::Number(sum.mean),
                    Cell::Number(sum.p05),
                    Cell::Number(sum.p95),
                ]);
            }
        }
    }
    sheet.chart = first_course(report);
    sheet
}

/// The first criterion of the first option that has a course, which stands first in the sheet.
fn first_course(report: &ComparisonReport) -> Option<ChartPlan> {
    let (option, course) =
        report.options.iter().zip(&report.comparison.options).find_map(|(option, found)| {
            Some((option, found.courses.iter().find(|course| course.area.is_none())?))
        })?;
    let name = criterion_name(report.base, &report.comparison.criteria[course.criterion]);
    (course.weekly.len() > 1).then(|| ChartPlan {
        lines: true,
        title: format!("{name}: {} less base, week by week", option.title),
        alt_text: format!(
            "Lines: the difference of {} and the base by {name} in each week, mean, 5th and 95th percentile of runs; \
             the figures are in this sheet",
            option.title
        ),
        names: 2,
        values: vec![3, 4, 5],
        rows: (1, course.weekly.len() as u32),
        errors: None,
    })
}
