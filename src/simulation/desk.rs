//! Desks: one queue, several people, one task at a time.
//!
//! Tasks go by priority, then first come, first served, and are not interrupted by others; a person
//! whose day ends goes on with the task at hand on their next day. Everybody present and idle is
//! alike, so the first in the list takes the next task.

use std::collections::VecDeque;

use super::engine::Run;
use super::events::{Event, EventKind};
use super::frame::Frame;
use super::terms::HolderTerms;
use crate::calendar::RunCalendar;
use crate::random::Purpose;
use crate::scenario::{DeskPeople, Draw};

/// A task at a desk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task {
    family: u32,
    /// The family's generation; a task of a family that has moved on is dropped.
    generation: u32,
    /// Staff time, days.
    work: f64,
    joined: f64,
    /// Its queue: the stage's place among priorities.
    rank: usize,
    /// One of the partner checks that a family waits for, not a stage of its own.
    check: bool,
}

/// When a person is at the desk.
#[derive(Clone, Debug)]
pub(super) struct Presence {
    continuous: bool,
    /// Hours of the day, as shares of it.
    from: f64,
    to: f64,
    first: f64,
    last: f64,
    /// Present at all times: most desks of a textbook are.
    always: bool,
}

/// One person at a desk.
#[derive(Clone, Debug)]
pub(super) struct Person {
    unit: usize,
    presence: Presence,
    task: Option<Task>,
}

/// One desk's queue.
#[derive(Clone, Debug, Default)]
pub(super) struct DeskQueue {
    /// Waiting tasks by priority, each first come, first served.
    queues: Vec<VecDeque<Task>>,
    waiting: usize,
    /// The desk's people: a range of the list of all.
    people: std::ops::Range<usize>,
    idle: usize,
    /// When the desk next looks whether somebody is back; infinite when it need not.
    wakes: f64,
    generation: u32,
}

impl Presence {
    /// Whether the person may take a new task.
    #[inline]
    fn is_present(&self, calendar: &RunCalendar, time: f64) -> bool {
        if self.always {
            return true;
        }
        if time < self.first || time >= self.last {
            return false;
        }
        let day = midnight(time);
        let hour = time - day;
        (self.continuous || calendar.is_working(day as i64)) && hour >= self.from && hour < self.to
    }

    /// The first moment from `time` on at which the person is present; infinite for never again.
    fn next_present(&self, calendar: &RunCalendar, time: f64) -> f64 {
        let mut at = time.max(self.first);
        while at < self.last {
            let day = midnight(at);
            let works = self.continuous || calendar.is_working(day as i64);
            if works && at - day < self.to {
                let moment = at.max(day + self.from);
                return if moment < self.last { moment } else { f64::INFINITY };
            }
            at = day + 1.0;
        }
        f64::INFINITY
    }

    /// When a task begun at `start` is done. A task is finished even after the person's last day.
    fn finish(&self, calendar: &RunCalendar, start: f64, work: f64) -> f64 {
        if self.always {
            return start + work;
        }
        let mut left = work;
        let mut at = start;
        loop {
            let day = midnight(at);
            if self.continuous || calendar.is_working(day as i64) {
                let begin = at.max(day + self.from);
                let room = day + self.to - begin;
                if room >= left {
                    return begin + left;
                }
                left -= room.max(0.0);
            }
            at = day + 1.0;
        }
    }
}

/// The day's beginning. Times are not negative, so that cutting them off is their floor, which plain
/// x86-64 has no instruction for.
#[inline]
fn midnight(time: f64) -> f64 {
    (time as i64) as f64
}

/// The people of all desk units, and each unit's queue.
pub(super) fn set_up(frame: &Frame, draw: &Draw, people: &mut Vec<Person>, desks: &mut Vec<DeskQueue>) {
    people.clear();
    desks.resize_with(frame.scenario.desk_units.len(), DeskQueue::default);
    for (unit, (described, desk)) in frame.scenario.desk_units.iter().zip(desks).enumerate() {
        let first = people.len();
        let present = described.people.iter().flat_map(|group| presences(group, draw[group.fte]));
        people.extend(present.map(|presence| Person { unit, presence, task: None }));
        desk.queues.iter_mut().for_each(VecDeque::clear);
        desk.queues.resize_with(frame.priorities, VecDeque::new);
        (desk.people, desk.idle) = (first..people.len(), people.len() - first);
        (desk.waiting, desk.wakes, desk.generation) = (0, f64::INFINITY, 0);
    }
}

