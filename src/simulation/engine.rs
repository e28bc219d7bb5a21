//! One replication: the clock, the events, and what each sets off.
//!
//! Days pass one by one: a day's families are generated at its start, then events are handled in
//! exact time order up to its end. Weeks end and begin at midnight before Monday's events.

use super::audit::Audit;
use super::casework::UnitQueue;
use super::chronicle::Chronicle;
use super::demand::{Demand, Fate};
use super::desk::{self, DeskQueue, Person};
use super::events::{Event, EventKind, EventList};
use super::family::Families;
use super::frame::Frame;
use super::initial;
use super::ledger::Ledger;
use super::posts::{self, Post};
use super::record::{Judged, ReplicationRecord};
use super::recorder::Recorder;
use super::terms::Terms;
use super::worker::{Case, Worker};
use super::workforce::{Staff, Supply};
use crate::random::StreamKey;
use crate::scenario::{AreaId, Draw};

/// Time buckets a day of the event list; between 1 and 8 the speed hardly differs.
const BUCKETS_PER_DAY: usize = 16;

/// Everything that changes during a replication. Kept between replications for its memory.
#[derive(Default)]
pub(super) struct State {
    pub events: EventList,
    pub families: Families,
    pub people: Vec<Person>,
    pub desks: Vec<DeskQueue>,
    pub workers: Vec<Worker>,
    /// Each worker's room, side by side for the search of the roomiest.
    pub rooms: Vec<f64>,
    pub units: Vec<UnitQueue>,
    pub staff: Staff,
    /// What each post supplies this week, and what it is to supply in the week that begins.
    pub supplies: Vec<Supply>,
    pub next_supplies: Vec<Supply>,
    /// By area and stage, the share of support hours that falls back on the cases' own workers.
    pub spill: Vec<f64>,
    /// Cases of a worker who has gone; empty between uses.
    pub dropped: Vec<(Case, f64)>,
    pub recorder: Recorder,
    pub audit: Audit,
    pub ledger: Ledger,
    /// What happened to each family, where somebody asks.
    pub chronicle: Option<Box<Chronicle>>,
    handled: u64,
}

/// A replication under way.
pub(super) struct Run<'a, 's> {
    pub frame: &'a Frame<'s>,
    /// One for each version of [`super::timetable::Timetable`].
    pub terms: &'a [Terms],
    /// By area, the one in force: looked up once a week, for every event asks.
    pub in_force: Vec<&'a Terms>,
    pub draw: &'a Draw,
    pub demand: &'a Demand,
    pub posts: &'a [Post],
    pub rules: Rules,
    pub key: StreamKey,
    pub state: &'a mut State,
}

/// Which parts of the weekly business a scenario has at all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub managers: bool,
    pub cover: bool,
    pub support: bool,
    pub oversight: bool,
    /// Interventions change the terms from week to week.
    pub versions: bool,
    pub dips: bool,
    /// What each post supplies never changes.
    pub steady: bool,
}

impl Rules {
    fn new(frame: &Frame, terms: &[Terms], posts: &[Post]) -> Self {
        let stages = || terms.iter().flat_map(|terms| &terms.stages);
        let teams = || terms.iter().flat_map(|terms| &terms.teams);
        let workforces = || teams().filter_map(|team| team.workforce.as_ref());
        let support = stages().any(|stage| stage.support.is_some());
        let oversight = stages().any(|stage| stage.oversight.is_some());
        let versions = frame.timetable.changes();
        let dips = frame.scenario.interventions.iter().any(|intervention| intervention.dip.is_some());
        let comes_or_goes = |post: &Post| post.from > f64::NEG_INFINITY || post.to < f64::INFINITY;
        let people_change = workforces().next().is_some() || posts.iter().any(comes_or_goes);
        Self {
            managers: workforces().any(|workforce| workforce.managers.is_some()),
            cover: workforces().any(|workforce| workforce.cover > 0.0),
            support,
            oversight,
            versions,
            dips,
            steady: !(people_change || support || oversight || versions || dips),
        }
    }
}

