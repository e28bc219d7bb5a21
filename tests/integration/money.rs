//! What a small council costs, worked out by hand, and who pays for it, to the penny.

use std::collections::BTreeMap;
use std::fs;

use caseflow::scenario::{Scenario, load_text};
use caseflow::simulation::Simulator;

use super::place::Place;

/// Two areas with workers who are always there: three and one, at 36,500 pounds and a fifth on top,
/// which is 120 pounds a day in a year of 365. One day is reported of 2024/25, and 182 of 2025/26.
const BY_HAND: &str = r#"
name = "by_hand"
start = 2025-03-31
warm_up_weeks = 2
horizon_weeks = 26

[areas.east]
families_per_year = { any = 100 }
population = 3000
teams.help.fte = 3

[areas.west]
families_per_year = { any = 100 }
population = 1000
teams.help.fte = 1

[sources.any]
entry = "help"

[teams.help]
role = "helper"

[stages.help]
team = "help"
duration = { distribution = "exponential", mean = 60 }
next = { out = 1 }

[ends.out]

[pay.helper]
salary = 36500
on_costs = 0.2

[funders.council]
[funders.partner]
"#;

const DAYS: [i64; 2] = [1, 181];
/// Pence a day of one worker.
const DAY: i64 = 12_000;

/// Pence by area, funder, item and year of the first replication.
fn lines(scenario: &Scenario) -> BTreeMap<String, i64> {
    let simulator = Simulator::new(scenario, 1);
    let record = simulator.replicate(0, &mut simulator.workspace()).expect("laws hold");
    let lines = simulator.layout().cost_lines.iter().zip(&record.costs);
    lines
        .map(|(line, &pence)| {
            let area = line.area.map_or("shared", |area| &scenario.areas[area].id);
            let funder = line.funder.map_or("unfunded", |funder| &scenario.money.funders[funder].id);
            (format!("{area} {funder} {:?} {}", line.item, line.year), pence)
        })
        .collect()
}

fn by_hand(more: &str) -> BTreeMap<String, i64> {
    lines(&load_text("by_hand.toml", &format!("{BY_HAND}{more}")).expect("valid"))
}

#[test]
fn posts_cost_by_the_day_in_the_financial_year_in_which_it_lies() {
    let costs = by_hand("");
    let expected = [
        ("east unfunded Posts(0) 2024", 3 * DAY * DAYS[0]),
        ("east unfunded Posts(0) 2025", 3 * DAY * DAYS[1]),
        ("west unfunded Posts(0) 2024", DAY * DAYS[0]),
        ("west unfunded Posts(0) 2025", DAY * DAYS[1]),
    ];
    assert_eq!(costs, expected.map(|(line, pence)| (line.to_owned(), pence)).into());
}

#[test]
fn a_pot_that_runs_out_pays_in_proportion_and_the_next_the_rest() {
    // 1,000 pounds a year: 2.74 for the one day (rounded), 495.89 for the 181, three to one.
    let costs = by_hand(
        "[pots.grant]\nfunder = \"partner\"\namount_per_year = 1000\norder = 1\n[pots.base]\nfunder = \"council\"\n",
    );
    let grant = |share: i64, days: i64| 100_000 * days * share / (4 * 365);
    let of = |line: &str| costs[line];
    assert_eq!(
        of("east partner Posts(0) 2024"),
        grant(3, 1) + 1,
        "205.5 of 274: the penny goes to the first"
    );
    assert_eq!(of("west partner Posts(0) 2024"), grant(1, 1));
    assert_eq!(of("east partner Posts(0) 2025") + of("west partner Posts(0) 2025"), 49_589);
    assert_eq!(of("west partner Posts(0) 2025"), 12_397);
    assert_eq!(of("east council Posts(0) 2025"), 3 * DAY * 181 - of("east partner Posts(0) 2025"));
    assert_eq!(of("west council Posts(0) 2024"), DAY - of("west partner Posts(0) 2024"));
    // The council's pot has no limit: there is nothing that could be unfunded.
    assert!(!costs.keys().any(|line| line.contains("unfunded")), "{costs:?}");
}

