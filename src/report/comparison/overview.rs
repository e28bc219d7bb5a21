//! The comparison as plain content, for the terminal and for programs.

use serde::Serialize;

use crate::decisions::comparison::Difference;

/// The content of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparisonOverview {
    /// The base's name.
    pub base: String,
    /// The base's title.
    pub base_title: String,
    /// SHA-256 of the effective base, in hexadecimal.
    pub base_sha256: String,
    /// Master seed.
    pub seed: u64,
    /// Replications of each scenario.
    pub replications: u32,
    /// Whether it was interrupted before all replications were done.
    pub partial: bool,
    /// First and last day compared.
    pub period: [String; 2],
    /// The options.
    pub options: Vec<OptionOverview>,
    /// Everybody's place by each criterion.
    pub ranking: Vec<RankOverview>,
    /// Each pair, by benefit and cost.
    pub tradeoffs: Vec<TradeOverview>,
    /// What the reader should know besides.
    pub notes: Vec<String>,
}

/// A mean with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FigureOverview {
    /// The mean.
    pub mean: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl FigureOverview {
    pub(super) fn of(difference: &Difference) -> Self {
        Self { mean: difference.mean, low: difference.low, high: difference.high }
    }

    pub(super) fn three((mean, low, high): (f64, f64, f64)) -> Self {
        Self { mean, low, high }
    }
}

/// What is found of an option.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OptionOverview {
    /// Its name.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// SHA-256 of the effective scenario, in hexadecimal.
    pub sha256: String,
    /// Whether no figure differs in any replication.
    pub identical: bool,
    /// By criterion.
    pub criteria: Vec<CriterionOverview>,
    /// When each benefit arrives, for the criterion as it stands.
    pub arrivals: Vec<ArrivalOverview>,
    /// Whether it could be seen in real figures, for the criterion as it stands.
    pub detections: Vec<DetectionOverview>,
    /// By change.
    pub parts: Vec<PartOverview>,
    /// Promises that are kept in another share of futures, the greatest change first.
    pub standards: Vec<StandardChange>,
    /// Who pays how much more, over the horizon.
    pub costs: Vec<CostOverview>,
    /// Full-time posts of caseload teams beyond the base's, in the week with most, and that week's Monday;
    /// nothing where no week has more.
    pub most_posts_more: Option<(f64, String)>,
    /// Weeks with more posts than the base.
    pub weeks_with_more_posts: usize,
}

/// A criterion's difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CriterionOverview {
    /// Short name.
    pub criterion: String,
    /// Name for readers.
    pub name: String,
    /// Whether it is a share of a whole.
    pub is_share: bool,
    /// `lower` or `higher`.
    pub better: &'static str,
    /// Mean of the base.
    pub base: f64,
    /// 95% interval of that.
    pub base_interval: (f64, f64),
    /// Mean of the option.
    pub option: f64,
    /// 95% interval of that.
    pub option_interval: (f64, f64),
    /// Option less base.
    pub difference: FigureOverview,
    /// Share of replications in which the option is better.
    pub probability_better: Option<f64>,
    /// 95% interval of that chance.
    pub better_interval: Option<(f64, f64)>,
    /// Share of replications in which both are the same.
    pub probability_same: f64,
    /// Share of replications in which it is best of all.
    pub probability_best: Option<f64>,
    /// 95% interval of that chance.
    pub best_interval: Option<(f64, f64)>,
    /// `better`, `worse`, `unclear` or `same`.
    pub judgement: &'static str,
    /// Replications that would tell, where it is unclear.
    pub replications_to_tell: Option<u64>,
    /// How many times smaller pairing made the variance.
    pub variance_reduction: Option<f64>,
}

