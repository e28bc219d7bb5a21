//! A drawing surface measured in pixels, written as SVG and turned into PNG.
//!
//! Consumes shapes and words; produces an SVG document and, from it, a PNG. **Invariants:** the only
//! typeface is the one shipped with the program, so no font of the machine can change a picture;
//! the same drawing always gives the same bytes.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::register_font;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use resvg::{tiny_skia, usvg};

/// Plotters draws at whole pixels: the canvas is this many times larger than it is shown, so that
/// curves stay curves.
const FINENESS: f64 = 10.0;

/// Plotters divides font sizes by this on the way to SVG.
const FONT_SCALE: f64 = 1.24;

/// What a browser without Inter falls back to.
const FAMILY: &str = "Inter, Arial, Helvetica, sans-serif";

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.otf");
const SEMI_BOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.otf");

/// A picture could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("cannot draw the picture: {0}")]
pub struct DrawError(String);

impl DrawError {
    fn from_display(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// A colour without transparency.
pub(super) type Colour = RGBColor;

/// How a text hangs on its point. Vertically it is always centred.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Left,
    Middle,
    Right,
}

/// The look of a text.
#[derive(Clone, Copy)]
pub(super) struct Type {
    /// Font size, pixels.
    pub size: f64,
    pub bold: bool,
    pub colour: Colour,
}

impl Type {
    fn font(&self, fineness: f64) -> FontDesc<'static> {
        let style = if self.bold { FontStyle::Bold } else { FontStyle::Normal };
        FontDesc::new(FontFamily::Name(FAMILY), self.size * FONT_SCALE * fineness, style)
    }

    /// Width of a text, pixels.
    pub fn width(&self, text: &str) -> f64 {
        register_fonts();
        let size = self.font(FINENESS).box_size(text);
        size.map_or(0.6 * self.size * text.chars().count() as f64, |(width, _)| f64::from(width) / FINENESS)
    }

    /// A text no wider than `limit` pixels: what is too long ends in an ellipsis.
    pub fn fitted(&self, text: &str, limit: f64) -> String {
        let mut short = text.to_owned();
        while self.width(&short) > limit && short.chars().count() > 2 {
            short.truncate(
                short.trim_end_matches('…').trim_end().char_indices().last().map_or(0, |(at, _)| at),
            );
            short.push('…');
        }
        short
    }

    /// Breaks a text between words into lines no wider than `limit` pixels.
    pub fn wrap(&self, text: &str, limit: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}")) <= limit => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
}

/// The surface. Coordinates are pixels from the upper left corner.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    /// Width and height in fine pixels, and the layers drawn so far.
    size: (u32, u32),
    layers: RefCell<Vec<String>>,
}

/// What a picture says to those who do not see it.
pub(super) struct Description<'t> {
    /// Unique among the pictures of a page: letters, digits, `-` and `_`.
    pub id: &'t str,
    pub title: &'t str,
    pub text: &'t str,
}

/// Draws a picture of `width` × `height` pixels.
pub(super) fn draw(
    width: u32,
    height: u32,
    description: &Description,
    paint: impl FnOnce(&Canvas) -> Result<(), DrawError>,
) -> Result<String, DrawError> {
    register_fonts();
    let fine = |pixels: u32| (f64::from(pixels) * FINENESS) as u32;
    let (body, layers) = painted((fine(width), fine(height)), |canvas| {
        canvas.rectangle((0.0, 0.0), (f64::from(width), f64::from(height)), WHITE)?;
        paint(canvas)
    })?;
    let layers = layers.concat();
    let Description { id, title, text } = description;
    Ok(format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" \
         xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-description\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-description\">{}</desc>\n{body}{layers}</svg>\n",
        fine(width),
        fine(height),
        escaped(title),
        escaped(text),
    ))
}

/// What is painted, without the element around it, and the layers on top.
fn painted(
    size: (u32, u32),
    paint: impl FnOnce(&Canvas) -> Result<(), DrawError>,
) -> Result<(String, Vec<String>), DrawError> {
    let mut svg = String::new();
    let layers;
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        let canvas = Canvas { area, size, layers: RefCell::default() };
        paint(&canvas)?;
        canvas.area.present().map_err(DrawError::from_display)?;
        layers = canvas.layers.into_inner();
    }
    let header = format!(
        "<svg width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" xmlns=\"http://www.w3.org/2000/svg\">\n",
        size.0, size.1
    );
    let body = svg.strip_prefix(&header).and_then(|body| body.trim_end().strip_suffix("</svg>"));
    let body = body.ok_or_else(|| DrawError("the drawing is not as expected".into()))?;
    Ok((body.to_owned(), layers))
}

