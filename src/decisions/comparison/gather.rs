//! The replications: all scenarios side by side, each replication folded as it comes.
//!
//! Consumes the scenarios and the criteria; produces sums of paired differences for every series, and for
//! criteria, costs and weekly courses the replications themselves. A task is one scenario in one
//! replication; scenarios of a replication follow each other, so that it is folded whole, and a stop leaves
//! whole replications.
//!
//! **Size.** Series take 120 bytes for each option, period and series, whatever the replications. Criteria
//! take 8 bytes for each scenario and replication, courses 4 bytes for each scenario, area, week and
//! replication: about 13 MB for 3 options, 22 areas, 104 weeks, 3 criteria and 100 replications.

use std::ops::{ControlFlow, Range};

use super::alike::Incomparable;
use super::criterion::{Judged, Reading, known_direction};
use super::paired::Paired;
use crate::experiment::{End, Plan, Watch, run_with};
use crate::scenario::{AreaId, Better, Scenario};
use crate::simulation::{Holding, Kind, Layout, ReplicationRecord, Simulator, Workspace};
use crate::summary::is_met;

/// Weeks of a reported year.
const YEAR_WEEKS: usize = 52;
/// A last part of fewer weeks belongs to the year before.
const LEAST_WEEKS: usize = 4;

/// Replications folded at a time.
const BATCH: u32 = 16;

/// A scenario that takes part.
pub(super) struct Entrant<'s> {
    pub scenario: &'s Scenario,
    pub simulator: Simulator<'s>,
    /// For each series of the base, the one here; none for a part of an option.
    series: Vec<Option<usize>>,
    /// For each judged standard of the base, the one here.
    judged: Vec<Option<usize>>,
    /// For each criterion.
    criteria: Vec<Reading>,
    /// For each course followed.
    courses: Vec<Reading>,
    /// For each line of costs here, the common line.
    lines: Vec<usize>,
    /// Series of posts, filled and vacant, of every team; none for a part of an option.
    posts: Vec<usize>,
}

/// A course followed week by week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Followed {
    pub criterion: usize,
    /// Of the base; `None` for the criterion as it stands.
    pub area: Option<AreaId>,
}

/// What one funder pays for one thing in one year, by identifiers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    /// Financial year, by the calendar year in which it begins.
    pub year: i32,
    /// Whether nobody pays; sorts last.
    pub unfunded: bool,
    /// Identifier of the funder; empty for nobody.
    pub funder: String,
    /// What for.
    pub item: String,
}

/// All that take part, the base first, then the options, then the options' parts.
pub(super) struct Field<'s> {
    pub entrants: Vec<Entrant<'s>>,
    /// How many of them are the base and the options.
    pub full: usize,
    pub criteria: Vec<Judged>,
    pub followed: Vec<Followed>,
    /// Weeks of each reported year.
    pub years: Vec<Range<usize>>,
    pub lines: Vec<Line>,
    /// For each series of the base, which way is better, where that is known.
    pub directions: Vec<Option<Better>>,
}

/// What the replications left.
pub(super) struct Gathered {
    pub replications: u32,
    pub interrupted: bool,
    /// By option, period (the horizon, then years) and series of the base.
    pub figures: Vec<Vec<Vec<Paired>>>,
    /// By entrant, criterion and replication.
    pub criteria: Vec<Vec<Vec<f64>>>,
    /// By option and judged standard of the base: replications in which (base, option) met it, as
    /// neither, base alone, option alone, both; all 0 where the option does not judge it.
    pub crossed: Vec<Vec<[u32; 4]>>,
    /// By base or option, common line and replication.
    pub pence: Vec<Vec<Vec<i64>>>,
    /// By course followed: the base, replication by replication and week by week.
    pub base_courses: Vec<Vec<f32>>,
    /// By option and course followed: option less base, replication by replication and week by week.
    pub courses: Vec<Vec<Vec<f32>>>,
    /// By option and week: posts of caseload teams, option less base, summed over replications.
    pub posts: Vec<Vec<f64>>,
}

