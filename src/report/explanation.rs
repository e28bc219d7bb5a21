//! What `caseflow explain` leaves: `sensitivity.csv`, `tornado.csv`, `measure_next.csv` and what the
//! terminal says.
//!
//! Consumes a scenario and its [`Explanation`]; produces rows, and an [`ExplanationReport`] of plain
//! figures that is shown as text or given to programs. **Invariants:** an output that does not vary
//! has empty cells; a value comes with its standard error or its interval; a price that decides is
//! printed with its basis.

mod text;

use std::borrow::Cow;
use std::io::Write;

use ::csv::Writer;
use serde::Serialize;

use super::model::inert;
use super::number::{push_exact, push_rounded};
use crate::scenario::{Basis, Parameter, Quantity, Scenario};
use crate::sensitivity::Explanation;
use crate::sensitivity::outputs::{Measure, unit_name};
use crate::sensitivity::pick_freeze::Indices;
use crate::sensitivity::study::{Decided, Input, Worth};
use crate::sensitivity::value::Value;

/// Columns of `sensitivity.csv`.
pub const SENSITIVITY: [&str; 10] = [
    "parameter",
    "output",
    "first_order",
    "total_order",
    "evppi",
    "first_order_se",
    "total_order_se",
    "evppi_se",
    "evppi_posts",
    "basis",
];

/// Columns of `tornado.csv`.
pub const TORNADO: [&str; 11] = [
    "parameter",
    "output",
    "low",
    "high",
    "base",
    "at_low",
    "at_low_from",
    "at_low_to",
    "at_high",
    "at_high_from",
    "at_high_to",
];

/// Columns of `measure_next.csv`.
pub const MEASURE_NEXT: [&str; 8] =
    ["rank", "parameter", "basis", "source", "evppi", "evppi_se", "evppi_posts", "share_counting_may_find"];

/// A figure's part of what perfect knowledge of it is worth that counting it locally may be hoped to
/// find, by what it rests on now. Judgement; printed with the ranking.
pub fn share_to_find(basis: Option<Basis>) -> f64 {
    match basis {
        Some(Basis::Judgement) | None => 1.0,
        Some(Basis::Published) => 0.5,
        Some(Basis::Measured) => 0.2,
    }
}

/// What the report says of one figure's worth, best first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// Dotted path.
    pub parameter: String,
    /// What it rests on now.
    pub basis: &'static str,
    /// Where it comes from.
    pub source: String,
    /// Expected value of knowing it perfectly, pounds a year.
    pub evppi: f64,
    /// Its standard error.
    pub evppi_se: f64,
    /// The same in full-time posts.
    pub evppi_posts: f64,
    /// Of that, what counting it may find; see [`share_to_find`].
    pub share_counting_may_find: f64,
}

/// What drives one output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Driven {
    /// Identifier in files.
    pub output: String,
    /// Name for readers.
    pub name: String,
    /// Unit.
    pub unit: Cow<'static, str>,
    /// Mean over runs.
    pub mean: f64,
    /// 5th percentile over runs.
    pub p05: f64,
    /// 95th percentile over runs.
    pub p95: f64,
    /// Share of the variance that is luck; absent when the output does not vary.
    pub luck_share: Option<f64>,
    /// Its standard error.
    pub luck_share_se: Option<f64>,
    /// Figures, the greatest total order first.
    pub drivers: Vec<Driver>,
}

/// One figure's part in an output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Driver {
    /// Dotted path, or `(all others)`.
    pub parameter: String,
    /// First-order index.
    pub first_order: f64,
    /// Its standard error.
    pub first_order_se: f64,
    /// Total-order index.
    pub total_order: f64,
    /// Its standard error.
    pub total_order_se: f64,
    /// The output at the figure's 5th percentile, others central; absent for the others as a group.
    pub at_low: Option<f64>,
    /// The output at its 95th.
    pub at_high: Option<f64>,
}

/// A unit's posts and what their number costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Weighed {
    /// Team and area, for readers.
    pub name: String,
    /// Posts today.
    pub posts_today: f64,
    /// Numbers weighed, in order.
    pub options: Vec<f64>,
    /// Mean loss of each, pounds a year.
    pub loss: Vec<f64>,
    /// The best of them.
    pub best: f64,
    /// Whether the best is the least or the most that was tried.
    pub at_the_edge: bool,
    /// Most that any information could be worth, pounds a year.
    pub perfect_information: f64,
    /// Its standard error.
    pub perfect_information_se: f64,
}

