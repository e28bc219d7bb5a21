//! The staffing curve: what fewer and more posts would do.
//!
//! Consumes the confirmed recommendation; produces, for each seat, points around it: the reliability
//! of every standard that depends on the seat, its caseload and its waiting, all other seats staying at the
//! recommendation. All seats of a team or desk move at once, and with them those of desks that share no
//! standard with it.
//!
//! Points lie a step either side of the recommendation, then in growing strides (of at least a step,
//! and about 3% of the posts), until standards hold in at most 5% of replications, or in at least 95%.
//!
//! **The range.** Each replication draws its own figures and its own families; for each, the least posts
//! on the curve from which on up all of the seat's standards are met are the posts that this possible
//! future needs. The range is from the 5th to the 95th percentile of them.

use serde::{Deserialize, Serialize};

use super::evaluate::{Evaluator, Unanswered};
use super::ground::{Ground, classes, fte};
use super::outcome::{Outcome, estimate};
use super::reliability::{Aims, Standing};
use crate::summary::Estimate;

/// Replications of the points a step from the recommendation, and of those further away, at most.
const NEXT_REPLICATIONS: u32 = 96;
const CURVE_REPLICATIONS: u32 = 48;

/// Points below and above, in strides.
const BELOW: [i64; 5] = [1, 2, 4, 8, 14];
const ABOVE: [i64; 4] = [1, 2, 4, 8];

/// A point of one seat's curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Which seat.
    pub seat: usize,
    /// Posts.
    pub fte: f64,
    /// Each standard that depends on the seat, with how often it held over the horizon.
    pub standards: Vec<(usize, Standing)>,
    /// The least reliable standard that posts can meet, relative to what is wanted.
    pub tightest: Option<(usize, Standing)>,
    /// Mean caseload; none where it is not measured.
    pub caseload: Estimate,
    /// Mean number waiting.
    pub waiting: Estimate,
    /// For each replication, whether all standards that posts can meet were met.
    kept: Vec<bool>,
}

/// Everything tried around the recommendation.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// Points of all seats, by seat and posts.
    pub points: Vec<CurvePoint>,
}

/// The posts that possible futures need.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// 5th percentile, and whether even fewer would do.
    pub low: (f64, bool),
    /// 95th percentile, and whether even more would be needed.
    pub high: (f64, bool),
}

/// Tries posts around the recommendation.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn curves(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    steps: &[i64],
    set: u32,
) -> Result<Curves, Unanswered> {
    evaluator.doing = "trying fewer and more posts";
    let mut points = Vec::new();
    let centre = evaluator.outcomes(&ground.posts(steps), set, ground.replications)?;
    points.extend((0..steps.len()).map(|seat| point(ground, aims, seat, steps[seat], centre)));
    for class in classes(ground.seats) {
        let class: Vec<usize> = class.into_iter().filter(|&seat| !ground.is_fixed(seat)).collect();
        for (down, strides) in [(true, &BELOW[..]), (false, &ABOVE[..])] {
            walk(ground, aims, evaluator, &Walk { steps, set, class: &class, down, strides }, &mut points)?;
        }
    }
    points.sort_by(|a, b| a.seat.cmp(&b.seat).then(a.fte.total_cmp(&b.fte)));
    Ok(Curves { points })
}

struct Walk<'a> {
    steps: &'a [i64],
    set: u32,
    class: &'a [usize],
    down: bool,
    strides: &'a [i64],
}

fn walk(
    ground: &Ground,
    aims: &Aims,
    evaluator: &mut Evaluator,
    way: &Walk,
    points: &mut Vec<CurvePoint>,
) -> Result<(), Unanswered> {
    let stride = |seat: usize| (way.steps[seat] * 3 / 100).max(1);
    // A single step first; strides of one step would only repeat it.
    let single = std::iter::once(None);
    let mut last = way.steps.to_vec();
    let mut going: Vec<usize> = way.class.to_vec();
    for times in single.chain(way.strides.iter().copied().map(Some)) {
        let mut next = last.clone();
        going.retain(|&seat| {
            let offset = times.map_or(1, |times| times * stride(seat));
            let wanted = way.steps[seat] + if way.down { -offset } else { offset };
            next[seat] = wanted.max(ground.least(seat).min(way.steps[seat]));
            true
        });
        let moved: Vec<usize> = going.iter().copied().filter(|&seat| next[seat] != last[seat]).collect();
        if moved.is_empty() {
            continue;
        }
        let most = if times.is_none() { NEXT_REPLICATIONS } else { CURVE_REPLICATIONS };
        let replications = ground.replications.min(most);
        // Seats that have gone far enough stand at the recommendation again, so as not to bear on others.
        let mut tried = way.steps.to_vec();
        going.iter().for_each(|&seat| tried[seat] = next[seat]);
        let outcomes = evaluator.outcomes(&ground.posts(&tried), way.set, replications)?;
        let new: Vec<CurvePoint> =
            moved.iter().map(|&seat| point(ground, aims, seat, next[seat], outcomes)).collect();
        going.retain(|seat| {
            new.iter().find(|point| point.seat == *seat).is_none_or(|point| !point.is_far(way.down))
        });
        points.extend(new);
        last = next;
    }
    Ok(())
}

