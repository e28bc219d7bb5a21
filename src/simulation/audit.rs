//! Conservation laws, checked in every replication.
//!
//! An independent count beside the measures: families in equal families out and still there, at
//! every stage and overall; the time integral of those present equals the sum of their stays
//! (Little's law over a finite time, which is exact); hours needed equal what each case needed while
//! it was held; pay equals full-time equivalents at their rates, and pence equal pounds. A law that
//! fails is a defect of the engine, and stops the run.

use super::engine::Run;
use super::family::Status;
use super::frame::Frame;
use super::record::ReplicationRecord;
use super::worker::{Case, HANDOVER};
use crate::scenario::{Draw, Rates, Unit};

/// Sums that must balance.
#[derive(Default)]
pub(super) struct Audit {
    /// Families who made contact for the first time, and those open at the start.
    pub arrived: u64,
    pub initial: u64,
    /// Cases closed; of these, families who will come back; families who came back.
    pub closed: u64,
    pub away: u64,
    pub returned: u64,
    /// By stage.
    pub entered: Vec<u64>,
    gone: Vec<u64>,
    /// By stage: days that families who left had spent there within the horizon.
    stays: Vec<f64>,
    /// By unit: hours that cases let go had needed within the horizon.
    hours: Vec<f64>,
    horizon_begin: f64,
    /// By stage: integral of families present over the horizon, from the measures' levels.
    present: Vec<f64>,
    /// By unit: integral of hours needed, likewise.
    needed: Vec<f64>,
    /// By unit: what its people cost at the least and the most that its grades are paid, pounds,
    /// from the measures' levels.
    pay: Vec<[f64; 2]>,
    /// By unit: the lowest and the highest rates of its grades.
    rates: Vec<[PayRates; 2]>,
}

/// Pounds a year of a permanent worker, of an agency worker; pounds for a new starter.
type PayRates = [f64; 3];

impl Audit {
    /// Begins again.
    pub fn reset(&mut self, frame: &Frame, draw: &Draw) {
        let (stages, units) = (frame.scenario.stages.len(), frame.scenario.units.len());
        *self = Self {
            entered: vec![0; stages],
            gone: vec![0; stages],
            stays: vec![0.0; stages],
            hours: vec![0.0; units],
            present: vec![0.0; stages],
            needed: vec![0.0; units],
            pay: vec![[0.0; 2]; units],
            rates: pay_rates(frame, draw),
            horizon_begin: f64::INFINITY,
            ..Self::default()
        };
    }

    /// A family leaves a stage that it joined at `entered`.
    #[inline]
    pub fn left(&mut self, stage: usize, entered: f64, now: f64) {
        self.gone[stage] += 1;
        self.stays[stage] += self.within_horizon(entered, now);
    }

    /// A case's hours change, or it is let go: what it has needed so far goes into the books.
    #[inline]
    pub fn note_case(&mut self, unit: usize, case: &Case, now: f64) {
        self.hours[unit] += case.hours / 7.0 * self.within_horizon(case.since, now);
    }

    /// A pool's work of a week, which no case of its own carries.
    pub fn pooled(&mut self, unit: usize, hours: f64, week_begin: f64) {
        self.hours[unit] += hours / 7.0 * self.within_horizon(week_begin, week_begin + 7.0);
    }

    fn within_horizon(&self, from: f64, to: f64) -> f64 {
        (to - from.max(self.horizon_begin)).max(0.0)
    }
}

impl Run<'_, '_> {
    /// The horizon begins: stays count from here.
    pub(super) fn begin_audit(&mut self, now: f64) {
        self.state.audit.horizon_begin = now;
    }

    /// A week's figures go into the books.
    pub(super) fn audit_week(&mut self, week: usize) {
        let stages = self.frame.scenario.stages.len();
        let (recorder, audit) = (&self.state.recorder, &mut self.state.audit);
        for (index, flow) in recorder.week_flows().iter().enumerate() {
            audit.present[index % stages] += (flow.open + flow.waiting) * 7.0;
        }
        for (unit, capacity) in recorder.week_capacity().iter().enumerate() {
            audit.needed[unit] += capacity.needed;
        }
        let Some(plan) = &self.frame.costs else { return };
        let share: f64 = (plan.weeks[week].iter())
            .map(|part| part.days_within(part.from, part.to) / plan.years[part.year].days)
            .sum();
        for (unit, capacity) in recorder.week_capacity().iter().enumerate() {
            for (pounds, [permanent, agency, starter]) in audit.pay[unit].iter_mut().zip(&audit.rates[unit]) {
                *pounds += share * (capacity.in_post * permanent + capacity.agency * agency)
                    + capacity.starters * starter;
            }
        }
    }

