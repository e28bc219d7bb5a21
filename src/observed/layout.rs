//! Which column holds what, and a line's figure.

use ::csv::StringRecord;
use jiff::civil::Date;

use super::faults::{ObservedFault, fault};
use super::{Authority, ObservedRow, Period};
use crate::scenario::{Counts, suggestion};

/// Headings that are read.
const KNOWN: [&str; 10] =
    ["area", "team", "week_start", "month", "measure", "value", "counts", "code", "name", "referrals"];

/// What makes two figures figures of the same: authority, area, team, measure and period.
pub(super) type Key = (Option<Authority>, Option<String>, Option<String>, String, Period);

/// The columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    area: Option<usize>,
    team: Option<usize>,
    week: Option<usize>,
    month: Option<usize>,
    measure: Option<usize>,
    counts: Option<usize>,
    code: Option<usize>,
    name: Option<usize>,
    value: usize,
    /// Referrals of children, as the Department for Education publishes them.
    published: bool,
}

impl Layout {
    /// Reads the line of headings; also gives those that are not read.
    pub fn of(record: &StringRecord, line: u64) -> Result<(Self, Vec<String>), Vec<ObservedFault>> {
        let headings: Vec<String> = record.iter().map(|heading| heading.to_ascii_lowercase()).collect();
        let mut faults = Vec::new();
        for (at, heading) in headings.iter().enumerate() {
            if !heading.is_empty() && headings[..at].contains(heading) {
                faults.push(fault(line, heading, "there are two columns of this name", "keep one"));
            }
        }
        let find = |name: &str| headings.iter().position(|heading| heading == name);
        let nearest = |wanted: &str| {
            let names: Vec<&str> = headings.iter().map(String::as_str).collect();
            match suggestion(wanted, &names) {
                help if help.starts_with("did you mean") => help.replace("did you mean", "is it"),
                _ => format!("headings here are: {}", names.join(", ")),
            }
        };
        let (week, month) = (find("week_start"), find("month"));
        if week.is_some() == month.is_some() {
            let message = match week {
                Some(_) => "there are weeks and months: which of them?".to_owned(),
                None => format!("there is no column `week_start` or `month`; {}", nearest("week_start")),
            };
            faults.push(fault(line, "", message, "keep one: week_start for weeks, month for months"));
        }
        let (value, referrals) = (find("value"), find("referrals"));
        if value.is_none() && (referrals.is_none() || month.is_none()) {
            let message = format!("there is no column `value`; {}", nearest("value"));
            faults.push(fault(line, "", message, "one figure to a line, in a column called value"));
        }
        if week.is_some() && find("measure").is_none() {
            let message = format!("there is no column `measure`; {}", nearest("measure"));
            faults.push(fault(
                line,
                "",
                message,
                "say what was counted, such as referrals or waiting_families",
            ));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let published = value.is_none();
        let unread = record.iter().filter(|heading| !KNOWN.contains(&heading.to_ascii_lowercase().as_str()));
        let layout = Self {
            area: find("area"),
            team: find("team"),
            week,
            month,
            measure: find("measure").filter(|_| !published),
            counts: find("counts"),
            code: find("code"),
            name: find("name"),
            value: value.or(referrals).unwrap_or_default(),
            published,
        };
        Ok((layout, unread.filter(|heading| !heading.is_empty()).map(str::to_owned).collect()))
    }

    /// A line's figure; the inner `None` where the line has none, the outer where something is wrong with it.
    pub fn row(
        &self,
        record: &StringRecord,
        line: u64,
        faults: &mut Vec<ObservedFault>,
    ) -> Option<Option<ObservedRow>> {
        let before = faults.len();
        let cell = |column: Option<usize>| column.and_then(|at| record.get(at)).unwrap_or_default();
        let named = |column: Option<usize>| {
            let text = cell(column);
            (!text.is_empty() && text != "all").then(|| text.to_owned())
        };
        let period = match self.week {
            Some(_) => week(cell(self.week)).map_err(|words| ("week_start", words)),
            None => month(cell(self.month)).map_err(|words| ("month", words)),
        };
        let period =
            period.map_err(|(column, [message, help])| faults.push(fault(line, column, message, help))).ok();
        let measure = match (self.measure, cell(self.measure)) {
            (Some(_), "") => {
                faults.push(fault(line, "measure", "is empty", "say what was counted, such as referrals"));
                String::new()
            }
            (Some(_), name) => name.to_owned(),
            (None, _) => "referrals".to_owned(),
        };
        let counts = match cell(self.counts) {
            "" if self.published => Some(Counts::Children),
            "" => None,
            "children" => Some(Counts::Children),
            "families" => Some(Counts::Families),
            other => {
                let message = format!("`{other}` is nothing that can be counted");
                faults.push(fault(line, "counts", message, "write children or families"));
                None
            }
        };
        let column = if self.published { "referrals" } else { "value" };
        let value = figure(cell(Some(self.value)));
        let value =
            value.map_err(|[message, help]| faults.push(fault(line, column, message, help))).ok().flatten();
        if faults.len() > before {
            return None;
        }
        let authority = (self.code.is_some() || self.name.is_some())
            .then(|| Authority { code: cell(self.code).to_owned(), name: cell(self.name).to_owned() });
        Some(value.zip(period).map(|(value, period)| ObservedRow {
            line,
            authority,
            area: named(self.area),
            team: named(self.team),
            measure,
            counts,
            period,
            value,
        }))
    }
}

/// What a row is a figure of.
pub(super) fn key(row: &ObservedRow) -> Key {
    (row.authority.clone(), row.area.clone(), row.team.clone(), row.measure.clone(), row.period)
}

/// The same in words.
pub(super) fn described(row: &ObservedRow) -> String {
    let mut words = format!("{} of {}", row.measure, row.period.id());
    for text in [&row.area, &row.team].into_iter().flatten() {
        words.push_str(&format!(", {text}"));
    }
    words
}

/// A figure of at least 0; `None` for an empty cell.
fn figure(text: &str) -> Result<Option<f64>, [String; 2]> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(Some(value)),
        Ok(value) if value < 0.0 => {
            Err([format!("{text} is below 0"), "give a count or a level of 0 or more".to_owned()])
        }
        _ => Err([
            format!("`{text}` is no number"),
            "write digits and a point, such as 41 or 7.5; leave the cell empty where nothing is known"
                .to_owned(),
        ]),
    }
}

