//! `caseflow verify`: the simulation held against mathematics.

use std::num::NonZeroUsize;
use std::path::Path;

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use super::{Failure, print, print_json, progress, write_whole};
use crate::cli::{Format, VerifyArguments};
use crate::report::evidence;
use crate::verification::{self, Row};

/// Simulates every exact case and prints the table.
///
/// # Errors
/// If a case cannot be run or a row disagrees (exit code 1).
pub fn verify(arguments: &VerifyArguments) -> Result<(), Failure> {
    let cases = verification::cases().len() as u64;
    let bar = progress::bar(cases, "cases", arguments.output.quiet);
    let threads = arguments.simulation.threads.map_or(0, NonZeroUsize::get);
    let rows = verification::run_all(arguments.simulation.seed, threads, &mut |_| bar.inc(1));
    bar.finish_and_clear();
    let rows = rows.map_err(Failure::work)?;
    if let Some(path) = &arguments.csv {
        record(path, arguments.simulation.seed, &rows)?;
    }
    match arguments.output.format {
        Format::Table => print(format!("{}\n{}\n", table(&rows), outcome(&rows)).as_bytes())?,
        Format::Json => print_json(&rows.iter().map(Line::new).collect::<Vec<_>>())?,
    }
    if rows.iter().all(|row| row.pass) { Ok(()) } else { Err(Failure::Work(outcome(&rows))) }
}

/// Writes the record, whole or not at all.
fn record(path: &Path, seed: u64, rows: &[Row]) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    evidence::verification(&mut bytes, seed, rows).map_err(Failure::work)?;
    write_whole(path, &bytes)
}

fn outcome(rows: &[Row]) -> String {
    let failed = rows.iter().filter(|row| !row.pass).count();
    if failed == 0 {
        format!("All {} quantities agree with mathematics.", rows.len())
    } else {
        format!("{failed} of {} quantities do not agree with mathematics.", rows.len())
    }
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header(["case", "quantity", "exact", "simulated", "standard error", "z", ""]);
    for row in rows {
        let figure = |value: f64| format!("{value:.5}");
        table.add_row([
            row.case.to_owned(),
            row.quantity.clone(),
            figure(row.exact),
            figure(row.simulated),
            figure(row.se),
            format!("{:.2}", row.z),
            if row.pass { "agrees".to_owned() } else { "DISAGREES".to_owned() },
        ]);
    }
    for column in 2..6 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// A row for programs.
#[derive(Serialize)]
struct Line<'a> {
    case: &'a str,
    quantity: &'a str,
    exact: f64,
    simulated: f64,
    standard_error: f64,
    z: f64,
    agrees: bool,
}

impl<'a> Line<'a> {
    fn new(row: &'a Row) -> Self {
        Self {
            case: row.case,
            quantity: &row.quantity,
            exact: row.exact,
            simulated: row.simulated,
            standard_error: row.se,
            z: row.z,
            agrees: row.pass,
        }
    }
}
