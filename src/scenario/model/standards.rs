//! What results are held against: time limits, promises, published figures.

use serde::{Deserialize, Serialize};

use super::{AreaId, ClockId, DeskId, Quantity, StageId, TeamId};

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

impl Moment {
    /// The stage concerned, if it is a moment of a stage.
    pub fn stage(self) -> Option<StageId> {
        match self {
            Moment::Enter(stage) | Moment::Start(stage) | Moment::Leave(stage) => Some(stage),
            Moment::Arrival | Moment::Decided => None,
        }
    }
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

impl Published {
    /// Whether it is a share of a whole, and its gap one of percentage points.
    pub fn is_share(&self) -> bool {
        let quotient = !self.over.is_empty() || self.measures.iter().any(|name| name.contains("share"));
        quotient && self.value <= 1.0
    }
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
