//! `caseflow compare` as its user meets it.

use std::fs;
use std::sync::atomic::AtomicBool;

use caseflow::decisions::comparison::{Candidate, Comparison, Incomparable, Judgement, Terms, compare};
use caseflow::experiment::Watch;
use caseflow::report::comparison::COMPARISON;
use caseflow::scenario::{self, Part, Scenario};
use predicates::str::contains;

use crate::place::{Place, TINY};

/// The tiny council, long enough and short of workers.
fn base() -> String {
    TINY.replace("warm_up_weeks = 4", "warm_up_weeks = 20")
        .replace("horizon_weeks = 8", "horizon_weeks = 30")
        .replace("fte = 5\n", "fte = 1.5\nfte_each = 0.5\n")
        + PAY
}

const PAY: &str = r#"
[pay.early_help_worker]
salary = { value = 30000, low = 28000, high = 32000 }

[funders.council]
[funders.schools]
[pots.grant]
funder = "schools"
order = 1
amount_per_year = 10000
[pots.rest]
funder = "council"
order = 2
"#;

/// Two interventions that meet in one team.
const CHANGES: &str = r#"
[interventions.posts]
from = 2024-10-07
posts.early_help = { add = 0.5, fte_each = 0.5 }
dip = { share = 0.5, weeks = 4 }

[interventions.shorter]
from = 2024-11-04
effects.stay = { parameters = ["stages.early_help.duration.mean"], multiply = 0.8 }
"#;

fn load(text: &str, name: &str) -> Scenario {
    let text = text.replace("name = \"tiny\"", &format!("name = \"{name}\""));
    scenario::load_text("given.toml", &text).unwrap_or_else(|faults| panic!("{}", faults.render(false)))
}

fn compared(
    base: &Scenario,
    options: &[(&Scenario, &[Part])],
    threads: usize,
) -> Result<Comparison, Incomparable> {
    let stop = AtomicBool::new(false);
    let watch = Watch { stop: &stop, progress: &|_, _| {} };
    let terms = Terms { replications: 12, seed: 1, threads: std::num::NonZeroUsize::new(threads) };
    let candidates: Vec<Candidate> =
        options.iter().map(|&(scenario, parts)| Candidate { scenario, parts }).collect();
    compare(base, &candidates, &terms, &watch)
}

#[test]
fn it_compares_and_leaves_its_files_whatever_the_threads() {
    let place = Place::new();
    fs::write(place.path("base.toml"), base()).expect("a file");
    let option = format!("extends = \"base.toml\"\nname = \"changed\"\n{CHANGES}");
    fs::write(place.path("changed.toml"), option).expect("a file");
    let run = |out: &str, threads: &str| {
        let arguments = [
            "compare",
            "base.toml",
            "changed.toml",
            "--replications",
            "8",
            "--out",
            out,
            "--threads",
            threads,
        ];
        place
            .caseflow(&arguments)
            .assert()
            .success()
            .stdout(contains("Compared with: A tiny council"))
            .stdout(contains("What each change does alone"))
            .stdout(contains(
                "Caseload teams have more posts in 25 weeks: at most +0.50, in the week of 2024-10-07.",
            ))
            .stdout(contains("Order, best first"))
            .stdout(contains("Which to prefer"));
        place.results(out)
    };
    let (one, three) = (run("one", "1"), run("three", "3"));
    assert!(one == three, "threads change nothing");
    let names: Vec<String> = one.iter().map(|(name, _)| name.to_string_lossy().replace('\\', "/")).collect();
    for name in [
        "assumptions.csv",
        "comparison.csv",
        "comparison_costs.csv",
        "comparison_parts.csv",
        "comparison_ranking.csv",
        "comparison_scenarios.csv",
        "comparison_timing.csv",
        "comparison_tradeoffs.csv",
        "comparison_weekly.csv",
        "plots/difference_changed_family_weeks_waiting.svg",
        "plots/waterfall_changed_family_weeks_waiting.png",
    ] {
        assert!(names.iter().any(|other| other == name), "{name} in {names:?}");
    }
    let text = fs::read_to_string(place.path("one/comparison.csv")).expect("a table");
    let contract = "scenario,measure,area,mean_difference,low,high,probability_better,probability_best";
    assert!(text.starts_with(contract) && COMPARISON.join(",").starts_with(contract));
    // By area and for the whole council, over the horizon and in its one year.
    for row in [
        "changed,waiting_families,north,",
        "changed,waiting_families,all,",
        "changed,family_weeks_waiting,all,",
    ] {
        assert!(text.contains(row), "{row}");
    }
    let costs = fs::read_to_string(place.path("one/comparison_costs.csv")).expect("a table");
    let pence = |line: &str, at: usize| {
        line.split(',').nth(at).expect("a cell").replace('.', "").parse::<i64>().expect("pence")
    };
    let (totals, lines): (Vec<&str>, Vec<&str>) =
        costs.lines().skip(1).partition(|line| line.contains(",all,"));
    let all = totals.iter().find(|line| line.starts_with("changed,all,all,all")).expect("a total");
    for column in [4, 5, 6] {
        let sum: i64 = lines.iter().map(|line| pence(line, column)).sum();
        assert_eq!(sum, pence(all, column), "column {column} adds up");
    }
    assert_eq!(pence(all, 6), pence(all, 5) - pence(all, 4));
    assert!(pence(all, 6) > 0, "posts cost money");
}