/// One presence for each whole full-time equivalent, and part of the day for what is left.
fn presences(group: &DeskPeople, fte: f64) -> impl Iterator<Item = Presence> + use<> {
    let (from, to) = (group.from_hour / 24.0, group.to_hour / 24.0);
    let whole = (fte + 1e-9).floor();
    let rest = fte - whole;
    let (continuous, days) = (group.continuous, (group.from_day, group.to_day));
    let present = move |share: f64| {
        let first = if days.0 == i64::MIN { f64::NEG_INFINITY } else { days.0 as f64 };
        let last = if days.1 == i64::MAX { f64::INFINITY } else { days.1 as f64 };
        let to = from + (to - from) * share;
        let always = continuous && (from, to, first, last) == (0.0, 1.0, f64::NEG_INFINITY, f64::INFINITY);
        Presence { continuous, from, to, first, last, always }
    };
    let full = present(1.0);
    let part = (rest > 1e-9).then(|| present(rest));
    std::iter::repeat_n(full, whole as usize).chain(part)
}

impl Run<'_, '_> {
    /// A family joins the queue of the desk that holds its stage.
    pub(super) fn join_desk(&mut self, family: usize, desk: usize, now: f64) {
        let member = &self.state.families[family];
        let (area, stage) = (usize::from(member.area), usize::from(member.stage));
        let task = Task {
            family: family as u32,
            generation: member.generation,
            work: member.natural,
            joined: now,
            rank: self.frame.priority_rank[stage],
            check: false,
        };
        let left = self.state.recorder.left(now);
        self.state.recorder.flow(area, stage).waiting.add(1.0, left);
        self.queue_task(self.frame.desk_unit(desk, area), task, now);
    }

    /// A family's partner checks go out; returns whether there are any.
    pub(super) fn send_checks(&mut self, family: usize, now: f64) -> bool {
        let member = &self.state.families[family];
        let (area, stage, generation) =
            (usize::from(member.area), usize::from(member.stage), member.generation);
        let terms = self.terms(area);
        let HolderTerms::Checks(checks) = &terms.stages[stage].holder else {
            return false;
        };
        let key = self.visit_key(family).purpose(Purpose::Checks);
        let mut sent = 0;
        for (number, (desk, share, duration)) in checks.iter().enumerate() {
            let check = key.child(number as u64);
            if check.uniform() >= *share {
                continue;
            }
            sent += 1;
            let task = Task {
                family: family as u32,
                generation,
                work: duration.sample(&mut check.open()),
                joined: now,
                rank: self.frame.priority_rank[stage],
                check: true,
            };
            // Counted before it is queued: an idle desk may finish a task of no length at once.
            self.state.families[family].checks += 1;
            self.queue_task(self.frame.desk_unit(*desk, area), task, now);
        }
        sent > 0
    }

    /// A task comes to a desk: somebody takes it at once, or it waits.
    fn queue_task(&mut self, unit: usize, task: Task, now: f64) {
        self.state.recorder.desk_flows[unit].week.entries += 1.0;
        let first = self.state.desks[unit].waiting == 0;
        if first && let Some(person) = self.ready_person(unit, now) {
            self.start_task(unit, person, task, now);
            return;
        }
        let left = self.state.recorder.left(now);
        self.state.recorder.desk_flows[unit].waiting.add(1.0, left);
        let desk = &mut self.state.desks[unit];
        desk.queues[task.rank].push_back(task);
        desk.waiting += 1;
        // Where others wait already, everybody is busy or somebody's return is planned.
        if first && desk.idle > 0 {
            self.plan_wake(unit, now);
        }
    }

    /// Somebody present and idle.
    #[inline]
    fn ready_person(&self, unit: usize, now: f64) -> Option<usize> {
        let desk = &self.state.desks[unit];
        if desk.idle == 0 {
            return None;
        }
        let (people, calendar) = (&self.state.people, &self.frame.calendar);
        let ready = |&person: &usize| {
            people[person].task.is_none() && people[person].presence.is_present(calendar, now)
        };
        desk.people.clone().find(ready)
    }

