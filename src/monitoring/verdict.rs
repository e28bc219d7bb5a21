//! The chance of keeping each promise before and after, and what follows for the posts.
//!
//! **Before**: the share of replications that keep it. **After**: the same at the observed place, by weighted
//! least squares of kept or not on the directions (local linear regression: at the edge of the cloud a plain
//! weighted share would be drawn back to its middle). Intervals are Wilson's, after with as many trials as their
//! parts in that regression are worth: 1 over the sum of their squares, fewer the farther out the place lies.
//!
//! **Verdict.** The posts *no longer* keep what they were to keep if the chance of some promise lies below what is
//! wanted by an interval that holds for all of them together (Bonferroni). They *still* do if for every promise the
//! lower end of its own 95% interval is at most [`MARGIN`] short of it. Else neither can be told; nor can it where hardly
//! any replication lies near what was observed.

use super::answer::{Chance, Promise, Verdict, Weighed};
use super::basis::{Basis, quantile};
use super::weighing::Weighing;
use crate::scenario::Scenario;
use crate::simulation::Judged;
use crate::summary::{is_met, wilson_95};

/// By how much a chance may fall short of what is wanted and still count as reliable enough: five of a hundred
/// possible futures. Judgement; a chance known from some hundred futures is not known much better.
pub const MARGIN: f64 = 0.05;

/// The standards judged, before and after.
pub(super) fn promises(
    scenario: &Scenario,
    judged: &[Judged],
    sought: Option<&[Option<f64>]>,
    achieved: &[Vec<f64>],
    weighing: &Weighing,
) -> Vec<Promise> {
    let replications = achieved.len() as u32;
    let pull = pull(weighing);
    let trials = 1.0 / pull.iter().map(|pull| pull * pull).sum::<f64>();
    let mut list: Vec<Promise> = Vec::with_capacity(judged.len());
    for (at, &judged) in judged.iter().enumerate() {
        let standard = &scenario.standards[judged.standard];
        let kept: Vec<f64> = achieved
            .iter()
            .map(|run| f64::from(u8::from(is_met(run[at], standard.required_share))))
            .collect();
        let met = kept.iter().sum::<f64>() as u32;
        let before = Chance {
            share: f64::from(met) / f64::from(replications.max(1)),
            interval: wilson_95(met, replications),
        };
        let share: f64 = pull.iter().zip(&kept).map(|(pull, kept)| pull * kept).sum();
        let share = share.clamp(0.0, 1.0);
        let own = |z: f64| wilson(share, trials, z);
        let after = match weighing.directions.is_empty() {
            true => before,
            false => Chance { share, interval: own(quantile(0.975)) },
        };
        let (wanted, counted) = match sought {
            Some(sought) => {
                let sought = sought.get(at).copied().flatten();
                (sought.unwrap_or(standard.reliability), sought.is_some())
            }
            // With the posts of now: what they were forecast to keep.
            None => (standard.reliability, before.share >= standard.reliability),
        };
        list.push(Promise { judged, wanted, counted, before, after, joint: after.interval });
    }
    let counted = list.iter().filter(|promise| promise.counted).count().max(1) as f64;
    for promise in &mut list {
        promise.joint = wilson(promise.after.share, trials, quantile(1.0 - 0.025 / counted));
    }
    list
}

/// How much each replication counts at the observed place.
fn pull(weighing: &Weighing) -> Vec<f64> {
    let mut basis = Basis::new(weighing.weighed.weights.clone());
    for direction in &weighing.directions {
        basis.push(direction);
    }
    basis.pull()
}

/// Wilson's score interval for a share of `n` trials, which need not be whole (see
/// [`crate::summary::wilson_95`]).
fn wilson(share: f64, n: f64, z: f64) -> (f64, f64) {
    let scale = 1.0 + z * z / n;
    let centre = share + z * z / (2.0 * n);
    let spread = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    (((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0))
}

/// What follows.
pub(super) fn verdict(promises: &[Promise], weighed: &Weighed) -> Verdict {
    let mut counted = promises.iter().filter(|promise| promise.counted).peekable();
    if counted.peek().is_none() {
        return Verdict::NothingToKeep;
    }
    let counted: Vec<&Promise> = counted.collect();
    if weighed.outside || weighed.widened {
        return Verdict::CannotBeTold;
    }
    if counted.iter().any(|promise| promise.joint.1 < promise.wanted) {
        return Verdict::NoLonger;
    }
    let enough = |promise: &&Promise| promise.after.interval.0 >= promise.wanted - MARGIN;
    if counted.iter().all(enough) { Verdict::Stands } else { Verdict::CannotBeTold }
}

#[cfg(test)]
mod tests;
