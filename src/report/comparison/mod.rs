//! A comparison for readers: files, and the text on the terminal.
//!
//! Consumes a [`Comparison`] and the scenarios behind it; produces `comparison.csv` and its companions, and a
//! [`ComparisonOverview`], which is the same for people and, serialised, for programs. **Invariants:** no
//! difference stands without its interval; figures that nobody measured are left empty; benefits are counted
//! so that better is positive, differences as option less base.

mod columns;
mod csv;
mod files;
mod gathering;
mod overview;
mod text;

pub use columns::{
    COMPARISON, COSTS, DETECTION, PARTS, RANKING, SCENARIOS, STANDARDS, TIMING, TRADES, WEEKLY,
};
pub use csv::{comparison, costs, detection, parts, ranking, scenarios, standards, timing, trades, weekly};
pub use files::{Drawing, draw, drawings, stage_tables};
pub use gathering::comparison_overview;
pub use overview::{
    ArrivalOverview, ComparisonOverview, CostOverview, CriterionOverview, FigureOverview, OptionOverview,
    PartOverview, RankOverview, StandardChange, TradeOverview,
};
pub(in crate::report) use text::{
    arrival_words, figure as figure_text, interval as interval_text, trade_words,
};

use jiff::ToSpan;
use jiff::civil::Date;

use super::model::RunFacts;
use crate::decisions::comparison::{Comparison, Judged};
use crate::scenario::Scenario;

/// What a comparison's report is made from.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonReport<'a> {
    /// The base.
    pub base: &'a Scenario,
    /// The options.
    pub options: &'a [&'a Scenario],
    /// What was found.
    pub comparison: &'a Comparison,
    /// What was run.
    pub run: &'a RunFacts,
}

impl<'a> ComparisonReport<'a> {
    /// A scenario by its place: 0 for the base, then the options.
    pub(super) fn scenario(&self, at: usize) -> &'a Scenario {
        if at == 0 { self.base } else { self.options[at - 1] }
    }

    /// The Monday of a week of the horizon.
    pub(super) fn monday(&self, week: usize) -> Date {
        self.base.start.saturating_add((week as i64).weeks())
    }
}

/// A change of an option for readers, from its identifier: `go_live.dip` is `Go live: dip`.
pub(super) fn part_name(id: &str) -> String {
    capitalised(&id.replace('.', ": ").replace('_', " "))
}

/// Whether a criterion's figures are shares of a whole.
pub(super) fn is_share(judged: &Judged) -> bool {
    let measure = &judged.criterion.measure;
    measure == crate::scenario::STANDARDS_MET || measure.contains("share")
}

/// A criterion for readers.
pub(super) fn criterion_name(base: &Scenario, judged: &Judged) -> String {
    let criterion = &judged.criterion;
    let mut name = match criterion.measure.as_str() {
        "family_weeks_waiting" => "Family-weeks of waiting".to_owned(),
        "standards_met" => "Promises kept".to_owned(),
        "escalations" => "Escalations while waiting".to_owned(),
        "cost" => "Cost, pounds".to_owned(),
        "overall" => "Overall, weighted".to_owned(),
        other => {
            let clock = other.strip_prefix("on_time_share_");
            match clock.and_then(|id| base.clocks.iter().find(|clock| clock.id == id)) {
                Some(clock) => format!("In time: {}", clock.name),
                None => capitalised(&other.replace('_', " ")),
            }
        }
    };
    let team = |id: &String| base.teams.iter().find(|team| team.id == *id).map(|team| team.name.clone());
    let desk = |id: &String| base.desks.iter().find(|desk| desk.id == *id).map(|desk| desk.name.clone());
    if let Some(holder) = &criterion.holder {
        let holder = team(holder).or_else(|| desk(holder)).unwrap_or_else(|| holder.clone());
        name.push_str(&format!(", {holder}"));
    }
    if let Some(area) = criterion.area.as_ref().and_then(|id| base.areas.iter().find(|area| area.id == *id)) {
        name.push_str(&format!(", {}", area.name));
    }
    name
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
