//! `caseflow backtest`: forecasts from every month that could have been made, against what then happened.
//!
//! Consumes a file of what was observed, or the shipped months of every authority; produces a results directory with
//! scores, every forecast and a calibration plot. Invariant: what a forecast may use is decided in
//! [`crate::forecast::rolling`], not here.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use jiff::ToSpan;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::{Failure, WIDTH, load, print, print_json, write_whole};
use crate::authority::Published;
use crate::authority::months::{self, FIRST_MONTH, Month};
use crate::authority::tables::{ENGLAND, TableName, Tables};
use crate::cli::{BacktestArguments, Format};
use crate::forecast::rolling::{Backtest, LEAST_MONTHS, Scored, Watched};
use crate::observed::{self, Observed, Period};
use crate::report::backtest::{self, Backtested, Runs};
use crate::report::directory::Staging;
use crate::report::evidence;
use crate::report::model::{RunFacts, StartState};
use crate::report::plots;
use crate::scenario::Scenario;

/// Share of England's referrals that come from schools and education services, where an authority's is not known
/// (table C5, 2018/19 to 2023/24: 18 to 22%).
const SCHOOLS: f64 = 0.20;
/// Years ending in March whose mix of sources is taken, the first that is published.
const MIX_YEARS: [i16; 6] = [2019, 2018, 2017, 2016, 2020, 2022];

/// What is forecast.
struct Question {
    subject: String,
    digest: String,
    calendar: Vec<Month>,
    england: Vec<Option<f64>>,
    series: Vec<Watched>,
    prior: Vec<Watched>,
    remarks: Vec<String>,
}

/// Scores forecasts from rolling origins.
///
/// # Errors
/// If the scenario or the file cannot be used (exit code 2), or the work fails (1).
pub fn backtest(arguments: &BacktestArguments) -> Result<(), Failure> {
    let begun = Instant::now();
    let published = Published::read().map_err(Failure::work)?;
    let question = match &arguments.observed {
        Some(file) => of_file(arguments, file, &published)?,
        None if arguments.scenario.is_some() => {
            return Err(Failure::usage(
                "a scenario needs what was observed: add --observed FILE (docs/backtest.md says what it may hold)",
            ));
        }
        None => of_all(&published),
    };
    let out = arguments.out.clone().unwrap_or_else(|| Path::new("outputs").join("backtest"));
    let staging = Staging::begin(&out).map_err(Failure::work)?;
    let (known, unknown) = on_threads(arguments, || score(&question, arguments.simulation.seed))?;
    let facts = RunFacts {
        scenario: "backtest".to_owned(),
        scenario_sha256: question.digest.clone(),
        seed: arguments.simulation.seed,
        replications: crate::forecast::rolling::DRAWS as u32,
        shard: None,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        start_state: StartState::WarmUp { weeks: 0 },
        wall_seconds: begun.elapsed().as_secs_f64(),
        partial: false,
    };
    let runs = Runs { calendar: &question.calendar, known: &known, unknown: &unknown };
    let origin = format!("backtest, seed {}, caseflow {}", facts.seed, facts.version);
    let Some(found) = Backtested::new(question.subject.clone(), origin, &runs) else {
        return Err(Failure::usage(format_args!(
            "there is no month to be judged: a series needs {LEAST_MONTHS} months before the first that is forecast"
        )));
    };
    write(&staging, &question, &found, &known)?;
    if let Some(path) = &arguments.csv {
        record(path, arguments.simulation.seed, &found)?;
    }
    let files = staging.commit(&facts).map_err(Failure::work)?;
    match arguments.output.format {
        Format::Json => print_json(
            &serde_json::json!({ "directory": out, "files": files, "run": facts, "backtest": found, "remarks": question.remarks }),
        ),
        Format::Table => {
            let mut text = found.text(WIDTH);
            for remark in &question.remarks {
                text.push_str(&format!("\nNote: {remark}\n"));
            }
            if !arguments.output.quiet {
                text.push_str(&format!("\nResults: {}\n", out.display()));
            }
            print(text.as_bytes())
        }
    }
}

fn on_threads<T: Send>(arguments: &BacktestArguments, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let threads = arguments.simulation.threads.map_or(0, std::num::NonZeroUsize::get);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(Failure::work)?;
    Ok(pool.install(work))
}

/// Forecasts that know of closures from every origin, and those that do not where closures were.
fn score(question: &Question, seed: u64) -> (Vec<Scored>, Vec<Scored>) {
    let test = |closures| Backtest {
        calendar: &question.calendar,
        england: &question.england,
        prior: &question.prior,
        closures,
        seed,
    };
    let known = test(true).run(&question.series, 0..question.calendar.len());
    let years = |month: &Month| !crate::forecast::shape::is_ordinary(month);
    let first = question.calendar.iter().position(years).unwrap_or_default();
    let last = question.calendar.iter().rposition(years).map_or(0, |index| index + 1);
    let unknown = test(false).run(&question.series, first.saturating_sub(11)..last);
    (known, unknown)
}

