//! What a run's report says: what happens if nothing changes.
//!
//! Consumes the figures of a run; produces the [`Section`]s before the method.

use super::charts::{chart, monday};
use super::model::{Section, Table};
use super::words::{self, FAMILIES, PROMISES};
use crate::report::model::{Report, area_name, is_present};
use crate::report::number::readable;
use crate::report::pictures::Subject;
use crate::report::plots::DrawError;
use crate::report::read::Results;
use crate::report::terminal::{Figure, HolderOverview, Overview, StandardOverview, Verdict, overview};
use crate::simulation::Holding;

/// Promises shown before the rest is folded away.
const WORST: usize = 10;
/// Areas up to which each one's weeks are unfolded.
const UNFOLDED: usize = 3;
/// Weeks after which one looks again.
const SIX_MONTHS: usize = 26;

/// The sections.
///
/// # Errors
/// Only if the drawing library fails.
pub(super) fn sections(results: &Results, report: &Report) -> Result<Vec<Section>, DrawError> {
    let found = overview(report, &[]);
    Ok(vec![
        answer(report, &found),
        options(),
        binding(&found),
        areas(results, report, &found)?,
        money(results, &found)?,
        drivers(report),
        change(&found),
        six_months(report),
    ])
}

fn answer(report: &Report, found: &Overview) -> Section {
    let mut section = Section::new("answer", "The answer first");
    section.lead(promises_kept(&found.standards));
    let mut points = Vec::new();
    if let Some(council) = found.holders.iter().find(|holder| holder.area == "all" && holder.team.is_empty())
    {
        if let Some(waiting) = council.waiting_families {
            let words = words::counted(&waiting, &FAMILIES);
            points.push(format!("On average {words} wait for a worker at any time."));
        }
        if let Some(open) = council.open_families {
            points.push(format!("Workers hold {} at any time.", words::counted(&open, &FAMILIES)));
        }
    }
    points.extend(most_waiting(report));
    if let Some(all) = found.costs.iter().find(|row| row.funder == "all" && row.year == "all") {
        let weeks = report.layout.weeks;
        points.push(format!("What is priced costs {} over the {weeks} weeks.", words::pounds(&all.pounds)));
    }
    if let Some(row) = found.costs.iter().find(|row| row.funder == "unfunded" && row.year == "all")
        && row.pounds.p95 > 0.0
    {
        points.push(format!("Of this, nobody pays {}.", words::pounds(&row.pounds)));
    }
    section.list(points);
    section.text(
        "This paper asks for no posts. It says what happens with the staff and the pathway as they are in the \
         scenario, so that the panel can judge whether that will do.",
    );
    section
}

/// How many promises are kept, in a sentence or two.
fn promises_kept(standards: &[StandardOverview]) -> String {
    if standards.is_empty() {
        return "The scenario has no service standards, so nothing can be called enough or too little."
            .to_owned();
    }
    let of = |verdicts: [Verdict; 2]| standards.iter().filter(|row| verdicts.contains(&row.verdict)).count();
    let short = of([Verdict::FallsShort, Verdict::ProbablyFallsShort]);
    let all = words::count(standards.len() as f64, &PROMISES);
    let unclear = standards
        .iter()
        .filter(|row| matches!(row.verdict, Verdict::ProbablyReaches | Verdict::ProbablyFallsShort))
        .count();
    let mut text = match short {
        0 => format!("As things stand, all of the council's {all} are kept as reliably as it wants."),
        short if short == standards.len() => {
            format!("As things stand, none of the council's {all} is kept as reliably as it wants.")
        }
        short => {
            let verb = |count: usize| if count == 1 { "is" } else { "are" };
            let kept = standards.len() - short;
            let (one, other) = (verb(kept), verb(short));
            format!(
                "As things stand, {kept} of the council's {all} {one} kept as reliably as it wants; {short} {other} not."
            )
        }
    };
    if unclear > 0 {
        let them = if unclear == 1 { "one of these verdicts" } else { "these verdicts" };
        text.push_str(&format!(" For {unclear} of them the runs are too few to be sure: {them} may turn."));
    }
    text
}

