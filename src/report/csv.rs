//! The CSV files: `weekly.csv`, `standards.csv`, `costs.csv`, `assumptions.csv`.
//!
//! Consumes a [`Report`] or a [`Scenario`]; produces UTF-8 rows with a header, to any writer. Column
//! names are a contract with other people's spreadsheets. **Invariants:** rows stand in the order of
//! the layout; a figure that nobody measured is an empty cell; dates are ISO 8601; a text that a
//! spreadsheet would take for a formula has an apostrophe in front (see [`inert`]).

use std::io::Write;

use ::csv::Writer;
use jiff::ToSpan;

use super::model::{
    Report, WHOLE_COUNCIL, area_id, bearer_id, financial_year, funder_id, holding_id, inert, item_id,
};
use super::number::{push_exact, push_rounded};
use crate::scenario::{Scenario, Standard, StandardTest};
use crate::summary::{CostEstimate, Estimate};

/// Columns of `weekly.csv`.
pub const WEEKLY: [&str; 11] =
    ["area", "team", "week_start", "measure", "mean", "se", "p05", "p25", "p50", "p75", "p95"];

/// Columns of `standards.csv`.
pub const STANDARDS: [&str; 8] = [
    "area",
    "standard",
    "threshold",
    "required_share",
    "mean_share",
    "reliability",
    "reliability_low",
    "reliability_high",
];

/// Columns of `costs.csv`.
pub const COSTS: [&str; 7] = ["area", "funder", "role", "year", "mean", "p05", "p95"];

/// Columns of `assumptions.csv`.
pub const ASSUMPTIONS: [&str; 6] = ["path", "value", "low", "high", "basis", "source"];

/// Writes `weekly.csv`: a row for every series and reported week.
///
/// `area` is the area's identifier, or `all` for the whole council; `team` is a team's or a desk's
/// identifier, empty for the area as a whole.
///
/// # Errors
/// Only those of the writer.
pub fn weekly(out: impl Write, report: &Report) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(WEEKLY)?;
    let weeks = week_starts(report);
    let mut number = Vec::with_capacity(32);
    for (index, series) in report.layout.series.iter().enumerate() {
        let area = inert(area_id(report.scenario, series.area));
        let team = inert(holding_id(report.scenario, series.holding));
        let measure = inert(&series.measure);
        for (week, estimate) in weeks.iter().zip(report.weeks(index)) {
            for text in [&*area, &*team, week, &*measure] {
                rows.write_field(text)?;
            }
            write_estimate(&mut rows, estimate, &mut number)?;
            rows.write_record(None::<&[u8]>)?;
        }
    }
    rows.flush()?;
    Ok(())
}

/// Writes `standards.csv`: a row for every standard and area in which it is judged.
///
/// `threshold` is the clock's limit in days (working or calendar, as the clock counts), or the
/// measure's threshold.
///
/// # Errors
/// Only those of the writer.
pub fn standards(out: impl Write, report: &Report) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(STANDARDS)?;
    let mut number = Vec::with_capacity(32);
    for (judged, verdict) in report.layout.judged.iter().zip(&report.summary.standards) {
        let standard = &report.scenario.standards[judged.standard];
        rows.write_field(&*inert(area_id(report.scenario, judged.area)))?;
        rows.write_field(&*inert(&standard.id))?;
        for exact in [threshold(report.scenario, standard), standard.required_share] {
            number.clear();
            push_exact(&mut number, exact);
            rows.write_field(&number)?;
        }
        for value in
            [verdict.mean_share, verdict.reliability, verdict.reliability_low, verdict.reliability_high]
        {
            write_number(&mut rows, value, &mut number)?;
        }
        rows.write_record(None::<&[u8]>)?;
    }
    rows.flush()?;
    Ok(())
}

