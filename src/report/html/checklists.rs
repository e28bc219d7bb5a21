//! Checklists for those who assure the work: STRESS-DES, and a quality log after the AQuA Book.
//!
//! Consumes [`Results`]; produces [`Section`]s. What the program knows it fills in; what people must say is left
//! blank, and says so. Items of the first: Monks and others (2019), strengthening the reporting of empirical
//! simulation studies, discrete-event checklist.

use super::model::{Section, Table};
use crate::report::model::StartState;
use crate::report::read::Results;
use crate::scenario::Basis;

/// What only people can say.
const BLANK: &str = "To be filled in by people";

/// The STRESS-DES checklist, generated from the run.
pub(super) fn stress(results: &Results) -> Section {
    let mut section = Section::new("stress", "STRESS-DES checklist").on_new_page();
    section.text(
        "How simulation studies should be reported (Monks and others, 2019), and where each item is. Filled in by the \
         program from this run.",
    );
    let mut table = Table::new("stress-table", "STRESS-DES: items and answers", &["Item", "Answer"]);
    let rows = objectives(results).into_iter().chain(logic(results)).chain(data(results));
    for (item, answer) in rows.chain(experiment(results)).chain(implementation(results)) {
        table.row(vec![item.to_owned(), answer]);
    }
    section.table(table);
    section
}

