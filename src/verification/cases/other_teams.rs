//! What other teams do for a family, and what people who come and go do to it.

use super::super::exact::people::Turnover;
use super::super::exact::queue::ErlangC;
use super::super::{Case, Quantity};

/// Pooled support, oversight, overlap, open contacts, takeovers, managers, floating staff.
pub(super) const OTHER_TEAMS: Case = Case {
    id: "other_teams",
    title: "support, oversight, overlap, takeovers, managers, floating staff: M/G/∞ and M/M/c",
    scenario: include_str!("../../../scenarios/verification/24-other-teams.toml"),
    replications: 250,
    quantities: other_teams,
};

/// Hours a week of a full-time worker.
const HOURS: f64 = 37.0;

fn team(name: &str, exact: f64, id: &'static str, measure: &'static str) -> Quantity {
    // The areas are independent and alike.
    Quantity::new(name, exact, move |reading| {
        let of = |area| reading.team(area, id, measure).map(|figures| figures.horizon());
        Ok((of(0)? + of(1)?) / 2.0)
    })
}

/// Mean of 1/N over a Poisson variable with this mean, given that it is not nothing (whose chance is
/// less than rounding here).
fn mean_reciprocal(mean: f64) -> f64 {
    let mut weight = (-mean).exp();
    (1..=(10.0 * mean) as u32)
        .map(|n| {
            weight *= mean / f64::from(n);
            weight / f64::from(n)
        })
        .sum()
}

/// Hours a week that families with support need of their own workers, when their pool has `pool`
/// hours a week, always too few. What falls back is fixed for the week by the number at its start:
/// of those, families go at rate 1/stay and others come, so that N(t) is on average
/// m + (N(0) − m) exp(−t/stay).
fn supported_hours(mean: f64, stay: f64, pool: f64) -> f64 {
    let (own, contacts, support, spill) = (1.0, 0.4 * 0.5, 0.5, 0.6);
    let kept = stay / 7.0 * -(-7.0 / stay).exp_m1();
    let ratio = kept + mean * (1.0 - kept) * mean_reciprocal(mean);
    mean * (own + contacts + support * spill) - spill * pool * ratio
}

/// Mean days until the manager is there, for families who come at any time of 52 weeks of which two,
/// drawn anew each year, are weeks of leave. From a week of leave, the next one is too with chance
/// 1/51, or, from the year's last, 2/52.
fn managers_wait() -> f64 {
    let after = |week: u32| if week == 51 { 2.0 / 52.0 } else { 1.0 / 51.0 };
    // A third week in a row is of leave only across the turn of the year.
    let third = |week: u32| match week {
        50 => 1.0 / 51.0 * 2.0 / 52.0,
        51 => 2.0 / 52.0 * 1.0 / 51.0,
        _ => 0.0,
    };
    let fourth = 1.0 / 51.0 * 2.0 / 52.0 * 1.0 / 51.0;
    let more: f64 = (0..52).map(|week| after(week) + third(week)).sum::<f64>() / 52.0 + fourth / 52.0;
    2.0 / 52.0 * (3.5 + 7.0 * more)
}

fn other_teams(factor: f64) -> Vec<Quantity> {
    let (supported, older) = (100.0 * factor, 30.0 * factor);
    let shadows = 0.5 * 10.0 * factor;
    let turned = 50.0 * factor;
    // The chance to go on a Monday does not depend on how many families there are.
    let changes = turned * Turnover { leavers_a_year: 1.5, hire_weeks: 5.0 }.leaves();
    let floating = ErlangC { arrivals: 2.4 * factor, service: 1.0, servers: 3 };
    vec![
        team(
            "hours needed, with what falls back of support",
            supported_hours(supported, 50.0, 0.5 * HOURS),
            "workers",
            "hours_needed",
        ),
        team("hours of support wanted", 0.5 * supported, "pool", "hours_needed"),
        team("hours of support short", 0.5 * supported - 0.5 * HOURS, "pool", "hours_short"),
        team("hours left by oversight", 5.0 * HOURS - 0.2 * supported, "leads", "hours_available"),
        team("families held, with those stepped down", older + shadows, "leads", "open_families"),
        team("families stepped down", 0.5 * 20.0 * factor, "helpers", "open_families"),
        team("changes of worker in 208 weeks", 208.0 * changes, "turning", "changes_of_worker"),
        team("hours needed, with takeovers", turned + 4.0 * changes, "turning", "hours_needed"),
        // The wait hangs on the weeks alone, not on how many come.
        team("wait for the manager, days", managers_wait() * factor, "managed", "wait_mean_days"),
        // Held against the whole stay.
        team("wait for floating staff, days", floating.mean_wait(), "floaters", "wait_mean_days")
            .on_scale(floating.mean_wait() + floating.service),
    ]
}
