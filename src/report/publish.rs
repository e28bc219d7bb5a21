//! What people read: report, workbook and pictures, staged from results read back.
//!
//! Consumes [`Results`]; produces files in a [`Staging`] directory. Each [`Piece`] is a call of its own, so that
//! the caller may share them among threads; the order of the calls changes nothing. **Invariant:** every command
//! that simulates, and `caseflow report`, makes these files in this one way.

use std::io;

use super::directory::{Staging, WriteError};
use super::pictures::{self, Subject};
use super::plots;
use super::read::Results;
use super::{html, workbook};

/// The report's file.
pub const HTML: &str = "report.html";

/// The workbook's file.
pub const WORKBOOK: &str = "report.xlsx";

/// Something to be staged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The report.
    Html,
    /// The workbook.
    Workbook,
    /// A picture, as SVG and PNG.
    Picture(Subject),
}

/// All that these results give, the slowest first.
pub fn pieces(results: &Results) -> Vec<Piece> {
    let pictures = pictures::subjects(results).into_iter().map(Piece::Picture);
    [Piece::Html, Piece::Workbook].into_iter().chain(pictures).collect()
}

/// Whether a file of a results directory is one of those that are made from the others.
pub fn is_made(name: &str) -> bool {
    name == HTML || name == WORKBOOK || name.starts_with("plots/")
}

/// Stages one of [`pieces`].
///
/// # Errors
/// If it cannot be made or written.
pub fn stage(staging: &Staging, results: &Results, piece: Piece) -> Result<(), WriteError> {
    match piece {
        Piece::Html => {
            let page = staging.attempt(HTML, html::page(results).map_err(io::Error::other))?;
            staging.bytes(HTML, page.as_bytes())
        }
        Piece::Workbook => {
            let book = staging.attempt(WORKBOOK, workbook::workbook(results).map_err(io::Error::other))?;
            staging.bytes(WORKBOOK, &book)
        }
        Piece::Picture(subject) => stage_picture(staging, results, subject),
    }
}

fn stage_picture(staging: &Staging, results: &Results, subject: Subject) -> Result<(), WriteError> {
    // A drawing fault is reported against the folder: the picture has no name yet.
    let drawn = pictures::draw(results, subject).map_err(io::Error::other);
    let Some(picture) = staging.attempt("plots", drawn)? else {
        return Ok(());
    };
    let name = |extension: &str| format!("plots/{}.{extension}", picture.name);
    staging.bytes(&name("svg"), picture.svg.as_bytes())?;
    let image = staging.attempt(&name("png"), plots::png(&picture.svg).map_err(io::Error::other))?;
    staging.bytes(&name("png"), &image)
}