/// Where most families wait, told apart from the next or not.
fn most_waiting(report: &Report) -> Option<String> {
    let order = crate::report::plots::order(report);
    let range = |area: usize| {
        let estimate = report.horizon(report.series(Some(area), Holding::Area, "waiting_families")?);
        is_present(estimate).then_some((estimate.p05, estimate.p95))
    };
    let (first, second) = (*order.first()?, *order.get(1)?);
    let (a, b) = (range(first)?, range(second)?);
    if a.1 < 1.0 {
        return None;
    }
    let [one, other] = [first, second].map(|area| area_name(report.scenario, Some(area)));
    Some(match words::overlap(a, b) {
        true => format!(
            "On average most families wait in {one}; by their ranges, {one} and {other} cannot be told apart."
        ),
        false => format!("Most families wait in {one}: its range lies above that of {other}, the next."),
    })
}

fn options() -> Section {
    let mut section = Section::new("options", "The options");
    section.text(
        "This is the option of doing nothing: the scenario as it stands. \u{201c}caseflow staff\u{201d} finds the posts that keep \
         the promises, with their cost; \u{201c}caseflow compare\u{201d} holds other options against this one, on the same families.",
    );
    section
}

fn binding(found: &Overview) -> Section {
    let mut section = Section::new("promises", "Which promises are kept, and where it binds");
    if found.standards.is_empty() {
        section.text("The scenario has no service standards.");
        return section;
    }
    let mut rows: Vec<&StandardOverview> = found.standards.iter().collect();
    rows.sort_by(|a, b| {
        let margin = |row: &StandardOverview| row.reliability - row.wanted_reliability;
        margin(a).total_cmp(&margin(b))
    });
    let short: Vec<&StandardOverview> = (rows.iter().copied())
        .filter(|row| matches!(row.verdict, Verdict::FallsShort | Verdict::ProbablyFallsShort))
        .collect();
    if !short.is_empty() {
        section.text(if short.len() > WORST {
            format!("The {WORST} promises that fall furthest short, of {}:", short.len())
        } else {
            "The promises that fall short, furthest first:".to_owned()
        });
        section.table(promises_table("short", &short[..short.len().min(WORST)]));
    }
    let words = format!("All {} promises", rows.len());
    section.table(promises_table("promises-table", &rows).folded(&words));
    section
}

fn promises_table(id: &str, rows: &[&StandardOverview]) -> Table {
    let columns = [
        "Promise",
        "Area",
        "#Share achieved",
        "#Chance that it is kept (95% interval)",
        "#Wanted",
        "Verdict",
    ];
    let mut table = Table::new(id, "Chance that each promise is kept, as things stand", &columns);
    for row in rows {
        let share = row.mean_share.map_or("nothing to judge".to_owned(), words::percent);
        table.area_row(
            &row.area,
            vec![
                format!("{}: {}", row.name, row.promise),
                row.area_name.clone(),
                share,
                words::chance(row.reliability, (row.reliability_low, row.reliability_high)),
                words::percent(row.wanted_reliability),
                words::verdict(row.verdict).to_owned(),
            ],
        );
    }
    table
}

fn areas(results: &Results, report: &Report, found: &Overview) -> Result<Section, DrawError> {
    let mut section = Section::new("areas", "Area by area, week by week").on_new_page();
    for subject in [Subject::Areas, Subject::HeatMap] {
        if let Some(chart) = chart(results, subject)? {
            section.chart(chart);
        }
    }
    section.table(holders_table(&found.holders));
    let areas = (0..report.scenario.areas.len()).map(Some);
    for area in [None].into_iter().chain(areas) {
        if let Some(mut chart) = chart(results, Subject::Fan(area))? {
            chart.folded = area.is_some() && report.scenario.areas.len() > UNFOLDED;
            section.chart(chart);
        }
    }
    Ok(section)
}

