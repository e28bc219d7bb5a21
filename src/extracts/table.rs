//! Files of text as tables of cells: character set, separator, rows as a spreadsheet numbers them.
//!
//! Consumes bytes; produces a [`Table`]. **Invariant:** cells hold what people wrote, so nothing here can be
//! printed: no type of this file has `Debug`, and none leaves the module.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// One cell.
#[derive(Clone, PartialEq)]
pub(super) enum Cell {
    Blank,
    Text(String),
    Number(f64),
    /// A cell that a workbook formats as a date: days since the last day but one of 1899.
    Serial(f64),
    Bool(bool),
    /// A formula that failed, other than `#N/A`, which counts as blank.
    Failed,
}

/// Words that stand for nothing, in any case.
const PLACEHOLDERS: [&str; 32] = [
    "null",
    "none",
    "nil",
    "n/a",
    "#n/a",
    "na",
    "nan",
    "nat",
    "-",
    "--",
    "---",
    ".",
    "..",
    "?",
    "tbc",
    "tba",
    "unknown",
    "not known",
    "not recorded",
    "not applicable",
    "blank",
    "(blank)",
    "(null)",
    "<null>",
    "(none)",
    "ongoing",
    "open",
    "current",
    "still open",
    "present",
    "to date",
    "n.a.",
];

/// Whether a text stands for an empty cell.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    text.is_empty() || PLACEHOLDERS.contains(&text.as_str())
}

impl Cell {
    pub(super) fn of_text(text: &str) -> Cell {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}');
        if text.is_empty() { Cell::Blank } else { Cell::Text(text.to_owned()) }
    }

    /// Whether the cell is empty or says so in words.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Cell::Blank => true,
            Cell::Text(text) => is_placeholder(text),
            _ => false,
        }
    }

    /// The cell as text, numbers without a needless ".0"; `None` if blank.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            _ if self.is_blank() => None,
            Cell::Text(text) => Some(text.clone()),
            Cell::Number(number) | Cell::Serial(number) => Some(number.to_string()),
            Cell::Bool(value) => Some(if *value { "true" } else { "false" }.to_owned()),
            Cell::Blank | Cell::Failed => None,
        }
    }
}

/// A row that is not empty.
pub(super) struct Row {
    /// As a spreadsheet numbers it: the first is 1, empty rows count.
    pub(super) number: usize,
    pub(super) cells: Vec<Cell>,
    /// A quotation mark was left open, so that further lines were taken for a cell of this one.
    pub(super) runs_on: bool,
}

impl Row {
    /// A cell, blank beyond the row's end.
    pub(super) fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Blank)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| matches!(cell, Cell::Blank))
    }
}

/// The rows of a file or sheet that are not empty.
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
}

/// Separators tried, the commonest first.
pub(super) const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The text of a file, or `None` if it is not text. A byte order mark decides; else UTF-16 if every other byte
/// is zero, UTF-8 if valid, and Windows-1252, which Excel writes, if not.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let (encoding, skipped) = Encoding::for_bom(bytes).unwrap_or((encoding_of(bytes), 0));
    let (text, _) = encoding.decode_without_bom_handling(&bytes[skipped..]);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let control = |c: &char| c.is_control() && !matches!(c, '\n' | '\t' | '\u{c}' | '\u{80}'..='\u{9f}');
    let controls = text.chars().filter(control).count();
    (controls * 100 <= text.len()).then_some(text)
}

fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    let first = &bytes[..bytes.len().min(2000)];
    let zeros = |start: usize| first.iter().skip(start).step_by(2).filter(|byte| **byte == 0).count();
    let half = first.len() / 2;
    if half > 0 && zeros(1) * 10 >= half * 8 {
        UTF_16LE
    } else if half > 0 && zeros(0) * 10 >= half * 8 {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    }
}

/// Reads decoded text, up to so many rows.
pub(super) fn of_text(text: &str, separator: u8, most: usize) -> Table {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = ::csv::StringRecord::new();
    // Lines of the file that came before, and the spreadsheet row of the last record. A line break within a
    // cell does not make a row; an empty line, which the reader passes over, does.
    let (mut lines, mut number) = (0, 0);
    while rows.len() < most {
        let before = reader.position().byte();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            // Text is valid UTF-8 and lengths are free, so that an error is the end.
            Ok(false) | Err(_) => break,
        }
        let after = reader.position().byte();
        let taken = text.get(before as usize..after as usize).unwrap_or("");
        let inside: usize = record.iter().map(|field| field.matches('\n').count()).sum();
        let ended = lines + taken.matches('\n').count();
        let own = inside + usize::from(taken.ends_with('\n'));
        number += 1 + (ended - lines).saturating_sub(own);
        lines = ended;
        let columns = record.len().max(3);
        let separators = |line: &str| line.bytes().filter(|byte| *byte == separator).count();
        let runs_on = |field: &str| field.split('\n').skip(1).any(|line| separators(line) + 1 >= columns);
        let row = Row {
            number,
            cells: record.iter().map(Cell::of_text).collect(),
            runs_on: record.iter().any(runs_on) || (inside > 0 && !taken.ends_with('\n')),
        };
        if !row.is_empty() {
            rows.push(row);
        }
    }
    Table { rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<usize> {
        of_text(text, b',', 100).rows.iter().map(|row| row.number).collect()
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_does() {
        assert_eq!(numbers("a,b\n1,2\n3,4\n"), [1, 2, 3]);
        assert_eq!(numbers("a,b\n\n\n1,2\n,\n3,4"), [1, 4, 6], "empty rows count and are passed over");
        assert_eq!(numbers("a,b\n\"x\ny\",2\n3,4\n"), [1, 2, 3], "a break in a cell makes no row");
        assert_eq!(numbers("\n\na,b\n1,2"), [3, 4]);
    }

    #[test]
    fn character_sets_are_told_apart() {
        let text = "Child’s é,b\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (windows, _, _) = WINDOWS_1252.encode(text);
        assert_eq!(decode(text.as_bytes()).as_deref(), Some(text));
        assert_eq!(decode(&[b"\xef\xbb\xbf", text.as_bytes()].concat()).as_deref(), Some(text));
        assert_eq!(decode(&[b"\xff\xfe", utf16.as_slice()].concat()).as_deref(), Some(text));
        assert_eq!(decode(&utf16).as_deref(), Some(text));
        assert_eq!(decode(&windows).as_deref(), Some(text));
        assert!(decode(&[0, 1, 2, 3, 255, 7, 8, 0, 0, 6]).is_none(), "bytes that are no text");
    }

    #[test]
    fn a_quotation_mark_left_open_is_noticed() {
        let rows = of_text("a,b,c\n1,\"2,3\n4,5,6\n7,8,9\n", b',', 100).rows;
        assert!(rows[1].runs_on);
        assert!(!of_text("a,b,c\n1,\"two\nlines\",3\n", b',', 100).rows[1].runs_on);
    }
}
