//! Published figures beside those of the model: `reconciliation.csv`, and the table for people.
//!
//! Consumes a scenario's published figures and what stands for each, simulated or in the instant
//! answer; produces a [`Row`] for each, as CSV, JSON and text. **Invariant:** the gap is always shown, and a
//! figure that nothing stands for has none.

use std::io::Write;

use ::csv::Writer;
use comfy_table::CellAlignment;
use jiff::ToSpan;
use serde::Serialize;

use super::model::{Report, inert, is_present};
use super::number::{push_exact, push_rounded, readable, rounded, tick};
use super::terminal::{plain_table, push_table, wrapped};
use crate::scenario::{Published, PublishedOf, Scenario};
use crate::summary::Estimate;

/// Columns of `reconciliation.csv`.
pub const RECONCILIATION: [&str; 20] = [
    "figure",
    "name",
    "team",
    "measure",
    "per",
    "from",
    "to",
    "year",
    "published",
    "published_low",
    "published_high",
    "mean",
    "se",
    "p05",
    "p95",
    "gap",
    "gap_share",
    "within",
    "basis",
    "source",
];

/// A published figure and what stands for it in the model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The figure's identifier.
    pub figure: String,
    /// Its name.
    pub name: String,
    /// Teams or desks whose measure stands for it, joined by " + "; empty for the council's.
    pub team: String,
    /// Measures that stand for it: "open_children / fte_holding".
    pub measure: String,
    /// The time it is of: "year", "month", "week" or "level".
    pub per: &'static str,
    /// First day of the weeks compared; absent when none of them is reported.
    pub from: Option<String>,
    /// First day after them.
    pub to: Option<String>,
    /// The year that its publisher gives.
    pub year: String,
    /// The published figure.
    pub published: f64,
    /// Lowest value that its source allows.
    pub published_low: Option<f64>,
    /// Highest value that its source allows.
    pub published_high: Option<f64>,
    /// What stands for it: the mean of the runs, or the instant answer.
    pub mean: Option<f64>,
    /// Standard error of the mean.
    pub se: Option<f64>,
    /// 5th percentile of the runs.
    pub p05: Option<f64>,
    /// 95th percentile of the runs.
    pub p95: Option<f64>,
    /// Modelled less published.
    pub gap: Option<f64>,
    /// The gap as a share of the published figure.
    pub gap_share: Option<f64>,
    /// Whether the published figure, or part of its range, lies within nine in ten runs.
    pub within: Option<bool>,
    /// What stands behind the figure: always "published".
    pub basis: &'static str,
    /// Where it was published.
    pub source: String,
    /// Shown in per cent, its gap in percentage points.
    #[serde(skip)]
    is_share: bool,
}

impl Row {
    fn new(scenario: &Scenario, published: &Published) -> Self {
        let monday = |week: usize| scenario.start.saturating_add((week as i64).weeks()).to_string();
        let weeks = (!published.weeks.is_empty()).then_some(&published.weeks);
        Self {
            figure: published.id.clone(),
            name: published.name.clone(),
            team: holders(scenario, &published.of),
            measure: [&published.measures, &published.over]
                .into_iter()
                .filter(|names| !names.is_empty())
                .map(|names| names.join(" + "))
                .collect::<Vec<_>>()
                .join(" / "),
            per: published.per.as_str(),
            from: weeks.map(|weeks| monday(weeks.start)),
            to: weeks.map(|weeks| monday(weeks.end)),
            year: published.year.clone(),
            published: published.value,
            published_low: published.range.map(|range| range.0),
            published_high: published.range.map(|range| range.1),
            mean: None,
            se: None,
            p05: None,
            p95: None,
            gap: None,
            gap_share: None,
            within: None,
            basis: "published",
            source: published.source.clone(),
            is_share: published.is_share(),
        }
    }

    fn with_mean(mut self, mean: f64) -> Self {
        self.mean = Some(mean);
        self.gap = Some(mean - self.published);
        self.gap_share = Some((mean - self.published) / self.published).filter(|share| share.is_finite());
        self
    }

    fn with_runs(self, estimate: &Estimate) -> Self {
        let mut row = self.with_mean(estimate.mean);
        row.se = Some(estimate.se).filter(|se| se.is_finite());
        (row.p05, row.p95) = (Some(estimate.p05), Some(estimate.p95));
        let low = row.published_low.unwrap_or(row.published);
        let high = row.published_high.unwrap_or(row.published);
        row.within = Some(low <= estimate.p95 && high >= estimate.p05);
        row
    }
}

