//! The reference locality model, RLM-1, written out by hand: a yardstick for speed.
//!
//! An event calendar on the standard library's heap, `rand_distr`'s samplers, a few queues: what a
//! careful programmer writes in an afternoon for this one model. It shares no code with caseflow,
//! keeps no record of a case, knows no priorities, hours, workers or attributes, and handles the same
//! events. Caseflow's time divided by this one's can be compared between machines; neither can alone.
//!
//! Consumes a [`Model`] and a seed; produces the [`Figures`] by which engines are compared.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp, Exp1, Gamma, LogNormal};
use rand_pcg::Pcg64Mcg;

/// Localities, alike and independent.
const LOCALITIES: usize = 5;
/// Days simulated, and days of them before anything is measured.
const DAYS: usize = 208 * 7;
const WARM_UP: usize = 52 * 7;
/// Weeks measured.
const WEEKS: usize = (DAYS - WARM_UP) / 7;

/// Weight of each day of the week, Monday first; mean 1.
const WEEKDAY: [f64; 7] = [1.3, 1.25, 1.2, 1.2, 1.15, 0.5, 0.4];
/// Weeks of holidays and of return in a school year of 52.
const HOLIDAYS: [usize; 13] = [7, 16, 17, 24, 30, 31, 38, 46, 47, 48, 49, 50, 51];
const RETURNS: [usize; 9] = [0, 1, 2, 18, 19, 20, 32, 33, 34];

/// Places of the three stations in every list by station.
pub const TRIAGE: usize = 0;
pub const EARLY_HELP: usize = 1;
pub const SOCIAL_WORK: usize = 2;

/// The model's numbers; [`Model::RLM_1`] is the one that engines are compared on.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    /// Referrals a day in each locality, mean of the year.
    pub referrals: f64,
    /// Slots of triage, early help and social work.
    pub slots: [usize; 3],
    /// Mean days in triage, in early help, of an assessment and of a plan.
    pub triage_days: f64,
    pub early_help_days: f64,
    pub assessment_days: f64,
    pub plan_days: f64,
}

impl Model {
    /// The reference locality model.
    pub const RLM_1: Self = Self {
        referrals: 12.0,
        slots: [2, 18 * 12, 38 * 16],
        triage_days: 0.05,
        early_help_days: 35.0,
        assessment_days: 40.0,
        plan_days: 250.0,
    };
}

/// What one replication is compared by: means over the localities, by station.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Families in the queue and slots in use: means over the measured weeks.
    pub queue: [f64; 3],
    pub busy: [f64; 3],
    /// Mean and 90th percentile of the wait for a slot, days.
    pub wait: [f64; 3],
    pub p90: [f64; 3],
    /// Referrals, and ends of triage, early help, assessments and plans.
    pub events: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Referral,
    TriageDone,
    EarlyHelpDone,
    AssessmentDone,
    PlanDone,
}

/// Ordered so that the heap gives the earliest first, and of several at one time the first made.
struct Event {
    time: f64,
    made: u64,
    locality: usize,
    kind: Kind,
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        other.time.total_cmp(&self.time).then_with(|| other.made.cmp(&self.made))
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Event {}

/// A number over time, and its integral over each measured week.
struct Level {
    value: f64,
    since: f64,
    weeks: Vec<f64>,
}

impl Level {
    fn new() -> Self {
        Self { value: 0.0, since: 0.0, weeks: vec![0.0; WEEKS] }
    }

    fn add(&mut self, change: f64, now: f64) {
        self.advance(now);
        self.value += change;
    }

    /// Books the value up to `now`, week by week.
    fn advance(&mut self, now: f64) {
        while self.since < now {
            let week = (self.since / 7.0) as usize;
            let until = ((week + 1) as f64 * 7.0).min(now);
            if let Some(week) = week.checked_sub(WARM_UP / 7) {
                self.weeks[week] += self.value * (until - self.since);
            }
            self.since = until;
        }
    }

    /// Mean of the weeks' averages.
    fn mean(mut self) -> f64 {
        self.advance(DAYS as f64);
        self.weeks.iter().map(|integral| integral / 7.0).sum::<f64>() / WEEKS as f64
    }
}

/// A first-come-first-served queue before identical slots.
struct Station {
    slots: usize,
    taken: usize,
    /// When each who waits joined.
    joined: VecDeque<f64>,
    queue: Level,
    busy: Level,
    waits: Vec<f64>,
}

impl Station {
    fn new(slots: usize) -> Self {
        Self {
            slots,
            taken: 0,
            joined: VecDeque::new(),
            queue: Level::new(),
            busy: Level::new(),
            waits: Vec::new(),
        }
    }

    /// Somebody joins; returns whether a slot is taken at once.
    fn join(&mut self, now: f64) -> bool {
        if self.taken < self.slots {
            self.take(0.0, now);
            true
        } else {
            self.joined.push_back(now);
            self.queue.add(1.0, now);
            false
        }
    }

    /// A slot comes free; returns whether somebody who waited takes it.
    fn leave(&mut self, now: f64) -> bool {
        self.taken -= 1;
        self.busy.add(-1.0, now);
        let next = self.joined.pop_front();
        if let Some(joined) = next {
            self.queue.add(-1.0, now);
            self.take(now - joined, now);
        }
        next.is_some()
    }

