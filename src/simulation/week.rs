//! A week begins: who is there, what their hours are worth, and what falls to whom.
//!
//! In this order: people come and go and are present or away; managers are away or not; other teams'
//! oversight is taken off; the present cover the absent; pooled support falls short or not. Then
//! those who wait are allocated.

use super::engine::Run;
use super::events::{Event, EventKind};
use super::family::{NOBODY, Status};
use super::worker::{Case, HANDOVER};
use super::workforce::Supply;

impl Run<'_, '_> {
    /// A week begins: each worker's supply may change.
    pub(super) fn begin_week(&mut self, week: usize, now: f64) {
        let moved = self.turn_posts(week, now);
        if self.rules.oversight {
            self.take_oversight();
        }
        if self.rules.managers {
            self.turn_managers(now);
        }
        if self.rules.cover {
            self.cover_absence();
        }
        if self.rules.support {
            self.turn_support(now);
        }
        self.put_in_force(now);
        if moved || week > 0 {
            (0..self.state.units.len()).for_each(|unit| self.allocate_waiting(unit, now));
        }
    }

    /// Each post says who holds it; families of those who have gone wait for another worker. Returns
    /// whether anything changed.
    fn turn_posts(&mut self, week: usize, now: f64) -> bool {
        let posts = self.posts;
        let mut moved = false;
        for (index, post) in posts.iter().enumerate() {
            let worker = &self.state.workers[index];
            let load = if worker.limit > 0.0 && worker.limit.is_finite() {
                worker.points / worker.limit
            } else {
                1.0
            };
            let supply = self.state.staff.week(index, post, self.terms, self.frame, now, load);
            let old = self.state.supplies[index];
            if week > 0 && supply.person != old.person {
                self.orphan_all(index, now);
            }
            moved |= supply != old;
            self.state.next_supplies[index] = supply;
        }
        moved
    }

    /// A worker has gone: their families go back to the waiting list, first in line.
    fn orphan_all(&mut self, worker: usize, now: f64) {
        let mut dropped = std::mem::take(&mut self.state.dropped);
        self.state.workers[worker].drop_all(now, &mut dropped);
        for (case, left, _) in dropped.drain(..) {
            self.note_hours(worker, &case, now);
            if case.family != HANDOVER {
                self.orphan(case, left, now);
            }
        }
        self.state.dropped = dropped;
    }

    fn orphan(&mut self, case: Case, left: f64, now: f64) {
        let family = case.family as usize;
        if self.state.families[family].shadow {
            self.end_shadow(family, now);
            return;
        }
        let member = &mut self.state.families[family];
        (member.status, member.orphaned, member.left, member.waiting_since) =
            (Status::Waiting, true, left, now);
        let (area, stage, children) =
            (usize::from(member.area), usize::from(member.stage), f64::from(member.children));
        let generation = member.generation;
        let remaining = self.state.recorder.left(now);
        let flow = self.state.recorder.flow(area, stage);
        flow.open.add(-1.0, remaining);
        flow.children.add(-children, remaining);
        flow.waiting.add(1.0, remaining);
        if let Some(team) = self.frame.scenario.stages[stage].holder.team() {
            let queue = &mut self.state.units[self.frame.unit(team, area)];
            queue.orphans.push_back((case.family, generation));
            queue.waiting += 1;
        }
    }

    /// Workers whose manager is away take and close no cases; where there is a deputy they do, and
    /// the deputy's own hours fall.
    fn turn_managers(&mut self, now: f64) {
        for unit in 0..self.state.units.len() {
            let team = self.frame.scenario.units[unit].team;
            let terms = self.terms;
            let Some(workforce) = &terms.teams[team].workforce else { continue };
            let Some(managers) = &workforce.managers else { continue };
            let range = self.state.units[unit].workers.clone();
            let count = self.state.staff.managers(unit);
            for manager in 0..count {
                let away = self.state.staff.manager_away(unit, manager, workforce, self.frame, now);
                let group = range.clone().skip(manager).step_by(count);
                let deputy = if away && managers.deputy { self.deputy(group.clone()) } else { None };
                let gated = away && deputy.is_none();
                for worker in group {
                    self.state.workers[worker].gated = gated;
                    self.state.next_supplies[worker].open &= !gated;
                }
                if let Some(deputy) = deputy {
                    self.state.next_supplies[deputy].hours *= 1.0 - managers.deputy_hours_share;
                }
            }
        }
    }

    /// The first of a group who is at work and holds cases.
    fn deputy(&self, mut group: impl Iterator<Item = usize>) -> Option<usize> {
        group.find(|&worker| self.state.next_supplies[worker].open)
    }

    /// Hours that workers give to the oversight of other teams' cases are gone from their own: of
    /// each in proportion to what they have.
    fn take_oversight(&mut self) {
        let frame = self.frame;
        let mut wanted = vec![0.0; frame.scenario.units.len()];
        for (stage, terms) in self.terms.stages.iter().enumerate() {
            let Some(oversight) = &terms.oversight else { continue };
            for area in 0..frame.scenario.areas.len() {
                if frame.serves(oversight.team, area) {
                    wanted[frame.unit(oversight.team, area)] +=
                        self.state.recorder.open_now(area, stage) * oversight.hours;
                }
            }
        }
        for (unit, wanted) in wanted.into_iter().enumerate().filter(|(_, wanted)| *wanted > 0.0) {
            let supplies = &mut self.state.next_supplies[self.state.units[unit].workers.clone()];
            let hours: f64 = supplies.iter().map(|supply| supply.hours).sum();
            if hours > 0.0 {
                let kept = (1.0 - wanted / hours).max(0.0);
                supplies.iter_mut().for_each(|supply| supply.hours *= kept);
            }
        }
    }

