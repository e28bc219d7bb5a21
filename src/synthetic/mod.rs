//! Extracts as a council would make them, from a simulated year whose truth is known.
//!
//! Purpose: to try calibration, and the readers before it, on data whose answer is known, and to show a council what
//! its files have to look like. Consumes the [`Chronicle`](crate::simulation::Chronicle) of one replication;
//! produces [`records`] (what a reader would make of the files) and the files themselves ([`csv`]).
//!
//! **Invariants.** Children, workers and dates of birth are invented and belong to nobody. Dates are whole days. A
//! spell is in a list if it was open on any day of the window, an event if it fell on one; what ended after the
//! window is open.

pub mod csv;
pub mod records;

pub use records::{Span, SyntheticExtracts, extracts};
