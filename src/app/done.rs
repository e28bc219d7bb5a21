//! What a command that fills a results directory tells its user when it is done.
//!
//! Consumes the facts of a run and what it found; produces text or JSON on standard output.

use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use super::{Failure, WIDTH, print, print_json};
use crate::cli::{Format, Output};
use crate::report::comparison::ComparisonOverview;
use crate::report::explanation::ExplanationReport;
use crate::report::funding::FundingOverview;
use crate::report::model::{RunFacts, StartState};
use crate::report::staffing::StaffingOverview;
use crate::report::terminal::Overview;
use crate::scenario::Scenario;

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

fn start_state(scenario: &Scenario) -> StartState {
    if scenario.initial.is_empty() {
        StartState::WarmUp { weeks: scenario.warm_up_weeks }
    } else {
        StartState::Initial
    }
}
