//! Scaling England's shares until the pathway gives an authority's published totals.
//!
//! Consumes a plan; produces the same plan with its levers moved, and for each total what the pathway now gives.
//! Each round works out the pathway's flows and stocks by the traffic equations ([`crate::analysis`]) and moves
//! every lever by what its total is off, the whole being a damped fixed-point iteration: no simulation.
//! Invariant: shares of a stage that are written out leave something for the rest.

use super::plan::{CARE_LENGTH, Lever, Plan, SPLITS};
use super::write::probe;
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
    keep_a_rest(plan);
    let probe = Probe::new(plan, base, year)?;
    for _ in 0..MOST_ROUNDS {
        keep_a_rest(plan);
        let reached = probe.measure(plan)?;
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

/// The pathway with a plan's figures, ready to be asked what it gives. Loaded once; each round changes values alone.
struct Probe {
    scenario: Scenario,
    /// For each figure of the plan, the places in a draw that it sets, with what it is multiplied by there.
    places: Vec<(String, Vec<(usize, f64)>)>,
}

impl Probe {
    fn new(plan: &Plan, base: &Scenario, year: i16) -> Result<Self, Unfit> {
        let text = probe(plan, base, year);
        let scenario = load_text("probe", &text).map_err(|faults| Unfit(faults.to_string()))?;
        let places = plan.figures.keys().map(|path| (path.clone(), places(&scenario, base, path))).collect();
        Ok(Self { scenario, places })
    }

    fn measure(&self, plan: &Plan) -> Result<Vec<Reached>, Unfit> {
        let scenario = &self.scenario;
        let mut draw = scenario.central_draw();
        for (path, places) in &self.places {
            for (place, factor) in places {
                draw.0[*place] = plan.value(path) * factor;
            }
        }
        let analysis = analyse(scenario, &draw).map_err(|endless| Unfit(endless.to_string()))?;
        let answers = expected(scenario, &draw, &analysis);
        let scale = plan.population / PROBE_CHILDREN;
        let of = |id: &str| -> f64 {
            let place = scenario.published.iter().position(|published| published.id == id);
            place.and_then(|place| answers[place]).unwrap_or_default() * scale
        };
        let reached = |lever: Lever| {
            let wanted = plan.totals.get(&lever).map_or(0.0, |total| total.value);
            Reached { lever, wanted, modelled: of(measured_by(lever)) }
        };
        Ok(Lever::ALL.into_iter().map(reached).collect())
    }
}

/// What a probe measures for a lever's total.
fn measured_by(lever: Lever) -> &'static str {
    match lever {
        Lever::Contacts => "referrals",
        Lever::Returns => "known",
        Lever::NotInNeed => "not_in_need",
        Lever::Enquiries => "enquiries",
        Lever::Reassessments => "assessments",
        Lever::Plans => "plans",
        Lever::Care => "care",
        Lever::PlanLength => "plans_open",
        Lever::ProtectionLength => "protection_open",
        Lever::CareLength => "care_open",
    }
}

/// Where a figure of the plan stands in a draw; the length of care is four means, each a multiple of it.
fn places(scenario: &Scenario, base: &Scenario, path: &str) -> Vec<(usize, f64)> {
    let parameters = scenario.parameters.iter().enumerate();
    if path != CARE_LENGTH {
        return parameters.filter(|(_, own)| own.path == path).map(|(place, _)| (place, 1.0)).collect();
    }
    let is_mean = |own: &str| own.starts_with(CARE_LENGTH) && own.ends_with(".mean");
    parameters
        .filter(|(_, own)| is_mean(&own.path))
        .filter_map(|(place, own)| {
            let mean = base.parameters.iter().find(|other| other.path == own.path)?;
            Some((place, mean.value))
        })
        .collect()
}
