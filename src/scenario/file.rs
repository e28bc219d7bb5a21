//! The scenario file as it is written: every field, unchecked.
//!
//! The documentation of the fields here is what an editor shows on hovering (through
//! `caseflow schema`). Nearly every field may be absent, so that a faulty one can be taken out and
//! the rest still be read; which are needed is decided by validation.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use super::compare::CompareFile;
use super::funding::FundingFile;
use super::interventions::InterventionFile;
use super::model::{Basis, Counts, RangeShape};
use super::money::{FunderFile, PayFile, PlacementFile, PotFile, ProgrammeFile};
use super::number::{DescribedNumber, RawDate, RawDuration, RawNumber, RawServes, RawShare};
use super::people::{FloatingFile, LeadPractitioner, OversightFile, SupportFile, WorkforceFile};
use super::published::PublishedFile;

/// A caseflow scenario: a council, its demand, its pathway and its people.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
// `extends`, `without` and `lead_practitioner` are acted on before this is read; they stand here for
// the schema and, the last, for its word to be checked.
#[allow(dead_code)]
pub struct ScenarioFile {
    /// The scenario that this one changes: "england" (the built-in pathway) or a file such as "other.toml".
    pub extends: Option<String>,
    /// Paths of things in the extended scenario to take away first, such as "stages.looked_after".
    pub without: Option<Vec<String>>,
    /// Short name for files and folders: a-z, 0-9, _ and -. Default: the file's name.
    pub name: Option<String>,
    /// One line for headings. Default: the name.
    pub title: Option<String>,
    /// What the scenario is about, in a few sentences.
    pub description: Option<String>,
    /// First day that is reported, a Monday, written 2020-09-07.
    pub start: Option<RawDate>,
    /// Weeks simulated before `start` and not reported. Default 52, or 0 where `[initial]` is given.
    pub warm_up_weeks: Option<i64>,
    /// Weeks reported, 1 to 1043.
    pub horizon_weeks: Option<i64>,
    /// Who leads work with families: "classic" (default), each stage as it says, or "family_help",
    /// stages as their `family_help` tables say.
    pub lead_practitioner: Option<LeadPractitioner>,
    /// What `caseflow run` does when the command line does not say.
    pub experiment: Option<ExperimentFile>,
    /// What `caseflow explain` weighs, and how widely it looks.
    pub explain: Option<ExplainFile>,
    /// By what `caseflow compare` judges.
    pub compare: Option<CompareFile>,
    /// The localities, by id.
    #[serde(default)]
    pub areas: BTreeMap<String, AreaFile>,
    /// School terms and closures, by id, for `areas.*.schools`.
    #[serde(default)]
    pub school_calendars: BTreeMap<String, SchoolCalendarFile>,
    /// Where contacts come from, by id.
    #[serde(default)]
    pub sources: BTreeMap<String, SourceFile>,
    /// Facts of the whole pathway.
    pub pathway: Option<PathwayFile>,
    /// What drives demand in every area.
    pub demand: Option<DemandFile>,
    /// Pools of people who do one task at a time, by id.
    #[serde(default)]
    pub desks: BTreeMap<String, DeskFile>,
    /// Kinds of caseload team, by id.
    #[serde(default)]
    pub teams: BTreeMap<String, TeamFile>,
    /// The stages of the pathway, by id.
    #[serde(default)]
    pub stages: BTreeMap<String, StageFile>,
    /// The ways to leave the pathway, by id.
    #[serde(default)]
    pub ends: BTreeMap<String, EndFile>,
    /// Time limits, statutory and local, by id.
    #[serde(default)]
    pub clocks: BTreeMap<String, ClockFile>,
    /// The council's promises, by id.
    #[serde(default)]
    pub standards: BTreeMap<String, StandardFile>,
    /// How `caseflow staff` looks for posts.
    pub staffing: Option<StaffingFile>,
    /// Who pays, by id.
    #[serde(default)]
    pub funders: BTreeMap<String, FunderFile>,
    /// Money of funders and what it may be spent on, by id.
    #[serde(default)]
    pub pots: BTreeMap<String, PotFile>,
    /// What people are paid, by role. Without any, there is no money in the results.
    #[serde(default)]
    pub pay: BTreeMap<String, PayFile>,
    /// What children cost beyond the workers' time, by stage.
    #[serde(default)]
    pub placements: BTreeMap<String, PlacementFile>,
    /// One-off and recurring costs that are not posts, by id.
    #[serde(default)]
    pub programmes: BTreeMap<String, ProgrammeFile>,
    /// What `caseflow fund` shares out, and how.
    pub funding: Option<FundingFile>,
    /// Families open on the first day, by area and stage; then there is no warm-up.
    #[serde(default)]
    pub initial: BTreeMap<String, BTreeMap<String, InitialFile>>,
    /// Published figures of the authority that results are held against, by id; never an input.
    #[serde(default)]
    pub published: BTreeMap<String, PublishedFile>,
    /// Changes at dates, by id: to figures, to posts, at a cost.
    #[serde(default)]
    pub interventions: BTreeMap<String, InterventionFile>,
}

