//! Changes at dates: to figures, to posts, at a cost.

use super::{AreaId, Draw, Quantity, UnitId};

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

impl Change {
    /// A figure under the change, of which a share (`strength`) is felt.
    pub fn apply(self, value: f64, strength: f64, draw: &Draw) -> f64 {
        match self {
            Change::Multiply(factor) => value * (1.0 + (draw[factor] - 1.0) * strength),
            Change::Replace(new) => value + (draw[new] - value) * strength,
        }
    }
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
