//! Monitoring held to its promises: signals as rare as stated where nothing changes, and common where something
//! does; weighted draws that find the truth, cover it as often as they say, and leave alone what was not observed.
//!
//! Observed worlds are replications that the forecast has not seen, so that their truth is known.

use std::fmt::Write;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use caseflow::experiment::Watch;
use caseflow::monitoring::{
    Answer, Forecast, Promise, Settings, Verdict, Watched, assess, forecast, watched,
};
use caseflow::observed::parse;
use caseflow::scenario::{Counts, Scenario, load_text};
use caseflow::simulation::Simulator;
use caseflow::summary::wilson_95;

/// Replications of the forecast, and worlds that are observed.
const RUNS: usize = 800;
const WORLDS: usize = 800;

/// Weeks observed of the year that is reported.
const WEEKS: usize = 30;

/// Beyond this many standard errors a value is noticed to be wrong.
const NOTICED: f64 = 4.0;

/// Two sources and a stay, all uncertain; a part of the families goes on to a team that must keep a promise, and
/// from there to a stage whose length nothing observed depends on.
const TEXT: &str = r#"
    name = "watched"
    start = 2024-01-01
    warm_up_weeks = 26
    horizon_weeks = 52
    [areas.town]
    population = 10000
    [sources.school]
    rate_per_10k = { value = 2000, low = 1500, high = 2500 }
    entry = "first"
    visibility = 0.3
    [sources.police]
    rate_per_10k = { value = 2500, low = 1900, high = 3100 }
    entry = "first"
    [demand]
    month_noise = { cv = 0.05, correlation = 0.3 }
    [teams.help]
    fte = 30
    points_per_fte = 10
    [stages.first]
    duration = { distribution = "exponential", mean = { value = 28, low = 14, high = 42 } }
    next = { help = 0.2, out = "rest" }
    [stages.help]
    team = "help"
    points = 1
    duration = { distribution = "exponential", mean = 100 }
    next = { unseen = 1 }
    [stages.unseen]
    duration = { distribution = "exponential", mean = { value = 10, low = 5, high = 15 } }
    next = { out = 1 }
    [ends.out]
    [standards.caseload]
    measure = "families_per_fte"
    team = "help"
    at_most = 7.6
    required_share = 0.9
    reliability = 0.5
"#;

/// What is observed: council, measure.
const SEEN: [&str; 3] = ["arrivals_school", "arrivals_police", "open_families_first"];

/// Figures that the observations are about, and one that they say nothing of.
const ABOUT: [&str; 3] =
    ["sources.school.rate_per_10k", "sources.police.rate_per_10k", "stages.first.duration.mean"];
const UNSEEN: &str = "stages.unseen.duration.mean";

fn scenario(text: &str) -> Scenario {
    load_text("watched.toml", text).unwrap_or_else(|faults| panic!("{faults}"))
}

fn settings(replications: usize, seed: u64) -> Settings {
    Settings { replications: replications as u32, seed, threads: None, false_alarms: 0.05 }
}

/// The series, with a figure of 1 in every week.
fn empty(scenario: &Scenario) -> Vec<Watched> {
    let mut file = "measure,week_start,value\n".to_owned();
    for measure in SEEN {
        for week in 0..WEEKS as i64 {
            let monday = scenario.start.saturating_add(jiff::Span::new().weeks(week));
            writeln!(file, "{measure},{monday},1").expect("memory");
        }
    }
    let observed = parse("seen.csv", file.as_bytes()).expect("it reads");
    let layout = Simulator::new(scenario, 1).layout().clone();
    watched(scenario, &layout, &observed, Counts::Families).expect("it fits")
}

fn simulated(scenario: &Scenario, replications: usize, seed: u64) -> Forecast {
    let stop = AtomicBool::new(false);
    let watch = Watch { stop: &stop, progress: &|_, _| {} };
    forecast(scenario, &empty(scenario), &settings(replications, seed), &watch).expect("laws hold")
}

/// The forecast, and worlds that it has not seen.
fn worlds() -> &'static (Scenario, Forecast, Forecast) {
    static WORLDS_MADE: OnceLock<(Scenario, Forecast, Forecast)> = OnceLock::new();
    WORLDS_MADE.get_or_init(|| {
        let scenario = scenario(TEXT);
        let (known, others) = (simulated(&scenario, RUNS, 1), simulated(&scenario, WORLDS, 2));
        (scenario, known, others)
    })
}

/// A world observed.
fn observed(scenario: &Scenario, known: &Forecast, cells: &[f64]) -> Answer {
    let mut series = empty(scenario);
    for (cell, value) in series.iter_mut().flat_map(|watched| &mut watched.cells).zip(cells) {
        cell.observed = *value;
    }
    assess(scenario, None, series, known, &known.achieved, &settings(RUNS, 1))
}

/// Standard error of a rate found in so many worlds, whose limit comes from so many replications.
fn error_of_rate(rate: f64, worlds: usize) -> f64 {
    (rate * (1.0 - rate) * (1.0 / worlds as f64 + 1.0 / RUNS as f64)).sqrt()
}