/// What `caseflow run` does when the command line does not say.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExperimentFile {
    /// Replications when the command line does not say, at least 1. Default 200.
    pub replications: Option<i64>,
    /// Measures that `--precision` looks at. Default: waiting_families and open_families.
    pub precision_measures: Option<Vec<String>>,
}

/// What `caseflow explain` weighs, and how widely it looks.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainFile {
    /// Pounds that a full-time post costs a year, with everything. Default 50,000.
    pub cost_of_post: Option<RawNumber>,
    /// Pounds at which a week of a family's waiting for a worker is valued. Default 100.
    pub price_of_waiting_week: Option<RawNumber>,
    /// Numbers of posts tried on either side of today's, 1 to 5. Default 2.
    pub steps: Option<i64>,
    /// Size of a step as a share of a team's posts today, over 0 and at most 0.5; at least half a post
    /// is taken. Default 0.15.
    pub step_share: Option<f64>,
    /// Figures looked at one by one, 1 to 50; the others are taken together. Default 12.
    pub figures: Option<i64>,
}

/// A locality.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// Children aged 0-17 who live here.
    pub population: Option<RawNumber>,
    /// Growth of the child population, as a share a year: 0.01 is one per cent. Default 0.
    pub population_growth: Option<RawNumber>,
    /// Relative need: 1 is the level to which the sources' rates apply. Default 1.
    pub need: Option<RawNumber>,
    /// Families a year by source, in place of population × rate × need.
    #[serde(default)]
    pub families_per_year: BTreeMap<String, RawNumber>,
    /// Multiplies the hours that each case needs here (interpreters, travel). Default 1.
    pub effort: Option<RawNumber>,
    /// Share of the community that services see less of, from 0 to 1. Default 0.
    pub hidden_share: Option<RawNumber>,
    /// Chance that a need in that community is seen at all, from 0 to 1. Default 1.
    pub detection: Option<RawNumber>,
    /// Share of children who are eligible for free school meals, from 0 to 1: a rule by which `caseflow fund` shares
    /// money out. The simulation does not use it.
    pub free_school_meals: Option<RawNumber>,
    /// A key of `[school_calendars]`, or the name of a calendar that comes with the program.
    /// Default: England's usual terms.
    pub schools: Option<String>,
    /// Workers of this area's own unit of a team, in place of the team's usual ones.
    #[serde(default)]
    pub teams: BTreeMap<String, AreaTeamFile>,
    /// People of this area's own unit of a desk, in place of the desk's usual ones.
    #[serde(default)]
    pub desks: BTreeMap<String, AreaDeskFile>,
}

/// The people of one area's unit of a desk.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaDeskFile {
    /// Full-time equivalents, where all have the same hours.
    pub fte: Option<RawNumber>,
    /// "working" or "continuous". Default: the desk's.
    pub calendar: Option<DeskCalendar>,
    /// Start of the day, in hours after midnight. Default: the desk's.
    pub from_hour: Option<f64>,
    /// End of the day, in hours after midnight. Default: the desk's.
    pub to_hour: Option<f64>,
    /// Several groups of people, in place of `fte`.
    pub people: Option<Vec<DeskPeopleFile>>,
}