    /// Gives waiting tasks to people who are present and idle; if none is, plans to look again when
    /// the first of them is back.
    pub(super) fn serve_desk(&mut self, unit: usize, now: f64) {
        while self.state.desks[unit].waiting > 0 && self.state.desks[unit].idle > 0 {
            let Some(person) = self.ready_person(unit, now) else {
                self.plan_wake(unit, now);
                return;
            };
            let desk = &mut self.state.desks[unit];
            let Some(task) = desk.queues.iter_mut().find_map(VecDeque::pop_front) else { return };
            desk.waiting -= 1;
            let left = self.state.recorder.left(now);
            self.state.recorder.desk_flows[unit].waiting.add(-1.0, left);
            self.start_task(unit, person, task, now);
        }
    }

    /// Plans to look again when the first of the idle is back.
    fn plan_wake(&mut self, unit: usize, now: f64) {
        let desk = &mut self.state.desks[unit];
        let idle = self.state.people[desk.people.clone()].iter().filter(|person| person.task.is_none());
        let back = idle.map(|person| person.presence.next_present(&self.frame.calendar, now));
        let back = back.fold(f64::INFINITY, f64::min);
        if back < desk.wakes {
            desk.wakes = back;
            desk.generation = desk.generation.wrapping_add(1);
            self.state.events.push(Event::new(back, EventKind::DeskWake, unit as u32, desk.generation));
        }
    }

    /// Somebody may be back at a desk.
    pub(super) fn wake_desk(&mut self, unit: usize, event: Event) {
        if event.is_current(self.state.desks[unit].generation) {
            self.state.desks[unit].wakes = f64::INFINITY;
            self.serve_desk(unit, event.time);
        }
    }

    fn start_task(&mut self, unit: usize, person: usize, task: Task, now: f64) {
        self.state.desks[unit].idle -= 1;
        let wait = now - task.joined;
        let recorder = &mut self.state.recorder;
        let left = recorder.left(now);
        let flow = &mut recorder.desk_flows[unit];
        flow.open.add(1.0, left);
        flow.week.starts += 1.0;
        flow.week.waited += f64::from(u8::from(wait > 0.0));
        flow.week.wait_days += wait;
        recorder.desk_waits[unit].note(wait);
        self.state.people[person].task = Some(task);
        let done = self.state.people[person].presence.finish(&self.frame.calendar, now, task.work);
        self.state.events.push(Event::new(done, EventKind::DeskDone, person as u32, 0));
        if !task.check {
            let family = task.family as usize;
            self.start_work(family, now);
            // A hazard may take the family away before the task is done.
            let generation = self.state.families[family].generation;
            if let Some(task) = &mut self.state.people[person].task {
                task.generation = generation;
            }
        }
    }

    /// A person has finished a task.
    pub(super) fn desk_done(&mut self, person: usize, now: f64) {
        let unit = self.state.people[person].unit;
        let Some(task) = self.state.people[person].task.take() else {
            return;
        };
        self.state.desks[unit].idle += 1;
        let recorder = &mut self.state.recorder;
        let left = recorder.left(now);
        let flow = &mut recorder.desk_flows[unit];
        flow.open.add(-1.0, left);
        flow.week.leaves += 1.0;
        flow.week.stay_days += now - task.joined;
        // The next in the queue starts before the family moves on, which may bring it back here.
        self.serve_desk(unit, now);
        let family = task.family as usize;
        if self.state.families[family].generation != task.generation {
            return;
        }
        if !task.check {
            self.complete(family, now);
        } else {
            self.state.families[family].checks -= 1;
            if self.state.families[family].checks == 0 {
                self.complete(family, now);
            }
        }
    }

    /// Notes how long the tasks now waiting have waited.
    pub(super) fn note_desk_queues(&mut self, now: f64) {
        for (unit, desk) in self.state.desks.iter().enumerate() {
            let heads = desk.queues.iter().filter_map(VecDeque::front);
            let longest = heads.map(|task| now - task.joined).fold(0.0, f64::max);
            self.state.recorder.desk_waits[unit].note_longest(longest);
        }
    }
}
