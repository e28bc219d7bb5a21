//! A report as plain data: sections of blocks, which templates turn into a page.
//!
//! **Invariant.** Everything here is text, but for the drawings, which the program drew itself.

use serde::Serialize;

use crate::report::plots::Guide;

/// The whole report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page {
    /// What it is about.
    pub title: String,
    /// What kind of paper it is.
    pub kind: String,
    /// What was run, as terms and their values.
    pub facts: Vec<[String; 2]>,
    /// What the reader must know first, such as that a run was interrupted.
    pub warnings: Vec<String>,
    /// Areas that the page can show and hide.
    pub areas: Vec<[String; 2]>,
    /// The section in which they are chosen.
    pub areas_at: &'static str,
    /// The sections.
    pub sections: Vec<Section>,
    /// Where figures come from, in one line.
    pub origin: String,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    /// Its anchor.
    pub id: &'static str,
    /// Its heading.
    pub heading: String,
    /// Whether it begins a page in print.
    pub new_page: bool,
    /// Its content.
    pub blocks: Vec<Block>,
}

impl Section {
    /// A section with nothing in it yet.
    pub(super) fn new(id: &'static str, heading: &str) -> Self {
        Self { id, heading: heading.to_owned(), new_page: false, blocks: Vec::new() }
    }

    /// The same, beginning a page in print.
    pub(super) fn on_new_page(mut self) -> Self {
        self.new_page = true;
        self
    }

    pub(super) fn lead(&mut self, text: impl Into<String>) -> &mut Self {
        self.push(Block::Lead { text: text.into() })
    }

    pub(super) fn text(&mut self, text: impl Into<String>) -> &mut Self {
        self.push(Block::Text { text: text.into() })
    }

    pub(super) fn list(&mut self, items: Vec<String>) -> &mut Self {
        if items.is_empty() { self } else { self.push(Block::List { items }) }
    }

    pub(super) fn heading(&mut self, text: impl Into<String>) -> &mut Self {
        self.push(Block::Heading { text: text.into() })
    }

    pub(super) fn table(&mut self, table: Table) -> &mut Self {
        if table.rows.is_empty() { self } else { self.push(Block::Table { table }) }
    }

    pub(super) fn chart(&mut self, chart: Chart) -> &mut Self {
        self.push(Block::Chart { chart: Box::new(chart) })
    }

    fn push(&mut self, block: Block) -> &mut Self {
        self.blocks.push(block);
        self
    }
}

/// A part of a section.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// What matters most.
    Lead {
        /// A sentence or two.
        text: String,
    },
    /// A paragraph.
    Text {
        /// Its words.
        text: String,
    },
    /// Points.
    List {
        /// One each.
        items: Vec<String>,
    },
    /// A heading within the section.
    Heading {
        /// Its words.
        text: String,
    },
    /// A table.
    Table {
        /// It.
        table: Table,
    },
    /// A picture with the table behind it.
    Chart {
        /// It.
        chart: Box<Chart>,
    },
}

/// A table: the first cell of a row is its heading.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    /// Unique on the page.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Folded away under these words.
    pub fold: Option<String>,
    /// Unfolded in print.
    pub in_print: bool,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// Whether it holds figures.
    pub figures: bool,
    /// The area that it is about, if the page can hide it.
    pub area: Option<String>,
    /// The line of the chart that it is about, if the page can hide it.
    pub series: Option<String>,
}

impl Column {
    /// A column of figures.
    pub(super) fn of_figures(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), figures: true, ..Self::default() }
    }

    /// The same about an area.
    pub(super) fn of_area(self, area: &str) -> Self {
        Self { area: Some(area.to_owned()), ..self }
    }

    /// The same about a line of a chart.
    pub(super) fn of_series(self, series: &str) -> Self {
        Self { series: Some(series.to_owned()), ..self }
    }
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Row {
    /// The area that it is about, if the page can hide it.
    pub area: Option<String>,
    /// Its cells.
    pub cells: Vec<String>,
}

impl Table {
    /// A table without rows; headings that begin with `#` stand above figures.
    pub(super) fn new(id: &str, caption: impl Into<String>, columns: &[&str]) -> Self {
        let heading = |text: &&str| match text.strip_prefix('#') {
            Some(text) => Column::of_figures(text),
            None => Column { heading: (*text).to_owned(), ..Column::default() },
        };
        let columns = columns.iter().map(heading).collect();
        Self { id: id.to_owned(), caption: caption.into(), columns, ..Self::default() }
    }

    /// Folds it away.
    pub(super) fn folded(mut self, words: &str) -> Self {
        self.fold = Some(words.to_owned());
        self
    }

    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(Row { area: None, cells });
    }

    pub(super) fn area_row(&mut self, area: &str, cells: Vec<String>) {
        self.rows.push(Row { area: Some(area.to_owned()), cells });
    }
}

/// A picture with the table behind it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chart {
    /// Unique on the page.
    pub id: String,
    /// What is to be seen.
    pub caption: String,
    /// The area that it is about, if the page can hide it.
    pub area: Option<String>,
    /// Folded away.
    pub folded: bool,
    /// The drawing, as SVG, with its own title and description.
    pub svg: String,
    /// How a place in it finds its row in the table.
    pub guide: Option<Guide>,
    /// The same figures.
    pub table: Table,
}
