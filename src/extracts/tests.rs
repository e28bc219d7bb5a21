//! Whole files, from bytes to records.

use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};

use super::records::{List, Outcome, Record, ReferralSource, Source};
use super::*;

pub(super) fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/extracts").join(path)
}

/// Files of these names and contents, read.
pub(super) fn read_bytes(files: &[(&str, &[u8])], assignment: &Assignment) -> Result<Reading, Vec<Unreadable>> {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |(name, bytes): &(&str, &[u8])| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    };
    let paths: Vec<PathBuf> = files.iter().map(write).collect();
    read(&paths, assignment)
}

fn read_text(text: &str) -> Reading {
    read_bytes(&[("file.csv", text.as_bytes())], &Assignment::default()).expect("a reading")
}

/// Rows are records or left out, in every source that is read.
pub(super) fn assert_balanced(reading: &Reading) {
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
        let finished = if matches!(record.list, List::Contact | List::Referral) { Some(record.start) } else { record.end };
        let none_held = record.list == List::Section47 && record.outcome == Some(Outcome::NoFurtherAction);
        let finished = if none_held { Some(record.start) } else { finished };
        let windows = reading.windows.iter().filter(|window| window.list == record.list);
        let within = |days: &std::ops::Range<Date>| record.start < days.end && finished.is_none_or(|end| end >= days.start);
        assert!(windows.into_iter().any(|window| within(&window.days)), "{record:?} in {:?}", reading.windows);
        assert!(record.end.is_none_or(|end| end >= record.start));
    }
}

pub(super) fn samples() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = (1..=8).map(|list| fixture(&format!("annex_a/list_{list}.csv"))).collect();
    all.push(fixture("annex_a/annex_a_sample.xlsx"));
    all.extend(["2024_example", "2026_example", "60_children"].map(|name| fixture(&format!("cin_census/cin_census_{name}.xml"))));
    all.extend(["2020-header", "2020-episodes", "2021-header", "2021-episodes"].map(|name| fixture(&format!("ssda903/{name}.csv"))));
    all.push(fixture("early_help/early_help.csv"));
    all
}

fn count(reading: &Reading, list: List) -> usize {
    reading.records.iter().filter(|record| record.list == list).count()
}

#[test]
fn probe() {
    for files in [samples(), samples()[..8].to_vec(), samples()[8..9].to_vec(), samples()[9..10].to_vec(), samples()[11..12].to_vec(), samples()[12..16].to_vec(), samples()[16..].to_vec()] {
        let reading = read(&files, &Assignment::default()).expect("samples");
        for s in &reading.sources { eprintln!("{} {:?} {:?} rows {} records {} unmatched {:?} missing {:?}", s.file, s.sheet, s.list, s.rows, s.records, s.unmatched, s.missing); }
        let mut reasons = std::collections::BTreeMap::<_, usize>::new();
        for q in &reading.quarantined { *reasons.entry((q.row_left_out, q.column.clone(), q.reason.clone())).or_default() += 1; }
        eprintln!("{reasons:#?}\n{:?}", reading.windows);
        assert_balanced(&reading);
        let _ = count(&reading, List::Contact);
    }
}
