//! Sections that every report has: method, assumptions, verification, limits.
//!
//! Consumes [`Results`]; produces [`Section`]s in plain English. What differs by command is in the modules
//! named after them.

use super::model::{Chart, Column, Section, Table};
use super::words;
use crate::report::plots::{self, DrawError};
use crate::report::read::Results;
use crate::report::suppress;
use crate::report::terminal::percent;
use crate::scenario::{Basis, Destination, Parameter, Scenario};

/// How the model works, with the pathway.
pub(super) fn method(results: &Results) -> Result<Section, DrawError> {
    let scenario = results.scenario();
    let mut section = Section::new("method", "How this was worked out").on_new_page();
    section.text(format!(
        "caseflow simulates the council's referrals, the way of each family through the front door, early help \
         and social care, and the hours of the workers who hold them, day by day. It did so {} times. Each run has \
         its own families, its own luck, and its own value of every uncertain figure, drawn from the range that the \
         assumptions below give it. What is said to happen in 9 of 10 runs happened between the 5th and the 95th \
         of every hundred.",
        results.run.replications
    ));
    section.list(what_is_in_it(scenario));
    let picture = plots::pathway(scenario)?;
    let caption = "The pathway of families in this model".to_owned();
    let mut table = ways_table(scenario);
    table.id = "chart-pathway-table".to_owned();
    table.fold = Some("Every way on, with its share, as a table".to_owned());
    section.chart(Chart {
        id: format!("chart-{}", picture.name),
        caption,
        area: None,
        folded: false,
        svg: picture.svg,
        guide: None,
        table,
    });
    if !scenario.initial.is_empty() {
        section.heading("Families open at the start");
        section.text(format!(
            "The run starts from the families that the council had open. Counts from 1 to {} are real children's \
             families: they are hidden, as {}, and so are others that would give them away.",
            suppress::SMALL,
            suppress::HIDDEN
        ));
        section.table(initial_table(scenario));
    }
    Ok(section)
}

