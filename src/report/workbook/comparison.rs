//! The sheets of a comparison.

use super::model::{Cell, Kind, Sheet};
use crate::report::comparison::{ComparisonOverview, ComparisonReport, comparison_overview, criterion_name};

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
            ("Option mean", Kind::Figure),
            ("Difference", Kind::Figure),
            ("95% interval from", Kind::Figure),
            ("95% interval to", Kind::Figure),
            ("Chance that it is better", Kind::Share),
            ("Chance that it is best", Kind::Share),
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
                Cell::Number(row.option),
                Cell::Number(row.difference.mean),
                Cell::Number(row.difference.low),
                Cell::Number(row.difference.high),
                Cell::maybe(row.probability_better),
                Cell::maybe(row.probability_best),
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
        ],
    );
    for (option, found) in report.options.iter().zip(&report.comparison.options) {
        for course in found.courses.iter().filter(|course| course.area.is_none()) {
            let name = criterion_name(report.base, &report.comparison.criteria[course.criterion]);
            for (week, (own, sum)) in course.weekly.iter().zip(&course.cumulative).enumerate() {
                sheet.row(vec![
                    Cell::text(&option.title),
                    Cell::text(&name),
                    Cell::Day(report.monday(week)),
                    Cell::Number(own.mean),
                    Cell::Number(own.p05),
                    Cell::Number(own.p95),
                    Cell::Number(sum.mean),
                ]);
            }
        }
    }
    sheet
}
