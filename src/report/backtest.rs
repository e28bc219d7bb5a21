//! How good forecasts were: tables, files and words.
//!
//! Consumes scored forecasts; produces [`Backtested`], plain figures by group of months, and from it CSV, text for a
//! terminal and the sentence that sums it up. Invariant: months of years with closed schools are never among the
//! ordinary ones.

use std::io::Write;

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use super::plots::{self, CalibrationShown, DrawError, Picture};
use super::terminal::wrapped;
use crate::authority::figures::year_label;
use crate::authority::months::Month;
use crate::forecast::rolling::{AHEAD, Scored, Summary, Watched, summarise};
use crate::forecast::shape::is_ordinary;

/// Shares of months that 90% bands should hold, from and to: the aim.
pub const AIM: (f64, f64) = (0.88, 0.92);
/// The baselines, in the order of scores.
pub const BASELINES: [&str; 3] = ["same month last year", "seasonal mean", "Poisson"];

/// A group of forecasts and what they came to.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// Which: `all`, `ahead 3`, `year 2018/19`, `closures known 2020/21`, ….
    pub group: String,
    /// Its scores.
    #[serde(flatten)]
    pub summary: Summary,
}

/// What a backtest found.
#[derive(Clone, Debug, Serialize)]
pub struct Backtested {
    /// What was forecast.
    pub subject: String,
    /// Scenario or data, seed, version.
    pub origin: String,
    /// Groups of ordinary months: all, by months ahead, by year.
    pub ordinary: Vec<Group>,
    /// Years and months with closed schools: with and without knowing of the closures.
    pub closures: Vec<Group>,
    /// Share of ordinary months in each tenth of their forecast.
    pub tenths: [f64; 10],
    /// Width of a band and share of ordinary months it held.
    pub held: Vec<(f64, f64)>,
}

/// Forecasts of one backtest: knowing closures, and not knowing them.
pub struct Runs<'a> {
    /// The months.
    pub calendar: &'a [Month],
    /// Forecasts that know of closures.
    pub known: &'a [Scored],
    /// Forecasts of the months of the years with closures that do not.
    pub unknown: &'a [Scored],
}

impl Backtested {
    /// Sums forecasts up; `None` without an ordinary month among them.
    pub fn new(subject: String, origin: String, runs: &Runs) -> Option<Self> {
        let month = |one: &Scored| &runs.calendar[one.month];
        let normal: Vec<&Scored> = runs.known.iter().filter(|one| is_ordinary(month(one))).collect();
        let group = |name: String, of: Vec<&Scored>| Some(Group { group: name, summary: summarise(of)? });
        let mut ordinary = vec![group("all".to_owned(), normal.clone())?];
        for ahead in 0..AHEAD {
            let of = normal.iter().copied().filter(|one| one.month - one.origin == ahead).collect();
            ordinary.extend(group(format!("ahead {}", ahead + 1), of));
        }
        let mut years: Vec<i16> = normal.iter().map(|one| month(one).year_ending()).collect();
        years.sort_unstable();
        years.dedup();
        for year in years {
            let of = normal.iter().copied().filter(|one| month(one).year_ending() == year).collect();
            ordinary.extend(group(format!("year {}", year_label(year)), of));
        }
        let mut closures = Vec::new();
        for (name, scored) in [("known", runs.known), ("not known", runs.unknown)] {
            for year in [2020, 2021] {
                let of = scored.iter().filter(|one| month(one).year_ending() == year).collect();
                closures.extend(group(format!("closures {name}, {}", year_label(year)), of));
            }
            let of = scored.iter().filter(|one| month(one).closures > 0.5).collect();
            closures.extend(group(format!("closures {name}, months mostly closed"), of));
        }
        let mut tenths = [0.0; 10];
        for one in &normal {
            tenths[((one.position * 10.0) as usize).min(9)] += 1.0 / normal.len() as f64;
        }
        let within = |band: f64| {
            let held = normal.iter().filter(|one| (one.position - 0.5).abs() <= band / 2.0);
            held.count() as f64 / normal.len() as f64
        };
        let held = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95].map(|band| (band, within(band))).to_vec();
        Some(Self { subject, origin, ordinary, closures, tenths, held })
    }

    /// One sentence for people: what bands held, and which baselines were beaten beyond doubt.
    pub fn verdict(&self) -> String {
        let all = &self.ordinary[0].summary;
        let (held, error) = all.in_90;
        let aim = if (AIM.0..=AIM.1).contains(&held) {
            "as they should".to_owned()
        } else if held < AIM.0 {
            "fewer than they should: they are too narrow".to_owned()
        } else {
            "more than they should: they are too wide".to_owned()
        };
        // Two standard errors: with one series there is none, and nothing is beyond doubt.
        let beaten = |index: &usize| all.skill[*index].0 > 2.0 * all.skill[*index].1;
        let (won, open): (Vec<usize>, Vec<usize>) = (0..3).partition(beaten);
        let names =
            |which: &[usize]| which.iter().map(|index| BASELINES[*index]).collect::<Vec<_>>().join(", ");
        let mut text =
            format!("Bands of 90% held {} of {} months, {aim}.", share(held, error), all.forecasts);
        if !won.is_empty() {
            text.push_str(&format!(" The score is lower (better) than that of: {}.", names(&won)));
        }
        if !open.is_empty() {
            text.push_str(&format!(" Not told apart from, or worse than: {}.", names(&open)));
        }
        text
    }

    /// For a terminal.
    pub fn text(&self, width: usize) -> String {
        let mut text = format!(
            "{}\n\n{}\n\nORDINARY MONTHS\n{}\n",
            wrapped(&self.subject, width),
            wrapped(&self.verdict(), width),
            table(&self.ordinary)
        );
        if !self.closures.is_empty() {
            text.push_str(&format!(
                "\nWHILE SCHOOLS WERE CLOSED (years ending March 2020 and 2021)\n{}\n",
                table(&self.closures)
            ));
        }
        text.push_str(&format!(
            "\n{}\n",
            wrapped(
                "Held: share of months within the band, ± its standard error between authorities. Bias and scores (CRPS, \
                 smaller is better) are shares of the mean month. Better: how much lower the score is than the \
                 baseline's, which are ensembles of past changes, of past same months, and Poisson about the last year.",
                width
            )
        ));
        text
    }

    /// `backtest.csv`.
    ///
    /// # Errors
    /// If writing fails.
    pub fn csv(&self, out: impl Write) -> ::csv::Result<()> {
        let mut csv = ::csv::Writer::from_writer(out);
        csv.write_record(COLUMNS)?;
        for group in self.ordinary.iter().chain(&self.closures) {
            let s = &group.summary;
            let figure = |value: f64| if value.is_finite() { format!("{value:.4}") } else { String::new() };
            let mut row = vec![group.group.clone(), s.forecasts.to_string(), s.series.to_string()];
            row.extend([s.in_90.0, s.in_90.1, s.in_50.0, s.in_50.1, s.bias, s.bias_se, s.crps].map(figure));
            row.extend(s.baselines.map(figure));
            row.extend(s.skill.iter().flat_map(|(skill, error)| [figure(*skill), figure(*error)]));
            csv.write_record(row)?;
        }
        csv.flush()?;
        Ok(())
    }

    /// The calibration plot.
    ///
    /// # Errors
    /// Only if the drawing library fails.
    pub fn picture(&self) -> Result<Picture, DrawError> {
        plots::calibration(&CalibrationShown {
            subtitle: &self.subject,
            tenths: self.tenths,
            held: &self.held,
            origin: &self.origin,
        })
    }
}

