//! What the report of a staffing answer says: the posts to agree.
//!
//! Consumes a [`StaffingOverview`]; produces the [`Section`]s before the method.

use super::charts::chart;
use super::model::{Section, Table};
use super::words;
use crate::report::pictures::{Subject, subjects};
use crate::report::plots::DrawError;
use crate::report::read::Results;
use crate::report::staffing::{
    BillOverview, Chance, SeatOverview, StaffingOverview, StaffingReport, StepOverview, staffing_overview,
};
use crate::report::terminal::Figure;

/// The sections.
///
/// # Errors
/// Only if the drawing library fails.
pub(super) fn sections(results: &Results, report: &StaffingReport) -> Result<Vec<Section>, DrawError> {
    let found = staffing_overview(report);
    Ok(vec![
        answer(report, &found),
        options(&found),
        curves(results, &found)?,
        promises(report, &found),
        money(&found),
        drivers(&found),
        change(&found),
        six_months(&found),
    ])
}

/// Posts of now and as recommended, over the seats that posts decide.
fn totals(found: &StaffingOverview) -> (f64, f64) {
    let decided = found.posts.iter().filter(|seat| seat.recommended_fte.is_some());
    decided.fold((0.0, 0.0), |(now, wanted), seat| {
        (now + seat.current_fte, wanted + seat.recommended_fte.unwrap_or(seat.current_fte))
    })
}

fn answer(report: &StaffingReport, found: &StaffingOverview) -> Section {
    let mut section = Section::new("answer", "The ask, and the answer");
    section.lead(ask(found));
    let mut points = Vec::new();
    if let Some(row) = bill(found, "all", "all") {
        points.push(cost_words(row));
    }
    if let Some(row) = bill(found, "all", "unfunded")
        && row.recommended.p95 > 0.0
    {
        points.push(format!(
            "Of the cost as recommended, nobody pays {} a year.",
            words::pounds(&row.recommended)
        ));
    }
    let open = found.posts.iter().filter(|seat| seat.recommended_fte.is_none()).count();
    if open > 0 {
        points.push(format!(
            "For {open} of {} teams and desks no number of posts keeps the promises: see what would change the answer.",
            found.posts.len()
        ));
    }
    if !report.answer.settled {
        points.push(
            "The search did not come to an end: take these posts as a first idea, not as the answer."
                .to_owned(),
        );
    }
    section.list(points);
    section.table(posts_table(found));
    section.text(
        "The range holds the posts that 9 in 10 possible futures need. The chance is that of the promise with the \
         least margin; its 95% interval says how well the runs know it.",
    );
    section
}

/// What is asked for.
fn ask(found: &StaffingOverview) -> String {
    let (now, wanted) = totals(found);
    let decided = found.posts.iter().filter(|seat| seat.recommended_fte.is_some()).count();
    if decided == 0 {
        return "No number of posts keeps the council's promises: something other than posts must change."
            .to_owned();
    }
    let change = match wanted - now {
        more if more > 0.05 => format!("{} more than now", words::posts(more)),
        less if less < -0.05 => format!("{} fewer than now", words::posts(-less)),
        _ => "as many as now".to_owned(),
    };
    let low: f64 = found.posts.iter().filter_map(|seat| seat.range_fte).map(|range| range.0).sum();
    let high: f64 = found.posts.iter().filter_map(|seat| seat.range_fte).map(|range| range.1).sum();
    format!(
        "Agree {} full-time {} in {decided} teams and desks, {change}, with which the council's promises are kept as \
         reliably as it wants. Adding up each one's own range of 9 in 10 futures gives {} to {}.",
        words::posts(wanted),
        if wanted == 1.0 { "post" } else { "posts" },
        words::posts(low),
        words::posts(high)
    )
}

fn cost_words(row: &BillOverview) -> String {
    let difference = &row.difference;
    let change = if difference.p05 > 0.0 {
        format!("{} more than now", words::pounds(difference))
    } else if difference.p95 < 0.0 {
        let less = Figure { mean: -difference.mean, p05: -difference.p95, p95: -difference.p05 };
        format!("{} less than now", words::pounds(&less))
    } else {
        "which cannot be told apart from the cost of now".to_owned()
    };
    format!("All that is priced then costs {} a year: {change}.", words::pounds(&row.recommended))
}

fn bill<'a>(found: &'a StaffingOverview, role: &str, funder: &str) -> Option<&'a BillOverview> {
    found.costs.iter().find(|row| row.role == role && row.funder == funder)
}

fn range(seat: &SeatOverview) -> String {
    seat.range_fte.map_or("not known".to_owned(), |(low, high)| {
        let low = format!("{}{}", if seat.range_open.0 { "at most " } else { "" }, words::posts(low));
        let high = format!("{}{}", words::posts(high), if seat.range_open.1 { " or more" } else { "" });
        format!("{low} to {high}")
    })
}

