//! What a command that fills a results directory tells its user when it is done.
//!
//! Consumes the facts of a run and what it found; produces text or JSON on standard output.

use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;
use serde::Serialize;

use super::{Failure, WIDTH, print, print_json};
use crate::cli::{self, Format, Output};
use crate::report::comparison::ComparisonOverview;
use crate::report::directory::Staging;
use crate::report::explanation::ExplanationReport;
use crate::report::findings::{self, FINDINGS, Findings, Header, ScenarioText};
use crate::report::funding::FundingOverview;
use crate::report::model::RunFacts;
use crate::report::monitoring::MonitorOverview;
use crate::report::publish::{self, Piece};
use crate::report::read::{self, Results, start_state};
use crate::report::staffing::StaffingOverview;
use crate::report::terminal::Overview;
use crate::scenario::{self, Scenario};

/// What `--format json` prints; an empty figure is `null`.
#[derive(Serialize)]
pub(super) struct Done<'a> {
    /// The results directory.
    pub directory: &'a Path,
    /// The files in it.
    pub files: &'a [String],
    /// What was run.
    pub run: &'a RunFacts,
    /// What was found; nothing for a part of a run.
    #[serde(flatten)]
    pub found: Option<Found<'a>>,
}

/// What was found, under its own name.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Found<'a> {
    /// By `caseflow run`.
    Summary(&'a Overview),
    /// By `caseflow explain`.
    Explanation(&'a ExplanationReport),
    /// By `caseflow staff`.
    Staffing(&'a StaffingOverview),
    /// By `caseflow fund`.
    Funding(&'a FundingOverview),
    /// By `caseflow monitor`.
    Monitoring(&'a MonitorOverview),
    /// By `caseflow compare`.
    Comparison(&'a ComparisonOverview),
}

impl Done<'_> {
    /// Tells what was found and, unless it is to be quiet, where it was written; `remark` goes behind.
    pub fn tell(&self, output: Output, remark: &str) -> Result<(), Failure> {
        if output.format == Format::Json {
            return print_json(self);
        }
        let mut text = match &self.found {
            None => String::new(),
            Some(Found::Summary(overview)) => overview.text(WIDTH),
            Some(Found::Explanation(report)) => report.text(WIDTH),
            Some(Found::Staffing(overview)) => overview.text(WIDTH),
            Some(Found::Funding(overview)) => overview.text(WIDTH),
            Some(Found::Comparison(overview)) => overview.text(WIDTH),
            Some(Found::Monitoring(overview)) => overview.text(WIDTH),
        };
        if !output.quiet {
            text.push_str(&format!("\nResults: {}{remark}\n", self.directory.display()));
        }
        print(text.as_bytes())
    }
}

/// The facts of a whole run of this version that began at `begun` and has just ended.
pub(super) fn facts(scenario: &Scenario, seed: u64, replications: u32, begun: Instant) -> RunFacts {
    RunFacts {
        scenario: scenario.name.clone(),
        scenario_sha256: scenario.hash.clone(),
        seed,
        replications,
        shard: None,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        start_state: start_state(scenario),
        wall_seconds: begun.elapsed().as_secs_f64(),
        partial: false,
    }
}

/// The scenario of a file as it was run, to be kept with what was found.
pub(super) fn kept(
    path: &Path,
    overrides: &cli::Overrides,
    scenario: &Scenario,
) -> Result<ScenarioText, Failure> {
    Ok(ScenarioText { name: scenario.name.clone(), text: scenario::effective(path, &overrides.set)? })
}

/// Stages what was found, and then everything that people read, made from what is staged alone.
pub(super) fn publish(
    staging: &Staging,
    facts: &RunFacts,
    scenarios: Vec<ScenarioText>,
    found: findings::Found,
) -> Result<(), Failure> {
    let RunFacts { version, seed, replications, partial, .. } = facts.clone();
    let findings = Findings { header: Header { version, seed, replications, partial, scenarios }, found };
    let bytes = findings.to_bytes().map_err(Failure::work)?;
    drop(findings);
    staging.bytes(FINDINGS, &bytes).map_err(Failure::work)?;
    let results = read::staged(staging.path()).map_err(Failure::work)?;
    publish_results(staging, &results)
}

/// Stages report, workbook and pictures.
pub(super) fn publish_results(staging: &Staging, results: &Results) -> Result<(), Failure> {
    publish::pieces(results)
        .into_par_iter()
        .try_for_each(|piece: Piece| publish::stage(staging, results, piece))
        .map_err(Failure::work)
}
