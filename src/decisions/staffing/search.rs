//! The least posts with which every standard is reliable enough.
//!
//! Consumes an [`Evaluator`]; produces posts for every seat, in steps. Every evaluation is a joint
//! simulation of all seats on the same families, so that many seats move at once: areas meet only through
//! what they share, and each seat is judged by its own standards.
//!
//! 1. **Ample**: with far more posts than the analytic answer, which standards are met at all? What
//!    is not, no number of posts makes sure of; the search leaves it aside. What comes close to what ample
//!    posts do on the same families is met too ([`Standing::sought`](super::reliability::Standing::sought)),
//!    since more and more posts would chase luck.
//! 2. **Bracket and halve**: from the analytic answer, each seat goes up (in growing strides) while
//!    its standards fail and down while they hold, then halves the gap; few replications suffice,
//!    since most of what is tried is clear.
//! 3. **Raise**: while a standard fails, the seats to blame go up, until all hold.
//! 4. **Shed**: from there, seats go down (in growing strides, then halving the gap) to the fewest with which
//!    their standards hold: all at once first, then, of those that shared standards stopped,
//!    team by team and the dearest posts first. A standard that holds with fewer elsewhere still holds with
//!    more there, so that one pass leaves an establishment of which no seat can spare a step; what was
//!    raised in vain comes down again.
//!
//! Steps 3 and 4 are done with few replications, then with all.
//!
//! Invariant: the result depends on the scenario, the seed and the numbers of replications alone.

use super::blame::{Blame, failing, look};
use super::evaluate::{Evaluator, LOOK, Unanswered};
use super::ground::{Ground, classes};
use super::reliability::Aims;

/// Rounds of bracketing after which a seat takes the best it has seen.
const MOST_BRACKETING: u32 = 10;

/// Rounds of going up, and after how many strides grow and everyone who bears on a standard goes up.
const MOST_RAISING: u32 = 16;
const PATIENT_RAISING: u32 = 3;

/// Rounds of raising and shedding.
const MOST_ROUNDS: u32 = 4;

/// Replications of a decision while looking for the neighbourhood, at most.
const ROUGH: u32 = 2 * LOOK;

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Steps of posts for each seat.
    pub steps: Vec<i64>,
    /// Whether raising and shedding came to an end.
    pub settled: bool,
}

/// Tries ample posts: notes in `aims` what they do, and gives them.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn rule_out(ground: &Ground, aims: &mut Aims, evaluator: &mut Evaluator) -> Result<Vec<f64>, Unanswered> {
    evaluator.doing = "what posts can do at all";
    let steps: Vec<i64> = (0..ground.seats.len()).map(|seat| ground.most(seat)).collect();
    let posts = ground.posts(&steps);
    aims.measure_against(evaluator.outcomes(&posts, 0, ground.replications)?.to_vec());
    aims.rule_out();
    Ok(posts)
}

/// Finds the least posts.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn search(ground: &Ground, aims: &Aims, evaluator: &mut Evaluator) -> Result<Found, Unanswered> {
    let rough = ROUGH.min(ground.replications);
    evaluator.doing = "looking for the neighbourhood";
    let near = bracket(ground, aims, evaluator, rough)?;
    let near = settle(ground, aims, evaluator, near, rough)?;
    evaluator.doing = "closing in";
    settle(ground, aims, evaluator, near.steps, ground.replications)
}

/// Raises what falls short and sheds what can be spared. What falls short again once everybody has shed goes
/// up again; of that, what went up by more than a step sheds again.
fn settle(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    mut steps: Vec<i64>,
    replications: u32,
) -> Result<Found, Unanswered> {
    raise(ground, aims, evaluator, &mut steps, replications)?;
    let mut shedding: Vec<usize> = (0..steps.len()).collect();
    for _ in 0..MOST_ROUNDS {
        shed(ground, aims, evaluator, &shedding, &mut steps, replications)?;
        let before = steps.clone();
        raise(ground, aims, evaluator, &mut steps, replications)?;
        shedding = (0..steps.len()).filter(|&seat| steps[seat] > before[seat] + 1).collect();
        if shedding.is_empty() {
            return Ok(Found { steps, settled: true });
        }
    }
    Ok(Found { steps, settled: false })
}

/// Where a seat stands in its bracketing.
#[derive(Clone, Copy, Debug)]
struct Bracket {
    /// Most steps that were seen to fail.
    low: i64,
    /// Fewest that were seen to hold.
    high: i64,
    /// What to try next.
    next: i64,
    stride: i64,
    /// Whether anything has been seen to fail, or to hold.
    seen: (bool, bool),
}

impl Bracket {
    /// Below steps that hold, down to the first that may not be tried.
    fn below(low: i64, holds: i64) -> Self {
        Self { low, high: holds, next: holds - 1, stride: 1, seen: (false, true) }
    }

    fn settled(&self) -> bool {
        self.high - self.low <= 1
    }

    fn learn(&mut self, holds: bool) {
        let tried = self.next;
        if holds {
            (self.high, self.seen.1) = (tried, true);
            self.low = self.low.min(tried - 1);
        } else {
            (self.low, self.seen.0) = (tried, true);
            self.high = self.high.max(tried + 1);
        }
        self.next = match (holds, self.seen) {
            _ if self.settled() => self.high,
            (_, (true, true)) => self.low + (self.high - self.low) / 2,
            (true, _) => (tried - self.stride).max(self.low + 1),
            (false, _) => (tried + self.stride).min(self.high),
        };
        self.stride *= 2;
    }
}

