//! The least posts with which every standard is reliable enough.
//!
//! Consumes an [`Evaluator`]; produces posts for every seat, in steps. Every evaluation is a joint
//! simulation of all seats, so every seat moves in every round: areas meet only through what they
//! share, and each seat is judged by its own standards.
//!
//! 1. **Ample**: with far more posts than the analytic answer, which standards are met at all? What
//!    is not, or only just (by less than a standard error), no number of posts makes sure of; the search
//!    leaves it aside, since more and more posts would chase luck.
//! 2. **Bracket and halve**: from the analytic answer, each seat goes up (in growing strides) while
//!    its standards fail and down while they hold, then halves the gap; few replications suffice,
//!    since most of what is tried is clear.
//! 3. **Polish**: with all replications. Seats that fall short go up a step; then, for groups of seats
//!    that share no standard, all their seats go down a step at once, and those whose standards still
//!    hold stay there. The end is an establishment of which no seat can spare a step.
//!
//! Where several seats could be to blame for a standard, those are whose own waits are longest: within
//! a factor of two of the longest.
//!
//! Invariant: the result depends on the scenario, the seed and the numbers of replications alone.

use super::evaluate::{Evaluator, LOOK, Unanswered};
use super::outcome::Outcome;
use super::reliability::Aims;
use super::seat::{Group, Seat};

/// Rounds of bracketing after which a seat takes the best it has seen.
const MOST_ROUNDS: u32 = 14;

/// Rounds of polishing.
const MOST_POLISHING: u32 = 16;

/// Replications of a bracketing round, at most.
const ROUGH: u32 = 3 * LOOK;

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Steps of posts for each seat.
    pub steps: Vec<i64>,
    /// Whether polishing came to an end.
    pub settled: bool,
}

/// Everything that the search may not change.
pub struct Ground<'a> {
    /// The seats.
    pub seats: &'a [Seat],
    /// Full-time equivalents of a step.
    pub step: f64,
    /// Analytic answer for each seat.
    pub analytic: &'a [f64],
    /// Replications of a decision, at most.
    pub replications: u32,
    /// Seats that stay as they are, since no number of posts meets any of their standards.
    pub fixed: Vec<bool>,
}

impl Ground<'_> {
    /// Full-time equivalents of so many steps for each seat.
    pub fn posts(&self, steps: &[i64]) -> Vec<f64> {
        let posts = |(seat, &steps): (usize, &i64)| {
            if self.is_fixed(seat) { self.seats[seat].current } else { fte(steps, self.step) }
        };
        steps.iter().enumerate().map(posts).collect()
    }

    /// Full-time equivalents of the most that may be recommended, whether or not the seat is fixed.
    pub fn posts_most(&self, seat: usize) -> f64 {
        fte(self.most(seat), self.step)
    }

    /// Whether a seat stays as it is.
    pub fn is_fixed(&self, seat: usize) -> bool {
        self.fixed[seat]
    }

    /// Fewest steps that may be recommended: never nobody.
    pub fn least(&self, seat: usize) -> i64 {
        ((self.seats[seat].least / self.step - 1e-9).ceil() as i64).max(1)
    }

    /// Most steps that may be recommended: the council's bound, or far more than there can be need for.
    pub fn most(&self, seat: usize) -> i64 {
        let ample = (2.5 * self.analytic[seat]).max(2.0 * self.seats[seat].current) + 4.0;
        let bound = (self.seats[seat].most / self.step + 1e-9).floor().min(1e9) as i64;
        ((ample / self.step).ceil() as i64).min(bound).max(self.least(seat))
    }
}

/// Full-time equivalents of so many steps, without the noise of multiplying.
pub fn fte(steps: i64, step: f64) -> f64 {
    let posts = steps as f64 * step;
    (posts * 1e6).round() / 1e6
}

/// Tries ample posts: notes in `aims` which standards no number of posts meets, and gives the steps tried.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn rule_out(ground: &Ground, aims: &mut Aims, evaluator: &mut Evaluator) -> Result<Vec<i64>, Unanswered> {
    evaluator.doing = "what posts can do at all";
    let steps: Vec<i64> = (0..ground.seats.len()).map(|seat| ground.most(seat)).collect();
    let posts = ground.posts(&steps);
    let mut looked = 0;
    loop {
        looked = (looked + LOOK).min(ground.replications);
        let outcomes = evaluator.outcomes(&posts, 0, looked)?;
        let standing = |judged: usize| (aims.standard(judged).reliability, aims.asked(judged, outcomes));
        let all = (0..aims.judged.len()).map(standing);
        let open = all.clone().any(|(wanted, standing)| !standing.is_clear(wanted));
        if !open || looked == ground.replications {
            let hopeless = all.map(|(wanted, standing)| !standing.reaches_surely(wanted)).collect();
            aims.hopeless = hopeless;
            return Ok(steps);
        }
    }
}

