//! What a study found, in plain figures.

use serde::{Deserialize, Serialize};

use super::Shares;
use crate::sensitivity::decision::Seat;
use crate::sensitivity::outputs::Outputs;
use crate::sensitivity::pick_freeze::Indices;
use crate::sensitivity::tornado::Bar;
use crate::sensitivity::value::Value;
use crate::summary::Estimate;

/// What a row of indices is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// One figure: index into the scenario's parameters.
    Figure(usize),
    /// All uncertain figures that were not picked.
    Others,
    /// The replication's own families and staff.
    Luck,
    /// All figures together.
    AllFigures,
}

/// What a figure is worth knowing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worth {
    /// Index into the scenario's parameters.
    pub parameter: usize,
    /// For all decisions together, pounds a year.
    pub all: Value,
    /// For each seat's.
    pub seats: Vec<Value>,
}

/// A seat's options and their losses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    /// The seat.
    pub seat: Seat,
    /// Mean loss of each option, pounds a year.
    pub loss: Vec<f64>,
    /// The best option.
    pub best: usize,
    /// Value of knowing everything, luck included, pounds a year.
    pub perfect: Value,
}

/// Everything that a study found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Explanation {
    /// What was explained.
    pub outputs: Outputs,
    /// Each output over the pool's runs at today's posts.
    pub spread: Vec<Estimate>,
    /// Figures looked at, most important first: indices into the scenario's parameters.
    pub figures: Vec<usize>,
    /// Uncertain figures taken together, with the largest first-order share any output gave them.
    pub others: Vec<(usize, f64)>,
    /// Rows of `indices`.
    pub inputs: Vec<Input>,
    /// Input × output.
    pub indices: Vec<Vec<Indices>>,
    /// Bars of every figure and output.
    pub bars: Vec<Bar>,
    /// The decisions weighed.
    pub decided: Vec<Decided>,
    /// What each figure looked at is worth knowing, in the order of `figures`.
    pub worth: Vec<Worth>,
    /// How the budget was shared.
    pub shares: Shares,
    /// Rows of the instant outputs' design.
    pub instant_rows: u32,
}
