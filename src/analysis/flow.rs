//! Expected flows through the pathway, by the traffic equations.
//!
//! Consumes expected arrivals, routes, hazards, durations, reviews and returns; produces, for every
//! area and stage, families entering a week and mean days held, and the flow from stage to stage.
//!
//! For one area and source, entries to stage k satisfy e(k) = arrivals(k) + Σ e(j) p(j, k)
//! (Jackson 1957; for routing alone, the fundamental matrix of an absorbing Markov chain). With
//! hazards, p(j, k) = P(completed) × route(j, k) + (1 - P(completed)) × (hazard j→k) / (all hazards
//! of j). A move to an end that has returns leads on to the stage of return with the share that
//! returns. The mean number held then is entries × mean time held, whatever the distribution
//! (Little 1961; M/G/∞). Solved by Gaussian elimination, so cycles are exact.
//!
//! Invariant: arrivals equal families leaving for good, for every area and source.

use ndarray::{Array1, Array2, Array3};

use super::stay::{Law, Stay};
use crate::scenario::{AreaId, Destination, Draw, Holder, Route, Scenario, Share, SourceId, Stage, StageId};

/// Expected flows, families a week over the horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Families entering, area × stage.
    pub entries: Array2<f64>,
    /// Families moving, area × from stage × to stage, returns after closure not included.
    pub moves: Array3<f64>,
    /// Families reaching each end, area × end.
    pub ends: Array2<f64>,
    /// Each stage's stay when its hours are met.
    pub stays: Vec<Stay>,
}

impl Flow {
    /// Mean families held in each stage, area × stage, when nobody waits.
    pub fn held(&self) -> Array2<f64> {
        let weeks: Array1<f64> = self.stays.iter().map(|stay| stay.held_days / 7.0).collect();
        &self.entries * &weeks
    }
}

/// Families who enter one of these stages would go round for ever.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "families from source \"{origin}\" in area \"{area}\" never leave the pathway: some stages only lead to each other"
)]
pub struct Endless {
    /// The area.
    pub area: String,
    /// The source.
    pub origin: String,
}

/// Solves the traffic equations. `arrivals` is area × source, families a week.
///
/// # Errors
/// If some families can never leave.
pub fn expected_flow(scenario: &Scenario, draw: &Draw, arrivals: &Array2<f64>) -> Result<Flow, Endless> {
    let (areas, stages) = (scenario.areas.len(), scenario.stages.len());
    let stays: Vec<Stay> = scenario.stages.iter().map(|stage| stay_of(stage, draw)).collect();
    let mut flow = Flow {
        entries: Array2::zeros((areas, stages)),
        moves: Array3::zeros((areas, stages, stages)),
        ends: Array2::zeros((areas, scenario.ends.len())),
        stays,
    };
    for area in 0..areas {
        for source in 0..scenario.sources.len() {
            let routing = Routing::new(scenario, draw, &flow.stays, area, source);
            let mut inflow = Array1::zeros(stages);
            inflow[scenario.sources[source].entry] = arrivals[[area, source]];
            let entries = routing.entries(inflow).ok_or_else(|| Endless {
                area: scenario.areas[area].id.clone(),
                origin: scenario.sources[source].id.clone(),
            })?;
            flow.add(area, &entries, &routing);
        }
    }
    Ok(flow)
}

impl Flow {
    fn add(&mut self, area: AreaId, entries: &Array1<f64>, routing: &Routing) {
        for (from, &count) in entries.iter().enumerate() {
            self.entries[[area, from]] += count;
            for (to, share) in routing.to_stage.row(from).iter().enumerate() {
                self.moves[[area, from, to]] += count * share;
            }
            for (end, share) in routing.to_end.row(from).iter().enumerate() {
                self.ends[[area, end]] += count * share;
            }
        }
    }
}

/// A stage's stay. Partner checks take no time of their own here (their desks' waits decide), and
/// desk tasks last as long as their staff time.
fn stay_of(stage: &Stage, draw: &Draw) -> Stay {
    let law = match &stage.holder {
        Holder::Checks(_) => Law::Fixed(0.0),
        _ => Law::new(&stage.duration, draw),
    };
    Stay::new(&law, total_hazard(stage, draw), stage.review.as_ref(), draw)
}

/// Events a day of all a stage's hazards together.
fn total_hazard(stage: &Stage, draw: &Draw) -> f64 {
    stage.hazards.iter().map(|hazard| draw[hazard.rate_per_week]).sum::<f64>() / 7.0
}

/// Where the families of one area and source go from each stage, averaged over the horizon's days.
struct Routing {
    to_stage: Array2<f64>,
    to_end: Array2<f64>,
    /// Stage × stage, through ends from which families return.
    back: Array2<f64>,
}

