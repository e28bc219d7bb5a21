//! Contacts sorted out: new need, returns, and contacts about open cases.
//!
//! Consumes linked cases; produces [`Contacts`]. A contact within a year of the child's last closure is a return; one about a
//! child with an open case is neither new nor a return.

use super::stays::{Case, Cases};
use crate::extracts::records::List;
use crate::scenario::{AreaId, SourceId};

/// Days after a closure within which a contact is a return.
const RETURN_DAYS: i64 = 365;
/// One contact of one child.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contact {
    /// Day of the contacts' window.
    pub day: usize,
    /// The source in the base.
    pub source: Option<SourceId>,
    /// The area.
    pub area: Option<AreaId>,
    /// Days since the child's last closure, if within a year.
    pub back: Option<i64>,
}

/// Contacts sorted out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contacts {
    /// New ones and returns.
    pub list: Vec<Contact>,
    /// Contacts about children with an open case.
    pub about_open: usize,
    /// Contacts whose source the base does not have.
    pub unplaced: usize,
    /// Days of the window.
    pub days: usize,
    /// First day of the window on the common count.
    pub first: i64,
}

impl Contacts {
    /// Sorts the contacts of a reading; `None` if it has none.
    pub fn new(cases: &Cases) -> Option<Self> {
        let window = cases.window(List::Contact)?;
        let mut contacts =
            Self { days: usize::try_from(window.1 - window.0).ok()?, first: window.0, ..Self::default() };
        for rows in cases.by_child().values() {
            for row in rows.iter().filter(|row| row.list == List::Contact) {
                contacts.sort(row, rows, window);
            }
        }
        contacts.list.sort_by_key(|contact| (contact.day, contact.source, contact.area));
        (!contacts.list.is_empty()).then_some(contacts)
    }

    fn sort(&mut self, row: &Case, rows: &[&Case], window: (i64, i64)) {
        let Ok(day) = usize::try_from(row.start - window.0) else { return };
        if row.start >= window.1 {
            return;
        }
        let spells = || {
            rows.iter().filter(|case| !matches!(case.list, List::Contact | List::Referral | List::Section47))
        };
        if spells().any(|case| case.start < row.start && case.end.is_none_or(|end| end > row.start)) {
            self.about_open += 1;
            return;
        }
        self.unplaced += usize::from(row.source.is_none());
        let closed = spells().filter_map(|case| case.end).filter(|end| *end <= row.start).max();
        let back = closed.map(|end| row.start - end).filter(|days| *days <= RETURN_DAYS);
        self.list.push(Contact { day, source: row.source, area: row.area, back });
    }

    /// How many contacts one stands for among returns: those like it whose closure was out of view count too.
    pub(super) fn weight_of_return(&self, back: i64) -> f64 {
        let days = self.days as f64;
        days / (days - back as f64).max(days / 12.0)
    }

    /// New contacts of a source: all less returns.
    pub(super) fn new_of(&self, source: SourceId) -> f64 {
        let of = self.list.iter().filter(|contact| contact.source == Some(source));
        of.map(|contact| 1.0 - contact.back.map_or(0.0, |back| self.weight_of_return(back))).sum()
    }

    /// Share of contacts that are returns.
    pub fn return_share(&self) -> f64 {
        let returns = self.list.iter().filter_map(|contact| contact.back);
        returns.map(|back| self.weight_of_return(back)).sum::<f64>() / self.list.len() as f64
    }
}
