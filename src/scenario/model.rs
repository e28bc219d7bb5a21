//! The valid, immutable scenario: what every later step reads.
//!
//! Made only by [`super::load`]; whoever holds a [`Scenario`] need not check it again. Things refer
//! to each other by index ([`AreaId`], [`StageId`], …); every list is sorted by its identifier, so
//! that the order in which a file names things changes nothing.
//!
//! **Numbers.** A figure that may be uncertain is a [`Quantity`]: an index into
//! [`Scenario::parameters`], where its central value, range, basis and source stand. A [`Draw`]
//! gives each quantity one value for one replication (`draw[quantity]`). Structural facts (dates,
//! counts of weeks, weekday weights) are plain values.

use std::ops::Index;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::charges::Money;
use crate::calendar::SchoolCalendar;

/// Index into [`Scenario::areas`].
pub type AreaId = usize;
/// Index into [`Scenario::sources`].
pub type SourceId = usize;
/// Index into [`Scenario::stages`].
pub type StageId = usize;
/// Index into [`Scenario::ends`].
pub type EndId = usize;
/// Index into [`Scenario::desks`].
pub type DeskId = usize;
/// Index into [`Scenario::teams`].
pub type TeamId = usize;
/// Index into [`Scenario::units`].
pub type UnitId = usize;
/// Index into [`Scenario::clocks`].
pub type ClockId = usize;

/// A council, its demand, its pathway and its people: valid and complete.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Short identifier, from the file's `name`; names the results directory.
    pub name: String,
    /// One line for headings.
    pub title: String,
    /// What the scenario is about, in a few sentences; may be empty.
    pub description: String,
    /// SHA-256 of the effective scenario (all layers and overrides merged), in hexadecimal.
    pub hash: String,
    /// First day that is reported: a Monday.
    pub start: Date,
    /// Weeks simulated before `start` and not reported.
    pub warm_up_weeks: u32,
    /// Weeks reported.
    pub horizon_weeks: u32,
    /// What `caseflow run` does when the command line does not say.
    pub experiment: ExperimentDefaults,
    /// What `caseflow explain` weighs.
    pub explain: ExplainSettings,
    /// Every figure with its value, range, basis and source. [`Quantity`] points here.
    pub parameters: Vec<Parameter>,
    /// Localities, sorted by id.
    pub areas: Vec<Area>,
    /// Where contacts come from, sorted by id.
    pub sources: Vec<Source>,
    /// What drives demand in every area.
    pub demand: Demand,
    /// The pathway's stages, sorted by id.
    pub stages: Vec<Stage>,
    /// Ways to leave the pathway, sorted by id.
    pub ends: Vec<End>,
    /// Kinds of desk, sorted by id.
    pub desks: Vec<Desk>,
    /// Pools of people who do one task at a time: one per desk and area, or one shared by several.
    pub desk_units: Vec<DeskUnit>,
    /// Kinds of caseload team, sorted by id.
    pub teams: Vec<Team>,
    /// Teams of named workers: one per team and area, or one shared by several areas.
    pub units: Vec<Unit>,
    /// Statutory and local time limits, sorted by id.
    pub clocks: Vec<Clock>,
    /// The council's promises, sorted by id.
    pub standards: Vec<Standard>,
    /// How `caseflow staff` looks for posts.
    pub staffing: StaffingRules,
    /// Who pays for what.
    pub money: Money,
    /// Families open at the start; empty when a warm-up makes the starting state.
    pub initial: Vec<InitialCases>,
    /// Published figures that results are held against, sorted by id. Nothing simulated reads them.
    pub published: Vec<Published>,
    /// Changes at dates, sorted by id.
    pub interventions: Vec<Intervention>,
    /// Factual remarks found while reading that are not faults (for `check` to print).
    pub notes: Vec<String>,
}

/// Points at a figure in [`Scenario::parameters`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quantity(pub u32);

/// One value for every parameter: what one replication believes.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw(pub Vec<f64>);

impl Index<Quantity> for Draw {
    type Output = f64;
    #[inline]
    fn index(&self, quantity: Quantity) -> &f64 {
        &self.0[quantity.0 as usize]
    }
}

