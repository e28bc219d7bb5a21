//! Command line: what the user asked for, as plain values.
//!
//! Consumes arguments; produces a [`Command`]. Nothing here reads a file or prints results.
//! Invariant: whatever clap accepts is well formed on its own; what depends on the scenario is
//! checked by [`crate::app`].

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::experiment::Shard;

/// Arguments of the program.
#[derive(Debug, Parser)]
#[command(
    name = "caseflow",
    version,
    about = "How many early help workers and social workers each area needs",
    long_about = "A Monte Carlo model of referrals, casework and staff in English children's services.",
    after_help = "Exit codes: 0 success, 1 the work failed or was interrupted, 2 unusable command line or scenario.",
    max_term_width = 100
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Write a starting scenario of any English authority from published statistics
    Init(InitArguments),
    /// Simulate a scenario; write results, plots and tables
    Run(RunArguments),
    /// Find the least posts with which every standard is met, with the staffing curves
    Staff(StaffArguments),
    /// Share money for posts out: rules side by side, and the best split
    Fund(FundArguments),
    /// Compare scenarios on the same families: the first is the base
    Compare(CompareArguments),
    /// Check a scenario; print its assumptions and the instant analytic answer, simulate nothing
    Check(CheckArguments),
    /// Explain a scenario: what drives the answers, and what is worth measuring
    Explain(ExplainArguments),
    /// Lay observed weeks or months over the forecast: signals, what they say, whether posts still do
    Monitor(MonitorArguments),
    /// Join the shards of a run; the result is bit-identical to one run of all replications
    Merge(MergeArguments),
    /// Make report, workbook and plots again from the results of any command
    Report(ReportArguments),
    /// Forecast months that are known from those before them: coverage, bias, scores against baselines
    Backtest(BacktestArguments),
    /// Simulate the cases that mathematics can solve, and print both answers
    Verify(VerifyArguments),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Arguments of `caseflow init`.
#[derive(Args, Clone, Debug)]
pub struct InitArguments {
    /// Authority: its name, as you would write it, or its code, such as E06000002
    #[arg(long, value_name = "NAME")]
    pub authority: String,
    /// Year ending in March of this year [default: the last that is published for it]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(2013..=2100))]
    pub year: Option<i16>,
    /// So many areas, of wards alike in deprivation [default: the districts of a county; elsewhere by size]
    #[arg(long, value_name = "N", conflicts_with_all = ["wards", "grouping"], value_parser = clap::value_parser!(u32).range(1..=200))]
    pub areas: Option<u32>,
    /// Each ward an area of its own
    #[arg(long, conflicts_with = "grouping")]
    pub wards: bool,
    /// Areas as a CSV file says: columns ward (name or code) and area
    #[arg(long, value_name = "FILE")]
    pub grouping: Option<PathBuf>,
    /// Scenario file to write [default: the authority's name in the current directory; - is standard output]
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,
}

/// Arguments of `caseflow backtest`.
#[derive(Args, Clone, Debug)]
pub struct BacktestArguments {
    /// Scenario file, whose sources say how much schools refer [default: as published for the authority]
    pub scenario: Option<PathBuf>,
    /// What was observed, by month or week [default: the shipped months of every authority]
    #[arg(long, value_name = "FILE")]
    pub observed: Option<PathBuf>,
    /// One authority of a file that has several, by code or name
    #[arg(long, value_name = "NAME", requires = "observed")]
    pub authority: Option<String>,
    /// The measure that is forecast [default: referrals, or the only one]
    #[arg(long, value_name = "MEASURE", requires = "observed")]
    pub measure: Option<String>,
    /// Write the scores as CSV too, as the record that reports show
    #[arg(long, value_name = "FILE", conflicts_with = "observed")]
    pub csv: Option<PathBuf>,
    /// Results directory [default: outputs/backtest]
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What it starts from
    #[command(flatten)]
    pub overrides: Overrides,
    /// How it simulates
    #[command(flatten)]
    pub simulation: Simulation,
    /// What it prints
    #[command(flatten)]
    pub output: Output,
}

/// Arguments of `caseflow run`.
#[derive(Args, Clone, Debug)]
pub struct RunArguments {
    /// Scenario file
    pub scenario: PathBuf,
    /// Number of replications [default: the scenario's own]
    #[arg(long, value_name = "N", conflicts_with = "precision", value_parser = clap::value_parser!(u32).range(1..))]
    pub replications: Option<u32>,
    /// Simulate until means are known to this share of themselves, such as 0.02
    #[arg(long, value_name = "X", value_parser = share)]
    pub precision: Option<f64>,
    /// Do only part I of N of the replications, for `caseflow merge`
    #[arg(long, value_name = "I/N", conflicts_with = "precision")]
    pub shard: Option<Shard>,
    /// Results directory [default: one of the scenario's name, in outputs/]
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What it starts from
    #[command(flatten)]
    pub overrides: Overrides,
    /// How it simulates
    #[command(flatten)]
    pub simulation: Simulation,
    /// What it prints
    #[command(flatten)]
    pub output: Output,
}

