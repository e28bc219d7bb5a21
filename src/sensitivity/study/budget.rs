//! What a study is asked to do, what it may spend on which pass, and why it may not be done.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use serde::{Deserialize, Serialize};

use crate::analysis::flow::Endless;
use crate::experiment::{ExperimentError, PlanError};

/// Fewest runs of the pool, rows of the design and replications of the tornado.
const LEAST: [u32; 3] = [40, 16, 4];
/// Shares of the budget that pool, design and tornado get.
const SHARES: [f64; 3] = [0.4, 0.45, 0.15];

/// How much is done, and how.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Simulated runs to spend, about.
    pub budget: u32,
    /// Master seed: that of the simulator.
    pub seed: u64,
    /// Threads; as many as there are cores when `None`. Changes no result.
    pub threads: Option<NonZeroUsize>,
}

/// How the outside world watches a study and stops it.
pub struct Watching<'w> {
    /// Set it to stop; nothing is then explained.
    pub stop: &'w AtomicBool,
    /// Told the pass in words, how many of its tasks are done and how many there are.
    pub progress: &'w (dyn Fn(&'static str, u32, u32) + Sync),
}

/// A study that could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// No figure has a range.
    #[error(
        "no figure of this scenario has a range, so there is nothing to explain: give figures `low` and `high`"
    )]
    NothingUncertain,
    /// The budget does not go round.
    #[error("{budget} runs are too few for {figures} figures: give --replications {least} or more")]
    Budget {
        /// Runs given.
        budget: u32,
        /// Runs needed.
        least: u32,
        /// Figures looked at one by one.
        figures: usize,
    },
    /// Too many runs.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Some families never leave the pathway.
    #[error(transparent)]
    Endless(#[from] Endless),
    /// A replication failed.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// Stopped from outside.
    #[error("interrupted; nothing was written")]
    Interrupted,
}

/// Runs of each pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares {
    /// Draws of the pool, each run at every number of posts.
    pub pool: u32,
    /// Numbers of posts weighed.
    pub options: u32,
    /// Rows of the pick-freeze design.
    pub rows: u32,
    /// Runs in each row.
    pub blocks: u32,
    /// Replications of the tornado.
    pub tornado: u32,
    /// Points of the tornado: the centre, and two for each figure.
    pub points: u32,
}

impl Shares {
    /// Shares a budget out.
    ///
    /// # Errors
    /// If it is too small.
    pub fn of(budget: u32, options: usize, figures: usize, others: bool) -> Result<Self, StudyError> {
        let costs = [options as u32, figures as u32 + 3 + u32::from(others), 2 * figures as u32 + 1];
        let least = (0..3).map(|pass| f64::from(LEAST[pass] * costs[pass]) / SHARES[pass]);
        let least = least.fold(0.0, f64::max).ceil() as u32;
        if budget < least {
            return Err(StudyError::Budget { budget, least, figures });
        }
        let count = |pass: usize| (f64::from(budget) * SHARES[pass] / f64::from(costs[pass])) as u32;
        let [pool, rows, tornado] = [0, 1, 2].map(|pass| count(pass).max(LEAST[pass]));
        Ok(Self { pool, options: costs[0], rows, blocks: costs[1], tornado, points: costs[2] })
    }

    /// Runs in all.
    pub fn runs(&self) -> u32 {
        self.pool * self.options + self.rows * self.blocks + self.tornado * self.points
    }
}
