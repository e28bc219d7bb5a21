//! What a unit's people supply, on average.
//!
//! Consumes teams, units and the calendar; produces hours and points for each unit, floating staff
//! shared out over the units they help in proportion to the families expected to be open there.
//!
//! Without a workforce a full-time equivalent is there for `present_share` of its hours. With one, it
//! is a post, and four things take from it:
//!
//! - **Away.** Bank holidays as the calendar has them over the horizon; leave and training as a share
//!   of the other working days; sickness as an alternating renewal process: with λ spells a year at
//!   work of mean length m, λm / (1 + λm) of the time. Those away keep their points.
//! - **Vacant.** Posts alternate between filled (1/λ years for λ leavers a year) and vacant (mean τ to
//!   hire): λτ / (1 + λτ) of the time in the end, reached from the first day's share at rate λ + 1/τ,
//!   as if times to hire were exponential. Agency staff cover part of each vacancy after a delay.
//! - **New.** Each leaver makes a starter, who lacks half of what is missing at first over the ramp.
//! - **Protected.** Of the newly qualified among the starters, 1 - exp(-λ × weeks of protection) are
//!   still protected, times to leaving being exponential.
//!
//! **Left out.** That load drives sickness and leaving, cover by colleagues, managers and deputies,
//! when leave is taken, and that those newly qualified on the first day are more than in the long run.

use super::stay::Law;
use crate::calendar::RunCalendar;
use crate::scenario::{Draw, Scenario, Team, Unit, Workforce};

/// Days in a year.
const YEAR: f64 = 365.25;

/// What a full-time equivalent of a team supplies, as shares of a full one that is always there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Presence {
    /// Share of its contracted hours at work, before work that no case sees.
    pub hours: f64,
    /// Share of its points.
    pub points: f64,
}

/// The days over which presence is averaged.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    /// Years from the run's first day to the horizon's.
    from: f64,
    /// Years from the run's first day to its last.
    to: f64,
    /// Working days a year.
    working_days: f64,
    /// Share of weekdays that are working days.
    open_share: f64,
}

impl Period {
    /// The horizon of a scenario.
    pub fn horizon(scenario: &Scenario, calendar: &RunCalendar) -> Self {
        let days = i64::from(scenario.warm_up_weeks) * 7..i64::from(scenario.total_weeks()) * 7;
        let count = |wanted: &dyn Fn(i64) -> bool| days.clone().filter(|day| wanted(*day)).count() as f64;
        let weekdays = count(&|day| calendar.weekday_index(day) < 5).max(1.0);
        let working = count(&|day| calendar.is_working(day));
        let (from, to) = (days.start as f64 / YEAR, days.end as f64 / YEAR);
        Self { from, to, working_days: working / (to - from).max(1e-9), open_share: working / weekdays }
    }
}

impl Presence {
    /// Of a team over a period.
    pub fn of_team(team: &Team, draw: &Draw, period: &Period) -> Self {
        match &team.workforce {
            None => Self { hours: draw[team.present_share], points: 1.0 },
            Some(workforce) => Self::of_workforce(workforce, draw, period),
        }
    }

    fn of_workforce(workforce: &Workforce, draw: &Draw, period: &Period) -> Self {
        let leavers = draw[workforce.leavers];
        let vacant = vacant_share(workforce, draw, period);
        let agency = vacant * agency_cover(workforce, draw) * draw[workforce.agency_productivity];
        let ramp = draw[workforce.ramp_weeks] * 7.0 / YEAR;
        let ramp_lost = (leavers * ramp * (1.0 - draw[workforce.ramp_from]) / 2.0).min(1.0);
        let protection = draw[workforce.newly_qualified_weeks] * 7.0 / YEAR;
        let protected = draw[workforce.newly_qualified_share] * (1.0 - libm::exp(-leavers * protection));
        let filled = (1.0 - vacant) * (1.0 - ramp_lost);
        let supplied = |when_protected: f64| {
            draw[workforce.case_holding_share]
                * (filled * (1.0 - protected * (1.0 - when_protected)) + agency)
        };
        Self {
            hours: supplied(draw[workforce.newly_qualified_hours]) * present_share(workforce, draw, period),
            points: supplied(draw[workforce.newly_qualified_limit]),
        }
    }
}