/// The path of the parameter that stands where the types want a figure and the scenario needs none.
pub(super) const NO_FIGURE: &str = "unused";

/// A figure and where it comes from: one row of the assumptions register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Dotted path in the scenario file, such as `stages.child_in_need.duration.mean`.
    pub path: String,
    /// Central value, in the units of the field.
    pub value: f64,
    /// Lower end of the range, when uncertain.
    pub low: Option<f64>,
    /// Upper end of the range, when uncertain.
    pub high: Option<f64>,
    /// How the range is to be read.
    pub shape: RangeShape,
    /// Whether measured, published or judged; `None` when the file does not say.
    pub basis: Option<Basis>,
    /// Where the figure comes from; empty when the file does not say.
    pub source: String,
}

/// How `low`, `value` and `high` describe an uncertain figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RangeShape {
    /// PERT: `low` and `high` are the ends, `value` the most likely (Beta with weight 4).
    #[default]
    Pert,
    /// Triangular: `low` and `high` are the ends, `value` the most likely.
    Triangular,
    /// Uniform between `low` and `high`.
    Uniform,
    /// Lognormal whose 5th and 95th percentiles are `low` and `high`; `value` is shown only.
    Lognormal,
}

/// What stands behind a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Counted by the council itself.
    Measured,
    /// Read in, or calculated from, published statistics.
    Published,
    /// Somebody's judgement; to be replaced by local data.
    Judgement,
}

impl Basis {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Measured => "measured",
            Basis::Published => "published",
            Basis::Judgement => "judgement",
        }
    }
}

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

impl Default for StaffingRules {
    fn default() -> Self {
        Self { step: 0.5, roles: None, worst_weeks: false, bounds: Vec::new() }
    }
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

/// A locality.
#[derive(Clone, Debug)]
pub struct Area {
    /// Identifier, as in `[areas.north]`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Children aged 0-17.
    pub population: Quantity,
    /// Growth of `population`, as a share a year (0.01 is one per cent).
    pub population_growth: Quantity,
    /// Relative need; 1 is the level to which the rates of [`Source`] apply.
    pub need: Quantity,
    /// Families a year by source, in place of population × rate × need.
    pub families_per_year: Vec<Option<Quantity>>,
    /// Multiplies the hours each case needs here (interpreters, travel).
    pub effort: Quantity,
    /// Share of the community that services see less of.
    pub hidden_share: Quantity,
    /// Chance that a need in that community is seen at all.
    pub detection: Quantity,
    /// School terms and holidays.
    pub schools: SchoolCalendar,
}

/// Where contacts come from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Identifier, such as `school`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Families a year for every 10,000 children, where `need` is 1.
    pub rate_per_10k: Quantity,
    /// Stage that a family from this source enters.
    pub entry: StageId,
    /// Relative weight of each day, Monday first; mean 1. Bank holidays take Sunday's.
    pub weekday: [f64; 7],
    /// Share of need that the source sees while schools are closed; 1 is all of it.
    pub visibility: Quantity,
    /// Share of the unseen that comes forward after return.
    pub resurfacing: Quantity,
    /// Mean days from the first day of term until an unseen family comes forward.
    pub resurfacing_days: Quantity,
    /// Relative weekly weights, mean 1, repeated from `profile_start`; replaces visibility.
    pub profile: Option<Vec<f64>>,
    /// Day (offset from the run's first day, may be negative) on which the profile's first week begins.
    pub profile_start_day: i64,
}

/// What drives demand everywhere.
#[derive(Clone, Debug)]
pub struct Demand {
    /// Growth of need a year, as a share, compounding from `start`.
    pub trend_per_year: Quantity,
    /// Year effect of the whole council.
    pub year_noise: Noise,
    /// Month effect of the whole council.
    pub month_noise: Noise,
    /// Month effect of each area.
    pub area_month_noise: Noise,
    /// Dated multipliers.
    pub shocks: Vec<Shock>,
    /// Children in a family.
    pub children: ChildrenPerFamily,
}

