//! What the program was tried against: the records that ship with it.
//!
//! Consumes the rows of [`verification`](crate::verification), and two files of `data/` that are compiled in:
//! `verification.csv`, which `caseflow verify --csv` writes, and `backtest.csv`. Produces what reports show of them.
//!
//! **Invariants.** A record says which version made it, from what, and by which command; a report shows it as a
//! record. What the record of the exact cases holds is what the command gives now: a test compares all but the
//! simulated figures, and `.ci/run verify` compares every byte.

use std::io::Write;

use ::csv::{Reader, Writer};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::verification::{Row, cases};

/// What `caseflow verify --csv` wrote.
const VERIFICATION_RECORD: &str = include_str!("../../data/verification.csv");
/// Forecasts held against what happened; a header alone where there are none yet.
const BACKTEST_RECORD: &str = include_str!("../../data/backtest.csv");

/// Columns of `data/verification.csv`: a row for each quantity of each case.
pub const VERIFICATION: [&str; 12] = [
    "version",
    "seed",
    "case",
    "title",
    "scenario_sha256",
    "replications",
    "quantity",
    "exact",
    "simulated",
    "standard_error",
    "z",
    "agrees",
];

/// Columns of `data/backtest.csv`: a row for each measure and set of months that no fit had seen. `within_50` and
/// `within_90` are shares of months within the bands of 50% and 90%, `bias` the mean of forecast less observed as a
/// share of the observed, each with its 95% interval; `crps` is the continuous ranked probability score (lower is
/// better), beside it that of the same month a year earlier, of the seasonal mean and of a Poisson forecast.
pub const BACKTEST: [&str; 19] = [
    "version",
    "seed",
    "command",
    "months_of",
    "measure",
    "months",
    "within_50",
    "within_50_low",
    "within_50_high",
    "within_90",
    "within_90_low",
    "within_90_high",
    "bias",
    "bias_low",
    "bias_high",
    "crps",
    "crps_same_month",
    "crps_seasonal_mean",
    "crps_poisson",
];

/// The exact cases as they were simulated when the record was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// Version of caseflow that made the record.
    pub version: String,
    /// Master seed.
    pub seed: u64,
    /// The cases, in their order.
    pub cases: Vec<VerifiedCase>,
}

/// One case of the record.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifiedCase {
    /// What is compared with what.
    pub title: String,
    /// Runs simulated.
    pub replications: u32,
    /// Quantities compared.
    pub quantities: usize,
    /// Those that agree: within 4 standard errors, the standard error being small enough to tell.
    pub agreed: usize,
    /// Largest distance between simulated and exact, in standard errors.
    pub largest_z: f64,
}

/// A row of `data/verification.csv`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Recorded {
    version: String,
    seed: u64,
    case: String,
    title: String,
    scenario_sha256: String,
    replications: u32,
    quantity: String,
    exact: String,
    simulated: String,
    standard_error: String,
    z: f64,
    agrees: bool,
}

/// A row of `data/backtest.csv`; see [`BACKTEST`].
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Backtested {
    /// Version of caseflow that made the record.
    pub version: String,
    /// Master seed.
    pub seed: u64,
    /// The command that made it.
    pub command: String,
    /// Whose months, and of which years.
    pub months_of: String,
    /// What was forecast.
    pub measure: String,
    /// How many months.
    pub months: u32,
    /// Share within the band of 50%.
    pub within_50: f64,
    /// Lower end of its 95% interval.
    pub within_50_low: f64,
    /// Upper end.
    pub within_50_high: f64,
    /// Share within the band of 90%.
    pub within_90: f64,
    /// Lower end of its 95% interval.
    pub within_90_low: f64,
    /// Upper end.
    pub within_90_high: f64,
    /// Mean of forecast less observed, as a share of the observed.
    pub bias: f64,
    /// Lower end of its 95% interval.
    pub bias_low: f64,
    /// Upper end.
    pub bias_high: f64,
    /// Continuous ranked probability score, in the measure's unit: lower is better.
    pub crps: f64,
    /// That of the same month a year earlier.
    pub crps_same_month: f64,
    /// That of the mean of the season.
    pub crps_seasonal_mean: f64,
    /// That of a Poisson forecast.
    pub crps_poisson: f64,
}

/// The record of the exact cases; `None` only if the shipped file were not as it was written, which a test rules out.
pub fn verified() -> Option<Verified> {
    let rows = recorded().ok()?;
    let first = rows.first()?;
    let case = |rows: &[Recorded]| VerifiedCase {
        title: rows[0].title.clone(),
        replications: rows[0].replications,
        quantities: rows.len(),
        agreed: rows.iter().filter(|row| row.agrees).count(),
        largest_z: rows.iter().map(|row| row.z.abs()).fold(0.0, f64::max),
    };
    Some(Verified {
        version: first.version.clone(),
        seed: first.seed,
        cases: rows.chunk_by(|a, b| a.case == b.case).map(case).collect(),
    })
}

