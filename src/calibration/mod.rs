//! Calibration.
pub mod roles;
