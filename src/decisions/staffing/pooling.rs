//! The same posts, otherwise arranged: ring-fenced by area, as one pool, or partly floating.
//!
//! Consumes the confirmed recommendation; produces, for each team that has a unit of its own in several
//! areas, what each arrangement of its recommended posts would do for each area, on the same families.
//! Standards about the people of one area (such as a caseload) have no meaning where workers belong to no
//! area, and are left out.

use serde::{Deserialize, Serialize};

use super::evaluate::{Evaluator, Unanswered};
use super::ground::Ground;
use super::outcome::{Outcome, Spot, estimate};
use super::reliability::{Aims, Standing};
use super::responsibility::responsible;
use super::seat::{Group, Place, staffed};
use crate::scenario::{AreaId, Scenario, StandardTest, TeamId};
use crate::simulation::{Judged, Simulator};
use crate::summary::Estimate;

/// Share of each unit's posts that float, in that arrangement.
pub const FLOATING_SHARE: f64 = 0.2;

/// Parts of the names of measures that are about a unit's own people.
const PEOPLE: [&str; 4] = ["fte", "hours_", "workers", "changes_of_worker"];

/// Replications of an arrangement, at most.
const REPLICATIONS: u32 = 96;

/// How a team's posts are arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Arrangement {
    /// A unit in each area, each for itself.
    RingFenced,
    /// A share of every unit's posts helps wherever families wait longest.
    Floating,
    /// One unit for all areas.
    OnePool,
}

impl Arrangement {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RingFenced => "ring_fenced",
            Self::Floating => "floating",
            Self::OnePool => "one_pool",
        }
    }

    fn apply(self, scenario: Scenario, team: TeamId) -> Scenario {
        match self {
            Self::RingFenced => scenario,
            Self::Floating => scenario.with_floating(team, FLOATING_SHARE),
            Self::OnePool => scenario.with_one_pool(team),
        }
    }
}

/// What an arrangement does for one area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolingRow {
    /// The team.
    pub team: TeamId,
    /// How its posts are arranged.
    pub arrangement: Arrangement,
    /// The area; `None` for the whole council.
    pub area: Option<AreaId>,
    /// Posts of the team in all.
    pub fte: f64,
    /// Families waiting.
    pub waiting: Estimate,
    /// Mean wait in days.
    pub wait_days: Estimate,
    /// Each standard of the team judged there, with how often it held.
    pub standards: Vec<(usize, Standing)>,
}

/// Tries the arrangements for every team with a seat in several areas.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn pooling(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    posts: &[f64],
    set: u32,
) -> Result<Vec<PoolingRow>, Unanswered> {
    evaluator.doing = "comparing pools";
    let mut rows = Vec::new();
    for team in 0..aims.scenario.teams.len() {
        let of_team: Vec<usize> =
            (0..posts.len()).filter(|&seat| ground.seats[seat].group == Group::Team(team)).collect();
        let separate = aims.scenario.units.iter().filter(|unit| unit.team == team);
        // Teams that already pool or float, in part, are somebody's design and stay so.
        if of_team.len() < 2 || separate.clone().any(|unit| unit.areas.len() != 1) {
            continue;
        }
        let fte = of_team.iter().map(|&seat| posts[seat]).sum();
        let base = staffed(aims.scenario, ground.seats, posts);
        for arrangement in [Arrangement::RingFenced, Arrangement::Floating, Arrangement::OnePool] {
            let areas: Vec<Option<AreaId>> =
                of_team.iter().map(|&seat| ground.seats[seat].area()).chain([None]).collect();
            let spots: Vec<Spot> = areas
                .iter()
                .map(|&area| Spot { group: Some(Group::Team(team)), areas: vec![area], own_people: false })
                .collect();
            let name = format!("{}:{}", arrangement.as_str(), aims.scenario.teams[team].id);
            let replications = ground.replications.min(REPLICATIONS);
            let change = |scenario: Scenario| arrangement.apply(scenario, team);
            let outcomes = evaluator.variant(&name, &change, posts, set, replications, Some(&spots))?;
            let arranged = arrangement.apply(base.clone(), team);
            let judged = of_the_team(&arranged, team);
            rows.extend(areas.iter().enumerate().map(|(place, &area)| {
                row(team, arrangement, area, fte, outcomes, place, &arranged, &judged)
            }));
        }
    }
    Ok(rows)
}

/// The standards judged in a scenario, and whether each depends on a team.
fn of_the_team(scenario: &Scenario, team: TeamId) -> Vec<(Judged, bool)> {
    let judged = Simulator::new(scenario, 0).layout().judged.clone();
    let places = responsible(scenario, &judged);
    let is_theirs = |place: &Place| matches!(place, Place::Unit(unit) if scenario.units[*unit].team == team);
    // What counts people makes no sense for one area when workers belong to no area.
    let counts_people = |judged: &Judged| {
        matches!(
            &scenario.standards[judged.standard].test,
            StandardTest::Measure { measure, .. } if PEOPLE.iter().any(|word| measure.contains(word))
        )
    };
    judged
        .into_iter()
        .zip(places)
        .map(|(judged, places)| (judged, places.iter().any(is_theirs) && !counts_people(&judged)))
        .collect()
}

#[expect(clippy::too_many_arguments, reason = "one row's facts, from one place")]
fn row(
    team: TeamId,
    arrangement: Arrangement,
    area: Option<AreaId>,
    fte: f64,
    outcomes: &[Outcome],
    place: usize,
    scenario: &Scenario,
    judged: &[(Judged, bool)],
) -> PoolingRow {
    let theirs = judged.iter().enumerate().filter(|(_, (judged, theirs))| *theirs && judged.area == area);
    let standards = theirs.map(|(index, (judged, _))| {
        let standard = &scenario.standards[judged.standard];
        let met = outcomes.iter().filter(|outcome| outcome.holds(index, standard)).count() as u32;
        (judged.standard, Standing { met, of: outcomes.len() as u32 })
    });
    PoolingRow {
        team,
        arrangement,
        area,
        fte,
        waiting: estimate(outcomes, |outcome| outcome.loads[place].waiting),
        wait_days: estimate(outcomes, |outcome| outcome.loads[place].wait_days),
        standards: standards.collect(),
    }
}