/// Finds the least posts.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn search(ground: &Ground, aims: &Aims, evaluator: &mut Evaluator) -> Result<Found, Unanswered> {
    evaluator.doing = "looking for the neighbourhood";
    let rough = bracket(ground, aims, evaluator, &Start::analytic(ground), ROUGH.min(ground.replications))?;
    evaluator.doing = "closing in";
    let close = bracket(ground, aims, evaluator, &Start::near(&rough), ground.replications)?;
    polish(ground, aims, evaluator, close)
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

/// Where bracketing begins: steps and first stride of each seat.
struct Start(Vec<(i64, i64)>);

impl Start {
    fn analytic(ground: &Ground) -> Self {
        let steps = ground.analytic.iter().map(|posts| (posts / ground.step).ceil() as i64);
        Self(steps.map(|steps| (steps, (steps / 10).max(1))).collect())
    }

    fn near(steps: &[i64]) -> Self {
        Self(steps.iter().map(|&steps| (steps, (steps / 50).max(1))).collect())
    }
}

fn bracket(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    from: &Start,
    most_replications: u32,
) -> Result<Vec<i64>, Unanswered> {
    let start = |seat: usize| {
        let (least, most) = (ground.least(seat), ground.most(seat));
        let next = from.0[seat].0.clamp(least, most);
        let low = if ground.is_fixed(seat) { most - 1 } else { least - 1 };
        Bracket { low, high: most, next, stride: from.0[seat].1, seen: (false, false) }
    };
    let mut brackets: Vec<Bracket> = (0..ground.seats.len()).map(start).collect();
    for _ in 0..MOST_ROUNDS {
        if brackets.iter().all(Bracket::settled) {
            break;
        }
        let steps: Vec<i64> = brackets.iter().map(|bracket| bracket.next).collect();
        let open: Vec<bool> = brackets.iter().map(|bracket| !bracket.settled()).collect();
        let failing = failing(ground, aims, evaluator, &steps, &open, most_replications)?;
        for (bracket, failing) in brackets.iter_mut().zip(failing) {
            if !bracket.settled() {
                bracket.learn(!failing);
            }
        }
    }
    Ok(brackets.iter().map(|bracket| bracket.high).collect())
}

/// Which seats are to blame for standards that are not reliable enough with these posts. Looks again
/// with more replications while that is unclear for a seat that is `open`.
fn failing(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    steps: &[i64],
    open: &[bool],
    most: u32,
) -> Result<Vec<bool>, Unanswered> {
    let posts = ground.posts(steps);
    let mut looked = 0;
    loop {
        looked = (looked + LOOK).min(most);
        let outcomes = evaluator.outcomes(&posts, 0, looked)?;
        let unclear = |seat: usize| open[seat] && is_unclear(aims, &ground.seats[seat], outcomes);
        if looked == most || !(0..steps.len()).any(unclear) {
            return Ok(blamed(aims, ground.seats, outcomes, |judged| {
                !aims.asked(judged, outcomes).reaches(aims.standard(judged).reliability)
            }));
        }
    }
}

/// Whether it is open if a seat's standards hold: none clearly fails, and not all clearly hold.
fn is_unclear(aims: &Aims, seat: &Seat, outcomes: &[Outcome]) -> bool {
    let mut unclear = false;
    for judged in aims.of_seat(seat) {
        let (standing, wanted) = (aims.asked(judged, outcomes), aims.standard(judged).reliability);
        match standing.is_clear(wanted) {
            true if !standing.reaches(wanted) => return false,
            true => {}
            false => unclear = true,
        }
    }
    unclear
}

