//! What may be spent on which posts.
//!
//! Consumes the pots of a scenario, the prices of posts and a total; says exactly, in whole pence, whether an
//! establishment can be paid for. **Invariant:** nothing here is simulated or rounded but prices.
//!
//! Posts can be paid for when, for every set of places, the pots that may pay for any of them hold what they cost
//! (the condition of Gale and Hall for a flow from pots to places; D. Gale, "A theorem on flows in networks",
//! 1957). It is enough to look at the sets of all places whose pots lie within a union of some places' pots.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::scenario::{Amount, Charge, CostItem, Scenario};
use crate::simulation::Layout;

use super::super::staffing::{Group, Seat, Unanswered, annual_cost, fte, seats_of_roles};
use super::unfunded::Unfunded;

/// Pence in a pound.
const PENCE: f64 = 100.0;

/// Money of a year that the posts may be paid from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Purse {
    /// Index into [`crate::scenario::Money::pots`]; `None` for money that nobody has given yet.
    pub pot: Option<usize>,
    /// Pence of the first year reported; `None` without limit.
    pub holds: Option<i64>,
    /// Whether it may pay for each place.
    pub may_pay: Vec<bool>,
}

/// What may be spent on posts in a year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// Pence from all purses together.
    pub total: i64,
    /// The purses, in the order in which pots pay.
    pub purses: Vec<Purse>,
    /// Pence a year for a step of each place's posts.
    pub price: Vec<i64>,
    /// Fewest and most steps of each place.
    pub bounds: Vec<(i64, i64)>,
    /// Full-time equivalents of a step.
    pub step: f64,
}

/// At most so many pence on some places together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Limit {
    /// The places.
    pub seats: Vec<usize>,
    /// Pence.
    pub pence: i64,
}

impl Purse {
    /// Pence left when so much is spent; `None` without limit.
    pub fn left(&self, spent: i64) -> Option<i64> {
        self.holds.map(|holds| holds - spent)
    }
}

impl Budget {
    /// The limits that together say what can be paid for.
    pub fn limits(&self) -> Vec<Limit> {
        let seats = 0..self.price.len();
        let pots_of = |seat: usize| -> BTreeSet<usize> {
            (0..self.purses.len()).filter(|&purse| self.purses[purse].may_pay[seat]).collect()
        };
        let kinds: BTreeSet<BTreeSet<usize>> = seats.clone().map(pots_of).collect();
        let mut unions: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
        for kind in &kinds {
            let with: Vec<BTreeSet<usize>> = unions.iter().map(|other| other | kind).collect();
            unions.extend(with);
            unions.insert(kind.clone());
        }
        let mut limits: Vec<Limit> = vec![Limit { seats: seats.clone().collect(), pence: self.total }];
        for union in unions {
            let holds = union.iter().map(|&purse| self.purses[purse].holds).sum::<Option<i64>>();
            let Some(pence) = holds.filter(|&pence| pence < self.total) else { continue };
            let within = |&seat: &usize| pots_of(seat).is_subset(&union);
            limits.push(Limit { seats: seats.clone().filter(within).collect(), pence });
        }
        limits
    }

    /// Whether so many steps for each place can be paid for, to the penny.
    pub fn affords(&self, steps: &[i64]) -> bool {
        self.limits().iter().all(|limit| self.cost_of(steps, &limit.seats) <= limit.pence)
    }

    /// Pence a year of so many steps for each place.
    pub fn cost(&self, steps: &[i64]) -> i64 {
        steps.iter().zip(&self.price).map(|(steps, price)| steps * price).sum()
    }

    /// Full-time equivalents of every place.
    pub fn posts(&self, steps: &[i64]) -> Vec<f64> {
        steps.iter().map(|&steps| fte(steps, self.step)).collect()
    }

    /// The steps that so many posts are, where they are whole steps, within bounds, and can be paid for.
    pub fn steps(&self, posts: &[f64]) -> Option<Vec<i64>> {
        let steps: Vec<i64> = posts.iter().map(|fte| (fte / self.step).round() as i64).collect();
        let whole = self.posts(&steps).iter().zip(posts).all(|(steps, posts)| (steps - posts).abs() < 1e-9);
        let within =
            steps.iter().zip(&self.bounds).all(|(steps, (least, most))| (least..=most).contains(&steps));
        (whole && within && self.affords(&steps)).then_some(steps)
    }

    fn cost_of(&self, steps: &[i64], seats: &[usize]) -> i64 {
        seats.iter().map(|&seat| steps[seat] * self.price[seat]).sum()
    }

    /// The same with another total. What lies beyond what the purses hold comes from nobody yet, and may pay for
    /// anything.
    pub fn with_total(&self, total: i64) -> Self {
        let mut budget = Self { total, ..self.clone() };
        if let Some(holds) = self.purses.iter().map(|purse| purse.holds).sum::<Option<i64>>()
            && holds < total
        {
            let may_pay = vec![true; self.price.len()];
            budget.purses.push(Purse { pot: None, holds: Some(total - holds), may_pay });
        }
        budget
    }
}

