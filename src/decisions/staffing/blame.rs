//! Which seats fall short, and which of them are to blame.
//!
//! Consumes outcomes of one establishment; produces, for each seat, whether it should go up. A standard
//! about one team has one seat to look to. One that several seats bear on (a clock from referral to
//! assessment) first looks to those **whose own waits are longest**, within a factor of two; where nobody
//! waits, or going up there has not helped, to all of them: what is too much is shed again.

use super::evaluate::{Evaluator, LOOK, Unanswered};
use super::ground::Ground;
use super::outcome::{Outcome, mean};
use super::reliability::Aims;
use super::seat::Seat;

/// Whom to look to for a standard that several seats bear on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// Those whose waits are longest.
    Longest,
    /// Everyone who bears on it.
    Everyone,
    /// Those who bear on it alone.
    Alone,
}

/// What replications say about these posts. Looks again with more of them, `most` at most, while it is
/// unclear whether a seat that is `open` falls short.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn look<'e>(
    ground: &Ground,
    aims: &Aims,
    evaluator: &'e mut Evaluator,
    steps: &[i64],
    open: &[bool],
    most: u32,
) -> Result<&'e [Outcome], Unanswered> {
    let posts = ground.posts(steps);
    let mut looked = LOOK.min(most);
    while looked < most {
        let outcomes = evaluator.outcomes(&posts, 0, looked)?;
        let unclear = |seat: usize| open[seat] && is_unclear(aims, &ground.seats[seat], outcomes);
        if !(0..steps.len()).any(unclear) {
            break;
        }
        looked = (looked + LOOK).min(most);
    }
    evaluator.outcomes(&posts, 0, looked)
}

/// Which seats fall short.
pub fn failing(ground: &Ground, aims: &Aims, outcomes: &[Outcome], blame: Blame) -> Vec<bool> {
    blamed(aims, ground.seats, outcomes, blame, |judged| {
        let sought = aims.sought(judged, outcomes.len());
        sought.is_some_and(|sought| !aims.asked(judged, outcomes).reaches(sought))
    })
}

/// Whether it is open if a seat's standards hold: none clearly fails, and not all clearly hold.
fn is_unclear(aims: &Aims, seat: &Seat, outcomes: &[Outcome]) -> bool {
    let mut unclear = false;
    for judged in aims.of_seat(seat) {
        let Some(sought) = aims.sought(judged, outcomes.len()) else { continue };
        let standing = aims.asked(judged, outcomes);
        match standing.is_clear(sought) {
            true if !standing.reaches(sought) => return false,
            true => {}
            false => unclear = true,
        }
    }
    unclear
}

/// The seats to blame for standards that fail.
pub fn blamed(
    aims: &Aims,
    seats: &[Seat],
    outcomes: &[Outcome],
    blame: Blame,
    fails: impl Fn(usize) -> bool,
) -> Vec<bool> {
    let mut blamed = vec![false; seats.len()];
    for judged in (0..aims.judged.len()).filter(|&judged| fails(judged)) {
        let involved: Vec<usize> =
            (0..seats.len()).filter(|&seat| seats[seat].standards.contains(&judged)).collect();
        let waits: Vec<f64> = involved.iter().map(|&seat| mean_wait(outcomes, seat)).collect();
        let longest = waits.iter().copied().fold(0.0, f64::max);
        for (&seat, &wait) in involved.iter().zip(&waits) {
            blamed[seat] |= match blame {
                Blame::Longest => wait >= longest / 2.0,
                Blame::Everyone => true,
                Blame::Alone => involved.len() == 1,
            };
        }
    }
    blamed
}

/// Mean wait of a seat over replications, days; 0 where nobody came.
fn mean_wait(outcomes: &[Outcome], seat: usize) -> f64 {
    let wait = mean(outcomes, |outcome| outcome.loads[seat].wait_days);
    if wait.is_nan() { 0.0 } else { wait }
}

#[cfg(test)]
mod tests {
    use super::super::outcome::Load;
    use super::super::seat::seats;
    use super::*;
    use crate::simulation::Simulator;

    /// Two desks in a row, with a clock over both.
    const TWO: &str = r#"name = "two"
start = 2024-09-02
horizon_weeks = 4
[areas.a]
families_per_year = { all = 100 }
[sources.all]
entry = "first"
[desks.first]
fte = 2
[desks.second]
fte = 2
[stages.first]
desk = "first"
minutes = 30
next = { second = 1 }
[stages.second]
desk = "second"
minutes = 30
next = { done = 1 }
[ends.done]
name = "Done"
[clocks.both]
starts = "enter:first"
stops = "leave:second"
days = 1
[standards.both]
clock = "both"
required_share = 0.9
"#;

    fn outcome(waits: [f64; 2]) -> Outcome {
        let load = |wait_days| Load {
            open: 0.0,
            hours_needed: f64::NAN,
            escalations: 0.0,
            caseload: f64::NAN,
            waiting: 0.0,
            wait_days,
            peak_caseload: f64::NAN,
            peak_waiting: 0.0,
        };
        Outcome { achieved: vec![0.5], worst: vec![0.5], loads: waits.map(load).to_vec(), paid: Vec::new() }
    }

    #[test]
    fn a_shared_standard_looks_to_the_longest_wait_first_and_to_all_where_nobody_waits() {
        let scenario = crate::scenario::load_text("two.toml", TWO).expect("valid");
        let judged = Simulator::new(&scenario, 1).layout().judged.clone();
        let (seats, aims) = (seats(&scenario, &judged), Aims::new(&scenario, &judged));
        assert_eq!((seats.len(), judged.len()), (2, 1));
        let of = |waits, blame| blamed(&aims, &seats, &[outcome(waits)], blame, |_| true);
        assert_eq!(of([5.0, 1.0], Blame::Longest), [true, false]);
        assert_eq!(of([5.0, 2.5], Blame::Longest), [true, true]);
        assert_eq!(of([f64::NAN, f64::NAN], Blame::Longest), [true, true]);
        assert_eq!(of([5.0, 1.0], Blame::Everyone), [true, true]);
        assert_eq!(of([5.0, 1.0], Blame::Alone), [false, false]);
        assert_eq!(blamed(&aims, &seats, &[outcome([5.0, 1.0])], Blame::Everyone, |_| false), [false, false]);
    }
}
