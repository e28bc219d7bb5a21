//! Dominance, and the value at which a choice flips.
//!
//! Consumes two criteria of two scenarios, replication by replication; produces a [`Trade`]. The **switching
//! value** of a benefit against a cost is what one unit of benefit must be worth for the dearer scenario to
//! be preferred: mean extra cost / mean extra benefit. Its interval is Fieller's, for a ratio of means of
//! pairs (E. C. Fieller, "Some problems in interval estimation", J. R. Stat. Soc. B 16, 1954): the values λ
//! for which cost − λ benefit does not differ from zero. It has ends only where the benefit does.

use serde::{Deserialize, Serialize};

use super::paired::{Difference, Paired, student_95};

/// How one scenario stands to another by two criteria.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trade {
    /// The scenario: 0 for the base, then options.
    pub scenario: usize,
    /// The one against which it is held.
    pub against: usize,
    /// Index of the criterion of benefit.
    pub benefit_criterion: usize,
    /// Index of the criterion of cost.
    pub cost_criterion: usize,
    /// How much better it is by the first, counted so that better is positive.
    pub benefit: Difference,
    /// How much worse it is by the second, counted so that worse is positive.
    pub cost: Difference,
    /// Which is to be preferred.
    pub verdict: Verdict,
    /// Cost for each unit of benefit; `None` where there is no trade.
    pub ratio: Option<Ratio>,
}

/// Which of two is to be preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Better by one and no worse by the other, each for sure.
    Dominates,
    /// Worse by one and no better by the other, each for sure.
    Dominated,
    /// Better or no worse by both on average, not for sure.
    ProbablyDominates,
    /// Worse or no better by both on average, not for sure.
    ProbablyDominated,
    /// It costs more and is better: preferred where a unit of benefit is worth more than the ratio.
    Buys,
    /// It costs less and is worse: preferred where a unit of benefit is worth less than the ratio.
    Saves,
    /// They do not differ by either.
    Same,
}

impl Verdict {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Dominates => "dominates",
            Verdict::Dominated => "dominated",
            Verdict::ProbablyDominates => "probably_dominates",
            Verdict::ProbablyDominated => "probably_dominated",
            Verdict::Buys => "buys",
            Verdict::Saves => "saves",
            Verdict::Same => "same",
        }
    }
}

/// A ratio of means with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The ratio.
    pub value: f64,
    /// Ends of its interval; `None` where the denominator may be nothing, and any value is possible.
    pub interval: Option<(f64, f64)>,
}

/// Holds two scenarios against each other; `benefit` and `cost` are pairs (against, scenario) of values by
/// replication, already counted so that a higher benefit is better and a higher cost worse.
pub(super) fn trade(
    (scenario, against): (usize, usize),
    (benefit_criterion, cost_criterion): (usize, usize),
    benefit: (&[f64], &[f64]),
    cost: (&[f64], &[f64]),
) -> Trade {
    let difference = |(from, to): (&[f64], &[f64])| Paired::of(from, to).difference(None);
    let (gain, price) = (difference(benefit), difference(cost));
    let verdict = verdict(&gain, &price);
    let apart = |(from, to): (&[f64], &[f64])| from.iter().zip(to).map(|(a, b)| b - a).collect::<Vec<f64>>();
    let traded = matches!(verdict, Verdict::Buys | Verdict::Saves);
    Trade {
        scenario,
        against,
        benefit_criterion,
        cost_criterion,
        benefit: gain,
        cost: price,
        verdict,
        ratio: traded.then(|| fieller(&apart(benefit), &apart(cost))),
    }
}