fn recorded() -> ::csv::Result<Vec<Recorded>> {
    Reader::from_reader(VERIFICATION_RECORD.as_bytes()).deserialize().collect()
}

/// The record of backtests; none where it holds none.
pub fn backtested() -> Vec<Backtested> {
    let rows: ::csv::Result<Vec<Backtested>> =
        Reader::from_reader(BACKTEST_RECORD.as_bytes()).deserialize().collect();
    rows.unwrap_or_default()
}

/// Writes the table of `caseflow verify` as a record: figures as it prints them.
///
/// # Errors
/// Only those of the writer.
pub fn verification(out: impl Write, seed: u64, rows: &[Row]) -> ::csv::Result<()> {
    let mut table = Writer::from_writer(out);
    table.write_record(VERIFICATION)?;
    let described = cases();
    for row in rows {
        let case = described.iter().find(|case| case.id == row.case);
        let figure = |value: f64| format!("{value:.5}");
        table.write_record([
            env!("CARGO_PKG_VERSION").to_owned(),
            seed.to_string(),
            row.case.to_owned(),
            case.map_or(String::new(), |case| case.title.to_owned()),
            case.map_or(String::new(), |case| sha256(case.scenario)),
            case.map_or(String::new(), |case| case.replications.to_string()),
            row.quantity.clone(),
            figure(row.exact),
            figure(row.simulated),
            figure(row.se),
            format!("{:.2}", row.z),
            row.pass.to_string(),
        ])?;
    }
    table.flush()?;
    Ok(())
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All of a record but what is simulated, as the program would write it now.
    fn now() -> Vec<[String; 6]> {
        let of_case = |case: &crate::verification::Case| {
            let facts = [case.id, case.title].map(str::to_owned);
            let [id, title] = facts;
            (case.quantities)(1.0)
                .into_iter()
                .map(|quantity| {
                    let exact = format!("{:.5}", quantity.exact);
                    let runs = case.replications.to_string();
                    [id.clone(), title.clone(), sha256(case.scenario), runs, quantity.name, exact]
                })
                .collect::<Vec<_>>()
        };
        cases().iter().flat_map(of_case).collect()
    }

    #[test]
    fn the_shipped_record_is_of_this_version_and_of_the_cases_as_they_are() {
        let rows = recorded().expect("the shipped file reads");
        let made = rows.iter().map(|row| {
            let [case, title, hash] = [&row.case, &row.title, &row.scenario_sha256].map(String::clone);
            [case, title, hash, row.replications.to_string(), row.quantity.clone(), row.exact.clone()]
        });
        // Exact laws have no formula of their own here: their rows are those of the cases all the same.
        assert_eq!(made.collect::<Vec<_>>(), now(), "run `caseflow verify --csv data/verification.csv`");
        assert!(rows.iter().all(|row| row.version == env!("CARGO_PKG_VERSION")), "another version's record");
        assert!(rows.iter().all(|row| row.agrees && row.z.abs() <= 4.0));
    }

    #[test]
    fn every_case_is_shown_once_with_all_its_quantities() {
        let found = verified().expect("the shipped file reads");
        assert_eq!(found.cases.len(), cases().len());
        for (shown, case) in found.cases.iter().zip(cases()) {
            assert_eq!((shown.title.as_str(), shown.replications), (case.title, case.replications));
            assert_eq!(shown.quantities, (case.quantities)(1.0).len(), "{}", case.id);
        }
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let case = cases()[0];
        let row = |z: f64, pass: bool| Row {
            case: case.id,
            quantity: "waiting, \"mean\"".to_owned(),
            exact: 1.25,
            simulated: 1.5,
            se: 0.125,
            z,
            pass,
        };
        let mut bytes = Vec::new();
        verification(&mut bytes, 7, &[row(2.0, true), row(-5.0, false)]).expect("memory");
        let read: Vec<Recorded> =
            Reader::from_reader(bytes.as_slice()).deserialize().collect::<Result<_, _>>().expect("rows");
        assert_eq!((read[0].seed, read[0].quantity.as_str(), read[0].z), (7, "waiting, \"mean\"", 2.0));
        assert_eq!((read[1].simulated.as_str(), read[1].agrees), ("1.50000", false));
        assert_eq!(read[0].scenario_sha256.len(), 64);
    }

    #[test]
    fn the_record_of_backtests_has_its_columns() {
        let mut file = Reader::from_reader(BACKTEST_RECORD.as_bytes());
        assert_eq!(file.headers().expect("a header"), &BACKTEST.to_vec());
        let rows: ::csv::Result<Vec<Backtested>> = file.deserialize().collect();
        let rows = rows.expect("every row reads");
        assert!(
            rows.iter().all(|row| row.within_90_low <= row.within_90 && row.within_90 <= row.within_90_high)
        );
    }
}
