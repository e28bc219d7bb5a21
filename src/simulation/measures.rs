//! From tallies to named figures: which series a scenario has, and what each is.
//!
//! One walk over areas, desks and teams ([`Recorder::visit`]) names the series for the [`Layout`] and
//! gives their values week by week, so that the two cannot come apart.

use ndarray::ArrayView1;

use super::frame::Frame;
use super::ledger::{Costs, Ledger};
use super::record::{Holding, Judged, Kind, Layout, ReplicationRecord, Series};
use super::tally::{Capacity, CapacityTally, Flow, FlowTally, WaitPool, Waits};
use crate::scenario::{AreaId, Scenario, StandardTest};

/// Everything counted during a replication.
#[derive(Default)]
pub(super) struct Recorder {
    areas: usize,
    stages: usize,
    sources: usize,
    teams: usize,
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
    week: Figures,
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
struct Figures {
    /// Weeks that the sums cover.
    weeks: f64,
    flows: Vec<Flow>,
    desk_flows: Vec<Flow>,
    capacity: Vec<Capacity>,
    counts: Vec<AreaCounts>,
    longest_team: Vec<f64>,
    longest_desk: Vec<f64>,
    /// Empty where nobody is paid.
    costs: Costs,
}

/// The name of a measure; the second part follows an underscore.
#[derive(Clone, Copy)]
enum Name<'a> {
    Plain(&'static str),
    Of(&'static str, &'a str),
}

impl Name<'_> {
    fn text(self) -> String {
        match self {
            Name::Plain(name) => name.to_owned(),
            Name::Of(name, of) => format!("{name}_{of}"),
        }
    }
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
    fn roll(&mut self) {
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

    /// Visits every series in the order of files, with its value.
    fn visit(
        &self,
        frame: &Frame,
        figures: &Figures,
        horizon: bool,
        pool: &mut WaitPool,
        visitor: &mut Visitor,
    ) {
        let groups = (0..self.areas).map(Some).chain([None]);
        for area in groups {
            let mut walk = Walk { recorder: self, frame, figures, horizon, pool, area };
            walk.area(&mut |name, kind, value| visitor(area, Holding::Area, name, kind, value));
            for desk in 0..frame.scenario.desks.len() {
                walk.desk(desk, &mut |name, kind, value| {
                    visitor(area, Holding::Desk(desk), name, kind, value)
                });
            }
            for team in 0..self.teams {
                walk.team(team, &mut |name, kind, value| {
                    visitor(area, Holding::Team(team), name, kind, value)
                });
            }
        }
    }

    /// The series of a scenario and the standards judged by them.
    pub fn layout(frame: &Frame) -> Layout {
        let mut recorder = Recorder::default();
        recorder.reset(frame);
        recorder.roll();
        let mut figures = recorder.week.clone();
        figures.costs.reset(frame.scenario);
        let mut series = Vec::new();
        recorder.visit(
            frame,
            &figures,
            false,
            &mut WaitPool::default(),
            &mut |area, holding, name, kind, _| {
                series.push(Series { area, holding, measure: name.text(), kind });
            },
        );
        let judged = judged(frame.scenario, &series);
        Layout {
            series,
            weeks: frame.scenario.horizon_weeks as usize,
            judged,
            cost_lines: frame.costs.as_ref().map_or_else(Vec::new, |plan| plan.lines.clone()),
            published: frame.scenario.published.len(),
        }
    }
}

/// Receives every series in turn, with its value.
type Visitor<'v> = dyn FnMut(Option<AreaId>, Holding, Name, Kind, f64) + 'v;

/// One area (or the whole council) of a visit.
struct Walk<'a, 'p> {
    recorder: &'a Recorder,
    frame: &'a Frame<'a>,
    figures: &'a Figures,
    /// The figures cover the horizon, not a week.
    horizon: bool,
    pool: &'p mut WaitPool,
    area: Option<AreaId>,
}

/// Receives one figure.
type Sink<'a> = dyn FnMut(Name, Kind, f64) + 'a;

impl Walk<'_, '_> {
    fn areas(&self) -> std::ops::Range<usize> {
        self.area.map_or(0..self.recorder.areas, |area| area..area + 1)
    }

