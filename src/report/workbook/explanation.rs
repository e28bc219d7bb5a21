//! The sheets of an explanation.

use super::model::{Cell, ChartPlan, Kind, Sheet};
use crate::report::explanation::ExplanationReport;

/// Figures drawn, at most.
const SHOWN: usize = 10;

pub(super) fn sheets(found: &ExplanationReport) -> Vec<Sheet> {
    vec![summary(found), measure_next(found)]
}

fn summary(found: &ExplanationReport) -> Sheet {
    let mut sheet = Sheet::new(
        "Summary",
        "What drives each output: shares of its variation, with standard errors",
        &[
            ("Output", Kind::Text),
            ("Unit", Kind::Text),
            ("Figure", Kind::Text),
            ("Alone", Kind::Share),
            ("Alone: standard error", Kind::Share),
            ("With others", Kind::Share),
            ("With others: standard error", Kind::Share),
            ("Output at its low", Kind::Figure),
            ("Output at its high", Kind::Figure),
        ],
    );
    for output in &found.outputs {
        for driver in &output.drivers {
            sheet.row(vec![
                Cell::text(&output.name),
                Cell::text(&*output.unit),
                Cell::text(&driver.parameter),
                Cell::Number(driver.first_order),
                Cell::Number(driver.first_order_se),
                Cell::Number(driver.total_order),
                Cell::Number(driver.total_order_se),
                Cell::maybe(driver.at_low),
                Cell::maybe(driver.at_high),
            ]);
        }
    }
    // Its drivers stand first in the sheet.
    let first = found.outputs.iter().find(|output| !output.drivers.is_empty());
    sheet.chart = first.map(|output| ChartPlan {
        lines: false,
        title: format!("What drives it: {}", output.name),
        alt_text: format!(
            "Bars: the share of the variation of {} that each figure explains with others, whiskers of one standard \
             error on either side; the figures are in this sheet",
            output.name
        ),
        names: 2,
        values: vec![5],
        rows: (1, output.drivers.len() as u32),
        errors: Some(6),
    });
    sheet
}

fn measure_next(found: &ExplanationReport) -> Sheet {
    let mut sheet = Sheet::new(
        "Measure next",
        "What to count first: the value of knowing each figure exactly, pounds a year",
        &[
            ("Figure", Kind::Text),
            ("Rests on", Kind::Text),
            ("Source", Kind::Text),
            ("Worth a year", Kind::Pounds),
            ("Standard error", Kind::Pounds),
            ("In posts", Kind::Figure),
        ],
    );
    for row in &found.measure_next {
        sheet.row(vec![
            Cell::text(&row.parameter),
            Cell::text(if row.basis.is_empty() { "not stated" } else { row.basis }),
            Cell::text(if row.source.is_empty() { "not stated" } else { &row.source }),
            Cell::Number(row.evppi),
            Cell::Number(row.evppi_se),
            Cell::Number(row.evppi_posts),
        ]);
    }
    let shown = found.measure_next.len().min(SHOWN);
    sheet.chart = (shown > 0).then(|| ChartPlan {
        lines: false,
        title: "Worth of knowing a figure exactly, pounds a year".to_owned(),
        alt_text: "Bars: what knowing each figure exactly is worth in pounds a year, the best first, whiskers of one \
                   standard error on either side; the figures are in this sheet"
            .to_owned(),
        names: 0,
        values: vec![3],
        rows: (1, shown as u32),
        errors: Some(4),
    });
    sheet
}