type Item = (&'static str, String);

fn objectives(results: &Results) -> Vec<Item> {
    let aims = match results.found.command() {
        "staff" => "The least posts with which every standard is met as reliably as wanted",
        "fund" => "Ways to share money for posts out, side by side, and the best",
        "compare" => "Paired differences of options and a base on the same families",
        "monitor" => "What was observed beside the forecast, and what it says of figures and promises",
        "explain" => "What drives the answers, and what is worth measuring",
        _ => "What happens with the staff and the pathway as they are in the scenario",
    };
    let purpose = match results.scenario().description.is_empty() {
        true => results.scenario().title.clone(),
        false => results.scenario().description.clone(),
    };
    vec![
        ("1.1 Purpose of the model", purpose),
        (
            "1.2 Model outputs",
            "Referrals, waits, open cases, caseloads, hours short, standards, costs; each is defined in MODEL.md, \
             section 9"
                .to_owned(),
        ),
        ("1.3 Aims of experimentation", aims.to_owned()),
    ]
}

fn logic(results: &Results) -> Vec<Item> {
    let scenario = results.scenario();
    let names = |list: Vec<&str>| list.join(", ");
    let ends = names(scenario.ends.iter().map(|end| end.name.as_str()).collect());
    let sources = names(scenario.sources.iter().map(|source| source.name.as_str()).collect());
    let teams = names(scenario.teams.iter().map(|team| team.name.as_str()).collect());
    let desks = names(scenario.desks.iter().map(|desk| desk.name.as_str()).collect());
    let changes = names(scenario.interventions.iter().map(|change| change.name.as_str()).collect());
    let options: Vec<&str> = results.scenarios[1..].iter().map(|option| option.title.as_str()).collect();
    let scenario_logic = match (changes.is_empty(), options.is_empty()) {
        (true, true) => "One scenario, without changes at dates".to_owned(),
        (_, false) => format!("The base, and: {}", options.join("; ")),
        (false, true) => format!("Changes at dates: {changes}"),
    };
    vec![
        ("2.1 Base model overview diagram", "\u{201c}How this was worked out\u{201d}, above".to_owned()),
        ("2.2 Base model logic", "MODEL.md, sections 2 to 7".to_owned()),
        ("2.3 Scenario logic", scenario_logic),
        (
            "2.4 Algorithms",
            "MODEL.md, sections 6 (allocation, processor sharing) and 11 (staffing search)".to_owned(),
        ),
        ("2.5.1 Components: entities", "Families of one or more children".to_owned()),
        ("2.5.2 Components: activities", format!("{} stages of the pathway", scenario.stages.len())),
        ("2.5.3 Components: resources", format!("Teams: {teams}. Desks: {desks}")),
        (
            "2.5.4 Components: queues",
            "One for each team's unit and each desk, by priority, then first come".to_owned(),
        ),
        ("2.5.5 Components: entry and exit points", format!("In: {sources}. Out: {ends}")),
    ]
}

fn data(results: &Results) -> Vec<Item> {
    let scenario = results.scenario();
    let published = scenario.assumptions().filter(|figure| figure.basis == Some(Basis::Published)).count();
    let measured = scenario.assumptions().filter(|figure| figure.basis == Some(Basis::Measured)).count();
    vec![
        (
            "3.1 Data sources",
            format!("{published} published and {measured} measured figures; each source is in the register"),
        ),
        ("3.2 Pre-processing", format!("Done before figures reached the scenario. {BLANK}")),
        ("3.3 Input parameters", "The assumptions register: value, range, basis, source".to_owned()),
        ("3.4 Assumptions", "\u{201c}What this cannot say\u{201d}; MODEL.md, section 13".to_owned()),
    ]
}

fn experiment(results: &Results) -> Vec<Item> {
    let scenario = results.scenario();
    let start = match results.run.start_state {
        StartState::WarmUp { weeks } => format!("A warm-up of {weeks} weeks that is not reported"),
        StartState::Initial => "The families that the scenario lists as open".to_owned(),
    };
    vec![
        ("4.1 Initialisation", start),
        ("4.2 Run length", format!("{} weeks from {}", scenario.horizon_weeks, scenario.start)),
        (
            "4.3 Estimation approach",
            format!(
                "{} independent replications; percentiles by nearest rank, 95% intervals by Wilson for shares",
                results.run.replications
            ),
        ),
    ]
}

fn implementation(results: &Results) -> Vec<Item> {
    vec![
        ("5.1 Software", format!("caseflow {}, written in Rust", results.run.version)),
        (
            "5.2 Random sampling",
            format!(
                "PCG64-MCG, a stream for every quantity, keyed by name; master seed {}; common random numbers",
                results.run.seed
            ),
        ),
        (
            "5.3 Model execution",
            "Next event, in continuous time; the same results for any number of threads".to_owned(),
        ),
        (
            "5.4 System specification",
            "The wall time is in run.json, not here, since it changes nothing".to_owned(),
        ),
        ("6.1 Access to the code", "Open source, MIT or Apache 2.0".to_owned()),
    ]
}

/// The quality log, generated from the run.
pub(super) fn quality(results: &Results) -> Section {
    let mut section = Section::new("quality", "Quality log");
    section.text(
        "After the AQuA Book's roles and records. The program fills in what it knows. People fill in the rest before \
         a decision rests on this paper.",
    );
    let run = &results.run;
    let mut table = Table::new("quality-table", "Quality log", &["Item", "Entry"]);
    let known = [
        ("Analysis", results.scenario().title.clone()),
        ("Command", format!("caseflow {}", results.found.command())),
        ("Version, seed, replications", format!("{}, {}, {}", run.version, run.seed, run.replications)),
        ("Scenario, SHA-256", format!("{} {}", run.scenario, run.scenario_sha256)),
        (
            "Whole or interrupted",
            if run.partial { "Interrupted: fewer runs than planned" } else { "Whole" }.to_owned(),
        ),
        ("Assumptions log", "The register above, and assumptions.csv".to_owned()),
        (
            "Verification",
            "caseflow verify: simulated beside exact results. Date and outcome: ".to_owned() + BLANK,
        ),
        ("Validation", "\u{201c}Why believe it\u{201d}, above. Judgement on the gaps: ".to_owned() + BLANK),
    ];
    for (item, entry) in known {
        table.row(vec![item.to_owned(), entry]);
    }
    for item in [
        "Commissioner",
        "Analyst",
        "Analytical assurer",
        "Approver",
        "What the decision is, and when",
        "Who owns each judgement in the register, and who signed it off",
        "Equality, legal and data protection implications",
        "Date of review",
    ] {
        table.row(vec![item.to_owned(), BLANK.to_owned()]);
    }
    section.table(table);
    section
}
