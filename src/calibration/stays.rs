//! What each child went through, as far as the lists tell: stays in stages, and what each led to.
//!
//! Consumes the records of a [`Reading`]; produces [`Case`]s on a common count of days. **How.** A case that ended led to
//! the list in which the same child has a row that begins within [`FOLLOWS`] days, the nearest first, unless the
//! child was contacted or referred again in between: then it had been closed and came back. A spell as a child in
//! need is taken as one only from the last day of any assessment, plan or care that lies within it, since
//! councils and the census count it from the referral.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use super::roles::source_of;
use super::survival::Spell;
use crate::extracts::records::{List, Outcome, Reading, Record};
use crate::scenario::{AreaId, Scenario, SourceId};

/// Days within which the next stage begins: a transfer between teams takes some.
pub const FOLLOWS: i64 = 10;

/// One row of an extract on the common count of days, with what it led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The list.
    pub list: List,
    /// The child's number.
    pub child: u32,
    /// The family's number, where the file groups children.
    pub family: Option<u32>,
    /// The area.
    pub area: Option<AreaId>,
    /// Who made contact.
    pub source: Option<SourceId>,
    /// First day.
    pub start: i64,
    /// Last day.
    pub end: Option<i64>,
    /// What the row says came of it.
    pub outcome: Option<Outcome>,
    /// The list it led to, when it ended early enough before the extract to tell; `Some(None)`: it was closed.
    pub next: Option<Option<List>>,
}

/// All cases by list, with the lists' windows.
#[derive(Clone, Debug)]
pub struct Cases {
    /// Day 0.
    pub origin: Date,
    cases: BTreeMap<List, Vec<Case>>,
    windows: BTreeMap<List, (i64, i64)>,
}

impl Cases {
    /// Takes a reading apart.
    pub fn new(scenario: &Scenario, reading: &Reading) -> Self {
        let firsts = reading.windows.iter().map(|window| window.days.start);
        let origin = firsts.min().unwrap_or(scenario.start);
        let day = |date: Date| origin.until(date).map_or(0, |span| i64::from(span.get_days()));
        let windows: BTreeMap<List, (i64, i64)> = reading
            .windows
            .iter()
            .map(|window| (window.list, (day(window.days.start), day(window.days.end))))
            .collect();
        let area = |record: &Record| {
            let id = record.area.as_deref()?;
            scenario.areas.iter().position(|area| area.id == id)
        };
        let mut cases: BTreeMap<List, Vec<Case>> = BTreeMap::new();
        for record in &reading.records {
            cases.entry(record.list).or_default().push(Case {
                list: record.list,
                child: record.child.0,
                family: record.family.map(|family| family.0),
                area: area(record),
                source: record.source.and_then(|group| source_of(scenario, group)),
                start: day(record.start),
                end: record.end.map(day),
                outcome: record.outcome,
                next: None,
            });
        }
        let mut all = Self { origin, cases, windows };
        all.trim_child_in_need();
        all.link();
        all
    }

    /// The cases of a list.
    pub fn of(&self, list: List) -> &[Case] {
        self.cases.get(&list).map_or(&[], Vec::as_slice)
    }

    /// First day and day after the last of a list's window; `None` if it was not read.
    pub fn window(&self, list: List) -> Option<(i64, i64)> {
        self.windows.get(&list).copied()
    }

    /// The dates of a list's window.
    pub fn dates(&self, list: List) -> Option<Range<Date>> {
        let (from, to) = self.window(list)?;
        Some(self.date(from)..self.date(to))
    }

    /// The date of a day.
    pub fn date(&self, day: i64) -> Date {
        self.origin.saturating_add(jiff::Span::new().days(day))
    }

