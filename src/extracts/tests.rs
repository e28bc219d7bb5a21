//! Whole files, from bytes to records.

mod canaries;
mod care;
mod census;
mod lists;
mod mutations;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};

use super::records::{List, Outcome, Record, ReferralSource, Source};
use super::*;

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/extracts").join(path)
}

/// Files of these names and contents, read.
fn read_bytes(files: &[(&str, &[u8])], assignment: &Assignment) -> Result<Reading, Vec<Unreadable>> {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |(name, bytes): &(&str, &[u8])| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    };
    let paths: Vec<PathBuf> = files.iter().map(write).collect();
    read(&paths, assignment)
}

fn read_texts(files: &[(&str, &str)]) -> Reading {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let reading = read_bytes(&files, &Assignment::default()).expect("a reading");
    assert_balanced(&reading);
    reading
}

fn read_text(text: &str) -> Reading {
    read_texts(&[("file.csv", text)])
}

/// Why a text cannot be read.
fn refused(text: &str) -> String {
    read_bytes(&[("file.csv", text.as_bytes())], &Assignment::default()).expect_err("nothing to read")[0]
        .to_string()
}

/// Rows left out or noted, by row number: column and reason.
fn problems(reading: &Reading, left_out: bool) -> Vec<(usize, &str, &str)> {
    let problems = reading.quarantined.iter().filter(|problem| problem.row_left_out == left_out);
    problems.map(|problem| (problem.place.row, problem.column.as_str(), problem.reason.as_str())).collect()
}

fn days(record: &Record) -> (Date, Option<Date>) {
    (record.start, record.end)
}

/// Rows are records or left out, in every source that is read; and every record lies in a window of its list.
fn assert_balanced(reading: &Reading) {
    for Source { file, sheet, list, rows, records, .. } in &reading.sources {
        if list.is_none() {
            assert_eq!(*records, 0);
            continue;
        }
        let here = |place: &records::Where| place.file == *file && place.sheet == *sheet;
        let out = reading.quarantined.iter().filter(|q| q.row_left_out && here(&q.place)).count();
        assert_eq!(*rows, records + out, "{file} {sheet:?}: rows = records {records} + left out {out}");
    }
    for record in &reading.records {
        let event = matches!(record.list, List::Contact | List::Referral);
        let none_held = record.list == List::Section47 && record.outcome == Some(Outcome::NoFurtherAction);
        let finished = if event || none_held { Some(record.start) } else { record.end };
        let mut windows = reading.windows.iter().filter(|window| window.list == record.list);
        let within = |days: &std::ops::Range<Date>| {
            record.start < days.end && finished.is_none_or(|end| end >= days.start)
        };
        assert!(windows.any(|window| within(&window.days)), "{record:?} in {:?}", reading.windows);
        assert!(record.end.is_none_or(|end| end >= record.start));
    }
}

fn samples() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = (1..=8).map(|list| fixture(&format!("annex_a/list_{list}.csv"))).collect();
    all.push(fixture("annex_a/annex_a_sample.xlsx"));
    let census = ["2024_example", "2026_example", "60_children"];
    all.extend(census.map(|name| fixture(&format!("cin_census/cin_census_{name}.xml"))));
    let care = ["2020-header", "2020-episodes", "2021-header", "2021-episodes"];
    all.extend(care.map(|name| fixture(&format!("ssda903/{name}.csv"))));
    all.push(fixture("early_help/early_help.csv"));
    all
}

fn counts(reading: &Reading) -> BTreeMap<List, usize> {
    let mut counts = BTreeMap::new();
    for record in &reading.records {
        *counts.entry(record.list).or_default() += 1;
    }
    counts
}

#[test]
fn every_row_of_every_sample_is_accounted_for() {
    for sample in samples() {
        let reading = read(std::slice::from_ref(&sample), &Assignment::default()).expect("a sample");
        assert_balanced(&reading);
        assert!(reading.sources.iter().any(|source| source.rows > 0), "{sample:?}");
    }
    let all = read(&samples(), &Assignment::default()).expect("all samples");
    assert_balanced(&all);
    assert_eq!(
        all,
        read(&samples(), &Assignment::default()).expect("again"),
        "the same files, the same reading"
    );
}

/// Rows of the sample's lists 1 to 8; none has a fault.
const SAMPLE: [(List, usize); 8] = [
    (List::Contact, 5),
    (List::EarlyHelpAssessment, 5),
    (List::Referral, 6),
    (List::Assessment, 5),
    (List::Section47, 5),
    (List::ChildInNeed, 5),
    (List::ProtectionPlan, 7),
    (List::LookedAfter, 5),
];

#[test]
fn a_workbook_and_its_lists_as_csv_say_the_same() {
    let workbook = read(&samples()[8..9], &Assignment::default()).expect("the workbook");
    let lists = read(&samples()[..8], &Assignment::default()).expect("the lists");
    assert_eq!(counts(&workbook), BTreeMap::from(SAMPLE));
    assert_eq!(counts(&lists), BTreeMap::from(SAMPLE));
    assert_eq!(workbook.windows, lists.windows);
    let plain = |reading: &Reading| -> Vec<_> {
        let records = reading.records.iter();
        let mut plain: Vec<_> = records.map(|r| (r.list, r.start, r.end, r.source, r.outcome)).collect();
        plain.sort();
        plain
    };
    assert_eq!(plain(&workbook), plain(&lists));
    // Both together: each case once, and each row of the second said to be a repeat.
    let both = read(&samples()[..9], &Assignment::default()).expect("both");
    assert_balanced(&both);
    assert_eq!(counts(&both), BTreeMap::from(SAMPLE));
    let again = problems(&both, true);
    assert_eq!(again.len(), 43);
    assert!(again.iter().all(|(_, _, reason)| reason.contains("another file")));
}

#[test]
fn the_days_that_a_list_covers_can_be_asked_for() {
    let asked = Period { first: Some(date(2020, 9, 1)), last: Some(date(2020, 9, 30)) };
    let reading = read_within(&samples()[..8], &Assignment::default(), asked).expect("the lists");
    assert_balanced(&reading);
    assert!(reading.windows.iter().all(|window| window.days == (date(2020, 9, 1)..date(2020, 10, 1))));
    let enquiry = |record: &&Record| record.list == List::Section47;
    let open = reading.records.iter().filter(enquiry).filter(|record| record.end.is_none());
    assert_eq!(open.count(), 5, "three conferences fell after the days asked for, two were not held");
}