fn point(ground: &Ground, aims: &Aims, seat: usize, steps: i64, outcomes: &[Outcome]) -> CurvePoint {
    let described = &ground.seats[seat];
    let standards = described.standards.iter();
    CurvePoint {
        seat,
        fte: if ground.is_fixed(seat) { described.current } else { fte(steps, ground.step) },
        standards: standards.map(|&judged| (judged, aims.asked(judged, outcomes))).collect(),
        tightest: aims.tightest(described, outcomes),
        caseload: estimate(outcomes, |outcome| outcome.loads[seat].caseload),
        waiting: estimate(outcomes, |outcome| outcome.loads[seat].waiting),
        kept: outcomes
            .iter()
            .map(|outcome| aims.of_seat(described).all(|judged| aims.is_kept(judged, outcome)))
            .collect(),
    }
}

impl CurvePoint {
    /// Of each standard, where it is judged in several areas, the least reliable. `standard_of` tells
    /// which standard stands behind a place among those judged.
    pub fn least_reliable(&self, standard_of: impl Fn(usize) -> usize) -> Vec<(usize, Standing)> {
        let mut least: Vec<(usize, Standing)> = Vec::new();
        for &(judged, standing) in &self.standards {
            match least.iter_mut().find(|(other, _)| standard_of(*other) == standard_of(judged)) {
                Some(known) if standing.share() < known.1.share() => *known = (judged, standing),
                Some(_) => {}
                None => least.push((judged, standing)),
            }
        }
        least
    }

    /// Whether going on would show nothing that the range needs: its ends leave out 5% each.
    fn is_far(&self, down: bool) -> bool {
        let share = self.kept.iter().filter(|kept| **kept).count() as f64 / self.kept.len().max(1) as f64;
        if down { share <= 0.05 } else { share >= 0.95 }
    }
}

impl Curves {
    /// The points of a seat, fewest posts first.
    pub fn of_seat(&self, seat: usize) -> impl Iterator<Item = &CurvePoint> + Clone {
        self.points.iter().filter(move |point| point.seat == seat)
    }

    /// The point nearest to some posts on one side.
    pub fn next_to(&self, seat: usize, fte: f64, below: bool) -> Option<&CurvePoint> {
        let beside =
            self.of_seat(seat).filter(move |point| if below { point.fte < fte } else { point.fte > fte });
        beside.min_by(|a, b| (a.fte - fte).abs().total_cmp(&(b.fte - fte).abs()))
    }

    /// The posts that possible futures need of a seat.
    pub fn range(&self, seat: usize) -> Option<Range> {
        let points: Vec<&CurvePoint> = self.of_seat(seat).collect();
        let replications = points.iter().map(|point| point.kept.len()).min()?;
        let mut needed: Vec<(f64, bool)> = (0..replications)
            .map(|replication| {
                let failing = points.iter().rposition(|point| !point.kept[replication]);
                let from = failing.map_or(0, |failing| failing + 1);
                points.get(from).map_or((f64::INFINITY, true), |point| (point.fte, from == 0))
            })
            .collect();
        needed.sort_by(|a, b| a.0.total_cmp(&b.0));
        let rank = |percent: usize| (replications * percent).div_ceil(100).clamp(1, replications) - 1;
        let (low, high) = (*needed.get(rank(5))?, *needed.get(rank(95))?);
        let most = points.last()?.fte;
        let bounded = |(fte, open): (f64, bool), up: bool| {
            if fte.is_finite() { (fte, open && !up) } else { (most, true) }
        };
        Some(Range { low: bounded(low, false), high: bounded(high, true) })
    }
}