fn write(
    staging: &Staging,
    question: &Question,
    found: &Backtested,
    known: &[Scored],
) -> Result<(), Failure> {
    let csv = |result: csv::Result<()>| result.map_err(std::io::Error::from);
    staging.file("backtest.csv", |out| csv(found.csv(out))).map_err(Failure::work)?;
    staging
        .file("backtest_forecasts.csv", |out| {
            csv(backtest::forecasts(out, &question.series, &question.calendar, known))
        })
        .map_err(Failure::work)?;
    let picture = found.picture().map_err(Failure::work)?;
    let png = plots::png(&picture.svg).map_err(Failure::work)?;
    staging.bytes(&format!("plots/{}.svg", picture.name), picture.svg.as_bytes()).map_err(Failure::work)?;
    staging.bytes(&format!("plots/{}.png", picture.name), &png).map_err(Failure::work)
}

/// Writes the record that reports show: all ordinary months, and the years with closures.
fn record(path: &Path, seed: u64, found: &Backtested) -> Result<(), Failure> {
    let ordinary = found.ordinary.iter().take(1).map(|group| {
        (format!("{} authorities, April 2014 to March 2019 and 2021/22", group.summary.series), group)
    });
    let closed = found.closures.iter().map(|group| (format!("the same, {}", group.group), group));
    let rows: Vec<evidence::Backtested> = ordinary
        .chain(closed)
        .map(|(months_of, group)| {
            evidence::Backtested::of(&group.summary, seed, ["caseflow backtest", &months_of, "referrals"])
        })
        .collect();
    let mut bytes = Vec::new();
    evidence::backtests(&mut bytes, &rows).map_err(Failure::work)?;
    write_whole(path, &bytes)
}

/// Share of referrals from schools, as published.
fn schools(tables: &Tables, code: &str) -> f64 {
    let of = |year: &i16| {
        let number = |column| tables.number(TableName::Sources, code, *year, column);
        let (all, schools) = (number("referrals")?, number("schools")?);
        (all > 0.0).then(|| (schools + number("education_services").unwrap_or_default()) / all)
    };
    MIX_YEARS.iter().find_map(of).unwrap_or(SCHOOLS).clamp(0.0, 0.6)
}

fn shipped(published: &Published, months: usize) -> Vec<Watched> {
    let watched = |own: &months::Series| {
        let mut counts = own.referrals.clone();
        counts.resize(months, None);
        Watched {
            code: own.code.clone(),
            name: own.name.clone(),
            counts,
            schools: schools(&published.tables, &own.code),
        }
    };
    published.months.authorities.iter().map(watched).collect()
}

