use super::*;
use crate::random::StreamKey;

/// Worlds × periods of counts about a level that each world has of its own; the last is what is observed.
fn worlds(replications: u64, periods: u64, seed: u64, observed: impl Fn(usize, f64) -> f64) -> Vec<Vec<f64>> {
    let key = StreamKey::master(seed);
    let normal = |key: StreamKey| super::super::basis::quantile(key.uniform());
    (0..periods)
        .map(|period| {
            let figure = |world: u64| {
                let level = 100.0 + 10.0 * normal(key.child(world).named("level"));
                (level + 10.0 * normal(key.child(world).child(period))).max(0.0)
            };
            let last = observed(period as usize, figure(replications));
            (0..replications).map(figure).chain([last]).collect()
        })
        .collect()
}

fn charted(cells: &[Vec<f64>]) -> Vec<Signal> {
    let drawn = Drawn::new(cells);
    Chart::ALL.into_iter().map(|chart| drawn.signal(0, chart, 2.5, 0.5)).collect()
}

fn of(charts: &[Signal], chart: Chart) -> &Signal {
    charts.iter().find(|signal| signal.chart == chart).expect("every chart")
}

#[test]
fn each_chart_finds_what_it_is_for() {
    let usual = charted(&worlds(300, 40, 1, |_, value| value));
    assert!(usual.iter().all(|signal| signal.first.is_none()), "{usual:?}");
    let single = charted(&worlds(300, 40, 1, |at, value| if at == 20 { value + 60.0 } else { value }));
    let signal = of(&single, Chart::Single);
    assert_eq!((signal.first, signal.above), (Some(20), true));
    let rise = charted(&worlds(300, 40, 1, |at, value| if at >= 20 { value + 22.0 } else { value }));
    let signal = of(&rise, Chart::Rise);
    assert!(
        signal.first.is_some_and(|at| at > 20) && signal.since.is_some_and(|at| at.abs_diff(20) <= 4),
        "{signal:?}"
    );
    assert!(of(&rise, Chart::Fall).first.is_none());
    let fall = charted(&worlds(300, 40, 1, |at, value| if at >= 20 { value - 22.0 } else { value }));
    assert!(of(&fall, Chart::Fall).first.is_some() && of(&fall, Chart::Rise).first.is_none());
    let level = charted(&worlds(300, 40, 1, |_, value| value + 60.0));
    let signal = of(&level, Chart::Level);
    assert!(signal.first.is_some() && signal.above, "{signal:?}");
}

/// A world that is high throughout is a draw like any other: departures stay high, surprises do not.
#[test]
fn surprises_take_the_level_of_a_world_for_granted() {
    let (departures, surprises) = departures(&worlds(500, 30, 3, |_, value| value + 20.0));
    let late = |scores: &Scores| scores[10..].iter().map(|column| column[500]).sum::<f64>() / 20.0;
    assert!(late(&departures) > 0.8, "{}", late(&departures));
    assert!(late(&surprises).abs() < 0.5, "{}", late(&surprises));
    // Over replications both are standard.
    let variance = surprises[20][..500].iter().map(|score| score * score).sum::<f64>() / 500.0;
    assert!((variance - 1.0).abs() < 4.0 * (2.0_f64 / 500.0).sqrt(), "{variance}");
}

/// The limit is an order statistic, and where the true rate then lies is a beta law.
#[test]
fn the_rate_of_false_alarms_is_known_as_far_as_replications_tell() {
    let (low, high) = between(400, 381);
    // Mean 20/401, standard deviation as of a beta law of 20 and 381.
    let (mean, sd) = (20.0 / 401.0, (20.0 * 381.0 / (401.0_f64.powi(2) * 402.0)).sqrt());
    assert!(
        (low - (mean - 1.96 * sd)).abs() < 0.003 && (high - (mean + 1.96 * sd)).abs() < 0.004,
        "{low} {high}"
    );
    assert_eq!(between(10, 11), (0.0, 0.0), "no replication lies beyond");
}

#[test]
fn what_never_varies_gives_no_signal_unless_it_differs() {
    let constant: Vec<Vec<f64>> = (0..10).map(|_| vec![4.0; 101]).collect();
    assert!(charted(&constant).iter().all(|signal| signal.first.is_none()));
    let mut odd = constant.clone();
    odd[5][100] = 9.0;
    assert_eq!(of(&charted(&odd), Chart::Single).first, Some(5));
}
