//! The engine held to exact mathematics and to the properties that its users rely on.
//!
//! Fixed seed; every tolerance comes from standard errors of independent replications. Each case is
//! also proved able to fail: held against the exact values for a rate 5% lower, or run with one
//! figure of its scenario changed, it must not pass.

mod analytic;
mod any_scenario;
mod by_hand;
mod comparison;
mod exact_cases;
mod funding;
mod interventions;
mod luck;
mod monitoring;
mod properties;
mod recovery;
mod staffing;
