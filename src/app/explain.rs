//! `caseflow explain`: what drives the answers, and what is worth measuring.
//!
//! Consumes the command line; produces a results directory that is whole or absent, and a summary on
//! standard output. An interrupt leaves nothing: half a design says nothing sound.

use std::path::Path;
use std::time::Instant;

use super::done::{Done, Found, facts, kept, publish};
use super::{Failure, load, progress};
use crate::cli::ExplainArguments;
use crate::report::directory::Staging;
use crate::report::explanation::ExplanationReport;
use crate::report::findings;
use crate::report::results;
use crate::sensitivity::{self, Settings, StudyError, Watching};
use crate::simulation::Simulator;

/// Explains a scenario and writes what was found.
///
/// # Errors
/// If the scenario or the options cannot be used (exit code 2), or the work fails or is interrupted
/// (exit code 1).
pub fn explain(arguments: &ExplainArguments) -> Result<(), Failure> {
    let scenario = load(&arguments.scenario, &arguments.overrides)?;
    let seed = arguments.simulation.seed;
    let simulator = Simulator::new(&scenario, seed);
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => Path::new("outputs").join(&scenario.name).join("explain"),
    };
    let staging = Staging::begin(&out).map_err(Failure::work)?;
    let begun = Instant::now();
    let settings = Settings { budget: arguments.replications, seed, threads: arguments.simulation.threads };
    let bar = progress::bar(1, "", arguments.output.quiet);
    let watch = Watching {
        stop: progress::stop_on_interrupt()?,
        progress: &|pass, done, planned| {
            bar.set_message(pass);
            bar.set_length(u64::from(planned));
            bar.set_position(u64::from(done));
        },
    };
    let found = sensitivity::explain(&scenario, &simulator, &settings, &watch);
    bar.finish_and_clear();
    let found = found.map_err(|error| match error {
        StudyError::NothingUncertain
        | StudyError::Budget { .. }
        | StudyError::Plan(_)
        | StudyError::Endless(_) => Failure::usage(error),
        StudyError::Experiment(_) | StudyError::Interrupted => Failure::work(error),
    })?;
    let facts = facts(&scenario, seed, found.shares.runs(), begun);
    let report = ExplanationReport::new(&scenario, &found, seed);
    results::stage_explanation(&staging, &scenario, &found, &report).map_err(Failure::work)?;
    let scenarios = vec![kept(&arguments.scenario, &arguments.overrides, &scenario)?];
    publish(&staging, &facts, scenarios, findings::Found::Explanation(Box::new(found)))?;
    let files = staging.commit(&facts).map_err(Failure::work)?;
    let found = Some(Found::Explanation(&report));
    Done { directory: &out, files: &files, run: &facts, found }.tell(arguments.output, "")
}
