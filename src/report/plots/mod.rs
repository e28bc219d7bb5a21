//! Pictures.
//!
//! Consumes a [`Report`](super::model::Report); produces, for each area and the whole council, a weekly fan chart: three
//! panels under one time axis, as SVG and, from that, as PNG; areas side by side and by week, and who pays. **Invariants:** the same figures give
//! the same bytes; colours differ in lightness, so that a picture reads the same in grey and to
//! colour-blind eyes; a panel whose measure is missing is left out.

mod areas;
mod axis;
mod calibration;
mod canvas;
mod difference;
mod fan;
pub mod fits;
mod frontier;
mod funders;
mod heading;
mod heat_map;
mod look;
mod pathway;
mod splits;
mod staffing;
mod tornado;
mod waterfall;

use serde::Serialize;

pub use areas::{Column, areas, columns, order};
pub(crate) use axis::in_words;
pub use calibration::{CalibrationShown, calibration};
pub use canvas::{DrawError, png};
pub use difference::{CourseShown, course};
pub use fan::{PANELS, area_fan, fan_panels};
pub use frontier::frontier;
pub use funders::{funders, payments};
pub use heat_map::{HEAT_MEASURE, heat_map};
pub use pathway::{Way, pathway, ways};
pub use splits::splits;
pub use staffing::staffing_curves;
pub use tornado::{tornado, tornado_bars};
pub use waterfall::{WaterfallShown, waterfall};

/// A finished picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// File name without its extension, such as `fan_north`.
    pub name: String,
    /// The document.
    pub svg: String,
    /// How a place in the picture finds its row in the table behind it.
    pub guide: Option<Guide>,
}

/// Where the rows of the table behind a picture lie in it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Guide {
    /// Whether rows follow one another from left to right, rather than downwards.
    pub across: bool,
    /// Where the first begins, as a share of the picture's width or height.
    pub from: f64,
    /// Where the last ends.
    pub to: f64,
    /// How many there are.
    pub rows: usize,
}
