//! Calibration finds the truth again: a year is simulated, extracted as a council would, and calibrated against a base
//! whose figures are wrong on purpose.
//!
//! The few repeats of every day count how many of all intervals hold. The hundred of
//! `cargo test --test statistical recovery -- --ignored --nocapture` print the coverage of each figure's 90% interval.

use std::collections::BTreeMap;

use caseflow::calibration::figure::{Figure, NORMAL_95};
use caseflow::calibration::{self, Calibration};
use caseflow::extracts::records::Reading;
use caseflow::scenario::{Scenario, load_text};
use caseflow::simulation::Simulator;
use caseflow::synthetic::{self, Span};

const TRUTH: &str = include_str!("recovery.toml");

/// The base that a council begins with: everything that is to be found is wrong by a fifth or more.
fn base() -> Scenario {
    let wrong = [
        ("rate_per_10k = 360", "rate_per_10k = 250"),
        ("rate_per_10k = 260", "rate_per_10k = 350"),
        ("rate_per_10k = 180", "rate_per_10k = 250"),
        ("rate_per_10k = 250\n\n[demand]", "rate_per_10k = 150\n\n[demand]"),
        ("visibility = 0.3", "visibility = 0.6"),
        ("need = 1.15", "need = 1"),
        ("need = 0.9", "need = 1"),
        ("need = 0.95", "need = 1"),
        ("need = 0.78", "need = 1"),
        ("month_noise = { cv = 0.10", "month_noise = { cv = 0.2"),
        ("children = { mean = 1.9", "children = { mean = 2.4"),
        ("referral = 0.25, early_help = 0.20", "referral = 0.4, early_help = 0.1"),
        ("section_47 = 0.17, looked_after = 0.02", "section_47 = 0.3, looked_after = 0.01"),
        ("mean = 18, cv = 0.6", "mean = 25, cv = 0.9"),
        ("closed_early_help = 0.80", "closed_early_help = 0.6"),
        ("rate_per_week = 0.006", "rate_per_week = 0.012"),
        ("[0.13, 0.17, 0.16, 0.22, 0.22, 0.10]", "[0.2, 0.2, 0.2, 0.2, 0.1, 0.1]"),
        ("closed_not_in_need = 0.31, section_47 = 0.14", "closed_not_in_need = 0.2, section_47 = 0.25"),
        ("[0.10, 0.60, 0.20, 0.10]", "[0.25, 0.25, 0.25, 0.25]"),
        ("conference = 0.33, assessment = 0.52", "conference = 0.5, assessment = 0.4"),
        ("child_protection_plan = 0.86", "child_protection_plan = 0.6"),
        ("mean = 200, cv = 1.0", "mean = 120, cv = 0.6"),
        ("early_help = 0.20, section_47 = 0.15", "early_help = 0.1, section_47 = 0.3"),
        ("mean = 217, shape = 1.5", "mean = 150, shape = 1"),
        ("early_exit_share = 0.13", "early_exit_share = 0.3"),
        ("child_in_need = 0.62, looked_after = 0.14", "child_in_need = 0.4, looked_after = 0.3"),
        ("child_in_need = 0.28", "child_in_need = 0.5"),
        ("share = 0.2, distribution", "share = 0.4, distribution"),
        (
            "share = 0.4, distribution = \"gamma\", mean = 180",
            "share = 0.2, distribution = \"gamma\", mean = 180",
        ),
        (
            "[ends.closed_early_help]\nreturns = { share = 0.10",
            "[ends.closed_early_help]\nreturns = { share = 0.3",
        ),
        (
            "[ends.closed_child_in_need]\nreturns = { share = 0.28",
            "[ends.closed_child_in_need]\nreturns = { share = 0.1",
        ),
        (
            "[ends.closed_not_in_need]\nreturns = { share = 0.30",
            "[ends.closed_not_in_need]\nreturns = { share = 0.1",
        ),
    ];
    let text = wrong.iter().fold(TRUTH.to_owned(), |text, (right, wrong)| {
        assert!(text.contains(right), "{right}");
        text.replacen(right, wrong, 1)
    });
    load(&text)
}

