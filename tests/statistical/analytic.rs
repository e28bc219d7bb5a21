//! The analytic approximation's flows against the simulation, where they are exact.

use caseflow::analysis::{demand::expected_demand, flow::expected_flow};
use caseflow::calendar::RunCalendar;
use caseflow::scenario::Scenario;
use caseflow::simulation::Simulator;

/// Replications of each comparison.
const RUNS: u32 = 40;

fn load(text: &str) -> Scenario {
    caseflow::scenario::load_text("small.toml", text).expect("a valid scenario")
}

/// The small scenario with more families, and without noise and returns.
fn calm() -> String {
    let text = include_str!("small.toml");
    let returns = text.lines().find(|line| line.starts_with("returns")).expect("returns");
    text.replace(returns, "").replace("cv = 0.1", "cv = 0.0").replace("000\n", "0000\n")
}

/// Without school terms, and nobody ever waits: in its steady state when the horizon begins.
fn unlimited() -> String {
    calm()
        .replace("warm_up_weeks = 26", "warm_up_weeks = 208")
        .replace("visibility = 0.25", "visibility = 1.0")
        .replace("fte = 2\n", "fte = 40\ncalendar = \"continuous\"\n")
        .replace("points_per_fte = 8", "points_per_fte = 1000\nstretch = 0")
        .replace("points_per_fte = 16", "points_per_fte = 1000")
}

/// Each series' weekly mean over replications, with its standard error.
struct Measured<'s> {
    simulator: Simulator<'s>,
    /// By replication, then series.
    horizons: Vec<Vec<f64>>,
    weeks: f64,
}

impl<'s> Measured<'s> {
    fn new(scenario: &'s Scenario) -> Self {
        let simulator = Simulator::new(scenario, 3);
        let mut workspace = simulator.workspace();
        let horizons = (0..RUNS)
            .map(|number| simulator.replicate(number, &mut workspace).expect("laws hold").horizon)
            .collect();
        Self { simulator, horizons, weeks: f64::from(scenario.horizon_weeks) }
    }

    fn weekly(&self, area: usize, measure: &str) -> (f64, f64) {
        let series = &self.simulator.layout().series;
        let row = series.iter().position(|series| series.area == Some(area) && series.measure == measure);
        let row = row.expect("the series");
        let values: Vec<f64> = self.horizons.iter().map(|horizon| horizon[row] / self.weeks).collect();
        let count = f64::from(RUNS);
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean, (variance / count).sqrt())
    }
}

fn agree(what: &str, expected: f64, (mean, error): (f64, f64)) {
    let z = (mean - expected) / error;
    println!("{what:40} expected {expected:10.5} simulated {mean:10.5} z {z:6.2}");
    assert!(z.abs() < 4.0, "{what}: expected {expected}, simulated {mean} ± {error}");
    assert!((mean - 0.95 * expected).abs() > 4.0 * error, "{what}: a flow 5% less would not be noticed");
}

#[test]
fn expected_flows_are_the_simulations() {
    let scenario = load(&unlimited());
    let draw = scenario.central_draw();
    let calendar = RunCalendar::new(scenario.first_day(), scenario.total_weeks() as usize * 7);
    let arrivals = expected_demand(&scenario, &draw, &calendar).arrivals;
    let flow = expected_flow(&scenario, &draw, &arrivals).expect("families leave");
    let measured = Measured::new(&scenario);
    for area in 0..scenario.areas.len() {
        for (stage, described) in scenario.stages.iter().enumerate() {
            let what = format!("area {area}, entries to {}", described.id);
            let found = measured.weekly(area, &format!("entries_{}", described.id));
            agree(&what, flow.entries[[area, stage]], found);
        }
        for (end, described) in scenario.ends.iter().enumerate() {
            let found = measured.weekly(area, &format!("ends_{}", described.id));
            agree(&format!("area {area}, ends in {}", described.id), flow.ends[[area, end]], found);
        }
    }
}

#[test]
fn expected_contacts_are_the_simulations_with_school_terms() {
    let scenario = load(&calm());
    let draw = scenario.central_draw();
    let calendar = RunCalendar::new(scenario.first_day(), scenario.total_weeks() as usize * 7);
    let expected = expected_demand(&scenario, &draw, &calendar).arrivals;
    let measured = Measured::new(&scenario);
    for area in 0..scenario.areas.len() {
        for (source, described) in scenario.sources.iter().enumerate() {
            let found = measured.weekly(area, &format!("arrivals_{}", described.id));
            agree(&format!("area {area}, contacts from {}", described.id), expected[[area, source]], found);
        }
    }
}
