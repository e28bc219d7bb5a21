//! `caseflow compare`: how options differ from a base.
//!
//! Consumes the command line; produces a results directory that is whole or absent, and a summary on
//! standard output. After an interrupt the whole replications done are written, marked partial.

use std::path::Path;
use std::time::Instant;

use super::done::{Done, Found, facts, kept as kept_scenario, publish};
use super::{Failure, load, progress};
use crate::cli::CompareArguments;
use crate::decisions::comparison::{Candidate, Incomparable, Terms, compare as find};
use crate::experiment::Watch;
use crate::report::comparison::{self, ComparisonReport, comparison_overview};
use crate::report::directory::Staging;
use crate::report::findings;
use crate::report::model::RunFacts;
use crate::scenario::{self, Part, Scenario};

/// Compares scenarios and writes what was found.
///
/// # Errors
/// If the scenarios or the options cannot be used, or do not go together (exit code 2), or the work fails or
/// is interrupted (exit code 1).
pub fn compare(arguments: &CompareArguments) -> Result<(), Failure> {
    let base = load(&arguments.base, &arguments.overrides)?;
    let options: Vec<Scenario> = (arguments.options.iter())
        .map(|path| load(path, &arguments.overrides))
        .collect::<Result<_, Failure>>()?;
    let parts: Vec<Vec<Part>> = (arguments.options.iter())
        .map(|path| match arguments.no_parts {
            true => Ok(Vec::new()),
            false => scenario::parts(&arguments.base, path, &arguments.overrides.set),
        })
        .collect::<Result<_, _>>()?;
    let terms = Terms {
        replications: arguments.replications.unwrap_or(base.experiment.replications.max(2)),
        seed: arguments.simulation.seed,
        threads: arguments.simulation.threads,
    };
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => Path::new("outputs").join(&base.name).join("compare"),
    };
    // Begun before the simulation: a directory that cannot be written is known at once.
    let staging = Staging::begin(&out).map_err(Failure::work)?;
    let begun = Instant::now();
    let candidates: Vec<Candidate> =
        options.iter().zip(&parts).map(|(scenario, parts)| Candidate { scenario, parts }).collect();
    let bar = progress::bar(1, "runs", arguments.output.quiet);
    let watch = Watch {
        stop: progress::stop_on_interrupt()?,
        progress: &|done, planned| {
            bar.set_length(u64::from(planned));
            bar.set_position(u64::from(done));
        },
    };
    let found = find(&base, &candidates, &terms, &watch);
    bar.finish_and_clear();
    let found = found.map_err(|reason| match reason {
        Incomparable::Unlike(_) | Incomparable::Plan(_) => Failure::usage(reason),
        Incomparable::Experiment(_) | Incomparable::Interrupted => Failure::work(reason),
    })?;

    let facts = RunFacts { partial: found.partial, ..facts(&base, terms.seed, found.replications, begun) };
    let scenarios: Vec<&Scenario> = options.iter().collect();
    let report = ComparisonReport { base: &base, options: &scenarios, comparison: &found, run: &facts };
    comparison::stage_tables(&staging, &report).map_err(Failure::work)?;
    let kept =
        [&arguments.base].into_iter().chain(&arguments.options).zip([&base].into_iter().chain(&options));
    let kept = kept
        .map(|(path, scenario)| kept_scenario(path, &arguments.overrides, scenario))
        .collect::<Result<_, _>>()?;
    publish(&staging, &facts, kept, findings::Found::Comparison(Box::new(found.clone())))?;
    let files = staging.commit(&facts).map_err(Failure::work)?;
    let overview = comparison_overview(&report);
    let done =
        Done { directory: &out, files: &files, run: &facts, found: Some(Found::Comparison(&overview)) };
    done.tell(arguments.output, "")?;
    if found.partial {
        return Err(Failure::work(
            "interrupted: results of the replications done were written, marked partial",
        ));
    }
    Ok(())
}