    /// Of what the absent's cases lack, a share is made up from colleagues' spare hours.
    fn cover_absence(&mut self) {
        for unit in 0..self.state.units.len() {
            let team = self.frame.scenario.units[unit].team;
            let share = self.terms.teams[team].workforce.as_ref().map_or(0.0, |workforce| workforce.cover);
            if share <= 0.0 {
                continue;
            }
            let range = self.state.units[unit].workers.clone();
            let gap = |run: &Self, worker: usize| {
                run.state.workers[worker].needed() - run.state.next_supplies[worker].hours
            };
            let lacks = |run: &Self, worker: usize| {
                if run.state.next_supplies[worker].absent > 0.0 { gap(run, worker).max(0.0) } else { 0.0 }
            };
            let lacking: f64 = range.clone().map(|worker| lacks(self, worker)).sum();
            let spare: f64 = range.clone().map(|worker| (-gap(self, worker)).max(0.0)).sum();
            let given = (lacking * share).min(spare);
            if given <= 0.0 {
                continue;
            }
            for worker in range {
                let (lack, over) = (lacks(self, worker), (-gap(self, worker)).max(0.0));
                self.state.next_supplies[worker].hours += given * (lack / lacking - over / spare);
            }
        }
    }

    /// What pooled support cannot give falls back, in part, on each case's own worker.
    fn turn_support(&mut self, now: f64) {
        let frame = self.frame;
        let mut wanted = vec![0.0; frame.scenario.units.len()];
        let mut pooled = vec![false; wanted.len()];
        let mut pools = vec![None; frame.scenario.areas.len() * frame.scenario.stages.len()];
        for (stage, terms) in self.terms.stages.iter().enumerate() {
            let Some(support) = &terms.support else { continue };
            for area in (0..frame.scenario.areas.len()).filter(|&area| frame.serves(support.team, area)) {
                let unit = frame.unit(support.team, area);
                wanted[unit] += self.state.recorder.children_now(area, stage) * support.hours_per_child;
                pooled[unit] = true;
                pools[area * frame.scenario.stages.len() + stage] = Some((unit, support.spill_share));
            }
        }
        let left = self.state.recorder.left(now);
        let mut unmet = vec![0.0; wanted.len()];
        // The hours of the other units are told case by case: they must not be set here.
        for unit in (0..wanted.len()).filter(|&unit| pooled[unit]) {
            let given: f64 = self.state.next_supplies[self.state.units[unit].workers.clone()]
                .iter()
                .map(|supply| supply.hours)
                .sum();
            if wanted[unit] > 0.0 {
                unmet[unit] = (1.0 - given / wanted[unit]).max(0.0);
            }
            self.state.recorder.set_support(unit, wanted[unit], (wanted[unit] - given).max(0.0), left);
            self.state.audit.pooled(unit, wanted[unit], now);
        }
        let stages = frame.scenario.stages.len();
        let spill = |place: Option<(usize, f64)>| {
            place.map_or(0.0, |(unit, share): (usize, f64)| unmet[unit] * share)
        };
        self.state.spill.clear();
        self.state.spill.extend(pools.into_iter().map(spill));
        for worker in 0..self.state.workers.len() {
            let state = &mut *self.state;
            let (families, spill, audit) = (&state.families, &state.spill, &mut state.audit);
            let own = |case: &Case| {
                if case.support == 0.0 {
                    return case.hours;
                }
                let member = &families[case.family as usize];
                case.own + case.support * spill[usize::from(member.area) * stages + usize::from(member.stage)]
            };
            let unit = state.workers[worker].unit as usize;
            state.workers[worker].change_hours(own, now, |case| audit.note_case(unit, case, now));
        }
    }

    /// The week's supplies take effect.
    fn put_in_force(&mut self, now: f64) {
        let posts = self.posts;
        let left = self.state.recorder.left(now);
        for (index, post) in posts.iter().enumerate() {
            let (new, old) = (self.state.next_supplies[index], self.state.supplies[index]);
            self.state.recorder.capacity[post.unit].leavers += new.left;
            let worker = &mut self.state.workers[index];
            let same_rules = worker.open == new.open;
            (worker.person, worker.open) = (new.person, new.open);
            if new == old && same_rules && !self.rules.support {
                continue;
            }
            (worker.limit, worker.supply) = (new.limit, new.hours);
            let holding =
                |supply: &Supply| if post.holds_cases { supply.in_post + supply.agency } else { 0.0 };
            let heads = |supply: &Supply| f64::from(u8::from(holding(supply) > 0.0));
            let capacity = &mut self.state.recorder.capacity[post.unit];
            capacity.available.add(new.hours - old.hours, left);
            capacity.holding.add(holding(&new) - holding(&old), left);
            capacity.workers.add(heads(&new) - heads(&old), left);
            capacity.in_post.add(new.in_post - old.in_post, left);
            capacity.vacant.add(new.vacant - old.vacant, left);
            capacity.agency.add(new.agency - old.agency, left);
            capacity.absent.add(new.absent - old.absent, left);
            capacity.sick.add(new.sick - old.sick, left);
            self.state.supplies[index] = new;
            self.refresh(index, now);
        }
    }

    /// A case is ready to be closed: at once, or when its worker's manager is back.
    pub(super) fn close_or_wait(&mut self, family: usize, now: f64) {
        let member = &self.state.families[family];
        let held = member.status == Status::Held && member.worker != NOBODY;
        if held && self.rules.managers && self.state.workers[member.worker as usize].gated {
            let monday = self.state.recorder.left(now) + now;
            let again = Event::new(monday, EventKind::Review, family as u32, member.generation);
            self.state.events.push(again);
            return;
        }
        self.complete(family, now);
    }
}
