//! The engine against exact mathematics.
//!
//! Each [`Case`] is an ordinary scenario file (in `scenarios/verification/`, embedded in the program)
//! that the ordinary engine simulates, and a list of quantities, each with its value from a formula
//! ([`exact`]) and the way to read it off a replication's record. [`run_all`] gives the rows of the
//! table that `caseflow verify` prints: case, quantity, exact, simulated, standard error, z.
//!
//! **When a row passes.** Replications are independent, so the standard error is that of their mean.
//! A row passes when the simulated mean lies within 4 standard errors of the exact value, and the
//! standard error is below 1% of the quantity's scale: the exact value itself, unless the quantity
//! states another. Exact laws of the record (case 14) must hold in every replication.
//!
//! Invariants: results depend on the seed alone, not on threads; no case uses anything but the
//! public interface of the engine.

// Formulas are held against simulations with a tolerance, so that their last bit, which may differ
// from platform to platform, decides nothing; written as in the books they are easier to check.
#![allow(clippy::disallowed_methods)]

mod case;
mod cases;
pub mod exact;
mod reading;

pub use case::{Case, Quantity, Row, Samples};
pub use cases::cases;
pub use reading::Reading;

use crate::simulation::Broken;

/// Why a case could not be run: a defect in the program, never the user's fault.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum VerifyError {
    /// An embedded scenario was refused.
    #[error("the scenario of case {case} is not valid: {message}")]
    Scenario {
        /// The case.
        case: String,
        /// What the loader said.
        message: String,
    },
    /// The record lacks a series that the case reads.
    #[error("the record has no series `{measure}` for {whom}")]
    NoSeries {
        /// Area, desk or team.
        whom: String,
        /// The series' measure.
        measure: String,
    },
    /// A conservation law failed.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// Worker threads could not be started.
    #[error("cannot start {threads} threads: {message}")]
    Threads {
        /// How many were wanted.
        threads: usize,
        /// What the system said.
        message: String,
    },
}

/// Runs every case and gives the table's rows, in the order of the cases. `threads` of 0 takes all
/// the machine has; `done` is told of each case as it ends.
///
/// # Errors
/// If a case cannot be run at all, or a replication breaks a conservation law.
pub fn run_all(
    seed: u64,
    threads: usize,
    done: &mut (dyn FnMut(&Case) + Send),
) -> Result<Vec<Row>, VerifyError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| VerifyError::Threads { threads, message: error.to_string() })?;
    pool.install(|| {
        let mut rows = Vec::new();
        for case in cases() {
            rows.extend(case.run(seed)?);
            done(&case);
        }
        Ok(rows)
    })
}
