//! Extracts that councils already produce, read into plain records.
pub mod records;
