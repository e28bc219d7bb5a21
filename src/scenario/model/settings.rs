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

/// What the best split of money is best at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// The chance that the worst area meets its standards; then the family-weeks waited.
    #[default]
    WorstArea,
    /// The family-weeks waited.
    Waiting,
}

/// A formula by which money is shared out between the places of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Formula {
    /// Each area the same.
    Equal,
    /// By children.
    ChildPopulation,
    /// By children times the area's relative need.
    WeightedPopulation,
    /// By children eligible for free school meals.
    FreeSchoolMeals,
    /// By the families held with the posts of now.
    CurrentCaseload,
    /// By the hours that families would need if there were workers for all of them.
    SimulatedNeed,
}

impl Formula {
    /// All, in the order of tables.
    pub const ALL: [Formula; 6] = [
        Formula::Equal,
        Formula::ChildPopulation,
        Formula::WeightedPopulation,
        Formula::FreeSchoolMeals,
        Formula::CurrentCaseload,
        Formula::SimulatedNeed,
    ];

    /// The word in files.
    pub fn id(self) -> &'static str {
        match self {
            Formula::Equal => "equal",
            Formula::ChildPopulation => "child_population",
            Formula::WeightedPopulation => "weighted_population",
            Formula::FreeSchoolMeals => "free_school_meals",
            Formula::CurrentCaseload => "current_caseload",
            Formula::SimulatedNeed => "simulated_need",
        }
    }
}

/// Formulas mixed, and held back.
#[derive(Clone, Debug, PartialEq)]
pub struct Blend {
    /// Formulas and their shares, which sum to 1.
    pub shares: Vec<(Formula, f64)>,
    /// Part of its posts of now that each place keeps at least.
    pub floor: f64,
    /// How much of the way from now to the formula is not gone.
    pub damping: f64,
}

/// What `caseflow fund` shares out, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct FundingRules {
    /// Pounds a year, from all pots together; `None` for what is in the pots, or what the posts of now cost.
    pub total: Option<f64>,
    /// Roles of teams whose posts are shared out, sorted; `None` for those of [`StaffingRules`].
    pub roles: Option<Vec<String>>,
    /// What the best split is best at.
    pub objective: Objective,
    /// Pounds a year whose value is asked of each place.
    pub next: f64,
    /// The blend.
    pub blend: Blend,
    /// Splits that somebody proposes: id, and the share of each area (index: area).
    pub splits: Vec<(String, Vec<f64>)>,
}

impl Default for FundingRules {
    fn default() -> Self {
        let third = 1.0 / 3.0;
        let shares = [Formula::ChildPopulation, Formula::WeightedPopulation, Formula::SimulatedNeed];
        Self {
            total: None,
            roles: None,
            objective: Objective::default(),
            next: 50_000.0,
            blend: Blend {
                shares: shares.map(|formula| (formula, third)).to_vec(),
                floor: 0.9,
                damping: 0.5,
            },
            splits: Vec::new(),
        }
    }
}
