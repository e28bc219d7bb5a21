//! The best split: proposed by the solver, tried by simulation, bettered step by step.
//!
//! Consumes a budget, the places' responses, and establishments to begin with; produces the establishment that is best
//! among those tried on the search's families. It begins with the best of the solver's proposal, all rules and the posts of now, and
//! moves single steps of posts (from one place to another, or from money left over): the most promising moves are tried
//! in turn (in a few replications, and in all where it is better in these), the first that makes it better is taken, and it ends when ten in a row do not, or every move there is.
//! Where there are few places no single move then betters what it ends with. What it says of itself is not used: fresh
//! families judge it beside the rules.

use std::cmp::Ordering;

use crate::scenario::Objective;

use super::super::staffing::{Evaluator, Unanswered};
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

impl Score {
    /// `Greater` when this is better.
    fn cmp(&self, other: &Self) -> Ordering {
        self.kept.cmp(&other.kept).then(other.waited.total_cmp(&self.waited))
    }
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
        let mut best: Option<(Vec<i64>, Score)> = None;
        for steps in beginnings {
            let score = self.score(steps, self.replications)?;
            if best.as_ref().is_none_or(|(_, found)| score.cmp(found) == Ordering::Greater) {
                best = Some((steps.clone(), score));
            }
        }
        let Some((mut steps, mut score)) = best else { return Ok(Vec::new()) };
        let mut tried = 0;
        'bettering: loop {
            for candidate in self.moves(&steps)?.into_iter().take(PATIENCE) {
                if tried == MOST_TRIED {
                    break 'bettering;
                }
                tried += 1;
                let glance = GLANCE.min(self.replications);
                let promising = self.score(&candidate, glance)?.cmp(&self.score(&steps, glance)?);
                if promising != Ordering::Greater {
                    continue;
                }
                let found = self.score(&candidate, self.replications)?;
                if found.cmp(&score) == Ordering::Greater {
                    (steps, score) = (candidate, found);
                    continue 'bettering;
                }
            }
            break;
        }
        Ok(steps)
    }

    fn score(&mut self, steps: &[i64], replications: u32) -> Result<Score, Unanswered> {
        let outcomes = self.evaluator.outcomes(&self.budget.posts(steps), 0, replications)?;
        let waited = outcomes.iter().map(|outcome| self.bench.waited(outcome)).sum::<f64>();
        let kept = match self.objective {
            Objective::WorstArea => self.bench.worst(outcomes).map_or(0, |(_, kept)| kept.met),
            Objective::Waiting => 0,
        };
        Ok(Score { kept, waited: waited / outcomes.len() as f64 })
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
