//! One replication on one thread: RLM-1 by the ordinary engine and by hand, and the scenarios.

mod by_hand;

use std::hint::black_box;
use std::path::Path;

use caseflow::scenario::load;
use caseflow::simulation::Simulator;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const SEED: u64 = 1;

fn replications(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("replication");
    group.sample_size(20);
    for (title, name) in [
        ("rlm_1", "verification/reference.toml"),
        ("quickstart", "quickstart.toml"),
        ("oldham", "oldham.toml"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
        let scenario = load(&path, &[]).expect("a scenario of this repository is valid");
        let simulator = Simulator::new(&scenario, SEED);
        let mut workspace = simulator.workspace();
        let first = simulator.replicate(0, &mut workspace).expect("the engine keeps its laws");
        // The first replication's events stand for all: they differ by a few per cent.
        group.throughput(Throughput::Elements(first.events));
        let mut replication = 0;
        group.bench_function(title, |bencher| {
            bencher.iter(|| {
                replication += 1;
                black_box(simulator.replicate(replication, &mut workspace))
            });
        });
    }
    let model = by_hand::Model::RLM_1;
    group.throughput(Throughput::Elements(by_hand::replicate(&model, 0).events));
    let mut seed = 0;
    group.bench_function("rlm_1_by_hand", |bencher| {
        bencher.iter(|| {
            seed += 1;
            black_box(by_hand::replicate(&model, seed))
        });
    });
    group.finish();
}

criterion_group!(benches, replications);
criterion_main!(benches);
