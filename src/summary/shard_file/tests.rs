use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use tempfile::TempDir;

use super::super::collect::collect_with;
use super::super::synthetic;
use super::*;
use crate::experiment::{Plan, RunLength, Watch};
use crate::simulation::Layout;

const REPLICATIONS: u32 = 40;

fn origin(replications: u32) -> Origin {
    Origin {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario_name: "town".to_owned(),
        scenario_hash: "abc123".to_owned(),
        scenario: "{\"name\":\"town\"}".to_owned(),
        seed: 1,
        replications,
    }
}

fn tally(layout: &Layout, plan: &Plan) -> Tally {
    let stop = AtomicBool::new(false);
    let watch = Watch { stop: &stop, progress: &|_, _| {} };
    let replicate = |replication, _: &mut ()| Ok(synthetic::record(layout, replication));
    collect_with(layout, plan, None, &watch, || (), replicate).expect("records that fit").tally
}

fn layout() -> Layout {
    synthetic::layout(5, 12, 2)
}

fn shard(index: u32, of: u32, replications: u32) -> ShardFile {
    let shard = Shard::new(index, of).expect("a shard");
    let plan = Plan::new(RunLength::Fixed(replications), Some(shard)).expect("a plan");
    ShardFile { origin: origin(replications), shard, tally: tally(&layout(), &plan) }
}

fn bytes(tally: &Tally) -> Vec<u8> {
    postcard::to_stdvec(tally).expect("a tally can be written")
}

/// Shards saved in directories `0`, `1`, … of a temporary one.
fn saved(shards: &[ShardFile]) -> (TempDir, Vec<PathBuf>) {
    let root = tempfile::tempdir().expect("a temporary directory");
    let directories: Vec<PathBuf> = (0..shards.len()).map(|at| root.path().join(at.to_string())).collect();
    for (shard, directory) in shards.iter().zip(&directories) {
        fs::create_dir(directory).expect("a directory");
        shard.save(directory).expect("a saved shard");
    }
    (root, directories)
}

fn four() -> Vec<ShardFile> {
    (1..=4).map(|index| shard(index, 4, REPLICATIONS)).collect()
}

/// The message with which these shards are refused.
fn refused(shards: &[ShardFile]) -> String {
    let (_root, directories) = saved(shards);
    merge(&directories).expect_err("shards that do not go together").to_string()
}

#[test]
fn shards_in_any_order_merge_to_the_bits_of_one_run() {
    let plan = Plan::new(RunLength::Fixed(REPLICATIONS), None).expect("a plan");
    let whole = tally(&layout(), &plan);
    let (_root, mut directories) = saved(&four());
    for _ in 0..4 {
        directories.rotate_left(1);
        let merged = merge(&directories).expect("shards of one run");
        assert_eq!((merged.origin, merged.shards), (origin(REPLICATIONS), 4));
        assert!(bytes(&merged.tally) == bytes(&whole));
        let required = [0.3, 0.9];
        let text = |tally: &Tally| format!("{:?}", tally.summarise(&required));
        assert_eq!(text(&merged.tally), text(&whole));
    }
}

#[test]
fn another_replication_is_another_result() {
    // Guards the comparison above: one figure changed by a millionth must show.
    let whole = tally(&layout(), &Plan::new(RunLength::Fixed(5), None).expect("a plan"));
    let mut records = synthetic::records(&layout(), 0..5);
    records[2].weekly[[1, 3]] *= 1.000_001;
    let mut other = Tally::new(&layout(), 0);
    other.fold(&records).expect("records that fit");
    assert!(bytes(&other) != bytes(&whole));
}

#[test]
fn shards_of_different_runs_are_refused() {
    let differ = |change: &dyn Fn(&mut Origin)| {
        let mut shards = four();
        change(&mut shards[2].origin);
        refused(&shards)
    };
    let text = differ(&|origin| origin.scenario_hash = "def456".to_owned());
    assert!(text.contains("scenario hash abc123, the second def456"), "{text}");
    let text = differ(&|origin| origin.seed = 2);
    assert!(text.contains("seed 1, the second 2"), "{text}");
    let text = differ(&|origin| origin.version = "0.0.9".to_owned());
    assert!(text.contains("caseflow 0.0.9"), "{text}");

    let mut shards = four();
    shards[1] = shard(2, 5, REPLICATIONS);
    assert!(refused(&shards).contains("shards in all 4, the second 5"));
    shards[1] = shard(2, 4, 44);
    assert!(refused(&shards).contains("replications in all 40, the second 44"));
}

