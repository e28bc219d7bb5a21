//! What the report of an explanation says: what drives the answers.
//!
//! Consumes an [`ExplanationReport`]; produces the [`Section`]s before the method.

use super::charts::chart;
use super::model::{Section, Table};
use super::words::{self, RUNS};
use crate::report::explanation::{Driven, ExplanationReport};
use crate::report::number::{readable, rounded};
use crate::report::pictures::{Subject, subjects};
use crate::report::plots::DrawError;
use crate::report::read::Results;
use crate::scenario::Scenario;

/// Figures shown for each output.
const SHOWN: usize = 6;

/// The sections.
///
/// # Errors
/// Only if the drawing library fails.
pub(super) fn sections(results: &Results, found: &ExplanationReport) -> Result<Vec<Section>, DrawError> {
    Ok(vec![
        answer(results.scenario(), found),
        options(found),
        drivers(results, found)?,
        change(results.scenario(), found),
        six_months(results.scenario(), found),
    ])
}

fn answer(scenario: &Scenario, found: &ExplanationReport) -> Section {
    let mut section = Section::new("answer", "The answer first");
    section.lead(match found.measure_next.first() {
        Some(first) => format!(
            "Count this first: {}. Knowing it exactly is worth {} a year; it rests on {} now.",
            words::figure_words(scenario, &first.parameter),
            words::pounds_known(first.evppi, first.evppi_se),
            if first.basis.is_empty() { "nothing stated" } else { first.basis }
        ),
        None => "No decision on posts was weighed, so no figure has a value in pounds.".to_owned(),
    });
    section.list(found.outputs.iter().map(|output| output_words(scenario, output)).collect());
    section.text(format!(
        "From {}. Prices behind the values: {}; {}.",
        words::count(f64::from(found.runs), &RUNS),
        found.prices[0],
        found.prices[1]
    ));
    section
}

fn output_words(scenario: &Scenario, output: &Driven) -> String {
    let Some(luck) = output.luck_share else {
        return format!("{}: the same in every run; nothing drives it.", output.name);
    };
    let luck = match output.luck_share_se {
        // Worked out by formulas, without simulation.
        Some(se) if luck.abs() + se < 5e-4 => "luck plays no part".to_owned(),
        Some(se) => format!("luck is {}", share(luck, se)),
        None => format!("luck is {}", words::percent(luck)),
    };
    match output.drivers.first() {
        Some(first) if first.total_order - 1.96 * first.total_order_se > 0.0 => format!(
            "{}: most moved by {}, which is behind {} of its variation; {luck}.",
            output.name,
            words::figure_words(scenario, &first.parameter),
            share(first.total_order, first.total_order_se)
        ),
        Some(_) => format!("{}: these runs are too few to say which figure moves it; {luck}.", output.name),
        None => format!("{}: {luck} of its variation.", output.name),
    }
}

/// A share of variance with its 95% interval.
fn share(share: f64, se: f64) -> String {
    words::chance(share.clamp(0.0, 1.0), (share - 1.96 * se, share + 1.96 * se))
}

fn options(found: &ExplanationReport) -> Section {
    let mut section = Section::new("options", "The options weighed: numbers of posts");
    if found.posts.is_empty() {
        section.text("No numbers of posts were weighed.");
        return section;
    }
    let columns = [
        "Team",
        "#Posts now",
        "#Numbers tried",
        "#Least loss at",
        "#All information is worth at most, a year",
    ];
    let mut table =
        Table::new("options-table", "Posts now (doing nothing), and the number that loses least", &columns);
    for row in &found.posts {
        let tried: Vec<String> = row.options.iter().map(|&fte| words::posts(fte)).collect();
        let edge = if row.at_the_edge { " (the end of what was tried)" } else { "" };
        table.row(vec![
            row.name.clone(),
            words::posts(row.posts_today),
            format!(
                "{} to {}",
                tried.first().cloned().unwrap_or_default(),
                tried.last().cloned().unwrap_or_default()
            ),
            format!("{}{edge}", words::posts(row.best)),
            words::pounds_known(row.perfect_information, row.perfect_information_se),
        ]);
    }
    section.table(table);
    section
}

fn drivers(results: &Results, found: &ExplanationReport) -> Result<Section, DrawError> {
    let mut section = Section::new("drivers", "What drives it").on_new_page();
    for subject in subjects(results) {
        if let (Subject::Tornado(_), Some(chart)) = (subject, chart(results, subject)?) {
            section.chart(chart);
        }
    }
    let columns = [
        "Output",
        "Figure",
        "#Alone (95% interval)",
        "#With others (95% interval)",
        "#Output at its low and high",
    ];
    let caption = "Share of each output's variation, by figure";
    let mut table = Table::new("drivers-table", caption, &columns).folded("Shares of variation, as a table");
    for output in &found.outputs {
        for driver in output.drivers.iter().take(SHOWN) {
            let ends = match (driver.at_low, driver.at_high) {
                (Some(low), Some(high)) => format!("{} and {}", rounded(low), rounded(high)),
                _ => "–".to_owned(),
            };
            table.row(vec![
                output.name.clone(),
                driver.parameter.clone(),
                share(driver.first_order, driver.first_order_se),
                share(driver.total_order, driver.total_order_se),
                ends,
            ]);
        }
    }
    section.table(table);
    Ok(section)
}

fn change(scenario: &Scenario, found: &ExplanationReport) -> Section {
    let mut section = Section::new("change", "What would change the answer");
    section
        .text("The figures most worth counting, best first. A figure that decides nothing is worth nothing.");
    let columns = ["Figure", "#Worth a year", "Rests on", "Source", "In the register"];
    let mut table = Table::new("measure-next", "What to measure next", &columns);
    for row in &found.measure_next {
        table.row(vec![
            words::figure_words(scenario, &row.parameter),
            words::pounds_known(row.evppi, row.evppi_se),
            row.basis.to_owned(),
            row.source.clone(),
            row.parameter.clone(),
        ]);
    }
    section.table(table);
    section
}

fn six_months(scenario: &Scenario, found: &ExplanationReport) -> Section {
    let mut section = Section::new("review", "What to look at in six months");
    let first: Vec<String> =
        found.measure_next.iter().take(3).map(|row| words::figure_words(scenario, &row.parameter)).collect();
    section.text(match first.is_empty() {
        true => "Whether the figures with a range are better known than they were.".to_owned(),
        false => format!(
            "Whether these have been counted: {}. With {} figures known better, this should be run again.",
            words::names(&first, 3),
            readable(first.len() as f64)
        ),
    });
    section
}
