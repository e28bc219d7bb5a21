//! Which posts a standard depends on.
//!
//! Consumes a scenario and its standards judged; produces, for each, the units and desks whose work it
//! looks at. A standard about a team's measure depends on that team's units in its area. One about a
//! clock depends on the holders of the stages that a family can be in while the clock runs: those on
//! the ways from its start to its stop. One about a measure of a whole area depends on every team
//! there.

use std::collections::BTreeSet;

use super::seat::Place;
use crate::scenario::{AreaId, Clock, Destination, Holder, Moment, Scenario, StageId, StandardTest};
use crate::simulation::Judged;

/// For each standard judged, the units and desk pools that it depends on, sorted.
pub fn responsible(scenario: &Scenario, judged: &[Judged]) -> Vec<Vec<Place>> {
    judged.iter().map(|judged| places(scenario, judged)).collect()
}

fn places(scenario: &Scenario, judged: &Judged) -> Vec<Place> {
    let serves = |areas: &[AreaId]| judged.area.is_none_or(|area| areas.contains(&area));
    let units = (0..scenario.units.len()).filter(|&unit| serves(&scenario.units[unit].areas));
    let mut places: Vec<Place> = match &scenario.standards[judged.standard].test {
        StandardTest::Measure { team: Some(team), .. } => {
            units.filter(|&unit| scenario.units[unit].team == *team).map(Place::Unit).collect()
        }
        StandardTest::Measure { team: None, .. } => units.map(Place::Unit).collect(),
        StandardTest::Clock(clock) => {
            let stages = stages_while_running(scenario, &scenario.clocks[*clock]);
            holders(scenario, &stages, &serves)
        }
    };
    places.sort_unstable();
    places.dedup();
    places
}

/// The units and desk pools that hold stages, of those that serve what is judged.
fn holders(
    scenario: &Scenario,
    stages: &BTreeSet<StageId>,
    serves: &dyn Fn(&[AreaId]) -> bool,
) -> Vec<Place> {
    let mut places = Vec::new();
    for &stage in stages {
        match &scenario.stages[stage].holder {
            Holder::Nobody => {}
            Holder::Team(team) => {
                let units = (0..scenario.units.len()).filter(|&unit| {
                    scenario.units[unit].team == *team && serves(&scenario.units[unit].areas)
                });
                places.extend(units.map(Place::Unit));
            }
            Holder::Desk(desk) => places.extend(pools(scenario, *desk, serves)),
            Holder::Checks(checks) => {
                places.extend(checks.iter().flat_map(|(desk, _, _)| pools(scenario, *desk, serves)));
            }
        }
    }
    places
}

fn pools<'a>(
    scenario: &'a Scenario,
    desk: usize,
    serves: &'a dyn Fn(&[AreaId]) -> bool,
) -> impl Iterator<Item = Place> + 'a {
    let pools = scenario.desk_units.iter().enumerate();
    pools.filter(move |(_, unit)| unit.desk == desk && serves(&unit.areas)).map(|(unit, _)| Place::Desk(unit))
}

/// The stages in which a family can be while a clock runs.
pub(super) fn stages_while_running(scenario: &Scenario, clock: &Clock) -> BTreeSet<StageId> {
    let first = first_stages(scenario, clock.starts);
    let ends_at = |stage: StageId| match clock.stops {
        Moment::Enter(end) | Moment::Start(end) | Moment::Leave(end) => stage == end,
        Moment::Decided => !scenario.stages[stage].front_door,
        Moment::Arrival => true,
    };
    // A clock that stops on joining a stage, or with the front door's decision, runs in no stage
    // beyond; one that stops within a stage runs there.
    let runs_there = matches!(clock.stops, Moment::Start(_) | Moment::Leave(_));
    // A family that comes to where the clock starts starts it anew: what was before has no part in it.
    let anew = match clock.starts {
        Moment::Enter(stage) | Moment::Start(stage) | Moment::Leave(stage) => Some(stage),
        Moment::Arrival | Moment::Decided => None,
    };
    let next = |stage: StageId| -> Vec<StageId> {
        next(scenario, stage).into_iter().filter(|&to| Some(to) != anew).collect()
    };
    let reached = spread(first, |stage| if ends_at(stage) { Vec::new() } else { next(stage) });
    let backwards = |stage: StageId| -> Vec<StageId> {
        let goes_there = |from: &StageId| !ends_at(*from) && next(*from).contains(&stage);
        reached.iter().copied().filter(goes_there).collect()
    };
    let ends = reached.iter().copied().filter(|&stage| ends_at(stage)).collect();
    let on_a_way = spread(ends, backwards);
    on_a_way.into_iter().filter(|&stage| runs_there || !ends_at(stage)).collect()
}

