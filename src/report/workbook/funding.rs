//! The sheets of a funding answer.

use super::model::{Cell, ChartPlan, Kind, Sheet, sum_where};
use crate::report::funding::{FundingOverview, FundingReport, funding_overview};

pub(super) fn sheets(report: &FundingReport) -> Vec<Sheet> {
    let found = funding_overview(report);
    let pots = pots(&found);
    vec![summary(&found, &pots), posts(&found), pots, frontier(&found)]
}

/// Each way with its totals: what its pots pay, by formulas, beside what its posts cost.
fn summary(found: &FundingOverview, pots: &Sheet) -> Sheet {
    let mut sheet = Sheet::new(
        "Summary",
        "Ways to share the money out, the posts of now first; what pots pay by formulas over the sheet Pots",
        &[
            ("Way id", Kind::Text),
            ("Way", Kind::Text),
            ("Posts", Kind::Figure),
            ("Cost a year", Kind::Pounds),
            ("Paid by pots", Kind::Pounds),
            ("Paid by nobody", Kind::Pounds),
            ("Difference", Kind::Pounds),
            ("All promises kept in the worst area", Kind::Share),
            ("95% interval from", Kind::Share),
            ("95% interval to", Kind::Share),
            ("Family-weeks waited a year", Kind::Figure),
            ("5th percentile", Kind::Figure),
            ("95th percentile", Kind::Figure),
        ],
    );
    for rule in &found.rules {
        let at = sheet.rows.len() + 2;
        let kept = rule.does.worst_area_kept.as_ref();
        let paid: i64 = rule.pots.iter().map(|pot| pot.3).sum();
        let sum = sum_where(pots, 0, &format!("A{at}"), 5);
        sheet.row(vec![
            Cell::text(&rule.rule),
            Cell::text(&rule.name),
            Cell::Number(rule.fte.iter().sum()),
            Cell::pence(rule.pence),
            Cell::Formula(format!("ROUND({sum},2)"), paid as f64 / 100.0),
            Cell::pence(rule.unpaid_pence),
            Cell::Formula(
                format!("ROUND(D{at}-E{at}-F{at},2)"),
                (rule.pence - paid - rule.unpaid_pence) as f64 / 100.0,
            ),
            Cell::maybe(kept.map(|kept| kept.share)),
            Cell::maybe(kept.map(|kept| kept.low)),
            Cell::maybe(kept.map(|kept| kept.high)),
            Cell::Number(rule.does.waited.0),
            Cell::Number(rule.does.waited.1),
            Cell::Number(rule.does.waited.2),
        ]);
    }
    sheet.chart = Some(ChartPlan {
        lines: false,
        title: "Family-weeks waited a year under each way".to_owned(),
        alt_text: "Bars: family-weeks waited a year under each way to share the money out, mean, 5th and 95th percentile \
                   of runs; the figures are in this sheet"
            .to_owned(),
        names: 1,
        values: vec![10, 11, 12],
        rows: (1, found.rules.len().max(1) as u32),
        errors: None,
    });
    sheet
}

fn posts(found: &FundingOverview) -> Sheet {
    let mut sheet = Sheet::new(
        "Posts",
        "Posts (full-time equivalents) of each place under each way",
        &[
            ("Area", Kind::Text),
            ("Team", Kind::Text),
            ("Role", Kind::Text),
            ("Way", Kind::Text),
            ("Posts now", Kind::Figure),
            ("Posts", Kind::Figure),
            ("More than now", Kind::Figure),
        ],
    );
    for rule in &found.rules {
        for (place, &fte) in found.places.iter().zip(&rule.fte) {
            let at = sheet.rows.len() + 2;
            sheet.row(vec![
                Cell::text(&place.area_name),
                Cell::text(&place.team_name),
                Cell::text(&place.role),
                Cell::text(&rule.name),
                Cell::Number(place.current_fte),
                Cell::Number(fte),
                Cell::Formula(format!("F{at}-E{at}"), fte - place.current_fte),
            ]);
        }
    }
    sheet
}

fn pots(found: &FundingOverview) -> Sheet {
    let mut sheet = Sheet::new(
        "Pots",
        "What each pot holds and pays a year under each way, to the penny",
        &[
            ("Way id", Kind::Text),
            ("Way", Kind::Text),
            ("Pot", Kind::Text),
            ("Funder", Kind::Text),
            ("Held", Kind::Pounds),
            ("Paid", Kind::Pounds),
        ],
    );
    for rule in &found.rules {
        for (pot, funder, held, paid) in &rule.pots {
            sheet.row(vec![
                Cell::text(&rule.rule),
                Cell::text(&rule.name),
                Cell::text(pot),
                Cell::text(funder),
                Cell::maybe(held.map(|held| held as f64 / 100.0)),
                Cell::pence(*paid),
            ]);
        }
    }
    sheet
}

fn frontier(found: &FundingOverview) -> Sheet {
    let mut sheet = Sheet::new(
        "Frontier",
        "The best split of other totals",
        &[
            ("Total a year", Kind::Pounds),
            ("Cost a year", Kind::Pounds),
            ("Posts", Kind::Figure),
            ("All promises kept in the worst area", Kind::Share),
            ("95% interval from", Kind::Share),
            ("95% interval to", Kind::Share),
            ("Family-weeks waited a year", Kind::Figure),
            ("5th percentile", Kind::Figure),
            ("95th percentile", Kind::Figure),
        ],
    );
    for point in &found.frontier {
        let kept = point.does.worst_area_kept.as_ref();
        sheet.row(vec![
            Cell::pence(point.total_pence),
            Cell::pence(point.pence),
            Cell::Number(point.fte),
            Cell::maybe(kept.map(|kept| kept.share)),
            Cell::maybe(kept.map(|kept| kept.low)),
            Cell::maybe(kept.map(|kept| kept.high)),
            Cell::Number(point.does.waited.0),
            Cell::Number(point.does.waited.1),
            Cell::Number(point.does.waited.2),
        ]);
    }
    sheet
}