/// Who is in post, on average over a period, as shares of a team's posts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Staffing {
    /// Posts vacant, covered by agency staff or not.
    pub vacant: f64,
    /// Posts that agency staff cover.
    pub agency: f64,
    /// Time that those in post and agency staff are sick, as a share of theirs.
    pub sick: f64,
    /// Leavers a year, as a share of those in post.
    pub leavers: f64,
    /// Posts that hold cases.
    pub holding: f64,
}

impl Staffing {
    /// Of a workforce over a period, at the load at which it is neither more nor less sick.
    pub fn of_workforce(workforce: &Workforce, draw: &Draw, period: &Period) -> Self {
        let vacant = vacant_share(workforce, draw, period);
        Self {
            vacant,
            agency: vacant * agency_cover(workforce, draw),
            sick: 1.0 - well_share(workforce, draw),
            leavers: draw[workforce.leavers],
            holding: draw[workforce.case_holding_share],
        }
    }
}

/// Share of weekdays on which somebody in post is at work.
fn present_share(workforce: &Workforce, draw: &Draw, period: &Period) -> f64 {
    let off = draw[workforce.leave_days] + draw[workforce.training_days];
    let not_off = (1.0 - off / period.working_days.max(1e-9)).max(0.0);
    period.open_share * not_off * well_share(workforce, draw)
}

/// Share of time not sick: one minus λm / (1 + λm).
fn well_share(workforce: &Workforce, draw: &Draw) -> f64 {
    let short = draw[workforce.sickness_short_share];
    let spell =
        short * draw[workforce.sickness_short_days] + (1.0 - short) * draw[workforce.sickness_long_days];
    1.0 / (1.0 + draw[workforce.sickness_spells] * spell / YEAR)
}

/// Mean share of posts vacant over a period.
fn vacant_share(workforce: &Workforce, draw: &Draw, period: &Period) -> f64 {
    let leavers = draw[workforce.leavers];
    let to_hire = Law::new(&workforce.time_to_hire, draw).mean() / YEAR;
    if to_hire <= 0.0 {
        return 0.0;
    }
    let in_the_end = leavers * to_hire / (1.0 + leavers * to_hire);
    let rate = leavers + 1.0 / to_hire;
    let length = rate * (period.to - period.from).max(1e-9);
    // Mean of exp(-rate × t) over the period.
    let still = libm::exp(-rate * period.from) * -libm::expm1(-length) / length;
    in_the_end + (draw[workforce.vacant_share] - in_the_end) * still
}

/// Share of the time vacant that agency staff are there: E\[(X - delay)+\] / E\[X\] for a time to hire X,
/// with E\[(X - delay)+\] = E\[X\] less the integral of P(X > t) up to the delay, by Simpson's rule.
fn agency_cover(workforce: &Workforce, draw: &Draw) -> f64 {
    let law = Law::new(&workforce.time_to_hire, draw);
    let (mean, delay) = (law.mean(), draw[workforce.agency_delay_days]);
    if mean <= 0.0 {
        return 0.0;
    }
    const PANELS: u32 = 200;
    let step = delay / f64::from(PANELS);
    let sum: f64 = (0..=PANELS)
        .map(|point| {
            let weight = if point == 0 || point == PANELS { 1.0 } else { 2.0 + 2.0 * f64::from(point % 2) };
            weight * (1.0 - law.done_by(f64::from(point) * step))
        })
        .sum();
    draw[workforce.agency_share] * (1.0 - sum * step / 3.0 / mean).clamp(0.0, 1.0)
}

/// What a unit's people supply.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Supply {
    /// Full-time equivalents.
    pub fte: f64,
    /// Full-time equivalents that hold a full limit of points.
    pub points_fte: f64,
    /// Hours a week for cases.
    pub hours: f64,
}

impl Supply {
    fn plus(self, other: Self, share: f64) -> Self {
        Self {
            fte: self.fte + share * other.fte,
            points_fte: self.points_fte + share * other.points_fte,
            hours: self.hours + share * other.hours,
        }
    }
}