/// The workers of one area's unit of a team.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaTeamFile {
    /// Full-time equivalents in the unit.
    pub fte: Option<RawNumber>,
    /// Full-time equivalent of each worker, over 0 and at most 1. Default 1.
    pub fte_each: Option<f64>,
    /// Share of the usual points limit that each may hold. Default 1.
    pub experience: Option<RawNumber>,
    /// Several groups of workers, in place of `fte`, `fte_each` and `experience`.
    pub workers: Option<Vec<WorkerGroupFile>>,
    /// What an hour of this unit's time is worth relative to other units'. Default: the team's.
    pub productivity: Option<RawNumber>,
}

/// Workers alike.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkerGroupFile {
    /// Full-time equivalents in the group.
    pub fte: Option<RawNumber>,
    /// Full-time equivalent of each worker, over 0 and at most 1. Default 1.
    pub fte_each: Option<f64>,
    /// Share of the usual points limit that each may hold (newly qualified workers hold fewer). Default 1.
    pub experience: Option<RawNumber>,
    /// What they are paid: one of the grades of their role's `pay`. Default: as the role.
    pub grade: Option<String>,
}

/// School terms: when schools are shut.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchoolCalendarFile {
    /// School holidays; they may overlap.
    #[serde(default)]
    pub holidays: Vec<SchoolBreakFile>,
    /// Closures to most pupils, such as in a pandemic; the same effect as holidays.
    #[serde(default)]
    pub closures: Vec<SchoolBreakFile>,
    /// Whether England's usual terms fill the years that the list does not cover. Default true.
    pub default_terms: Option<bool>,
}

/// A school holiday or closure.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchoolBreakFile {
    /// Name for readers, such as "summer".
    pub name: Option<String>,
    /// First day without school.
    pub from: Option<RawDate>,
    /// Last day without school.
    pub to: Option<RawDate>,
}

/// Where contacts come from.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// Families a year for every 10,000 children aged 0-17, where need is 1.
    pub rate_per_10k: Option<RawNumber>,
    /// Stage that a family from this source enters. Default: the pathway's entry.
    pub entry: Option<String>,
    /// Relative weight of each day, Monday first, seven numbers; brought to mean 1. Bank holidays
    /// take Sunday's. Default: all days alike.
    pub weekday: Option<Vec<f64>>,
    /// Share of need that this source sees while schools are closed, from 0 to 1. Default 1.
    pub visibility: Option<RawNumber>,
    /// Share of the unseen need that comes forward after schools return, from 0 to 1. Default 0.
    pub resurfacing: Option<RawNumber>,
    /// Mean days from the first day of term until an unseen family comes forward. Default 21.
    pub resurfacing_days: Option<RawNumber>,
    /// Relative weight of each week, repeated, in place of `visibility`; brought to mean 1.
    pub profile: Option<Vec<f64>>,
    /// The Monday on which the profile's first week begins. Default: the run's first day.
    pub profile_start: Option<RawDate>,
}

/// Facts of the whole pathway.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PathwayFile {
    /// Stage that families enter, unless their source says otherwise.
    pub entry: Option<String>,
}

/// What drives demand in every area.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandFile {
    /// Growth of need, as a share a year, compounding from `start`: 0.02 is two per cent. Default 0.
    pub trend_per_year: Option<RawNumber>,
    /// How the whole council's level moves from year to year.
    pub year_noise: Option<NoiseFile>,
    /// How the whole council's level moves from month to month.
    pub month_noise: Option<NoiseFile>,
    /// How each area's level moves from month to month.
    pub area_month_noise: Option<NoiseFile>,
    /// Children in a family. Default: one.
    pub children: Option<ChildrenFile>,
    /// Dated multipliers on demand, by id.
    #[serde(default)]
    pub shocks: BTreeMap<String, ShockFile>,
}

/// A random multiplier of mean 1.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoiseFile {
    /// Coefficient of variation: 0.15 moves demand by about 15%. 0 (default) turns it off.
    pub cv: Option<RawNumber>,
    /// Correlation between one period and the next, over -1 and under 1. Default 0.
    pub correlation: Option<RawNumber>,
}

