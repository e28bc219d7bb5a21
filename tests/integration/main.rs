//! The program and its library from outside.

mod cli;
mod layers;
