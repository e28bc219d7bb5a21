//! caseflow: how many early help workers and social workers each area needs.
// Modules in the order in which data flows through them.
pub mod analysis;
pub mod app;
pub mod calendar;
pub mod cli;
pub mod experiment;
pub mod random;
pub mod report;
pub mod scenario;
pub mod simulation;
pub mod summary;
pub mod verification;
