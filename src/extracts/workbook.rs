//! Workbooks (.xlsx) as tables of cells, sheet by sheet.
//!
//! Consumes bytes; produces a [`Table`] for each worksheet. Cells are read one after the other, since a stray
//! format in the last row of a sheet must not make a table of a million rows.

use std::io::Cursor;

use calamine::{CellErrorType, DataRef, Reader, SheetType, Xlsx};

use super::table::{Cell, Row, Table};

/// Columns beyond are ignored: the widest list has 34.
const COLUMNS: u32 = 1000;
/// Cells of a workbook at most, against files made to exhaust memory.
const CELLS: usize = 40_000_000;
/// Days between the beginnings of the two calendars of spreadsheets.
const FROM_1904: f64 = 1462.0;

/// A worksheet.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) table: Table,
}

/// Whether these are the first bytes of a workbook (a zip archive).
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The worksheets, or what is wrong. The reading library's own messages are not repeated, since they may quote.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, &'static str> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes))
        .map_err(|_| "an archive, but no workbook (.xlsx) that can be opened")?;
    let shift = if book.has_1904_epoch() { FROM_1904 } else { 0.0 };
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    let mut left = CELLS;
    let mut read = Vec::new();
    for name in names {
        let table = table(&mut book, &name, shift, &mut left)?;
        read.push(Sheet { name, table });
    }
    Ok(read)
}

fn table(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    shift: f64,
    left: &mut usize,
) -> Result<Table, &'static str> {
    const DAMAGED: &str = "a workbook with a damaged sheet";
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| DAMAGED)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| DAMAGED)? {
        let (row, column) = cell.get_position();
        let value = value(cell.get_value(), shift);
        if column >= COLUMNS || matches!(value, Cell::Blank) {
            continue;
        }
        *left =
            left.checked_sub(1 + column as usize / 32).ok_or("a workbook of more cells than can be read")?;
        let number = row as usize + 1;
        if rows.last().is_none_or(|last| last.number != number) {
            rows.push(Row { number, cells: Vec::new(), runs_on: false });
        }
        if let Some(last) = rows.last_mut() {
            let column = column as usize;
            if last.cells.len() <= column {
                last.cells.resize(column + 1, Cell::Blank);
            }
            last.cells[column] = value;
        }
    }
    rows.sort_by_key(|row| row.number);
    Ok(Table { rows })
}

fn value(value: &DataRef<'_>, shift: f64) -> Cell {
    match value {
        DataRef::Empty | DataRef::Error(CellErrorType::NA) => Cell::Blank,
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cell::of_text(text)
        }
        DataRef::SharedString(text) => Cell::of_text(text),
        DataRef::DateTime(day) => Cell::Serial(day.as_f64() + shift),
        DataRef::Error(_) => Cell::Failed,
    }
}
