//! One page of speed figures: `cargo bench --bench table`.
//!
//! What is compared is run in turn, A and B and A and B, and told as the median of the pairs' ratios
//! with the least and the greatest: a busy machine slows both of a pair alike. Figures of one thread
//! are processor time where the system tells it (Linux), so that waiting for a busy core is not
//! counted; those of two threads are wall time and mean something only on a quiet machine. Memory is
//! the peak of a process of its own.
//!
//! `--pairs N` sets the number of pairs (default 9), `--no-memory` leaves the long last part out,
//! `--test` runs everything once at its smallest.

mod by_hand;

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use caseflow::experiment::{Plan, RunLength, Watch};
use caseflow::scenario::{Scenario, load};
use caseflow::simulation::{ReplicationRecord, Simulator};
use caseflow::summary::{Tally, collect};

type Outcome<T> = Result<T, Box<dyn Error>>;

const SEED: u64 = 1;
const RLM_1: &str = "verification/reference";

struct Options {
    pairs: usize,
    memory: bool,
    test: bool,
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)
    };
    if let Some(replications) = after("--peak-of") {
        return peak_of(replications.parse()?);
    }
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let test = has("--test");
    let pairs = after("--pairs").map_or(Ok(9), |pairs| pairs.parse())?;
    let options = Options { pairs: if test { 1 } else { pairs }, memory: !has("--no-memory"), test };
    one_replication(&options)?;
    threads(&options)?;
    fold(&options)?;
    if options.memory { memory(&options) } else { Ok(()) }
}

fn scenario(name: &str) -> Outcome<Scenario> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name).with_extension("toml");
    Ok(load(&path, &[])?)
}

/// Seconds of processor that this thread has had; wall time since `begun` where that is not told.
fn processor_seconds(begun: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| begun.elapsed().as_secs_f64(), |told| told * 1e-9)
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = Instant::now();
    let before = processor_seconds(begun);
    let result = work();
    (processor_seconds(begun) - before, result)
}

/// Least, median and greatest.
fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_unstable_by(f64::total_cmp);
    [values[0], values[values.len() / 2], values[values.len() - 1]]
}

/// One replication after another on one thread: RLM-1 against the same by hand, then the scenarios.
fn one_replication(options: &Options) -> Outcome<()> {
    println!(
        "One replication, one thread            ms   M events/s   times by hand [least-greatest]   records"
    );
    let each = if options.test { 1 } else { 10 };
    let hand = || {
        let figures: Vec<_> =
            (0..each).map(|seed| by_hand::replicate(&by_hand::Model::RLM_1, u64::from(seed))).collect();
        figures.iter().map(|figures| figures.events).sum::<u64>()
    };
    let (mut hand_times, mut hand_events) = (Vec::new(), 0);
    for (title, name) in [("RLM-1", RLM_1), ("quickstart", "quickstart"), ("oldham", "oldham")] {
        let scenario = scenario(name)?;
        let simulator = Simulator::new(&scenario, SEED);
        let mut workspace = simulator.workspace();
        simulator.replicate(0, &mut workspace)?;
        let (mut times, mut ratios, mut events, mut fingerprint) = (Vec::new(), Vec::new(), 0, 0);
        for _ in 0..options.pairs {
            let (time, records) = timed(|| {
                (0..each)
                    .map(|replication| simulator.replicate(replication, &mut workspace))
                    .collect::<Result<Vec<_>, _>>()
            });
            let records = records?;
            let (hand_time, by_hand) = timed(hand);
            ratios.push(time / hand_time);
            times.push(time / f64::from(each));
            hand_times.push(hand_time / f64::from(each));
            hand_events = by_hand / u64::from(each);
            events = records.iter().map(|record| record.events).sum::<u64>() / u64::from(each);
            fingerprint = records.iter().fold(0, mark);
        }
        let [least, ratio, most] = spread(ratios);
        let [_, time, _] = spread(times);
        let rate = events as f64 / time / 1e6;
        let ratio = if name == RLM_1 { format!("{ratio:.2} [{least:.2}-{most:.2}]") } else { String::new() };
        println!("{title:34} {:>7.2} {rate:>12.2}   {ratio:<31} {fingerprint:016x}", time * 1e3);
    }
    let [_, time, _] = spread(hand_times);
    let rate = hand_events as f64 / time / 1e6;
    println!("{:34} {:>7.2} {rate:>12.2}   1\n", "RLM-1 by hand", time * 1e3);
    Ok(())
}

