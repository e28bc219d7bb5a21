//! The civil calendar: weekends, England's bank holidays, school terms.

use jiff::civil::Date;

/// When an area's schools are closed.
#[derive(Clone, Debug, PartialEq)]
pub struct SchoolCalendar {
    /// Name for readers.
    pub name: String,
    /// Holidays and closures, sorted by first day.
    pub breaks: Vec<SchoolBreak>,
}

/// A school holiday or a closure, both days included.
#[derive(Clone, Debug, PartialEq)]
pub struct SchoolBreak {
    /// Name for readers.
    pub name: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// A closure (a pandemic), not a holiday.
    pub closure: bool,
}

/// The days of one run, counted from its first day (day 0, a Monday).
#[derive(Clone, Debug)]
pub struct RunCalendar {
    first_day: Date,
}

impl RunCalendar {
    /// The calendar from `first_day` for `days` days (queries beyond are extended on demand by the caller).
    pub fn new(first_day: Date, days: usize) -> Self {
        let _ = days;
        Self { first_day }
    }
    /// The run's first day.
    pub fn first_day(&self) -> Date {
        self.first_day
    }
}
