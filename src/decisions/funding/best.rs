//! The best split: proposed by the solver, tried by simulation, bettered step by step.
//!
//! Consumes a budget, the places' responses, and establishments to begin with; produces the establishment that is best
//! among those tried on the search's families. It begins with the best of the solver's proposal, all rules and the posts of now, and
//! moves single steps of posts (from one place to another, or from money left over): the most promising moves are tried
//! in turn (in a few replications, and in all where it is better in these), the first that makes it better is taken, and it ends when ten in a row do not, or every move there is.
//! Where there are few places no single move then betters what it ends with. What it says of itself is not used: fresh
//! families judge it beside the rules.

use crate::scenario::Objective;

use super::super::staffing::{Evaluator, Unanswered, mean};
use super::budget::Budget;
use super::judge::Bench;
use super::response::Response;

/// Moves in a row that do not make it better, after which the search ends.
const PATIENCE: usize = 10;

/// Moves tried, at most.
const MOST_TRIED: usize = 30;

/// Replications of a first look at a move.
const GLANCE: u32 = 16;

/// How good an establishment was on the search's families.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Replications in which the worst area kept its standards; 0 where waiting alone counts.
    kept: u32,
    /// Mean family-weeks waited in a year.
    waited: f64,
}

/// An establishment and how good it was in all of the search's replications.
type Tried = (Vec<i64>, Score);

/// The best of those tried: of those whose worst area is within a standard error of the highest chance seen, the one
/// with the least waiting (the first of several). A higher count alone may be luck.
fn best_of(tried: &[Tried], replications: u32) -> Option<&Tried> {
    let highest = tried.iter().map(|(_, score)| f64::from(score.kept)).fold(0.0, f64::max);
    let n = f64::from(replications);
    let enough = highest - (highest * (n - highest) / n).sqrt();
    let kept = tried.iter().filter(|(_, score)| f64::from(score.kept) >= enough);
    kept.min_by(|(_, a), (_, b)| a.waited.total_cmp(&b.waited))
}

/// Tries establishments and keeps the best.
pub struct Search<'s, 'e> {
    /// What can be paid for.
    pub budget: &'s Budget,
    /// How places answer to posts of their own.
    pub responses: &'s [Response],
    /// What is looked at.
    pub bench: &'s Bench<'s>,
    /// What is best.
    pub objective: Objective,
    /// Replications of each trial.
    pub replications: u32,
    /// Simulates.
    pub evaluator: &'s mut Evaluator<'e>,
}

impl Search<'_, '_> {
    /// The best found from these beginnings, of which all can be paid for.
    ///
    /// # Errors
    /// If the simulation fails or is stopped.
    pub fn best(&mut self, beginnings: &[Vec<i64>]) -> Result<Vec<i64>, Unanswered> {
        let mut tried = self.tried(beginnings)?;
        let mut moved = 0;
        'bettering: while let Some((steps, _)) = best_of(&tried, self.replications).cloned() {
            let looked_at = |candidate: &Vec<i64>| tried.iter().any(|(steps, _)| steps == candidate);
            let moves: Vec<Vec<i64>> =
                self.moves(&steps)?.into_iter().filter(|candidate| !looked_at(candidate)).collect();
            for candidate in moves.into_iter().take(PATIENCE) {
                if moved == MOST_TRIED {
                    break 'bettering;
                }
                moved += 1;
                let glance = GLANCE.min(self.replications);
                let (here, there) = (self.score(&steps, glance)?, self.score(&candidate, glance)?);
                if there.kept <= here.kept && there.waited >= here.waited {
                    continue;
                }
                let score = self.score(&candidate, self.replications)?;
                tried.push((candidate, score));
                if best_of(&tried, self.replications).is_some_and(|(best, _)| *best != steps) {
                    continue 'bettering;
                }
            }
            break;
        }
        Ok(best_of(&tried, self.replications).map(|(steps, _)| steps.clone()).unwrap_or_default())
    }

    /// The best of these alone, of which all can be paid for.
    ///
    /// # Errors
    /// If the simulation fails or is stopped.
    pub fn best_of(&mut self, beginnings: &[Vec<i64>]) -> Result<Vec<i64>, Unanswered> {
        let tried = self.tried(beginnings)?;
        Ok(best_of(&tried, self.replications).map(|(steps, _)| steps.clone()).unwrap_or_default())
    }

    fn tried(&mut self, all: &[Vec<i64>]) -> Result<Vec<Tried>, Unanswered> {
        all.iter().map(|steps| Ok((steps.clone(), self.score(steps, self.replications)?))).collect()
    }

    fn score(&mut self, steps: &[i64], replications: u32) -> Result<Score, Unanswered> {
        let outcomes = self.evaluator.outcomes(&self.budget.posts(steps), 0, replications)?;
        let waited = mean(outcomes, |outcome| self.bench.waited(outcome));
        let kept = match self.objective {
            Objective::WorstArea => self.bench.worst(outcomes).map_or(0, |(_, kept)| kept.met),
            Objective::Waiting => 0,
        };
        Ok(Score { kept, waited })
    }

    /// Single steps that can be paid for, the most promising first: by what the responses say is saved, those that help
    /// the worst area before others where it counts.
    fn moves(&mut self, steps: &[i64]) -> Result<Vec<Vec<i64>>, Unanswered> {
        let outcomes = self.evaluator.outcomes(&self.budget.posts(steps), 0, self.replications)?;
        let worst = match self.objective {
            Objective::WorstArea => self.bench.worst(outcomes).map(|(area, _)| area),
            Objective::Waiting => None,
        };
        let helps_worst =
            |seat: usize| worst.is_some_and(|area| self.bench.seats[seat].areas.contains(&area));
        let seats = 0..steps.len();
        let mut found: Vec<(bool, f64, Vec<i64>)> = Vec::new();
        for to in seats.clone().filter(|&to| steps[to] < self.budget.bounds[to].1) {
            let gained = self.responses[to].saving(steps[to]);
            let from = seats.clone().filter(|&from| from != to && steps[from] > self.budget.bounds[from].0);
            for from in std::iter::once(None).chain(from.map(Some)) {
                let mut candidate = steps.to_vec();
                candidate[to] += 1;
                let lost = from.map_or(0.0, |from| {
                    candidate[from] -= 1;
                    self.responses[from].saving(candidate[from])
                });
                if self.budget.affords(&candidate) {
                    found.push((helps_worst(to) && !from.is_some_and(helps_worst), gained - lost, candidate));
                }
            }
        }
        // Stable: ties stay in the order of places.
        found.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
        Ok(found.into_iter().map(|(_, _, candidate)| candidate).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_luck_yields_to_less_waiting() {
        let tried = |kept, waited| (vec![i64::from(kept)], Score { kept, waited });
        // The standard error of 50 of 100 is 5: 46 is within it, 44 is not.
        let all = [tried(50, 9.0), tried(46, 7.0), tried(44, 1.0), tried(47, 8.0)];
        assert_eq!(best_of(&all, 100).map(|(steps, _)| steps[0]), Some(46));
        // Where nobody keeps anything, or waiting alone counts, waiting decides.
        assert_eq!(best_of(&[tried(0, 3.0), tried(0, 2.0)], 100).map(|(_, score)| score.waited), Some(2.0));
        assert_eq!(best_of(&[], 100), None);
    }
}