#[test]
fn a_grant_that_ends_in_mid_year_pays_for_its_days_alone() {
    // April and May, 61 days: it holds 61/365 of a million, and pays all of these days.
    let grant = |amount: i64| {
        by_hand(&format!(
            "[pots.grant]\nfunder = \"partner\"\namount_per_year = {amount}\nto = 2025-06-01\nareas = [\"west\"]\n"
        ))
    };
    let rich = grant(1_000_000);
    assert_eq!(rich["west partner Posts(0) 2025"], DAY * 61);
    assert_eq!(rich["west unfunded Posts(0) 2025"], DAY * (181 - 61));
    assert!(!rich.contains_key("east partner Posts(0) 2025"));
    // 3,650 a year is 10 a day.
    let poor = grant(3_650);
    assert_eq!(poor["west partner Posts(0) 2025"], 1_000 * 61);
    assert_eq!(poor["west unfunded Posts(0) 2025"], DAY * 181 - 1_000 * 61);
}

#[test]
fn posts_in_kind_are_worth_what_as_many_posts_cost() {
    let costs =
        by_hand("[pots.kind]\nfunder = \"partner\"\nposts = 1.5\nroles = [\"helper\"]\nareas = [\"east\"]\n");
    assert_eq!(costs["east partner Posts(0) 2024"], DAY * 3 / 2);
    assert_eq!(costs["east partner Posts(0) 2025"], DAY * 3 / 2 * 181);
    assert_eq!(costs["east unfunded Posts(0) 2025"], DAY * 3 / 2 * 181);
    assert!(!costs.contains_key("west partner Posts(0) 2025"));
}

#[test]
fn a_pot_is_withdrawn_on_the_first_of_april_with_its_chance() {
    let pot = |chance: f64| {
        format!(
            "{BY_HAND}[pots.grant]\nfunder = \"partner\"\nwithdrawal = {chance}\n[pots.base]\nfunder = \"council\"\norder = 200\n"
        )
    };
    let sure = lines(&load_text("by_hand.toml", &pot(1.0)).expect("valid"));
    assert_eq!(sure["east partner Posts(0) 2024"], 3 * DAY);
    assert_eq!(sure["east partner Posts(0) 2025"], 0);
    assert_eq!(sure["east council Posts(0) 2025"], 3 * DAY * 181);
    // With a chance of 0.3 in 900 futures: the standard error is 0.0153.
    let scenario = load_text("by_hand.toml", &pot(0.3)).expect("valid");
    let simulator = Simulator::new(&scenario, 7);
    let mut workspace = simulator.workspace();
    let line = simulator
        .layout()
        .cost_lines
        .iter()
        .position(|line| line.year == 2025 && line.funder == Some(1) && line.area == Some(0))
        .expect("a line");
    let gone = |replication: u32, workspace: &mut _| {
        simulator.replicate(replication, workspace).expect("laws hold").costs[line] == 0
    };
    let withdrawn = (0..900).filter(|&replication| gone(replication, &mut workspace)).count();
    let share = withdrawn as f64 / 900.0;
    assert!((share - 0.3).abs() < 4.0 * 0.0153, "{share}");
}

#[test]
fn programmes_are_borne_by_the_areas_in_proportion_to_their_children() {
    let costs = by_hand(
        "[programmes.scheme]\none_off = 4000\nper_year = 36500\nfrom = 2025-04-01\nto = 2025-04-11\nrole = \"coach\"\n\
         [pots.coaches]\nfunder = \"partner\"\nroles = [\"coach\"]\n",
    );
    // 4,000 and ten days of 100 pounds, three quarters of it in the east.
    assert_eq!(costs["east partner Programme(0) 2025"], 375_000);
    assert_eq!(costs["west partner Programme(0) 2025"], 125_000);
    assert_eq!(costs["east partner Programme(0) 2024"], 0);
    assert_eq!(costs["east unfunded Posts(0) 2025"], 3 * DAY * 181);
}

