//! Everything counted during a replication, week by week and over the horizon.
//!
//! Consumes what the engine reports as it happens; at the end of each week turns tallies into figures,
//! which [`super::measures`] names.

use ndarray::ArrayView1;

use super::frame::Frame;
use super::ledger::{Costs, Ledger};
use super::record::{Judged, ReplicationRecord};
use super::tally::{Capacity, CapacityTally, Flow, FlowTally, WaitPool, Waits};
use crate::scenario::{AreaId, StandardTest};

/// Everything counted during a replication.
#[derive(Default)]
pub(super) struct Recorder {
    pub areas: usize,
    pub stages: usize,
    sources: usize,
    pub teams: usize,
    clocks: usize,
    ends: usize,
    /// Time at which the present week ends.
    week_end: f64,
    /// By area and stage, area-major.
    pub flows: Vec<FlowTally>,
    /// By desk unit.
    pub desk_flows: Vec<FlowTally>,
    /// By unit.
    pub capacity: Vec<CapacityTally>,
    /// Waits to be allocated, by area and team, area-major.
    pub team_waits: Vec<Waits>,
    /// Waits for a task to start, by desk unit.
    pub desk_waits: Vec<Waits>,
    /// Working days from contact to decision, by area.
    pub decisions: Vec<Waits>,
    /// Families in and out of the area as a whole, by area.
    pub counts: Vec<AreaCounts>,
    /// The last week's.
    pub week: Figures,
    horizon: Figures,
    pool: WaitPool,
}

/// Counts of an area in a week, and its stock of hidden need.
#[derive(Clone, Debug, Default)]
pub(super) struct AreaCounts {
    /// Contacts by source.
    pub arrivals: Vec<f64>,
    /// Contacts decided by the front door.
    pub decided: f64,
    /// Families referred to social care.
    pub referrals: f64,
    /// Of these, referred before within twelve months.
    pub re_referrals: f64,
    /// Families out of the pathway, by end.
    pub ends: Vec<f64>,
    /// By clock: families within the limit, and all whose clock stopped.
    pub clocks: Vec<(f64, f64)>,
    /// Families whose need arose in the horizon, is not seen and has not come forward.
    pub hidden: f64,
}

/// The figures of one week, or of the horizon, before they are named.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    /// Weeks that the sums cover.
    pub weeks: f64,
    pub flows: Vec<Flow>,
    pub desk_flows: Vec<Flow>,
    pub capacity: Vec<Capacity>,
    pub counts: Vec<AreaCounts>,
    pub longest_team: Vec<f64>,
    pub longest_desk: Vec<f64>,
    /// Empty where nobody is paid.
    pub costs: Costs,
}

impl Recorder {
    /// Empties all tallies for a scenario.
    pub fn reset(&mut self, frame: &Frame) {
        let scenario = frame.scenario;
        self.areas = scenario.areas.len();
        self.stages = scenario.stages.len();
        self.sources = scenario.sources.len();
        self.teams = scenario.teams.len();
        self.clocks = scenario.clocks.len();
        self.ends = scenario.ends.len();
        self.week_end = 7.0;
        refill(&mut self.flows, self.areas * self.stages, FlowTally::default());
        refill(&mut self.desk_flows, scenario.desk_units.len(), FlowTally::default());
        refill(&mut self.capacity, scenario.units.len(), CapacityTally::default());
        for (waits, count) in [
            (&mut self.team_waits, self.areas * self.teams),
            (&mut self.desk_waits, scenario.desk_units.len()),
            (&mut self.decisions, self.areas),
        ] {
            waits.resize(count, Waits::default());
            waits.iter_mut().for_each(Waits::clear);
        }
        let counts = AreaCounts {
            arrivals: vec![0.0; self.sources],
            ends: vec![0.0; self.ends],
            clocks: vec![(0.0, 0.0); self.clocks],
            ..AreaCounts::default()
        };
        refill(&mut self.counts, self.areas, counts);
        self.horizon = Figures::default();
    }

    /// The tally of a stage in an area.
    #[inline]
    pub fn flow(&mut self, area: AreaId, stage: usize) -> &mut FlowTally {
        &mut self.flows[area * self.stages + stage]
    }