/// Children in a family: a mean with a spread, or shares.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChildrenFile {
    /// Mean children in a family, over 1.
    pub mean: Option<RawNumber>,
    /// Shape of the negative binomial spread: larger is less spread. Default 2.
    pub shape: Option<RawNumber>,
    /// Largest family counted, 2 to 20. Default 8.
    pub max: Option<i64>,
    /// Shares of families with 1, 2, 3, … children, in place of `mean`; they sum to 1.
    pub shares: Option<Vec<RawNumber>>,
}

/// A dated multiplier on demand.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShockFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// Multiplier on demand once the ramp is over: 0.6 is 40% less.
    pub multiplier: Option<RawNumber>,
    /// First day; the ramp in begins.
    pub from: Option<RawDate>,
    /// Day on which the ramp out begins. Default: the change lasts.
    pub to: Option<RawDate>,
    /// Days in which the multiplier goes from 1 to its full value. Default 0.
    pub ramp_in_days: Option<f64>,
    /// Days in which it goes back after `to`. Default 0.
    pub ramp_out_days: Option<f64>,
    /// Sources affected. Default: all.
    pub sources: Option<Vec<String>>,
    /// Areas affected. Default: all.
    pub areas: Option<Vec<String>>,
}

/// When the people of a desk are present.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeskCalendar {
    /// Monday to Friday except bank holidays.
    Working,
    /// Every day.
    Continuous,
}

/// A pool of people who do one task at a time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeskFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// Role of its people, such as "social_worker", for their `pay`. Default: none, and they cost nothing.
    pub role: Option<String>,
    /// "all_areas" (default): one pool; "each_area": a pool in each area; or a list of the areas
    /// that share one pool.
    pub serves: Option<RawServes>,
    /// Full-time equivalents, where all have the same hours.
    pub fte: Option<RawNumber>,
    /// "working" (default): Monday to Friday except bank holidays; "continuous": every day.
    pub calendar: Option<DeskCalendar>,
    /// Start of the day, in hours after midnight. Default 9 (0 when continuous).
    pub from_hour: Option<f64>,
    /// End of the day, in hours after midnight. Default 16.4 (24 when continuous).
    pub to_hour: Option<f64>,
    /// Several groups of people, in place of `fte`.
    pub people: Option<Vec<DeskPeopleFile>>,
    /// Staff minutes of a task here, where the stage does not say.
    pub minutes: Option<RawDuration>,
}

/// Some people of a desk, all with the same hours.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeskPeopleFile {
    /// Full-time equivalents in the group.
    pub fte: Option<RawNumber>,
    /// "working" or "continuous". Default: the desk's.
    pub calendar: Option<DeskCalendar>,
    /// Start of their day, in hours after midnight. Default: the desk's.
    pub from_hour: Option<f64>,
    /// End of their day, in hours after midnight. Default: the desk's.
    pub to_hour: Option<f64>,
    /// First day on which they are there. Default: always.
    pub from: Option<RawDate>,
    /// First day on which they are gone. Default: never.
    pub to: Option<RawDate>,
}

/// A kind of caseload team: named workers who hold families for weeks.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// Role of its workers, such as "social_worker". Default: the team's id.
    pub role: Option<String>,
    /// "each_area" (default): a unit in each area; "all_areas": one shared unit; or a list of the
    /// areas that share one unit.
    pub serves: Option<RawServes>,
    /// Full-time equivalents in each unit.
    pub fte: Option<RawNumber>,
    /// Full-time equivalent of each worker, over 0 and at most 1. Default 1.
    pub fte_each: Option<f64>,
    /// Share of the usual points limit that each may hold. Default 1.
    pub experience: Option<RawNumber>,
    /// Several groups of workers, in place of `fte`, `fte_each` and `experience`.
    pub workers: Option<Vec<WorkerGroupFile>>,
    /// What an hour of the workers' time is worth relative to other teams of the kind. Default 1.
    pub productivity: Option<RawNumber>,
    /// Workers who belong to no area and take families who wait in several; only where each area has
    /// a unit of its own. Default: none.
    pub floating: Option<FloatingFile>,
    /// Points that a full-time worker may hold before taking no more families. Default: no limit.
    pub points_per_fte: Option<RawNumber>,
    /// Contracted hours a week of a full-time worker. Default 37.
    pub hours_per_week: Option<RawNumber>,
    /// Share of days present, after leave, sickness, training and bank holidays; not with
    /// `workforce`. Default 0.83.
    pub present_share: Option<RawNumber>,
    /// Share of hours at work that no case sees (duty, meetings, records). Default 0.12.
    pub non_case_share: Option<RawNumber>,
    /// How far work waits when hours are short: 1 (default) all of it waits, 0 it goes undone.
    pub stretch: Option<RawNumber>,
    /// Absence, turnover and supervision, in place of `present_share`. Default: workers are always
    /// there at `present_share`.
    pub workforce: Option<WorkforceFile>,
}

