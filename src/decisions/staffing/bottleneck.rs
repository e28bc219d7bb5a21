//! What stands in the way of a standard that no number of posts meets.
//!
//! Consumes the standards that failed with ample posts; produces, for each, what lifting each possible
//! obstacle does to its reliability, by simulating it lifted. The one that helps most is named; if the
//! standard is then met, it binds.

use serde::{Deserialize, Serialize};

use super::evaluate::{Evaluator, LOOK, Unanswered};
use super::ground::Ground;
use super::reliability::{Aims, Standing};
use super::responsibility::stages_while_running;
use super::seat::Place;
use crate::scenario::{
    DeskId, DeskPeople, Duration, Holder, Parameter, Quantity, RangeShape, Scenario, StandardTest, Work,
};

/// Replications of each trial.
const REPLICATIONS: u32 = 3 * LOOK;

/// What can stand in the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Bottleneck {
    /// People whose posts were not sought, or bounds on posts.
    People,
    /// Hours that work takes.
    Hours,
    /// How many cases a worker may hold.
    CaseloadLimit,
    /// The people or the opening hours of a desk: a partner's check, the screening, conference slots.
    Desk(DeskId),
    /// All desks at once.
    AllDesks,
    /// That managers are away.
    Manager,
    /// The time that the work itself takes, waits for reviews and transfers included.
    OwnTime,
}

/// What lifting one obstacle does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relief {
    /// What was lifted.
    pub lifted: Bottleneck,
    /// How often the standard then holds.
    pub standing: Standing,
}

/// A standard that no number of posts meets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Obstacle {
    /// Its place among those judged.
    pub judged: usize,
    /// How often it holds with ample posts.
    pub ample: Standing,
    /// What lifting each obstacle does, best first.
    pub reliefs: Vec<Relief>,
}

/// Looks for what stands in the way.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn obstacles(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    ample: &[f64],
) -> Result<Vec<Obstacle>, Unanswered> {
    let hopeless: Vec<usize> = (0..aims.judged.len()).filter(|&judged| aims.hopeless[judged]).collect();
    if hopeless.is_empty() {
        return Ok(Vec::new());
    }
    evaluator.doing = "looking for what stands in the way";
    let replications = REPLICATIONS.min(ground.replications);
    // With ample posts even where the search lets posts be.
    let posts: Vec<f64> = ample
        .iter()
        .zip(ground.seats)
        .enumerate()
        .map(|(seat, (&posts, described))| posts.max(described.current).max(ground.posts_most(seat)))
        .collect();
    let base = evaluator.outcomes(&posts, 0, replications)?;
    let mut found: Vec<Obstacle> = hopeless
        .into_iter()
        .map(|judged| Obstacle { judged, ample: aims.asked(judged, base), reliefs: Vec::new() })
        .collect();
    for lifted in candidates(aims, &found) {
        let name = format!("without:{lifted:?}");
        let change = |scenario: Scenario| lift(scenario, &lifted, ground);
        let outcomes = evaluator.variant(&name, &change, &posts, 0, replications, None)?;
        for obstacle in &mut found {
            let standing = aims.asked(obstacle.judged, outcomes);
            obstacle.reliefs.push(Relief { lifted: lifted.clone(), standing });
        }
    }
    for obstacle in &mut found {
        obstacle.reliefs.sort_by_key(|relief| std::cmp::Reverse(relief.standing.met));
    }
    Ok(found)
}

