//! The funding answer as plain content, for the terminal and for programs.

use serde::Serialize;

use super::{FundingReport, formula_name, funder_of, pot_id, rule_id, rule_name};
use crate::decisions::funding::{Ending, Next, Split, Verdict};
use crate::decisions::staffing::Standing;
use crate::report::model::{area_name, funder_name};
use crate::report::staffing::{served_id, served_name};
use crate::scenario::{Objective, Scenario};
use crate::summary::Estimate;

/// The content of the answer. Money of posts is in pence, and adds up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FundingOverview {
    /// The scenario's name.
    pub scenario: String,
    /// The scenario's title.
    pub title: String,
    /// SHA-256 of the effective scenario, in hexadecimal.
    pub scenario_sha256: String,
    /// Master seed.
    pub seed: u64,
    /// Replications behind each figure.
    pub replications: u32,
    /// Full-time equivalents of a step.
    pub step: f64,
    /// Pence a year that are shared out.
    pub total_pence: i64,
    /// Whose posts.
    pub places: Vec<PlaceOverview>,
    /// The ways to share it out, the posts of now first.
    pub rules: Vec<RuleOverview>,
    /// Which of them is best by the objective, by its identifier.
    pub chosen: String,
    /// What is best.
    pub objective: Objective,
    /// The best split of other totals.
    pub frontier: Vec<PointOverview>,
    /// Pounds whose value is asked of each place.
    pub next_pounds: f64,
    /// What they would buy in each place, from the posts of now.
    pub next: Vec<NextOverview>,
    /// What happens when a pot ends.
    pub endings: Vec<EndingOverview>,
    /// The least that meets every standard that posts can meet.
    pub cheapest: CheapestOverview,
    /// What the reader should know besides.
    pub notes: Vec<String>,
}

/// A place whose posts are shared out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceOverview {
    /// Area identifier, or `all`.
    pub area: String,
    /// The same for readers.
    pub area_name: String,
    /// Team.
    pub team: String,
    /// The same for readers.
    pub team_name: String,
    /// Role.
    pub role: String,
    /// Posts now.
    pub current_fte: f64,
    /// Pence a year of a full-time post.
    pub post_pence: i64,
}

/// An average with the 95% interval of that average.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Known {
    /// The average.
    pub mean: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A share of possible futures with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// The share.
    pub share: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A way to share the money out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleOverview {
    /// Identifier.
    pub rule: String,
    /// Name for readers.
    pub name: String,
    /// Posts of each place.
    pub fte: Vec<f64>,
    /// Pence a year that they cost.
    pub pence: i64,
    /// Pence a year of it that no pot may or can pay.
    pub unpaid_pence: i64,
    /// Pence a year of the total that are not spent.
    pub unspent_pence: i64,
    /// Who pays: pot, funder for readers, pence held (absent without limit), pence paid.
    pub pots: Vec<(String, String, Option<i64>, i64)>,
    /// What it does.
    pub does: Does,
}

/// What an establishment does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Does {
    /// The area whose standards hold least often, for readers.
    pub worst_area: Option<String>,
    /// How often all of them hold there.
    pub worst_area_kept: Option<Share>,
    /// Highest less lowest of areas.
    pub kept_spread: Option<f64>,
    /// Family-weeks a year waited: average, and range of 9 in 10 runs.
    pub waited: (f64, f64, f64),
    /// The same less that with the posts of now.
    pub waited_more: Known,
    /// How often less is waited than with the posts of now.
    pub waits_less: Share,
    /// Families a year that go further up the pathway while they wait: average, and range of 9 in 10 runs.
    pub escalations: (f64, f64, f64),
    /// The same less those with the posts of now.
    pub escalations_more: Known,
    /// Longest less shortest mean wait of areas, days: average, and range of 9 in 10 runs.
    pub wait_spread_days: (f64, f64, f64),
}

/// The best split of another total.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PointOverview {
    /// Pence a year that may be spent.
    pub total_pence: i64,
    /// Pence a year that the posts cost.
    pub pence: i64,
    /// Posts together.
    pub fte: f64,
    /// What it does.
    pub does: Does,
}

