use proptest::prelude::*;
use rand_distr::{Distribution, Exp, Gamma, LogNormal, Poisson};

use super::*;
use crate::random::{Stream, StreamKey};

fn stream() -> Stream {
    StreamKey::master(20_260_801).open()
}

/// The values, and `NaN`s after them.
fn batch(values: &[f32]) -> [f32; BATCH] {
    let mut batch = [f32::NAN; BATCH];
    batch[..values.len()].copy_from_slice(values);
    batch
}

fn folded(values: &[f32]) -> Cell {
    let mut cell = Cell::default();
    for values in values.chunks(BATCH) {
        cell.fold(&batch(values)).expect("values within range");
    }
    cell
}

/// The cell's estimate and the exact one.
fn both(values: &[f32]) -> (Estimate, Estimate) {
    let exact: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
    (folded(values).estimate(), Estimate::of(&exact))
}

fn percentiles(estimate: &Estimate) -> [f64; 5] {
    [estimate.p05, estimate.p25, estimate.p50, estimate.p75, estimate.p95]
}

/// Percentiles within 1/256 of the value (of 1, below 1); mean within the rounding of 2⁻²¹ a value.
fn assert_accurate(values: &[f32]) {
    let (found, exact) = both(values);
    assert_eq!(found.n, exact.n);
    assert!((found.mean - exact.mean).abs() <= 0.5 / ONE as f64 + exact.mean.abs() * 1e-12);
    assert!((found.se - exact.se).abs() <= 1e-6 * (1.0 + exact.se), "{} {}", found.se, exact.se);
    for (found, exact) in percentiles(&found).into_iter().zip(percentiles(&exact)) {
        assert!((found - exact).abs() <= exact.abs().max(1.0) / 256.0, "{found} for {exact}");
    }
}

#[test]
fn continuous_distributions_are_summarised_as_accurately_as_stated() {
    let mut rng = stream();
    let sample = |draw: &mut dyn FnMut() -> f64| (0..5_000).map(|_| draw() as f32).collect::<Vec<f32>>();
    let lognormal = LogNormal::new(3.0, 1.0).unwrap();
    assert_accurate(&sample(&mut || lognormal.sample(&mut rng)));
    let exponential = Exp::new(2.0).unwrap();
    assert_accurate(&sample(&mut || exponential.sample(&mut rng)));
    let gamma = Gamma::new(0.5, 4_000.0).unwrap();
    assert_accurate(&sample(&mut || gamma.sample(&mut rng)));
    // Differences may be negative.
    assert_accurate(&sample(&mut || gamma.sample(&mut rng) - 700.0));
}

#[test]
fn counts_are_summarised_exactly() {
    let mut rng = stream();
    for mean in [0.1, 0.7, 4.0, 30.0, 140.0] {
        let poisson = Poisson::new(mean).unwrap();
        let values: Vec<f32> = (0..3_000)
            .map(|_| {
                let count: f64 = poisson.sample(&mut rng);
                count as f32
            })
            .collect();
        let (found, exact) = both(&values);
        assert_eq!(percentiles(&found), percentiles(&exact), "mean {mean}");
        assert!((found.mean - exact.mean).abs() < 1e-9);
    }
}

#[test]
fn a_constant_is_itself_and_has_no_spread() {
    for value in [0.0, 0.123, 1.0, 37.4, 1_234.567, -5.5] {
        let estimate = folded(&[value; 100]).estimate();
        assert_eq!(percentiles(&estimate), [f64::from(value); 5]);
        assert_eq!(estimate.se, 0.0);
        assert!((estimate.mean - f64::from(value)).abs() <= 0.5 / ONE as f64);
    }
}

#[test]
fn a_cell_has_the_stated_size() {
    assert_eq!(size_of::<Cell>(), 80);
    // From 16 to 63: two doublings of 128 bins, the last of them short of its end, and a spare slot.
    let Counts::Narrow(counts) = folded(&[16.0, 0.0, 63.0]).counts else {
        panic!("three values need no wide counts");
    };
    assert_eq!(counts.len(), 1 + 128 + 128 - 3);
}

#[test]
fn nothing_says_nothing_and_empty_weeks_are_left_out() {
    assert!(folded(&[]).estimate().mean.is_nan());
    assert!(folded(&[f32::NAN; 3]).estimate().p50.is_nan());
    let estimate = folded(&[f32::NAN, 2.0, f32::NAN, 4.0]).estimate();
    assert_eq!((estimate.n, estimate.mean, estimate.se), (2, 3.0, 1.0));
}

