//! A search among establishments, as commands run it: watched, stopped by Ctrl-C, and kept so that it can go on.
//!
//! Consumes what is to be searched; keeps what was simulated beside the results directory until they are whole.

use std::path::Path;

use super::ledger::Ledger;
use super::{Failure, progress};
use crate::cli::{Output, Simulation};
use crate::decisions::staffing::{Unanswered, Workshop};
use crate::scenario::Scenario;

/// A search and what it keeps.
pub(super) struct Search {
    seed: u64,
    ledger: Ledger,
}

impl Search {
    /// Opens what an interrupted search of the same scenario, seed and version has kept beside `out`.
    ///
    /// # Errors
    /// If nothing can be kept there.
    pub fn open(scenario: &Scenario, seed: u64, out: &Path) -> Result<Self, Failure> {
        let origin = format!("{} seed {seed} version {}", scenario.hash, env!("CARGO_PKG_VERSION"));
        let ledger = Ledger::open(out, &origin).map_err(|error| {
            Failure::work(format_args!("cannot keep work beside {}: {error}", out.display()))
        })?;
        Ok(Self { seed, ledger })
    }

    /// Searches, showing how far it has come.
    ///
    /// # Errors
    /// If Ctrl-C cannot be listened to.
    pub fn run<T>(
        &mut self,
        simulation: &Simulation,
        output: Output,
        search: impl FnOnce(&Workshop, &mut Ledger) -> T,
    ) -> Result<T, Failure> {
        let bar = progress::bar(1, "", output.quiet);
        if self.ledger.recalled > 0 && !output.quiet {
            bar.println(format!("going on with {} runs of an interrupted search", self.ledger.recalled));
        }
        let workshop = Workshop {
            seed: self.seed,
            threads: simulation.threads,
            stop: progress::stop_on_interrupt()?,
            progress: &|doing, done, expected| {
                bar.set_length(u64::from(expected));
                bar.set_position(u64::from(done));
                bar.set_message(doing.to_owned());
            },
        };
        let found = search(&workshop, &mut self.ledger);
        bar.finish_and_clear();
        Ok(found)
    }

    /// What to tell of a search that found nothing.
    pub fn failure(&self, reason: Unanswered) -> Failure {
        match reason {
            Unanswered::NothingToDecide | Unanswered::Endless(_) | Unanswered::Plan(_) => {
                Failure::usage(reason)
            }
            Unanswered::Interrupted => Failure::work(format_args!(
                "interrupted: no results were written. What was simulated is kept in {}; the same command goes on from there",
                self.ledger.directory().display()
            )),
            Unanswered::Experiment(error) => Failure::work(error),
        }
    }

    /// The results are whole: nothing needs to be kept.
    pub fn done(self) {
        self.ledger.remove();
    }
}
