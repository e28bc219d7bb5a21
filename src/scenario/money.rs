//! The scenario file's tables about money: who pays, out of which pots, and what people, placements
//! and programmes cost.
//!
//! Raw and unchecked, like all of [`super::file`]; the documentation of the fields is what an editor
//! shows on hovering.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::charges::Purpose;
use super::number::{RawDate, RawNumber};

/// Who pays.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FunderFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
}

/// Money of a funder, and what it may be spent on.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PotFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// The funder whose money it is.
    pub funder: Option<String>,
    /// Pounds for each financial year (April to March); for the days that the pot exists and the run
    /// reports, their share of it. Default: no limit.
    pub amount_per_year: Option<RawNumber>,
    /// Full-time posts in kind, in place of `amount_per_year`: worth what as many posts of its one role cost.
    pub posts: Option<RawNumber>,
    /// Chance, at each 1 April within the reported time, that the money is withdrawn for good, from 0 to 1. Default 0.
    pub withdrawal: Option<RawNumber>,
    /// Pots pay in this order, lowest first (then by id). Default 100.
    pub order: Option<i64>,
    /// Roles that it may pay for. Default: anything.
    pub roles: Option<Vec<String>>,
    /// Areas that it may pay for; a unit shared by several areas only if all are named. Default: anywhere.
    pub areas: Option<Vec<String>>,
    /// What it may pay for: "posts", "agency", "recruitment", "placements", "programmes". Default: anything.
    pub purposes: Option<Vec<Purpose>>,
    /// First day of the pot. Default: always.
    pub from: Option<RawDate>,
    /// First day on which it is gone. Default: never.
    pub to: Option<RawDate>,
}

/// What a role is paid.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayFile {
    /// Pounds a year for one full-time equivalent, before on-costs.
    pub salary: Option<RawNumber>,
    /// National insurance and pension, as a share of salary. Default 0.32.
    pub on_costs: Option<RawNumber>,
    /// What agency staff cost beyond a permanent worker's salary with on-costs, as a share of it. Default 0.41.
    pub agency_premium: Option<RawNumber>,
    /// Pounds for each new starter. Default 0.
    pub recruitment: Option<RawNumber>,
    /// Grades, by id, for worker groups that name one; what a grade does not say is as for the role.
    #[serde(default)]
    pub grades: BTreeMap<String, GradeFile>,
}

/// What a grade of a role is paid, where it differs.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeFile {
    /// Pounds a year for one full-time equivalent, before on-costs. Default: the role's.
    pub salary: Option<RawNumber>,
    /// Share of salary. Default: the role's.
    pub on_costs: Option<RawNumber>,
    /// Share of salary with on-costs. Default: the role's.
    pub agency_premium: Option<RawNumber>,
    /// Pounds for each new starter. Default: the role's.
    pub recruitment: Option<RawNumber>,
}

/// What children in a stage cost beyond the workers' time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacementFile {
    /// Pounds a week for each child open in the stage.
    pub per_child_week: Option<RawNumber>,
}

/// One-off and recurring costs that are not posts.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// Pounds spent once, on the first day. Default 0.
    pub one_off: Option<RawNumber>,
    /// Pounds a year while it lasts. Default 0.
    pub per_year: Option<RawNumber>,
    /// First day. Default: `start`.
    pub from: Option<RawDate>,
    /// First day on which it is over. Default: it goes on.
    pub to: Option<RawDate>,
    /// Areas that bear the cost, each in proportion to its children. Default: all.
    pub areas: Option<Vec<String>>,
    /// Role that it counts as, for pots that may pay only for some. Default: none.
    pub role: Option<String>,
}