/// What is kept of one replication of one scenario.
struct Row {
    figures: Vec<Vec<f64>>,
    criteria: Vec<f64>,
    met: Vec<Option<bool>>,
    pence: Vec<i64>,
    courses: Vec<f32>,
    posts: Vec<f64>,
}

/// Weeks of each reported year: 52 from the first reported day; a last part from four weeks on.
pub(super) fn years(weeks: usize) -> Vec<Range<usize>> {
    let mut years: Vec<Range<usize>> =
        (0..weeks).step_by(YEAR_WEEKS).map(|from| from..(from + YEAR_WEEKS).min(weeks)).collect();
    if years.len() > 1 && years.last().is_some_and(|last| last.len() < LEAST_WEEKS) {
        years.pop();
        if let Some(last) = years.last_mut() {
            last.end = weeks;
        }
    }
    years
}

impl<'s> Field<'s> {
    /// Lines up simulators, the first `full` of which are the base and the options.
    pub fn new(simulators: Vec<(&'s Scenario, Simulator<'s>)>, full: usize, criteria: Vec<Judged>) -> Self {
        let layouts: Vec<(&Scenario, &Layout)> =
            simulators.iter().map(|(scenario, simulator)| (*scenario, simulator.layout())).collect();
        let (base, layout) = layouts[0];
        let followed = followed(&criteria, &layouts[..full]);
        let lines = lines(&layouts[..full]);
        let of_series: Vec<(String, String)> =
            layout.series.iter().map(|series| place(base, series.area, series.holding)).collect();
        let readings: Vec<Vec<Reading>> = layouts
            .iter()
            .map(|(scenario, layout)| {
                criteria
                    .iter()
                    .filter_map(|judged| Reading::of(&judged.criterion, scenario, layout).ok())
                    .collect()
            })
            .collect();
        let mut directions: Vec<Option<Better>> =
            layout.series.iter().map(|series| known_direction(&series.measure)).collect();
        for (judged, reading) in criteria.iter().zip(&readings[0]) {
            if let Some(series) = reading.plain() {
                directions[series] = Some(judged.criterion.better);
            }
        }
        let mut prepared = Vec::new();
        for (at, ((scenario, here), criteria_here)) in layouts.iter().zip(readings).enumerate() {
            let is_full = at < full;
            let series = if is_full { series_here(layout, &of_series, scenario, here) } else { Vec::new() };
            let judged = if is_full { judged_here(base, layout, scenario, here) } else { Vec::new() };
            let courses = followed.iter().filter(|_| is_full);
            let courses =
                courses.filter_map(|one| Reading::of(&one.of(&criteria, base), scenario, here).ok());
            let line = |line: &crate::simulation::CostLine| {
                lines.binary_search(&common_line(scenario, line)).unwrap_or(0)
            };
            let lines_here = here.cost_lines.iter().filter(|_| is_full).map(line).collect();
            let posts = if is_full { posts_here(here) } else { Vec::new() };
            prepared.push((series, judged, criteria_here, courses.collect::<Vec<_>>(), lines_here, posts));
        }
        let years = years(layout.weeks);
        let entrants = simulators.into_iter().zip(prepared);
        let entrants =
            entrants.map(|((scenario, simulator), (series, judged, criteria, courses, lines, posts))| {
                Entrant { scenario, simulator, series, judged, criteria, courses, lines, posts }
            });
        Self { entrants: entrants.collect(), full, criteria, followed, years, lines, directions }
    }

