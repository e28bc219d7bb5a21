//! Sections on why to believe a report: exact cases, published figures, backtests.
//!
//! Consumes [`Results`] and the records that ship with the program; produces [`Section`]s. **Invariant:** what was
//! not worked out in this run is said to be a record, with the version and the command that made it.

use super::model::{Section, Table};
use super::words;
use crate::report::evidence::{Backtested, Verified, backtested, verified};
use crate::report::number::{readable, rounded};
use crate::report::read::Results;
use crate::summary::NORMAL_95;

/// What stands behind the claim that the program computes what it says.
pub(super) fn verification(results: &Results) -> Section {
    let mut section = Section::new("verification", "Why believe it");
    section.text(
        "Every run of this report balanced its books: families who came equal families who left and who are still \
         there, and costs add up to the penny, or there would be no report.",
    );
    section.heading("Verification: does the program compute what its description says?");
    section.text(
        "The program simulates cases that mathematics can solve (waiting lines, networks, school holidays, vacancies \
         and more), through the same engine as this report, and holds the two answers side by side. A quantity agrees \
         when they lie within 4 standard errors of each other and the standard error is small enough to tell.",
    );
    if let Some(found) = verified() {
        section.text(record_words(&found, &results.run.version));
        section.table(cases_table(&found));
    }
    section.heading("Validation: does that resemble this council?");
    section.text(
        "The figures below are what was published about the council; nothing in the simulation reads them.",
    );
    match results.report() {
        Some(report) if !report.scenario.published.is_empty() => {
            section.table(published_table(&crate::report::reconciliation::simulated(&report)));
        }
        _ => {
            section.text(
                "No published figures were given with this scenario, or this command does not compare them.",
            );
        }
    }
    if backtested().is_empty() {
        section.text("A backtest against months that were held back: not done with these results.");
    }
    section
}

/// What the record is, and who made it.
fn record_words(found: &Verified, version: &str) -> String {
    let other = if found.version == version { "" } else { ", which is not the version of this report" };
    format!(
        "The table is a record that ships with the program; it was not worked out for this report. caseflow {}{other} \
         made it, by the command \u{201c}caseflow verify --csv\u{201d} with seed {}. The program's own checks run the \
         command again after every change and fail where a figure differs; \u{201c}caseflow verify\u{201d} does the same on \
         any computer.",
        found.version, found.seed
    )
}

fn cases_table(found: &Verified) -> Table {
    let columns = [
        "Case",
        "#Simulated runs",
        "#Quantities compared",
        "#That agree",
        "#Largest distance, in standard errors",
    ];
    let caption = "Simulation held against mathematics, case by case";
    let mut table = Table::new("verification-table", caption, &columns);
    for case in &found.cases {
        table.row(vec![
            case.title.clone(),
            readable(f64::from(case.replications)),
            case.quantities.to_string(),
            case.agreed.to_string(),
            format!("{:.1}", case.largest_z),
        ]);
    }
    let (all, agreed) =
        found.cases.iter().fold((0, 0), |(all, agreed), case| (all + case.quantities, agreed + case.agreed));
    let mut table =
        table.folded(&format!("{agreed} of {all} quantities agree: the {} cases", found.cases.len()));
    table.in_print = true;
    table
}

/// How forecasts did against months that no fit had seen; `None` where there is no record of it.
pub(super) fn backtest(results: &Results) -> Option<Section> {
    let rows = backtested();
    let first = rows.first()?;
    let mut section = Section::new("backtest", "How forecasts did against what happened");
    let other =
        if first.version == results.run.version { "" } else { ", which is not the version of this report" };
    section.text(format!(
        "Forecasts were made from what was known up to a month and held against the months after it, which no fit had \
         seen. The table is a record that ships with the program, about the council areas and years that it names, not \
         about this report's scenario. caseflow {}{other} made it, by the command \u{201c}{}\u{201d} with seed {}.",
        first.version, first.command, first.seed
    ));
    section.text(
        "Nine in ten months should lie within a band of 90%; fewer mean that forecasts are too sure. The score (CRPS) is \
         the mean distance between forecast and what happened, as a share of the mean: lower is better. It is held \
         against three forecasts that anybody could make: the same month a year earlier, the mean of the same months of \
         earlier years, and a steady rate with chance alone.",
    );
    section.table(backtest_table(&rows));
    Some(section)
}

fn backtest_table(rows: &[Backtested]) -> Table {
    let columns = [
        "What was forecast",
        "Months of",
        "#Months forecast",
        "#Within the band of 50% (95% interval)",
        "#Within the band of 90% (95% interval)",
        "#Too high (+) or low (−) on average (95% interval)",
        "#Score",
        "#Lower than the same month last year (95% interval)",
        "#Lower than the seasonal mean (95% interval)",
        "#Lower than a steady rate (95% interval)",
    ];
    let mut table = Table::new("backtest-table", "Forecasts held against what happened", &columns);
    for row in rows {
        let of = |value: f64, se: f64| (value, (value - NORMAL_95 * se, value + NORMAL_95 * se));
        let chance = |value: f64, se: f64| {
            let (share, interval) = of(value, se);
            words::chance(share, interval)
        };
        let signed = |value: f64, se: f64| {
            let (share, (low, high)) = of(value, se);
            let [share, low, high] = [share, low, high].map(|share| format!("{:+.1}%", 100.0 * share));
            format!("{share} ({low} to {high})").replace('-', "−")
        };
        table.row(vec![
            row.measure.replace('_', " "),
            row.months_of.clone(),
            readable(row.forecasts as f64),
            chance(row.within_50, row.within_50_se),
            chance(row.within_90, row.within_90_se),
            signed(row.bias, row.bias_se),
            format!("{:.1}%", 100.0 * row.crps),
            signed(row.skill_same_month, row.skill_same_month_se),
            signed(row.skill_seasonal_mean, row.skill_seasonal_mean_se),
            signed(row.skill_poisson, row.skill_poisson_se),
        ]);
    }
    table
}

fn published_table(rows: &[crate::report::reconciliation::Row]) -> Table {
    let columns = ["Published figure", "#Published", "#Model: mean (9 in 10 runs)", "#Gap", "Within"];
    let mut table = Table::new("published", "Published figures beside the model's", &columns);
    let figure = |value: Option<f64>| value.map_or("–".to_owned(), rounded);
    for row in rows {
        let model = match (row.mean, row.p05, row.p95) {
            (Some(mean), Some(low), Some(high)) => {
                format!("{} ({} to {})", rounded(mean), rounded(low), rounded(high))
            }
            _ => "–".to_owned(),
        };
        let within = row.within.map_or("not comparable", |within| if within { "yes" } else { "no" });
        let gap = row.gap_share.map_or(figure(row.gap), |share| format!("{:+.0}%", 100.0 * share));
        table.row(vec![row.name.clone(), rounded(row.published), model, gap, within.to_owned()]);
    }
    table
}
