//! The sheets of a staffing answer.

use super::model::{Cell, ChartPlan, Kind, Sheet, sum_where};
use crate::report::model::area_name;
use crate::report::staffing::{StaffingOverview, StaffingReport, served_name, staffing_overview};

pub(super) fn sheets(report: &StaffingReport) -> Vec<Sheet> {
    let found = staffing_overview(report);
    let posts = posts(&found);
    let totals = totals(&found, &posts);
    let costs = costs(&found);
    let mut sheets = vec![totals, posts];
    if !costs.rows.is_empty() {
        sheets.push(cost_totals(&found, &costs));
        sheets.push(costs);
    }
    sheets.extend([standards(report), curve(report)]);
    sheets
}

fn posts(found: &StaffingOverview) -> Sheet {
    let mut sheet = Sheet::new(
        "Posts",
        "Posts (full-time equivalents) by area and team: now, recommended, range, chance",
        &[
            ("Area", Kind::Text),
            ("Team id", Kind::Text),
            ("Team or desk", Kind::Text),
            ("Role", Kind::Text),
            ("Posts now", Kind::Figure),
            ("Recommended", Kind::Figure),
            ("More than now", Kind::Figure),
            ("Range from", Kind::Figure),
            ("Range to", Kind::Figure),
            ("Chance now", Kind::Share),
            ("Now: 95% interval from", Kind::Share),
            ("Now: 95% interval to", Kind::Share),
            ("Chance then", Kind::Share),
            ("Then: 95% interval from", Kind::Share),
            ("Then: 95% interval to", Kind::Share),
            ("Promise with the least margin", Kind::Text),
            ("Pounds a year", Kind::Pounds),
        ],
    );
    for seat in &found.posts {
        let at = sheet.rows.len() + 2;
        // Where posts decide nothing, those of now stay.
        let recommended = seat.recommended_fte.unwrap_or(seat.current_fte);
        let (now, chance) = (seat.chance_now.as_ref(), seat.chance.as_ref());
        sheet.row(vec![
            Cell::text(&seat.area_name),
            Cell::text(&seat.team),
            Cell::text(&seat.team_name),
            Cell::text(&seat.role),
            Cell::Number(seat.current_fte),
            Cell::Number(recommended),
            Cell::Formula(format!("F{at}-E{at}"), recommended - seat.current_fte),
            Cell::maybe(seat.range_fte.map(|range| range.0)),
            Cell::maybe(seat.range_fte.map(|range| range.1)),
            Cell::maybe(now.map(|chance| chance.reliability)),
            Cell::maybe(now.map(|chance| chance.interval.0)),
            Cell::maybe(now.map(|chance| chance.interval.1)),
            Cell::maybe(chance.map(|chance| chance.reliability)),
            Cell::maybe(chance.map(|chance| chance.interval.0)),
            Cell::maybe(chance.map(|chance| chance.interval.1)),
            Cell::text(chance.map_or("posts do not decide it", |chance| &chance.standard_name)),
            Cell::maybe(seat.annual_cost.map(|pounds| (pounds * 100.0).round() / 100.0)),
        ]);
    }
    sheet
}

/// Totals of posts by team, as formulas.
fn totals(found: &StaffingOverview, posts: &Sheet) -> Sheet {
    let mut sheet = Sheet::new(
        "Summary",
        "Posts by team or desk, all areas together, by formulas over the sheet Posts",
        &[
            ("Team id", Kind::Text),
            ("Team or desk", Kind::Text),
            ("Posts now", Kind::Figure),
            ("Recommended", Kind::Figure),
            ("More than now", Kind::Figure),
        ],
    );
    let mut teams: Vec<(&str, &str)> = Vec::new();
    for seat in &found.posts {
        if !teams.iter().any(|(id, _)| *id == seat.team) {
            teams.push((&seat.team, &seat.team_name));
        }
    }
    let sums = |team: Option<&str>| {
        let rows = found.posts.iter().filter(|seat| team.is_none_or(|team| seat.team == team));
        rows.fold((0.0, 0.0), |(now, then), seat| {
            (now + seat.current_fte, then + seat.recommended_fte.unwrap_or(seat.current_fte))
        })
    };
    let mut row = |id: &str, name: &str, team: Option<&str>| {
        let at = sheet.rows.len() + 2;
        let (now, then) = sums(team);
        let sum = |column: u16| match team {
            Some(_) => sum_where(posts, 1, &format!("A{at}"), column),
            None => format!("SUM({})", posts.range(column)),
        };
        sheet.row(vec![
            Cell::text(id),
            Cell::text(name),
            Cell::Formula(sum(4), now),
            Cell::Formula(sum(5), then),
            Cell::Formula(format!("D{at}-C{at}"), then - now),
        ]);
    };
    for (id, name) in &teams {
        row(id, name, Some(id));
    }
    row("all", "All teams and desks", None);
    sheet.chart = Some(ChartPlan {
        lines: false,
        title: "Posts now and as recommended".to_owned(),
        alt_text: "Bars: posts of each team or desk now and as recommended; the figures are in this sheet"
            .to_owned(),
        names: 1,
        values: vec![2, 3],
        rows: (1, teams.len().max(1) as u32),
        errors: None,
    });
    sheet
}

