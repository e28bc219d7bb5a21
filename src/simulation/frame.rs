//! What is the same in every replication: the calendar, who serves whom, which clocks run where.
//!
//! Made once for a scenario and shared by all threads; nothing here depends on a draw.

use super::costs::CostPlan;
use super::timetable::Timetable;
use crate::calendar::RunCalendar;
use crate::random::name_tag;
use crate::scenario::{AreaId, Clock, Destination, Moment, Scenario, Stage, StageId};

/// Facts of a scenario in the shape the engine reads them.
pub(super) struct Frame<'s> {
    /// The scenario itself.
    pub scenario: &'s Scenario,
    /// The civil calendar; day 0 is the run's first day.
    pub calendar: RunCalendar,
    /// Days simulated.
    pub days: usize,
    /// Days before the first reported day.
    pub warm_up_days: usize,
    /// For each day, its calendar month, counted from the first day's.
    pub month: Vec<usize>,
    /// For each day, its financial year, counted from the first day's.
    pub year: Vec<usize>,
    /// For each area and day, whether schools are in session.
    pub schools_open: Vec<Vec<bool>>,
    /// For each area and day, the first day from then on with schools in session.
    pub return_day: Vec<Vec<i64>>,
    /// For each source and day, the weight of that day; mean 1.
    pub day_weight: Vec<Vec<f64>>,
    /// For each week, its weekdays that are no bank holidays.
    pub working_days: Vec<f64>,
    /// For each unit, the areas that it serves or helps to serve.
    pub areas_of: Vec<Vec<AreaId>>,
    /// For each unit, those whose workers help it.
    pub helpers: Vec<Vec<usize>>,
    /// A stable tag for each stage's name.
    pub stage_tag: Vec<u64>,
    /// For each stage, its place among all priorities in use.
    pub priority_rank: Vec<usize>,
    /// How many priorities are in use.
    pub priorities: usize,
    /// Unit that serves an area for a team, team-major; `None` where none does.
    unit_of: Vec<Option<usize>>,
    /// Desk unit that serves an area for a desk, desk-major.
    desk_unit_of: Vec<Option<usize>>,
    /// Clocks by what starts and stops them.
    pub clocks: ClockTable,
    /// What costs there can be; `None` where nobody is paid.
    pub costs: Option<CostPlan>,
    /// Which version of the terms is in force when and where.
    pub timetable: Timetable,
}

/// Which clocks each moment starts and stops.
#[derive(Default)]
pub(super) struct ClockTable {
    /// On contact.
    pub arrival: ClockMoves,
    /// When the front door has decided.
    pub decided: ClockMoves,
    /// On joining each stage.
    pub enter: Vec<ClockMoves>,
    /// When each stage's work starts.
    pub start: Vec<ClockMoves>,
    /// On leaving each stage.
    pub leave: Vec<ClockMoves>,
    /// For each stage, the clocks that a family who gets there can no longer stop.
    pub moot: Vec<Vec<usize>>,
    /// Every clock.
    pub all: Vec<usize>,
    /// For each clock, whether it stops in the stage in which it starts.
    pub due_where_it_starts: Vec<bool>,
}

/// Clocks that a moment starts, and clocks that it stops.
#[derive(Clone, Default)]
pub(super) struct ClockMoves {
    pub starts: Vec<usize>,
    pub stops: Vec<usize>,
}

