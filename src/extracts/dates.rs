//! Cells as days.
//!
//! Consumes a [`Cell`] and how its column writes dates; produces a day, nothing, or what is wrong in words that
//! never hold the cell's value.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::table::{Cell, Row};

/// Nobody who is a child now was known to a service before this year.
const EARLIEST: i16 = 1980;
/// Serial numbers of spreadsheets from 1980 to 2100 only: other numbers are no dates.
const SERIALS: std::ops::Range<f64> = 29_221.0..73_416.0;
/// How many times as many dates of one order decide that the others are slips.
const DECISIVE: usize = 10;

/// In which order a column's dates in figures stand.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Order {
    /// As England writes them; only this is taken where nothing speaks against it.
    DayFirst,
    /// Every date that could tell has the month first.
    MonthFirst,
    /// Both occur, so that dates that could be either are ambiguous.
    Mixed,
    /// A program took dates with the month first for dates wherever it could, and left the others as text.
    Converted,
}

/// What a cell says about a day.
#[derive(Clone, Copy, PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(super) enum Day {
    Blank,
    /// The day that spreadsheets show for nothing, 1 January 1900 or near it.
    Zero,
    On(Date),
    Wrong(&'static str),
}

const TEXT: &str = "not a date";
const IMPOSSIBLE: &str = "a day that no calendar has";
const EARLY: &str = "before 1980";
const EITHER: &str = "day and month could be either way round: the column mixes both orders";

/// The parts of a date written in figures, as they stand; `None` for other texts.
fn figures(text: &str) -> Option<(u32, u32, u32)> {
    let date = text.split([' ', 'T', 't', ',']).next().unwrap_or("");
    let mut parts = date.split(['/', '-', '.']);
    let mut next = || parts.next().filter(|part| part.len() <= 4 && !part.is_empty())?.parse::<u32>().ok();
    let found = (next()?, next()?, next()?);
    (date.matches(['/', '-', '.']).count() == 2).then_some(found)
}

/// Which order a text in figures must have: `Some(true)` day first, `Some(false)` month first, `None` either.
fn must_be(text: &str) -> Option<bool> {
    let (first, second, _) = figures(text)?;
    match (first, second) {
        (13..=31, 1..=12) => Some(true),
        (1..=12, 13..=31) => Some(false),
        _ => None,
    }
}

/// The order in which a column of rows writes its dates.
pub(super) fn order<'a>(rows: impl Iterator<Item = &'a Row>, column: usize) -> Order {
    let (mut day_first, mut month_first, mut either, mut cells, mut late) = (0, 0, 0, 0, 0);
    for row in rows {
        match row.cell(column) {
            Cell::Text(text) if text.len() <= 40 => match must_be(text) {
                Some(true) => day_first += 1,
                Some(false) => month_first += 1,
                None => either += usize::from(figures(text).is_some_and(|(first, ..)| first <= 31)),
            },
            Cell::Serial(serial) => {
                cells += 1;
                late += usize::from(of_serial(*serial).is_some_and(|date| date.day() > 12));
            }
            _ => {}
        }
    }
    if cells >= 5 && late == 0 && either == 0 && day_first >= 5 {
        Order::Converted
    } else if month_first == 0 || day_first >= DECISIVE * month_first {
        Order::DayFirst
    } else if month_first >= 3 && month_first >= DECISIVE * day_first {
        Order::MonthFirst
    } else {
        Order::Mixed
    }
}

fn of_serial(serial: f64) -> Option<Date> {
    let days = Span::new().try_days(serial.floor() as i64).ok()?;
    Date::constant(1899, 12, 30).checked_add(days).ok()
}

fn checked(year: i16, month: u32, day: u32) -> Day {
    let made =
        |month: u32, day: u32| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    match made(month, day) {
        Some(date) if (1899..=1900).contains(&date.year()) => {
            let zero = date >= Date::constant(1899, 12, 30) && date <= Date::constant(1900, 1, 1);
            if zero { Day::Zero } else { Day::Wrong(EARLY) }
        }
        Some(date) if date.year() < EARLIEST => Day::Wrong(EARLY),
        Some(date) => Day::On(date),
        None => Day::Wrong(IMPOSSIBLE),
    }
}

