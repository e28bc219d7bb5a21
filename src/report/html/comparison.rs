//! What the report of a comparison says: the options beside doing nothing.
//!
//! Consumes a [`ComparisonOverview`]; produces the [`Section`]s before the method.

use super::charts::chart;
use super::model::{Section, Table};
use super::words;
use crate::report::comparison::{
    ComparisonOverview, ComparisonReport, CriterionOverview, Drawing, OptionOverview, arrival_words,
    comparison_overview, figure_text, interval_text, trade_words,
};
use crate::report::number::readable;
use crate::report::pictures::{Subject, subjects};
use crate::report::plots::DrawError;
use crate::report::read::Results;

/// The sections.
///
/// # Errors
/// Only if the drawing library fails.
pub(super) fn sections(results: &Results, report: &ComparisonReport) -> Result<Vec<Section>, DrawError> {
    let found = comparison_overview(report);
    Ok(vec![
        answer(&found),
        options(&found),
        charts(
            results,
            "weeks",
            "When it arrives",
            |drawing| matches!(drawing, Drawing::Course { .. }),
            arrivals(&found),
        )?,
        money(&found),
        charts(
            results,
            "drivers",
            "What drives it",
            |drawing| matches!(drawing, Drawing::Waterfall { .. }),
            parts(&found),
        )?,
        change(&found),
        six_months(&found),
    ])
}

fn answer(found: &ComparisonOverview) -> Section {
    let mut section = Section::new("answer", "The answer first");
    section.lead(headline(found));
    let mut points = Vec::new();
    for option in &found.options {
        if option.identical {
            points.push(format!("{}: no figure differs from the base in any run.", option.title));
        } else {
            points.extend(option_words(option));
        }
    }
    section.list(points);
    section.text(format!(
        "All scenarios met the same families, sickness and shocks in {} runs, so a difference is the change's, not \
         luck's. Differences are option less base, with their 95% intervals.",
        found.replications
    ));
    section
}

/// Which is best by the first criterion, and whether it can be told apart.
fn headline(found: &ComparisonOverview) -> String {
    let Some(first) = found.ranking.first() else {
        return "Nothing was compared by any criterion.".to_owned();
    };
    let group: Vec<_> = found.ranking.iter().filter(|row| row.criterion == first.criterion).collect();
    let name = |scenario: &str| {
        let option = found.options.iter().find(|option| option.scenario == scenario);
        option.map_or(format!("doing nothing ({})", found.base_title), |option| option.title.clone())
    };
    let Some(second) = group.get(1) else { return format!("Only {} was judged.", name(&first.scenario)) };
    let by = first.name.to_lowercase();
    let best = words::percent(first.probability_best);
    match first.told_apart {
        Some(true) => format!(
            "By {by}, best is: {}. It is best of all in {best} of runs, and can be told apart from the next, {}.",
            name(&first.scenario),
            name(&second.scenario)
        ),
        _ if first.same_as_next => format!(
            "By {by}, {} and {} are the same in every run.",
            name(&first.scenario),
            name(&second.scenario)
        ),
        _ => format!(
            "By {by}, {} and {} cannot be told apart on these runs.{}",
            name(&first.scenario),
            name(&second.scenario),
            first.replications_to_tell.map_or(String::new(), |runs| {
                format!(" About {} runs of each would tell, were all else as it is.", readable(runs as f64))
            })
        ),
    }
}

fn option_words(option: &OptionOverview) -> Option<String> {
    let of = |judgement: &str| -> Vec<String> {
        let rows = option.criteria.iter().filter(|row| row.judgement == judgement);
        rows.map(|row| {
            format!("{} {}", row.name.to_lowercase(), interval_text(&row.difference, row.is_share))
        })
        .collect()
    };
    let (better, worse, unclear) = (of("better"), of("worse"), of("unclear"));
    let part = |words: &str, list: &[String]| {
        if list.is_empty() { String::new() } else { format!(" {words}: {}.", words::names(list, 6)) }
    };
    let text = format!(
        "{}:{}{}{}",
        option.title,
        part("Better", &better),
        part("Worse", &worse),
        part("Cannot be told apart", &unclear)
    );
    (!option.criteria.is_empty()).then_some(text)
}

