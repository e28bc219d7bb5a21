//! What an establishment does for families, place by place.
//!
//! Consumes outcomes of the same replications under two establishments; produces a [`Verdict`]: waiting, escalations,
//! promises kept in each area, how far areas are apart, money spent. What differs from the posts of now is taken
//! replication by replication.

use serde::{Deserialize, Serialize};

use crate::scenario::AreaId;
use crate::summary::Estimate;

use super::super::WEEKS_A_YEAR;
use super::super::staffing::{Aims, Load, Outcome, Seat, Standing};

/// The set of replications that judges: the search never sees it.
pub(super) const FRESH: u32 = 1;

/// How figures of the horizon become figures of a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weeks(pub usize);

impl Weeks {
    /// Years reported.
    pub fn years(self) -> f64 {
        self.0 as f64 / WEEKS_A_YEAR
    }

    /// An average number of families waiting, as family-weeks waited in a year.
    pub fn a_year(self, waiting: f64) -> f64 {
        waiting * WEEKS_A_YEAR
    }
}

/// What is looked at: the places, and which standards stand for each area.
pub struct Bench<'a> {
    /// Places whose posts are shared out.
    pub seats: &'a [Seat],
    /// What is asked.
    pub aims: &'a Aims<'a>,
    /// For each area, the standards judged that depend on the posts shared out and that posts can meet.
    pub standards: Vec<Vec<usize>>,
    /// Reported weeks.
    pub weeks: Weeks,
    /// Which payments nobody makes.
    pub unfunded: Vec<bool>,
}

/// What an establishment does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Family-weeks a year waited for a worker, all teams.
    pub waited: Estimate,
    /// The same less that with the posts of now, replication by replication.
    pub waited_more: Estimate,
    /// Replications in which less is waited than with the posts of now.
    pub waits_less: Standing,
    /// Families a year that go further up the pathway while they wait.
    pub escalations: Estimate,
    /// The same less that with the posts of now.
    pub escalations_more: Estimate,
    /// Area by area; none for areas without a standard that depends on the posts.
    pub areas: Vec<AreaVerdict>,
    /// Longest less shortest mean wait of areas, days.
    pub wait_spread: Estimate,
    /// Highest less lowest chance of areas to meet their standards.
    pub kept_spread: f64,
    /// Pounds a year spent in all, as simulated.
    pub spent: Estimate,
    /// Pounds a year that no pot pays by the pots' usual order, as simulated.
    pub unfunded: Estimate,
}

/// What an establishment does in an area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AreaVerdict {
    /// The area.
    pub area: AreaId,
    /// Replications in which all its standards hold; `None` where none depends on the posts.
    pub kept: Option<Standing>,
    /// Family-weeks a year waited for a worker, all teams.
    pub waited: Estimate,
    /// Mean wait for the teams whose posts are shared out, days.
    pub wait_days: Estimate,
    /// Families a year that go further up the pathway while they wait.
    pub escalations: Estimate,
}

/// Whether all of these standards hold in a replication.
pub fn kept_by(aims: &Aims, standards: &[usize], outcome: &Outcome) -> bool {
    standards.iter().all(|&judged| aims.is_kept(judged, outcome))
}

impl<'a> Bench<'a> {
    /// Of a scenario's areas.
    pub fn new(seats: &'a [Seat], aims: &'a Aims<'a>, weeks: usize, unfunded: Vec<bool>) -> Self {
        let depends = |judged: &usize| {
            !aims.hopeless[*judged] && seats.iter().any(|seat| seat.standards.contains(judged))
        };
        let of_area = |area: AreaId| {
            let there = |judged: &usize| aims.judged[*judged].area.is_none_or(|judged| judged == area);
            (0..aims.judged.len()).filter(depends).filter(there).collect()
        };
        let standards = (0..aims.scenario.areas.len()).map(of_area).collect();
        Self { seats, aims, standards, weeks: Weeks(weeks), unfunded }
    }

    /// Areas of a scenario.
    fn areas(&self) -> std::ops::Range<usize> {
        0..self.standards.len()
    }

    /// Family-weeks a year waited in the whole council.
    pub fn waited(&self, outcome: &Outcome) -> f64 {
        self.weeks.a_year(self.of_council(outcome).waiting)
    }

    /// Families a year, in the whole council, that go further up the pathway while they wait.
    pub fn escalated(&self, outcome: &Outcome) -> f64 {
        self.of_council(outcome).escalations / self.weeks.years()
    }

