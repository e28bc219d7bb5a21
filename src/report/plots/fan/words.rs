//! What a fan chart says in words: its message, its averages, its description.
//!
//! Consumes summaries; produces plain sentences.

use super::Shown;
use crate::report::model::{Report, area_name, is_present};
use crate::report::number::readable;
use crate::report::plots::axis;
use crate::scenario::AreaId;
use crate::simulation::Holding;
use crate::summary::Estimate;

/// The figure over the whole horizon in words; `a_week` turns it into a week's worth.
pub(super) fn average(horizon: &Estimate, a_week: f64) -> String {
    if !is_present(horizon) {
        return String::new();
    }
    let [mean, low, high] = [horizon.mean, horizon.p05, horizon.p95].map(|x| readable(x * a_week));
    if low == high {
        return format!("on average {mean}");
    }
    format!("on average {mean}; between {low} and {high} in 9 of 10 runs")
}

/// The message of the picture, in a sentence.
pub(super) fn title(report: &Report, area: Option<AreaId>) -> String {
    let name = area_name(report.scenario, area);
    let message = if let Some(series) = report.series(area, Holding::Area, "waiting_families") {
        waiting_message(report.weeks(series))
    } else {
        "what each week may bring".to_owned()
    };
    format!("{name}: {message}")
}

/// How the number of waiting families moves, from the first quarter year to the last, along the line
/// that the chart draws: the middle of all runs. (A mean would be pulled up by a few bad runs, and the
/// title would name numbers that the eye does not find.)
pub(super) fn waiting_message(weekly: &[Estimate]) -> String {
    let span = (weekly.len() / 2).clamp(1, 13);
    let typical = |weeks: &[Estimate], of: fn(&Estimate) -> f64| {
        let present: Vec<f64> = weeks.iter().filter(|e| is_present(e)).map(of).collect();
        present.iter().sum::<f64>() / present.len().max(1) as f64
    };
    let middle = |weeks: &[Estimate]| typical(weeks, |week| week.p50);
    let bad = typical(weekly, |week| week.p95);
    let first = middle(&weekly[..span.min(weekly.len())]);
    let last = middle(&weekly[weekly.len().saturating_sub(span)..]);
    let over = format!("over {}", period(weekly.len()));
    // A change of a quarter, and of two families, is more than a season's unevenness.
    if weekly.len() >= 8 && last - first > (0.25 * first).max(2.0) {
        format!("families waiting rise from about {} to about {} {over}", whole(first), whole(last))
    } else if weekly.len() >= 8 && first - last > (0.25 * first).max(2.0) {
        format!("families waiting fall from about {} to about {} {over}", whole(first), whole(last))
    } else if first.max(last) < 1.0 && bad < 5.0 {
        "families hardly ever wait".to_owned()
    } else if first.max(last) < 1.0 {
        // The middle run says little where a few runs go badly wrong.
        format!("in half of runs hardly any family waits, in 1 of 20 over {} do", whole(bad))
    } else {
        format!("about {} families are waiting in a typical week", whole(middle(weekly)))
    }
}

/// A number of families in a title: nobody counts in tenths of a family.
pub(super) fn whole(families: f64) -> String {
    readable(families.round())
}

/// A number of weeks in words.
pub(super) fn period(weeks: usize) -> String {
    let years = weeks as f64 / 52.0;
    if weeks < 52 || (years - years.round()).abs() > 0.06 {
        format!("{weeks} weeks")
    } else if years < 1.5 {
        "a year".to_owned()
    } else {
        format!("{years:.0} years")
    }
}

/// The picture in words, for those who do not see it.
pub(super) fn description(report: &Report, panels: &[Shown]) -> String {
    let mut text = format!(
        "Weekly fan charts of {} simulated runs from {}, for {} weeks.",
        report.run.replications,
        axis::in_words(report.scenario.start),
        report.layout.weeks
    );
    for panel in panels {
        text.push_str(&format!(" {}", panel.heading));
        if !panel.average.is_empty() {
            text.push_str(&format!(": {}", panel.average));
        }
        let mut present = panel.weekly.iter().filter(|e| is_present(e));
        if let Some(first) = present.next() {
            let last = present.next_back().unwrap_or(first);
            text.push_str(&format!(
                "; the middle of all runs begins at {} and ends at {}",
                readable(first.p50),
                readable(last.p50)
            ));
        }
        text.push('.');
    }
    text
}
