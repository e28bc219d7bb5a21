//! `caseflow explain`: what drives the answers, and what is worth measuring.
//!
//! Consumes the command line; produces a results directory that is whole or absent, and a summary on
//! standard output. An interrupt leaves nothing: half a design says nothing sound.

use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;
use serde::Serialize;

use super::run::start_state;
use super::{Failure, WIDTH, load, print, print_json, progress};
use crate::cli::{ExplainArguments, Format};
use crate::report::directory::Staging;
use crate::report::explanation::{ExplanationReport, headline};
use crate::report::model::RunFacts;
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
    let facts = RunFacts {
        scenario: scenario.name.clone(),
        scenario_sha256: scenario.hash.clone(),
        seed,
        replications: found.shares.runs(),
        shard: None,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        start_state: start_state(&scenario),
        wall_seconds: begun.elapsed().as_secs_f64(),
        partial: false,
    };
    let report = ExplanationReport::new(&scenario, &found, seed);
    results::stage_explanation(&staging, &scenario, &found, &report).map_err(Failure::work)?;
    headline(&found)
        .into_par_iter()
        .try_for_each(|output| results::stage_tornado(&staging, &scenario, &found, &facts, output))
        .map_err(Failure::work)?;
    let files = staging.commit(&facts).map_err(Failure::work)?;
    match arguments.output.format {
        Format::Json => {
            print_json(&Done { directory: &out, files: &files, run: &facts, explanation: &report })
        }
        Format::Table => {
            let mut text = report.text(WIDTH);
            if !arguments.output.quiet {
                text.push_str(&format!("\nResults: {}\n", out.display()));
            }
            print(text.as_bytes())
        }
    }
}

/// What `--format json` prints; an empty figure is `null`.
#[derive(Serialize)]
struct Done<'a> {
    directory: &'a Path,
    files: &'a [String],
    run: &'a RunFacts,
    explanation: &'a ExplanationReport,
}
