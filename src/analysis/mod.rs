//! The instant answer: expected demand, caseloads and hours, without simulating.
//!
//! Consumes a valid [`crate::scenario::Scenario`] and a draw of its parameters; produces expected
//! arrivals ([`demand`]), flows through the pathway ([`flow`]) and each team's offered load against
//! what it has ([`offered_load`], [`supply`]). It is derived apart from the simulation, from the definitions
//! alone, so that the two can be held against each other: a large disagreement means that one of
//! them is wrong, or that waiting changes the picture.
//!
//! **What it leaves out.** It is a long-run average for families who never wait: hazards while
//! waiting, time lost when hours are short, transfer delays and the swing of the seasons do not
//! enter; demand and routes are averaged over the horizon's days; returns are counted as if the
//! pathway had always run so. Only the central value of each figure is used.
//!
//! Invariant: no randomness, no clock, no files.

pub mod demand;
#[cfg(test)]
pub(crate) mod example;
pub mod flow;
pub mod offered_load;
pub mod published;
pub mod queueing;
pub mod stay;
pub mod supply;