/// More posts in one place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NextOverview {
    /// Area identifier, or `all`.
    pub area: String,
    /// The same for readers, with the team where there are several.
    pub name: String,
    /// Posts more.
    pub fte: f64,
    /// Pence a year that they cost.
    pub pence: i64,
    /// Family-weeks a year waited, less those without: for the sum asked for.
    pub waited_for_sum: Known,
    /// Families who go further up the pathway while they wait, less those without.
    pub escalations: Known,
    /// How often its area's standards hold without, and with.
    pub kept: Option<(Share, Share)>,
}

/// A pot that ends.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EndingOverview {
    /// Pot identifier.
    pub pot: String,
    /// Its name.
    pub name: String,
    /// The day from which it is gone.
    pub from: String,
    /// Whether the scenario says so; else it is a day to think about.
    pub planned: bool,
    /// Chance a year that it is withdrawn, where the scenario says one.
    pub withdrawal: Option<f64>,
    /// Posts that go.
    pub fte: f64,
    /// Pence a year that it paid.
    pub pence: i64,
    /// Family-weeks waited more in a year after its end.
    pub waited: Known,
    /// Families more in such a year who go further up the pathway while they wait.
    pub escalations: Known,
    /// The worst area's share of futures when it goes on, and when it ends.
    pub worst_area_kept: Option<(Share, Share)>,
}

/// The least that meets every standard that posts can meet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheapestOverview {
    /// Posts of each place.
    pub fte: Vec<f64>,
    /// Pence a year that they cost.
    pub pence: i64,
    /// Pence a year of it that the pots do not hold or may not pay.
    pub missing_pence: i64,
    /// The standard with the least margin, for readers, and how often it holds on fresh families.
    pub tightest: Option<(String, Share)>,
    /// Whether fresh families confirmed it.
    pub settled: bool,
}

/// Gathers the answer for readers.
pub fn funding_overview(report: &FundingReport) -> FundingOverview {
    let (scenario, answer, run) = (report.scenario, report.answer, report.run);
    let place = |seat: &crate::decisions::staffing::Seat, price: i64| PlaceOverview {
        area: served_id(scenario, seat).to_owned(),
        area_name: served_name(scenario, seat),
        team: seat.holder.clone(),
        team_name: seat.name.clone(),
        role: seat.role.clone(),
        current_fte: seat.current,
        post_pence: price,
    };
    FundingOverview {
        scenario: run.scenario.clone(),
        title: scenario.title.clone(),
        scenario_sha256: run.scenario_sha256.clone(),
        seed: run.seed,
        replications: answer.replications,
        step: answer.budget.step,
        total_pence: answer.budget.total,
        places: answer
            .seats
            .iter()
            .zip(&answer.full_price)
            .map(|(seat, &price)| place(seat, price))
            .collect(),
        rules: answer.splits.iter().map(|split| rule(report, split)).collect(),
        chosen: rule_id(scenario, &answer.splits[answer.chosen].rule).to_owned(),
        objective: answer.objective,
        frontier: (answer.frontier.iter())
            .map(|point| PointOverview {
                total_pence: point.total,
                pence: point.cost,
                fte: point.posts.iter().sum(),
                does: does(scenario, &point.verdict),
            })
            .collect(),
        next_pounds: scenario.funding.next,
        next: answer.next.iter().map(|one| next(report, one)).collect(),
        endings: answer.endings.iter().map(|one| ending(scenario, one)).collect(),
        cheapest: cheapest(report),
        notes: notes(report),
    }
}

fn known(estimate: &Estimate) -> Known {
    let half = estimate.half_width();
    Known { mean: estimate.mean, low: estimate.mean - half, high: estimate.mean + half }
}

fn share(standing: Standing) -> Share {
    let (low, high) = standing.interval();
    Share { share: standing.share(), low, high }
}

fn ranged(estimate: &Estimate) -> (f64, f64, f64) {
    (estimate.mean, estimate.p05, estimate.p95)
}

fn rule(report: &FundingReport, split: &Split) -> RuleOverview {
    let (scenario, answer) = (report.scenario, report.answer);
    let pots = answer.budget.purses.iter().enumerate().map(|(at, purse)| {
        let funder = funder_name(scenario, funder_of(scenario, purse)).to_owned();
        (pot_id(scenario, purse).to_owned(), funder, purse.holds, split.payments.of_purse(at))
    });
    RuleOverview {
        rule: rule_id(scenario, &split.rule).to_owned(),
        name: rule_name(scenario, &split.rule),
        fte: split.posts.clone(),
        pence: split.cost(),
        unpaid_pence: split.payments.nobody.iter().sum(),
        unspent_pence: answer.unspent(split),
        pots: pots.collect(),
        does: does(scenario, &split.verdict),
    }
}

