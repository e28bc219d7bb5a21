//! A family's way: joining stages, leaving them, closing, coming back.

use super::engine::Run;
use super::events::{Event, EventKind};
use super::family::{NOBODY, Status};
use super::terms::{HazardTerms, HolderTerms};
use crate::random::{Purpose, StreamKey};
use crate::scenario::Destination;
use rand::RngExt;

/// A re-referral is one within this many days of the last referral.
const RE_REFERRAL_DAYS: f64 = 365.0;

impl Run<'_, '_> {
    /// The stream of a family's present visit to its stage.
    #[inline]
    pub(super) fn visit_key(&self, family: usize) -> StreamKey {
        let member = &self.state.families[family];
        // The stage's name and the number of the visit: neither depends on what else the file holds.
        let visit = u64::from(member.visit).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        member.key.child(self.frame.stage_tag[usize::from(member.stage)].wrapping_add(visit))
    }

    /// A family makes contact for the first time.
    pub(super) fn arrive(&mut self, family: usize, now: f64) {
        let member = &mut self.state.families[family];
        let (area, source) = (usize::from(member.area), usize::from(member.source));
        if std::mem::take(&mut member.hidden) {
            self.state.recorder.counts[area].hidden -= 1.0;
        }
        let entry = self.frame.scenario.sources[source].entry;
        self.state.audit.arrived += 1;
        if let Some(chronicle) = &mut self.state.chronicle {
            chronicle.appear(family, &self.state.families[family]);
        }
        self.contact(family, entry, now);
    }

    /// A closed family comes back.
    pub(super) fn come_back(&mut self, family: usize, now: f64) {
        // Where to stands in the end by which it left; its number was kept in `stage`.
        let end = usize::from(self.state.families[family].stage);
        if let Some(back) = &self.terms_of(family).returns[end] {
            let to = back.to;
            self.state.audit.returned += 1;
            self.contact(family, to, now);
        }
    }

    fn contact(&mut self, family: usize, entry: usize, now: f64) {
        let terms = self.terms_of(family);
        let member = &mut self.state.families[family];
        member.arrived = now;
        member.worker = NOBODY;
        member.transferred = false;
        member.undecided = terms.stages[entry].front_door;
        let (area, source) = (usize::from(member.area), usize::from(member.source));
        self.state.recorder.counts[area].arrivals[source] += 1.0;
        if let Some(chronicle) = &mut self.state.chronicle {
            chronicle.contact(family, now);
        }
        let frame = self.frame;
        self.move_clocks(&frame.clocks.arrival, family, now);
        if terms.stages[entry].referral {
            self.refer(family, now);
        }
        self.enter(family, entry, now);
    }

    /// Joins a stage: queues at a desk, asks for a worker, or simply begins.
    fn enter(&mut self, family: usize, stage: usize, now: f64) {
        let (frame, terms) = (self.frame, self.terms_of(family));
        let area = self.begin_visit(family, stage, now);
        self.move_clocks(&frame.clocks.enter[stage], family, now);
        self.drop_clocks(&frame.clocks.moot[stage], family, now);
        if !matches!(terms.stages[stage].holder, HolderTerms::Team(_)) {
            // No worker takes it over here, and later ones do not take over from that one.
            self.state.families[family].transferred = false;
        }
        match &terms.stages[stage].holder {
            HolderTerms::Nobody => {
                self.start_work(family, now);
                self.plan_end(family, self.state.families[family].natural, now);
            }
            HolderTerms::Desk(desk) => self.join_desk(family, *desk, now),
            HolderTerms::Checks(_) => {
                self.start_work(family, now);
                if !self.send_checks(family, now) {
                    // No partner need be asked: over at once, as an event of its own.
                    self.plan_end(family, 0.0, now);
                }
            }
            HolderTerms::Team(team) => {
                let left = self.state.recorder.left(now);
                self.state.recorder.flow(area, stage).waiting.add(1.0, left);
                self.plan_waiting_hazard(family, now);
                let delay = terms.stages[stage].transfer_delay;
                if self.state.families[family].transferred && delay > 0.0 {
                    let generation = self.state.families[family].generation;
                    let done = Event::new(now + delay, EventKind::TransferDone, family as u32, generation);
                    self.state.families[family].on_its_way = true;
                    self.state.events.push(done);
                } else {
                    self.join_unit(family, frame.unit(*team, area), now);
                }
            }
        }
    }