/// Hours a week for cases of a full-time equivalent of a unit.
pub fn hours_per_fte(team: &Team, unit: &Unit, presence: Presence, draw: &Draw) -> f64 {
    draw[team.hours_per_week] * presence.hours * (1.0 - draw[team.non_case_share]) * draw[unit.productivity]
}

/// What each unit supplies to its own areas. `presence` is by team, `open` families by unit.
pub fn supplies(scenario: &Scenario, draw: &Draw, presence: &[Presence], open: &[f64]) -> Vec<Supply> {
    let own = |unit: &Unit| {
        let fte: f64 = unit.workers.iter().map(|group| draw[group.fte]).sum();
        let experienced: f64 =
            unit.workers.iter().map(|group| draw[group.fte] * draw[group.experience]).sum();
        let presence = presence[unit.team];
        let hours = fte * hours_per_fte(&scenario.teams[unit.team], unit, presence, draw);
        Supply { fte, points_fte: experienced * presence.points, hours }
    };
    let floats = |unit: &Unit| !unit.helps.is_empty();
    let mut supplies: Vec<Supply> =
        scenario.units.iter().map(|unit| if floats(unit) { Supply::default() } else { own(unit) }).collect();
    for floating in scenario.units.iter().filter(|unit| floats(unit)) {
        let lent = own(floating);
        let families: f64 = floating.helps.iter().map(|unit| open[*unit]).sum();
        for &unit in &floating.helps {
            let share =
                if families > 0.0 { open[unit] / families } else { 1.0 / floating.helps.len() as f64 };
            supplies[unit] = supplies[unit].plus(lent, share);
        }
    }
    supplies
}

#[cfg(test)]
mod tests {
    use super::super::example::{self, add};
    use super::*;
    use crate::scenario::{Duration, Parameter};

    /// A workforce of whom nothing keeps anybody away, over four weeks without bank holidays.
    fn always_there() -> (Scenario, Workforce) {
        let mut scenario = example::scenario();
        scenario.start = jiff::civil::date(2025, 6, 2);
        (scenario.warm_up_weeks, scenario.horizon_weeks) = (0, 4);
        let workforce = example::workforce(&mut scenario.parameters);
        (scenario, workforce)
    }

    fn presence(
        change: impl FnOnce(&mut Workforce, &mut Vec<Parameter>),
        weeks: Option<(u32, u32)>,
    ) -> Presence {
        let (mut scenario, mut workforce) = always_there();
        change(&mut workforce, &mut scenario.parameters);
        if let Some((warm_up, horizon)) = weeks {
            (scenario.warm_up_weeks, scenario.horizon_weeks) = (warm_up, horizon);
        }
        let days = scenario.total_weeks() as usize * 7;
        let calendar = RunCalendar::new(scenario.first_day(), days);
        let period = Period::horizon(&scenario, &calendar);
        Presence::of_workforce(&workforce, &scenario.central_draw(), &period)
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9
    }

    #[test]
    fn with_nothing_that_keeps_them_away_all_are_there() {
        let all = presence(|_, _| {}, None);
        assert!(close(all.hours, 1.0) && close(all.points, 1.0), "{all:?}");
        let some = presence(|w, p| w.case_holding_share = add(p, 0.51), None);
        assert!(close(some.hours, 0.51) && close(some.points, 0.51));
    }

    #[test]
    fn leave_training_and_bank_holidays_take_days() {
        // Twenty working days in four weeks are 260.9 a year.
        let away = presence(|w, p| (w.leave_days, w.training_days) = (add(p, 30.0), add(p, 5.0)), None);
        assert!(close(away.hours, 1.0 - 35.0 / (20.0 / 28.0 * 365.25)));
        assert_eq!(away.points, 1.0);
        // Four weeks from 28 April 2025 have one bank holiday, 5 May.
        let (mut scenario, workforce) = always_there();
        scenario.start = jiff::civil::date(2025, 4, 28);
        let calendar = RunCalendar::new(scenario.first_day(), 28);
        let period = Period::horizon(&scenario, &calendar);
        assert!(close(Presence::of_workforce(&workforce, &scenario.central_draw(), &period).hours, 0.95));
    }

