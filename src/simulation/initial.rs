//! Families open at the start, where no warm-up makes the starting state.
//!
//! A case found open has the equilibrium age and remainder of its stage's natural duration
//! ([`super::duration::Sampler::sample_open`]). Where a stage also has hazards, long ages are less
//! likely by the chance of having escaped them, which is done by rejection and is exact. Where exits
//! wait for a review, the stay and not the natural duration decides how likely a case is to be found
//! open; some are then ready already, and wait for their review.

use rand::RngExt;

use super::duration::{Sampler, pick};
use super::engine::Run;
use super::events::{Event, EventKind};
use super::family::{NOBODY, Status};
use super::terms::{HolderTerms, ReviewTerms};
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
        let (frame, terms) = (self.frame, self.terms(cases.area));
        let mut rng = key.open();
        let shares = terms.rates.source_shares(cases.area, frame.scenario.sources.len());
        let source = pick(&shares, rng.random());
        let children = pick(&terms.children, rng.random()) as u8 + 1;
        let family = self.state.families.add(key, cases.area, source, children);
        self.state.audit.initial += 1;
        if let Some(chronicle) = &mut self.state.chronicle {
            chronicle.appear(family, &self.state.families[family]);
        }
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
            let Some(worker) = self.least_loaded(unit) else {
                self.plan_waiting_hazard(family, 0.0);
                self.join_waiting(family, unit);
                return;
            };
            // The hours are those of the whole stage, the end is what is left of it.
            let (natural, age) = self.open_case(family, cases.stage, &mut rng);
            let member = &mut self.state.families[family];
            (member.natural, member.left) = (natural, (natural - age).max(0.0));
            self.hold(family, worker, 0.0);
            self.start_work(family, 0.0);
            self.set_age(family, age);
            self.refresh(worker, 0.0);
        } else {
            let (natural, age) = self.open_case(family, cases.stage, &mut rng);
            self.start_work(family, 0.0);
            self.set_age(family, age);
            let generation = self.state.families[family].generation;
            let rest = (natural - age).max(0.0);
            self.state.events.push(Event::new(rest, EventKind::DelayDone, family as u32, generation));
        }
        debug_assert_eq!(self.state.families[family].status, Status::Held);
    }

    /// A case open on the first day began so many days before it.
    fn set_age(&mut self, family: usize, age: f64) {
        self.state.families[family].started = -age;
        if let Some(chronicle) = &mut self.state.chronicle {
            chronicle.backdate(family, -age);
        }
    }

    /// Natural duration and age of a case found open in a stage.
    fn open_case(&mut self, family: usize, stage: usize, rng: &mut crate::random::Stream) -> (f64, f64) {
        let terms = &self.terms_of(family).stages[stage];
        let rate: f64 = terms.hazards.iter().map(|hazard| 1.0 / hazard.mean_days).sum();
        let key = self.state.families[family].key;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let found = match &terms.review {
                None => {
                    let (age, rest) = terms.duration.sample_open(rng);
                    Some((age + rest, age))
                }
                Some(review) => {
                    let early = self.exits_early(family, review);
                    open_until_review(&terms.duration, review, early, rng)
                }
            };
            if let Some((natural, age)) = found
                && rng.random::<f64>() < libm::exp(-rate * age)
            {
                return (natural, age);
            }
            if terms.review.is_some() {
                // Whether it waits for reviews is part of what was rejected, and hangs on the key.
                self.state.families[family].key = key.child(attempt);
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

/// Tries for the natural duration and the age of a case found open, where exits wait for reviews
/// (unless it is one of those who leave `early`): stays are drawn with weight, by rejection from
/// durations drawn with the weight of the longest stay that each may become.
fn open_until_review(
    duration: &Sampler,
    review: &ReviewTerms,
    early: bool,
    rng: &mut crate::random::Stream,
) -> Option<(f64, f64)> {
    let longest_wait = review.first.max(review.then);
    let mean = duration.mean();
    let natural = if rng.random::<f64>() * (mean + longest_wait) < mean {
        let (age, rest) = duration.sample_open(rng);
        age + rest
    } else {
        duration.sample(rng)
    };
    let stay = if early { natural } else { review.at_or_after(natural) };
    let accepted = rng.random::<f64>() * (natural + longest_wait) < stay;
    accepted.then(|| (natural, stay * rng.random::<f64>()))
}
