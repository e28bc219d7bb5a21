//! From a results directory back to what was found.
//!
//! Consumes `run.json`, `findings.bin` and, of a run, `weekly.csv`; produces [`Results`], from which report,
//! workbook and pictures are made, by the command that simulated as by `caseflow report`. **Invariant:** what
//! is read is what was written, or there is an error that says what to do.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::csv::WEEKLY;
use super::directory::RUN;
use super::findings::{FINDINGS, Findings, Found, Unreadable, digest};
use super::model::{Report, RunFacts, StartState, area_id, holding_id, inert};
use crate::monitoring;
use crate::scenario::{self, Faults, Scenario};
use crate::simulation::{Layout, Simulator};
use crate::summary::{Estimate, SHARD_FILE, Summary};

/// The weeks of a run.
pub const WEEKLY_FILE: &str = "weekly.csv";

/// A results directory that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Nothing of ours.
    #[error(
        "{} is not a results directory: it has no {RUN}; name a directory that a caseflow command wrote with --out",
        .0.display()
    )]
    NotResults(PathBuf),
    /// A part of a run.
    #[error("{} holds one part of a split run; join all parts with `caseflow merge` first", .0.display())]
    Shard(PathBuf),
    /// A file is missing.
    #[error(
        "{} has no {name}: it is not whole, or an older caseflow wrote it; copy it again, or run the command again",
        .directory.display()
    )]
    Missing {
        /// The results directory.
        directory: PathBuf,
        /// The file.
        name: &'static str,
    },
    /// A file that cannot be read.
    #[error("cannot read {}: {error}", .path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// Findings of another format, or damaged.
    #[error("{} {reason}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: Unreadable,
    },
    /// A table that somebody changed.
    #[error(
        "{} is not as it was written (its SHA-256 differs): put the original back, or run the command again",
        .0.display()
    )]
    Edited(PathBuf),
    /// Made by a caseflow of another version.
    #[error(
        "{} was written by caseflow {found}, and this is caseflow {own}: use that version, or run the command again",
        .directory.display()
    )]
    Version {
        /// The results directory.
        directory: PathBuf,
        /// Its version.
        found: String,
        /// This program's.
        own: &'static str,
    },
    /// Its scenario cannot be loaded.
    #[error("the scenario kept in the results cannot be used:\n{0}")]
    Scenario(#[from] Faults),
}

/// What a results directory holds.
#[derive(Clone, Debug)]
pub struct Results {
    /// What was run; the wall time is not kept, and is 0.
    pub run: RunFacts,
    /// The scenario; of a comparison the base, then the options.
    pub scenarios: Vec<Scenario>,
    /// What was found; the summary of a run is whole again.
    pub found: Found,
    /// The shape of the records.
    pub layout: Layout,
}

impl Results {
    /// The scenario, or the base.
    pub fn scenario(&self) -> &Scenario {
        &self.scenarios[0]
    }

    /// The run as tables and charts want it, if it is one.
    pub fn report(&self) -> Option<Report<'_>> {
        match &self.found {
            Found::Run { summary, .. } => {
                Some(Report { scenario: self.scenario(), layout: &self.layout, summary, run: &self.run })
            }
            _ => None,
        }
    }
}

/// How a state on the first reported day came about.
pub fn start_state(scenario: &Scenario) -> StartState {
    if scenario.initial.is_empty() {
        StartState::WarmUp { weeks: scenario.warm_up_weeks }
    } else {
        StartState::Initial
    }
}

/// Reads a finished results directory.
///
/// # Errors
/// If it is none, or not as it was written by this version.
pub fn results(directory: &Path) -> Result<Results, ReadError> {
    if !directory.join(RUN).is_file() {
        return Err(ReadError::NotResults(directory.to_owned()));
    }
    if directory.join(SHARD_FILE).is_file() {
        return Err(ReadError::Shard(directory.to_owned()));
    }
    staged(directory)
}