/// Pence a year for so many full-time equivalents of a place; `None` where its role has no pay.
pub fn price(scenario: &Scenario, seat: &Seat, fte: f64) -> Option<i64> {
    annual_cost(scenario, seat, fte).map(|pounds| (pounds * PENCE).round() as i64)
}

/// The pots that may pay for any of these posts, for the first year that is reported (52 weeks or the whole
/// horizon, if that is shorter): a pot that is there for part of it holds its part of a year's amount.
fn purses(scenario: &Scenario, seats: &[Seat]) -> Vec<Purse> {
    let begin = i64::from(scenario.warm_up_weeks) * 7;
    let days = i64::from(scenario.horizon_weeks.min(52)) * 7;
    let draw = scenario.central_draw();
    let purse = |(pot, given): (usize, &crate::scenario::Pot)| {
        let there = (given.to_day.min(begin + days) - given.from_day.max(begin)).max(0) as f64 / days as f64;
        let holds = match given.amount {
            Amount::Unlimited if there > 0.0 => None,
            amount => {
                Some((amount.pounds(&scenario.money, &draw).unwrap_or(0.0) * there * PENCE).round() as i64)
            }
        };
        let pays =
            |seat: &Seat| charge(scenario, seat).is_some_and(|one| scenario.money.may_pay(given, &one));
        let may_pay: Vec<bool> = seats.iter().map(pays).collect();
        let useful = may_pay.contains(&true) && holds != Some(0);
        useful.then_some(Purse { pot: Some(pot), holds, may_pay })
    };
    scenario.money.pots.iter().enumerate().filter_map(purse).collect()
}

/// What permanent posts of a place are charged as.
fn charge(scenario: &Scenario, seat: &Seat) -> Option<Charge> {
    let role = match seat.group {
        Group::Team(team) => scenario.teams[team].role.as_str(),
        Group::Desk(desk) => scenario.desks[desk].role.as_deref()?,
    };
    let pay = scenario.money.pay_of(role)?;
    Some(Charge { areas: seat.areas.clone(), item: CostItem::Posts(pay) })
}

/// The places whose posts are shared out: of the roles asked for, and of teams alone where none is.
pub fn places(scenario: &Scenario, layout: &Layout) -> Result<Vec<Seat>, Unfunded> {
    let roles = scenario.funding.roles.as_ref().or(scenario.staffing.roles.as_ref());
    let mut seats = seats_of_roles(scenario, &layout.judged, roles.map(Vec::as_slice));
    seats.retain(|seat| matches!(seat.group, Group::Team(_)));
    match seats.is_empty() {
        true => Err(Unanswered::NothingToDecide.into()),
        false => Ok(seats),
    }
}

/// What may be spent, and what a full-time post of each place costs; or everything that is wrong with the money.
pub fn budget(scenario: &Scenario, seats: &[Seat]) -> Result<(Budget, Vec<i64>), Unfunded> {
    let mut faults = Vec::new();
    let full_price: Vec<Option<i64>> = seats.iter().map(|seat| price(scenario, seat, 1.0)).collect();
    for (seat, _) in seats.iter().zip(&full_price).filter(|(_, price)| price.is_none()) {
        faults.push(format!(
            "[pay.{}] is missing: nothing says what a post in {} costs",
            seat.role,
            place_name(scenario, seat)
        ));
    }
    let purses = purses(scenario, seats);
    for (at, seat) in seats.iter().enumerate() {
        if !purses.iter().any(|purse| purse.may_pay[at]) {
            faults.push(format!(
                "no pot may pay for {} in {}: widen `roles`, `areas` or `purposes` of a pot, or give it money",
                seat.role,
                place_name(scenario, seat)
            ));
        }
    }
    let holds = purses.iter().map(|purse| purse.holds).sum::<Option<i64>>();
    let cost_now = seats.iter().filter_map(|seat| price(scenario, seat, seat.current)).sum::<i64>();
    let given = scenario.funding.total.map(|pounds| (pounds * 100.0).round() as i64);
    if let (Some(given), Some(holds)) = (given, holds)
        && given > holds
    {
        faults.push(format!(
            "funding.total_per_year is £{}, but the pots that may pay for these posts hold £{}: lower it, or say in \
             [pots] who gives the rest",
            given / 100,
            holds / 100
        ));
    }
    let full_price: Vec<i64> = full_price.into_iter().flatten().collect();
    if !faults.is_empty() {
        return Err(Unfunded::Money(faults));
    }
    let step = scenario.staffing.step;
    let budget = Budget {
        total: given.or(holds).unwrap_or(cost_now),
        price: seats.iter().filter_map(|seat| price(scenario, seat, step)).collect(),
        bounds: bounds(seats, step),
        step,
        purses,
    };
    let least: Vec<i64> = budget.bounds.iter().map(|&(least, _)| least).collect();
    if !budget.affords(&least) {
        return Err(Unfunded::Money(vec![format!(
            "£{} a year, with what the pots may be spent on, cannot pay for {step} posts in each of {} places: give \
             more in [pots] or `funding.total_per_year`, or widen what pots may pay for",
            budget.total / 100,
            seats.len()
        )]));
    }
    Ok((budget, full_price))
}

