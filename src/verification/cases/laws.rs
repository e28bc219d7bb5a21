//! Laws that every replication of every scenario must keep, to rounding.
//!
//! The engine balances its books in every replication (families at every stage and overall, Little's
//! law over a finite time, hours) and refuses a replication that does not; that these runs end at all
//! is the first of the proofs. Beside it the record is held against itself here, by other means: a
//! figure of the horizon follows from its weeks, and the council from its areas.

use std::collections::BTreeMap;

use super::super::reading::{Figures, Reading};
use super::super::{Case, Quantity};
use crate::simulation::{Holding, Kind, Series};

/// A scenario whose record must be consistent.
const fn consistent(id: &'static str, title: &'static str, scenario: &'static str) -> Case {
    Case { id, title, scenario, replications: 10, quantities }
}

/// The shipped scenarios. (Those of the other cases keep the laws in all their replications, or the
/// case could not be run.)
pub(super) const LAWS: [Case; 3] = [
    consistent(
        "laws_feedback",
        "conservation in the network with feedback",
        include_str!("../../../scenarios/verification/07-network.toml"),
    ),
    consistent(
        "laws_quickstart",
        "conservation in the quickstart scenario",
        include_str!("../../../scenarios/quickstart.toml"),
    ),
    consistent(
        "laws_oldham",
        "conservation in the Oldham scenario",
        include_str!("../../../scenarios/oldham.toml"),
    ),
];

fn quantities(_: f64) -> Vec<Quantity> {
    vec![
        Quantity::new("series whose horizon does not follow from its weeks", 0.0, |reading| {
            Ok(horizon_against_weeks(reading) as f64)
        })
        .on_scale(1.0),
        Quantity::new("series whose council is not its areas together", 0.0, |reading| {
            Ok(council_against_areas(reading) as f64)
        })
        .on_scale(1.0),
    ]
}

/// Weeks are kept in single precision.
fn differ(left: f64, right: f64) -> bool {
    (left - right).abs() > 1e-5 * (1.0 + left.abs().max(right.abs()))
}

/// How many series have a figure for the horizon that their weeks contradict.
fn horizon_against_weeks(reading: &Reading<'_>) -> usize {
    let contradicts = |(series, figures): &(&Series, Figures<'_>)| {
        let weeks = figures.weeks();
        let sum: f64 = weeks.iter().sum();
        let greatest = weeks.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = weeks.iter().copied().fold(f64::INFINITY, f64::min);
        let horizon = figures.horizon();
        match series.kind {
            Kind::Total => differ(sum, horizon),
            Kind::Average => differ(sum / weeks.len() as f64, horizon),
            Kind::Maximum => differ(greatest, horizon),
            // A quotient of totals, or a percentile of all, lies within those of the weeks.
            Kind::Ratio | Kind::Percentile => {
                horizon < least && differ(horizon, least) || horizon > greatest && differ(horizon, greatest)
            }
        }
    };
    reading.series().filter(contradicts).count()
}

/// How many totals and levels of the council are not the sum of the areas'.
fn council_against_areas(reading: &Reading<'_>) -> usize {
    let mut sums: BTreeMap<(Holding, &str), (f64, usize)> = BTreeMap::new();
    for (series, figures) in reading.series().filter(|(series, _)| series.area.is_some()) {
        let sum = sums.entry((series.holding, &series.measure)).or_default();
        sum.0 += figures.horizon();
        sum.1 += 1;
    }
    let adds_up = |series: &Series| matches!(series.kind, Kind::Total | Kind::Average);
    // What several areas share costs the council, and none of them.
    let shared = |series: &Series| {
        let alone = !sums.contains_key(&(series.holding, series.measure.as_str()));
        series.area.is_none() && series.measure == "cost" && alone
    };
    let shared_cost: f64 =
        reading.series().filter(|(series, _)| shared(series)).map(|(_, figures)| figures.horizon()).sum();
    reading
        .series()
        .filter(|(series, _)| series.area.is_none() && adds_up(series))
        .filter(|(series, figures)| {
            // A team that not every area has, or that several share, has no area's figures to add.
            let sum = sums.get(&(series.holding, series.measure.as_str()));
            let costs = series.measure == "cost" && series.holding == Holding::Area;
            let beside = if costs { shared_cost } else { 0.0 };
            sum.is_some_and(|(sum, areas)| {
                *areas == reading.areas() && differ(*sum + beside, figures.horizon())
            })
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::super::super::reading::Names;
    use super::*;
    use crate::simulation::Simulator;

    #[test]
    fn a_falsified_record_is_noticed() {
        let scenario = LAWS[0].load().expect("the scenario is valid");
        let simulator = Simulator::new(&scenario, 1);
        let names = Names::new(&scenario, simulator.layout());
        let mut record = simulator.replicate(0, &mut simulator.workspace()).expect("laws hold");
        let count = |record: &crate::simulation::ReplicationRecord| {
            let reading = names.reading(record);
            (horizon_against_weeks(&reading), council_against_areas(&reading))
        };
        assert_eq!(count(&record), (0, 0));
        let row = |area: Option<usize>| {
            let of = |series: &Series| series.area == area && series.measure == "arrivals";
            simulator.layout().series.iter().position(of).expect("arrivals")
        };
        record.weekly[[row(Some(0)), 3]] += 1.0;
        assert_eq!(count(&record), (1, 0));
        record.horizon[row(Some(0))] += 1.0;
        assert_eq!(count(&record), (0, 1));
    }
}
