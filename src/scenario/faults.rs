//! What is wrong with a scenario, told to the person who wrote it.
//!
//! Consumes places and plain words; produces [`Faults`], sorted by file and line, each with the line
//! of source, a mark under what is wrong, and what would be right.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};

/// One fault.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The file (or `--set` override) at fault.
    pub file: String,
    /// Dotted path of the figure or table; empty when the fault is the file's.
    pub path: String,
    /// Line, from 1; 0 when the file could not be read.
    pub line: usize,
    /// Column in characters, from 1; 0 when the file could not be read.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What would be right; may be empty.
    pub help: String,
    span: Range<usize>,
    text: Arc<str>,
}

impl Fault {
    /// A fault in some bytes of a file's text. The span is brought within the text.
    pub(super) fn new(file: &str, text: &Arc<str>, span: Range<usize>, path: String, words: Words) -> Self {
        let start = floor_boundary(text, span.start);
        let end = floor_boundary(text, span.end.max(start));
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Fault {
            file: file.to_owned(),
            path,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: words.message,
            help: words.help,
            span: start..end,
            text: Arc::clone(text),
        }
    }

    /// A fault of a file that could not be read at all.
    pub(super) fn unreadable(file: &str, words: Words) -> Self {
        Fault {
            file: file.to_owned(),
            path: String::new(),
            line: 0,
            column: 0,
            message: words.message,
            help: words.help,
            span: 0..0,
            text: Arc::from(""),
        }
    }

    fn render(&self, handler: &GraphicalReportHandler) -> String {
        let headline = match (self.path.as_str(), self.line) {
            ("", 0) => format!("{}: {}", self.file, self.message),
            ("", _) => "this file cannot be read as TOML".to_owned(),
            (path, _) => path.to_owned(),
        };
        let mut diagnostic = MietteDiagnostic::new(headline);
        if !self.help.is_empty() {
            diagnostic = diagnostic.with_help(self.help.clone());
        }
        let report = if self.line == 0 {
            Report::new(diagnostic)
        } else {
            // A mark of no width would point at nothing.
            let width = self.span.len().max(usize::from(self.span.start < self.text.len()));
            let label =
                LabeledSpan::new_primary_with_span(Some(self.message.clone()), (self.span.start, width));
            Report::new(diagnostic.with_label(label))
                .with_source_code(NamedSource::new(&self.file, self.text.to_string()))
        };
        let mut rendered = String::new();
        match handler.render_report(&mut rendered, report.as_ref()) {
            Ok(()) => rendered,
            Err(_) => format!("{self}\n"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        if !self.path.is_empty() {
            write!(f, ": {}", self.path)?;
        }
        write!(f, ": {}", self.message)?;
        if !self.help.is_empty() {
            write!(f, " ({})", self.help)?;
        }
        Ok(())
    }
}

/// The words of a fault.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: String,
}

/// Puts a fault into words.
pub(super) fn words(message: impl Into<String>, help: impl Into<String>) -> Words {
    Words { message: message.into(), help: help.into() }
}

/// Everything wrong with a scenario: never empty, sorted by file and line.
#[derive(Clone, Debug)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Sorts faults; those that say the same of the same place are said once.
    pub(super) fn new(mut faults: Vec<Fault>) -> Self {
        faults.sort_by(|a, b| {
            (&a.file, a.line, a.column, &a.path, &a.message)
                .cmp(&(&b.file, b.line, b.column, &b.path, &b.message))
        });
        faults.dedup_by(|a, b| {
            (&a.file, &a.span, &a.path, &a.message) == (&b.file, &b.span, &b.path, &b.message)
        });
        Faults(faults)
    }

    /// The faults.
    pub fn list(&self) -> &[Fault] {
        &self.0
    }

    /// All faults with their source lines, as text for a terminal.
    pub fn render(&self, colour: bool) -> String {
        let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler =
            GraphicalReportHandler::new_themed(theme).with_links(false).with_width(110).with_context_lines(1);
        let mut text: String = self.0.iter().map(|fault| fault.render(&handler)).collect();
        let count = self.0.len();
        let noun = if count == 1 { "fault" } else { "faults" };
        text.push_str(&format!("{count} {noun}; nothing was run.\n"));
        text
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Faults {}

/// The nearest character boundary at or before a byte.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The known name nearest to one that is not known, when it is near enough to be a slip.
pub(super) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(wrong, name), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// "did you mean …?" or the list of what there is.
pub(crate) fn suggestion(wrong: &str, known: &[&str]) -> String {
    match nearest(wrong, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "there are none in this scenario".to_owned(),
        None if known.len() > 24 => format!("known are, for example: {}", known[..24].join(", ")),
        None => format!("known are: {}", known.join(", ")),
    }
}