#[test]
fn it_says_the_same_to_programs() {
    let place = Place::new();
    fs::write(place.path("more.toml"), "extends = \"tiny.toml\"\nteams.early_help.fte = 6\n")
        .expect("a file");
    let done = place.json(&["compare", "tiny.toml", "more.toml", "--format", "json", "--replications", "4"]);
    assert!(place.path("outputs/tiny/compare/comparison.csv").is_file(), "the usual place");
    let found = &done["comparison"];
    assert_eq!((&found["base"], &found["options"][0]["scenario"]), (&"tiny".into(), &"more".into()));
    assert_eq!(found["options"][0]["criteria"][0]["criterion"], "family_weeks_waiting");
    assert_eq!(found["replications"], 4);
}

#[test]
fn scenarios_that_do_not_go_together_are_refused_with_every_reason() {
    let place = Place::new();
    let other = TINY
        .replace("start = 2024-09-02", "start = 2024-09-09")
        .replace("horizon_weeks = 8", "horizon_weeks = 9")
        .replace("warm_up_weeks = 4", "warm_up_weeks = 5")
        .replace("[areas.north]", "[areas.south]");
    fs::write(place.path("other.toml"), other).expect("a file");
    let schools = "extends = \"tiny.toml\"\nname = \"shut\"\nareas.north.schools = \"mine\"\n\
        [school_calendars.mine]\nholidays = [{ from = 2024-09-09, to = 2024-09-13 }]\ndefault_terms = false\n";
    fs::write(place.path("shut.toml"), schools).expect("a file");
    place
        .caseflow(&["compare", "tiny.toml", "other.toml", "shut.toml"])
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("start = 2024-09-09"))
        .stderr(contains("horizon_weeks = 9"))
        .stderr(contains("warm_up_weeks = 5"))
        .stderr(contains("lacks areas of the base: north"))
        .stderr(contains("has areas that the base lacks: south"))
        .stderr(contains("two are called `tiny`"))
        .stderr(contains("other school holidays than the base in north"));
    assert!(!place.path("outputs/tiny/compare").exists(), "no results appear");
}

