//! `funding.csv` and its companions.
//!
//! UTF-8 rows with a header, to any writer. The first columns of `funding.csv` are a contract with other people's
//! spreadsheets. Pounds of posts are exact to the penny and add up; figures of the simulation are estimates with the
//! range of 9 in 10 runs (`p05`, `p95`) or, for differences, the 95% interval of their mean (`low`, `high`).

use std::io::Write;

use ::csv::Writer;

use super::{FundingReport, funder_of, pot_id, rule_id};
use crate::decisions::funding::{Split, Verdict};
use crate::decisions::staffing::Standing;
use crate::report::csv::pounds;
use crate::report::model::{UNFUNDED, area_id, funder_id, inert};
use crate::report::number::rounded;
use crate::report::staffing::served_id;
use crate::summary::Estimate;

/// Columns of `funding.csv`: a row for each rule, place and pot that pays for it.
pub const FUNDING: [&str; 10] = [
    "rule",
    "area",
    "role",
    "funder",
    "fte",
    "annual_cost",
    "worst_area_reliability",
    "expected_family_weeks_waiting",
    "team",
    "pot",
];

/// Columns of `funding_rules.csv`: a row for each rule.
pub const RULES: [&str; 36] = [
    "rule",
    "fte",
    "annual_cost",
    "unpaid",
    "unspent",
    "worst_area",
    "worst_area_reliability",
    "worst_area_reliability_low",
    "worst_area_reliability_high",
    "reliability_spread",
    "family_weeks_waiting",
    "family_weeks_waiting_p05",
    "family_weeks_waiting_p95",
    "family_weeks_waiting_difference",
    "family_weeks_waiting_difference_low",
    "family_weeks_waiting_difference_high",
    "waits_less",
    "waits_less_low",
    "waits_less_high",
    "escalations",
    "escalations_p05",
    "escalations_p95",
    "escalations_difference",
    "escalations_difference_low",
    "escalations_difference_high",
    "wait_spread_days",
    "wait_spread_days_p05",
    "wait_spread_days_p95",
    "spent",
    "spent_p05",
    "spent_p95",
    "spent_unfunded",
    "spent_unfunded_p05",
    "spent_unfunded_p95",
    "proven",
    "chosen",
];

/// Columns of `funding_areas.csv`: a row for each rule and area.
pub const AREAS: [&str; 15] = [
    "rule",
    "area",
    "fte",
    "reliability",
    "reliability_low",
    "reliability_high",
    "family_weeks_waiting",
    "family_weeks_waiting_p05",
    "family_weeks_waiting_p95",
    "wait_mean_days",
    "wait_mean_days_p05",
    "wait_mean_days_p95",
    "escalations",
    "escalations_p05",
    "escalations_p95",
];

/// Columns of `funding_pots.csv`: a row for each rule and pot.
pub const POTS: [&str; 6] = ["rule", "pot", "funder", "holds", "pays", "left"];

/// Columns of `funding_frontier.csv`: a row for each total.
pub const FRONTIER: [&str; 13] = [
    "total",
    "annual_cost",
    "fte",
    "worst_area",
    "worst_area_reliability",
    "worst_area_reliability_low",
    "worst_area_reliability_high",
    "family_weeks_waiting",
    "family_weeks_waiting_p05",
    "family_weeks_waiting_p95",
    "family_weeks_waiting_difference",
    "family_weeks_waiting_difference_low",
    "family_weeks_waiting_difference_high",
];

/// Columns of `funding_next.csv`: a row for each place.
pub const NEXT: [&str; 20] = [
    "area",
    "role",
    "team",
    "fte",
    "annual_cost",
    "family_weeks_waiting_difference",
    "family_weeks_waiting_difference_low",
    "family_weeks_waiting_difference_high",
    "for_sum",
    "for_sum_difference",
    "for_sum_low",
    "for_sum_high",
    "escalations_difference",
    "escalations_low",
    "escalations_high",
    "reliability_before_after",
    "reliability_before_low",
    "reliability_before_high",
    "reliability_after_low",
    "reliability_after_high",
];

/// Columns of `funding_endings.csv`: a row for each pot with a limit.
pub const ENDINGS: [&str; 19] = [
    "pot",
    "funder",
    "from",
    "planned",
    "withdrawal",
    "annual_cost",
    "fte",
    "family_weeks_waiting_difference",
    "family_weeks_waiting_difference_low",
    "family_weeks_waiting_difference_high",
    "escalations_difference",
    "escalations_low",
    "escalations_high",
    "worst_area_reliability",
    "worst_area_reliability_without",
    "worst_area_reliability_low",
    "worst_area_reliability_high",
    "worst_area_reliability_without_low",
    "worst_area_reliability_without_high",
];