/// A multiplicative disturbance: lognormal, mean 1, first-order autoregressive from one period to
/// the next (on the log scale), constant within a period.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    /// Coefficient of variation of the multiplier; 0 turns it off.
    pub cv: Quantity,
    /// Correlation of the logarithm between successive periods, -1 < r < 1.
    pub correlation: Quantity,
}

/// A dated multiplier on demand.
#[derive(Clone, Debug)]
pub struct Shock {
    /// Name for readers.
    pub name: String,
    /// Full multiplier, reached after the ramp.
    pub multiplier: Quantity,
    /// First day, offset from the run's first day; the ramp in begins here.
    pub from_day: i64,
    /// Day on which the ramp out begins; `i64::MAX` for a lasting change.
    pub to_day: i64,
    /// Days over which the multiplier goes linearly from 1 to its full value.
    pub ramp_in_days: f64,
    /// Days over which it goes back after `to_day`.
    pub ramp_out_days: f64,
    /// Whether each source is affected.
    pub sources: Vec<bool>,
    /// Whether each area is affected.
    pub areas: Vec<bool>,
}

/// How many children a family has.
#[derive(Clone, Debug)]
pub enum ChildrenPerFamily {
    /// Shares of families with 1, 2, 3, … children; drawn values are made to sum to 1.
    Shares(Vec<Quantity>),
    /// Negative binomial without its zero, cut at `max`, with this mean after both.
    NegativeBinomial {
        /// Mean children in a family.
        mean: Quantity,
        /// Shape (number of successes) of the untruncated distribution; larger is less spread.
        shape: Quantity,
        /// Largest family counted.
        max: u8,
    },
}

/// Where a family is, in the pathway.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Identifier, such as `child_in_need`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Who holds the family.
    pub holder: Holder,
    /// Level of need served; moving to another stage's higher level is a step up, lower a step down.
    pub level: i32,
    /// Part of the front door: a contact is decided when the family first leaves these stages.
    pub front_door: bool,
    /// Entering this stage from one that is not such a stage counts as a referral.
    pub referral: bool,
    /// Whether practice counts this stage in families or in children.
    pub counts: Counts,
    /// Order in the queue: lower goes first.
    pub priority: u8,
    /// Served before ordinary work by the worker who holds it.
    pub urgent: bool,
    /// Points against the holder's limit for a family's first child.
    pub points: Quantity,
    /// Points for each further child.
    pub points_extra_child: Quantity,
    /// Work for a family's first child.
    pub work: Work,
    /// Each further child's work, as a share of the first's.
    pub work_extra_child: Quantity,
    /// Natural duration in days: how long the stage takes when its hours are met. For a desk: the
    /// task in days of staff time (minutes / 1440).
    pub duration: Duration,
    /// Where families go on completion. The last matching route applies; the first has no condition.
    pub routes: Vec<Route>,
    /// What may cut the stage short, in calendar time, from the moment the work starts.
    pub hazards: Vec<Hazard>,
    /// What may happen while a family waits to be allocated, in calendar time.
    pub waiting_hazards: Vec<Hazard>,
    /// Exits happen only at reviews.
    pub review: Option<Review>,
    /// A family coming from another stage of the same team keeps its worker.
    pub keep_worker: bool,
    /// Days between leaving another team's worker and joining this stage's queue.
    pub transfer_delay_days: Quantity,
    /// Hours that a transfer from another team's worker costs each of the two workers.
    pub handover_hours: Quantity,
    /// Days for which the worker of another team who steps a family down to this stage goes on
    /// holding it too.
    pub overlap_days: Quantity,
    /// Contacts a week about an open family of this stage: work for its worker, no new case.
    pub open_contacts: Quantity,
    /// Hours that each such contact takes.
    pub open_contact_hours: Quantity,
    /// Work at this stage that another team normally does (family time for children looked after).
    pub support: Option<Support>,
    /// Oversight that another team gives to the cases of this stage (Family Help led by an early help
    /// worker under a social worker's oversight).
    pub oversight: Option<Oversight>,
}