    /// Simulates and folds.
    ///
    /// # Errors
    /// If the plan cannot be, or the simulation fails.
    pub fn gather(
        &self,
        replications: u32,
        threads: Option<std::num::NonZeroUsize>,
        watch: &Watch<'_>,
    ) -> Result<Gathered, Incomparable> {
        let each = self.entrants.len() as u32;
        let tasks = replications.saturating_mul(each);
        let mut plan = Plan::stretch(0, tasks)?.on_threads(threads);
        plan.window = BATCH * each;
        let mut gathered = self.nothing();
        let completed = run_with(
            &plan,
            watch,
            || self.entrants.iter().map(|entrant| entrant.simulator.workspace()).collect(),
            |task, workspaces: &mut Vec<Workspace>| {
                let (replication, at) = (task / each, (task % each) as usize);
                let entrant = &self.entrants[at];
                let record = entrant.simulator.replicate(replication, &mut workspaces[at])?;
                Ok(self.row(entrant, &record))
            },
            |rows: &[Row]| {
                // A stop may leave part of a replication: it is left out.
                rows.chunks_exact(each as usize)
                    .for_each(|replication| self.fold(&mut gathered, replication));
                ControlFlow::<()>::Continue(())
            },
        )?;
        gathered.interrupted = matches!(completed.end, End::Interrupted);
        if gathered.replications < 2 && gathered.interrupted {
            return Err(Incomparable::Interrupted);
        }
        Ok(gathered)
    }

    fn nothing(&self) -> Gathered {
        let base = self.entrants[0].simulator.layout();
        let options = self.full - 1;
        Gathered {
            replications: 0,
            interrupted: false,
            figures: vec![vec![vec![Paired::default(); base.series.len()]; 1 + self.years.len()]; options],
            criteria: vec![vec![Vec::new(); self.criteria.len()]; self.entrants.len()],
            crossed: vec![vec![[0; 4]; base.judged.len()]; options],
            pence: vec![vec![Vec::new(); self.lines.len()]; self.full],
            base_courses: vec![Vec::new(); self.followed.len()],
            courses: vec![vec![Vec::new(); self.followed.len()]; options],
            posts: vec![vec![0.0; base.weeks]; options],
        }
    }

    fn row(&self, entrant: &Entrant, record: &ReplicationRecord) -> Row {
        let (scenario, layout) = (entrant.scenario, entrant.simulator.layout());
        let horizon = entrant.series.iter().map(|at| at.map_or(f64::NAN, |at| record.horizon[at]));
        let year = |weeks: &Range<usize>| -> Vec<f64> {
            let figure = |at: &Option<usize>| at.map_or(f64::NAN, |at| in_weeks(record, layout, at, weeks));
            entrant.series.iter().map(figure).collect()
        };
        let figures = match entrant.series.is_empty() {
            true => Vec::new(),
            false => std::iter::once(horizon.collect()).chain(self.years.iter().map(year)).collect(),
        };
        let met = |at: &Option<usize>| {
            let at = (*at)?;
            let standard = &scenario.standards[layout.judged[at].standard];
            Some(is_met(record.achieved[at], standard.required_share))
        };
        let mut pence = vec![0; if entrant.series.is_empty() { 0 } else { self.lines.len() }];
        entrant.lines.iter().zip(&record.costs).for_each(|(&line, cost)| pence[line] += cost);
        let posts = |week| entrant.posts.iter().map(|&at| f64::from(record.weekly[[at, week]])).sum();
        let weeks = |reading| (0..layout.weeks).map(move |week| Reading::week(reading, record, week) as f32);
        Row {
            figures,
            criteria: entrant
                .criteria
                .iter()
                .map(|reading| reading.figure(record, scenario, layout))
                .collect(),
            met: entrant.judged.iter().map(met).collect(),
            pence,
            courses: entrant.courses.iter().flat_map(weeks).collect(),
            posts: (0..layout.weeks).map(posts).collect(),
        }
    }

