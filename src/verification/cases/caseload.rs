//! How workers' hours go round: urgent work first, hours that are short, transfers and children.

use super::super::exact::law::Law;
use super::super::exact::queue::{interrupted_stay, shared_speed, shared_stay};
use super::super::{Case, Quantity};

/// Urgent work before ordinary.
pub(super) const URGENT_FIRST: Case = Case {
    id: "urgent_first",
    title: "urgent work before ordinary at one worker: processor sharing with preemption",
    scenario: include_str!("../../../scenarios/verification/15-urgent-first.toml"),
    replications: 80,
    quantities: urgent_first,
};

/// Work that waits in part when hours are short.
pub(super) const SHORT_HOURS: Case = Case {
    id: "short_hours",
    title: "one worker's hours run short, and work stretches by 1, 0.5 or 0: a birth-death process",
    scenario: include_str!("../../../scenarios/verification/16-short-hours.toml"),
    replications: 60,
    quantities: short_hours,
};

/// Transfers, and what children add.
pub(super) const TRANSFERS: Case = Case {
    id: "transfers",
    title: "transfers between teams without limits: Little's law for delays, hours and children",
    scenario: include_str!("../../../scenarios/verification/20-transfers.toml"),
    replications: 40,
    quantities: transfers,
};

/// An area's horizon figure.
fn area(name: impl Into<String>, exact: f64, measure: impl Into<String>) -> Quantity {
    let measure = measure.into();
    Quantity::new(name, exact, move |reading| Ok(reading.area(0, &measure)?.horizon()))
}

/// A team's horizon figure.
fn team(name: impl Into<String>, exact: f64, team: &'static str, measure: &'static str) -> Quantity {
    Quantity::new(name, exact, move |reading| Ok(reading.team(0, team, measure)?.horizon()))
}

fn urgent_first(factor: f64) -> Vec<Quantity> {
    let urgent = (50.0 * factor, Law::Lognormal { mean: 0.008, cv: 1.0 });
    let ordinary = (25.0 * factor, Law::Exponential(0.012));
    let stays = [shared_stay(0.008, urgent.0 * 0.008), interrupted_stay(urgent, ordinary)];
    let mut list = Vec::new();
    for (stage, rate, stay) in [("section_47", urgent.0, stays[0]), ("visits", ordinary.0, stays[1])] {
        list.push(area(format!("mean stay in {stage}, days"), stay, format!("stay_mean_days_{stage}")));
        list.push(area(format!("mean number in {stage}"), rate * stay, format!("open_families_{stage}")));
    }
    // The worker does nothing undone: hours short are those of all cases beyond the week's 37.
    let open = urgent.0 * stays[0] + ordinary.0 * stays[1];
    let busy = urgent.0 * 0.008 + ordinary.0 * 0.012;
    list.push(team("hours needed a week", 37.0 * open, "one", "hours_needed"));
    list.push(team("hours short a week", 37.0 * (open - busy), "one", "hours_short"));
    list
}

fn short_hours(factor: f64) -> Vec<Quantity> {
    let mut list = Vec::new();
    for (stage, natural, fits, stretch) in
        [("waits", 0.1, 3.0_f64, 1.0), ("half", 0.15, 2.5, 0.5), ("undone", 0.15, 2.5, 0.0)]
    {
        let load = 20.0 * factor * natural;
        let chances = shared_speed(load, |present| (fits / present).min(1.0).powf(stretch));
        let mean = |of: &dyn Fn(f64) -> f64| -> f64 {
            chances.iter().zip(0..).map(|(chance, present)| chance * of(f64::from(present))).sum()
        };
        let present = mean(&|present| present);
        let short = 10.0 * mean(&|present| (present - fits).max(0.0));
        let name = |what: &str| format!("{what}, stretch {stretch}");
        let stay = present / (20.0 * factor);
        list.push(area(name("mean stay, days"), stay, format!("stay_mean_days_{stage}")));
        list.push(area(name("mean number open"), present, format!("open_families_{stage}")));
        let short = team(name("hours short a week"), short, stage, "hours_short");
        list.push(short.on_scale(10.0 * present));
    }
    list
}

fn transfers(factor: f64) -> Vec<Quantity> {
    let (daily, children, effort) = (10.0 * factor, 1.9, 1.2);
    let weeks = 40.0;
    // Each family is handed over once, at four hours for either worker; moving on within the second
    // team it keeps its worker, and nothing is handed over.
    let handing_over = 7.0 * daily * 4.0;
    let second = daily * 20.0 * 2.0 * (1.0 + 0.5 * (children - 1.0));
    vec![
        team("families on their way to the second team", daily * 3.0, "two", "waiting_families"),
        area("days from joining the second team to leaving it", 3.0 + 20.0, "stay_mean_days_second"),
        area("days of the stage after, with the same worker", 7.0, "stay_mean_days_third").on_scale(7.0),
        area("families held in the second team's first stage", daily * 20.0, "open_families_second"),
        area("children held there", daily * 20.0 * children, "open_children_second"),
        team(
            "hours that the first team needs a week",
            7.0 * daily * 6.0 * effort + handing_over,
            "one",
            "hours_needed",
        ),
        team(
            "hours that the second team needs a week",
            (second + daily * 7.0) * effort + handing_over,
            "two",
            "hours_needed",
        ),
        team("transfers", 7.0 * daily * weeks, "two", "transfers"),
        team("children whose worker changes", 7.0 * daily * weeks * children, "two", "changes_of_worker"),
    ]
}