fn chance(chance: Option<&Chance>) -> String {
    chance.map_or("–".to_owned(), |chance| words::chance(chance.reliability, chance.interval))
}

/// A chance with its interval, where there is one.
fn known(share: Option<f64>, interval: Option<(f64, f64)>) -> String {
    share.zip(interval).map_or("–".to_owned(), |(share, interval)| words::chance(share, interval))
}

fn posts_table(found: &StaffingOverview) -> Table {
    let columns = [
        "Area",
        "Team or desk",
        "#Posts now",
        "#Recommended",
        "#Range",
        "#Chance now",
        "#Chance then",
        "Promise with the least margin",
        "#Pounds a year",
    ];
    let mut table = Table::new("posts", "Posts (full-time equivalents) and what they give", &columns);
    for seat in &found.posts {
        table.area_row(
            &seat.area,
            vec![
                seat.area_name.clone(),
                seat.team_name.clone(),
                words::posts(seat.current_fte),
                seat.recommended_fte.map_or("posts do not decide it".to_owned(), words::posts),
                range(seat),
                chance(seat.chance_now.as_ref()),
                chance(seat.chance.as_ref()),
                seat.chance.as_ref().map_or("–".to_owned(), |chance| chance.standard_name.clone()),
                seat.annual_cost.map_or("not known".to_owned(), words::pounds_of),
            ],
        );
    }
    table
}

fn options(found: &StaffingOverview) -> Section {
    let mut section = Section::new("options", "The options");
    section.text(
        "Doing nothing keeps the posts of now. The others are the posts recommended, and one step fewer or more in one \
         place, all others as recommended.",
    );
    let columns = [
        "Area",
        "Team or desk",
        "Option",
        "#Posts",
        "#Chance of the promise with the least margin",
        "#Families waiting: mean (9 in 10 runs)",
    ];
    let mut table = Table::new("options-table", "Options for each team and desk", &columns);
    for seat in &found.posts {
        let mut row = |option: &str, fte: f64, chance: String, waiting: Figure| {
            let names = [seat.area_name.clone(), seat.team_name.clone(), option.to_owned()];
            let figures = [words::posts(fte), chance, words::cell(Some(waiting))];
            table.area_row(&seat.area, names.into_iter().chain(figures).collect());
        };
        row("Do nothing", seat.current_fte, chance(seat.chance_now.as_ref()), seat.waiting_now);
        let Some(recommended) = seat.recommended_fte else { continue };
        let beside = |step: &StepOverview| known(step.reliability, step.interval);
        if let Some(less) = &seat.one_less {
            row("A step fewer", less.fte, beside(less), less.waiting);
        }
        row("As recommended", recommended, chance(seat.chance.as_ref()), seat.waiting);
        if let Some(more) = &seat.one_more {
            row("A step more", more.fte, beside(more), more.waiting);
        }
    }
    section.table(table);
    if !found.pooling.is_empty() {
        section.heading("The same posts otherwise arranged");
        let columns = [
            "Team",
            "Arrangement",
            "Area",
            "#Families waiting: mean (9 in 10 runs)",
            "#Wait in days: mean (9 in 10 runs)",
            "#Least chance of a promise (95% interval)",
        ];
        let mut table = Table::new("pooling", "Ring-fenced, partly floating, or one pool", &columns);
        for row in &found.pooling {
            table.row(vec![
                row.team_name.clone(),
                row.arrangement.replace('_', " "),
                row.area_name.clone(),
                words::cell(Some(row.waiting)),
                words::cell(row.wait_days),
                known(row.least_reliability, row.least_interval),
            ]);
        }
        table.in_print = true;
        section.table(table.folded("Ring-fenced, partly floating, or one pool"));
    }
    section
}

fn curves(results: &Results, found: &StaffingOverview) -> Result<Section, DrawError> {
    let mut section = Section::new("curves", "What a post more or less does").on_new_page();
    section.text(format!(
        "Each point is a simulation of its own, on the same families, with all posts of a team moved together. A step is {} {}.",
        words::posts(found.step),
        if found.step == 1.0 { "post" } else { "of a post" }
    ));
    for subject in subjects(results) {
        if let (Subject::Curves(_), Some(chart)) = (subject, chart(results, subject)?) {
            section.chart(chart);
        }
    }
    Ok(section)
}