/// Arguments of `caseflow staff`.
#[derive(Args, Clone, Debug)]
pub struct StaffArguments {
    /// Scenario file
    pub scenario: PathBuf,
    /// Replications of each decision at most, and of the confirmation [default: the scenario's own]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(20..=100_000))]
    pub replications: Option<u32>,
    /// Results directory [default: staff, in the scenario's own in outputs/]
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What it starts from
    #[command(flatten)]
    pub overrides: Overrides,
    /// How it simulates
    #[command(flatten)]
    pub simulation: Simulation,
    /// What it prints
    #[command(flatten)]
    pub output: Output,
}

/// Arguments of `caseflow fund`.
#[derive(Args, Clone, Debug)]
pub struct FundArguments {
    /// Scenario file
    pub scenario: PathBuf,
    /// Replications behind each figure [default: the scenario's own, at most 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(20..=100_000))]
    pub replications: Option<u32>,
    /// Results directory [default: fund, in the scenario's own in outputs/]
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What it starts from
    #[command(flatten)]
    pub overrides: Overrides,
    /// How it simulates
    #[command(flatten)]
    pub simulation: Simulation,
    /// What it prints
    #[command(flatten)]
    pub output: Output,
}

/// Arguments of `caseflow compare`.
#[derive(Args, Clone, Debug)]
pub struct CompareArguments {
    /// Scenario file of the base
    #[arg(value_name = "BASE")]
    pub base: PathBuf,
    /// Scenario files of the options
    #[arg(required = true, value_name = "OTHER")]
    pub options: Vec<PathBuf>,
    /// Replications of each scenario, at least 2 [default: the base's own]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub replications: Option<u32>,
    /// Do not simulate each option's changes one at a time
    #[arg(long)]
    pub no_parts: bool,
    /// Results directory [default: compare, in the base's own folder of outputs/]
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What all of them start from
    #[command(flatten)]
    pub overrides: Overrides,
    /// How it simulates
    #[command(flatten)]
    pub simulation: Simulation,
    /// What it prints
    #[command(flatten)]
    pub output: Output,
}

/// Arguments of `caseflow check`.
#[derive(Args, Clone, Debug)]
pub struct CheckArguments {
    /// Scenario file
    pub scenario: PathBuf,
    /// What it starts from
    #[command(flatten)]
    pub overrides: Overrides,
    /// What it prints
    #[command(flatten)]
    pub output: Output,
}

/// Arguments of `caseflow explain`.
#[derive(Args, Clone, Debug)]
pub struct ExplainArguments {
    /// Scenario file
    pub scenario: PathBuf,
    /// Simulated runs to spend in all, about
    #[arg(long, value_name = "N", default_value_t = 3000, value_parser = clap::value_parser!(u32).range(1..))]
    pub replications: u32,
    /// Results directory [default: explain, in the scenario's own folder of outputs/]
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What it starts from
    #[command(flatten)]
    pub overrides: Overrides,
    /// How it simulates
    #[command(flatten)]
    pub simulation: Simulation,
    /// What it prints
    #[command(flatten)]
    pub output: Output,
}

/// Arguments of `caseflow monitor`.
#[derive(Args, Clone, Debug)]
pub struct MonitorArguments {
    /// Scenario file
    pub scenario: PathBuf,
    /// CSV file of what was observed: week_start (or month), measure, value; area and team where wanted
    #[arg(long, value_name = "FILE")]
    pub observed: PathBuf,
    /// The authority, where the file has several: name or code
    #[arg(long, value_name = "NAME")]
    pub authority: Option<String>,
    /// What observed events count, where the file does not say
    #[arg(long, value_name = "WHOM", default_value = "families")]
    pub counts: Counted,
    /// Results of `caseflow staff`: ask whether its recommendation still stands
    #[arg(long, value_name = "DIR")]
    pub staff: Option<PathBuf>,
    /// Replications of the forecast, at least 100
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    pub replications: u32,
    /// Chance of any signal at all if the forecast holds
    #[arg(long, value_name = "X", default_value_t = 0.05, value_parser = share)]
    pub false_alarms: f64,
    /// Results directory [default: monitor, in the scenario's own folder of outputs/]
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What it starts from
    #[command(flatten)]
    pub overrides: Overrides,
    /// How it simulates
    #[command(flatten)]
    pub simulation: Simulation,
    /// What it prints
    #[command(flatten)]
    pub output: Output,
}

/// What a count counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Counted {
    /// Families, as the model does
    Families,
    /// Children, as the Department for Education does
    Children,
}

