//! Runs an experiment and tallies it, until it is complete, precise enough or interrupted.

use std::ops::ControlFlow;

use super::precision::PrecisionTarget;
use super::tally::{Tally, TallyError};
use crate::experiment::{self, End, ExperimentError, Plan, Watch};
use crate::simulation::{Broken, Layout, ReplicationRecord, Simulator, Workspace};

/// What a run leaves.
#[derive(Clone, Debug)]
pub struct Collected {
    /// The replications done.
    pub tally: Tally,
    /// Why there were no more.
    pub ended: HowEnded,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowEnded {
    /// All replications asked for are done.
    Complete,
    /// The wanted precision is reached.
    Precise,
    /// The most replications allowed are done and the wanted precision is not reached.
    NotPrecise,
    /// Interrupted: the tally is of the replications done by then, possibly none.
    Interrupted,
}

impl HowEnded {
    /// Whether the results are of fewer replications than were asked for.
    pub fn is_partial(self) -> bool {
        self == Self::Interrupted
    }
}

/// A run that failed.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The replications failed.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// Their records could not be added up.
    #[error(transparent)]
    Tally(#[from] TallyError),
}

/// Why the sink had enough.
enum Enough {
    Precise,
    Failed(TallyError),
}

/// Runs a scenario as planned and tallies it. With a target it stops at the end of the first window
/// at which that is met.
///
/// # Errors
/// If the experiment fails, or its records do not add up.
pub fn collect(
    simulator: &Simulator<'_>,
    plan: &Plan,
    target: Option<&PrecisionTarget>,
    watch: &Watch<'_>,
) -> Result<Collected, CollectError> {
    collect_with(
        simulator.layout(),
        plan,
        target,
        watch,
        || simulator.workspace(),
        |replication, workspace: &mut Workspace| simulator.replicate(replication, workspace),
    )
}

/// The same, with anything that makes records of this layout.
///
/// # Errors
/// If the experiment fails, or its records do not add up.
pub fn collect_with<W: Send>(
    layout: &Layout,
    plan: &Plan,
    target: Option<&PrecisionTarget>,
    watch: &Watch<'_>,
    workspace: impl Fn() -> W + Sync,
    replicate: impl Fn(u32, &mut W) -> Result<ReplicationRecord, Broken> + Sync,
) -> Result<Collected, CollectError> {
    let mut tally = Tally::new(layout, plan.first());
    let completed = experiment::run_with(plan, watch, workspace, replicate, |records| {
        if let Err(error) = tally.fold(records) {
            return ControlFlow::Break(Enough::Failed(error));
        }
        match target {
            Some(target) if target.is_met(tally.table()) => ControlFlow::Break(Enough::Precise),
            _ => ControlFlow::Continue(()),
        }
    })?;
    let ended = match completed.end {
        End::Stopped(Enough::Failed(error)) => return Err(error.into()),
        End::Stopped(Enough::Precise) => HowEnded::Precise,
        End::Interrupted => HowEnded::Interrupted,
        End::Finished if target.is_some() => HowEnded::NotPrecise,
        End::Finished => HowEnded::Complete,
    };
    Ok(Collected { tally, ended })
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::sync::atomic::AtomicBool;

    use super::super::synthetic;
    use super::*;
    use crate::experiment::{PlanError, RunLength};

    fn run(length: RunLength, threads: usize, wanted: Option<f64>) -> Result<Collected, PlanError> {
        let layout = synthetic::layout(3, 10, 1);
        let target = wanted
            .map(|wanted| PrecisionTarget::new(&layout, &["measure_1".to_owned()], wanted).expect("known"));
        let stop = AtomicBool::new(false);
        let watch = Watch { stop: &stop, progress: &|_, _| {} };
        let plan = Plan::new(length, None)?.on_threads(NonZeroUsize::new(threads));
        let collected = collect_with(
            &layout,
            &plan,
            target.as_ref(),
            &watch,
            || (),
            |replication, _: &mut ()| Ok(synthetic::record(&layout, replication)),
        );
        Ok(collected.expect("records that fit"))
    }

    #[test]
    fn a_precise_run_stops_at_the_same_replication_whatever_the_threads() {
        // The figure is uniform on (0, 10) in nine of ten replications: its half-width as a share
        // of the mean, 5, is 1.96 × (10 / √12) / √(0.9 n) / 5, which is 0.04 at n = 890.
        let runs =
            [1, 2, 3].map(|threads| run(RunLength::Precision(0.04), threads, Some(0.04)).expect("a plan"));
        for run in &runs {
            assert_eq!(run.ended, HowEnded::Precise);
            assert_eq!(run.tally.replications() % experiment::WINDOW, 0);
            assert!((640..=1_152).contains(&run.tally.replications()));
            assert_eq!(run.tally.replications(), runs[0].tally.replications());
            assert!(run.tally.summarise(&[0.5]).horizon[1].half_width() <= 0.04 * 5.3);
        }
    }

    #[test]
    fn a_run_that_ends_unprecise_says_so() {
        let collected = run(RunLength::Fixed(200), 2, Some(0.001)).expect("a plan");
        assert_eq!(collected.ended, HowEnded::NotPrecise);
        let collected = run(RunLength::Fixed(200), 2, None).expect("a plan");
        assert_eq!((collected.ended, collected.tally.replications()), (HowEnded::Complete, 200));
    }

    #[test]
    fn a_record_that_does_not_add_up_fails_the_run() {
        let layout = synthetic::layout(3, 10, 1);
        let stop = AtomicBool::new(false);
        let watch = Watch { stop: &stop, progress: &|_, _| {} };
        let plan = Plan::new(RunLength::Fixed(100), None).expect("a plan");
        let failed = collect_with(
            &layout,
            &plan,
            None,
            &watch,
            || (),
            |replication, _: &mut ()| {
                let mut record = synthetic::record(&layout, replication);
                if replication == 70 {
                    record.weekly[[2, 5]] = f32::INFINITY;
                }
                Ok(record)
            },
        );
        let text = failed.expect_err("an infinite figure").to_string();
        assert!(text.contains("series 2 in week 5") && text.contains("from 64"), "{text}");
    }
}
