//! Rows of a list into drafts of records.
//!
//! Consumes a table whose headings are found; produces a draft for each row that can be used, and a problem for each
//! that cannot. What each list's columns become is said in `docs/extracts.md`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::codes;
use super::dates::{self, Day, Order};
use super::gather::{Draft, Episode, Gathering, Place};
use super::headings::Matched;
use super::layout::{Kind, Role};
use super::records::{List, Number, Outcome, ReferralSource};
use super::table::{Cell, Row, Table};

pub(super) const DUPLICATE: &str = "the same row as an earlier one: counted once";
pub(super) const BACKWARDS: &str = "ends before it starts";
const ZERO: &str = "1 January 1900, which spreadsheets show for an empty cell: read as blank";

/// Why a row is left out, and the column's name.
type Fault = (&'static str, &'static str);

/// A list's columns in one table.
struct Reader<'t> {
    table: &'t Table,
    headings: usize,
    /// Place and name of the column of each role.
    columns: BTreeMap<Role, (usize, &'static str)>,
    /// Places of columns of days in the past.
    seen: Vec<usize>,
    orders: BTreeMap<Role, Order>,
    source: usize,
    group: usize,
    /// Whether cells beyond the headings show that a row is shifted.
    is_text: bool,
}

/// Where a table stands among what is read.
pub(super) struct Standing {
    pub(super) source: usize,
    pub(super) group: usize,
    pub(super) is_text: bool,
}

