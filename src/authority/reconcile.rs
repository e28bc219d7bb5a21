//! Scaling England's shares until the pathway gives an authority's published totals.
//!
//! Consumes a plan; produces the same plan with its levers moved, and for each total what the pathway now gives.
//! Each round works out the pathway's flows and stocks by the traffic equations ([`crate::analysis`]) and moves
//! every lever by what its total is off, the whole being a damped fixed-point iteration: no simulation.
//! Invariant: shares of a stage that are written out leave something for the rest.

use super::plan::{CARE_LENGTH, Lever, Plan, SPLITS};
use super::write::{PROBED, probe};
use crate::analysis::offered_load::analyse;
use crate::analysis::published::expected;
use crate::scenario::{Scenario, load_text};

/// Rounds at most.
const MOST_ROUNDS: usize = 80;
/// Rounds without getting nearer after which it is as near as can be.
const PATIENCE: usize = 12;
/// How far a lever moves towards what would bring its total about were it alone: levers act on each other, most of
/// all where many referrals are returns, and whole steps would swing to and fro.
const DAMPING: f64 = 0.7;
/// Shares that are published as such: they make no room for others.
const TAKEN_OVER: [&str; 3] = [
    "stages.referral.next.referral_no_further_action",
    "stages.section_47.next.conference",
    "stages.conference.next.child_protection_plan",
];
/// A total is reached when it is off by less than this share.
const NEAR_ENOUGH: f64 = 0.002;
/// Shares written out sum to at most this.
const MOST_SHARED: f64 = 0.98;
/// A lever moves England's figure to between these multiples.
const LEVER_RANGE: (f64, f64) = (0.02, 12.0);
/// Children for whom a probe is made.
const PROBE_CHILDREN: f64 = 10_000.0;

/// What a total came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reached {
    /// Which.
    pub lever: Lever,
    /// What is published, children.
    pub wanted: f64,
    /// What the pathway gives, children.
    pub modelled: f64,
}

/// Why a plan could not be reconciled: the built-in pathway with these figures is no scenario.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the published figures of this authority do not fit the pathway: {0}")]
pub struct Unfit(String);

/// Moves the plan's levers until its totals are reached, or as near as can be.
///
/// # Errors
/// If the pathway with these figures is faulty.
pub fn reconcile(plan: &mut Plan, base: &Scenario, year: i16) -> Result<Vec<Reached>, Unfit> {
    let mut multiples: Vec<f64> = vec![1.0; Lever::ALL.len()];
    let mut best: Option<(f64, Plan, Vec<Reached>)> = None;
    let mut since_best = 0;
    for _ in 0..MOST_ROUNDS {
        keep_a_rest(plan);
        let reached = measure(plan, base, year)?;
        let off = |reached: &Reached| {
            if reached.wanted > 0.0 { (reached.modelled / reached.wanted - 1.0).abs() } else { 0.0 }
        };
        let worst = reached.iter().map(off).fold(0.0, f64::max);
        let total: f64 = reached.iter().map(off).sum();
        since_best += 1;
        if best.as_ref().is_none_or(|(before, _, _)| total < 0.99 * before) {
            best = Some((total, plan.clone(), reached.clone()));
            since_best = 0;
        }
        if worst < NEAR_ENOUGH || since_best > PATIENCE {
            break;
        }
        for (lever, multiple) in reached.iter().zip(&mut multiples) {
            let step = if lever.wanted <= 0.0 {
                // Nobody at all: as few as the lever allows.
                0.5
            } else {
                libm::pow(lever.wanted / lever.modelled.max(1e-9), DAMPING).clamp(0.5, 2.0)
            };
            let moved = (*multiple * step).clamp(LEVER_RANGE.0, LEVER_RANGE.1);
            let factor = moved / *multiple;
            *multiple = moved;
            for path in lever.lever.paths() {
                if let Some(figure) = plan.figures.get_mut(*path) {
                    figure.value = limited(path, figure.value * factor);
                }
            }
        }
    }
    let (_, found, reached) = best.ok_or_else(|| Unfit("no round was made".to_owned()))?;
    *plan = found;
    Ok(reached)
}

fn limited(path: &str, value: f64) -> f64 {
    if path.ends_with("returns.share") {
        value.min(0.9)
    } else if path.ends_with("duration.mean") {
        value.clamp(14.0, 1500.0)
    } else if path == CARE_LENGTH {
        value.clamp(0.1, 4.0)
    } else {
        value
    }
}

/// Shares that a stage writes out sum to less than 1: where they would not, those that are scaled are scaled down
/// together, beside those that are published as such or left as in England.
fn keep_a_rest(plan: &mut Plan) {
    let unchanged = |stage: &str| match stage {
        "assessment" => 0.09,
        "child_in_need" => 0.20,
        "child_protection_plan" => 0.62 + 0.08,
        _ => 0.0,
    };
    for stage in SPLITS {
        let prefix = format!("stages.{stage}.next.");
        let (mut fixed, mut scaled) = (unchanged(stage), 0.0);
        for (path, figure) in plan.figures.iter().filter(|(path, _)| path.starts_with(&prefix)) {
            if TAKEN_OVER.contains(&path.as_str()) { fixed += figure.value } else { scaled += figure.value }
        }
        let room = (MOST_SHARED - fixed).max(0.0);
        if scaled > room {
            for (path, figure) in &mut plan.figures {
                if path.starts_with(&prefix) && !TAKEN_OVER.contains(&path.as_str()) {
                    figure.value *= room / scaled;
                }
            }
        }
    }
}

fn measure(plan: &Plan, base: &Scenario, year: i16) -> Result<Vec<Reached>, Unfit> {
    let text = probe(plan, base, year);
    let scenario = load_text("probe", &text).map_err(|faults| Unfit(faults.to_string()))?;
    let draw = scenario.central_draw();
    let analysis = analyse(&scenario, &draw).map_err(|endless| Unfit(endless.to_string()))?;
    let answers = expected(&scenario, &draw, &analysis);
    let scale = plan.population / PROBE_CHILDREN;
    let of = |id: &str| -> f64 {
        let place = scenario.published.iter().position(|published| published.id == id);
        place.and_then(|place| answers[place]).unwrap_or_default() * scale
    };
    debug_assert_eq!(PROBED.len(), scenario.published.len());
    let reached = |lever: Lever| {
        let modelled = match lever {
            Lever::Contacts => of("referrals"),
            Lever::Returns => of("known"),
            Lever::NotInNeed => of("not_in_need"),
            Lever::Enquiries => of("enquiries"),
            Lever::Reassessments => of("assessments"),
            Lever::Plans => of("plans"),
            Lever::Care => of("care"),
            Lever::PlanLength => of("plans_open"),
            Lever::ProtectionLength => of("protection_open"),
            Lever::CareLength => of("care_open"),
        };
        Reached { lever, wanted: plan.totals.get(&lever).map_or(0.0, |total| total.value), modelled }
    };
    Ok(Lever::ALL.into_iter().map(reached).collect())
}
