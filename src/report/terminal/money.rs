//! Who pays how much, on the terminal.
//!
//! Consumes the cost summary of a [`Report`]; produces rows by funder and financial year, and a table
//! of them. What nobody pays has a row of its own, and so has the whole.

use comfy_table::CellAlignment;
use serde::Serialize;

use super::tables::{cell, plain_table, push_table, push_wrapped};
use super::{Figure, Overview};
use crate::report::model::{Report, UNFUNDED, WHOLE_COUNCIL, financial_year, funder_id, funder_name};
use crate::summary::CostEstimate;

/// What one funder pays in a financial year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostOverview {
    /// The funder's identifier; `unfunded` for what nobody pays, `all` for the whole.
    pub funder: String,
    /// The funder's name.
    pub funder_name: String,
    /// The financial year, such as `2025/26`; `all` for all that are reported.
    pub year: String,
    /// Pounds.
    pub pounds: Figure,
}

/// Rows by funder and year: nobody after the funders, the whole last.
pub(super) fn costs(report: &Report) -> Vec<CostOverview> {
    let costs = &report.summary.costs;
    if costs.is_empty() {
        return Vec::new();
    }
    let year = |year: Option<i32>| year.map_or(WHOLE_COUNCIL.to_owned(), financial_year);
    let paid = costs.funders.iter().map(|row| CostOverview {
        funder: funder_id(report.scenario, row.funder).to_owned(),
        funder_name: funder_name(report.scenario, row.funder).to_owned(),
        year: year(row.year),
        pounds: pounds(row.cost),
    });
    let years = costs.years.iter().map(|&(begins, cost)| (Some(begins), cost));
    let whole = years.chain([(None, costs.all)]).map(|(begins, cost)| CostOverview {
        funder: WHOLE_COUNCIL.to_owned(),
        funder_name: "All costs".to_owned(),
        year: year(begins),
        pounds: pounds(cost),
    });
    paid.chain(whole).collect()
}

fn pounds(cost: CostEstimate) -> Figure {
    let pounds = |pence: i64| pence as f64 / 100.0;
    Figure { mean: pounds(cost.mean), p05: pounds(cost.p05), p95: pounds(cost.p95) }
}

impl Overview {
    /// Appends the table of costs, if there are any.
    pub(super) fn push_costs(&self, out: &mut String, width: usize) {
        if self.costs.is_empty() {
            return;
        }
        out.push('\n');
        let heading = "What it costs and who pays, in pounds by financial year (as far as reported): the average, \
                       and below it the range of 9 in 10 runs";
        push_wrapped(out, heading, width);
        let years = self.costs.chunk_by(|a, b| a.funder == b.funder).next().unwrap_or_default();
        // One year is all years.
        let shown = if years.len() == 2 { 1 } else { years.len() };
        let mut table = plain_table(width);
        let headings = years[..shown].iter().map(|row| match row.year.as_str() {
            WHOLE_COUNCIL => "all years".to_owned(),
            year => year.to_owned(),
        });
        table.set_header(std::iter::once("Funder".to_owned()).chain(headings));
        for rows in self.costs.chunk_by(|a, b| a.funder == b.funder) {
            let figures = rows[..shown].iter().map(|row| cell(Some(row.pounds)));
            table.add_row(std::iter::once(rows[0].funder_name.clone()).chain(figures));
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        push_table(out, &table);
        if !self.costs.iter().any(|row| row.funder == UNFUNDED) {
            out.push_str("Nothing is unfunded: every cost has a pot without limit to pay it.\n");
        }
    }
}
