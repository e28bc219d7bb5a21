//! Answers to questions of how many and how much, found by simulating possible decisions.
//!
//! Consumes a valid scenario and the engine; produces recommendations as plain data, for reports to
//! show. No file, clock or printing is used here: what has been worked out is handed to a keeper of the
//! caller's, who may hand it back in a later run.
//!
//! * [`comparison`] – how options differ from a base;
//! * [`funding`] – who gets money for posts, by rules and at best;
//! * [`staffing`] – how many posts each unit needs.

pub mod comparison;
pub mod funding;
pub mod staffing;

/// Weeks of a year, as everywhere in this project: 365.25 days.
const WEEKS_A_YEAR: f64 = 365.25 / 7.0;
