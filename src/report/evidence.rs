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
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::forecast::rolling::Summary;
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
/// `within_90` are shares of months within the bands of 50% and 90%; `bias` is the mean of forecast less observed, `crps`
/// the mean continuous ranked probability score (lower is better), both as shares of the mean observed; `skill_` says
/// by how much of itself the score is below that of a forecast that anybody could make. `_se` are standard errors.
pub const BACKTEST: [&str; 23] = [
    "version",
    "seed",
    "command",
    "months_of",
    "measure",
    "series",
    "forecasts",
    "within_50",
    "within_50_se",
    "within_90",
    "within_90_se",
    "bias",
    "bias_se",
    "crps",
    "crps_same_month",
    "crps_seasonal_mean",
    "crps_poisson",
    "skill_same_month",
    "skill_same_month_se",
    "skill_seasonal_mean",
    "skill_seasonal_mean_se",
    "skill_poisson",
    "skill_poisson_se",
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
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
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
    /// Series, such as authorities.
    pub series: usize,
    /// Forecasts of a month.
    pub forecasts: usize,
    /// Share within the band of 50%.
    pub within_50: f64,
    /// Its standard error.
    pub within_50_se: f64,
    /// Share within the band of 90%.
    pub within_90: f64,
    /// Its standard error.
    pub within_90_se: f64,
    /// Mean of forecast less observed, as a share of the mean observed.
    pub bias: f64,
    /// Its standard error.
    pub bias_se: f64,
    /// Continuous ranked probability score, as a share of the mean observed.
    pub crps: f64,
    /// That of the same month a year earlier.
    pub crps_same_month: f64,
    /// That of the mean of the season.
    pub crps_seasonal_mean: f64,
    /// That of a Poisson forecast.
    pub crps_poisson: f64,
    /// By how much of itself the score is below that of the same month a year earlier.
    pub skill_same_month: f64,
    /// Its standard error.
    pub skill_same_month_se: f64,
    /// The same of the mean of the season.
    pub skill_seasonal_mean: f64,
    /// Its standard error.
    pub skill_seasonal_mean_se: f64,
    /// The same of a Poisson forecast.
    pub skill_poisson: f64,
    /// Its standard error.
    pub skill_poisson_se: f64,
}

impl Backtested {
    /// What many forecasts came to, as a record of this version. Figures have the digits that a record keeps.
    pub fn of(summary: &Summary, seed: u64, [command, months_of, measure]: [&str; 3]) -> Self {
        let kept = |value: f64| (value * 1e5).round() / 1e5;
        let [same_month, seasonal_mean, poisson] = summary.skill;
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed,
            command: command.to_owned(),
            months_of: months_of.to_owned(),
            measure: measure.to_owned(),
            series: summary.series,
            forecasts: summary.forecasts,
            within_50: kept(summary.in_50.0),
            within_50_se: kept(summary.in_50.1),
            within_90: kept(summary.in_90.0),
            within_90_se: kept(summary.in_90.1),
            bias: kept(summary.bias),
            bias_se: kept(summary.bias_se),
            crps: kept(summary.crps),
            crps_same_month: kept(summary.baselines[0]),
            crps_seasonal_mean: kept(summary.baselines[1]),
            crps_poisson: kept(summary.baselines[2]),
            skill_same_month: kept(same_month.0),
            skill_same_month_se: kept(same_month.1),
            skill_seasonal_mean: kept(seasonal_mean.0),
            skill_seasonal_mean_se: kept(seasonal_mean.1),
            skill_poisson: kept(poisson.0),
            skill_poisson_se: kept(poisson.1),
        }
    }
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

/// Writes the record of backtests, `data/backtest.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn backtests(out: impl Write, rows: &[Backtested]) -> ::csv::Result<()> {
    let mut table = ::csv::WriterBuilder::new().has_headers(false).from_writer(out);
    table.write_record(BACKTEST)?;
    for row in rows {
        table.serialize(row)?;
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
        assert!(rows.expect("every row reads").iter().all(|row| row.within_50 <= row.within_90));
    }

    #[test]
    fn what_forecasts_came_to_reads_back() {
        let summary = Summary {
            forecasts: 120,
            series: 10,
            in_90: (0.9, 0.02),
            in_50: (0.5, 0.03),
            bias: -0.01,
            bias_se: 0.004,
            crps: 0.1,
            baselines: [0.2, 0.15, 0.12],
            skill: [(0.5, 0.01), (1.0 / 3.0, 0.02), (1.0 / 6.0, 0.03)],
        };
        let row = Backtested::of(&summary, 3, ["caseflow backtest", "ten councils, 2021/22", "contacts"]);
        let mut bytes = Vec::new();
        backtests(&mut bytes, std::slice::from_ref(&row)).expect("memory");
        let mut read = Reader::from_reader(bytes.as_slice());
        let rows: Vec<Backtested> = read.deserialize().collect::<Result<_, _>>().expect("rows");
        assert_eq!(rows, [row]);
        assert_eq!((rows[0].within_90, rows[0].skill_poisson, rows[0].crps_poisson), (0.9, 0.16667, 0.12));
    }
}
