//! What the search may not change: the seats, how small a step is, and how far posts may go.
//!
//! Consumes seats and their analytic answers; produces posts from steps, bounds, and the **classes** of
//! seats that can be tried together.

use super::seat::{Group, Seat};

/// Everything that the search may not change.
pub struct Ground<'a> {
    /// The seats.
    pub seats: &'a [Seat],
    /// Full-time equivalents of a step.
    pub step: f64,
    /// Analytic answer for each seat.
    pub analytic: &'a [f64],
    /// Pounds a year of one post of each seat; 0 where pay is not known.
    pub post_cost: &'a [f64],
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
