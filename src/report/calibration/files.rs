//! The files of a calibration's report.

use std::collections::BTreeSet;
use std::io;

use jiff::ToSpan;

use super::{CONTACTS, CalibrationReport, FIGURES, KEPT, PAGE, QUARANTINED, READING};
use crate::calibration::list_words;
use crate::report::directory::{Staging, WriteError};
use crate::report::number::rounded;
use crate::report::plots::{self, Picture};
use crate::report::{html, suppress};

/// Stages every file.
///
/// # Errors
/// If one cannot be made or written.
pub fn stage(staging: &Staging, report: &CalibrationReport) -> Result<(), WriteError> {
    let tables: [(&str, Vec<Vec<String>>); 5] = [
        (FIGURES, figures(report)),
        (KEPT, kept(report)),
        (CONTACTS, contacts(report)),
        (READING, sources(report)),
        (QUARANTINED, quarantined(report)),
    ];
    for (name, rows) in tables {
        let bytes = staging.attempt(name, table(&rows))?;
        staging.bytes(name, &bytes)?;
    }
    for picture in staging.attempt("plots", pictures(report).map_err(io::Error::other))? {
        staging.bytes(&format!("plots/{}.svg", picture.name), picture.svg.as_bytes())?;
        let name = format!("plots/{}.png", picture.name);
        let image = staging.attempt(&name, plots::png(&picture.svg).map_err(io::Error::other))?;
        staging.bytes(&name, &image)?;
    }
    let page = staging.attempt(PAGE, html::calibration::page(report).map_err(io::Error::other))?;
    staging.bytes(PAGE, page.as_bytes())
}

/// Every picture: stays of each list, contacts, shares.
fn pictures(report: &CalibrationReport) -> Result<Vec<Picture>, plots::DrawError> {
    let mut all = Vec::new();
    for shown in report.calibration.stays.iter().filter(|shown| !shown.limit.steps.is_empty()) {
        all.push(stay(report, shown)?);
    }
    let (seen, expected) = report.weeks();
    if seen.len() > 1 {
        all.push(plots::fits::contacts(report.calibration.from, &seen, &expected)?);
    }
    all.extend(plots::fits::shares(&plots::fits::shares_of(&report.calibration.figures))?);
    Ok(all)
}

/// The picture of a list's stays.
///
/// # Errors
/// Only if the drawing library fails.
pub(in crate::report) fn stay(
    report: &CalibrationReport,
    shown: &crate::calibration::StayShown,
) -> Result<Picture, plots::DrawError> {
    let (rows, _) = list_words(shown.list);
    let mut name = rows.to_owned();
    name[..1].make_ascii_uppercase();
    plots::fits::stays(shown, &rows.replace(' ', "_"), &name, report.calibration.inflation)
}

fn table(rows: &[Vec<String>]) -> io::Result<Vec<u8>> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

fn line(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn figures(report: &CalibrationReport) -> Vec<Vec<String>> {
    let mut rows = vec![line(&["path", "base", "value", "low", "high", "rows", "method", "basis", "source"])];
    rows.extend(report.calibration.figures.iter().map(|figure| {
        vec![
            figure.path.clone(),
            rounded(figure.base),
            rounded(figure.value),
            rounded(figure.low),
            rounded(figure.high),
            figure.rows.to_string(),
            figure.method.to_owned(),
            if figure.derived { "judgement" } else { "measured" }.to_owned(),
            figure.source.clone(),
        ]
    }));
    rows
}

fn kept(report: &CalibrationReport) -> Vec<Vec<String>> {
    let mut rows = vec![line(&["path", "why"])];
    rows.extend(report.calibration.kept.iter().map(|kept| vec![kept.path.clone(), kept.why.clone()]));
    rows
}

/// Children contacted by week, source and area; small counts hidden.
fn contacts(report: &CalibrationReport) -> Vec<Vec<String>> {
    let mut rows = vec![line(&["week_start", "source", "area", "children"])];
    let Some((contacts, _)) = &report.calibration.contacts else { return rows };
    let places: Vec<(Option<usize>, Option<usize>)> = {
        let of = contacts.list.iter().map(|contact| (contact.source, contact.area));
        of.collect::<BTreeSet<_>>().into_iter().collect()
    };
    let weeks = contacts.days.div_ceil(7);
    let mut counts = vec![vec![0_u32; places.len()]; weeks];
    for contact in &contacts.list {
        if let Ok(place) = places.binary_search(&(contact.source, contact.area)) {
            counts[contact.day / 7][place] += 1;
        }
    }
    // Weeks' totals are shown elsewhere: what they would give away is hidden too.
    let hide = suppress::hidden(&counts);
    let name = |known: Option<&str>| known.unwrap_or("not known").to_owned();
    for (week, (counts, hide)) in counts.iter().zip(&hide).enumerate() {
        let start = report.calibration.from.saturating_add((7 * week as i64).days());
        for ((source, area), (count, hide)) in places.iter().zip(counts.iter().zip(hide)) {
            let source = source.map(|source| report.base.sources[source].id.as_str());
            let area = area.map(|area| report.base.areas[area].id.as_str());
            let shown = if *hide { suppress::HIDDEN.to_owned() } else { count.to_string() };
            rows.push(vec![start.to_string(), name(source), name(area), shown]);
        }
    }
    rows
}

fn sources(report: &CalibrationReport) -> Vec<Vec<String>> {
    let mut rows = vec![line(&[
        "file",
        "sheet",
        "read_as",
        "rows",
        "records",
        "columns_used",
        "columns_not_used",
        "columns_missing",
    ])];
    rows.extend(report.reading.sources.iter().map(|source| {
        vec![
            source.file.clone(),
            source.sheet.clone().unwrap_or_default(),
            source.list.map_or("not used", |list| list_words(list).0).to_owned(),
            source.rows.to_string(),
            source.records.to_string(),
            source.matched.iter().map(|(column, _)| column.as_str()).collect::<Vec<_>>().join("; "),
            source.unmatched.join("; "),
            source.missing.join("; "),
        ]
    }));
    rows
}

fn quarantined(report: &CalibrationReport) -> Vec<Vec<String>> {
    let mut rows = vec![line(&["file", "sheet", "row", "column", "reason", "row_left_out"])];
    rows.extend(report.reading.quarantined.iter().map(|problem| {
        vec![
            problem.place.file.clone(),
            problem.place.sheet.clone().unwrap_or_default(),
            problem.place.row.to_string(),
            problem.column.clone(),
            problem.reason.clone(),
            if problem.row_left_out { "yes" } else { "no" }.to_owned(),
        ]
    }));
    rows
}