fn holders_table(holders: &[HolderOverview]) -> Table {
    let columns = [
        "Area",
        "Team or desk",
        "#Families a week",
        "#Families open",
        "#Children open",
        "#Caseload per FTE",
        "#Families waiting",
        "#Mean wait, days",
    ];
    let caption = "What is asked, held and waited for: mean of all runs (9 in 10 runs)";
    let mut table = Table::new("holders", caption, &columns).folded("Every team and desk, as a table");
    for holder in holders {
        let caseload = match holder.caseload_counts {
            Some(counts) if holder.caseload_per_fte.is_some() => {
                format!("{} {counts}", words::cell(holder.caseload_per_fte))
            }
            _ => "–".to_owned(),
        };
        let team = if holder.team.is_empty() { "all" } else { &holder.team_name };
        table.area_row(
            &holder.area,
            vec![
                holder.area_name.clone(),
                team.to_owned(),
                words::cell(holder.asked_per_week),
                words::cell(holder.open_families),
                words::cell(holder.open_children),
                caseload,
                words::cell(holder.waiting_families),
                words::cell(holder.wait_mean_days),
            ],
        );
    }
    table
}

fn money(results: &Results, found: &Overview) -> Result<Section, DrawError> {
    let mut section = Section::new("costs", "What it costs, and who pays");
    if found.costs.is_empty() {
        section.text("The scenario says nothing about pay, so nothing can be said about cost.");
        return Ok(section);
    }
    if let Some(chart) = chart(results, Subject::Funders)? {
        section.chart(chart);
    }
    let mut table = Table::new(
        "costs-table",
        "By funder and financial year",
        &["Funder", "Year", "#Mean", "#9 in 10 runs"],
    );
    for row in &found.costs {
        let Figure { mean, p05, p95 } = row.pounds;
        let [mean, low, high] = [mean, p05, p95].map(words::pounds_of);
        let year = if row.year == "all" { "all reported" } else { &row.year };
        table.row(vec![row.funder_name.clone(), year.to_owned(), mean, format!("{low} to {high}")]);
    }
    if table.rows.len() > WORST {
        table = table.folded("By funder and financial year");
        table.in_print = true;
    }
    section.table(table);
    section
        .text("Figures of years are for the weeks reported. No saving is claimed from care that is avoided.");
    Ok(section)
}

fn drivers(report: &Report) -> Section {
    let mut section = Section::new("drivers", "What drives it");
    let ranged = report.scenario.assumptions().filter(|figure| figure.low.is_some()).count();
    section.text(format!(
        "{ranged} figures are uncertain and were varied together, so this run cannot say which of them matters most. \
         \u{201c}caseflow explain\u{201d} can: it takes the variation of each answer apart, figure by figure, luck apart."
    ));
    let mut table = Table::new(
        "pressure",
        "Teams under pressure: mean of all runs (9 in 10 runs)",
        &[
            "Area",
            "Team",
            "#Time workers are over their limit",
            "#Hours short a week",
            "#Families escalating while waiting",
        ],
    );
    let areas: Vec<Option<usize>> = (0..report.scenario.areas.len()).map(Some).chain([None]).collect();
    for (team, described) in report.scenario.teams.iter().enumerate() {
        for &area in &areas {
            let of = |measure: &str| {
                let estimate = report.horizon(report.series(area, Holding::Team(team), measure)?);
                is_present(estimate).then_some(Figure {
                    mean: estimate.mean,
                    p05: estimate.p05,
                    p95: estimate.p95,
                })
            };
            let (Some(over), Some(short)) = (of("share_workers_over_limit"), of("hours_short")) else {
                continue;
            };
            let share = |figure: Figure| {
                let [mean, low, high] = [figure.mean, figure.p05, figure.p95].map(words::percent);
                format!("{mean} ({low} to {high})")
            };
            table.area_row(
                crate::report::model::area_id(report.scenario, area),
                vec![
                    area_name(report.scenario, area).to_owned(),
                    described.name.clone(),
                    share(over),
                    words::cell(Some(short)),
                    words::cell(of("escalations")),
                ],
            );
        }
    }
    section.table(table);
    section
}

