//! Variance-based indices by pick and freeze.
//!
//! Consumes the values of one output on a design: two independent samples of the inputs, *A* and
//! *B*, and for each group of inputs the sample *A* with that group taken from *B*. Produces for each
//! group its first-order and total-order index with standard errors.
//!
//! With V the output's variance and *f* its value,
//!
//! * total order: T = E\[(f(A) − f(A with the group from B))²\] / 2V (Jansen 1999), the share of the
//!   variance that would be left, on average, if everything but the group were known;
//! * first order: S = E\[f(B) (f(A with the group from B) − f(A))\] / V (Saltelli and others 2010), the
//!   share that knowing the group alone would take away. Jansen's own form of it,
//!   1 − E\[(f(B) − f(A with the group from B))²\] / 2V, estimates the same, but its error does not
//!   shrink with the index, and most figures of a scenario matter little.
//!
//! *f* is centred first, which changes neither in expectation and takes the error of a large mean away.
//!
//! **Standard errors** are those of a ratio of means, linearised (the delta method), rows being
//! independent. Invariant: an output that does not vary has no index (`NaN`).
//!
//! Sources: Jansen, *Computer Physics Communications* 117 (1999); Saltelli and others, *Computer Physics
//! Communications* 181 (2010), table 2 (b) and (f).

use serde::{Deserialize, Serialize};

/// A share of variance and its standard error. May lie a little outside 0 to 1 by chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// The estimate; `NaN` for an output that does not vary.
    pub value: f64,
    /// Its standard error; `NaN` with fewer than two rows.
    pub se: f64,
}

/// What a group of inputs does to the output's variance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Indices {
    /// Of the group alone.
    pub first: Index,
    /// Of the group with all its interactions.
    pub total: Index,
}

impl Index {
    /// No figure.
    pub const NONE: Self = Self { value: f64::NAN, se: f64::NAN };

    /// One less this index: the share of everything else.
    pub fn rest(self) -> Self {
        Self { value: 1.0 - self.value, se: self.se }
    }
}

impl Indices {
    /// No figures.
    pub const NONE: Self = Self { first: Index::NONE, total: Index::NONE };

    /// Of all inputs outside the group, taken together: the variance falls into the first-order part
    /// of one side and the total-order part of the other.
    pub fn of_the_rest(self) -> Self {
        Self { first: self.total.rest(), total: self.first.rest() }
    }
}

/// The row of *A* with a group of inputs taken from *B*.
pub fn mixed(a: &[f64], b: &[f64], group: &[usize]) -> Vec<f64> {
    let mut point = a.to_vec();
    for &input in group {
        point[input] = b[input];
    }
    point
}

/// The indices of one group for one output. Slices are by row: the output on *A*, on *B*, and on *A*
/// with the group from *B*.
pub fn indices(on_a: &[f64], on_b: &[f64], on_mixed: &[f64]) -> Indices {
    let both = || on_a.iter().chain(on_b);
    let n = on_a.len() as f64;
    let mean = both().sum::<f64>() / (2.0 * n);
    // Each row's part of the variance, so that the error of the quotient is that of paired means.
    let square = |value: f64| (value - mean) * (value - mean);
    let spread: Vec<f64> = on_a.iter().zip(on_b).map(|(a, b)| 0.5 * (square(*a) + square(*b))).collect();
    let rows = || on_a.iter().zip(on_b).zip(on_mixed);
    let first: Vec<f64> = rows().map(|((a, b), m)| (b - mean) * (m - a)).collect();
    let total: Vec<f64> = rows().map(|((a, _), m)| 0.5 * (a - m) * (a - m)).collect();
    Indices { first: quotient(&first, &spread), total: quotient(&total, &spread) }
}

