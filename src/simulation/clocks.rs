//! A family's clocks: started and stopped at moments of its way, judged against their limits.

use super::engine::Run;
use super::frame::ClockMoves;

impl Run<'_, '_> {
    /// Starts and stops the clocks of a moment.
    #[inline]
    pub(super) fn move_clocks(&mut self, moves: &ClockMoves, family: usize, now: f64) {
        if !(moves.starts.is_empty() && moves.stops.is_empty()) {
            self.move_some_clocks(moves, family, now);
        }
    }

    fn move_some_clocks(&mut self, moves: &ClockMoves, family: usize, now: f64) {
        for &clock in &moves.stops {
            let started = std::mem::replace(&mut self.state.families.clocks_of(family)[clock], f64::NAN);
            if !started.is_nan() {
                let area = usize::from(self.state.families[family].area);
                let in_time = self.elapsed(clock, started, now) <= self.terms(area).limits[clock] + 1e-9;
                let count = &mut self.state.recorder.counts[area].clocks[clock];
                count.0 += f64::from(u8::from(in_time));
                count.1 += 1.0;
            }
        }
        for &clock in &moves.starts {
            self.state.families.clocks_of(family)[clock] = now;
        }
    }

    /// Forgets clocks that can no longer stop: nothing is late that is not to happen. But what was to
    /// happen in the stage in which the clock started, and is overdue, was late.
    #[inline]
    pub(super) fn drop_clocks(&mut self, clocks: &[usize], family: usize, now: f64) {
        for &clock in clocks {
            let started = self.state.families.clocks_of(family)[clock];
            if started.is_nan() {
                continue;
            }
            self.state.families.clocks_of(family)[clock] = f64::NAN;
            let due_here = self.frame.clocks.due_where_it_starts[clock];
            let area = usize::from(self.state.families[family].area);
            if due_here && self.elapsed(clock, started, now) > self.terms(area).limits[clock] + 1e-9 {
                self.state.recorder.counts[area].clocks[clock].1 += 1.0;
            }
        }
    }

    /// Time that a clock has run, in the days that it counts.
    fn elapsed(&self, clock: usize, started: f64, now: f64) -> f64 {
        if self.frame.scenario.clocks[clock].working_days {
            self.frame.calendar.working_days_between(started, now)
        } else {
            now - started
        }
    }

    /// By area and clock, families whose clock still runs at the end and is past its limit: late
    /// already, however they end. One whose last stage may never come is not late for it yet.
    pub(super) fn overdue(&mut self) -> Vec<f64> {
        let clocks = self.frame.scenario.clocks.len();
        let now = self.frame.days as f64;
        let mut overdue = vec![0.0; self.frame.scenario.areas.len() * clocks];
        let members: Vec<(usize, usize, usize)> = self
            .state
            .families
            .iter()
            .map(|(family, member)| (family, usize::from(member.area), usize::from(member.stage)))
            .collect();
        for (family, area, stage) in members {
            for clock in 0..clocks {
                let started = self.state.families.clocks_of(family)[clock];
                let stops = self.frame.scenario.clocks[clock].stops.stage();
                let due =
                    self.frame.clocks.due_where_it_starts[clock] || stops.is_none_or(|stop| stop == stage);
                let late =
                    |run: &Self| run.elapsed(clock, started, now) > run.terms(area).limits[clock] + 1e-9;
                if !started.is_nan() && due && late(self) {
                    overdue[area * clocks + clock] += 1.0;
                }
            }
        }
        overdue
    }
}
