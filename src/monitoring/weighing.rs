//! The weight of each replication, given what was observed.
//!
//! Approximate Bayesian computation with regression (Beaumont, Zhang and Balding 2002): replications are draws of
//! figures and luck together; those whose summaries lie near the observed ones are draws from what is left
//! possible. No likelihood has to be written down, which for waiting lists nobody can.
//!
//! **Directions.** Each uncertain figure (as normal scores) and each standard's achieved share is regressed on the
//! summaries, taken up one by one while the next is beyond chance: its t-value beyond the point that any of
//! all summaries and targets would pass with probability 5% if none had to do with any (Bonferroni). The fitted
//! values are the summary that is best for that figure (Fearnhead and Prangle 2012). Replications are compared in
//! the two or three directions in which most of the fitted values vary; what the observations say nothing of
//! so has no part in the weights.
//!
//! **Weights.** Epanechnikov's kernel about the observed place, of a radius that about the middle would hold two
//! thirds of the replications. Where few lie near, it is widened until there are [`FEWEST`] effective ones, and
//! that is said.
//!
//! Invariant: no randomness; if nothing is learnt all replications weigh the same.

use super::answer::Weighed;
use super::basis::{Basis, normal_scores, quantile};
use crate::scenario::Scenario;

/// Chance that any summary would be taken up though none has to do with any figure.
const BY_CHANCE: f64 = 0.05;

/// Most summaries taken up for one figure.
const MOST_SUMMARIES: usize = 6;

/// Most directions in which replications are compared, and how many replications each takes: in more directions
/// few lie near.
const MOST_DIRECTIONS: usize = 3;
const RUNS_A_DIRECTION: usize = 130;

/// A direction in which fitted values vary less than this share of a figure's variance is not worth one.
const LEAST_VARIANCE: f64 = 0.03;

/// Share of replications within the radius about the middle.
const WITHIN: f64 = 2.0 / 3.0;

/// Fewest effective replications that are settled for.
const FEWEST: f64 = 20.0;

/// Effective replications below which a reader is warned.
pub const FEW_EFFECTIVE: f64 = 50.0;

/// What the summaries say of a figure.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Place among the parameters.
    pub parameter: usize,
    /// The figure's normal scores, by replication.
    pub scores: Vec<f64>,
    /// What the summaries lead to expect of them; the observed world's behind.
    pub expected: Vec<f64>,
    /// By how much the error of a forecast exceeds that of the fit.
    pub inflation: f64,
}

/// Weights, and what they rest on.
#[derive(Clone, Debug)]
pub struct Weighing {
    /// The weights.
    pub weighed: Weighed,
    /// Figures of which the observations say something.
    pub fitted: Vec<Fitted>,
    /// Directions, in standard deviations from the middle; the observed place behind.
    pub directions: Vec<Vec<f64>>,
}

/// Weighs replications. `summaries` have the observed world's behind the replications'; draws are replication ×
/// parameter, `achieved` replication × standard judged.
pub fn weigh(
    scenario: &Scenario,
    summaries: &[Vec<f64>],
    draws: &[Vec<f64>],
    achieved: &[Vec<f64>],
) -> Weighing {
    let uncertain: Vec<usize> = (0..scenario.parameters.len())
        .filter(|&index| scenario.parameters[index].range().is_some())
        .collect();
    let judged = achieved.first().map_or(0, Vec::len);
    let tests = (summaries.len() * (uncertain.len() + judged)).max(1) as f64;
    let limit = quantile(1.0 - BY_CHANCE / (2.0 * tests));
    let target = |values: Vec<f64>| {
        let scores = normal_scores(&values);
        expected(&scores, summaries, limit).map(|(expected, inflation)| (scores, expected, inflation))
    };
    let fitted: Vec<Fitted> = uncertain
        .iter()
        .filter_map(|&parameter| {
            let (scores, expected, inflation) = target(draws.iter().map(|draw| draw[parameter]).collect())?;
            Some(Fitted { parameter, scores, expected, inflation })
        })
        .collect();
    // Nothing to judge counts as met.
    let share = |run: &[f64], at: usize| if run[at].is_nan() { 1.0 } else { run[at] };
    let outcomes: Vec<Vec<f64>> = (0..judged)
        .filter_map(|at| target(achieved.iter().map(|run| share(run, at)).collect()).map(|(_, fit, _)| fit))
        .collect();
    let all: Vec<&[f64]> =
        fitted.iter().map(|fitted| &fitted.expected[..]).chain(outcomes.iter().map(|fit| &fit[..])).collect();
    let directions = directions(&all, draws.len());
    let weighed = Weighed { summaries: summaries.len(), ..weights(&directions, draws.len()) };
    Weighing { weighed, fitted, directions }
}

