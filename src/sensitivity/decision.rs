//! The decision that figures are valued for: how many posts to fund in each area and role.
//!
//! Consumes a scenario; produces its [`Seat`]s, a unit's posts with the numbers that are weighed, and
//! the loss of a number of posts in a replication, in pounds a year:
//!
//! > FTE × cost of a post + families waiting for this unit × 365.25/7 × price of a week's waiting.
//!
//! A post costs the salary with on-costs of its role and grade where the scenario has `pay`, and the
//! `[explain]` table's `cost_of_post` elsewhere.
//!
//! Each unit is decided on its own waiting list. All units move together when a number of posts is
//! tried (the first step of all, the second of all, …), so that a number is weighed as part of a plan
//! that moves likewise, and one set of runs serves every seat.

use serde::{Deserialize, Serialize};

use crate::scenario::{Draw, Rates, Scenario, UnitId, WAITING_FAMILIES, WorkerGroup};
use crate::simulation::{Holding, Layout, ReplicationRecord};

/// Weeks in a year.
const WEEKS: f64 = 365.25 / 7.0;

/// A unit whose posts are to be decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seat {
    /// The unit.
    pub unit: UnitId,
    /// Its posts today, FTE at the central value.
    pub fte: f64,
    /// Numbers of posts weighed: today's first, then the others from low to high. Same length for
    /// every seat.
    pub options: Vec<f64>,
    /// Series of families waiting for it, one for each of its areas.
    waiting: Vec<usize>,
}

/// Every unit with posts of its own; floating staff are not decided by a list of their own.
pub fn seats(scenario: &Scenario, layout: &Layout) -> Vec<Seat> {
    let seat = |unit: UnitId| {
        let described = &scenario.units[unit];
        let central = |group: &crate::scenario::WorkerGroup| scenario.parameters[group.fte.0 as usize].value;
        let fte: f64 = described.workers.iter().map(central).sum();
        let waits = |area: usize| {
            layout.series.iter().position(|series| {
                series.area == Some(area)
                    && series.holding == Holding::Team(described.team)
                    && series.measure == WAITING_FAMILIES
            })
        };
        let waiting: Vec<usize> = described.areas.iter().filter_map(|&area| waits(area)).collect();
        let decided = described.helps.is_empty() && fte > 0.0 && waiting.len() == described.areas.len();
        decided.then(|| Seat { unit, fte, options: options(scenario, fte), waiting })
    };
    (0..scenario.units.len()).filter_map(seat).collect()
}

/// Today's posts, then the steps below and above, low to high; never less than half a post.
fn options(scenario: &Scenario, fte: f64) -> Vec<f64> {
    let explain = &scenario.explain;
    let step = ((2.0 * explain.step_share * fte).round() / 2.0).max(0.5);
    let steps = i64::from(explain.steps);
    let number = |at: i64| (fte + at as f64 * step).max(0.5);
    std::iter::once(fte).chain((-steps..=steps).filter(|at| *at != 0).map(number)).collect()
}

/// A draw in which every seat has its option number `option`.
pub fn staffed(scenario: &Scenario, draw: &Draw, seats: &[Seat], option: usize) -> Draw {
    let mut staffed = draw.clone();
    for seat in seats {
        for group in &scenario.units[seat.unit].workers {
            staffed.0[group.fte.0 as usize] = draw[group.fte] * seat.factor(option);
        }
    }
    staffed
}

impl Seat {
    /// By what an option multiplies today's posts.
    pub fn factor(&self, option: usize) -> f64 {
        self.options[option] / self.fte
    }

    /// Pounds a year lost in a replication that had `factor` times the posts of `draw`.
    pub fn loss(&self, scenario: &Scenario, draw: &Draw, record: &ReplicationRecord, factor: f64) -> f64 {
        let explain = &scenario.explain;
        let posts = factor * self.cost(scenario, draw);
        let waiting: f64 = self.waiting.iter().map(|&series| record.horizon[series]).sum();
        posts + waiting * WEEKS * draw[explain.price_of_waiting_week]
    }

    /// Pounds a year for the posts of `draw`.
    fn cost(&self, scenario: &Scenario, draw: &Draw) -> f64 {
        let unit = &scenario.units[self.unit];
        let pay = scenario.money.pay_of(&scenario.teams[unit.team].role).map(|pay| &scenario.money.pay[pay]);
        let of_post = |group: &WorkerGroup| match pay {
            Some(pay) => Rates::of(pay, group.grade.as_deref()).permanent(draw),
            None => draw[scenario.explain.cost_of_post],
        };
        unit.workers.iter().map(|group| draw[group.fte] * of_post(group)).sum()
    }

    /// Pounds a year for one of its posts at central values, on average over its groups of workers.
    pub fn cost_of_post(&self, scenario: &Scenario) -> f64 {
        self.cost(scenario, &scenario.central_draw()) / self.fte
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;
    use crate::simulation::Simulator;

    fn quickstart() -> Scenario {
        load(std::path::Path::new("scenarios/quickstart.toml"), &[]).expect("valid")
    }

    #[test]
    fn options_are_steps_of_at_least_half_a_post_about_todays() {
        let scenario = quickstart();
        let simulator = Simulator::new(&scenario, 1);
        let seats = seats(&scenario, simulator.layout());
        let of = |unit: &str| seats.iter().find(|seat| scenario.units[seat.unit].id == unit).expect("a seat");
        assert_eq!(of("hill").options, [6.0, 4.0, 5.0, 7.0, 8.0]);
        assert_eq!(of("social_work").options, [17.5, 12.5, 15.0, 20.0, 22.5]);
    }

    #[test]
    fn a_loss_is_posts_and_waiting() {
        let scenario = quickstart();
        let simulator = Simulator::new(&scenario, 1);
        let seats = seats(&scenario, simulator.layout());
        let draw = scenario.central_draw();
        let record = simulator.replicate_with(0, &draw, &mut simulator.workspace()).expect("laws hold");
        let seat = seats.iter().find(|seat| scenario.units[seat.unit].id == "river").expect("a seat");
        let area = scenario.areas.iter().position(|area| area.id == "river");
        let series = simulator.layout().series.iter().position(|series| {
            series.area == area
                && series.measure == WAITING_FAMILIES
                && series.holding == Holding::Team(scenario.units[seat.unit].team)
        });
        let waiting = record.horizon[series.expect("a series")];
        assert!(waiting > 0.0);
        // Posts at their pay with on-costs: 35,000 and 32%.
        let waited = 100.0 * waiting * 365.25 / 7.0;
        let paid = 2.0 * 8.0 * 35_000.0 * 1.32 + waited;
        assert!((seat.loss(&scenario, &draw, &record, 2.0) - paid).abs() < 1e-6);
        assert!((seat.cost_of_post(&scenario) - 35_000.0 * 1.32).abs() < 1e-9);
        // Without pay, at the stated price.
        let mut unpaid = scenario.clone();
        unpaid.money.pay.clear();
        let stated = 2.0 * 8.0 * 50_000.0 + waited;
        assert!((seat.loss(&unpaid, &draw, &record, 2.0) - stated).abs() < 1e-6);
        let more = staffed(&scenario, &draw, &seats, 4);
        assert_eq!(more[scenario.units[seat.unit].workers[0].fte], seat.options[4]);
    }
}
