//! `caseflow fund` as its user meets it.

use std::collections::BTreeMap;
use std::fs;

use predicates::str::contains;

use crate::place::{Place, TINY};

/// Two unlike areas, a grant for one of them, and a council that pays the rest up to a sum.
fn council() -> String {
    TINY.replace(
        "[areas.north]\npopulation = 10000",
        "[areas.north]\npopulation = 16000\n[areas.south]\npopulation = 8000\nneed = 0.8",
    )
    .replace("warm_up_weeks = 4", "warm_up_weeks = 20")
    .replace("horizon_weeks = 8", "horizon_weeks = 30")
    .replace("fte = 5\n", "serves = \"each_area\"\nfte = 2\n")
        + PAY
}

const PAY: &str = r#"
[standards.prompt]
measure = "wait_mean_days"
team = "early_help"
at_most = 14
required_share = 0.8
reliability = 0.8

[pay.early_help_worker]
salary = { value = 30000, low = 28000, high = 32000 }
on_costs = 0.3

[funders.council]
[funders.schools]
[pots.grant]
funder = "schools"
order = 1
amount_per_year = 35000
areas = ["south"]
[pots.rest]
funder = "council"
order = 2
amount_per_year = 121000.55
[funding]
splits.agreed = { north = 0.75, south = 0.25 }
"#;

fn pence(pounds: &str) -> i64 {
    let (whole, part) = pounds.split_once('.').expect("pounds and pence");
    assert_eq!(part.len(), 2, "{pounds}");
    whole.parse::<i64>().expect("pounds") * 100 + part.parse::<i64>().expect("pence")
}

/// Rows of a file by column name.
fn rows(place: &Place, path: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(place.path(path)).expect("a file");
    let header = reader.headers().expect("a header").clone();
    let rows = reader.records().map(|row| {
        let row = row.expect("a row");
        header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
    });
    rows.collect()
}

#[test]
fn every_penny_is_somebody_s_and_threads_change_nothing() {
    let place = Place::new();
    fs::write(place.path("council.toml"), council()).expect("a file");
    let run = |out: &str, threads: &str| {
        let arguments = ["fund", "council.toml", "--replications", "20", "--threads", threads, "--out", out];
        place.caseflow(&arguments).assert().success().stdout(contains("* Best for the"));
    };
    run("one", "1");
    run("two", "2");
    let mut files = Vec::new();
    for entry in fs::read_dir(place.path("one")).expect("results") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        if name.ends_with(".csv") {
            let read = |out: &str| fs::read(place.path(&format!("{out}/{name}"))).expect("a file");
            assert!(read("one") == read("two"), "{name}");
            files.push(name);
        }
    }
    assert_eq!(files.len(), 9, "{files:?}");
    for picture in ["funding_rules.png", "funding_frontier.svg"] {
        assert!(place.path(&format!("one/plots/{picture}")).exists(), "{picture}");
    }

    let (paid, by_rule, by_pot) = (
        rows(&place, "one/funding.csv"),
        rows(&place, "one/funding_rules.csv"),
        rows(&place, "one/funding_pots.csv"),
    );
    let total = 3_500_000 + 12_100_055;
    let names: Vec<&str> = by_rule.iter().map(|rule| rule["rule"].as_str()).collect();
    let expected = [
        "now",
        "equal",
        "child_population",
        "weighted_population",
        "current_caseload",
        "simulated_need",
        "blend",
        "agreed",
        "optimised_worst_area",
        "optimised_waiting",
    ];
    assert_eq!(names, expected);
    for rule in &by_rule {
        let own = paid.iter().filter(|row| row["rule"] == rule["rule"]);
        let (mut cost, mut fte) = (0, 0.0);
        for row in own {
            let grant = row["pot"] == "grant";
            assert!(!grant || row["area"] == "south" && row["funder"] == "schools", "{row:?}");
            // 39,000 pounds a post.
            let posts: f64 = row["fte"].parse().expect("posts");
            assert!((posts * 3_900_000.0 - pence(&row["annual_cost"]) as f64).abs() < 400.0, "{row:?}");
            cost += pence(&row["annual_cost"]);
            fte += posts;
        }
        assert_eq!(cost, pence(&rule["annual_cost"]));
        assert!((fte - rule["fte"].parse::<f64>().expect("posts")).abs() < 1e-3);
        assert_eq!(cost - pence(&rule["unpaid"]) + pence(&rule["unspent"]), total, "{}", rule["rule"]);
        let pots: Vec<_> = by_pot.iter().filter(|row| row["rule"] == rule["rule"]).collect();
        assert_eq!(pots.iter().map(|pot| pence(&pot["pays"])).sum::<i64>(), cost - pence(&rule["unpaid"]));
        for pot in pots {
            assert_eq!(pence(&pot["holds"]) - pence(&pot["pays"]), pence(&pot["left"]));
        }
        assert!(rule["rule"] == "now" || rule["unpaid"] == "0.00", "{rule:?}");
    }
    // What is best for waiting, found on other families, is not clearly worse than any rule on these.
    let waited = |rule: &BTreeMap<String, String>, at: &str| rule[at].parse::<f64>().expect("a figure");
    let best = by_rule.iter().find(|rule| rule["rule"] == "optimised_waiting").expect("a rule");
    for rule in &by_rule {
        let low = waited(best, "family_weeks_waiting_difference_low");
        assert!(low <= waited(rule, "family_weeks_waiting_difference_high") + 1e-9, "{}", rule["rule"]);
    }
}

#[test]
fn money_that_cannot_be_shared_out_is_refused_with_every_reason() {
    let place = Place::new();
    let refused = |text: String, reasons: &[&str]| {
        fs::write(place.path("council.toml"), text).expect("a file");
        let mut run = place.caseflow(&["fund", "council.toml", "--out", "out"]).assert().failure().code(2);
        for reason in reasons {
            run = run.stderr(contains(*reason));
        }
        assert!(!place.path("out").exists());
    };
    let narrow =
        council().replace("amount_per_year = 121000.55", "amount_per_year = 121000.55\nareas = [\"south\"]");
    refused(narrow, &["no pot may pay for early_help_worker in North", "widen"]);
    let more = council().replace("[funding]", "[funding]\ntotal_per_year = 200000");
    refused(more, &["funding.total_per_year is £200000", "hold £156000", "lower it"]);
    let poor = council().replace("[funding]", "[funding]\ntotal_per_year = 20000");
    refused(poor, &["cannot pay for 0.5 posts in each of 2 places"]);
    let unpaid = council().replace("[pay.early_help_worker]", "[desks.screening.x]").replace(
        "[desks.screening.x]\nsalary = { value = 30000, low = 28000, high = 32000 }\non_costs = 0.3\n",
        "",
    );
    refused(unpaid, &["[pay.early_help_worker] is missing"]);
}

#[test]
fn programs_get_the_same_content() {
    let place = Place::new();
    fs::write(place.path("council.toml"), council()).expect("a file");
    let run = place
        .caseflow(&["fund", "council.toml", "--replications", "20", "--format", "json", "--quiet"])
        .assert()
        .success();
    let content: serde_json::Value = serde_json::from_slice(&run.get_output().stdout).expect("JSON");
    let funding = &content["funding"];
    assert_eq!(funding["total_pence"], 15_600_055);
    assert_eq!(funding["rules"].as_array().map(Vec::len), Some(10));
    assert_eq!(funding["objective"], "worst_area");
    assert_eq!(funding["next"].as_array().map(Vec::len), Some(2));
}
