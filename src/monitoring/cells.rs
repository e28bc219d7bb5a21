//! The observed series, and what a replication says in their place.
//!
//! Consumes rows of a file, a scenario and the shape of its records; produces [`Watched`] series: the row of
//! the record, and for each observed period the weeks that make it up.
//!
//! **Months.** A month's events are those of its weeks, each week by the share of its working days that lie in
//! the month (referrals come on working days); a month's level is the mean of its days'. A month whose working
//! days are not all reported is refused: nothing is made up.
//!
//! **Children.** Where a file counts children, the families of every week get children by the scenario's own
//! law, each family anew: so that the luck of large families is in the forecast, as it is in the count. The
//! children of one family are referred together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Forecast;
use crate::calendar::RunCalendar;
use crate::observed::{Observed, ObservedFault, ObservedFaults, ObservedRow, Period, fault};
use crate::random::StreamKey;
use crate::scenario::{AreaId, Counts, Draw, Scenario, suggestion};
use crate::simulation::{Holding, Kind, Layout, ReplicationRecord, children_shares};

/// An observed series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// The area; `None` for the whole council.
    pub area: Option<AreaId>,
    /// Team, desk, or the area as a whole.
    pub holding: Holding,
    /// Name of the measure.
    pub measure: String,
    /// Whether families are counted as children.
    pub as_children: bool,
    /// Whether periods are months.
    pub months: bool,
    /// Observed periods, in order of time.
    pub cells: Vec<WatchedCell>,
    /// Row in the records.
    row: usize,
}

/// An observed period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WatchedCell {
    /// When.
    pub period: Period,
    /// What was observed.
    pub observed: f64,
    /// Reported weeks that make it up, each with its part.
    pub weeks: Vec<(usize, f64)>,
    /// Share of it on which schools are closed, over areas.
    pub closed: f64,
}

/// Holds the rows of a file against a scenario; `counts` says what figures count whose rows do not.
///
/// # Errors
/// Everything that does not fit, at once.
pub fn watched(
    scenario: &Scenario,
    layout: &Layout,
    observed: &Observed,
    counts: Counts,
) -> Result<Vec<Watched>, ObservedFaults> {
    let calendar = RunCalendar::new(scenario.start, layout.weeks * 7);
    let closed = closed_share(scenario, &calendar, layout.weeks * 7);
    let mut faults = Vec::new();
    let mut series: BTreeMap<(usize, bool, bool), Vec<WatchedCell>> = BTreeMap::new();
    for row in &observed.rows {
        let place = place(scenario, layout, row, counts, &mut faults);
        let weeks = weeks_of(row, &calendar, layout.weeks, place.is_some_and(|(_, total, _)| total));
        match (place, weeks) {
            (Some((at, _, as_children)), Ok(weeks)) => {
                let cell = WatchedCell {
                    period: row.period,
                    observed: row.value,
                    closed: weeks.iter().map(|&(week, part)| part * week_share(&closed, week)).sum::<f64>()
                        / weeks.iter().map(|&(_, part)| part).sum::<f64>(),
                    weeks,
                };
                series.entry((at, row.period.is_month(), as_children)).or_default().push(cell);
            }
            (_, Err(words)) => faults.push(words),
            (None, Ok(_)) => {}
        }
    }
    if !faults.is_empty() {
        faults.sort_by_key(|fault| fault.line);
        return Err(ObservedFaults { file: observed.file.clone(), list: faults });
    }
    let made = series.into_iter().map(|((row, months, as_children), mut cells)| {
        cells.sort_by_key(|cell| cell.period);
        let of = &layout.series[row];
        Watched {
            area: of.area,
            holding: of.holding,
            measure: of.measure.clone(),
            as_children,
            months,
            cells,
            row,
        }
    });
    Ok(made.collect())
}