fn share(answers: &[Answer], of: impl Fn(&Answer) -> bool) -> f64 {
    answers.iter().filter(|answer| of(answer)).count() as f64 / answers.len() as f64
}

#[test]
fn where_nothing_has_changed_signals_are_as_rare_as_stated() {
    let (scenario, known, others) = worlds();
    let answers: Vec<Answer> = others.cells.iter().map(|cells| observed(scenario, known, cells)).collect();
    let rate = share(&answers, |answer| !answer.signals.is_empty());
    let error = error_of_rate(0.05, WORLDS);
    assert!((rate - 0.05).abs() < NOTICED * error, "{rate}, standard error {error}");
    assert!(answers[0].alarm.between.0 < 0.05 && answers[0].alarm.between.1 > 0.05);
    // Bands of each week by itself are another thing: they are left all the time.
    let bands = share(&answers, |answer| {
        answer.series.iter().flat_map(|series| &series.cells).any(|seen| !seen.within)
    });
    assert!((bands - 0.05).abs() > NOTICED * error, "a detector with these limits passes: {bands}");
    // So are limits of three standard deviations in each week.
    let three = share(&answers, |answer| {
        answer.series.iter().flat_map(|series| &series.cells).any(|seen| seen.departure.abs() > 3.0)
    });
    assert!((three - 0.05).abs() > NOTICED * error, "a detector with these limits passes: {three}");
    // Places are uniform: the mean of all worlds' in a week is a half.
    for week in [0, WEEKS / 2, WEEKS - 1] {
        let places: f64 = answers.iter().map(|answer| answer.series[0].cells[week].position).sum();
        let mean = places / WORLDS as f64;
        assert!((mean - 0.5).abs() < NOTICED * (2.0 / 12.0 / WORLDS as f64).sqrt(), "{mean}");
    }
    // A false alarm in one series is rarer than in all, and not by more than there are series.
    let own: f64 = answers[0].charts.iter().step_by(4).map(|chart| chart.false_alarms).sum();
    assert!((0.04..0.06 * 3.0).contains(&own), "{own}");
}

#[test]
fn a_step_of_a_fifth_is_found() {
    let (scenario, known, _) = worlds();
    let power = |multiplier: f64| {
        let shock = format!(
            "[demand.shocks.step]\nmultiplier = {multiplier}\nfrom = 2024-03-11\nsources = [\"school\"]\n"
        );
        let changed = load_text("watched.toml", &format!("{TEXT}{shock}")).expect("valid");
        let worlds = simulated(&changed, 200, 3);
        let answers: Vec<Answer> =
            worlds.cells.iter().map(|cells| observed(scenario, known, cells)).collect();
        let told = |answer: &Answer| {
            answer.signals.iter().any(|&at| {
                let signal = &answer.charts[at];
                let series = &answer.series[signal.series].watched;
                series.measure == "arrivals_school" && signal.above == (multiplier > 1.0)
            })
        };
        share(&answers, told)
    };
    let (none, fifth, less) = (power(1.0), power(1.2), power(0.8));
    println!("signals: {none} of no change, {fifth} of a fifth more, {less} of a fifth less");
    for found in [fifth, less] {
        let error = (found * (1.0 - found) / 200.0 + 0.05 * 0.95 / 200.0).sqrt();
        assert!(found > 0.3 && found - 0.05 > NOTICED * error, "{found}");
    }
    assert!(none < 0.05 + NOTICED * error_of_rate(0.05, 200), "{none}");
}