#[test]
fn criteria_that_an_option_lacks_are_named() {
    let place = Place::new();
    let criteria = "\n[compare]\ncriteria = [{ measure = \"waiting_families\", team = \"early_help\" }]\n";
    fs::write(place.path("base.toml"), format!("{}{criteria}", TINY.replace("\"tiny\"", "\"base\"")))
        .expect("a file");
    let renamed = TINY.replace("early_help", "family_support").replace("\"tiny\"", "\"renamed\"");
    fs::write(place.path("renamed.toml"), renamed).expect("a file");
    place
        .caseflow(&["compare", "base.toml", "renamed.toml"])
        .assert()
        .code(2)
        .stderr(contains("criterion `waiting_families/early_help` is not measured there in `renamed`"));
    let faulty = "\n[compare]\ncriteria = [{ measure = \"waiting\" }, { team = \"x\" }, { measure = \"cost\", area = \"y\", weight = -1 }]\n";
    fs::write(place.path("faulty.toml"), format!("{TINY}{faulty}")).expect("a file");
    place
        .caseflow(&["compare", "faulty.toml", "renamed.toml"])
        .assert()
        .code(2)
        .stderr(contains("nothing is measured under the name"))
        .stderr(contains("`measure` is missing"))
        .stderr(contains("this cannot be a weight"));
}

#[test]
fn a_scenario_does_not_differ_from_itself() {
    let (one, other) = (load(&base(), "one"), load(&base(), "other"));
    let found = compared(&one, &[(&other, &[])], 1).expect("comparable");
    let option = &found.options[0];
    assert!(option.identical && option.unmatched == (0, 0));
    assert!(option.figures.len() > 50, "every series");
    for row in &option.figures {
        let difference = row.difference;
        assert_eq!((difference.mean, difference.same), (0.0, 1.0));
        assert!(difference.n < 2 || difference.se == 0.0);
    }
    assert!(option.criteria.iter().all(|row| row.judgement == Judgement::Same));
    assert!(option.costs.iter().all(|row| row.difference == 0));
}

#[test]
fn base_and_option_exchanged_change_signs_and_nothing_else() {
    let (one, other) = (load(&base(), "one"), load(&(base() + CHANGES), "other"));
    let forth = compared(&one, &[(&other, &[])], 1).expect("comparable");
    let back = compared(&other, &[(&one, &[])], 2).expect("comparable");
    let (forth, back) = (&forth.options[0], &back.options[0]);
    let mut moved = 0;
    // The option has one more series, of its intervention's children or the like: by name would be the same.
    assert_eq!(forth.figures.len(), back.figures.len());
    for (a, b) in forth.figures.iter().zip(&back.figures) {
        let (a, b) = (a.difference, b.difference);
        assert_eq!((a.mean, a.base, a.option), (-b.mean, b.option, b.base));
        assert!(a.se == b.se || a.se.is_nan() && b.se.is_nan());
        moved += usize::from(a.mean != 0.0);
    }
    assert!(moved > 20, "{moved}");
    let costs = |rows: &[caseflow::decisions::comparison::CostRow]| {
        rows.iter().map(|row| row.difference).sum::<i64>()
    };
    assert_eq!(costs(&forth.costs), -costs(&back.costs));
}

#[test]
fn parts_and_interaction_make_the_whole() {
    let (text, changed) = (base(), base() + CHANGES);
    let (one, other) = (load(&text, "one"), load(&changed, "other"));
    let parts = scenario::parts_of_texts(&text, &changed).expect("parts");
    let ids: Vec<&str> = parts.iter().map(|part| part.id.as_str()).collect();
    assert_eq!(ids, ["posts", "shorter"]);
    let found = compared(&one, &[(&other, &parts)], 2).expect("comparable");
    let split = found.options[0].split.as_ref().expect("two parts");
    let waiting = &split.rows[0];
    assert!(waiting.parts.iter().all(|part| part.mean < 0.0), "each lowers waiting: {waiting:?}");
    assert!(waiting.interaction.mean > 0.0, "who need not wait any more cannot be helped twice");
    for row in &split.rows {
        let sum: f64 = row.parts.iter().map(|part| part.mean).sum();
        let scale = 1e-9 * row.whole.base.abs().max(1.0);
        assert!((sum - row.sum.mean).abs() < scale);
        assert!((row.sum.mean + row.interaction.mean - row.whole.mean).abs() < scale);
    }
}

