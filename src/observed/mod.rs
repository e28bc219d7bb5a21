//! What really happened, week by week or month by month, as a file says it.
//!
//! Consumes a CSV file; produces [`Observed`]: rows of plain figures with their lines. Three layouts are known by
//! their headings (`layout`):
//!
//! * weeks: `week_start,measure,value`, with `area`, `team` and `counts` where wanted;
//! * months: `month,value`, with `measure` (else `referrals`), `area`, `team` and `counts`;
//! * the layout in which the Department for Education's monthly referrals are kept:
//!   `month,…,code,name,referrals,…`, of one authority or of many; these count children.
//!
//! Nothing here knows a scenario: names are held against one by [`crate::monitoring`]. Lines that begin with
//! `#` are remarks. An empty value is a gap, and is counted.
//!
//! **Invariants.** Every fault of a file is told at once, with its line ([`ObservedFaults`]); a row that was
//! read has a period, a measure and a figure of at least 0; no two rows are of the same thing and time.

mod faults;
mod layout;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use faults::{ObservedFault, ObservedFaults};

use crate::scenario::{Counts, suggestion};
pub(crate) use faults::fault;
use layout::Layout;

/// The time to which a figure refers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Period {
    /// The seven days from this one on.
    Week(Date),
    /// The calendar month that begins on this day.
    Month(Date),
}

impl Period {
    /// First day.
    pub fn first_day(self) -> Date {
        match self {
            Self::Week(day) | Self::Month(day) => day,
        }
    }

    /// The day after the last.
    pub fn end(self) -> Date {
        match self {
            Self::Week(day) => day.saturating_add(7.days()),
            Self::Month(day) => day.saturating_add(1.month()),
        }
    }

    /// Whether it is a month.
    pub fn is_month(self) -> bool {
        matches!(self, Self::Month(_))
    }

    /// As files write it: `2024-09-02`, or `2024-09` for a month.
    pub fn id(self) -> String {
        match self {
            Self::Week(day) => day.to_string(),
            Self::Month(day) => format!("{:04}-{:02}", day.year(), day.month()),
        }
    }
}

/// Whose figures they are, in files of several authorities.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Authority {
    /// Code of the Office for National Statistics, such as `E08000004`; may be empty.
    pub code: String,
    /// Name; may be empty.
    pub name: String,
}

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedRow {
    /// Line in the file, from 1.
    pub line: u64,
    /// Whose it is, where the file says so.
    pub authority: Option<Authority>,
    /// Identifier of the area; `None` for the whole council.
    pub area: Option<String>,
    /// Identifier of the team or desk; `None` for the area as a whole.
    pub team: Option<String>,
    /// Name of the measure, as in `weekly.csv`.
    pub measure: String,
    /// What the figure counts, where the file says so.
    pub counts: Option<Counts>,
    /// When.
    pub period: Period,
    /// The figure: at least 0.
    pub value: f64,
}

/// What a file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// The file, as it was named.
    pub file: String,
    /// Its figures, in the order of the file.
    pub rows: Vec<ObservedRow>,
    /// Rows without a figure.
    pub gaps: usize,
    /// Headings that were not read.
    pub unread: Vec<String>,
}

impl Observed {
    /// The authorities of the file, sorted by code; empty where it names none.
    pub fn authorities(&self) -> Vec<Authority> {
        let mut list: Vec<Authority> = self.rows.iter().filter_map(|row| row.authority.clone()).collect();
        list.sort();
        list.dedup();
        list
    }

    /// The same with the rows of one authority alone, by its code or name; capitals do not matter.
    ///
    /// # Errors
    /// If the file has no such authority; says which there are.
    pub fn of_authority(&self, wanted: &str) -> Result<Self, ObservedFaults> {
        let is = |authority: &Authority| {
            authority.code.eq_ignore_ascii_case(wanted) || authority.name.eq_ignore_ascii_case(wanted)
        };
        let rows: Vec<ObservedRow> =
            self.rows.iter().filter(|row| row.authority.as_ref().is_some_and(is)).cloned().collect();
        if rows.is_empty() {
            let all = self.authorities();
            let names: Vec<&str> = all.iter().map(|authority| authority.name.as_str()).collect();
            let help = match names.is_empty() {
                true => "the file names no authority: leave --authority out".to_owned(),
                false => suggestion(wanted, &names),
            };
            return Err(self.refused(format!("there is no authority `{wanted}` in this file"), help));
        }
        Ok(Self { rows, ..self.clone() })
    }

    /// The same, if it is of one authority at most.
    ///
    /// # Errors
    /// If it is of several: one must be chosen.
    pub fn of_one(self) -> Result<Self, ObservedFaults> {
        let all = self.authorities();
        if all.len() < 2 {
            return Ok(self);
        }
        let named: Vec<String> =
            all.iter().take(3).map(|authority| format!("{} ({})", authority.name, authority.code)).collect();
        let help = format!("choose one with --authority, such as {}", named.join(", "));
        Err(self.refused(format!("the file has {} authorities", all.len()), help))
    }

    fn refused(&self, message: String, help: String) -> ObservedFaults {
        ObservedFaults { file: self.file.clone(), list: vec![fault(0, "", message, help)] }
    }
}

/// Reads a file.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn read(path: &Path) -> Result<Observed, ObservedFaults> {
    let file = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => parse(&file, &bytes),
        Err(error) => {
            let help = "name a CSV file of what was observed";
            let list = vec![fault(0, "", format!("cannot be read: {error}"), help)];
            Err(ObservedFaults { file, list })
        }
    }
}

/// Reads a file's bytes; `file` is its name for faults.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Observed, ObservedFaults> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(::csv::Trim::All)
        .from_reader(bytes);
    let mut observed = Observed { file: file.to_owned(), rows: Vec::new(), gaps: 0, unread: Vec::new() };
    let mut faults = Vec::new();
    let mut layout: Option<Layout> = None;
    let mut seen: BTreeMap<layout::Key, u64> = BTreeMap::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, ::csv::Position::line);
                faults.push(fault(
                    line,
                    "",
                    format!("is no text in UTF-8 ({error})"),
                    "save the file as CSV UTF-8",
                ));
                continue;
            }
        };
        let line = record.position().map_or(0, ::csv::Position::line);
        let Some(layout) = &layout else {
            let (found, unread) = match Layout::of(&record, line) {
                Ok(found) => found,
                Err(list) => {
                    faults.extend(list);
                    break;
                }
            };
            (layout, observed.unread) = (Some(found), unread);
            continue;
        };
        match layout.row(&record, line, &mut faults) {
            Some(Some(row)) => match seen.insert(layout::key(&row), line) {
                Some(first) => {
                    let message = format!("says again what line {first} says: {}", layout::described(&row));
                    faults.push(fault(line, "", message, "keep one of the two"));
                }
                None => observed.rows.push(row),
            },
            Some(None) => observed.gaps += 1,
            None => {}
        }
    }
    if faults.is_empty() && observed.rows.is_empty() {
        let help = "a line of headings such as week_start,measure,value, then a line for each figure";
        faults.push(fault(0, "", "holds no figures", help));
    }
    if faults.is_empty() { Ok(observed) } else { Err(ObservedFaults { file: file.to_owned(), list: faults }) }
}

#[cfg(test)]
mod tests;