#[test]
fn a_standard_error_survives_a_large_mean() {
    // About 2³¹ the squares are 2⁶² and the spread is 1: lost in double precision, not here.
    let values: Vec<f32> = (0..200).map(|at| 16_777_000.0 + (at % 2) as f32 * 2.0).collect();
    let expected = (200.0_f64 / 199.0 / 200.0).sqrt();
    assert!((folded(&values).estimate().se - expected).abs() < 1e-12);
}

#[test]
fn values_too_large_are_refused_and_change_nothing() {
    for wrong in [f32::INFINITY, -f32::INFINITY, 1.000_001 * LARGEST, -3.0e38] {
        let mut cell = folded(&[1.0, 2.0]);
        assert_eq!(cell.fold(&batch(&[3.0, wrong])), Err(wrong));
        assert_eq!(cell, folded(&[1.0, 2.0]));
        assert_eq!(cell.fold(&[wrong; BATCH]), Err(wrong));
    }
    let largest = folded(&[LARGEST, -LARGEST]).estimate();
    assert_eq!((largest.mean, largest.p05, largest.p95), (0.0, -f64::from(LARGEST), f64::from(LARGEST)));
}

#[test]
fn counts_widen_past_sixteen_bits() {
    let mut cell = Cell::default();
    for _ in 0..2_000 {
        cell.fold(&[5.0; BATCH]).expect("values within range");
    }
    let one = folded(&[7.0]);
    let mut merged = one.clone();
    merged.merge(&cell);
    cell.merge(&one);
    assert_eq!(cell, merged);
    let estimate = cell.estimate();
    assert_eq!((estimate.n, estimate.p95), (128_001, 5.0));
    let mean = (5.0 * 128_000.0 + 7.0) / 128_001.0;
    assert!((estimate.mean - mean).abs() < 1e-12);
}

fn bytes(cell: &Cell) -> Vec<u8> {
    postcard::to_stdvec(cell).expect("a cell can be written")
}

/// Values of the kinds that measures take.
fn value() -> impl Strategy<Value = f32> {
    prop_oneof![
        3 => (0_u16..400).prop_map(f32::from),
        3 => 0.0..50.0_f32,
        1 => -3.0..3.0_f32,
        1 => 0.0..1.0e6_f32,
        1 => Just(0.0),
        1 => Just(-0.0),
        1 => Just(f32::NAN),
    ]
}

proptest! {
    #[test]
    fn order_and_grouping_change_nothing(
        values in prop::collection::vec(value(), 1..300),
        cuts in prop::collection::vec(0.0..1.0_f64, 0..5),
        turn in 0.0..1.0_f64,
    ) {
        let whole = folded(&values);
        let mut shuffled = values.clone();
        shuffled.rotate_left((turn * values.len() as f64) as usize);
        shuffled.reverse();
        prop_assert_eq!(&folded(&shuffled), &whole);
        prop_assert_eq!(bytes(&folded(&shuffled)), bytes(&whole));

        let mut edges: Vec<usize> = cuts.iter().map(|cut| (cut * values.len() as f64) as usize).collect();
        edges.extend([0, values.len()]);
        edges.sort_unstable();
        let parts: Vec<Cell> = edges.windows(2).map(|edge| folded(&values[edge[0]..edge[1]])).collect();
        let mut forwards = Cell::default();
        parts.iter().for_each(|part| forwards.merge(part));
        prop_assert_eq!(&forwards, &whole);
        let mut backwards = Cell::default();
        parts.iter().rev().for_each(|part| backwards.merge(part));
        prop_assert_eq!(&backwards, &whole);
    }

    #[test]
    fn a_cell_comes_back_from_its_bytes(values in prop::collection::vec(value(), 0..200)) {
        let cell = folded(&values);
        let back: Cell = postcard::from_bytes(&bytes(&cell)).unwrap();
        prop_assert_eq!(back, cell);
    }

    #[test]
    fn any_values_are_summarised_as_accurately_as_stated(
        values in prop::collection::vec(value().prop_filter("a number", |value| !value.is_nan()), 2..300),
    ) {
        assert_accurate(&values);
    }
}
