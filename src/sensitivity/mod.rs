//! What drives the answers, and what it would be worth to know.
//!
//! Consumes a scenario with its simulator, the instant analytic answer and a budget of simulated runs;
//! produces an [`Explanation`]: for every output and every figure that matters its share of the
//! variance ([`pick_freeze`]), what the output is at the figure's low and high end ([`tornado`]), how
//! much of the spread is luck rather than not knowing, and what knowing the figure would be worth to
//! the decision how many posts to fund ([`value`], [`decision`]).
//!
//! * [`outputs`] – what is explained; a new output is one more entry there.
//! * [`study`] – the passes over the simulator, and how the budget is shared among them.
//! * [`smoother`] – how an output goes with one figure.
//!
//! **Luck is an input of its own.** A run is a draw of the figures and a replication number, which is
//! its families and its staff's luck. Swapping the one or the other tells their shares of the variance
//! apart.
//!
//! Invariants: figures are drawn and replications numbered by key, so that results depend on
//! scenario, seed and budget alone, never on threads; every estimate carries its standard error.

pub mod decision;
pub mod outputs;
pub mod pick_freeze;
pub mod smoother;
pub mod study;
pub mod tornado;
pub mod value;

pub use study::{Explanation, Settings, StudyError, Watching, explain};
