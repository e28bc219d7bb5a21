//! The summary on the terminal.
//!
//! Consumes a [`Report`]; produces an [`Overview`]: what each area and team was asked, holds and
//! lets wait, and how reliably each standard is met. [`Overview::text`] shows it as tables for
//! people; serialised, it is the same content for programs. **Invariants:** every figure comes with
//! its range over the runs; nothing is said by colour alone; the text fits the width asked for.

mod money;
mod tables;

pub(crate) use tables::wrapped;
pub(in crate::report) use tables::{cell, percent, plain_table, push_table, push_wrapped};

use serde::Serialize;

pub use money::CostOverview;

use super::csv::threshold;
use super::model::{Report, area_id, area_name, holding_id, is_present};
use super::plots::in_words;
use super::reconciliation::{self, Row};
use crate::scenario::{Counts, Holder, Scenario, Standard, StandardTest, TeamId};
use crate::simulation::{Holding, Kind};
use crate::summary::{Estimate, StandardEstimate};

/// The content of the summary.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Overview {
    /// The scenario's name.
    pub scenario: String,
    /// The scenario's title.
    pub title: String,
    /// SHA-256 of the effective scenario, in hexadecimal.
    pub scenario_sha256: String,
    /// First and last reported day, in words.
    pub period: [String; 2],
    /// Reported weeks.
    pub weeks: usize,
    /// Replications done.
    pub replications: u32,
    /// Master seed.
    pub seed: u64,
    /// Whether the run was interrupted.
    pub partial: bool,
    /// Areas, each followed by its teams and desks; the whole council last.
    pub holders: Vec<HolderOverview>,
    /// Every standard in every area in which it is judged.
    pub standards: Vec<StandardOverview>,
    /// What each funder pays; empty where the scenario has no money in it.
    pub costs: Vec<CostOverview>,
    /// Published figures of the authority and what the runs gave for each.
    pub reconciliation: Vec<Row>,
    /// What the reader should know besides.
    pub notes: Vec<String>,
}

/// A figure over the whole horizon.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Mean over the runs.
    pub mean: f64,
    /// 5th percentile.
    pub p05: f64,
    /// 95th percentile.
    pub p95: f64,
}

impl From<&Estimate> for Figure {
    fn from(estimate: &Estimate) -> Self {
        Self { mean: estimate.mean, p05: estimate.p05, p95: estimate.p95 }
    }
}

/// An area, or a team or desk in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct HolderOverview {
    /// The area's identifier; `all` for the whole council.
    pub area: String,
    /// The area's name.
    pub area_name: String,
    /// The team's or desk's identifier; empty for the area as a whole.
    pub team: String,
    /// The team's or desk's name; empty for the area as a whole.
    pub team_name: String,
    /// The measure behind `asked_per_week`: `referrals` or `arrivals` of an area, `arrivals` or
    /// `allocations` of a team or desk.
    pub asked_measure: Option<&'static str>,
    /// Families a week.
    pub asked_per_week: Option<Figure>,
    /// Families held, averaged over time.
    pub open_families: Option<Figure>,
    /// Children held, averaged over time.
    pub open_children: Option<Figure>,
    /// What `caseload_per_fte` counts: `families` or `children`.
    pub caseload_counts: Option<&'static str>,
    /// Caseload for each full-time equivalent.
    pub caseload_per_fte: Option<Figure>,
    /// Families waiting, averaged over time.
    pub waiting_families: Option<Figure>,
    /// Mean wait, days.
    pub wait_mean_days: Option<Figure>,
}

/// A standard in an area.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StandardOverview {
    /// The standard's identifier.
    pub standard: String,
    /// Its name.
    pub name: String,
    /// What is promised, in words.
    pub promise: String,
    /// The area's identifier; `all` where areas are judged together.
    pub area: String,
    /// The area's name.
    pub area_name: String,
    /// Mean share achieved; absent when there was nothing to judge.
    pub mean_share: Option<f64>,
    /// Runs in which the standard was met.
    pub met: u32,
    /// Runs.
    pub replications: u32,
    /// Share of runs in which the standard was met.
    pub reliability: f64,
    /// Lower end of its 95% interval.
    pub reliability_low: f64,
    /// Upper end of its 95% interval.
    pub reliability_high: f64,
    /// Share of runs in which it should be met.
    pub wanted_reliability: f64,
    /// Whether it is.
    pub verdict: Verdict,
}

/// Whether a standard is met as reliably as wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole interval is at or above the wanted reliability.
    Reaches,
    /// The estimate is at or above it, but its interval is not.
    ProbablyReaches,
    /// The estimate is below it, but its interval is not.
    ProbablyFallsShort,
    /// The whole interval is below it.
    FallsShort,
}

impl Verdict {
    fn of(estimate: &StandardEstimate, wanted: f64) -> Self {
        if estimate.reliability_low >= wanted {
            Verdict::Reaches
        } else if estimate.reliability_high < wanted {
            Verdict::FallsShort
        } else if estimate.reliability >= wanted {
            Verdict::ProbablyReaches
        } else {
            Verdict::ProbablyFallsShort
        }
    }
}

