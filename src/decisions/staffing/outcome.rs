//! What one replication says about the posts tried.
//!
//! Consumes a replication's record; keeps of it what staffing asks: the share achieved of every
//! standard, the same in the **worst four weeks**, the caseload and waiting of every seat, and what was paid.
//!
//! The worst four weeks are, in each reported year (52 weeks from the first reported day; a last part
//! counts from four weeks on), the four consecutive weeks in which the mean of the weekly figure is
//! furthest on the wrong side: of a measure, the mean of the weeks that have one; of a clock, the mean
//! of the weekly shares on time. A standard holds in them when that mean keeps to the threshold (a
//! measure) or to the required share (a clock) in every year.

use serde::{Deserialize, Serialize};

use super::bill::Payment;
use super::seat::{Group, Place, Seat};
use crate::scenario::{AreaId, Scenario, Standard, StandardTest, TeamId};
use crate::simulation::{CostLine, Holding, Layout, ReplicationRecord};
use crate::summary::{Estimate, is_met};

/// Weeks of a reported year.
const YEAR_WEEKS: usize = 52;

/// Weeks that make the worst spell of a year.
const WORST_WEEKS: usize = 4;

/// What one replication says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// For each standard judged, the share of families or weeks that met it; `NaN` where none was there.
    pub achieved: Vec<f64>,
    /// For each standard judged, the worst four weeks' mean of its measure, or share on time; `NaN`
    /// where there is none.
    pub worst: Vec<f64>,
    /// For each seat, its load.
    pub loads: Vec<Load>,
    /// For each of the [`Payment`]s, pence over the reported weeks.
    pub paid: Vec<i64>,
}

/// A seat's load in one replication.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// Families (or children, where practice counts them) held for each full-time equivalent; `NaN`
    /// for a desk, and where no figure stands for this seat alone.
    pub caseload: f64,
    /// Families held and waiting (or tasks in hand), average over the horizon.
    pub open: f64,
    /// Families (or tasks) waiting, average over the horizon.
    pub waiting: f64,
    /// Hours that all families held would need in a week; `NaN` where no figure stands for this place alone.
    pub hours_needed: f64,
    /// Families who went further up the pathway while they waited, over the horizon.
    pub escalations: f64,
    /// Mean wait in days of those taken on; `NaN` where none was.
    pub wait_days: f64,
    /// Caseload in the worst four weeks of the horizon.
    pub peak_caseload: f64,
    /// Waiting in the worst four weeks of the horizon.
    pub peak_waiting: f64,
}

/// Where in a record the figures stand.
#[derive(Clone, Debug)]
pub struct Probe {
    /// For each standard judged, the row of its weeks and whether more is worse.
    weeks: Vec<Option<(usize, bool)>>,
    loads: Vec<LoadRows>,
    /// For each line of costs, its place among the payments.
    paid: Vec<Option<usize>>,
    payments: usize,
}

/// Whose load is read: somebody's families in some areas (all areas: the whole council).
#[derive(Clone, Debug)]
pub struct Spot {
    /// Team or desk; `None` for all teams together.
    pub group: Option<Group>,
    /// The area; `None` for the whole council.
    pub areas: Vec<Option<AreaId>>,
    /// Whether the group's people in those areas are nobody else's.
    pub own_people: bool,
}

#[derive(Clone, Debug)]
struct LoadRows {
    caseload: Option<usize>,
    hours_needed: Option<usize>,
    open: Vec<usize>,
    waiting: Vec<usize>,
    escalations: Vec<usize>,
    wait_days: Vec<usize>,
}

impl Probe {
    /// Finds the figures of standards and seats.
    pub fn new(scenario: &Scenario, layout: &Layout, spots: &[Spot], payments: &[Payment]) -> Self {
        let weeks = layout.judged.iter();
        let weeks = weeks
            .map(|judged| {
                let standard = &scenario.standards[judged.standard];
                let (holding, measure, more_is_worse) = match &standard.test {
                    StandardTest::Clock(clock) => {
                        (Holding::Area, format!("on_time_share_{}", scenario.clocks[*clock].id), false)
                    }
                    StandardTest::Measure { measure, team, at_most, .. } => {
                        (team.map_or(Holding::Area, Holding::Team), measure.clone(), *at_most)
                    }
                };
                row(layout, judged.area, holding, &measure).map(|row| (row, more_is_worse))
            })
            .collect();
        let loads = spots.iter().map(|spot| LoadRows::new(scenario, layout, spot)).collect();
        let place = |line: &CostLine| {
            let payment = Payment { item: line.item, funder: line.funder };
            payments.iter().position(|known| *known == payment)
        };
        let paid = layout.cost_lines.iter().map(place).collect();
        Self { weeks, loads, paid, payments: payments.len() }
    }

