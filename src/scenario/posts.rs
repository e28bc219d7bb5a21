//! The same council with other posts.
//!
//! Consumes a valid [`Scenario`] and the full-time equivalents wanted of some units; produces a
//! scenario that differs in those and in nothing else. Invariants: no figure that was there before
//! moves or changes, so that every draw of it, every family and every person stays the same; a figure
//! of posts that was uncertain becomes the one that was asked for. A unit of one group of workers keeps
//! its people, first to last: with more posts others join them, with fewer the last are gone.

use super::model::{
    Basis, DeskPeople, DeskUnit, Intervention, Parameter, PostChange, Quantity, RangeShape, Scenario, TeamId,
    Unit, UnitId, WorkerGroup,
};

/// Index into [`Scenario::desk_units`].
pub type DeskUnitId = usize;

impl Scenario {
    /// Full-time equivalents of a unit, at central values.
    pub fn posts(&self, unit: UnitId) -> f64 {
        self.units[unit].workers.iter().map(|group| self.central(group.fte)).sum()
    }

    /// Full-time equivalents of a desk's pool, at central values: the average over the reported days,
    /// where people come and go by date.
    pub fn people(&self, unit: DeskUnitId) -> f64 {
        self.desk_units[unit].people.iter().map(|group| self.central(group.fte) * self.there(group)).sum()
    }

    /// The same with so many full-time equivalents in these units.
    ///
    /// Several groups of workers keep their proportions. A unit without workers gets fully experienced
    /// full-time ones.
    pub fn with_posts(&self, posts: &[(UnitId, f64)]) -> Self {
        let mut scenario = self.clone();
        for &(unit, fte) in posts {
            scenario.set_posts(unit, fte);
        }
        scenario
    }

    /// The same with so many full-time equivalents gone from these units from a day on (offset from the run's first
    /// day), the last ones first. Their people leave; their families wait for others.
    pub fn with_posts_gone(&self, from_day: i64, posts: &[(UnitId, f64)]) -> Self {
        let mut scenario = self.clone();
        let changes = posts.iter().map(|&(unit, fte)| PostChange {
            unit,
            fte: scenario.decided(format!("posts_gone.{}", self.units[unit].id), fte),
            leaves: true,
            fte_each: 1.0,
            recruited: false,
            from_day,
            to_day: i64::MAX,
        });
        let posts = changes.collect();
        scenario.interventions.push(Intervention {
            id: "posts_gone".to_owned(),
            name: "Posts gone".to_owned(),
            waves: Vec::new(),
            to_day: i64::MAX,
            ramp_weeks: 0.0,
            effects: Vec::new(),
            posts,
            costs: None,
            dip: None,
        });
        scenario
    }

    /// The same with so many full-time equivalents at these desks, averaged over the reported days.
    ///
    /// Several groups of people keep their proportions, hours and dates. A desk without people gets
    /// some who are there in office hours.
    pub fn with_people(&self, people: &[(DeskUnitId, f64)]) -> Self {
        let mut scenario = self.clone();
        for &(unit, fte) in people {
            scenario.set_people(unit, fte);
        }
        scenario
    }

    /// The same with one pool in place of a team's units: it serves all their areas and has all their
    /// posts. Floating staff join it.
    pub fn with_one_pool(&self, team: TeamId) -> Self {
        let mut scenario = self.clone();
        let fte: f64 = self.units_of(team).map(|unit| self.posts(unit)).sum();
        let mut areas: Vec<usize> =
            self.units_of(team).flat_map(|unit| self.units[unit].areas.clone()).collect();
        areas.sort_unstable();
        areas.dedup();
        let Some(first) = self.units_of(team).next() else { return scenario };
        let pool =
            Unit { areas, id: self.teams[team].id.clone(), helps: Vec::new(), ..self.units[first].clone() };
        scenario.units.retain(|unit| unit.team != team);
        scenario.units.push(pool);
        let place = scenario.units.len() - 1;
        scenario.set_posts(place, fte);
        scenario.renumber_helped(self);
        // A pool is judged as a whole where its people are measured.
        scenario
    }

    /// The same with this share of every unit's posts moved to floating staff, who help all of the
    /// team's units.
    pub fn with_floating(&self, team: TeamId, share: f64) -> Self {
        let mut scenario = self.clone();
        let units: Vec<UnitId> =
            self.units_of(team).filter(|&unit| self.units[unit].helps.is_empty()).collect();
        let Some(&first) = units.first() else { return scenario };
        let mut floating = 0.0;
        for &unit in &units {
            let posts = self.posts(unit);
            floating += posts * share;
            scenario.set_posts(unit, posts * (1.0 - share));
        }
        let unit = Unit {
            areas: Vec::new(),
            id: format!("{}_floating", self.teams[team].id),
            helps: units,
            ..self.units[first].clone()
        };
        scenario.units.push(unit);
        let place = scenario.units.len() - 1;
        scenario.set_posts(place, floating);
        scenario
    }

