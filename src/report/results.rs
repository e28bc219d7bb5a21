//! Which files a run leaves.
//!
//! Consumes a [`Report`], the replications behind it and a [`Staging`] directory; produces the
//! staged tables. What is made from them is in [`super::publish`].

use std::io::{self, Write};

use ::parquet::errors::ParquetError;

use super::directory::{Staging, WriteError};
use super::explanation::{self, ExplanationReport};
use super::model::Report;
use super::{csv, parquet, reconciliation};
use crate::scenario::Scenario;
use crate::sensitivity::Explanation;
use crate::summary::ReplicationTable;

/// Stages `weekly.csv`, `standards.csv`, `assumptions.csv` and `replications.parquet`; `costs.csv` where
/// the scenario has money in it, and `reconciliation.csv` where it has published figures.
///
/// # Errors
/// If a file cannot be written.
pub fn stage_tables(
    staging: &Staging,
    report: &Report,
    replications: &ReplicationTable,
) -> Result<(), WriteError> {
    staging.file("weekly.csv", |out| csv::weekly(out, report).map_err(from_csv))?;
    staging.file("standards.csv", |out| csv::standards(out, report).map_err(from_csv))?;
    if !report.layout.cost_lines.is_empty() {
        staging.file("costs.csv", |out| csv::costs(out, report).map_err(from_csv))?;
    }
    staging.file("assumptions.csv", |out| csv::assumptions(out, report.scenario).map_err(from_csv))?;
    if !report.scenario.published.is_empty() {
        let rows = reconciliation::simulated(report);
        staging
            .file("reconciliation.csv", |out| reconciliation::reconciliation(out, &rows).map_err(from_csv))?;
    }
    staging.file("replications.parquet", |out| {
        parquet::replications(&mut *out, report, replications).map_err(from_parquet)?;
        out.flush()
    })
}

/// Stages `sensitivity.csv`, `tornado.csv`, `measure_next.csv` and `assumptions.csv`.
///
/// # Errors
/// If a file cannot be written.
pub fn stage_explanation(
    staging: &Staging,
    scenario: &Scenario,
    found: &Explanation,
    report: &ExplanationReport,
) -> Result<(), WriteError> {
    staging
        .file("sensitivity.csv", |out| explanation::sensitivity(out, scenario, found).map_err(from_csv))?;
    staging.file("tornado.csv", |out| explanation::tornado(out, scenario, found).map_err(from_csv))?;
    staging.file("measure_next.csv", |out| explanation::measure_next(out, report).map_err(from_csv))?;
    staging.file("assumptions.csv", |out| csv::assumptions(out, scenario).map_err(from_csv))
}

/// The disk's own error, if there was one, so that its kind is not lost.
pub(super) fn from_csv(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn from_parquet(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(source) => io::Error::other(source),
        },
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::report::example::Example;
    use crate::simulation::ReplicationRecord;
    use crate::summary::Tally;

    fn tally(example: &Example, replications: u32) -> Tally {
        let (series, weeks) = (example.layout.series.len(), example.layout.weeks);
        let mut tally = Tally::new(&example.layout, 0);
        for replication in 0..replications {
            let record = ReplicationRecord {
                replication,
                weekly: ndarray::Array2::zeros((series, weeks)),
                horizon: vec![f64::from(replication); series],
                achieved: vec![0.9; example.layout.judged.len()],
                costs: Vec::new(),
                published: Vec::new(),
                events: 1,
            };
            tally.fold(&[record]).unwrap();
        }
        tally
    }

    #[test]
    fn a_run_leaves_its_files_and_the_same_again() {
        let example = Example::realistic(20);
        let tally = tally(&example, 5);
        let home = tempfile::tempdir().unwrap();
        let mut contents = Vec::new();
        for name in ["one", "two"] {
            let target = home.path().join(name);
            let staging = Staging::begin(&target).unwrap();
            let report = example.report();
            stage_tables(&staging, &report, tally.table()).unwrap();
            let files = staging.commit(&example.run).unwrap();
            let expected = "assumptions.csv replications.parquet standards.csv weekly.csv run.json";
            assert_eq!(files.join(" "), expected);
            contents.push(files.iter().map(|file| fs::read(target.join(file)).unwrap()).collect::<Vec<_>>());
        }
        assert_eq!(contents[0], contents[1]);
    }

    #[test]
    fn the_disks_own_error_is_kept() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        assert_eq!(from_csv(full().into()).kind(), io::ErrorKind::StorageFull);
        assert_eq!(from_parquet(full().into()).kind(), io::ErrorKind::StorageFull);
        assert_eq!(from_parquet(ParquetError::EOF("x".into())).kind(), io::ErrorKind::Other);
    }

    #[test]
    #[ignore = "writes results to look at with other programs: set CASEFLOW_LOOK to a directory"]
    fn results_to_look_at() {
        let directory = std::env::var("CASEFLOW_LOOK").expect("a directory");
        let example = Example::realistic(156);
        let tally = tally(&example, 50);
        let staging = Staging::begin(&std::path::Path::new(&directory).join("results")).unwrap();
        stage_tables(&staging, &example.report(), tally.table()).unwrap();
        staging.commit(&example.run).unwrap();
    }
}
