//! Week by week: when a benefit arrives, and what comes before it.
//!
//! Consumes the weekly differences of a criterion, replication by replication; produces a [`Course`]. The
//! benefit of a week is the difference, counted so that better is positive; the cumulative benefit is its
//! sum from the first week on. **Break-even** is the first week from which the mean cumulative benefit is
//! positive and stays so; a benefit that is undone later has not arrived. The worst point is the week in
//! which the mean cumulative benefit is lowest, up to there: pain is shown beside gain, not taken off it.

use serde::{Deserialize, Serialize};

use super::paired::student_95;
use crate::scenario::{AreaId, Better};
use crate::simulation::Kind;
use crate::summary::Estimate;

/// A criterion's difference, week by week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Index of the option.
    pub option: usize,
    /// Index of the criterion.
    pub criterion: usize,
    /// The area (of the base); `None` for the criterion as it stands.
    pub area: Option<AreaId>,
    /// Option less base in each week.
    pub weekly: Vec<Estimate>,
    /// Their sum so far; empty where weeks do not add up.
    pub cumulative: Vec<Estimate>,
    /// When the benefit arrives; `None` where weeks do not add up.
    pub arrival: Option<Arrival>,
}

/// When a benefit arrives. Weeks are counted from 0; a week's figure is that of its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrival {
    /// First week in which anything differs in any replication.
    pub first_change: Option<usize>,
    /// First week from which the mean cumulative benefit is positive and stays so.
    pub break_even: Option<usize>,
    /// First week from which the 95% interval of the mean cumulative benefit is above zero and stays so.
    pub certain: Option<usize>,
    /// The 5th and 95th percentile over replications of their own break-even; `None` for not within the
    /// horizon.
    pub range: (Option<usize>, Option<usize>),
    /// Share of replications in which it does not come within the horizon.
    pub never: f64,
    /// The week of the lowest mean cumulative benefit before break-even (or of the horizon); `None` where
    /// it never is below zero.
    pub worst: Option<usize>,
    /// The benefit by then: mean, and 95% interval; all 0 where it never is below zero.
    pub worst_benefit: (f64, f64, f64),
    /// Percentiles, 5th and 95th, over replications of each one's own lowest cumulative benefit.
    pub worst_range: (f64, f64),
    /// The benefit by the end of the horizon: mean, and 95% interval.
    pub end: (f64, f64, f64),
}

/// Draws a course from differences, replication by replication.
pub(super) fn course(
    (option, criterion, area): (usize, usize, Option<AreaId>),
    (better, kind): (Better, Option<Kind>),
    differences: &[f32],
    replications: u32,
) -> Course {
    let weeks = differences.len() / (replications as usize).max(1);
    let adds = matches!(kind, Some(Kind::Total | Kind::Average));
    let column = |all: &[f64], week: usize| -> Vec<f64> {
        all.iter().skip(week).step_by(weeks.max(1)).copied().collect()
    };
    let weekly: Vec<f64> = differences.iter().map(|&value| f64::from(value)).collect();
    let estimates = |all: &[f64]| (0..weeks).map(|week| Estimate::of(&column(all, week))).collect::<Vec<_>>();
    let mut found =
        Course { option, criterion, area, weekly: estimates(&weekly), cumulative: Vec::new(), arrival: None };
    if adds && weeks > 0 {
        let mut cumulative = weekly;
        for run in cumulative.chunks_exact_mut(weeks) {
            let mut sum = 0.0;
            for week in run {
                sum += *week;
                *week = sum;
            }
        }
        found.cumulative = estimates(&cumulative);
        let benefit: Vec<f64> = cumulative.iter().map(|value| value * better.sign()).collect();
        found.arrival = Some(arrival(&benefit, weeks, replications));
    }
    found
}

