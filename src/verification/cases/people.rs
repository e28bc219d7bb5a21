//! Absence, turnover and cover, and what they cost.

use jiff::civil::date;

use super::super::case::{Case, Quantity};
use super::super::exact::people::{Turnover, ramped_share};
use crate::calendar::RunCalendar;
use crate::scenario::CostItem;

/// Leave, sickness, vacancies, agency cover, new starters.
pub(super) const WORKFORCE: Case = Case {
    id: "workforce",
    title: "leave, sickness, vacancies, agency cover and pay: counts of days and alternating renewal",
    scenario: include_str!("../../../scenarios/verification/12-workforce.toml"),
    replications: 60,
    quantities: workforce,
};

const DAYS_PER_YEAR: f64 = 365.25;
const WEEKS: i64 = 208;

/// Weekdays that are no bank holidays, as a share of a full week's five, over the horizon.
fn working_share() -> f64 {
    let calendar = RunCalendar::new(date(2022, 1, 3), (WEEKS * 7) as usize);
    let days = (0..WEEKS * 7).filter(|&day| calendar.is_working(day)).count();
    days as f64 / (WEEKS * 5) as f64
}

fn team(name: &str, exact: f64, id: &'static str, measure: &'static str) -> Quantity {
    Quantity::new(name, exact, move |reading| Ok(reading.team(0, id, measure)?.horizon()))
}

/// What the turnover team costs over the horizon: its people by the day, its starters by the head.
fn pay(posts: &Turnover, agency: f64) -> Vec<Quantity> {
    // From 3 January 2022 to 28 December 2025: 88 days of a year, three whole years, 272 days.
    let years = 3.0 + (88.0 + 272.0) / 365.0;
    let full = 40.0 * 40_000.0 * 1.25 * years;
    let starters = 40.0 * WEEKS as f64 * posts.starts_a_week();
    let pounds = |name: &str, exact: f64, of: fn(CostItem) -> bool| {
        Quantity::new(name, exact, move |reading| Ok(reading.pounds(of)))
    };
    vec![
        pounds("pounds for permanent staff", full * (1.0 - posts.vacant_share()), |item| {
            matches!(item, CostItem::Posts(_))
        }),
        pounds("pounds for agency staff", full * agency * 1.6, |item| matches!(item, CostItem::Agency(_)))
            .on_scale(full),
        pounds("pounds for recruitment", 5_000.0 * starters, |item| matches!(item, CostItem::Recruitment(_))),
    ]
}

/// `factor` multiplies what drives each: days of leave, spells, leavers.
fn workforce(factor: f64) -> Vec<Quantity> {
    let at_work = working_share();
    let (leave, training) = (30.0 * factor, 6.0 * factor);
    let weekly = |days: f64| days * 7.0 / DAYS_PER_YEAR / 5.0;
    let away_on_leave = 20.0 * (1.0 - at_work + weekly(leave + training));
    // Well for an exponential time, then ill for a short or a long one.
    let ill = 2.0 * factor / DAYS_PER_YEAR * (0.8 * 5.0 + 0.2 * 60.0);
    let sick = ill / (1.0 + ill);
    let away_sick = 200.0 * (1.0 - at_work * (1.0 - sick));
    let posts = Turnover { leavers_a_year: 1.5 * factor, hire_weeks: 10.0 };
    let agency = 0.5 * posts.covered_share(3);
    let ramp = |weeks: f64| if weeks >= 12.0 { 1.0 } else { 0.4 + 0.6 * weeks / 12.0 };
    let effective = (1.0 - posts.vacant_share()) * ramped_share(&posts, ramp) + agency * 0.8;
    let protected = Turnover { leavers_a_year: 1.5 * factor, hire_weeks: 5.0 };
    let first_year = |weeks: f64| if weeks < 26.0 { 0.7 } else { 1.0 };
    let held = (1.0 - protected.vacant_share()) * ramped_share(&protected, first_year);
    let mut quantities = vec![
        // Chance has no part in how many days of leave are taken; only rounding remains.
        team("FTE away: bank holidays, leave and training", away_on_leave, "leave", "fte_absent")
            .known_within(1e-9),
        team("FTE away: bank holidays and sickness", away_sick, "sickness", "fte_absent"),
        team("FTE vacant", 40.0 * posts.vacant_share(), "turnover", "fte_vacant").on_scale(40.0),
        team("FTE of agency staff", 40.0 * agency, "turnover", "fte_agency").on_scale(40.0),
        team("FTE in post", 40.0 * (1.0 - posts.vacant_share()), "turnover", "fte_in_post"),
        team(
            "hours a week of permanent, new and agency staff",
            40.0 * 37.0 * 0.8 * at_work * effective,
            "turnover",
            "hours_available",
        ),
        team(
            "hours a week with a protected first year",
            40.0 * 37.0 * at_work * held,
            "protected",
            "hours_available",
        ),
    ];
    quantities.extend(pay(&posts, agency));
    quantities
}
