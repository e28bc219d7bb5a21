//! Caseload teams: allocation, waiting lists, and the worker's share of hours.

use std::collections::VecDeque;

use super::engine::Run;
use super::events::{Event, EventKind};
use super::family::{NOBODY, Status};
use super::terms::ReviewTerms;
use super::worker::{Case, HANDOVER};
use super::workforce;

/// A unit's waiting list, and which of all workers are its own.
#[derive(Clone, Debug, Default)]
pub(super) struct UnitQueue {
    /// Waiting families with their generation, by priority, each first come, first served. A family
    /// that has gone stays until its turn comes, and is then passed over.
    pub queues: Vec<VecDeque<(u32, u32)>>,
    /// Families that still wait.
    pub waiting: usize,
    /// Workers with room.
    pub with_room: usize,
    /// The unit's workers: a range of the list of all.
    pub workers: std::ops::Range<usize>,
}

/// Days over which the hours of handing over fall due.
const HANDOVER_DAYS: f64 = 7.0;

impl Run<'_, '_> {
    /// Empties every unit's waiting list and puts its workers in place.
    pub(super) fn set_up_units(&mut self) {
        let posts = self.posts;
        workforce::fill_posts(posts, self.frame, self.terms, &mut self.state.workers);
        self.state.rooms.clear();
        self.state.rooms.resize(posts.len(), 0.0);
        let units = &self.frame.scenario.units;
        self.state.units.resize_with(units.len(), UnitQueue::default);
        let mut next = 0;
        for (unit, queue) in self.state.units.iter_mut().enumerate() {
            let count = posts.iter().filter(|post| post.unit == unit).count();
            queue.workers = next..next + count;
            next += count;
            (queue.waiting, queue.with_room) = (0, 0);
            queue.queues.iter_mut().for_each(VecDeque::clear);
            queue.queues.resize_with(self.frame.priorities, VecDeque::new);
        }
    }

    /// A week begins: each worker's supply may change.
    pub(super) fn begin_week(&mut self, week: usize, now: f64) {
        let units = &self.frame.scenario.units;
        let first = week == 0;
        let left = self.state.recorder.left(now);
        for (index, post) in self.posts.iter().enumerate() {
            let supply = workforce::supply(post, &self.terms.teams[units[post.unit].team], week);
            let worker = &mut self.state.workers[index];
            if !first && (worker.limit, worker.supply) == (supply.limit, supply.hours) {
                continue;
            }
            let capacity = &mut self.state.recorder.capacity[post.unit];
            capacity.available.add(supply.hours - worker.supply, left);
            if first {
                capacity.fte.add(post.fte, left);
                capacity.workers.add(1.0, left);
            }
            (worker.limit, worker.supply) = (supply.limit, supply.hours);
            self.refresh(index, now);
        }
        if !first {
            (0..units.len()).for_each(|unit| self.allocate_waiting(unit, now));
        }
    }

    /// A family joins the queue of a unit, or goes straight to a worker with room.
    pub(super) fn join_unit(&mut self, family: usize, unit: usize, now: f64) {
        if self.state.units[unit].waiting == 0
            && let Some(worker) = self.roomiest(unit)
        {
            self.allocate(family, worker, now);
            return;
        }
        let member = &self.state.families[family];
        let rank = self.frame.priority_rank[usize::from(member.stage)];
        let place = (family as u32, member.generation);
        let queue = &mut self.state.units[unit];
        queue.queues[rank].push_back(place);
        queue.waiting += 1;
    }

    /// Gives waiting families to workers while there is room.
    pub(super) fn allocate_waiting(&mut self, unit: usize, now: f64) {
        while self.state.units[unit].waiting > 0
            && let Some(worker) = self.roomiest(unit)
            && let Some(family) = self.next_waiting(unit)
        {
            self.allocate(family, worker, now);
        }
    }

    /// A worker has let something go: those waiting may come, to them or to another.
    pub(super) fn free_room(&mut self, worker: usize, now: f64) {
        self.note_room(worker);
        let unit = self.state.workers[worker].unit as usize;
        let queue = &self.state.units[unit];
        // Mostly the unit was full, and the worker is the only one with room.
        if queue.waiting > 0
            && queue.with_room == 1
            && self.state.rooms[worker] > 0.0
            && let Some(family) = self.next_waiting(unit)
        {
            self.allocate(family, worker, now);
            if self.state.units[unit].with_room == 0 {
                return;
            }
        }
        self.allocate_waiting(unit, now);
        self.refresh(worker, now);
    }

    /// Takes the first family that still waits off a unit's list.
    fn next_waiting(&mut self, unit: usize) -> Option<usize> {
        let families = &self.state.families;
        let queue = &mut self.state.units[unit];
        for places in &mut queue.queues {
            while let Some((family, generation)) = places.pop_front() {
                if families[family as usize].generation == generation {
                    queue.waiting -= 1;
                    return Some(family as usize);
                }
            }
        }
        None
    }

    /// The worker with the most room relative to their limit; `None` when nobody has any.
    #[inline]
    pub(super) fn roomiest(&self, unit: usize) -> Option<usize> {
        if self.state.units[unit].with_room == 0 {
            return None;
        }
        let range = self.state.units[unit].workers.clone();
        let first = range.start;
        let rooms = &self.state.rooms[range];
        // The value first, without its place: this loop the compiler turns into vector maxima.
        let most = rooms.iter().fold(0.0, |most, &room| if room > most { room } else { most });
        rooms.iter().position(|&room| room == most).map(|place| first + place)
    }

