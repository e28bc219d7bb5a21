//! Monthly forecasts of referrals, and how good they were.
//!
//! Consumes monthly series and the calendar; produces, for any month up to which it may look, a predictive
//! distribution of each of the next twelve months, and the scores of such forecasts against what then happened.
//!
//! The model of a month is the one that scenarios simulate, in its monthly form: a level that moves about a
//! long-run mean (years), departures of single months, families of siblings, the working days of the month,
//! the national shape of the year with its August trough, and schools that refer less while they are closed.
//! Invariants: a forecast uses nothing after its origin ([`rolling`] holds that by construction and a test
//! by changing the future); the same series, seed and draws give the same numbers for any number of threads.

pub mod baseline;
pub mod level;
pub mod rolling;
pub mod score;
pub mod shape;
