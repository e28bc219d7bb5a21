//! Sheets that every workbook has: the register, and families open at the start.

use super::model::{Cell, Kind, Sheet};
use crate::report::html::initial_table;
use crate::scenario::{Basis, Scenario};

/// The assumptions register.
pub(super) fn assumptions(scenario: &Scenario) -> Sheet {
    let columns = [
        ("Figure", Kind::Text),
        ("Value", Kind::Figure),
        ("Lowest", Kind::Figure),
        ("Highest", Kind::Figure),
        ("Basis", Kind::Text),
        ("Source", Kind::Text),
    ];
    let mut sheet =
        Sheet::new("Assumptions", "Every figure of the scenario with its range, basis and source", &columns);
    for figure in scenario.assumptions() {
        let source = if figure.source.is_empty() { "not stated" } else { &figure.source };
        sheet.row(vec![
            Cell::text(&figure.path),
            Cell::Number(figure.value),
            Cell::maybe(figure.low),
            Cell::maybe(figure.high),
            Cell::text(figure.basis.map_or("not stated", Basis::as_str)),
            Cell::text(source),
        ]);
    }
    sheet
}

/// Families open at the start, small counts hidden.
pub(super) fn initial(scenario: &Scenario) -> Option<Sheet> {
    if scenario.initial.is_empty() {
        return None;
    }
    let table = initial_table(scenario);
    let columns = table
        .columns
        .iter()
        .map(|column| (column.heading.clone(), if column.figures { Kind::Figure } else { Kind::Text }));
    let mut sheet = Sheet::new("Open at the start", &table.caption, &[]);
    sheet.columns = columns.collect();
    for row in &table.rows {
        let cells = row.cells.iter().enumerate().map(|(at, text)| match text.parse::<f64>() {
            Ok(count) if at > 0 => Cell::Number(count),
            _ => Cell::text(text),
        });
        sheet.row(cells.collect());
    }
    Some(sheet)
}
