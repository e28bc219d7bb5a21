//! The instant answer to the staffing question, without simulating.
//!
//! Consumes the analytic offered load ([`crate::analysis`]); produces posts for each seat: the greatest
//! of what two views ask for.
//!
//! * **Room and hours**: square-root staffing for the mean families open ([`crate::analysis::offered_load`]).
//! * **Caseload**: where a standard holds families or children per FTE to a threshold k in a share q of
//!   weeks, posts for the q-quantile of those open: R + z(q) √(R f), over k, with R the mean, f the
//!   mean square over the mean of what a family counts for, as if numbers open were normal.
//!
//! It leaves out uncertainty of figures, overdispersion, and the peaks of the year. Its
//! **stated accuracy** is a fifth, or one post where that is more; a larger disagreement is reported.

use super::seat::{Place, Seat};
use crate::analysis::flow::Endless;
use crate::analysis::offered_load::{Analysis, analyse};
use crate::scenario::{Scenario, StandardTest};
use crate::simulation::Judged;
use statrs::distribution::{ContinuousCDF, Normal};

/// Share by which the analytic answer may miss the simulated one.
pub const ACCURACY: f64 = 0.2;

/// Posts by which it may miss it in any case.
pub const ACCURACY_POSTS: f64 = 1.0;

/// Posts for each seat, full-time equivalents, not rounded to steps.
///
/// # Errors
/// If families can never leave the pathway.
pub fn analytic_posts(scenario: &Scenario, seats: &[Seat], judged: &[Judged]) -> Result<Vec<f64>, Endless> {
    let analysis = analyse(scenario, &scenario.central_draw())?;
    Ok(seats.iter().map(|seat| posts(scenario, seat, judged, &analysis)).collect())
}

/// Whether two answers differ by more than the analytic one's accuracy.
pub fn disagree(analytic: f64, simulated: f64) -> bool {
    (analytic - simulated).abs() > (ACCURACY * simulated).max(ACCURACY_POSTS)
}

fn posts(scenario: &Scenario, seat: &Seat, judged: &[Judged], analysis: &Analysis) -> f64 {
    let unit = match seat.place {
        Place::Desk(desk) => return analysis.desks[desk].suggested_people,
        Place::Unit(unit) => unit,
    };
    let row = &analysis.teams[unit];
    let holding = scenario.teams[scenario.units[unit].team]
        .workforce
        .as_ref()
        .map_or(1.0, |workforce| scenario.central_draw()[workforce.case_holding_share]);
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