/// The series that a row is of, whether it counts events, and whether its families are counted as children.
fn place(
    scenario: &Scenario,
    layout: &Layout,
    row: &ObservedRow,
    counts: Counts,
    faults: &mut Vec<ObservedFault>,
) -> Option<(usize, bool, bool)> {
    let before = faults.len();
    let area = row.area.as_ref().map(|id| {
        let found = scenario.areas.iter().position(|area| area.id == *id);
        if found.is_none() {
            let known: Vec<&str> = scenario.areas.iter().map(|area| area.id.as_str()).collect();
            faults.push(fault(row.line, "area", format!("there is no area `{id}`"), suggestion(id, &known)));
        }
        found
    });
    let holding = row.team.as_ref().map_or(Some(Holding::Area), |id| {
        let team = scenario.teams.iter().position(|team| team.id == *id).map(Holding::Team);
        let found = team.or_else(|| scenario.desks.iter().position(|desk| desk.id == *id).map(Holding::Desk));
        if found.is_none() {
            let teams = scenario.teams.iter().map(|team| team.id.as_str());
            let known: Vec<&str> = teams.chain(scenario.desks.iter().map(|desk| desk.id.as_str())).collect();
            let message = format!("there is no team or desk `{id}`");
            faults.push(fault(row.line, "team", message, suggestion(id, &known)));
        }
        found
    });
    if faults.len() > before {
        return None;
    }
    let (area, holding) = (area.flatten(), holding?);
    let here: Vec<usize> = (0..layout.series.len())
        .filter(|&at| layout.series[at].area == area && layout.series[at].holding == holding)
        .collect();
    let Some(&at) = here.iter().find(|&&at| layout.series[at].measure == row.measure) else {
        let known: Vec<&str> = here.iter().map(|&at| layout.series[at].measure.as_str()).collect();
        let message = format!("there is no measure `{}` here", row.measure);
        let help = match known.is_empty() {
            true => "this team or desk has no figures of its own here: leave `area` empty".to_owned(),
            false => suggestion(&row.measure, &known),
        };
        faults.push(fault(row.line, "measure", message, help));
        return None;
    };
    let kind = layout.series[at].kind;
    if !matches!(kind, Kind::Total | Kind::Average) {
        let message = format!("`{}` is a quotient, a percentile or a maximum", row.measure);
        let help = "give counts and levels: referrals, completions, waiting_families, open_families";
        faults.push(fault(row.line, "measure", message, help));
        return None;
    }
    let total = kind == Kind::Total;
    let as_children = row.counts.unwrap_or(counts) == Counts::Children;
    let of_people = matches!(row.measure.as_str(), "cost" | "leavers" | "changes_of_worker");
    if row.counts == Some(Counts::Children) && (!total || of_people) {
        let message = format!("`{}` is not turned from families into children", row.measure);
        faults.push(fault(
            row.line,
            "counts",
            message,
            "name a measure that counts children, such as open_children",
        ));
        return None;
    }
    Some((at, total, as_children && total && !of_people))
}

/// The reported weeks that make up a row's period, each with its part: 1 of a week's; of a month's events the
/// share of the week's working days, of its level the share of the month's days.
fn weeks_of(
    row: &ObservedRow,
    calendar: &RunCalendar,
    weeks: usize,
    total: bool,
) -> Result<Vec<(usize, f64)>, ObservedFault> {
    let days = weeks as i64 * 7;
    let (from, until) = (calendar.day_of(row.period.first_day()), calendar.day_of(row.period.end()));
    let missing = match row.period {
        Period::Week(_) => from < 0 || until > days,
        Period::Month(_) => {
            (from..until).any(|day| calendar.is_working(day) && !(0..days).contains(&day))
                || until <= 0
                || from >= days
        }
    };
    if missing {
        let last = calendar.date(days - 1);
        let column = if row.period.is_month() { "month" } else { "week_start" };
        let message = format!("{} is not wholly within the weeks that the scenario reports", row.period.id());
        let help = format!(
            "these are {} to {last}: change `start` or `horizon_weeks`, or leave the line out",
            calendar.first_day()
        );
        return Err(fault(row.line, column, message, help));
    }
    if let Period::Week(_) = row.period {
        return Ok(vec![((from / 7) as usize, 1.0)]);
    }
    let (from, until) = (from.max(0), until.min(days));
    let parts = (from / 7..(until + 6) / 7).map(|week| {
        let inside = (week * 7).max(from)..((week + 1) * 7).min(until);
        let (all, here) = ((week * 7..(week + 1) * 7), inside.clone());
        let working =
            |days: std::ops::Range<i64>| days.filter(|&day| calendar.is_working(day)).count() as f64;
        let part = match (total, working(all)) {
            (true, worked) if worked > 0.0 => working(here) / worked,
            (true, _) => inside.count() as f64 / 7.0,
            (false, _) => inside.count() as f64 / (until - from) as f64,
        };
        (week as usize, part)
    });
    Ok(parts.filter(|&(_, part)| part > 0.0).collect())
}

