//! What users rely on: common random numbers, threads, areas, staff.

use caseflow::scenario::Scenario;
use caseflow::simulation::{Holding, ReplicationRecord, Simulator};
use caseflow::verification::cases;
use rayon::prelude::*;

const SEED: u64 = 7;

/// Two areas with teams of their own, noise, school terms, feedback and families who give up.
const SMALL: &str = include_str!("small.toml");

fn load(text: &str) -> Scenario {
    caseflow::scenario::load_text("small.toml", text).expect("a valid scenario")
}

fn records(scenario: &Scenario, replications: std::ops::Range<u32>) -> Vec<ReplicationRecord> {
    let simulator = Simulator::new(scenario, SEED);
    let mut workspace = simulator.workspace();
    replications.map(|number| simulator.replicate(number, &mut workspace).expect("laws hold")).collect()
}

/// The series of one area, by holding and measure, with all weeks of all replications as bits.
fn area_series(scenario: &Scenario, area: &str, records: &[ReplicationRecord]) -> Vec<(String, Vec<u32>)> {
    let number = scenario.areas.iter().position(|candidate| candidate.id == area).expect("the area");
    let simulator = Simulator::new(scenario, SEED);
    let layout = simulator.layout().series.iter().enumerate();
    layout
        .filter(|(_, series)| series.area == Some(number))
        .map(|(row, series)| {
            let bits = records.iter().flat_map(|record| record.weekly.row(row).to_vec());
            (format!("{:?} {}", series.holding, series.measure), bits.map(f32::to_bits).collect())
        })
        .collect()
}

/// A horizon figure of a team in one area, one for each replication.
fn team_figure(scenario: &Scenario, area: &str, team: &str, measure: &str, count: u32) -> Vec<f64> {
    let area = scenario.areas.iter().position(|candidate| candidate.id == area);
    let team = scenario.teams.iter().position(|candidate| candidate.id == team).expect("the team");
    let simulator = Simulator::new(scenario, SEED);
    let wanted = |series: &caseflow::simulation::Series| {
        series.area == area && series.holding == Holding::Team(team) && series.measure == measure
    };
    let row = simulator.layout().series.iter().position(wanted).expect("the series");
    records(scenario, 0..count).iter().map(|record| record.horizon[row]).collect()
}

/// Mean of paired differences over its standard error.
fn paired_z(one: &[f64], other: &[f64]) -> f64 {
    let gaps: Vec<f64> = one.iter().zip(other).map(|(one, other)| one - other).collect();
    let count = gaps.len() as f64;
    let mean = gaps.iter().sum::<f64>() / count;
    let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / (count - 1.0);
    mean / (variance / count).sqrt()
}

pub(super) fn same_bits(one: &ReplicationRecord, other: &ReplicationRecord) -> bool {
    let bits = |record: &ReplicationRecord| {
        let weekly: Vec<u32> = record.weekly.iter().map(|value| value.to_bits()).collect();
        let horizon: Vec<u64> = record.horizon.iter().map(|value| value.to_bits()).collect();
        let achieved: Vec<u64> = record.achieved.iter().map(|value| value.to_bits()).collect();
        (weekly, horizon, achieved, record.costs.clone(), record.events)
    };
    bits(one) == bits(other)
}

#[test]
fn threads_change_nothing() {
    let case = cases().into_iter().find(|case| case.id == "joined_checks").expect("the case");
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| case.sample(SEED).expect("the case runs"))
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn threads_change_no_bit_of_any_record() {
    let scenario = load(SMALL);
    let simulator = Simulator::new(&scenario, SEED);
    let on = |threads: usize| -> Vec<ReplicationRecord> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let one = |workspace: &mut _, number| simulator.replicate(number, workspace).expect("laws hold");
        pool.install(|| (0..12).into_par_iter().map_init(|| simulator.workspace(), one).collect())
    };
    let (alone, together) = (on(1), on(4));
    assert!(alone.iter().zip(&together).all(|(one, other)| same_bits(one, other)));
}

#[test]
fn a_replication_depends_on_its_number_alone() {
    // So a run split into shards, in whatever order, gives the same records.
    let scenario = load(SMALL);
    let whole = records(&scenario, 0..6);
    let (mut first, last) = (records(&scenario, 0..2), records(&scenario, 2..6));
    first.extend(last);
    let simulator = Simulator::new(&scenario, SEED);
    let mut workspace = simulator.workspace();
    for number in [5_usize, 0, 3] {
        let again = simulator.replicate(number as u32, &mut workspace).expect("laws hold");
        assert!(same_bits(&whole[number], &again), "replication {number} in another order");
        assert!(same_bits(&whole[number], &first[number]), "replication {number} in shards");
    }
    assert!(!same_bits(&whole[0], &whole[1]), "replications differ");
    let other = Simulator::new(&scenario, SEED + 1);
    let changed = other.replicate(0, &mut other.workspace()).expect("laws hold");
    assert!(!same_bits(&whole[0], &changed), "seeds differ");
}

#[test]
fn order_of_areas_in_the_file_changes_nothing() {
    let (start, rest) =
        (SMALL.find("[areas.east]").expect("east"), SMALL.find("[areas.west]").expect("west"));
    let end = SMALL.find("# end of areas").expect("the mark");
    let (east, west) = (&SMALL[start..rest], &SMALL[rest..end]);
    let swapped = format!("{}{west}{east}{}", &SMALL[..start], &SMALL[end..]);
    let (here, there) = (load(SMALL), load(&swapped));
    for (one, other) in records(&here, 0..3).iter().zip(&records(&there, 0..3)) {
        assert!(same_bits(one, other));
    }
}

