//! A made-up council and made-up figures, for this module's tests alone.

use jiff::civil::{Date, date};

use super::model::*;
use crate::calendar::{SchoolBreak, SchoolCalendar};
use crate::scenario::*;
use crate::simulation::{Holding, Judged, Kind, Layout, Series};
use crate::summary::{CostSummary, Estimate, StandardEstimate, Summary};

/// A scenario, its layout and figures of known values.
pub struct Example {
    pub scenario: Scenario,
    pub layout: Layout,
    pub summary: Summary,
    pub run: RunFacts,
}

/// An estimate whose fields are simple multiples of `x`.
pub fn estimate(x: f64) -> Estimate {
    Estimate {
        mean: x,
        se: x / 100.0,
        p05: x * 0.8,
        p25: x * 0.9,
        p50: x,
        p75: x * 1.1,
        p95: x * 1.2,
        n: 100,
    }
}

impl Example {
    pub fn report(&self) -> Report<'_> {
        Report { scenario: &self.scenario, layout: &self.layout, summary: &self.summary, run: &self.run }
    }

    /// Two areas and the council; four weeks; series `i` is `10 (i + 1)` in its first week and one
    /// more in each later one.
    pub fn small() -> Self {
        let layout = layout(4);
        let firsts = (1..=layout.series.len()).map(|i| 10.0 * i as f64);
        let summary = Summary {
            replications: 100,
            weeks: layout.weeks,
            weekly: firsts
                .clone()
                .flat_map(|first| (0..4).map(move |week| estimate(first + f64::from(week))))
                .collect(),
            horizon: firsts.map(estimate).collect(),
            standards: standards(),
            costs: CostSummary::default(),
            published: vec![estimate(4000.0), Estimate::EMPTY, estimate(0.2)],
        };
        Self { scenario: scenario(), layout, summary, run: run() }
    }

    /// Weeks that look like a council's: holidays dent referrals, a queue builds up.
    pub fn realistic(weeks: usize) -> Self {
        let scenario = scenario();
        let layout = layout(weeks);
        let weekly: Vec<Estimate> = layout
            .series
            .iter()
            .flat_map(|series| (0..weeks).map(|week| plausible(&scenario, series, week)))
            .collect();
        let horizon = layout.series.iter().zip(weekly.chunks(weeks)).map(|(series, weekly)| {
            let middle = weekly[weeks / 2];
            if series.kind == Kind::Total { times(middle, weeks as f64) } else { middle }
        });
        let horizon = horizon.collect();
        let summary = Summary {
            replications: 100,
            weeks,
            weekly,
            horizon,
            standards: standards(),
            costs: CostSummary::default(),
            published: Vec::new(),
        };
        Self { scenario, layout, summary, run: run() }
    }
}

fn times(e: Estimate, factor: f64) -> Estimate {
    Estimate {
        n: e.n,
        mean: e.mean * factor,
        se: e.se * factor,
        p05: e.p05 * factor,
        p25: e.p25 * factor,
        p50: e.p50 * factor,
        p75: e.p75 * factor,
        p95: e.p95 * factor,
    }
}

fn standards() -> Vec<StandardEstimate> {
    let of = |required_share, met, mean_share, reliability_low, reliability_high| StandardEstimate {
        required_share,
        replications: 100,
        met,
        mean_share,
        reliability: f64::from(met) / 100.0,
        reliability_low,
        reliability_high,
    };
    vec![
        of(0.85, 87, 0.90123, 0.7984, 0.9227),
        of(0.85, 100, f64::NAN, 0.9638, 1.0),
        of(0.9, 25, 0.5, 0.1755, 0.343),
    ]
}