    /// Starts a visit: draws its route and natural duration, and counts it. Returns the area.
    pub(super) fn begin_visit(&mut self, family: usize, stage: usize, now: f64) -> usize {
        let member = &mut self.state.families[family];
        member.stage = stage as u16;
        member.visit += 1;
        member.generation = member.generation.wrapping_add(1);
        member.entered = now;
        member.started = f64::NAN;
        member.status = Status::Waiting;
        member.checks = 0;
        let area = usize::from(member.area);
        let mut rng = self.visit_key(family).open();
        let route = rng.random();
        let natural = self.terms(area).stages[stage].duration.sample(&mut rng);
        let member = &mut self.state.families[family];
        (member.route, member.natural, member.left) = (route, natural, natural);
        (member.waiting_since, member.orphaned) = (now, false);
        self.state.recorder.flow(area, stage).week.entries += 1.0;
        self.state.audit.entered[stage] += 1;
        if let Some(chronicle) = &mut self.state.chronicle {
            chronicle.enter(family, stage, now);
        }
        area
    }

    /// The present stage's work starts: its wait, if it is of a kind that waits, is over.
    pub(super) fn start_work(&mut self, family: usize, now: f64) {
        let member = &self.state.families[family];
        let (area, stage) = (usize::from(member.area), usize::from(member.stage));
        let wait = now - member.entered;
        let holder = &self.terms(area).stages[stage].holder;
        let recorder = &mut self.state.recorder;
        let left = recorder.left(now);
        let flow = recorder.flow(area, stage);
        flow.week.starts += 1.0;
        if matches!(holder, HolderTerms::Desk(_) | HolderTerms::Team(_)) {
            flow.waiting.add(-1.0, left);
            flow.week.wait_days += wait;
            flow.week.waited += f64::from(u8::from(wait > 0.0));
        }
        if let HolderTerms::Team(team) = holder {
            recorder.waits(area, *team).note(wait);
        }
        self.begin_work(family, now);
    }

    /// A family is being worked with, from now.
    #[inline]
    fn begin_work(&mut self, family: usize, now: f64) {
        let frame = self.frame;
        let member = &mut self.state.families[family];
        let (area, stage) = (usize::from(member.area), usize::from(member.stage));
        member.started = now;
        member.status = Status::Held;
        member.generation = member.generation.wrapping_add(1);
        let (children, worker) = (f64::from(member.children), member.worker);
        let recorder = &mut self.state.recorder;
        let left = recorder.left(now);
        let flow = recorder.flow(area, stage);
        flow.open.add(1.0, left);
        flow.children.add(children, left);
        if let Some(chronicle) = &mut self.state.chronicle {
            chronicle.begin(family, worker, now);
        }
        self.move_clocks(&frame.clocks.start[stage], family, now);
        self.plan_hazard(family, now);
    }

    /// Work goes on with another worker, where the last one left it.
    pub(super) fn resume_work(&mut self, family: usize, now: f64) {
        let member = &mut self.state.families[family];
        // No new generation: hazards and reviews of the stage go on.
        member.status = Status::Held;
        let (area, stage, children) =
            (usize::from(member.area), usize::from(member.stage), f64::from(member.children));
        let left = self.state.recorder.left(now);
        let flow = self.state.recorder.flow(area, stage);
        flow.waiting.add(-1.0, left);
        flow.open.add(1.0, left);
        flow.children.add(children, left);
    }

    /// The stage is complete: the family goes where its route leads.
    pub(super) fn complete(&mut self, family: usize, now: f64) {
        let member = &self.state.families[family];
        let stage = &self.terms_of(family).stages[usize::from(member.stage)];
        let to = stage.route(usize::from(member.source), usize::from(member.area), now, member.route);
        self.go(family, to, now);
    }

    /// A hazard strikes a family being worked with.
    pub(super) fn strike(&mut self, family: usize, now: f64) {
        let stage = usize::from(self.state.families[family].stage);
        let hazards = &self.terms_of(family).stages[stage].hazards;
        if let Some((_, to)) = first_hazard(hazards, self.visit_key(family).purpose(Purpose::Hazard)) {
            self.go(family, to, now);
        }
    }