impl<'s> Frame<'s> {
    /// Prepares a valid scenario.
    pub fn new(scenario: &'s Scenario) -> Self {
        let days = scenario.total_weeks() as usize * 7;
        let calendar = RunCalendar::new(scenario.first_day(), days);
        let each_day = 0..days as i64;
        let (priority_rank, priorities) = rank_priorities(scenario);
        Self {
            scenario,
            days,
            warm_up_days: scenario.warm_up_weeks as usize * 7,
            month: each_day.clone().map(|day| calendar.month_index(day)).collect(),
            year: each_day.map(|day| calendar.year_index(day)).collect(),
            schools_open: scenario.areas.iter().map(|area| area.schools.open_days(&calendar, days)).collect(),
            return_day: scenario.areas.iter().map(|area| area.schools.return_days(&calendar, days)).collect(),
            day_weight: scenario.sources.iter().map(|source| day_weights(source, &calendar, days)).collect(),
            working_days: (0..scenario.total_weeks() as usize)
                .map(|week| (0..5).filter(|day| calendar.is_working((week * 7 + day) as i64)).count() as f64)
                .collect(),
            areas_of: scenario.units.iter().map(|unit| scenario.served_areas(unit)).collect(),
            helpers: (0..scenario.units.len())
                .map(|unit| {
                    (0..scenario.units.len())
                        .filter(|&other| scenario.units[other].helps.contains(&unit))
                        .collect()
                })
                .collect(),
            stage_tag: scenario.stages.iter().map(|stage| name_tag(&stage.id)).collect(),
            priority_rank,
            priorities,
            unit_of: serve_table(
                scenario.teams.len(),
                scenario.areas.len(),
                scenario.units.iter().map(|unit| (unit.team, unit.areas.as_slice())),
            ),
            desk_unit_of: serve_table(
                scenario.desks.len(),
                scenario.areas.len(),
                scenario.desk_units.iter().map(|unit| (unit.desk, unit.areas.as_slice())),
            ),
            clocks: clock_table(scenario),
            costs: CostPlan::new(scenario, &calendar),
            timetable: Timetable::new(scenario),
            calendar,
        }
    }

    /// The unit of a team that serves an area.
    ///
    /// Validation has made sure that there is one wherever families can get to the team's stages.
    #[inline]
    pub fn unit(&self, team: usize, area: AreaId) -> usize {
        self.unit_of[team * self.scenario.areas.len() + area].expect("validated: the area is served")
    }

    /// The pool of a desk that serves an area; as [`Frame::unit`].
    #[inline]
    pub fn desk_unit(&self, desk: usize, area: AreaId) -> usize {
        self.desk_unit_of[desk * self.scenario.areas.len() + area].expect("validated: the area is served")
    }

    /// The area whose school holidays and terms a unit's people follow: the first that it serves.
    #[inline]
    pub fn home(&self, unit: usize) -> AreaId {
        self.areas_of[unit].first().copied().unwrap_or(0)
    }

    /// Whether schools are closed on most weekdays of a week where a unit works.
    pub fn is_holiday_week(&self, unit: usize, week: usize) -> bool {
        let open = &self.schools_open[self.home(unit)];
        let closed = (0..5).filter(|day| open.get(week * 7 + day) == Some(&false)).count();
        closed >= 3
    }

    /// Whether any unit of a team serves an area.
    pub fn serves(&self, team: usize, area: AreaId) -> bool {
        self.unit_of[team * self.scenario.areas.len() + area].is_some()
    }

    /// Stages held by a team.
    pub fn stages_of_team(&self, team: usize) -> impl Iterator<Item = StageId> + '_ {
        (0..self.scenario.stages.len())
            .filter(move |&stage| self.scenario.stages[stage].holder.team() == Some(team))
    }
}

/// For each stage its place among the priorities in use, and their number: queues are few and short.
fn rank_priorities(scenario: &Scenario) -> (Vec<usize>, usize) {
    let mut levels: Vec<u8> = scenario.stages.iter().map(|stage| stage.priority).collect();
    levels.sort_unstable();
    levels.dedup();
    let rank = |stage: &Stage| levels.partition_point(|&level| level < stage.priority);
    (scenario.stages.iter().map(rank).collect(), levels.len())
}

/// Which unit of each kind serves each area, kind-major.
fn serve_table<'a>(
    kinds: usize,
    areas: usize,
    units: impl Iterator<Item = (usize, &'a [AreaId])>,
) -> Vec<Option<usize>> {
    let mut table = vec![None; kinds * areas];
    for (index, (kind, served)) in units.enumerate() {
        for &area in served {
            table[kind * areas + area] = Some(index);
        }
    }
    table
}

