//! Counting what happens: levels over time, events, waits.
//!
//! The engine reports each change as it happens; at the end of a week the tallies become a week's
//! figures and start again. A level's time integral is kept as its value at the start of the week
//! plus each change times what is left of the week, so a change costs one multiplication.

use std::ops::AddAssign;

/// Something that has a level at every moment, such as the number of families waiting.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Level {
    value: f64,
    integral: f64,
}

impl Level {
    /// Changes the level when `left` days of the week remain.
    #[inline]
    pub fn add(&mut self, change: f64, left: f64) {
        self.value += change;
        self.integral += change * left;
    }

    /// The level now.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Sets the level when `left` days of the week remain.
    pub fn set(&mut self, value: f64, left: f64) {
        self.add(value - self.value, left);
    }

    /// The week's average; a new week begins.
    fn roll(&mut self) -> f64 {
        let average = self.integral / 7.0;
        self.integral = self.value * 7.0;
        average
    }
}

/// What went through a stage, a team or a desk in a week, or over several.
///
/// Levels are week averages, summed over weeks; the rest are counts and sums over events. All add
/// up, over stages, areas and weeks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flow {
    /// Families held, average.
    pub open: f64,
    /// Their children, average.
    pub children: f64,
    /// Families waiting, average.
    pub waiting: f64,
    /// Families who joined.
    pub entries: f64,
    /// Families whose work started.
    pub starts: f64,
    /// Of these, how many had to wait.
    pub waited: f64,
    /// Their waits, days.
    pub wait_days: f64,
    /// Families who left, by any way.
    pub leaves: f64,
    /// Days from joining to leaving, over those who left.
    pub stay_days: f64,
    /// Moves to a higher level of need.
    pub step_ups: f64,
    /// Moves to a lower level of need.
    pub step_downs: f64,
    /// Families received from another team's worker.
    pub transfers: f64,
    /// Families whose worker changed while the need went on, times their children.
    pub changes_of_worker: f64,
    /// Waiting families who moved to another stage.
    pub escalations: f64,
    /// Waiting families who left the pathway.
    pub losses: f64,
}

impl AddAssign<&Flow> for Flow {
    fn add_assign(&mut self, other: &Flow) {
        self.open += other.open;
        self.children += other.children;
        self.waiting += other.waiting;
        self.entries += other.entries;
        self.starts += other.starts;
        self.waited += other.waited;
        self.wait_days += other.wait_days;
        self.leaves += other.leaves;
        self.stay_days += other.stay_days;
        self.step_ups += other.step_ups;
        self.step_downs += other.step_downs;
        self.transfers += other.transfers;
        self.changes_of_worker += other.changes_of_worker;
        self.escalations += other.escalations;
        self.losses += other.losses;
    }
}

/// The tally of one stage in one area, or of one desk.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FlowTally {
    pub open: Level,
    pub children: Level,
    pub waiting: Level,
    /// The week's events; its levels stay zero until the week ends.
    pub week: Flow,
}

impl FlowTally {
    /// The week's figures; a new week begins.
    pub fn roll(&mut self) -> Flow {
        let levels = Flow {
            open: self.open.roll(),
            children: self.children.roll(),
            waiting: self.waiting.roll(),
            ..std::mem::take(&mut self.week)
        };
        self.week = Flow::default();
        levels
    }
}

/// The people and hours of a unit in a week, averages; sums over weeks and units.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Capacity {
    /// Full-time equivalents who hold cases, permanent and agency.
    pub holding: f64,
    /// Full-time equivalents in permanent post, of all posts.
    pub in_post: f64,
    /// Full-time equivalents vacant, covered by agency or not.
    pub vacant: f64,
    /// Full-time equivalents of agency staff.
    pub agency: f64,
    /// Full-time equivalents away on leave, in training, sick, or on bank holidays.
    pub absent: f64,
    /// People who began in the week (counted where money is).
    pub starters: f64,
    /// Full-time equivalents sick, whether or not they would have been at work.
    pub sick: f64,
    /// Full-time equivalents who left their post: events.
    pub leavers: f64,
    /// People who hold cases.
    pub workers: f64,
    /// Workers who hold more points than their limit.
    pub over_limit: f64,
    /// Hours a week that open cases need.
    pub needed: f64,
    /// Hours a week that workers have.
    pub available: f64,
    /// Hours a week needed beyond what the worker concerned has.
    pub short: f64,
}

impl AddAssign<&Capacity> for Capacity {
    fn add_assign(&mut self, other: &Capacity) {
        self.holding += other.holding;
        self.in_post += other.in_post;
        self.vacant += other.vacant;
        self.agency += other.agency;
        self.absent += other.absent;
        self.starters += other.starters;
        self.sick += other.sick;
        self.leavers += other.leavers;
        self.workers += other.workers;
        self.over_limit += other.over_limit;
        self.needed += other.needed;
        self.available += other.available;
        self.short += other.short;
    }
}

