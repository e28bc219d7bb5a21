//! The passes over the simulator, and what comes of them.
//!
//! Consumes a simulator and a budget of simulated runs; produces an [`Explanation`]. Four passes share
//! the budget ([`Shares`]):
//!
//! 1. **Pool.** Ordinary replications, each with its own draw, at every number of posts weighed. Each
//!    figure's first-order share is estimated from them ([`super::smoother`]); those that matter most
//!    over all outputs (root mean square of shares) are picked, the others are taken together.
//! 2. **Pick and freeze** on fresh replications: for every picked figure, for the others as one group,
//!    and for luck ([`super::pick_freeze`]). The instant outputs, which cost next to nothing, get a
//!    larger design of their own.
//! 3. **Tornado.** Every picked figure at its 5th and 95th percentile, all others central, on the same
//!    replications ([`super::tornado`]).
//! 4. **Value.** From the pool: what knowing each picked figure is worth ([`super::value`]).
//!
//! Invariant: every pass works through numbered tasks whose results come back in order; nothing
//! depends on threads.

mod budget;
mod found;

use std::ops::ControlFlow;

pub use budget::{Settings, Shares, StudyError, Watching};
pub use found::{Decided, Explanation, Input, Worth};

use super::decision::{Seat, seats, staffed};
use super::outputs::Outputs;
use super::pick_freeze::{self, Indices};
use super::smoother::Smoother;
use super::tornado::{self, Bar};
use super::value::{Losses, best_option, evppi, perfect};
use crate::analysis::flow::Endless;
use crate::analysis::offered_load::analyse;
use crate::experiment::{self, End, Plan, RunLength, Watch};
use crate::random::StreamKey;
use crate::scenario::{Draw, Scenario};
use crate::simulation::{ReplicationRecord, Simulator, Workspace};
use crate::summary::Estimate;

/// Rows of the instant outputs' design.
const INSTANT_ROWS: u32 = 256;
/// Explains a scenario.
///
/// # Errors
/// If nothing is uncertain, the budget is too small, or a run fails or is interrupted.
pub fn explain(
    scenario: &Scenario,
    simulator: &Simulator<'_>,
    settings: &Settings,
    watch: &Watching<'_>,
) -> Result<Explanation, StudyError> {
    let uncertain: Vec<usize> = (0..scenario.parameters.len())
        .filter(|&index| scenario.parameters[index].range().is_some())
        .collect();
    if uncertain.is_empty() {
        return Err(StudyError::NothingUncertain);
    }
    let seats = seats(scenario, simulator.layout());
    let outputs = Outputs::new(scenario, simulator.layout(), &seats);
    let picked = uncertain.len().min(scenario.explain.figures as usize);
    let options = seats.first().map_or(1, |seat| seat.options.len());
    let shares = Shares::of(settings.budget, options, picked, picked < uncertain.len())?;
    let study = Study { scenario, simulator, settings, watch, outputs, seats, shares };
    let pool = study.pool()?;
    let (figures, others) = study.screen(&pool, &uncertain, picked);
    let (inputs, indices) = study.indices(&figures, &others)?;
    let bars = study.tornado(&figures)?;
    let worth = study.worth(&figures, &pool);
    let decided = study.seats.iter().zip(&pool.losses).map(|(seat, losses)| decided(seat, losses)).collect();
    let spread = columns(&pool.outputs, study.outputs.list.len());
    Ok(Explanation {
        spread: spread.iter().map(|column| Estimate::of(column)).collect(),
        outputs: study.outputs,
        figures,
        others,
        inputs,
        indices,
        bars,
        decided,
        worth,
        shares,
        instant_rows: INSTANT_ROWS,
    })
}

/// One run: a draw, and the replication whose luck it meets.
struct Point {
    draw: Draw,
    luck: u32,
}

/// The ordinary replications.
struct Pool {
    draws: Vec<Draw>,
    /// Run × output, at today's posts.
    outputs: Vec<Vec<f64>>,
    /// By seat.
    losses: Vec<Losses>,
}

struct Study<'a, 's> {
    scenario: &'s Scenario,
    simulator: &'a Simulator<'s>,
    settings: &'a Settings,
    watch: &'a Watching<'a>,
    outputs: Outputs,
    seats: Vec<Seat>,
    shares: Shares,
}