/// Work that another team's pooled hours do, and that falls back on the case's own worker when they
/// do not suffice.
#[derive(Clone, Copy, Debug)]
pub struct Support {
    /// The team whose hours are pooled. It holds no cases of its own.
    pub team: TeamId,
    /// Hours a week for each child.
    pub hours_per_child: Quantity,
    /// Share of the hours not met that falls on the case's worker; the rest does not happen.
    pub spill_share: Quantity,
}

/// Hours that another team's workers give to the cases of a stage.
#[derive(Clone, Copy, Debug)]
pub struct Oversight {
    /// The team that oversees.
    pub team: TeamId,
    /// Hours a week for each family.
    pub hours: Quantity,
}

/// Who holds a family during a stage.
#[derive(Clone, Debug)]
pub enum Holder {
    /// A task at a desk.
    Desk(DeskId),
    /// A worker of a caseload team.
    Team(TeamId),
    /// Partner checks: a task at each desk for its share of families; over when all are done.
    Checks(Vec<(DeskId, Quantity, Duration)>),
    /// Nobody: time passes.
    Nobody,
}

/// Whether a stage is counted in families or in children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Early help counts families.
    Families,
    /// Children's social care counts children.
    Children,
}

/// Hours that a case needs.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// Hours a week while the case is held.
    PerWeek(Quantity),
    /// Hours over the whole stage, spread evenly over its natural duration.
    Total(Quantity),
}

/// A duration. Units: days.
#[derive(Clone, Debug)]
pub enum Duration {
    /// No time at all.
    Zero,
    /// Always the same.
    Fixed(Quantity),
    /// Exponential with this mean.
    Exponential(Quantity),
    /// Gamma.
    Gamma {
        /// Mean.
        mean: Quantity,
        /// Shape; 1 is exponential.
        shape: Quantity,
    },
    /// Lognormal.
    Lognormal {
        /// Mean.
        mean: Quantity,
        /// Coefficient of variation.
        cv: Quantity,
    },
    /// Weibull.
    Weibull {
        /// Mean.
        mean: Quantity,
        /// Shape; 1 is exponential, below 1 early ends are likelier.
        shape: Quantity,
    },
    /// Published bands: uniform within each.
    Bands {
        /// Band edges, one more than `shares`.
        edges: Vec<f64>,
        /// Share of cases in each band; drawn values are made to sum to 1.
        shares: Vec<Quantity>,
    },
    /// One of several kinds.
    Mixture(Vec<(Quantity, Duration)>),
    /// The inner duration in other units: multiplied by this many days.
    Scaled(f64, Box<Duration>),
}

/// Shares of families to each destination.
#[derive(Clone, Debug)]
pub struct Route {
    /// Applies to these sources; `None` for all.
    pub sources: Option<Vec<SourceId>>,
    /// Applies to these areas; `None` for all.
    pub areas: Option<Vec<AreaId>>,
    /// First day on which it applies, offset from the run's first day.
    pub from_day: i64,
    /// First day on which it applies no more.
    pub to_day: i64,
    /// Destinations with their shares. Drawn shares are made to sum to 1.
    pub shares: Vec<(Destination, Share)>,
}

/// A share of a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// A figure.
    Of(Quantity),
    /// What the others leave over.
    Rest,
}

/// Where a family goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Destination {
    /// Another stage, or the same again.
    Stage(StageId),
    /// Out of the pathway.
    End(EndId),
}

/// Something that may happen at a constant rate.
#[derive(Clone, Debug)]
pub struct Hazard {
    /// Identifier, such as `crisis`.
    pub id: String,
    /// Events per family and week.
    pub rate_per_week: Quantity,
    /// Where the family then goes.
    pub to: Destination,
}

/// Exits gated by review dates.
#[derive(Clone, Copy, Debug)]
pub struct Review {
    /// Days from the start of the stage to the first review.
    pub first_days: Quantity,
    /// Days between later reviews.
    pub then_days: Quantity,
    /// Share of families who leave when ready rather than at a review.
    pub early_exit_share: Quantity,
}

/// A way to leave the pathway.
#[derive(Clone, Debug)]
pub struct End {
    /// Identifier, such as `closed_needs_met`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// How families come back.
    pub return_to: Option<Return>,
}