    /// A hazard strikes a family that waits.
    pub(super) fn strike_waiting(&mut self, family: usize, now: f64) {
        let member = &self.state.families[family];
        let (area, stage) = (usize::from(member.area), usize::from(member.stage));
        let hazards = &self.terms(area).stages[stage].waiting_hazards;
        if let Some((_, to)) = first_hazard(hazards, self.visit_key(family).purpose(Purpose::Waiting)) {
            let week = &mut self.state.recorder.flow(area, stage).week;
            match to {
                Destination::Stage(_) => week.escalations += 1.0,
                Destination::End(_) => week.losses += 1.0,
            }
            self.go(family, to, now);
        }
    }

    /// A family on transfer joins the queue of its new team.
    pub(super) fn transfer_done(&mut self, family: usize, now: f64) {
        let member = &mut self.state.families[family];
        member.on_its_way = false;
        let (area, stage) = (usize::from(member.area), usize::from(member.stage));
        if let HolderTerms::Team(team) = self.terms(area).stages[stage].holder {
            self.join_unit(family, self.frame.unit(team, area), now);
        }
    }

    /// Leaves the present stage for another or for an end.
    fn go(&mut self, family: usize, to: Destination, now: f64) {
        let (frame, terms) = (self.frame, self.terms_of(family));
        let from = usize::from(self.state.families[family].stage);
        let held_by = self.leave(family, now);
        if let Some(chronicle) = &mut self.state.chronicle {
            chronicle.leave(family, to, now);
        }
        self.move_clocks(&frame.clocks.leave[from], family, now);
        let kept = held_by.filter(|&worker| self.keeps_worker(worker, family, to));
        if let (Some(worker), Destination::Stage(stage)) = (held_by, to) {
            self.overlap(family, from, stage, worker, now);
        }
        if let Some(worker) = held_by
            && kept.is_none()
        {
            self.free_room(worker, now);
        }
        self.decide(family, to, now);
        match to {
            Destination::End(end) => self.close(family, end, now),
            Destination::Stage(stage) => {
                self.count_move(family, from, stage, held_by, now);
                if terms.stages[stage].referral && !terms.stages[from].referral {
                    self.refer(family, now);
                }
                match kept {
                    Some(worker) => self.carry_on(family, stage, worker, now),
                    None => self.enter(family, stage, now),
                }
            }
        }
    }

    /// Takes a family out of its stage; returns the worker who held it.
    fn leave(&mut self, family: usize, now: f64) -> Option<usize> {
        let terms = self.terms_of(family);
        let member = &mut self.state.families[family];
        let (area, stage, children) =
            (usize::from(member.area), usize::from(member.stage), f64::from(member.children));
        let (status, entered) = (member.status, member.entered);
        let on_its_way = std::mem::take(&mut member.on_its_way);
        let worker = member.worker as usize;
        member.generation = member.generation.wrapping_add(1);
        let recorder = &mut self.state.recorder;
        let left = recorder.left(now);
        let flow = recorder.flow(area, stage);
        flow.week.leaves += 1.0;
        flow.week.stay_days += now - entered;
        let held = status == Status::Held;
        if held {
            flow.open.add(-1.0, left);
            flow.children.add(-children, left);
        } else {
            flow.waiting.add(-1.0, left);
        }
        self.state.audit.left(stage, entered, now);
        let HolderTerms::Team(team) = terms.stages[stage].holder else {
            return None;
        };
        if !held {
            if !on_its_way {
                self.state.units[self.frame.unit(team, area)].waiting -= 1;
            }
            return None;
        }
        let case = self.state.workers[worker].release(family, terms.stages[stage].urgent);
        self.note_hours(worker, &case, now);
        Some(worker)
    }

    /// Whether a family goes on with the worker it has.
    fn keeps_worker(&self, worker: usize, family: usize, to: Destination) -> bool {
        let Destination::Stage(stage) = to else {
            return false;
        };
        let terms = &self.terms_of(family).stages[stage];
        let HolderTerms::Team(team) = terms.holder else {
            return false;
        };
        let area = usize::from(self.state.families[family].area);
        terms.keep_worker && self.frame.serves(team, area) && self.team_of(worker) == team
    }

