//! `caseflow monitor`: what was observed, beside the forecast.
//!
//! Consumes the command line, a file of observations and, where wanted, the results of `caseflow staff`; produces
//! a results directory that is whole or absent, and a summary on standard output. An interrupt leaves nothing.

use std::path::Path;
use std::time::Instant;

use super::done::{Done, Found, facts, kept, publish};
use super::{Failure, load, progress};
use crate::cli::{Counted, MonitorArguments};
use crate::decisions::staffing::{Answer, Seat, staffed};
use crate::experiment::Watch;
use crate::monitoring::{self, Recommended, Settings, Unmonitored, watched};
use crate::observed;
use crate::report::directory::Staging;
use crate::report::findings;
use crate::report::monitoring::{MonitorReport, monitor_overview, stage_tables};
use crate::report::read;
use crate::scenario::{Counts, Scenario};
use crate::simulation::Simulator;

/// Lays observations over the forecast and writes what was found.
///
/// # Errors
/// If the scenario, the observations or the options cannot be used (exit code 2), or the work fails or is
/// interrupted (exit code 1).
pub fn monitor(arguments: &MonitorArguments) -> Result<(), Failure> {
    let scenario = load(&arguments.scenario, &arguments.overrides)?;
    let seed = arguments.simulation.seed;
    let simulator = Simulator::new(&scenario, seed);
    let seen = observed::read(&arguments.observed).map_err(Failure::usage)?;
    let seen = match &arguments.authority {
        Some(authority) => seen.of_authority(authority).map_err(Failure::usage)?,
        None => seen.of_one().map_err(Failure::usage)?,
    };
    let counts = match arguments.counts {
        Counted::Families => Counts::Families,
        Counted::Children => Counts::Children,
    };
    let series = watched(&scenario, simulator.layout(), &seen, counts).map_err(Failure::usage)?;
    let staffing = arguments.staff.as_deref().map(|directory| staffing(directory, &scenario)).transpose()?;
    let posts = staffing.as_ref().map(|answer| recommended(&scenario, answer));
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => Path::new("outputs").join(&scenario.name).join("monitor"),
    };
    // Begun before the simulation: a directory that cannot be written is known at once.
    let staging = Staging::begin(&out).map_err(Failure::work)?;

    let begun = Instant::now();
    let bar = progress::bar(1, "runs", arguments.output.quiet);
    let watch = Watch {
        stop: progress::stop_on_interrupt()?,
        progress: &|done, planned| {
            bar.set_length(u64::from(planned));
            bar.set_position(u64::from(done));
        },
    };
    let settings = Settings {
        replications: arguments.replications,
        seed,
        threads: arguments.simulation.threads,
        false_alarms: arguments.false_alarms,
    };
    let posts = posts.as_ref().map(|(scenario, sought)| Recommended { scenario, sought });
    let found = monitoring::monitor(&scenario, posts, series, &settings, &watch);
    bar.finish_and_clear();
    let answer = found.map_err(|reason| match reason {
        Unmonitored::Plan(_) => Failure::usage(reason),
        Unmonitored::Experiment(_) | Unmonitored::Interrupted => Failure::work(reason),
    })?;

    let facts = facts(&scenario, seed, arguments.replications, begun);
    let report = MonitorReport { scenario: &scenario, answer: &answer, run: &facts };
    stage_tables(&staging, &report).map_err(Failure::work)?;
    let scenarios = vec![kept(&arguments.scenario, &arguments.overrides, &scenario)?];
    publish(&staging, &facts, scenarios, findings::Found::Monitoring(Box::new(answer.clone())))?;
    let files = staging.commit(&facts).map_err(Failure::work)?;
    let mut overview = monitor_overview(&report);
    overview.notes.extend(remarks(&seen));
    let found = Some(Found::Monitoring(&overview));
    Done { directory: &out, files: &files, run: &facts, found }.tell(arguments.output, "")
}

/// What of a file was not read.
fn remarks(seen: &observed::Observed) -> Vec<String> {
    let mut list = Vec::new();
    if seen.gaps > 0 {
        list.push(format!("{} lines of {} have no figure", seen.gaps, seen.file));
    }
    let known = ["year_ending_march", "level", "dfe_code", "working_days"];
    let unread: Vec<&str> =
        seen.unread.iter().map(String::as_str).filter(|heading| !known.contains(heading)).collect();
    if !unread.is_empty() {
        list.push(format!("columns of {} that were not read: {}", seen.file, unread.join(", ")));
    }
    list
}

/// The staffing answer in a results directory, if it is one of this scenario.
fn staffing(directory: &Path, scenario: &Scenario) -> Result<Answer, Failure> {
    let results = read::results(directory).map_err(Failure::usage)?;
    let findings::Found::Staffing(answer) = &results.found else {
        return Err(Failure::usage(format_args!(
            "{} holds results of `caseflow {}`; --staff wants those of `caseflow staff`",
            directory.display(),
            results.found.command()
        )));
    };
    if results.scenario().hash != scenario.hash {
        return Err(Failure::usage(format_args!(
            "{} is of another scenario, or of an earlier state of this one: run `caseflow staff` again, with the same --set",
            directory.display()
        )));
    }
    Ok((**answer).clone())
}

/// The scenario with the posts recommended, and how reliably each standard judged is to hold with them.
fn recommended(scenario: &Scenario, answer: &Answer) -> (Scenario, Vec<Option<f64>>) {
    let seats: Vec<Seat> = answer.seats.iter().map(|row| row.seat.clone()).collect();
    let posts: Vec<f64> = answer.seats.iter().map(|row| row.recommended).collect();
    let sought = answer.standards.iter().map(|standard| standard.sought).collect();
    (staffed(scenario, &seats, &posts), sought)
}
