//! `caseflow init`: a starting scenario from published statistics.
//!
//! Consumes the command line; produces a scenario file that is whole or absent, and on standard error what a
//! user should know of it. Invariant: a file that is there is not written over unless that is asked for.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Failure, WIDTH, print, write_whole};
use crate::authority::areas::Grouping;
use crate::authority::write::{digits, identifier};
use crate::authority::{Impossible, Published, Start};
use crate::cli::InitArguments;
use crate::report::terminal::wrapped;

/// Writes the starting scenario of an authority.
///
/// # Errors
/// If the authority, the year or the grouping is unknown or the file is there already (exit code 2), or it
/// cannot be written (1).
pub fn init(arguments: &InitArguments) -> Result<(), Failure> {
    let grouping = grouping(arguments)?;
    let start = Published::read()
        .and_then(|published| published.start(&arguments.authority, arguments.year, &grouping))
        .map_err(|impossible| match impossible {
            Impossible::Failed(reason) => Failure::work(reason),
            other => Failure::usage(other),
        })?;
    if arguments.out.as_deref() == Some(Path::new("-")) {
        return print(start.text.as_bytes());
    }
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("{}.toml", identifier(&start.authority.name))));
    save(&out, &start.text, arguments.force)?;
    print(told(&start, &out).as_bytes())
}

fn grouping(arguments: &InitArguments) -> Result<Grouping, Failure> {
    match (&arguments.grouping, arguments.wards, arguments.areas) {
        (Some(file), _, _) => read_grouping(file),
        (None, true, _) => Ok(Grouping::Wards),
        (None, false, Some(number)) => Ok(Grouping::Number(number as usize)),
        (None, false, None) => Ok(Grouping::Usual),
    }
}

fn read_grouping(file: &Path) -> Result<Grouping, Failure> {
    let shown = file.display();
    let text = fs::read_to_string(file).map_err(|error| Failure::usage(format_args!("{shown}: {error}")))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headings =
        reader.headers().map_err(|error| Failure::usage(format_args!("{shown}: {error}")))?.clone();
    let column = |name: &str| headings.iter().position(|heading| heading.trim().eq_ignore_ascii_case(name));
    let (Some(ward), Some(area)) = (column("ward"), column("area")) else {
        return Err(Failure::usage(format_args!(
            "{shown}: line 1: the columns must be called ward and area, for example\n  ward,area\n  Newport,East"
        )));
    };
    let mut pairs = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| Failure::usage(format_args!("{shown}: {error}")))?;
        let cell = |column: usize| record.get(column).unwrap_or_default().trim().to_owned();
        let pair = (cell(ward), cell(area));
        if pair.0.is_empty() || pair.1.is_empty() {
            let line = record.position().map_or(0, |position| position.line());
            return Err(Failure::usage(format_args!("{shown}: line {line}: a ward and an area are needed")));
        }
        pairs.push(pair);
    }
    Ok(Grouping::Given(pairs))
}

/// Writes the file beside its place and puts it there when it is whole.
fn save(out: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let shown = out.display();
    if out.exists() && !force {
        return Err(Failure::usage(format_args!(
            "{shown} is there already; give another name with -o, or --force to write over it"
        )));
    }
    write_whole(out, text.as_bytes())
}

/// What was written, what to do next, and what to know.
fn told(start: &Start, out: &Path) -> String {
    let shown = out.display();
    let mut text = format!(
        "{} ({}), year ending March {}: {shown}\n\n  caseflow check {shown}   its assumptions, and published against modelled\n  caseflow run {shown}     simulate it\n\nPublished totals, children, and what the pathway gives (no simulation):\n",
        start.authority.name, start.authority.code, start.year
    );
    for total in &start.reached {
        text.push_str(&format!(
            "  {:<55} {:>8} {:>8}\n",
            total.lever.total(),
            digits(total.wanted),
            digits(total.modelled)
        ));
    }
    for remark in &start.remarks {
        text.push_str(&format!("\n{}\n", wrapped(&format!("Note: {remark}"), WIDTH)));
    }
    text
}
