use super::*;
use crate::random::StreamKey;

fn normals(name: &str, n: u64) -> Vec<f64> {
    let key = StreamKey::master(7).named(name);
    (0..n).map(|at| quantile(key.child(at).uniform())).collect()
}

#[test]
fn a_summary_that_has_nothing_to_do_with_a_figure_is_left_out() {
    let n = 300;
    let summaries: Vec<Vec<f64>> = (0..20).map(|at| normals(&format!("s{at}"), n + 1)).collect();
    let limit = quantile(1.0 - BY_CHANCE / (2.0 * 20.0 * 30.0));
    let taken =
        (0..30).filter(|at| expected(&normals(&format!("f{at}"), n), &summaries, limit).is_some()).count();
    assert_eq!(taken, 0, "of 600 pairs");
    // With a plain limit of two standard errors some are.
    let loose =
        (0..30).filter(|at| expected(&normals(&format!("f{at}"), n), &summaries, 1.96).is_some()).count();
    assert!(loose > 5, "{loose}");
}

#[test]
fn a_figure_is_expected_where_its_summary_says() {
    let n = 400;
    let (mut summary, noise) = (normals("s", n + 1), normals("e", n));
    summary[400] = 2.0;
    let scores: Vec<f64> = summary.iter().zip(&noise).map(|(s, e)| 0.8 * s + 0.6 * e).collect();
    let (fit, inflation) = expected(&scores, &[normals("other", n + 1), summary], 4.0).expect("it is seen");
    // Standard error of a fitted value at 2: 0.6 × √((1 + 4) / n).
    let error = 0.6 * (5.0 / 400.0_f64).sqrt();
    assert!((fit[400] - 1.6).abs() < 4.0 * error, "{}", fit[400]);
    assert!(inflation > 1.0 && inflation < 1.05, "{inflation}");
}

#[test]
fn directions_are_those_in_which_fitted_values_vary() {
    let n = 400;
    let (a, b) = (normals("a", n + 1), normals("b", n + 1));
    let small: Vec<f64> = normals("c", n + 1).iter().map(|value| 0.05 * value).collect();
    let twice: Vec<f64> = a.iter().map(|value| 2.0 * value).collect();
    let found = directions(&[&a, &twice, &b, &small], 400);
    assert_eq!(found.len(), 2, "one for both of a kind, none for what hardly varies");
    for direction in &found {
        let mean = direction[..400].iter().sum::<f64>() / 400.0;
        let variance = direction[..400].iter().map(|value| value * value).sum::<f64>() / 400.0;
        assert!(mean.abs() < 1e-9 && (variance - 1.0).abs() < 1e-9);
    }
}

#[test]
fn weights_lie_about_the_observed_place_and_say_when_few_do() {
    let mut place = normals("place", 401);
    place[400] = 0.5;
    let near = weights(std::slice::from_ref(&place), 400);
    let mean: f64 = near.weights.iter().zip(&place).map(|(weight, value)| weight * value).sum();
    assert!((mean - 0.5).abs() < 0.2 && near.effective > 100.0 && !near.widened, "{mean} {}", near.effective);
    assert!((near.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    place[400] = 3.2;
    let edge = weights(std::slice::from_ref(&place), 400);
    assert!(edge.effective < 50.0 && edge.farther < 0.01, "{}", edge.effective);
    place[400] = 12.0;
    let beyond = weights(&[place], 400);
    assert!(beyond.outside && beyond.widened && beyond.effective >= FEWEST && beyond.farther == 0.0);
    let nothing = weights(&[], 400);
    assert_eq!((nothing.effective, nothing.outside), (400.0, false));
}
