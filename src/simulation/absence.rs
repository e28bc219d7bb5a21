//! Leave, training and sickness of one person.
//!
//! Absence is worked out in days, but told by the week. The stream belongs to the post or manager.

use super::demand::DAYS_PER_YEAR;
use super::frame::Frame;
use super::terms::WorkforceTerms;
use crate::random::StreamKey;

/// Working days of a week without bank holidays.
const WEEK_DAYS: f64 = 5.0;
/// Weeks for which leave is planned at a time.
const LEAVE_YEAR: usize = 52;

/// Leave and sickness of one person.
#[derive(Clone, Debug)]
pub(super) struct Absence {
    key: StreamKey,
    /// Days of leave in each week of the present leave year.
    leave: Vec<f64>,
    /// Share of the year's remaining working days spent in training.
    training: f64,
    /// Hazard left until the next spell.
    spell: f64,
    spells: u64,
    sick_until: f64,
}

impl Absence {
    pub fn new(key: StreamKey) -> Self {
        Self {
            key,
            leave: Vec::new(),
            training: 0.0,
            spell: unit_exponential(key.named("spell").child(0)),
            spells: 0,
            sick_until: f64::NEG_INFINITY,
        }
    }

    /// Share of a full week's working days at work in the week that begins at `now`: less bank
    /// holidays, leave, training, and sickness on what is left. And the share of the week spent sick.
    pub fn present(
        &mut self,
        unit: usize,
        workforce: &WorkforceTerms,
        frame: &Frame,
        now: f64,
        pressure: f64,
    ) -> (f64, f64) {
        let week = (now / 7.0) as usize;
        if week.is_multiple_of(LEAVE_YEAR) || self.leave.is_empty() {
            self.plan_leave(unit, workforce, frame, week / LEAVE_YEAR * LEAVE_YEAR);
        }
        let days = (frame.working_days[week] - self.leave[week % LEAVE_YEAR]) * (1.0 - self.training);
        let sick = self.sick_days(workforce, now, pressure) / 7.0;
        (days * (1.0 - sick) / WEEK_DAYS, sick)
    }

    /// Chooses the weeks of a year's leave: whole weeks, those of school holidays the likelier by
    /// their weight, until the allowance is used up. (Smallest exponential first is weighted sampling
    /// without replacement: Efraimidis and Spirakis 2006.)
    fn plan_leave(&mut self, unit: usize, workforce: &WorkforceTerms, frame: &Frame, first: usize) {
        let key = self.key.named("leave").child(first as u64);
        let weight = |week: usize| {
            if frame.is_holiday_week(unit, week) { workforce.leave_holiday_weight } else { 1.0 }
        };
        let mut order: Vec<(f64, usize)> = (0..LEAVE_YEAR)
            .map(|week| (unit_exponential(key.child(week as u64)) / weight(first + week), week))
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let working_days = |week: usize| frame.working_days.get(first + week).copied().unwrap_or(WEEK_DAYS);
        let a_year = (LEAVE_YEAR * 7) as f64 / DAYS_PER_YEAR;
        let mut left = workforce.leave_days * a_year;
        self.leave = vec![0.0; LEAVE_YEAR];
        for (_, week) in order {
            let days = left.min(working_days(week));
            self.leave[week] = days;
            left -= days;
            if left <= 0.0 {
                break;
            }
        }
        let at_work: f64 = (0..LEAVE_YEAR).map(|week| working_days(week) - self.leave[week]).sum();
        self.training =
            if at_work > 0.0 { (workforce.training_days * a_year / at_work).min(1.0) } else { 0.0 };
    }

    /// Calendar days sick in the week that begins at `now`.
    fn sick_days(&mut self, workforce: &WorkforceTerms, now: f64, pressure: f64) -> f64 {
        let end = now + 7.0;
        let rate = workforce.sickness_spells / DAYS_PER_YEAR * pressure;
        let mut at = now;
        let mut sick = 0.0;
        loop {
            if self.sick_until > at {
                let until = self.sick_until.min(end);
                sick += until - at;
                at = until;
            }
            let well = end - at;
            if well <= 0.0 {
                return sick;
            }
            if rate * well < self.spell {
                self.spell -= rate * well;
                return sick;
            }
            at += self.spell / rate;
            self.spells += 1;
            let key = self.key.named("spell").child(self.spells);
            self.spell = unit_exponential(key);
            let short = key.child(1).uniform() < workforce.sickness_short_share;
            let mean = if short { workforce.sickness_short_days } else { workforce.sickness_long_days };
            self.sick_until = at + mean * unit_exponential(key.child(2));
        }
    }
}

/// An exponential of mean 1.
pub(super) fn unit_exponential(key: StreamKey) -> f64 {
    -libm::log1p(-key.uniform())
}
