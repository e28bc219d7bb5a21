//! What was observed, laid over the forecast.
//!
//! Consumes a valid scenario, what was observed ([`crate::observed`]) and, where there is one, the scenario with
//! recommended posts; produces an [`Answer`]: where each observed week lies in the fan of possible weeks, whether
//! the whole is more unusual than a forecast that holds would let it be, what it says about the uncertain
//! figures, and whether the recommendation still stands.
//!
//! Parts, in the order of the work:
//!
//! * `cells` – the observed series, and what a replication says in their place;
//! * `basis` – least squares over replications, with the observation carried along;
//! * `fan` – each week's place among the replications;
//! * `charts` – control charts whose limits come from the replications themselves;
//! * `summaries` – the few figures by which replications are compared with what was observed;
//! * `weighing` – the weight of each replication; `beliefs` – what the weighted draws say of each figure;
//! * `verdict` – the chance of keeping each promise before and after, and what follows.
//!
//! Invariants: replications are draws from the world in which the scenario holds, so every rate of error is
//! counted among them and rests on no law of probability; the answer depends on scenario, observations, seed and
//! number of replications alone; no files, clock or printing.

mod answer;
mod basis;
mod beliefs;
mod cells;
mod charts;
mod fan;
mod summaries;
mod verdict;
mod weighing;

use std::ops::ControlFlow;

pub use answer::{
    Alarm, Answer, Belief, Chance, Chart, Posts, Promise, Seen, SeriesAnswer, Signal, Verdict, Weighed,
};
pub use cells::{Watched, WatchedCell, watched};
pub use charts::{Charted, chart};
pub use summaries::summaries;
pub use verdict::MARGIN;
pub use weighing::{FEW_EFFECTIVE, weigh};

use crate::experiment::{self, End, ExperimentError, Plan, PlanError, RunLength, Watch};
use crate::scenario::Scenario;
use crate::simulation::Simulator;

/// Fewest replications from which limits are taken: of fewer than 99 none lies beyond the 99th percentile.
pub const LEAST_REPLICATIONS: u32 = 100;

/// How to look.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Replications, each with its own draw: at least [`LEAST_REPLICATIONS`].
    pub replications: u32,
    /// Master seed.
    pub seed: u64,
    /// Threads; changes no result.
    pub threads: Option<std::num::NonZeroUsize>,
    /// Chance of any signal at all over everything observed, if the scenario holds; in (0, 1).
    pub false_alarms: f64,
}

/// Posts that somebody recommended.
#[derive(Clone, Copy, Debug)]
pub struct Recommended<'a> {
    /// The scenario with them.
    pub scenario: &'a Scenario,
    /// For each standard judged, how reliably it is to hold with them; `None` where no posts can see to that.
    pub sought: &'a [Option<f64>],
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Unmonitored {
    /// Too few replications, or too many.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A replication failed.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// Stopped from outside.
    #[error("interrupted; nothing was written")]
    Interrupted,
}

/// What the replications say in place of what was observed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forecast {
    /// Replication × cell, the cells of all series one after another.
    pub cells: Vec<Vec<f64>>,
    /// Replication × parameter.
    pub draws: Vec<Vec<f64>>,
    /// Replication × standard judged: the share achieved.
    pub achieved: Vec<Vec<f64>>,
}

/// Lays what was observed over the forecast.
///
/// # Errors
/// If there are too few replications, one fails, or the work is stopped.
pub fn monitor(
    scenario: &Scenario,
    recommended: Option<Recommended<'_>>,
    series: Vec<Watched>,
    settings: &Settings,
    watch: &Watch<'_>,
) -> Result<Answer, Unmonitored> {
    let forecast = forecast(scenario, &series, settings, watch)?;
    let achieved = match recommended {
        Some(posts) => self::forecast(posts.scenario, &[], settings, watch)?.achieved,
        None => forecast.achieved.clone(),
    };
    Ok(assess(scenario, recommended.map(|posts| posts.sought), series, &forecast, &achieved, settings))
}

/// Everything but the simulation: what a forecast and observations say of each other.
///
/// `achieved` is what the standards come to in each replication with the posts in question; `sought` how
/// reliably each is to hold, where posts were recommended.
pub fn assess(
    scenario: &Scenario,
    sought: Option<&[Option<f64>]>,
    series: Vec<Watched>,
    forecast: &Forecast,
    achieved: &[Vec<f64>],
    settings: &Settings,
) -> Answer {
    let columns = cells::columns(&series, forecast);
    let charted = chart(&series, &columns, settings.false_alarms);
    let summaries = summaries(&series, &columns);
    let weighing = weigh(scenario, &summaries, &forecast.draws, achieved);
    let judged = Simulator::new(scenario, settings.seed).layout().judged.clone();
    let promises = verdict::promises(scenario, &judged, sought, achieved, &weighing);
    let beliefs = beliefs::beliefs(scenario, &weighing, &forecast.draws);
    let verdict = verdict::verdict(&promises, &weighing.weighed);
    let fan = fan::fan(&series, &columns);
    Answer {
        series: series.into_iter().zip(fan).map(|(watched, cells)| SeriesAnswer { watched, cells }).collect(),
        charts: charted.charts,
        signals: charted.signals,
        alarm: charted.alarm,
        weighed: weighing.weighed,
        beliefs,
        promises,
        posts: if sought.is_some() { Posts::Recommended } else { Posts::Now },
        verdict,
        replications: settings.replications,
    }
}

/// Simulates a scenario and keeps of each replication what stands for the observed figures.
///
/// # Errors
/// As [`monitor`].
pub fn forecast(
    scenario: &Scenario,
    series: &[Watched],
    settings: &Settings,
    watch: &Watch<'_>,
) -> Result<Forecast, Unmonitored> {
    let simulator = Simulator::new(scenario, settings.seed);
    let plan = Plan::new(RunLength::Fixed(settings.replications), None)?.on_threads(settings.threads);
    let mut found = Forecast::default();
    let completed = experiment::run_with(
        &plan,
        watch,
        || simulator.workspace(),
        |replication, workspace| {
            let draw = simulator.draw(replication);
            let record = simulator.replicate_with(replication, &draw, workspace)?;
            let cells = cells::read(series, scenario, settings.seed, &draw, &record);
            Ok((cells, draw.0, record.achieved))
        },
        |window: &[(Vec<f64>, Vec<f64>, Vec<f64>)]| {
            for (cells, draw, achieved) in window {
                found.cells.push(cells.clone());
                found.draws.push(draw.clone());
                found.achieved.push(achieved.clone());
            }
            ControlFlow::<()>::Continue(())
        },
    )?;
    match completed.end {
        End::Interrupted => Err(Unmonitored::Interrupted),
        End::Finished | End::Stopped(()) => Ok(found),
    }
}