    #[test]
    fn sickness_takes_its_share_of_time() {
        // Two spells a year at work, of 0.75 × 4 + 0.25 × 61.05 = 18.2625 days: a tenth of a year.
        let sick = presence(
            |w, p| {
                w.sickness_spells = add(p, 2.0);
                w.sickness_short_share = add(p, 0.75);
                w.sickness_short_days = add(p, 4.0);
                w.sickness_long_days = add(p, 61.05);
            },
            None,
        );
        assert!(close(sick.hours, 1.0 / 1.1) && close(sick.points, 1.0));
    }

    #[test]
    fn vacancies_settle_and_agency_staff_cover_part() {
        // Filled for two years, vacant for half a year: a fifth vacant, from the first day on.
        let vacancies = |w: &mut Workforce, p: &mut Vec<Parameter>| {
            w.leavers = add(p, 0.5);
            w.time_to_hire = Duration::Exponential(add(p, 182.625));
            w.vacant_share = add(p, 0.2);
        };
        assert!(close(presence(vacancies, None).points, 0.8));
        let covered = presence(
            |w, p| {
                vacancies(w, p);
                w.agency_share = add(p, 0.5);
                w.agency_productivity = add(p, 0.9);
            },
            None,
        );
        assert!(close(covered.hours, 0.8 + 0.2 * 0.5 * 0.9));
        // Of an exponential time, exp(-1) comes after its mean.
        let late = presence(
            |w, p| {
                vacancies(w, p);
                w.agency_share = add(p, 0.5);
                w.agency_productivity = add(p, 0.9);
                w.agency_delay_days = add(p, 182.625);
            },
            None,
        );
        assert!(close(late.hours, 0.8 + 0.2 * 0.5 * 0.9 * libm::exp(-1.0)));
    }

    #[test]
    fn vacancies_build_up_from_the_first_day() {
        let building = presence(
            |w, p| {
                w.leavers = add(p, 0.5);
                w.time_to_hire = Duration::Exponential(add(p, 182.625));
            },
            Some((10, 30)),
        );
        // The same by small steps of v' = 0.5 (1 - v) - 2 v.
        let (steps, years) = (40_000, 280.0 / YEAR);
        let (mut vacant, mut sum, dt) = (0.0, 0.0, years / 40_000.0);
        for step in 0..steps {
            let middle = vacant + 0.5 * dt * (0.5 - 2.5 * vacant);
            if step >= steps / 4 {
                sum += middle * dt;
            }
            vacant += dt * (0.5 - 2.5 * middle);
        }
        assert!((building.points - (1.0 - sum / (210.0 / YEAR))).abs() < 1e-6);
    }

    #[test]
    fn starters_lack_half_the_ramp_and_the_protected_a_share() {
        let leavers = |w: &mut Workforce, p: &mut Vec<Parameter>| {
            w.leavers = add(p, 0.5);
            w.time_to_hire = Duration::Exponential(add(p, 182.625));
            w.vacant_share = add(p, 0.2);
        };
        let ramped = presence(
            |w, p| {
                leavers(w, p);
                w.ramp_weeks = add(p, 10.0);
                w.ramp_from = add(p, 0.4);
            },
            None,
        );
        assert!(close(ramped.points, 0.8 * (1.0 - 0.5 * 0.3 * 70.0 / 365.25)));
        let protected = presence(
            |w, p| {
                leavers(w, p);
                w.newly_qualified_share = add(p, 0.25);
                w.newly_qualified_weeks = add(p, 52.0);
                w.newly_qualified_limit = add(p, 0.7);
                w.newly_qualified_hours = add(p, 0.9);
            },
            None,
        );
        let share = 0.25 * (1.0 - libm::exp(-0.5 * 364.0 / 365.25));
        assert!(close(protected.points, 0.8 * (1.0 - 0.3 * share)));
        assert!(close(protected.hours, 0.8 * (1.0 - 0.1 * share)));
    }
}
