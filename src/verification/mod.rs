//! verification
pub mod exact;