/// Re-referral after closure.
#[derive(Clone, Copy, Debug)]
pub struct Return {
    /// Share of families who return within `within_days`.
    pub share: Quantity,
    /// Length of the period at risk, days.
    pub within_days: Quantity,
    /// Mean of the exponential whose part within the period gives the time of return: short is
    /// front-loaded.
    pub mean_days: Quantity,
    /// Stage that a returning family enters.
    pub to: StageId,
}

/// A kind of desk: people who do one task at a time.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Identifier, such as `police`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Role of its people, for their pay; `None` where they cost nothing.
    pub role: Option<String>,
}

/// A pool of people at a desk, with one queue.
#[derive(Clone, Debug)]
pub struct DeskUnit {
    /// The kind of desk.
    pub desk: DeskId,
    /// Areas served, sorted.
    pub areas: Vec<AreaId>,
    /// Stable name for reports: the area's id, or the desk's id when shared.
    pub id: String,
    /// The people; each group works its own hours.
    pub people: Vec<DeskPeople>,
}

/// Some people of a desk, all with the same hours.
#[derive(Clone, Debug)]
pub struct DeskPeople {
    /// Full-time equivalents: whole ones work the whole day, a fraction that share of it.
    pub fte: Quantity,
    /// Present on every day, or on working days only.
    pub continuous: bool,
    /// Start of their day, hours after midnight.
    pub from_hour: f64,
    /// End of their day.
    pub to_hour: f64,
    /// First day, offset from the run's first day; `i64::MIN` for always.
    pub from_day: i64,
    /// First day on which they are gone; `i64::MAX` for never. A task in hand is finished.
    pub to_day: i64,
}

/// A kind of caseload team.
#[derive(Clone, Debug)]
pub struct Team {
    /// Identifier, such as `early_help`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Role of its workers, such as `early_help_worker`.
    pub role: String,
    /// Points that a full-time worker may hold before taking no more; infinite for no limit.
    pub points_per_fte: Option<Quantity>,
    /// Contracted hours of a full-time worker a week.
    pub hours_per_week: Quantity,
    /// Share of days present, after leave, sickness, training and bank holidays.
    pub present_share: Quantity,
    /// Share of hours at work that no case sees.
    pub non_case_share: Quantity,
    /// How far work waits when hours are short: 1 all of it waits, 0 it goes undone.
    pub stretch: Quantity,
    /// Absence, turnover and supervision; `None` where workers are always there at `present_share`.
    pub workforce: Option<Workforce>,
}

/// People as they are: away at times, leaving and joining.
///
/// With a workforce, `present_share` is not used: bank holidays come from the calendar, the rest
/// from here.
#[derive(Clone, Debug)]
pub struct Workforce {
    /// Share of posts that hold cases; the others supply no case hours but are paid.
    pub case_holding_share: Quantity,
    /// Share of posts vacant at the run's first day.
    pub vacant_share: Quantity,
    /// Annual leave, working days a year for a full week's contract.
    pub leave_days: Quantity,
    /// How much likelier a week of school holidays is chosen for leave than another.
    pub leave_holiday_weight: Quantity,
    /// Training and development, working days a year, spread evenly.
    pub training_days: Quantity,
    /// Sickness spells a year while at work.
    pub sickness_spells: Quantity,
    /// Share of spells that are short.
    pub sickness_short_share: Quantity,
    /// Mean length of a short spell, calendar days (exponential).
    pub sickness_short_days: Quantity,
    /// Mean length of a long spell, calendar days (exponential).
    pub sickness_long_days: Quantity,
    /// Per cent more spells for each per cent that points held exceed the limit; 0 turns it off.
    pub sickness_elasticity: Quantity,
    /// Leavers a year per post filled (a hazard).
    pub leavers: Quantity,
    /// As `sickness_elasticity`, for leaving.
    pub leaving_elasticity: Quantity,
    /// From a leaver's last week to a new starter's first, days.
    pub time_to_hire: Duration,
    /// Share of vacancies covered by agency staff.
    pub agency_share: Quantity,
    /// Days until agency cover begins.
    pub agency_delay_days: Quantity,
    /// Hours and points of an agency worker, relative to a permanent one.
    pub agency_productivity: Quantity,
    /// Weeks over which a new starter comes up to full hours and points.
    pub ramp_weeks: Quantity,
    /// Share of hours and points at which a new starter begins.
    pub ramp_from: Quantity,
    /// Share of starters, and of those in post, who are in their protected first year.
    pub newly_qualified_share: Quantity,
    /// Weeks of protection.
    pub newly_qualified_weeks: Quantity,
    /// Share of the points limit while protected.
    pub newly_qualified_limit: Quantity,
    /// Share of case hours while protected.
    pub newly_qualified_hours: Quantity,
    /// Hours it takes a worker to take over a family from one who has gone.
    pub takeover_hours: Quantity,
    /// Share of an absent worker's missing hours that colleagues with spare hours make up.
    pub cover: Quantity,
    /// Who allocates and closes cases; `None` where that never waits.
    pub managers: Option<Managers>,
}

