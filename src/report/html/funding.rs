//! What the report of a funding answer says: who gets the money for posts.
//!
//! Consumes a [`FundingOverview`]; produces the [`Section`]s before the method.

use super::charts::chart;
use super::model::{Column, Section, Table};
use super::words;
use crate::report::funding::{
    Does, FundingOverview, FundingReport, KnownOverview, RuleOverview, Share, funding_overview,
};
use crate::report::number::{pounds_short, readable};
use crate::report::pictures::Subject;
use crate::report::plots::DrawError;
use crate::report::read::Results;

/// The sections.
///
/// # Errors
/// Only if the drawing library fails.
pub(super) fn sections(results: &Results, report: &FundingReport) -> Result<Vec<Section>, DrawError> {
    let found = funding_overview(report);
    Ok(vec![
        answer(&found),
        options(results, &found)?,
        posts(&found),
        money(&found),
        drivers(results, &found)?,
        change(&found),
        six_months(&found),
    ])
}

fn chosen(found: &FundingOverview) -> Option<&RuleOverview> {
    found.rules.iter().find(|rule| rule.rule == found.chosen)
}

/// An average with the 95% interval of that average.
fn known(known: &KnownOverview) -> String {
    let [mean, low, high] = [known.mean, known.low, known.high].map(readable);
    format!("{mean} ({low} to {high})")
}

/// An average with the range of 9 in 10 runs.
fn ranged((mean, low, high): (f64, f64, f64)) -> String {
    let [mean, low, high] = [mean, low, high].map(readable);
    format!("{mean} ({low} to {high})")
}

fn share(share: &Share) -> String {
    words::chance(share.share, (share.low, share.high))
}

/// Whether a way waits less than the posts of now.
fn against_now(does: &Does) -> String {
    let more = &does.waited_more;
    if more.low <= 0.0 && more.high >= 0.0 {
        "its waiting cannot be told apart from that with the posts of now".to_owned()
    } else {
        let how = if more.high < 0.0 { "fewer" } else { "more" };
        let [mean, low, high] =
            [more.mean.abs(), more.low.abs().min(more.high.abs()), more.low.abs().max(more.high.abs())]
                .map(readable);
        format!("{mean} ({low} to {high}) {how} family-weeks waited a year than with the posts of now")
    }
}

fn answer(found: &FundingOverview) -> Section {
    let mut section = Section::new("answer", "The ask, and the answer");
    let total = pounds_short(found.total_pence);
    if let Some(best) = chosen(found) {
        let fte: f64 = best.fte.iter().sum();
        section.lead(format!(
            "Of {total} a year for posts, the best way found is \u{201c}{}\u{201d}: {} posts for {}, {}.",
            best.name,
            words::posts(fte),
            pounds_short(best.pence),
            against_now(&best.does)
        ));
        let mut points = Vec::new();
        if let (Some(area), Some(kept)) = (&best.does.worst_area, &best.does.worst_area_kept) {
            points.push(format!(
                "All promises are kept in the worst area, {area}, in {} of runs.",
                share(kept)
            ));
        }
        if best.unpaid_pence > 0 {
            points.push(format!("No pot may or can pay {} of it.", pounds_short(best.unpaid_pence)));
        }
        points.push(format!(
            "The least that meets every promise that posts can meet costs {} a year{}.",
            pounds_short(found.cheapest.pence),
            match found.cheapest.missing_pence {
                0 => String::new(),
                missing => format!(", of which the pots lack {}", pounds_short(missing)),
            }
        ));
        section.list(points);
    }
    section.text(format!("Behind each figure are {} runs, the same families in all.", found.replications));
    section
}

/// What each way does, as a table.
pub(super) fn rules_table(found: &FundingOverview) -> Table {
    let columns = [
        "Way to share it out",
        "#Posts",
        "#Pounds a year",
        "Worst area",
        "#All promises kept there (95% interval)",
        "#Family-weeks waited a year (9 in 10 runs)",
        "#More than with the posts of now (95% interval)",
    ];
    let mut table = Table::new("rules", "Ways to share the money out, the posts of now first", &columns);
    for (at, rule) in found.rules.iter().enumerate() {
        let does = &rule.does;
        // Doing nothing differs from itself in nothing.
        let more = if at == 0 { "–".to_owned() } else { known(&does.waited_more) };
        table.row(vec![
            rule.name.clone(),
            words::posts(rule.fte.iter().sum()),
            pounds_short(rule.pence),
            does.worst_area.clone().unwrap_or("–".to_owned()),
            does.worst_area_kept.as_ref().map_or("–".to_owned(), share),
            ranged(does.waited),
            more,
        ]);
    }
    table
}

