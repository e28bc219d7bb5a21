//! From sheets as plain data to the bytes of a workbook.
//!
//! Consumes [`Sheet`]s; produces an xlsx file. **Invariants.** The same sheets give the same bytes: the creation
//! date is fixed. Texts are written as texts, so that none is ever a formula. Every sheet has one header row, a
//! named table, no merged cells and its cursor in A1.

use rust_xlsxwriter::{
    Chart, ChartErrorBars, ChartErrorBarsType, ChartRange, DocProperties, ExcelDateTime, Format, FormatAlign,
    Formula, Table, TableStyle, Workbook, Worksheet, XlsxError,
};

use super::model::{Cell, ChartPlan, Kind, MISSING, Sheet};
use crate::report::number::rounded;

/// Widest column, in characters.
const WIDEST: usize = 60;
/// Rows looked at for a column's width.
const LOOKED_AT: usize = 200;

/// The bytes of a workbook.
pub(super) fn to_bytes(title: &str, sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new()
        .set_title(title)
        .set_author("caseflow")
        .set_comment("Simulated figures about services, never about a named child")
        .set_creation_datetime(&created);
    book.set_properties(&properties);
    for sheet in sheets {
        write_sheet(book.add_worksheet(), sheet)?;
    }
    book.save_to_buffer()
}

fn format(kind: Kind) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match kind {
        Kind::Text => format.set_text_wrap(),
        Kind::Figure => format.set_num_format("#,##0.####"),
        Kind::Pounds => format.set_num_format("£#,##0.00"),
        Kind::Share => format.set_num_format("0%"),
        Kind::Date => format.set_num_format("d mmm yyyy"),
    }
}

fn write_sheet(out: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    out.set_name(sheet.name)?;
    let formats: Vec<Format> = sheet.columns.iter().map(|&(_, kind)| format(kind)).collect();
    let head = Format::new().set_bold().set_text_wrap();
    for (column, (heading, _)) in (0_u16..).zip(&sheet.columns) {
        out.write_string_with_format(0, column, heading, &head)?;
        out.set_column_width(column, width(sheet, column))?;
    }
    for (row, cells) in (1_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            let format = &formats[usize::from(column)];
            write_cell(out, (row, column), cell, sheet.columns[usize::from(column)].1, format)?;
        }
    }
    add_table(out, sheet)?;
    if let Some(plan) = &sheet.chart {
        let past = sheet.columns.len() as u16 + 1;
        out.insert_chart(1, past, &chart(sheet, plan))?;
    }
    out.set_freeze_panes(1, 0)?;
    out.set_landscape();
    out.set_paper_size(9);
    out.set_print_fit_to_pages(1, 0);
    out.set_repeat_rows(0, 0)?;
    out.set_selection(0, 0, 0, 0)?;
    Ok(())
}

fn write_cell(
    out: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    kind: Kind,
    format: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => out.write_string_with_format(row, column, fitting(text), format)?,
        Cell::Number(value) if !value.is_finite() => {
            out.write_string_with_format(row, column, MISSING, format)?
        }
        Cell::Number(value) => {
            // As in the CSV files: no more digits than the runs can know.
            let shown = match kind {
                Kind::Pounds => *value,
                _ => rounded(*value).parse().unwrap_or(*value),
            };
            out.write_number_with_format(row, column, shown, format)?
        }
        Cell::Day(day) => out.write_number_with_format(row, column, serial(*day), format)?,
        Cell::Formula(formula, result) => {
            let formula = Formula::new(format!("={formula}")).set_result(result.to_string());
            out.write_formula_with_format(row, column, formula, format)?
        }
    };
    Ok(())
}

/// A text that a cell can hold, without control characters.
fn fitting(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(32_000).collect()
}

/// A day as spreadsheets count them.
fn serial(day: jiff::civil::Date) -> f64 {
    let first = jiff::civil::date(1899, 12, 30);
    day.since(first).map_or(f64::NAN, |span| f64::from(span.get_days()))
}

/// Names the table, which makes headers known to screen readers and lets people sort and filter.
fn add_table(out: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    if sheet.rows.is_empty() {
        return Ok(());
    }
    let columns: Vec<_> = (sheet.columns.iter())
        .map(|(heading, _)| rust_xlsxwriter::TableColumn::new().set_header(heading))
        .collect();
    let table = Table::new()
        .set_name(format!("{}_table", sheet.name.replace(' ', "_")))
        .set_columns(&columns)
        .set_style(TableStyle::Light1)
        .set_alt_text(&sheet.about);
    out.add_table(0, 0, sheet.rows.len() as u32, sheet.columns.len() as u16 - 1, &table)?;
    Ok(())
}

/// About as wide as what stands in the column.
fn width(sheet: &Sheet, column: u16) -> f64 {
    let (heading, kind) = &sheet.columns[usize::from(column)];
    let longest = |cells: &Vec<Cell>| match &cells[usize::from(column)] {
        Cell::Text(text) => text.chars().count(),
        _ => 12,
    };
    let widest = sheet.rows.iter().take(LOOKED_AT).map(longest).max().unwrap_or(0);
    let heading = if *kind == Kind::Text { heading.chars().count() } else { heading.chars().count() / 2 };
    (widest.max(heading).min(WIDEST) + 3) as f64
}

fn chart(sheet: &Sheet, plan: &ChartPlan) -> Chart {
    // Dark to light, with dashes besides: they differ in grey too.
    const COLOURS: [&str; 3] = ["#0B3C6F", "#7FAED3", "#B04A1E"];
    let mut chart = if plan.lines { Chart::new_line() } else { Chart::new_bar() };
    let (first, last) = plan.rows;
    for (at, &column) in plan.values.iter().enumerate() {
        let colour = COLOURS[at % COLOURS.len()];
        let series = chart
            .add_series()
            .set_categories((sheet.name, first, plan.names, last, plan.names))
            .set_values((sheet.name, first, column, last, column))
            .set_name((sheet.name, 0, column));
        let mut format = rust_xlsxwriter::ChartFormat::new();
        if plan.lines {
            format.set_line(rust_xlsxwriter::ChartLine::new().set_color(colour).set_width(2));
        } else {
            format.set_solid_fill(rust_xlsxwriter::ChartSolidFill::new().set_color(colour));
        }
        series.set_format(&mut format);
        if let Some(errors) = plan.errors.filter(|_| at == 0) {
            let length = || ChartRange::new_from_range(sheet.name, first, errors, last, errors);
            let mut whiskers = ChartErrorBars::new();
            whiskers.set_type(ChartErrorBarsType::Custom(length(), length()));
            series.set_y_error_bars(&whiskers);
        }
    }
    if !plan.lines {
        // Bars are drawn upwards: the first row would be the lowest.
        chart.y_axis().set_reverse();
    }
    chart.title().set_name(&plan.title);
    chart.legend().set_position(rust_xlsxwriter::ChartLegendPosition::Bottom);
    chart.set_alt_text(&plan.alt_text).set_width(900).set_height(460);
    chart
}