/// Turns a picture into PNG, one pixel for one.
///
/// # Errors
/// If the text is not SVG.
pub fn png(svg: &str) -> Result<Vec<u8>, DrawError> {
    static FONTS: OnceLock<Arc<usvg::fontdb::Database>> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| {
        let mut database = usvg::fontdb::Database::new();
        database.load_font_data(REGULAR.to_vec());
        database.load_font_data(SEMI_BOLD.to_vec());
        Arc::new(database)
    });
    let options = usvg::Options { fontdb: fonts.clone(), font_family: "Inter".into(), ..Default::default() };
    let tree = usvg::Tree::from_str(svg, &options).map_err(DrawError::from_display)?;
    let size = tree.size().to_int_size();
    let mut pixels = tiny_skia::Pixmap::new(size.width(), size.height())
        .ok_or_else(|| DrawError("the picture has no size".into()))?;
    resvg::render(&tree, tiny_skia::Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().map_err(DrawError::from_display)
}

impl Canvas<'_> {
    /// Paints a group that a page can show or hide: `area` is an area's identifier. It lies above all that is
    /// painted outside of groups.
    pub fn group(
        &self,
        area: &str,
        paint: impl FnOnce(&Canvas) -> Result<(), DrawError>,
    ) -> Result<(), DrawError> {
        self.layer("area", area, paint)
    }

    /// The same for a line that is shown in several areas: `series` is the identifier of what it shows.
    pub fn series(
        &self,
        series: &str,
        paint: impl FnOnce(&Canvas) -> Result<(), DrawError>,
    ) -> Result<(), DrawError> {
        self.layer("series", series, paint)
    }

    fn layer(
        &self,
        of: &str,
        id: &str,
        paint: impl FnOnce(&Canvas) -> Result<(), DrawError>,
    ) -> Result<(), DrawError> {
        let (body, inner) = painted(self.size, paint)?;
        let group = format!("<g data-{of}=\"{}\">\n{body}{}</g>\n", attribute(id), inner.concat());
        self.layers.borrow_mut().push(group);
        Ok(())
    }

    pub fn rectangle(&self, from: (f64, f64), to: (f64, f64), colour: Colour) -> Result<(), DrawError> {
        self.area
            .draw(&Rectangle::new([fine(from), fine(to)], colour.filled()))
            .map_err(DrawError::from_display)
    }

    pub fn polygon(&self, points: &[(f64, f64)], colour: Colour) -> Result<(), DrawError> {
        let points: Vec<(i32, i32)> = points.iter().copied().map(fine).collect();
        self.area.draw(&Polygon::new(points, colour.filled())).map_err(DrawError::from_display)
    }

    pub fn line(&self, points: &[(f64, f64)], colour: Colour, width: f64) -> Result<(), DrawError> {
        let points: Vec<(i32, i32)> = points.iter().copied().map(fine).collect();
        self.area
            .draw(&PathElement::new(points, colour.stroke_width((width * FINENESS) as u32)))
            .map_err(DrawError::from_display)
    }

    pub fn text(&self, at: (f64, f64), text: &str, look: Type, anchor: Anchor) -> Result<(), DrawError> {
        let horizontal = match anchor {
            Anchor::Left => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        let style =
            TextStyle::from(look.font(FINENESS)).color(&look.colour).pos(Pos::new(horizontal, VPos::Center));
        self.area.draw_text(&printable(text), &style, fine(at)).map_err(DrawError::from_display)
    }
}

fn fine((x, y): (f64, f64)) -> (i32, i32) {
    ((x * FINENESS).round() as i32, (y * FINENESS).round() as i32)
}

/// Makes the typeface known to plotters, which measures texts with it.
fn register_fonts() {
    static REGISTERED: OnceLock<()> = OnceLock::new();
    REGISTERED.get_or_init(|| {
        // Only a damaged font file could be refused; texts are then measured by their length.
        let _ = register_font(FAMILY, FontStyle::Normal, REGULAR);
        let _ = register_font(FAMILY, FontStyle::Bold, SEMI_BOLD);
    });
}

/// Control characters are not allowed in XML at all.
fn printable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

/// A text between double quotes.
fn attribute(text: &str) -> String {
    escaped(text).replace('"', "&quot;")
}

fn escaped(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
