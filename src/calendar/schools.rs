//! When schools are closed: councils' published dates, and a default English pattern.
//!
//! Consumes the embedded `data/term_dates.csv` and lists from scenario files; produces, for a run,
//! a flag for every day and the day on which schools next open.
//!
//! **Which days a break covers.** Councils list holidays either by school days (Monday 28 October
//! to Friday 1 November) or by calendar days (Saturday to Sunday). A break that ends on a weekday is
//! read as listed by school days: the weekend and bank holidays that directly follow it belong to
//! it, and so do those directly before it when it also begins on a weekday. A break that ends at a
//! weekend is taken exactly as written. So schools return on a school day, never on a Saturday.
//!
//! **The default pattern** ([`SchoolCalendar::england_default`]), for the school year beginning in
//! September of year Y:
//!
//! | break | days |
//! |---|---|
//! | autumn half-term | the week of the fourth Monday of October |
//! | Christmas | two weeks from the Monday that falls on 19-25 December, and New Year's bank holiday if it follows |
//! | February half-term | the week of the Monday that falls on 13-19 February |
//! | Easter | Easter up to 1 April: Good Friday and the two weeks after it; 2-13 April: the week before and the week after; later: the two weeks before and Easter Monday |
//! | May half-term | the week of the Spring bank holiday |
//! | summer | 22 July until the autumn term, which begins on the Tuesday of 31 August - 6 September (1 September when that is 31 August) |
//!
//! The autumn half-term is that of most authorities in every year of the pupil attendance data
//! (2022: 150 of 153, 2023: 108, 2024: 134, 2025: 148); the others were compared with the shipped
//! councils' dates. A late Easter divides authorities; the pattern takes the commoner answer of
//! 2019 and of Oxfordshire 2025 and Sheffield 2028. Altogether about 13 weeks a year.

use std::sync::OnceLock;

use jiff::civil::Date;

use super::RunCalendar;
use super::bank_holidays::{add_days, bank_holidays, easter_sunday, monday_from, on, spring_bank_holiday};

const PUBLISHED: &str = include_str!("../../data/term_dates.csv");

/// A published holiday within so many days of a default one stands in its place.
const SAME_BREAK_DAYS: i64 = 14;

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

impl SchoolCalendar {
    /// The default English pattern for every school year that meets the days from `from` to `to`.
    pub fn england_default(from: Date, to: Date) -> Self {
        let breaks = (school_year(from)..=school_year(to)).flat_map(default_breaks).collect();
        Self { name: "England, default pattern".into(), breaks }
    }

    /// A council's published dates, by its name (capitals do not matter); `None` if none are
    /// shipped. Breaks that it did not publish come from the default pattern, the summer fitted
    /// between the published terms.
    pub fn shipped(name: &str, from: Date, to: Date) -> Option<Self> {
        let rows: Vec<&TermRow> =
            term_rows().iter().filter(|row| row.council.eq_ignore_ascii_case(name.trim())).collect();
        let council = rows.first()?.council.clone();
        let mut breaks: Vec<SchoolBreak> = rows.iter().filter_map(|row| row.holiday()).collect();
        let published = breaks.clone();
        for missing in Self::england_default(from, to).breaks {
            let known = published.iter().any(|holiday| near(holiday, &missing));
            if !known {
                breaks.extend(between_terms(missing, &rows));
            }
        }
        breaks.sort_by_key(|holiday| holiday.from);
        Some(Self { name: council, breaks })
    }