/// Writes `costs.csv`: a row for every line of costs, then a total for each financial year and for all.
///
/// In pounds and pence. `area` is the area that bears the cost, or `shared` where several do; `funder`
/// who pays, or `unfunded`; `role` what for (see [`item_id`]). In the totals all three, and the year
/// of the last, are `all`. The means of the rows add up to the totals exactly; ranges do not, being
/// of each row by itself.
///
/// # Errors
/// Those of the writer; and, before anything is written, if the rows do not add up.
pub fn costs(out: impl Write, report: &Report) -> ::csv::Result<()> {
    let costs = &report.summary.costs;
    let lines = &report.layout.cost_lines;
    let adds_up = |year: Option<i32>, total: CostEstimate| {
        let of_year =
            lines.iter().zip(&costs.lines).filter(|(line, _)| year.is_none_or(|year| line.year == year));
        of_year.map(|(_, cost)| cost.mean).sum::<i64>() == total.mean
    };
    let years = costs.years.iter().all(|&(year, total)| adds_up(Some(year), total));
    if !years || !adds_up(None, costs.all) || lines.len() != costs.lines.len() {
        let why = "the rows of costs.csv do not add up (this is a defect in caseflow; please report it)";
        return Err(std::io::Error::other(why).into());
    }
    let mut rows = Writer::from_writer(out);
    rows.write_record(COSTS)?;
    let mut row = |area: &str, funder: &str, role: &str, year: &str, cost: CostEstimate| {
        let [mean, p05, p95] = [cost.mean, cost.p05, cost.p95].map(pounds);
        rows.write_record([area, funder, role, year, &mean, &p05, &p95])
    };
    for (line, &cost) in lines.iter().zip(&costs.lines) {
        let area = inert(bearer_id(report.scenario, line.area));
        let funder = inert(funder_id(report.scenario, line.funder));
        row(&area, &funder, &item_id(report.scenario, line.item), &financial_year(line.year), cost)?;
    }
    const ALL: &str = WHOLE_COUNCIL;
    for &(year, cost) in &costs.years {
        row(ALL, ALL, ALL, &financial_year(year), cost)?;
    }
    row(ALL, ALL, ALL, ALL, costs.all)?;
    rows.flush()?;
    Ok(())
}

/// Pence as pounds and pence: 123456 is `1234.56`.
pub(in crate::report) fn pounds(pence: i64) -> String {
    let sign = if pence < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", pence.unsigned_abs() / 100, pence.unsigned_abs() % 100)
}

/// Writes `assumptions.csv`: a row for every figure of the scenario, exactly as it was given.
///
/// # Errors
/// Only those of the writer.
pub fn assumptions(out: impl Write, scenario: &Scenario) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(ASSUMPTIONS)?;
    let mut number = Vec::with_capacity(32);
    for parameter in scenario.assumptions() {
        rows.write_field(&*inert(&parameter.path))?;
        for value in [Some(parameter.value), parameter.low, parameter.high] {
            number.clear();
            if let Some(value) = value {
                push_exact(&mut number, value);
            }
            rows.write_field(&number)?;
        }
        rows.write_field(parameter.basis.map_or("", |basis| basis.as_str()))?;
        rows.write_field(&*inert(&parameter.source))?;
        rows.write_record(None::<&[u8]>)?;
    }
    rows.flush()?;
    Ok(())
}

/// What a standard compares with: the central value of its clock's limit, or its threshold.
pub fn threshold(scenario: &Scenario, standard: &Standard) -> f64 {
    match &standard.test {
        StandardTest::Clock(clock) => scenario.parameters[scenario.clocks[*clock].limit.0 as usize].value,
        StandardTest::Measure { threshold, .. } => *threshold,
    }
}

/// The Monday of every reported week, as text.
fn week_starts(report: &Report) -> Vec<String> {
    (0..report.layout.weeks)
        .map(|week| report.scenario.start.saturating_add((week as i64).weeks()).to_string())
        .collect()
}

fn write_estimate<W: Write>(
    rows: &mut Writer<W>,
    estimate: &Estimate,
    number: &mut Vec<u8>,
) -> ::csv::Result<()> {
    let Estimate { mean, se, p05, p25, p50, p75, p95, .. } = *estimate;
    for value in [mean, se, p05, p25, p50, p75, p95] {
        write_number(rows, value, number)?;
    }
    Ok(())
}

