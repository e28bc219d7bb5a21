//! How places answer to posts: what each would wait, and keep, with more or fewer of its own.
//!
//! Consumes joint simulations in which all places have their posts at several levels at once; produces for each place a
//! falling, convex curve of family-weeks waited and a rising curve of the chance that its standards hold.
//! **What it is for**: proposals. Places also bear on each other (families go from one team to another), which these
//! curves do not know: every proposal is simulated.

use super::super::staffing::{Evaluator, Seat, Unanswered, mean};
use super::budget::Budget;
use super::judge::{Weeks, kept_by};

/// Levels at which places are tried, as parts of their posts under the rule of simulated need.
const LEVELS: [f64; 12] = [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6, 1.85, 2.2];

/// How one place answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Steps tried, rising.
    steps: Vec<i64>,
    /// Family-weeks a year waited for it, falling and convex in steps.
    waited: Vec<f64>,
    /// Chance that its standards hold, not falling.
    kept: Vec<f64>,
}

impl Response {
    /// From what was seen at each number of steps, which rise.
    fn new(steps: Vec<i64>, mut waited: Vec<f64>, mut kept: Vec<f64>) -> Self {
        for at in 1..steps.len() {
            waited[at] = waited[at].min(waited[at - 1]);
            kept[at] = kept[at].max(kept[at - 1]);
        }
        let waited = convex(&steps, &waited);
        Self { steps, waited, kept }
    }

    /// Family-weeks waited with so many steps: along the curve, and beyond its ends as its first and last stretch.
    pub fn waited(&self, steps: i64) -> f64 {
        let slope = |at: usize| {
            (self.waited[at + 1] - self.waited[at]) / (self.steps[at + 1] - self.steps[at]) as f64
        };
        let last = self.steps.len() - 1;
        if last == 0 || steps >= self.steps[last] {
            return self.waited[last];
        }
        let at = self.steps[1..last].partition_point(|&known| known <= steps);
        self.waited[at] + slope(at) * (steps - self.steps[at]) as f64
    }

    /// What a further step after so many saves.
    pub fn saving(&self, steps: i64) -> f64 {
        self.waited(steps) - self.waited(steps + 1)
    }

    /// Fewest steps tried with which its standards hold with at least this chance.
    fn least_keeping(&self, chance: f64) -> Option<i64> {
        (0..self.steps.len()).find(|&at| self.kept[at] >= chance).map(|at| self.steps[at])
    }

    /// What each step above the fewest saves, none more than the one before.
    fn worth(&self, (least, most): (i64, i64)) -> Vec<f64> {
        (least..most).map(|steps| self.saving(steps).max(0.0)).collect()
    }
}

/// The greatest convex curve below points whose abscissas rise (lower hull, by turning).
fn convex(steps: &[i64], values: &[f64]) -> Vec<f64> {
    let mut hull: Vec<usize> = Vec::new();
    let slope = |a: usize, b: usize| (values[b] - values[a]) / (steps[b] - steps[a]) as f64;
    for at in 0..steps.len() {
        while let [.., a, b] = hull[..]
            && slope(a, b) >= slope(b, at)
        {
            hull.pop();
        }
        hull.push(at);
    }
    (0..steps.len())
        .map(|at| {
            let next = hull.partition_point(|&corner| corner < at);
            match hull.get(next) {
                Some(&corner) if corner == at || next == 0 => values[corner],
                Some(&corner) => {
                    let before = hull[next - 1];
                    values[before] + slope(before, corner) * (steps[at] - steps[before]) as f64
                }
                None => values[at],
            }
        })
        .collect()
}

/// Tries all places at every level, on the search's families.
///
/// # Errors
/// If the simulation fails or is stopped.
pub fn responses(
    evaluator: &mut Evaluator,
    seats: &[Seat],
    budget: &Budget,
    need: &[f64],
    aims: &super::super::staffing::Aims,
    (weeks, replications): (Weeks, u32),
) -> Result<Vec<Response>, Unanswered> {
    evaluator.doing = "how places answer to posts";
    let mut seen: Vec<(Vec<i64>, Vec<f64>, Vec<f64>)> = vec![Default::default(); seats.len()];
    for level in LEVELS {
        let steps: Vec<i64> = (need.iter().zip(&budget.bounds))
            .map(|(need, &(least, most))| ((level * need / budget.step).round() as i64).clamp(least, most))
            .collect();
        let outcomes = evaluator.outcomes(&budget.posts(&steps), 0, replications)?;
        for (at, (steps_seen, waited, kept)) in seen.iter_mut().enumerate() {
            if steps_seen.last() != Some(&steps[at]) {
                let own: Vec<usize> = aims.of_seat(&seats[at]).collect();
                steps_seen.push(steps[at]);
                waited.push(mean(outcomes, |outcome| weeks.a_year(outcome.loads[at].waiting)));
                kept.push(mean(outcomes, |outcome| f64::from(kept_by(aims, &own, outcome))));
            }
        }
    }
    Ok(seen.into_iter().map(|(steps, waited, kept)| Response::new(steps, waited, kept)).collect())
}

