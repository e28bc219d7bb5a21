//! Integration tests: the library and the program as their users meet them.
mod scenario_faults;
