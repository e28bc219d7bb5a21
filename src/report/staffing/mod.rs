//! The staffing answer for readers: files, and the table on the terminal.
//!
//! Consumes an [`Answer`] and the scenario behind it; produces `staffing.csv`, `staffing_curve.csv`,
//! `staffing_standards.csv`, `staffing_costs.csv`, `pooling.csv`, and a [`StaffingOverview`], which is the same for people and, serialised, for
//! programs. **Invariants:** no number of posts stands without its range and the chance it gives;
//! figures that nobody measured are left empty.

mod csv;
mod files;
mod overview;
mod text;

pub use csv::{COSTS, CURVE, POOLING, STAFFING, STANDARDS, costs, curve, pooling, staffing, standards};
pub use files::{groups, stage_tables};
pub use overview::{
    BillOverview, Chance, ObstacleOverview, PoolOverview, SeatOverview, StaffingOverview, StepOverview,
    staffing_overview,
};

use super::model::{RunFacts, WHOLE_COUNCIL, area_id, area_name, funder_id};
use crate::decisions::staffing::{Answer, Payer, Place, Seat};
use crate::scenario::Scenario;

/// What a staffing answer's report is made from.
#[derive(Clone, Copy, Debug)]
pub struct StaffingReport<'a> {
    /// What was asked about.
    pub scenario: &'a Scenario,
    /// What was found.
    pub answer: &'a Answer,
    /// What was run.
    pub run: &'a RunFacts,
}

/// The identifier of whom a seat serves: an area's, `all`, or the shared unit's own.
pub(super) fn served_id<'a>(scenario: &'a Scenario, seat: &'a Seat) -> &'a str {
    match seat.area() {
        Some(area) => area_id(scenario, Some(area)),
        None if seat.areas.len() == scenario.areas.len() => WHOLE_COUNCIL,
        None => match seat.place {
            Place::Unit(unit) => &scenario.units[unit].id,
            Place::Desk(desk) => &scenario.desk_units[desk].id,
        },
    }
}

/// The name of whom a seat serves, for readers.
pub(super) fn served_name(scenario: &Scenario, seat: &Seat) -> String {
    match seat.area() {
        Some(area) => area_name(scenario, Some(area)).to_owned(),
        None if seat.areas.len() == scenario.areas.len() => area_name(scenario, None).to_owned(),
        None => {
            let names: Vec<&str> = seat.areas.iter().map(|&area| area_name(scenario, Some(area))).collect();
            names.join(", ")
        }
    }
}

/// The identifier of who pays: a funder's, `unfunded`, or `all`.
fn payer_id(scenario: &Scenario, payer: Payer) -> &str {
    match payer {
        Payer::Funder(funder) => funder_id(scenario, Some(funder)),
        Payer::Nobody => funder_id(scenario, None),
        Payer::Everyone => WHOLE_COUNCIL,
    }
}
