//! Integration tests: the library and the program as their users meet them.

mod cli;
mod layers;
mod scenario_faults;