/// Everything that `explain` says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExplanationReport {
    /// Title of the scenario.
    pub title: String,
    /// Name of the scenario.
    pub scenario: String,
    /// SHA-256 of the effective scenario.
    pub scenario_sha256: String,
    /// Master seed.
    pub seed: u64,
    /// Simulated runs.
    pub runs: u32,
    /// Runs of each pass: pool draws, numbers of posts, design rows, tornado replications.
    pub pool: u32,
    /// Numbers of posts weighed for every unit.
    pub options: u32,
    /// Rows of the design behind the indices of simulated outputs.
    pub rows: u32,
    /// Replications behind each end of a bar.
    pub tornado: u32,
    /// Uncertain figures looked at one by one.
    pub figures: Vec<String>,
    /// Uncertain figures taken together, with the largest first-order share that an output owed them
    /// in the first pass.
    pub taken_together: Vec<(String, f64)>,
    /// Cost of a post and price of a week's waiting, in words.
    pub prices: [String; 2],
    /// The outputs that matter most to a reader.
    pub outputs: Vec<Driven>,
    /// The numbers of posts.
    pub posts: Vec<Weighed>,
    /// What to measure, best first.
    pub measure_next: Vec<Measured>,
}

/// The path of an input as files write it.
fn input_name(scenario: &Scenario, input: Input) -> &str {
    match input {
        Input::Figure(parameter) => &scenario.parameters[parameter].path,
        Input::Others => "(all others)",
        Input::Luck => "(luck)",
        Input::AllFigures => "(all figures)",
    }
}

fn basis_word(basis: Option<Basis>) -> &'static str {
    basis.map_or("not stated", Basis::as_str)
}

/// Writes `sensitivity.csv`: a row for every input and output. The value of information, in pounds a
/// year, stands with the output whose decision it concerns: a unit's posts, or the loss of all.
///
/// # Errors
/// Only those of the writer.
pub fn sensitivity(out: impl Write, scenario: &Scenario, found: &Explanation) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(SENSITIVITY)?;
    let post = cost_of_post(scenario, found);
    for (&input, indices) in found.inputs.iter().zip(&found.indices) {
        let basis = match input {
            Input::Figure(parameter) => basis_word(scenario.parameters[parameter].basis),
            _ => "",
        };
        for (output, Indices { first, total }) in found.outputs.list.iter().zip(indices) {
            let value = worth_of(found, input, &output.measure);
            let posts = value.map(|value| value.value / post);
            rows.write_field(&*inert(input_name(scenario, input)))?;
            rows.write_field(&*inert(&output.id))?;
            let figures = [
                Some(first.value),
                Some(total.value),
                value.map(|value| value.value),
                Some(first.se),
                Some(total.se),
                value.map(|value| value.se),
                posts,
            ];
            for figure in figures {
                write_rounded(&mut rows, figure.unwrap_or(f64::NAN))?;
            }
            rows.write_field(basis)?;
            rows.write_record(None::<&[u8]>)?;
        }
    }
    rows.flush()?;
    Ok(())
}

/// The value of knowing an input for the decision that an output stands for, if it stands for one.
fn worth_of(found: &Explanation, input: Input, measure: &Measure) -> Option<Value> {
    let Input::Figure(parameter) = input else { return None };
    let worth: &Worth = found.worth.iter().find(|worth| worth.parameter == parameter)?;
    match measure {
        Measure::Loss => Some(worth.all),
        Measure::PostsNeeded(unit) => {
            let seat = found.decided.iter().position(|decided| decided.seat.unit == *unit)?;
            Some(worth.seats[seat])
        }
        _ => None,
    }
}

/// Writes `tornado.csv`: a row for every figure looked at and output, with 95% intervals.
///
/// # Errors
/// Only those of the writer.
pub fn tornado(out: impl Write, scenario: &Scenario, found: &Explanation) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(TORNADO)?;
    for bar in &found.bars {
        rows.write_field(&*inert(&scenario.parameters[bar.parameter].path))?;
        rows.write_field(&*inert(&found.outputs.list[bar.output].id))?;
        for figure in [bar.low.figure, bar.high.figure, bar.base] {
            write_rounded(&mut rows, figure)?;
        }
        for end in [bar.low, bar.high] {
            for figure in [end.output, end.output - end.half_width, end.output + end.half_width] {
                write_rounded(&mut rows, figure)?;
            }
        }
        rows.write_record(None::<&[u8]>)?;
    }
    rows.flush()?;
    Ok(())
}

