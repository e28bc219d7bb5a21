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

/// Which seats fall short with these posts. Looks again with more replications, `most` at most, while that
/// is unclear for a seat that is `open`.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn failing(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    steps: &[i64],
    open: &[bool],
    blame: Blame,
    most: u32,
) -> Result<Vec<bool>, Unanswered> {
    let posts = ground.posts(steps);
    let mut looked = 0;
    loop {
        looked = (looked + LOOK).min(most);
        let outcomes = evaluator.outcomes(&posts, 0, looked)?;
        let unclear = |seat: usize| open[seat] && is_unclear(aims, &ground.seats[seat], outcomes);
        if looked == most || !(0..steps.len()).any(unclear) {
            return Ok(blamed(aims, ground.seats, outcomes, blame, |judged| {
                let sought = aims.sought(judged, outcomes.len());
                sought.is_some_and(|sought| !aims.asked(judged, outcomes).reaches(sought))
            }));
        }
    }
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
