//! What is gathered while files are read: sources, problems, numbers for children, and drafts of records.
//!
//! **Invariants:** identifiers live in [`Numbers`] alone, which ends with the reading; every row of a source that is
//! read is either behind exactly one draft or has exactly one problem that leaves it out.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::areas::Assignment;
use super::headings::{Known, Vocabulary};
use super::records::{List, Number, Outcome, Quarantined, ReferralSource, Source, Where};
use super::table::Cell;

/// Numbers in order of first appearance.
#[derive(Default)]
pub(super) struct Numbers(BTreeMap<String, u32>);

impl Numbers {
    /// The number of an identifier; the same for the same identifier in another case, with other blanks, leading
    /// noughts, or as a decimal number, as spreadsheets write them.
    pub(super) fn of(&mut self, cell: &Cell) -> Option<Number> {
        let text: String = cell.text()?.split_whitespace().collect::<String>().to_lowercase();
        let text = text.strip_suffix(".0").unwrap_or(&text);
        let figures = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        let key = if figures { text.trim_start_matches('0') } else { text };
        let next = u32::try_from(self.0.len()).ok()?;
        Some(Number(*self.0.entry(key.to_owned()).or_insert(next)))
    }
}

/// Where a row is: its source, and its number there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) source: usize,
    pub(super) row: usize,
}

/// A record before it is known what period its list covers.
#[derive(Clone)]
pub(super) struct Draft {
    /// The rows behind it: one, but for periods of care.
    pub(super) rows: Vec<Place>,
    pub(super) group: usize,
    pub(super) list: List,
    pub(super) child: Number,
    pub(super) family: Option<Number>,
    pub(super) area: Option<String>,
    pub(super) by: Option<ReferralSource>,
    pub(super) start: Date,
    pub(super) end: Option<Date>,
    pub(super) outcome: Option<Outcome>,
    /// The columns of its days, for problems.
    pub(super) columns: (&'static str, &'static str),
}

impl Draft {
    pub(super) fn is_event(&self) -> bool {
        matches!(self.list, List::Contact | List::Referral)
    }

    /// The last day on which something of it is known to have happened; `None` if it was still open.
    pub(super) fn finished(&self) -> Option<Date> {
        let no_conference = self.list == List::Section47 && self.outcome == Some(Outcome::NoFurtherAction);
        if self.is_event() || no_conference { Some(self.start) } else { self.end }
    }
}

/// An episode of being looked after, as the yearly return has it.
#[derive(Clone)]
pub(super) struct Episode {
    pub(super) place: Place,
    pub(super) group: usize,
    pub(super) child: Number,
    pub(super) area: Option<String>,
    pub(super) start: Date,
    pub(super) end: Option<Date>,
    /// Whether the child started to be looked after with it, where the file says.
    pub(super) started: Option<bool>,
    /// Whether another began when it ended.
    pub(super) continues: bool,
    pub(super) outcome: Option<Outcome>,
}

/// Which files were made at one time, on one day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    AnnexA,
    /// With the day to which the return refers.
    Census(Option<Date>),
    Care,
    EarlyHelp,
}

/// Files made at one time, and the days in them that can show when.
pub(super) struct Group {
    pub(super) kind: Kind,
    pub(super) days: Vec<Date>,
}

/// All that was found so far.
pub(super) struct Gathering<'a> {
    pub(super) assignment: &'a Assignment,
    pub(super) known: Vec<Known>,
    pub(super) vocabulary: Vocabulary,
    pub(super) sources: Vec<Source>,
    pub(super) groups: Vec<Group>,
    pub(super) drafts: Vec<Draft>,
    pub(super) episodes: Vec<Episode>,
    pub(super) children: Numbers,
    pub(super) families: Numbers,
    problems: Vec<(Place, Quarantined)>,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(assignment: &'a Assignment) -> Self {
        let known = Known::all();
        Gathering {
            assignment,
            vocabulary: Vocabulary::of(&known),
            known,
            sources: Vec::new(),
            groups: Vec::new(),
            drafts: Vec::new(),
            episodes: Vec::new(),
            children: Numbers::default(),
            families: Numbers::default(),
            problems: Vec::new(),
        }
    }

    /// Adds a source of which nothing is known yet.
    pub(super) fn source(&mut self, file: &str, sheet: Option<String>, rows: usize) -> usize {
        self.sources.push(Source {
            file: file.to_owned(),
            sheet,
            list: None,
            rows,
            records: 0,
            matched: Vec::new(),
            unmatched: Vec::new(),
            missing: Vec::new(),
        });
        self.sources.len() - 1
    }

    pub(super) fn group(&mut self, kind: Kind) -> usize {
        self.groups.push(Group { kind, days: Vec::new() });
        self.groups.len() - 1
    }

    fn problem(&mut self, place: Place, column: &str, reason: &str, row_left_out: bool) {
        let source = &self.sources[place.source];
        let at = Where { file: source.file.clone(), sheet: source.sheet.clone(), row: place.row };
        let problem =
            Quarantined { place: at, column: column.to_owned(), reason: reason.to_owned(), row_left_out };
        self.problems.push((place, problem));
    }

    /// Puts a row aside.
    pub(super) fn leave_out(&mut self, place: Place, column: &str, reason: &str) {
        self.problem(place, column, reason, true);
    }

    /// Puts all rows behind a draft aside.
    pub(super) fn leave_out_all(&mut self, places: &[Place], column: &str, reason: &str) {
        places.iter().for_each(|place| self.leave_out(*place, column, reason));
    }

    /// Reports a value that was put aside, or read otherwise than it stands.
    pub(super) fn note(&mut self, place: Place, column: &str, reason: &str) {
        self.problem(place, column, reason, false);
    }

    /// The problems by place.
    pub(super) fn problems(&mut self) -> Vec<Quarantined> {
        self.problems.sort_by_key(|(place, _)| *place);
        std::mem::take(&mut self.problems).into_iter().map(|(_, problem)| problem).collect()
    }
}