    /// Reads a record.
    pub fn read(&self, record: &ReplicationRecord) -> Outcome {
        let week =
            |row: usize| record.weekly.row(row).iter().map(|value| f64::from(*value)).collect::<Vec<_>>();
        let worst = self.weeks.iter().map(|found| match found {
            Some((row, more_is_worse)) => worst_weeks(&week(*row), *more_is_worse),
            None => f64::NAN,
        });
        let load = |rows: &LoadRows| {
            let sum_weeks = |rows: &[usize]| -> Vec<f64> {
                let weeks = record.weekly.ncols();
                (0..weeks)
                    .map(|week| rows.iter().map(|&row| f64::from(record.weekly[[row, week]])).sum())
                    .collect()
            };
            let waits = rows.wait_days.iter().map(|&row| record.horizon[row]).filter(|days| !days.is_nan());
            let (days, count) = waits.fold((0.0, 0.0), |(sum, count), days| (sum + days, count + 1.0));
            let sum = |rows: &[usize]| rows.iter().map(|&row| record.horizon[row]).sum();
            Load {
                caseload: rows.caseload.map_or(f64::NAN, |row| record.horizon[row]),
                open: sum(&rows.open),
                waiting: sum(&rows.waiting),
                hours_needed: rows.hours_needed.map_or(f64::NAN, |row| record.horizon[row]),
                escalations: sum(&rows.escalations),
                wait_days: days / count,
                peak_caseload: rows.caseload.map_or(f64::NAN, |row| worst_weeks(&week(row), true)),
                peak_waiting: worst_weeks(&sum_weeks(&rows.waiting), true),
            }
        };
        let mut paid = vec![0; self.payments];
        for (place, pence) in self.paid.iter().zip(&record.costs) {
            if let Some(place) = place {
                paid[*place] += pence;
            }
        }
        Outcome {
            achieved: record.achieved.clone(),
            worst: worst.collect(),
            loads: self.loads.iter().map(load).collect(),
            paid,
        }
    }
}

/// Mean of a figure over replications, of those that have one; `NaN` where none has.
pub fn mean(outcomes: &[Outcome], of: impl Fn(&Outcome) -> f64) -> f64 {
    let figures = outcomes.iter().map(of).filter(|figure| !figure.is_nan());
    let (sum, count) = figures.fold((0.0, 0.0), |(sum, count), figure| (sum + figure, count + 1.0));
    sum / count
}

/// The same with its uncertainty.
pub fn estimate(outcomes: &[Outcome], of: impl Fn(&Outcome) -> f64) -> Estimate {
    Estimate::of(&outcomes.iter().map(of).collect::<Vec<f64>>())
}

impl Outcome {
    /// Whether a standard judged holds over the horizon.
    pub fn holds(&self, judged: usize, standard: &Standard) -> bool {
        is_met(self.achieved[judged], standard.required_share)
    }

    /// Whether it holds in the worst four weeks of each year.
    pub fn holds_in_worst_weeks(&self, judged: usize, standard: &Standard) -> bool {
        let worst = self.worst[judged];
        match &standard.test {
            _ if worst.is_nan() => true,
            StandardTest::Clock(_) => is_met(worst, standard.required_share),
            StandardTest::Measure { threshold, at_most, .. } => {
                let slack = threshold.abs() * 1e-6 + 1e-9;
                if *at_most { worst <= threshold + slack } else { worst >= threshold - slack }
            }
        }
    }
}

