//! Columns of the files that `caseflow compare` leaves. The first ones of each are a contract with other people's
//! spreadsheets; further ones follow.

/// Columns of `comparison.csv`: a row for each option, measure, area, team and year; `year` is empty for the
/// horizon, else the reported year, from 1.
pub const COMPARISON: [&str; 17] = [
    "scenario",
    "measure",
    "area",
    "mean_difference",
    "low",
    "high",
    "probability_better",
    "probability_best",
    "team",
    "year",
    "base_mean",
    "mean",
    "replications",
    "better",
    "probability_same",
    "variance_reduction",
    "replications_to_tell",
];

/// Columns of `comparison_weekly.csv`: a row for each option, criterion, area and week.
pub const WEEKLY: [&str; 16] = [
    "scenario",
    "measure",
    "area",
    "team",
    "week_start",
    "mean_difference",
    "low",
    "high",
    "p05",
    "p50",
    "p95",
    "cumulative_mean",
    "cumulative_low",
    "cumulative_high",
    "cumulative_p05",
    "cumulative_p95",
];

/// Columns of `comparison_costs.csv`: a row for each option, funder, role and year; then totals. Pounds.
pub const COSTS: [&str; 9] =
    ["scenario", "funder", "role", "year", "base_mean", "mean", "mean_difference", "low", "high"];

/// Columns of `comparison_standards.csv`: a row for each option, standard and area.
pub const STANDARDS: [&str; 11] = [
    "scenario",
    "standard",
    "area",
    "base_reliability",
    "reliability",
    "difference",
    "low",
    "high",
    "gained",
    "lost",
    "replications",
];

/// Columns of `comparison_ranking.csv`: a row for each criterion and scenario, best first; the difference is
/// the next scenario less this one.
pub const RANKING: [&str; 11] = [
    "criterion",
    "rank",
    "scenario",
    "mean",
    "probability_best",
    "next",
    "difference",
    "low",
    "high",
    "told_apart",
    "replications_to_tell",
];

/// Columns of `comparison_timing.csv`: a row for each option, criterion and area. Weeks are Mondays; benefits
/// are counted so that better is positive.
pub const TIMING: [&str; 18] = [
    "scenario",
    "criterion",
    "area",
    "first_change",
    "break_even",
    "break_even_early",
    "break_even_late",
    "share_never",
    "certain_from",
    "worst_week",
    "worst_benefit",
    "worst_low",
    "worst_high",
    "worst_p05",
    "worst_p95",
    "end_benefit",
    "end_low",
    "end_high",
];

/// Columns of `comparison_parts.csv`: a row for each option, criterion and change, then `(sum)`,
/// `(interaction)` and `(whole)`.
pub const PARTS: [&str; 8] =
    ["scenario", "criterion", "part", "mean_difference", "low", "high", "probability_better", "told_apart"];

/// Columns of `comparison_tradeoffs.csv`: a row for each pair of scenarios and of criteria.
pub const TRADES: [&str; 14] = [
    "scenario",
    "against",
    "benefit",
    "cost",
    "verdict",
    "benefit_mean",
    "benefit_low",
    "benefit_high",
    "cost_mean",
    "cost_low",
    "cost_high",
    "switching_value",
    "switching_low",
    "switching_high",
];

/// Columns of `comparison_scenarios.csv`: what was compared.
pub const SCENARIOS: [&str; 4] = ["scenario", "role", "title", "sha256"];

/// Columns of `comparison_detection.csv`: a row for each option, criterion, area and week after the option first differs.
pub const DETECTION: [&str; 10] = [
    "scenario",
    "criterion",
    "area",
    "week_start",
    "weeks_since",
    "power",
    "low",
    "high",
    "effect",
    "smallest_effect",
];
