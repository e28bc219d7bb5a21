//! Luck and not knowing told apart, where the law of total variance gives both.

use std::sync::atomic::AtomicBool;

use caseflow::scenario;
use caseflow::sensitivity::outputs::Measure;
use caseflow::sensitivity::study::Input;
use caseflow::sensitivity::{Settings, Watching, explain};
use caseflow::simulation::Simulator;

const LIMIT: f64 = 25.0;
const MEANS: (f64, f64) = (20.0, 30.0);
const PER_YEAR: f64 = 250.0;
const WEEKS: f64 = 104.0;

/// Families stay for an exponential time with a mean that is uniform between 20 and 30 days; a standard
/// asks who leaves within 25.
const TEXT: &str = r#"
    name = "luck"
    start = 2024-01-01
    warm_up_weeks = 26
    horizon_weeks = 104
    [areas.town]
    families_per_year = { any = 250 }
    [sources.any]
    entry = "stay"
    [stages.stay]
    duration = { distribution = "exponential", mean = { value = 25, low = 20, high = 30, shape = "uniform" } }
    next = { out = 1 }
    [ends.out]
    [clocks.in_time]
    starts = "enter:stay"
    stops = "leave:stay"
    days = 25
    [standards.in_time]
    clock = "in_time"
    required_share = 0.6
"#;

/// With p(m) = 1 − exp(−25/m), the variance between draws is that of p over the means, and the
/// variance within one, on average, that of a binomial share: E\[p (1 − p)\] / families.
fn within_share(families: f64) -> f64 {
    let n = 10_000;
    let mean = |of: &dyn Fn(f64) -> f64| {
        let at = |step: i32| MEANS.0 + (MEANS.1 - MEANS.0) * (f64::from(step) + 0.5) / f64::from(n);
        (0..n).map(|step| of(1.0 - libm::exp(-LIMIT / at(step)))).sum::<f64>() / f64::from(n)
    };
    let first = mean(&|p| p);
    let between = mean(&|p| p * p) - first * first;
    let within = mean(&|p| p * (1.0 - p)) / families;
    within / (within + between)
}

#[test]
fn the_law_of_total_variance_is_found() {
    let scenario = scenario::load_text("luck.toml", TEXT).expect("valid");
    let simulator = Simulator::new(&scenario, 3);
    let settings = Settings { budget: 4000, seed: 3, threads: None };
    let watch = Watching { stop: &AtomicBool::new(false), progress: &|_, _, _| {} };
    let found = explain(&scenario, &simulator, &settings, &watch).expect("explained");
    let output = found
        .outputs
        .list
        .iter()
        .position(|output| matches!(output.measure, Measure::Share(..)))
        .expect("the standard's share");
    let row = |input: Input| found.inputs.iter().position(|other| *other == input).expect("a row");
    let luck = found.indices[row(Input::Luck)][output].total;
    let figure = found.indices[row(Input::Figure(found.figures[0]))][output];
    // Those who come in the last 25 days are counted only when they leave in time: 3% of all, under a
    // tenth of the tolerance.
    let families = PER_YEAR * WEEKS * 7.0 / 365.25;
    let exact = within_share(families);
    assert!(luck.se < 0.03, "{luck:?}");
    assert!((luck.value - exact).abs() < 4.0 * luck.se, "{luck:?} for {exact}");
    assert!((figure.first.value - (1.0 - exact)).abs() < 4.0 * figure.first.se, "{figure:?} for {exact}");
    // Half or twice the families would give another share, and it is told apart.
    for wrong in [0.5, 2.5] {
        let other = within_share(wrong * families);
        assert!((luck.value - other).abs() > 4.0 * luck.se, "{luck:?} is told from {other}");
    }
    // The first pass, from ordinary replications, says the same within the chance of 1,600 runs.
    assert!(found.others.is_empty() && found.figures.len() == 1);
}