fn does(scenario: &Scenario, verdict: &Verdict) -> Does {
    let worst = verdict.worst();
    Does {
        worst_area: worst.map(|(area, _)| area_name(scenario, Some(area)).to_owned()),
        worst_area_kept: worst.map(|(_, standing)| share(standing)),
        kept_spread: Some(verdict.kept_spread).filter(|spread| !spread.is_nan()),
        waited: ranged(&verdict.waited),
        waited_more: known(&verdict.waited_more),
        waits_less: share(verdict.waits_less),
        escalations: ranged(&verdict.escalations),
        escalations_more: known(&verdict.escalations_more),
        wait_spread_days: ranged(&verdict.wait_spread),
    }
}

fn next(report: &FundingReport, next: &Next) -> NextOverview {
    let (scenario, seats) = (report.scenario, &report.answer.seats);
    let seat = &seats[next.seat];
    let several = seats.iter().any(|other| other.group != seat.group);
    let place = served_name(scenario, seat);
    NextOverview {
        area: served_id(scenario, seat).to_owned(),
        name: if several { format!("{}, {place}", seat.name) } else { place },
        fte: next.fte,
        pence: next.pence,
        waited_for_sum: known(&next.waited_for_sum),
        escalations: known(&next.escalations),
        kept: next.kept.map(|(before, after)| (share(before), share(after))),
    }
}

fn ending(scenario: &Scenario, ending: &Ending) -> EndingOverview {
    let pot = &scenario.money.pots[ending.pot];
    EndingOverview {
        pot: pot.id.clone(),
        name: pot.name.clone(),
        from: date(scenario, ending.day),
        planned: ending.planned,
        withdrawal: ending.chance,
        fte: ending.posts.iter().sum(),
        pence: ending.pence,
        waited: known(&ending.waited),
        escalations: known(&ending.escalations),
        worst_area_kept: ending.worst.map(|((_, with), (_, without))| (share(with), share(without))),
    }
}

fn cheapest(report: &FundingReport) -> CheapestOverview {
    let found = &report.answer.cheapest;
    let named = |judged: usize| {
        let judged = report.answer.judged[judged];
        let standard = &report.scenario.standards[judged.standard].name;
        format!("{standard}, {}", area_name(report.scenario, judged.area))
    };
    CheapestOverview {
        fte: found.posts.clone(),
        pence: found.costs.iter().sum(),
        missing_pence: found.missing,
        tightest: found.tightest.map(|(judged, standing)| (named(judged), share(standing))),
        settled: found.settled,
    }
}

/// A day offset from the run's first day, as it is written in files.
pub(super) fn date(scenario: &Scenario, day: i64) -> String {
    scenario.first_day().saturating_add(jiff::Span::new().days(day)).to_string()
}

fn notes(report: &FundingReport) -> Vec<String> {
    let (scenario, answer) = (report.scenario, report.answer);
    let mut notes = vec![
        "sharing by current caseload rewards low thresholds and leaves out who waits or is not seen; by simulated need \
         it follows the scenario's own assumptions about need"
            .to_owned(),
        "costs of posts are full years at central pay, all posts filled; what is spent in the simulation, with \
         vacancies and agency cover, is in funding_rules.csv"
            .to_owned(),
    ];
    for formula in &answer.unknown {
        notes.push(format!(
            "\"{}\" could not be used: not every area says what it needs",
            formula_name(*formula)
        ));
    }
    let mut hopeless: Vec<&str> = (answer.hopeless.iter())
        .map(|&judged| scenario.standards[answer.judged[judged].standard].name.as_str())
        .collect();
    hopeless.dedup();
    if !hopeless.is_empty() {
        notes.push(format!(
            "left out of \"worst area\", since no number of these posts makes sure of them: {}",
            hopeless.join("; ")
        ));
    }
    if !answer.cheapest.settled {
        notes.push(
            "the search for the cheapest total did not settle; more replications would tell".to_owned(),
        );
    }
    if answer.splits.iter().any(|split| split.proven == Some(false)) {
        notes.push(
            "for some rules the solver found whole posts but did not prove that none come closer (funding_rules.csv, \
             proven)"
                .to_owned(),
        );
    }
    notes
}