#[test]
fn weighted_draws_find_the_truth_and_cover_it() {
    let (scenario, known, others) = worlds();
    let answers: Vec<Answer> = others.cells.iter().map(|cells| observed(scenario, known, cells)).collect();
    let at =
        |path: &str| scenario.parameters.iter().position(|figure| figure.path == path).expect("a figure");
    let n = WORLDS as f64;
    for path in ABOUT {
        let parameter = at(path);
        let beliefs: Vec<_> = answers
            .iter()
            .map(|answer| *answer.beliefs.iter().find(|one| one.parameter == parameter).expect("it"))
            .collect();
        let truth: Vec<f64> = others.draws.iter().map(|draw| draw[parameter]).collect();
        // Nearer to the truth than before, on average over worlds.
        let gain: Vec<f64> = beliefs
            .iter()
            .zip(&truth)
            .map(|(belief, truth)| (belief.before[0] - truth).abs() - (belief.after[0] - truth).abs())
            .collect();
        let mean = gain.iter().sum::<f64>() / n;
        let sd = (gain.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        assert!(mean > NOTICED * sd / n.sqrt(), "{path}: gains {mean}");
        // Nine in ten intervals hold the truth; those of half the width do not.
        let covered = |stretch: f64| {
            let inside = beliefs.iter().zip(&truth).filter(|(belief, truth)| {
                let [mean, low, high] = belief.after;
                (mean + stretch * (low - mean)..=mean + stretch * (high - mean)).contains(*truth)
            });
            inside.count() as f64 / n
        };
        // Worlds share one forecast, whose own error counts as much as that of half as many worlds.
        let error = (0.9 * 0.1 * (1.0 / n + 1.0 / RUNS as f64)).sqrt();
        println!("{path}: gain {mean:.2}, covered {:.3}, learnt {:.2}", covered(1.0), beliefs[0].learnt);
        assert!((covered(1.0) - 0.9).abs() < NOTICED * error, "{path}: {} covered", covered(1.0));
        assert!((covered(0.5) - 0.9).abs() > NOTICED * error, "{path}: half the width passes");
        // No bias: what is believed is right on average.
        let off: Vec<f64> =
            beliefs.iter().zip(&truth).map(|(belief, truth)| belief.after[0] - truth).collect();
        let bias = off.iter().sum::<f64>() / n;
        let sd = (off.iter().map(|o| (o - bias).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        assert!(bias.abs() < NOTICED * sd * (1.0 / n + 1.0 / RUNS as f64).sqrt(), "{path}: bias {bias}");
    }
    let unseen = answers
        .iter()
        .map(|answer| answer.beliefs.iter().find(|belief| belief.parameter == at(UNSEEN)).expect("it"));
    for belief in unseen {
        assert!(!belief.informed && !belief.moved && belief.before == belief.after, "{belief:?}");
    }
}

#[test]
fn a_far_truth_pulls_belief_towards_it() {
    let (scenario, known, _) = worlds();
    // A rate at the 90th percentile of its range, everything else as it comes.
    let parameter = scenario.parameters.iter().position(|figure| figure.path == ABOUT[1]).expect("it");
    let truth = scenario.parameters[parameter].quantile(0.9);
    let changed = TEXT.replace("{ value = 2500, low = 1900, high = 3100 }", &format!("{truth}"));
    let worlds = simulated(&self::scenario(&changed), 100, 5);
    let beliefs: Vec<_> = worlds
        .cells
        .iter()
        .map(|cells| {
            let answer = observed(scenario, known, cells);
            *answer.beliefs.iter().find(|belief| belief.parameter == parameter).expect("it")
        })
        .collect();
    let n = beliefs.len() as f64;
    let mean = beliefs.iter().map(|belief| belief.after[0]).sum::<f64>() / n;
    let before = beliefs[0].before[0];
    assert!(mean - before > 0.6 * (truth - before), "{before} became {mean} for {truth}");
    assert!(beliefs.iter().filter(|belief| belief.moved).count() as f64 > 0.8 * n);
}

#[test]
fn worlds_that_no_draw_gives_are_said_to_be_so() {
    let (scenario, known, others) = worlds();
    let twice: Vec<f64> = others.cells[0].iter().map(|value| 2.0 * value).collect();
    let answer = observed(scenario, known, &twice);
    assert!(answer.weighed.outside && answer.weighed.widened && !answer.signals.is_empty());
    assert!(answer.verdict != Verdict::Stands, "{:?}", answer.verdict);
    let usual = observed(scenario, known, &others.cells[0]);
    assert!(!usual.weighed.outside && usual.weighed.effective > 50.0, "{:?}", usual.weighed.effective);
}

/// The chances given the observations, held against what the worlds so observed turned out to do.
#[test]
fn chances_of_keeping_a_promise_are_those_of_the_world_observed() {
    let (scenario, known, others) = worlds();
    let promises: Vec<(Promise, bool)> = others
        .cells
        .iter()
        .zip(&others.achieved)
        .map(|(cells, achieved)| {
            let promise = observed(scenario, known, cells).promises[0];
            (promise, achieved[0] >= scenario.standards[0].required_share)
        })
        .collect();
    let rate = |of: &[(Promise, bool)]| of.iter().filter(|(_, kept)| *kept).count() as f64 / of.len() as f64;
    let said = |of: &[(Promise, bool)]| {
        of.iter().map(|(promise, _)| promise.after.share).sum::<f64>() / of.len() as f64
    };
    let mut sorted = promises.clone();
    sorted.sort_by(|a, b| a.0.after.share.total_cmp(&b.0.after.share));
    for part in sorted.chunks(WORLDS / 4) {
        let (rate, said) = (rate(part), said(part));
        let error = (rate.clamp(0.05, 0.95)
            * (1.0 - rate.clamp(0.05, 0.95))
            * (1.0 / part.len() as f64 + 4.0 / RUNS as f64))
            .sqrt();
        println!("said {said:.2}, kept {rate:.2}");
        assert!((rate - said).abs() < NOTICED * error, "said {said}, kept {rate}");
    }
    // They tell worlds apart: what was said without observations is wrong for the best and the worst quarter.
    let (low, high) = wilson_95((rate(&sorted[..WORLDS / 4]) * 200.0) as u32, (WORLDS / 4) as u32);
    let before = promises[0].0.before.share;
    assert!(!(low..=high).contains(&before), "{before} in {low} to {high}");
}
