//! Control charts whose limits come from the replications themselves.
//!
//! Consumes observed series with what every replication says in their place; produces a course and a limit for
//! every chart of every series, and the signals.
//!
//! **Scale.** Figures are taken to the square root of figure + ⅜ (Anscombe 1948), on which counts of any size vary
//! about alike.
//!
//! **Two kinds of departure.** A replication has its own draw of the figures: one of high demand is high in every
//! week. So a run of high weeks may be a draw like any other. A *departure* is how far a period is from the mean
//! of all replications; a *surprise* how far it is from what the same world's earlier periods lead to expect, by a
//! regression over replications on their mean departure so far and on the last one. Both are in standard
//! deviations, and a replication is judged by the others.
//!
//! **Charts.** Of surprises: the largest (Shewhart 1931), and cumulative sums upwards and downwards with an
//! allowance of ½ (Page 1954), which find a shift of one standard deviation soonest. Of departures: their mean so
//! far, which finds a level that no draw has.
//!
//! **Limits.** Each chart's largest value is computed in every replication, and put on a common scale: 0 at the
//! median over replications, 1 at the 90th percentile. The greatest over all charts and series is compared: the
//! limit is that value which, of n replications, the ⌈(1 − α)(n + 1)⌉-th smallest has. A new world like the
//! replications lies beyond it with probability at most α, by their being exchangeable, over all charts, series
//! and periods together.

use super::answer::{Alarm, Chart, Signal};
use super::basis::Basis;
use super::cells::Watched;

/// Allowance of the cumulative sums, standard deviations.
const ALLOWANCE: f64 = 0.5;

/// Least distance from median to 90th percentile of a chart's largest value.
const LEAST_SPREAD: f64 = 0.1;

/// Charts, signals and their rate.
#[derive(Clone, Debug)]
pub struct Charted {
    /// Every chart of every series.
    pub charts: Vec<Signal>,
    /// Places of those that signal.
    pub signals: Vec<usize>,
    /// How often one signals if nothing has changed.
    pub alarm: Alarm,
}

/// Departures and surprises of every period, each with an entry for every replication and the observed world.
type Scores = Vec<Vec<f64>>;

/// Departures and surprises; a column for each period, the observed figure behind the replications'.
pub(super) fn departures(cells: &[Vec<f64>]) -> (Scores, Scores) {
    let mut departures: Scores = Vec::with_capacity(cells.len());
    let mut surprises: Scores = Vec::with_capacity(cells.len());
    let mut sum = cells.first().map_or_else(Vec::new, |column| vec![0.0; column.len()]);
    for column in cells {
        let rooted: Vec<f64> = column.iter().map(|value| (value.max(0.0) + 0.375).sqrt()).collect();
        let replications = column.len() - 1;
        let plain = Basis::even(replications);
        let departure = plain.studentised(&rooted);
        let mut informed = plain;
        if let Some(last) = departures.last() {
            informed.push(&sum);
            informed.push(last);
        }
        surprises.push(informed.studentised(&rooted));
        sum.iter_mut().zip(&departure).for_each(|(sum, score)| *sum += score);
        departures.push(departure);
    }
    (departures, surprises)
}

/// Draws all charts, and sets their limits so that a forecast that holds gives a signal with probability
/// `false_alarms` at most.
pub fn chart(series: &[Watched], columns: &[Vec<Vec<f64>>], false_alarms: f64) -> Charted {
    let drawn: Vec<Drawn> = columns.iter().map(|cells| Drawn::new(cells)).collect();
    let replications = columns.first().and_then(|cells| cells.first()).map_or(0, |column| column.len() - 1);
    let most = |of: &dyn Fn(&Drawn) -> f64| drawn.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    let greatest: Vec<f64> = (0..=replications).map(|run| most(&|drawn| drawn.greatest(run))).collect();
    let mut sorted = greatest[..replications].to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = ((1.0 - false_alarms) * (replications + 1) as f64).ceil() as usize;
    let limit = sorted.get(rank.max(1) - 1).copied().unwrap_or(f64::INFINITY);
    let chance = |value: f64| {
        let beyond = sorted.len() - sorted.partition_point(|other| *other < value);
        (1 + beyond) as f64 / (replications + 1) as f64
    };
    let mut charts = Vec::new();
    for ((at, drawn), watched) in drawn.iter().enumerate().zip(series) {
        let false_alarms = (0..replications).filter(|&run| drawn.greatest(run) > limit).count() as f64;
        for chart in Chart::ALL {
            let signal = drawn.signal(at, chart, limit, chance(drawn.scaled(chart, replications)));
            debug_assert_eq!(signal.course.len(), watched.cells.len());
            charts.push(Signal { false_alarms: false_alarms / replications.max(1) as f64, ..signal });
        }
    }
    let signals = (0..charts.len()).filter(|&at| charts[at].largest > charts[at].limit).collect();
    let observed = greatest.last().copied().unwrap_or(f64::NEG_INFINITY);
    let alarm =
        Alarm { wanted: false_alarms, between: between(replications, rank), chance: chance(observed) };
    Charted { charts, signals, alarm }
}

