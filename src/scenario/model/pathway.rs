//! The pathway: stages, who holds families in them, how long, and where families go from there.

use serde::{Deserialize, Serialize};

use super::{AreaId, DeskId, EndId, Quantity, SourceId, StageId, TeamId};

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

impl Holder {
    /// The team, where a team holds the family.
    pub fn team(&self) -> Option<TeamId> {
        match self {
            Holder::Team(team) => Some(*team),
            _ => None,
        }
    }
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
