//! The scenario file's tables about people as they are: absence and turnover, floating staff, and
//! what one team does for another's cases.
//!
//! Raw and unchecked, like all of [`super::file`]; the documentation of the fields is what an editor
//! shows on hovering.

use schemars::JsonSchema;
use serde::Deserialize;

use super::number::{RawDuration, RawNumber};

/// Absence, turnover and supervision of a team's workers, in place of `present_share`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkforceFile {
    /// Share of posts that hold cases, over 0 and at most 1; the others are paid but hold none. Default 1.
    pub case_holding_share: Option<RawNumber>,
    /// Share of posts vacant on the run's first day, from 0 to 1. Default 0.
    pub vacant_share: Option<RawNumber>,
    /// Annual leave, in working days a year for a full week's contract; bank holidays come on top. Default 30.
    pub leave_days: Option<RawNumber>,
    /// How much likelier a week of school holidays is chosen for leave than another. Default 2.25.
    pub leave_holiday_weight: Option<RawNumber>,
    /// Training and development, in working days a year, spread evenly. Default 5.
    pub training_days: Option<RawNumber>,
    /// Sickness spells of a worker in a year at work. Default 1.3.
    pub sickness_spells: Option<RawNumber>,
    /// Share of spells that are short, from 0 to 1. Default 0.9.
    pub sickness_short_share: Option<RawNumber>,
    /// Mean length of a short spell, in calendar days. Default 4.
    pub sickness_short_days: Option<RawNumber>,
    /// Mean length of a long spell, in calendar days. Default 80.
    pub sickness_long_days: Option<RawNumber>,
    /// Per cent more spells for each per cent by which points held exceed the limit; 0 turns it off. Default 0.26.
    pub sickness_elasticity: Option<RawNumber>,
    /// Leavers a year for each post that is filled: 0.118 is 11.8 in a hundred. Default 0.118.
    pub leavers: Option<RawNumber>,
    /// Per cent more leavers for each per cent by which points held exceed the limit; 0 turns it off. Default 0.33.
    pub leaving_elasticity: Option<RawNumber>,
    /// From a leaver's last week to a new starter's first, in days unless `unit` says otherwise.
    /// Default: gamma with mean 21 weeks and shape 4.
    pub time_to_hire: Option<RawDuration>,
    /// Share of vacancies that agency staff cover, from 0 to 1. Default 0.6.
    pub agency_share: Option<RawNumber>,
    /// Days from the vacancy until agency cover begins. Default 28.
    pub agency_delay_days: Option<RawNumber>,
    /// Hours and points of an agency worker relative to a permanent one. Default 0.9.
    pub agency_productivity: Option<RawNumber>,
    /// Weeks over which a new starter comes up to full hours and points. Default 10.
    pub ramp_weeks: Option<RawNumber>,
    /// Share of full hours and points at which a new starter begins, from 0 to 1. Default 0.5.
    pub ramp_from: Option<RawNumber>,
    /// Share of starters, and of those in post, who are newly qualified and protected, from 0 to 1. Default 0.
    pub newly_qualified_share: Option<RawNumber>,
    /// Weeks of protection. Default 52.
    pub newly_qualified_weeks: Option<RawNumber>,
    /// Share of the points limit while protected, from 0 to 1. Default 0.7.
    pub newly_qualified_limit: Option<RawNumber>,
    /// Share of case hours while protected, from 0 to 1. Default 0.9.
    pub newly_qualified_hours: Option<RawNumber>,
    /// Hours that it takes to take over a family from a worker who has gone. Default 4.
    pub takeover_hours: Option<RawNumber>,
    /// Share of an absent worker's missing hours that colleagues with spare hours make up, from 0 to 1. Default 0.3.
    pub cover: Option<RawNumber>,
    /// Who allocates and closes cases. Default: that never waits.
    pub managers: Option<ManagersFile>,
}

/// Managers: while they are away nothing is allocated or closed, unless a deputy stands in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ManagersFile {
    /// Full-time equivalents of workers for each manager, over 0. Default 6.
    pub span: Option<RawNumber>,
    /// Whether a worker stands in when the manager is away. Default false.
    pub deputy: Option<bool>,
    /// Share of the deputy's hours that standing in takes, from 0 to 1. Default 0.5.
    pub deputy_hours_share: Option<RawNumber>,
}

/// Workers of a team who belong to no area and take families who wait in several.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FloatingFile {
    /// Full-time equivalents in all.
    pub fte: Option<RawNumber>,
    /// Full-time equivalent of each worker, over 0 and at most 1. Default 1.
    pub fte_each: Option<f64>,
    /// Share of the usual points limit that each may hold. Default 1.
    pub experience: Option<RawNumber>,
    /// Areas whose units they help. Default: all.
    pub areas: Option<Vec<String>>,
}

/// Work at a stage that another team's pooled hours do.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupportFile {
    /// The team that does it; it holds no stage of its own.
    pub team: Option<String>,
    /// Hours a week for each child.
    pub hours_per_child: Option<RawNumber>,
    /// Share of the hours not met that falls on the case's own worker, from 0 to 1; the rest does
    /// not happen. Default 1.
    pub spill_share: Option<RawNumber>,
}

/// Oversight that another team's workers give to a stage's cases.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OversightFile {
    /// The team that oversees: another than the stage's own.
    pub team: Option<String>,
    /// Hours a week for each family.
    pub hours: Option<RawNumber>,
}

/// Who leads work with families between early help and child protection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeadPractitioner {
    /// Each stage is held as it says.
    #[default]
    Classic,
    /// Stages are held as their `family_help` tables say.
    FamilyHelp,
}
