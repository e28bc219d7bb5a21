//! What a calibration is shown as: tables, page and pictures.
//!
//! Consumes a [`Calibration`] and the [`Reading`] behind it; produces files in a staged directory. **Invariants.** Counts of
//! children up to five are hidden; nothing of a row but counts, list names, headings of columns and row
//! numbers is written.

pub(in crate::report) mod files;

pub use files::stage;

use serde::Serialize;

use crate::calibration::Calibration;
use crate::extracts::records::Reading;
use crate::scenario::Scenario;

/// The page's file.
pub const PAGE: &str = "calibration.html";
/// The table of figures.
pub const FIGURES: &str = "calibration.csv";
/// What stays as it is.
pub const KEPT: &str = "calibration_kept.csv";
/// Contacts by week.
pub const CONTACTS: &str = "calibration_contacts.csv";
/// How files were read.
pub const READING: &str = "reading.csv";
/// What was put aside.
pub const QUARANTINED: &str = "quarantined.csv";

/// What was done: everything needed to do it again but the extracts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Facts {
    /// The command.
    pub command: &'static str,
    /// The base's name.
    pub base: String,
    /// SHA-256 of the base.
    pub base_sha256: String,
    /// The scenario that was written.
    pub scenario: String,
    /// Version of caseflow.
    pub version: String,
}

/// All that the files are made from.
pub struct CalibrationReport<'r> {
    /// The base.
    pub base: &'r Scenario,
    /// What the extracts say.
    pub calibration: &'r Calibration,
    /// How they were read.
    pub reading: &'r Reading,
    /// What was done.
    pub facts: &'r Facts,
}

impl CalibrationReport<'_> {
    /// Contacts by week from the first day of the window: seen, and expected.
    pub fn weeks(&self) -> (Vec<f64>, Vec<f64>) {
        let Some((contacts, arrivals)) = &self.calibration.contacts else { return Default::default() };
        let weeks = contacts.days / 7;
        let (mut seen, mut expected) = (vec![0.0; weeks], vec![0.0; weeks]);
        for contact in
            contacts.list.iter().filter(|contact| contact.source.is_some() && contact.day < weeks * 7)
        {
            seen[contact.day / 7] += 1.0;
        }
        let days = arrivals.expected.iter().enumerate().take(weeks * 7);
        days.for_each(|(day, value)| expected[day / 7] += value);
        (seen, expected)
    }

    /// Rows read, records made of them, and rows left out.
    pub fn rows(&self) -> (usize, usize, usize) {
        let rows = self.reading.sources.iter().map(|source| source.rows).sum();
        let out = self.reading.quarantined.iter().filter(|problem| problem.row_left_out).count();
        (rows, self.reading.records.len(), out)
    }
}