    /// A week's level, or the horizon's average.
    fn average(&self, sum: f64) -> f64 {
        sum / self.figures.weeks
    }

    fn sum_counts(&self, of: impl Fn(&AreaCounts) -> f64) -> f64 {
        self.figures.counts[self.areas()].iter().map(of).sum()
    }

    fn flow_of(&self, stages: impl Iterator<Item = usize>) -> Flow {
        let mut sum = Flow::default();
        for stage in stages {
            for area in self.areas() {
                sum += &self.figures.flows[area * self.recorder.stages + stage];
            }
        }
        sum
    }

    fn p90<'w>(&mut self, waits: impl Iterator<Item = &'w Waits>) -> f64 {
        self.pool.clear();
        for one in waits {
            one.pool_into(self.pool, self.horizon);
        }
        self.pool.p90()
    }

    /// Series of the area as a whole.
    fn area(&mut self, emit: &mut Sink) {
        let scenario = self.frame.scenario;
        emit(Name::Plain("arrivals"), Kind::Total, self.sum_counts(|counts| counts.arrivals.iter().sum()));
        for (index, source) in scenario.sources.iter().enumerate() {
            let arrivals = self.sum_counts(|counts| counts.arrivals[index]);
            emit(Name::Of("arrivals", &source.id), Kind::Total, arrivals);
        }
        emit(Name::Plain("contacts_decided"), Kind::Total, self.sum_counts(|counts| counts.decided));
        let recorder = self.recorder;
        let wait = self.p90(recorder.decisions[self.areas()].iter());
        emit(Name::Plain("contact_wait_p90_working_days"), Kind::Percentile, wait);
        emit(Name::Plain("referrals"), Kind::Total, self.sum_counts(|counts| counts.referrals));
        emit(Name::Plain("re_referrals"), Kind::Total, self.sum_counts(|counts| counts.re_referrals));
        emit(
            Name::Plain("hidden_need_families"),
            Kind::Average,
            self.average(self.sum_counts(|counts| counts.hidden)),
        );
        let held = (0..scenario.stages.len()).filter(|&stage| scenario.stages[stage].holder.team().is_some());
        let flow = self.flow_of(held);
        emit(Name::Plain("waiting_families"), Kind::Average, self.average(flow.waiting));
        emit(Name::Plain("open_families"), Kind::Average, self.average(flow.open));
        emit(Name::Plain("open_children"), Kind::Average, self.average(flow.children));
        let moves = self.flow_of(0..scenario.stages.len());
        emit(Name::Plain("step_ups"), Kind::Total, moves.step_ups);
        emit(Name::Plain("step_downs"), Kind::Total, moves.step_downs);
        for (stage, described) in scenario.stages.iter().enumerate() {
            let flow = self.flow_of(std::iter::once(stage));
            emit(Name::Of("open_families", &described.id), Kind::Average, self.average(flow.open));
            emit(Name::Of("open_children", &described.id), Kind::Average, self.average(flow.children));
            emit(Name::Of("entries", &described.id), Kind::Total, flow.entries);
            emit(Name::Of("stay_mean_days", &described.id), Kind::Ratio, flow.stay_days / flow.leaves);
        }
        for (index, end) in scenario.ends.iter().enumerate() {
            emit(Name::Of("ends", &end.id), Kind::Total, self.sum_counts(|counts| counts.ends[index]));
        }
        for (index, clock) in scenario.clocks.iter().enumerate() {
            let on_time = self.sum_counts(|counts| counts.clocks[index].0);
            let stopped = self.sum_counts(|counts| counts.clocks[index].1);
            emit(Name::Of("on_time_share", &clock.id), Kind::Ratio, on_time / stopped);
        }
        if self.frame.costs.is_some() {
            emit(Name::Plain("cost"), Kind::Total, self.cost());
        }
    }

