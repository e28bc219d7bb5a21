//! The funding answer for readers: files, pictures, and the tables on the terminal.
//!
//! Consumes an [`Answer`] and the scenario behind it; produces `funding.csv` and its companions, the frontier, and a
//! [`FundingOverview`], which is the same for people and, serialised, for programs. **Invariants:** pence add up in
//! every file; no figure of the simulation stands without its interval.

mod csv;
mod files;
mod overview;
mod text;

pub use csv::{AREAS, CHEAPEST, ENDINGS, FRONTIER, FUNDING, NEXT, POTS, RULES};
pub use files::stage_tables;
pub use overview::{
    CheapestOverview, Does, FundingOverview, Known as KnownOverview, RuleOverview, Share, funding_overview,
};

use super::model::{RunFacts, funder_id};
use crate::decisions::funding::{Answer, Purse, Rule};
use crate::scenario::{Formula, FunderId, Scenario};

/// What a funding answer's report is made from.
#[derive(Clone, Copy, Debug)]
pub struct FundingReport<'a> {
    /// What was asked about.
    pub scenario: &'a Scenario,
    /// What was found.
    pub answer: &'a Answer,
    /// What was run.
    pub run: &'a RunFacts,
}

/// The identifier of a rule in files.
pub(super) fn rule_id<'a>(scenario: &'a Scenario, rule: &Rule) -> &'a str {
    match rule {
        Rule::Now => "now",
        Rule::Formula(formula) => formula.id(),
        Rule::Blend => "blend",
        Rule::Proposed(split) => &scenario.funding.splits[*split].0,
        Rule::BestForWorstArea => "optimised_worst_area",
        Rule::LeastWaiting => "optimised_waiting",
    }
}

/// The name of a rule for readers.
pub(super) fn rule_name(scenario: &Scenario, rule: &Rule) -> String {
    match rule {
        Rule::Now => "Posts of now".to_owned(),
        Rule::Formula(formula) => formula_name(*formula).to_owned(),
        Rule::Blend => "Blend, floor and damping".to_owned(),
        Rule::Proposed(split) => format!("Proposed: {}", scenario.funding.splits[*split].0.replace('_', " ")),
        Rule::BestForWorstArea => "Best for the worst area".to_owned(),
        Rule::LeastWaiting => "Least waiting".to_owned(),
    }
}

/// The names of an answer's rules for readers, in order.
pub(super) fn rule_names(report: &FundingReport) -> Vec<String> {
    report.answer.splits.iter().map(|split| rule_name(report.scenario, &split.rule)).collect()
}

fn formula_name(formula: Formula) -> &'static str {
    match formula {
        Formula::Equal => "Equal",
        Formula::ChildPopulation => "By children",
        Formula::WeightedPopulation => "By children and need",
        Formula::FreeSchoolMeals => "By free school meals",
        Formula::CurrentCaseload => "By current caseload",
        Formula::SimulatedNeed => "By simulated need",
    }
}

/// Who gives a purse's money; `None` for money that nobody gives yet.
fn funder_of(scenario: &Scenario, purse: &Purse) -> Option<FunderId> {
    purse.pot.map(|pot| scenario.money.pots[pot].funder)
}

/// The identifier of a purse's pot; `unfunded` for money that nobody gives yet.
fn pot_id<'a>(scenario: &'a Scenario, purse: &Purse) -> &'a str {
    purse.pot.map_or(funder_id(scenario, None), |pot| &scenario.money.pots[pot].id)
}
