//! By what scenarios are judged, and where that is read in a record.
//!
//! Consumes the base's `[compare]` table, or its absence; produces a [`Judged`] for each criterion and, for
//! each scenario, a [`Reading`] of it. Names are looked up by identifier, since scenarios number their
//! areas, teams and measures each in its own way.

use serde::{Deserialize, Serialize};

use crate::scenario::{Better, Criterion, FAMILY_WEEKS_WAITING, STANDARDS_MET, Scenario, WAITING_FAMILIES};
use crate::simulation::{Holding, Kind, Layout, ReplicationRecord};
use crate::summary::is_met;

/// The name under which criteria with weights are taken together.
pub const OVERALL: &str = "overall";

/// A criterion in use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// What it is.
    pub criterion: Criterion,
    /// How the weeks of it combine; `None` where it has no weeks.
    pub kind: Option<Kind>,
}

/// Where a criterion is read in a scenario's records.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// The sum of these series; their kind is a total or an average, or there is but one.
    Series(Vec<usize>),
    /// Weeks times the average of this series.
    FamilyWeeks(usize),
    /// The share of these judged standards that are met.
    Met(Vec<usize>),
}

impl Reading {
    /// Finds a criterion in a scenario.
    ///
    /// # Errors
    /// Words for what is missing.
    pub fn of(criterion: &Criterion, scenario: &Scenario, layout: &Layout) -> Result<Self, String> {
        let absent = |why: &str| format!("`{}` {why}", criterion.id());
        let area = match &criterion.area {
            None => None,
            Some(id) => match scenario.areas.iter().position(|area| area.id == *id) {
                None => return Err(absent("names an area that is not there")),
                found => found,
            },
        };
        if criterion.measure == STANDARDS_MET {
            let of_area = |&judged: &usize| area.is_none() || layout.judged[judged].area == area;
            let judged: Vec<usize> = (0..layout.judged.len()).filter(of_area).collect();
            return match judged.is_empty() {
                true => Err(absent("has no standard to judge")),
                false => Ok(Self::Met(judged)),
            };
        }
        let waiting = criterion.measure == FAMILY_WEEKS_WAITING;
        let measure = if waiting { WAITING_FAMILIES } else { &criterion.measure };
        let matches = |holding: Holding| match (&criterion.holder, holding) {
            (None, holding) => holding == Holding::Area,
            (Some(id), Holding::Desk(desk)) => scenario.desks[desk].id == *id,
            (Some(id), Holding::Team(team)) => scenario.teams[team].id == *id,
            (Some(_), Holding::Area) => false,
        };
        let of_area = |at: &usize| layout.series[*at].area == area && layout.series[*at].measure == measure;
        let all: Vec<usize> = (0..layout.series.len()).filter(of_area).collect();
        if let Some(&series) = all.iter().find(|&&at| matches(layout.series[at].holding)) {
            return Ok(if waiting { Self::FamilyWeeks(series) } else { Self::Series(vec![series]) });
        }
        let of_teams: Vec<usize> =
            all.into_iter().filter(|&at| matches!(layout.series[at].holding, Holding::Team(_))).collect();
        let adds = |&at: &usize| matches!(layout.series[at].kind, Kind::Total | Kind::Average);
        if criterion.holder.is_some() || of_teams.is_empty() {
            Err(absent("is not measured there"))
        } else if of_teams.iter().all(adds) {
            Ok(Self::Series(of_teams))
        } else {
            Err(absent("does not add up over teams: name one with `team`"))
        }
    }

    /// How its weeks combine.
    pub fn kind(&self, layout: &Layout) -> Option<Kind> {
        match self {
            Self::Series(series) => Some(layout.series[series[0]].kind),
            // Each week's average is that week's family-weeks, and these add up.
            Self::FamilyWeeks(_) => Some(Kind::Total),
            Self::Met(_) => None,
        }
    }

    /// The single series that this is, if it is one as it stands.
    pub fn plain(&self) -> Option<usize> {
        match self {
            Self::Series(series) => (series.len() == 1).then(|| series[0]),
            _ => None,
        }
    }

    /// The figure over the horizon; `NaN` where there is none.
    pub fn figure(&self, record: &ReplicationRecord, scenario: &Scenario, layout: &Layout) -> f64 {
        match self {
            Self::Series(series) => series.iter().map(|&at| record.horizon[at]).sum(),
            Self::FamilyWeeks(series) => record.horizon[*series] * layout.weeks as f64,
            Self::Met(judged) => {
                let met = judged.iter().filter(|&&at| {
                    let standard = layout.judged[at].standard;
                    is_met(record.achieved[at], scenario.standards[standard].required_share)
                });
                met.count() as f64 / judged.len() as f64
            }
        }
    }

    /// The figure of a week; `NaN` where there is none.
    pub fn week(&self, record: &ReplicationRecord, week: usize) -> f64 {
        match self {
            Self::Series(series) => series.iter().map(|&at| f64::from(record.weekly[[at, week]])).sum(),
            Self::FamilyWeeks(series) => f64::from(record.weekly[[*series, week]]),
            Self::Met(_) => f64::NAN,
        }
    }
}

/// The criteria of a base that names none: those of these that it has.
pub(super) fn usual() -> [Criterion; 4] {
    [FAMILY_WEEKS_WAITING, "escalations", STANDARDS_MET, "cost"].map(Criterion::of_council)
}

/// What is usually better of a measure that is not a criterion; `None` where it depends.
pub(super) fn known_direction(measure: &str) -> Option<Better> {
    const LOWER: [&str; 13] = [
        "contact_wait_p90_working_days",
        "cost",
        "escalations",
        "hidden_need_families",
        "hours_short",
        "leavers",
        "longest_wait_days",
        "losses",
        "share_workers_over_limit",
        "wait_mean_days",
        "wait_p90_days",
        "waited_share",
        WAITING_FAMILIES,
    ];
    if measure.starts_with("on_time_share_") {
        Some(Better::Higher)
    } else {
        LOWER.contains(&measure).then_some(Better::Lower)
    }
}
