//! Integration tests: the library and the program as their users meet them.

mod adversity;
mod authority;
mod cli;
mod compare;
mod docs;
mod explain;
mod fund;
mod layers;
mod money;
mod monitor;
mod place;
mod report;
mod scenario_faults;
mod staff;
