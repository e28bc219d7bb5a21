//! `report.xlsx`: the workbook that a finance director opens.
//!
//! Consumes [`Results`]; produces a workbook with a sheet of notes, then one table on each sheet, native charts,
//! and totals as formulas beside the totals of the run, which they must equal. [`model`] is its content as plain
//! data. **Invariants.** The same results give the same bytes; nothing from a scenario is ever a formula.

mod common;
mod comparison;
mod explanation;
mod funding;
pub mod model;
mod monitoring;
mod run;
mod staffing;
mod write;

use rust_xlsxwriter::XlsxError;

use self::model::{Cell, Kind, MISSING, Sheet};
use super::explanation::ExplanationReport;
use super::findings::Found;
use super::pictures;
use super::read::Results;
use super::suppress;

/// The bytes of the workbook.
///
/// # Errors
/// Only if a sheet is larger than a workbook can hold.
pub fn workbook(results: &Results) -> Result<Vec<u8>, XlsxError> {
    write::to_bytes(&results.scenario().title, &sheets(results))
}

/// The sheets, notes first.
pub fn sheets(results: &Results) -> Vec<Sheet> {
    let mut sheets = own(results);
    sheets.extend(common::initial(results.scenario()));
    sheets.push(common::assumptions(results.scenario()));
    sheets.retain(|sheet| !sheet.rows.is_empty());
    sheets.insert(0, notes(results, &sheets));
    sheets
}

/// The sheets that depend on the command. A further command adds its own here.
fn own(results: &Results) -> Vec<Sheet> {
    match &results.found {
        Found::Run { .. } => results.report().map_or(Vec::new(), |report| run::sheets(&report)),
        Found::Staffing(_) => {
            pictures::staffing_report(results).map_or(Vec::new(), |report| staffing::sheets(&report))
        }
        Found::Comparison(_) => pictures::with_comparison(results, comparison::sheets).unwrap_or_default(),
        Found::Explanation(found) => {
            let report = ExplanationReport::new(results.scenario(), found, results.run.seed);
            explanation::sheets(&report)
        }
        Found::Monitoring(_) => {
            pictures::monitor_report(results).map_or(Vec::new(), |report| monitoring::sheets(&report))
        }
        Found::Funding(_) => {
            pictures::funding_report(results).map_or(Vec::new(), |report| funding::sheets(&report))
        }
    }
}

fn notes(results: &Results, sheets: &[Sheet]) -> Sheet {
    let columns = [("Note", Kind::Text), ("Text", Kind::Text)];
    let mut notes = Sheet::new("Notes", "What this workbook holds and how to read it", &columns);
    let run = &results.run;
    let mut row = |term: &str, text: String| notes.row(vec![Cell::text(term), Cell::text(text)]);
    row("Title", results.scenario().title.clone());
    row("Made by", format!("caseflow {}, command {}", run.version, results.found.command()));
    row("Scenario", format!("{} (SHA-256 {})", run.scenario, run.scenario_sha256));
    row("Runs and seed", format!("{} simulated runs, seed {}", run.replications, run.seed));
    if run.partial {
        row("Interrupted", "There are fewer simulated runs than planned".to_owned());
    }
    row("Figures", "Means over all runs, to four significant digits, with the 5th and 95th percentile of runs where given: 9 in 10 runs lie between them".to_owned());
    row(
        "Money",
        "Pounds and pence. Means of rows add up to totals exactly; percentiles do not add up".to_owned(),
    );
    row(
        "Totals",
        "Totals are formulas. Beside each stands the total of the run; their difference should be 0"
            .to_owned(),
    );
    row(MISSING, "Not available: nothing was measured".to_owned());
    row(
        suppress::HIDDEN,
        format!(
            "Hidden to protect people: a count from 1 to {} of real children's families, or one that would give such a count away",
            suppress::SMALL
        ),
    );
    row(
        "What it is about",
        "Services, never a named child. What the model cannot say is in report.html".to_owned(),
    );
    for sheet in sheets {
        row(&format!("Sheet {}", sheet.name), sheet.about.clone());
    }
    notes
}
