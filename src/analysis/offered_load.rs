//! offered_load
