//! Exact results of queueing and probability theory, worked out apart from the engine.
//!
//! Consumes plain numbers (rates a day, days, shares) and produces the values that a simulation
//! must agree with. Nothing here reads a scenario or shares code with the simulation, so that a
//! mistake in one cannot hide in the other. Each function names its source.

pub mod chain;
pub mod desk;
pub mod infinite;
pub mod law;
pub mod noise;
pub mod people;
pub mod queue;
pub mod schools;