/// What other totals would do, as a table.
pub(super) fn frontier_table(found: &FundingOverview) -> Table {
    let columns = [
        "Total a year",
        "#Posts",
        "#Cost a year",
        "#All promises kept in the worst area (95% interval)",
        "#Family-weeks waited a year (9 in 10 runs)",
    ];
    let mut table = Table::new("frontier", "The posts of now, and the best split of other totals", &columns);
    if let Some(now) = found.rules.first() {
        table.row(vec![
            now.name.clone(),
            words::posts(now.fte.iter().sum()),
            pounds_short(now.pence),
            now.does.worst_area_kept.as_ref().map_or("–".to_owned(), share),
            ranged(now.does.waited),
        ]);
    }
    for point in &found.frontier {
        table.row(vec![
            pounds_short(point.total_pence),
            words::posts(point.fte),
            pounds_short(point.pence),
            point.does.worst_area_kept.as_ref().map_or("–".to_owned(), share),
            ranged(point.does.waited),
        ]);
    }
    table
}

fn options(results: &Results, found: &FundingOverview) -> Result<Section, DrawError> {
    let mut section = Section::new("options", "The options, doing nothing among them");
    section.text("Doing nothing keeps the posts of now. Each other way shares the same money out.");
    section.table(rules_table(found));
    if let Some(chart) = chart(results, Subject::Splits)? {
        section.chart(chart);
    }
    Ok(section)
}

fn posts(found: &FundingOverview) -> Section {
    let mut section = Section::new("posts", "Posts by area and team");
    let mut table =
        Table::new("posts-table", "Posts (full-time equivalents) under each way", &["Area", "Team", "#Now"]);
    table.columns.extend(found.rules.iter().skip(1).map(|rule| Column::of_figures(&rule.name)));
    for (at, place) in found.places.iter().enumerate() {
        let own = found.rules.iter().skip(1).map(|rule| words::posts(rule.fte[at]));
        let names = [place.area_name.clone(), place.team_name.clone(), words::posts(place.current_fte)];
        table.area_row(&place.area, names.into_iter().chain(own).collect());
    }
    section.table(table);
    section
}

fn money(found: &FundingOverview) -> Section {
    let mut section = Section::new("costs", "Who pays");
    let mut table =
        Table::new("pots", "What each pot pays a year", &["Way", "Pot", "Funder", "#Held", "#Paid"]);
    for rule in &found.rules {
        for (pot, funder, held, paid) in &rule.pots {
            let held = held.map_or("without limit".to_owned(), pounds_short);
            table.row(vec![
                rule.name.clone(),
                pot.replace('_', " "),
                funder.clone(),
                held,
                pounds_short(*paid),
            ]);
        }
    }
    table.in_print = true;
    section.table(table.folded("What each pot pays a year under each way"));
    section.text("Pounds are rounded here; to the penny they are in funding_pots.csv and add up there.");
    section
}

fn drivers(results: &Results, found: &FundingOverview) -> Result<Section, DrawError> {
    let mut section = Section::new("drivers", "What drives it: the next money");
    let columns = [
        "Where",
        "#Posts more",
        "#Cost a year",
        "#Family-weeks waited, for the sum (95% interval)",
        "#All promises kept, without and with (95% interval)",
    ];
    let caption = format!(
        "What {} more would do in each place, from the posts of now",
        words::pounds_of(found.next_pounds)
    );
    let mut table = Table::new("next", caption, &columns);
    for row in &found.next {
        let kept = row
            .kept
            .map_or("–".to_owned(), |(without, with)| format!("{} and {}", share(&without), share(&with)));
        let sum = known(&row.waited_for_sum);
        table.row(vec![row.name.clone(), words::posts(row.fte), pounds_short(row.pence), sum, kept]);
    }
    section.table(table);
    if let Some(chart) = chart(results, Subject::Frontier)? {
        section.chart(chart);
    }
    Ok(section)
}

fn change(found: &FundingOverview) -> Section {
    let mut section = Section::new("change", "What would change the answer");
    let mut items: Vec<String> = Vec::new();
    for ending in &found.endings {
        let chance = ending.withdrawal.map_or(String::new(), |chance| {
            format!(" The chance of that is {} a year.", words::percent(chance))
        });
        items.push(format!(
            "If {} ends on {}, {} posts go ({} a year), and {} more family-weeks are waited in the year after.{chance}",
            ending.name,
            words::days(&ending.from),
            words::posts(ending.fte),
            pounds_short(ending.pence),
            known(&ending.waited)
        ));
    }
    items.push(
        "Another objective: what is best for the worst area need not be best for all families.".to_owned(),
    );
    items.extend(found.notes.iter().map(|note| words::sentence(note)));
    section.list(items);
    section
}

fn six_months(found: &FundingOverview) -> Section {
    let mut section = Section::new("review", "What to look at in six months");
    section.text(
        "Whether each pot has paid what it was to pay, whether the posts are filled, and whether fewer families wait in \
         the worst area than did before the money came.",
    );
    if let Some(best) = chosen(found) {
        let columns = ["Area", "Team", "#Posts to be filled"];
        let mut table = Table::new("review-table", "Posts of the best way found", &columns);
        for (place, fte) in found.places.iter().zip(&best.fte) {
            table.area_row(
                &place.area,
                vec![place.area_name.clone(), place.team_name.clone(), words::posts(*fte)],
            );
        }
        section.table(table);
    }
    section
}
