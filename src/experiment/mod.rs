//! Replications in parallel, handed on in order.
//!
//! **Consumes** something that makes replication number `r` (normally a [`Simulator`]) and a
//! [`Plan`]: which replications, on how many threads. **Produces** windows of records, each window
//! in order of replication, for a sink that folds them (see [`crate::summary`]).
//!
//! **Invariants.**
//! * The sink sees replications in order, each exactly once, with no gap, whatever the threads.
//! * Windows have a fixed size, so a sink that decides when to stop decides at the same
//!   replications on every machine.
//! * Nothing is kept here: memory is one window of records and one workspace for each thread.
//! * After an interrupt the sink has seen the replications up to the first one not done.

mod plan;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

pub use plan::{
    LEAST_FOR_PRECISION, MOST_FOR_PRECISION, MOST_REPLICATIONS, Plan, PlanError, RunLength, Shard, WINDOW,
};

use crate::simulation::{Broken, ReplicationRecord, Simulator, Workspace};

/// How many broken replications an error shows in full.
const BROKEN_SHOWN: usize = 4;

/// How the outside world watches an experiment and stops it.
pub struct Watch<'w> {
    /// Set it (from a Ctrl-C handler) to stop before the next replication.
    pub stop: &'w AtomicBool,
    /// Told after each replication how many are done, and how many there will be at most. Called
    /// from any thread, so the counts may arrive slightly out of order.
    pub progress: &'w (dyn Fn(u32, u32) + Sync),
}

/// What came of an experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completed<B> {
    /// Replications handed to the sink.
    pub replications: u32,
    /// Why there were no more.
    pub end: End<B>,
}

/// Why an experiment ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End<B> {
    /// Every planned replication was done.
    Finished,
    /// The sink had enough (or failed), and says why.
    Stopped(B),
    /// [`Watch::stop`] was set.
    Interrupted,
}

/// An experiment that could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// The engine broke its own laws: a defect of caseflow.
    #[error("{}", describe_broken(.0))]
    Broken(Vec<Broken>),
    /// The threads could not be started.
    #[error("could not start the threads that simulate: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// Runs a scenario's replications. See [`run_with`].
///
/// # Errors
/// If threads cannot start, or a replication breaks a conservation law.
pub fn run<B: Send>(
    simulator: &Simulator<'_>,
    plan: &Plan,
    watch: &Watch<'_>,
    sink: impl FnMut(&[ReplicationRecord]) -> ControlFlow<B> + Send,
) -> Result<Completed<B>, ExperimentError> {
    run_with(
        plan,
        watch,
        || simulator.workspace(),
        |replication, workspace: &mut Workspace| simulator.replicate(replication, workspace),
        sink,
    )
}

/// Runs `replicate` for every replication of `plan` and hands the records to `sink`, window by
/// window and in order. The sink runs inside the experiment's threads: what it does with rayon
/// keeps to the number of threads asked for.
///
/// `replicate` must depend on its number alone: which thread's workspace it gets is chance.
///
/// # Errors
/// If threads cannot start, or replications are broken: then all of that window's broken ones are
/// reported together, in order, and the window does not reach the sink.
pub fn run_with<W: Send, R: Send, B: Send>(
    plan: &Plan,
    watch: &Watch<'_>,
    workspace: impl Fn() -> W + Sync,
    replicate: impl Fn(u32, &mut W) -> Result<R, Broken> + Sync,
    mut sink: impl FnMut(&[R]) -> ControlFlow<B> + Send,
) -> Result<Completed<B>, ExperimentError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(plan.threads.map_or(0, usize::from)).build()?;
    let crew = Crew {
        workspace,
        replicate,
        idle: Mutex::new(Vec::new()),
        done: AtomicU32::new(0),
        planned: plan.len(),
    };
    pool.install(|| {
        let mut handed_on = 0;
        let mut next = plan.first;
        while next < plan.end {
            let until = next.saturating_add(plan.window.max(1)).min(plan.end);
            let (records, interrupted) = crew.window(next, until, watch)?;
            handed_on += records.len() as u32;
            // An interrupted first replication leaves nothing to hand on.
            let enough = if records.is_empty() { ControlFlow::Continue(()) } else { sink(&records) };
            let end = match (enough, interrupted) {
                (ControlFlow::Break(reason), _) => End::Stopped(reason),
                (ControlFlow::Continue(()), true) => End::Interrupted,
                (ControlFlow::Continue(()), false) => {
                    next = until;
                    continue;
                }
            };
            return Ok(Completed { replications: handed_on, end });
        }
        Ok(Completed { replications: handed_on, end: End::Finished })
    })
}

/// Those who do the replications.
struct Crew<W, NewWorkspace, Replicate> {
    workspace: NewWorkspace,
    replicate: Replicate,
    /// Workspaces between two replications. A stock rather than rayon's `map_init`, which would
    /// make a new workspace for every batch it splits off; here there are as many as threads.
    idle: Mutex<Vec<W>>,
    done: AtomicU32,
    planned: u32,
}

impl<W, NewWorkspace, Replicate> Crew<W, NewWorkspace, Replicate>
where
    W: Send,
    NewWorkspace: Fn() -> W + Sync,
{
    /// Does one window. Returns its records up to the first not done, and whether one was not.
    fn window<R: Send>(
        &self,
        from: u32,
        until: u32,
        watch: &Watch<'_>,
    ) -> Result<(Vec<R>, bool), ExperimentError>
    where
        Replicate: Fn(u32, &mut W) -> Result<R, Broken> + Sync,
    {
        // One replication is a large piece of work: threads take them one at a time.
        let outcomes: Vec<Option<Result<R, Broken>>> = (from..until)
            .into_par_iter()
            .with_max_len(1)
            .map(|replication| self.one(replication, watch))
            .collect();
        let mut records = Vec::with_capacity(outcomes.len());
        let mut broken = Vec::new();
        let mut interrupted = false;
        for outcome in outcomes {
            match outcome {
                None => interrupted = true,
                Some(Err(law)) => broken.push(law),
                Some(Ok(record)) if !interrupted => records.push(record),
                // Done, but after a gap: a partial run is the first so many replications.
                Some(Ok(_)) => {}
            }
        }
        if broken.is_empty() { Ok((records, interrupted)) } else { Err(ExperimentError::Broken(broken)) }
    }

    /// Does one replication, unless the experiment has been stopped.
    fn one<R>(&self, replication: u32, watch: &Watch<'_>) -> Option<Result<R, Broken>>
    where
        Replicate: Fn(u32, &mut W) -> Result<R, Broken> + Sync,
    {
        if watch.stop.load(Ordering::Relaxed) {
            return None;
        }
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut workspace = idle.unwrap_or_else(&self.workspace);
        let outcome = (self.replicate)(replication, &mut workspace);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        (watch.progress)(done, self.planned);
        Some(outcome)
    }
}

/// The first few broken replications, one to a line, and how many more there are.
fn describe_broken(broken: &[Broken]) -> String {
    let mut lines: Vec<String> = broken.iter().take(BROKEN_SHOWN).map(Broken::to_string).collect();
    if broken.len() > BROKEN_SHOWN {
        lines.push(format!("and {} more replications", broken.len() - BROKEN_SHOWN));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests;
