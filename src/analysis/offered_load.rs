//! What each team and desk is asked for, against what it has.
//!
//! Consumes expected demand and flows; produces a row for every unit (a team in an area, or shared)
//! and for every desk. For a team: points and hours that the families expected to be open would
//! need, against its points limit and its net hours (FTE × contracted hours × share present ×
//! (1 - share of work that no case sees) × productivity; see [`super::supply`]). For a desk: staff
//! hours of tasks a week against staffed hours.
//!
//! Beyond the stage's own work, hours are needed for handovers, for contacts about open families, for
//! families taken over from leavers, for oversight by the team that gives it, and for support: by the
//! supporting team, and for what it lacks by the team that holds the stage. A family that overlaps
//! after a step down stays with its former team as well, as if still in its former stage.
//!
//! A load ratio above 1 means that the queue grows without end, below 1 that waits depend on the
//! swing of demand; [`TeamLoad::suggested_fte`] gives square-root staffing for both limits.
//!
//! **Left out.** The module's own omissions, and: work spread over a stage's duration is counted
//! until the natural end, not for the wait for a review after it; families taken over from agency staff.

use ndarray::Array2;
use serde::Serialize;

use super::demand::{Demand, expected_demand};
use super::flow::{Endless, Flow, expected_flow};
use super::queueing::square_root_staffing;
use super::supply::{Period, Presence, Supply, hours_per_fte, supplies};
use crate::calendar::RunCalendar;
use crate::scenario::{AreaId, DeskUnit, Draw, Holder, Scenario, Stage, StageId, TeamId, Unit, Work};

/// Chance of waiting at all that suggested staffing aims at: one family in five.
pub const DELAY_PROBABILITY: f64 = 0.2;

/// The instant answer for one draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// Expected demand, area × source.
    pub demand: Demand,
    /// Expected flows.
    pub flow: Flow,
    /// A row for each of [`Scenario::units`].
    pub teams: Vec<TeamLoad>,
    /// A row for each of [`Scenario::desk_units`].
    pub desks: Vec<DeskLoad>,
}

/// A caseload team's offered load.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TeamLoad {
    /// Team identifier.
    pub team: String,
    /// Unit: the area's identifier, or the team's own when shared.
    pub unit: String,
    /// Families joining a week, moves within the team included.
    pub families_per_week: f64,
    /// Mean families open, were nobody to wait; those who overlap after a step down included.
    pub open_families: f64,
    /// Children in those families.
    pub open_children: f64,
    /// Full-time equivalents it has, its part of floating staff included; floating staff, being lent
    /// out, have none.
    pub fte: f64,
    /// Points those families weigh.
    pub points_needed: f64,
    /// Points it may hold; `None` without a limit.
    pub points_limit: Option<f64>,
    /// Hours a week those families need, handovers, oversight and support included.
    pub hours_needed: f64,
    /// Hours a week it has for them.
    pub hours_available: f64,
    /// The greater of needed over limit, by points and by hours; `None` when it has no staff.
    pub load: Option<f64>,
    /// FTE with which about [`DELAY_PROBABILITY`] of families would wait for points, and hours
    /// would cover as many families at once; rounded up to a tenth.
    pub suggested_fte: f64,
}

/// A desk's offered load.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeskLoad {
    /// Desk identifier.
    pub desk: String,
    /// Unit: the area's identifier, or the desk's own when shared.
    pub unit: String,
    /// Tasks a week.
    pub tasks_per_week: f64,
    /// Staff hours those tasks take a week.
    pub hours_needed: f64,
    /// Staffed hours a week, averaged over the horizon.
    pub hours_available: f64,
    /// Needed over available; `None` when it has no staff.
    pub load: Option<f64>,
    /// Mean people busy while the desk is staffed, were nothing to wait.
    pub people_needed: f64,
    /// Mean people there while it is staffed.
    pub people: f64,
    /// People there with which about [`DELAY_PROBABILITY`] of tasks would wait; rounded up to a tenth.
    pub suggested_people: f64,
}