fn options(found: &ComparisonOverview) -> Section {
    let mut section = Section::new("options", "The options, doing nothing among them");
    section.text(format!("Doing nothing is the base: {}.", found.base_title));
    let columns = [
        "Option",
        "By",
        "#Base: mean (95% interval)",
        "#Option: mean (95% interval)",
        "#Difference (95% interval)",
        "#Chance that it is better (95% interval)",
        "#Chance that it is best (95% interval)",
        "Verdict",
    ];
    let mut table = Table::new("options-table", "Each option against doing nothing", &columns);
    for option in &found.options {
        for row in &option.criteria {
            table.row(criterion_row(option, row));
        }
    }
    section.table(table);
    let mut promises = Table::new(
        "promises-table",
        "Promises kept in another share of runs",
        &["Option", "Promise", "Area", "#Base", "#Option", "#Difference (95% interval), points"],
    );
    for option in &found.options {
        for row in &option.standards {
            let [low, high] = row.interval.map(|end| format!("{:+.0}", 100.0 * end));
            promises.row(vec![
                option.title.clone(),
                row.name.clone(),
                row.area_name.clone(),
                words::percent(row.base),
                words::percent(row.option),
                format!("{:+.0} ({low} to {high})", 100.0 * (row.option - row.base)),
            ]);
        }
    }
    let words = format!("The {} promises that differ", promises.rows.len());
    section.table(promises.folded(&words));
    section
}

fn criterion_row(option: &OptionOverview, row: &CriterionOverview) -> Vec<String> {
    let verdict = match (row.judgement, row.replications_to_tell) {
        ("unclear", Some(runs)) => {
            format!("{}; {} runs would tell", words::judgement("unclear"), readable(runs as f64))
        }
        (judgement, _) => words::judgement(judgement).to_owned(),
    };
    let chance = |share: Option<f64>, interval: Option<(f64, f64)>| {
        share.zip(interval).map_or("–".to_owned(), |(share, interval)| words::chance(share, interval))
    };
    let known = |mean: f64, (low, high): (f64, f64)| {
        let [mean, low, high] = [mean, low, high].map(|value| figure_text(value, row.is_share));
        if low == high { mean } else { format!("{mean} ({low} to {high})") }
    };
    vec![
        option.title.clone(),
        row.name.clone(),
        known(row.base, row.base_interval),
        known(row.option, row.option_interval),
        interval_text(&row.difference, row.is_share),
        chance(row.probability_better, row.better_interval),
        chance(row.probability_best, row.best_interval),
        verdict,
    ]
}

fn arrivals(found: &ComparisonOverview) -> Vec<String> {
    let of = |option: &OptionOverview| -> Vec<String> {
        option
            .arrivals
            .iter()
            .map(|arrival| words::days(&format!("{}: {}", option.title, arrival_words(arrival))))
            .collect()
    };
    found.options.iter().flat_map(of).collect()
}

fn parts(found: &ComparisonOverview) -> Vec<String> {
    if found.options.iter().all(|option| option.parts.is_empty()) {
        return vec!["The options' changes were not simulated one at a time.".to_owned()];
    }
    vec!["Each change of an option was laid alone on the base and simulated on the same families.".to_owned()]
}

fn charts(
    results: &Results,
    id: &'static str,
    heading: &str,
    which: fn(Drawing) -> bool,
    words: Vec<String>,
) -> Result<Section, DrawError> {
    let mut section = Section::new(id, heading);
    section.list(words);
    for subject in subjects(results) {
        if let Subject::Difference(drawing) = subject
            && which(drawing)
            && let Some(chart) = chart(results, subject)?
        {
            section.chart(chart);
        }
    }
    Ok(section)
}

