//! `caseflow run` and `caseflow merge`: from a scenario, or from shards, to a results directory.
//!
//! Consumes the command line; produces a results directory that is whole or absent, and a summary on
//! standard output. Invariant: a merged run and a single run of the same replications go through the
//! same code from the tally on, so that their files are the same bytes.

use std::fs;
use std::path::Path;
use std::time::Instant;

use super::done::{Done, Found, facts, kept, publish};
use super::{Failure, load, print, print_json, progress};
use crate::cli::{Format, MergeArguments, Output, RunArguments};
use crate::experiment::{Plan, RunLength, Watch};
use crate::report::directory::Staging;
use crate::report::findings::{self, ScenarioText};
use crate::report::model::{Report, RunFacts};
use crate::report::read::WEEKLY_FILE;
use crate::report::results;
use crate::report::terminal::overview;
use crate::scenario::{self, Scenario};
use crate::simulation::{Layout, Simulator};
use crate::summary::{
    self, Collected, HowEnded, Origin, PrecisionTarget, SHARD_FILE, ShardFile, Summary, Tally, collect,
};

/// Simulates a scenario and writes its results.
///
/// # Errors
/// If the scenario or the options cannot be used (exit code 2), or the work fails or is interrupted
/// (exit code 1). After an interrupt the replications done are written, marked partial.
pub fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let scenario = load(&arguments.scenario, &arguments.overrides)?;
    let seed = arguments.simulation.seed;
    let simulator = Simulator::new(&scenario, seed);
    let length = match (arguments.replications, arguments.precision) {
        (Some(replications), _) => RunLength::Fixed(replications),
        (None, Some(precision)) => RunLength::Precision(precision),
        (None, None) => RunLength::Fixed(scenario.experiment.replications),
    };
    let plan =
        Plan::new(length, arguments.shard).map_err(Failure::usage)?.on_threads(arguments.simulation.threads);
    let target = match length {
        RunLength::Precision(wanted) => Some(
            PrecisionTarget::new(simulator.layout(), &scenario.experiment.precision_measures, wanted)
                .map_err(Failure::usage)?,
        ),
        RunLength::Fixed(_) => None,
    };
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => Path::new("outputs").join(&scenario.name),
    };
    // Begun before the simulation: a directory that cannot be written is known at once.
    let staging = Staging::begin(&out).map_err(Failure::work)?;

    let begun = Instant::now();
    let collected = simulate(&simulator, &plan, target.as_ref(), arguments.output)?;
    let tally = &collected.tally;
    if tally.replications() == 0 {
        return Err(Failure::work("interrupted before the first replication was done; nothing was written"));
    }
    let facts = RunFacts {
        shard: arguments.shard,
        partial: collected.ended.is_partial(),
        ..facts(&scenario, seed, tally.replications(), begun)
    };
    match arguments.shard {
        None => {
            let results = Results::new(&scenario, simulator.layout(), tally, &facts);
            let kept = kept(&arguments.scenario, &arguments.overrides, &scenario)?;
            results.write(staging, &out, arguments.output, kept)?;
        }
        Some(_) if facts.partial => {
            return Err(Failure::work(
                "interrupted: a shard is of use only whole, so nothing was written; run it again",
            ));
        }
        Some(shard) => {
            let origin = Origin {
                version: facts.version.clone(),
                scenario_name: scenario.name.clone(),
                scenario_hash: scenario.hash.clone(),
                scenario: scenario::effective(&arguments.scenario, &arguments.overrides.set)?,
                seed,
                replications: plan.total(),
            };
            let file = ShardFile { origin, shard, tally: collected.tally };
            write_shard(staging, &file, &facts, &out, arguments.output)?;
        }
    }
    verdict(&collected.ended)
}