/// A source's weight for each day: its weekly profile of the year where it has one, times its
/// weekday weights, with Sunday's on bank holidays.
fn day_weights(source: &crate::scenario::Source, calendar: &RunCalendar, days: usize) -> Vec<f64> {
    let weekday = |day: i64| {
        let index = if calendar.is_bank_holiday(day) { 6 } else { calendar.weekday_index(day) };
        source.weekday[index]
    };
    let week_of_profile = |day: i64, weeks: usize| {
        (day - source.profile_start_day).div_euclid(7).rem_euclid(weeks as i64) as usize
    };
    (0..days as i64)
        .map(|day| match &source.profile {
            Some(profile) => {
                profile[week_of_profile(day, profile.len())] * source.weekday[calendar.weekday_index(day)]
            }
            None => weekday(day),
        })
        .collect()
}

fn clock_table(scenario: &Scenario) -> ClockTable {
    let stages = scenario.stages.len();
    let none = || vec![ClockMoves::default(); stages];
    let mut table = ClockTable { enter: none(), start: none(), leave: none(), ..ClockTable::default() };
    table.moot = vec![Vec::new(); stages];
    table.all = (0..scenario.clocks.len()).collect();
    table.due_where_it_starts = scenario
        .clocks
        .iter()
        .map(|clock| clock.starts.stage().is_some_and(|stage| clock.stops.stage() == Some(stage)))
        .collect();
    let onward: Vec<Vec<StageId>> = scenario.stages.iter().map(next_stages).collect();
    for (index, clock) in scenario.clocks.iter().enumerate() {
        table.at(clock.starts).starts.push(index);
        table.at(clock.stops).stops.push(index);
        let live = can_still_stop(clock, scenario, &onward);
        live.iter().zip(&mut table.moot).filter(|(live, _)| !**live).for_each(|(_, moot)| moot.push(index));
    }
    table
}

/// Stages to which a stage may lead.
fn next_stages(stage: &Stage) -> Vec<StageId> {
    let routes = stage.routes.iter().flat_map(|route| route.shares.iter().map(|(to, _)| *to));
    let hazards = stage.hazards.iter().chain(&stage.waiting_hazards).map(|hazard| hazard.to);
    let stage_of = |to| match to {
        Destination::Stage(stage) => Some(stage),
        Destination::End(_) => None,
    };
    routes.chain(hazards).filter_map(stage_of).collect()
}

/// For each stage, whether a clock that runs there may still stop without being started anew first.
///
/// A family that leaves a section 47 enquiry without a conference will not be late for it: its clock
/// is moot, although another enquiry may one day lead to a conference.
fn can_still_stop(clock: &Clock, scenario: &Scenario, onward: &[Vec<StageId>]) -> Vec<bool> {
    let here = |stage: StageId| match clock.stops {
        Moment::Start(stop) | Moment::Leave(stop) => stop == stage,
        Moment::Decided => scenario.stages[stage].front_door,
        Moment::Enter(_) | Moment::Arrival => false,
    };
    let starts_in = |stage: StageId| clock.starts.stage() == Some(stage);
    let mut live: Vec<bool> = (0..onward.len()).map(here).collect();
    loop {
        let through =
            |next: &StageId| clock.stops == Moment::Enter(*next) || (live[*next] && !starts_in(*next));
        let wider: Vec<bool> =
            (0..live.len()).map(|stage| live[stage] || onward[stage].iter().any(through)).collect();
        if wider == live {
            return live;
        }
        live = wider;
    }
}

impl ClockTable {
    fn at(&mut self, moment: Moment) -> &mut ClockMoves {
        match moment {
            Moment::Arrival => &mut self.arrival,
            Moment::Decided => &mut self.decided,
            Moment::Enter(stage) => &mut self.enter[stage],
            Moment::Start(stage) => &mut self.start[stage],
            Moment::Leave(stage) => &mut self.leave[stage],
        }
    }
}