impl Routing {
    fn new(scenario: &Scenario, draw: &Draw, stays: &[Stay], area: AreaId, source: SourceId) -> Self {
        let (stages, ends) = (scenario.stages.len(), scenario.ends.len());
        let mut routing = Self {
            to_stage: Array2::zeros((stages, stages)),
            to_end: Array2::zeros((stages, ends)),
            back: Array2::zeros((stages, stages)),
        };
        for (from, stage) in scenario.stages.iter().enumerate() {
            let completed = stays[from].completed;
            for (route, time_share) in routes_over_horizon(scenario, stage, area, source) {
                for (to, share) in shares(route, draw) {
                    routing.add(from, to, completed * time_share * share);
                }
            }
            let all = total_hazard(stage, draw) * 7.0;
            for hazard in stage.hazards.iter().filter(|_| all > 0.0) {
                routing.add(from, hazard.to, (1.0 - completed) * draw[hazard.rate_per_week] / all);
            }
            for (end, exit) in scenario.ends.iter().enumerate() {
                if let Some(back) = &exit.return_to {
                    routing.back[[from, back.to]] += routing.to_end[[from, end]] * draw[back.share];
                }
            }
        }
        routing
    }

    fn add(&mut self, from: StageId, to: Destination, share: f64) {
        match to {
            Destination::Stage(to) => self.to_stage[[from, to]] += share,
            Destination::End(to) => self.to_end[[from, to]] += share,
        }
    }

    /// Entries to each stage, or `None` if families never leave.
    fn entries(&self, inflow: Array1<f64>) -> Option<Array1<f64>> {
        let stages = inflow.len();
        // Only stages that somebody reaches matter: a closed circle elsewhere does no harm.
        let next = &self.to_stage + &self.back;
        let mut reached: Vec<bool> = inflow.iter().map(|&count| count > 0.0).collect();
        for _ in 0..stages {
            for (from, to) in (0..stages).flat_map(|from| (0..stages).map(move |to| (from, to))) {
                reached[to] |= reached[from] && next[[from, to]] > 0.0;
            }
        }
        let matrix = Array2::from_shape_fn((stages, stages), |(to, from)| {
            let unit = f64::from(u8::from(to == from));
            if reached[from] { unit - next[[from, to]] } else { unit }
        });
        solve(matrix, inflow)
    }
}

/// The routes that apply to an area's families of a source, each with its share of the horizon's days.
fn routes_over_horizon<'s>(
    scenario: &Scenario,
    stage: &'s Stage,
    area: AreaId,
    source: SourceId,
) -> Vec<(&'s Route, f64)> {
    let start = i64::from(scenario.warm_up_weeks) * 7;
    let end = i64::from(scenario.total_weeks()) * 7;
    let whom = |route: &&Route| {
        route.sources.as_ref().is_none_or(|list| list.contains(&source))
            && route.areas.as_ref().is_none_or(|list| list.contains(&area))
    };
    let routes: Vec<&Route> = stage.routes.iter().filter(whom).collect();
    let mut edges: Vec<i64> = routes
        .iter()
        .flat_map(|route| [route.from_day, route.to_day])
        .map(|day| day.clamp(start, end))
        .collect();
    edges.extend([start, end]);
    edges.sort_unstable();
    edges.dedup();
    let applying =
        |day: i64| routes.iter().rev().copied().find(|route| (route.from_day..route.to_day).contains(&day));
    edges
        .windows(2)
        .filter_map(|span| {
            let share = (span[1] - span[0]) as f64 / (end - start) as f64;
            applying(span[0]).map(|route| (route, share))
        })
        .collect()
}

/// A route's shares, made to sum to 1.
fn shares(route: &Route, draw: &Draw) -> Vec<(Destination, f64)> {
    let given: f64 = route
        .shares
        .iter()
        .map(|(_, share)| if let Share::Of(quantity) = share { draw[*quantity] } else { 0.0 })
        .sum();
    let value = |share: &Share| match share {
        Share::Of(quantity) => draw[*quantity],
        Share::Rest => (1.0 - given).max(0.0),
    };
    let total: f64 = route.shares.iter().map(|(_, share)| value(share)).sum();
    route.shares.iter().map(|(to, share)| (*to, value(share) / total.max(f64::MIN_POSITIVE))).collect()
}