fn money(found: &ComparisonOverview) -> Section {
    let mut section = Section::new("costs", "What it costs, and who pays");
    let columns = ["Option", "Who pays", "#Base", "#Option", "#More (95% interval)"];
    let mut table = Table::new("costs-table", "Pounds over the weeks compared", &columns);
    for option in &found.options {
        for row in &option.costs {
            let [mean, low, high] =
                [row.difference.mean, row.difference.low, row.difference.high].map(words::pounds_of);
            let name = if row.funder == "all" { "All".to_owned() } else { row.name.clone() };
            let [base, own] = [row.base, row.option].map(words::pounds_of);
            let more = if low == high { mean } else { format!("{mean} ({low} to {high})") };
            table.row(vec![option.title.clone(), name, base, own, more]);
        }
    }
    if table.rows.is_empty() {
        section.text("No scenario says anything about pay, so nothing can be said about cost.");
    }
    section.table(table);
    for option in &found.options {
        if let Some((most, week)) = &option.most_posts_more {
            let week = words::days(week);
            section.text(format!(
                "{}: caseload teams have more posts in {} weeks, at most {} more, in the week of {week}.",
                option.title,
                option.weeks_with_more_posts,
                words::posts(*most)
            ));
        }
    }
    section.text("No saving is claimed from care that is avoided.");
    section
}

fn change(found: &ComparisonOverview) -> Section {
    let mut section = Section::new("change", "What would change the answer");
    let mut items: Vec<String> = found.tradeoffs.iter().map(trade_words).collect();
    items.truncate(12);
    items.push(
        "What scenarios have in common cancels out; a figure that differs between them does not.".to_owned(),
    );
    section.list(items);
    section.list(found.notes.iter().map(|note| words::sentence(note)).collect());
    section
}

fn six_months(found: &ComparisonOverview) -> Section {
    let mut section = Section::new("review", "What to look at in six months");
    let columns = ["Option", "By", "First differs", "Better in all from", "Certain from"];
    let mut table =
        Table::new("review-table", "When each benefit should be seen (weeks that begin on)", &columns);
    for option in &found.options {
        for arrival in &option.arrivals {
            let week = |week: &Option<String>| {
                week.as_deref().map_or("not within these weeks".to_owned(), words::days)
            };
            let range = match (&arrival.break_even, &arrival.break_even_range) {
                (Some(_), [early, late]) => format!(" (9 in 10 runs: {} to {})", week(early), week(late)),
                (None, _) => String::new(),
            };
            table.row(vec![
                option.title.clone(),
                arrival.name.clone(),
                week(&arrival.first_change),
                format!("{}{range}", week(&arrival.break_even)),
                week(&arrival.certain_from),
            ]);
        }
    }
    section.text(
        "A benefit that is not seen by its date is a reason to look again. Before it is certain in this table, one \
         council's own count cannot tell it from luck.",
    );
    section.table(table);
    section.table(seen(found));
    section
}

/// Whether a council that counts in its own one future would see a difference.
fn seen(found: &ComparisonOverview) -> Table {
    let columns = [
        "Option",
        "By",
        "#Weeks since it began",
        "#Chance that it is seen (95% interval)",
        "In 80% or more from",
    ];
    let caption = "Could it be seen in the council's own counts? Weekly counts since it began against those before, one \
                   false alarm in 20";
    let mut table = Table::new("seen", caption, &columns);
    for option in &found.options {
        for detection in &option.detections {
            let from = detection.enough_from.as_deref();
            let from = from.map_or("not within these weeks".to_owned(), words::days);
            for (weeks, power, interval, ..) in &detection.after {
                table.row(vec![
                    option.title.clone(),
                    detection.name.clone(),
                    weeks.to_string(),
                    words::chance(*power, *interval),
                    from.clone(),
                ]);
            }
        }
    }
    table
}
