//! What a person or a spreadsheet reads.
//!
//! Purpose: turns a finished run into files (`weekly.csv`, `standards.csv`, `costs.csv`, `assumptions.csv`,
//! `reconciliation.csv`,
//! `replications.parquet`, `run.json`, fan charts) and into the summary on the terminal.
//! Consumes: the valid scenario, the shape of its records and the plain figures of [`model`].
//! Produces: text, pictures and bytes; [`directory`] alone touches the disk.
//!
//! **Invariants.** The same figures always give the same bytes: no clock, no system font, no
//! order that depends on hashing. Nothing here simulates or estimates.

pub mod backtest;
pub mod comparison;
pub mod csv;
pub mod directory;
pub mod evidence;
pub mod explanation;
pub mod findings;
pub mod html;
pub mod model;
pub mod monitoring;
pub mod number;
pub mod parquet;
pub mod pictures;
pub mod plots;
pub mod publish;
pub mod read;
pub mod reading;
pub mod reconciliation;
pub mod results;
pub mod funding;
pub mod staffing;
pub mod suppress;
pub mod terminal;
pub mod workbook;

#[cfg(test)]
mod example;
