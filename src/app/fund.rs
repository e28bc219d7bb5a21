//! `caseflow fund`: from a scenario with pots to who gets the money for posts.
//!
//! Consumes the command line; produces a results directory that is whole or absent, and tables on standard output. What
//! has been simulated is kept beside the results until they are whole.

use std::path::Path;
use std::time::Instant;

use super::done::{Done, Found, facts, kept, publish};
use super::search::Search;
use super::{Failure, load};
use crate::cli::FundArguments;
use crate::decisions::funding::{Unfunded, share_out};
use crate::report::directory::Staging;
use crate::report::findings;
use crate::report::funding::{self, FundingReport, funding_overview};

/// Replications when neither the command line nor a smaller figure of the scenario says otherwise.
const REPLICATIONS: u32 = 100;

/// Shares the money out and writes what was found.
///
/// # Errors
/// If the scenario, its money or the options cannot be used (exit code 2), or the work fails or is interrupted
/// (exit code 1): then nothing is written, and what was simulated is kept.
pub fn fund(arguments: &FundArguments) -> Result<(), Failure> {
    let scenario = load(&arguments.scenario, &arguments.overrides)?;
    let seed = arguments.simulation.seed;
    let usual = scenario.experiment.replications.clamp(20, REPLICATIONS);
    let replications = arguments.replications.unwrap_or(usual);
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => Path::new("outputs").join(&scenario.name).join("fund"),
    };
    // Begun before the search: a directory that cannot be written is known at once.
    let staging = Staging::begin(&out).map_err(Failure::work)?;
    let mut search = Search::open(&scenario, seed, &out)?;

    let begun = Instant::now();
    let found = search.run(&arguments.simulation, arguments.output, |workshop, ledger| {
        share_out(&scenario, replications, workshop, ledger)
    })?;
    let answer = found.map_err(|reason| match reason {
        Unfunded::Unanswered(reason) => search.failure(reason),
        Unfunded::Money(_) => Failure::usage(format_args!("{}: {reason}", arguments.scenario.display())),
        Unfunded::Unsolved(_) => Failure::work(reason),
    })?;
    let facts = facts(&scenario, seed, replications, begun);
    let report = FundingReport { scenario: &scenario, answer: &answer, run: &facts };
    funding::stage_tables(&staging, &report).map_err(Failure::work)?;
    let scenarios = vec![kept(&arguments.scenario, &arguments.overrides, &scenario)?];
    publish(&staging, &facts, scenarios, findings::Found::Funding(Box::new(answer.clone())))?;
    let files = staging.commit(&facts).map_err(Failure::work)?;
    search.done();
    let overview = funding_overview(&report);
    let found = Some(Found::Funding(&overview));
    let remark = format!(" ({} runs in {:.0} seconds)", answer.simulated, facts.wall_seconds);
    Done { directory: &out, files: &files, run: &facts, found }.tell(arguments.output, &remark)
}