/// Works out the instant answer.
///
/// # Errors
/// If some families can never leave the pathway.
pub fn analyse(scenario: &Scenario, draw: &Draw) -> Result<Analysis, Endless> {
    let days = scenario.total_weeks() as usize * 7;
    let calendar = RunCalendar::new(scenario.first_day(), days);
    let demand = expected_demand(scenario, draw, &calendar);
    let flow = expected_flow(scenario, draw, &demand.arrivals)?;
    let period = Period::horizon(scenario, &calendar);
    let mut load = Load {
        scenario,
        draw,
        held: flow.held(),
        flow: &flow,
        children: scenario.demand.children.mean(draw),
        presence: scenario.teams.iter().map(|team| Presence::of_team(team, draw, &period)).collect(),
        supplies: Vec::new(),
    };
    let open: Vec<f64> = scenario.units.iter().map(|unit| load.open_families(unit)).collect();
    load.supplies = supplies(scenario, draw, &load.presence, &open);
    let teams = (0..scenario.units.len()).map(|unit| load.of_team(unit)).collect();
    let desks = scenario.desk_units.iter().map(|unit| load.of_desk(unit, &calendar)).collect();
    Ok(Analysis { demand, flow, teams, desks })
}

struct Load<'a> {
    scenario: &'a Scenario,
    draw: &'a Draw,
    flow: &'a Flow,
    held: Array2<f64>,
    children: f64,
    /// By team.
    presence: Vec<Presence>,
    /// By unit.
    supplies: Vec<Supply>,
}