    /// The kind of team a worker belongs to.
    fn team_of(&self, worker: usize) -> usize {
        self.frame.scenario.units[self.state.workers[worker].unit as usize].team
    }

    /// A worker who steps a family down to another team holds it for a while longer: a shadow of the
    /// family stays in the stage, with its weight and hours.
    fn overlap(&mut self, family: usize, from: usize, to: usize, worker: usize, now: f64) {
        let terms = self.terms_of(family);
        let (old, new) = (&terms.stages[from], &terms.stages[to]);
        let HolderTerms::Team(team) = new.holder else { return };
        if new.overlap <= 0.0 || new.level >= old.level || new.level == 0 || team == self.team_of(worker) {
            return;
        }
        let member = &self.state.families[family];
        let (key, area, children) = (member.key, usize::from(member.area), member.children);
        let (source, natural) = (usize::from(member.source), member.natural);
        let shadow = self.state.families.add(key, area, source, children);
        let member = &mut self.state.families[shadow];
        (member.shadow, member.stage, member.status) = (true, from as u16, Status::Held);
        (member.entered, member.started, member.natural, member.left) = (now, now, natural, new.overlap);
        self.state.audit.initial += 1;
        self.state.audit.entered[from] += 1;
        let left = self.state.recorder.left(now);
        let flow = self.state.recorder.flow(area, from);
        flow.open.add(1.0, left);
        flow.children.add(f64::from(children), left);
        self.hold(shadow, worker, now);
    }

    /// A worker lets go of what was only a shadow; its case has been taken from them already.
    pub(super) fn end_shadow(&mut self, shadow: usize, now: f64) {
        let member = &self.state.families[shadow];
        let (area, stage, children) =
            (usize::from(member.area), usize::from(member.stage), f64::from(member.children));
        let entered = member.entered;
        let left = self.state.recorder.left(now);
        let flow = self.state.recorder.flow(area, stage);
        flow.open.add(-1.0, left);
        flow.children.add(-children, left);
        self.state.audit.left(stage, entered, now);
        self.state.audit.closed += 1;
        self.state.families.remove(shadow);
    }

    /// Begins a stage with the worker of the last one. It is no new allocation: counting one, with
    /// no wait, would make the mean wait of those who are allocated look shorter than it is.
    fn carry_on(&mut self, family: usize, stage: usize, worker: usize, now: f64) {
        let frame = self.frame;
        self.begin_visit(family, stage, now);
        self.move_clocks(&frame.clocks.enter[stage], family, now);
        self.drop_clocks(&frame.clocks.moot[stage], family, now);
        self.hold(family, worker, now);
        self.begin_work(family, now);
        // Its weight may be less than before.
        self.free_room(worker, now);
    }

    /// Counts a move between stages: up, down, from team to team.
    fn count_move(&mut self, family: usize, from: usize, to: usize, held_by: Option<usize>, now: f64) {
        let terms = self.terms_of(family);
        let (old, new) = (&terms.stages[from], &terms.stages[to]);
        let area = usize::from(self.state.families[family].area);
        let week = &mut self.state.recorder.flow(area, to).week;
        if old.level > 0 && new.level > 0 && !old.front_door {
            week.step_ups += f64::from(u8::from(new.level > old.level));
            week.step_downs += f64::from(u8::from(new.level < old.level));
        }
        if let (Some(worker), HolderTerms::Team(team)) = (held_by, &new.holder)
            && self.team_of(worker) != *team
        {
            self.state.recorder.flow(area, to).week.transfers += 1.0;
            self.state.families[family].transferred = true;
            self.add_handover(worker, new.handover_hours, now);
            self.refresh(worker, now);
        }
    }

