//! What monitoring found: plain data.

use serde::{Deserialize, Serialize};

use super::cells::Watched;
use crate::simulation::Judged;
use crate::summary::Estimate;

/// Everything found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The observed series, each with its place in the fan.
    pub series: Vec<SeriesAnswer>,
    /// The charts of every series, in its order and that of [`Chart::ALL`].
    pub charts: Vec<Signal>,
    /// Those that signal, as places in `charts`.
    pub signals: Vec<usize>,
    /// How often a forecast that holds gives a signal.
    pub alarm: Alarm,
    /// The weights of the replications.
    pub weighed: Weighed,
    /// What is now believed of each uncertain figure, in the order of the register.
    pub beliefs: Vec<Belief>,
    /// The standards judged, before and after.
    pub promises: Vec<Promise>,
    /// With which posts.
    pub posts: Posts,
    /// Whether they still do.
    pub verdict: Verdict,
    /// Replications behind it all.
    pub replications: u32,
}

/// An observed series.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeriesAnswer {
    /// What was observed.
    pub watched: Watched,
    /// Each observed period's place in the fan.
    pub cells: Vec<Seen>,
}

/// An observed period in the fan.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// What replications say of the same period.
    pub forecast: Estimate,
    /// Share of replications below what was observed, those equal to it counted half: uniform if the
    /// forecast holds.
    pub position: f64,
    /// Whether it lies from the 5th to the 95th percentile.
    pub within: bool,
    /// Standard deviations of the replications from their mean, on the square-root scale.
    pub departure: f64,
    /// The same from what the earlier periods led to expect.
    pub surprise: f64,
}

/// A kind of control chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chart {
    /// A single period far from what the earlier ones led to expect (Shewhart).
    Single,
    /// Periods that keep lying above what the earlier ones led to expect (cumulative sum).
    Rise,
    /// The same below.
    Fall,
    /// A level that no draw of the figures explains: the mean departure from the forecast so far.
    Level,
}

impl Chart {
    /// All of them, in the order of files.
    pub const ALL: [Self; 4] = [Self::Single, Self::Rise, Self::Fall, Self::Level];

    /// The word in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Rise => "rise",
            Self::Fall => "fall",
            Self::Level => "level",
        }
    }
}

/// A chart of one series, and whether it signals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Place of the series.
    pub series: usize,
    /// Which chart.
    pub chart: Chart,
    /// What it shows after each period.
    pub course: Vec<f64>,
    /// Its largest value.
    pub largest: f64,
    /// Beyond this it signals.
    pub limit: f64,
    /// The first period beyond the limit.
    pub first: Option<usize>,
    /// The period from which on it led there: of a rise or fall, the one after it last stood at nothing.
    pub since: Option<usize>,
    /// Whether what was observed is above the forecast, at the largest value.
    pub above: bool,
    /// Share of possible futures in which any chart of any series is as striking as this one.
    pub chance: f64,
    /// Share of possible futures in which this series gives a signal on any chart.
    pub false_alarms: f64,
}

/// How often a forecast that holds gives a signal somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// What was asked for, at most.
    pub wanted: f64,
    /// Between these the true rate lies, with 95% confidence: limits come from so many replications.
    pub between: (f64, f64),
    /// Share of possible futures in which something is as striking as what was observed.
    pub chance: f64,
}

/// The weights of the replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weighed {
    /// One for each replication; they add up to 1.
    pub weights: Vec<f64>,
    /// Effective number of replications: 1 over the sum of squared weights.
    pub effective: f64,
    /// Directions in which replications are compared with what was observed.
    pub directions: usize,
    /// Summaries of the observations that were looked at.
    pub summaries: usize,
    /// Share of replications at least as far from the middle as what was observed.
    pub farther: f64,
    /// Whether it lies farther out than every replication.
    pub outside: bool,
    /// Whether the neighbourhood had to be widened to have enough replications in it.
    pub widened: bool,
}

/// What is believed of an uncertain figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Belief {
    /// Place in the register.
    pub parameter: usize,
    /// Mean, 5th and 95th percentile of its range.
    pub before: [f64; 3],
    /// The same given the observations; the same as before where they say nothing of it.
    pub after: [f64; 3],
    /// Share of its variance that the observations take away (on the scale of normal scores).
    pub learnt: f64,
    /// Whether the observations say anything of it that can be told from chance.
    pub informed: bool,
    /// Whether its mean moved by more than the luck of the replications.
    pub moved: bool,
}

/// A chance and its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chance {
    /// The chance.
    pub share: f64,
    /// Its 95% interval.
    pub interval: (f64, f64),
}

/// A standard judged, before and after.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Promise {
    /// Which, and where.
    pub judged: Judged,
    /// How reliably it is to hold.
    pub wanted: f64,
    /// Whether the verdict rests on it: the posts were to keep it.
    pub counted: bool,
    /// Its chance without the observations.
    pub before: Chance,
    /// Its chance given them.
    pub after: Chance,
    /// The interval of the latter that holds for all counted standards together, 95%.
    pub joint: (f64, f64),
}

/// The posts in question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Posts {
    /// Those of the scenario.
    Now,
    /// Those that a staffing answer recommends.
    Recommended,
}

/// Whether the posts still keep what they were to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every standard counted is, at most [`super::MARGIN`] short, as reliable as wanted.
    Stands,
    /// Some standard counted is less reliable than wanted.
    NoLonger,
    /// Neither can be shown.
    CannotBeTold,
    /// The posts were to keep nothing.
    NothingToKeep,
}