#[test]
fn grades_desks_and_managers_are_paid_as_they_are() {
    let more = r#"
[teams.senior]
role = "helper"
serves = "all_areas"
workers = [{ fte = 1.5, grade = "senior" }, { fte = 1 }]
[teams.senior.workforce]
leavers = 0
managers = { span = 2 }
[desks.phone]
role = "helper"
people = [{ fte = 2, to = 2025-04-11 }]
[stages.advice]
desk = "phone"
minutes = 10
next = { plan = 1 }
[stages.plan]
team = "senior"
duration = { distribution = "exponential", mean = 60 }
next = { out = 1 }
[pay.helper.grades.senior]
salary = 73000
[pay.team_manager]
salary = 109500
on_costs = 0
"#;
    let text = format!("{BY_HAND}{more}").replace("entry = \"help\"", "entry = \"advice\"");
    let text = text
        .replace("[stages.help]\nteam = \"help\"", "[stages.help]\nteam = \"help\"\nlevel = 1")
        .replace("next = { plan = 1 }", "next = { plan = 0.5, help = 0.5 }");
    let costs = lines(&load_text("by_hand.toml", &text).expect("valid"));
    // 1.5 at twice the pay and 1; two at the desk for ten days of the new year; 2.5 FTE have two managers.
    assert_eq!(costs["shared unfunded Posts(0) 2025"], 4 * DAY * 181 + 2 * DAY * 10);
    assert_eq!(costs["shared unfunded Posts(1) 2025"], 2 * 30_000 * 181);
    // Nobody leaves: there is no agency and nobody to recruit.
    assert_eq!(costs["shared unfunded Agency(0) 2025"], 0);
    assert_eq!(costs["shared unfunded Recruitment(0) 2025"], 0);
}

#[test]
fn placements_cost_by_the_children_open() {
    let text = format!("{BY_HAND}[placements.help]\nper_child_week = 70\n");
    let scenario = load_text("by_hand.toml", &text).expect("valid");
    let simulator = Simulator::new(&scenario, 1);
    let record = simulator.replicate(0, &mut simulator.workspace()).expect("laws hold");
    let layout = simulator.layout();
    let row = |measure: &str| {
        layout.series.iter().position(|series| {
            series.area == Some(0)
                && series.holding == caseflow::simulation::Holding::Area
                && series.measure == measure
        })
    };
    let children: f64 =
        record.weekly.row(row("open_children").expect("it")).iter().map(|x| f64::from(*x)).sum();
    let paid: i64 = lines(&scenario)
        .iter()
        .filter(|(line, _)| line.starts_with("east unfunded Placement"))
        .map(|(_, pence)| pence)
        .sum();
    let exact = 7_000.0 * children;
    assert!(children > 100.0 && (paid as f64 - exact).abs() < 1e-5 * exact + 2.0, "{paid} against {exact}");
    // The area's cost is its people's and its children's.
    let cost = record.horizon[row("cost").expect("it")];
    let expected = (paid + 3 * DAY * 182) as f64 / 100.0;
    assert!((cost - expected).abs() < 0.02, "{cost} against {expected}");
}

/// A row of `costs.csv` with pounds as pence.
fn rows(csv: &str) -> Vec<(Vec<String>, [i64; 3])> {
    let pence = |text: &str| {
        let (pounds, pence) = text.split_once('.').expect("pounds and pence");
        assert_eq!(pence.len(), 2, "{text}");
        pounds.parse::<i64>().expect("pounds") * 100 + pence.parse::<i64>().expect("pence")
    };
    csv.lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            let figures = [4, 5, 6].map(|at| pence(&cells[at]));
            (cells[..4].to_vec(), figures)
        })
        .collect()
}

const PAID: &str = r#"
[pay.early_help_worker]
salary = { value = 35000, low = 32000, high = 39000 }
[funders.council]
[funders.partner]
[pots.grant]
funder = "partner"
order = 1
amount_per_year = { value = 20000, low = 10000, high = 30000 }
[pots.base]
funder = "council"
amount_per_year = 150000
"#;