fn of_all(published: &Published) -> Question {
    let calendar = published.months.calendar.clone();
    let series = shipped(published, calendar.len());
    Question {
        subject: format!(
            "Referrals a month of {} authorities, April 2012 to March 2022 (DfE Children in need, table C6): each month forecast from the twelve before it",
            series.len()
        ),
        digest: hex(include_bytes!("../../data/published/referrals_by_month.csv")),
        england: published.months.england.referrals.clone(),
        prior: series.clone(),
        calendar,
        series,
        remarks: Vec::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The series of a file: one for each authority that it names, or the council's.
fn of_file(arguments: &BacktestArguments, file: &Path, published: &Published) -> Result<Question, Failure> {
    let shown = file.display();
    let mut observed = observed::read(file).map_err(Failure::usage)?;
    if let Some(authority) = &arguments.authority {
        observed = observed.of_authority(authority).map_err(Failure::usage)?;
    }
    let scenario = arguments.scenario.as_deref().map(|path| load(path, &arguments.overrides)).transpose()?;
    let measure = measure(&observed, arguments.measure.as_deref()).map_err(Failure::usage)?;
    let by_authority = monthly(&observed, &measure);
    let last = by_authority
        .values()
        .flat_map(|(_, months)| months.keys().next_back())
        .max()
        .copied()
        .unwrap_or_default();
    let shipped_months = published.months.calendar.len();
    let calendar = months::calendar(FIRST_MONTH, (last + 1).max(shipped_months));
    let place = |values: &BTreeMap<usize, f64>| -> Vec<Option<f64>> {
        (0..calendar.len()).map(|index| values.get(&index).copied()).collect()
    };
    let mut england = published.months.england.referrals.clone();
    england.resize(calendar.len(), None);
    if let Some((_, own)) = by_authority.get(ENGLAND) {
        for (index, count) in own {
            england[*index] = england[*index].or(Some(*count));
        }
    }
    let mut series = Vec::new();
    for (code, (name, values)) in by_authority.iter().filter(|(code, _)| *code != ENGLAND) {
        let schools = match &scenario {
            Some(scenario) => of_scenario(scenario),
            None => schools(&published.tables, code),
        };
        series.push(Watched { code: code.clone(), name: name.clone(), counts: place(values), schools });
    }
    if series.is_empty() {
        return Err(Failure::usage(format_args!(
            "{shown} holds no month of an authority from April 2012 on"
        )));
    }
    let mut remarks = Vec::new();
    let known_england = england.iter().rposition(Option::is_some).unwrap_or_default();
    if known_england + 1 < calendar.len() {
        remarks.push(format!("England's months are known to {}: the shape of the year is that of the years before. Rows of England ({ENGLAND}) in the file carry it on.", calendar[known_england].first.strftime("%B %Y")));
    }
    let who = match &scenario {
        Some(scenario) => scenario.title.clone(),
        None if series.len() == 1 => series[0].name.clone(),
        None => format!("{} authorities", series.len()),
    };
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Question {
        subject: format!("{measure} a month, {who} ({name}): each month forecast from the twelve before it"),
        digest: hex(&std::fs::read(file).map_err(Failure::work)?),
        prior: shipped(published, calendar.len()),
        england,
        series,
        calendar,
        remarks,
    })
}

/// The measure that is forecast: the one asked for, referrals, or the only one.
fn measure(observed: &Observed, wanted: Option<&str>) -> Result<String, String> {
    let mut measures: Vec<&str> = observed.rows.iter().map(|row| row.measure.as_str()).collect();
    measures.sort_unstable();
    measures.dedup();
    match wanted {
        Some(wanted) if measures.contains(&wanted) => Ok(wanted.to_owned()),
        Some(wanted) => {
            Err(format!("{} has no measure {wanted}; it has {}", observed.file, measures.join(", ")))
        }
        None if measures.contains(&"referrals") => Ok("referrals".to_owned()),
        None => match measures[..] {
            [only] => Ok(only.to_owned()),
            _ => Err(format!(
                "{} has several measures: choose one with --measure ({})",
                observed.file,
                measures.join(", ")
            )),
        },
    }
}

/// Whole months by authority code; weeks are shared out to months by days, and count where they cover a month.
fn monthly(observed: &Observed, measure: &str) -> BTreeMap<String, (String, BTreeMap<usize, f64>)> {
    let mut found: BTreeMap<String, (String, BTreeMap<usize, f64>)> = BTreeMap::new();
    let mut covered: BTreeMap<(String, usize), i64> = BTreeMap::new();
    for row in
        observed.rows.iter().filter(|row| row.measure == measure && row.area.is_none() && row.team.is_none())
    {
        let (code, name) = match &row.authority {
            Some(authority) => (authority.code.clone(), authority.name.clone()),
            None => ("observed".to_owned(), "What was observed".to_owned()),
        };
        let (_, months) = found.entry(code.clone()).or_insert_with(|| (name, BTreeMap::new()));
        match row.period {
            Period::Month(first) => {
                if let Some(index) = index_of(first) {
                    months.insert(index, row.value);
                }
            }
            Period::Week(first) => {
                for day in 0..7_i64 {
                    if let Some(index) = index_of(first.saturating_add(day.days())) {
                        *months.entry(index).or_insert(0.0) += row.value / 7.0;
                        *covered.entry((code.clone(), index)).or_insert(0) += 1;
                    }
                }
            }
        }
    }
    for ((code, index), days) in covered {
        let first = FIRST_MONTH.saturating_add((index as i64).months());
        if days < i64::from(first.days_in_month())
            && let Some((_, months)) = found.get_mut(&code)
        {
            months.remove(&index);
        }
    }
    found.retain(|_, (_, months)| !months.is_empty());
    found
}

fn index_of(day: Date) -> Option<usize> {
    months::month_index(&day.strftime("%Y-%m").to_string())
}

/// The share of families that schools would have to send for a closure to lower the total as the scenario's sources
/// do: what they all see less of while schools are closed, over what schools see less of.
fn of_scenario(scenario: &Scenario) -> f64 {
    let draw = scenario.central_draw();
    let lost = |source: &crate::scenario::Source| draw[source.rate_per_10k] * (1.0 - draw[source.visibility]);
    let (all, unseen) = scenario
        .sources
        .iter()
        .fold((0.0, 0.0), |(all, unseen), source| (all + draw[source.rate_per_10k], unseen + lost(source)));
    if all > 0.0 {
        (unseen / all / (1.0 - crate::forecast::shape::SEEN_WHILE_CLOSED)).min(0.9)
    } else {
        SCHOOLS
    }
}
