//! Rules by which money is shared out between places.
//!
//! Consumes what each place has and holds; produces pounds for each place under each rule, and whole steps of posts
//! that come closest to them and can be paid for. The rules in use share out each team's money between its places; a
//! team's part of the total is its part of what the posts of now cost.
//!
//! **Whole posts** are found by least squares relative to what the rule gives: the steps x that minimise the sum of
//! (x - t)^2 / t, where t is the rule's number. Without restricted pots that is the method of Webster and
//! Sainte-Lague (M. Balinski and P. Young, *Fair Representation*, 1982, ch. 8); with them it shares shortfalls
//! out in proportion. The k-th step is then worth a constant less (2k - 1) / t, which falls with k, so that the
//! solver may take steps one by one; the constant is 3, so that all money is spent that rounding up can spend. A place
//! never gets more than its number rounded up: money that a rule cannot place where it may be spent is left unspent,
//! and shown.

use serde::{Deserialize, Serialize};

use crate::scenario::{Blend, Formula};

use super::budget::Budget;
use super::solver::{Allotment, Unsolved, allot};

/// What rules know of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Places of a team have the same number.
    pub team: usize,
    /// Pounds a year of the posts of now.
    pub now: f64,
    /// Weight of each formula, in the order of [`Formula::ALL`]; `None` where it is not known.
    pub weights: Vec<Option<f64>>,
    /// Share of each proposed split.
    pub proposed: Vec<f64>,
}

/// A way to share money out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Rule {
    /// The posts of now.
    Now,
    /// A formula.
    Formula(Formula),
    /// Formulas mixed, with a floor, and held back.
    Blend,
    /// A split that somebody proposes: index into [`crate::scenario::FundingRules::splits`].
    Proposed(usize),
    /// The best for the worst area.
    BestForWorstArea,
    /// The fewest family-weeks waited.
    LeastWaiting,
}

/// Each team's part of the total, in proportion to what its posts cost now.
fn of_teams(places: &[Known], total: f64) -> Vec<f64> {
    let all: f64 = places.iter().map(|place| place.now).sum();
    let of = |team: usize| {
        let own: f64 = places.iter().filter(|place| place.team == team).map(|place| place.now).sum();
        if all > 0.0 { total * own / all } else { 0.0 }
    };
    places.iter().map(|place| of(place.team)).collect()
}

/// Pounds for each place by weights within its team; `None` where a weight is not known. A team whose places all
/// have no weight shares as now.
fn by_weights(places: &[Known], total: f64, weight: impl Fn(&Known) -> Option<f64>) -> Option<Vec<f64>> {
    let weights = places.iter().map(weight).collect::<Option<Vec<f64>>>()?;
    let money = of_teams(places, total);
    let share = |at: usize| {
        let fellows = || (0..places.len()).filter(|&other| places[other].team == places[at].team);
        let sum: f64 = fellows().map(|other| weights[other]).sum();
        if sum > 0.0 {
            return weights[at] / sum;
        }
        let now: f64 = fellows().map(|other| places[other].now).sum();
        if now > 0.0 { places[at].now / now } else { 1.0 / fellows().count() as f64 }
    };
    Some((0..places.len()).map(|at| money[at] * share(at)).collect())
}

/// Pounds for each place by a formula.
pub fn by_formula(places: &[Known], total: f64, formula: Formula) -> Option<Vec<f64>> {
    let at = Formula::ALL.iter().position(|other| *other == formula)?;
    by_weights(places, total, |place| place.weights[at])
}

/// Pounds for each place by a proposed split. A place that serves several areas has their shares together.
pub fn by_proposal(places: &[Known], total: f64, split: usize) -> Option<Vec<f64>> {
    by_weights(places, total, |place| Some(place.proposed[split]))
}

/// Pounds for each place by the blend. First the formulas' mean; then, so much of the way from now as the damping
/// leaves; then no place below the floor, which the others bear in proportion to what they have above theirs. "Now"
/// is what each place has now, brought to the same total.
pub fn by_blend(places: &[Known], total: f64, blend: &Blend) -> Option<Vec<f64>> {
    let mut mixed = vec![0.0; places.len()];
    for &(formula, share) in &blend.shares {
        let pounds = by_formula(places, total, formula)?;
        mixed.iter_mut().zip(pounds).for_each(|(mixed, pounds)| *mixed += share * pounds);
    }
    let all: f64 = places.iter().map(|place| place.now).sum();
    let now: Vec<f64> =
        places.iter().map(|place| if all > 0.0 { place.now * total / all } else { 0.0 }).collect();
    let wanted =
        mixed.iter().zip(&now).map(|(mixed, now)| blend.damping * now + (1.0 - blend.damping) * mixed);
    let floors: Vec<f64> = now.iter().map(|now| blend.floor * now).collect();
    let lifted: Vec<f64> = wanted.zip(&floors).map(|(pounds, floor)| pounds.max(*floor)).collect();
    let excess: f64 = lifted.iter().sum::<f64>() - total;
    let room: f64 = lifted.iter().zip(&floors).map(|(pounds, floor)| pounds - floor).sum();
    let back = if room > 0.0 { (excess / room).clamp(0.0, 1.0) } else { 0.0 };
    Some(lifted.iter().zip(&floors).map(|(pounds, floor)| pounds - back * (pounds - floor)).collect())
}

