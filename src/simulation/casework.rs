//! Caseload teams: allocation, waiting lists, and the worker's share of hours.

use std::collections::VecDeque;

use super::engine::Run;
use super::events::{Event, EventKind};
use super::family::{Families, NOBODY, Status};
use super::terms::ReviewTerms;
use super::worker::{Case, HANDOVER};
use super::workforce::{self, Supply};

/// A unit's waiting list, and which of all workers are its own.
#[derive(Clone, Debug, Default)]
pub(super) struct UnitQueue {
    /// Waiting families with their generation, by priority, each first come, first served. A family
    /// that has gone stays until its turn comes, and is then passed over.
    pub queues: Vec<VecDeque<(u32, u32)>>,
    /// Families whose worker went, ahead of all others.
    pub orphans: VecDeque<(u32, u32)>,
    /// Families that still wait.
    pub waiting: usize,
    /// Workers with room.
    pub with_room: usize,
    /// The unit's workers: a range of the list of all.
    pub workers: std::ops::Range<usize>,
}

impl UnitQueue {
    /// The first family that still waits, and the queue that it leads: those whose worker went, then by
    /// priority. Those who have gone are dropped on the way.
    fn front(&mut self, families: &Families) -> Option<(&mut VecDeque<(u32, u32)>, usize)> {
        for places in std::iter::once(&mut self.orphans).chain(&mut self.queues) {
            while let Some(&(family, generation)) = places.front() {
                let member = &families[family as usize];
                if member.generation == generation && member.status == Status::Waiting {
                    return Some((places, family as usize));
                }
                places.pop_front();
            }
        }
        None
    }
}

/// Days over which the hours of handing over fall due.
const HANDOVER_DAYS: f64 = 7.0;

impl Run<'_, '_> {
    /// Empties every unit's waiting list and puts its workers in place.
    pub(super) fn set_up_units(&mut self) {
        let posts = self.posts;
        workforce::fill_posts(posts, self.frame, &self.terms[0], &mut self.state.workers);
        self.state.rooms.clear();
        self.state.rooms.resize(posts.len(), 0.0);
        for supplies in [&mut self.state.supplies, &mut self.state.next_supplies] {
            supplies.clear();
            supplies.resize(posts.len(), Supply::default());
        }
        let places = self.frame.scenario.areas.len() * self.frame.scenario.stages.len();
        self.state.spill.clear();
        self.state.spill.resize(places, 0.0);
        self.state.staff.set_up(posts, self.frame, &self.terms[0], self.key);
        let units = &self.frame.scenario.units;
        self.state.units.resize_with(units.len(), UnitQueue::default);
        let mut next = 0;
        for (unit, queue) in self.state.units.iter_mut().enumerate() {
            let count = posts.iter().filter(|post| post.unit == unit).count();
            queue.workers = next..next + count;
            next += count;
            (queue.waiting, queue.with_room) = (0, 0);
            queue.orphans.clear();
            queue.queues.iter_mut().for_each(VecDeque::clear);
            queue.queues.resize_with(self.frame.priorities, VecDeque::new);
        }
    }

    /// A family joins the queue of a unit, or goes straight to a worker with room.
    pub(super) fn join_unit(&mut self, family: usize, unit: usize, now: f64) {
        if self.state.units[unit].waiting == 0
            && let Some(worker) = self.taker(unit)
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
            && let Some(worker) = self.taker(unit)
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
        self.help_others(unit, now);
        self.refresh(worker, now);
    }

    /// Floating staff with room take those who have waited longest in the units they help.
    fn help_others(&mut self, unit: usize, now: f64) {
        let frame = self.frame;
        let helped = &frame.scenario.units[unit].helps;
        while !helped.is_empty() && self.state.units[unit].with_room > 0 {
            let first =
                |run: &mut Self, &client: &usize| run.first_waiting(client).map(|since| (since, client));
            let mut fronts: Vec<(f64, usize)> =
                helped.iter().filter_map(|client| first(self, client)).collect();
            fronts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let Some(&(_, client)) = fronts.first() else { return };
            let (Some(worker), Some(family)) = (self.roomiest(unit), self.next_waiting(client)) else {
                return;
            };
            self.allocate(family, worker, now);
        }
    }

    /// Since when the family next in a unit's line has waited.
    fn first_waiting(&mut self, unit: usize) -> Option<f64> {
        let (families, queue) = (&self.state.families, &mut self.state.units[unit]);
        let (_, family) = queue.front(families)?;
        Some(families[family].waiting_since)
    }

