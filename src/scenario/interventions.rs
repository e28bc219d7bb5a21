//! The scenario file's tables about change: interventions, and the waves in which they roll out.
//!
//! Raw and unchecked, like all of [`super::file`]; the documentation of the fields is what an editor
//! shows on hovering.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::number::{RawDate, RawNumber};

/// A change at a date: to figures, to posts, at a cost.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterventionFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// First day. Default: the run's start.
    pub from: Option<RawDate>,
    /// First day on which it is over. Default: it lasts.
    pub to: Option<RawDate>,
    /// Areas concerned. Default: all.
    pub areas: Option<Vec<String>>,
    /// A roll-out: when it begins in which areas, in place of `from` and `areas`.
    pub waves: Option<Vec<WaveFile>>,
    /// Weeks in which effects go from nothing to all. Default 0.
    pub ramp_weeks: Option<f64>,
    /// Figures that change, by an id of your choice.
    #[serde(default)]
    pub effects: BTreeMap<String, EffectFile>,
    /// Posts that come or go, by team or desk: in every unit that serves the areas.
    #[serde(default)]
    pub posts: BTreeMap<String, InterventionPostsFile>,
    /// Posts that move from one area to another, by an id of your choice.
    #[serde(default)]
    pub moves: BTreeMap<String, MoveFile>,
    /// What it costs beside posts.
    pub costs: Option<InterventionCostsFile>,
    /// What people get done less while they learn.
    pub dip: Option<DipFile>,
}

/// Areas in which a roll-out begins on the same day.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaveFile {
    /// First day.
    pub from: Option<RawDate>,
    /// The areas.
    pub areas: Option<Vec<String>>,
}

/// A change of figures.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EffectFile {
    /// Paths of the figures as they stand in `assumptions.csv`, such as "sources.school.visibility";
    /// `*` stands for any one part, as in "stages.*.hours_per_week".
    pub parameters: Option<Vec<String>>,
    /// What the figures are multiplied by.
    pub multiply: Option<RawNumber>,
    /// What the figures become, in place of `multiply`.
    pub replace: Option<RawNumber>,
}

/// Posts that come or go.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterventionPostsFile {
    /// Full-time equivalents that come to each unit; negative ones go (of a team only).
    pub add: Option<RawNumber>,
    /// Full-time equivalent of each post that comes to a team, over 0 and at most 1. Default 1.
    pub fte_each: Option<f64>,
    /// Whether a team's new posts begin vacant and have to be recruited to. Default false: new
    /// starters begin on the first day.
    pub recruited: Option<bool>,
}

/// Posts that move from one area's unit of a team to another's.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveFile {
    /// The team.
    pub team: Option<String>,
    /// Area from which posts go.
    pub from: Option<String>,
    /// Area to which they come.
    pub to: Option<String>,
    /// Full-time equivalents that move.
    pub fte: Option<RawNumber>,
}

/// What an intervention costs beside posts, in pounds, when it has begun in all its areas.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterventionCostsFile {
    /// Once; each area's equal share falls due on its first day. Default 0.
    pub one_off: Option<RawNumber>,
    /// A year while it lasts; each area's equal share from its first day. Default 0.
    pub per_year: Option<RawNumber>,
}

/// Hours lost while staff learn.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DipFile {
    /// Share of hours lost, from 0 to 1.
    pub share: Option<RawNumber>,
    /// For how many weeks from an area's first day.
    pub weeks: Option<f64>,
    /// Teams affected. Default: all.
    pub teams: Option<Vec<String>>,
}