/// Writes `measure_next.csv`: the figures looked at, the one most worth counting first.
///
/// # Errors
/// Only those of the writer.
pub fn measure_next(out: impl Write, report: &ExplanationReport) -> ::csv::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(MEASURE_NEXT)?;
    for (rank, row) in (1..).zip(&report.measure_next) {
        let rank: u32 = rank;
        rows.write_field(rank.to_string())?;
        rows.write_field(&*inert(&row.parameter))?;
        rows.write_field(row.basis)?;
        rows.write_field(&*inert(&row.source))?;
        for figure in [row.evppi, row.evppi_se, row.evppi_posts] {
            write_rounded(&mut rows, figure)?;
        }
        let mut number = Vec::new();
        push_exact(&mut number, row.share_counting_may_find);
        rows.write_field(&number)?;
        rows.write_record(None::<&[u8]>)?;
    }
    rows.flush()?;
    Ok(())
}

fn write_rounded<W: Write>(rows: &mut Writer<W>, value: f64) -> ::csv::Result<()> {
    let mut number = Vec::with_capacity(16);
    push_rounded(&mut number, value);
    rows.write_field(&number)
}

fn parameter_of(scenario: &Scenario, quantity: Quantity) -> &Parameter {
    &scenario.parameters[quantity.0 as usize]
}

/// Pounds a year by which values are turned into posts: what a post of today costs on average at central
/// values; the stated price where no posts are weighed.
fn cost_of_post(scenario: &Scenario, found: &Explanation) -> f64 {
    let fte: f64 = found.decided.iter().map(|decided| decided.seat.fte).sum();
    let cost = |decided: &Decided| decided.seat.fte * decided.seat.cost_of_post(scenario);
    if fte > 0.0 {
        found.decided.iter().map(cost).sum::<f64>() / fte
    } else {
        parameter_of(scenario, scenario.explain.cost_of_post).value
    }
}

/// Where the cost of posts comes from, in words: from pay, from the stated price, or partly from each.
fn posts_price(scenario: &Scenario, found: &Explanation) -> String {
    let team = |decided: &Decided| &scenario.teams[scenario.units[decided.seat.unit].team];
    let paid = |decided: &Decided| scenario.money.pay_of(&team(decided).role).is_some();
    let stated = parameter_of(scenario, scenario.explain.cost_of_post);
    let average = super::number::readable(cost_of_post(scenario, found));
    let source = if stated.source.is_empty() { "source not stated" } else { stated.source.as_str() };
    let given = format!("{}; {source}", basis_word(stated.basis));
    let from = match (found.decided.iter().any(paid), found.decided.iter().all(paid)) {
        (true, true) => "the roles' pay with on-costs".to_owned(),
        (true, false) => format!("the roles' pay with on-costs, and where they have none {given}"),
        _ => given,
    };
    format!("£{average} a year for a post ({from})")
}

impl ExplanationReport {
    /// Gathers what is said.
    pub fn new(scenario: &Scenario, found: &Explanation, seed: u64) -> Self {
        let path = |parameter: usize| scenario.parameters[parameter].path.clone();
        let price = |quantity: Quantity, words: &str| {
            let parameter = parameter_of(scenario, quantity);
            let source =
                if parameter.source.is_empty() { "source not stated" } else { parameter.source.as_str() };
            let pounds = super::number::readable(parameter.value);
            format!("£{pounds} {words} ({}; {source})", basis_word(parameter.basis))
        };
        let explain = &scenario.explain;
        Self {
            title: scenario.title.clone(),
            scenario: scenario.name.clone(),
            scenario_sha256: scenario.hash.clone(),
            seed,
            runs: found.shares.runs(),
            pool: found.shares.pool,
            options: found.shares.options,
            rows: found.shares.rows,
            tornado: found.shares.tornado,
            figures: found.figures.iter().map(|&figure| path(figure)).collect(),
            taken_together: found.others.iter().map(|&(figure, most)| (path(figure), most)).collect(),
            prices: [
                posts_price(scenario, found),
                price(explain.price_of_waiting_week, "for a family's week of waiting"),
            ],
            outputs: headline(found).into_iter().map(|output| driven(scenario, found, output)).collect(),
            posts: weighed(scenario, found),
            measure_next: measured(scenario, found),
        }
    }
}

