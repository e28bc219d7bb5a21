//! What monitoring found as plain content, for the terminal, the page and programs.

use serde::Serialize;

use super::{MonitorReport, series_name};
use crate::monitoring::{
    Answer, Belief, Chance, Chart, FEW_EFFECTIVE, MARGIN, Posts, Promise, SeriesAnswer, Signal, Verdict,
};
use crate::observed::Period;
use crate::report::model::{area_id, area_name};
use crate::report::number::readable;
use crate::report::plots::in_words;
use crate::report::terminal::percent;
use crate::scenario::{Basis, Scenario};

/// The content.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MonitorOverview {
    /// The scenario's name.
    pub scenario: String,
    /// The scenario's title.
    pub title: String,
    /// SHA-256 of the effective scenario, in hexadecimal.
    pub scenario_sha256: String,
    /// Master seed.
    pub seed: u64,
    /// Replications of the forecast.
    pub replications: u32,
    /// What was observed.
    pub series: Vec<SeriesOverview>,
    /// Chance of any signal, if the forecast holds, at most.
    pub false_alarms: f64,
    /// Between these that chance lies, with 95% confidence.
    pub false_alarms_between: (f64, f64),
    /// Share of possible futures in which something is as striking as what was observed.
    pub chance: f64,
    /// The charts that signal.
    pub signals: Vec<SignalOverview>,
    /// Effective number of replications behind what is believed now.
    pub effective: f64,
    /// Whether what was observed lies farther out than every replication.
    pub outside: bool,
    /// Uncertain figures.
    pub uncertain: usize,
    /// Those of which the observations say something, the one learnt of most first.
    pub figures: Vec<FigureOverview>,
    /// The promises, before and after.
    pub promises: Vec<PromiseOverview>,
    /// Whether posts were recommended, rather than those of now looked at.
    pub recommended: bool,
    /// Whether they stand.
    pub verdict: Verdict,
    /// The same in a sentence.
    pub sentence: String,
    /// What the reader should know besides.
    pub notes: Vec<String>,
}

/// An observed series.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeriesOverview {
    /// For readers.
    pub name: String,
    /// Area identifier, or `all`.
    pub area: String,
    /// Observed weeks or months.
    pub periods: usize,
    /// The word for them.
    pub period: &'static str,
    /// The first and the last, in words.
    pub span: [String; 2],
    /// Those between them that were not observed.
    pub gaps: usize,
    /// Those within the range of 9 in 10 runs.
    pub within: usize,
    /// Observed mean over them.
    pub observed: f64,
    /// The forecast's mean over them.
    pub forecast: f64,
    /// Chance of a signal in this series if the forecast holds.
    pub false_alarms: f64,
}

/// A chart that signals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignalOverview {
    /// The series, for readers.
    pub series: String,
    /// The chart, as in files.
    pub chart: Chart,
    /// In a sentence.
    pub sentence: String,
    /// The first period beyond the limit, as in files.
    pub first: String,
    /// Share of possible futures with anything as striking.
    pub chance: f64,
}

/// A figure, before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureOverview {
    /// Dotted path.
    pub parameter: String,
    /// What it rests on.
    pub basis: &'static str,
    /// Mean, 5th and 95th percentile before.
    pub before: [f64; 3],
    /// The same after.
    pub after: [f64; 3],
    /// Share of its variance taken away.
    pub learnt: f64,
    /// Whether its mean moved by more than luck.
    pub moved: bool,
}

/// A chance with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ChanceOverview {
    /// The chance.
    pub share: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A promise, before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PromiseOverview {
    /// The standard.
    pub standard: String,
    /// The same for readers.
    pub name: String,
    /// Area identifier, or `all`.
    pub area: String,
    /// The same for readers.
    pub area_name: String,
    /// How reliably it is to hold.
    pub wanted: f64,
    /// Whether the verdict rests on it.
    pub counted: bool,
    /// Its chance before.
    pub before: ChanceOverview,
    /// Its chance after.
    pub after: ChanceOverview,
}