/// For each reported day, the share of areas whose schools are closed.
fn closed_share(scenario: &Scenario, calendar: &RunCalendar, days: usize) -> Vec<f64> {
    let mut closed = vec![0.0; days];
    for area in &scenario.areas {
        let open = area.schools.open_days(calendar, days);
        closed.iter_mut().zip(open).for_each(|(share, open)| *share += f64::from(u8::from(!open)));
    }
    closed.iter().map(|count| count / scenario.areas.len().max(1) as f64).collect()
}

fn week_share(closed: &[f64], week: usize) -> f64 {
    closed[week * 7..week * 7 + 7].iter().sum::<f64>() / 7.0
}

/// What a replication says in place of every observed period, series after series.
pub(super) fn read(
    series: &[Watched],
    scenario: &Scenario,
    seed: u64,
    draw: &Draw,
    record: &ReplicationRecord,
) -> Vec<f64> {
    let key = StreamKey::master(seed).child(u64::from(record.replication)).named("observed children");
    let children = children_shares(&scenario.demand.children, draw);
    let of_week = |watched: &Watched, week: usize| {
        let families = f64::from(record.weekly[[watched.row, week]]);
        if !watched.as_children {
            return families;
        }
        let key = key.child(watched.row as u64).child(week as u64);
        let size = |family: u64| {
            let u = key.child(family).uniform();
            children.iter().position(|&share| u < share).unwrap_or(children.len().saturating_sub(1)) + 1
        };
        (0..families.round().max(0.0) as u64).map(|family| size(family) as f64).sum()
    };
    let of_cell = |watched: &Watched, cell: &WatchedCell| {
        cell.weeks.iter().map(|&(week, part)| part * of_week(watched, week)).sum::<f64>()
    };
    series.iter().flat_map(|watched| watched.cells.iter().map(move |cell| of_cell(watched, cell))).collect()
}

/// For each series and period, every replication's figure with the observed one behind them.
pub(super) fn columns(series: &[Watched], forecast: &Forecast) -> Vec<Vec<Vec<f64>>> {
    let mut at = 0;
    let column = |watched: &WatchedCell, at: usize| {
        forecast.cells.iter().map(|cells| cells[at]).chain([watched.observed]).collect::<Vec<f64>>()
    };
    let mut all = Vec::with_capacity(series.len());
    for watched in series {
        all.push(watched.cells.iter().enumerate().map(|(cell, seen)| column(seen, at + cell)).collect());
        at += watched.cells.len();
    }
    all
}

impl Watched {
    /// Periods between the first and the last that were not observed.
    pub fn gaps(&self) -> usize {
        let pairs = self.cells.windows(2);
        let between = pairs.map(|pair| {
            let (from, to) = (pair[0].period.end(), pair[1].period.first_day());
            let days = from.until(to).map_or(0, |span| span.get_days());
            (f64::from(days) / if self.months { 30.4 } else { 7.0 }).round().max(0.0) as usize
        });
        between.sum()
    }
}

#[cfg(test)]
mod tests;
