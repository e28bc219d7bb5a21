//! The outputs that are explained.
//!
//! Consumes a scenario and the shape of its records; produces the list of [`Output`]s and their values
//! for one draw (those of the instant answer) or one replication (those simulated). To add one, add a
//! [`Measure`], list it in [`Outputs::new`] and say in [`Outputs::of_record`] or
//! [`Outputs::of_analysis`] how it is read.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::decision::Seat;
use crate::analysis::offered_load::Analysis;
use crate::scenario::{Draw, Scenario, TeamId, UnitId, WAITING_FAMILIES};
use crate::simulation::{Holding, Judged, Layout, ReplicationRecord};
use crate::summary::is_met;

/// What an output is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Measure {
    /// FTE that the instant answer suggests for a unit.
    PostsNeeded(UnitId),
    /// The same, summed over a team's units.
    TeamPostsNeeded(TeamId),
    /// Families waiting for a worker, averaged over the horizon: index of the series.
    Waiting(usize),
    /// Share of families or weeks that met a standard; nothing to judge counts as met.
    Share(usize, Judged),
    /// 1 when the replication met the standard, else 0: its mean is the reliability.
    Met(usize, Judged),
    /// Pounds a year, posts and waiting, with today's posts.
    Loss,
}

/// One explained output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// Name in files, such as `posts_needed/early_help/north`.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Unit of its values.
    pub unit: Cow<'static, str>,
    /// What it is.
    pub measure: Measure,
}

/// All outputs: those of the instant answer first, then those simulated.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outputs {
    /// The list.
    pub list: Vec<Output>,
    /// How many of them, at the front, are instant.
    pub instant: usize,
    seats: Vec<Seat>,
}

impl Outputs {
    /// What can be explained in a scenario whose records have this shape.
    pub fn new(scenario: &Scenario, layout: &Layout, seats: &[Seat]) -> Self {
        let mut list = Vec::new();
        push_posts(&mut list, scenario);
        let instant = list.len();
        push_waiting(&mut list, scenario, layout);
        push_standards(&mut list, scenario, layout);
        if !seats.is_empty() {
            list.push(Output {
                id: "loss/all".into(),
                name: "Cost of posts and waiting".into(),
                unit: "pounds a year".into(),
                measure: Measure::Loss,
            });
        }
        Self { list, instant, seats: seats.to_vec() }
    }

    /// Values of the instant outputs.
    pub fn of_analysis(&self, scenario: &Scenario, analysis: &Analysis) -> Vec<f64> {
        let posts = |unit: UnitId| analysis.teams[unit].suggested_fte;
        let value = |output: &Output| match output.measure {
            Measure::PostsNeeded(unit) => posts(unit),
            Measure::TeamPostsNeeded(team) => units_of(scenario, team).map(posts).sum(),
            _ => f64::NAN,
        };
        self.list[..self.instant].iter().map(value).collect()
    }

    /// Values of the simulated outputs.
    pub fn of_record(&self, scenario: &Scenario, draw: &Draw, record: &ReplicationRecord) -> Vec<f64> {
        let value = |output: &Output| match output.measure {
            Measure::Waiting(series) => record.horizon[series],
            Measure::Share(at, _) => Some(record.achieved[at]).filter(|share| !share.is_nan()).unwrap_or(1.0),
            Measure::Met(at, judged) => {
                let required = scenario.standards[judged.standard].required_share;
                f64::from(u8::from(is_met(record.achieved[at], required)))
            }
            Measure::Loss => self.seats.iter().map(|seat| seat.loss(scenario, draw, record, 1.0)).sum(),
            Measure::PostsNeeded(_) | Measure::TeamPostsNeeded(_) => f64::NAN,
        };
        self.list[self.instant..].iter().map(value).collect()
    }
}

/// Units of a team that hold areas of their own; floating staff have no need of their own.
fn units_of(scenario: &Scenario, team: TeamId) -> impl Iterator<Item = UnitId> + '_ {
    let of_team = move |unit: &UnitId| {
        let unit = &scenario.units[*unit];
        unit.team == team && unit.helps.is_empty()
    };
    (0..scenario.units.len()).filter(of_team)
}

fn push_posts(list: &mut Vec<Output>, scenario: &Scenario) {
    for (id, team) in scenario.teams.iter().enumerate() {
        let units: Vec<UnitId> = units_of(scenario, id).collect();
        for &unit in &units {
            let place = unit_name(scenario, unit);
            list.push(Output {
                id: format!("posts_needed/{}/{}", team.id, scenario.units[unit].id),
                name: format!("Posts needed, {place} (analytic)"),
                unit: "full-time equivalents".into(),
                measure: Measure::PostsNeeded(unit),
            });
        }
        if units.len() > 1 {
            list.push(Output {
                id: format!("posts_needed/{}/all", team.id),
                name: format!("Posts needed, {}, all areas (analytic)", team.name),
                unit: "full-time equivalents".into(),
                measure: Measure::TeamPostsNeeded(id),
            });
        }
    }
}

/// A unit for readers: its team, and its area where it has one of its own.
pub fn unit_name(scenario: &Scenario, unit: UnitId) -> String {
    let (unit, team) = (&scenario.units[unit], &scenario.teams[scenario.units[unit].team]);
    match scenario.areas.iter().find(|area| area.id == unit.id) {
        Some(area) => format!("{}, {}", team.name, area.name),
        None if unit.id == team.id => team.name.clone(),
        None => format!("{}, {}", team.name, unit.id),
    }
}

fn push_waiting(list: &mut Vec<Output>, scenario: &Scenario, layout: &Layout) {
    for (index, series) in layout.series.iter().enumerate() {
        if series.holding == Holding::Area && series.measure == WAITING_FAMILIES {
            let (id, name) = place(scenario, series.area);
            list.push(Output {
                id: format!("waiting_families/{id}"),
                name: format!("Families waiting, {name}"),
                unit: "families".into(),
                measure: Measure::Waiting(index),
            });
        }
    }
}

fn push_standards(list: &mut Vec<Output>, scenario: &Scenario, layout: &Layout) {
    for (at, &judged) in layout.judged.iter().enumerate() {
        let standard = &scenario.standards[judged.standard];
        let (id, name) = place(scenario, judged.area);
        list.push(Output {
            id: format!("share/{}/{id}", standard.id),
            name: format!("{}, {name}, share met", standard.name),
            unit: "share".into(),
            measure: Measure::Share(at, judged),
        });
        list.push(Output {
            id: format!("reliability/{}/{id}", standard.id),
            name: format!("{}, {name}, chance of keeping it", standard.name),
            unit: "share of runs".into(),
            measure: Measure::Met(at, judged),
        });
    }
}

/// An area's identifier and name; the whole council's for none.
fn place(scenario: &Scenario, area: Option<usize>) -> (&str, &str) {
    area.map_or(("all", "whole council"), |area| (&scenario.areas[area].id, &scenario.areas[area].name))
}