/// Fewest and most steps of each place: never nobody, and at most four times what there is now, or the council's
/// bound.
fn bounds(seats: &[Seat], step: f64) -> Vec<(i64, i64)> {
    let of = |seat: &Seat| {
        let least = ((seat.least / step - 1e-9).ceil() as i64).max(1);
        let ample = ((4.0 * seat.current + 4.0) / step).ceil();
        let most = (seat.most / step + 1e-9).floor().min(ample) as i64;
        (least, most.max(least))
    };
    seats.iter().map(of).collect()
}

/// A place for readers: its areas, or all of them.
fn place_name(scenario: &Scenario, seat: &Seat) -> String {
    match seat.areas.len() == scenario.areas.len() && seat.areas.len() > 1 {
        true => "the whole council".to_owned(),
        false => {
            let names: Vec<&str> =
                seat.areas.iter().map(|&area| scenario.areas[area].name.as_str()).collect();
            names.join(", ")
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Budgets of up to three places and three purses, small enough to try everything.
    pub fn budgets() -> impl Strategy<Value = Budget> {
        (1..=3usize).prop_flat_map(|seats| {
            let purse =
                (prop::option::weighted(0.8, 0..900_i64), prop::collection::vec(any::<bool>(), seats));
            let purses = prop::collection::vec(purse, 1..=3);
            let prices = prop_oneof![Just(vec![100; seats]), prop::collection::vec(60..140_i64, seats)];
            (purses, prices, 0..1_500_i64).prop_map(|(purses, price, total)| Budget {
                total,
                purses: (purses.into_iter())
                    .map(|(holds, may_pay)| Purse { pot: None, holds, may_pay })
                    .collect(),
                bounds: vec![(0, 6); price.len()],
                price,
                step: 1.0,
            })
        })
    }

    /// All numbers of steps within the bounds.
    pub fn every(bounds: &[(i64, i64)]) -> Vec<Vec<i64>> {
        bounds.iter().fold(vec![Vec::new()], |all, &(least, most)| {
            let longer = |one: &Vec<i64>| {
                let one = one.clone();
                (least..=most).map(move |steps| one.iter().copied().chain([steps]).collect())
            };
            all.iter().flat_map(longer).collect()
        })
    }

    /// Whether pots can pay, found out by pushing pence along the edges of the flow until no path is left (Ford and
    /// Fulkerson): no limits are used.
    fn flows(budget: &Budget, steps: &[i64]) -> bool {
        let (seats, purses) = (budget.price.len(), budget.purses.len());
        let due: Vec<i64> = (0..seats).map(|seat| steps[seat] * budget.price[seat]).collect();
        if due.iter().sum::<i64>() > budget.total {
            return false;
        }
        let mut paid = vec![vec![0_i64; seats]; purses];
        for seat in 0..seats {
            for _ in 0..due[seat] {
                // A chain of places, each of which gives up a penny of a purse to the one before.
                let mut reached = vec![None; seats];
                let mut queue = vec![seat];
                reached[seat] = Some((seat, usize::MAX));
                let mut end = None;
                while let Some(at) = queue.pop() {
                    for purse in (0..purses).filter(|&purse| budget.purses[purse].may_pay[at]) {
                        let spent: i64 = paid[purse].iter().sum();
                        if budget.purses[purse].holds.is_none_or(|holds| spent < holds) {
                            end = Some((at, purse));
                            break;
                        }
                        for other in (0..seats).filter(|&other| paid[purse][other] > 0) {
                            if reached[other].is_none() {
                                reached[other] = Some((at, purse));
                                queue.push(other);
                            }
                        }
                    }
                    if end.is_some() {
                        break;
                    }
                }
                let Some((mut at, mut purse)) = end else { return false };
                loop {
                    paid[purse][at] += 1;
                    let Some((before, through)) = reached[at].filter(|&(_, through)| through != usize::MAX)
                    else {
                        break;
                    };
                    paid[through][at] -= 1;
                    (at, purse) = (before, through);
                }
            }
        }
        true
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn the_limits_say_what_a_flow_can_pay(budget in budgets(), at in any::<prop::sample::Index>()) {
            let all = every(&budget.bounds);
            let steps = at.get(&all);
            prop_assert_eq!(budget.affords(steps), flows(&budget, steps));
        }
    }
}
