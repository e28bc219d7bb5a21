//! Whether a difference could be seen in real figures, and when.
//!
//! Consumes a criterion's weekly course in the base and in an option, replication by replication; produces, for weeks
//! after the option first differs, the **power**: the chance that a council which counts in its own one future, with
//! nothing to pair it with, finds a difference. In a real future there is one course, which may be either's.
//!
//! **The test.** What is counted is the change since the option began: the mean of the weeks since (of totals), or of
//! the last four (of levels), less the mean of the weeks before (a year of them, or as many as there are). The critical
//! value is the 95th percentile of that, counted so that better is positive, over the base's replications: by chance
//! alone one future in twenty passes it. The power is the share of the option's replications that pass it (its interval
//! is Wilson's and takes the critical value as known). **The smallest effect** seen with a chance of 80% is the critical
//! value less the base's 20th percentile: so much a shift of the base's futures must be. The futures differ by all that
//! the scenario holds uncertain and by luck.

use serde::{Deserialize, Serialize};

use std::ops::Range;

use crate::scenario::{AreaId, Better};
use crate::simulation::Kind;
use crate::summary::wilson_95;

/// Weeks before that are looked back on, at most.
const BEFORE: usize = 52;

/// Last weeks that make a level.
const LATELY: usize = 4;

/// Share of base's futures that pass by chance.
const FALSE_ALARM: f64 = 0.05;

/// Power that is called enough.
pub const ENOUGH: f64 = 0.8;

/// Whether a criterion's difference could be seen, week by week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Index of the criterion.
    pub criterion: usize,
    /// The area (of the base); `None` for the criterion as it stands.
    pub area: Option<AreaId>,
    /// The week in which the option first differs in any replication.
    pub begins: usize,
    /// Weeks before that were looked back on; 0 where the option differs from the start, so that the figure itself is
    /// looked at.
    pub before: usize,
    /// From four weeks after the beginning on.
    pub weeks: Vec<Seen>,
}

/// What can be seen by the end of a week.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// The week.
    pub week: usize,
    /// Chance that a difference is found.
    pub power: f64,
    /// Its 95% interval.
    pub interval: (f64, f64),
    /// The option's mean change less the base's, counted so that better is positive.
    pub effect: f64,
    /// The smallest shift that would be found with a chance of 80%.
    pub smallest: f64,
}

impl Detection {
    /// What is seen so many weeks after the beginning.
    pub fn after(&self, weeks: usize) -> Option<&Seen> {
        self.weeks.iter().find(|seen| seen.week + 1 == self.begins + weeks)
    }

    /// The first week from which the power is enough and stays so.
    pub fn enough_from(&self) -> Option<usize> {
        let last = self.weeks.iter().rposition(|seen| seen.power < ENOUGH);
        let first = last.map_or(0, |last| last + 1);
        self.weeks.get(first).map(|seen| seen.week)
    }
}

/// Looks whether an option could be told from the base. `None` where nothing differs, or weeks cannot be averaged.
pub(super) fn detection(
    (criterion, area): (usize, Option<AreaId>),
    (better, kind): (Better, Option<Kind>),
    base: &[f32],
    differences: &[f32],
    weeks: usize,
) -> Option<Detection> {
    if weeks == 0 || !matches!(kind, Some(Kind::Total | Kind::Average)) {
        return None;
    }
    let begins = (0..weeks).find(|&week| {
        differences
            .iter()
            .skip(week)
            .step_by(weeks)
            .any(|&difference| difference != 0.0 && !difference.is_nan())
    })?;
    let back = begins.saturating_sub(BEFORE)..begins;
    let option: Vec<f32> = base.iter().zip(differences).map(|(base, difference)| base + difference).collect();
    let seen = |week: usize| {
        let since = if kind == Some(Kind::Total) { begins..week + 1 } else { week + 1 - LATELY..week + 1 };
        let change = |courses: &[f32]| -> Vec<f64> {
            let one = |course: &[f32]| better.sign() * (mean(course, &since) - mean(course, &back));
            courses.chunks_exact(weeks).map(one).collect()
        };
        let (mut without, with) = (change(base), change(&option));
        let average = |changes: &[f64]| changes.iter().sum::<f64>() / changes.len() as f64;
        let effect = average(&with) - average(&without);
        without.sort_by(f64::total_cmp);
        let critical = quantile(&without, 1.0 - FALSE_ALARM);
        let passed = with.iter().filter(|&&change| change > critical).count();
        Seen {
            week,
            power: passed as f64 / with.len() as f64,
            interval: wilson_95(passed as u32, with.len() as u32),
            effect,
            smallest: critical - quantile(&without, 1.0 - ENOUGH),
        }
    };
    let weeks = (begins + LATELY - 1..weeks).map(seen).collect();
    Some(Detection { criterion, area, begins, before: back.len(), weeks })
}