/// Gathers what is said.
pub fn monitor_overview(report: &MonitorReport) -> MonitorOverview {
    let MonitorReport { scenario, answer, run } = *report;
    let mut figures: Vec<&Belief> = answer.beliefs.iter().filter(|belief| belief.informed).collect();
    figures.sort_by(|a, b| b.learnt.total_cmp(&a.learnt).then(a.parameter.cmp(&b.parameter)));
    MonitorOverview {
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        scenario_sha256: scenario.hash.clone(),
        seed: run.seed,
        replications: answer.replications,
        series: answer.series.iter().enumerate().map(|(at, one)| series(scenario, answer, at, one)).collect(),
        false_alarms: answer.alarm.wanted,
        false_alarms_between: answer.alarm.between,
        chance: answer.alarm.chance,
        signals: answer.signals.iter().map(|&at| signal(scenario, answer, &answer.charts[at])).collect(),
        effective: answer.weighed.effective,
        outside: answer.weighed.outside,
        uncertain: answer.beliefs.len(),
        figures: figures.into_iter().map(|belief| figure(scenario, belief)).collect(),
        promises: answer.promises.iter().map(|promise| kept(scenario, promise)).collect(),
        recommended: answer.posts == Posts::Recommended,
        verdict: answer.verdict,
        sentence: sentence(answer),
        notes: notes(scenario, answer),
    }
}

/// A period for readers.
pub(super) fn period_words(period: Period) -> String {
    let day = in_words(period.first_day());
    match period {
        Period::Week(_) => day,
        // "1 March 2021" without its day.
        Period::Month(_) => day.split_once(' ').map_or(day.clone(), |(_, month)| month.to_owned()),
    }
}

fn series(scenario: &Scenario, answer: &Answer, at: usize, one: &SeriesAnswer) -> SeriesOverview {
    let watched = &one.watched;
    let n = watched.cells.len() as f64;
    let end = |cell: Option<&crate::monitoring::WatchedCell>| {
        cell.map_or_else(String::new, |cell| period_words(cell.period))
    };
    SeriesOverview {
        name: series_name(scenario, watched),
        area: area_id(scenario, watched.area).to_owned(),
        periods: watched.cells.len(),
        period: if watched.months { "months" } else { "weeks" },
        span: [end(watched.cells.first()), end(watched.cells.last())],
        gaps: watched.gaps(),
        within: one.cells.iter().filter(|seen| seen.within).count(),
        observed: watched.cells.iter().map(|cell| cell.observed).sum::<f64>() / n,
        forecast: one.cells.iter().map(|seen| seen.forecast.mean).sum::<f64>() / n,
        false_alarms: answer
            .charts
            .iter()
            .find(|chart| chart.series == at)
            .map_or(f64::NAN, |c| c.false_alarms),
    }
}

fn signal(scenario: &Scenario, answer: &Answer, signal: &Signal) -> SignalOverview {
    let watched = &answer.series[signal.series].watched;
    let name = series_name(scenario, watched);
    let period = |at: Option<usize>| at.map_or_else(String::new, |at| period_words(watched.cells[at].period));
    let (first, side) = (period(signal.first), if signal.above { "above" } else { "below" });
    let kind = if watched.months { "month" } else { "week" };
    let began = period(signal.since);
    let sentence = match signal.chart {
        Chart::Single => format!("{name}: a {kind} far {side} what those before it led to expect ({first})"),
        Chart::Rise | Chart::Fall => {
            let way = if signal.above { "rise" } else { "fall" };
            format!("{name}: a lasting {way}, beyond chance by {first}, begun about {began}")
        }
        Chart::Level => {
            format!(
                "{name}: a level {side} what any draw of the figures would have, beyond chance by {first}"
            )
        }
    };
    let id = signal.first.map_or_else(String::new, |at| watched.cells[at].period.id());
    SignalOverview { series: name, chart: signal.chart, sentence, first: id, chance: signal.chance }
}

fn figure(scenario: &Scenario, belief: &Belief) -> FigureOverview {
    let figure = &scenario.parameters[belief.parameter];
    FigureOverview {
        parameter: figure.path.clone(),
        basis: figure.basis.map_or("not stated", Basis::as_str),
        before: belief.before,
        after: belief.after,
        learnt: belief.learnt,
        moved: belief.moved,
    }
}

