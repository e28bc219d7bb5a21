//! What commands do when their command line does not say.

use serde::{Deserialize, Serialize};

use super::Quantity;

/// Defaults of the experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct ExperimentDefaults {
    /// Replications when neither `--replications` nor `--precision` is given.
    pub replications: u32,
    /// Measures (council-wide horizon averages) that `--precision` looks at.
    pub precision_measures: Vec<String>,
}

/// How `caseflow staff` looks for posts.
#[derive(Clone, Debug, PartialEq)]
pub struct StaffingRules {
    /// Full-time equivalents between one establishment and the next that is tried.
    pub step: f64,
    /// Roles (of teams) and desks whose posts are sought, sorted; `None` for all that a standard depends on.
    pub roles: Option<Vec<String>>,
    /// Whether standards must also hold in the worst four weeks of each year.
    pub worst_weeks: bool,
    /// Fewest and most posts of a unit, where the council sets bounds.
    pub bounds: Vec<PostBounds>,
}

impl Default for StaffingRules {
    fn default() -> Self {
        Self { step: 0.5, roles: None, worst_weeks: false, bounds: Vec::new() }
    }
}

/// Bounds on the posts of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct PostBounds {
    /// Identifier of the team or desk.
    pub holder: String,
    /// Identifier of the unit: its area's, or the holder's own when shared.
    pub unit: String,
    /// Fewest full-time equivalents.
    pub least: f64,
    /// Most full-time equivalents; infinite without a bound.
    pub most: f64,
}

/// What `caseflow explain` weighs, and how widely it looks.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainSettings {
    /// Pounds that a full-time post costs a year.
    pub cost_of_post: Quantity,
    /// Pounds at which a week of a family's waiting is valued.
    pub price_of_waiting_week: Quantity,
    /// Numbers of posts tried on either side of today's.
    pub steps: u32,
    /// Size of a step, as a share of a unit's posts today (at least half a post).
    pub step_share: f64,
    /// Figures looked at one by one; the others are taken together.
    pub figures: u32,
}

/// The criterion of time spent waiting: families waiting for a worker times weeks.
pub const FAMILY_WEEKS_WAITING: &str = "family_weeks_waiting";

/// The criterion of promises: the share of standards that are met, over standards and areas.
pub const STANDARDS_MET: &str = "standards_met";

/// By what `caseflow compare` judges scenarios of which this one is the base.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CompareRules {
    /// The criteria; `None` for the usual ones.
    pub criteria: Option<Vec<Criterion>>,
}

/// A figure over the horizon by which scenarios are judged. It names things by their identifiers, since it
/// is looked up in each scenario compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// A measure's name, [`FAMILY_WEEKS_WAITING`] or [`STANDARDS_MET`].
    pub measure: String,
    /// Identifier of a team or desk; `None` for the area as a whole, or the sum over teams.
    pub holder: Option<String>,
    /// Identifier of an area; `None` for the whole council.
    pub area: Option<String>,
    /// Which way is better.
    pub better: Better,
    /// What one unit is worth, where the criterion is weighed against others.
    pub weight: Option<f64>,
}

impl Criterion {
    /// A measure of the whole council, without a weight.
    pub fn of_council(measure: &str) -> Self {
        Self {
            measure: measure.to_owned(),
            holder: None,
            area: None,
            better: Better::usual(measure),
            weight: None,
        }
    }

    /// A short name: the measure, then `/team` and `@area` where it has them.
    pub fn id(&self) -> String {
        let holder = self.holder.as_ref().map_or(String::new(), |holder| format!("/{holder}"));
        let area = self.area.as_ref().map_or(String::new(), |area| format!("@{area}"));
        format!("{}{holder}{area}", self.measure)
    }
}

/// Which of two figures is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The lower one.
    Lower,
    /// The higher one.
    Higher,
}

impl Better {
    /// What is usually better of a measure.
    pub fn usual(measure: &str) -> Self {
        if measure == STANDARDS_MET || measure.starts_with("on_time_share_") {
            Better::Higher
        } else {
            Better::Lower
        }
    }

    /// 1 where higher is better, else -1: what turns a difference into a benefit.
    pub fn sign(self) -> f64 {
        match self {
            Better::Lower => -1.0,
            Better::Higher => 1.0,
        }
    }

    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Better::Lower => "lower",
            Better::Higher => "higher",
        }
    }
}