/// Gathers the summary. `notes` are added to those that the run itself calls for.
pub fn overview(report: &Report, notes: &[String]) -> Overview {
    let (scenario, run) = (report.scenario, report.run);
    let days = i64::from(report.layout.weeks as u32) * 7 - 1;
    let end = scenario.start.saturating_add(jiff::Span::new().days(days.max(0)));
    Overview {
        scenario: run.scenario.clone(),
        title: scenario.title.clone(),
        scenario_sha256: run.scenario_sha256.clone(),
        period: [in_words(scenario.start), in_words(end)],
        weeks: report.layout.weeks,
        replications: run.replications,
        seed: run.seed,
        partial: run.partial,
        holders: holders(report),
        standards: standards(report),
        costs: money::costs(report),
        reconciliation: reconciliation::simulated(report),
        notes: run_notes(report).into_iter().chain(notes.iter().cloned()).collect(),
    }
}

/// What the run itself calls for.
fn run_notes(report: &Report) -> Vec<String> {
    let run = report.run;
    let mut notes = Vec::new();
    if run.partial {
        notes.push(format!(
            "the run was interrupted: these are the results of the {} replications done by then",
            run.replications
        ));
    }
    if let Some(shard) = run.shard {
        notes.push(format!("this is part {shard} of a run: `caseflow merge` joins the parts"));
    }
    if run.replications < 20 {
        notes.push(format!(
            "{} replications are too few for ranges: the outer tenth of 20 is one at each end",
            run.replications
        ));
    }
    notes
}

/// The holders in the layout's order, but only those with something to show.
fn holders(report: &Report) -> Vec<HolderOverview> {
    let mut seen = std::collections::BTreeSet::new();
    let holders = report.layout.series.iter().map(|series| (series.area, series.holding));
    holders
        .filter(|&holder| seen.insert(holder))
        .filter_map(|(area, holding)| holder(report, area, holding))
        .collect()
}

fn holder(report: &Report, area: Option<usize>, holding: Holding) -> Option<HolderOverview> {
    let scenario = report.scenario;
    let figure = |measure: &str| figure(report, area, holding, measure);
    let first = |measures: [&'static str; 2]| {
        measures.into_iter().find_map(|measure| Some((measure, figure(measure)?))).unzip()
    };
    let (asked_measure, asked_per_week) = match holding {
        Holding::Area => first(["referrals", "arrivals"]),
        Holding::Team(_) | Holding::Desk(_) => first(["arrivals", "allocations"]),
    };
    let caseload = match holding {
        Holding::Team(team) if counts_children(scenario, team) => {
            figure("children_per_fte").map(|figure| ("children", figure))
        }
        _ => figure("families_per_fte").map(|figure| ("families", figure)),
    };
    let (caseload_counts, caseload_per_fte) = caseload.unzip();
    let held = HolderOverview {
        area: area_id(scenario, area).to_owned(),
        area_name: area_name(scenario, area).to_owned(),
        team: holding_id(scenario, holding).to_owned(),
        team_name: match holding {
            Holding::Area => String::new(),
            Holding::Desk(desk) => scenario.desks[desk].name.clone(),
            Holding::Team(team) => scenario.teams[team].name.clone(),
        },
        asked_measure,
        asked_per_week,
        open_families: figure("open_families"),
        open_children: figure("open_children"),
        caseload_counts,
        caseload_per_fte,
        waiting_families: figure("waiting_families"),
        wait_mean_days: figure("wait_mean_days"),
    };
    let figures = [
        held.asked_per_week,
        held.open_families,
        held.open_children,
        held.caseload_per_fte,
        held.waiting_families,
        held.wait_mean_days,
    ];
    figures.iter().any(Option::is_some).then_some(held)
}

/// A measure over the horizon; totals as a week's worth.
fn figure(report: &Report, area: Option<usize>, holding: Holding, measure: &str) -> Option<Figure> {
    let series = report.series(area, holding, measure)?;
    let estimate = report.horizon(series);
    let weeks = report.layout.weeks.max(1) as f64;
    let scale = if report.layout.series[series].kind == Kind::Total { 1.0 / weeks } else { 1.0 };
    is_present(estimate).then_some(Figure {
        mean: estimate.mean * scale,
        p05: estimate.p05 * scale,
        p95: estimate.p95 * scale,
    })
}

/// Whether practice counts a team's cases in children: any of its stages does.
fn counts_children(scenario: &Scenario, team: TeamId) -> bool {
    scenario.stages.iter().any(|stage| {
        stage.counts == Counts::Children && matches!(stage.holder, Holder::Team(holder) if holder == team)
    })
}

