//! Which replications an experiment does, and on how many threads.

use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Replications between two looks at the results. Fixed, so that a precision target stops at the
/// same replication on every machine; large enough that threads seldom wait for the last one.
pub const WINDOW: u32 = 64;

/// Replications before a precision target may stop a run: with fewer, a standard error is itself
/// too uncertain (at 128 its relative standard error is about 6%).
pub const LEAST_FOR_PRECISION: u32 = 2 * WINDOW;

/// Replications at which a precision target gives up.
pub const MOST_FOR_PRECISION: u32 = 100_000;

/// Most replications of any run: what the summary's exact integer sums have room for, with a
/// margin of four.
pub const MOST_REPLICATIONS: u32 = 1_000_000;

/// How long a run goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RunLength {
    /// So many replications.
    Fixed(u32),
    /// Until the chosen figures are known this precisely, as a share of their mean.
    Precision(f64),
}

/// One machine's part of a run: block `index` of `of`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which block, from 1.
    index: u32,
    /// How many blocks.
    of: u32,
}

/// A run that cannot be planned.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// Not `I/N`.
    #[error("`{0}` is not a shard: write I/N, such as 3/8 for the third of eight parts")]
    ShardSyntax(String),
    /// `I` is not one of 1 to `N`.
    #[error("shard {index}/{of} does not exist: parts are counted from 1 to {of}")]
    ShardRange {
        /// Part asked for.
        index: u32,
        /// Parts there are.
        of: u32,
    },
    /// Some shards would have nothing to do.
    #[error(
        "{replications} replications cannot be shared among {of} shards: use at most {replications} shards"
    )]
    TooManyShards {
        /// Replications to share.
        replications: u32,
        /// Shards asked for.
        of: u32,
    },
    /// A shard cannot know when the whole run is precise enough.
    #[error(
        "a shard needs a fixed number of replications: \
         give --replications with --shard in place of --precision"
    )]
    PreciseShard,
    /// Zero, or more than the sums can hold.
    #[error("{0} replications: give a number from 1 to {MOST_REPLICATIONS}")]
    Replications(u32),
    /// Not a positive share.
    #[error("a precision of {0}: give a share over 0, such as 0.02 for two per cent of the mean")]
    Precision(f64),
}

/// Which replications to do, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// First replication, counted from 0.
    pub(super) first: u32,
    /// The one after the last.
    pub(super) end: u32,
    /// Replications of the whole run, all shards together.
    total: u32,
    /// Threads to simulate on; as many as there are cores when `None`. Changes no result.
    pub threads: Option<NonZeroUsize>,
    /// Replications in a window. Changes the moments at which a precision target is looked at, and
    /// nothing else.
    pub window: u32,
}

impl Plan {
    /// Plans a run, or one shard of it.
    ///
    /// # Errors
    /// If the length or the shard makes no sense, or the two do not go together.
    pub fn new(length: RunLength, shard: Option<Shard>) -> Result<Self, PlanError> {
        let total = match length {
            RunLength::Fixed(replications) if (1..=MOST_REPLICATIONS).contains(&replications) => replications,
            RunLength::Fixed(replications) => return Err(PlanError::Replications(replications)),
            RunLength::Precision(_) if shard.is_some() => return Err(PlanError::PreciseShard),
            RunLength::Precision(wanted) if wanted > 0.0 && wanted.is_finite() => MOST_FOR_PRECISION,
            RunLength::Precision(wanted) => return Err(PlanError::Precision(wanted)),
        };
        let (first, end) = shard.map_or(Ok((0, total)), |shard| shard.block(total))?;
        Ok(Self { first, end, total, threads: None, window: WINDOW })
    }

    /// So many replications from number `first` on, outside any sharing: for searches, which ask for more
    /// where they are still in doubt, and for fresh ones that nobody has seen.
    ///
    /// # Errors
    /// If there are none, or more than a run may have.
    pub fn stretch(first: u32, replications: u32) -> Result<Self, PlanError> {
        let plan = Self::new(RunLength::Fixed(replications), None)?;
        let end = first.checked_add(replications).ok_or(PlanError::Replications(replications))?;
        Ok(Self { first, end, ..plan })
    }

    /// The same plan on so many threads; `None` for as many as there are cores.
    pub fn on_threads(mut self, threads: Option<NonZeroUsize>) -> Self {
        self.threads = threads;
        self
    }

    /// First replication, counted from 0.
    pub fn first(&self) -> u32 {
        self.first
    }

    /// How many replications this plan does, at most.
    #[expect(clippy::len_without_is_empty, reason = "a plan is never empty")]
    pub fn len(&self) -> u32 {
        self.end - self.first
    }

    /// Replications of the whole run, all shards together.
    pub fn total(&self) -> u32 {
        self.total
    }
}

impl Shard {
    /// Block `index` of `of`.
    ///
    /// # Errors
    /// Unless `1 <= index <= of`.
    pub fn new(index: u32, of: u32) -> Result<Self, PlanError> {
        if (1..=of).contains(&index) {
            Ok(Self { index, of })
        } else {
            Err(PlanError::ShardRange { index, of })
        }
    }

    /// Which block, counted from 1.
    pub fn index(self) -> u32 {
        self.index
    }

    /// How many blocks the run is cut into.
    pub fn of(self) -> u32 {
        self.of
    }

    /// This shard's replications, first and one past the last: blocks are contiguous, in order,
    /// and differ in size by at most one.
    ///
    /// # Errors
    /// If there are more shards than replications.
    pub fn block(self, replications: u32) -> Result<(u32, u32), PlanError> {
        if self.of > replications {
            return Err(PlanError::TooManyShards { replications, of: self.of });
        }
        let edge = |blocks: u32| {
            let edge = u64::from(replications) * u64::from(blocks) / u64::from(self.of);
            // At most `replications`, which is a u32.
            edge as u32
        };
        Ok((edge(self.index - 1), edge(self.index)))
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = PlanError;

    fn from_str(text: &str) -> Result<Self, PlanError> {
        let syntax = || PlanError::ShardSyntax(text.to_owned());
        let (index, of) = text.split_once('/').ok_or_else(syntax)?;
        let number = |part: &str| part.trim().parse::<u32>().map_err(|_| syntax());
        Self::new(number(index)?, number(of)?)
    }
}
