//! `caseflow staff`: from a scenario to the posts it needs.
//!
//! Consumes the command line; produces a results directory that is whole or absent, and a table on
//! standard output. What has been simulated is kept beside the results until they are whole, so that an
//! interrupted search goes on where it was when it is asked again.

use std::path::Path;
use std::time::Instant;

use super::done::{Done, Found, facts, kept, publish};
use super::search::Search;
use super::{Failure, load};
use crate::cli::StaffArguments;
use crate::decisions::staffing::recommend;
use crate::report::directory::Staging;
use crate::report::findings;
use crate::report::staffing::{self, StaffingReport, staffing_overview};

/// Finds the posts and writes them.
///
/// # Errors
/// If the scenario or the options cannot be used (exit code 2), or the work fails or is interrupted
/// (exit code 1): then nothing is written, and what was simulated is kept.
pub fn staff(arguments: &StaffArguments) -> Result<(), Failure> {
    let scenario = load(&arguments.scenario, &arguments.overrides)?;
    let seed = arguments.simulation.seed;
    let replications = arguments.replications.unwrap_or(scenario.experiment.replications.max(20));
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => Path::new("outputs").join(&scenario.name).join("staff"),
    };
    // Begun before the search: a directory that cannot be written is known at once.
    let staging = Staging::begin(&out).map_err(Failure::work)?;
    let mut search = Search::open(&scenario, seed, &out)?;

    let begun = Instant::now();
    let found = search.run(&arguments.simulation, arguments.output, |workshop, ledger| {
        recommend(&scenario, replications, workshop, ledger)
    })?;
    let answer = found.map_err(|reason| search.failure(reason))?;
    let facts = facts(&scenario, seed, replications, begun);
    let report = StaffingReport { scenario: &scenario, answer: &answer, run: &facts };
    staffing::stage_tables(&staging, &report).map_err(Failure::work)?;
    let scenarios = vec![kept(&arguments.scenario, &arguments.overrides, &scenario)?];
    let found = findings::Found::Staffing(Box::new(answer.clone()));
    publish(&staging, &facts, scenarios, found)?;
    let files = staging.commit(&facts).map_err(Failure::work)?;
    search.done();
    let overview = staffing_overview(&report);
    let found = Some(Found::Staffing(&overview));
    let remark = format!(" ({} runs in {:.0} seconds)", answer.simulated, facts.wall_seconds);
    Done { directory: &out, files: &files, run: &facts, found }.tell(arguments.output, &remark)
}