/// Columns of `funding_cheapest.csv`: a row for each place.
pub const CHEAPEST: [&str; 6] = ["area", "role", "team", "current_fte", "fte", "annual_cost"];

type Cells = Vec<String>;

/// Writes rows below a header.
fn table(out: impl Write, header: &[&str], rows: impl IntoIterator<Item = Cells>) -> ::csv::Result<()> {
    let mut table = Writer::from_writer(out);
    table.write_record(header)?;
    for row in rows {
        table.write_record(row)?;
    }
    table.flush()?;
    Ok(())
}

fn text(text: &str) -> String {
    inert(text).into_owned()
}

/// The part of a post that so many pence pay, to four decimals: what several pots pay of one adds up to it.
fn part_of_post(pence: i64, price: i64) -> String {
    let text = format!("{:.4}", pence as f64 / price as f64);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Mean and range of 9 in 10 runs.
fn ranged(estimate: &Estimate) -> [String; 3] {
    [rounded(estimate.mean), rounded(estimate.p05), rounded(estimate.p95)]
}

/// Mean and its 95% interval.
fn surely(estimate: &Estimate) -> [String; 3] {
    let half = estimate.half_width();
    [rounded(estimate.mean), rounded(estimate.mean - half), rounded(estimate.mean + half)]
}

/// A share and its 95% interval; empty where there is none.
fn standing(standing: Option<Standing>) -> [String; 3] {
    let Some(standing) = standing else { return Default::default() };
    let (low, high) = standing.interval();
    [standing.share(), low, high].map(rounded)
}

/// The ends of a share's 95% interval; empty where there is none.
fn ends(one: Option<Standing>) -> [String; 2] {
    let [_, low, high] = standing(one);
    [low, high]
}

fn worst(report: &FundingReport, verdict: &Verdict) -> [String; 4] {
    let worst = verdict.worst();
    let area = worst.map_or(String::new(), |(area, _)| text(area_id(report.scenario, Some(area))));
    let [share, low, high] = standing(worst.map(|(_, standing)| standing));
    [area, share, low, high]
}

/// Writes `funding.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn funding(out: impl Write, report: &FundingReport) -> ::csv::Result<()> {
    table(out, &FUNDING, report.answer.splits.iter().flat_map(|split| split_rows(report, split)))
}

fn split_rows(report: &FundingReport, split: &Split) -> Vec<Cells> {
    let (scenario, answer) = (report.scenario, report.answer);
    let mut rows = Vec::new();
    for (at, seat) in answer.seats.iter().enumerate() {
        let purses = answer.budget.purses.iter().zip(&split.payments.by_purse);
        let paid =
            purses.map(|(purse, paid)| (funder_of(scenario, purse), pot_id(scenario, purse), paid[at]));
        let nobody = (None, UNFUNDED, split.payments.nobody[at]);
        for (funder, pot, pence) in paid.chain([nobody]).filter(|(_, _, pence)| *pence != 0) {
            rows.push(vec![
                rule_id(scenario, &split.rule).to_owned(),
                text(served_id(scenario, seat)),
                text(&seat.role),
                text(funder_id(scenario, funder)),
                part_of_post(pence, answer.full_price[at]),
                pounds(pence),
                split.verdict.worst().map_or(String::new(), |(_, kept)| rounded(kept.share())),
                rounded(split.verdict.waited.mean),
                text(&seat.holder),
                text(pot),
            ]);
        }
    }
    rows
}

/// Writes `funding_rules.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn rules(out: impl Write, report: &FundingReport) -> ::csv::Result<()> {
    let answer = report.answer;
    let row = |(at, split): (usize, &Split)| {
        let verdict = &split.verdict;
        let mut cells = vec![
            rule_id(report.scenario, &split.rule).to_owned(),
            rounded(split.posts.iter().sum()),
            pounds(split.cost()),
            pounds(split.payments.nobody.iter().sum()),
            pounds(answer.unspent(split)),
        ];
        cells.extend(worst(report, verdict));
        cells.push(rounded(verdict.kept_spread));
        cells.extend(ranged(&verdict.waited));
        cells.extend(surely(&verdict.waited_more));
        cells.extend(standing(Some(verdict.waits_less)));
        cells.extend(ranged(&verdict.escalations));
        cells.extend(surely(&verdict.escalations_more));
        cells.extend(ranged(&verdict.wait_spread));
        cells.extend(ranged(&verdict.spent));
        cells.extend(ranged(&verdict.unfunded));
        cells.push(split.proven.map_or(String::new(), |proven| proven.to_string()));
        cells.push((at == answer.chosen).to_string());
        cells
    };
    table(out, &RULES, answer.splits.iter().enumerate().map(row))
}

