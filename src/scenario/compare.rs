//! The scenario file's table about comparing: the criteria by which scenarios are judged.
//!
//! Raw and unchecked, like all of [`super::file`]; the documentation of the fields is what an editor
//! shows on hovering.

use schemars::JsonSchema;
use serde::Deserialize;

use super::model::Better;

/// By what `caseflow compare` judges scenarios of which this one is the base.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompareFile {
    /// The criteria. Default: family-weeks of waiting, escalations, promises kept, and cost where there is pay.
    pub criteria: Option<Vec<CriterionFile>>,
}

/// A figure over the horizon by which scenarios are judged.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionFile {
    /// A measure, as in `weekly.csv`, or "family_weeks_waiting", or "standards_met".
    pub measure: Option<String>,
    /// The team or desk measured. Default: the area as a whole, or the sum over teams.
    pub team: Option<String>,
    /// The area. Default: the whole council.
    pub area: Option<String>,
    /// Which is better: "lower" or "higher". Default: lower, but for promises kept and shares on time.
    pub better: Option<Better>,
    /// What one unit of the measure is worth, for weighing criteria against each other; 0 or more.
    pub weight: Option<f64>,
}
