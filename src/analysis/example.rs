//! A small scenario for tests: contact, then casework by one team.

use crate::calendar::SchoolCalendar;
use crate::scenario::Money;
use crate::scenario::{
    Area, ChildrenPerFamily, Counts, Demand, Desk, DeskPeople, DeskUnit, Destination, Duration, End,
    ExperimentDefaults, Holder, Noise, Parameter, Quantity, RangeShape, Route, Scenario, Share, Source,
    StaffingRules, Stage, Team, Unit, Work, WorkerGroup, Workforce,
};

/// Adds a figure.
pub(crate) fn add(parameters: &mut Vec<Parameter>, value: f64) -> Quantity {
    parameters.push(Parameter {
        path: format!("p{}", parameters.len()),
        value,
        low: None,
        high: None,
        shape: RangeShape::Pert,
        basis: None,
        source: String::new(),
    });
    Quantity(parameters.len() as u32 - 1)
}

/// Gives a stage one unconditional route.
pub(crate) fn route(scenario: &mut Scenario, stage: usize, shares: &[(Destination, f64)]) {
    let shares =
        shares.iter().map(|(to, share)| (*to, Share::Of(add(&mut scenario.parameters, *share)))).collect();
    scenario.stages[stage].routes = vec![always(shares)];
}

/// A workforce that is always there: nobody is away, leaves or is new.
pub(crate) fn workforce(parameters: &mut Vec<Parameter>) -> Workforce {
    let (zero, one) = (add(parameters, 0.0), add(parameters, 1.0));
    Workforce {
        case_holding_share: one,
        vacant_share: zero,
        leave_days: zero,
        leave_holiday_weight: one,
        training_days: zero,
        sickness_spells: zero,
        sickness_short_share: one,
        sickness_short_days: one,
        sickness_long_days: one,
        sickness_elasticity: zero,
        leavers: zero,
        leaving_elasticity: zero,
        time_to_hire: Duration::Exponential(add(parameters, 147.0)),
        agency_share: zero,
        agency_delay_days: zero,
        agency_productivity: one,
        ramp_weeks: zero,
        ramp_from: one,
        newly_qualified_share: zero,
        newly_qualified_weeks: zero,
        newly_qualified_limit: one,
        newly_qualified_hours: one,
        takeover_hours: zero,
        cover: zero,
        managers: None,
    }
}

fn always(shares: Vec<(Destination, Share)>) -> Route {
    Route { sources: None, areas: None, from_day: i64::MIN, to_day: i64::MAX, shares }
}

/// One area, one source; contact at a desk (30 minutes), then casework (70 days) by a team.
pub(crate) fn scenario() -> Scenario {
    let mut p = Vec::new();
    let (zero, one) = (add(&mut p, 0.0), add(&mut p, 1.0));
    let noise = Noise { cv: zero, correlation: zero };
    let stages = vec![
        stage(
            "contact",
            Holder::Desk(0),
            Duration::Fixed(add(&mut p, 0.5 / 24.0)),
            Destination::Stage(1),
            zero,
        ),
        stage(
            "casework",
            Holder::Team(0),
            Duration::Exponential(add(&mut p, 70.0)),
            Destination::End(0),
            zero,
        ),
    ];
    Scenario {
        name: "example".into(),
        title: String::new(),
        description: String::new(),
        hash: String::new(),
        start: jiff::civil::date(2024, 9, 2),
        warm_up_weeks: 4,
        horizon_weeks: 8,
        experiment: ExperimentDefaults { replications: 10, precision_measures: Vec::new() },
        compare: crate::scenario::CompareRules::default(),
        explain: crate::scenario::ExplainSettings {
            cost_of_post: crate::scenario::Quantity(0),
            price_of_waiting_week: crate::scenario::Quantity(0),
            steps: 2,
            step_share: 0.1,
            figures: 12,
        },
        areas: vec![Area {
            id: "north".into(),
            name: "North".into(),
            population: add(&mut p, 10_000.0),
            population_growth: zero,
            need: one,
            families_per_year: vec![None],
            effort: one,
            hidden_share: zero,
            detection: one,
            free_school_meals: None,
            schools: SchoolCalendar { name: String::new(), breaks: Vec::new() },
        }],
        sources: vec![Source {
            id: "school".into(),
            name: "School".into(),
            rate_per_10k: add(&mut p, 100.0),
            entry: 0,
            weekday: [1.0; 7],
            visibility: one,
            resurfacing: zero,
            resurfacing_days: one,
            profile: None,
            profile_start_day: 0,
        }],
        demand: Demand {
            trend_per_year: zero,
            year_noise: noise,
            month_noise: noise,
            area_month_noise: noise,
            shocks: Vec::new(),
            children: ChildrenPerFamily::Shares(vec![one]),
        },
        stages,
        ends: vec![End { id: "closed".into(), name: "Closed".into(), return_to: None }],
        desks: vec![Desk { id: "screening".into(), name: "Screening".into(), role: None }],
        desk_units: vec![DeskUnit {
            desk: 0,
            areas: vec![0],
            id: "screening".into(),
            people: vec![DeskPeople {
                fte: one,
                continuous: false,
                from_hour: 9.0,
                to_hour: 17.0,
                from_day: i64::MIN,
                to_day: i64::MAX,
            }],
        }],
        teams: vec![Team {
            id: "early_help".into(),
            name: "Early help".into(),
            role: "early_help_worker".into(),
            points_per_fte: Some(add(&mut p, 12.0)),
            hours_per_week: add(&mut p, 37.0),
            present_share: add(&mut p, 0.8),
            non_case_share: add(&mut p, 0.25),
            stretch: one,
            workforce: None,
        }],
        units: vec![Unit {
            team: 0,
            areas: vec![0],
            id: "north".into(),
            workers: vec![WorkerGroup { fte: add(&mut p, 5.0), fte_each: 1.0, experience: one, grade: None }],
            productivity: one,
            helps: Vec::new(),
        }],
        clocks: Vec::new(),
        standards: Vec::new(),
        staffing: StaffingRules::default(),
        money: Money::default(),
        funding: Default::default(),
        initial: Vec::new(),
        published: Vec::new(),
        interventions: Vec::new(),
        notes: Vec::new(),
        parameters: p,
    }
}

fn stage(id: &str, holder: Holder, duration: Duration, to: Destination, zero: Quantity) -> Stage {
    Stage {
        id: id.into(),
        name: id.into(),
        holder,
        level: 0,
        front_door: false,
        referral: false,
        counts: Counts::Families,
        priority: 5,
        urgent: false,
        points: zero,
        points_extra_child: zero,
        work: Work::PerWeek(zero),
        work_extra_child: zero,
        duration,
        routes: vec![always(vec![(to, Share::Rest)])],
        hazards: Vec::new(),
        waiting_hazards: Vec::new(),
        review: None,
        keep_worker: true,
        transfer_delay_days: zero,
        handover_hours: zero,
        overlap_days: zero,
        open_contacts: zero,
        open_contact_hours: zero,
        support: None,
        oversight: None,
    }
}