    /// Takes the first family that still waits off a unit's list.
    fn next_waiting(&mut self, unit: usize) -> Option<usize> {
        let queue = &mut self.state.units[unit];
        let (places, family) = queue.front(&self.state.families)?;
        places.pop_front();
        queue.waiting -= 1;
        Some(family)
    }

    /// The worker who takes a unit's next family: the roomiest of its own, else of those who help it.
    #[inline]
    fn taker(&self, unit: usize) -> Option<usize> {
        let helpers = || self.frame.helpers[unit].iter().find_map(|&helper| self.roomiest(helper));
        self.roomiest(unit).or_else(helpers)
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
        let terms = self.terms_of(family);
        let member = &mut self.state.families[family];
        let stage = usize::from(member.stage);
        let transferred = std::mem::take(&mut member.transferred);
        let orphaned = std::mem::take(&mut member.orphaned);
        self.hold(family, worker, now);
        if transferred {
            self.add_handover(worker, terms.stages[stage].handover_hours, now);
        }
        if orphaned {
            let unit = self.state.workers[worker].unit as usize;
            let team = self.frame.scenario.units[unit].team;
            let hours = self.unit_terms(unit).teams[team]
                .workforce
                .as_ref()
                .map_or(0.0, |workforce| workforce.takeover_hours);
            self.add_handover(worker, hours, now);
            self.resume_work(family, now);
        } else {
            self.start_work(family, now);
        }
        self.refresh(worker, now);
    }

    /// Puts a family's case with a worker, without telling the hours yet.
    pub(super) fn hold(&mut self, family: usize, worker: usize, now: f64) {
        let terms = self.terms_of(family);
        let member = &mut self.state.families[family];
        let stage = &terms.stages[usize::from(member.stage)];
        let effort = terms.effort[usize::from(member.area)];
        let (area, stage_index, children) =
            (usize::from(member.area), usize::from(member.stage), member.children);
        let own = stage.hours_of(children, member.natural) * effort;
        let support = stage.support_of(children);
        let spill = self.state.spill[area * terms.stages.len() + stage_index];
        let case = Case {
            family: family as u32,
            hours: own + support * spill,
            own,
            support,
            points: stage.points_of(children),
            since: now,
        };
        let person = self.state.workers[worker].person;
        let changed = member.worker != NOBODY && (member.worker, member.person) != (worker as u32, person);
        (member.worker, member.person) = (worker as u32, person);
        self.state.workers[worker].take(now, member.left, stage.urgent, case);
        if changed {
            self.state.recorder.flow(area, stage_index).week.changes_of_worker += f64::from(children);
        }
    }

    /// Hours of handing over, due within a week.
    pub(super) fn add_handover(&mut self, worker: usize, hours: f64, now: f64) {
        if hours > 0.0 {
            let hours = hours * 7.0 / HANDOVER_DAYS;
            let case = Case { family: HANDOVER, hours, own: hours, support: 0.0, points: 0.0, since: now };
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
        if self.state.families[family].shadow {
            self.state.workers[worker].finish(index, urgent);
            self.note_hours(worker, &case, now);
            self.end_shadow(family, now);
            self.free_room(worker, now);
            return;
        }
        if let Some(review) = self.next_review(family, now) {
            self.state.workers[worker].hold_open(index, urgent);
            let generation = self.state.families[family].generation;
            self.state.events.push(Event::new(review, EventKind::Review, case.family, generation));
            self.refresh(worker, now);
        } else {
            if self.state.workers[worker].gated {
                self.state.workers[worker].hold_open(index, urgent);
                self.refresh(worker, now);
            }
            self.close_or_wait(family, now);
        }
    }

    /// The review at which a family that is ready leaves; `None` when it leaves at once.
    fn next_review(&self, family: usize, now: f64) -> Option<f64> {
        let member = &self.state.families[family];
        let review = self.terms_of(family).stages[usize::from(member.stage)].review.as_ref()?;
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
            for &(family, generation) in queue.orphans.iter().chain(queue.queues.iter().flatten()) {
                let member = &state.families[family as usize];
                if member.generation == generation && member.status == Status::Waiting {
                    state
                        .recorder
                        .waits(usize::from(member.area), team)
                        .note_longest(now - member.waiting_since);
                }
            }
        }
    }
}