fn change(found: &Overview) -> Section {
    let mut section = Section::new("change", "What would change the answer");
    let near: Vec<String> = (found.standards.iter())
        .filter(|row| matches!(row.verdict, Verdict::ProbablyReaches | Verdict::ProbablyFallsShort))
        .map(|row| format!("{} in {}", row.name, row.area_name))
        .collect();
    section.list(vec![
        match near.len() {
            0 => "No verdict on a promise is near its turning point: more runs would not change one.".to_owned(),
            _ => format!(
                "{} {} so near to what is wanted that more runs may turn the verdict: {}.",
                words::count(near.len() as f64, &PROMISES),
                if near.len() == 1 { "is" } else { "are" },
                words::names(&near, 5)
            ),
        },
        "A figure outside its range in the register: each is a claim that can be checked against the council's own \
         counts."
            .to_owned(),
        "A change of threshold, of a partner's capacity or of the law, which the scenario does not have in it.".to_owned(),
    ]);
    section
}

/// What should be seen by then, if the assumptions hold.
fn six_months(report: &Report) -> Section {
    let mut section = Section::new("review", "What to look at in six months");
    let weeks = report.layout.weeks;
    if weeks == 0 {
        return section;
    }
    let week = SIX_MONTHS.min(weeks) - 1;
    section.text(format!(
        "In the week of {}, if the assumptions hold, the council should count what is below in 9 of 10 possible \
         futures. A count outside its range in one area is a warning; in several, the assumptions are wrong and the \
         figures should be asked for again.",
        monday(report.scenario, week)
    ));
    let mut table = Table::new(
        "review-table",
        "Range of 9 in 10 runs in that week",
        &["Area", "#Contacts in the week", "#Families waiting", "#Families open"],
    );
    for area in (0..report.scenario.areas.len()).map(Some).chain([None]) {
        let range = |measure: &str| match report.series(area, Holding::Area, measure) {
            Some(series) if is_present(&report.weeks(series)[week]) => {
                let estimate = &report.weeks(series)[week];
                let [low, high] = [estimate.p05.floor(), estimate.p95.ceil()].map(readable);
                format!("{low} to {high}")
            }
            _ => "–".to_owned(),
        };
        table.area_row(
            crate::report::model::area_id(report.scenario, area),
            vec![
                area_name(report.scenario, area).to_owned(),
                range("arrivals"),
                range("waiting_families"),
                range("open_families"),
            ],
        );
    }
    section.table(table);
    section
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::Example;

    fn standards(verdicts: &[Verdict]) -> Vec<StandardOverview> {
        let example = Example::small();
        let row = overview(&example.report(), &[]).standards[0].clone();
        verdicts.iter().map(|&verdict| StandardOverview { verdict, ..row.clone() }).collect()
    }

    #[test]
    fn promises_are_counted_and_doubt_is_said() {
        use Verdict::{FallsShort, ProbablyFallsShort, Reaches};
        assert_eq!(
            promises_kept(&standards(&[Reaches, Reaches])),
            "As things stand, all of the council's 2 promises are kept as reliably as it wants."
        );
        assert_eq!(
            promises_kept(&standards(&[Reaches, FallsShort, ProbablyFallsShort])),
            "As things stand, 1 of the council's 3 promises is kept as reliably as it wants; 2 are not. For 1 of \
             them the runs are too few to be sure: one of these verdicts may turn."
        );
        assert!(promises_kept(&[]).contains("no service standards"));
        assert!(promises_kept(&standards(&[FallsShort])).contains("none of the council's 1 promise is kept"));
    }
}
