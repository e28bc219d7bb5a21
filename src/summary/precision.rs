//! Whether a run is precise enough to stop.
//!
//! The figures looked at are council-wide, over the whole horizon. One is precise enough when half
//! the 95% interval of its mean is at most `wanted × max(|mean|, 1)`. The floor of one keeps a
//! figure near zero (half a family waiting) from asking for a precision nobody needs: below one,
//! `wanted` is in units of the measure itself.
//!
//! Looking repeatedly and stopping at the first success makes intervals slightly too narrow (Law,
//! *Simulation Modeling and Analysis*, section 9.4); looks at fixed windows and a minimum of
//! [`LEAST_FOR_PRECISION`] replications keep that small.

use super::estimate::Estimate;
use super::table::ReplicationTable;
use crate::experiment::LEAST_FOR_PRECISION;
use crate::simulation::{Holding, Layout};

/// Which figures must be how precise.
#[derive(Clone, Debug, PartialEq)]
pub struct PrecisionTarget {
    wanted: f64,
    /// Indices into [`Layout::series`].
    series: Vec<usize>,
    measures: Vec<String>,
}

/// How precise one figure is.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// Its measure.
    pub measure: String,
    /// Its mean over replications.
    pub mean: f64,
    /// Half the width of the mean's 95% interval.
    pub half_width: f64,
    /// What that may be.
    pub allowed: f64,
    /// Whether it is. A figure that no replication has holds nothing back.
    pub met: bool,
}

/// A measure that the scenario does not have for the whole council.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "experiment.precision_measures names `{measure}`, which is not measured for the whole council; \
     name one or more of: {}", .known.join(", ")
)]
pub struct UnknownMeasure {
    /// The measure named; empty when none is.
    pub measure: String,
    /// Those there are.
    pub known: Vec<String>,
}

impl PrecisionTarget {
    /// Wants `measures` as precise as a share `wanted` of their means.
    ///
    /// # Errors
    /// If a measure is not one of the whole council's, or none is named.
    pub fn new(layout: &Layout, measures: &[String], wanted: f64) -> Result<Self, UnknownMeasure> {
        let council = || {
            let series = layout.series.iter().enumerate();
            series.filter(|(_, series)| series.area.is_none() && series.holding == Holding::Area)
        };
        let unknown = |measure: &str| UnknownMeasure {
            measure: measure.to_owned(),
            known: council().map(|(_, series)| series.measure.clone()).collect(),
        };
        if measures.is_empty() {
            return Err(unknown(""));
        }
        let find = |measure: &String| {
            let found = council().find(|(_, series)| series.measure == *measure);
            found.map(|(at, _)| at).ok_or_else(|| unknown(measure))
        };
        Ok(Self {
            wanted,
            series: measures.iter().map(find).collect::<Result<_, _>>()?,
            measures: measures.to_vec(),
        })
    }

    /// How precise each figure is by now.
    pub fn assess(&self, table: &ReplicationTable) -> Vec<Precision> {
        let figures = self.series.iter().zip(&self.measures);
        figures
            .map(|(&series, measure)| {
                let estimate = Estimate::of(table.horizon(series));
                let half_width = estimate.half_width();
                let allowed = self.wanted * estimate.mean.abs().max(1.0);
                Precision {
                    measure: measure.clone(),
                    mean: estimate.mean,
                    half_width,
                    allowed,
                    met: estimate.n == 0 || half_width <= allowed,
                }
            })
            .collect()
    }

    /// Whether there are enough replications, and every figure is precise enough.
    pub fn is_met(&self, table: &ReplicationTable) -> bool {
        table.len() >= LEAST_FOR_PRECISION && self.assess(table).iter().all(|figure| figure.met)
    }
}

#[cfg(test)]
mod tests {
    use super::super::synthetic;
    use super::super::tally::Tally;
    use super::*;
    use crate::simulation::ReplicationRecord;

    /// A table in which the one figure is `mean` ± 1, in equal parts.
    fn table(mean: f64, replications: u32) -> (Layout, Tally) {
        let layout = synthetic::layout(1, 1, 0);
        let records: Vec<ReplicationRecord> = (0..replications)
            .map(|replication| {
                let mut record = synthetic::record(&layout, replication);
                record.horizon[0] = mean + if replication % 2 == 0 { 1.0 } else { -1.0 };
                record
            })
            .collect();
        let mut tally = Tally::new(&layout, 0);
        tally.fold(&records).expect("records that fit");
        (layout, tally)
    }

    fn target(layout: &Layout, wanted: f64) -> PrecisionTarget {
        PrecisionTarget::new(layout, &["measure_0".to_owned()], wanted).expect("a known measure")
    }

    #[test]
    fn a_figure_is_precise_when_its_half_width_is_within_the_share() {
        let (layout, tally) = table(20.0, 200);
        // Variance 200/199, so the half-width is z / √199.
        let half_width = 1.959_963_984_540_054 / 199.0_f64.sqrt();
        let found = &target(&layout, 0.01).assess(tally.table())[0];
        assert!((found.half_width - half_width).abs() < 1e-12);
        assert!((found.allowed - 0.2).abs() < 1e-12);
        assert!(target(&layout, half_width / 20.0 * 1.001).is_met(tally.table()));
        assert!(!target(&layout, half_width / 20.0 * 0.999).is_met(tally.table()));
    }

    #[test]
    fn below_one_the_share_is_of_one() {
        let (layout, tally) = table(0.0, 200);
        let half_width = 1.959_963_984_540_054 / 199.0_f64.sqrt();
        assert!(target(&layout, half_width * 1.001).is_met(tally.table()));
        assert!(!target(&layout, half_width * 0.999).is_met(tally.table()));
    }

    #[test]
    fn few_replications_are_never_enough() {
        let (layout, tally) = table(1.0e6, 127);
        assert!(!target(&layout, 0.5).is_met(tally.table()));
        let (layout, tally) = table(1.0e6, 128);
        assert!(target(&layout, 0.5).is_met(tally.table()));
    }

    #[test]
    fn a_measure_that_is_not_there_is_told_with_those_that_are() {
        let layout = synthetic::layout(2, 1, 0);
        let error = PrecisionTarget::new(&layout, &["waits".to_owned()], 0.1).expect_err("no such measure");
        let text = error.to_string();
        assert!(text.contains("`waits`") && text.contains("measure_0, measure_1"), "{text}");
        assert!(PrecisionTarget::new(&layout, &[], 0.1).is_err());
    }
}