/// Arguments of `caseflow merge`.
#[derive(Args, Clone, Debug)]
pub struct MergeArguments {
    /// Results directories written by `caseflow run --shard`
    #[arg(required = true, value_name = "RESULTS_DIR")]
    pub shards: Vec<PathBuf>,
    /// Directory for the joined results
    #[arg(long, short, value_name = "DIR")]
    pub out: PathBuf,
    /// What it prints
    #[command(flatten)]
    pub output: Output,
}

/// Arguments of `caseflow report`.
#[derive(Args, Clone, Debug)]
pub struct ReportArguments {
    /// Results directory written by a command that simulates
    #[arg(value_name = "RESULTS_DIR")]
    pub results: PathBuf,
    /// What it prints
    #[command(flatten)]
    pub output: Output,
}

/// Arguments of `caseflow verify`.
#[derive(Args, Clone, Debug)]
pub struct VerifyArguments {
    /// Write the table as CSV too, as the record that reports show
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// How it simulates
    #[command(flatten)]
    pub simulation: Simulation,
    /// What it prints
    #[command(flatten)]
    pub output: Output,
}

/// Changes to the scenario.
#[derive(Args, Clone, Debug)]
pub struct Overrides {
    /// Set one figure of the scenario, such as areas.north.teams.early_help.fte=9.5 (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = assignment)]
    pub set: Vec<(String, String)>,
}

/// How to simulate.
#[derive(Args, Clone, Copy, Debug)]
pub struct Simulation {
    /// Master seed: the same seed gives the same results to the last digit
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Threads [default: one for every core]; the results do not depend on it
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

/// What goes to the terminal.
#[derive(Args, Clone, Copy, Debug)]
pub struct Output {
    /// No progress and no remarks
    #[arg(long, short)]
    pub quiet: bool,
    /// Form of what is printed
    #[arg(long, value_name = "FORM", default_value = "table")]
    pub format: Format,
}

/// Form of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs
    Json,
}

/// Something to print in place of doing anything: help, the version, or what is wrong.
#[derive(Debug)]
pub struct Message(clap::Error);

impl Message {
    /// Prints it, and gives the exit code: 0 when it was asked for, else 2.
    pub fn print(&self) -> ExitCode {
        // A closed pipe is the only way to fail, and leaves nobody to tell.
        let _ = self.0.print();
        match self.0.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
            _ => ExitCode::from(2),
        }
    }
}

/// Reads a command line.
///
/// # Errors
/// If there is nothing to do but print a message.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, Message> {
    CommandLine::try_parse_from(arguments).map(|line| line.command).map_err(Message)
}

/// The completion script of a shell.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut CommandLine::command(), "caseflow", &mut script);
    script
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() && !value.trim().is_empty() => {
            Ok((path.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write PATH=VALUE, such as areas.north.need=1.2".into()),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value < 1.0 => Ok(value),
        _ => Err("give a share between 0 and 1, such as 0.02 for two per cent of the mean".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, Message> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn run_has_its_defaults() {
        let Ok(Command::Run(run)) = read("caseflow run a.toml --set x=1 --set y=a=b --shard 2/3") else {
            panic!("a valid command line was refused");
        };
        assert_eq!((run.simulation.seed, run.replications, run.output.format), (1, None, Format::Table));
        let set = |path: &str, value: &str| (path.to_owned(), value.to_owned());
        assert_eq!(run.overrides.set, [set("x", "1"), set("y", "a=b")]);
        assert_eq!(run.shard.map(|shard| (shard.index(), shard.of())), Some((2, 3)));
    }

    #[test]
    fn contradictions_are_refused() {
        for line in [
            "caseflow",
            "caseflow run",
            "caseflow run a.toml --replications 10 --precision 0.1",
            "caseflow run a.toml --precision 2",
            "caseflow run a.toml --precision 0.1 --shard 1/2",
            "caseflow run a.toml --replications 0",
            "caseflow run a.toml --threads 0",
            "caseflow run a.toml --set fte",
            "caseflow run a.toml --set =3",
            "caseflow run a.toml --shard 3/2",
            "caseflow merge -o x",
            "caseflow merge a b",
            "caseflow check a.toml --format yaml",
            "caseflow staff a.toml --replications 5",
            "caseflow fund a.toml --replications 5",
            "caseflow compare a.toml",
            "caseflow monitor a.toml",
            "caseflow monitor a.toml --observed b.csv --replications 50",
            "caseflow monitor a.toml --observed b.csv --false-alarms 1",
            "caseflow compare a.toml b.toml --replications 1",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }

    #[test]
    fn every_shell_gets_a_script_that_names_the_commands() {
        for shell in Shell::value_variants() {
            let script = String::from_utf8(completions(*shell)).unwrap();
            assert!(script.contains("verify"), "{shell}");
        }
    }
}