/// A day as `2024-09-02`, or as spreadsheets in Britain write it, `02/09/2024`.
fn day(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    let parts: Vec<&str> = text.split('/').collect();
    let [day, month, year] = parts.as_slice() else { return None };
    (year.len() == 4).then(|| Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok())?
}

/// A week, by its Monday.
fn week(text: &str) -> Result<Period, [String; 2]> {
    let Some(first) = day(text) else {
        return Err([
            format!("`{text}` is no day"),
            "write the week's Monday, such as 2024-09-02".to_owned(),
        ]);
    };
    let past = i64::from(first.weekday().to_monday_zero_offset());
    if past != 0 {
        let monday = first.saturating_sub(jiff::Span::new().days(past));
        return Err([
            format!("{first} is not a Monday"),
            format!("weeks begin on Mondays; this day's week begins on {monday}"),
        ]);
    }
    Ok(Period::Week(first))
}

/// A month, as `2024-09`; a day stands for its month only if it is the first.
fn month(text: &str) -> Result<Period, [String; 2]> {
    let parsed = match text.split_once('-') {
        Some((year, month)) if year.len() == 4 && month.len() == 2 => {
            year.parse().ok().zip(month.parse().ok()).and_then(|(year, month)| Date::new(year, month, 1).ok())
        }
        _ => day(text).filter(|day| day.day() == 1),
    };
    parsed
        .map(Period::Month)
        .ok_or_else(|| [format!("`{text}` is no month"), "write year and month, such as 2024-09".to_owned()])
}
