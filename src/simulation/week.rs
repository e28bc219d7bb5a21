//! A week begins: who is there, what their hours are worth, and what falls to whom.
//!
//! In this order: people come and go and are present or away; managers are away or not; other teams'
//! oversight is taken off; the present cover the absent; pooled support falls short or not. Then
//! those who wait are allocated.

use super::engine::Run;
use super::events::{Event, EventKind};
use super::family::{NOBODY, Status};
use super::ledger::is_starter;
use super::terms::{SupportTerms, Terms};
use super::worker::{Case, HANDOVER};
use super::workforce::Supply;

impl Run<'_, '_> {
    /// A week begins: each worker's supply may change.
    pub(super) fn begin_week(&mut self, week: usize, now: f64) {
        // Where nobody ever comes, goes or is away, the first week's supplies stay.
        let moved = (week == 0 || !self.rules.steady) && self.turn_supplies(week, now);
        if moved || week > 0 {
            (0..self.state.units.len()).for_each(|unit| self.allocate_waiting(unit, now));
        }
    }

    /// Who is there this week and what their hours are worth. Returns whether any post's holder or
    /// supply is another than last week.
    fn turn_supplies(&mut self, week: usize, now: f64) -> bool {
        if self.rules.versions && week > 0 {
            self.turn_versions(week, now);
        }
        let moved = self.turn_posts(week, now);
        if self.rules.dips {
            self.take_dips(now);
        }
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
        self.note_pay(week == 0, now);
        self.put_in_force(now);
        moved
    }

    /// Interventions may change the terms: what a family needs of its worker changes with them; its
    /// duration, hazards and points stay those with which its stage began.
    fn turn_versions(&mut self, week: usize, now: f64) {
        let after = self.frame.timetable.in_force(self.terms, week);
        let before = std::mem::replace(&mut self.in_force, after);
        let changed: Vec<bool> =
            before.iter().zip(&self.in_force).map(|(old, new)| !std::ptr::eq(*old, *new)).collect();
        if !changed.contains(&true) {
            return;
        }
        for worker in 0..self.state.workers.len() {
            let state = &mut *self.state;
            let (families, audit) = (&state.families, &mut state.audit);
            let unit = state.workers[worker].unit as usize;
            let change = |case: &Case| {
                if case.family == HANDOVER {
                    return None;
                }
                let member = &families[case.family as usize];
                let (area, stage) = (usize::from(member.area), usize::from(member.stage));
                let (old, new) = (before[area], self.in_force[area]);
                let needs = |terms: &Terms| {
                    let own = terms.stages[stage].hours_of(member.children, member.natural);
                    (own * terms.effort[area], terms.stages[stage].support_of(member.children))
                };
                (changed[area] && needs(old) != needs(new)).then(|| needs(new))
            };
            state.workers[worker].change_needs(change, now, |case| audit.note_case(unit, case, now));
        }
    }