/// Reads all rows below the headings.
pub(super) fn read(found: &mut Gathering<'_>, table: &Table, matched: &Matched, standing: &Standing) {
    let layout = &found.known[matched.layout].layout;
    let kind = layout.kind;
    let named = layout.columns.iter().zip(&matched.places);
    let seen = named.clone().filter(|(column, _)| column.role == Role::Seen).filter_map(|(_, place)| *place);
    let seen = seen.collect();
    let columns: BTreeMap<Role, (usize, &'static str)> = named
        .filter(|(column, _)| !matches!(column.role, Role::Known | Role::Seen))
        .filter_map(|(column, place)| Some((column.role, ((*place)?, column.name))))
        .collect();
    let mut reader = Reader {
        table,
        headings: matched.row,
        columns,
        seen,
        orders: BTreeMap::new(),
        source: standing.source,
        group: standing.group,
        is_text: standing.is_text,
    };
    reader.find_orders(found);
    let mut seen = BTreeSet::new();
    for row in table.rows.iter().skip(matched.row + 1) {
        let place = Place { source: standing.source, row: row.number };
        let used = if reader.is_heading(row) {
            Err(("", "the headings a second time"))
        } else if !seen.insert(fingerprint(row)) {
            Err(("", DUPLICATE))
        } else {
            reader.row(found, row, place, kind)
        };
        if let Err((column, reason)) = used {
            found.leave_out(place, column, reason);
        }
    }
}

/// A row's cells as a short number, so that exact repeats are noticed without keeping them.
fn fingerprint(row: &Row) -> [u8; 32] {
    let mut hash = Sha256::new();
    let last = row.cells.iter().rposition(|cell| !matches!(cell, Cell::Blank)).map_or(0, |last| last + 1);
    for cell in &row.cells[..last] {
        hash.update(cell.text().unwrap_or_default());
        hash.update([0x1f]);
    }
    hash.finalize().into()
}

impl Reader<'_> {
    fn find_orders(&mut self, found: &mut Gathering<'_>) {
        for role in [Role::Start, Role::End] {
            let Some((column, name)) = self.columns.get(&role).copied() else { continue };
            let order = dates::order(self.table.rows.iter().skip(self.headings + 1), column);
            self.orders.insert(role, order);
            if order == Order::MonthFirst {
                let row = self.table.rows[self.headings].number;
                let place = Place { source: self.source, row };
                found.note(place, name, "the whole column was read with the month before the day");
            }
        }
    }

    fn is_heading(&self, row: &Row) -> bool {
        let headings = &self.table.rows[self.headings];
        let mut read = self.columns.values();
        read.all(|(column, _)| row.cell(*column) == headings.cell(*column))
    }

    fn cell<'r>(&self, row: &'r Row, role: Role) -> &'r Cell {
        self.columns.get(&role).map_or(&Cell::Blank, |(column, _)| row.cell(*column))
    }

    fn name(&self, role: Role) -> &'static str {
        self.columns.get(&role).map_or("", |(_, name)| name)
    }

    fn day(&self, row: &Row, role: Role) -> Day {
        let order = self.orders.get(&role).copied().unwrap_or(Order::DayFirst);
        dates::day(self.cell(row, role), order)
    }

    fn start(&self, row: &Row) -> Result<Date, Fault> {
        let name = self.name(Role::Start);
        match self.day(row, Role::Start) {
            Day::On(date) => Ok(date),
            Day::Blank => Err((name, "no date")),
            Day::Zero => Err((name, "1 January 1900, which spreadsheets show for an empty cell: no date")),
            Day::Wrong(reason) => Err((name, reason)),
        }
    }

    fn end(&self, found: &mut Gathering<'_>, row: &Row, place: Place) -> Result<Option<Date>, Fault> {
        let name = self.name(Role::End);
        match self.day(row, Role::End) {
            Day::On(date) => Ok(Some(date)),
            Day::Blank => Ok(None),
            Day::Zero => {
                found.note(place, name, ZERO);
                Ok(None)
            }
            // It ended, but nobody can tell when: to read it as open would make it last too long.
            Day::Wrong(reason) => Err((name, reason)),
        }
    }

    fn row(&self, found: &mut Gathering<'_>, row: &Row, place: Place, kind: Kind) -> Result<(), Fault> {
        self.is_whole(row)?;
        let family = found.families.of(self.cell(row, Role::Family));
        let child = self.child(found, row, kind)?;
        let start = self.start(row)?;
        let end = self.end(found, row, place)?;
        if end.is_some_and(|end| end < start) {
            return Err((self.name(Role::End), BACKWARDS));
        }
        if self.is_short_break(row) {
            return Err((
                self.name(Role::LegalStatus),
                "a series of short breaks (V3, V4): not counted as being looked after",
            ));
        }
        let list = match kind {
            Kind::Rows(list) => list,
            Kind::Episodes => return self.episode(found, row, place, (child, start, end)),
            Kind::NotRead => return Ok(()),
        };
        self.is_counted_elsewhere(row, list)?;
        let mut draft = Draft {
            rows: vec![place],
            group: self.group,
            list,
            child,
            family,
            area: self.area(found, row, place),
            by: None,
            start,
            end,
            outcome: None,
            columns: (self.name(Role::Start), self.name(Role::End)),
        };
        draft.by = self.source(found, row, place);
        draft.outcome = self.outcome(found, row, place, &draft);
        let group = &mut found.groups[self.group].days;
        group.push(start);
        // A conference may be arranged for a day to come: only what came of it shows that it was held.
        group.extend(end.filter(|_| list != List::Section47 || draft.outcome.is_some()));
        group.extend(self.seen.iter().filter_map(|column| {
            match dates::day(row.cell(*column), Order::DayFirst) {
                Day::On(date) => Some(date),
                _ => None,
            }
        }));
        found.drafts.push(draft);
        Ok(())
    }

    /// Whether a row's cells can be taken to stand under their headings.
    fn is_whole(&self, row: &Row) -> Result<(), Fault> {
        if row.runs_on {
            return Err(("", "a quotation mark is left open: lines after it were taken for part of a cell"));
        }
        let width = self.table.rows[self.headings].cells.len();
        if self.is_text && row.cells.iter().skip(width).any(|cell| !matches!(cell, Cell::Blank)) {
            return Err(("", "more cells than headings: the row may be shifted"));
        }
        Ok(())
    }

    fn child(&self, found: &mut Gathering<'_>, row: &Row, kind: Kind) -> Result<Number, Fault> {
        let by_family = kind == Kind::Rows(List::EarlyHelp) && !self.columns.contains_key(&Role::Child);
        if by_family {
            // A file by families: the family stands for its child.
            let cell = self.cell(row, Role::Family).text().map(|text| Cell::Text(format!("family {text}")));
            return cell
                .and_then(|cell| found.children.of(&cell))
                .ok_or((self.name(Role::Family), "no family"));
        }
        found.children.of(self.cell(row, Role::Child)).ok_or((self.name(Role::Child), "no child"))
    }

    fn episode(
        &self,
        found: &mut Gathering<'_>,
        row: &Row,
        place: Place,
        (child, start, end): (Number, Date, Option<Date>),
    ) -> Result<(), Fault> {
        let reason = self.cell(row, Role::Reason);
        if end.is_none() && reason.text().is_some() {
            found.note(place, self.name(Role::Reason), "a reason for ending, but no day: read as still open");
        }
        let area = self.area(found, row, place);
        let group = &mut found.groups[self.group].days;
        group.push(start);
        group.extend(end);
        found.episodes.push(Episode {
            place,
            group: self.group,
            child,
            area,
            start,
            end,
            started: codes::started(self.cell(row, Role::New)),
            continues: end.is_some() && codes::continues(reason),
            outcome: end.and(reason.text()).and_then(|text| codes::ceased(&text)),
        });
        Ok(())
    }

    fn is_short_break(&self, row: &Row) -> bool {
        codes::is_short_break(self.cell(row, Role::LegalStatus))
    }

    /// A child in need who is looked after, has a protection plan or is being assessed is a case of that list.
    fn is_counted_elsewhere(&self, row: &Row, list: List) -> Result<(), Fault> {
        let Some(status) = self.cell(row, Role::Status).text().filter(|_| list == List::ChildInNeed) else {
            return Ok(());
        };
        let status = status.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| status.contains(word));
        let reason = if has(&["looked after", "child in care"]) || status == "a" {
            "looked after by its status: a case of list 8"
        } else if has(&["protection"]) || status == "b" {
            "a child protection plan by its status: a case of list 7"
        } else if has(&["assessment"]) || status == "d" {
            "an open assessment by its status: a case of list 4"
        } else {
            return Ok(());
        };
        Err((self.name(Role::Status), reason))
    }

    fn area(&self, found: &mut Gathering<'_>, row: &Row, place: Place) -> Option<String> {
        let role = found.assignment.role()?;
        if !self.columns.contains_key(&role) {
            return None;
        }
        let cell = self.cell(row, role);
        let area = found.assignment.area(cell);
        if area.is_none() {
            let blank = cell.is_blank();
            let reason = if blank {
                "empty: the row has no area"
            } else {
                "no area is given for it: the row has none"
            };
            found.note(place, self.name(role), reason);
        }
        area
    }

    fn source(&self, found: &mut Gathering<'_>, row: &Row, place: Place) -> Option<ReferralSource> {
        let (column, name) = self.columns.get(&Role::Source)?;
        let cell = row.cell(*column);
        let source = codes::source(cell);
        if source.is_none() && !cell.is_blank() {
            found.note(place, name, "no code of a source was found in it: counted as unknown");
        }
        Some(source.unwrap_or(ReferralSource::Unknown))
    }

    /// A column of yes and no; what is neither is reported.
    fn yes_no(&self, found: &mut Gathering<'_>, row: &Row, place: Place, role: Role) -> Option<bool> {
        let cell = self.cell(row, role);
        let answer = codes::yes_no(cell);
        if answer.is_none() && !cell.is_blank() {
            found.note(place, self.name(role), "neither yes nor no: read as not said");
        }
        answer
    }

    fn outcome(&self, found: &mut Gathering<'_>, row: &Row, place: Place, draft: &Draft) -> Option<Outcome> {
        match draft.list {
            List::Referral => {
                let closed = self.yes_no(found, row, place, Role::ClosedAtOnce)?;
                Some(if closed { Outcome::NoFurtherAction } else { Outcome::WentOn })
            }
            List::Assessment => {
                let needed = self.yes_no(found, row, place, Role::Needed)?;
                Some(if needed { Outcome::WentOn } else { Outcome::NoFurtherAction })
            }
            List::Section47 => self.conference(found, row, place, draft.end),
            List::ChildInNeed | List::LookedAfter | List::EarlyHelp => self.reason(found, row, place, draft),
            List::Contact | List::EarlyHelpAssessment | List::ProtectionPlan => None,
        }
    }

    fn conference(
        &self,
        found: &mut Gathering<'_>,
        row: &Row,
        place: Place,
        held: Option<Date>,
    ) -> Option<Outcome> {
        let unnecessary = self.yes_no(found, row, place, Role::Unnecessary);
        let planned = self.yes_no(found, row, place, Role::Planned);
        match (held, unnecessary, planned) {
            (Some(_), Some(true), _) => {
                let reason = "a conference found unnecessary, but its day is given: read as held";
                found.note(place, self.name(Role::Unnecessary), reason);
                planned.map(|planned| if planned { Outcome::WentOn } else { Outcome::ConferenceWithoutPlan })
            }
            (Some(_), _, Some(true)) => Some(Outcome::WentOn),
            (Some(_), _, Some(false)) => Some(Outcome::ConferenceWithoutPlan),
            (None, Some(true), _) => Some(Outcome::NoFurtherAction),
            _ => None,
        }
    }

    fn reason(&self, found: &mut Gathering<'_>, row: &Row, place: Place, draft: &Draft) -> Option<Outcome> {
        let text = self.cell(row, Role::Reason).text();
        if draft.end.is_none() {
            let closed = self
                .cell(row, Role::Status)
                .text()
                .is_some_and(|text| text.to_lowercase().contains("closed"));
            if text.is_some() || closed {
                let role = if text.is_some() { Role::Reason } else { Role::Status };
                found.note(place, self.name(role), "closed, but no day of closing: read as still open");
            }
            return None;
        }
        let text = text?;
        let outcome = match draft.list {
            List::LookedAfter => return codes::ceased(&text),
            List::ChildInNeed => codes::closure(&text),
            _ => codes::ending(&text),
        };
        if outcome.is_none() {
            found.note(
                place,
                self.name(Role::Reason),
                "no reason known was found in it: counted as another reason",
            );
        }
        Some(outcome.unwrap_or(Outcome::OtherReason))
    }
}
