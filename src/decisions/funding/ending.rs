//! What happens when a pot ends.
//!
//! Consumes a split and who pays for it; produces, for every pot with a limit, what is waited and kept when the posts it
//! pays for go on the day it ends, and nobody steps in.

use serde::{Deserialize, Serialize};

use crate::calendar::RunCalendar;
use crate::scenario::{Scenario, UnitId};
use crate::summary::Estimate;

use super::super::staffing::{Evaluator, Place, Seat, Standing, Unanswered};
use super::answer::Split;
use super::budget::Budget;
use super::judge::{Bench, FRESH, paired};

/// A pot that ends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ending {
    /// Index into [`crate::scenario::Money::pots`].
    pub pot: usize,
    /// The day on which its posts go, offset from the run's first day.
    pub day: i64,
    /// Whether the scenario says that day; else it is a day to think about.
    pub planned: bool,
    /// Chance a year that it is withdrawn, where the scenario says one.
    pub chance: Option<f64>,
    /// Full-time equivalents that go, by place.
    pub posts: Vec<f64>,
    /// Pence a year that it paid.
    pub pence: i64,
    /// Family-weeks waited over the weeks left, a year, less those when it goes on; the whole council.
    pub waited: Estimate,
    /// Families who go further up the pathway while they wait, a year of the weeks left, less those when it goes on.
    pub escalations: Estimate,
    /// The worst area over the whole horizon when it goes on, and when it ends.
    pub worst: Option<((usize, Standing), (usize, Standing))>,
}

/// Ends every pot with a limit, one at a time.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn endings(
    scenario: &Scenario,
    seats: &[Seat],
    split: &Split,
    (budget, full_price): (&Budget, &[i64]),
    bench: &Bench,
    evaluator: &mut Evaluator,
    replications: u32,
) -> Result<Vec<Ending>, Unanswered> {
    evaluator.doing = "what happens when a pot ends";
    let with = evaluator.outcomes(&split.posts, FRESH, replications)?.to_vec();
    let draw = scenario.central_draw();
    let mut found = Vec::new();
    for (at, purse) in budget.purses.iter().enumerate() {
        let (Some(pot), Some(_)) = (purse.pot, purse.holds) else { continue };
        let paid = &split.payments.by_purse[at];
        let fte: Vec<f64> =
            paid.iter().zip(full_price).map(|(&pence, &price)| pence as f64 / price as f64).collect();
        let lost: Vec<(UnitId, f64)> = (seats.iter().zip(&fte))
            .filter_map(|(seat, &fte)| match seat.place {
                Place::Unit(unit) if fte > 0.0 => Some((unit, fte)),
                _ => None,
            })
            .collect();
        if lost.is_empty() {
            continue;
        }
        let (day, planned) = end_of(scenario, pot);
        let name = format!("without pot {}", scenario.money.pots[pot].id);
        let end = |staffed: Scenario| staffed.with_posts_gone(day, &lost);
        let without = evaluator.variant(&name, &end, &split.posts, FRESH, replications, None)?;
        // Before the end nothing differs: what differs over the horizon falls on the weeks left.
        let weeks = bench.weeks.0 as f64;
        let left = (i64::from(scenario.total_weeks()) * 7 - day) as f64 / 7.0;
        found.push(Ending {
            pot,
            day,
            planned,
            chance: scenario.money.pots[pot].withdrawal.map(|chance| draw[chance]),
            pence: paid.iter().sum(),
            waited: paired(without, &with, |outcome| bench.waited(outcome) * weeks / left),
            escalations: paired(without, &with, |outcome| bench.escalated(outcome) * weeks / left),
            worst: bench.worst(&with).zip(bench.worst(without)),
            posts: fte,
        });
    }
    Ok(found)
}

/// The day on which a pot's posts go: the pot's own end, where it lies within the reported time; else the first 1 April
/// that leaves at least half a year of reported weeks on either side; else the middle of the reported time.
fn end_of(scenario: &Scenario, pot: usize) -> (i64, bool) {
    let begin = i64::from(scenario.warm_up_weeks) * 7;
    let end = i64::from(scenario.total_weeks()) * 7;
    let own = scenario.money.pots[pot].to_day;
    if (begin + 1..end).contains(&own) {
        return (own, true);
    }
    let calendar = RunCalendar::new(scenario.first_day(), scenario.total_weeks() as usize * 7);
    let april = |day: &i64| {
        let date = calendar.date(*day);
        date.month() == 4 && date.day() == 1
    };
    let middle = (begin + end) / 2;
    ((begin + 182..end - 182).find(april).unwrap_or(middle), false)
}
