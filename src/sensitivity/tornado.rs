//! One figure at a time: what an output is at the figure's low and high end.
//!
//! Consumes an output's values with every figure central, and with one figure at its 5th or 95th
//! percentile, on the same replications; produces a [`Bar`] with 95% intervals of the paired
//! differences, so that luck, which both have in common, drops out of them.

use serde::{Deserialize, Serialize};

use crate::summary::{Estimate, NORMAL_95};

/// An end of a bar: the output with one figure at its low or high end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct End {
    /// The figure's value there.
    pub figure: f64,
    /// The output's mean there.
    pub output: f64,
    /// Half the width of the 95% interval of its difference from the central output; 0 for an output
    /// without luck.
    pub half_width: f64,
}

/// One figure's effect on one output.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// The figure: index into the scenario's parameters.
    pub parameter: usize,
    /// The output: index into the list of outputs.
    pub output: usize,
    /// The output's mean with every figure central.
    pub base: f64,
    /// With the figure at its 5th percentile.
    pub low: End,
    /// With the figure at its 95th percentile.
    pub high: End,
}

impl Bar {
    /// From one end of the bar to the other, the base included.
    pub fn width(&self) -> f64 {
        let ends = [self.base, self.low.output, self.high.output];
        ends.iter().fold(f64::MIN, |a, b| a.max(*b)) - ends.iter().fold(f64::MAX, |a, b| a.min(*b))
    }

    /// Whether either end differs from the base by more than its interval.
    pub fn is_certain(&self) -> bool {
        [self.low, self.high].iter().any(|end| (end.output - self.base).abs() > end.half_width)
    }
}

/// The end where the figure has the value `figure`; `at` and `base` are by replication.
pub fn end(figure: f64, at: &[f64], base: &[f64]) -> End {
    let differences: Vec<f64> = at.iter().zip(base).map(|(at, base)| at - base).collect();
    let estimate = Estimate::of(&differences);
    let mean = base.iter().sum::<f64>() / base.len() as f64;
    let half_width = if estimate.se.is_finite() { NORMAL_95 * estimate.se } else { 0.0 };
    End { figure, output: mean + estimate.mean, half_width }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_paired() {
        // Differences 1, 2, 3: mean 2, standard error 1/√3, however large the luck they share.
        let found = end(0.5, &[101.0, 1002.0, 13.0], &[100.0, 1000.0, 10.0]);
        assert!((found.output - (370.0 + 2.0)).abs() < 1e-12);
        assert!((found.half_width - NORMAL_95 / 3.0_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn a_bar_spans_its_ends_and_knows_whether_it_is_there() {
        let end = |output: f64, half_width: f64| End { figure: 0.0, output, half_width };
        let bar = |low, high| Bar { parameter: 0, output: 0, base: 10.0, low, high };
        assert_eq!(bar(end(8.0, 1.0), end(13.0, 1.0)).width(), 5.0);
        assert_eq!(bar(end(12.0, 1.0), end(13.0, 1.0)).width(), 3.0);
        assert!(bar(end(8.0, 1.0), end(10.0, 1.0)).is_certain());
        assert!(!bar(end(9.5, 1.0), end(10.5, 1.0)).is_certain());
    }
}