    fn units_of(&self, team: TeamId) -> impl Iterator<Item = UnitId> + '_ {
        (0..self.units.len()).filter(move |&unit| self.units[unit].team == team)
    }

    /// After units of one team have gone from a scenario, whom the others help has another number.
    fn renumber_helped(&mut self, before: &Scenario) {
        let places: Vec<Option<usize>> = before
            .units
            .iter()
            .map(|old| self.units.iter().position(|new| new.team == old.team && new.id == old.id))
            .collect();
        for unit in &mut self.units {
            unit.helps = unit.helps.iter().filter_map(|&helped| places[helped]).collect();
        }
    }

    fn set_posts(&mut self, unit: UnitId, fte: f64) {
        let before = self.posts(unit);
        let path = format!("staffing.posts.{}.{}", self.teams[self.units[unit].team].id, self.units[unit].id);
        if before <= 0.0 {
            let experience = self.decided(format!("{path}.experience"), 1.0);
            let fte = self.decided(path, fte);
            self.units[unit].workers = vec![WorkerGroup { fte, fte_each: 1.0, experience, grade: None }];
            return;
        }
        for group in 0..self.units[unit].workers.len() {
            let lone = self.units[unit].workers.len() == 1;
            // A lone group gets the very figure that was asked for, not one that rounding has touched.
            let share = if lone { 1.0 } else { self.central(self.units[unit].workers[group].fte) / before };
            let quantity = self.decided(format!("{path}.{group}"), fte * share);
            self.units[unit].workers[group].fte = quantity;
        }
    }

    fn set_people(&mut self, unit: DeskUnitId, fte: f64) {
        let before = self.people(unit);
        let DeskUnit { desk, id, .. } = &self.desk_units[unit];
        let path = format!("staffing.posts.{}.{id}", self.desks[*desk].id);
        if before <= 0.0 {
            let fte = self.decided(path, fte);
            self.desk_units[unit].people = vec![DeskPeople {
                fte,
                continuous: false,
                from_hour: 9.0,
                to_hour: 16.4,
                from_day: i64::MIN,
                to_day: i64::MAX,
            }];
            return;
        }
        for group in 0..self.desk_units[unit].people.len() {
            let old = self.central(self.desk_units[unit].people[group].fte);
            let quantity = self.decided(format!("{path}.{group}"), old * (fte / before));
            self.desk_units[unit].people[group].fte = quantity;
        }
    }

    /// Adds a figure that somebody has decided on.
    fn decided(&mut self, path: String, value: f64) -> Quantity {
        let parameter = Parameter {
            path,
            value,
            low: None,
            high: None,
            shape: RangeShape::default(),
            basis: Some(Basis::Judgement),
            source: "posts that are tried out".to_owned(),
        };
        self.parameters.push(parameter);
        Quantity((self.parameters.len() - 1) as u32)
    }

    fn central(&self, quantity: Quantity) -> f64 {
        self.parameters[quantity.0 as usize].value
    }

    /// Share of the reported days on which some people of a desk belong to it.
    fn there(&self, group: &DeskPeople) -> f64 {
        let start = i64::from(self.warm_up_weeks) * 7;
        let end = i64::from(self.total_weeks()) * 7;
        let days = group.to_day.min(end) - group.from_day.max(start);
        if end > start { days.max(0) as f64 / (end - start) as f64 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quickstart() -> Scenario {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
        crate::scenario::load(&path, &[]).expect("valid")
    }

    #[test]
    fn other_posts_leave_every_other_figure_as_it_is() {
        let scenario = quickstart();
        let other = scenario.with_posts(&[(0, 7.5)]).with_people(&[(0, 3.0)]);
        assert_eq!((other.posts(0), other.people(0)), (7.5, 3.0));
        assert_eq!(other.posts(1), scenario.posts(1));
        assert_eq!(other.parameters[..scenario.parameters.len()], scenario.parameters[..]);
        let key = crate::random::StreamKey::master(5).child(3);
        let (before, after) = (scenario.draw(key), other.draw(key));
        assert_eq!(before.0[..], after.0[..before.0.len()], "draws keep their bits");
    }

    #[test]
    fn groups_keep_their_proportions_and_nobody_can_be_staffed() {
        let mut scenario = quickstart();
        let group = scenario.units[0].workers[0].clone();
        scenario.units[0].workers.push(group);
        let twice = scenario.posts(0);
        let other = scenario.with_posts(&[(0, 2.0 * twice)]);
        let share = |place: usize| other.central(other.units[0].workers[place].fte);
        assert_eq!((share(0), share(1)), (twice, twice));
        let mut empty = quickstart();
        empty.units[0].workers.clear();
        let staffed = empty.with_posts(&[(0, 2.5)]);
        assert_eq!((staffed.posts(0), staffed.units[0].workers[0].fte_each), (2.5, 1.0));
    }

    #[test]
    fn pools_and_floating_staff_have_the_same_posts() {
        let scenario = quickstart();
        let team = scenario.teams.iter().position(|team| team.id == "early_help").expect("there");
        let posts =
            |scenario: &Scenario| -> f64 { scenario.units_of(team).map(|unit| scenario.posts(unit)).sum() };
        let pool = scenario.with_one_pool(team);
        assert_eq!(pool.units_of(team).count(), 1);
        let unit = pool.units_of(team).next().expect("one");
        assert_eq!(pool.units[unit].areas, [0, 1, 2]);
        let floating = scenario.with_floating(team, 0.2);
        assert_eq!(floating.units.last().expect("one").helps.len(), 3);
        for other in [&pool, &floating] {
            assert!((posts(other) - posts(&scenario)).abs() < 1e-9);
        }
    }
}