/// Where the true rate lies, with 95% confidence, of a limit that is the `rank`-th smallest of `n` values: the
/// share beyond it has a beta law with n + 1 − rank and rank (David and Nagaraja, *Order Statistics*, 2.2).
fn between(n: usize, rank: usize) -> (f64, f64) {
    use statrs::distribution::{Beta, ContinuousCDF};
    if rank > n {
        return (0.0, 0.0);
    }
    let law = Beta::new((n + 1 - rank) as f64, rank.max(1) as f64);
    law.map_or((0.0, 1.0), |law| (law.inverse_cdf(0.025), law.inverse_cdf(0.975)))
}

/// The charts of one series, of every replication and of the observed world.
struct Drawn {
    departures: Scores,
    surprises: Scores,
    /// By chart: every world's largest value.
    largest: [Vec<f64>; 4],
    /// By chart: median and spread of the replications' largest values.
    scale: [(f64, f64); 4],
    /// Standard deviation of the sum of departures so far, by period.
    sums: Vec<f64>,
}

impl Drawn {
    fn new(cells: &[Vec<f64>]) -> Self {
        let (departures, surprises) = departures(cells);
        let worlds = cells.first().map_or(0, Vec::len);
        let mut sum = vec![0.0; worlds];
        let mut sums = Vec::with_capacity(cells.len());
        for column in &departures {
            sum.iter_mut().zip(column).for_each(|(sum, score)| *sum += score);
            let runs = &sum[..worlds - 1];
            let mean = runs.iter().sum::<f64>() / runs.len() as f64;
            let squares: f64 = runs.iter().map(|value| (value - mean) * (value - mean)).sum();
            sums.push((squares / (runs.len() as f64 - 1.0)).sqrt().max(f64::MIN_POSITIVE));
        }
        let mut drawn =
            Self { departures, surprises, largest: Default::default(), scale: [(0.0, 1.0); 4], sums };
        for (at, chart) in Chart::ALL.into_iter().enumerate() {
            let largest: Vec<f64> = (0..worlds).map(|world| peak(&drawn.course(chart, world)).1).collect();
            let mut sorted = largest[..worlds.saturating_sub(1)].to_vec();
            sorted.sort_by(f64::total_cmp);
            let at_share =
                |share: f64| sorted[((share * sorted.len() as f64) as usize).min(sorted.len() - 1)];
            drawn.scale[at] = (at_share(0.5), (at_share(0.9) - at_share(0.5)).max(LEAST_SPREAD));
            drawn.largest[at] = largest;
        }
        drawn
    }

    /// What a chart shows after each period of a world.
    fn course(&self, chart: Chart, world: usize) -> Vec<f64> {
        let surprises = self.surprises.iter().map(|column| column[world]);
        let cumulative = |sign: f64| {
            surprises.clone().scan(0.0, move |sum: &mut f64, score| {
                *sum = (*sum + sign * score - ALLOWANCE).max(0.0);
                Some(*sum)
            })
        };
        match chart {
            Chart::Single => surprises.map(f64::abs).collect(),
            Chart::Rise => cumulative(1.0).collect(),
            Chart::Fall => cumulative(-1.0).collect(),
            Chart::Level => self.means(world).into_iter().map(f64::abs).collect(),
        }
    }

    /// Mean departure so far, in standard deviations of that mean over replications.
    fn means(&self, world: usize) -> Vec<f64> {
        let mut sum = 0.0;
        let sums = self.departures.iter().zip(&self.sums);
        sums.map(|(column, sd)| {
            sum += column[world];
            sum / sd
        })
        .collect()
    }

    /// A world's largest value of a chart on the common scale.
    fn scaled(&self, chart: Chart, world: usize) -> f64 {
        let at = chart as usize;
        (self.largest[at][world] - self.scale[at].0) / self.scale[at].1
    }

    /// The greatest of them.
    fn greatest(&self, world: usize) -> f64 {
        Chart::ALL.into_iter().map(|chart| self.scaled(chart, world)).fold(f64::NEG_INFINITY, f64::max)
    }

    /// The observed world's chart; the limit is on the common scale.
    fn signal(&self, series: usize, chart: Chart, limit: f64, chance: f64) -> Signal {
        let (median, spread) = self.scale[chart as usize];
        let limit = median + limit * spread;
        let observed = self.largest[chart as usize].len() - 1;
        let course = self.course(chart, observed);
        let (at, largest) = peak(&course);
        let first = course.iter().position(|&value| value > limit);
        let since = first.filter(|_| matches!(chart, Chart::Rise | Chart::Fall)).map(|first| {
            course[..first].iter().rposition(|&value| value == 0.0).map_or(0, |nothing| nothing + 1)
        });
        let above = match chart {
            Chart::Rise => true,
            Chart::Fall => false,
            Chart::Single => self.surprises.get(at).is_some_and(|column| column[observed] > 0.0),
            Chart::Level => self.means(observed).get(at).is_some_and(|&mean| mean > 0.0),
        };
        Signal { series, chart, course, largest, limit, first, since, above, chance, false_alarms: 0.0 }
    }
}

/// Place and size of the largest value; nothing of nothing.
fn peak(course: &[f64]) -> (usize, f64) {
    let larger =
        |best: (usize, f64), (at, &value): (usize, &f64)| if value > best.1 { (at, value) } else { best };
    course.iter().enumerate().fold((0, f64::NEG_INFINITY), larger)
}

#[cfg(test)]
mod tests;
