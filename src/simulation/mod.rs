//! One replication, from a [`Scenario`] to a [`ReplicationRecord`].
//!
//! Consumes a valid scenario and a seed; produces records. No file, clock, printing or thread is
//! used here. The parts, in the order in which a family meets them:
//!
//! * `frame` – what is the same in every replication; `terms` – the plain numbers of one draw;
//!   `timetable` – which of them interventions change, and when;
//! * `demand` – families make contact; `initial` – families open at the start;
//! * `pathway` – joining stages, leaving them, closing, coming back; `clocks` – time limits on the way;
//! * `desk` – one task at a time, partner checks; `casework` and `worker` – caseload teams;
//!   `posts`, `workforce`, `absence` – who is at work; `week` – what a new week changes;
//! * `events`, `family` – the event list and the families; `engine` – the loop;
//! * `costs`, `ledger`, `charging` – what people and programmes cost, and who pays;
//! * `chronicle` – what happened to each family, where somebody asks;
//! * `tally`, `recorder`, `measures`, `record` – what is counted, and what it is called; `published` –
//!   what stands for published figures; `audit` – the conservation laws that every replication must keep.

mod absence;
mod audit;
mod casework;
mod charging;
mod chronicle;
mod clocks;
mod costs;
mod demand;
mod desk;
mod duration;
mod engine;
mod events;
mod family;
mod frame;
mod initial;
mod ledger;
mod measures;
mod pathway;
mod posts;
mod published;
mod record;
mod recorder;
mod tally;
mod terms;
mod timetable;
mod week;
mod worker;
mod workforce;

pub use chronicle::{Chronicle, Story, Visit};
pub use record::*;
pub use terms::children_shares;

use crate::random::StreamKey;
use crate::scenario::{Draw, Scenario};

/// Runs replications of one scenario. Shared by all threads.
pub struct Simulator<'s> {
    frame: frame::Frame<'s>,
    layout: Layout,
    judged: Vec<(Judged, Option<usize>)>,
    published: Vec<published::Reading>,
    seed: u64,
}

/// Buffers that one thread reuses from replication to replication.
#[derive(Default)]
pub struct Workspace {
    state: engine::State,
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

impl<'s> Simulator<'s> {
    /// Prepares a scenario under a master seed.
    pub fn new(scenario: &'s Scenario, seed: u64) -> Self {
        let frame = frame::Frame::new(scenario);
        let layout = recorder::Recorder::layout(&frame);
        let judged = measures::judged_rows(scenario, &layout);
        let published = published::Reading::all(scenario, &layout);
        Self { frame, layout, judged, published, seed }
    }

    /// The shape of every record.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Empty buffers for one thread.
    pub fn workspace(&self) -> Workspace {
        Workspace::default()
    }

    /// What replication number `replication` believes: its draw of the uncertain parameters.
    pub fn draw(&self, replication: u32) -> Draw {
        self.frame.scenario.draw(self.key(replication))
    }

    /// Runs one replication. The result depends on the scenario, the seed and `replication` alone.
    ///
    /// # Errors
    /// If a conservation law does not hold: a defect of the engine, never of the scenario.
    pub fn replicate(
        &self,
        replication: u32,
        workspace: &mut Workspace,
    ) -> Result<ReplicationRecord, Broken> {
        self.replicate_with(replication, &self.draw(replication), workspace)
    }

    /// Runs one replication's events under a draw of the caller's.
    ///
    /// # Errors
    /// As [`Simulator::replicate`].
    pub fn replicate_with(
        &self,
        replication: u32,
        draw: &Draw,
        workspace: &mut Workspace,
    ) -> Result<ReplicationRecord, Broken> {
        let mut record = ReplicationRecord {
            replication,
            weekly: ndarray::Array2::from_elem((self.layout.series.len(), self.layout.weeks), f32::NAN),
            horizon: Vec::with_capacity(self.layout.series.len()),
            achieved: Vec::new(),
            costs: Vec::new(),
            published: Vec::new(),
            events: 0,
        };
        let key = self.key(replication);
        engine::replicate(&self.frame, &self.judged, draw, key, &mut workspace.state, &mut record)
            .map_err(|law| Broken { replication, law })?;
        let scenario = self.frame.scenario;
        record.published = self
            .published
            .iter()
            .zip(&scenario.published)
            .map(|(reading, published)| reading.figure(published, &self.layout, &record, scenario, draw))
            .collect();
        Ok(record)
    }

    /// As [`Simulator::replicate_with`], and tells what happened to each family.
    ///
    /// # Errors
    /// As [`Simulator::replicate`].
    pub fn chronicle(
        &self,
        replication: u32,
        draw: &Draw,
        workspace: &mut Workspace,
    ) -> Result<(ReplicationRecord, Chronicle), Broken> {
        workspace.state.chronicle = Some(Box::default());
        let record = self.replicate_with(replication, draw, workspace);
        let chronicle = workspace.state.chronicle.take().unwrap_or_default();
        Ok((record?, *chronicle))
    }

    fn key(&self, replication: u32) -> StreamKey {
        StreamKey::master(self.seed).child(u64::from(replication))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half the families go on to `last` and are in time; the others go where the clock cannot stop.
    /// They are in nobody's way: every family that was due was on time.
    #[test]
    fn a_clock_that_can_no_longer_stop_makes_nobody_late() {
        let text = r#"
            name = "clocks"
            start = 2024-01-01
            warm_up_weeks = 0
            horizon_weeks = 52
            [areas.town]
            families_per_year = { any = 500 }
            [sources.any]
            entry = "first"
            [stages.first]
            duration = 20
            next = { last = 0.5, long = 0.5 }
            [stages.last]
            duration = 10
            next = { out = 1 }
            [stages.long]
            duration = 300
            next = { out = 1 }
            [ends.out]
            [clocks.both]
            starts = "enter:first"
            stops = "leave:last"
            days = 35
            [standards.both]
            clock = "both"
            required_share = 0.9
        "#;
        let achieved = |text: &str| {
            let scenario = crate::scenario::load_text("clocks.toml", text).expect("valid");
            let simulator = Simulator::new(&scenario, 1);
            simulator.replicate(0, &mut simulator.workspace()).expect("laws hold").achieved[0]
        };
        assert_eq!(achieved(text), 1.0);
        assert_eq!(achieved(&text.replace("days = 35", "days = 29")), 0.0, "the clock is looked at");
    }
}
