//! caseflow: how many early help workers and social workers each area needs.
// Modules in the order in which data flows through them: each uses only those above it
// (tests/integration/layers.rs holds them to it).
pub mod random;
pub mod calendar;
pub mod scenario;
pub mod observed;
pub mod extracts;
pub mod simulation;
pub mod calibration;
pub mod synthetic;
pub mod experiment;
pub mod summary;
pub mod analysis;
pub mod authority;
pub mod forecast;
pub mod sensitivity;
pub mod verification;
pub mod decisions;
pub mod monitoring;
pub mod report;
pub mod cli;
pub mod app;