/// When a benefit arrives, from its cumulative sums, replication by replication.
pub(super) fn arrival(benefit: &[f64], weeks: usize, replications: u32) -> Arrival {
    let estimates: Vec<Estimate> = (0..weeks)
        .map(|week| Estimate::of(&benefit.iter().skip(week).step_by(weeks).copied().collect::<Vec<_>>()))
        .collect();
    let t = student_95(replications);
    let interval = |week: usize| {
        let Estimate { mean, se, .. } = estimates[week];
        (mean, mean - t * se, mean + t * se)
    };
    let lasting = |positive: &dyn Fn(usize) -> bool| {
        let last = (0..weeks).rev().find(|&week| !positive(week));
        Some(last.map_or(0, |week| week + 1)).filter(|&week| week < weeks)
    };
    let break_even = lasting(&|week| estimates[week].mean > 0.0);
    let mut own: Vec<usize> = benefit
        .chunks_exact(weeks)
        .map(|run| run.iter().rposition(|&sum| sum <= 0.0).map_or(0, |week| week + 1))
        .collect();
    own.sort_unstable();
    let rank = |share: f64| {
        let at = (share * own.len() as f64).ceil().max(1.0) as usize - 1;
        own.get(at).copied().filter(|&week| week < weeks)
    };
    let worst = (0..break_even.unwrap_or(weeks))
        .filter(|&week| estimates[week].mean < 0.0)
        .min_by(|&a, &b| estimates[a].mean.total_cmp(&estimates[b].mean));
    let lowest: Vec<f64> =
        benefit.chunks_exact(weeks).map(|run| run.iter().copied().fold(0.0, f64::min)).collect();
    let lowest = Estimate::of(&lowest);
    Arrival {
        first_change: (0..weeks)
            .find(|&week| benefit.iter().skip(week).step_by(weeks).any(|&sum| sum != 0.0)),
        break_even,
        certain: lasting(&|week| interval(week).1 > 0.0),
        range: (rank(0.05), rank(0.95)),
        never: own.iter().filter(|&&week| week >= weeks).count() as f64 / own.len().max(1) as f64,
        worst,
        worst_benefit: worst.map_or((0.0, 0.0, 0.0), interval),
        worst_range: (lowest.p05, lowest.p95),
        end: interval(weeks - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_benefit_arrives_after_its_pain() {
        // Two replications; benefits by week: −1, −1, +3, +1 and −1, −2, +2, +5.
        let differences = [1.0, 1.0, -3.0, -1.0, 1.0, 2.0, -2.0, -5.0];
        let found = course((0, 0, None), (Better::Lower, Some(Kind::Total)), &differences, 2);
        assert_eq!(found.weekly[1].mean, 1.5);
        assert_eq!(found.cumulative.iter().map(|week| week.mean).collect::<Vec<_>>(), [1.0, 2.5, 0.0, -3.0]);
        let arrival = found.arrival.expect("weeks add up");
        // The mean cumulative benefit is −1, −2.5, 0, 3.
        assert_eq!((arrival.first_change, arrival.break_even, arrival.worst), (Some(0), Some(3), Some(1)));
        assert_eq!(arrival.worst_benefit.0, -2.5);
        // Their own: 1 after the third week; −1 then, 4 after the fourth.
        assert_eq!(arrival.range, (Some(2), Some(3)));
        assert_eq!((arrival.never, arrival.worst_range), (0.0, (-3.0, -2.0)));
        assert_eq!(arrival.end.0, 3.0);
    }

    #[test]
    fn a_benefit_that_is_undone_has_not_arrived() {
        let arrival = arrival(&[1.0, 2.0, -1.0, 1.0, 3.0, -4.0], 3, 2);
        assert_eq!((arrival.break_even, arrival.certain, arrival.never), (None, None, 1.0));
        assert_eq!((arrival.worst, arrival.range), (Some(2), (None, None)));
        let nothing = super::arrival(&[0.0; 6], 3, 2);
        assert_eq!((nothing.first_change, nothing.break_even, nothing.worst), (None, None, None));
    }

    #[test]
    fn shares_do_not_add_up_over_weeks() {
        let found = course((0, 0, None), (Better::Lower, Some(Kind::Ratio)), &[0.1, f32::NAN], 1);
        assert!(found.cumulative.is_empty() && found.arrival.is_none());
        assert_eq!(found.weekly[1].n, 0);
    }
}
