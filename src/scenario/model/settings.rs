//! What commands do when their command line does not say.

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