/// What there is in this scenario that may stand in the way of these standards.
fn candidates(aims: &Aims, found: &[Obstacle]) -> Vec<Bottleneck> {
    let scenario = aims.scenario;
    let mut list = vec![Bottleneck::People, Bottleneck::Hours];
    if scenario.teams.iter().any(|team| team.points_per_fte.is_some()) {
        list.push(Bottleneck::CaseloadLimit);
    }
    let managed = |team: &crate::scenario::Team| {
        team.workforce.as_ref().is_some_and(|workforce| workforce.managers.is_some())
    };
    if scenario.teams.iter().any(managed) {
        list.push(Bottleneck::Manager);
    }
    let mut desks: Vec<DeskId> = Vec::new();
    for obstacle in found {
        if let StandardTest::Clock(clock) = aims.standard(obstacle.judged).test {
            for stage in stages_while_running(scenario, &scenario.clocks[clock]) {
                match &scenario.stages[stage].holder {
                    Holder::Desk(desk) => desks.push(*desk),
                    Holder::Checks(checks) => desks.extend(checks.iter().map(|(desk, _, _)| *desk)),
                    Holder::Team(_) | Holder::Nobody => {}
                }
            }
        }
    }
    desks.sort_unstable();
    desks.dedup();
    if desks.len() > 1 {
        list.push(Bottleneck::AllDesks);
    }
    list.extend(desks.into_iter().map(Bottleneck::Desk));
    list.push(Bottleneck::OwnTime);
    list
}

/// The scenario with an obstacle out of the way.
fn lift(mut scenario: Scenario, lifted: &Bottleneck, ground: &Ground) -> Scenario {
    match lifted {
        Bottleneck::People => {
            let sought = |place: Place| ground.seats.iter().any(|seat| seat.place == place);
            let units: Vec<_> = (0..scenario.units.len())
                .filter(|&unit| !sought(Place::Unit(unit)))
                .map(|unit| (unit, 10.0 * scenario.posts(unit) + 10.0))
                .collect();
            let desks: Vec<_> = (0..scenario.desk_units.len())
                .filter(|&desk| !sought(Place::Desk(desk)))
                .map(|desk| (desk, 10.0 * scenario.people(desk) + 10.0))
                .collect();
            scenario.with_posts(&units).with_people(&desks)
        }
        Bottleneck::Hours => {
            let none = figure(&mut scenario, 0.0);
            for stage in &mut scenario.stages {
                (stage.work, stage.support, stage.oversight) = (Work::PerWeek(none), None, None);
                (stage.handover_hours, stage.open_contacts) = (none, none);
            }
            scenario
        }
        Bottleneck::CaseloadLimit => {
            scenario.teams.iter_mut().for_each(|team| team.points_per_fte = None);
            scenario
        }
        Bottleneck::Manager => {
            let workforces = scenario.teams.iter_mut().filter_map(|team| team.workforce.as_mut());
            workforces.for_each(|workforce| workforce.managers = None);
            scenario
        }
        Bottleneck::Desk(desk) => open_desks(scenario, |of| of == *desk),
        Bottleneck::AllDesks => open_desks(scenario, |_| true),
        Bottleneck::OwnTime => {
            let none = figure(&mut scenario, 0.0);
            for stage in &mut scenario.stages {
                (stage.duration, stage.review, stage.transfer_delay_days) = (Duration::Zero, None, none);
                if let Holder::Checks(checks) = &mut stage.holder {
                    checks.iter_mut().for_each(|(_, _, duration)| *duration = Duration::Zero);
                }
            }
            scenario
        }
    }
}

/// Desks with plenty of people, day and night.
fn open_desks(mut scenario: Scenario, which: impl Fn(DeskId) -> bool) -> Scenario {
    for unit in 0..scenario.desk_units.len() {
        if which(scenario.desk_units[unit].desk) {
            let people = (20.0 * scenario.people(unit)).ceil() + 50.0;
            let fte = figure(&mut scenario, people);
            scenario.desk_units[unit].people = vec![DeskPeople {
                fte,
                continuous: true,
                from_hour: 0.0,
                to_hour: 24.0,
                from_day: i64::MIN,
                to_day: i64::MAX,
            }];
        }
    }
    scenario
}

/// A figure of its own.
fn figure(scenario: &mut Scenario, value: f64) -> Quantity {
    scenario.parameters.push(Parameter {
        path: format!("staffing.trial.{}", scenario.parameters.len()),
        value,
        low: None,
        high: None,
        shape: RangeShape::default(),
        basis: None,
        source: "an obstacle out of the way".to_owned(),
    });
    Quantity((scenario.parameters.len() - 1) as u32)
}
