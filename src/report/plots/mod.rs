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
mod frontier;
mod funders;
mod heading;
mod heat_map;
mod look;
mod observed;
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
pub use observed::observed;
pub use pathway::{Way, pathway, ways};
pub use splits::splits;
pub use staffing::{curve_lines, curve_points, staffing_curves};
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

/// Where the rows of the table behind a picture lie in it: in one field, or in several, one after the other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Guide {
    /// Whether rows follow one another from left to right, rather than downwards.
    pub across: bool,
    /// The fields. What they hold in all are the rows of the table, in its order.
    #[serde(serialize_with = "written")]
    pub fields: Vec<Field>,
}

/// A part of a picture in which each row of the table has its place. Shares of the picture's width and height.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Left and right.
    pub sides: (f64, f64),
    /// Top and bottom.
    pub ends: (f64, f64),
    /// Where each row lies, along the way that rows follow one another: a point belongs to the nearest.
    pub at: Vec<f64>,
}

impl Guide {
    /// Rows of the same width from left to right within a rectangle, in pixels of a picture of that size.
    fn columns(sides: (f64, f64), ends: (f64, f64), rows: usize, size: (f64, f64)) -> Self {
        let field = Field::new(sides, ends, evenly(sides, rows), size, true);
        Self { across: true, fields: vec![field] }
    }

    /// Rows of the same height from top to bottom over the whole width.
    fn rows(ends: (f64, f64), rows: usize, size: (f64, f64)) -> Self {
        let field = Field::new((0.0, size.0), ends, evenly(ends, rows), size, false);
        Self { across: false, fields: vec![field] }
    }

    /// Rows of the table that it leads to.
    pub fn len(&self) -> usize {
        self.fields.iter().map(|field| field.at.len()).sum()
    }

    /// Whether it leads to none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Field {
    /// A rectangle with the places of its rows, in pixels of a picture of that size.
    fn new(
        (left, right): (f64, f64),
        (top, bottom): (f64, f64),
        at: Vec<f64>,
        (width, height): (f64, f64),
        across: bool,
    ) -> Self {
        let along = if across { width } else { height };
        Self {
            sides: (left / width, right / width),
            ends: (top / height, bottom / height),
            at: at.into_iter().map(|place| place / along).collect(),
        }
    }
}

/// The middles of so many equal parts.
fn evenly((from, to): (f64, f64), parts: usize) -> Vec<f64> {
    (0..parts).map(|part| from + (to - from) * (part as f64 + 0.5) / parts as f64).collect()
}

/// Fields as text: `left right top bottom:place place …`, with `;` between fields.
fn written<S: serde::Serializer>(fields: &[Field], out: S) -> Result<S::Ok, S::Error> {
    let share = |share: &f64| format!("{share:.4}");
    let field = |field: &Field| {
        let corners = [field.sides.0, field.sides.1, field.ends.0, field.ends.1].map(|end| share(&end));
        let places: Vec<String> = field.at.iter().map(share).collect();
        format!("{}:{}", corners.join(" "), places.join(" "))
    };
    out.serialize_str(&fields.iter().map(field).collect::<Vec<String>>().join(";"))
}