    /// The whole council's load, which follows those of places and areas.
    fn of_council<'o>(&self, outcome: &'o Outcome) -> &'o Load {
        &outcome.loads[self.seats.len() + self.standards.len()]
    }

    /// An area's load, which follows those of places.
    fn of_area<'o>(&self, area: AreaId, outcome: &'o Outcome) -> &'o Load {
        &outcome.loads[self.seats.len() + area]
    }

    /// How often all standards of these areas hold; `None` where they have none that depend on the posts.
    pub fn kept(&self, areas: &[AreaId], outcomes: &[Outcome]) -> Option<Standing> {
        let holds =
            |outcome: &&Outcome| areas.iter().all(|&area| kept_by(self.aims, &self.standards[area], outcome));
        let any = areas.iter().any(|&area| !self.standards[area].is_empty());
        any.then(|| Standing { met: outcomes.iter().filter(holds).count() as u32, of: outcomes.len() as u32 })
    }

    /// The area whose standards hold least often; the first of several. `None` where no area has any.
    pub fn worst(&self, outcomes: &[Outcome]) -> Option<(AreaId, Standing)> {
        let areas = self.areas().filter_map(|area| Some((area, self.kept(&[area], outcomes)?)));
        areas.min_by_key(|(_, kept)| kept.met)
    }

    /// Mean wait of an area for the teams whose posts are shared out, days; `NaN` where nobody was taken on.
    fn wait_days(&self, area: AreaId, outcome: &Outcome) -> f64 {
        let own = (0..self.seats.len()).filter(|&seat| self.seats[seat].areas.contains(&area));
        let waits = own.map(|seat| outcome.loads[seat].wait_days).filter(|days| !days.is_nan());
        let (sum, count) = waits.fold((0.0, 0.0), |(sum, count), days| (sum + days, count + 1.0));
        sum / count
    }

    fn wait_spread(&self, outcome: &Outcome) -> f64 {
        let waits = self.areas().map(|area| self.wait_days(area, outcome)).filter(|days| !days.is_nan());
        let (low, high) = waits
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), days| (low.min(days), high.max(days)));
        if high >= low { high - low } else { f64::NAN }
    }

    /// The verdict on an establishment, held against the posts of now on the same replications.
    pub fn verdict(&self, outcomes: &[Outcome], now: &[Outcome]) -> Verdict {
        let years = self.weeks.years();
        let each = |of: &dyn Fn(&Outcome) -> f64| outcomes.iter().map(of).collect::<Vec<f64>>();
        let more = |of: &dyn Fn(&Outcome) -> f64| {
            Estimate::of(&outcomes.iter().zip(now).map(|(one, now)| of(one) - of(now)).collect::<Vec<f64>>())
        };
        let waited = |outcome: &Outcome| self.waited(outcome);
        let escalated = |outcome: &Outcome| self.escalated(outcome);
        let less = outcomes.iter().zip(now).filter(|(one, now)| waited(one) < waited(now)).count();
        let paid = |outcome: &Outcome, nobody: bool| {
            let lines = outcome.paid.iter().zip(&self.unfunded).filter(|(_, unfunded)| !nobody || **unfunded);
            lines.map(|(pence, _)| *pence).sum::<i64>() as f64 / 100.0 / years
        };
        let areas: Vec<AreaVerdict> = self.areas().map(|area| self.area(area, outcomes)).collect();
        let kept = areas.iter().filter_map(|area| area.kept).map(Standing::share);
        let (low, high) = kept
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), share| (low.min(share), high.max(share)));
        Verdict {
            waited: Estimate::of(&each(&waited)),
            waited_more: more(&waited),
            waits_less: Standing { met: less as u32, of: outcomes.len() as u32 },
            escalations: Estimate::of(&each(&escalated)),
            escalations_more: more(&escalated),
            wait_spread: Estimate::of(&each(&|outcome| self.wait_spread(outcome))),
            kept_spread: if high >= low { high - low } else { f64::NAN },
            spent: Estimate::of(&each(&|outcome| paid(outcome, false))),
            unfunded: Estimate::of(&each(&|outcome| paid(outcome, true))),
            areas,
        }
    }

    fn area(&self, area: AreaId, outcomes: &[Outcome]) -> AreaVerdict {
        let each =
            |of: &dyn Fn(&Outcome) -> f64| Estimate::of(&outcomes.iter().map(of).collect::<Vec<f64>>());
        AreaVerdict {
            area,
            kept: self.kept(&[area], outcomes),
            waited: each(&|outcome| self.weeks.a_year(self.of_area(area, outcome).waiting)),
            wait_days: each(&|outcome| self.wait_days(area, outcome)),
            escalations: each(&|outcome| self.of_area(area, outcome).escalations / self.weeks.years()),
        }
    }
}

impl Verdict {
    /// The area whose standards hold least often; the first of several.
    pub fn worst(&self) -> Option<(AreaId, Standing)> {
        self.areas.iter().filter_map(|area| Some((area.area, area.kept?))).min_by_key(|(_, kept)| kept.met)
    }
}

/// Differences between two establishments, replication by replication.
pub(super) fn paired(one: &[Outcome], other: &[Outcome], of: impl Fn(&Outcome) -> f64) -> Estimate {
    Estimate::of(&one.iter().zip(other).map(|(one, other)| of(one) - of(other)).collect::<Vec<f64>>())
}
