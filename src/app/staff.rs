//! `caseflow staff`: from a scenario to the posts it needs.
//!
//! Consumes the command line; produces a results directory that is whole or absent, and a table on
//! standard output. What has been simulated is kept beside the results until they are whole, so that an
//! interrupted search goes on where it was when it is asked again.

use std::path::Path;
use std::time::Instant;

use super::done::{Done, Found, facts, kept, publish};
use super::ledger::Ledger;
use super::{Failure, load, progress};
use crate::cli::StaffArguments;
use crate::decisions::staffing::{Answer, Unanswered, Workshop, recommend};
use crate::report::directory::Staging;
use crate::report::findings;
use crate::report::staffing::{self, StaffingReport, staffing_overview};
use crate::scenario::Scenario;

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
    let origin = format!("{} seed {seed} version {}", scenario.hash, env!("CARGO_PKG_VERSION"));
    let mut ledger = Ledger::open(&out, &origin)
        .map_err(|error| Failure::work(format_args!("cannot keep work beside {}: {error}", out.display())))?;

    let begun = Instant::now();
    let answer = find(&scenario, replications, arguments, &mut ledger)?;
    let facts = facts(&scenario, seed, replications, begun);
    let report = StaffingReport { scenario: &scenario, answer: &answer, run: &facts };
    staffing::stage_tables(&staging, &report).map_err(Failure::work)?;
    let scenarios = vec![kept(&arguments.scenario, &arguments.overrides, &scenario)?];
    let found = findings::Found::Staffing(Box::new(answer.clone()));
    publish(&staging, &facts, scenarios, found)?;
    let files = staging.commit(&facts).map_err(Failure::work)?;
    ledger.remove();
    let overview = staffing_overview(&report);
    let found = Some(Found::Staffing(&overview));
    let remark = format!(" ({} runs in {:.0} seconds)", answer.simulated, facts.wall_seconds);
    Done { directory: &out, files: &files, run: &facts, found }.tell(arguments.output, &remark)
}

fn find(
    scenario: &Scenario,
    replications: u32,
    arguments: &StaffArguments,
    ledger: &mut Ledger,
) -> Result<Answer, Failure> {
    let bar = progress::bar(1, "", arguments.output.quiet);
    if ledger.recalled > 0 && !arguments.output.quiet {
        bar.println(format!("going on with {} runs of an interrupted search", ledger.recalled));
    }
    let workshop = Workshop {
        seed: arguments.simulation.seed,
        threads: arguments.simulation.threads,
        stop: progress::stop_on_interrupt()?,
        progress: &|doing, done, expected| {
            bar.set_length(u64::from(expected));
            bar.set_position(u64::from(done));
            bar.set_message(doing.to_owned());
        },
    };
    let answer = recommend(scenario, replications, &workshop, ledger);
    bar.finish_and_clear();
    answer.map_err(|reason| match reason {
        Unanswered::NothingToDecide | Unanswered::Endless(_) | Unanswered::Plan(_) => Failure::usage(reason),
        Unanswered::Interrupted => Failure::work(format_args!(
            "interrupted: no results were written. What was simulated is kept in {}; the same command goes on from there",
            ledger.directory().display()
        )),
        Unanswered::Experiment(error) => Failure::work(error),
    })
}