/// Managers of a unit: without them nothing is allocated or closed.
#[derive(Clone, Debug)]
pub struct Managers {
    /// Full-time equivalents of workers for each manager.
    pub span: Quantity,
    /// A worker stands in when the manager is away.
    pub deputy: bool,
    /// Share of the deputy's hours that standing in takes.
    pub deputy_hours_share: Quantity,
}

/// Workers who share one waiting list.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The kind of team.
    pub team: TeamId,
    /// Areas served, sorted.
    pub areas: Vec<AreaId>,
    /// Stable name for random streams and reports: the area's id, or the shared unit's.
    pub id: String,
    /// The workers.
    pub workers: Vec<WorkerGroup>,
    /// Hours that a worker's time is worth here, relative to others (teams perform differently).
    pub productivity: Quantity,
    /// Workers of this unit also take families who wait in these units of the same team (floating
    /// staff); sorted, never itself.
    pub helps: Vec<UnitId>,
}

/// Workers alike.
#[derive(Clone, Debug)]
pub struct WorkerGroup {
    /// How many full-time equivalents in all. Whole posts of `fte_each`, and one smaller for the rest.
    pub fte: Quantity,
    /// Full-time equivalent of each worker, over 0, at most 1.
    pub fte_each: f64,
    /// Share of the usual points limit (newly qualified workers hold fewer).
    pub experience: Quantity,
    /// What they are paid: a grade of their role's pay; `None` for as the role.
    pub grade: Option<String>,
}

/// A time limit.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Identifier, such as `assessment_45`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// What starts it.
    pub starts: Moment,
    /// What stops it.
    pub stops: Moment,
    /// The limit.
    pub limit: Quantity,
    /// Whether the limit counts working days or calendar days.
    pub working_days: bool,
}

/// A point in a family's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The family makes contact.
    Arrival,
    /// The family joins a stage (and may have to wait).
    Enter(StageId),
    /// The stage's work starts: allocated to a worker, or taken up at the desk.
    Start(StageId),
    /// The family leaves the stage.
    Leave(StageId),
    /// The front door has decided.
    Decided,
}

/// A promise.
#[derive(Clone, Debug)]
pub struct Standard {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// What is judged.
    pub test: StandardTest,
    /// Share of families (clock) or weeks (measure) that must meet it.
    pub required_share: f64,
    /// Wanted share of replications in which it is met.
    pub reliability: f64,
    /// Areas bound, sorted. Empty when it binds only a shared unit.
    pub areas: Vec<AreaId>,
}

/// What a standard looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum StandardTest {
    /// Share of families within a clock's limit.
    Clock(ClockId),
    /// Share of weeks in which a team's measure is at most (or at least) a threshold.
    Measure {
        /// Column name, such as `children_per_fte`.
        measure: String,
        /// The team; `None` for a measure of the whole area.
        team: Option<TeamId>,
        /// The threshold.
        threshold: f64,
        /// `true`: at most; `false`: at least.
        at_most: bool,
    },
}

/// Families open at the start.
#[derive(Clone, Debug)]
pub struct InitialCases {
    /// Where.
    pub area: AreaId,
    /// In which stage.
    pub stage: StageId,
    /// How many families.
    pub families: u32,
    /// How many more wait for a worker.
    pub waiting: u32,
}