/// What the summaries lead to expect of a target's scores, and the inflation of a forecast's error; `None` if no
/// summary has to do with it beyond chance.
fn expected(scores: &[f64], summaries: &[Vec<f64>], limit: f64) -> Option<(Vec<f64>, f64)> {
    let replications = scores.len();
    // What is observed of a target is what is sought: its place is empty.
    let target: Vec<f64> = scores.iter().copied().chain([0.0]).collect();
    let mut basis = Basis::even(replications);
    while basis.len() < MOST_SUMMARIES {
        let left = basis.residual(&target);
        let squares = basis.inner(&left, &left);
        let freedom = replications as f64 - 2.0 - basis.len() as f64;
        let t_value = |summary: &Vec<f64>| {
            let own = basis.residual(summary);
            let length = basis.inner(&own, &own);
            if length <= 1e-6 * replications as f64 || squares <= 0.0 {
                return 0.0;
            }
            let share = (basis.inner(&own, &left).powi(2) / (length * squares)).min(1.0 - 1e-12);
            (share * freedom / (1.0 - share)).sqrt()
        };
        let best = summaries.iter().map(t_value).enumerate();
        let best = best.fold((0, 0.0), |best, (at, t)| if t > best.1 { (at, t) } else { best });
        if best.1 <= limit || !basis.push(&summaries[best.0]) {
            break;
        }
    }
    if basis.len() == 0 {
        return None;
    }
    let left = basis.residual(&target);
    let expected = target.iter().zip(&left).map(|(value, left)| value - left).collect();
    let freedom = replications as f64 - 1.0 - basis.len() as f64;
    Some((expected, ((1.0 + basis.leverage()) * replications as f64 / freedom).sqrt()))
}

/// The directions in which most of some fitted values vary, one after another (pivoted Gram-Schmidt).
fn directions(fitted: &[&[f64]], replications: usize) -> Vec<Vec<f64>> {
    let mut basis = Basis::even(replications);
    let mut list = Vec::new();
    let most = (replications / RUNS_A_DIRECTION).clamp(1, MOST_DIRECTIONS);
    while list.len() < most {
        let left: Vec<Vec<f64>> = fitted.iter().map(|values| basis.residual(values)).collect();
        let variance = |values: &Vec<f64>| basis.inner(values, values) / replications as f64;
        let best = left.iter().map(variance).enumerate();
        let best = best.fold((0, 0.0), |best, (at, v)| if v > best.1 { (at, v) } else { best });
        if best.1 < LEAST_VARIANCE || !basis.push(&left[best.0]) {
            break;
        }
        let unit = (replications as f64).sqrt();
        list.push(basis.last().iter().map(|value| value * unit).collect());
    }
    list
}

/// The weights about the observed place.
fn weights(directions: &[Vec<f64>], replications: usize) -> Weighed {
    let even = Weighed {
        weights: vec![1.0 / replications as f64; replications],
        effective: replications as f64,
        directions: directions.len(),
        summaries: 0,
        farther: 1.0,
        outside: false,
        widened: false,
    };
    if directions.is_empty() {
        return even;
    }
    let squared =
        |of: &dyn Fn(&Vec<f64>) -> f64| directions.iter().map(|place| of(place).powi(2)).sum::<f64>();
    let from_middle = |world: usize| squared(&|place| place[world]);
    let mut sorted: Vec<f64> = (0..replications).map(from_middle).collect();
    sorted.sort_by(f64::total_cmp);
    let observed = from_middle(replications);
    let farther = sorted.len() - sorted.partition_point(|&distance| distance < observed);
    let near: Vec<f64> =
        (0..replications).map(|run| squared(&|place| place[run] - place[replications])).collect();
    let mut radius = sorted[((WITHIN * replications as f64) as usize).min(replications - 1)].max(1e-12);
    let mut widened = false;
    loop {
        let raw: Vec<f64> = near.iter().map(|distance| (1.0 - distance / radius).max(0.0)).collect();
        let sum: f64 = raw.iter().sum();
        let squares: f64 = raw.iter().map(|weight| weight * weight).sum();
        let effective = if squares > 0.0 { sum * sum / squares } else { 0.0 };
        if effective >= FEWEST.min(replications as f64 / 2.0) {
            return Weighed {
                weights: raw.iter().map(|weight| weight / sum).collect(),
                effective,
                farther: farther as f64 / replications as f64,
                outside: farther == 0,
                widened,
                ..even
            };
        }
        // Squared: a tenth farther.
        radius *= 1.21;
        widened = true;
    }
}

#[cfg(test)]
mod tests;