/// Where a family is in the pathway, and what that takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StageFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// The desk that does this stage's task.
    pub desk: Option<String>,
    /// The team whose workers hold the families.
    pub team: Option<String>,
    /// Partner checks: for each desk the share of families that need it. The stage is over when all are done.
    pub checks: Option<BTreeMap<String, CheckFile>>,
    /// Level of need: moving to a higher one is a step up, to a lower one a step down. Default 0.
    pub level: Option<i64>,
    /// Part of the front door: a contact is decided when the family leaves these stages. Default false.
    pub front_door: Option<bool>,
    /// Whether entering this stage counts as a referral. Default false.
    pub referral: Option<bool>,
    /// Whether practice counts this stage in "families" (default) or "children".
    pub counts: Option<Counts>,
    /// Order in the queue, 0 to 255; 0 goes first. Default 5.
    pub priority: Option<i64>,
    /// Whether the worker does this before ordinary work. Default false.
    pub urgent: Option<bool>,
    /// Points against the worker's limit for a family's first child. Default 1.
    pub points: Option<RawNumber>,
    /// Points for each further child. Default 0 where families are counted, 1 where children are.
    pub points_extra_child: Option<RawNumber>,
    /// Hours of work a week while the case is held, for a family's first child. Default 0.
    pub hours_per_week: Option<RawNumber>,
    /// Hours of work over the whole stage, in place of `hours_per_week`.
    pub hours_total: Option<RawNumber>,
    /// Each further child's work as a share of the first's. Default 0 where families are counted, 1 where children are.
    pub work_extra_child: Option<RawNumber>,
    /// Staff minutes of the task, at a desk.
    pub minutes: Option<RawDuration>,
    /// How long the stage takes when its hours are met, in days unless `unit` says otherwise.
    pub duration: Option<RawDuration>,
    /// Where families go on completion: shares to stages and ends that sum to 1; one may be "rest".
    pub next: Option<BTreeMap<String, RawShare>>,
    /// Other splits for some sources, areas or dates; the last that applies is taken.
    #[serde(default)]
    pub routes: Vec<RouteFile>,
    /// What may cut the stage short, by id.
    #[serde(default)]
    pub hazards: BTreeMap<String, HazardFile>,
    /// What may happen while a family waits for a worker, by id.
    #[serde(default)]
    pub waiting: BTreeMap<String, HazardFile>,
    /// Exits happen only at reviews.
    pub review: Option<ReviewFile>,
    /// Whether a family coming from another stage of the same team keeps its worker. Default true.
    pub keep_worker: Option<bool>,
    /// Days between leaving another team's worker and joining this stage's queue. Default 0.
    pub transfer_delay_days: Option<RawNumber>,
    /// Hours that a transfer from another team costs each of the two workers. Default 0.
    pub handover_hours: Option<RawNumber>,
    /// Days for which another team's worker who steps a family down to this stage goes on holding it
    /// too; needs a `level` other than 0. Default 0.
    pub overlap_days: Option<RawNumber>,
    /// Contacts a week about a family open here: work for its worker, no new case. Default 0.
    pub open_contacts: Option<RawNumber>,
    /// Hours that each such contact takes. Default 0.5.
    pub open_contact_hours: Option<RawNumber>,
    /// Work here that another team's pooled hours do, such as family time for children looked after.
    /// Default: none.
    pub support: Option<SupportFile>,
    /// Oversight that another team's workers give to families here. Default: none.
    pub oversight: Option<OversightFile>,
    /// What is different about this stage when `lead_practitioner` is "family_help": any of its keys.
    // Laid on the stage before this is read; under "classic" only its form is checked, by being read.
    #[allow(dead_code)]
    pub family_help: Option<Box<StageFile>>,
}