/// Columns of `backtest.csv`.
pub const COLUMNS: [&str; 19] = [
    "group",
    "forecasts",
    "series",
    "in_90",
    "in_90_se",
    "in_50",
    "in_50_se",
    "bias",
    "bias_se",
    "crps",
    "crps_same_month",
    "crps_seasonal_mean",
    "crps_poisson",
    "better_than_same_month",
    "better_than_same_month_se",
    "better_than_seasonal_mean",
    "better_than_seasonal_mean_se",
    "better_than_poisson",
    "better_than_poisson_se",
];

fn share(value: f64, error: f64) -> String {
    if error.is_finite() {
        format!("{:.1}% ± {:.1}", 100.0 * value, 100.0 * error)
    } else {
        format!("{:.0}%", 100.0 * value)
    }
}

fn table(groups: &[Group]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header([
        "months",
        "forecasts",
        "90% held",
        "50% held",
        "bias",
        "score",
        "better than last year",
        "than seasonal mean",
        "than Poisson",
    ]);
    for Group { group, summary } in groups {
        let mut row = vec![
            group.clone(),
            summary.forecasts.to_string(),
            share(summary.in_90.0, summary.in_90.1),
            share(summary.in_50.0, summary.in_50.1),
            share(summary.bias, summary.bias_se),
            format!("{:.1}%", 100.0 * summary.crps),
        ];
        row.extend(summary.skill.iter().map(|(skill, error)| share(*skill, *error)));
        table.add_row(row);
    }
    for column in 1..9 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// `backtest_forecasts.csv`: every forecast of every month.
///
/// # Errors
/// If writing fails.
pub fn forecasts(
    out: impl Write,
    series: &[Watched],
    calendar: &[Month],
    scored: &[Scored],
) -> ::csv::Result<()> {
    let mut csv = ::csv::Writer::from_writer(out);
    csv.write_record([
        "code",
        "name",
        "origin",
        "month",
        "ahead",
        "observed",
        "mean",
        "p05",
        "p25",
        "p50",
        "p75",
        "p95",
        "position",
        "crps",
        "crps_same_month",
        "crps_seasonal_mean",
        "crps_poisson",
    ])?;
    let month = |index: usize| calendar[index].first.strftime("%Y-%m").to_string();
    for one in scored {
        let own = &series[one.series];
        let tenth = |value: f64| format!("{value:.1}");
        let mut row = vec![
            own.code.clone(),
            own.name.clone(),
            month(one.origin),
            month(one.month),
            (one.month - one.origin + 1).to_string(),
            format!("{:.0}", one.observed),
            tenth(one.mean),
        ];
        row.extend(one.quantiles.map(|quantile| format!("{quantile:.0}")));
        row.extend([format!("{:.3}", one.position), tenth(one.crps)]);
        row.extend(one.baselines.map(|score| score.map(tenth).unwrap_or_default()));
        csv.write_record(row)?;
    }
    csv.flush()?;
    Ok(())
}
