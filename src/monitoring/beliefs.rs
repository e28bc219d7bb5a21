//! What the weighted draws say of each uncertain figure.
//!
//! A replication near the observed place is not at it. What its summaries and the observed ones would lead to
//! expect of a figure differ by a known amount, by which its draw is moved (Beaumont, Zhang and Balding 2002), on
//! the scale of normal scores, so that no draw leaves its range. The weights of the moved draws give the mean. An
//! interval is the wider of that of the weighted draws and that of all of them: near the observed place draws may lie
//! closer to what is expected than they do in general, or seem to because they are few.

use super::answer::Belief;
use super::basis::probability;
use super::weighing::{Fitted, Weighing};
use crate::scenario::Scenario;

/// What is believed of every uncertain figure.
pub(super) fn beliefs(scenario: &Scenario, weighing: &Weighing, draws: &[Vec<f64>]) -> Vec<Belief> {
    let uncertain = (0..scenario.parameters.len()).filter(|&at| scenario.parameters[at].range().is_some());
    uncertain
        .map(|parameter| {
            let range = &scenario.parameters[parameter];
            let mean = draws.iter().map(|draw| draw[parameter]).sum::<f64>() / draws.len() as f64;
            let before = [mean, range.quantile(0.05), range.quantile(0.95)];
            let none =
                Belief { parameter, before, after: before, learnt: 0.0, informed: false, moved: false };
            let fitted = weighing.fitted.iter().find(|fitted| fitted.parameter == parameter);
            fitted.map_or(none, |fitted| after(fitted, weighing, none, |u| range.quantile(u)))
        })
        .collect()
}

/// What the observations make of a belief.
fn after(fitted: &Fitted, weighing: &Weighing, belief: Belief, value: impl Fn(f64) -> f64) -> Belief {
    let weighed = &weighing.weighed;
    let expected = &fitted.expected[fitted.scores.len()];
    let mut moved: Vec<(f64, f64)> = fitted
        .scores
        .iter()
        .zip(&fitted.expected)
        .zip(&weighed.weights)
        .map(|((score, own), weight)| (expected + (score - own) * fitted.inflation, *weight))
        .collect();
    moved.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mean_score: f64 = moved.iter().map(|(score, weight)| score * weight).sum();
    let variance: f64 = moved.iter().map(|(score, weight)| weight * (score - mean_score).powi(2)).sum();
    let alike = 1.0 / moved.len().max(1) as f64;
    let percentile = |share: f64, weighs: &dyn Fn(f64) -> f64| {
        let mut sum = 0.0;
        let found = moved.iter().find(|(_, weight)| {
            sum += weighs(*weight);
            sum >= share
        });
        found.or(moved.last()).map_or(0.0, |(score, _)| *score)
    };
    let (low, high) = (percentile(0.05, &|weight| weight), percentile(0.95, &|weight| weight));
    let (low, high) = (low.min(percentile(0.05, &|_| alike)), high.max(percentile(0.95, &|_| alike)));
    let mean = moved.iter().map(|(score, weight)| weight * value(probability(*score))).sum();
    Belief {
        after: [mean, value(probability(low)), value(probability(high))],
        learnt: (1.0 - variance).clamp(0.0, 1.0),
        informed: true,
        // Two standard errors of a weighted mean.
        moved: mean_score.abs() > 2.0 * (variance / weighed.effective).sqrt(),
        ..belief
    }
}
