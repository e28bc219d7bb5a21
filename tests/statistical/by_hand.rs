//! The hand-written reference model that speed is measured against must be the reference model: a
//! yardstick that does less work would flatter nobody honestly.

#[path = "../../benches/by_hand/mod.rs"]
mod model;

use model::{EARLY_HELP, Figures, Model, SOCIAL_WORK, TRIAGE};

const REPLICATIONS: u64 = 24;

/// A figure's name, its agreed value, and how to read it.
type Agreed = (&'static str, f64, fn(&Figures) -> f64);

/// What other engines say, from 20,000 replications of the fastest, whose own error is negligible
/// here; for triage, the Kolmogorov equations solved.
fn agreed() -> Vec<Agreed> {
    vec![
        ("slots of triage", 0.6, |figures| figures.busy[TRIAGE]),
        ("slots of early help", 211.096, |figures| figures.busy[EARLY_HELP]),
        ("slots of social work", 585.51, |figures| figures.busy[SOCIAL_WORK]),
        ("queue of triage", 0.101_569_3, |figures| figures.queue[TRIAGE]),
        ("queue of early help", 31.57, |figures| figures.queue[EARLY_HELP]),
        ("queue of social work", 18.00, |figures| figures.queue[SOCIAL_WORK]),
        ("wait for triage", 0.00846, |figures| figures.wait[TRIAGE]),
        ("wait for early help", 5.200, |figures| figures.wait[EARLY_HELP]),
        ("wait for social work", 4.110, |figures| figures.wait[SOCIAL_WORK]),
        ("p90 of triage", 0.0288, |figures| figures.p90[TRIAGE]),
        ("p90 of early help", 11.57, |figures| figures.p90[EARLY_HELP]),
        ("p90 of social work", 11.64, |figures| figures.p90[SOCIAL_WORK]),
        ("events", 258_242.0, |figures| figures.events as f64),
    ]
}

/// The figures that are further than 4.5 standard errors from those agreed.
fn disagreeing(model: &Model) -> Vec<&'static str> {
    let runs: Vec<Figures> = (0..REPLICATIONS).map(|seed| model::replicate(model, seed)).collect();
    let n = REPLICATIONS as f64;
    let far = |exact: f64, of: fn(&Figures) -> f64| {
        let mean = runs.iter().map(of).sum::<f64>() / n;
        let variance = runs.iter().map(|run| (of(run) - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean - exact).abs() > 4.5 * (variance / n).sqrt()
    };
    agreed().into_iter().filter(|(_, exact, of)| far(*exact, *of)).map(|(name, _, _)| name).collect()
}

#[test]
fn by_hand_the_reference_model_gives_the_agreed_figures() {
    assert_eq!(disagreeing(&Model::RLM_1), Vec::<&str>::new());
}

#[test]
fn by_hand_a_model_five_per_cent_off_is_found_out() {
    let right = Model::RLM_1;
    let wrong = [
        ("slots of triage", Model { triage_days: 1.05 * right.triage_days, ..right }),
        ("slots of early help", Model { early_help_days: 0.95 * right.early_help_days, ..right }),
        ("slots of social work", Model { plan_days: 0.95 * right.plan_days, ..right }),
        ("events", Model { referrals: 1.05 * right.referrals, ..right }),
    ];
    for (name, model) in wrong {
        assert!(disagreeing(&model).contains(&name), "{name}: 5% off must be noticed");
    }
}
