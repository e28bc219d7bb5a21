use super::*;

fn promise(wanted: f64, share: f64, effective: f64, counted: bool, all: f64) -> Promise {
    let chance = |z: f64| Chance { share, interval: wilson(share, effective, z) };
    Promise {
        judged: Judged { standard: 0, area: None },
        wanted,
        counted,
        before: chance(quantile(0.975)),
        after: chance(quantile(0.975)),
        joint: wilson(share, effective, quantile(1.0 - 0.025 / all)),
    }
}

fn weighed(outside: bool) -> Weighed {
    Weighed {
        weights: vec![0.005; 200],
        effective: 200.0,
        directions: 1,
        summaries: 3,
        farther: 0.5,
        outside,
        widened: outside,
    }
}

#[test]
fn the_interval_is_wilsons_where_trials_are_whole() {
    for (met, n) in [(0_u32, 20_u32), (7, 20), (20, 20), (180, 200)] {
        let (low, high) = wilson(f64::from(met) / f64::from(n), f64::from(n), quantile(0.975));
        let exact = wilson_95(met, n);
        assert!((low - exact.0).abs() < 1e-6 && (high - exact.1).abs() < 1e-6);
    }
}

#[test]
fn a_verdict_is_shown_or_it_is_none() {
    let told = |list: &[Promise], outside: bool| verdict(list, &weighed(outside));
    let good = promise(0.9, 0.95, 200.0, true, 2.0);
    let poor = promise(0.9, 0.7, 200.0, true, 2.0);
    let doubtful = promise(0.9, 0.86, 200.0, true, 2.0);
    assert_eq!(told(&[good, good], false), Verdict::Stands);
    assert_eq!(told(&[good, poor], false), Verdict::NoLonger);
    assert_eq!(told(&[good, doubtful], false), Verdict::CannotBeTold);
    assert_eq!(told(&[good], true), Verdict::CannotBeTold, "beyond what the forecast knows");
    assert_eq!(told(&[poor], true), Verdict::CannotBeTold, "either way");
    let aside = Promise { counted: false, ..poor };
    assert_eq!(told(&[good, aside], false), Verdict::Stands, "what posts were not to keep");
    assert_eq!(told(&[aside], false), Verdict::NothingToKeep);
    // Of a hundred promises one at what is wanted is low by chance: the joint interval allows for it.
    let low = promise(0.9, 0.84, 200.0, true, 100.0);
    assert!(low.after.interval.1 < 0.9 && low.joint.1 > 0.9, "{low:?}");
    assert_ne!(told(&[low], false), Verdict::NoLonger);
}