    /// Series of a desk: in the area, where it has a desk of its own; for the council, of all.
    fn desk(&mut self, desk: usize, emit: &mut Sink) {
        let recorder = self.recorder;
        let units = &self.frame.scenario.desk_units;
        let area = self.area;
        let of_area =
            |unit: usize| units[unit].desk == desk && area.is_none_or(|area| units[unit].areas == [area]);
        let chosen: Vec<usize> = (0..units.len()).filter(|&unit| of_area(unit)).collect();
        if chosen.is_empty() {
            return;
        }
        let mut flow = Flow::default();
        chosen.iter().for_each(|&unit| flow += &self.figures.desk_flows[unit]);
        let longest = chosen.iter().map(|&unit| self.figures.longest_desk[unit]).fold(0.0, f64::max);
        let p90 = self.p90(chosen.iter().map(|&unit| &recorder.desk_waits[unit]));
        self.queue(&flow, p90, longest, emit);
        emit(Name::Plain("completions"), Kind::Total, flow.leaves);
        if self.frame.costs.as_ref().is_some_and(|plan| plan.desk_units[chosen[0]].is_some()) {
            let cost = chosen.iter().map(|&unit| self.figures.costs.desks[unit]).sum();
            emit(Name::Plain("cost"), Kind::Total, cost);
        }
    }

    /// What an area bears alone; for the council, everything. Pounds.
    fn cost(&self) -> f64 {
        let Some(plan) = &self.frame.costs else { return 0.0 };
        let costs = &self.figures.costs;
        let units = plan.unit_area.iter().zip(&costs.units);
        let places = units.chain(plan.desk_area.iter().zip(&costs.desks));
        let own = places.filter(|(area, _)| self.area.is_none() || **area == self.area);
        own.map(|(_, cost)| cost).chain(&costs.areas[self.areas()]).sum()
    }

    /// Series of a team: its families in the area; its people too, where they serve no other.
    fn team(&mut self, team: usize, emit: &mut Sink) {
        let recorder = self.recorder;
        if self.area.is_some_and(|area| !self.frame.serves(team, area)) {
            return;
        }
        let flow = self.flow_of(self.frame.stages_of_team(team));
        let waits = |area: usize| area * recorder.teams + team;
        let longest = self.areas().map(|area| self.figures.longest_team[waits(area)]).fold(0.0, f64::max);
        let areas = self.areas();
        let p90 = self.p90(areas.map(|area| &recorder.team_waits[waits(area)]));
        self.queue(&flow, p90, longest, emit);
        emit(Name::Plain("open_children"), Kind::Average, self.average(flow.children));
        emit(Name::Plain("completions"), Kind::Total, flow.leaves);
        emit(Name::Plain("transfers"), Kind::Total, flow.transfers);
        emit(Name::Plain("changes_of_worker"), Kind::Total, flow.changes_of_worker);
        emit(Name::Plain("escalations"), Kind::Total, flow.escalations);
        emit(Name::Plain("losses"), Kind::Total, flow.losses);
        self.people(team, &flow, emit);
    }

    /// Who came, who waited, who is held.
    fn queue(&self, flow: &Flow, p90: f64, longest: f64, emit: &mut Sink) {
        emit(Name::Plain("arrivals"), Kind::Total, flow.entries);
        emit(Name::Plain("allocations"), Kind::Total, flow.starts);
        emit(Name::Plain("waiting_families"), Kind::Average, self.average(flow.waiting));
        emit(Name::Plain("wait_mean_days"), Kind::Ratio, flow.wait_days / flow.starts);
        emit(Name::Plain("wait_p90_days"), Kind::Percentile, p90);
        emit(Name::Plain("longest_wait_days"), Kind::Maximum, longest);
        emit(Name::Plain("waited_share"), Kind::Ratio, flow.waited / flow.starts);
        emit(Name::Plain("open_families"), Kind::Average, self.average(flow.open));
    }