    /// The front door has decided when a family first leaves its stages.
    fn decide(&mut self, family: usize, to: Destination, now: f64) {
        let stays =
            || matches!(to, Destination::Stage(stage) if self.frame.scenario.stages[stage].front_door);
        if !self.state.families[family].undecided || stays() {
            return;
        }
        let frame = self.frame;
        let member = &mut self.state.families[family];
        member.undecided = false;
        let (area, arrived) = (usize::from(member.area), member.arrived);
        let wait = frame.calendar.working_days_between(arrived, now);
        self.state.recorder.counts[area].decided += 1.0;
        self.state.recorder.decisions[area].note(wait);
        self.move_clocks(&frame.clocks.decided, family, now);
    }

    /// Counts a referral.
    fn refer(&mut self, family: usize, now: f64) {
        let member = &mut self.state.families[family];
        let again = now - member.referred <= RE_REFERRAL_DAYS;
        member.referred = now;
        let counts = &mut self.state.recorder.counts[usize::from(member.area)];
        counts.referrals += 1.0;
        counts.re_referrals += f64::from(u8::from(again));
    }

    /// Closes a family's case; it may come back.
    fn close(&mut self, family: usize, end: usize, now: f64) {
        let area = usize::from(self.state.families[family].area);
        self.state.recorder.counts[area].ends[end] += 1.0;
        self.state.audit.closed += 1;
        let frame = self.frame;
        self.drop_clocks(&frame.clocks.all, family, now);
        let due = self.terms(area).returns[end].as_ref().and_then(|back| {
            let key = self.visit_key(family).purpose(Purpose::Return);
            // The exponential, given that it falls within the period at risk.
            let delay = || -back.mean * libm::log1p(-key.child(1).uniform() * back.within);
            (key.uniform() < back.share).then(|| now + delay())
        });
        match due.filter(|&due| due < self.frame.days as f64) {
            Some(due) => {
                let member = &mut self.state.families[family];
                member.status = Status::Away;
                member.stage = end as u16;
                member.generation = member.generation.wrapping_add(1);
                self.state.audit.away += 1;
                self.state.events.push(Event::new(due, EventKind::Return, family as u32, member.generation));
            }
            None => self.state.families.remove(family),
        }
    }

    /// Plans the end of a stage that no desk and no worker holds.
    fn plan_end(&mut self, family: usize, natural: f64, now: f64) {
        let generation = self.state.families[family].generation;
        self.state.events.push(Event::new(now + natural, EventKind::DelayDone, family as u32, generation));
    }

    /// Plans the first hazard of the stage's work, if it has any.
    #[inline]
    pub(super) fn plan_hazard(&mut self, family: usize, now: f64) {
        let stage = usize::from(self.state.families[family].stage);
        let hazards = &self.terms_of(family).stages[stage].hazards;
        if hazards.is_empty() {
            return;
        }
        self.plan_first(hazards, family, Purpose::Hazard, EventKind::Hazard, now);
    }

    /// Plans the first hazard of waiting, if there is any.
    #[inline]
    pub(super) fn plan_waiting_hazard(&mut self, family: usize, now: f64) {
        let stage = usize::from(self.state.families[family].stage);
        let hazards = &self.terms_of(family).stages[stage].waiting_hazards;
        if hazards.is_empty() {
            return;
        }
        self.plan_first(hazards, family, Purpose::Waiting, EventKind::WaitingHazard, now);
    }

    fn plan_first(
        &mut self,
        hazards: &[HazardTerms],
        family: usize,
        purpose: Purpose,
        kind: EventKind,
        now: f64,
    ) {
        if let Some((delay, _)) = first_hazard(hazards, self.visit_key(family).purpose(purpose)) {
            let generation = self.state.families[family].generation;
            self.state.events.push(Event::new(now + delay, kind, family as u32, generation));
        }
    }
}

/// The first of several competing hazards: days until it strikes, and where the family then goes.
/// Recomputed from its stream when it strikes, so that nothing need be kept.
fn first_hazard(hazards: &[HazardTerms], key: StreamKey) -> Option<(f64, Destination)> {
    let delay = |index: usize, hazard: &HazardTerms| {
        -hazard.mean_days * libm::log1p(-key.child(index as u64).uniform())
    };
    let times = hazards.iter().enumerate().filter(|(_, hazard)| hazard.mean_days.is_finite());
    times.map(|(index, hazard)| (delay(index, hazard), hazard.to)).min_by(|a, b| a.0.total_cmp(&b.0))
}
