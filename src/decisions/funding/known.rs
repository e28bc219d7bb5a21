//! What rules go by: what places cost and hold now, and what their families would need.
//!
//! Consumes the scenario and two simulated establishments, that of now and one with posts for all; produces a [`Known`]
//! for each place.

use crate::scenario::Scenario;

use super::super::staffing::{Evaluator, Group, Outcome, Seat, Unanswered, mean};
use super::budget::price;
use super::rules::Known;

/// What rules know of places: what they cost now, their areas' children, families held with the posts of now, and
/// hours that families need when there are posts for all (`ample`).
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn known(
    scenario: &Scenario,
    seats: &[Seat],
    evaluator: &mut Evaluator,
    (current, ample): (&[f64], &[f64]),
    replications: u32,
) -> Result<Vec<Known>, Unanswered> {
    let held = |outcome: &Outcome, seat: usize| outcome.loads[seat].open - outcome.loads[seat].waiting;
    let places = 0..seats.len();
    evaluator.doing = "what rules go by";
    let now = evaluator.outcomes(current, 0, replications)?;
    let caseload: Vec<f64> = places.clone().map(|seat| mean(now, |outcome| held(outcome, seat))).collect();
    let then = evaluator.outcomes(ample, 0, replications)?;
    let need: Vec<f64> = places
        .clone()
        .map(|seat| {
            let hours = mean(then, |outcome| outcome.loads[seat].hours_needed);
            // A place whose people are not measured alone is weighed by the families it holds.
            if hours.is_nan() { mean(then, |outcome| held(outcome, seat)) } else { hours }
        })
        .collect();
    let draw = scenario.central_draw();
    let of_areas = |seat: &Seat, of: &dyn Fn(&crate::scenario::Area) -> Option<f64>| {
        seat.areas.iter().map(|&area| of(&scenario.areas[area])).sum::<Option<f64>>()
    };
    let children = |area: &crate::scenario::Area| draw[area.population];
    let known = |at: usize| {
        let seat = &seats[at];
        let weights = vec![
            Some(seat.areas.len() as f64),
            of_areas(seat, &|area| Some(children(area))),
            of_areas(seat, &|area| Some(children(area) * draw[area.need])),
            of_areas(seat, &|area| Some(children(area) * draw[area.free_school_meals?])),
            Some(caseload[at]),
            Some(need[at]),
        ];
        let Group::Team(team) = seat.group else { unreachable!("places are of teams") };
        Known {
            team,
            now: price(scenario, seat, seat.current).unwrap_or(0) as f64 / 100.0,
            weights,
            proposed: (scenario.funding.splits.iter())
                .map(|(_, shares)| seat.areas.iter().map(|&area| shares[area]).sum())
                .collect(),
        }
    };
    Ok(places.map(known).collect())
}