impl Study<'_, '_> {
    /// Ordinary replications at every option; the draws are those of `caseflow run`.
    fn pool(&self) -> Result<Pool, StudyError> {
        let Shares { pool, options, .. } = self.shares;
        let draws: Vec<Draw> = (0..pool).map(|run| self.simulator.draw(run)).collect();
        let point = |task: u32| {
            let (run, option) = (task / options, (task % options) as usize);
            Point { draw: staffed(self.scenario, &draws[run as usize], &self.seats, option), luck: run }
        };
        // At today's posts the outputs, and always each seat's loss at the end.
        let read = |task: u32, point: &Point, record: &ReplicationRecord| {
            let today = task.is_multiple_of(options);
            let mut row =
                if today { self.outputs.of_record(self.scenario, &point.draw, record) } else { Vec::new() };
            // The draw holds the option's posts already.
            row.extend(self.seats.iter().map(|seat| seat.loss(self.scenario, &point.draw, record, 1.0)));
            row
        };
        let rows = self.simulate("runs to find what matters", pool * options, &point, &read)?;
        let instant = self.instant("instant answers", pool, &|run| draws[run as usize].clone())?;
        let simulated = self.outputs.list.len() - self.outputs.instant;
        let outputs = instant
            .into_iter()
            .zip(rows.iter().step_by(options as usize))
            .map(|(mut row, run)| {
                row.extend_from_slice(&run[..simulated]);
                row
            })
            .collect();
        let loss = |seat: usize, option: u32| {
            let runs = rows.iter().skip(option as usize).step_by(options as usize);
            runs.map(|row| row[row.len() - self.seats.len() + seat]).collect()
        };
        let losses = (0..self.seats.len())
            .map(|seat| (0..options).map(|option| loss(seat, option)).collect())
            .collect();
        Ok(Pool { draws, outputs, losses })
    }

    /// The figures that matter most, and the others with the most that any output owes them.
    fn screen(&self, pool: &Pool, uncertain: &[usize], picked: usize) -> (Vec<usize>, Vec<(usize, f64)>) {
        let outputs = columns(&pool.outputs, self.outputs.list.len());
        let mut scored: Vec<(usize, f64, f64)> = uncertain
            .iter()
            .map(|&parameter| {
                let values: Vec<f64> = pool.draws.iter().map(|draw| draw.0[parameter]).collect();
                let smoother = Smoother::over(&values);
                let shares: Vec<f64> = outputs
                    .iter()
                    .filter(|column| column.iter().all(|value| value.is_finite()))
                    .map(|column| smoother.fit(column).first_order())
                    .collect();
                let squares: f64 = shares.iter().map(|share| share * share).sum();
                let largest = shares.iter().copied().fold(0.0, f64::max);
                (parameter, squares, largest)
            })
            .collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let figures = scored[..picked].iter().map(|score| score.0).collect();
        (figures, scored[picked..].iter().map(|score| (score.0, score.2)).collect())
    }

    /// The indices of every input for every output.
    fn indices(
        &self,
        figures: &[usize],
        others: &[(usize, f64)],
    ) -> Result<(Vec<Input>, Vec<Vec<Indices>>), StudyError> {
        let mut groups: Vec<Vec<usize>> = figures.iter().map(|&figure| vec![figure]).collect();
        let mut inputs: Vec<Input> = figures.iter().map(|&figure| Input::Figure(figure)).collect();
        if !others.is_empty() {
            groups.push(others.iter().map(|other| other.0).collect());
            inputs.push(Input::Others);
        }
        inputs.extend([Input::Luck, Input::AllFigures]);
        let simulated = self.simulated_indices(&groups)?;
        let instant = self.instant_indices(&groups)?;
        let rows = instant.into_iter().zip(simulated).map(|(mut instant, simulated)| {
            instant.extend(simulated);
            instant
        });
        Ok((inputs, rows.collect()))
    }