fn tiny_with_pay(place: &Place) {
    let path = place.path("tiny.toml");
    let text = fs::read_to_string(&path).expect("the scenario");
    // From January, so that a new financial year begins.
    fs::write(&path, format!("{text}{PAID}").replace("2024-09-02", "2024-02-26")).expect("written");
}

#[test]
fn rows_of_costs_csv_add_up_to_its_totals() {
    let place = Place::new();
    tiny_with_pay(&place);
    place
        .caseflow(&["run", "tiny.toml", "--replications", "7", "--quiet", "--out", "out"])
        .assert()
        .success();
    let csv = fs::read_to_string(place.path("out/costs.csv")).expect("costs.csv");
    assert!(csv.starts_with("area,funder,role,year,mean,p05,p95\n"));
    let rows = rows(&csv);
    let (totals, lines): (Vec<_>, Vec<_>) =
        rows.iter().partition(|(key, _)| key[..3] == ["all", "all", "all"]);
    let sum = |year: &str| -> i64 {
        lines.iter().filter(|(key, _)| year == "all" || key[3] == year).map(|(_, figures)| figures[0]).sum()
    };
    assert_eq!(
        totals.iter().map(|(key, _)| key[3].as_str()).collect::<Vec<_>>(),
        ["2023/24", "2024/25", "all"]
    );
    for (key, figures) in &totals {
        assert!(figures[0] > 0 && sum(&key[3]) == figures[0], "{key:?}");
        assert!(figures[1] <= figures[0] && figures[0] <= figures[2]);
    }
    assert!(lines.iter().any(|(key, figures)| key[1] == "unfunded" && figures[0] > 0));
}

#[test]
fn shards_merge_to_the_same_costs() {
    let place = Place::new();
    tiny_with_pay(&place);
    let run = |more: &[&str]| {
        place
            .caseflow(&[&["run", "tiny.toml", "--replications", "7", "--quiet"], more].concat())
            .assert()
            .success();
    };
    run(&["--out", "whole"]);
    run(&["--shard", "1/2", "--out", "one"]);
    run(&["--shard", "2/2", "--out", "two"]);
    place.caseflow(&["merge", "two", "one", "--quiet", "--out", "merged"]).assert().success();
    let costs = |name: &str| fs::read(place.path(&format!("{name}/costs.csv"))).expect("costs.csv");
    assert!(costs("whole") == costs("merged"));
}

#[test]
fn the_terminal_and_json_say_who_pays_and_nothing_without_pay() {
    let place = Place::new();
    let json = |place: &Place| -> serde_json::Value {
        let output = place
            .caseflow(&[
                "run",
                "tiny.toml",
                "--replications",
                "7",
                "--format",
                "json",
                "--quiet",
                "--out",
                "out",
            ])
            .output()
            .expect("a run");
        serde_json::from_slice(&output.stdout).expect("json")
    };
    assert_eq!(json(&place)["summary"]["costs"], serde_json::json!([]));
    assert!(!place.path("out/costs.csv").exists());
    tiny_with_pay(&place);
    let costs = json(&place)["summary"]["costs"].clone();
    let row = |funder: &str, year: &str| {
        let found =
            costs.as_array().expect("rows").iter().find(|row| row["funder"] == funder && row["year"] == year);
        found.unwrap_or_else(|| panic!("{funder} {year}: {costs}"))["pounds"]["mean"]
            .as_f64()
            .expect("pounds")
    };
    let parts = row("council", "all") + row("partner", "all") + row("unfunded", "all");
    assert!((parts - row("all", "all")).abs() < 0.005);
    assert!((row("unfunded", "2023/24") + row("unfunded", "2024/25") - row("unfunded", "all")).abs() < 0.005);
    let text =
        place.caseflow(&["run", "tiny.toml", "--replications", "7", "--quiet", "--out", "out"]).output();
    let text = String::from_utf8(text.expect("a run").stdout).expect("text");
    for wanted in
        ["What it costs and who pays", "Council", "Partner", "Unfunded: nobody pays", "2023/24", "All costs"]
    {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}