    /// Councils whose dates are shipped, in alphabetical order.
    pub fn shipped_names() -> Vec<&'static str> {
        let mut names: Vec<&str> = term_rows().iter().map(|row| row.council.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Adds the default pattern in those school years (1 September to 31 August, by a holiday's
    /// first day) of the span in which the list has no holiday at all. Closures do not count.
    #[must_use]
    pub fn with_default_terms(mut self, from: Date, to: Date) -> Self {
        for year in school_year(from)..=school_year(to) {
            let listed = |holiday: &SchoolBreak| !holiday.closure && school_year(holiday.from) == year;
            if !self.breaks.iter().any(listed) {
                self.breaks.extend(default_breaks(year));
            }
        }
        self.breaks.sort_by_key(|holiday| holiday.from);
        self
    }

    /// Whether schools are in session, for days 0 to `days - 1` of a run. Weekends in term count as
    /// open: what a school saw on Friday may arrive on Saturday.
    pub fn open_days(&self, calendar: &RunCalendar, days: usize) -> Vec<bool> {
        let mut open = vec![true; days];
        for (first, last) in self.closed_spans(calendar) {
            let first = first.max(0);
            let end = (last + 1).min(days as i64);
            for day in first..end {
                open[day as usize] = false;
            }
        }
        open
    }

    /// For days 0 to `days - 1`, the first day from then on when schools are open: the day itself
    /// in term, and possibly beyond the end of the run.
    pub fn return_days(&self, calendar: &RunCalendar, days: usize) -> Vec<i64> {
        let spans = self.closed_spans(calendar);
        let mut after = days as i64;
        // Spans are sorted by first day, so one pass finds where a chain of breaks ends.
        for (first, last) in &spans {
            if (*first..=*last).contains(&after) {
                after = last + 1;
            }
        }
        let open = self.open_days(calendar, days);
        let mut returns = vec![after; days];
        for day in (0..days).rev() {
            if open[day] {
                after = day as i64;
            }
            returns[day] = after;
        }
        returns
    }

    /// First and last closed day of each break, with the days off that belong to it; sorted.
    fn closed_spans(&self, calendar: &RunCalendar) -> Vec<(i64, i64)> {
        let mut spans: Vec<(i64, i64)> = self
            .breaks
            .iter()
            .map(|holiday| {
                let (mut first, mut last) = (calendar.day_of(holiday.from), calendar.day_of(holiday.to));
                let by_school_days = calendar.weekday_index(last) < 5;
                let begins_on_weekday = calendar.weekday_index(first) < 5;
                // A run of days off is never longer than a week.
                for _ in 0..7 {
                    last += i64::from(by_school_days && !calendar.is_working(last + 1));
                    let extend = by_school_days && begins_on_weekday;
                    first -= i64::from(extend && !calendar.is_working(first - 1));
                }
                (first, last)
            })
            .collect();
        spans.sort_unstable();
        spans
    }
}

/// The year in which the school year of a date began.
fn school_year(date: Date) -> i16 {
    date.year() - i16::from(date.month() < 9)
}

/// First day of the autumn term.
fn autumn_begins(year: i16) -> Date {
    let tuesday = add_days(monday_from(on(year, 8, 30)), 1);
    tuesday.max(on(year, 9, 1))
}

/// The default pattern's breaks in the school year that begins in September of `year`.
fn default_breaks(year: i16) -> Vec<SchoolBreak> {
    let next = year + 1;
    let week = |name: &str, monday: Date| holiday(name, monday, add_days(monday, 4));
    let spring = spring_bank_holiday(next);
    let spring_monday = add_days(spring, -i64::from(spring.weekday().to_monday_zero_offset()));
    vec![
        week("Autumn half-term", monday_from(on(year, 10, 22))),
        default_christmas(year),
        week("February half-term", monday_from(on(next, 2, 13))),
        default_easter(next),
        week("May half-term", spring_monday),
        holiday("Summer", on(next, 7, 22), add_days(autumn_begins(next), -1)),
    ]
}

fn default_christmas(year: i16) -> SchoolBreak {
    let monday = monday_from(on(year, 12, 19));
    let back = add_days(monday, 14);
    let bank_holiday = bank_holidays(back.year()).contains(&back);
    holiday("Christmas", monday, add_days(monday, if bank_holiday { 14 } else { 11 }))
}

fn default_easter(year: i16) -> SchoolBreak {
    let sunday = easter_sunday(year);
    let (first, last) = if sunday <= on(year, 4, 1) {
        (-2, 12)
    } else if sunday <= on(year, 4, 13) {
        (-6, 5)
    } else {
        (-13, 1)
    };
    holiday("Easter", add_days(sunday, first), add_days(sunday, last))
}

fn holiday(name: &str, from: Date, to: Date) -> SchoolBreak {
    SchoolBreak { name: name.into(), from, to, closure: false }
}

/// Whether two breaks overlap or come within [`SAME_BREAK_DAYS`] of each other.
fn near(a: &SchoolBreak, b: &SchoolBreak) -> bool {
    add_days(a.from, -SAME_BREAK_DAYS) <= b.to && b.from <= add_days(a.to, SAME_BREAK_DAYS)
}

/// A default break kept out of the published terms that begin or end inside it.
fn between_terms(mut missing: SchoolBreak, rows: &[&TermRow]) -> Option<SchoolBreak> {
    for term in rows.iter().filter(|row| row.term) {
        if (missing.from..=missing.to).contains(&term.last) {
            missing.from = add_days(term.last, 1);
        }
        if (missing.from..=missing.to).contains(&term.first) {
            missing.to = add_days(term.first, -1);
        }
    }
    (missing.from <= missing.to).then_some(missing)
}

/// One row of the shipped dates.
#[derive(Debug)]
struct TermRow {
    council: String,
    term: bool,
    label: String,
    first: Date,
    last: Date,
}

impl TermRow {
    fn holiday(&self) -> Option<SchoolBreak> {
        (!self.term).then(|| holiday(&self.label, self.first, self.last))
    }
}

fn term_rows() -> &'static [TermRow] {
    static ROWS: OnceLock<Vec<TermRow>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(PUBLISHED.as_bytes());
        reader
            .records()
            .filter_map(|record| {
                let record = record.ok()?;
                Some(TermRow {
                    council: record.get(0)?.to_owned(),
                    term: record.get(3)? == "term",
                    label: record.get(4)?.to_owned(),
                    first: record.get(5)?.parse().ok()?,
                    last: record.get(6)?.parse().ok()?,
                })
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn of(breaks: Vec<SchoolBreak>) -> SchoolCalendar {
        SchoolCalendar { name: "test".into(), breaks }
    }

    fn closed(schools: &SchoolCalendar, calendar: &RunCalendar, days: usize) -> Vec<i64> {
        let open = schools.open_days(calendar, days);
        (0..days as i64).filter(|day| !open[*day as usize]).collect()
    }

    #[test]
    fn every_shipped_row_is_read() {
        assert_eq!(term_rows().len(), PUBLISHED.lines().count() - 1);
        assert_eq!(
            SchoolCalendar::shipped_names(),
            ["Middlesbrough", "Oxfordshire", "Rochdale", "Sheffield", "Solihull"]
        );
    }

    #[test]
    fn a_break_listed_by_school_days_takes_both_weekends() {
        // Day 0 is Monday 21 October 2024; half-term is listed Monday 28 to Friday 1.
        let calendar = RunCalendar::new(date(2024, 10, 21), 28);
        let schools = of(vec![holiday("half-term", date(2024, 10, 28), date(2024, 11, 1))]);
        assert_eq!(closed(&schools, &calendar, 28), (5..14).collect::<Vec<_>>());
        let returns = schools.return_days(&calendar, 28);
        assert_eq!((returns[4], returns[5], returns[13], returns[14]), (4, 14, 14, 14));
    }

    #[test]
    fn a_break_listed_by_calendar_days_is_taken_as_written() {
        let calendar = RunCalendar::new(date(2024, 10, 21), 28);
        let schools = of(vec![holiday("half-term", date(2024, 10, 28), date(2024, 11, 3))]);
        assert_eq!(closed(&schools, &calendar, 28), (7..14).collect::<Vec<_>>());
    }

    #[test]
    fn days_off_that_follow_a_break_belong_to_it() {
        // Christmas listed to Friday 30 December 2022; Monday 2 January was a bank holiday.
        let calendar = RunCalendar::new(date(2022, 12, 26), 14);
        let schools = of(vec![holiday("Christmas", date(2022, 12, 19), date(2022, 12, 30))]);
        assert_eq!(closed(&schools, &calendar, 14), (0..8).collect::<Vec<_>>());
        assert_eq!(schools.return_days(&calendar, 14)[0], 8);
    }

    #[test]
    fn the_return_may_lie_beyond_the_run() {
        let calendar = RunCalendar::new(date(2024, 7, 15), 14);
        let mut summer = vec![holiday("Summer", date(2024, 7, 22), date(2024, 7, 31))];
        summer.push(holiday("Summer", date(2024, 8, 1), date(2024, 9, 2)));
        let returns = of(summer).return_days(&calendar, 14);
        assert_eq!(returns[13], calendar.day_of(date(2024, 9, 3)));
        assert_eq!(returns[0], 0);
    }

    #[test]
    fn the_default_closes_about_thirteen_weeks_a_year() {
        for year in 1990..2100 {
            let first = date(year, 9, 1);
            let calendar = RunCalendar::new(first, 366);
            let days = calendar.day_of(date(year + 1, 9, 1)) as usize;
            let schools = SchoolCalendar::england_default(first, date(year + 1, 8, 31));
            let open = schools.open_days(&calendar, days);
            let school_days = (0..days).filter(|day| open[*day] && calendar.is_working(*day as i64)).count();
            // Schools teach 190 days and close to pupils for 5 training days besides.
            assert!((188..=200).contains(&school_days), "{year}: {school_days}");
        }
    }

    #[test]
    fn the_default_is_near_every_shipped_holiday() {
        // Councils differ by a week at most, two at a late Easter.
        for row in term_rows().iter().filter(|row| !row.term) {
            let default = SchoolCalendar::england_default(row.first, row.last);
            let overlaps = default.breaks.iter().any(|b| {
                let slack = if (2..=4).contains(&row.first.month()) { 4 } else { 0 };
                add_days(row.first, -slack) <= b.to && b.from <= add_days(row.last, slack)
            });
            assert!(overlaps, "{} {} {}", row.council, row.label, row.first);
        }
    }

    #[test]
    fn the_default_autumn_half_term_is_most_authorities() {
        // Weeks in which most English authorities returned no school sessions (pupil attendance in
        // schools, Department for Education).
        for (year, day) in [(2022, 24), (2023, 23), (2024, 28), (2025, 27)] {
            assert_eq!(default_breaks(year)[0].from, date(year, 10, day));
        }
    }

    #[test]
    fn the_default_pattern_of_one_year_by_hand() {
        let breaks = default_breaks(2025);
        let spans: Vec<(Date, Date)> = breaks.iter().map(|b| (b.from, b.to)).collect();
        assert_eq!(
            spans,
            [
                (date(2025, 10, 27), date(2025, 10, 31)),
                (date(2025, 12, 22), date(2026, 1, 2)),
                (date(2026, 2, 16), date(2026, 2, 20)),
                (date(2026, 3, 30), date(2026, 4, 10)),
                (date(2026, 5, 25), date(2026, 5, 29)),
                (date(2026, 7, 22), date(2026, 8, 31)),
            ]
        );
    }

    #[test]
    fn shipped_dates_are_completed_with_the_missing_summer() {
        let oxfordshire =
            SchoolCalendar::shipped("oxfordshire", date(2024, 9, 1), date(2026, 8, 31)).unwrap();
        let summers: Vec<(Date, Date)> =
            oxfordshire.breaks.iter().filter(|b| b.name == "Summer").map(|b| (b.from, b.to)).collect();
        // The published summer term ends on 22 July 2025 and the next one begins on 2 September.
        assert_eq!(summers[0], (date(2025, 7, 23), date(2025, 9, 1)));
        assert_eq!(oxfordshire.name, "Oxfordshire");
        assert_eq!(oxfordshire.breaks.len(), 12);
        assert!(SchoolCalendar::shipped("nowhere", date(2024, 9, 1), date(2026, 8, 31)).is_none());
    }

    #[test]
    fn shipped_dates_hold_where_they_differ_from_the_default() {
        let span = (date(2024, 9, 1), date(2025, 8, 31));
        let middlesbrough = SchoolCalendar::shipped("Middlesbrough", span.0, span.1).unwrap();
        let february: Vec<Date> = middlesbrough
            .breaks
            .iter()
            .filter(|b| b.from.month() == 2 && b.from.year() == 2025)
            .map(|b| b.from)
            .collect();
        assert_eq!(february, [date(2025, 2, 24)]);
    }

    #[test]
    fn default_terms_fill_only_uncovered_years() {
        let mut listed = holiday("summer", date(2020, 7, 20), date(2020, 9, 1));
        let filled = of(vec![listed.clone()]).with_default_terms(date(2019, 9, 2), date(2021, 8, 31));
        assert_eq!(filled.breaks.len(), 1 + 6);
        listed.closure = true;
        let filled = of(vec![listed]).with_default_terms(date(2019, 9, 2), date(2021, 8, 31));
        assert_eq!(filled.breaks.len(), 1 + 12);
        assert!(filled.breaks.windows(2).all(|pair| pair[0].from <= pair[1].from));
    }
}