    fn take(&mut self, wait: f64, now: f64) {
        self.taken += 1;
        self.busy.add(1.0, now);
        if now >= WARM_UP as f64 {
            self.waits.push(wait);
        }
    }
}

/// How long each stay lasts.
struct Stays {
    triage: Exp<f64>,
    early_help: LogNormal<f64>,
    assessment: LogNormal<f64>,
    plan: Gamma<f64>,
}

impl Stays {
    fn new(model: &Model) -> Self {
        Self {
            triage: Exp::new(1.0 / model.triage_days).expect("a positive mean"),
            early_help: LogNormal::from_mean_cv(model.early_help_days, 0.8).expect("a positive mean"),
            assessment: LogNormal::from_mean_cv(model.assessment_days, 0.6).expect("a positive mean"),
            plan: Gamma::new(1.5, model.plan_days / 1.5).expect("a positive mean"),
        }
    }
}

/// One replication under way.
struct Run {
    events: BinaryHeap<Event>,
    made: u64,
    rng: Pcg64Mcg,
    stays: Stays,
    /// Referrals a day, for each day.
    rates: Vec<f64>,
    localities: Vec<[Station; 3]>,
}

/// Runs one replication of five localities over 208 weeks.
pub fn replicate(model: &Model, seed: u64) -> Figures {
    let mut run = Run {
        events: BinaryHeap::new(),
        made: 0,
        rng: Pcg64Mcg::seed_from_u64(seed),
        stays: Stays::new(model),
        rates: rates(model.referrals),
        localities: (0..LOCALITIES).map(|_| model.slots.map(Station::new)).collect(),
    };
    for locality in 0..LOCALITIES {
        run.plan_referral(locality, 0.0);
    }
    let mut handled = 0;
    while let Some(event) = run.events.pop() {
        handled += 1;
        run.handle(&event);
    }
    figures(run.localities, handled)
}

/// Each day's referrals: the year's mean times the weights of weekday and school week.
fn rates(mean: f64) -> Vec<f64> {
    let school_week: Vec<f64> = (0..52)
        .map(|week| match week {
            _ if HOLIDAYS.contains(&week) => 0.6,
            _ if RETURNS.contains(&week) => 1.3,
            _ => 1.0,
        })
        .collect();
    let scale = mean * 52.0 / school_week.iter().sum::<f64>();
    (0..DAYS).map(|day| scale * WEEKDAY[day % 7] * school_week[day / 7 % 52]).collect()
}

impl Run {
    fn handle(&mut self, event: &Event) {
        let (locality, now) = (event.locality, event.time);
        match event.kind {
            Kind::Referral => {
                self.plan_referral(locality, now);
                self.join(TRIAGE, locality, now);
            }
            Kind::TriageDone => {
                self.leave(TRIAGE, locality, now);
                let u: f64 = self.rng.random();
                if u < 0.45 {
                    self.join(EARLY_HELP, locality, now);
                } else if u < 0.75 {
                    self.join(SOCIAL_WORK, locality, now);
                }
            }
            Kind::EarlyHelpDone => {
                self.leave(EARLY_HELP, locality, now);
                if self.rng.random::<f64>() < 0.12 {
                    self.join(SOCIAL_WORK, locality, now);
                }
            }
            Kind::AssessmentDone => {
                let u: f64 = self.rng.random();
                if u < 0.40 {
                    // The plan keeps the assessment's slot.
                    let stay = self.stays.plan.sample(&mut self.rng);
                    self.plan(Kind::PlanDone, locality, now + stay);
                    return;
                }
                self.leave(SOCIAL_WORK, locality, now);
                if u < 0.55 {
                    self.join(EARLY_HELP, locality, now);
                }
            }
            Kind::PlanDone => self.leave(SOCIAL_WORK, locality, now),
        }
    }

    fn join(&mut self, station: usize, locality: usize, now: f64) {
        if self.localities[locality][station].join(now) {
            self.start(station, locality, now);
        }
    }

    fn leave(&mut self, station: usize, locality: usize, now: f64) {
        if self.localities[locality][station].leave(now) {
            self.start(station, locality, now);
        }
    }

    /// A stay begins in a slot just taken.
    fn start(&mut self, station: usize, locality: usize, now: f64) {
        let rng = &mut self.rng;
        let (kind, stay) = match station {
            TRIAGE => (Kind::TriageDone, self.stays.triage.sample(rng)),
            EARLY_HELP => (Kind::EarlyHelpDone, self.stays.early_help.sample(rng)),
            _ => (Kind::AssessmentDone, self.stays.assessment.sample(rng)),
        };
        self.plan(kind, locality, now + stay);
    }

    /// The next referral after `now`: within a day the rate is constant, and at midnight an
    /// exponential gap may begin afresh, for it has no memory.
    fn plan_referral(&mut self, locality: usize, now: f64) {
        let mut time = now;
        let mut day = now as usize;
        while day < DAYS {
            let gap: f64 = Exp1.sample(&mut self.rng);
            time += gap / self.rates[day];
            if time < (day + 1) as f64 {
                self.plan(Kind::Referral, locality, time);
                return;
            }
            day += 1;
            time = day as f64;
        }
    }

    fn plan(&mut self, kind: Kind, locality: usize, time: f64) {
        if time < DAYS as f64 {
            self.made += 1;
            self.events.push(Event { time, made: self.made, locality, kind });
        }
    }
}

fn figures(localities: Vec<[Station; 3]>, events: u64) -> Figures {
    let mut figures = Figures { queue: [0.0; 3], busy: [0.0; 3], wait: [0.0; 3], p90: [0.0; 3], events };
    let share = 1.0 / LOCALITIES as f64;
    for stations in localities {
        for (place, mut station) in stations.into_iter().enumerate() {
            figures.queue[place] += share * station.queue.mean();
            figures.busy[place] += share * station.busy.mean();
            let n = station.waits.len();
            figures.wait[place] += share * station.waits.iter().sum::<f64>() / n as f64;
            let rank = (9 * n).div_ceil(10) - 1;
            figures.p90[place] += share * *station.waits.select_nth_unstable_by(rank, f64::total_cmp).1;
        }
    }
    figures
}
