//! A workbook as plain data: sheets with one header row each.
//!
//! **Invariants.** Rows are as long as the header; no row is empty; what nobody measured is [`MISSING`], what is
//! hidden to protect people `[c]`, as the public sector's guidance has them.

/// What stands where there is no figure.
pub const MISSING: &str = "[x]";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Figures, rounded to four significant digits.
    Figure,
    /// Pounds and pence.
    Pounds,
    /// Shares of a whole, shown in per cent.
    Share,
    /// Days.
    Date,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words, whatever they begin with.
    Text(String),
    /// A figure; `NaN` for none.
    Number(f64),
    /// A day.
    Day(jiff::civil::Date),
    /// A formula, without its equals sign, and what it gives.
    Formula(String, f64),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Pounds, from pence.
    pub fn pence(pence: i64) -> Self {
        Self::Number(pence as f64 / 100.0)
    }

    /// A figure that may be absent.
    pub fn maybe(value: Option<f64>) -> Self {
        Self::Number(value.unwrap_or(f64::NAN))
    }
}

/// A native chart of some columns of its sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartPlan {
    /// Whether it has lines, rather than bars.
    pub lines: bool,
    /// What it shows.
    pub title: String,
    /// The same for those who do not see it.
    pub alt_text: String,
    /// Names along it: column.
    pub names: u16,
    /// Columns drawn.
    pub values: Vec<u16>,
    /// First and last row, from 1: row 0 is the header.
    pub rows: (u32, u32),
    /// Column of standard errors, drawn as whiskers of so much on either side of the first column drawn.
    pub errors: Option<u16>,
}

/// A sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its name, at most 31 characters.
    pub name: &'static str,
    /// What it holds, for the notes.
    pub about: String,
    /// Headings and kinds of its columns.
    pub columns: Vec<(String, Kind)>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// Its chart.
    pub chart: Option<ChartPlan>,
}

impl Sheet {
    /// A sheet without rows.
    pub(super) fn new(name: &'static str, about: &str, columns: &[(&str, Kind)]) -> Self {
        let columns = columns.iter().map(|&(heading, kind)| (heading.to_owned(), kind)).collect();
        Self { name, about: about.to_owned(), columns, rows: Vec::new(), chart: None }
    }

    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(cells);
    }

    /// A column's cells as a range that formulas elsewhere may name: `Costs!$E$2:$E$9`.
    pub(super) fn range(&self, column: u16) -> String {
        let letter = rust_xlsxwriter::utility::column_number_to_name(column);
        format!("'{}'!${letter}$2:${letter}${}", self.name, self.rows.len() + 1)
    }
}

/// A formula that adds up those cells of a column whose rows have this text in another, exactly. (`SUMIFS` would
/// take a text such as `>5` for a rule.)
pub(super) fn sum_where(sheet: &Sheet, key: u16, equals: &str, values: u16) -> String {
    format!("SUMPRODUCT(--({}={equals}),{})", sheet.range(key), sheet.range(values))
}
