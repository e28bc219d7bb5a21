//! What each command does: the wiring, and the only file access besides scenarios and results.
//!
//! Consumes a [`Command`]; produces effects: standard output, files, progress on standard error.
//! Invariants: results are whole or absent; a closed pipe is no error; every failure carries its
//! exit code, so that only [`Failure::exit_code`] decides it.

mod backtest;
mod check;
mod compare;
mod done;
mod explain;
mod fund;
mod init;
mod ledger;
mod monitor;
mod progress;
mod report;
mod run;
mod search;
mod staff;
mod verify;

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::cli::{self, CheckArguments, Command, Format};
use crate::scenario::{self, Faults, Scenario};

pub use check::CheckReport;

/// Columns of text printed for people.
const WIDTH: usize = 110;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The scenario cannot be used.
    #[error("{0}")]
    Scenario(#[from] Faults),
    /// The command line makes no sense for this scenario or on this machine.
    #[error("{0}")]
    Usage(String),
    /// The work failed or was interrupted.
    #[error("{0}")]
    Work(String),
}

impl Failure {
    fn usage(reason: impl std::fmt::Display) -> Self {
        Self::Usage(reason.to_string())
    }

    fn work(reason: impl std::fmt::Display) -> Self {
        Self::Work(reason.to_string())
    }

    /// 1 when the work failed, 2 when the command line or the scenario is unusable.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Work(_) => 1,
            Self::Scenario(_) | Self::Usage(_) => 2,
        }
    }

    /// Tells the user, on standard error.
    pub fn print(&self) {
        let mut error = io::stderr();
        // Nobody is left to tell if standard error is closed.
        let _ = match self {
            Self::Scenario(faults) => write!(error, "{}", faults.render(error.is_terminal() && colour())),
            Self::Usage(reason) | Self::Work(reason) => writeln!(error, "error: {reason}"),
        };
    }
}

/// Does what was asked.
///
/// # Errors
/// If the scenario or the command line cannot be used, or the work fails.
pub fn carry_out(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Init(arguments) => init::init(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::Staff(arguments) => staff::staff(arguments),
        Command::Fund(arguments) => fund::fund(arguments),
        Command::Monitor(arguments) => monitor::monitor(arguments),
        Command::Compare(arguments) => compare::compare(arguments),
        Command::Check(arguments) => check(arguments),
        Command::Explain(arguments) => explain::explain(arguments),
        Command::Merge(arguments) => run::merge(arguments),
        Command::Report(arguments) => report::report(arguments),
        Command::Backtest(arguments) => backtest::backtest(arguments),
        Command::Verify(arguments) => verify::verify(arguments),
        Command::Schema => print_json(&scenario::schema()),
        Command::Completions { shell } => print(&cli::completions(*shell)),
    }
}

fn check(arguments: &CheckArguments) -> Result<(), Failure> {
    let scenario = load(&arguments.scenario, &arguments.overrides)?;
    let report = CheckReport::new(&scenario).map_err(Failure::usage)?;
    match arguments.output.format {
        Format::Table => print(report.to_text().as_bytes()),
        Format::Json => print_json(&report),
    }
}

fn load(path: &std::path::Path, overrides: &cli::Overrides) -> Result<Scenario, Failure> {
    Ok(scenario::load(path, &overrides.set)?)
}

/// Writes a single file, whole or not at all: beside its place first, then into it.
fn write_whole(path: &std::path::Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path)).map_err(|error| {
        // Nothing half written stays; if it cannot be removed, the message names the place.
        let _ = std::fs::remove_file(&beside);
        Failure::work(format_args!("cannot write {}: {error}", path.display()))
    })
}

/// Prints JSON, indented, with a line end.
fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let mut text = serde_json::to_vec_pretty(value).map_err(Failure::work)?;
    text.push(b'\n');
    print(&text)
}

/// Writes to standard output. A reader that has seen enough (`caseflow check … | head`) is no error.
fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::work(format_args!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Whether colours are wanted, by the convention of <https://no-color.org>.
fn colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
