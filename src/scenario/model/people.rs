//! Desks, caseload teams and their people.

use super::{AreaId, DeskId, Duration, Quantity, TeamId, UnitId};

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