/// A quotient of two means over the same rows, with its linearised standard error.
fn quotient(above: &[f64], below: &[f64]) -> Index {
    let n = above.len() as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (over, under) = (mean(above), mean(below));
    if under.is_nan() || under <= 0.0 {
        return Index::NONE;
    }
    let value = over / under;
    let squares: f64 = above.iter().zip(below).map(|(a, b)| (a - value * b) * (a - value * b)).sum();
    let se = if above.len() < 2 { f64::NAN } else { (squares / (n - 1.0) / n).sqrt() / under };
    Index { value, se }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::random::StreamKey;

    /// A function of uniforms with its exact indices, one pair for each input.
    struct Known {
        name: &'static str,
        value: fn(&[f64]) -> f64,
        first: Vec<f64>,
        total: Vec<f64>,
    }

    /// Ishigami and Homma (1990) with a = 7, b = 0.1; indices from its variance decomposition.
    fn ishigami() -> Known {
        let (a, b) = (7.0_f64, 0.1_f64);
        let alone = [0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2), a * a / 8.0, 0.0];
        let together = b * b * PI.powi(8) * (1.0 / 18.0 - 1.0 / 50.0);
        let all = alone.iter().sum::<f64>() + together;
        Known {
            name: "Ishigami",
            value: |u| {
                let x: Vec<f64> = u.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
                libm::sin(x[0])
                    + 7.0 * libm::sin(x[1]) * libm::sin(x[1])
                    + 0.1 * x[2].powi(4) * libm::sin(x[0])
            },
            first: alone.iter().map(|part| part / all).collect(),
            total: vec![(alone[0] + together) / all, alone[1] / all, together / all],
        }
    }

    const G: [f64; 5] = [0.0, 1.0, 4.5, 9.0, 99.0];

    /// Sobol's g-function: a product, so that V = Π(1 + Vi) − 1 with Vi = 1 / 3(1 + ai)².
    fn sobol_g() -> Known {
        let parts: Vec<f64> = G.iter().map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a))).collect();
        let product: f64 = parts.iter().map(|part| 1.0 + part).product();
        Known {
            name: "Sobol g",
            value: |u| u.iter().zip(G).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product(),
            first: parts.iter().map(|part| part / (product - 1.0)).collect(),
            total: parts.iter().map(|part| part * product / (1.0 + part) / (product - 1.0)).collect(),
        }
    }

    /// Values of a function on A, on B, and with each input taken from B.
    struct Sample {
        a: Vec<f64>,
        b: Vec<f64>,
        mixed: Vec<Vec<f64>>,
    }

    fn sample(known: &Known, seed: u64, rows: u64) -> Sample {
        let inputs = known.first.len();
        let row = |half: u64, row: u64| -> Vec<f64> {
            let key = StreamKey::master(seed).child(half).child(row);
            (0..inputs as u64).map(|input| key.child(input).uniform()).collect()
        };
        let on = |half: u64| (0..rows).map(|i| (known.value)(&row(half, i))).collect();
        let with = |input: usize| {
            (0..rows).map(|i| (known.value)(&mixed(&row(0, i), &row(1, i), &[input]))).collect()
        };
        Sample { a: on(0), b: on(1), mixed: (0..inputs).map(with).collect() }
    }

    /// Whether every index is within 4 of its standard errors of the exact one (and the errors small).
    fn agrees(known: &Known, estimate: impl Fn(&[f64], &[f64], &[f64]) -> Indices) -> bool {
        let sample = sample(known, 7, 8192);
        sample.mixed.iter().zip(known.first.iter().zip(&known.total)).all(|(mixed, (first, total))| {
            let found = estimate(&sample.a, &sample.b, mixed);
            let near =
                |index: Index, exact: &f64| (index.value - exact).abs() <= 4.0 * index.se && index.se < 0.05;
            near(found.first, first) && near(found.total, total)
        })
    }

    #[test]
    fn known_indices_are_found_and_wrong_estimators_are_not_passed() {
        for known in [ishigami(), sobol_g()] {
            assert!(agrees(&known, indices), "{}", known.name);
            let scaled = |index: Index| Index { value: 1.1 * index.value, ..index };
            // A total order without its half; a first order of A in place of B; both a tenth too large.
            let whole = |a: &[f64], b: &[f64], m: &[f64]| {
                let right = indices(a, b, m);
                let total = Index { value: 2.0 * right.total.value, se: 2.0 * right.total.se };
                Indices { total, ..right }
            };
            let same_sample = |a: &[f64], b: &[f64], m: &[f64]| {
                let right = indices(a, b, m);
                Indices { first: indices(b, a, m).first, ..right }
            };
            let a_tenth_more = |a: &[f64], b: &[f64], m: &[f64]| {
                let right = indices(a, b, m);
                Indices { first: scaled(right.first), total: scaled(right.total) }
            };
            assert!(!agrees(&known, whole), "{}: half forgotten", known.name);
            assert!(!agrees(&known, same_sample), "{}: the wrong sample", known.name);
            assert!(!agrees(&known, a_tenth_more), "{}: a tenth more", known.name);
        }
    }

    /// Standard errors mean what they say: over 400 designs about 95% of estimates lie within 1.96 of
    /// them. With that chance the share is binomial with standard deviation 0.011; linearising costs a
    /// little for small designs, so the lower bound leaves 0.03 beyond 4 of them.
    #[test]
    fn standard_errors_cover_as_they_claim() {
        let known = ishigami();
        let (mut inside, mut narrow, mut all) = (0, 0, 0);
        for seed in 0..400 {
            let sample = sample(&known, 1000 + seed, 256);
            let found = indices(&sample.a, &sample.b, &sample.mixed[1]);
            for (index, exact) in [(found.first, known.first[1]), (found.total, known.total[1])] {
                let distance = (index.value - exact).abs() / index.se;
                inside += u32::from(distance < 1.96);
                narrow += u32::from(distance < 1.96 / 2.0);
                all += 1;
            }
        }
        let share = |count: u32| f64::from(count) / f64::from(all);
        assert!((0.875..0.995).contains(&share(inside)), "{}", share(inside));
        assert!(share(narrow) < 0.875, "errors of half the size are noticed: {}", share(narrow));
    }

    #[test]
    fn the_rest_has_what_the_group_leaves() {
        let index = |value: f64| Index { value, se: 0.01 };
        let rest = Indices { first: index(0.3), total: index(0.5) }.of_the_rest();
        assert_eq!((rest.first.value, rest.total.value), (0.5, 0.7));
    }

    #[test]
    fn what_does_not_vary_has_no_index() {
        let found = indices(&[2.0; 4], &[2.0; 4], &[2.0; 4]);
        assert!(found.first.value.is_nan() && found.total.value.is_nan());
    }
}