    fn people(&self, team: usize, flow: &Flow, emit: &mut Sink) {
        let units = self.frame.scenario.units.iter().enumerate();
        let area = self.area;
        let mut sum = Capacity::default();
        let mut any = false;
        let mut cost = 0.0;
        let paid = |unit: usize| {
            let charges = self.frame.costs.as_ref().map(|plan| plan.units[unit]);
            charges.is_some_and(|charges| charges.posts.is_some() || charges.managers.is_some())
        };
        let mut any_paid = false;
        for (index, _) in
            units.filter(|(_, unit)| unit.team == team && area.is_none_or(|area| unit.areas == [area]))
        {
            sum += &self.figures.capacity[index];
            any = true;
            if paid(index) {
                cost += self.figures.costs.units[index];
                any_paid = true;
            }
        }
        if !any {
            return;
        }
        emit(Name::Plain("families_per_fte"), Kind::Ratio, per_person(flow.open, sum.holding));
        emit(Name::Plain("children_per_fte"), Kind::Ratio, per_person(flow.children, sum.holding));
        emit(Name::Plain("share_workers_over_limit"), Kind::Ratio, per_person(sum.over_limit, sum.workers));
        emit(Name::Plain("hours_needed"), Kind::Average, self.average(sum.needed));
        emit(Name::Plain("hours_available"), Kind::Average, self.average(sum.available));
        emit(Name::Plain("hours_short"), Kind::Average, self.average(sum.short));
        emit(Name::Plain("fte_in_post"), Kind::Average, self.average(sum.in_post));
        emit(Name::Plain("fte_holding"), Kind::Average, self.average(sum.holding));
        if self.frame.scenario.teams[team].workforce.is_some() {
            emit(Name::Plain("fte_vacant"), Kind::Average, self.average(sum.vacant));
            emit(Name::Plain("fte_agency"), Kind::Average, self.average(sum.agency));
            emit(Name::Plain("fte_absent"), Kind::Average, self.average(sum.absent));
            emit(Name::Plain("fte_sick"), Kind::Average, self.average(sum.sick));
            emit(Name::Plain("leavers"), Kind::Total, sum.leavers);
        }
        if any_paid {
            emit(Name::Plain("cost"), Kind::Total, cost);
        }
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

/// The standards judged: for each area bound that has the series, or once where only a shared unit has it.
fn judged(scenario: &Scenario, series: &[Series]) -> Vec<Judged> {
    let mut list = Vec::new();
    for (standard, described) in scenario.standards.iter().enumerate() {
        let measured = |area: Option<AreaId>| match &described.test {
            StandardTest::Clock(_) => area.is_some(),
            StandardTest::Measure { .. } => series.iter().any(|series| judges(series, &described.test, area)),
        };
        let bound: Vec<Judged> = described
            .areas
            .iter()
            .filter(|&&area| measured(Some(area)))
            .map(|&area| Judged { standard, area: Some(area) })
            .collect();
        if bound.is_empty() && measured(None) {
            list.push(Judged { standard, area: None });
        }
        list.extend(bound);
    }
    list
}

/// Whether a series is the one that a standard's test looks at.
fn judges(series: &Series, test: &StandardTest, area: Option<AreaId>) -> bool {
    match test {
        StandardTest::Clock(_) => false,
        StandardTest::Measure { measure, team, .. } => {
            let holding = team.map_or(Holding::Area, Holding::Team);
            series.area == area && series.holding == holding && series.measure == *measure
        }
    }
}

/// For each judged standard, the row of the series that it looks at.
pub(super) fn judged_rows(scenario: &Scenario, layout: &Layout) -> Vec<(Judged, Option<usize>)> {
    let row = |judged: &Judged| {
        let test = &scenario.standards[judged.standard].test;
        layout.series.iter().position(|series| judges(series, test, judged.area))
    };
    layout.judged.iter().map(|judged| (*judged, row(judged))).collect()
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

/// A quotient by people; none where there is nobody but what rounding leaves of those who have gone.
fn per_person(value: f64, people: f64) -> f64 {
    if people > 1e-9 { value / people } else { f64::NAN }
}

fn refill<T: Clone>(list: &mut Vec<T>, count: usize, value: T) {
    list.clear();
    list.resize(count, value);
}

fn collect<T>(list: &mut Vec<T>, values: impl Iterator<Item = T>) {
    list.clear();
    list.extend(values);
}