#[test]
fn missing_and_repeated_replications_are_named() {
    let mut shards = four();
    shards.remove(2);
    let text = refused(&shards);
    assert!(text.starts_with("replications 20 to 29 (counted from 0) are missing"), "{text}");
    assert!(text.contains("--shard 3/4"), "{text}");
    shards.remove(0);
    let text = refused(&shards);
    assert!(text.contains("0 to 9, 20 to 29") && text.contains("--shard 1/4, 3/4"), "{text}");

    let mut shards = four();
    shards.push(shard(2, 4, REPLICATIONS));
    let text = refused(&shards);
    assert!(text.starts_with("replications 10 to 19 (counted from 0) are twice"), "{text}");
}

#[test]
fn an_interrupted_shard_is_missing_its_rest() {
    let mut shards = four();
    let mut partial = Tally::new(&layout(), 10);
    partial.fold(&synthetic::records(&layout(), 10..19)).expect("records that fit");
    shards[1].tally = partial;
    let text = refused(&shards);
    assert!(text.starts_with("replication 19 (counted from 0) is missing"), "{text}");
    assert!(text.contains("--shard 2/4"), "{text}");
    shards[1].tally = Tally::new(&layout(), 10);
    assert!(refused(&shards).starts_with("replications 10 to 19 "));
    let none: Vec<ShardFile> = shards.drain(1..2).collect();
    assert!(refused(&none).starts_with("all replications are missing"));
}

#[test]
fn directories_that_are_not_shards_are_refused() {
    let (root, directories) = saved(&four());
    let nothing: [PathBuf; 0] = [];
    assert!(merge(&nothing).is_err());
    let text = merge(&[root.path()]).expect_err("no shard").to_string();
    assert!(text.contains("no shard.bin") && text.contains("--shard I/N"), "{text}");
    let absent = root.path().join("absent");
    let text = merge(&[&directories[0], &absent]).expect_err("no directory").to_string();
    assert!(text.contains("could not read") && text.contains("absent"), "{text}");
}

#[test]
fn every_damage_is_noticed() {
    let (_root, directories) = saved(&[shard(1, 1, 3)]);
    let path = directories[0].join(SHARD_FILE);
    let sound = fs::read(&path).expect("the saved shard");
    assert!(merge(&directories).is_ok());
    for at in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] ^= 1;
        fs::write(&path, &bytes).expect("a damaged shard");
        assert!(merge(&directories).is_err(), "byte {at}");
    }
    for length in [0, 10, 30, sound.len() / 2, sound.len() - 1] {
        fs::write(&path, &sound[..length]).expect("a shard cut short");
        let text = merge(&directories).expect_err("a shard cut short").to_string();
        assert!(text.contains("damaged") || text.contains("format"), "{text}");
    }
    fs::write(&path, [&sound[..], b"x"].concat()).expect("a shard with more");
    assert!(merge(&directories).is_err());
}

#[test]
fn a_file_of_nonsense_with_a_right_checksum_does_not_panic() {
    let (_root, directories) = saved(&[shard(1, 1, 3)]);
    let path = directories[0].join(SHARD_FILE);
    let sound = fs::read(&path).expect("the saved shard");
    let body = MAGIC.len() + FORMAT.len() + DIGEST;
    for at in body..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] = bytes[at].wrapping_add(37);
        let digest = Sha256::digest(&bytes[body..]);
        bytes[body - DIGEST..body].copy_from_slice(&digest);
        fs::write(&path, &bytes).expect("a damaged shard");
        // What is read may be another sound tally; it must only not fail otherwise.
        if let Ok(merged) = merge(&directories) {
            let _ = merged.tally.summarise(&[0.5, 0.5]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_split_gives_the_bits_of_one_run(replications in 1_u32..90, share in 0.0..1.0_f64) {
        let of = 1 + (f64::from(replications - 1) * share) as u32;
        let whole = tally(&layout(), &Plan::new(RunLength::Fixed(replications), None).unwrap());
        let shards: Vec<ShardFile> = (1..=of).map(|index| shard(index, of, replications)).collect();
        let (_root, mut directories) = saved(&shards);
        directories.reverse();
        let merged = merge(&directories).unwrap();
        prop_assert!(bytes(&merged.tally) == bytes(&whole));
    }
}