/// A figure that was published about the real authority.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Measures whose sum stands for it.
    pub measures: Vec<String>,
    /// Measures by whose sum that is divided; empty where it is not.
    pub over: Vec<String>,
    /// Whose measures.
    pub of: PublishedOf,
    /// Whether families are to be counted as children.
    pub as_children: bool,
    /// The time to which it refers.
    pub per: Per,
    /// Reported weeks (from 0) to which it refers; empty when none of them is reported.
    pub weeks: std::ops::Range<usize>,
    /// The figure.
    pub value: f64,
    /// Lowest and highest value that its source allows.
    pub range: Option<(f64, f64)>,
    /// Where it was published.
    pub source: String,
    /// The year to which it refers.
    pub year: String,
}

/// Whose measure a published figure is held against; several are added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishedOf {
    /// The whole council's.
    Council,
    /// These desks'.
    Desks(Vec<DeskId>),
    /// These teams'.
    Teams(Vec<TeamId>),
}

/// The time to which a published figure refers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Events in a year of 365.25 days.
    Year,
    /// Events in a twelfth of a year.
    Month,
    /// Events in a week.
    Week,
    /// A level or a share.
    Level,
}

impl Per {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Per::Year => "year",
            Per::Month => "month",
            Per::Week => "week",
            Per::Level => "level",
        }
    }

    /// What a week's events, or a level, are multiplied by.
    pub fn weeks(self) -> f64 {
        match self {
            Per::Year => 365.25 / 7.0,
            Per::Month => 365.25 / 84.0,
            Per::Week | Per::Level => 1.0,
        }
    }
}

impl Published {
    /// Whether it is a share of a whole, and its gap one of percentage points.
    pub fn is_share(&self) -> bool {
        let quotient = !self.over.is_empty() || self.measures.iter().any(|name| name.contains("share"));
        quotient && self.value <= 1.0
    }
}

impl ChildrenPerFamily {
    /// Mean children in a family.
    pub fn mean(&self, draw: &Draw) -> f64 {
        match self {
            ChildrenPerFamily::Shares(shares) => {
                let total: f64 = shares.iter().map(|share| draw[*share]).sum();
                let children: f64 =
                    shares.iter().zip(1_u32..).map(|(share, n)| f64::from(n) * draw[*share]).sum();
                if total > 0.0 { children / total } else { 1.0 }
            }
            ChildrenPerFamily::NegativeBinomial { mean, .. } => draw[*mean],
        }
    }
}

/// A change at a date: to figures, to posts, at a cost.
#[derive(Clone, Debug)]
pub struct Intervention {
    /// Identifier, such as `holiday_programme`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Where it begins when, by date. An area is in one wave at most.
    pub waves: Vec<Wave>,
    /// First day on which it is over everywhere, offset from the run's first day; `i64::MAX` for never.
    pub to_day: i64,
    /// Weeks over which an effect goes linearly from nothing to all of it.
    pub ramp_weeks: f64,
    /// What changes.
    pub effects: Vec<Effect>,
    /// Posts of caseload teams that come or go. Posts at desks are among the desks' people.
    pub posts: Vec<PostChange>,
    /// What it costs beside posts.
    pub costs: Option<InterventionCosts>,
    /// What people get done less while they learn.
    pub dip: Option<Dip>,
}

/// Areas in which an intervention begins on the same day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wave {
    /// First day, offset from the run's first day.
    pub from_day: i64,
    /// The areas, sorted.
    pub areas: Vec<AreaId>,
}

/// A change of one figure.
#[derive(Clone, Copy, Debug)]
pub struct Effect {
    /// The figure.
    pub target: Quantity,
    /// What becomes of it.
    pub change: Change,
}

/// What becomes of a figure.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    /// It is multiplied by this.
    Multiply(Quantity),
    /// It becomes this.
    Replace(Quantity),
}

