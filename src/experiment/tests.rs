use std::num::NonZeroUsize;

use proptest::prelude::*;

use super::*;

fn plan(replications: u32, threads: usize, window: u32) -> Plan {
    let mut plan = Plan::new(RunLength::Fixed(replications), None)
        .expect("a valid length")
        .on_threads(NonZeroUsize::new(threads));
    plan.window = window;
    plan
}

/// A replication that is its own number.
fn number(replication: u32, _: &mut ()) -> Result<u32, Broken> {
    Ok(replication)
}

fn broken(replication: u32) -> Broken {
    Broken { replication, law: format!("law {replication}") }
}

#[test]
fn the_sink_sees_every_replication_in_order_in_windows() {
    for threads in 1..=3 {
        let stop = AtomicBool::new(false);
        let watch = Watch { stop: &stop, progress: &|_, _| {} };
        let mut windows: Vec<Vec<u32>> = Vec::new();
        let completed = run_with(
            &plan(150, threads, 64),
            &watch,
            || (),
            number,
            |records| {
                windows.push(records.to_vec());
                ControlFlow::<()>::Continue(())
            },
        )
        .expect("no replication is broken");
        assert_eq!(completed.replications, 150);
        assert_eq!(completed.end, End::Finished);
        assert_eq!(windows.iter().map(Vec::len).collect::<Vec<_>>(), [64, 64, 22]);
        assert_eq!(windows.concat(), (0..150).collect::<Vec<_>>());
    }
}

#[test]
fn a_shard_does_its_own_block() {
    let shard = "2/3".parse().expect("a shard");
    let plan = Plan::new(RunLength::Fixed(10), Some(shard)).expect("a plan");
    let stop = AtomicBool::new(false);
    let watch = Watch { stop: &stop, progress: &|_, _| {} };
    let mut seen = Vec::new();
    run_with(
        &plan,
        &watch,
        || (),
        number,
        |records| {
            seen.extend_from_slice(records);
            ControlFlow::<()>::Continue(())
        },
    )
    .expect("no replication is broken");
    // 10 × 1/3 = 3 and 10 × 2/3 = 6, rounded down.
    assert_eq!(seen, [3, 4, 5]);
    assert_eq!(plan.total(), 10);
}

#[test]
fn the_sink_stops_the_run_with_its_reason() {
    let stop = AtomicBool::new(false);
    let watch = Watch { stop: &stop, progress: &|_, _| {} };
    let completed = run_with(
        &plan(1_000, 2, 10),
        &watch,
        || (),
        number,
        |records| {
            if records.contains(&25) { ControlFlow::Break("precise") } else { ControlFlow::Continue(()) }
        },
    )
    .expect("no replication is broken");
    assert_eq!(completed.replications, 30);
    assert_eq!(completed.end, End::Stopped("precise"));
}

#[test]
fn an_interrupt_keeps_the_replications_before_the_first_gap() {
    for threads in 1..=3 {
        let stop = AtomicBool::new(false);
        let watch = Watch { stop: &stop, progress: &|_, _| {} };
        let mut seen = Vec::new();
        let completed = run_with(
            &plan(1_000, threads, 16),
            &watch,
            || (),
            |replication, _: &mut ()| {
                if replication == 37 {
                    stop.store(true, Ordering::Relaxed);
                }
                Ok(replication)
            },
            |records: &[u32]| {
                seen.extend_from_slice(records);
                ControlFlow::<()>::Continue(())
            },
        )
        .expect("no replication is broken");
        assert_eq!(completed.end, End::Interrupted);
        assert_eq!(seen, (0..completed.replications).collect::<Vec<_>>());
        // Two windows were whole; the third, which set the flag, may be cut anywhere.
        assert!((32..48).contains(&completed.replications), "{completed:?}");
    }
}

