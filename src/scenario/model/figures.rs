//! Figures with their ranges and origins, and what one replication makes of them.

use std::ops::Index;

use serde::{Deserialize, Serialize};

/// Points at a figure in [`Scenario::parameters`](super::Scenario::parameters).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quantity(pub u32);

/// One value for every parameter: what one replication believes.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw(pub Vec<f64>);

impl Index<Quantity> for Draw {
    type Output = f64;
    #[inline]
    fn index(&self, quantity: Quantity) -> &f64 {
        &self.0[quantity.0 as usize]
    }
}

/// The path of the parameter that stands where the types want a figure and the scenario needs none.
pub(in crate::scenario) const NO_FIGURE: &str = "unused";

/// A figure and where it comes from: one row of the assumptions register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Dotted path in the scenario file, such as `stages.child_in_need.duration.mean`.
    pub path: String,
    /// Central value, in the units of the field.
    pub value: f64,
    /// Lower end of the range, when uncertain.
    pub low: Option<f64>,
    /// Upper end of the range, when uncertain.
    pub high: Option<f64>,
    /// How the range is to be read.
    pub shape: RangeShape,
    /// Whether measured, published or judged; `None` when the file does not say.
    pub basis: Option<Basis>,
    /// Where the figure comes from; empty when the file does not say.
    pub source: String,
}

/// How `low`, `value` and `high` describe an uncertain figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RangeShape {
    /// PERT: `low` and `high` are the ends, `value` the most likely (Beta with weight 4).
    #[default]
    Pert,
    /// Triangular: `low` and `high` are the ends, `value` the most likely.
    Triangular,
    /// Uniform between `low` and `high`.
    Uniform,
    /// Lognormal whose 5th and 95th percentiles are `low` and `high`; `value` is shown only.
    Lognormal,
}

/// What stands behind a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Counted by the council itself.
    Measured,
    /// Read in, or calculated from, published statistics.
    Published,
    /// Somebody's judgement; to be replaced by local data.
    Judgement,
}

impl Basis {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Measured => "measured",
            Basis::Published => "published",
            Basis::Judgement => "judgement",
        }
    }
}