/// A partner check: a share, or a share with its minutes.
#[derive(Clone, Debug, Default)]
pub struct CheckFile {
    /// Share of families that need it.
    pub share: Option<RawNumber>,
    /// Staff minutes.
    pub minutes: Option<RawDuration>,
}

/// A partner check as a table.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckTable {
    /// Share of families that need this check, from 0 to 1.
    pub share: Option<RawNumber>,
    /// Staff minutes of the check. Default: the desk's.
    pub minutes: Option<RawDuration>,
    /// The share, where it is written as a described number.
    pub value: Option<f64>,
    /// Lowest credible share.
    pub low: Option<f64>,
    /// Highest credible share.
    pub high: Option<f64>,
    /// How the range is read.
    pub shape: Option<RangeShape>,
    /// What stands behind the share.
    pub basis: Option<Basis>,
    /// Where the share comes from.
    pub source: Option<String>,
}

impl<'de> Deserialize<'de> for CheckFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CheckVisitor;
        impl<'de> Visitor<'de> for CheckVisitor {
            type Value = CheckFile;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a share of families: for example 0.6, or { share = 0.6, minutes = 20 }")
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<CheckFile, E> {
                self.visit_f64(value as f64)
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<CheckFile, E> {
                Ok(CheckFile { share: Some(RawNumber::plain(value)), minutes: None })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CheckFile, A::Error> {
                let table = CheckTable::deserialize(MapAccessDeserializer::new(map))?;
                let written_as_number = table.value.is_some() || table.low.is_some() || table.high.is_some();
                let described = DescribedNumber {
                    value: table.value,
                    low: table.low,
                    high: table.high,
                    shape: table.shape,
                    basis: table.basis,
                    source: table.source,
                };
                let share = match table.share {
                    Some(share) => Some(share),
                    None if written_as_number => Some(RawNumber { plain: false, described }),
                    None => None,
                };
                Ok(CheckFile { share, minutes: table.minutes })
            }
        }
        deserializer.deserialize_any(CheckVisitor)
    }
}

impl JsonSchema for CheckFile {
    fn schema_name() -> Cow<'static, str> {
        "Check".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Share of families that need this check, or { share = 0.6, minutes = 20 }.",
            "anyOf": [{ "type": "number" }, generator.subschema_for::<CheckTable>().to_value()]
        })
    }
}

/// A split that applies to some sources, areas or dates.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteFile {
    /// Sources it applies to. Default: all.
    pub sources: Option<Vec<String>>,
    /// Areas it applies to. Default: all.
    pub areas: Option<Vec<String>>,
    /// First day on which it applies. Default: always.
    pub from: Option<RawDate>,
    /// First day on which it applies no more. Default: never.
    pub to: Option<RawDate>,
    /// Where families go: shares to stages and ends that sum to 1; one may be "rest".
    pub next: Option<BTreeMap<String, RawShare>>,
}

/// Something that may happen at a constant rate.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HazardFile {
    /// Events for each family and week: 0.01 is one in a hundred families a week.
    pub rate_per_week: Option<RawNumber>,
    /// The stage or end to which the family then goes.
    pub to: Option<String>,
}

/// Exits at review dates.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewFile {
    /// Days from the start of the stage to the first review.
    pub first_days: Option<RawNumber>,
    /// Days between later reviews. Default: as the first.
    pub then_days: Option<RawNumber>,
    /// Share of families that leave when ready rather than at a review, from 0 to 1. Default 0.
    pub early_exit_share: Option<RawNumber>,
}

/// A way to leave the pathway.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// How families come back. Default: they do not.
    pub returns: Option<ReturnsFile>,
}