/// A week of a series, with a summer dip, an autumn peak and some deterministic unevenness.
fn plausible(scenario: &Scenario, series: &Series, week: usize) -> Estimate {
    let size = if series.area.is_none() { 5.0 } else { 1.0 };
    let monday = scenario.start.saturating_add(jiff::Span::new().weeks(week as i64));
    let closed = scenario.areas[0].schools.breaks.iter().any(|b| b.from <= monday && monday <= b.to);
    let uneven = ((week * 7919) % 101) as f64 / 101.0 - 0.5;
    let (level, spread) = match series.measure.as_str() {
        "referrals" => (if closed { 21.0 } else { 34.0 } + 3.0 * uneven, 6.0),
        "waiting_families" => {
            let grown = 70.0 * (1.0 - libm::exp(-(week as f64) / 60.0));
            (8.0 + grown - if closed { 6.0 } else { 0.0 } + 2.0 * uneven, 2.0 + 0.45 * grown)
        }
        _ => (310.0 + 0.3 * week as f64 + 4.0 * uneven, 12.0 + 0.1 * week as f64),
    };
    let (level, spread) = (level * size, spread * size);
    Estimate {
        mean: level,
        se: spread / 10.0,
        p05: (level - 1.5 * spread).max(0.0),
        p25: (level - 0.65 * spread).max(0.0),
        p50: level,
        p75: level + 0.7 * spread,
        p95: level + 1.8 * spread,
        n: 200,
    }
}

fn run() -> RunFacts {
    RunFacts {
        scenario: "example".into(),
        scenario_sha256: "ab".repeat(32),
        seed: 1,
        replications: 100,
        shard: None,
        version: "0.1.0".into(),
        start_state: StartState::WarmUp { weeks: 52 },
        wall_seconds: 1.5,
        partial: false,
    }
}

fn layout(weeks: usize) -> Layout {
    let of = |area, holding, measure: &str, kind| Series { area, holding, measure: measure.into(), kind };
    let mut series = Vec::new();
    for area in [Some(0), Some(1), None] {
        series.push(of(area, Holding::Area, "referrals", Kind::Total));
        series.push(of(area, Holding::Area, "waiting_families", Kind::Average));
        series.push(of(area, Holding::Area, "open_families", Kind::Average));
        series.push(of(area, Holding::Area, "open_children", Kind::Average));
        if area.is_none() {
            series.push(of(area, Holding::Desk(0), "wait_mean_days", Kind::Ratio));
        } else {
            for (measure, kind) in [
                ("allocations", Kind::Total),
                ("open_families", Kind::Average),
                ("open_children", Kind::Average),
                ("families_per_fte", Kind::Average),
                ("waiting_families", Kind::Average),
                ("wait_mean_days", Kind::Ratio),
            ] {
                series.push(of(area, Holding::Team(0), measure, kind));
            }
        }
    }
    let judged = vec![
        Judged { standard: 0, area: Some(0) },
        Judged { standard: 0, area: Some(1) },
        Judged { standard: 1, area: None },
    ];
    Layout { series, weeks, judged, cost_lines: Vec::new(), published: 0 }
}

fn school_break(name: &str, from: Date, to: Date) -> SchoolBreak {
    SchoolBreak { name: name.into(), from, to, closure: false }
}

fn schools() -> SchoolCalendar {
    let mut breaks = Vec::new();
    for year in 2019..2024 {
        breaks.push(school_break("spring half-term", date(year, 2, 15), date(year, 2, 23)));
        breaks.push(school_break("Easter", date(year, 4, 2), date(year, 4, 17)));
        breaks.push(school_break("summer half-term", date(year, 5, 25), date(year, 5, 31)));
        breaks.push(school_break("summer", date(year, 7, 20), date(year, 9, 1)));
        breaks.push(school_break("autumn half-term", date(year, 10, 24), date(year, 11, 1)));
        breaks.push(school_break("Christmas", date(year, 12, 19), date(year + 1, 1, 3)));
    }
    SchoolCalendar { name: "example".into(), breaks }
}

