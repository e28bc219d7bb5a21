//! How good a probabilistic forecast was.
//!
//! Consumes draws of a forecast and what happened; produces its score. The continuous ranked probability score
//! of an ensemble is mean |x - y| - mean |x - x'| / 2 (Gneiting and Raftery 2007); it is in the units of the
//! series, smaller is better, and for a single value it is the absolute error.

/// Continuous ranked probability score of an ensemble, which is sorted in place.
pub fn crps(draws: &mut [f64], observed: f64) -> f64 {
    draws.sort_by(f64::total_cmp);
    let count = draws.len() as f64;
    let error = draws.iter().map(|draw| (draw - observed).abs()).sum::<f64>() / count;
    let spread: f64 =
        draws.iter().enumerate().map(|(index, draw)| (2.0 * index as f64 + 1.0 - count) * draw).sum::<f64>()
            / (count * count);
    error - spread
}

/// Quantile of sorted draws, by the value whose rank is nearest.
pub fn quantile(sorted: &[f64], at: f64) -> f64 {
    let place = (at * sorted.len() as f64 - 0.5).round().clamp(0.0, sorted.len() as f64 - 1.0);
    sorted[place as usize]
}

/// Where what happened lies among sorted draws: the share below, ties counted half. Uniform if the forecast is
/// right (probability integral transform).
pub fn position(sorted: &[f64], observed: f64) -> f64 {
    let below = sorted.partition_point(|draw| *draw < observed);
    let within = sorted.partition_point(|draw| *draw <= observed);
    (below + within) as f64 / 2.0 / sorted.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_value_scores_its_error_and_two_by_hand() {
        assert_eq!(crps(&mut [3.0], 5.0), 2.0);
        // Draws 0 and 2 against 1: mean error 1, mean distance of pairs (0, 2, 2, 0) / 4 = 1, half of it.
        assert_eq!(crps(&mut [2.0, 0.0], 1.0), 0.5);
    }

    /// For a normal forecast and its centre, the score is σ (√2 - 1) / √π.
    #[test]
    fn many_draws_score_as_the_normal_formula() {
        use crate::random::StreamKey;
        use rand_distr::{Distribution, StandardNormal};
        let mut rng = StreamKey::master(1).named("crps").open();
        let mut draws: Vec<f64> = (0..40_000).map(|_| StandardNormal.sample(&mut rng)).collect();
        let exact = (std::f64::consts::SQRT_2 - 1.0) / std::f64::consts::PI.sqrt();
        let error = 4.0 * 0.6 / (40_000_f64).sqrt();
        assert!((crps(&mut draws, 0.0) - exact).abs() < error);
    }

    #[test]
    fn the_truth_scores_better_than_forecasts_too_narrow_or_off() {
        use crate::random::StreamKey;
        use rand_distr::{Distribution, StandardNormal};
        let mut rng = StreamKey::master(2).named("proper").open();
        let mut normal = |centre: f64, spread: f64| -> Vec<f64> {
            let draw = |_| {
                let z: f64 = StandardNormal.sample(&mut rng);
                centre + spread * z
            };
            (0..2000).map(draw).collect()
        };
        let happened = normal(0.0, 1.0);
        let (mut right, mut narrow, mut off) = (normal(0.0, 1.0), normal(0.0, 0.5), normal(0.5, 1.0));
        let mean = |draws: &mut Vec<f64>| happened.iter().map(|y| crps(draws, *y)).sum::<f64>() / 2000.0;
        let right = mean(&mut right);
        assert!(right < mean(&mut narrow) && right < mean(&mut off));
    }

    #[test]
    fn ranks_and_quantiles() {
        let sorted = [1.0, 2.0, 2.0, 4.0];
        assert_eq!(position(&sorted, 2.0), 0.5);
        assert_eq!(position(&sorted, 0.0), 0.0);
        assert_eq!(quantile(&sorted, 0.05), 1.0);
        assert_eq!(quantile(&sorted, 0.95), 4.0);
    }
}