/// Re-referral after closure.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnsFile {
    /// Share of families that come back within `within_days`, from 0 to 1.
    pub share: Option<RawNumber>,
    /// Length of the period in which they may come back, in days. Default 365.
    pub within_days: Option<RawNumber>,
    /// Mean days until they come back, before the period cuts it off: short is soon. Default 120.
    pub mean_days: Option<RawNumber>,
    /// Stage that they enter. Default: the pathway's entry.
    pub to: Option<String>,
}

/// A time limit.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// What starts it: "arrival", "decided", "enter:STAGE", "start:STAGE" or "leave:STAGE".
    pub starts: Option<String>,
    /// What stops it, written in the same way.
    pub stops: Option<String>,
    /// The limit in working days.
    pub working_days: Option<RawNumber>,
    /// The limit in calendar days, in place of `working_days`.
    pub days: Option<RawNumber>,
}

/// A promise: a clock kept, or a measure within a threshold.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StandardFile {
    /// Name for readers. Default: the id with capitals and spaces.
    pub name: Option<String>,
    /// The clock that families must keep.
    pub clock: Option<String>,
    /// The weekly measure that is judged, such as "children_per_fte", in place of `clock`.
    pub measure: Option<String>,
    /// The team whose measure it is. Default: the whole area's.
    pub team: Option<String>,
    /// The measure may be at most this.
    pub at_most: Option<RawNumber>,
    /// The measure must be at least this, in place of `at_most`.
    pub at_least: Option<RawNumber>,
    /// Share of families (of a clock) or of weeks (of a measure) that must meet it, over 0, at most 1.
    pub required_share: Option<RawNumber>,
    /// Wanted share of replications in which the standard is met, over 0 and under 1. Default 0.9.
    pub reliability: Option<RawNumber>,
    /// Areas bound. Default: all.
    pub areas: Option<Vec<String>>,
}

/// How `caseflow staff` looks for posts.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffingFile {
    /// Full-time equivalents between one establishment and the next that is tried, 0.1 to 10. Default 0.5.
    pub step: Option<RawNumber>,
    /// Roles of teams, and desks, whose posts are sought. Default: all that a standard depends on.
    pub roles: Option<Vec<String>>,
    /// Standards must also hold in the worst four weeks of each year. Default false: those weeks are
    /// shown beside.
    pub worst_four_weeks: Option<bool>,
    /// Bounds on posts, by team or desk, then by area (or the team's own id, where areas share it).
    #[serde(default)]
    pub posts: BTreeMap<String, BTreeMap<String, PostBoundsFile>>,
}

/// Bounds on the posts of one unit.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostBoundsFile {
    /// Fewest full-time equivalents. Default 0.
    pub least: Option<RawNumber>,
    /// Most full-time equivalents. Default: no bound.
    pub most: Option<RawNumber>,
}

/// Families open in a stage on the first day: a count, or a count with some waiting.
#[derive(Clone, Debug, Default)]
pub struct InitialFile {
    /// Families held.
    pub families: Option<i64>,
    /// Families waiting for a worker.
    pub waiting: Option<i64>,
}

/// Families open in a stage, as a table.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InitialTable {
    /// Families that have a worker (or, in a stage that nobody holds, are there). Default 0.
    pub families: Option<i64>,
    /// Further families that wait for a worker. Default 0.
    pub waiting: Option<i64>,
}

impl<'de> Deserialize<'de> for InitialFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InitialVisitor;
        impl<'de> Visitor<'de> for InitialVisitor {
            type Value = InitialFile;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number of families: for example 120, or { families = 80, waiting = 12 }")
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<InitialFile, E> {
                Ok(InitialFile { families: Some(value), waiting: None })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<InitialFile, A::Error> {
                let table = InitialTable::deserialize(MapAccessDeserializer::new(map))?;
                Ok(InitialFile { families: table.families, waiting: table.waiting })
            }
        }
        deserializer.deserialize_any(InitialVisitor)
    }
}

impl JsonSchema for InitialFile {
    fn schema_name() -> Cow<'static, str> {
        "Initial".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Families open in this stage on the first day: a count, or { families = 80, waiting = 12 }.",
            "anyOf": [{ "type": "integer" }, generator.subschema_for::<InitialTable>().to_value()]
        })
    }
}