/// Whole steps that come closest to a rule's pounds and can be paid for; `None` when not even the fewest can.
///
/// # Errors
/// If the solver fails.
pub fn whole_posts(budget: &Budget, pounds: &[f64]) -> Result<Option<Allotment>, Unsolved> {
    let worth: Vec<Vec<f64>> = (pounds.iter().zip(&budget.price).zip(&budget.bounds))
        .map(|((pounds, &price), &(least, most))| {
            let target = pounds * 100.0 / price as f64;
            let step = |k: i64| if target > 0.0 { 3.0 - (2 * k - 1) as f64 / target } else { 0.0 };
            let last = ((target - 1e-9).ceil() as i64).clamp(least, most);
            (least + 1..=last).map(|k| step(k) * price as f64).collect()
        })
        .collect();
    allot(budget, &worth)
}

#[cfg(test)]
mod tests {
    use super::super::budget::Purse;
    use super::super::budget::tests::every;
    use super::*;

    fn place(team: usize, now: f64, children: f64) -> Known {
        let mut weights = vec![Some(1.0); Formula::ALL.len()];
        weights[1] = Some(children);
        Known { team, now, weights, proposed: vec![] }
    }

    fn budget(total: i64, purses: Vec<Purse>, seats: usize) -> Budget {
        Budget { total, purses, price: vec![100; seats], bounds: vec![(0, 40); seats], step: 1.0 }
    }

    #[test]
    fn a_formula_shares_out_each_team_s_part() {
        let places = [place(0, 300.0, 1.0), place(0, 100.0, 3.0), place(1, 400.0, 9.0)];
        let pounds = by_formula(&places, 1_600.0, Formula::ChildPopulation).expect("known");
        assert_eq!(pounds, [200.0, 600.0, 800.0]);
        assert_eq!(by_formula(&places, 1_600.0, Formula::Equal), Some(vec![400.0, 400.0, 800.0]));
        let mut unknown = places.to_vec();
        unknown[0].weights[3] = None;
        assert_eq!(by_formula(&unknown, 1_600.0, Formula::FreeSchoolMeals), None);
    }

    #[test]
    fn a_blend_holds_back_and_lets_nobody_fall_through_the_floor() {
        let places = [place(0, 500.0, 1.0), place(0, 500.0, 9.0)];
        let blend = |floor, damping| Blend { shares: vec![(Formula::ChildPopulation, 1.0)], floor, damping };
        assert_eq!(by_blend(&places, 1_000.0, &blend(0.0, 0.0)), Some(vec![100.0, 900.0]));
        assert_eq!(by_blend(&places, 1_000.0, &blend(0.0, 0.5)), Some(vec![300.0, 700.0]));
        assert_eq!(by_blend(&places, 1_000.0, &blend(0.8, 0.5)), Some(vec![400.0, 600.0]));
        let kept: f64 = by_blend(&places, 2_000.0, &blend(0.9, 0.0)).expect("known").iter().sum();
        assert!((kept - 2_000.0).abs() < 1e-9);
    }

    #[test]
    fn whole_posts_are_webster_s_without_restrictions() {
        // Divisor method of odd numbers, seat by seat: the highest of votes / (2 seats + 1).
        let votes = [53.0, 24.0, 23.0, 7.5];
        let seats = 21;
        let mut exact = [0_i64; 4];
        for _ in 0..seats {
            let quotient = |at: usize| votes[at] / (2 * exact[at] + 1) as f64;
            let next = (0..4).max_by(|&a, &b| quotient(a).total_cmp(&quotient(b))).expect("four");
            exact[next] += 1;
        }
        let sum: f64 = votes.iter().sum();
        let pounds = votes.map(|votes| votes / sum * seats as f64);
        let purses = vec![Purse { pot: None, holds: None, may_pay: vec![true; 4] }];
        let found =
            whole_posts(&budget(seats * 100, purses, 4), &pounds).expect("solved").expect("affordable");
        assert!(found.proven);
        assert_eq!(found.steps, exact);
    }

    #[test]
    fn restricted_money_is_not_forced_on_a_rule_and_shortfalls_are_shared() {
        // Half of the money may be spent in the first place only, which the rule gives a fifth.
        let purse =
            |holds, may_pay: [bool; 3]| Purse { pot: None, holds: Some(holds), may_pay: may_pay.to_vec() };
        let purses = vec![purse(1_000, [true, false, false]), purse(1_000, [true, true, true])];
        let budget = budget(2_000, purses, 3);
        let found = whole_posts(&budget, &[4.0, 8.0, 8.0]).expect("solved").expect("affordable");
        assert_eq!(found.steps, [4, 5, 5]);
        // And by trying everything: nothing affordable is closer in the sense stated.
        let miss = |steps: &[i64]| {
            let of = |(steps, target): (&i64, f64)| (*steps as f64 - target).powi(2) / target;
            steps.iter().zip([4.0, 8.0, 8.0]).map(of).sum::<f64>()
        };
        let best = every(&[(0, 8), (0, 9), (0, 9)])
            .into_iter()
            .filter(|steps| budget.affords(steps))
            .map(|steps| miss(&steps))
            .fold(f64::INFINITY, f64::min);
        assert!((miss(&found.steps) - best).abs() < 1e-9);
    }
}
