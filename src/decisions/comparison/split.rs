//! A difference by its changes: what each does alone on the base, and what they do together beyond that.
//!
//! Consumes criteria of the base, an option and its parts, replication by replication; produces a [`Split`].
//! The interaction is, in every replication, the whole difference less the sum of the parts' own, so that
//! parts and interaction make the whole by construction.

use serde::{Deserialize, Serialize};

use super::paired::{Difference, Paired};
use super::trade::{Ratio, fieller};
use crate::scenario::Better;

/// The changes of an option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// Identifiers of the changes.
    pub parts: Vec<String>,
    /// For each criterion.
    pub rows: Vec<SplitRow>,
}

/// A criterion's difference by its changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SplitRow {
    /// Index of the criterion.
    pub criterion: usize,
    /// What each part does alone.
    pub parts: Vec<Difference>,
    /// The sum of these.
    pub sum: Difference,
    /// What they do together beyond that sum.
    pub interaction: Difference,
    /// The difference of the option.
    pub whole: Difference,
    /// What the parts that do harm take away, as a share of what the parts that help bring, each alone: of the
    /// help, so much must arrive for the change to pay for itself, if effects grow in proportion. `None` where
    /// all do one or the other.
    pub used_up: Option<Ratio>,
}

/// Splits one criterion's difference. All lists are by replication.
pub(super) fn split(
    criterion: usize,
    better: Better,
    base: &[f64],
    option: &[f64],
    parts: &[&[f64]],
) -> SplitRow {
    let alone: Vec<Vec<f64>> =
        parts.iter().map(|part| part.iter().zip(base).map(|(part, base)| part - base).collect()).collect();
    let sum: Vec<f64> = (0..base.len()).map(|at| alone.iter().map(|part| part[at]).sum()).collect();
    let whole: Vec<f64> = option.iter().zip(base).map(|(option, base)| option - base).collect();
    let nothing = vec![0.0; base.len()];
    // What rounding leaves of the three subtractions is no interaction.
    let least = |at: usize| 1e-12 * base[at].abs().max(option[at].abs());
    let together: Vec<f64> = (0..base.len())
        .map(|at| if (whole[at] - sum[at]).abs() <= least(at) { sum[at] } else { whole[at] })
        .collect();
    let difference = |from: &[f64], to: &[f64]| Paired::of(from, to).difference(Some(better));
    // Sums of the parts that help on average, and of those that harm, counted so that both are positive.
    let summed = |sign: f64| -> Option<Vec<f64>> {
        let of_sign = |part: &&Vec<f64>| part.iter().sum::<f64>() * better.sign() * sign > 0.0;
        let chosen: Vec<&Vec<f64>> = alone.iter().filter(of_sign).collect();
        let total = |at: usize| chosen.iter().map(|part| part[at]).sum::<f64>() * better.sign() * sign;
        (!chosen.is_empty()).then(|| (0..base.len()).map(total).collect())
    };
    let used_up = match (summed(1.0), summed(-1.0)) {
        (Some(help), Some(harm)) => Some(fieller(&help, &harm)),
        _ => None,
    };
    SplitRow {
        criterion,
        used_up,
        parts: parts.iter().map(|part| difference(base, part)).collect(),
        sum: difference(&nothing, &sum),
        // Of differences rather than of figures, so that parts that do nothing leave exactly nothing.
        interaction: difference(&sum, &together),
        whole: difference(base, option),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_interaction_make_the_whole() {
        let base = [10.0, 20.0, 30.0];
        let (one, other) = ([12.0, 21.0, 33.0], [9.0, 16.0, 29.0]);
        let both = [11.5, 18.0, 31.0];
        let row = split(0, Better::Lower, &base, &both, &[&one, &other]);
        assert!((row.parts[0].mean - 2.0).abs() < 1e-12 && (row.parts[1].mean + 2.0).abs() < 1e-12);
        assert!((row.sum.mean + row.interaction.mean - row.whole.mean).abs() < 1e-12);
        // Sums by replication: 1, −3, 2; wholes: 1.5, −2, 1; so interactions ½, 1, −1.
        assert!((row.interaction.mean - 0.5 / 3.0).abs() < 1e-12);
        let variance: f64 = [0.5, 1.0, -1.0].iter().map(|x| (x - 0.5 / 3.0_f64).powi(2)).sum::<f64>() / 2.0;
        // The first part harms by 2, the second helps by 2: all of the help is used up.
        assert!((row.used_up.expect("help and harm").value - 1.0).abs() < 1e-12);
        assert!((row.interaction.se - (variance / 3.0).sqrt()).abs() < 1e-12);
    }
}