    /// Group × simulated output, then luck and all figures.
    fn simulated_indices(&self, groups: &[Vec<usize>]) -> Result<Vec<Vec<Indices>>, StudyError> {
        let Shares { rows, blocks, pool, .. } = self.shares;
        let half = |b: bool, row: u32| pool + u32::from(b) * rows + row;
        let point = |task: u32| {
            let (row, block) = (task / blocks, task % blocks);
            let (a, b) = (half(false, row), half(true, row));
            match block {
                0 => Point { draw: self.simulator.draw(a), luck: a },
                1 => Point { draw: self.simulator.draw(b), luck: b },
                2 => Point { draw: self.simulator.draw(a), luck: b },
                _ => Point { draw: self.mixed(a, b, &groups[block as usize - 3]), luck: a },
            }
        };
        let read = |_: u32, point: &Point, record: &ReplicationRecord| {
            self.outputs.of_record(self.scenario, &point.draw, record)
        };
        let values = self.simulate("runs to share out the spread", rows * blocks, &point, &read)?;
        let block = |block: u32| -> Vec<Vec<f64>> {
            let of_block = values.iter().skip(block as usize).step_by(blocks as usize);
            columns_of(of_block, self.outputs.list.len() - self.outputs.instant)
        };
        let (a, b) = (block(0), block(1));
        let of = |mixed: &[Vec<f64>]| -> Vec<Indices> {
            a.iter().zip(&b).zip(mixed).map(|((a, b), m)| pick_freeze::indices(a, b, m)).collect()
        };
        let mut all: Vec<Vec<Indices>> = (3..blocks).map(|group| of(&block(group))).collect();
        let luck = of(&block(2));
        all.push(luck.clone());
        all.push(luck.into_iter().map(Indices::of_the_rest).collect());
        Ok(all)
    }

    /// The same for the instant outputs, which know no luck.
    fn instant_indices(&self, groups: &[Vec<usize>]) -> Result<Vec<Vec<Indices>>, StudyError> {
        let blocks = groups.len() as u32 + 2;
        // Replications far from those simulated; their draws alone are used.
        let half = |b: bool, row: u32| (1 << 30) + u32::from(b) * INSTANT_ROWS + row;
        let draw = |task: u32| {
            let (row, block) = (task / blocks, task % blocks);
            let (a, b) = (half(false, row), half(true, row));
            match block {
                0 => self.simulator.draw(a),
                1 => self.simulator.draw(b),
                _ => self.mixed(a, b, &groups[block as usize - 2]),
            }
        };
        let values = self.instant("instant answers", INSTANT_ROWS * blocks, &draw)?;
        let block = |block: u32| -> Vec<Vec<f64>> {
            columns_of(values.iter().skip(block as usize).step_by(blocks as usize), self.outputs.instant)
        };
        let (a, b) = (block(0), block(1));
        let mut all: Vec<Vec<Indices>> = (2..blocks)
            .map(|group| {
                let mixed = block(group);
                a.iter().zip(&b).zip(&mixed).map(|((a, b), m)| pick_freeze::indices(a, b, m)).collect()
            })
            .collect();
        let no_luck = Indices {
            first: pick_freeze::Index { value: 0.0, se: 0.0 },
            total: pick_freeze::Index { value: 0.0, se: 0.0 },
        };
        all.push(vec![no_luck; self.outputs.instant]);
        all.push(vec![no_luck.of_the_rest(); self.outputs.instant]);
        Ok(all)
    }

    /// A replication's draw with a group of figures from another's.
    fn mixed(&self, a: u32, b: u32, group: &[usize]) -> Draw {
        Draw(pick_freeze::mixed(&self.simulator.draw(a).0, &self.simulator.draw(b).0, group))
    }

    /// A bar for every figure and output.
    fn tornado(&self, figures: &[usize]) -> Result<Vec<Bar>, StudyError> {
        let Shares { tornado: replications, points, .. } = self.shares;
        let central = self.scenario.central_draw();
        let value = |point: u32| {
            let parameter = figures[(point as usize - 1) / 2];
            let u = if point % 2 == 1 { 0.05 } else { 0.95 };
            (parameter, self.scenario.parameters[parameter].quantile(u))
        };
        let draw = |point: u32| {
            let mut draw = central.clone();
            if point > 0 {
                let (parameter, value) = value(point);
                draw.0[parameter] = value;
            }
            draw
        };
        let point = |task: u32| Point { draw: draw(task % points), luck: task / points };
        let read = |_: u32, point: &Point, record: &ReplicationRecord| {
            self.outputs.of_record(self.scenario, &point.draw, record)
        };
        let simulated = self.simulate("runs at the ends of ranges", replications * points, &point, &read)?;
        let instant = self.instant("instant answers", points, &draw)?;
        let at = |point: u32, output: usize| -> Vec<f64> {
            match output.checked_sub(self.outputs.instant) {
                None => vec![instant[point as usize][output]],
                Some(place) => simulated
                    .iter()
                    .skip(point as usize)
                    .step_by(points as usize)
                    .map(|row| row[place])
                    .collect(),
            }
        };
        let mut bars = Vec::new();
        for output in 0..self.outputs.list.len() {
            let base = at(0, output);
            for low in (1..points).step_by(2) {
                let end = |point: u32| tornado::end(value(point).1, &at(point, output), &base);
                let parameter = value(low).0;
                let mean = base.iter().sum::<f64>() / base.len() as f64;
                bars.push(Bar { parameter, output, base: mean, low: end(low), high: end(low + 1) });
            }
        }
        Ok(bars)
    }

