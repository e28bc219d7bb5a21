//! `caseflow explain` as its user meets it.

use std::collections::BTreeMap;
use std::fs;

use caseflow::report::explanation::SENSITIVITY;
use predicates::str::contains;

use crate::place::{Place, TINY};

/// The figures of a row of `sensitivity.csv`, by parameter and output.
fn indices(text: &str) -> BTreeMap<(String, String), (f64, f64)> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let figure = |at: usize| cells[at].parse().unwrap_or(f64::NAN);
        ((cells[0].to_owned(), cells[1].to_owned()), (figure(2), figure(3)))
    };
    text.lines().skip(1).map(row).collect()
}

#[test]
fn explain_leaves_the_same_files_for_any_number_of_threads() {
    let place = Place::new();
    let explain = |out: &str, threads: &str| {
        let arguments = ["explain", "tiny.toml", "--replications", "500", "--out", out, "--threads", threads];
        place.caseflow(&arguments).assert().success().stdout(contains("What drives the answers"));
        place.results(out)
    };
    let (one, three) = (explain("one", "1"), explain("three", "3"));
    assert!(one == three, "threads change nothing");
    let names: Vec<String> = one.iter().map(|(name, _)| name.to_string_lossy().replace('\\', "/")).collect();
    for name in ["assumptions.csv", "measure_next.csv", "sensitivity.csv", "tornado.csv"] {
        assert!(names.iter().any(|other| other == name), "{name} in {names:?}");
    }
    assert!(
        names.contains(&"plots/tornado_posts_needed_early_help_early_help.svg".to_owned())
            || names.contains(&"plots/tornado_posts_needed_early_help_north.svg".to_owned()),
        "{names:?}"
    );

    let text = fs::read_to_string(place.path("one/sensitivity.csv")).expect("a table");
    assert_eq!(text.lines().next(), Some(SENSITIVITY.join(",").as_str()));
    assert!(
        text.starts_with("parameter,output,first_order,total_order,evppi"),
        "the contract's columns first"
    );
    let found = indices(&text);
    let rate = "sources.school.rate_per_10k";
    for ((parameter, output), (first, total)) in &found {
        let of = |input: &str| found[&(input.to_owned(), output.clone())];
        // The only figure with a range is all figures; what luck leaves is theirs.
        if parameter == rate && output.starts_with("posts_needed") {
            assert!((first - 1.0).abs() < 0.3 && (total - 1.0).abs() < 0.3, "{output}: {first} {total}");
            assert_eq!(of("(luck)"), (0.0, 0.0));
        }
        if parameter == "(all figures)" && first.is_finite() {
            assert!((first - (1.0 - of("(luck)").1)).abs() < 2e-3, "{output}: the shares make a whole");
        }
    }
}

#[test]
fn explain_says_the_same_to_programs() {
    let place = Place::new();
    let done = place.json(&["explain", "tiny.toml", "--replications", "500", "--format", "json", "--quiet"]);
    assert_eq!(done["explanation"]["figures"][0], "sources.school.rate_per_10k");
    assert_eq!(done["explanation"]["measure_next"][0]["basis"], "published");
    assert!(place.path("outputs/tiny/explain/run.json").is_file(), "beside a run's results, not over them");
    let prices = done["explanation"]["prices"].as_array().expect("two").clone();
    assert!(prices.iter().all(|price| price.as_str().is_some_and(|text| text.contains("judgement"))));
}

#[test]
fn explain_refuses_what_it_cannot_do() {
    let place = Place::new();
    let few = ["explain", "tiny.toml", "--replications", "20"];
    place.caseflow(&few).assert().code(2).stdout("").stderr(contains("give --replications 500 or more"));
    let certain = ["explain", "tiny.toml", "--set", "sources.school.rate_per_10k=100"];
    place.caseflow(&certain).assert().code(2).stderr(contains("give figures `low` and `high`"));
    fs::write(place.path("odd.toml"), format!("{TINY}\n[explain]\nsteps = 9\nstep_share = 0\n"))
        .expect("a file");
    place
        .caseflow(&["explain", "odd.toml"])
        .assert()
        .code(2)
        .stderr(contains("a whole number from 1 to 5"))
        .stderr(contains("a share of today's posts"));
    assert!(!place.path("outputs/tiny/explain").exists(), "no results appear");
}
