//! Whole experiments on one and two threads, and the summary's fold of records by itself.

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use caseflow::experiment::{Plan, RunLength, Watch};
use caseflow::scenario::{Scenario, load};
use caseflow::simulation::Simulator;
use caseflow::summary::{Tally, collect};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const SEED: u64 = 1;
/// Records that are folded at once: the experiment's window.
const WINDOW: u32 = 64;

fn quickstart() -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    load(&path, &[]).expect("a scenario of this repository is valid")
}

fn experiments(criterion: &mut Criterion) {
    let scenario = quickstart();
    let simulator = Simulator::new(&scenario, SEED);
    let mut group = criterion.benchmark_group("experiment");
    group.sample_size(10).throughput(Throughput::Elements(u64::from(WINDOW)));
    for threads in [1, 2] {
        let plan = Plan::new(RunLength::Fixed(WINDOW), None)
            .expect("a plan that makes sense")
            .on_threads(NonZeroUsize::new(threads));
        let stop = AtomicBool::new(false);
        let watch = Watch { stop: &stop, progress: &|_, _| {} };
        group.bench_function(format!("quickstart_{threads}_threads"), |bencher| {
            bencher.iter(|| black_box(collect(&simulator, &plan, None, &watch).map(|done| done.tally)));
        });
    }
    group.finish();
}

fn folds(criterion: &mut Criterion) {
    let scenario = quickstart();
    let simulator = Simulator::new(&scenario, SEED);
    let mut workspace = simulator.workspace();
    let records: Vec<_> = (0..WINDOW)
        .map(|replication| {
            simulator.replicate(replication, &mut workspace).expect("the engine keeps its laws")
        })
        .collect();
    let values: usize = records.iter().map(|record| record.weekly.len()).sum();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let mut group = criterion.benchmark_group("summary");
    group.sample_size(20).throughput(Throughput::Elements(values as u64));
    group.bench_function("fold", |bencher| {
        pool.install(|| {
            bencher.iter(|| {
                let mut tally = Tally::new(simulator.layout(), 0);
                tally.fold(&records).expect("records of this scenario");
                black_box(tally)
            });
        });
    });
    group.finish();
}

criterion_group!(benches, experiments, folds);
criterion_main!(benches);
