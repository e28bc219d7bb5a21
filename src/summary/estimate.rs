//! Figures for readers: plain data, with the formulas that make them.

use serde::{Deserialize, Serialize};

/// Two-sided 95% point of the standard normal distribution.
pub const NORMAL_95: f64 = 1.959_963_984_540_054;

/// How far below the required share a share may be and still meet it: a rounding allowance.
const SHARE_TOLERANCE: f64 = 1e-12;

/// What the replications say about one figure. `NaN` where there is nothing to say.
///
/// Percentiles are nearest-rank (the inverse of the empirical distribution; type 1 of Hyndman and
/// Fan, 1996): the smallest value with at least that share of replications at or below it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Replications that have the figure.
    pub n: u32,
    /// Mean over them.
    pub mean: f64,
    /// Standard error of the mean; `NaN` with fewer than two.
    pub se: f64,
    /// 5th percentile.
    pub p05: f64,
    /// 25th percentile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75th percentile.
    pub p75: f64,
    /// 95th percentile.
    pub p95: f64,
}

impl Estimate {
    /// No replication has the figure.
    pub const EMPTY: Self = Self {
        n: 0,
        mean: f64::NAN,
        se: f64::NAN,
        p05: f64::NAN,
        p25: f64::NAN,
        p50: f64::NAN,
        p75: f64::NAN,
        p95: f64::NAN,
    };

    /// Exact figures from the values themselves, `NaN`s left out. Depends on their order only
    /// through the last bits of the sums, so give them in order of replication.
    pub fn of(values: &[f64]) -> Self {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        if sorted.is_empty() {
            return Self::EMPTY;
        }
        let (mean, se) = mean_and_se(&sorted);
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len() as u32;
        let percentile = |percent| sorted[nearest_rank(percent, n) as usize - 1];
        Self {
            n,
            mean,
            se,
            p05: percentile(5),
            p25: percentile(25),
            p50: percentile(50),
            p75: percentile(75),
            p95: percentile(95),
        }
    }

    /// Half the width of the mean's 95% interval, by the normal approximation.
    pub fn half_width(&self) -> f64 {
        NORMAL_95 * self.se
    }
}

/// Mean of values and its standard error (`NaN` for fewer than two), in two passes.
fn mean_and_se(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let se = if values.len() < 2 { f64::NAN } else { (squares / (n - 1.0) / n).sqrt() };
    (mean, se)
}

/// The rank, from 1, of a percentile among `n` values: ⌈percent × n / 100⌉, in whole numbers so
/// that no rounding moves it.
pub(super) fn nearest_rank(percent: u32, n: u32) -> u32 {
    let rank = (u64::from(percent) * u64::from(n)).div_ceil(100);
    (rank as u32).max(1)
}

/// How reliably one area keeps one standard.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StandardEstimate {
    /// Share of families or weeks that must meet the threshold.
    pub required_share: f64,
    /// Replications.
    pub replications: u32,
    /// Replications in which the standard was met.
    pub met: u32,
    /// Mean share achieved, over the replications with anything to judge; `NaN` if none had.
    pub mean_share: f64,
    /// Share of replications that met the standard.
    pub reliability: f64,
    /// Lower end of its 95% interval.
    pub reliability_low: f64,
    /// Upper end of its 95% interval.
    pub reliability_high: f64,
}

impl StandardEstimate {
    /// From the share achieved in each replication (`NaN`: nothing to judge, which counts as met).
    pub fn of(achieved: &[f64], required_share: f64) -> Self {
        let met = achieved.iter().filter(|&&share| is_met(share, required_share)).count() as u32;
        let replications = achieved.len() as u32;
        let (reliability_low, reliability_high) = wilson_95(met, replications);
        let judged: Vec<f64> = achieved.iter().copied().filter(|share| !share.is_nan()).collect();
        Self {
            required_share,
            replications,
            met,
            mean_share: judged.iter().sum::<f64>() / judged.len() as f64,
            reliability: f64::from(met) / f64::from(replications),
            reliability_low,
            reliability_high,
        }
    }
}

/// Whether a replication that achieved this share met a standard; `NaN` (nothing to judge) does.
pub fn is_met(achieved: f64, required_share: f64) -> bool {
    achieved.is_nan() || achieved >= required_share - SHARE_TOLERANCE
}

