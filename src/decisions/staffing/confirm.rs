//! The recommendation held against replications that the search never saw.
//!
//! Consumes what the search found; produces posts that fresh replications do not speak against, and
//! which set of replications that was: what is reported is theirs. A seat fails where a standard of
//! its own falls short of the reliability sought by more than two standard errors; it goes up a step,
//! and all are held against yet other replications.

use super::blame::{Blame, blamed};
use super::evaluate::{Evaluator, Unanswered};
use super::ground::Ground;
use super::reliability::Aims;
use super::search::Found;

/// Fresh sets tried.
const MOST_SETS: u32 = 8;

/// What stood up to fresh replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirmed {
    /// Steps of posts for each seat.
    pub steps: Vec<i64>,
    /// The set of replications that the search never saw.
    pub set: u32,
    /// Whether that set confirmed them.
    pub confirmed: bool,
}

/// Confirms, stepping up where need be. Leaves `aims` judging by the set that confirmed.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn confirm(
    ground: &Ground,
    aims: &mut Aims,
    evaluator: &mut Evaluator,
    found: &Found,
    ample: &[f64],
) -> Result<Confirmed, Unanswered> {
    evaluator.doing = "confirming with fresh replications";
    let mut steps = found.steps.clone();
    for set in 1..=MOST_SETS {
        aims.measure_against(evaluator.outcomes(ample, set, ground.replications)?.to_vec());
        let outcomes = evaluator.outcomes(&ground.posts(&steps), set, ground.replications)?;
        let failing = blamed(aims, ground.seats, outcomes, Blame::Longest, |judged| {
            let sought = aims.sought(judged, outcomes.len());
            sought.is_some_and(|sought| aims.asked(judged, outcomes).speaks_against(sought))
        });
        let raised: Vec<usize> = (0..steps.len())
            .filter(|&seat| failing[seat] && !ground.is_fixed(seat) && steps[seat] < ground.most(seat))
            .collect();
        if raised.is_empty() || set == MOST_SETS {
            let confirmed = !failing.iter().any(|failing| *failing);
            return Ok(Confirmed { steps, set, confirmed });
        }
        raised.into_iter().for_each(|seat| steps[seat] += 1);
    }
    Ok(Confirmed { steps, set: MOST_SETS, confirmed: false })
}