/// Runs one replication under a draw.
///
/// # Errors
/// The law that does not hold, if one does not.
pub(super) fn replicate(
    frame: &Frame,
    judged: &[(Judged, Option<usize>)],
    draw: &Draw,
    key: StreamKey,
    state: &mut State,
    record: &mut ReplicationRecord,
) -> Result<(), String> {
    let terms = Terms::versions(frame, draw);
    let demand = Demand::new(frame, draw, key);
    let posts = posts::posts(frame, draw, &terms);
    state.events.reset(frame.days, BUCKETS_PER_DAY);
    state.families.reset(frame.scenario.clocks.len());
    state.recorder.reset(frame);
    state.audit.reset(frame, draw);
    state.ledger.reset(frame, draw, key, &posts);
    state.handled = 0;
    desk::set_up(frame, draw, &mut state.people, &mut state.desks);
    let mut run = Run {
        frame,
        terms: &terms,
        in_force: frame.timetable.in_force(&terms, 0),
        draw,
        demand: &demand,
        posts: &posts,
        rules: Rules::new(frame, &terms, &posts),
        key,
        state,
    };
    run.set_up_units();
    run.simulate(record);
    let overdue = run.overdue();
    run.state.recorder.finish(frame, judged, &overdue, record);
    record.events = run.state.handled;
    record.costs = run.state.ledger.close(frame, draw)?;
    run.check_money(record)?;
    run.check()
}

impl<'a> Run<'a, '_> {
    /// The terms now in force in an area.
    #[inline]
    pub fn terms(&self, area: AreaId) -> &'a Terms {
        self.in_force[area]
    }

    /// The terms now in force for a family.
    #[inline]
    pub fn terms_of(&self, family: usize) -> &'a Terms {
        self.terms(usize::from(self.state.families[family].area))
    }

    /// The terms now in force for a unit's people.
    #[inline]
    pub fn unit_terms(&self, unit: usize) -> &'a Terms {
        self.terms(self.frame.home(unit))
    }
}

impl Run<'_, '_> {
    fn simulate(&mut self, record: &mut ReplicationRecord) {
        for day in 0..self.frame.days {
            if day % 7 == 0 {
                self.turn_week(day, record);
            }
            self.generate(day);
            while let Some(event) = self.state.events.pop_before(day + 1) {
                self.state.handled += 1;
                self.handle(event);
            }
        }
        self.turn_week(self.frame.days, record);
    }

    /// Ends the week before `day` and begins the one after.
    fn turn_week(&mut self, day: usize, record: &mut ReplicationRecord) {
        let now = day as f64;
        if day > 0 {
            self.note_team_queues(now);
            self.note_desk_queues(now);
            let week =
                (day.checked_sub(self.frame.warm_up_days)).and_then(|reported| (reported / 7).checked_sub(1));
            let state = &mut *self.state;
            state.recorder.end_week(self.frame, week, &mut state.ledger, record);
            if let Some(week) = week {
                self.audit_week(week);
            }
        }
        if day == self.frame.warm_up_days {
            self.state.recorder.begin_horizon();
            self.begin_audit(now);
        }
        if day < self.frame.days {
            self.begin_week(day / 7, now);
        }
        if day == 0 {
            initial::place(self);
        }
    }

    fn handle(&mut self, event: Event) {
        let (subject, now) = (event.subject(), event.time);
        match event.kind() {
            EventKind::DeskDone => self.desk_done(subject, now),
            EventKind::DeskWake => self.wake_desk(subject, event),
            EventKind::WorkerDone => self.worker_done(event),
            EventKind::Arrive => self.arrive(subject, now),
            _ if !event.is_current(self.state.families[subject].generation) => {}
            EventKind::DelayDone => self.complete(subject, now),
            EventKind::Review => self.close_or_wait(subject, now),
            EventKind::Hazard => self.strike(subject, now),
            EventKind::WaitingHazard => self.strike_waiting(subject, now),
            EventKind::TransferDone => self.transfer_done(subject, now),
            EventKind::Return => self.come_back(subject, now),
        }
    }

    /// A day's needs arise: those seen make contact, others come forward later or stay hidden.
    fn generate(&mut self, day: usize) {
        let (frame, in_force) = (self.frame, &self.in_force);
        let in_horizon = day >= frame.warm_up_days;
        let end = frame.days as f64;
        let state = &mut *self.state;
        let rates = |area: AreaId| &in_force[area].rates;
        self.demand.for_each_need(frame, rates, day, |area, source, time, key| {
            let newcomer = Demand::newcomer(frame, in_force[area], area, source, time, key);
            let contact = match newcomer.fate {
                Fate::Seen => time,
                Fate::Resurfaces(later) => later,
                Fate::Hidden => f64::INFINITY,
            };
            let hidden_now = newcomer.fate != Fate::Seen && in_horizon;
            if hidden_now {
                state.recorder.counts[area].hidden += 1.0;
            }
            if contact < end {
                let family = state.families.add(key, area, source, newcomer.children);
                // What was hidden before the horizon is not in its stock, and must not leave it.
                state.families[family].hidden = hidden_now;
                state.events.push(Event::new(contact, EventKind::Arrive, family as u32, 0));
            }
        });
    }
}
