//! Bank holidays of England: published dates where they are known, the law's rules elsewhere.
//!
//! Consumes the embedded `data/bank_holidays.csv` (GOV.UK, Open Government Licence v3.0); produces,
//! for any year, the dates on which the holidays are taken. Outside the years of the file the dates
//! follow the Banking and Financial Dealings Act 1971 with the proclamations made every year since
//! 1978: New Year's Day, Good Friday, Easter Monday, the first and the last Monday of May, the last
//! Monday of August, Christmas Day and Boxing Day, each moved to the next working day when it falls
//! on a weekend. One-off changes before the file's first year are listed below; later ones cannot
//! be foreseen.
//!
//! Invariant: dates of a year are sorted, distinct and all between Monday and Friday.

use std::sync::OnceLock;

use jiff::civil::{Date, Weekday};

const PUBLISHED: &str = include_str!("../../data/bank_holidays.csv");

/// Easter Sunday of a year, by the anonymous Gregorian computus (Meeus, *Astronomical Algorithms*,
/// chapter 8).
pub fn easter_sunday(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let day = (h + l - 7 * m + 114) % 31 + 1;
    on(year, month as i8, day as i8)
}

/// Days of a year on which a bank holiday of England is taken, sorted.
pub fn bank_holidays(year: i16) -> Vec<Date> {
    let published = published();
    let covered = published.first().zip(published.last());
    match covered {
        Some((first, last)) if (first.year()..=last.year()).contains(&year) => {
            published.iter().copied().filter(|date| date.year() == year).collect()
        }
        _ => by_rule_with_one_offs(year),
    }
}

/// The Spring bank holiday of a year, which carries the schools' May half-term with it.
pub fn spring_bank_holiday(year: i16) -> Date {
    let usual = last_monday(year, 5);
    // In 2002, 2012 and 2022 the holiday was moved into June to join a jubilee.
    let moved = || bank_holidays(year).into_iter().find(|date| date.month() == 6);
    if bank_holidays(year).contains(&usual) { usual } else { moved().unwrap_or(usual) }
}

/// Every published date, sorted.
fn published() -> &'static [Date] {
    static DATES: OnceLock<Vec<Date>> = OnceLock::new();
    DATES.get_or_init(|| {
        let mut dates: Vec<Date> =
            PUBLISHED.lines().skip(1).filter_map(|line| line.split(',').nth(1)?.parse().ok()).collect();
        dates.sort_unstable();
        dates
    })
}

/// The usual eight, by rule.
fn by_rule(year: i16) -> Vec<Date> {
    let easter = easter_sunday(year);
    let mut dates = vec![
        next_weekday(on(year, 1, 1)),
        add_days(easter, -2),
        add_days(easter, 1),
        first_monday(year, 5),
        last_monday(year, 5),
        last_monday(year, 8),
    ];
    // Two days are taken after any weekend that Christmas meets, whichever of them is the substitute.
    let (christmas, boxing) = match on(year, 12, 25).weekday() {
        Weekday::Friday => (25, 28),
        Weekday::Saturday => (27, 28),
        Weekday::Sunday => (26, 27),
        _ => (25, 26),
    };
    dates.push(on(year, 12, christmas));
    dates.push(on(year, 12, boxing));
    dates
}

/// The rule with the one-off proclamations of 1990-2011.
fn by_rule_with_one_offs(year: i16) -> Vec<Date> {
    let mut dates = by_rule(year);
    let mut swap = |away: Option<Date>, extra: Date| {
        dates.retain(|date| Some(*date) != away);
        dates.push(extra);
    };
    match year {
        // Fifty years after VE Day: the early May holiday moved to 8 May.
        1995 => swap(Some(first_monday(1995, 5)), on(1995, 5, 8)),
        // The eve of the millennium.
        1999 => swap(None, on(1999, 12, 31)),
        // Golden Jubilee: the spring holiday moved to 4 June, with 3 June beside it.
        2002 => {
            swap(Some(last_monday(2002, 5)), on(2002, 6, 4));
            swap(None, on(2002, 6, 3));
        }
        // The royal wedding.
        2011 => swap(None, on(2011, 4, 29)),
        _ => {}
    }
    dates.sort_unstable();
    dates
}

