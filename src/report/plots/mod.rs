//! Pictures.
//!
//! Consumes a [`Report`](super::model::Report); produces, for each area and the whole council, a weekly fan chart: three
//! panels under one time axis, as SVG and, from that, as PNG. **Invariants:** the same figures give
//! the same bytes; colours differ in lightness, so that a picture reads the same in grey and to
//! colour-blind eyes; a panel whose measure is missing is left out.

mod axis;
mod canvas;
mod difference;
mod fan;
mod frontier;
mod heading;
mod look;
mod splits;
mod staffing;
mod tornado;
mod waterfall;

pub(crate) use axis::in_words;
pub use canvas::{DrawError, png};
pub use difference::{CourseShown, course};
pub use fan::{PANELS, area_fan};
pub use frontier::frontier;
pub use splits::splits;
pub use staffing::staffing_curves;
pub use tornado::tornado;
pub use waterfall::{WaterfallShown, waterfall};

/// A finished picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// File name without its extension, such as `fan_north`.
    pub name: String,
    /// The document.
    pub svg: String,
}
