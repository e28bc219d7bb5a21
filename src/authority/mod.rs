//! What is published about every English authority, and the scenario that follows from it.
pub mod areas;
pub mod find;
pub mod months;
pub mod tables;
