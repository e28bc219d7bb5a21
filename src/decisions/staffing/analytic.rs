//! The instant answer to the staffing question, without simulating.
//!
//! Consumes the analytic offered load ([`crate::analysis`]) under the draws of the first replications; produces
//! posts for each seat. Under one draw they are the greatest of what two views ask for:
//!
//! * **Room and hours**: square-root staffing for the mean families open ([`crate::analysis::offered_load`]).
//! * **Caseload**: where a standard holds families or children per FTE to a threshold k in a share q of
//!   weeks, posts for the q-quantile of those open: R + z(q) √(R f), over k and the share of posts that are
//!   filled and hold cases, with R the mean, f the mean square over the mean of what a family counts for, as if
//!   numbers open were normal.
//!
//! Over the draws it is the percentile that the seat's most wanted standard is to be met in: posts that are
//! enough in that share of possible futures, as far as figures make them differ.
//!
//! It leaves out overdispersion, the peaks of the year, and what waiting does. Its **stated accuracy** is a
//! fifth, or one post where that is more; a larger disagreement is reported.

use super::seat::{Place, Seat};
use crate::analysis::flow::Endless;
use crate::analysis::offered_load::{Analysis, analyse};
use crate::analysis::supply::{Period, Staffing};
use crate::calendar::RunCalendar;
use crate::scenario::{Draw, Scenario, StandardTest};
use crate::simulation::Judged;
use statrs::distribution::{ContinuousCDF, Normal};

/// Share by which the analytic answer may miss the simulated one.
pub const ACCURACY: f64 = 0.2;

/// Posts by which it may miss it in any case.
pub const ACCURACY_POSTS: f64 = 1.0;

/// Draws of the scenario's figures.
pub const DRAWS: u32 = 64;

/// Posts for each seat, full-time equivalents, not rounded to steps.
///
/// # Errors
/// If families can never leave the pathway.
pub fn analytic_posts(
    scenario: &Scenario,
    seats: &[Seat],
    judged: &[Judged],
    draws: &[Draw],
) -> Result<Vec<f64>, Endless> {
    let calendar = RunCalendar::new(scenario.first_day(), scenario.total_weeks() as usize * 7);
    let period = Period::horizon(scenario, &calendar);
    let under = |draw: &Draw| {
        let analysis = analyse(scenario, draw)?;
        let of_seat = |seat: &Seat| posts(scenario, seat, judged, &analysis, draw, &period);
        Ok(seats.iter().map(of_seat).collect::<Vec<f64>>())
    };
    let by_draw = draws.iter().map(under).collect::<Result<Vec<_>, Endless>>()?;
    let at_wanted = |seat: usize| {
        let wanted = seats[seat].standards.iter();
        let wanted = wanted.map(|&place| scenario.standards[judged[place].standard].reliability);
        let mut posts: Vec<f64> = by_draw.iter().map(|posts| posts[seat]).collect();
        posts.sort_by(f64::total_cmp);
        let rank = (wanted.fold(0.0, f64::max) * posts.len() as f64 - 1e-9).ceil() as usize;
        posts[rank.clamp(1, posts.len()) - 1]
    };
    Ok((0..seats.len()).map(at_wanted).collect())
}

/// Whether two answers differ by more than the analytic one's accuracy.
pub fn disagree(analytic: f64, simulated: f64) -> bool {
    (analytic - simulated).abs() > (ACCURACY * simulated).max(ACCURACY_POSTS)
}

fn posts(
    scenario: &Scenario,
    seat: &Seat,
    judged: &[Judged],
    analysis: &Analysis,
    draw: &Draw,
    period: &Period,
) -> f64 {
    let unit = match seat.place {
        Place::Desk(desk) => return analysis.desks[desk].suggested_people,
        Place::Unit(unit) => unit,
    };
    let row = &analysis.teams[unit];
    // Of a post, what is there to hold cases.
    let holding = scenario.teams[scenario.units[unit].team].workforce.as_ref().map_or(1.0, |workforce| {
        let staffing = Staffing::of_workforce(workforce, draw, period);
        staffing.holding * (1.0 - staffing.vacant + staffing.agency)
    });
    let caseload = seat.standards.iter().filter_map(|&place| {
        let standard = &scenario.standards[judged[place].standard];
        let StandardTest::Measure { measure, threshold, at_most: true, .. } = &standard.test else {
            return None;
        };
        let mean = match measure.as_str() {
            "families_per_fte" => row.open_families,
            "children_per_fte" => row.open_children,
            _ => return None,
        };
        // Families come whole, so that children are more spread than as many families would be.
        let together = if row.open_families > 0.0 { mean / row.open_families } else { 1.0 };
        let quantile = Normal::standard().inverse_cdf(standard.required_share.min(0.999));
        let peak = mean + quantile.max(0.0) * (mean * together).sqrt();
        Some(peak / (threshold * holding).max(1e-9))
    });
    caseload.fold(row.suggested_fte, f64::max)
}