    /// The stays of a list, as far as they were in view.
    pub fn spells<'c>(&'c self, list: List) -> impl Iterator<Item = (&'c Case, Spell)> + 'c {
        let window = self.window(list);
        let spell = move |case: &'c Case| Some((case, Spell::of_days(case.start, case.end, window?)?));
        self.of(list).iter().filter_map(spell)
    }

    /// Rows of each child, in order of their first day, for all lists.
    pub fn by_child(&self) -> BTreeMap<u32, Vec<&Case>> {
        let mut children: BTreeMap<u32, Vec<&Case>> = BTreeMap::new();
        for case in self.cases.values().flatten() {
            children.entry(case.child).or_default().push(case);
        }
        children.values_mut().for_each(|rows| rows.sort_by_key(|case| (case.start, case.list)));
        children
    }

    fn trim_child_in_need(&mut self) {
        const WITHIN: [List; 3] = [List::Assessment, List::ProtectionPlan, List::LookedAfter];
        let mut ends: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
        for case in WITHIN.iter().filter_map(|list| self.cases.get(list)).flatten() {
            ends.entry(case.child).or_default().extend(case.end);
        }
        let Some(cases) = self.cases.get_mut(&List::ChildInNeed) else { return };
        for case in cases.iter_mut() {
            let own = ends.get(&case.child).into_iter().flatten();
            let within = own.filter(|end| **end > case.start && case.end.is_none_or(|last| **end < last));
            case.start = within.copied().max().unwrap_or(case.start);
        }
    }

    /// Finds out what each case led to.
    fn link(&mut self) {
        let last = self.windows.values().map(|window| window.1).min().unwrap_or(0);
        let mut next: BTreeMap<List, Vec<Option<Option<List>>>> = BTreeMap::new();
        {
            let children = self.by_child();
            for (list, cases) in &self.cases {
                let found = cases.iter().map(|case| led_to(case, &children[&case.child], last));
                next.insert(*list, found.collect());
            }
        }
        for (list, cases) in &mut self.cases {
            if let Some(found) = next.remove(list) {
                cases.iter_mut().zip(found).for_each(|(case, next)| case.next = next);
            }
        }
    }
}

/// The list that a case led to, if it can be told.
fn led_to(case: &Case, rows: &[&Case], last: i64) -> Option<Option<List>> {
    let event = matches!(case.list, List::Contact | List::Referral);
    let end = if event { case.start } else { case.end? };
    if end + FOLLOWS >= last {
        return None;
    }
    // Early help may be stepped up to a referral; for social care's own a referral is a return.
    let early = matches!(case.list, List::EarlyHelp | List::EarlyHelpAssessment);
    let is_contact = |row: &&Case| row.list == List::Contact || (row.list == List::Referral && !early);
    let follows = |row: &&&Case| {
        let own = std::ptr::eq(**row, case);
        // What is decided at the front door may lead to a referral; what was open already may not.
        let kind = if case.list == List::Contact { row.list != List::Contact } else { !is_contact(row) };
        !own && kind && (end..=end + FOLLOWS).contains(&row.start)
    };
    let Some(nearest) = rows.iter().filter(follows).min_by_key(|row| (row.start, row.list)) else {
        return Some(None);
    };
    let again = |row: &&Case| is_contact(row) && (end + 1..=nearest.start).contains(&row.start);
    let came_back = !event && rows.iter().any(again);
    Some((!came_back).then_some(nearest.list))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(list: List, start: i64, end: Option<i64>) -> Case {
        Case { list, child: 0, family: None, area: None, source: None, start, end, outcome: None, next: None }
    }

    #[test]
    fn the_nearest_row_is_what_a_case_led_to_unless_the_child_came_back() {
        let assessment = case(List::Assessment, 10, Some(40));
        let plan = case(List::ChildInNeed, 43, None);
        let enquiry = case(List::Section47, 47, None);
        let rows = [&assessment, &plan, &enquiry];
        assert_eq!(led_to(&assessment, &rows, 365), Some(Some(List::ChildInNeed)));
        assert_eq!(led_to(&plan, &rows, 365), None, "it is open");
        let contact = case(List::Contact, 42, None);
        assert_eq!(led_to(&assessment, &[&assessment, &contact, &plan], 365), Some(None), "closed, and back");
        let late = case(List::Assessment, 330, Some(360));
        assert_eq!(led_to(&late, &[&late], 365), None, "too near the extract's end to tell");
    }
}