/// Mean of some weeks of a course; 0 of none.
fn mean(course: &[f32], weeks: &Range<usize>) -> f64 {
    let sum: f64 = course[weeks.clone()].iter().map(|&value| f64::from(value)).sum();
    sum / weeks.len().max(1) as f64
}

/// The smallest value that so large a share of the values (sorted) do not exceed.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64 - 1e-9).ceil().max(1.0) as usize;
    sorted[rank.min(sorted.len()) - 1]
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_distr::{Distribution, Normal};
    use statrs::distribution::ContinuousCDF;

    use super::*;

    /// Courses of independent normal weeks (mean 100, standard deviation 10), and a fall of `by` from week `from` on.
    fn courses(runs: usize, weeks: usize, from: usize, by: f32) -> (Vec<f32>, Vec<f32>) {
        let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(9);
        let law = Normal::new(100.0_f32, 10.0).expect("a law");
        let base = (0..runs * weeks).map(|_| law.sample(&mut rng)).collect();
        let fall = |at: usize| if at % weeks >= from { -by } else { 0.0 };
        (base, (0..runs * weeks).map(fall).collect())
    }

    #[test]
    fn the_power_is_that_of_the_normal_test() {
        let (runs, weeks, from) = (4_000, 60, 30);
        let (base, differences) = courses(runs, weeks, from, 5.0);
        let found = detection((0, None), (Better::Lower, Some(Kind::Total)), &base, &differences, weeks)
            .expect("something differs");
        assert_eq!((found.begins, found.before), (30, 30));
        let normal = statrs::distribution::Normal::standard();
        for after in [4, 13, 26] {
            let seen = found.after(after).expect("a week");
            // The change is normal with variance 100 (1/after + 1/30).
            let spread = 10.0 * (1.0 / after as f64 + 1.0 / 30.0).sqrt();
            let exact = normal.cdf(5.0 / spread - normal.inverse_cdf(0.95));
            // Two quantiles are estimated: their error is as large again as the share's own.
            let error = 2.0 * (exact * (1.0 - exact) / runs as f64).sqrt();
            assert!((seen.power - exact).abs() < 4.0 * error, "{after}: {} for {exact}", seen.power);
            let smallest = spread * (normal.inverse_cdf(0.95) + normal.inverse_cdf(0.8));
            assert!(
                (seen.smallest / smallest - 1.0).abs() < 0.08,
                "{after}: {} for {smallest}",
                seen.smallest
            );
            assert!((seen.effect - 5.0).abs() < 1e-4);
            // A fall by a quarter more would be seen clearly more often: the test can fail.
            let wrong = normal.cdf(6.25 / spread - normal.inverse_cdf(0.95));
            assert!((seen.power - wrong).abs() > 4.0 * error, "{after}");
        }
        // Of a level only the last four weeks count, however long it has lasted.
        let level = detection((0, None), (Better::Lower, Some(Kind::Average)), &base, &differences, weeks)
            .expect("something differs");
        assert_eq!(level.after(4), found.after(4));
        assert!(level.after(26).expect("a week").power < found.after(26).expect("a week").power);
    }

    #[test]
    fn what_does_not_differ_is_not_seen_and_false_alarms_are_as_stated() {
        let (base, nothing) = courses(1_000, 20, 0, 0.0);
        assert_eq!(detection((0, None), (Better::Lower, Some(Kind::Total)), &base, &nothing, 20), None);
        assert_eq!(detection((0, None), (Better::Lower, Some(Kind::Ratio)), &base, &base, 20), None);
        // A difference so small that it is none: the power is the share of false alarms.
        let (_, hardly) = courses(1_000, 20, 10, 1e-3);
        let found =
            detection((0, None), (Better::Lower, Some(Kind::Total)), &base, &hardly, 20).expect("it differs");
        let power = found.after(8).expect("a week").power;
        assert!((power - 0.05).abs() < 0.005, "{power}");
        assert_eq!(found.enough_from(), None);
    }
}
