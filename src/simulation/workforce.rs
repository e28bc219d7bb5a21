//! Who is at work, week by week.
//!
//! At the start of the run and of every week each post says who holds it and what that person
//! supplies ([`Staff::week`]); the engine acts on what has changed. Without a workforce in the
//! scenario, posts are filled and present throughout at their team's net share of days.
//!
//! **Weeks.** Absence is worked out in days, but acts on a worker's hours week by week; people join
//! and leave at the start of a week. **Randomness** belongs to the post: its stream does not depend
//! on other posts, on demand, or on how many posts there are.

use std::collections::BTreeMap;

use super::absence::{Absence, unit_exponential};
use super::demand::DAYS_PER_YEAR;
use super::frame::Frame;
use super::posts::{Filling, Post};
use super::terms::{Terms, WorkforceTerms};
use super::worker::Worker;
use crate::random::{Purpose, StreamKey};

/// Number of the person in a post that does not exist.
pub(super) const NO_POST: u32 = u32::MAX;

/// What a worker supplies in a week.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Supply {
    /// Points that may be held before no more cases are taken.
    pub limit: f64,
    /// Hours for cases.
    pub hours: f64,
    /// Takes new cases (is there at some time of the week).
    pub open: bool,
    /// Number of the person in the post: rises with each change.
    pub person: u32,
    /// Full-time equivalents: permanent, vacant, agency, away.
    pub in_post: f64,
    pub vacant: f64,
    pub agency: f64,
    pub absent: f64,
    /// Of those in post and agency staff, sick, whether or not they would have been at work.
    pub sick: f64,
    /// Who left the post as the week began.
    pub left: f64,
}

/// Everybody, in order of units and posts.
#[derive(Debug, Default)]
pub(super) struct Staff {
    posts: Vec<Incumbency>,
    /// By unit.
    managers: Vec<Vec<Absence>>,
}

/// Who holds a post.
#[derive(Clone, Debug)]
struct Incumbency {
    key: StreamKey,
    who: Who,
    person: u32,
    /// When the present person began; minus infinity for those in post at the first day.
    since: f64,
    /// End of the protected first year; minus infinity for nobody's.
    protected_until: f64,
    /// When a new starter comes, and when agency cover begins; infinite when not to come.
    starter_comes: f64,
    agency_comes: f64,
    /// Hazard left until the present person leaves.
    leaving: f64,
    absence: Absence,
}

/// Who holds a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Permanent,
    Agency,
    Nobody,
}

/// Puts the posts' workers in place, with nothing to do yet.
pub(super) fn fill_posts(posts: &[Post], frame: &Frame, terms: &Terms, workers: &mut Vec<Worker>) {
    workers.resize_with(posts.len(), Worker::default);
    for (post, worker) in posts.iter().zip(workers) {
        worker.reset(post.unit, post.fte, terms.teams[frame.scenario.units[post.unit].team].stretch);
    }
}

impl Staff {
    /// Who is in post on the first day.
    pub fn set_up(&mut self, posts: &[Post], frame: &Frame, terms: &Terms, replication: StreamKey) {
        self.posts.clear();
        self.managers.clear();
        let mut number = 0;
        for (unit, described) in frame.scenario.units.iter().enumerate() {
            let team = &frame.scenario.teams[described.team];
            let key = replication.named("team").named(&team.id).named(&described.id).purpose(Purpose::Worker);
            let workforce = terms.teams[described.team].workforce.as_ref();
            let own: Vec<&Post> = posts.iter().filter(|post| post.unit == unit).collect();
            let mut places = BTreeMap::<u64, u64>::new();
            for post in &own {
                let place = places.entry(post.brought_by).or_default();
                let key = if post.brought_by == 0 { key } else { key.child(post.brought_by) };
                self.posts.push(Incumbency::new(key.child(*place), post, workforce));
                *place += 1;
                number += 1;
            }
            let span =
                workforce.and_then(|workforce| workforce.managers.as_ref()).map(|managers| managers.span);
            let count =
                span.map_or(0, |span| managers_for(own.iter().map(|post| post.fte).sum(), span) as u64);
            let manager = key.named("manager");
            self.managers.push((0..count).map(|place| Absence::new(manager.child(place))).collect());
        }
        debug_assert_eq!(number, posts.len());
    }

    /// What a post supplies in the week that begins at `now`; `load` is what its worker holds
    /// relative to the limit.
    pub fn week(
        &mut self,
        index: usize,
        post: &Post,
        terms: &Terms,
        frame: &Frame,
        now: f64,
        load: f64,
    ) -> Supply {
        if !post.exists(now) {
            return Supply { person: NO_POST, ..Supply::default() };
        }
        let team = &terms.teams[frame.scenario.units[post.unit].team];
        let full = Supply {
            limit: finite(team.points_per_fte * post.fte * post.experience),
            hours: post.fte * team.hours_per_fte * terms.productivity[post.unit],
            open: true,
            in_post: post.fte,
            ..Supply::default()
        };
        let supply = match &team.workforce {
            None => Supply { hours: full.hours * team.present_share, ..full },
            Some(workforce) => self.posts[index].week(post, &full, workforce, frame, now, load),
        };
        if post.holds_cases { supply } else { Supply { limit: 0.0, hours: 0.0, open: false, ..supply } }
    }

    /// How many managers a unit with `fte` full-time equivalents of workers has.
    pub fn managers(&self, unit: usize, fte: f64, span: f64) -> usize {
        managers_for(fte, span).min(self.managers[unit].len())
    }

