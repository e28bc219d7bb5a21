//! Calibration.
pub mod durations;
pub mod figure;
pub mod law;
pub mod maximise;
pub mod pooling;
mod reviews;
pub mod roles;
pub mod shares;
pub mod stays;
pub mod survival;
