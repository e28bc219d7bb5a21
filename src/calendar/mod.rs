//! The civil calendar: weekends, England's bank holidays, school terms.
//!
//! Consumes the run's first day and the data shipped in `data/`; produces tables by day, so that
//! the simulation asks no date arithmetic of its hot path. A *day* is a whole number counted from
//! midnight of the run's first day (day 0); a *time* is a number of days since then and may carry a
//! fraction. Both may be negative.
//!
//! Invariants: a working day is a Monday to Friday that is not a bank holiday of England; working
//! time never decreases; a school day is closed exactly when [`SchoolCalendar::open_days`] says so.

mod bank_holidays;
mod schools;

pub use bank_holidays::{bank_holidays, easter_sunday, spring_bank_holiday};
pub use schools::{SchoolBreak, SchoolCalendar};

use bank_holidays::add_days;
use jiff::civil::Date;

/// Days tabled before the run's first day: clocks of families open at the start reach back.
const BEFORE: i64 = 400;
/// Days tabled after the run's last: returns and school terms reach beyond the end.
const AFTER: i64 = 800;

/// The days of one run, counted from its first day (day 0).
///
/// Tables reach 400 days before and 800 after the run. Beyond them dates, weekdays, months and
/// years are still exact, but no day counts as a bank holiday.
///
/// ```
/// use caseflow::calendar::RunCalendar;
/// let calendar = RunCalendar::new(jiff::civil::date(2025, 4, 14), 28);
/// // Good Friday and Easter Monday do not count: from Monday noon to the Wednesday nine days later.
/// assert_eq!(calendar.working_days_between(0.5, 9.0), 4.5);
/// ```
#[derive(Clone, Debug)]
pub struct RunCalendar {
    first_day: Date,
    /// Day of the tables' first row.
    offset: i64,
    bank_holiday: Vec<bool>,
    /// Working days before each tabled day; one more entry than days.
    working: Vec<f64>,
    month: Vec<u32>,
    year: Vec<u32>,
}

impl RunCalendar {
    /// The calendar of a run of `days` days from `first_day`.
    pub fn new(first_day: Date, days: usize) -> Self {
        let rows = usize::try_from(BEFORE + AFTER).unwrap_or(0) + days;
        let mut calendar = Self {
            first_day,
            offset: -BEFORE,
            bank_holiday: vec![false; rows],
            working: Vec::with_capacity(rows + 1),
            month: Vec::with_capacity(rows),
            year: Vec::with_capacity(rows),
        };
        let (first, last) = (calendar.date(-BEFORE), calendar.date(rows as i64 - 1 - BEFORE));
        for holiday in (first.year()..=last.year()).flat_map(bank_holidays) {
            if let Some(row) = calendar.row(calendar.day_of(holiday)) {
                calendar.bank_holiday[row] = true;
            }
        }
        let mut working = 0.0;
        for row in 0..rows {
            let day = row as i64 + calendar.offset;
            calendar.working.push(working);
            if calendar.weekday_index(day) < 5 && !calendar.bank_holiday[row] {
                working += 1.0;
            }
            let date = calendar.date(day);
            calendar.month.push(months_since(first_day, date));
            calendar.year.push(financial_years_since(first_day, date));
        }
        calendar.working.push(working);
        calendar
    }

    /// The run's first day.
    pub fn first_day(&self) -> Date {
        self.first_day
    }

    /// The date of a day.
    pub fn date(&self, day: i64) -> Date {
        add_days(self.first_day, day)
    }

    /// The day of a date.
    pub fn day_of(&self, date: Date) -> i64 {
        self.first_day.until(date).map_or(0, |span| i64::from(span.get_days()))
    }

    /// Whether a day is Monday to Friday and not a bank holiday of England.
    #[inline]
    pub fn is_working(&self, day: i64) -> bool {
        match self.row(day) {
            Some(row) => self.working[row + 1] > self.working[row],
            None => self.weekday_index(day) < 5,
        }
    }

    /// Whether a bank holiday of England is taken on a day.
    #[inline]
    pub fn is_bank_holiday(&self, day: i64) -> bool {
        self.row(day).is_some_and(|row| self.bank_holiday[row])
    }

    /// Day of the week: Monday 0 to Sunday 6.
    #[inline]
    pub fn weekday_index(&self, day: i64) -> usize {
        let first = i64::from(self.first_day.weekday().to_monday_zero_offset());
        (first + day).rem_euclid(7) as usize
    }

    /// Working days from time `t0` to time `t1`: every whole working day counts 1, and the parts of
    /// days at both ends count only where those days are working days. Negative when `t1 < t0`.
    #[inline]
    pub fn working_days_between(&self, t0: f64, t1: f64) -> f64 {
        self.working_time(t1) - self.working_time(t0)
    }