    /// Whether a unit's manager is away for the whole of the week that begins at `now`.
    pub fn manager_away(
        &mut self,
        unit: usize,
        manager: usize,
        workforce: &WorkforceTerms,
        frame: &Frame,
        now: f64,
    ) -> bool {
        let (present, _) = self.managers[unit][manager].present(unit, workforce, frame, now, 1.0);
        present <= 0.0
    }
}

/// Managers follow their span.
fn managers_for(fte: f64, span: f64) -> usize {
    (fte / span - 1e-9).ceil().max(0.0) as usize
}

fn finite(limit: f64) -> f64 {
    if limit.is_nan() { 0.0 } else { limit }
}

impl Incumbency {
    fn new(key: StreamKey, terms: &Post, workforce: Option<&WorkforceTerms>) -> Self {
        let absence = Absence::new(key.named("absence"));
        let forever = f64::INFINITY;
        let mut post = Self {
            key,
            who: Who::Permanent,
            person: 0,
            since: f64::NEG_INFINITY,
            protected_until: f64::NEG_INFINITY,
            starter_comes: forever,
            agency_comes: forever,
            leaving: unit_exponential(key.named("leaving").child(0)),
            absence,
        };
        if terms.filling != Filling::Held {
            (post.who, post.starter_comes) = (Who::Nobody, terms.from);
        }
        if let Some(workforce) = workforce {
            let first = key.named("first day");
            match terms.filling {
                Filling::Held => {}
                Filling::Starter => return post,
                Filling::Vacant => {
                    post.vacate(workforce, terms.from);
                    return post;
                }
            }
            if first.child(0).uniform() < workforce.vacant_share {
                // A vacancy found open: it has gone on for a while.
                post.vacate(workforce, 0.0);
                let (gone, left) = workforce.time_to_hire.sample_open(&mut first.child(1).open());
                post.starter_comes = left;
                post.agency_comes -= gone;
            } else if first.child(2).uniform() < workforce.newly_qualified_share {
                post.protected_until = first.child(3).uniform() * workforce.newly_qualified_weeks * 7.0;
            }
        }
        post
    }

    /// The post falls vacant.
    fn vacate(&mut self, workforce: &WorkforceTerms, now: f64) {
        let key = self.key.named("vacancy").child(u64::from(self.person));
        self.who = Who::Nobody;
        self.person += 1;
        self.starter_comes = now + workforce.time_to_hire.sample(&mut key.open());
        let covered = key.uniform() < workforce.agency_share;
        self.agency_comes = if covered { now + workforce.agency_delay } else { f64::INFINITY };
    }

    /// A new starter takes the post.
    fn start(&mut self, workforce: &WorkforceTerms, now: f64) {
        self.person += 1;
        let key = self.key.named("starter").child(u64::from(self.person));
        self.who = Who::Permanent;
        self.since = now;
        self.starter_comes = f64::INFINITY;
        self.agency_comes = f64::INFINITY;
        self.leaving = unit_exponential(self.key.named("leaving").child(u64::from(self.person)));
        let protected = key.uniform() < workforce.newly_qualified_share;
        self.protected_until =
            if protected { now + workforce.newly_qualified_weeks * 7.0 } else { f64::NEG_INFINITY };
    }

    /// Who comes and goes as a week begins; then what the post supplies in it.
    fn week(
        &mut self,
        post: &Post,
        full: &Supply,
        workforce: &WorkforceTerms,
        frame: &Frame,
        now: f64,
        load: f64,
    ) -> Supply {
        let mut left = 0.0;
        if self.who != Who::Permanent && now >= self.starter_comes {
            self.start(workforce, now);
        } else if self.who == Who::Nobody && now >= self.agency_comes {
            self.who = Who::Agency;
            self.person += 1;
        } else if self.who == Who::Permanent && now > 0.0 {
            self.leaving -=
                workforce.leavers * 7.0 / DAYS_PER_YEAR * pressure(load, workforce.leaving_elasticity);
            if self.leaving <= 0.0 {
                left = post.fte;
                self.vacate(workforce, now);
            }
        }
        let (present, sick) = self.absence.present(
            post.unit,
            workforce,
            frame,
            now,
            pressure(load, workforce.sickness_elasticity),
        );
        let person = self.person;
        let (hours, limit) = match self.who {
            Who::Nobody => return Supply { person, vacant: post.fte, left, ..Supply::default() },
            Who::Agency => (workforce.agency_productivity, workforce.agency_productivity),
            Who::Permanent => self.powers(workforce, now),
        };
        let agency = self.who == Who::Agency;
        Supply {
            limit: full.limit * limit,
            hours: full.hours * hours * present,
            open: present > 0.0,
            person,
            in_post: if agency { 0.0 } else { post.fte },
            vacant: if agency { post.fte } else { 0.0 },
            agency: if agency { post.fte } else { 0.0 },
            absent: post.fte * (1.0 - present),
            sick: post.fte * sick,
            left,
        }
    }

    /// Shares of full hours and points that a permanent worker has reached.
    fn powers(&self, workforce: &WorkforceTerms, now: f64) -> (f64, f64) {
        let weeks = (now - self.since) / 7.0;
        let ramp = if weeks >= workforce.ramp_weeks {
            1.0
        } else {
            workforce.ramp_from + (1.0 - workforce.ramp_from) * weeks / workforce.ramp_weeks
        };
        if now < self.protected_until {
            (ramp * workforce.newly_qualified_hours, ramp * workforce.newly_qualified_limit)
        } else {
            (ramp, ramp)
        }
    }
}

/// How load raises a hazard: by `elasticity` per cent for each per cent over the limit, and lowers it
/// below.
fn pressure(load: f64, elasticity: f64) -> f64 {
    (1.0 + elasticity * (load - 1.0)).max(0.0)
}