fn area(id: &str, name: &str) -> Area {
    let q = Quantity(0);
    Area {
        id: id.into(),
        name: name.into(),
        population: q,
        population_growth: q,
        need: q,
        families_per_year: Vec::new(),
        effort: q,
        hidden_share: q,
        detection: q,
        free_school_meals: None,
        schools: schools(),
    }
}

fn scenario() -> Scenario {
    let q = Quantity(0);
    let none = Noise { cv: q, correlation: q };
    let standard = |id: &str, name: &str, test, required_share| Standard {
        id: id.into(),
        name: name.into(),
        test,
        required_share,
        reliability: 0.9,
        areas: vec![0, 1],
    };
    Scenario {
        name: "example".into(),
        title: "Example council: early help".into(),
        description: String::new(),
        hash: "ab".repeat(32),
        start: date(2019, 9, 2),
        warm_up_weeks: 52,
        horizon_weeks: 4,
        experiment: ExperimentDefaults { replications: 100, precision_measures: Vec::new() },
        compare: crate::scenario::CompareRules::default(),
        explain: crate::scenario::ExplainSettings {
            cost_of_post: crate::scenario::Quantity(0),
            price_of_waiting_week: crate::scenario::Quantity(0),
            steps: 2,
            step_share: 0.1,
            figures: 12,
        },
        parameters: vec![Parameter {
            path: "clocks.assessment_45.working_days".into(),
            value: 45.0,
            low: None,
            high: None,
            shape: RangeShape::Pert,
            basis: Some(Basis::Published),
            source: "statutory guidance".into(),
        }],
        areas: vec![area("north", "North"), area("south", "South")],
        sources: Vec::new(),
        demand: Demand {
            trend_per_year: q,
            year_noise: none,
            month_noise: none,
            area_month_noise: none,
            shocks: Vec::new(),
            children: ChildrenPerFamily::Shares(vec![q]),
        },
        stages: Vec::new(),
        ends: Vec::new(),
        desks: vec![Desk { id: "screening".into(), name: "Screening".into(), role: None }],
        desk_units: Vec::new(),
        teams: vec![Team {
            id: "early_help".into(),
            name: "Early help".into(),
            role: "early_help_worker".into(),
            points_per_fte: None,
            hours_per_week: q,
            present_share: q,
            non_case_share: q,
            stretch: q,
            workforce: None,
        }],
        units: Vec::new(),
        clocks: vec![Clock {
            id: "assessment_45".into(),
            name: "Assessment".into(),
            starts: Moment::Arrival,
            stops: Moment::Decided,
            limit: q,
            working_days: true,
        }],
        standards: vec![
            standard("assessment_on_time", "Assessments on time", StandardTest::Clock(0), 0.85),
            standard(
                "caseload",
                "Manageable caseloads",
                StandardTest::Measure {
                    measure: "children_per_fte".into(),
                    team: Some(0),
                    threshold: 16.0,
                    at_most: true,
                },
                0.9,
            ),
        ],
        staffing: StaffingRules::default(),
        money: Money::default(),
        funding: Default::default(),
        initial: Vec::new(),
        published: Vec::new(),
        interventions: Vec::new(),
        notes: Vec::new(),
    }
}

/// A stage of which only the counting and the holder matter.
pub fn stage(counts: Counts, holder: Holder) -> Stage {
    let q = Quantity(0);
    Stage {
        id: "stage".into(),
        name: "Stage".into(),
        holder,
        level: 0,
        front_door: false,
        referral: false,
        counts,
        priority: 5,
        urgent: false,
        points: q,
        points_extra_child: q,
        work: Work::PerWeek(q),
        work_extra_child: q,
        duration: Duration::Zero,
        routes: Vec::new(),
        hazards: Vec::new(),
        waiting_hazards: Vec::new(),
        review: None,
        keep_worker: true,
        transfer_delay_days: q,
        handover_hours: q,
        overlap_days: q,
        open_contacts: q,
        open_contact_hours: q,
        support: None,
        oversight: None,
    }
}
