//! caseflow: how many early help workers and social workers each area needs.

// Modules in the order in which data flows through them: each uses only those above it. The blank
// lines keep rustfmt from sorting them.

pub mod random;

pub mod calendar;

pub mod scenario;

pub mod analysis;

pub mod simulation;

pub mod experiment;

pub mod summary;

pub mod report;

pub mod verification;

pub mod cli;

pub mod app;