    /// What is left of the week, days.
    #[inline]
    pub fn left(&self, now: f64) -> f64 {
        self.week_end - now
    }

    /// The waits of an area's families for a team.
    #[inline]
    pub fn waits(&mut self, area: AreaId, team: usize) -> &mut Waits {
        &mut self.team_waits[area * self.teams + team]
    }

    /// Ends a week. In the warm-up its figures are forgotten.
    pub fn end_week(
        &mut self,
        frame: &Frame,
        week: Option<usize>,
        ledger: &mut Ledger,
        record: &mut ReplicationRecord,
    ) {
        self.roll();
        self.week_end += 7.0;
        if let Some(week) = week {
            ledger.end_week(frame, week, &self.week.flows, &mut self.week.costs);
            let mut column = record.weekly.column_mut(week);
            let (mut pool, figures) = (std::mem::take(&mut self.pool), std::mem::take(&mut self.week));
            let mut row = 0;
            self.visit(frame, &figures, false, &mut pool, &mut |_, _, _, _, value| {
                column[row] = value as f32;
                row += 1;
            });
            self.horizon.add(&figures);
            (self.pool, self.week) = (pool, figures);
        }
        for waits in self.team_waits.iter_mut().chain(&mut self.desk_waits).chain(&mut self.decisions) {
            waits.roll();
        }
    }

    /// Forgets events but not levels: what it took to set the scene did not happen in the run.
    pub fn forget_events(&mut self) {
        self.flows.iter_mut().for_each(|flow| flow.week = Flow::default());
        self.team_waits.iter_mut().for_each(Waits::clear);
    }

    /// The last week's flows, by area and stage, area-major.
    pub fn week_flows(&self) -> &[Flow] {
        &self.week.flows
    }

    /// The last week's people and hours, by unit.
    pub fn week_capacity(&self) -> &[Capacity] {
        &self.week.capacity
    }

    /// Families being worked with at a stage in an area, now.
    pub fn open_now(&self, area: AreaId, stage: usize) -> f64 {
        self.flows[area * self.stages + stage].open.value()
    }

    /// Their children.
    pub fn children_now(&self, area: AreaId, stage: usize) -> f64 {
        self.flows[area * self.stages + stage].children.value()
    }

    /// Sets what a pool's work needs this week, and what it lacks.
    pub fn set_support(&mut self, unit: usize, needed: f64, short: f64, left: f64) {
        let capacity = &mut self.capacity[unit];
        capacity.needed.set(needed, left);
        capacity.short.set(short, left);
    }

    /// The warm-up is over: waits and hidden need count from here.
    pub fn begin_horizon(&mut self) {
        for waits in self.team_waits.iter_mut().chain(&mut self.desk_waits).chain(&mut self.decisions) {
            waits.clear();
        }
        self.counts.iter_mut().for_each(|counts| counts.hidden = 0.0);
    }

    /// Turns the week's tallies into its figures.
    pub fn roll(&mut self) {
        let week = &mut self.week;
        week.weeks = 1.0;
        collect(&mut week.flows, self.flows.iter_mut().map(FlowTally::roll));
        collect(&mut week.desk_flows, self.desk_flows.iter_mut().map(FlowTally::roll));
        collect(&mut week.capacity, self.capacity.iter_mut().map(CapacityTally::roll));
        collect(&mut week.longest_team, self.team_waits.iter().map(Waits::longest));
        collect(&mut week.longest_desk, self.desk_waits.iter().map(Waits::longest));
        week.counts.clone_from(&self.counts);
        for counts in &mut self.counts {
            counts.arrivals.fill(0.0);
            counts.ends.fill(0.0);
            counts.clocks.fill((0.0, 0.0));
            (counts.decided, counts.referrals, counts.re_referrals) = (0.0, 0.0, 0.0);
        }
    }