    /// Notes how much room a worker has now.
    #[inline]
    pub(super) fn note_room(&mut self, worker: usize) {
        let (room, unit) = (self.state.workers[worker].room(), self.state.workers[worker].unit as usize);
        let had = std::mem::replace(&mut self.state.rooms[worker], room) > 0.0;
        let queue = &mut self.state.units[unit];
        queue.with_room = queue.with_room + usize::from(room > 0.0) - usize::from(had);
    }

    /// A worker takes a family on.
    pub(super) fn allocate(&mut self, family: usize, worker: usize, now: f64) {
        let stage = usize::from(self.state.families[family].stage);
        let transferred = std::mem::take(&mut self.state.families[family].transferred);
        self.hold(family, worker, now);
        if transferred {
            self.add_handover(worker, self.terms.stages[stage].handover_hours, now);
        }
        self.start_work(family, now);
        self.refresh(worker, now);
    }

    /// Puts a family's case with a worker, without telling the hours yet.
    pub(super) fn hold(&mut self, family: usize, worker: usize, now: f64) {
        let terms = self.terms;
        let member = &mut self.state.families[family];
        let stage = &terms.stages[usize::from(member.stage)];
        let effort = terms.effort[usize::from(member.area)];
        let case = Case {
            family: family as u32,
            hours: stage.hours_of(member.children, member.natural) * effort,
            points: stage.points_of(member.children),
            since: now,
        };
        let changed = member.worker != NOBODY && member.worker != worker as u32;
        member.worker = worker as u32;
        let (area, stage_index, children) =
            (usize::from(member.area), usize::from(member.stage), member.children);
        self.state.workers[worker].take(now, member.natural, stage.urgent, case);
        if changed {
            self.state.recorder.flow(area, stage_index).week.changes_of_worker += f64::from(children);
        }
    }

    /// Hours of handing over, due within a week.
    pub(super) fn add_handover(&mut self, worker: usize, hours: f64, now: f64) {
        if hours > 0.0 {
            let case = Case { family: HANDOVER, hours: hours * 7.0 / HANDOVER_DAYS, points: 0.0, since: now };
            self.state.workers[worker].take(now, HANDOVER_DAYS, false, case);
        }
    }

    /// A worker's holdings have changed: shares their hours anew, tallies them, plans the next end.
    pub(super) fn refresh(&mut self, worker: usize, now: f64) {
        self.note_room(worker);
        let person = &mut self.state.workers[worker];
        let (needed, short) = person.share_hours(now);
        let over = f64::from(u8::from(person.points > person.limit));
        let tallied = (needed, short, over);
        if tallied != person.tallied {
            let left = self.state.recorder.left(now);
            let capacity = &mut self.state.recorder.capacity[person.unit as usize];
            capacity.needed.add(needed - person.tallied.0, left);
            capacity.short.add(short - person.tallied.1, left);
            capacity.over_limit.add(over - person.tallied.2, left);
            person.tallied = tallied;
        }
        let due = person.next_end();
        if due != person.scheduled {
            person.scheduled = due;
            person.generation = person.generation.wrapping_add(1);
            if due < f64::INFINITY {
                // Rounding may put the end of a case a hair before the present.
                let event = Event::new(due.max(now), EventKind::WorkerDone, worker as u32, person.generation);
                self.state.events.push(event);
            }
        }
    }

    /// A worker's next case has reached its natural duration.
    pub(super) fn worker_done(&mut self, event: Event) {
        let (worker, now) = (event.subject(), event.time);
        let person = &mut self.state.workers[worker];
        if !event.is_current(person.generation) {
            return;
        }
        person.scheduled = f64::INFINITY;
        let Some((case, index, urgent)) = person.next_case() else {
            return;
        };
        if case.family == HANDOVER {
            let case = person.finish(index, urgent);
            self.note_hours(worker, &case, now);
            self.refresh(worker, now);
            return;
        }
        let family = case.family as usize;
        if let Some(review) = self.next_review(family, now) {
            self.state.workers[worker].hold_open(index, urgent);
            let generation = self.state.families[family].generation;
            self.state.events.push(Event::new(review, EventKind::Review, case.family, generation));
            self.refresh(worker, now);
        } else {
            self.complete(family, now);
        }
    }

    /// The review at which a family that is ready leaves; `None` when it leaves at once.
    fn next_review(&self, family: usize, now: f64) -> Option<f64> {
        let member = &self.state.families[family];
        let review = self.terms.stages[usize::from(member.stage)].review.as_ref()?;
        if self.exits_early(family, review) {
            return None;
        }
        Some((member.started + review.at_or_after(now - member.started)).max(now))
    }

    /// Whether a family is one of those who leave when ready, reviews or not.
    pub(super) fn exits_early(&self, family: usize, review: &ReviewTerms) -> bool {
        self.visit_key(family).named("early exit").uniform() < review.early_share
    }

    /// Notes how long the families now waiting have waited.
    pub(super) fn note_team_queues(&mut self, now: f64) {
        let state = &mut *self.state;
        for (unit, queue) in state.units.iter().enumerate() {
            let team = self.frame.scenario.units[unit].team;
            for &(family, generation) in queue.queues.iter().flatten() {
                let member = &state.families[family as usize];
                if member.generation == generation && member.status == Status::Waiting {
                    state.recorder.waits(usize::from(member.area), team).note_longest(now - member.entered);
                }
            }
        }
    }
}