/// The outputs shown to readers: posts by team, waiting of the whole council, each standard where it
/// is kept least often, and the loss. The files have them all.
pub fn headline(found: &Explanation) -> Vec<usize> {
    let list = &found.outputs.list;
    let mut shown = Vec::new();
    let mut standards: Vec<usize> = Vec::new();
    for (index, output) in list.iter().enumerate() {
        match &output.measure {
            Measure::TeamPostsNeeded(_) => shown.push(index),
            Measure::PostsNeeded(_) => {
                // A team of one unit has no row for all its units.
                let team = output.id.rsplit_once('/').map_or("", |(team, _)| team);
                if !list.iter().any(|other| other.id == format!("{team}/all")) {
                    shown.push(index);
                }
            }
            Measure::Waiting(_) if output.id.ends_with("/all") => shown.push(index),
            Measure::Loss => shown.push(index),
            Measure::Met(_, judged) => {
                let same = |&other: &usize| matches!(&list[other].measure, Measure::Met(_, theirs) if theirs.standard == judged.standard);
                match standards.iter().position(same) {
                    Some(at) if found.spread[index].mean < found.spread[standards[at]].mean => {
                        standards[at] = index;
                    }
                    Some(_) => {}
                    None => standards.push(index),
                }
            }
            _ => {}
        }
    }
    shown.extend(standards);
    shown
}

fn driven(scenario: &Scenario, found: &Explanation, output: usize) -> Driven {
    let (described, spread) = (&found.outputs.list[output], found.spread[output]);
    let index_of = |input: Input| found.inputs.iter().position(|other| *other == input);
    let luck = index_of(Input::Luck).map(|row| found.indices[row][output].total);
    let bar =
        |parameter: usize| found.bars.iter().find(|bar| bar.output == output && bar.parameter == parameter);
    let mut drivers: Vec<Driver> = found
        .inputs
        .iter()
        .zip(&found.indices)
        .filter(|(input, _)| matches!(input, Input::Figure(_) | Input::Others))
        .map(|(&input, indices)| {
            let Indices { first, total } = indices[output];
            let bar = if let Input::Figure(parameter) = input { bar(parameter) } else { None };
            Driver {
                parameter: input_name(scenario, input).to_owned(),
                first_order: first.value,
                first_order_se: first.se,
                total_order: total.value,
                total_order_se: total.se,
                at_low: bar.map(|bar| bar.low.output),
                at_high: bar.map(|bar| bar.high.output),
            }
        })
        .filter(|driver| driver.total_order.is_finite())
        .collect();
    drivers.sort_by(|a, b| b.total_order.total_cmp(&a.total_order).then(a.parameter.cmp(&b.parameter)));
    Driven {
        output: described.id.clone(),
        name: described.name.clone(),
        unit: described.unit.clone(),
        mean: spread.mean,
        p05: spread.p05,
        p95: spread.p95,
        luck_share: luck.map(|luck| luck.value).filter(|value| value.is_finite()),
        luck_share_se: luck.map(|luck| luck.se).filter(|value| value.is_finite()),
        drivers,
    }
}

fn weighed(scenario: &Scenario, found: &Explanation) -> Vec<Weighed> {
    let row = |decided: &crate::sensitivity::study::Decided| {
        let mut pairs: Vec<(f64, f64)> =
            decided.seat.options.iter().copied().zip(decided.loss.iter().copied()).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let best = decided.seat.options[decided.best];
        let ends = [pairs.first(), pairs.last()].map(|pair| pair.map(|pair| pair.0));
        Weighed {
            name: unit_name(scenario, decided.seat.unit),
            posts_today: decided.seat.fte,
            at_the_edge: ends.contains(&Some(best)),
            options: pairs.iter().map(|pair| pair.0).collect(),
            loss: pairs.iter().map(|pair| pair.1).collect(),
            best,
            perfect_information: decided.perfect.value,
            perfect_information_se: decided.perfect.se,
        }
    };
    found.decided.iter().map(row).collect()
}

fn measured(scenario: &Scenario, found: &Explanation) -> Vec<Measured> {
    let post = cost_of_post(scenario, found);
    let mut rows: Vec<Measured> = found
        .worth
        .iter()
        .map(|worth| {
            let parameter = &scenario.parameters[worth.parameter];
            Measured {
                parameter: parameter.path.clone(),
                basis: basis_word(parameter.basis),
                source: parameter.source.clone(),
                evppi: worth.all.value,
                evppi_se: worth.all.se,
                evppi_posts: worth.all.value / post,
                share_counting_may_find: share_to_find(parameter.basis),
            }
        })
        .collect();
    let score = |row: &Measured| row.evppi * row.share_counting_may_find;
    rows.sort_by(|a, b| score(b).total_cmp(&score(a)).then(a.parameter.cmp(&b.parameter)));
    rows
}