    /// Pay recounted from full-time equivalents, and pence against pounds.
    pub(super) fn check_money(&self, record: &ReplicationRecord) -> Result<(), String> {
        let Some(plan) = &self.frame.costs else { return Ok(()) };
        let ledger = &self.state.ledger;
        for (unit, pounds) in ledger.unit_pounds().iter().enumerate() {
            let [least, most] = self.state.audit.pay[unit];
            // With one grade the two are the same.
            if *pounds < least || *pounds > most {
                let nearest = if *pounds < least { least } else { most };
                let id = &self.frame.scenario.units[unit].id;
                equal(&format!("pay in unit {id}, pounds"), *pounds, nearest)?;
            }
        }
        let pence: i64 = record.costs.iter().sum();
        let pounds = ledger.all_pounds();
        // Each charge and year is rounded once, by at most half a penny.
        let rounding = 0.005 * (plan.charges.len() * plan.years.len()) as f64 + 1e-9 * pounds;
        if (pence as f64 / 100.0 - pounds).abs() <= rounding {
            Ok(())
        } else {
            Err(format!("{pence} pence in the lines of costs against {pounds} pounds spent"))
        }
    }

    /// A case is let go: what it needed goes into the books.
    pub(super) fn note_hours(&mut self, worker: usize, case: &Case, now: f64) {
        let unit = self.state.workers[worker].unit as usize;
        self.state.audit.note_case(unit, case, now);
    }

    /// Balances the books at the end of the run.
    pub(super) fn check(&mut self) -> Result<(), String> {
        self.settle();
        let state = &*self.state;
        let audit = &state.audit;
        let stages = &self.frame.scenario.stages;
        let mut present = vec![0_u64; stages.len()];
        let mut away = 0_u64;
        for (_, member) in state.families.iter() {
            match member.status {
                Status::Waiting | Status::Held => present[usize::from(member.stage)] += 1,
                Status::Away => away += 1,
                Status::Free | Status::Coming => {}
            }
        }
        let inside: u64 = present.iter().sum();
        let balance = [
            ("families in and out", audit.arrived + audit.initial + audit.returned, audit.closed + inside),
            ("families away", audit.away, audit.returned + away),
        ];
        for (what, left, right) in balance {
            if left != right {
                return Err(format!("{what}: {left} against {right}"));
            }
        }
        for (stage, described) in stages.iter().enumerate() {
            let name = &described.id;
            if audit.entered[stage] != audit.gone[stage] + present[stage] {
                let (entered, gone, here) = (audit.entered[stage], audit.gone[stage], present[stage]);
                return Err(format!("stage {name}: {entered} joined, {gone} left, {here} are there"));
            }
            equal(
                &format!("Little's law at stage {name}, family-days"),
                audit.present[stage],
                audit.stays[stage],
            )?;
        }
        for (unit, described) in self.frame.scenario.units.iter().enumerate() {
            equal(&format!("hours needed in unit {}", described.id), audit.needed[unit], audit.hours[unit])?;
        }
        Ok(())
    }

    /// Adds what those still there have spent and needed.
    fn settle(&mut self) {
        let now = self.frame.days as f64;
        let state = &mut *self.state;
        for (_, member) in state
            .families
            .iter()
            .filter(|(_, member)| matches!(member.status, Status::Waiting | Status::Held))
        {
            let stay = state.audit.within_horizon(member.entered, now);
            state.audit.stays[usize::from(member.stage)] += stay;
        }
        for worker in &state.workers {
            for case in worker.cases() {
                debug_assert!(
                    case.family == HANDOVER || state.families[case.family as usize].status == Status::Held
                );
                let hours = case.hours / 7.0 * state.audit.within_horizon(case.since, now);
                state.audit.hours[worker.unit as usize] += hours;
            }
        }
    }
}

/// For each unit, the lowest and the highest that its workers' grades are paid; zero where they are not.
/// What a post costs a year is the scenario's to say; what the audit counts anew is who was paid, and for
/// how long.
fn pay_rates(frame: &Frame, draw: &Draw) -> Vec<[PayRates; 2]> {
    let (scenario, money) = (frame.scenario, &frame.scenario.money);
    let rates = |rates: &Rates| [rates.permanent(draw), rates.agency(draw), draw[rates.recruitment]];
    let of_unit = |(index, unit): (usize, &Unit)| {
        let Some(pay) = money.pay_of(&scenario.teams[unit.team].role) else { return [[0.0; 3]; 2] };
        let grades = unit.workers.iter().map(|group| group.grade.as_deref());
        // Posts that an intervention brings are paid as the role is.
        let changes = scenario.interventions.iter().flat_map(|intervention| &intervention.posts);
        let brought = changes.filter(|change| change.unit == index).map(|_| None);
        let grades = grades.chain(brought);
        let all: Vec<PayRates> = grades.map(|grade| rates(&Rates::of(&money.pay[pay], grade))).collect();
        let extreme = |pick: fn(f64, f64) -> f64| {
            let first = all.first().copied().unwrap_or_default();
            all.iter().fold(first, |sofar, one| std::array::from_fn(|at| pick(sofar[at], one[at])))
        };
        [extreme(f64::min), extreme(f64::max)]
    };
    scenario.units.iter().enumerate().map(of_unit).collect()
}

/// Two ways of counting the same must agree but for rounding.
fn equal(what: &str, left: f64, right: f64) -> Result<(), String> {
    let scale = left.abs().max(right.abs()).max(1.0);
    if (left - right).abs() <= 1e-6 * scale { Ok(()) } else { Err(format!("{what}: {left} against {right}")) }
}
