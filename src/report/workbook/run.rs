//! The sheets of a run.

use super::model::{Cell, ChartPlan, Kind, Sheet, sum_where};
use crate::report::model::{
    Report, area_name, bearer_id, financial_year, funder_id, funder_name, holding_id, item_id,
};
use crate::report::reconciliation;
use crate::report::terminal::{Figure, Overview, overview};
use crate::simulation::Holding;
use crate::summary::{CostEstimate, Estimate};

pub(super) fn sheets(report: &Report) -> Vec<Sheet> {
    let found = overview(report, &[]);
    let mut sheets = vec![summary(&found), standards(&found)];
    let costs = costs(report);
    if !costs.rows.is_empty() {
        sheets.push(cost_totals(report, &costs));
        sheets.push(costs);
    }
    sheets.extend([weekly(report), teams(report), published(report)]);
    sheets
}

fn three(figure: Option<Figure>) -> [Cell; 3] {
    let of = |value: fn(&Figure) -> f64| Cell::maybe(figure.as_ref().map(value));
    [of(|figure| figure.mean), of(|figure| figure.p05), of(|figure| figure.p95)]
}

fn summary(found: &Overview) -> Sheet {
    let mut sheet = Sheet::new(
        "Summary",
        "What each area and team is asked, holds and lets wait, over all weeks reported: mean, 5th and 95th percentile of runs",
        &[("Area", Kind::Text), ("Team or desk", Kind::Text)],
    );
    for measure in [
        "Families a week",
        "Families open",
        "Children open",
        "Caseload per FTE",
        "Families waiting",
        "Mean wait, days",
    ] {
        for part in ["mean", "5th percentile", "95th percentile"] {
            sheet.columns.push((format!("{measure}: {part}"), Kind::Figure));
        }
    }
    for holder in &found.holders {
        let team = if holder.team.is_empty() { "All" } else { &holder.team_name };
        let figures = [
            holder.asked_per_week,
            holder.open_families,
            holder.open_children,
            holder.caseload_per_fte,
            holder.waiting_families,
            holder.wait_mean_days,
        ];
        let names = [Cell::text(&holder.area_name), Cell::text(team)];
        sheet.row(names.into_iter().chain(figures.into_iter().flat_map(three)).collect());
    }
    sheet
}

fn standards(found: &Overview) -> Sheet {
    let mut sheet = Sheet::new(
        "Standards",
        "The chance that each promise is kept, with its 95% interval",
        &[
            ("Area", Kind::Text),
            ("Promise", Kind::Text),
            ("What is promised", Kind::Text),
            ("Mean share achieved", Kind::Share),
            ("Chance that it is kept", Kind::Share),
            ("95% interval from", Kind::Share),
            ("95% interval to", Kind::Share),
            ("Wanted", Kind::Share),
            ("Verdict", Kind::Text),
        ],
    );
    for row in &found.standards {
        sheet.row(vec![
            Cell::text(&row.area_name),
            Cell::text(&row.name),
            Cell::text(&row.promise),
            Cell::maybe(row.mean_share),
            Cell::Number(row.reliability),
            Cell::Number(row.reliability_low),
            Cell::Number(row.reliability_high),
            Cell::Number(row.wanted_reliability),
            Cell::text(crate::report::html::verdict(row.verdict)),
        ]);
    }
    sheet
}

fn costs(report: &Report) -> Sheet {
    let mut sheet = Sheet::new(
        "Costs",
        "Pounds over the weeks reported, by who bears it, who pays, what for and financial year",
        &[
            ("Area", Kind::Text),
            ("Funder id", Kind::Text),
            ("Funder", Kind::Text),
            ("What for", Kind::Text),
            ("Year", Kind::Text),
            ("Mean", Kind::Pounds),
            ("5th percentile", Kind::Pounds),
            ("95th percentile", Kind::Pounds),
        ],
    );
    for (line, cost) in report.layout.cost_lines.iter().zip(&report.summary.costs.lines) {
        sheet.row(vec![
            Cell::text(bearer_id(report.scenario, line.area)),
            Cell::text(funder_id(report.scenario, line.funder)),
            Cell::text(funder_name(report.scenario, line.funder)),
            Cell::text(item_id(report.scenario, line.item)),
            Cell::text(financial_year(line.year)),
            Cell::pence(cost.mean),
            Cell::pence(cost.p05),
            Cell::pence(cost.p95),
        ]);
    }
    sheet
}

/// Totals as formulas over the sheet of costs, beside those of the run.
fn cost_totals(report: &Report, costs: &Sheet) -> Sheet {
    let mut sheet = Sheet::new(
        "Cost totals",
        "Totals of the sheet Costs by formulas, beside the totals of the run",
        &[
            ("Total of", Kind::Text),
            ("Id", Kind::Text),
            ("Name", Kind::Text),
            ("Sum of the rows", Kind::Pounds),
            ("Total of the run", Kind::Pounds),
            ("Difference", Kind::Pounds),
            ("5th percentile", Kind::Pounds),
            ("95th percentile", Kind::Pounds),
        ],
    );
    let mut row = |of: &str, id: &str, name: &str, key: Option<u16>, cost: CostEstimate| {
        let at = sheet.rows.len() + 2;
        let formula = match key {
            Some(key) => sum_where(costs, key, &format!("B{at}"), 5),
            None => format!("SUM({})", costs.range(5)),
        };
        let total = cost.mean as f64 / 100.0;
        sheet.row(vec![
            Cell::text(of),
            Cell::text(id),
            Cell::text(name),
            Cell::Formula(format!("ROUND({formula},2)"), total),
            Cell::Number(total),
            Cell::Formula(format!("ROUND(D{at}-E{at},2)"), 0.0),
            Cell::pence(cost.p05),
            Cell::pence(cost.p95),
        ]);
    };
    let found = &report.summary.costs;
    for payment in crate::report::plots::payments(report) {
        let (id, name) =
            (funder_id(report.scenario, payment.funder), funder_name(report.scenario, payment.funder));
        row("Funder", id, name, Some(1), payment.cost);
    }
    for &(year, cost) in &found.years {
        let year = financial_year(year);
        row("Year", &year, &year, Some(4), cost);
    }
    row("Everything", "all", "All costs", None, found.all);
    let funders = crate::report::plots::payments(report).len() as u32;
    sheet.chart = Some(ChartPlan {
        lines: false,
        title: "Who pays, over the weeks reported: mean, pounds".to_owned(),
        alt_text: "Bars: what each funder pays over the weeks reported, mean of all runs; the figures are in this sheet".to_owned(),
        names: 2,
        values: vec![4],
        rows: (1, funders.max(1)),
        errors: None,
    });
    sheet
}