fn promises(report: &StaffingReport, found: &StaffingOverview) -> Section {
    let mut section = Section::new("promises", "Each promise, now and then");
    let columns =
        ["Promise", "Area", "#Wanted", "#Chance now", "#Chance then", "#Chance in the worst four weeks"];
    let caption = "Chance that each promise is kept (95% interval)";
    let mut table = Table::new("promises-table", caption, &columns);
    for row in &report.answer.standards {
        let standard = &report.scenario.standards[row.judged.standard];
        let of = |standing: crate::decisions::staffing::Standing| {
            words::chance(standing.share(), standing.interval())
        };
        table.row(vec![
            standard.name.clone(),
            crate::report::model::area_name(report.scenario, row.judged.area).to_owned(),
            words::percent(standard.reliability),
            of(row.now),
            of(row.recommended),
            of(row.worst_weeks),
        ]);
    }
    section.table(table);
    section.list(found.notes.iter().map(|note| words::sentence(note)).collect());
    section
}

fn money(found: &StaffingOverview) -> Section {
    let mut section = Section::new("costs", "What it costs a year, and who pays");
    if found.costs.is_empty() {
        section.text("The scenario says nothing about pay, so nothing can be said about cost.");
        return section;
    }
    let columns = ["What for", "Who pays", "#Now", "#As recommended", "#More than now"];
    let mut table = Table::new("costs-table", "Pounds a year: mean (9 in 10 runs)", &columns);
    for row in &found.costs {
        let what =
            if row.role == "all" { "Everything".to_owned() } else { row.role.replace(['_', ':'], " ") };
        let funder = if row.funder == "all" { "All".to_owned() } else { row.funder_name.clone() };
        let [now, then, more] = [&row.now, &row.recommended, &row.difference].map(words::pounds);
        table.row(vec![what, funder, now, then, more]);
    }
    section.table(table);
    section.text("No saving is claimed from care that is avoided.");
    section
}

fn drivers(found: &StaffingOverview) -> Section {
    let mut section = Section::new("drivers", "What drives it");
    let mut items: Vec<String> = Vec::new();
    for seat in &found.posts {
        if let (Some(chance), Some(_)) = (&seat.chance, seat.recommended_fte) {
            items.push(format!(
                "{}, {}: the promise \u{201c}{}\u{201d} binds.{}",
                seat.team_name,
                seat.area_name,
                chance.standard_name,
                match seat.chance_right_step {
                    Some(right) =>
                        format!(" The chance that this is the right step is {}.", words::percent(right)),
                    None => String::new(),
                }
            ));
        }
    }
    section.list(items);
    section.text(
        "Which uncertain figure matters most for the number of posts, \u{201c}caseflow explain\u{201d} says.",
    );
    section
}

fn change(found: &StaffingOverview) -> Section {
    let mut section = Section::new("change", "What would change the answer");
    let mut items: Vec<String> = Vec::new();
    for obstacle in &found.obstacles {
        let lifted: Vec<String> = obstacle
            .lifted
            .iter()
            .map(|(what, then)| format!("{what} ({} then)", words::percent(*then)))
            .collect();
        items.push(format!(
            "{} in {} is kept in {} of runs even with ample posts, where {} is wanted. What helps when lifted: {}.",
            obstacle.standard_name,
            obstacle.area_name,
            words::percent(obstacle.reliability),
            words::percent(obstacle.wanted),
            words::names(&lifted, 3)
        ));
    }
    for seat in found.posts.iter().filter(|seat| !seat.analytic_agrees) {
        items.push(format!(
            "{}, {}: a formula without simulation suggests {} {}, further away than its accuracy; have it looked at.",
            seat.team_name,
            seat.area_name,
            words::posts(seat.analytic_fte),
            if seat.analytic_fte == 1.0 { "post" } else { "posts" }
        ));
    }
    items.push(
        "A wanted reliability higher or lower than the council's: the curves show the posts of each."
            .to_owned(),
    );
    items.push("A figure outside its range in the register.".to_owned());
    section.list(items);
    section
}

fn six_months(found: &StaffingOverview) -> Section {
    let mut section = Section::new("review", "What to look at in six months");
    section.text(
        "With the posts filled as recommended, the council should see the waiting lists below on average. Lists that stay \
         much longer for a season mean that the assumptions are wrong, or that the posts are not filled.",
    );
    let columns = [
        "Area",
        "Team or desk",
        "#Posts to be filled",
        "#Waiting then: mean (9 in 10 runs)",
        "#Waiting now: mean (9 in 10 runs)",
    ];
    let mut table = Table::new("review-table", "What to count", &columns);
    for seat in found.posts.iter().filter(|seat| seat.recommended_fte.is_some()) {
        table.row(vec![
            seat.area_name.clone(),
            seat.team_name.clone(),
            seat.recommended_fte.map_or("–".to_owned(), words::posts),
            words::cell(Some(seat.waiting)),
            words::cell(Some(seat.waiting_now)),
        ]);
    }
    section.table(table);
    section
}