/// When a benefit arrives. Days are the Mondays of weeks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArrivalOverview {
    /// Short name of the criterion.
    pub criterion: String,
    /// Its name for readers.
    pub name: String,
    /// First week in which anything differs.
    pub first_change: Option<String>,
    /// First week from which the mean cumulative benefit is positive and stays so.
    pub break_even: Option<String>,
    /// Its 5th and 95th percentile over replications; nothing for not within the horizon.
    pub break_even_range: [Option<String>; 2],
    /// Share of replications in which it does not come within the horizon.
    pub share_never: f64,
    /// First week from which the interval of the mean is above zero and stays so.
    pub certain_from: Option<String>,
    /// Week of the lowest mean cumulative benefit before, where it is below zero.
    pub worst_week: Option<String>,
    /// The benefit by then.
    pub worst: Option<FigureOverview>,
    /// Cumulative extra cost by then, pounds, where cost is a criterion.
    pub cost_by_worst: Option<f64>,
    /// Cumulative extra cost by break-even, pounds.
    pub cost_by_break_even: Option<f64>,
    /// The benefit by the end of the horizon.
    pub end: FigureOverview,
}

/// Weeks since, chance of seeing it, its interval, the effect, and the smallest effect that would be seen in 80%.
type SeenOverview = (usize, f64, (f64, f64), f64, f64);

/// Whether a difference could be seen in real figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DetectionOverview {
    /// Short name of the criterion.
    pub criterion: String,
    /// Its name for readers.
    pub name: String,
    /// First week in which the option differs.
    pub begins: String,
    /// After half a year and a year: weeks since, chance of seeing it, its interval, the effect, and the smallest effect
    /// that would be seen with a chance of 80%; as far as the horizon goes.
    pub after: Vec<SeenOverview>,
    /// First week from which the chance is 80% or more and stays so.
    pub enough_from: Option<String>,
}

/// What a change does alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartOverview {
    /// Short name of the criterion.
    pub criterion: String,
    /// Its name for readers.
    pub name: String,
    /// Whether it is a share of a whole.
    pub is_share: bool,
    /// The change; `(sum)`, `(interaction)` or `(whole)`.
    pub part: String,
    /// Option less base.
    pub difference: FigureOverview,
    /// Whether the interval leaves out zero.
    pub told_apart: bool,
    /// Of the whole: what the parts that harm take away, as a share of what the others bring, and its interval.
    pub help_used_up: Option<(f64, Option<(f64, f64)>)>,
}

/// A promise that is kept in another share of futures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StandardChange {
    /// The standard.
    pub standard: String,
    /// Its name for readers.
    pub name: String,
    /// Area in which it is judged.
    pub area: String,
    /// Its name for readers.
    pub area_name: String,
    /// Share of replications in which the base meets it.
    pub base: f64,
    /// Share of replications in which the option does.
    pub option: f64,
    /// 95% interval of the difference.
    pub interval: [f64; 2],
}

/// Who pays how much more over the horizon, pounds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostOverview {
    /// The funder; `unfunded` for nobody, `all` for all.
    pub funder: String,
    /// Name for readers.
    pub name: String,
    /// Mean of the base.
    pub base: f64,
    /// Mean of the option.
    pub option: f64,
    /// Option less base.
    pub difference: FigureOverview,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RankOverview {
    /// Short name of the criterion.
    pub criterion: String,
    /// Its name for readers.
    pub name: String,
    /// The place, from 1.
    pub rank: usize,
    /// The scenario.
    pub scenario: String,
    /// Its mean.
    pub mean: f64,
    /// Whether the mean is a share of a whole.
    pub is_share: bool,
    /// Share of replications in which it is best of all.
    pub probability_best: f64,
    /// Whether it can be told apart from the next; nothing for the last.
    pub told_apart: Option<bool>,
    /// Whether it is the same as the next in every replication.
    pub same_as_next: bool,
    /// Replications that would tell.
    pub replications_to_tell: Option<u64>,
}

/// How two scenarios stand to each other by a benefit and a cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TradeOverview {
    /// The scenario.
    pub scenario: String,
    /// The one against which it is held.
    pub against: String,
    /// Short name of the benefit.
    pub benefit: String,
    /// Its name for readers.
    pub benefit_name: String,
    /// Whether the benefit is a share of a whole.
    pub benefit_is_share: bool,
    /// Short name of the cost.
    pub cost: String,
    /// How it stands.
    pub verdict: &'static str,
    /// Cost for each unit of benefit at which the choice flips.
    pub switching_value: Option<f64>,
    /// Its 95% interval; nothing where any value is possible.
    pub switching_interval: Option<[f64; 2]>,
}
