//! The scenario file's table about sharing money out: how much, for whom, and by which rules.
//!
//! Raw and unchecked, like all of [`super::file`]; the documentation of the fields is what an editor
//! shows on hovering.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::model::Objective;
use super::number::RawNumber;

/// What `caseflow fund` shares out, and how.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FundingFile {
    /// Pounds a year for the posts that are shared out, from all pots together. Default: what is in the pots, or, where
    /// one of them has no limit, what the posts of now cost.
    pub total_per_year: Option<RawNumber>,
    /// Roles of teams whose posts are shared out. Default: those of `[staffing]`, or all that a standard depends on.
    pub roles: Option<Vec<String>>,
    /// What the best split is best at: "worst_area" (default), the chance that the worst area meets its standards;
    /// or "waiting", the family-weeks waited.
    pub objective: Option<Objective>,
    /// Pounds a year whose value is asked of each place. Default 50000.
    pub next: Option<RawNumber>,
    /// Shares of formulas in the blend, by rule; they sum to 1.
    pub blend: Option<BTreeMap<String, f64>>,
    /// In the blend, the part of its posts of now that each place keeps at least, 0 to 1. Default 0.9.
    pub floor: Option<RawNumber>,
    /// In the blend, how much of the way from now to the formula is not gone, 0 to 1. Default 0.5.
    pub damping: Option<RawNumber>,
    /// Splits that somebody proposes, by id: areas and their shares, which sum to 1.
    #[serde(default)]
    pub splits: BTreeMap<String, BTreeMap<String, f64>>,
}
