//! Records made up for tests: the same for the same replication, of all the kinds measures take.

use std::ops::Range;

use ndarray::Array2;
use rand::RngExt;

use crate::random::{StreamKey, poisson};
use crate::scenario::CostItem;
use crate::simulation::{CostLine, Holding, Judged, Kind, Layout, ReplicationRecord, Series};

/// A layout of series for the whole council, named `measure_0`, `measure_1`, …, with a line
/// of costs for each standard
pub(crate) fn layout(series: usize, weeks: usize, judged: usize) -> Layout {
    Layout {
        series: (0..series)
            .map(|number| Series {
                area: None,
                holding: Holding::Area,
                measure: format!("measure_{number}"),
                kind: Kind::Average,
            })
            .collect(),
        weeks,
        judged: (0..judged).map(|standard| Judged { standard, area: None }).collect(),
        cost_lines: (0..judged)
            .map(|line| CostLine { area: None, funder: Some(line), item: CostItem::Posts(0), year: 2024 })
            .collect(),
        published: 2,
    }
}

/// The record of one replication.
pub(crate) fn record(layout: &Layout, replication: u32) -> ReplicationRecord {
    let mut rng = StreamKey::master(11).child(u64::from(replication)).open();
    let weekly = Array2::from_shape_fn((layout.series.len(), layout.weeks), |(series, _)| match series % 5 {
        0 => poisson(&mut rng, 6.0) as f32,
        1 => 40.0 + 10.0 * rng.random::<f32>(),
        2 => rng.random::<f32>(),
        3 if rng.random::<f32>() < 0.2 => f32::NAN,
        3 => 30.0 * rng.random::<f32>().powi(3),
        _ => (poisson(&mut rng, 0.5) * 700) as f32,
    });
    let mut horizon: Vec<f64> = layout.series.iter().map(|_| 10.0 * rng.random::<f64>()).collect();
    let mut achieved: Vec<f64> = layout.judged.iter().map(|_| rng.random()).collect();
    if replication % 10 == 3 {
        horizon.iter_mut().chain(&mut achieved).for_each(|figure| *figure = f64::NAN);
    }
    let costs = layout.cost_lines.iter().map(|_| rng.random_range(0..1_000_000_000)).collect();
    let published = (0..layout.published).map(|_| rng.random()).collect();
    let events = rng.random_range(1..1_000);
    ReplicationRecord { replication, weekly, horizon, achieved, costs, published, events }
}

/// The records of some replications.
pub(crate) fn records(layout: &Layout, replications: Range<u32>) -> Vec<ReplicationRecord> {
    replications.map(|replication| record(layout, replication)).collect()
}