/// Reads the tables of a directory that has no `run.json` yet.
///
/// # Errors
/// As [`results`].
pub fn staged(directory: &Path) -> Result<Results, ReadError> {
    let bytes = read(directory, FINDINGS)?;
    let findings = Findings::from_bytes(&bytes)
        .map_err(|reason| ReadError::Unreadable { path: directory.join(FINDINGS), reason })?;
    let Findings { header, mut found } = findings;
    let own = env!("CARGO_PKG_VERSION");
    if header.version != own {
        return Err(ReadError::Version { directory: directory.to_owned(), found: header.version, own });
    }
    let scenarios: Vec<Scenario> = (header.scenarios.iter())
        .map(|scenario| scenario::load_text(&scenario.name, &scenario.text))
        .collect::<Result<_, _>>()?;
    let damaged = |why: &str| ReadError::Unreadable {
        path: directory.join(FINDINGS),
        reason: Unreadable::Damaged(why.to_owned()),
    };
    let base = scenarios.first().ok_or_else(|| damaged("it names no scenario"))?;
    let layout = Simulator::new(base, header.seed).layout().clone();
    if let Found::Run { summary, weekly } = &mut found {
        let bytes = read(directory, WEEKLY_FILE)?;
        if digest(&bytes) != *weekly {
            return Err(ReadError::Edited(directory.join(WEEKLY_FILE)));
        }
        summary.weekly = weeks(&bytes, base, &layout, summary.replications)
            .ok_or_else(|| damaged("it does not belong to weekly.csv"))?;
    }
    if !fits(&found, &scenarios, &layout) {
        return Err(damaged("its parts do not agree"));
    }
    let run = RunFacts {
        scenario: base.name.clone(),
        scenario_sha256: base.hash.clone(),
        seed: header.seed,
        replications: header.replications,
        shard: None,
        version: header.version,
        start_state: start_state(base),
        wall_seconds: 0.0,
        partial: header.partial,
    };
    Ok(Results { run, scenarios, found, layout })
}

fn read(directory: &Path, name: &'static str) -> Result<Vec<u8>, ReadError> {
    fs::read(directory.join(name)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ReadError::Missing { directory: directory.to_owned(), name },
        _ => ReadError::Disk { path: directory.join(name), error },
    })
}

/// Whether what was found has the shape that its scenario gives.
fn fits(found: &Found, scenarios: &[Scenario], layout: &Layout) -> bool {
    match found {
        Found::Run { summary, .. } => fits_layout(summary, layout),
        Found::Comparison(found) => scenarios.len() == found.options.len() + 1,
        Found::Monitoring(found) => fits_monitoring(found, &scenarios[0], layout),
        Found::Staffing(_) | Found::Explanation(_) | Found::Funding(_) => true,
    }
}

/// Whether whatever a monitoring answer names is in its scenario.
fn fits_monitoring(found: &monitoring::Answer, scenario: &Scenario, layout: &Layout) -> bool {
    let series = |one: &monitoring::SeriesAnswer| {
        let of = &one.watched;
        one.cells.len() == of.cells.len()
            && (layout.series.iter()).any(|other| {
                (other.area, other.holding, &other.measure) == (of.area, of.holding, &of.measure)
            })
    };
    let charted = |chart: &monitoring::Signal| {
        let periods = found.series.get(chart.series).map_or(0, |one| one.cells.len());
        chart.course.len() == periods && chart.first.max(chart.since).is_none_or(|at| at < periods)
    };
    found.series.iter().all(series)
        && found.charts.iter().all(charted)
        && found.signals.iter().all(|&at| at < found.charts.len())
        && found.beliefs.iter().all(|belief| belief.parameter < scenario.parameters.len())
        && found.promises.iter().all(|promise| layout.judged.contains(&promise.judged))
}

fn fits_layout(summary: &Summary, layout: &Layout) -> bool {
    summary.weeks == layout.weeks
        && summary.horizon.len() == layout.series.len()
        && summary.standards.len() == layout.judged.len()
        && summary.costs.lines.len() == layout.cost_lines.len()
}

/// The weeks of `weekly.csv`, in the layout's order; `None` if it has other rows.
fn weeks(bytes: &[u8], scenario: &Scenario, layout: &Layout, replications: u32) -> Option<Vec<Estimate>> {
    let mut rows = ::csv::Reader::from_reader(bytes);
    if !rows.byte_headers().ok()?.iter().eq(WEEKLY.iter().map(|name| name.as_bytes())) {
        return None;
    }
    let mut estimates = Vec::with_capacity(layout.series.len() * layout.weeks);
    let mut row = ::csv::ByteRecord::new();
    for series in &layout.series {
        let area = inert(area_id(scenario, series.area));
        let team = inert(holding_id(scenario, series.holding));
        let measure = inert(&series.measure);
        for _ in 0..layout.weeks {
            let here = rows.read_byte_record(&mut row).ok()?
                && row.get(0)? == area.as_bytes()
                && row.get(1)? == team.as_bytes()
                && row.get(3)? == measure.as_bytes();
            if !here {
                return None;
            }
            estimates.push(estimate(&row, replications)?);
        }
    }
    (!rows.read_byte_record(&mut row).ok()?).then_some(estimates)
}

fn estimate(row: &::csv::ByteRecord, replications: u32) -> Option<Estimate> {
    let number = |column: usize| match row.get(column)? {
        b"" => Some(f64::NAN),
        text => std::str::from_utf8(text).ok()?.parse::<f64>().ok(),
    };
    let [mean, se, p05, p25, p50, p75, p95] =
        [number(4)?, number(5)?, number(6)?, number(7)?, number(8)?, number(9)?, number(10)?];
    // How many replications had the figure is not kept; whether any had, is.
    let n = if mean.is_nan() { 0 } else { replications };
    Some(Estimate { n, mean, se, p05, p25, p50, p75, p95 })
}