fn costs(found: &StaffingOverview) -> Sheet {
    let mut sheet = Sheet::new(
        "Costs",
        "Pounds a year by what for and who pays: mean of runs",
        &[
            ("What for", Kind::Text),
            ("Funder id", Kind::Text),
            ("Funder", Kind::Text),
            ("Now", Kind::Pounds),
            ("As recommended", Kind::Pounds),
            ("As recommended: 5th percentile", Kind::Pounds),
            ("As recommended: 95th percentile", Kind::Pounds),
            ("More than now", Kind::Pounds),
        ],
    );
    for row in found.costs.iter().filter(|row| row.role != "all") {
        let at = sheet.rows.len() + 2;
        let [now, then] = [row.now.mean, row.recommended.mean].map(penny);
        sheet.row(vec![
            Cell::text(&row.role),
            Cell::text(&row.funder),
            Cell::text(&row.funder_name),
            Cell::Number(now),
            Cell::Number(then),
            Cell::Number(penny(row.recommended.p05)),
            Cell::Number(penny(row.recommended.p95)),
            Cell::Formula(format!("ROUND(E{at}-D{at},2)"), penny(then - now)),
        ]);
    }
    sheet
}

fn penny(pounds: f64) -> f64 {
    (pounds * 100.0).round() / 100.0
}

/// Totals by funder as formulas. Means are rounded to the penny row by row, so that the run's own totals may
/// differ by pennies.
fn cost_totals(found: &StaffingOverview, costs: &Sheet) -> Sheet {
    let mut sheet = Sheet::new(
        "Cost totals",
        "Totals of the sheet Costs by formulas, beside the totals of the runs; each row is rounded to the penny, so they may differ by pennies",
        &[
            ("Funder id", Kind::Text),
            ("Funder", Kind::Text),
            ("Now: sum of the rows", Kind::Pounds),
            ("Now: total of the runs", Kind::Pounds),
            ("As recommended: sum of the rows", Kind::Pounds),
            ("As recommended: total of the runs", Kind::Pounds),
            ("More than now", Kind::Pounds),
        ],
    );
    for total in found.costs.iter().filter(|row| row.role == "all") {
        let at = sheet.rows.len() + 2;
        let of = |row: &&crate::report::staffing::BillOverview| {
            row.role != "all" && (total.funder == "all" || row.funder == total.funder)
        };
        let rows = || found.costs.iter().filter(of);
        let now = penny(rows().map(|row| penny(row.now.mean)).sum());
        let then = penny(rows().map(|row| penny(row.recommended.mean)).sum());
        let sum = |column: u16| {
            let sum = match total.funder.as_str() {
                "all" => format!("SUM({})", costs.range(column)),
                _ => sum_where(costs, 1, &format!("A{at}"), column),
            };
            format!("ROUND({sum},2)")
        };
        sheet.row(vec![
            Cell::text(&total.funder),
            Cell::text(if total.funder == "all" { "All costs" } else { &total.funder_name }),
            Cell::Formula(sum(3), now),
            Cell::Number(penny(total.now.mean)),
            Cell::Formula(sum(4), then),
            Cell::Number(penny(total.recommended.mean)),
            Cell::Formula(format!("ROUND(E{at}-C{at},2)"), penny(then - now)),
        ]);
    }
    sheet
}

fn standards(report: &StaffingReport) -> Sheet {
    let mut sheet = Sheet::new(
        "Standards",
        "The chance that each promise is kept, now and as recommended",
        &[
            ("Promise", Kind::Text),
            ("Area", Kind::Text),
            ("Wanted", Kind::Share),
            ("Chance now", Kind::Share),
            ("Chance then", Kind::Share),
            ("95% interval from", Kind::Share),
            ("95% interval to", Kind::Share),
            ("Chance in the worst four weeks", Kind::Share),
        ],
    );
    for row in &report.answer.standards {
        let standard = &report.scenario.standards[row.judged.standard];
        let (low, high) = row.recommended.interval();
        sheet.row(vec![
            Cell::text(&standard.name),
            Cell::text(area_name(report.scenario, row.judged.area)),
            Cell::Number(standard.reliability),
            Cell::Number(row.now.share()),
            Cell::Number(row.recommended.share()),
            Cell::Number(low),
            Cell::Number(high),
            Cell::Number(row.worst_weeks.share()),
        ]);
    }
    sheet
}

fn curve(report: &StaffingReport) -> Sheet {
    let mut sheet = Sheet::new(
        "Curves",
        "Posts around the recommendation, and the chance that promises are kept",
        &[
            ("Area", Kind::Text),
            ("Team or desk", Kind::Text),
            ("Posts", Kind::Figure),
            ("Promise with the least margin", Kind::Text),
            ("Chance that it is kept", Kind::Share),
            ("95% interval from", Kind::Share),
            ("95% interval to", Kind::Share),
            ("Waiting: mean", Kind::Figure),
            ("5th percentile", Kind::Figure),
            ("95th percentile", Kind::Figure),
        ],
    );
    for point in &report.answer.curve {
        let seat = &report.answer.seats[point.seat].seat;
        let standing = point.tightest.map(|(_, standing)| standing);
        let name = point.tightest.map_or("none", |(judged, _)| {
            &report.scenario.standards[report.answer.standards[judged].judged.standard].name
        });
        sheet.row(vec![
            Cell::text(served_name(report.scenario, seat)),
            Cell::text(&seat.name),
            Cell::Number(point.fte),
            Cell::text(name),
            Cell::maybe(standing.map(|standing| standing.share())),
            Cell::maybe(standing.map(|standing| standing.interval().0)),
            Cell::maybe(standing.map(|standing| standing.interval().1)),
            Cell::Number(point.waiting.mean),
            Cell::Number(point.waiting.p05),
            Cell::Number(point.waiting.p95),
        ]);
    }
    sheet
}