    /// What knowing each figure is worth.
    fn worth(&self, figures: &[usize], pool: &Pool) -> Vec<Worth> {
        let key = StreamKey::master(self.settings.seed).named("evppi");
        let worth = |&parameter: &usize| {
            let values: Vec<f64> = pool.draws.iter().map(|draw| draw.0[parameter]).collect();
            let key = key.named(&self.scenario.parameters[parameter].path);
            let every: Vec<&Losses> = pool.losses.iter().collect();
            let seats = pool.losses.iter().map(|losses| evppi(&values, &[losses], key)).collect();
            Worth { parameter, all: evppi(&values, &every, key), seats }
        };
        figures.iter().map(worth).collect()
    }

    /// Simulates tasks and reads each record; results in order of task.
    fn simulate(
        &self,
        pass: &'static str,
        tasks: u32,
        point: &(dyn Fn(u32) -> Point + Sync),
        read: &(dyn Fn(u32, &Point, &ReplicationRecord) -> Vec<f64> + Sync),
    ) -> Result<Vec<Vec<f64>>, StudyError> {
        self.in_order(
            pass,
            tasks,
            || self.simulator.workspace(),
            |task, workspace: &mut Workspace| {
                let point = point(task);
                let record = self.simulator.replicate_with(point.luck, &point.draw, workspace)?;
                Ok(read(task, &point, &record))
            },
        )
    }

    /// Instant answers for draws; results in order of task.
    fn instant(
        &self,
        pass: &'static str,
        tasks: u32,
        draw: &(dyn Fn(u32) -> Draw + Sync),
    ) -> Result<Vec<Vec<f64>>, StudyError> {
        let answers = self.in_order(
            pass,
            tasks,
            || (),
            |task, (): &mut ()| {
                let analysis = analyse(self.scenario, &draw(task));
                Ok(analysis.map(|analysis| self.outputs.of_analysis(self.scenario, &analysis)))
            },
        )?;
        Ok(answers.into_iter().collect::<Result<_, Endless>>()?)
    }

    fn in_order<W: Send, R: Send + Clone>(
        &self,
        pass: &'static str,
        tasks: u32,
        workspace: impl Fn() -> W + Sync,
        task: impl Fn(u32, &mut W) -> Result<R, crate::simulation::Broken> + Sync,
    ) -> Result<Vec<R>, StudyError> {
        let plan = Plan::new(RunLength::Fixed(tasks), None)?.on_threads(self.settings.threads);
        let progress = |done: u32, planned: u32| (self.watch.progress)(pass, done, planned);
        let watch = Watch { stop: self.watch.stop, progress: &progress };
        let mut results = Vec::with_capacity(tasks as usize);
        let completed = experiment::run_with(&plan, &watch, workspace, task, |window: &[R]| {
            results.extend_from_slice(window);
            ControlFlow::<()>::Continue(())
        })?;
        match completed.end {
            End::Interrupted => Err(StudyError::Interrupted),
            End::Finished | End::Stopped(()) => Ok(results),
        }
    }
}

fn decided(seat: &Seat, losses: &Losses) -> Decided {
    let mean = |option: &Vec<f64>| option.iter().sum::<f64>() / option.len() as f64;
    Decided {
        seat: seat.clone(),
        loss: losses.iter().map(mean).collect(),
        best: best_option(losses),
        perfect: perfect(losses),
    }
}

/// Rows turned into columns.
fn columns(rows: &[Vec<f64>], width: usize) -> Vec<Vec<f64>> {
    columns_of(rows.iter(), width)
}

fn columns_of<'r>(rows: impl Iterator<Item = &'r Vec<f64>> + Clone, width: usize) -> Vec<Vec<f64>> {
    (0..width).map(|column| rows.clone().map(|row| row[column]).collect()).collect()
}
