//! Possible establishments, tried out.
//!
//! Consumes candidates (posts for every seat); produces the outcomes of their replications. All
//! candidates meet the same families, in the same replications (common random numbers). One joint
//! simulation tries the posts of every seat at once.
//!
//! Invariants: a replication of a candidate is simulated at most once; what a candidate's replication
//! says depends on the scenario, the seed, the candidate and the replication's number alone, so that
//! what an earlier run has kept can take its place.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::bill::Payment;
use super::outcome::{Outcome, Probe, Spot};
use super::seat::{Seat, staffed};
use crate::experiment::{End, ExperimentError, Plan, PlanError, Watch, run_with};
use crate::scenario::Scenario;
use crate::simulation::Simulator;

/// Replications between two looks at whether a decision is clear. Fixed, so that the answer does not
/// depend on the machine.
pub const LOOK: u32 = 16;

/// First replication of the first set that the search never sees; sets lie this far apart.
const SET: u32 = 1 << 20;

/// Why no answer was found.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// The simulation failed.
    #[error("{0}")]
    Experiment(#[from] ExperimentError),
    /// A number of replications that cannot be.
    #[error("{0}")]
    Plan(#[from] PlanError),
    /// Somebody stopped it.
    #[error("interrupted")]
    Interrupted,
    /// No standard depends on any posts.
    #[error(
        "no standard of this scenario depends on posts that could be sought: give it a [standards] table"
    )]
    NothingToDecide,
    /// Families that can never leave the pathway.
    #[error("{0}")]
    Endless(#[from] crate::analysis::flow::Endless),
}

/// Keeps outcomes for a later run, and gives back what an earlier one kept.
pub trait Keeper {
    /// Everything kept of a candidate, from its first replication on.
    fn recall(&mut self, candidate: &str) -> Vec<Outcome>;
    /// More of a candidate: the replications from number `first` on.
    fn keep(&mut self, candidate: &str, first: u32, outcomes: &[Outcome]);
}

/// Keeps nothing.
pub struct Forgetful;

impl Keeper for Forgetful {
    fn recall(&mut self, _: &str) -> Vec<Outcome> {
        Vec::new()
    }
    fn keep(&mut self, _: &str, _: u32, _: &[Outcome]) {}
}

/// How the work is done and watched. None of it changes the answer, but for `seed`.
pub struct Workshop<'w> {
    /// Master seed.
    pub seed: u64,
    /// Threads; as many as there are cores when `None`.
    pub threads: Option<NonZeroUsize>,
    /// Set it to stop.
    pub stop: &'w AtomicBool,
    /// Told what is being done, how many replications are done, and how many there may be.
    pub progress: &'w (dyn Fn(&str, u32, u32) + Sync),
}

/// Tries candidates out.
pub struct Evaluator<'a> {
    scenario: &'a Scenario,
    seats: &'a [Seat],
    /// What is paid for, and by whom.
    payments: &'a [Payment],
    /// Whose load is read beside the seats'.
    beside: Vec<Spot>,
    workshop: &'a Workshop<'a>,
    keeper: &'a mut dyn Keeper,
    known: BTreeMap<String, Vec<Outcome>>,
    /// Replications simulated so far.
    pub simulated: u32,
    /// What is being done, for whoever watches.
    pub doing: &'static str,
    /// Replications that may still come, for whoever watches.
    pub expected: u32,
}

impl<'a> Evaluator<'a> {
    /// Nothing tried yet.
    pub fn new(
        scenario: &'a Scenario,
        seats: &'a [Seat],
        payments: &'a [Payment],
        workshop: &'a Workshop<'a>,
        keeper: &'a mut dyn Keeper,
    ) -> Self {
        Self {
            scenario,
            seats,
            payments,
            beside: Vec::new(),
            workshop,
            keeper,
            known: BTreeMap::new(),
            simulated: 0,
            doing: "",
            expected: 0,
        }
    }

    /// Reads these loads too: they follow the seats'.
    pub fn beside(mut self, spots: Vec<Spot>) -> Self {
        self.beside = spots;
        self
    }

    /// The first `replications` of a candidate in a set: 0 is the search's own, others are fresh.
    ///
    /// # Errors
    /// If the simulation fails or is stopped.
    pub fn outcomes(&mut self, posts: &[f64], set: u32, replications: u32) -> Result<&[Outcome], Unanswered> {
        self.variant("", &|scenario| scenario, posts, set, replications, None)
    }

    /// The same of a scenario changed beyond its posts. `name` tells changes apart; `spots` says whose
    /// load is read, if not the seats'.
    ///
    /// # Errors
    /// If the simulation fails or is stopped.
    pub fn variant(
        &mut self,
        name: &str,
        change: &dyn Fn(Scenario) -> Scenario,
        posts: &[f64],
        set: u32,
        replications: u32,
        spots: Option<&[Spot]>,
    ) -> Result<&[Outcome], Unanswered> {
        let key = key(name, posts, set);
        if !self.known.contains_key(&key) {
            let kept = self.keeper.recall(&key);
            self.known.insert(key.clone(), kept);
        }
        let had = self.known.get(&key).map_or(0, Vec::len) as u32;
        if had < replications {
            let scenario = change(staffed(self.scenario, self.seats, posts));
            let usual = || {
                let seats = self.seats.iter().map(|seat| Spot::of_seat(self.scenario, seat));
                seats.chain(self.beside.iter().cloned()).collect()
            };
            let spots: Vec<Spot> = spots.map_or_else(usual, <[Spot]>::to_vec);
            let more = self.simulate(&scenario, &spots, set * SET + had, replications - had)?;
            self.keeper.keep(&key, had, &more);
            self.known.entry(key.clone()).or_default().extend(more);
        }
        let outcomes = self.known.get(&key).map_or(&[][..], Vec::as_slice);
        Ok(&outcomes[..(replications as usize).min(outcomes.len())])
    }

    fn simulate(
        &mut self,
        scenario: &Scenario,
        spots: &[Spot],
        first: u32,
        replications: u32,
    ) -> Result<Vec<Outcome>, Unanswered> {
        let simulator = Simulator::new(scenario, self.workshop.seed);
        let probe = Probe::new(scenario, simulator.layout(), spots, self.payments);
        let plan = Plan::stretch(first, replications)?.on_threads(self.workshop.threads);
        let (before, expected, done) = (self.simulated, self.expected, AtomicU32::new(0));
        let progress = |_: u32, _: u32| {
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            (self.workshop.progress)(self.doing, before + done, (before + done).max(expected));
        };
        let watch = Watch { stop: self.workshop.stop, progress: &progress };
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(replications as usize);
        let completed = run_with(
            &plan,
            &watch,
            || simulator.workspace(),
            |number, workspace| simulator.replicate(number, workspace).map(|record| probe.read(&record)),
            |window: &[Outcome]| {
                outcomes.extend_from_slice(window);
                std::ops::ControlFlow::<Infallible>::Continue(())
            },
        )?;
        self.simulated += completed.replications;
        match completed.end {
            End::Finished => Ok(outcomes),
            End::Stopped(_) | End::Interrupted => Err(Unanswered::Interrupted),
        }
    }
}

/// A name for a candidate: what was changed, the set, and the posts to the last bit.
fn key(name: &str, posts: &[f64], set: u32) -> String {
    let mut key = format!("{name}/{set}");
    for fte in posts {
        key.push_str(&format!("/{:x}", fte.to_bits()));
    }
    key
}