fn holders(scenario: &Scenario, of: &PublishedOf) -> String {
    let ids: Vec<&str> = match of {
        PublishedOf::Council => Vec::new(),
        PublishedOf::Desks(desks) => desks.iter().map(|desk| scenario.desks[*desk].id.as_str()).collect(),
        PublishedOf::Teams(teams) => teams.iter().map(|team| scenario.teams[*team].id.as_str()).collect(),
    };
    ids.join(" + ")
}

/// Every published figure of a run's scenario, with what the runs gave.
pub fn simulated(report: &Report) -> Vec<Row> {
    let rows = report.scenario.published.iter().zip(&report.summary.published);
    rows.map(|(published, estimate)| {
        let row = Row::new(report.scenario, published);
        if is_present(estimate) { row.with_runs(estimate) } else { row }
    })
    .collect()
}

/// Every published figure of a scenario, with its instant answer where there is one.
pub fn instant(scenario: &Scenario, answers: &[Option<f64>]) -> Vec<Row> {
    let rows = scenario.published.iter().zip(answers);
    rows.map(|(published, answer)| {
        let row = Row::new(scenario, published);
        match answer {
            Some(mean) => row.with_mean(*mean),
            None => row,
        }
    })
    .collect()
}

/// Writes `reconciliation.csv`: a row for every published figure.
///
/// # Errors
/// Only those of the writer.
pub fn reconciliation(out: impl Write, rows: &[Row]) -> ::csv::Result<()> {
    let mut csv = Writer::from_writer(out);
    csv.write_record(RECONCILIATION)?;
    let mut number = Vec::with_capacity(32);
    for row in rows {
        for text in [&row.figure, &row.name, &row.team, &row.measure] {
            csv.write_field(&*inert(text))?;
        }
        csv.write_field(row.per)?;
        for text in [row.from.as_deref(), row.to.as_deref(), Some(&row.year)] {
            csv.write_field(&*inert(text.unwrap_or_default()))?;
        }
        for exact in [Some(row.published), row.published_low, row.published_high] {
            number.clear();
            if let Some(exact) = exact {
                push_exact(&mut number, exact);
            }
            csv.write_field(&number)?;
        }
        for value in [row.mean, row.se, row.p05, row.p95, row.gap, row.gap_share] {
            number.clear();
            push_rounded(&mut number, value.unwrap_or(f64::NAN));
            csv.write_field(&number)?;
        }
        csv.write_field(match row.within {
            Some(true) => "true",
            Some(false) => "false",
            None => "",
        })?;
        csv.write_field(row.basis)?;
        csv.write_field(&*inert(&row.source))?;
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    Ok(())
}

/// The table for people, of lines no wider than `width`; empty without figures.
pub fn table(rows: &[Row], width: usize) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let runs = rows.iter().any(|row| row.p05.is_some());
    let mut table = plain_table(width);
    let mut header = vec!["Published figure", "Published", "Modelled", "Gap", "Gap, %", "Source"];
    if runs {
        header.insert(3, "9 in 10 runs");
        header.insert(6, "Within?");
    }
    let columns = header.len();
    table.set_header(header);
    let mut sources: Vec<&str> = Vec::new();
    for row in rows {
        let known = sources.iter().position(|source| *source == row.source);
        let number = known.unwrap_or(sources.len()) + 1;
        if known.is_none() {
            sources.push(&row.source);
        }
        let mut cells = cells(row, runs);
        cells.push(number.to_string());
        table.add_row(cells);
    }
    for column in 1..columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = String::new();
    push_table(&mut text, &table);
    for (index, source) in sources.iter().enumerate() {
        text.push_str(&source_lines(index + 1, source, width));
    }
    text
}

/// A numbered source, in lines no wider than `width` unless a single word is.
fn source_lines(number: usize, source: &str, width: usize) -> String {
    let source = wrapped(source, width.saturating_sub(4)).replace('\n', "\n    ");
    format!("{}\n", format!("{number:>3} {source}").trim_end())
}