    /// Where staff learn something new, hours are lost for a while; of a unit that serves several
    /// areas in proportion to those concerned.
    fn take_dips(&mut self, now: f64) {
        let frame = self.frame;
        for intervention in &frame.scenario.interventions {
            let Some(dip) = &intervention.dip else { continue };
            let learning = |area: usize| {
                let elapsed = intervention.begins(area).map(|from| now + 3.5 - from);
                elapsed.is_some_and(|elapsed| (0.0..7.0 * dip.weeks).contains(&elapsed))
            };
            for unit in 0..frame.scenario.units.len() {
                let areas = &frame.areas_of[unit];
                let learns = areas.iter().filter(|&&area| learning(area)).count();
                if learns == 0 || !dip.teams[frame.scenario.units[unit].team] {
                    continue;
                }
                let lost = self.draw[dip.share] * learns as f64 / areas.len() as f64;
                let range = self.state.units[unit].workers.clone();
                self.state.next_supplies[range].iter_mut().for_each(|supply| supply.hours *= 1.0 - lost);
            }
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
            let terms = self.unit_terms(post.unit);
            let supply = self.state.staff.week(index, post, terms, self.frame, now, load);
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
        for (case, left) in dropped.drain(..) {
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
            let Some(workforce) = &self.unit_terms(unit).teams[team].workforce else { continue };
            let Some(managers) = &workforce.managers else { continue };
            let range = self.state.units[unit].workers.clone();
            let count = self.managers(unit, now);
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

    /// How many managers a unit's people have: by their span, of the posts that exist.
    fn managers(&self, unit: usize, now: f64) -> usize {
        let workforce = &self.unit_terms(unit).teams[self.frame.scenario.units[unit].team].workforce;
        let managers = workforce.as_ref().and_then(|workforce| workforce.managers.as_ref());
        managers.map_or(0, |managers| {
            let own = &self.posts[self.state.units[unit].workers.clone()];
            let fte = own.iter().filter(|post| post.exists(now)).map(|post| post.fte).sum();
            self.state.staff.managers(unit, fte, managers.span)
        })
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
        for stage in 0..frame.scenario.stages.len() {
            for area in 0..frame.scenario.areas.len() {
                let Some(oversight) = &self.terms(area).stages[stage].oversight else { continue };
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
            let workforce = &self.unit_terms(unit).teams[team].workforce;
            let share = workforce.as_ref().map_or(0.0, |workforce| workforce.cover);
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
        let wanted = self.support_wanted();
        let unmet = self.support_unmet(&wanted, now);
        self.set_spill(&unmet);
        self.pass_on_spill(now);
    }

    /// By unit, the hours of support that families open now want of it; `None` where it is no pool.
    fn support_wanted(&self) -> Vec<Option<f64>> {
        let frame = self.frame;
        let mut wanted = vec![None; frame.scenario.units.len()];
        for stage in 0..frame.scenario.stages.len() {
            for area in 0..frame.scenario.areas.len() {
                if let Some((unit, support)) = self.pool(area, stage) {
                    let hours = self.state.recorder.children_now(area, stage) * support.hours_per_child;
                    *wanted[unit].get_or_insert(0.0) += hours;
                }
            }
        }
        wanted
    }

    /// The unit that supports a stage in an area, and how.
    fn pool(&self, area: usize, stage: usize) -> Option<(usize, &SupportTerms)> {
        let support = self.terms(area).stages[stage].support.as_ref()?;
        self.frame.serves(support.team, area).then(|| (self.frame.unit(support.team, area), support))
    }

    /// By unit, the share of the support wanted that it has no hours for. The hours of units that are
    /// no pools are told case by case.
    fn support_unmet(&mut self, wanted: &[Option<f64>], now: f64) -> Vec<f64> {
        let left = self.state.recorder.left(now);
        let mut unmet = vec![0.0; wanted.len()];
        for (unit, wanted) in wanted.iter().enumerate().filter_map(|(unit, wanted)| Some((unit, (*wanted)?)))
        {
            let supplies = &self.state.next_supplies[self.state.units[unit].workers.clone()];
            let given: f64 = supplies.iter().map(|supply| supply.hours).sum();
            if wanted > 0.0 {
                unmet[unit] = (1.0 - given / wanted).max(0.0);
            }
            self.state.recorder.set_support(unit, wanted, (wanted - given).max(0.0), left);
            self.state.audit.pooled(unit, wanted, now);
        }
        unmet
    }

    /// Notes, by area and stage, the share of support that falls back on the cases' own workers.
    fn set_spill(&mut self, unmet: &[f64]) {
        let stages = self.frame.scenario.stages.len();
        for place in 0..self.state.spill.len() {
            let pool = self.pool(place / stages, place % stages);
            let spill = pool.map_or(0.0, |(unit, support)| unmet[unit] * support.spill_share);
            self.state.spill[place] = spill;
        }
    }

    /// Each worker's cases need the hours that fall back on them.
    fn pass_on_spill(&mut self, now: f64) {
        let stages = self.frame.scenario.stages.len();
        for worker in 0..self.state.workers.len() {
            let state = &mut *self.state;
            let (families, spill, audit) = (&state.families, &state.spill, &mut state.audit);
            let hours = |case: &Case| {
                if case.support == 0.0 {
                    return case.hours;
                }
                let member = &families[case.family as usize];
                case.own + case.support * spill[usize::from(member.area) * stages + usize::from(member.stage)]
            };
            let unit = state.workers[worker].unit as usize;
            state.workers[worker].change_hours(hours, now, |case| audit.note_case(unit, case, now));
        }
    }

    /// Who is paid this week, and who has just begun.
    fn note_pay(&mut self, first: bool, now: f64) {
        if self.frame.costs.is_none() {
            return;
        }
        let supplies = self.state.supplies.iter().zip(&self.state.next_supplies);
        for (post, (before, next)) in self.posts.iter().zip(supplies) {
            if is_starter(post, before, next, first) {
                self.state.recorder.capacity[post.unit].starters += 1.0;
            }
        }
        let units = 0..self.frame.scenario.units.len();
        let managers: Vec<usize> = units.map(|unit| self.managers(unit, now)).collect();
        let state = &mut *self.state;
        let (before, next) = (&state.supplies, &state.next_supplies);
        state.ledger.begin_week(self.posts, before, next, |unit| managers[unit], first);
    }

    /// The week's supplies take effect.
    fn put_in_force(&mut self, now: f64) {
        let posts = self.posts;
        let left = self.state.recorder.left(now);
        for (index, post) in posts.iter().enumerate() {
            let (new, old) = (self.state.next_supplies[index], self.state.supplies[index]);
            self.state.recorder.capacity[post.unit].leavers += new.left;
            let worker = &mut self.state.workers[index];
            (worker.person, worker.open) = (new.person, new.open);
            if new == old && !self.rules.support && !self.rules.versions {
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