#[test]
fn another_area_changes_nothing_in_this_one() {
    let (here, more) = (load(SMALL), load(&format!("{SMALL}\n[areas.middle]\npopulation = 9000\n")));
    for area in ["east", "west"] {
        let alone = area_series(&here, area, &records(&here, 0..3));
        let together = area_series(&more, area, &records(&more, 0..3));
        assert!(!alone.is_empty());
        for (one, other) in alone.iter().zip(&together) {
            assert_eq!(one.0, other.0);
            assert!(one.1 == other.1, "{area}: {} changed", one.0);
        }
    }
}

#[test]
fn another_worker_never_changes_which_families_arrive() {
    // Without returns: when a family is closed, and so when it may come back, does depend on staff.
    let returns = SMALL.lines().find(|line| line.starts_with("returns")).expect("returns");
    let without = SMALL.replace(returns, "");
    let (here, more) = (load(&without), load(&without.replace("fte = 9 ", "fte = 11 ")));
    let mut differs = false;
    for area in ["east", "west"] {
        let before = area_series(&here, area, &records(&here, 0..3));
        let after = area_series(&more, area, &records(&more, 0..3));
        for (one, other) in before.iter().zip(&after) {
            assert_eq!(one.0, other.0);
            if one.0.starts_with("Area arrivals") {
                assert!(one.1 == other.1, "{area}: {} changed", one.0);
            }
            differs |= one.1 != other.1;
        }
    }
    assert!(differs, "the workers must matter to something");
}

#[test]
fn more_staff_never_wait_longer_on_average() {
    let waiting = |fte: &str| {
        let scenario = load(&SMALL.replace("fte = 9 ", &format!("fte = {fte} ")));
        team_figure(&scenario, "east", "early_help", "waiting_families", 150)
    };
    let (few, some, many) = (waiting("7"), waiting("8"), waiting("9"));
    let (first, second) = (paired_z(&some, &few), paired_z(&many, &some));
    assert!(first < -4.0 && second < -4.0, "{first} {second}");
}

#[test]
fn pooling_lowers_waiting() {
    // Twice the children and twice the staff: the same load, shorter waits. Without the noise that
    // falls on a pool of any size alike.
    let wait = |population: &str, fte: &str| {
        let text = SMALL
            .replace("population = 12000", &format!("population = {population}"))
            .replace("cv = 0.1", "cv = 0.0");
        let scenario = load(&text.replace("fte = 9 ", &format!("fte = {fte} ")));
        team_figure(&scenario, "east", "early_help", "wait_mean_days", 150)
    };
    let z = paired_z(&wait("24000", "20"), &wait("12000", "10"));
    assert!(z < -4.0, "{z}");
}

/// Turnover, absence, managers with and without deputies, cover, floating staff, pooled support,
/// oversight, overlap and transfers together: the laws hold in every replication, each part is seen
/// to act, and a used workspace gives the same bits.
#[test]
fn everything_at_once_keeps_the_laws() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/statistical/everything.toml");
    let scenario = caseflow::scenario::load(&path, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let simulator = Simulator::new(&scenario, 1);
    let mut workspace = simulator.workspace();
    let records: Vec<_> =
        (0..30).map(|number| simulator.replicate(number, &mut workspace).expect("the laws hold")).collect();
    let total = |measure: &str| -> f64 {
        let series = simulator.layout().series.iter().enumerate();
        let chosen = series.filter(|(_, series)| series.area.is_none() && series.measure == measure);
        chosen.map(|(row, _)| records.iter().map(|record| record.horizon[row]).sum::<f64>()).sum()
    };
    for measure in
        ["changes_of_worker", "transfers", "fte_vacant", "fte_agency", "fte_absent", "hours_short", "cost"]
    {
        assert!(total(measure) > 0.0, "{measure} stays at nothing");
    }
    let again = simulator.replicate(7, &mut simulator.workspace()).expect("the laws hold");
    let bits = |record: &caseflow::simulation::ReplicationRecord| {
        record.weekly.iter().map(|value| value.to_bits()).collect::<Vec<u32>>()
    };
    assert!(bits(&again) == bits(&records[7]), "the same bits from a new workspace");
}

/// Other posts meet the same families, and posts as they are change no bit.
#[test]
fn other_posts_meet_the_same_families_with_the_same_bits() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    let scenario = caseflow::scenario::load(&path, &[]).expect("valid");
    let record = |scenario: &caseflow::scenario::Scenario| {
        let simulator = caseflow::simulation::Simulator::new(scenario, 7);
        let record = simulator.replicate(2, &mut simulator.workspace()).expect("laws hold");
        let first = simulator
            .layout()
            .series
            .iter()
            .position(|series| series.area == Some(0) && series.measure == "hidden_need_families")
            .expect("measured");
        (record.horizon.clone(), record.weekly.row(first).to_vec())
    };
    let (before, after) = (record(&scenario), record(&scenario.with_posts(&[(0, scenario.posts(0))])));
    let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&before.0), bits(&after.0));
    let more = record(&scenario.with_posts(&[(0, scenario.posts(0) + 2.0)]));
    assert_eq!(before.1, more.1, "the same need is not seen");
    assert_ne!(bits(&before.0), bits(&more.0), "and more posts do something");
}
