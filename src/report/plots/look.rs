//! Colours and type shared by all charts.
//!
//! **Invariant:** bands and lines differ in lightness, so that they differ in grey and to
//! colour-blind eyes; text has a contrast of at least 4.5 to 1 on white.

use super::canvas::{Colour, Type};

pub(super) const WHITE: Colour = rgb(0xff, 0xff, 0xff);
pub(super) const INK: Colour = rgb(0x1d, 0x24, 0x2b);
pub(super) const MUTED: Colour = rgb(0x51, 0x5b, 0x66);
pub(super) const GRID: Colour = rgb(0xdd, 0xe1, 0xe5);
pub(super) const HOLIDAY: Colour = rgb(0xee, 0xec, 0xe3);
pub(super) const OUTER: Colour = rgb(0xbf, 0xd7, 0xea);
pub(super) const INNER: Colour = rgb(0x7f, 0xae, 0xd3);
pub(super) const MEDIAN: Colour = rgb(0x0b, 0x3c, 0x6f);
/// Further lines beside `MEDIAN` and `INNER`.
pub(super) const SIXTH: Colour = rgb(0xb0, 0x4a, 0x1e);
pub(super) const EIGHTH: Colour = rgb(0x8a, 0x93, 0x9c);

const fn rgb(red: u8, green: u8, blue: u8) -> Colour {
    plotters::style::RGBColor(red, green, blue)
}

pub(super) const TITLE: Type = Type { size: 27.0, bold: true, colour: INK };
pub(super) const SUBTITLE: Type = Type { size: 16.0, bold: false, colour: MUTED };
pub(super) const HEAD: Type = Type { size: 18.0, bold: true, colour: INK };
pub(super) const TEXT: Type = Type { size: 15.0, bold: false, colour: MUTED };
pub(super) const LABEL: Type = Type { size: 15.0, bold: false, colour: INK };
pub(super) const STRONG_LABEL: Type = Type { size: 15.0, bold: true, colour: MEDIAN };
pub(super) const SMALL: Type = Type { size: 13.0, bold: false, colour: MUTED };