#[test]
fn a_stop_before_the_start_hands_on_nothing() {
    let stop = AtomicBool::new(true);
    let watch = Watch { stop: &stop, progress: &|_, _| {} };
    let completed = run_with(&plan(5, 1, 4), &watch, || (), number, |_| ControlFlow::Break(()))
        .expect("no replication is broken");
    assert_eq!(completed, Completed { replications: 0, end: End::Interrupted });
}

#[test]
fn broken_replications_are_told_together_in_order_and_the_first_four_shown() {
    let stop = AtomicBool::new(false);
    let watch = Watch { stop: &stop, progress: &|_, _| {} };
    let mut handed_on = 0;
    let error = run_with(
        &plan(40, 2, 20),
        &watch,
        || (),
        |replication, _: &mut ()| match replication {
            21..=26 => Err(broken(replication)),
            _ => Ok(replication),
        },
        |records: &[u32]| {
            handed_on += records.len();
            ControlFlow::<()>::Continue(())
        },
    )
    .expect_err("six replications are broken");
    assert_eq!(handed_on, 20);
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 5, "{text}");
    for (line, replication) in lines.iter().zip(21..=24) {
        assert!(line.starts_with(&format!("replication {replication} broke")), "{line}");
    }
    assert_eq!(lines[4], "and 2 more replications");
}

#[test]
fn progress_counts_to_the_total_and_workspaces_are_reused() {
    let stop = AtomicBool::new(false);
    let greatest = AtomicU32::new(0);
    let made = AtomicU32::new(0);
    let watch = Watch {
        stop: &stop,
        progress: &|done, total| {
            assert_eq!(total, 90);
            greatest.fetch_max(done, Ordering::Relaxed);
        },
    };
    run_with(
        &plan(90, 2, 16),
        &watch,
        || made.fetch_add(1, Ordering::Relaxed),
        |replication, _: &mut u32| Ok(replication),
        |_: &[u32]| ControlFlow::<()>::Continue(()),
    )
    .expect("no replication is broken");
    assert_eq!(greatest.into_inner(), 90);
    assert!(made.into_inner() <= 2);
}

#[test]
fn impossible_plans_are_refused_with_the_remedy() {
    let refused = |length, shard: Option<&str>| {
        let shard = shard.map(str::parse).transpose();
        shard.and_then(|shard| Plan::new(length, shard)).expect_err("an impossible plan").to_string()
    };
    assert!(refused(RunLength::Fixed(0), None).contains("from 1 to 1000000"));
    assert!(refused(RunLength::Fixed(MOST_REPLICATIONS + 1), None).contains("from 1 to 1000000"));
    assert!(refused(RunLength::Fixed(10), Some("3of4")).contains("write I/N"));
    assert!(refused(RunLength::Fixed(10), Some("0/4")).contains("counted from 1 to 4"));
    assert!(refused(RunLength::Fixed(10), Some("5/4")).contains("counted from 1 to 4"));
    assert!(refused(RunLength::Fixed(10), Some("-1/4")).contains("write I/N"));
    assert!(refused(RunLength::Fixed(10), Some("1/11")).contains("at most 10 shards"));
    assert!(refused(RunLength::Precision(0.02), Some("1/4")).contains("--replications"));
    for precision in [0.0, -0.1, f64::NAN, f64::INFINITY] {
        assert!(refused(RunLength::Precision(precision), None).contains("over 0"));
    }
}

proptest! {
    #[test]
    fn shards_cover_every_replication_once(replications in 1_u32..100_000, share in 0.0..1.0_f64) {
        let of = 1 + (f64::from(replications - 1) * share) as u32 % 500;
        let mut next = 0;
        for index in 1..=of.min(replications) {
            let (first, end) = Shard::new(index, of).unwrap().block(replications).unwrap();
            prop_assert_eq!(first, next);
            prop_assert!(end > first);
            prop_assert!((end - first).abs_diff(replications / of) <= 1);
            next = end;
        }
        prop_assert_eq!(next, replications);
    }
}