/// Where a family is when a clock starts.
fn first_stages(scenario: &Scenario, moment: Moment) -> Vec<StageId> {
    match moment {
        // A family that comes back makes contact again.
        Moment::Arrival => {
            let back = scenario.ends.iter().filter_map(|end| end.return_to.map(|back| back.to));
            scenario.sources.iter().map(|source| source.entry).chain(back).collect()
        }
        Moment::Enter(stage) | Moment::Start(stage) => vec![stage],
        Moment::Leave(stage) => next(scenario, stage),
        Moment::Decided => (0..scenario.stages.len())
            .filter(|&stage| scenario.stages[stage].front_door)
            .flat_map(|stage| next(scenario, stage))
            .filter(|&stage| !scenario.stages[stage].front_door)
            .collect(),
    }
}

/// Stages to which a family may go from a stage.
fn next(scenario: &Scenario, stage: StageId) -> Vec<StageId> {
    let described = &scenario.stages[stage];
    let routes = described.routes.iter().flat_map(|route| route.shares.iter().map(|(to, _)| *to));
    let hazards = described.hazards.iter().chain(&described.waiting_hazards).map(|hazard| hazard.to);
    routes
        .chain(hazards)
        .filter_map(|to| match to {
            Destination::Stage(stage) => Some(stage),
            Destination::End(_) => None,
        })
        .collect()
}

/// Everything that can be reached from a start.
fn spread(start: Vec<StageId>, next: impl Fn(StageId) -> Vec<StageId>) -> BTreeSet<StageId> {
    let mut seen: BTreeSet<StageId> = start.iter().copied().collect();
    let mut open: Vec<StageId> = seen.iter().copied().collect();
    while let Some(stage) = open.pop() {
        for to in next(stage) {
            if seen.insert(to) {
                open.push(to);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario() -> Scenario {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/oxfordshire.toml");
        crate::scenario::load(&path, &[]).expect("valid")
    }

    fn stages(scenario: &Scenario, clock: &str) -> Vec<String> {
        let clock = scenario.clocks.iter().find(|found| found.id == clock).expect("there");
        let stages = stages_while_running(scenario, clock);
        stages.into_iter().map(|stage| scenario.stages[stage].id.clone()).collect()
    }

    #[test]
    fn a_clock_within_a_stage_depends_on_its_holder_alone() {
        let scenario = scenario();
        assert_eq!(stages(&scenario, "early_help_allocation"), ["early_help_assessment"]);
        assert_eq!(stages(&scenario, "assessment"), ["assessment"]);
    }

    #[test]
    fn a_clock_that_starts_anew_depends_on_nothing_before() {
        let scenario = scenario();
        // Families may leave section 47 for plans and early help, and come to another section 47 from
        // there; but that is another clock.
        assert_eq!(stages(&scenario, "conference"), ["conference", "section_47"]);
    }

    #[test]
    fn a_clock_until_the_decision_depends_on_the_front_door_alone() {
        let scenario = scenario();
        let front: Vec<String> =
            scenario.stages.iter().filter(|stage| stage.front_door).map(|stage| stage.id.clone()).collect();
        assert_eq!(stages(&scenario, "contact_decision"), front);
        assert!(!front.is_empty());
    }

    #[test]
    fn a_caseload_depends_on_the_areas_own_unit() {
        let scenario = scenario();
        let standard =
            scenario.standards.iter().position(|one| one.id == "caseload_early_help").expect("there");
        let judged = Judged { standard, area: Some(3) };
        let places = responsible(&scenario, &[judged]).remove(0);
        let [Place::Unit(unit)] = places[..] else { panic!("one unit: {places:?}") };
        assert_eq!(scenario.units[unit].areas, [3]);
        assert_eq!(scenario.teams[scenario.units[unit].team].id, "early_help");
    }
}
