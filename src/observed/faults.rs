//! What is wrong with a file of observations, told to the person who made it.

use std::fmt;

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedFault {
    /// Line, from 1; 0 when the fault is the file's.
    pub line: u64,
    /// Heading of the column at fault; may be empty.
    pub column: String,
    /// What is wrong.
    pub message: String,
    /// What would be right; may be empty.
    pub help: String,
}

/// A fault of some line and column.
pub(crate) fn fault(
    line: u64,
    column: &str,
    message: impl Into<String>,
    help: impl Into<String>,
) -> ObservedFault {
    ObservedFault { line, column: column.to_owned(), message: message.into(), help: help.into() }
}

/// Everything wrong with a file: never empty, in the order of its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedFaults {
    /// The file, as it was named.
    pub file: String,
    /// The faults.
    pub list: Vec<ObservedFault>,
}

/// Most faults shown: a file of the wrong kind has one on every line.
const SHOWN: usize = 40;

impl fmt::Display for ObservedFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in self.list.iter().take(SHOWN) {
            f.write_str(&self.file)?;
            if fault.line > 0 {
                write!(f, ":{}", fault.line)?;
            }
            if !fault.column.is_empty() {
                write!(f, ": {}", fault.column)?;
            }
            write!(f, ": {}", fault.message)?;
            if !fault.help.is_empty() {
                write!(f, " ({})", fault.help)?;
            }
            writeln!(f)?;
        }
        let more = self.list.len().saturating_sub(SHOWN);
        if more > 0 {
            writeln!(f, "and {more} more like these")?;
        }
        let noun = if self.list.len() == 1 { "fault" } else { "faults" };
        write!(f, "{} {noun}; nothing was run.", self.list.len())
    }
}

impl std::error::Error for ObservedFaults {}