/// The seats to blame for standards that fail.
pub fn blamed(aims: &Aims, seats: &[Seat], outcomes: &[Outcome], fails: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut blamed = vec![false; seats.len()];
    for judged in (0..aims.judged.len()).filter(|&judged| !aims.hopeless[judged] && fails(judged)) {
        let involved: Vec<usize> =
            (0..seats.len()).filter(|&seat| seats[seat].standards.contains(&judged)).collect();
        let waits: Vec<f64> = involved.iter().map(|&seat| mean_wait(outcomes, seat)).collect();
        let longest = waits.iter().copied().fold(0.0, f64::max);
        for (&seat, &wait) in involved.iter().zip(&waits) {
            blamed[seat] |= wait >= longest / 2.0;
        }
    }
    blamed
}

/// Mean wait of a seat over replications; 0 where nobody came.
fn mean_wait(outcomes: &[Outcome], seat: usize) -> f64 {
    let waits = outcomes.iter().map(|outcome| outcome.loads[seat].wait_days).filter(|wait| !wait.is_nan());
    let (sum, count) = waits.fold((0.0, 0.0), |(sum, count), wait| (sum + wait, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

fn polish(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    mut steps: Vec<i64>,
) -> Result<Found, Unanswered> {
    evaluator.doing = "finding the last step";
    let seats = ground.seats.len();
    let classes = classes(ground.seats);
    // Steps below which a seat has been seen to fail at this stage, and whether it has been tried lower.
    let mut floor: Vec<i64> = (0..seats).map(|seat| ground.least(seat)).collect();
    // Rounds in a row in which a seat fell short: after two it goes up in strides of about 2%.
    let mut short = vec![0_u32; seats];
    for _ in 0..MOST_POLISHING {
        let open = vec![true; seats];
        let failing_now = failing(ground, aims, evaluator, &steps, &open, ground.replications)?;
        let mut moved = false;
        for seat in (0..seats).filter(|&seat| failing_now[seat]) {
            if ground.is_fixed(seat) || steps[seat] >= ground.most(seat) {
                continue;
            }
            let stride = if short[seat] < 2 { 1 } else { (steps[seat] / 50).max(1) };
            // What was passed over has not been seen to fail.
            floor[seat] = floor[seat].max(steps[seat] + 1);
            steps[seat] = (steps[seat] + stride).min(ground.most(seat));
            short[seat] += 1;
            moved = true;
        }
        if moved {
            continue;
        }
        short.fill(0);
        for class in &classes {
            let trying: Vec<usize> = class
                .iter()
                .copied()
                .filter(|&seat| !ground.is_fixed(seat) && steps[seat] > floor[seat])
                .collect();
            if trying.is_empty() {
                continue;
            }
            let fewer = one_less(&steps, &trying);
            let open: Vec<bool> = (0..seats).map(|seat| trying.contains(&seat)).collect();
            let failing_less = failing(ground, aims, evaluator, &fewer, &open, ground.replications)?;
            for seat in trying {
                if failing_less[seat] {
                    floor[seat] = steps[seat];
                } else {
                    steps[seat] -= 1;
                    moved = true;
                }
            }
        }
        if !moved {
            return Ok(Found { steps, settled: true });
        }
    }
    Ok(Found { steps, settled: false })
}

/// A step less for some seats.
pub fn one_less(steps: &[i64], seats: &[usize]) -> Vec<i64> {
    let mut fewer = steps.to_vec();
    seats.iter().for_each(|&seat| fewer[seat] -= 1);
    fewer
}

/// Seats in as few classes as need be, so that those of a class do not bear on each other's standards:
/// all seats of a team or desk, with those of desks that share no standard with it. Two teams are never in
/// one class.
pub fn classes(seats: &[Seat]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Group> = seats.iter().map(|seat| seat.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let of = |group: Group| (0..seats.len()).filter(move |&seat| seats[seat].group == group);
    let bears_on = |one: Group, other: Group| {
        let shared = of(one).any(|a| {
            of(other).any(|b| seats[a].standards.iter().any(|judged| seats[b].standards.contains(judged)))
        });
        // Families go from nearly every team of a pathway to every other.
        shared || matches!((one, other), (Group::Team(_), Group::Team(_)))
    };
    let mut classes: Vec<Vec<Group>> = Vec::new();
    for group in groups {
        match classes.iter_mut().find(|class| !class.iter().any(|&other| bears_on(group, other))) {
            Some(class) => class.push(group),
            None => classes.push(vec![group]),
        }
    }
    classes.into_iter().map(|class| class.into_iter().flat_map(&of).collect()).collect()
}