/// A date that exists in every year; the program's own constants only.
pub(super) fn on(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap_or(Date::MAX)
}

/// The date so many days later, held within the range of dates.
pub(super) fn add_days(date: Date, days: i64) -> Date {
    date.saturating_add(jiff::Span::new().days(days.clamp(-3_000_000, 3_000_000)))
}

/// The Monday among seven successive days that begin with this date.
pub(super) fn monday_from(date: Date) -> Date {
    let past = i64::from(date.weekday().to_monday_zero_offset());
    add_days(date, (7 - past) % 7)
}

fn first_monday(year: i16, month: i8) -> Date {
    monday_from(on(year, month, 1))
}

/// Of a month of 31 days.
fn last_monday(year: i16, month: i8) -> Date {
    monday_from(on(year, month, 25))
}

/// The date itself, or the Monday after it when it is at a weekend.
fn next_weekday(date: Date) -> Date {
    match date.weekday() {
        Weekday::Saturday | Weekday::Sunday => monday_from(date),
        _ => date,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_published_row_is_read() {
        let rows = PUBLISHED.lines().count() - 1;
        assert_eq!(published().len(), rows);
        assert_eq!((published()[0].year(), published()[rows - 1].year()), (2012, 2028));
    }

    #[test]
    fn the_rules_give_the_published_dates_except_one_offs() {
        // Jubilees (2012, 2022), the moved VE Day holiday (2020), a state funeral and a coronation.
        let one_offs: BTreeSet<Date> = [
            on(2012, 5, 28),
            on(2012, 6, 4),
            on(2012, 6, 5),
            on(2020, 5, 4),
            on(2020, 5, 8),
            on(2022, 5, 30),
            on(2022, 6, 2),
            on(2022, 6, 3),
            on(2022, 9, 19),
            on(2023, 5, 8),
        ]
        .into();
        let ruled: BTreeSet<Date> = (2012..=2028).flat_map(by_rule).collect();
        let published: BTreeSet<Date> = published().iter().copied().collect();
        let differences: BTreeSet<Date> = ruled.symmetric_difference(&published).copied().collect();
        assert_eq!(differences, one_offs);
    }

    #[test]
    fn easter_falls_on_its_known_dates() {
        // As printed in almanacs; early and late ones.
        for (year, month, day) in [
            (1990, 4, 15),
            (2000, 4, 23),
            (2008, 3, 23),
            (2011, 4, 24),
            (2038, 4, 25),
            (2049, 4, 18),
            (2100, 3, 28),
        ] {
            assert_eq!(easter_sunday(year), on(year, month, day), "{year}");
        }
    }

    #[test]
    fn every_year_has_eight_or_more_distinct_weekdays() {
        for year in 1990..=2100 {
            let dates = bank_holidays(year);
            assert!(dates.len() >= 8, "{year}: {dates:?}");
            assert!(dates.windows(2).all(|pair| pair[0] < pair[1]), "{year}: {dates:?}");
            assert!(dates.iter().all(|d| d.weekday().to_monday_zero_offset() < 5), "{year}: {dates:?}");
        }
    }

    #[test]
    fn one_offs_before_the_published_years() {
        assert!(bank_holidays(2002).contains(&on(2002, 6, 3)));
        assert!(!bank_holidays(2002).contains(&on(2002, 5, 27)));
        assert!(bank_holidays(2011).contains(&on(2011, 4, 29)));
        assert!(bank_holidays(1999).contains(&on(1999, 12, 31)));
        assert!(!bank_holidays(1995).contains(&on(1995, 5, 1)));
    }

    #[test]
    fn the_spring_holiday_follows_jubilees() {
        assert_eq!(spring_bank_holiday(2022), on(2022, 6, 2));
        assert_eq!(spring_bank_holiday(2012), on(2012, 6, 4));
        assert_eq!(spring_bank_holiday(2025), on(2025, 5, 26));
        assert_eq!(spring_bank_holiday(2050), on(2050, 5, 30));
    }
}