/// Posts that come to a unit, or go.
#[derive(Clone, Debug)]
pub struct PostChange {
    /// The unit.
    pub unit: UnitId,
    /// Full-time equivalents that come; negative ones go.
    pub fte: Quantity,
    /// Whether `fte` is to be taken the other way: of a move, the end where posts go.
    pub leaves: bool,
    /// Full-time equivalent of each post that comes.
    pub fte_each: f64,
    /// Whether the posts that come have to be recruited to from the first day, or are filled on it.
    pub recruited: bool,
    /// First day, offset from the run's first day.
    pub from_day: i64,
    /// First day on which all is as before; `i64::MAX` for never.
    pub to_day: i64,
}

/// What an intervention costs beside posts, in pounds, when it has begun in all its areas. Each area
/// bears its share, by number, from the day on which it joins.
#[derive(Clone, Copy, Debug)]
pub struct InterventionCosts {
    /// Once.
    pub one_off: Quantity,
    /// A year, while it lasts.
    pub per_year: Quantity,
}

/// Hours lost while staff learn.
#[derive(Clone, Debug)]
pub struct Dip {
    /// Share of hours lost.
    pub share: Quantity,
    /// For how many weeks from an area's first day.
    pub weeks: f64,
    /// Whether each team is affected.
    pub teams: Vec<bool>,
}

impl Intervention {
    /// How much of the intervention is felt in an area at a time (days from the run's first day).
    pub fn strength(&self, area: AreaId, time: f64) -> f64 {
        match self.begins(area) {
            Some(from) if time >= from && time < self.to_day as f64 => {
                if self.ramp_weeks > 0.0 {
                    ((time - from) / (7.0 * self.ramp_weeks)).min(1.0)
                } else {
                    1.0
                }
            }
            _ => 0.0,
        }
    }

    /// The day on which it begins in an area, if it does.
    pub fn begins(&self, area: AreaId) -> Option<f64> {
        let wave = self.waves.iter().find(|wave| wave.areas.contains(&area))?;
        Some(wave.from_day as f64)
    }
}

impl Change {
    /// A figure under the change, of which a share (`strength`) is felt.
    pub fn apply(self, value: f64, strength: f64, draw: &Draw) -> f64 {
        match self {
            Change::Multiply(factor) => value * (1.0 + (draw[factor] - 1.0) * strength),
            Change::Replace(new) => value + (draw[new] - value) * strength,
        }
    }
}

impl Scenario {
    /// Weeks simulated, warm-up included.
    pub fn total_weeks(&self) -> u32 {
        self.warm_up_weeks + self.horizon_weeks
    }

    /// The run's first day: the Monday `warm_up_weeks` before `start`.
    pub fn first_day(&self) -> Date {
        self.start.saturating_sub(jiff::Span::new().weeks(i64::from(self.warm_up_weeks)))
    }

    /// The assumptions register: every figure, but for the one that stands where none is needed.
    pub fn assumptions(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.path != NO_FIGURE)
    }

    /// The draw in which every parameter has its central value.
    pub fn central_draw(&self) -> Draw {
        Draw(self.parameters.iter().map(|parameter| parameter.value).collect())
    }
}

impl Holder {
    /// The team, where a team holds the family.
    pub fn team(&self) -> Option<TeamId> {
        match self {
            Holder::Team(team) => Some(*team),
            _ => None,
        }
    }
}

impl Moment {
    /// The stage concerned, if it is a moment of a stage.
    pub fn stage(self) -> Option<StageId> {
        match self {
            Moment::Enter(stage) | Moment::Start(stage) | Moment::Leave(stage) => Some(stage),
            Moment::Arrival | Moment::Decided => None,
        }
    }
}

impl Shock {
    /// How much of the shock is felt at a time (days from the run's first day): 0 none, 1 all.
    pub fn strength(&self, time: f64) -> f64 {
        let (from, to) = (self.from_day as f64, self.to_day as f64);
        if time < from {
            return 0.0;
        }
        let ramp = |elapsed: f64, days: f64| {
            if days > 0.0 { (elapsed / days).min(1.0) } else { 1.0 }
        };
        let reached = ramp(time.min(to) - from, self.ramp_in_days);
        if time < to { reached } else { reached * (1.0 - ramp(time - to, self.ramp_out_days)) }
    }
}