/// Measures of areas by week.
const OF_AREAS: [(&str, &str); 4] = [
    ("arrivals", "Contacts"),
    ("waiting_families", "Families waiting"),
    ("open_families", "Families open"),
    ("open_children", "Children open"),
];

fn weekly(report: &Report) -> Sheet {
    let about = "Each area week by week, the whole council first: mean, 5th and 95th percentile of runs";
    let mut sheet = Sheet::new("Weekly", about, &[("Area", Kind::Text), ("Week of", Kind::Date)]);
    for (_, name) in OF_AREAS {
        for part in ["mean", "5th percentile", "95th percentile"] {
            sheet.columns.push((format!("{name}: {part}"), Kind::Figure));
        }
    }
    let weeks = report.layout.weeks;
    for area in [None].into_iter().chain((0..report.scenario.areas.len()).map(Some)) {
        let series = OF_AREAS.map(|(measure, _)| report.series(area, Holding::Area, measure));
        for week in 0..weeks {
            let names = [Cell::text(area_name(report.scenario, area)), Cell::Day(monday(report, week))];
            let figures =
                series.iter().flat_map(|series| match series.map(|series| report.weeks(series)[week]) {
                    Some(estimate) => [estimate.mean, estimate.p05, estimate.p95].map(Cell::Number),
                    None => [f64::NAN; 3].map(Cell::Number),
                });
            sheet.row(names.into_iter().chain(figures).collect());
        }
    }
    sheet.chart = (weeks > 1).then(|| ChartPlan {
        lines: true,
        title: "Whole council: families waiting each week".to_owned(),
        alt_text: "Lines: families waiting each week in the whole council, mean, 5th and 95th percentile of runs; the \
                   figures are in this sheet"
            .to_owned(),
        names: 1,
        values: vec![5, 6, 7],
        rows: (1, weeks as u32),
        errors: None,
    });
    sheet
}

fn monday(report: &Report, week: usize) -> jiff::civil::Date {
    report.scenario.start.saturating_add(jiff::Span::new().weeks(week as i64))
}

fn teams(report: &Report) -> Sheet {
    let about = "Each team in each area week by week: mean of runs, 5th and 95th percentile";
    let measures = [
        ("waiting_families", "Families waiting"),
        ("families_per_fte", "Families per FTE"),
        ("children_per_fte", "Children per FTE"),
        ("hours_short", "Hours short"),
    ];
    let mut sheet = Sheet::new(
        "Weekly teams",
        about,
        &[("Area", Kind::Text), ("Team", Kind::Text), ("Week of", Kind::Date)],
    );
    sheet.columns.extend(measures.iter().flat_map(|(_, name)| {
        ["mean", "5th percentile", "95th percentile"].map(|of| (format!("{name}: {of}"), Kind::Figure))
    }));
    for area in (0..report.scenario.areas.len()).map(Some).chain([None]) {
        for team in 0..report.scenario.teams.len() {
            let series = measures.map(|(measure, _)| report.series(area, Holding::Team(team), measure));
            if series.iter().all(Option::is_none) {
                continue;
            }
            for week in 0..report.layout.weeks {
                let figures = series.iter().flat_map(|series| {
                    let week = series.map(|at| &report.weeks(at)[week]);
                    let of = |value: fn(&Estimate) -> f64| Cell::maybe(week.map(value));
                    [of(|week| week.mean), of(|week| week.p05), of(|week| week.p95)]
                });
                let names = [
                    Cell::text(area_name(report.scenario, area)),
                    Cell::text(holding_id(report.scenario, Holding::Team(team))),
                    Cell::Day(monday(report, week)),
                ];
                sheet.row(names.into_iter().chain(figures).collect());
            }
        }
    }
    sheet
}

fn published(report: &Report) -> Sheet {
    let mut sheet = Sheet::new(
        "Published",
        "Published figures beside the model's",
        &[
            ("Figure", Kind::Text),
            ("Year", Kind::Text),
            ("Published", Kind::Figure),
            ("Model: mean", Kind::Figure),
            ("5th percentile", Kind::Figure),
            ("95th percentile", Kind::Figure),
            ("Gap", Kind::Figure),
            ("Source", Kind::Text),
        ],
    );
    for row in reconciliation::simulated(report) {
        sheet.row(vec![
            Cell::text(row.name),
            Cell::text(if row.year.is_empty() { "not stated" } else { &row.year }),
            Cell::Number(row.published),
            Cell::maybe(row.mean),
            Cell::maybe(row.p05),
            Cell::maybe(row.p95),
            Cell::maybe(row.gap),
            Cell::text(row.source),
        ]);
    }
    sheet
}
