//! The integer and flow problems, put to a solver.
//!
//! Consumes a [`Budget`] and what each further step of posts is worth; produces the steps worth most together that
//! can be paid for, and who pays for them. The solver (`microlp`, simplex with branch and bound) works in floating
//! point: whatever it says is brought to whole steps and whole pence and then held exactly against the budget.

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use serde::{Deserialize, Serialize};

use super::budget::Budget;

/// Branches looked at, at most: a number and not a time, so that the answer does not depend on the machine.
const NODES: u64 = 20_000;

/// The solver failed, or gave what is not so.
#[derive(Debug, thiserror::Error)]
#[error("the allocation of money could not be solved: {0}")]
pub struct Unsolved(String);

/// Steps for each place.
#[derive(Clone, Debug, PartialEq)]
pub struct Allotment {
    /// Steps of posts.
    pub steps: Vec<i64>,
    /// Whether the solver proved that nothing that can be paid for is worth more.
    pub proven: bool,
}

/// The steps worth most together. `worth[seat]` has what each step above the fewest is worth, none more than the one
/// before; steps worth nothing or less are not taken. `None` when not even the fewest can be paid for.
///
/// # Errors
/// If the solver fails.
pub fn allot(budget: &Budget, worth: &[Vec<f64>]) -> Result<Option<Allotment>, Unsolved> {
    let least: Vec<i64> = budget.bounds.iter().map(|&(least, _)| least).collect();
    if !budget.affords(&least) {
        return Ok(None);
    }
    let limits = budget.limits();
    let scale = worth.iter().flatten().fold(0.0_f64, |scale, worth| scale.max(worth.abs())).max(1e-300);
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let mut variables: Vec<Vec<Variable>> = Vec::new();
    for (seat, worth) in worth.iter().enumerate() {
        let room = (budget.bounds[seat].1 - budget.bounds[seat].0).max(0) as usize;
        let taken = worth.iter().take(room).take_while(|&&worth| worth > 0.0);
        // Steps of the same worth are one variable.
        let mut of_seat: Vec<(f64, i32)> = Vec::new();
        for &worth in taken {
            match of_seat.last_mut() {
                Some((same, count)) if *same == worth => *count += 1,
                _ => of_seat.push((worth, 1)),
            }
        }
        let add = |(worth, count)| problem.add_integer_var(worth / scale, (0, count));
        variables.push(of_seat.into_iter().map(add).collect());
    }
    for limit in &limits {
        let spent: i64 = limit.seats.iter().map(|&seat| least[seat] * budget.price[seat]).sum();
        let left = limit.pence - spent;
        let prices = limit.seats.iter().map(|&seat| budget.price[seat]);
        let (low, high) = prices.fold((i64::MAX, 0), |(low, high), price| (low.min(price), high.max(price)));
        // Where all cost the same, whole steps: the tightest form of the same limit.
        let (unit, most) = match low == high {
            true => (low as f64, (left / low.max(1)) as f64),
            false => (low as f64, left as f64 / low as f64),
        };
        let terms: Vec<(Variable, f64)> = (limit.seats.iter())
            .flat_map(|&seat| variables[seat].iter().map(move |&one| (one, budget.price[seat] as f64 / unit)))
            .collect();
        if !terms.is_empty() {
            problem.add_constraint(&terms[..], ComparisonOp::Le, most);
        }
    }
    let mut options = SolveOptions::default();
    options.node_limit = Some(NODES);
    let outcome = problem.solve_with(options).map_err(|error| Unsolved(error.to_string()))?;
    let proven = outcome.is_optimal();
    let steps = match outcome.solution() {
        Some(solution) => (variables.iter().zip(&least))
            .map(|(of_seat, least)| {
                least + of_seat.iter().map(|&one| solution.var_value(one).round() as i64).sum::<i64>()
            })
            .collect(),
        None => least,
    };
    if !budget.affords(&steps) {
        return Err(Unsolved("the steps found cannot be paid for".to_owned()));
    }
    Ok(Some(Allotment { steps, proven }))
}

/// Who pays: pence by purse and place, and by place what nobody pays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payments {
    /// By purse, then by place.
    pub by_purse: Vec<Vec<i64>>,
    /// By place.
    pub nobody: Vec<i64>,
}

impl Payments {
    /// What a purse pays in all.
    pub fn of_purse(&self, purse: usize) -> i64 {
        self.by_purse[purse].iter().sum()
    }
}