impl Spot {
    /// Of a seat.
    pub fn of_seat(scenario: &Scenario, seat: &Seat) -> Self {
        let others = match seat.place {
            Place::Unit(unit) => scenario.units.iter().enumerate().any(|(index, other)| {
                index != unit && scenario.units[unit].team == other.team && !other.areas.is_empty()
            }),
            Place::Desk(pool) => scenario
                .desk_units
                .iter()
                .enumerate()
                .any(|(index, other)| index != pool && scenario.desk_units[pool].desk == other.desk),
        };
        let areas = match seat.area() {
            Some(area) => vec![Some(area)],
            None if !others => vec![None],
            None => seat.areas.iter().copied().map(Some).collect(),
        };
        let own_people = areas.len() == 1;
        Self { group: Some(seat.group), areas, own_people }
    }

    /// All teams, in an area or in the whole council.
    pub fn of_all(area: Option<AreaId>) -> Self {
        Self { group: None, areas: vec![area], own_people: false }
    }
}

impl LoadRows {
    fn new(scenario: &Scenario, layout: &Layout, spot: &Spot) -> Self {
        let holding = match spot.group {
            Some(Group::Team(team)) => Holding::Team(team),
            Some(Group::Desk(desk)) => Holding::Desk(desk),
            None => Holding::Area,
        };
        let rows_of = |holding: Holding, measure: &str| {
            spot.areas.iter().filter_map(|&area| row(layout, area, holding, measure)).collect::<Vec<_>>()
        };
        let rows = |measure: &str| rows_of(holding, measure);
        let of_teams = |measure: &str| {
            (0..scenario.teams.len()).flat_map(|team| rows_of(Holding::Team(team), measure)).collect()
        };
        let caseload = match spot.group {
            Some(Group::Team(team)) if spot.own_people => {
                rows(caseload_measure(scenario, team)).first().copied()
            }
            _ => None,
        };
        let every_team = spot.group.is_none();
        Self {
            caseload,
            hours_needed: if spot.own_people { rows("hours_needed").first().copied() } else { None },
            open: rows("open_families"),
            waiting: rows("waiting_families"),
            escalations: if every_team { of_teams("escalations") } else { rows("escalations") },
            wait_days: if every_team { of_teams("wait_mean_days") } else { rows("wait_mean_days") },
        }
    }
}

/// The measure in which practice counts a team's caseload.
pub fn caseload_measure(scenario: &Scenario, team: TeamId) -> &'static str {
    let of_team = scenario.stages.iter().filter(|stage| stage.holder.team() == Some(team));
    let children = of_team.clone().any(|stage| stage.counts == crate::scenario::Counts::Children);
    if children { "children_per_fte" } else { "families_per_fte" }
}

fn row(layout: &Layout, area: Option<AreaId>, holding: Holding, measure: &str) -> Option<usize> {
    layout
        .series
        .iter()
        .position(|series| series.area == area && series.holding == holding && series.measure == measure)
}

/// The worst mean of four consecutive weeks in any reported year; weeks without a figure are left out.
fn worst_weeks(weeks: &[f64], more_is_worse: bool) -> f64 {
    let worse = |a: f64, b: f64| if more_is_worse == (a > b) { a } else { b };
    let mean = |weeks: &[f64]| {
        let (sum, count) = weeks
            .iter()
            .filter(|value| !value.is_nan())
            .fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        sum / count
    };
    let years = weeks.chunks(YEAR_WEEKS);
    let means = years.flat_map(|year| year.windows(WORST_WEEKS).map(mean)).filter(|mean| !mean.is_nan());
    means.reduce(worse).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_four_weeks_lie_within_a_year() {
        let mut weeks = vec![1.0; 104];
        // Eight bad weeks, four on each side of the turn of the year, and two alone.
        weeks[48..56].fill(3.0);
        (weeks[10], weeks[11]) = (9.0, 9.0);
        assert_eq!(worst_weeks(&weeks, true), (9.0 + 9.0 + 1.0 + 1.0) / 4.0);
        assert_eq!(worst_weeks(&weeks, false), 1.0);
        weeks[10..12].fill(1.0);
        assert_eq!(worst_weeks(&weeks, true), 3.0);
        // Split over two years, six bad weeks are three and three.
        weeks[48] = 1.0;
        weeks[55] = 1.0;
        assert_eq!(worst_weeks(&weeks, true), 2.5);
        assert!(worst_weeks(&[1.0, 2.0, 3.0], true).is_nan());
        assert_eq!(worst_weeks(&[1.0, f64::NAN, 3.0, f64::NAN], true), 2.0);
    }
}