fn verdict(benefit: &Difference, cost: &Difference) -> Verdict {
    let sure = |difference: &Difference| difference.is_nothing() || difference.is_told();
    let both = sure(benefit) && sure(cost);
    let better = [benefit.mean, -cost.mean];
    if better.iter().all(|&side| side == 0.0) {
        Verdict::Same
    } else if better.iter().all(|&side| side >= 0.0) {
        if both { Verdict::Dominates } else { Verdict::ProbablyDominates }
    } else if better.iter().all(|&side| side <= 0.0) {
        if both { Verdict::Dominated } else { Verdict::ProbablyDominated }
    } else if benefit.mean > 0.0 {
        Verdict::Buys
    } else {
        Verdict::Saves
    }
}

/// Mean of `upper` over mean of `lower`, pairs by replication, with Fieller's 95% interval: the roots λ of
/// (x̄² − t² s_xx/n) λ² − 2 (x̄ȳ − t² s_xy/n) λ + (ȳ² − t² s_yy/n) = 0, where the first factor is positive.
pub fn fieller(lower: &[f64], upper: &[f64]) -> Ratio {
    let n = lower.len().min(upper.len());
    let count = n as f64;
    let mean = |values: &[f64]| values[..n].iter().sum::<f64>() / count;
    let (x, y) = (mean(lower), mean(upper));
    let moment = |a: &[f64], of_a: f64, b: &[f64], of_b: f64| {
        a.iter().zip(b).map(|(a, b)| (a - of_a) * (b - of_b)).sum::<f64>() / (count - 1.0) / count
    };
    let t2 = student_95(n as u32) * student_95(n as u32);
    let a = x * x - t2 * moment(lower, x, lower, x);
    let b = x * y - t2 * moment(lower, x, upper, y);
    let c = y * y - t2 * moment(upper, y, upper, y);
    let under = b * b - a * c;
    let bounded = a > 0.0 && under >= 0.0;
    Ratio { value: y / x, interval: bounded.then(|| ((b - under.sqrt()) / a, (b + under.sqrt()) / a)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fiellers_ends_are_values_that_are_just_not_refused() {
        let benefit: Vec<f64> = (0..40).map(|i| 10.0 + 3.0 * libm::sin(f64::from(i) * 1.7)).collect();
        let cost: Vec<f64> = (0..40).map(|i| 500.0 + 90.0 * libm::cos(f64::from(i) * 2.3)).collect();
        let found = fieller(&benefit, &cost);
        let (low, high) = found.interval.expect("a benefit that is there");
        assert!(low < found.value && found.value < high);
        for end in [low, high] {
            // At an end, cost − λ benefit differs from zero by exactly t standard errors.
            let left: Vec<f64> = benefit.iter().zip(&cost).map(|(x, y)| y - end * x).collect();
            let zero = vec![0.0; left.len()];
            let difference = Paired::of(&zero, &left).difference(None);
            assert!((difference.mean.abs() / difference.se - student_95(40)).abs() < 1e-6);
        }
    }

    #[test]
    fn a_benefit_that_may_be_nothing_has_no_ends() {
        let benefit = [1.0, -1.0, 2.0, -1.5];
        assert_eq!(fieller(&benefit, &[5.0, 6.0, 7.0, 5.5]).interval, None);
    }

    #[test]
    fn who_is_better_by_both_dominates() {
        let held = |benefit: [f64; 4], cost: [f64; 4]| {
            let zero = [0.0; 4];
            trade((1, 0), (0, 1), (&zero, &benefit), (&zero, &cost)).verdict
        };
        let (up, down, unsure) = ([1.0, 1.1, 0.9, 1.0], [-1.0, -1.2, -0.9, -1.0], [1.0, -0.9, 1.0, -0.9]);
        assert_eq!(held(up, down), Verdict::Dominates);
        assert_eq!(held(up, [0.0; 4]), Verdict::Dominates);
        assert_eq!(held(down, up), Verdict::Dominated);
        assert_eq!(held(unsure, down), Verdict::ProbablyDominates);
        assert_eq!(held(up, up), Verdict::Buys);
        assert_eq!(held(down, down), Verdict::Saves);
        assert_eq!(held([0.0; 4], [0.0; 4]), Verdict::Same);
    }
}