fn load(text: &str) -> Scenario {
    load_text("recovery.toml", text).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The last year of the run.
fn window(scenario: &Scenario) -> Span {
    let end = scenario.start.saturating_add(jiff::Span::new().weeks(i64::from(scenario.horizon_weeks)));
    end.saturating_sub(jiff::Span::new().days(365))..end
}

fn reading(simulator: &Simulator, truth: &Scenario, replication: u32) -> Reading {
    let draw = simulator.draw(replication);
    let watched = simulator.chronicle(replication, &draw, &mut simulator.workspace());
    let (_, chronicle) = watched.expect("laws hold");
    let extracts = synthetic::extracts(truth, &chronicle, &window(truth));
    Reading { records: extracts.records, windows: extracts.windows, ..Reading::default() }
}

/// The true value of every figure that calibration may find.
fn truths(truth: &Scenario, simulator: &Simulator) -> BTreeMap<String, f64> {
    let draw = simulator.draw(0);
    let mut truths: BTreeMap<String, f64> = truth
        .parameters
        .iter()
        .zip(&draw.0)
        .map(|(parameter, value)| (parameter.path.clone(), *value))
        .collect();
    // A split's rest is no parameter.
    for stage in &truth.stages {
        let beginning = format!("stages.{}.next.", stage.id);
        let given: f64 =
            truths.iter().filter(|(path, _)| path.starts_with(&beginning)).map(|(_, share)| share).sum();
        for (to, share) in stage.routes.iter().flat_map(|route| &route.shares) {
            if *share == caseflow::scenario::Share::Rest {
                let name = calibration::shares::name(truth, *to);
                truths.insert(format!("{beginning}{name}"), 1.0 - given);
            }
        }
    }
    truths
}

#[test]
#[ignore = "simulates a hundred years"]
fn coverage_over_a_hundred_repeats() {
    let repeats: u32 = std::env::var("REPEATS").ok().and_then(|text| text.parse().ok()).unwrap_or(100);
    let truth = load(TRUTH);
    let base = base();
    let simulator = Simulator::new(&truth, 11);
    let truths = truths(&truth, &simulator);
    let mut found: BTreeMap<String, Vec<Figure>> = BTreeMap::new();
    for repeat in 0..repeats {
        let Calibration { figures, kept, .. } =
            calibration::calibrate(&base, &reading(&simulator, &truth, repeat));
        if repeat == 0 {
            kept.iter().for_each(|kept| println!("kept {}: {}", kept.path, kept.why));
        }
        // What follows by the base's proportions is as wrong as the base.
        for figure in figures.into_iter().filter(|figure| !figure.derived) {
            found.entry(figure.path.clone()).or_default().push(figure);
        }
    }
    println!(
        "{:<52} {:>4} {:>9} {:>9} {:>8} {:>8} {:>14}",
        "figure", "n", "truth", "mean", "bias/sd", "sd/se", "coverage"
    );
    for (path, figures) in &found {
        let Some(&truth) = truths.get(path) else {
            println!("{path:<52} no truth");
            continue;
        };
        let n = figures.len() as f64;
        let mean = figures.iter().map(|figure| figure.value).sum::<f64>() / n;
        let sd = (figures.iter().map(|figure| (figure.value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        let se = figures.iter().map(|figure| (figure.high - figure.low) / 2.0 / NORMAL_95).sum::<f64>() / n;
        let held =
            figures.iter().filter(|figure| figure.low <= truth && truth <= figure.high).count() as f64 / n;
        let error = (held * (1.0 - held) / n).sqrt();
        println!(
            "{path:<52} {n:>4} {truth:>9.4} {mean:>9.4} {:>8.2} {:>8.2} {:>6.2} ±{error:.2}",
            (mean - truth) / sd,
            sd / se,
            held
        );
    }
}

/// Figures that were measured, of a few repeats of a truth.
fn few(truth: &str, repeats: u32) -> (BTreeMap<String, f64>, Vec<Calibration>) {
    let truth = load(truth);
    let base = base();
    let simulator = Simulator::new(&truth, 11);
    let found =
        (0..repeats).map(|repeat| calibration::calibrate(&base, &reading(&simulator, &truth, repeat)));
    let found = found.collect();
    (truths(&truth, &simulator), found)
}

#[test]
fn calibration_finds_the_truth_and_not_the_base() {
    let (truths, found) = few(TRUTH, 3);
    let figures = || found.iter().flat_map(|found| &found.figures).filter(|figure| !figure.derived);
    let (mut held, mut held_by_base, mut held_if_wrong, mut all) = (0.0, 0.0, 0.0, 0.0);
    for figure in figures() {
        let truth = truths[&figure.path];
        let holds = |value: f64| f64::from(u8::from(figure.low <= value && value <= figure.high));
        held += holds(truth);
        held_by_base += holds(figure.base);
        held_if_wrong += holds(truth * 1.3);
        all += 1.0;
    }
    assert!(all > 150.0, "{all} figures");
    // Intervals of 90%. Shares of a split and bands go together, so that there are about half as many that are independent.
    let tolerance = 4.0 * (0.9_f64 * 0.1 / (all / 2.0)).sqrt();
    assert!((held / all - 0.9).abs() < tolerance, "{}", held / all);
    assert!(held_by_base / all < 0.6, "the base is not what was found: {}", held_by_base / all);
    assert!(held_if_wrong / all < 0.6, "a truth that is 30% off is noticed: {}", held_if_wrong / all);
}

/// A service that began three months before the extract: cases that will last long are still open. (Where nothing has
/// changed for years, those that close in a year last as long as all do, and a plain average is right by luck.)
#[test]
fn the_plain_average_of_closed_cases_is_biased_and_the_estimate_is_not() {
    use caseflow::extracts::records::List;
    let young = TRUTH.replace("warm_up_weeks = 260", "warm_up_weeks = 13");
    assert_ne!(young, TRUTH);
    let (truths, found) = few(&young, 3);
    let path = "stages.child_in_need.duration.mean";
    let n = found.len() as f64;
    let figure =
        |found: &Calibration| found.figures.iter().find(|figure| figure.path == path).cloned().expect("it");
    let error = |found: &Calibration| {
        let figure = figure(found);
        (figure.high - figure.low) / 2.0 / NORMAL_95
    };
    let mean = |of: &dyn Fn(&Calibration) -> f64| found.iter().map(of).sum::<f64>() / n;
    let (estimate, se) = (mean(&|found| figure(found).value), mean(&error) / n.sqrt());
    let plain = mean(&|found| {
        found.stays.iter().find(|shown| shown.list == List::ChildInNeed).expect("plans").average_of_closed
    });
    let truth = truths[path];
    assert!((estimate - truth).abs() < 4.0 * se, "{estimate} against {truth}, standard error {se}");
    assert!((plain - truth).abs() > 4.0 * se, "the plain average {plain} is no better than {estimate}");
}