/// Writes `funding_areas.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn areas(out: impl Write, report: &FundingReport) -> ::csv::Result<()> {
    let (scenario, answer) = (report.scenario, report.answer);
    let rows = answer.splits.iter().flat_map(|split| {
        split.verdict.areas.iter().map(move |area| {
            let own = answer.seats.iter().zip(&split.posts).filter(|(seat, _)| seat.areas == [area.area]);
            let mut cells = vec![
                rule_id(scenario, &split.rule).to_owned(),
                text(area_id(scenario, Some(area.area))),
                rounded(own.map(|(_, fte)| fte).sum()),
            ];
            cells.extend(standing(area.kept));
            cells.extend(ranged(&area.waited));
            cells.extend(ranged(&area.wait_days));
            cells.extend(ranged(&area.escalations));
            cells
        })
    });
    table(out, &AREAS, rows)
}

/// Writes `funding_pots.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn pots(out: impl Write, report: &FundingReport) -> ::csv::Result<()> {
    let (scenario, answer) = (report.scenario, report.answer);
    let rows = answer.splits.iter().flat_map(|split| {
        answer.budget.purses.iter().enumerate().map(move |(at, purse)| {
            let pays = split.payments.of_purse(at);
            vec![
                rule_id(scenario, &split.rule).to_owned(),
                text(pot_id(scenario, purse)),
                text(funder_id(scenario, funder_of(scenario, purse))),
                purse.holds.map_or(String::new(), pounds),
                pounds(pays),
                purse.left(pays).map_or(String::new(), pounds),
            ]
        })
    });
    table(out, &POTS, rows)
}

/// Writes `funding_frontier.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn frontier(out: impl Write, report: &FundingReport) -> ::csv::Result<()> {
    let rows = report.answer.frontier.iter().map(|point| {
        let mut cells = vec![pounds(point.total), pounds(point.cost), rounded(point.posts.iter().sum())];
        cells.extend(worst(report, &point.verdict));
        cells.extend(ranged(&point.verdict.waited));
        cells.extend(surely(&point.verdict.waited_more));
        cells
    });
    table(out, &FRONTIER, rows)
}

/// Writes `funding_next.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn next(out: impl Write, report: &FundingReport) -> ::csv::Result<()> {
    let (scenario, answer) = (report.scenario, report.answer);
    let rows = answer.next.iter().map(|next| {
        let seat = &answer.seats[next.seat];
        let mut cells = vec![
            text(served_id(scenario, seat)),
            text(&seat.role),
            text(&seat.holder),
            rounded(next.fte),
            pounds(next.pence),
        ];
        cells.extend(surely(&next.waited));
        cells.push(format!("{:.2}", scenario.funding.next));
        cells.extend(surely(&next.waited_for_sum));
        cells.extend(surely(&next.escalations));
        let kept = next
            .kept
            .map(|(before, after)| format!("{}/{}", rounded(before.share()), rounded(after.share())));
        cells.push(kept.unwrap_or_default());
        cells.extend(ends(next.kept.map(|(before, _)| before)));
        cells.extend(ends(next.kept.map(|(_, after)| after)));
        cells
    });
    table(out, &NEXT, rows)
}

/// Writes `funding_endings.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn endings(out: impl Write, report: &FundingReport) -> ::csv::Result<()> {
    let scenario = report.scenario;
    let rows = report.answer.endings.iter().map(|ending| {
        let pot = &scenario.money.pots[ending.pot];
        let mut cells = vec![
            text(&pot.id),
            text(funder_id(scenario, Some(pot.funder))),
            super::overview::date(scenario, ending.day),
            ending.planned.to_string(),
            ending.chance.map_or(String::new(), rounded),
            pounds(ending.pence),
            rounded(ending.posts.iter().sum()),
        ];
        cells.extend(surely(&ending.waited));
        cells.extend(surely(&ending.escalations));
        let both = [ending.worst.map(|((_, with), _)| with), ending.worst.map(|(_, (_, without))| without)];
        cells.extend(both.map(|one| standing(one)[0].clone()));
        cells.extend(both.into_iter().flat_map(ends));
        cells
    });
    table(out, &ENDINGS, rows)
}

/// Writes `funding_cheapest.csv`.
///
/// # Errors
/// Only those of the writer.
pub fn cheapest(out: impl Write, report: &FundingReport) -> ::csv::Result<()> {
    let answer = report.answer;
    let rows = answer.seats.iter().enumerate().map(|(at, seat)| {
        vec![
            text(served_id(report.scenario, seat)),
            text(&seat.role),
            text(&seat.holder),
            rounded(seat.current),
            rounded(answer.cheapest.posts[at]),
            pounds(answer.cheapest.costs[at]),
        ]
    });
    table(out, &CHEAPEST, rows)
}
