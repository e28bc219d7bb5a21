//! What the next money would buy in each place.
//!
//! Consumes the posts of now and a sum; produces, for each place, what so many more posts there do for families of the
//! whole council, on the same families as without them.

use serde::{Deserialize, Serialize};

use crate::scenario::Scenario;
use crate::summary::Estimate;

use super::super::staffing::{Evaluator, Outcome, Seat, Standing, Unanswered, fte};
use super::judge::{Bench, FRESH, paired};

/// More posts in one place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Next {
    /// Index into [`super::Answer::seats`].
    pub seat: usize,
    /// Full-time equivalents more: the whole steps nearest to the sum, at least one.
    pub fte: f64,
    /// Pence a year that they cost.
    pub pence: i64,
    /// Family-weeks a year waited, less those without them.
    pub waited: Estimate,
    /// The same for each sum asked for: as the posts are dearer or cheaper than it, brought to it in proportion.
    pub waited_for_sum: Estimate,
    /// Families a year who go further up the pathway while they wait, less those without them.
    pub escalations: Estimate,
    /// Standards of the place's areas that depend on posts: how often all hold without, and with.
    pub kept: Option<(Standing, Standing)>,
}

/// Tries more posts in one place after the other.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn next(
    scenario: &Scenario,
    seats: &[Seat],
    full_price: &[i64],
    (bench, now): (&Bench, &[Outcome]),
    evaluator: &mut Evaluator,
    replications: u32,
) -> Result<Vec<Next>, Unanswered> {
    evaluator.doing = "what the next money buys";
    let (step, sum) = (scenario.staffing.step, scenario.funding.next * 100.0);
    let current: Vec<f64> = seats.iter().map(|seat| seat.current).collect();
    let mut found = Vec::new();
    for (seat, &price) in full_price.iter().enumerate() {
        let steps = (sum / (price as f64 * step)).round().max(1.0);
        let fte = fte(steps as i64, step);
        let pence = (price as f64 * fte).round() as i64;
        let mut posts = current.clone();
        posts[seat] += fte;
        let then = evaluator.outcomes(&posts, FRESH, replications)?;
        let waited = paired(then, now, |outcome| bench.waited(outcome));
        let part = sum / pence as f64;
        let kept = |outcomes: &[Outcome]| bench.kept(&seats[seat].areas, outcomes);
        found.push(Next {
            seat,
            fte,
            pence,
            waited,
            waited_for_sum: paired(then, now, |outcome| part * bench.waited(outcome)),
            escalations: paired(then, now, |outcome| bench.escalated(outcome)),
            kept: kept(now).zip(kept(then)),
        });
    }
    Ok(found)
}
