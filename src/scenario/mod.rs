//! From a scenario file to a valid, immutable [`Scenario`].
mod model;
pub use model::*;