fn kept(scenario: &Scenario, promise: &Promise) -> PromiseOverview {
    let standard = &scenario.standards[promise.judged.standard];
    let chance = |of: Chance| ChanceOverview { share: of.share, low: of.interval.0, high: of.interval.1 };
    PromiseOverview {
        standard: standard.id.clone(),
        name: standard.name.clone(),
        area: area_id(scenario, promise.judged.area).to_owned(),
        area_name: area_name(scenario, promise.judged.area).to_owned(),
        wanted: promise.wanted,
        counted: promise.counted,
        before: chance(promise.before),
        after: chance(promise.after),
    }
}

/// The verdict in a sentence.
fn sentence(answer: &Answer) -> String {
    let counted = answer.promises.iter().filter(|promise| promise.counted).count();
    let what = match answer.posts {
        Posts::Recommended => "The recommendation",
        Posts::Now => "The forecast for the posts of now",
    };
    let of = |number: usize| match (number, counted) {
        (_, 1) => "the promise that it rests on".to_owned(),
        (some, all) if some == all => format!("all {all} promises that it rests on"),
        (some, all) => format!("{some} of the {all} promises that it rests on"),
    };
    match answer.verdict {
        Verdict::Stands => format!(
            "{what} still stands: given what was observed, it keeps {} as reliably as wanted, or at most {} percentage \
             points less so.",
            of(counted),
            readable(100.0 * MARGIN)
        ),
        Verdict::NoLonger => {
            let fallen = answer.promises.iter().filter(|one| one.counted && one.joint.1 < one.wanted).count();
            format!(
                "{what} no longer stands: given what was observed, it keeps {} less reliably than wanted.",
                of(fallen)
            )
        }
        Verdict::CannotBeTold => format!(
            "Whether {} still stands cannot be told from what was observed{}.",
            what.to_lowercase(),
            if answer.weighed.outside { ", which lies beyond what the forecast knows" } else { "" }
        ),
        Verdict::NothingToKeep => {
            "Nothing rests on the posts of now: they were forecast to keep no promise as reliably as wanted."
                .to_owned()
        }
    }
}

fn notes(scenario: &Scenario, answer: &Answer) -> Vec<String> {
    let mut notes = Vec::new();
    let weighed = &answer.weighed;
    if weighed.outside {
        notes.push(
            "What was observed lies farther out than every simulated run: the model as given cannot produce it. \
             Recalibrate before anything below is used"
                .to_owned(),
        );
    } else if weighed.effective < FEW_EFFECTIVE {
        notes.push(format!(
            "Only {} effective runs lie near what was observed: what is said of figures and promises is rough; more \
             --replications would help",
            readable(weighed.effective.floor())
        ));
    }
    if weighed.directions == 0 {
        notes.push(format!(
            "Of {} uncertain figures the observations say nothing that can be told from chance in {} runs, so all runs \
             weigh the same",
            answer.beliefs.len(),
            answer.replications
        ));
    }
    if !answer.signals.is_empty() && !weighed.outside {
        notes.push(
            "A signal says that something is going on that the scenario does not hold; what the weighted runs say takes \
             it to hold all the same"
                .to_owned(),
        );
    }
    for series in &answer.series {
        if series.watched.gaps() > 0 {
            notes.push(format!(
                "{}: {} {} between the first and the last were not observed",
                series_name(scenario, &series.watched),
                series.watched.gaps(),
                if series.watched.months { "months" } else { "weeks" }
            ));
        }
    }
    notes
}

impl MonitorOverview {
    /// How many signals there are, against how many there would be by chance, in a sentence.
    pub fn alarm_sentence(&self) -> String {
        let rate = format!(
            "If the forecast held, a signal anywhere would come up in at most {} of possible futures ({} to {}: the limits \
             are from {} runs)",
            percent(self.false_alarms),
            percent(self.false_alarms_between.0),
            percent(self.false_alarms_between.1),
            readable(f64::from(self.replications))
        );
        let found = match self.signals.len() {
            0 => "No control chart signals".to_owned(),
            1 => "One control chart signals".to_owned(),
            many => format!("{many} control charts signal"),
        };
        format!("{found}. {rate}; something as striking as what was observed in {}.", percent(self.chance))
    }
}