impl Load<'_> {
    fn of_team(&self, index: usize) -> TeamLoad {
        let (scenario, draw) = (self.scenario, self.draw);
        let (unit, supply) = (&scenario.units[index], self.supplies[index]);
        let team = &scenario.teams[unit.team];
        let mut row = TeamLoad {
            team: team.id.clone(),
            unit: unit.id.clone(),
            families_per_week: 0.0,
            open_families: self.open_families(unit),
            open_children: 0.0,
            fte: supply.fte,
            points_needed: 0.0,
            points_limit: None,
            hours_needed: self.handover_hours(unit) + self.hours_for_others(unit) + self.takeovers(unit),
            hours_available: supply.hours,
            load: None,
            suggested_fte: 0.0,
        };
        for &area in &unit.areas {
            for (id, stage) in self.stages_of(unit.team) {
                let (entries, held) = (self.flow.entries[[area, id]], self.held[[area, id]]);
                row.families_per_week += entries;
                row.points_needed += held * self.points(stage);
                let effort = draw[scenario.areas[area].effort];
                row.hours_needed += effort
                    * self.hours_of(stage, entries * self.flow.stays[id].work_done, held)
                    + self.unmet_support(area, stage, held);
            }
        }
        self.add_overlapping(unit, &mut row);
        row.open_children = row.open_families * self.children;
        row.points_limit = team
            .points_per_fte
            .map(|points| draw[points] * supply.points_fte)
            .filter(|limit| limit.is_finite());
        let by_points = row.points_limit.map_or(0.0, |limit| row.points_needed / limit);
        let by_hours = if row.hours_needed > 0.0 { row.hours_needed / row.hours_available } else { 0.0 };
        row.load = (row.fte > 0.0).then(|| by_points.max(by_hours)).filter(|load| load.is_finite());
        // A team without staff would get fully experienced workers.
        let presence = self.presence[unit.team];
        let (points_per_fte, hours) = if row.fte > 0.0 {
            (row.points_limit.map(|limit| limit / row.fte), row.hours_available / row.fte)
        } else {
            let points = team.points_per_fte.map(|points| draw[points] * presence.points);
            (row.points_limit.and(points), hours_per_fte(team, unit, presence, draw))
        };
        row.suggested_fte = suggested_fte(&row, points_per_fte, hours);
        row
    }

    /// Mean families open with a unit, were nobody to wait.
    fn open_families(&self, unit: &Unit) -> f64 {
        let held = |area: AreaId| self.stages_of(unit.team).map(|(id, _)| self.held[[area, id]]).sum::<f64>();
        unit.areas.iter().map(|area| held(*area)).sum()
    }

    /// Points of a mean family.
    fn points(&self, stage: &Stage) -> f64 {
        self.scaled(self.draw[stage.points], self.draw[stage.points_extra_child])
    }

    /// Families that a unit's workers go on holding after a step down to another team: the area, the
    /// stage they have left, and how many at a time.
    fn overlapping(&self, unit: &Unit) -> Vec<(AreaId, StageId, f64)> {
        let stages = &self.scenario.stages;
        let overlaps = |&(from, to): &(StageId, StageId)| {
            let (old, new) = (&stages[from], &stages[to]);
            let theirs = new.holder.team().is_some_and(|team| team != unit.team);
            old.holder.team() == Some(unit.team) && theirs && new.level < old.level
        };
        let ways = pairs(stages.len()).filter(overlaps);
        ways.flat_map(|(from, to)| {
            let weeks = self.draw[stages[to].overlap_days] / 7.0;
            unit.areas.iter().map(move |&area| (area, from, self.flow.moves[[area, from, to]] * weeks))
        })
        .collect()
    }

    /// Adds the weight and the hours of families that overlap.
    fn add_overlapping(&self, unit: &Unit, row: &mut TeamLoad) {
        for (area, from, families) in self.overlapping(unit) {
            let stage = &self.scenario.stages[from];
            let natural = super::stay::Law::new(&stage.duration, self.draw).mean();
            let entries = if natural > 0.0 { families * 7.0 / natural } else { 0.0 };
            row.open_families += families;
            row.points_needed += families * self.points(stage);
            // The whole stage's hours are those of a natural duration, none of it cut short.
            let effort = self.draw[self.scenario.areas[area].effort];
            row.hours_needed += effort * self.hours_of(stage, entries, families);
        }
    }

    /// Hours a week for families taken over from workers who have left.
    fn takeovers(&self, unit: &Unit) -> f64 {
        let Some(workforce) = &self.scenario.teams[unit.team].workforce else { return 0.0 };
        let leaving = self.draw[workforce.leavers] * 7.0 / 365.25;
        self.open_families(unit) * leaving * self.draw[workforce.takeover_hours]
    }

    /// Hours a week that a unit gives to cases of other teams: oversight and support.
    fn hours_for_others(&self, unit: &Unit) -> f64 {
        let mut hours = 0.0;
        for &area in &unit.areas {
            for (id, stage) in self.scenario.stages.iter().enumerate() {
                let held = self.held[[area, id]];
                if let Some(given) = stage.oversight.filter(|given| given.team == unit.team) {
                    hours += held * self.draw[given.hours];
                }
                if let Some(given) = stage.support.filter(|given| given.team == unit.team) {
                    hours += held * self.children * self.draw[given.hours_per_child];
                }
            }
        }
        hours
    }

    /// Hours a week of support that fall back on those who hold a stage.
    fn unmet_support(&self, area: AreaId, stage: &Stage, held: f64) -> f64 {
        stage.support.map_or(0.0, |support| {
            let needed = held * self.children * self.draw[support.hours_per_child];
            needed * self.unmet_share(area, support.team) * self.draw[support.spill_share]
        })
    }

    /// Share of the support wanted of a team in an area for which it has no hours.
    fn unmet_share(&self, area: AreaId, team: TeamId) -> f64 {
        let serves = |unit: &Unit| unit.team == team && unit.areas.contains(&area);
        let Some(unit) = self.scenario.units.iter().position(serves) else { return 1.0 };
        let needed = self.hours_for_others(&self.scenario.units[unit]);
        if needed > 0.0 { (1.0 - self.supplies[unit].hours / needed).max(0.0) } else { 0.0 }
    }

    /// Stages that a team holds.
    fn stages_of(&self, team: usize) -> impl Iterator<Item = (StageId, &Stage)> {
        let holds = move |stage: &Stage| matches!(stage.holder, Holder::Team(id) if id == team);
        self.scenario.stages.iter().enumerate().filter(move |(_, stage)| holds(stage))
    }

    /// Hours a week that a stage's families need, before the area's effort; `entries` a week do the
    /// whole stage's work.
    fn hours_of(&self, stage: &Stage, entries: f64, held: f64) -> f64 {
        let extra = self.draw[stage.work_extra_child];
        let contacts = held * self.draw[stage.open_contacts] * self.draw[stage.open_contact_hours];
        let (hours, times) = match stage.work {
            Work::PerWeek(hours) => (self.draw[hours], held),
            Work::Total(hours) => (self.draw[hours], entries),
        };
        times * self.scaled(hours, hours * extra) + contacts
    }

    /// A figure for the first child, with another for each further child of a mean family.
    fn scaled(&self, first: f64, further: f64) -> f64 {
        first + further * (self.children - 1.0)
    }

    /// Hours a week of transfers to and from a unit's workers: each costs both sides.
    fn handover_hours(&self, unit: &Unit) -> f64 {
        let scenario = self.scenario;
        let team_of = |stage: StageId| match scenario.stages[stage].holder {
            Holder::Team(team) => Some(team),
            _ => None,
        };
        let mut hours = 0.0;
        for &area in &unit.areas {
            for (from, to) in pairs(scenario.stages.len()) {
                let teams = (team_of(from), team_of(to));
                let between = teams.0.is_some() && teams.1.is_some() && teams.0 != teams.1;
                if between && (teams.0 == Some(unit.team) || teams.1 == Some(unit.team)) {
                    hours +=
                        self.flow.moves[[area, from, to]] * self.draw[scenario.stages[to].handover_hours];
                }
            }
        }
        hours
    }

    fn of_desk(&self, unit: &DeskUnit, calendar: &RunCalendar) -> DeskLoad {
        let (mut tasks, mut days) = (0.0, 0.0);
        for &area in &unit.areas {
            for (id, stage) in self.scenario.stages.iter().enumerate() {
                let entries = self.flow.entries[[area, id]];
                for (share, mean) in self.tasks_of(stage, unit.desk) {
                    tasks += entries * share;
                    days += entries * share * mean;
                }
            }
        }
        let staffed = Staffed::new(self.scenario, self.draw, unit, calendar);
        let hours_needed = days * 24.0;
        let people_needed = if staffed.open_hours > 0.0 { hours_needed / staffed.open_hours } else { 0.0 };
        DeskLoad {
            desk: self.scenario.desks[unit.desk].id.clone(),
            unit: unit.id.clone(),
            tasks_per_week: tasks,
            hours_needed,
            hours_available: staffed.staff_hours,
            load: (staffed.staff_hours > 0.0).then(|| hours_needed / staffed.staff_hours),
            people_needed,
            people: if staffed.open_hours > 0.0 { staffed.staff_hours / staffed.open_hours } else { 0.0 },
            suggested_people: up_to_tenth(square_root_staffing(people_needed, DELAY_PROBABILITY)),
        }
    }

    /// A stage's tasks at a desk: the share of its families with one, and its mean in days.
    fn tasks_of(&self, stage: &Stage, desk: usize) -> Vec<(f64, f64)> {
        let mean = |duration| super::stay::Law::new(duration, self.draw).mean();
        match &stage.holder {
            Holder::Desk(id) if *id == desk => vec![(1.0, mean(&stage.duration))],
            Holder::Checks(checks) => checks
                .iter()
                .filter(|(id, _, _)| *id == desk)
                .map(|(_, share, duration)| (self.draw[*share], mean(duration)))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// A desk's hours a week over the horizon.
struct Staffed {
    /// Hours of all its people.
    staff_hours: f64,
    /// Hours in which at least one group is there.
    open_hours: f64,
}

impl Staffed {
    fn new(scenario: &Scenario, draw: &Draw, unit: &DeskUnit, calendar: &RunCalendar) -> Self {
        let start = i64::from(scenario.warm_up_weeks) * 7;
        let end = i64::from(scenario.total_weeks()) * 7;
        let (mut staff_hours, mut open_hours) = (0.0, 0.0);
        for day in start..end {
            let there = |group: &&crate::scenario::DeskPeople| {
                (group.from_day..group.to_day).contains(&day)
                    && (group.continuous || calendar.is_working(day))
                    && draw[group.fte] > 0.0
            };
            let mut spans: Vec<(f64, f64)> = Vec::new();
            for group in unit.people.iter().filter(there) {
                staff_hours += draw[group.fte] * (group.to_hour - group.from_hour);
                spans.push((group.from_hour, group.to_hour));
            }
            open_hours += covered(spans);
        }
        let weeks = f64::from(scenario.horizon_weeks.max(1));
        Self { staff_hours: staff_hours / weeks, open_hours: open_hours / weeks }
    }
}

/// Length covered by intervals that may overlap.
fn covered(mut spans: Vec<(f64, f64)>) -> f64 {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut length, mut reached) = (0.0, f64::MIN);
    for (from, to) in spans {
        length += (to - from.max(reached)).max(0.0);
        reached = reached.max(to);
    }
    length
}

/// Square-root staffing for points and for hours: R families open on average, room (or hours) for
/// R + β√R of them at their mean points (or hours).
fn suggested_fte(row: &TeamLoad, points_per_fte: Option<f64>, hours_per_fte: f64) -> f64 {
    if row.open_families <= 0.0 {
        return 0.0;
    }
    let at_once = square_root_staffing(row.open_families, DELAY_PROBABILITY) / row.open_families;
    let fte = |needed: f64, per_fte: f64| {
        if needed > 0.0 && per_fte > 0.0 { needed * at_once / per_fte } else { 0.0 }
    };
    let by_points = points_per_fte.map_or(0.0, |per_fte| fte(row.points_needed, per_fte));
    up_to_tenth(by_points.max(fte(row.hours_needed, hours_per_fte)))
}

fn up_to_tenth(value: f64) -> f64 {
    // Rounding noise must not lift an exact tenth to the next.
    (value * 10.0 - 1e-9).ceil().max(0.0) / 10.0
}

fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |from| (0..n).map(move |to| (from, to)))
}

#[cfg(test)]
mod tests;