/// Wilson's 95% score interval for a proportion (E. B. Wilson, "Probable inference, the law of
/// succession, and statistical inference", J. Am. Stat. Assoc. 22, 1927): keeps within 0 and 1 and
/// has a width even when all or none succeed. (0, 1) when there were no trials.
pub fn wilson_95(successes: u32, trials: u32) -> (f64, f64) {
    if trials == 0 {
        return (0.0, 1.0);
    }
    let n = f64::from(trials);
    let share = f64::from(successes) / n;
    let z2 = NORMAL_95 * NORMAL_95;
    let centre = share + z2 / (2.0 * n);
    let spread = NORMAL_95 * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    // With all or none the interval ends at 1 or 0, which rounding may just miss.
    let low = if successes == 0 { 0.0 } else { (centre - spread) / scale };
    let high = if successes == trials { 1.0 } else { (centre + spread) / scale };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_of_one_to_a_hundred() {
        let values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        let estimate = Estimate::of(&values);
        assert_eq!(estimate.n, 100);
        assert_eq!(estimate.mean, 50.5);
        // Variance of 1..n with divisor n − 1 is n (n + 1) / 12.
        let se = (100.0_f64 * 101.0 / 12.0 / 100.0).sqrt();
        assert!((estimate.se - se).abs() < 1e-12);
        let percentiles = [estimate.p05, estimate.p25, estimate.p50, estimate.p75, estimate.p95];
        assert_eq!(percentiles, [5.0, 25.0, 50.0, 75.0, 95.0]);
    }

    #[test]
    fn empty_replications_are_left_out() {
        let estimate = Estimate::of(&[f64::NAN, 3.0, f64::NAN, 5.0]);
        assert_eq!((estimate.n, estimate.mean, estimate.se), (2, 4.0, 1.0));
        assert_eq!((estimate.p50, estimate.p75), (3.0, 5.0));
        let none = Estimate::of(&[f64::NAN]);
        assert_eq!(none.n, 0);
        assert!(none.mean.is_nan() && none.p50.is_nan());
        let one = Estimate::of(&[2.0]);
        assert_eq!((one.mean, one.p05, one.p95), (2.0, 2.0, 2.0));
        assert!(one.se.is_nan());
    }

    #[test]
    fn ranks_are_not_moved_by_rounding() {
        // 0.95 × 20 = 19 exactly, though not in binary.
        assert_eq!(nearest_rank(95, 20), 19);
        assert_eq!(nearest_rank(5, 20), 1);
        assert_eq!(nearest_rank(5, 21), 2);
        assert_eq!(nearest_rank(5, 1), 1);
        assert_eq!(nearest_rank(95, u32::MAX), 4_080_218_931);
    }

    #[test]
    fn wilsons_interval_solves_its_equation() {
        // Its ends are the shares p for which |share − p| = z √(p (1 − p) / n).
        for (successes, trials) in [(1_u32, 10_u32), (45, 50), (500, 1000)] {
            let (low, high) = wilson_95(successes, trials);
            let n = f64::from(trials);
            let share = f64::from(successes) / n;
            for end in [low, high] {
                let distance = NORMAL_95 * (end * (1.0 - end) / n).sqrt();
                assert!(((share - end).abs() - distance).abs() < 1e-12);
            }
            assert!(low < share && share < high);
        }
        let z2 = NORMAL_95 * NORMAL_95;
        let (low, high) = wilson_95(20, 20);
        assert!((low - 20.0 / (20.0 + z2)).abs() < 1e-12);
        assert_eq!(high, 1.0);
        assert_eq!(wilson_95(0, 20).0, 0.0);
        assert_eq!(wilson_95(0, 0), (0.0, 1.0));
    }

    #[test]
    fn a_standard_counts_replications_that_met_it() {
        // 0.7 + 0.2 falls short of 0.9 by rounding alone.
        let short = std::hint::black_box(0.7) + 0.2;
        assert!(short < 0.9);
        let achieved = [short, 0.95, 0.899, f64::NAN];
        let estimate = StandardEstimate::of(&achieved, 0.9);
        assert_eq!((estimate.met, estimate.replications), (3, 4));
        assert_eq!(estimate.reliability, 0.75);
        assert!((estimate.mean_share - (0.9 + 0.95 + 0.899) / 3.0).abs() < 1e-12);
        assert_eq!((estimate.reliability_low, estimate.reliability_high), wilson_95(3, 4));
        assert!(StandardEstimate::of(&[f64::NAN], 0.9).mean_share.is_nan());
    }
}