fn write_number<W: Write>(rows: &mut Writer<W>, value: f64, number: &mut Vec<u8>) -> ::csv::Result<()> {
    number.clear();
    push_rounded(number, value);
    rows.write_field(number)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proptest::prelude::*;

    use super::*;
    use crate::report::example::{Example, estimate};
    use crate::scenario::{Basis, Parameter, RangeShape};

    fn text(write: impl FnOnce(&mut Vec<u8>) -> ::csv::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn weekly_rows_follow_the_contract() {
        let example = Example::small();
        let csv = text(|out| weekly(out, &example.report()));
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[0], "area,team,week_start,measure,mean,se,p05,p25,p50,p75,p95");
        // First series: referrals of area `north`; its first week is estimate(10).
        assert_eq!(lines[1], "north,,2019-09-02,referrals,10,0.1,8,9,10,11,12");
        assert_eq!(lines[2], "north,,2019-09-09,referrals,11,0.11,8.8,9.9,11,12.1,13.2");
        let teams = lines.iter().filter(|line| line.starts_with("north,early_help,")).count();
        let council = lines.iter().filter(|line| line.starts_with("all,,")).count();
        assert!(teams > 0 && council > 0);
        let layout = &example.layout;
        assert_eq!(lines.len(), 1 + layout.series.len() * layout.weeks);
    }

    #[test]
    fn weeks_without_a_value_are_empty_cells() {
        let mut example = Example::small();
        example.summary.weekly[0] = Estimate::EMPTY;
        let csv = text(|out| weekly(out, &example.report()));
        assert_eq!(csv.lines().nth(1), Some("north,,2019-09-02,referrals,,,,,,,"));
    }

    #[test]
    fn standards_show_threshold_and_interval() {
        let example = Example::small();
        let csv = text(|out| standards(out, &example.report()));
        let mut lines = csv.lines();
        assert_eq!(
            lines.next(),
            Some(
                "area,standard,threshold,required_share,mean_share,reliability,reliability_low,reliability_high"
            )
        );
        assert_eq!(lines.next(), Some("north,assessment_on_time,45,0.85,0.9012,0.87,0.7984,0.9227"));
        assert_eq!(lines.next(), Some("south,assessment_on_time,45,0.85,,1,0.9638,1"));
        assert_eq!(lines.next(), Some("all,caseload,16,0.9,0.5,0.25,0.1755,0.343"));
    }

    #[test]
    fn assumptions_are_exact_and_cannot_run_as_formulas() {
        let mut example = Example::small();
        example.scenario.parameters = vec![
            Parameter {
                path: "areas.north.population".into(),
                value: 123_456.789,
                low: Some(0.1),
                high: None,
                shape: RangeShape::Pert,
                basis: Some(Basis::Measured),
                source: "=HYPERLINK(\"http://example.org\", \"x\")".into(),
            },
            Parameter {
                path: "-dash".into(),
                value: -2.0,
                low: None,
                high: None,
                shape: RangeShape::Pert,
                basis: None,
                source: "census, 2021".into(),
            },
        ];
        let csv = text(|out| assumptions(out, &example.scenario));
        let expected = "path,value,low,high,basis,source\n\
            areas.north.population,123456.789,0.1,,measured,\"'=HYPERLINK(\"\"http://example.org\"\", \"\"x\"\")\"\n\
            '-dash,-2,,,,\"census, 2021\"\n";
        assert_eq!(csv, expected);
    }

    #[test]
    fn every_dangerous_first_character_is_neutralised() {
        for first in ["=", "+", "-", "@", "\t", "\r"] {
            assert_eq!(inert(&format!("{first}cmd")), format!("'{first}cmd"));
        }
        assert_eq!(inert("a=b"), "a=b");
        assert_eq!(inert(""), "");
    }

    #[test]
    fn a_failing_writer_is_an_error() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let example = Example::small();
        assert!(weekly(Full, &example.report()).is_err());
    }

    #[test]
    #[ignore = "a stopwatch, for release builds: cargo test --release -- --ignored three_million"]
    fn three_million_numbers_within_a_second() {
        let mut example = Example::small();
        let series = example.layout.series[0].clone();
        let weekly_figures: Vec<Estimate> = (0..156).map(|week| estimate(week as f64 * 1.2345)).collect();
        example.layout.weeks = 156;
        example.layout.series = vec![series; 2_750];
        example.summary.weeks = 156;
        example.summary.weekly = weekly_figures.repeat(2_750);
        let begin = Instant::now();
        weekly(std::io::sink(), &example.report()).unwrap();
        let taken = begin.elapsed();
        println!("{} numbers in {taken:?}", 2_750 * 156 * 7);
        assert!(taken.as_secs_f64() < 1.0);
    }

    proptest! {
        /// Whatever the texts, the file reads back with the same cells, but for the apostrophe.
        #[test]
        fn any_text_round_trips(path in "\\PC*", source in ".*", value in proptest::num::f64::NORMAL) {
            let mut example = Example::small();
            example.scenario.parameters = vec![Parameter {
                path: path.clone(), value, low: None, high: Some(value),
                shape: RangeShape::Pert, basis: None, source: source.clone(),
            }];
            let csv = text(|out| assumptions(out, &example.scenario));
            let mut reader = ::csv::Reader::from_reader(csv.as_bytes());
            let row = reader.records().next().unwrap().unwrap();
            prop_assert_eq!(&row[0], &*inert(&path));
            prop_assert_eq!(row[1].parse::<f64>().unwrap(), value);
            prop_assert_eq!(&row[2], "");
            prop_assert_eq!(row[3].parse::<f64>().unwrap(), value);
            prop_assert_eq!(&row[5], &*inert(&source));
            prop_assert!(!row[5].starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