#[test]
fn one_new_intervention_is_taken_apart_itself() {
    let changed = base() + CHANGES.split("[interventions.shorter]").next().expect("the first");
    let parts = scenario::parts_of_texts(&base(), &changed).expect("parts");
    let ids: Vec<&str> = parts.iter().map(|part| part.id.as_str()).collect();
    assert_eq!(ids, ["posts.posts.early_help", "posts.dip"]);
    for part in &parts {
        assert!(part.scenario.is_ok(), "{}", part.id);
    }
    assert!(scenario::parts_of_texts(&base(), &base()).expect("none").is_empty());
    let elsewhere = base().replace("rate_per_10k = { value = 100", "rate_per_10k = { value = 110") + CHANGES;
    let ids: Vec<String> = scenario::parts_of_texts(&base(), &elsewhere)
        .expect("parts")
        .into_iter()
        .map(|part| part.id)
        .collect();
    assert_eq!(ids, ["posts", "shorter", "other_changes"]);
}

#[test]
fn what_only_one_of_two_has_is_left_out() {
    // The base pays nobody; the option does, and has a source more.
    let unpaid = base().replace(PAY, "");
    let more = base() + "\n[sources.police]\nrate_per_10k = 50\n";
    let found = compared(&load(&unpaid, "one"), &[(&load(&more, "other"), &[])], 2).expect("comparable");
    let option = &found.options[0];
    assert_eq!(option.unmatched.0, 0, "the option has all that the base has");
    assert!(option.unmatched.1 >= 3, "cost and contacts by police");
    assert!(found.criteria.iter().all(|judged| judged.criterion.measure != "cost"));
    let all = option.costs.last().expect("a total");
    assert!(all.base == 0 && all.option > 0, "the base pays nothing");
    assert!(found.trades.iter().all(|trade| trade.benefit_criterion != trade.cost_criterion));
}

#[test]
fn an_early_stop_leaves_nothing() {
    let (one, other) = (load(&base(), "one"), load(&base(), "other"));
    let stop = AtomicBool::new(true);
    let watch = Watch { stop: &stop, progress: &|_, _| {} };
    let terms = Terms { replications: 12, seed: 1, threads: None };
    let found = compare(&one, &[Candidate { scenario: &other, parts: &[] }], &terms, &watch);
    assert!(matches!(found, Err(Incomparable::Interrupted)));
    // After four of the twelve tasks of six replications: two whole ones are left.
    let stop = AtomicBool::new(false);
    let done = |done: u32, _: u32| {
        if done == 4 {
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    };
    let watch = Watch { stop: &stop, progress: &done };
    let terms = Terms { replications: 6, seed: 1, threads: std::num::NonZeroUsize::new(1) };
    let part = compare(&one, &[Candidate { scenario: &other, parts: &[] }], &terms, &watch).expect("a part");
    assert!(part.partial && part.replications == 2, "{}", part.replications);
}

#[test]
fn posts_are_watched_week_by_week() {
    let (one, other) = (load(&base(), "one"), load(&(base() + CHANGES), "other"));
    let found = compared(&one, &[(&other, &[])], 2).expect("comparable");
    // Half a post from 7 October on, the sixth week.
    let posts = &found.options[0].posts;
    assert_eq!((posts[4], posts[5], posts[29]), (0.0, 0.5, 0.5));
}

#[test]
fn weights_take_criteria_together() {
    let criteria = "\n[compare]\ncriteria = [{ measure = \"family_weeks_waiting\", weight = 100 }, { measure = \"cost\", weight = 1 }]\n";
    let (one, other) = (load(&(base() + criteria), "one"), load(&(base() + CHANGES), "other"));
    let found = compared(&one, &[(&other, &[])], 2).expect("comparable");
    let row = |id: &str| {
        let at = found.criteria.iter().position(|judged| judged.criterion.id() == id).expect("a criterion");
        found.options[0].criteria[at].difference.mean
    };
    let overall = row("overall");
    assert!((overall + 100.0 * row("family_weeks_waiting") + row("cost")).abs() < 1e-6 * overall.abs());
}