fn bracket(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    replications: u32,
) -> Result<Vec<i64>, Unanswered> {
    let start = |seat: usize| {
        let (least, most) = (ground.least(seat), ground.most(seat));
        let steps = (ground.analytic[seat] / ground.step).ceil() as i64;
        let low = if ground.is_fixed(seat) { most - 1 } else { least - 1 };
        let next = steps.clamp(least, most);
        Bracket { low, high: most, next, stride: (steps / 10).max(1), seen: (false, false) }
    };
    let mut brackets: Vec<Bracket> = (0..ground.seats.len()).map(start).collect();
    for _ in 0..MOST_BRACKETING {
        if brackets.iter().all(Bracket::settled) {
            break;
        }
        let steps: Vec<i64> = brackets.iter().map(|bracket| bracket.next).collect();
        let open: Vec<bool> = brackets.iter().map(|bracket| !bracket.settled()).collect();
        let outcomes = look(ground, aims, evaluator, &steps, &open, replications)?;
        let failing = failing(ground, aims, outcomes, Blame::Longest);
        for (bracket, failing) in brackets.iter_mut().zip(failing) {
            if !bracket.settled() {
                bracket.learn(!failing);
            }
        }
    }
    Ok(brackets.iter().map(|bracket| bracket.high).collect())
}

/// Goes up until all standards hold, or no seat to blame can go further.
fn raise(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    steps: &mut [i64],
    replications: u32,
) -> Result<(), Unanswered> {
    let mut strides = vec![1; steps.len()];
    let open = vec![true; steps.len()];
    for round in 0..MOST_RAISING {
        let patient = round < PATIENT_RAISING;
        let blame = if patient { Blame::Longest } else { Blame::Everyone };
        let outcomes = look(ground, aims, evaluator, steps, &open, replications)?;
        let short = failing(ground, aims, outcomes, blame);
        let going: Vec<usize> = (0..steps.len())
            .filter(|&seat| short[seat] && !ground.is_fixed(seat) && steps[seat] < ground.most(seat))
            .collect();
        if going.is_empty() && !(patient && short.contains(&true)) {
            break;
        }
        for seat in going {
            steps[seat] = (steps[seat] + strides[seat]).min(ground.most(seat));
            if !patient {
                strides[seat] *= 2;
            }
        }
    }
    Ok(())
}

/// Takes some seats down to the fewest posts with which their standards hold.
///
/// First all at once: what holds with fewer everywhere holds, and a standard that one seat alone bears on
/// tells that seat how far it can go. Seats that a shared standard stopped then try again, class by class.
fn shed(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    seats: &[usize],
    steps: &mut [i64],
    replications: u32,
) -> Result<(), Unanswered> {
    let contested = shed_together(ground, aims, evaluator, seats, steps, replications)?;
    for class in dearest_first(ground) {
        let class: Vec<usize> = class.into_iter().filter(|seat| contested.contains(seat)).collect();
        shed_together(ground, aims, evaluator, &class, steps, replications)?;
    }
    Ok(())
}

/// Takes some seats down at once, each as far as its standards hold. Gives those that were stopped by
/// nothing but standards that other seats bear on.
fn shed_together(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    class: &[usize],
    steps: &mut [i64],
    replications: u32,
) -> Result<Vec<usize>, Unanswered> {
    // Below the fewest allowed nothing is tried.
    let mut brackets: Vec<(usize, Bracket)> = class
        .iter()
        .filter(|&&seat| !ground.is_fixed(seat) && steps[seat] > ground.least(seat))
        .map(|&seat| (seat, Bracket::below(ground.least(seat) - 1, steps[seat])))
        .collect();
    let mut contested = Vec::new();
    while brackets.iter().any(|(_, bracket)| !bracket.settled()) {
        let mut fewer = steps.to_vec();
        let mut open = vec![false; steps.len()];
        for (seat, bracket) in &brackets {
            (fewer[*seat], open[*seat]) = (bracket.next, !bracket.settled());
        }
        let outcomes = look(ground, aims, evaluator, &fewer, &open, replications)?;
        let [short, alone] =
            [Blame::Everyone, Blame::Alone].map(|blame| failing(ground, aims, outcomes, blame));
        for (seat, bracket) in brackets.iter_mut().filter(|(_, bracket)| !bracket.settled()) {
            bracket.learn(!short[*seat]);
            if short[*seat] && !alone[*seat] {
                contested.push(*seat);
            }
        }
    }
    brackets.iter().for_each(|(seat, bracket)| steps[*seat] = bracket.high);
    Ok(contested)
}

/// The classes of seats that can be tried together, by what a post costs on average.
fn dearest_first(ground: &Ground) -> Vec<Vec<usize>> {
    let mut classes = classes(ground.seats);
    let cost = |class: &[usize]| {
        class.iter().map(|&seat| ground.post_cost[seat]).sum::<f64>() / class.len().max(1) as f64
    };
    classes.sort_by(|a, b| cost(b).total_cmp(&cost(a)));
    classes
}
