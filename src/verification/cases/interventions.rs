//! Figures that change at dates.

use super::super::exact::infinite::DailyRates;
use super::super::exact::law::Law;
use super::super::{Case, Quantity};

/// Rates, durations, hours and shares that interventions change.
pub(super) const INTERVENTIONS: Case = Case {
    id: "interventions",
    title: "figures that change at dates, in waves and with a ramp: M(t)/G/∞",
    scenario: include_str!("../../../scenarios/verification/23-interventions.toml"),
    replications: 400,
    quantities: interventions,
};

const WEEKS: usize = 40;
/// Families a day in each area before any change.
const DAILY: f64 = 10.0;
/// Weeks in which a rate half as high again is reached.
const RAMP: f64 = 5.0;
/// Week in which durations in the east halve, and weeks in which hours and the share in the west change.
const SHORTER: usize = 15;
const LIGHTER: std::ops::Range<usize> = 30..36;
const BETTER: usize = 33;

/// Arrivals of an area whose wave begins in a week: each week has the strength of its middle.
fn arrivals(wave: usize, factor: f64) -> DailyRates {
    let strength = |week: usize| ((week as f64 + 0.5 - wave as f64) / RAMP).clamp(0.0, 1.0);
    DailyRates((0..7 * WEEKS).map(|day| DAILY * factor * (1.0 + 0.5 * strength(day / 7))).collect())
}

/// The arrivals of some weeks, and none in the others.
fn only(rates: &DailyRates, weeks: std::ops::Range<usize>) -> DailyRates {
    let keep = |(day, rate): (usize, &f64)| if weeks.contains(&(day / 7)) { *rate } else { 0.0 };
    DailyRates(rates.0.iter().enumerate().map(keep).collect())
}

fn interventions(factor: f64) -> Vec<Quantity> {
    let (east, west) = (arrivals(10, factor), arrivals(20, factor));
    let week_of = |week: usize| (7.0 * week as f64, 7.0 * (week + 1) as f64);
    let mut list = Vec::new();
    for (area, name, rates, weeks) in
        [(0, "east", &east, [9, 11, 14, 20]), (1, "west", &west, [11, 21, 24, 39])]
    {
        for week in weeks {
            let exact = rates.0[7 * week] * 7.0;
            list.push(Quantity::new(format!("{name}: contacts in week {week}"), exact, move |reading| {
                Ok(reading.area(area, "arrivals")?.week(week))
            }));
        }
    }
    // Who joined before the change keeps the old duration.
    let (before, after) = (only(&east, 0..SHORTER), only(&east, SHORTER..WEEKS));
    for week in [14, 16, 18, 30] {
        let (from, to) = week_of(week);
        let exact = before.open_over(from, to, Law::Exponential(28.0))
            + after.open_over(from, to, Law::Exponential(14.0));
        list.push(Quantity::new(format!("east: mean open in week {week}"), exact, move |reading| {
            Ok(reading.area(0, "open_families")?.week(week))
        }));
    }
    // Families already open need fewer hours too, and as many as before when it is over.
    let law = Law::Exponential(28.0);
    for week in [29, 30, 35, 36] {
        let (from, to) = week_of(week);
        let hours = if LIGHTER.contains(&week) { 0.5 } else { 1.0 };
        let exact = hours * west.open_over(from, to, law);
        list.push(Quantity::new(format!("west: hours needed in week {week}"), exact, move |reading| {
            Ok(reading.team(1, "help", "hours_needed")?.week(week))
        }));
    }
    for week in [32, 33, 39] {
        let (from, to) = week_of(week);
        let came: f64 = west.0[7 * week..7 * (week + 1)].iter().sum();
        let left = came - (west.open_at(to, law) - west.open_at(from, law));
        let share = if week < BETTER { 0.4 } else { 0.8 };
        list.push(Quantity::new(
            format!("west: outcomes met in week {week}"),
            share * left,
            move |reading| Ok(reading.area(1, "ends_done")?.week(week)),
        ));
    }
    list
}