/// Solves a linear system by Gaussian elimination with partial pivoting; `None` if it is singular.
fn solve(mut matrix: Array2<f64>, mut right: Array1<f64>) -> Option<Array1<f64>> {
    let n = right.len();
    for column in 0..n {
        let pivot =
            (column..n).max_by(|&a, &b| matrix[[a, column]].abs().total_cmp(&matrix[[b, column]].abs()))?;
        // Entries are probabilities, so a pivot this small is rounding of zero.
        if matrix[[pivot, column]].abs() < 1e-11 {
            return None;
        }
        if pivot != column {
            for k in 0..n {
                matrix.swap([pivot, k], [column, k]);
            }
            right.swap(pivot, column);
        }
        for row in column + 1..n {
            let factor = matrix[[row, column]] / matrix[[column, column]];
            if factor != 0.0 {
                for k in column..n {
                    matrix[[row, k]] -= factor * matrix[[column, k]];
                }
                right[row] -= factor * right[column];
            }
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|k| matrix[[row, k]] * right[k]).sum();
        right[row] = (right[row] - known) / matrix[[row, row]];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::super::example;
    use super::*;
    use crate::scenario::{Duration, Hazard, Return};

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9 * b.abs().max(1e-3)
    }

    #[test]
    fn a_tandem_with_feedback_is_jacksons() {
        // contact → casework; casework → contact with share p, else out: entries λ/(1-p) at both.
        let mut scenario = example::scenario();
        example::route(&mut scenario, 0, &[(Destination::Stage(1), 1.0)]);
        example::route(&mut scenario, 1, &[(Destination::Stage(0), 0.2), (Destination::End(0), 0.8)]);
        let flow = expected_flow(&scenario, &scenario.central_draw(), &array![[10.0]]).unwrap();
        assert!(close(flow.entries[[0, 0]], 12.5) && close(flow.entries[[0, 1]], 12.5));
        assert!(close(flow.ends[[0, 0]], 10.0));
        assert!(close(flow.moves[[0, 1, 0]], 2.5));
    }

    #[test]
    fn the_number_held_is_the_m_g_infinity_load() {
        let mut scenario = example::scenario();
        let mean = example::add(&mut scenario.parameters, 140.0);
        let cv = example::add(&mut scenario.parameters, 0.6);
        scenario.stages[1].duration = Duration::Lognormal { mean, cv };
        let flow = expected_flow(&scenario, &scenario.central_draw(), &array![[3.0]]).unwrap();
        assert!(close(flow.held()[[0, 1]], 3.0 * 20.0));
    }

    #[test]
    fn hazards_compete_with_completion() {
        // Exponential stage of mean 20 days; hazards of 0.2 and 0.15 a week: 0.05 a day.
        let mut scenario = example::scenario();
        let mean = example::add(&mut scenario.parameters, 20.0);
        scenario.stages[1].duration = Duration::Exponential(mean);
        for (id, rate, to) in [("again", 0.2, Destination::Stage(1)), ("gone", 0.15, Destination::End(0))] {
            let rate_per_week = example::add(&mut scenario.parameters, rate);
            scenario.stages[1].hazards.push(Hazard { id: id.into(), rate_per_week, to });
        }
        let flow = expected_flow(&scenario, &scenario.central_draw(), &array![[7.0]]).unwrap();
        // Half complete; of the other half 4/7 start again: entries λ / (1 - 2/7).
        let entries = 7.0 / (1.0 - 0.5 * 4.0 / 7.0);
        assert!(close(flow.entries[[0, 1]], entries));
        assert!(close(flow.held()[[0, 1]], entries * 10.0 / 7.0));
        assert!(close(flow.ends[[0, 0]], 7.0));
    }

    #[test]
    fn closed_families_return() {
        let mut scenario = example::scenario();
        let share = example::add(&mut scenario.parameters, 0.2);
        let within_days = example::add(&mut scenario.parameters, 365.0);
        scenario.ends[0].return_to = Some(Return { share, within_days, mean_days: within_days, to: 0 });
        let flow = expected_flow(&scenario, &scenario.central_draw(), &array![[8.0]]).unwrap();
        assert!(close(flow.entries[[0, 0]], 10.0));
        // What reaches the end exceeds arrivals by those who come back.
        assert!(close(flow.ends[[0, 0]] * 0.8, 8.0));
    }

    #[test]
    fn dated_routes_are_averaged_over_the_horizon() {
        let mut scenario = example::scenario();
        scenario.warm_up_weeks = 10;
        scenario.horizon_weeks = 10;
        example::route(&mut scenario, 0, &[(Destination::End(0), 1.0)]);
        let mut later = scenario.stages[0].routes[0].clone();
        later.shares = vec![(Destination::Stage(1), Share::Rest)];
        later.from_day = 70 + 21;
        scenario.stages[0].routes.push(later.clone());
        // For another source only: never applies here.
        later.sources = Some(vec![]);
        later.shares = vec![(Destination::End(0), Share::Rest)];
        scenario.stages[0].routes.push(later);
        let flow = expected_flow(&scenario, &scenario.central_draw(), &array![[10.0]]).unwrap();
        assert!(close(flow.entries[[0, 1]], 7.0));
    }

    #[test]
    fn a_circle_without_exit_is_named() {
        let mut scenario = example::scenario();
        example::route(&mut scenario, 1, &[(Destination::Stage(1), 1.0)]);
        let fault = expected_flow(&scenario, &scenario.central_draw(), &array![[1.0]]).unwrap_err();
        assert_eq!((fault.area.as_str(), fault.origin.as_str()), ("north", "school"));
        // Harmless where nobody arrives.
        assert!(expected_flow(&scenario, &scenario.central_draw(), &array![[0.0]]).is_ok());
    }
}
