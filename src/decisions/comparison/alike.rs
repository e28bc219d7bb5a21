//! Whether scenarios can be compared at all: the same calendar, the same areas, the criteria measured.
//!
//! Consumes scenarios; produces every reason against, at once.

use super::answer::Candidate;
use super::criterion::{Judged, Reading, usual};
use crate::experiment::{ExperimentError, PlanError};
use crate::scenario::Scenario;
use crate::simulation::Layout;

/// Why there is no comparison.
#[derive(Debug, thiserror::Error)]
pub enum Incomparable {
    /// The scenarios do not go together.
    #[error("these scenarios cannot be compared:\n{}", listed(.0))]
    Unlike(Vec<String>),
    /// A number of replications that cannot be.
    #[error("{0}")]
    Plan(#[from] PlanError),
    /// The simulation failed.
    #[error("{0}")]
    Experiment(#[from] ExperimentError),
    /// Somebody stopped it before the second replication was done.
    #[error("interrupted before two replications were done; nothing was written")]
    Interrupted,
}

fn listed(reasons: &[String]) -> String {
    reasons.iter().map(|reason| format!("  - {reason}")).collect::<Vec<_>>().join("\n")
}

/// Every way in which options do not go with the base, in words.
pub(super) fn differences(base: &Scenario, options: &[Candidate]) -> Vec<String> {
    let mut reasons = Vec::new();
    let mut names = vec![base.name.as_str()];
    for option in options.iter().map(|option| option.scenario) {
        if names.contains(&option.name.as_str()) {
            reasons.push(format!(
                "two are called `{}`, so that results could mean either: give each a `name` of its own",
                option.name
            ));
        }
        names.push(&option.name);
        calendars(base, option, &mut reasons);
        areas(base, option, &mut reasons);
    }
    reasons
}

fn calendars(base: &Scenario, option: &Scenario, reasons: &mut Vec<String>) {
    let mut differ = |what: &str, of_base: String, of_option: String| {
        if of_base != of_option {
            reasons.push(format!(
                "`{}` has {what} = {of_option}, the base `{}` has {of_base}: compare the same weeks",
                option.name, base.name
            ));
        }
    };
    differ("start", base.start.to_string(), option.start.to_string());
    differ("horizon_weeks", base.horizon_weeks.to_string(), option.horizon_weeks.to_string());
    differ("warm_up_weeks", base.warm_up_weeks.to_string(), option.warm_up_weeks.to_string());
    let shut = |scenario: &Scenario, id: &str| {
        let area = scenario.areas.iter().find(|area| area.id == id)?;
        let dates = |closed: &crate::calendar::SchoolBreak| (closed.from, closed.to);
        let mut all: Vec<_> = area.schools.breaks.iter().map(dates).collect();
        all.sort_unstable();
        Some(all)
    };
    let common = |id: &&str| option.areas.iter().any(|area| area.id == **id);
    let ids = base.areas.iter().map(|area| area.id.as_str()).filter(common);
    let other: Vec<&str> = ids.filter(|id| shut(base, id) != shut(option, id)).collect();
    // Dates that differ move the years for which terms are made up: one reason is enough.
    let same_dates = (base.start, base.horizon_weeks, base.warm_up_weeks)
        == (option.start, option.horizon_weeks, option.warm_up_weeks);
    if same_dates && !other.is_empty() {
        reasons.push(format!(
            "`{}` has other school holidays than the base in {}: give both the same `schools`",
            option.name,
            other.join(", ")
        ));
    }
}

fn areas(base: &Scenario, option: &Scenario, reasons: &mut Vec<String>) {
    let ids = |scenario: &Scenario| scenario.areas.iter().map(|area| area.id.clone()).collect::<Vec<_>>();
    let (of_base, of_option) = (ids(base), ids(option));
    let only = |one: &[String], other: &[String]| {
        one.iter().filter(|id| !other.contains(id)).cloned().collect::<Vec<_>>().join(", ")
    };
    let (missing, more) = (only(&of_base, &of_option), only(&of_option, &of_base));
    if !missing.is_empty() {
        reasons.push(format!("`{}` lacks areas of the base: {missing}", option.name));
    }
    if !more.is_empty() {
        reasons.push(format!("`{}` has areas that the base lacks: {more}", option.name));
    }
}

/// The criteria, or why some cannot be judged. Of the usual ones, those that not all have are left out.
pub(super) fn criteria(
    base: &Scenario,
    all: &[(&Scenario, &Layout)],
    reasons: &mut Vec<String>,
) -> Vec<Judged> {
    let named = base.compare.criteria.clone();
    let chosen = named.clone().unwrap_or_else(|| usual().to_vec());
    let mut found = Vec::new();
    for criterion in chosen {
        let readings: Vec<Result<Reading, String>> =
            all.iter().map(|(scenario, layout)| Reading::of(&criterion, scenario, layout)).collect();
        let kind = match readings.first() {
            Some(Ok(reading)) => reading.kind(all[0].1),
            _ => None,
        };
        let absent = readings.iter().zip(all).filter_map(|(reading, (scenario, _))| {
            let why = reading.as_ref().err()?;
            Some(format!("criterion {why} in `{}`: compare what all of them measure", scenario.name))
        });
        let absent: Vec<String> = absent.collect();
        if absent.is_empty() {
            found.push(Judged { criterion, kind });
        } else if named.is_some() {
            reasons.extend(absent);
        }
    }
    if found.is_empty() && reasons.is_empty() {
        reasons.push("there is nothing to judge by: give the base a `[compare]` table".to_owned());
    }
    found
}