/// Shares out who pays what is due for each place (pence): as little as can be is left to nobody, and purses that come
/// earlier pay before later ones. What the purses give together is at most the budget's total.
///
/// A transport problem with whole pence has whole answers, which rounding finds; they are checked.
///
/// # Errors
/// If the solver fails.
pub fn pay(budget: &Budget, due: &[i64]) -> Result<Payments, Unsolved> {
    let purses = budget.purses.len();
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let mut paid: Vec<Vec<Option<Variable>>> = Vec::new();
    for (rank, purse) in budget.purses.iter().enumerate() {
        let edge = |(&due, &may_pay): (&i64, &bool)| {
            (may_pay && due > 0).then(|| problem.add_var(rank as f64, (0.0, due as f64)))
        };
        paid.push(due.iter().zip(&purse.may_pay).map(edge).collect());
    }
    // Dearer than any change of who pays elsewhere could be.
    let last = (purses * purses + 1) as f64;
    let nobody: Vec<Variable> = due.iter().map(|&due| problem.add_var(last, (0.0, due as f64))).collect();
    for (seat, &due) in due.iter().enumerate() {
        let mut terms: Vec<(Variable, f64)> =
            paid.iter().filter_map(|of_purse| of_purse[seat]).map(|edge| (edge, 1.0)).collect();
        terms.push((nobody[seat], 1.0));
        problem.add_constraint(&terms[..], ComparisonOp::Eq, due as f64);
    }
    for (purse, of_purse) in budget.purses.iter().zip(&paid) {
        let terms: Vec<(Variable, f64)> = of_purse.iter().flatten().map(|&edge| (edge, 1.0)).collect();
        if let (Some(holds), false) = (purse.holds, terms.is_empty()) {
            problem.add_constraint(&terms[..], ComparisonOp::Le, holds as f64);
        }
    }
    let all: Vec<(Variable, f64)> = paid.iter().flatten().flatten().map(|&edge| (edge, 1.0)).collect();
    if !all.is_empty() {
        problem.add_constraint(&all[..], ComparisonOp::Le, budget.total as f64);
    }
    let outcome = problem.solve().map_err(|error| Unsolved(error.to_string()))?;
    let Some(solution) = outcome.solution() else { return Err(Unsolved("no answer".to_owned())) };
    let pence = |edge: Variable| solution.var_value(edge).round() as i64;
    let by_purse: Vec<Vec<i64>> =
        paid.iter().map(|of_purse| of_purse.iter().map(|edge| edge.map_or(0, pence)).collect()).collect();
    let payments = Payments { by_purse, nobody: nobody.into_iter().map(pence).collect() };
    match balanced(budget, due, &payments) {
        true => Ok(payments),
        false => Err(Unsolved("the pence do not add up".to_owned())),
    }
}

/// Whether everything due is paid once, by who may, and no purse gives more than it holds.
fn balanced(budget: &Budget, due: &[i64], payments: &Payments) -> bool {
    let places = due.iter().enumerate().all(|(seat, &due)| {
        let paid: i64 = payments.by_purse.iter().map(|of_purse| of_purse[seat]).sum();
        paid + payments.nobody[seat] == due && payments.nobody[seat] >= 0
    });
    let purses = budget.purses.iter().zip(&payments.by_purse).all(|(purse, paid)| {
        let may = paid.iter().zip(&purse.may_pay).all(|(&pence, &may)| pence == 0 || may && pence > 0);
        may && purse.holds.is_none_or(|holds| paid.iter().sum::<i64>() <= holds)
    });
    places && purses && payments.by_purse.iter().flatten().sum::<i64>() <= budget.total
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::budget::tests::{budgets, every};
    use super::*;

    fn value(worth: &[Vec<f64>], steps: &[i64]) -> f64 {
        worth.iter().zip(steps).map(|(worth, &steps)| worth[..steps as usize].iter().sum::<f64>()).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nothing_that_can_be_paid_for_is_worth_more(
            budget in budgets(), raw in prop::collection::vec(prop::collection::vec(0.0..10.0_f64, 6), 3),
        ) {
            let worth: Vec<Vec<f64>> = raw
                .into_iter()
                .take(budget.price.len())
                .map(|mut worth| {
                    worth.sort_by(|a, b| b.total_cmp(a));
                    worth
                })
                .collect();
            let best = every(&budget.bounds)
                .iter()
                .filter(|steps| budget.affords(steps))
                .map(|steps| value(&worth, steps))
                .fold(f64::NEG_INFINITY, f64::max);
            let found = allot(&budget, &worth).expect("solved").expect("nobody at all costs nothing");
            prop_assert!(found.proven);
            prop_assert!((value(&worth, &found.steps) - best).abs() < 1e-6, "{} {best}", value(&worth, &found.steps));
        }

        #[test]
        fn who_pays_adds_up_and_leaves_to_nobody_what_must_be(
            budget in budgets(), at in any::<prop::sample::Index>(),
        ) {
            let all = every(&budget.bounds);
            let steps = at.get(&all);
            let due: Vec<i64> = steps.iter().zip(&budget.price).map(|(steps, price)| steps * price).collect();
            let payments = pay(&budget, &due).expect("solved");
            prop_assert!(balanced(&budget, &due, &payments));
            let unpaid: i64 = payments.nobody.iter().sum();
            prop_assert_eq!(unpaid == 0, budget.affords(steps));
        }
    }

    #[test]
    fn earlier_purses_pay_first() {
        use super::super::budget::Purse;
        let purse = |holds, may_pay: [bool; 2]| Purse { pot: None, holds, may_pay: may_pay.to_vec() };
        let budget = Budget {
            total: 1_000,
            purses: vec![purse(Some(150), [true, true]), purse(None, [true, true])],
            price: vec![100, 100],
            bounds: vec![(0, 9), (0, 9)],
            step: 1.0,
        };
        let payments = pay(&budget, &[200, 300]).expect("solved");
        assert_eq!((payments.of_purse(0), payments.of_purse(1)), (150, 350));
        // The first purse is wanted where no other may pay.
        let narrow =
            Budget { purses: vec![purse(Some(150), [true, true]), purse(None, [false, true])], ..budget };
        let payments = pay(&narrow, &[200, 300]).expect("solved");
        assert_eq!(payments.by_purse[0], [150, 0]);
        assert_eq!(payments.nobody, [50, 0]);
    }
}