/// The tally of one unit's people.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CapacityTally {
    pub holding: Level,
    pub in_post: Level,
    pub vacant: Level,
    pub agency: Level,
    pub absent: Level,
    /// The week's; no level.
    pub starters: f64,
    pub sick: Level,
    pub leavers: f64,
    pub workers: Level,
    pub over_limit: Level,
    pub needed: Level,
    pub available: Level,
    pub short: Level,
}

impl CapacityTally {
    /// The week's figures; a new week begins.
    pub fn roll(&mut self) -> Capacity {
        Capacity {
            holding: self.holding.roll(),
            in_post: self.in_post.roll(),
            vacant: self.vacant.roll(),
            agency: self.agency.roll(),
            absent: self.absent.roll(),
            starters: std::mem::take(&mut self.starters),
            sick: self.sick.roll(),
            leavers: std::mem::take(&mut self.leavers),
            workers: self.workers.roll(),
            over_limit: self.over_limit.roll(),
            needed: self.needed.roll(),
            available: self.available.roll(),
            short: self.short.roll(),
        }
    }
}

/// Waits of all who were served, for percentiles; those who did not wait are only counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Waits {
    positive: Vec<f32>,
    zeros: usize,
    /// Where the present week's begin.
    week: usize,
    week_zeros: usize,
    /// The longest wait of the week, of those served and those still waiting.
    longest: f64,
}

impl Waits {
    /// Notes a wait.
    #[inline]
    pub fn note(&mut self, wait: f64) {
        if wait > 0.0 {
            self.positive.push(wait as f32);
            self.note_longest(wait);
        } else {
            self.zeros += 1;
            self.week_zeros += 1;
        }
    }

    /// Notes a wait that is not over.
    pub fn note_longest(&mut self, wait: f64) {
        self.longest = self.longest.max(wait);
    }

    /// The longest wait of the week.
    pub fn longest(&self) -> f64 {
        self.longest
    }

    /// Forgets everything; the horizon begins.
    pub fn clear(&mut self) {
        *self = Self { positive: std::mem::take(&mut self.positive), ..Self::default() };
        self.positive.clear();
    }

    /// A new week begins.
    pub fn roll(&mut self) {
        self.week = self.positive.len();
        self.week_zeros = 0;
        self.longest = 0.0;
    }

    /// Adds the week's, or all, waits to a pool from which a percentile is taken.
    pub fn pool_into(&self, pool: &mut WaitPool, whole_horizon: bool) {
        let (positive, zeros) = if whole_horizon {
            (self.positive.as_slice(), self.zeros)
        } else {
            (&self.positive[self.week..], self.week_zeros)
        };
        pool.positive.extend_from_slice(positive);
        pool.zeros += zeros;
    }
}

/// Waits put together from several places.
#[derive(Clone, Debug, Default)]
pub(super) struct WaitPool {
    positive: Vec<f32>,
    zeros: usize,
}

impl WaitPool {
    /// Empties the pool, keeping its memory.
    pub fn clear(&mut self) {
        self.positive.clear();
        self.zeros = 0;
    }

    /// The 90th percentile by nearest rank, the ceil(0.9 n)-th smallest; `NaN` when nobody was served.
    pub fn p90(&mut self) -> f64 {
        let n = self.positive.len() + self.zeros;
        let rank = (9 * n).div_ceil(10);
        match rank.checked_sub(self.zeros + 1) {
            _ if n == 0 => f64::NAN,
            None => 0.0,
            Some(place) => f64::from(*self.positive.select_nth_unstable_by(place, f32::total_cmp).1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_levels_week_average_is_its_integral_over_seven() {
        let mut level = Level::default();
        level.add(3.0, 5.0); // from day 2
        level.add(-1.0, 1.0); // from day 6
        assert_eq!(level.roll(), (3.0 * 4.0 + 2.0 * 1.0) / 7.0);
        assert_eq!(level.roll(), 2.0);
    }

    #[test]
    fn the_ninetieth_percentile_is_by_nearest_rank_zeros_included() {
        let mut waits = Waits::default();
        let mut pool = WaitPool::default();
        assert!(pool.p90().is_nan());
        for wait in [0.0, 0.0, 5.0, 1.0, 4.0, 2.0, 3.0, 0.0, 9.0, 7.0] {
            waits.note(wait);
        }
        waits.pool_into(&mut pool, true);
        assert_eq!(pool.p90(), 7.0); // the 9th of 10
        assert_eq!(waits.longest(), 9.0);
        waits.roll();
        pool.clear();
        waits.pool_into(&mut pool, false);
        assert!(pool.p90().is_nan());
        (0..20).for_each(|_| waits.note(0.0));
        waits.note(6.0);
        waits.pool_into(&mut pool, false);
        assert_eq!(pool.p90(), 0.0);
    }
}