/// What each further step of each place saves.
pub fn worths(budget: &Budget, responses: &[Response]) -> Vec<Vec<f64>> {
    responses.iter().zip(&budget.bounds).map(|(response, &bounds)| response.worth(bounds)).collect()
}

/// The budget that leaves every place at least so many steps that its standards hold with the highest chance that can
/// be paid for in all of them alike.
pub fn safest(budget: &Budget, responses: &[Response]) -> Budget {
    let mut chances: Vec<f64> = responses.iter().flat_map(|response| response.kept.iter().copied()).collect();
    chances.sort_by(|a, b| b.total_cmp(a));
    chances.dedup();
    let keeping = |chance: f64| {
        let least = |(response, &(least, most)): (&Response, &(i64, i64))| {
            // A place that never keeps them so often is not held to it: posts cannot help.
            let wanted = response
                .least_keeping(chance)
                .or_else(|| response.least_keeping(response.kept[response.kept.len() - 1]));
            (wanted.unwrap_or(least).clamp(least, most), most)
        };
        Budget { bounds: responses.iter().zip(&budget.bounds).map(least).collect(), ..budget.clone() }
    };
    let affordable = |budget: &Budget| {
        let least: Vec<i64> = budget.bounds.iter().map(|&(least, _)| least).collect();
        budget.affords(&least)
    };
    chances.into_iter().map(keeping).find(affordable).unwrap_or_else(|| budget.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_made_convex_from_below() {
        // The point at 2 lies above the line from (1, 10) to (4, 4): 8.
        assert_eq!(convex(&[1, 2, 4, 6], &[10.0, 9.5, 4.0, 3.0]), [10.0, 8.0, 4.0, 3.0]);
        assert_eq!(convex(&[3], &[7.0]), [7.0]);
    }

    #[test]
    fn savings_never_rise_and_end_with_the_curve() {
        let response = Response::new(vec![2, 4, 8], vec![20.0, 10.0, 2.0], vec![0.1, 0.6, 0.5]);
        assert_eq!((response.waited(2), response.waited(3), response.waited(6)), (20.0, 15.0, 6.0));
        // Below what was tried it goes on as it began; above, more posts save nothing.
        assert_eq!((response.waited(1), response.waited(9)), (25.0, 2.0));
        assert_eq!(response.worth((1, 9)), [5.0, 5.0, 5.0, 2.0, 2.0, 2.0, 2.0, 0.0]);
        assert_eq!(response.kept, [0.1, 0.6, 0.6]);
        assert_eq!(response.least_keeping(0.6), Some(4));
    }

    #[test]
    fn the_worst_place_comes_first() {
        let falls = |kept: Vec<f64>| Response::new(vec![1, 2, 3], vec![3.0, 2.0, 1.0], kept);
        let responses = [falls(vec![0.2, 0.5, 0.9]), falls(vec![0.6, 0.7, 0.8])];
        let purse = super::super::budget::Purse { pot: None, holds: None, may_pay: vec![true; 2] };
        let budget = |total| Budget {
            total,
            purses: vec![purse.clone()],
            price: vec![1; 2],
            bounds: vec![(1, 3); 2],
            step: 1.0,
        };
        // Four steps: both at 0.6 takes (3, 1).
        assert_eq!(safest(&budget(4), &responses).bounds, [(3, 3), (1, 3)]);
        // Three: 0.5 takes (2, 1).
        assert_eq!(safest(&budget(3), &responses).bounds, [(2, 3), (1, 3)]);
        // Six: 0.9 is beyond the second; it takes what it can.
        assert_eq!(safest(&budget(6), &responses).bounds, [(3, 3), (3, 3)]);
    }
}
