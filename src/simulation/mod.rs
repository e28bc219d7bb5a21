//! One replication, from a [`Scenario`] to a [`ReplicationRecord`].
mod record;
pub use record::*;

use crate::scenario::Scenario;

/// Runs replications of one scenario. Shared by all threads.
pub struct Simulator<'s> {
    scenario: &'s Scenario,
    layout: Layout,
    seed: u64,
}

/// Buffers that one thread reuses from replication to replication.
#[derive(Default)]
pub struct Workspace {}

impl<'s> Simulator<'s> {
    /// Prepares a scenario under a master seed.
    pub fn new(scenario: &'s Scenario, seed: u64) -> Self {
        Self {
            scenario,
            seed,
            layout: Layout {
                series: Vec::new(),
                weeks: scenario.horizon_weeks as usize,
                judged: Vec::new(),
            },
        }
    }
    /// The shape of every record.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }
    /// Empty buffers for one thread.
    pub fn workspace(&self) -> Workspace {
        Workspace::default()
    }
    /// Runs one replication. The result depends on the scenario, the seed and `replication` alone.
    ///
    /// # Errors
    /// If a conservation law does not hold: a defect of the engine, never of the scenario.
    pub fn replicate(
        &self,
        replication: u32,
        _workspace: &mut Workspace,
    ) -> Result<ReplicationRecord, Broken> {
        let _ = (self.scenario, self.seed);
        Ok(ReplicationRecord {
            replication,
            weekly: ndarray::Array2::zeros((self.layout.series.len(), self.layout.weeks)),
            horizon: vec![0.0; self.layout.series.len()],
            achieved: vec![f64::NAN; self.layout.judged.len()],
            events: 0,
        })
    }
}

/// A law that a replication broke: a defect in the engine.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "replication {replication} broke a conservation law: {law} (this is a defect in caseflow; please report it)"
)]
pub struct Broken {
    /// Which replication.
    pub replication: u32,
    /// What did not balance.
    pub law: String,
}
