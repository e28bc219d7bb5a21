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

mod demand;
mod figures;
mod interventions;
mod pathway;
mod people;
mod settings;
mod standards;

pub use demand::*;
pub use figures::*;
pub use interventions::*;
pub use pathway::*;
pub use people::*;
pub use settings::*;
pub use standards::*;

use jiff::civil::Date;

use super::charges::Money;
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
    /// By what `caseflow compare` judges.
    pub compare: CompareRules,
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
    /// What `caseflow fund` shares out, and how.
    pub funding: FundingRules,
    /// Families open at the start; empty when a warm-up makes the starting state.
    pub initial: Vec<InitialCases>,
    /// Published figures that results are held against, sorted by id. Nothing simulated reads them.
    pub published: Vec<Published>,
    /// Changes at dates, sorted by id.
    pub interventions: Vec<Intervention>,
    /// Factual remarks found while reading that are not faults (for `check` to print).
    pub notes: Vec<String>,
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
