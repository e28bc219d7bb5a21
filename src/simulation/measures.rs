//! From tallies to named figures: which series a scenario has, and what each is.
//!
//! One walk over areas, desks and teams ([`Recorder::visit`]) names the series for the [`Layout`] and
//! gives their values week by week, so that the two cannot come apart.

use super::frame::Frame;
use super::record::{Holding, Judged, Kind, Layout, Series};
use super::recorder::{AreaCounts, Figures, Recorder};
use super::tally::{Capacity, Flow, WaitPool, Waits};
use crate::scenario::{AreaId, Scenario, StandardTest};

/// The name of a measure; the second part follows an underscore.
#[derive(Clone, Copy)]
pub(super) enum Name<'a> {
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
    /// Visits every series in the order of files, with its value.
    pub fn visit(
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
pub(super) type Visitor<'v> = dyn FnMut(Option<AreaId>, Holding, Name, Kind, f64) + 'v;

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

/// A quotient by people; none where there is nobody but what rounding leaves of those who have gone.
fn per_person(value: f64, people: f64) -> f64 {
    if people > 1e-9 { value / people } else { f64::NAN }
}