/// Joins shards into the results of one run.
///
/// # Errors
/// If the shards do not make one run (exit code 2), or writing fails (exit code 1).
pub fn merge(arguments: &MergeArguments) -> Result<(), Failure> {
    let begun = Instant::now();
    let merged = summary::merge(&arguments.shards).map_err(Failure::usage)?;
    let origin = &merged.origin;
    let scenario = scenario::load_text(&origin.scenario_name, &origin.scenario)?;
    let simulator = Simulator::new(&scenario, origin.seed);
    if scenario.hash != origin.scenario_hash || !merged.tally.fits(simulator.layout()) {
        return Err(Failure::usage(
            "these shards do not hold the results of the scenario that they name; run them again",
        ));
    }
    let facts = RunFacts {
        scenario: origin.scenario_name.clone(),
        version: origin.version.clone(),
        ..facts(&scenario, origin.seed, merged.tally.replications(), begun)
    };
    let staging = Staging::begin(&arguments.out).map_err(Failure::work)?;
    let results = Results::new(&scenario, simulator.layout(), &merged.tally, &facts);
    let kept = ScenarioText { name: origin.scenario_name.clone(), text: origin.scenario.clone() };
    results.write(staging, &arguments.out, arguments.output, kept)
}

fn simulate(
    simulator: &Simulator<'_>,
    plan: &Plan,
    target: Option<&PrecisionTarget>,
    output: Output,
) -> Result<Collected, Failure> {
    let bar = progress::bar(u64::from(plan.len()), "replications", output.quiet);
    let watch = Watch {
        stop: progress::stop_on_interrupt()?,
        progress: &|done, planned| {
            bar.set_length(u64::from(planned));
            bar.set_position(u64::from(done));
        },
    };
    let collected = collect(simulator, plan, target, &watch).map_err(Failure::work);
    bar.finish_and_clear();
    collected
}

/// Whether the run did what was asked, after its results are safe.
fn verdict(ended: &HowEnded) -> Result<(), Failure> {
    match ended {
        HowEnded::Complete | HowEnded::Precise => Ok(()),
        HowEnded::NotPrecise => Err(Failure::work(
            "the wanted precision was not reached with the most replications allowed; \
             the results of those were written",
        )),
        HowEnded::Interrupted => {
            Err(Failure::work("interrupted: results of the replications done were written, marked partial"))
        }
    }
}

fn write_shard(
    staging: Staging,
    file: &ShardFile,
    facts: &RunFacts,
    out: &Path,
    output: Output,
) -> Result<(), Failure> {
    let bytes = file.to_bytes().map_err(Failure::work)?;
    staging.bytes(SHARD_FILE, &bytes).map_err(Failure::work)?;
    let files = staging.commit(facts).map_err(Failure::work)?;
    match output.format {
        Format::Json => print_json(&Done { directory: out, files: &files, run: facts, found: None }),
        Format::Table if output.quiet => Ok(()),
        Format::Table => print(
            format!(
                "Shard {} of {}: {} replications in {}. Join all shards with `caseflow merge`.\n",
                file.shard.index(),
                file.shard.of(),
                facts.replications,
                out.display()
            )
            .as_bytes(),
        ),
    }
}

/// A run's figures with all that explains them.
struct Results<'a> {
    scenario: &'a Scenario,
    layout: &'a Layout,
    tally: &'a Tally,
    summary: Summary,
    facts: &'a RunFacts,
}

impl<'a> Results<'a> {
    fn new(scenario: &'a Scenario, layout: &'a Layout, tally: &'a Tally, facts: &'a RunFacts) -> Self {
        let required: Vec<f64> =
            layout.judged.iter().map(|judged| scenario.standards[judged.standard].required_share).collect();
        Self { scenario, layout, tally, summary: tally.summarise(&required), facts }
    }

    /// Writes the directory, then tells the user.
    fn write(&self, staging: Staging, out: &Path, output: Output, kept: ScenarioText) -> Result<(), Failure> {
        let report =
            Report { scenario: self.scenario, layout: self.layout, summary: &self.summary, run: self.facts };
        results::stage_tables(&staging, &report, self.tally.table()).map_err(Failure::work)?;
        let weekly = fs::read(staging.path().join(WEEKLY_FILE)).map_err(Failure::work)?;
        // The weeks are in that file already.
        let found = findings::Found::Run {
            summary: Box::new(Summary { weekly: Vec::new(), ..self.summary.clone() }),
            weekly: findings::digest(&weekly),
        };
        drop(weekly);
        publish(&staging, self.facts, vec![kept], found)?;
        let files = staging.commit(self.facts).map_err(Failure::work)?;
        let summary = overview(&report, &self.scenario.notes);
        let found = Some(Found::Summary(&summary));
        Done { directory: out, files: &files, run: self.facts, found }.tell(output, "")
    }
}
