//! The cheapest total: the least posts with which every standard that posts can meet is reliable enough, and who could
//! pay for them.
//!
//! Consumes the search of [`super::super::staffing`], for the places whose posts are shared out; produces posts, cost, and
//! what is missing in the pots.

use serde::{Deserialize, Serialize};

use super::super::staffing::{Aims, Evaluator, Ground, Standing, confirm, search};
use super::budget::Budget;
use super::solver::pay;
use super::unfunded::Unfunded;

/// The least that meets every standard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cheapest {
    /// Full-time equivalents of each place.
    pub posts: Vec<f64>,
    /// Pence a year that those of each place cost.
    pub costs: Vec<i64>,
    /// Pence a year of it that the pots cannot pay, restrictions and all.
    pub missing: i64,
    /// The standard with the least margin on fresh families, and how often it holds.
    pub tightest: Option<(usize, Standing)>,
    /// Whether the search came to an end and fresh families confirmed it.
    pub settled: bool,
}

/// Finds it.
///
/// # Errors
/// If the solver or the simulation fails, or is stopped.
pub fn cheapest(
    mut ground: Ground,
    aims: &mut Aims,
    evaluator: &mut Evaluator,
    (budget, ample): (&Budget, &[f64]),
) -> Result<Cheapest, Unfunded> {
    ground.fixed = ground.seats.iter().map(|seat| aims.of_seat(seat).next().is_none()).collect();
    let found = search(&ground, aims, evaluator)?;
    let confirmed = confirm(&ground, aims, evaluator, &found, ample)?;
    let posts = ground.posts(&confirmed.steps);
    let outcomes = evaluator.outcomes(&posts, confirmed.set, ground.replications)?;
    let tightest = (ground.seats.iter())
        .filter_map(|seat| aims.tightest(seat, outcomes))
        .min_by(|a, b| a.1.share().total_cmp(&b.1.share()));
    let due: Vec<i64> = (posts.iter().zip(&budget.price))
        .map(|(fte, &price)| (fte / ground.step * price as f64).round() as i64)
        .collect();
    // All that the pots hold may go to these posts, whatever the total asked for.
    let whole = Budget { total: due.iter().sum(), ..budget.clone() };
    let missing = pay(&whole, &due)?.nobody.iter().sum();
    Ok(Cheapest { posts, costs: due, missing, tightest, settled: found.settled && confirmed.confirmed })
}