    /// Folds one replication of everybody.
    fn fold(&self, gathered: &mut Gathered, rows: &[Row]) {
        gathered.replications += 1;
        let (base, options) = (&rows[0], &rows[1..self.full]);
        for (all, row) in gathered.criteria.iter_mut().zip(rows) {
            all.iter_mut().zip(&row.criteria).for_each(|(all, &figure)| all.push(figure));
        }
        for (all, row) in gathered.pence.iter_mut().zip(rows) {
            all.iter_mut().zip(&row.pence).for_each(|(all, &pence)| all.push(pence));
        }
        let weeks = base.courses.len() / self.followed.len().max(1);
        for (course, all) in gathered.base_courses.iter_mut().enumerate() {
            all.extend_from_slice(&base.courses[course * weeks..(course + 1) * weeks]);
        }
        for (at, option) in options.iter().enumerate() {
            for (period, sums) in gathered.figures[at].iter_mut().enumerate() {
                let pairs = base.figures[period].iter().zip(&option.figures[period]);
                sums.iter_mut().zip(pairs).for_each(|(sum, (&base, &option))| sum.push(base, option));
            }
            for (counts, (base, option)) in
                gathered.crossed[at].iter_mut().zip(base.met.iter().zip(&option.met))
            {
                if let (Some(base), Some(option)) = (base, option) {
                    counts[usize::from(*base) + 2 * usize::from(*option)] += 1;
                }
            }
            for (course, all) in gathered.courses[at].iter_mut().enumerate() {
                let here = course * weeks..(course + 1) * weeks;
                let pairs = option.courses[here.clone()].iter().zip(&base.courses[here]);
                all.extend(pairs.map(|(option, base)| option - base));
            }
            let pairs = option.posts.iter().zip(&base.posts);
            let sums = gathered.posts[at].iter_mut().zip(pairs);
            sums.for_each(|(sum, (option, base))| *sum += option - base);
        }
        self.fold_best(gathered, &rows[..self.full]);
    }

    /// Who is best of all, figure by figure.
    fn fold_best(&self, gathered: &mut Gathered, rows: &[Row]) {
        for period in 0..=self.years.len() {
            for (series, better) in self.directions.iter().enumerate() {
                let Some(better) = better else { continue };
                let values: Vec<f64> = rows.iter().map(|row| row.figures[period][series]).collect();
                for (option, share) in shares_of_best(&values, *better).into_iter().enumerate().skip(1) {
                    if share > 0.0 {
                        gathered.figures[option - 1][period][series].was_best(share);
                    }
                }
            }
        }
    }
}

/// For each value its share in being the best: 1 for one alone, parts for those that are equal. All 0 where
/// one has no figure.
pub(super) fn shares_of_best(values: &[f64], better: Better) -> Vec<f64> {
    if values.iter().any(|value| !value.is_finite()) {
        return vec![0.0; values.len()];
    }
    let best = values.iter().map(|value| value * better.sign()).fold(f64::NEG_INFINITY, f64::max);
    let is_best = |value: &f64| value * better.sign() >= best;
    let share = 1.0 / values.iter().filter(|value| is_best(value)).count() as f64;
    values.iter().map(|value| if is_best(value) { share } else { 0.0 }).collect()
}

impl Followed {
    /// The criterion of the course, in its own area.
    pub fn of(&self, criteria: &[Judged], base: &Scenario) -> crate::scenario::Criterion {
        let mut criterion = criteria[self.criterion].criterion.clone();
        if let Some(area) = self.area {
            criterion.area = Some(base.areas[area].id.clone());
        }
        criterion
    }
}

/// The courses that all can follow: each criterion that has weeks; where it is the whole council's, each
/// area's too.
fn followed(criteria: &[Judged], all: &[(&Scenario, &Layout)]) -> Vec<Followed> {
    let base = all[0].0;
    let mut list = Vec::new();
    for (criterion, judged) in criteria.iter().enumerate().filter(|(_, judged)| judged.kind.is_some()) {
        list.push(Followed { criterion, area: None });
        if judged.criterion.area.is_some() {
            continue;
        }
        for area in 0..base.areas.len() {
            let one = Followed { criterion, area: Some(area) };
            let wanted = one.of(criteria, base);
            if all.iter().all(|(scenario, layout)| Reading::of(&wanted, scenario, layout).is_ok()) {
                list.push(one);
            }
        }
    }
    list
}

/// Where a series is measured, by identifiers.
pub(super) fn place(scenario: &Scenario, area: Option<AreaId>, holding: Holding) -> (String, String) {
    let area = area.map_or(String::new(), |area| scenario.areas[area].id.clone());
    let holder = match holding {
        Holding::Area => String::new(),
        Holding::Desk(desk) => scenario.desks[desk].id.clone(),
        Holding::Team(team) => scenario.teams[team].id.clone(),
    };
    (area, holder)
}