/// Two figures mean the years from 1980 to 2079.
fn full_year(year: u32) -> Option<i16> {
    let year = if year < 80 {
        year + 2000
    } else if year < 100 {
        year + 1900
    } else {
        year
    };
    i16::try_from(year).ok().filter(|year| *year >= 1000)
}

fn in_figures((first, second, third): (u32, u32, u32), order: Order) -> Day {
    if first >= 1000 {
        return full_year(first).map_or(Day::Wrong(TEXT), |year| checked(year, second, third));
    }
    let Some(year) = full_year(third) else { return Day::Wrong(TEXT) };
    let both = first <= 12 && second <= 12 && first != second;
    match order {
        Order::Mixed if both => Day::Wrong(EITHER),
        Order::Mixed if second > 12 => checked(year, first, second),
        Order::MonthFirst => checked(year, first, second),
        _ => checked(year, second, first),
    }
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WHOLE_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn month(word: &str) -> Option<u32> {
    let place = |names: &[&str]| names.iter().position(|name| *name == word);
    let found = place(&MONTHS).or_else(|| place(&WHOLE_MONTHS)).or((word == "sept").then_some(8))?;
    Some(found as u32 + 1)
}

/// A date with its month in letters, such as "3-Apr-24", "Wednesday 3rd April 2024" or "April 3, 2024".
fn in_words(text: &str) -> Option<Day> {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let place = words.iter().position(|word| month(word).is_some())?;
    let number = |word: &str| -> Option<u32> {
        let figures = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let ending = &word[figures.len()..];
        (figures.len() <= 4 && matches!(ending, "" | "st" | "nd" | "rd" | "th"))
            .then(|| figures.parse().ok())?
    };
    // Before the month may stand the day, after it the year; or both after it. Times may follow.
    let earlier = place.checked_sub(1).and_then(|before| number(words[before]));
    let (day, year) = match earlier {
        Some(day) => (day, number(words.get(place + 1)?)?),
        None => (number(words.get(place + 1)?)?, number(words.get(place + 2)?)?),
    };
    let year = full_year(year)?;
    Some(checked(year, month(words[place])?, day))
}

fn of_number(number: f64) -> Day {
    // Eight figures are a date written as one number.
    if (19_000_101.0..=29_991_231.0).contains(&number) && number.fract() == 0.0 {
        let whole = number as u32;
        return full_year(whole / 10_000)
            .map_or(Day::Wrong(TEXT), |year| checked(year, whole / 100 % 100, whole % 100));
    }
    if (0.0..2.0).contains(&number) {
        return Day::Zero;
    }
    match of_serial(number) {
        Some(date) if SERIALS.contains(&number) => Day::On(date),
        _ => Day::Wrong(TEXT),
    }
}

fn of_text(text: &str, order: Order) -> Day {
    if let Ok(number) = text.parse::<f64>() {
        return of_number(number);
    }
    if !text.is_ascii() || text.len() > 60 {
        return Day::Wrong(TEXT);
    }
    match figures(text) {
        Some(parts) => in_figures(parts, order),
        None => in_words(text).unwrap_or(Day::Wrong(TEXT)),
    }
}

/// What a cell of a column written in this order says.
pub(super) fn day(cell: &Cell, order: Order) -> Day {
    match cell {
        _ if cell.is_blank() => Day::Blank,
        Cell::Text(text) => of_text(text.trim(), order),
        Cell::Number(number) => of_number(*number),
        Cell::Serial(serial) => match of_serial(*serial) {
            Some(date)
                if order == Order::Converted
                    && date.day() <= 12
                    && i32::from(date.day()) != i32::from(date.month()) =>
            {
                Day::Wrong(
                    "day and month may have been exchanged: all other dates of the column were left as text",
                )
            }
            Some(_) if *serial < 2.0 && *serial >= 0.0 => Day::Zero,
            Some(date) if date.year() < EARLIEST => Day::Wrong(EARLY),
            Some(date) => Day::On(date),
            None => Day::Wrong(TEXT),
        },
        Cell::Bool(_) | Cell::Blank => Day::Wrong(TEXT),
        Cell::Failed => Day::Wrong("a formula that failed"),
    }
}

/// The next day; the last day there is has none, and stays.
pub(super) fn after(day: Date) -> Date {
    day.checked_add(1.day()).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(text: &str) -> Day {
        day(&Cell::of_text(text), Order::DayFirst)
    }

    #[test]
    fn one_day_in_every_way_it_is_written() {
        let expected = Day::On(date(2024, 4, 3));
        for text in [
            "03/04/2024",
            "3/4/24",
            "2024-04-03",
            "2024/04/03",
            "03-04-2024",
            "3.4.2024",
            "03-Apr-24",
            "3 April 2024",
            "3rd April 2024",
            "Wednesday, 3 April 2024",
            "April 3, 2024",
            "03/04/2024 14:30",
            "2024-04-03T14:30:00Z",
            "2024-04-03 00:00:00",
            "20240403",
            "45385",
            "45385.75",
            "03-APR-2024 10:00:00",
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(day(&Cell::Serial(45385.5), Order::DayFirst), expected);
        assert_eq!(day(&Cell::Number(45385.0), Order::DayFirst), expected);
        assert_eq!(day(&Cell::Number(20240403.0), Order::DayFirst), expected);
    }

    #[test]
    fn what_is_no_day_is_said_to_be_none() {
        for (text, expected) in [
            ("29/02/2023", Day::Wrong(IMPOSSIBLE)),
            ("2023-02-29", Day::Wrong(IMPOSSIBLE)),
            ("31/04/2024", Day::Wrong(IMPOSSIBLE)),
            ("03/25/2024", Day::Wrong(IMPOSSIBLE)),
            ("29/02/2024", Day::On(date(2024, 2, 29))),
            ("01/01/1979", Day::Wrong(EARLY)),
            ("see notes", Day::Wrong(TEXT)),
            ("12/2024", Day::Wrong(TEXT)),
            ("2024", Day::Wrong(TEXT)),
            ("NULL", Day::Blank),
            ("n/a", Day::Blank),
            ("-", Day::Blank),
            ("  ", Day::Blank),
            ("01/01/1900", Day::Zero),
            ("0", Day::Zero),
            ("1/2/3/4", Day::Wrong(TEXT)),
            ("99999999999999", Day::Wrong(TEXT)),
            ("1e300", Day::Wrong(TEXT)),
            ("inf", Day::Wrong(TEXT)),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    fn column(texts: &[&str]) -> Vec<Row> {
        let row = |text: &&str| Row { number: 1, cells: vec![Cell::of_text(text)], runs_on: false };
        texts.iter().map(row).collect()
    }

    #[test]
    fn a_column_says_in_which_order_its_dates_stand() {
        let of = |texts: &[&str]| order(column(texts).iter(), 0);
        assert!(of(&["03/04/2024", "05/06/2024"]) == Order::DayFirst, "nothing speaks against it");
        assert!(of(&["03/25/2024", "04/26/2024", "05/27/2024", "01/02/2024"]) == Order::MonthFirst);
        assert!(of(&["03/25/2024", "25/03/2024", "01/02/2024"]) == Order::Mixed);
        let mut mostly = vec!["25/03/2024"; 10];
        mostly.push("03/25/2024");
        assert!(of(&mostly) == Order::DayFirst, "one slip among ten does not make others ambiguous");
        assert_eq!(day(&Cell::of_text("03/04/2024"), Order::Mixed), Day::Wrong(EITHER));
        assert_eq!(day(&Cell::of_text("25/04/2024"), Order::Mixed), Day::On(date(2024, 4, 25)));
        assert_eq!(day(&Cell::of_text("04/25/2024"), Order::Mixed), Day::On(date(2024, 4, 25)));
        assert_eq!(day(&Cell::of_text("03/04/2024"), Order::MonthFirst), Day::On(date(2024, 3, 4)));
    }

    #[test]
    fn dates_that_a_program_exchanged_are_ambiguous() {
        let mut rows = column(&["13/01/2024"; 5]);
        let cell = |cell: Cell| Row { number: 1, cells: vec![cell], runs_on: false };
        rows.extend((0..5).map(|_| cell(Cell::Serial(45385.0))));
        assert!(order(rows.iter(), 0) == Order::Converted);
        assert!(matches!(day(&Cell::Serial(45385.0), Order::Converted), Day::Wrong(_)));
        // A date cell after the twelfth shows that nothing was exchanged.
        rows.push(cell(Cell::Serial(45385.0 + 20.0)));
        assert!(order(rows.iter(), 0) == Order::DayFirst);
    }
}
