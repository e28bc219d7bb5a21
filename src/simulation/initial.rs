//! Families open at the start, where no warm-up makes the starting state.
//!
//! A case found open has the equilibrium age and remainder of its stage's natural duration
//! ([`super::duration::Sampler::sample_open`]). Where a stage also has hazards, long ages are less
//! likely by the chance of having escaped them, which is done by rejection and is exact.

use rand::RngExt;

use super::duration::pick;
use super::engine::Run;
use super::events::{Event, EventKind};
use super::family::{NOBODY, Status};
use super::terms::HolderTerms;
use crate::random::{Purpose, StreamKey};
use crate::scenario::InitialCases;

/// Puts the scenario's open cases in place at time 0.
pub(super) fn place(run: &mut Run) {
    let frame = run.frame;
    for cases in &frame.scenario.initial {
        let (area, stage) = (&frame.scenario.areas[cases.area], &frame.scenario.stages[cases.stage]);
        let key = run.key.named("area").named(&area.id).purpose(Purpose::Initial).named(&stage.id);
        for number in 0..u64::from(cases.families + cases.waiting) {
            run.place_open(cases, key.child(number), number < u64::from(cases.families));
        }
    }
    run.state.recorder.forget_events();
}

impl Run<'_, '_> {
    fn place_open(&mut self, cases: &InitialCases, key: StreamKey, held: bool) {
        let (frame, terms) = (self.frame, self.terms);
        let mut rng = key.open();
        let shares = self.demand.source_shares(cases.area, frame.scenario.sources.len());
        let source = pick(&shares, rng.random());
        let children = pick(&terms.children, rng.random()) as u8 + 1;
        let family = self.state.families.add(key, cases.area, source, children);
        self.state.audit.initial += 1;
        self.begin_visit(family, cases.stage, 0.0);
        let stage = &terms.stages[cases.stage];
        // Referred before the run: a later referral within a year is a re-referral only if the
        // referral that led here was; that is not known, and it is taken to be older.
        let left = self.state.recorder.left(0.0);
        if let HolderTerms::Team(team) = stage.holder {
            self.state.recorder.flow(cases.area, cases.stage).waiting.add(1.0, left);
            let unit = frame.unit(team, cases.area);
            if !held {
                self.plan_waiting_hazard(family, 0.0);
                self.join_waiting(family, unit);
                return;
            }
            let (age, rest) = self.open_age(cases.stage, &mut rng);
            let Some(worker) = self.least_loaded(unit) else {
                self.plan_waiting_hazard(family, 0.0);
                self.join_waiting(family, unit);
                return;
            };
            // The hours are those of the whole stage, the end is what is left of it.
            let member = &mut self.state.families[family];
            (member.natural, member.left) = (age + rest, rest);
            self.hold(family, worker, 0.0);
            self.start_work(family, 0.0);
            self.state.families[family].started = -age;
            self.refresh(worker, 0.0);
        } else {
            let (age, rest) = self.open_age(cases.stage, &mut rng);
            self.start_work(family, 0.0);
            self.state.families[family].started = -age;
            let generation = self.state.families[family].generation;
            self.state.events.push(Event::new(rest, EventKind::DelayDone, family as u32, generation));
        }
        debug_assert_eq!(self.state.families[family].status, Status::Held);
    }

    /// Age and remainder of a case found open in a stage.
    fn open_age(&self, stage: usize, rng: &mut crate::random::Stream) -> (f64, f64) {
        let terms = &self.terms.stages[stage];
        let rate: f64 = terms.hazards.iter().map(|hazard| 1.0 / hazard.mean_days).sum();
        loop {
            let (age, rest) = terms.duration.sample_open(rng);
            if rng.random::<f64>() < libm::exp(-rate * age) {
                return (age, rest);
            }
        }
    }

    /// The worker with the most room, even if none has any: an open case is somebody's.
    fn least_loaded(&self, unit: usize) -> Option<usize> {
        let range = self.state.units[unit].workers.clone();
        range.filter(|&worker| self.state.workers[worker].limit > 0.0).max_by(|&a, &b| {
            // Of equals the first, as in allocation.
            self.state.rooms[a].total_cmp(&self.state.rooms[b]).then(b.cmp(&a))
        })
    }

    fn join_waiting(&mut self, family: usize, unit: usize) {
        let member = &mut self.state.families[family];
        member.worker = NOBODY;
        let rank = self.frame.priority_rank[usize::from(member.stage)];
        let place = (family as u32, member.generation);
        let queue = &mut self.state.units[unit];
        queue.queues[rank].push_back(place);
        queue.waiting += 1;
    }
}
