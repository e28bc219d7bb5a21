//! Referrals by calendar month, April 2012 to March 2022.
//!
//! Consumes the shipped table C6; produces a series for every authority whose months are shared, with the
//! working days of each month and how far schools were closed in it. Invariant: a month that was not
//! published is `None`.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::tables::records;
use crate::calendar::{RunCalendar, SchoolCalendar};

/// The first month of the table.
pub const FIRST_MONTH: Date = date(2012, 4, 1);

/// A calendar month: what the calendar alone says about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Month {
    /// Its first day.
    pub first: Date,
    /// Working days: Monday to Friday without bank holidays.
    pub working_days: f64,
    /// Share of working days on which England's schools have holidays, by its usual terms.
    pub holidays: f64,
    /// Share of working days in term on which schools were closed to most pupils (2020 and 2021).
    pub closures: f64,
}

impl Month {
    /// The year ending 31 March in which the month lies.
    pub fn year_ending(&self) -> i16 {
        self.first.year() + i16::from(self.first.month() > 3)
    }

    /// January 0 to December 11.
    pub fn of_year(&self) -> usize {
        usize::try_from(self.first.month() - 1).unwrap_or_default()
    }
}

/// When England's schools were closed to most pupils: first day and the first day on which it was over.
/// From 1 June 2020 some year groups were back, so the closure is counted as over.
pub const CLOSURES: [(Date, Date); 2] =
    [(date(2020, 3, 23), date(2020, 6, 1)), (date(2021, 1, 4), date(2021, 3, 8))];

/// Consecutive months from the first day of one.
pub fn calendar(first: Date, months: usize) -> Vec<Month> {
    let end = first.saturating_add((months as i32).months());
    let days = first.until(end).map(|span| span.get_days()).unwrap_or_default();
    let days = usize::try_from(days).unwrap_or_default();
    let run = RunCalendar::new(first, days);
    let open = SchoolCalendar::england_default(first, end).open_days(&run, days);
    let closed = |day: Date| CLOSURES.iter().any(|(from, to)| (*from..*to).contains(&day));
    (0..months)
        .map(|index| {
            let start = first.saturating_add((index as i32).months());
            let after = first.saturating_add((index as i32 + 1).months());
            let (mut working, mut holidays, mut closures) = (0.0, 0.0, 0.0);
            for day in run.day_of(start)..run.day_of(after) {
                if !run.is_working(day) {
                    continue;
                }
                working += 1.0;
                let at_school = usize::try_from(day).ok().and_then(|day| open.get(day)).copied();
                if at_school != Some(true) {
                    holidays += 1.0;
                } else if closed(run.date(day)) {
                    closures += 1.0;
                }
            }
            let share = |count: f64| if working > 0.0 { count / working } else { 0.0 };
            Month {
                first: start,
                working_days: working,
                holidays: share(holidays),
                closures: share(closures),
            }
        })
        .collect()
}

/// A monthly series.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The authority's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Referrals of each month from the table's first; `None` where not published.
    pub referrals: Vec<Option<f64>>,
}

/// The table of months.
#[derive(Clone, Debug, PartialEq)]
pub struct Months {
    /// The calendar of its months.
    pub calendar: Vec<Month>,
    /// England.
    pub england: Series,
    /// Every authority, by code.
    pub authorities: Vec<Series>,
}

impl Months {
    /// Reads the shipped table.
    ///
    /// # Errors
    /// If the shipped file is not as the program expects, which its tests exclude.
    pub fn read() -> Result<Self, csv::Error> {
        let (names, rows) = records(include_str!("../../data/published/referrals_by_month.csv"))?;
        let at = |name: &str| names.iter().position(|column| column == name);
        let columns = [at("month"), at("level"), at("code"), at("name"), at("referrals")];
        let mut england = Series { code: String::new(), name: String::new(), referrals: Vec::new() };
        let mut authorities: Vec<Series> = Vec::new();
        for row in &rows {
            let [month, level, code, name, referrals] =
                columns.map(|column| column.and_then(|index| row.get(index)).unwrap_or_default());
            let Some(index) = month_index(month) else { continue };
            let series = match level {
                "england" => &mut england,
                "la" => match authorities.binary_search_by(|series| series.code.as_str().cmp(code)) {
                    Ok(place) => &mut authorities[place],
                    Err(place) => {
                        let empty =
                            Series { code: code.to_owned(), name: name.to_owned(), referrals: vec![] };
                        authorities.insert(place, empty);
                        &mut authorities[place]
                    }
                },
                _ => continue,
            };
            if series.referrals.len() <= index {
                series.referrals.resize(index + 1, None);
            }
            series.referrals[index] = referrals.parse().ok();
        }
        let months = authorities.iter().map(|series| series.referrals.len()).max().unwrap_or_default();
        for series in &mut authorities {
            series.referrals.resize(months, None);
        }
        england.referrals.resize(months, None);
        Ok(Self { calendar: calendar(FIRST_MONTH, months), england, authorities })
    }

    /// The series of an authority, if its months are shared.
    pub fn of(&self, code: &str) -> Option<&Series> {
        self.authorities.iter().find(|series| series.code == code)
    }
}

/// Months since the table's first, of a month written 2019-04.
pub fn month_index(month: &str) -> Option<usize> {
    let (year, month) = month.split_once('-')?;
    let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
    if !(1..=12).contains(&month) {
        return None;
    }
    let first = i32::from(FIRST_MONTH.year()) * 12 + i32::from(FIRST_MONTH.month());
    usize::try_from(year * 12 + month - first).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_with_its_gaps() {
        let months = Months::read().expect("shipped table");
        assert_eq!(months.calendar.len(), 120);
        assert_eq!(months.england.referrals[0], Some(44_530.0));
        assert!(months.authorities.len() > 100);
        let gaps = months.authorities.iter().flat_map(|series| &series.referrals).filter(|m| m.is_none());
        assert!(gaps.count() > 200);
        assert_eq!(months.of("E08000004").map(|series| series.name.as_str()), Some("Oldham"));
    }

    #[test]
    fn the_calendar_agrees_with_the_table_on_working_days() {
        let months = Months::read().expect("shipped table");
        let (names, rows) =
            records(include_str!("../../data/published/referrals_by_month.csv")).expect("table");
        let days = names.iter().position(|name| name == "working_days").expect("column");
        for row in rows.iter().filter(|row| &row[2] == "england") {
            let index = month_index(&row[0]).expect("month");
            assert_eq!(
                months.calendar[index].working_days,
                row[days].parse::<f64>().expect("days"),
                "{}",
                &row[0]
            );
        }
    }

    #[test]
    fn august_is_holidays_and_may_2020_was_closed() {
        let months = calendar(FIRST_MONTH, 120);
        let of = |month: &str| months[month_index(month).expect("month")];
        assert_eq!(of("2018-08").holidays, 1.0);
        assert_eq!(of("2018-11").holidays, 0.0);
        // All but the week of half-term.
        assert!((of("2020-05").closures + of("2020-05").holidays - 1.0).abs() < 1e-12);
        assert_eq!(of("2019-05").closures, 0.0);
        assert_eq!(of("2018-03").year_ending(), 2018);
        assert_eq!(of("2018-04").year_ending(), 2019);
    }
}