/// A mark of all bits of a record (FNV-1a): equal for equal results on any machine.
fn mark(so_far: u64, record: &ReplicationRecord) -> u64 {
    let weekly = record.weekly.iter().map(|value| u64::from(value.to_bits()));
    let figures = record.horizon.iter().chain(&record.achieved).map(|value| value.to_bits());
    let mix = |hash: u64, bits: u64| (hash ^ bits).wrapping_mul(0x0000_0100_0000_01b3);
    weekly.chain(figures).fold(so_far ^ 0xcbf2_9ce4_8422_2325, mix)
}

fn run(simulator: &Simulator<'_>, replications: u32, threads: Option<usize>) -> Outcome<Tally> {
    let threads = threads.and_then(NonZeroUsize::new);
    let plan = Plan::new(RunLength::Fixed(replications), None)?.on_threads(threads);
    let stop = AtomicBool::new(false);
    let watch = Watch { stop: &stop, progress: &|_, _| {} };
    Ok(collect(simulator, &plan, None, &watch)?.tally)
}

/// Whole experiments on one and on two threads, wall time.
fn threads(options: &Options) -> Outcome<()> {
    println!("Whole experiments, wall time    1 thread   2 threads   times as fast [least-greatest]");
    for (title, name, replications) in [("RLM-1", RLM_1, 64), ("oldham", "oldham", 128)] {
        let replications = if options.test { 2 } else { replications };
        let scenario = scenario(name)?;
        let simulator = Simulator::new(&scenario, SEED);
        let (mut ones, mut twos, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..options.pairs {
            let seconds = |threads| -> Outcome<(f64, Tally)> {
                let begun = Instant::now();
                let tally = run(&simulator, replications, Some(threads))?;
                Ok((begun.elapsed().as_secs_f64(), tally))
            };
            let (one, tally_of_one) = seconds(1)?;
            let (two, tally_of_two) = seconds(2)?;
            let shares: Vec<f64> = vec![0.5; simulator.layout().judged.len()];
            let said = |tally: &Tally| format!("{:?}", tally.summarise(&shares));
            assert_eq!(said(&tally_of_one), said(&tally_of_two), "results depend on the number of threads");
            ratios.push(one / two);
            ones.push(one);
            twos.push(two);
        }
        let ([_, one, _], [_, two, _], [least, ratio, most]) = (spread(ones), spread(twos), spread(ratios));
        let title = format!("{title}, {replications} replications");
        println!("{title:30} {one:>7.2} s   {two:>7.2} s   {ratio:.2} [{least:.2}-{most:.2}]");
    }
    println!();
    Ok(())
}

/// The summary's cost for each weekly figure of each replication.
fn fold(options: &Options) -> Outcome<()> {
    let scenario = scenario("oldham")?;
    let simulator = Simulator::new(&scenario, SEED);
    let mut workspace = simulator.workspace();
    let count = if options.test { 2 } else { 64 };
    let records = (0..count)
        .map(|number| simulator.replicate(number, &mut workspace))
        .collect::<Result<Vec<_>, _>>()?;
    let values: usize = records.iter().map(|record| record.weekly.len()).sum();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let mut times = Vec::new();
    for _ in 0..options.pairs {
        let mut tally = Tally::new(simulator.layout(), 0);
        // On the pool's only thread, so that its processor time is all there is.
        let (time, folded) = pool.install(|| timed(|| tally.fold(&records)));
        folded?;
        times.push(time);
    }
    let [_, time, _] = spread(times);
    let each = values / records.len();
    println!(
        "Summary of oldham: {:.1} ns for each weekly figure, {each} figures a replication, {:.2} ms\n",
        time * 1e9 / values as f64,
        time * 1e3 / f64::from(count)
    );
    Ok(())
}

/// Peak memory and wall time of whole experiments on all cores, each in a process of its own.
fn memory(options: &Options) -> Outcome<()> {
    println!("oldham, all cores, no files         wall    peak memory   replications' own figures");
    let lengths = if options.test { [1, 2] } else { [100, 1000] };
    for replications in lengths {
        let told =
            Command::new(std::env::current_exe()?).args(["--peak-of", &replications.to_string()]).output()?;
        if !told.status.success() {
            return Err(String::from_utf8_lossy(&told.stderr).into_owned().into());
        }
        print!("{}", String::from_utf8_lossy(&told.stdout));
    }
    Ok(())
}

fn peak_of(replications: u32) -> Outcome<()> {
    let scenario = scenario("oldham")?;
    let simulator = Simulator::new(&scenario, SEED);
    let begun = Instant::now();
    let tally = run(&simulator, replications, None)?;
    let wall = begun.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(str::trim).unwrap_or("not told");
    let layout = simulator.layout();
    let table = (layout.series.len() + layout.judged.len()) * 8 * tally.replications() as usize;
    println!(
        "{replications:>5} replications {wall:>17.2} s   {peak:>12}   {:>8.1} MiB",
        table as f64 / 1048576.0
    );
    Ok(())
}