fn series_here(
    base: &Layout,
    of_base: &[(String, String)],
    scenario: &Scenario,
    here: &Layout,
) -> Vec<Option<usize>> {
    let mut known = std::collections::BTreeMap::new();
    for (at, series) in here.series.iter().enumerate() {
        known.insert((place(scenario, series.area, series.holding), series.measure.as_str()), at);
    }
    let find = |(series, place): (&crate::simulation::Series, &(String, String))| {
        known.get(&(place.clone(), series.measure.as_str())).copied()
    };
    base.series.iter().zip(of_base).map(find).collect()
}

/// The council's series of posts in every team: filled, and vacant where there is a workforce.
fn posts_here(here: &Layout) -> Vec<usize> {
    let is_posts = |at: &usize| {
        let series = &here.series[*at];
        series.area.is_none() && ["fte_in_post", "fte_vacant"].contains(&series.measure.as_str())
    };
    (0..here.series.len()).filter(is_posts).collect()
}

fn judged_here(base: &Scenario, of_base: &Layout, scenario: &Scenario, here: &Layout) -> Vec<Option<usize>> {
    let key = |scenario: &Scenario, judged: &crate::simulation::Judged| {
        let area = judged.area.map(|area| scenario.areas[area].id.clone());
        (scenario.standards[judged.standard].id.clone(), area)
    };
    let find = |judged| {
        let wanted = key(base, judged);
        here.judged.iter().position(|judged| key(scenario, judged) == wanted)
    };
    of_base.judged.iter().map(find).collect()
}

fn common_line(scenario: &Scenario, line: &crate::simulation::CostLine) -> Line {
    Line {
        year: line.year,
        unfunded: line.funder.is_none(),
        funder: line.funder.map_or(String::new(), |funder| scenario.money.funders[funder].id.clone()),
        item: scenario.cost_item_id(line.item),
    }
}

/// Every line of costs of any of them, sorted.
fn lines(all: &[(&Scenario, &Layout)]) -> Vec<Line> {
    let of_one = |(scenario, layout): &(&Scenario, &Layout)| -> Vec<Line> {
        layout.cost_lines.iter().map(|line| common_line(scenario, line)).collect()
    };
    let mut lines: Vec<Line> = all.iter().flat_map(of_one).collect();
    lines.sort();
    lines.dedup();
    lines
}

/// A series over some weeks: totals add up, averages average, the greatest is greatest; of quotients and
/// percentiles the mean of the weeks that have one. `NaN` where none has.
fn in_weeks(record: &ReplicationRecord, layout: &Layout, series: usize, weeks: &Range<usize>) -> f64 {
    let present = weeks.clone().map(|week| f64::from(record.weekly[[series, week]])).filter(|x| !x.is_nan());
    let (sum, n, most) = present.fold((0.0, 0_u32, f64::NEG_INFINITY), |(sum, n, most), value| {
        (sum + value, n + 1, f64::max(most, value))
    });
    match (n, layout.series[series].kind) {
        (0, _) => f64::NAN,
        (_, Kind::Total) => sum,
        (_, Kind::Maximum) => most,
        _ => sum / f64::from(n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_part_of_a_year_counts_from_four_weeks_on() {
        assert_eq!((years(52).len(), years(52)[0].clone()), (1, 0..52));
        assert_eq!(years(104), [0..52, 52..104]);
        assert_eq!(years(107), [0..52, 52..107]);
        assert_eq!(years(108), [0..52, 52..104, 104..108]);
        assert_eq!(years(3)[0], 0..3);
    }

    #[test]
    fn those_who_are_equally_good_share_the_best_place() {
        assert_eq!(shares_of_best(&[3.0, 1.0, 2.0], Better::Lower), [0.0, 1.0, 0.0]);
        assert_eq!(shares_of_best(&[3.0, 1.0, 3.0], Better::Higher), [0.5, 0.0, 0.5]);
        assert_eq!(shares_of_best(&[3.0, f64::NAN], Better::Higher), [0.0, 0.0]);
    }
}