    /// Ends the horizon: fills each series' figure and each standard's share. `overdue` counts, by
    /// area and clock (area-major), families whose clock still runs and is past its limit.
    pub fn finish(
        &mut self,
        frame: &Frame,
        judged: &[(Judged, Option<usize>)],
        overdue: &[f64],
        record: &mut ReplicationRecord,
    ) {
        let (mut pool, figures) = (std::mem::take(&mut self.pool), std::mem::take(&mut self.horizon));
        record.horizon.clear();
        self.visit(frame, &figures, true, &mut pool, &mut |_, _, _, _, value| record.horizon.push(value));
        record.achieved = judged
            .iter()
            .map(|(judged, row)| match (&frame.scenario.standards[judged.standard].test, row) {
                (StandardTest::Clock(clock), _) => self.share_on_time(judged.area, *clock, &figures, overdue),
                (StandardTest::Measure { threshold, at_most, .. }, Some(row)) => {
                    share_of_weeks(record.weekly.row(*row), *threshold, *at_most)
                }
                (StandardTest::Measure { .. }, None) => f64::NAN,
            })
            .collect();
        (self.pool, self.horizon) = (pool, figures);
    }

    /// Share of families within a clock's limit, the overdue counted as late; `NaN` when there are none.
    fn share_on_time(&self, area: Option<AreaId>, clock: usize, figures: &Figures, overdue: &[f64]) -> f64 {
        let (mut on_time, mut all) = (0.0, 0.0);
        for area in area.map_or(0..self.areas, |area| area..area + 1) {
            let (in_time, stopped) = figures.counts[area].clocks[clock];
            on_time += in_time;
            all += stopped + overdue[area * self.clocks + clock];
        }
        on_time / all
    }
}

impl Figures {
    /// Adds a week.
    fn add(&mut self, week: &Figures) {
        if self.weeks == 0.0 {
            self.clone_from(week);
            return;
        }
        self.weeks += week.weeks;
        self.flows.iter_mut().zip(&week.flows).for_each(|(sum, flow)| *sum += flow);
        self.desk_flows.iter_mut().zip(&week.desk_flows).for_each(|(sum, flow)| *sum += flow);
        self.capacity.iter_mut().zip(&week.capacity).for_each(|(sum, capacity)| *sum += capacity);
        for (longest, week) in
            [(&mut self.longest_team, &week.longest_team), (&mut self.longest_desk, &week.longest_desk)]
        {
            longest.iter_mut().zip(week).for_each(|(longest, week)| *longest = longest.max(*week));
        }
        for (sum, week) in self.counts.iter_mut().zip(&week.counts) {
            sum.add(week);
        }
        self.costs.add(&week.costs);
    }
}

impl AreaCounts {
    fn add(&mut self, week: &AreaCounts) {
        self.arrivals.iter_mut().zip(&week.arrivals).for_each(|(sum, count)| *sum += count);
        self.ends.iter_mut().zip(&week.ends).for_each(|(sum, count)| *sum += count);
        for (sum, count) in self.clocks.iter_mut().zip(&week.clocks) {
            sum.0 += count.0;
            sum.1 += count.1;
        }
        self.decided += week.decided;
        self.referrals += week.referrals;
        self.re_referrals += week.re_referrals;
        // A stock, averaged over weeks as levels are.
        self.hidden += week.hidden;
    }
}

/// Share of weeks that keep to a threshold, of those that have a figure; `NaN` when none has.
fn share_of_weeks(weeks: ArrayView1<f32>, threshold: f64, at_most: bool) -> f64 {
    // The record holds single precision: a value equal to the threshold must still meet it.
    let slack = threshold.abs() * 1e-6 + 1e-9;
    let meets = |value: f64| {
        if at_most { value <= threshold + slack } else { value >= threshold - slack }
    };
    let (mut met, mut all) = (0.0, 0.0);
    for value in weeks.iter().filter(|value| !value.is_nan()) {
        all += 1.0;
        met += f64::from(u8::from(meets(f64::from(*value))));
    }
    met / all
}

fn refill<T: Clone>(list: &mut Vec<T>, count: usize, value: T) {
    list.clear();
    list.resize(count, value);
}

fn collect<T>(list: &mut Vec<T>, values: impl Iterator<Item = T>) {
    list.clear();
    list.extend(values);
}