    /// Working days from the beginning of the tables to a time; flat before and after the tables.
    #[inline]
    pub fn working_time(&self, t: f64) -> f64 {
        let last = (self.working.len() - 1) as f64;
        let x = (t - self.offset as f64).clamp(0.0, last);
        let row = (x as usize).min(self.working.len() - 2);
        let (before, after) = (self.working[row], self.working[row + 1]);
        before + (x - row as f64) * (after - before)
    }

    /// Calendar months since the month of the first day; 0 for days before that month.
    #[inline]
    pub fn month_index(&self, day: i64) -> usize {
        match self.row(day) {
            Some(row) => self.month[row] as usize,
            None => months_since(self.first_day, self.date(day)) as usize,
        }
    }

    /// Financial years (beginning on 1 April) since that of the first day; 0 for days before it.
    #[inline]
    pub fn year_index(&self, day: i64) -> usize {
        match self.row(day) {
            Some(row) => self.year[row] as usize,
            None => financial_years_since(self.first_day, self.date(day)) as usize,
        }
    }

    #[inline]
    fn row(&self, day: i64) -> Option<usize> {
        let row = day.wrapping_sub(self.offset) as usize;
        (row < self.bank_holiday.len()).then_some(row)
    }
}

fn months_since(first: Date, date: Date) -> u32 {
    let count = |d: Date| i32::from(d.year()) * 12 + i32::from(d.month());
    u32::try_from(count(date) - count(first)).unwrap_or(0)
}

fn financial_years_since(first: Date, date: Date) -> u32 {
    let count = |d: Date| i32::from(d.year()) - i32::from(d.month() < 4);
    u32::try_from(count(date) - count(first)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_and_dates_invert_each_other() {
        let calendar = RunCalendar::new(date(2023, 9, 6), 1000);
        for day in [-900, -400, -1, 0, 1, 59, 999, 1800, 5000] {
            assert_eq!(calendar.day_of(calendar.date(day)), day);
            let weekday = calendar.date(day).weekday().to_monday_zero_offset() as usize;
            assert_eq!(calendar.weekday_index(day), weekday, "{day}");
        }
        assert_eq!(calendar.date(0), date(2023, 9, 6));
    }

    #[test]
    fn christmas_week_has_three_working_days() {
        let calendar = RunCalendar::new(date(2023, 12, 25), 14);
        let working: Vec<i64> = (0..8).filter(|day| calendar.is_working(*day)).collect();
        assert_eq!(working, [2, 3, 4]);
        assert!(calendar.is_bank_holiday(7) && !calendar.is_bank_holiday(6));
        assert_eq!(calendar.working_days_between(0.0, 14.0), 7.0);
    }

    #[test]
    fn parts_of_days_count_only_on_working_days() {
        let calendar = RunCalendar::new(date(2025, 3, 3), 28);
        // Friday 18:00 to Monday 06:00.
        assert!((calendar.working_days_between(4.75, 7.25) - 0.5).abs() < 1e-12);
        // Saturday to Sunday.
        assert_eq!(calendar.working_days_between(5.1, 6.9), 0.0);
        // Friday noon before day 0 to Monday 06:00, and backwards.
        assert!((calendar.working_days_between(-2.5, 0.25) - 0.75).abs() < 1e-12);
        assert!((calendar.working_days_between(1.0, 0.0) + 1.0).abs() < 1e-12);
    }

    #[test]
    fn months_and_financial_years_are_counted_from_the_first_day() {
        let calendar = RunCalendar::new(date(2019, 9, 2), 900);
        assert_eq!(calendar.month_index(0), 0);
        assert_eq!(calendar.month_index(calendar.day_of(date(2019, 9, 30))), 0);
        assert_eq!(calendar.month_index(calendar.day_of(date(2020, 3, 1))), 6);
        assert_eq!(calendar.year_index(calendar.day_of(date(2020, 3, 31))), 0);
        assert_eq!(calendar.year_index(calendar.day_of(date(2020, 4, 1))), 1);
        assert_eq!(calendar.month_index(-300), 0);
        assert_eq!(calendar.month_index(calendar.day_of(date(2030, 9, 2))), 132);
    }

    #[test]
    fn times_far_outside_the_tables_do_no_harm() {
        let calendar = RunCalendar::new(date(2019, 9, 2), 7);
        for t in [-1e9, 1e9, f64::MIN, f64::MAX] {
            assert!(calendar.working_time(t).is_finite());
        }
        assert!(!calendar.is_bank_holiday(i64::MIN));
        assert!(!calendar.is_bank_holiday(i64::MAX / 2));
    }

    proptest! {
        #[test]
        fn working_time_counts_days_one_by_one(start in 0_i64..900, length in 0_i64..900) {
            let calendar = RunCalendar::new(date(2018, 1, 1), 1000);
            let counted = (start..start + length).filter(|day| {
                let on = calendar.date(*day);
                calendar.weekday_index(*day) < 5 && !bank_holidays(on.year()).contains(&on)
            }).count();
            let between = calendar.working_days_between(start as f64, (start + length) as f64);
            prop_assert_eq!(between, counted as f64);
        }
    }
}