fn standards(report: &Report) -> Vec<StandardOverview> {
    let judged = report.layout.judged.iter().zip(&report.summary.standards);
    judged
        .map(|(judged, estimate)| {
            let standard = &report.scenario.standards[judged.standard];
            StandardOverview {
                standard: standard.id.clone(),
                name: standard.name.clone(),
                promise: promise(report.scenario, standard),
                area: area_id(report.scenario, judged.area).to_owned(),
                area_name: area_name(report.scenario, judged.area).to_owned(),
                mean_share: (!estimate.mean_share.is_nan()).then_some(estimate.mean_share),
                met: estimate.met,
                replications: estimate.replications,
                reliability: estimate.reliability,
                reliability_low: estimate.reliability_low,
                reliability_high: estimate.reliability_high,
                wanted_reliability: standard.reliability,
                verdict: Verdict::of(estimate, standard.reliability),
            }
        })
        .collect()
}

/// What a standard promises, in words.
fn promise(scenario: &Scenario, standard: &Standard) -> String {
    let share = tables::percent(standard.required_share);
    let limit = super::number::tick(threshold(scenario, standard));
    match &standard.test {
        StandardTest::Clock(clock) => {
            let working = if scenario.clocks[*clock].working_days { "working " } else { "" };
            let plural = if limit == "1" { "" } else { "s" };
            format!("{share} of families within {limit} {working}day{plural}")
        }
        StandardTest::Measure { measure, team, at_most, .. } => {
            let measure = measure.replace('_', " ").replace("fte", "FTE");
            let of = team.map_or(String::new(), |team| format!(" of {}", scenario.teams[team].name));
            let bound = if *at_most { "at most" } else { "at least" };
            format!("{share} of weeks with {measure}{of} {bound} {limit}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::Example;

    #[test]
    fn totals_are_shown_by_the_week() {
        let example = Example::small();
        let overview = overview(&example.report(), &[]);
        let north = &overview.holders[0];
        // The total of the horizon is 10, over four weeks.
        assert_eq!(north.asked_per_week, Some(Figure { mean: 2.5, p05: 2.0, p95: 3.0 }));
        assert_eq!(north.asked_measure, Some("referrals"));
        // An average is not divided.
        assert_eq!(north.waiting_families.map(|figure| figure.mean), Some(20.0));
        let team = &overview.holders[1];
        assert_eq!((team.team.as_str(), team.asked_measure), ("early_help", Some("allocations")));
        assert_eq!(team.caseload_counts, Some("families"));
        let last = overview.holders.last().unwrap();
        assert_eq!((last.area.as_str(), last.team.as_str()), ("all", "screening"));
    }

    #[test]
    fn missing_figures_are_absent_rather_than_zero() {
        let mut example = Example::small();
        example.summary.horizon[0] = crate::summary::Estimate::EMPTY;
        let overview = overview(&example.report(), &[]);
        assert_eq!(overview.holders[0].asked_per_week, None);
        let json = serde_json::to_value(&overview).unwrap();
        assert!(json["holders"][0]["asked_per_week"].is_null());
        assert_eq!(json["standards"][2]["verdict"], "falls_short");
        assert_eq!(json["holders"][1]["open_families"]["p95"], 1.2 * 60.0);
    }

    #[test]
    fn promises_are_put_in_words() {
        let example = Example::small();
        let overview = overview(&example.report(), &[]);
        assert_eq!(overview.standards[0].promise, "85% of families within 45 working days");
        assert_eq!(
            overview.standards[2].promise,
            "90% of weeks with children per FTE of Early help at most 16"
        );
    }

    #[test]
    fn the_verdict_weighs_the_interval() {
        let of = |reliability, reliability_low, reliability_high| {
            let estimate = StandardEstimate {
                required_share: 0.9,
                replications: 100,
                met: 0,
                mean_share: 0.5,
                reliability,
                reliability_low,
                reliability_high,
            };
            Verdict::of(&estimate, 0.9)
        };
        assert_eq!(of(0.97, 0.92, 0.99), Verdict::Reaches);
        assert_eq!(of(0.92, 0.85, 0.96), Verdict::ProbablyReaches);
        assert_eq!(of(0.87, 0.80, 0.92), Verdict::ProbablyFallsShort);
        assert_eq!(of(0.60, 0.50, 0.70), Verdict::FallsShort);
    }

    #[test]
    fn interruptions_and_parts_are_said() {
        let mut example = Example::small();
        example.run.partial = true;
        example.run.replications = 7;
        example.run.shard = crate::experiment::Shard::new(2, 8).ok();
        let notes = overview(&example.report(), &["mine".to_owned()]).notes;
        assert_eq!(notes.len(), 4);
        assert!(notes[0].contains("interrupted") && notes[0].contains('7'));
        assert!(notes[1].contains("2/8"));
        assert_eq!(notes[3], "mine");
    }

    #[test]
    fn children_are_counted_where_practice_counts_them() {
        let mut example = Example::small();
        let held = example.layout.series.iter_mut().find(|series| series.measure == "families_per_fte");
        held.unwrap().measure = "children_per_fte".into();
        // No stage counts children, so the children's measure is not the caseload.
        assert_eq!(overview(&example.report(), &[]).holders[1].caseload_per_fte, None);
        example.scenario.stages = vec![crate::report::example::stage(Counts::Children, Holder::Team(0))];
        let held = overview(&example.report(), &[]).holders[1].clone();
        assert_eq!(held.caseload_counts, Some("children"));
        assert!(held.caseload_per_fte.is_some());
    }
}