fn cells(row: &Row, runs: bool) -> Vec<String> {
    let shown = |value: f64| shown(value, row.is_share);
    // What was published is shown as it was.
    let exact = |value: f64| if row.is_share { shown(value) } else { tick(value) };
    let name = if row.year.is_empty() || row.name.contains(|letter: char| letter.is_ascii_digit()) {
        row.name.clone()
    } else {
        format!("{}, {}", row.name, row.year)
    };
    let published = match (row.published_low, row.published_high) {
        (Some(low), Some(high)) if low < high => {
            format!("{}\n{}–{}", exact(row.published), exact(low), exact(high))
        }
        _ => exact(row.published),
    };
    let without = if row.from.is_none() {
        "not reported"
    } else if runs {
        "not measured"
    } else {
        "simulated only"
    };
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let gap = row.gap.map(|gap| {
        let (size, unit) = if row.is_share {
            (rounded_to_tenth(gap.abs() * 100.0), " points")
        } else {
            (shown(gap.abs()), "")
        };
        let sign = match size.as_str() {
            "0" => "",
            _ if gap > 0.0 => "+",
            _ => "-",
        };
        format!("{sign}{size}{unit}")
    });
    let mut cells = vec![name, published, row.mean.map_or_else(|| without.to_owned(), shown), or_dash(gap)];
    cells.push(or_dash(row.gap_share.map(|share| format!("{:+.0}%", share * 100.0))));
    if runs {
        let range = row.p05.zip(row.p95).map(|(low, high)| format!("{}–{}", shown(low), shown(high)));
        cells.insert(3, or_dash(range));
        cells.push(or_dash(row.within.map(|within| if within { "yes" } else { "no" }.to_owned())));
    }
    cells
}

/// A figure for people: shares in per cent, small figures with their decimals.
fn shown(value: f64, is_share: bool) -> String {
    if is_share {
        format!("{}%", rounded_to_tenth(value * 100.0))
    } else if value.abs() < 100.0 {
        rounded_to_tenth(value)
    } else {
        readable(value)
    }
}

fn rounded_to_tenth(value: f64) -> String {
    rounded((value * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::Example;
    use crate::scenario::Per;

    fn figure(id: &str, value: f64) -> Published {
        Published {
            id: id.into(),
            name: format!("The {id}"),
            measures: vec!["referrals".into()],
            over: Vec::new(),
            of: PublishedOf::Council,
            as_children: true,
            per: Per::Year,
            weeks: 0..4,
            value,
            range: None,
            source: "=table C1".into(),
            year: "2025".into(),
        }
    }

    /// The example's estimates are 4,000 (3,200 to 4,800), nothing, and 0.2 (0.16 to 0.24).
    fn example() -> Example {
        let mut example = Example::small();
        let mut share = figure("share", 0.25);
        (share.over, share.range, share.per) = (vec!["arrivals".into()], Some((0.23, 0.26)), Per::Level);
        example.scenario.published = vec![figure("count", 5000.0), figure("nothing", 7.0), share];
        example
    }

    #[test]
    fn the_gap_is_modelled_less_published() {
        let example = example();
        let rows = simulated(&example.report());
        assert_eq!(
            (rows[0].gap, rows[0].gap_share, rows[0].within),
            (Some(-1000.0), Some(-0.2), Some(false))
        );
        assert_eq!((rows[1].mean, rows[1].gap, rows[1].within), (None, None, None));
        // Part of its range lies within.
        assert_eq!(rows[2].within, Some(true));
        assert_eq!(rows[2].measure, "referrals / arrivals");
        assert_eq!(
            (rows[0].from.as_deref(), rows[0].to.as_deref()),
            (Some("2019-09-02"), Some("2019-09-30"))
        );
    }

    #[test]
    fn rows_of_the_file_are_plain_and_cannot_run_as_formulas() {
        let example = example();
        let mut out = Vec::new();
        reconciliation(&mut out, &simulated(&example.report())).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], RECONCILIATION.join(","));
        assert_eq!(
            lines[1],
            "count,The count,,referrals,year,2019-09-02,2019-09-30,2025,5000,,,4000,40,3200,4800,-1000,-0.2,false,\
             published,'=table C1"
        );
        assert!(lines[2].contains(",7,,,,,,,,,,published,"), "{}", lines[2]);
        assert!(lines[3].contains(",0.25,0.23,0.26,0.2,0.002,0.16,0.24,-0.05,-0.2,true,"), "{}", lines[3]);
    }

    #[test]
    fn people_see_the_gap_and_that_it_is_not_hidden() {
        let example = example();
        let text = table(&simulated(&example.report()), 100);
        for part in ["The count, 2025", "5,000", "3,200–4,800", "-1,000", "-20%", "no", "not measured"] {
            assert!(text.contains(part), "{part} is missing from\n{text}");
        }
        for part in ["25%", "23%–26%", "-5 points", "yes"] {
            assert!(text.contains(part), "{part} is missing from\n{text}");
        }
        let answers = [Some(5500.0), None, Some(0.249_999)];
        let text = table(&instant(&example.scenario, &answers), 100);
        for part in [" 0 points", "5,500", "+500", "+10%", "simulated only", "  1 =table C1"] {
            assert!(text.contains(part), "{part} is missing from\n{text}");
        }
        assert_eq!(table(&[], 100), "");
    }
}
