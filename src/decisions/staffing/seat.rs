//! What is decided: the posts of each unit.
//!
//! Consumes a scenario; produces a [`Seat`] for every unit of a team, and every pool of a desk, whose
//! posts are sought, and makes the scenario with other posts. Invariant: seats are in the order of
//! units, then of desk pools; a candidate has a number of posts for each, in that order.

use serde::{Deserialize, Serialize};

use crate::scenario::{AreaId, DeskId, DeskUnitId, Scenario, TeamId, UnitId};

use super::responsibility;
use crate::simulation::Judged;

/// Where people work who are sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Place {
    /// A unit of a caseload team.
    Unit(UnitId),
    /// A pool of a desk.
    Desk(DeskUnitId),
}

/// Whose posts they are: a team or a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Group {
    /// A team.
    Team(TeamId),
    /// A desk.
    Desk(DeskId),
}

/// Posts to be decided on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seat {
    /// Which unit or pool.
    pub place: Place,
    /// Its team or desk.
    pub group: Group,
    /// Identifier of that team or desk.
    pub holder: String,
    /// The same for readers.
    pub name: String,
    /// Role of the people: the team's, or the desk's own identifier.
    pub role: String,
    /// Areas served, sorted.
    pub areas: Vec<AreaId>,
    /// Posts that the scenario has, full-time equivalents.
    pub current: f64,
    /// Fewest posts that may be recommended.
    pub least: f64,
    /// Most posts that may be recommended; infinite where the council sets no bound.
    pub most: f64,
    /// Standards judged (places in [`crate::simulation::Layout::judged`]) that depend on these posts.
    pub standards: Vec<usize>,
}

impl Seat {
    /// The area that files name: the only one served, or `None` where several are.
    pub fn area(&self) -> Option<AreaId> {
        match self.areas.as_slice() {
            [area] => Some(*area),
            _ => None,
        }
    }
}

/// The posts that are sought: of the roles and desks that the scenario names, or of all, where a
/// standard depends on them. Floating staff, who serve no area of their own, stay as they are.
pub fn seats(scenario: &Scenario, judged: &[Judged]) -> Vec<Seat> {
    seats_of_roles(scenario, judged, scenario.staffing.roles.as_deref())
}

/// The same for these roles and desks; `None` for all.
pub fn seats_of_roles(scenario: &Scenario, judged: &[Judged], roles: Option<&[String]>) -> Vec<Seat> {
    let units = (0..scenario.units.len()).map(Place::Unit);
    let desks = (0..scenario.desk_units.len()).map(Place::Desk);
    let responsible = responsibility::responsible(scenario, judged);
    let seat = |place: Place| {
        let on_it = |standard: &usize| responsible[*standard].contains(&place);
        let standards: Vec<usize> = (0..judged.len()).filter(on_it).collect();
        let seat = describe(scenario, place, standards);
        let wanted = roles.is_none_or(|roles| {
            roles.contains(&seat.role) || matches!(place, Place::Desk(_)) && roles.contains(&seat.holder)
        });
        (wanted && !seat.standards.is_empty() && !seat.areas.is_empty()).then_some(seat)
    };
    units.chain(desks).filter_map(seat).collect()
}

fn describe(scenario: &Scenario, place: Place, standards: Vec<usize>) -> Seat {
    let (group, holder, name, role, areas, current, unit) = match place {
        Place::Unit(index) => {
            let unit = &scenario.units[index];
            let team = &scenario.teams[unit.team];
            let posts = scenario.posts(index);
            (Group::Team(unit.team), &team.id, &team.name, &team.role, &unit.areas, posts, &unit.id)
        }
        Place::Desk(index) => {
            let unit = &scenario.desk_units[index];
            let desk = &scenario.desks[unit.desk];
            let people = scenario.people(index);
            (Group::Desk(unit.desk), &desk.id, &desk.name, &desk.id, &unit.areas, people, &unit.id)
        }
    };
    let bounds =
        scenario.staffing.bounds.iter().find(|bounds| bounds.holder == *holder && bounds.unit == *unit);
    Seat {
        place,
        group,
        holder: holder.clone(),
        name: name.clone(),
        role: role.clone(),
        areas: areas.clone(),
        current,
        least: bounds.map_or(0.0, |bounds| bounds.least),
        most: bounds.map_or(f64::INFINITY, |bounds| bounds.most),
        standards,
    }
}

/// The scenario with these posts, one figure for each seat.
pub fn staffed(scenario: &Scenario, seats: &[Seat], posts: &[f64]) -> Scenario {
    let (mut units, mut desks) = (Vec::new(), Vec::new());
    for (seat, &fte) in seats.iter().zip(posts) {
        match seat.place {
            // As it is: the very same figure, with its range where it has one.
            _ if fte == seat.current => {}
            Place::Unit(unit) => units.push((unit, fte)),
            Place::Desk(desk) => desks.push((desk, fte)),
        }
    }
    scenario.with_posts(&units).with_people(&desks)
}