/// How many there are of something.
fn some(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn what_is_in_it(scenario: &Scenario) -> Vec<String> {
    let mut items = vec![
        format!(
            "{}, {}, {}, {} and {}.",
            some(scenario.areas.len(), "area", "areas"),
            some(scenario.sources.len(), "source of referrals", "sources of referrals"),
            some(scenario.stages.len(), "stage of the pathway", "stages of the pathway"),
            some(scenario.teams.len(), "team", "teams"),
            some(scenario.desks.len(), "desk", "desks")
        ),
        "Schools refer less while they are closed. Part of the need that nobody saw comes forward after the return."
            .to_owned(),
        "A worker takes a new family while they hold fewer than their limit. Hours that are short stretch the work; \
         families that wait may escalate or give up."
            .to_owned(),
    ];
    items.push(match scenario.initial.is_empty() {
        true => format!(
            "{} weeks are simulated first and not reported, so that the year does not begin with nobody open.",
            scenario.warm_up_weeks
        ),
        false => "It starts from families that are open already.".to_owned(),
    });
    for change in &scenario.interventions {
        items.push(format!("A change at a date is in it: {}.", change.name));
    }
    items
}

fn ways_table(scenario: &Scenario) -> Table {
    let caption = "Shares of those who complete a stage, where no source, area or date has its own";
    let mut table = Table::new("", caption, &["From", "To", "#Share"]);
    for way in plots::ways(scenario) {
        let to = match way.to {
            Destination::Stage(stage) => scenario.stages[stage].name.clone(),
            Destination::End(end) => format!("{} (leaves)", scenario.ends[end].name),
        };
        table.row(vec![scenario.stages[way.from].name.clone(), to, percent(way.share)]);
    }
    table
}

/// Families open at the start by area and stage, small counts hidden.
pub(in crate::report) fn initial_table(scenario: &Scenario) -> Table {
    let mut stages: Vec<usize> = scenario.initial.iter().map(|cases| cases.stage).collect();
    stages.sort_unstable();
    stages.dedup();
    let count = |area: usize, stage: usize| {
        let here = scenario.initial.iter().filter(|cases| cases.area == area && cases.stage == stage);
        here.map(|cases| cases.families + cases.waiting).sum::<u32>()
    };
    let counts: Vec<Vec<u32>> = (0..scenario.areas.len())
        .map(|area| stages.iter().map(|&stage| count(area, stage)).collect())
        .collect();
    let hide = suppress::hidden(&counts);
    let mut table = Table::new("initial", "Families open at the start, waiting ones included", &["Area"]);
    table.columns.extend(stages.iter().map(|&stage| Column::of_figures(&scenario.stages[stage].name)));
    table.columns.push(Column::of_figures("All"));
    for ((area, cells), hide) in scenario.areas.iter().zip(&counts).zip(&hide) {
        let shown = cells.iter().zip(hide).map(|(count, &hide)| match hide {
            true => suppress::HIDDEN.to_owned(),
            false => count.to_string(),
        });
        let total = match suppress::total_shown(cells, hide) {
            true => cells.iter().sum::<u32>().to_string(),
            false => suppress::HIDDEN.to_owned(),
        };
        table.area_row(&area.id, [area.name.clone()].into_iter().chain(shown).chain([total]).collect());
    }
    table
}

/// A figure as the register shows it: exactly as it was given.
pub(super) fn exact(value: f64) -> String {
    let mut out = Vec::new();
    crate::report::number::push_exact(&mut out, value);
    String::from_utf8(out).unwrap_or_default()
}

/// The assumptions register: every figure.
pub(super) fn assumptions(results: &Results) -> Section {
    let scenario = results.scenario();
    let all: Vec<&Parameter> = scenario.assumptions().collect();
    let of = |basis: Option<Basis>| all.iter().filter(|figure| figure.basis == basis).count();
    let ranged = all.iter().filter(|figure| figure.low.is_some()).count();
    let mut section = Section::new("assumptions", "What was assumed").on_new_page();
    section.lead(format!(
        "{} figures went in: {} counted by the council, {} published, {} judgement{}. {ranged} of them have a range, \
         from which every run draws its own value; the others are taken as certain.",
        all.len(),
        of(Some(Basis::Measured)),
        of(Some(Basis::Published)),
        of(Some(Basis::Judgement)),
        match of(None) {
            0 => String::new(),
            unknown => format!(", {unknown} without a stated basis"),
        }
    ));
    if of(Some(Basis::Judgement)) * 2 > all.len() {
        section.text(
            "More than half of the figures are somebody's judgement. A council's own counts should replace those \
             that matter most; \u{201c}caseflow explain\u{201d} says which these are.",
        );
    }
    let columns = ["Figure", "#Value", "#Lowest", "#Highest", "Basis", "Source"];
    let mut table = Table::new("register", "Assumptions register: every figure of the scenario", &columns);
    for figure in all {
        let end = |end: Option<f64>| end.map_or("–".to_owned(), exact);
        table.row(vec![
            figure.path.clone(),
            exact(figure.value),
            end(figure.low),
            end(figure.high),
            figure.basis.map_or("not stated", Basis::as_str).to_owned(),
            if figure.source.is_empty() { "not stated".to_owned() } else { figure.source.clone() },
        ]);
    }
    table.fold = Some(format!("The register: all {} figures", table.rows.len()));
    table.in_print = true;
    section.table(table);
    section
}

/// What the model cannot say.
pub(super) fn limits(results: &Results) -> Section {
    let scenario = results.scenario();
    let mut section = Section::new("limits", "What this cannot say");
    let mut items = vec![
        "Nothing about one named child, family or worker. It is about services.".to_owned(),
        "Nothing about outcomes for children beyond the services they get, and no saving in pounds from care \
         that is avoided."
            .to_owned(),
        "Nobody manages: no threshold is raised and no worker moved when a list grows. A list that grows for years \
         is a finding about the assumptions, not a forecast."
            .to_owned(),
        "Ranges know the uncertainty of the figures and of chance. They do not know what the model leaves out."
            .to_owned(),
        "Need that nobody sees is a guess, whatever one does.".to_owned(),
    ];
    let always: Vec<String> = (scenario.teams.iter())
        .filter(|team| team.workforce.is_none())
        .map(|team| team.name.clone())
        .collect();
    if !always.is_empty() {
        items.insert(
            0,
            format!(
                "In {} workers are always there at their net hours: no leave, sickness or vacancy is simulated, so the \
                 worst weeks are understated.",
                words::names(&always, 4)
            ),
        );
    }
    items.extend(scenario.notes.iter().map(|note| words::sentence(note)));
    section.list(items);
    section
}
