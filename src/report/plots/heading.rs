//! What stands above a chart: its message, and below it what is shown.
//!
//! Consumes two texts and the width they may take; produces their lines, and how far down they reach.

use super::canvas::{Anchor, Canvas, DrawError};
use super::look::{SUBTITLE, TITLE};

/// Where the first line lies, and how far apart lines of title and subtitle are, pixels.
const FIRST: f64 = 44.0;
const TITLE_LINE: f64 = 34.0;
const SUBTITLE_LINE: f64 = 24.0;

/// Title and subtitle, broken into lines.
pub(super) struct Heading {
    titles: Vec<String>,
    subtitles: Vec<String>,
}

impl Heading {
    /// Breaks two texts into lines of at most `width` pixels.
    pub fn new(title: &str, subtitle: &str, width: f64) -> Self {
        Self { titles: TITLE.wrap(title, width), subtitles: SUBTITLE.wrap(subtitle, width) }
    }

    /// Where a next line of the subtitle would lie.
    pub fn bottom(&self) -> f64 {
        FIRST + TITLE_LINE * self.titles.len() as f64 + SUBTITLE_LINE * self.subtitles.len() as f64
    }

    /// Draws both from `left` on.
    ///
    /// # Errors
    /// Only if the drawing library fails.
    pub fn draw(&self, canvas: &Canvas, left: f64) -> Result<(), DrawError> {
        let mut y = FIRST;
        for line in &self.titles {
            canvas.text((left, y), line, TITLE, Anchor::Left)?;
            y += TITLE_LINE;
        }
        for line in &self.subtitles {
            canvas.text((left, y), line, SUBTITLE, Anchor::Left)?;
            y += SUBTITLE_LINE;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_make_room_for_themselves() {
        let short = Heading::new("A title", "and what it is about", 1000.0);
        assert!((short.bottom() - (FIRST + TITLE_LINE + SUBTITLE_LINE)).abs() < 1e-9);
        let long = Heading::new("A title", &"a long subtitle ".repeat(20), 1000.0);
        assert!(long.subtitles.len() > 1 && long.bottom() > short.bottom());
        assert!(long.subtitles.iter().all(|line| SUBTITLE.width(line) <= 1000.0));
    }
}
