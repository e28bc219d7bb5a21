//! The program as its user meets it: exit codes, messages, files.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::place::{Place, TINY};

#[test]
fn check_prints_the_register_and_the_offered_load() {
    let place = Place::new();
    place
        .caseflow(&["check", "tiny.toml"])
        .assert()
        .success()
        .stdout(contains("A tiny council"))
        .stdout(contains("sources.school.rate_per_10k"))
        .stdout(contains("a printed table"))
        .stdout(contains("1 published"))
        .stdout(contains("OFFERED LOAD OF TEAMS"))
        .stderr("");
    assert!(!place.path("outputs").exists(), "check writes nothing");
}

#[test]
fn check_prints_the_same_for_programs() {
    let report = Place::new().json(&["check", "tiny.toml", "--format", "json"]);
    let team = &report["teams"][0];
    let close = |value: &Value, exact: f64| (value.as_f64().expect("a figure") - exact).abs() < 1e-9 * exact;
    // 100 families a year for ten weeks each; one point and two hours a week each.
    let open = 100.0 / 365.25 * 70.0;
    assert!(close(&team["families_per_week"], 700.0 / 365.25));
    assert!(close(&team["open_families"], open));
    assert!(close(&team["points_limit"], 60.0));
    assert!(close(&team["hours_needed"], 2.0 * open));
    assert!(close(&team["hours_available"], 5.0 * 37.0 * 0.8 * 0.75));
    assert!(close(&report["desks"][0]["hours_needed"], 350.0 / 365.25));
    assert_eq!(report["assumptions_by_basis"]["published"], 1);
}

#[test]
fn overrides_reach_the_scenario() {
    let place = Place::new();
    let set = ["check", "tiny.toml", "--format", "json", "--set", "areas.north.need=2"];
    let team = &place.json(&set)["teams"][0];
    assert!((team["families_per_week"].as_f64().expect("a figure") - 1400.0 / 365.25).abs() < 1e-9);
    place
        .caseflow(&["check", "tiny.toml", "--set", "areas.north.nede=2"])
        .assert()
        .code(2)
        .stderr(contains("nede"));
}

#[test]
fn unusable_input_ends_with_two() {
    let place = Place::new();
    place.caseflow(&["check", "absent.toml"]).assert().code(2).stdout("").stderr(contains("absent.toml"));
    fs::write(place.path("broken.toml"), TINY.replace("horizon_weeks", "horizon_weks")).expect("a file");
    for command in ["check", "run"] {
        place
            .caseflow(&[command, "broken.toml"])
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains("horizon_weks").and(contains("broken.toml")));
    }
    assert!(!place.path("outputs").exists());
    for line in [&["run"][..], &["walk"], &["run", "tiny.toml", "--replications", "3", "--precision", "0.1"]]
    {
        place.caseflow(line).assert().code(2).stderr(contains("Usage"));
    }
    place
        .caseflow(&["run", "tiny.toml", "--replications", "3", "--shard", "1/5"])
        .assert()
        .code(2)
        .stderr(contains("3 shards"));
}

#[test]
fn help_and_version_are_no_failure() {
    let place = Place::new();
    place.caseflow(&["--help"]).assert().success().stdout(contains("Exit codes"));
    place.caseflow(&["--version"]).assert().success().stdout(contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn schema_and_completions_are_printed() {
    let place = Place::new();
    let schema = place.json(&["schema"]);
    assert!(schema["properties"]["areas"].is_object());
    place.caseflow(&["completions", "bash"]).assert().success().stdout(contains("caseflow"));
}

#[test]
fn run_writes_the_same_bytes_on_any_number_of_threads() {
    let place = Place::new();
    place
        .caseflow(&["run", "tiny.toml", "--threads", "1"])
        .assert()
        .success()
        .stdout(contains("outputs/tiny"));
    place.caseflow(&["run", "tiny.toml", "--threads", "3", "-o", "again"]).assert().success().stderr("");
    let files = place.results("outputs/tiny");
    for name in ["weekly.csv", "standards.csv", "assumptions.csv", "replications.parquet"] {
        assert!(files.iter().any(|(path, bytes)| path == Path::new(name) && !bytes.is_empty()), "{name}");
    }
    assert!(files == place.results("again"));
    let run: Value =
        serde_json::from_slice(&fs::read(place.path("again/run.json")).expect("run.json")).expect("JSON");
    assert_eq!((&run["replications"], &run["partial"], &run["seed"]), (&6.into(), &false.into(), &1.into()));
    // Another seed gives other figures, so that the comparison above means something.
    place.caseflow(&["run", "tiny.toml", "--seed", "2", "-o", "other"]).assert().success();
    assert!(files != place.results("other"));
}

#[test]
fn merged_shards_are_one_run() {
    let place = Place::new();
    let set = ["--set", "areas.north.need=2.5", "--quiet"];
    let run = |arguments: &[&str]| {
        place.caseflow(&["run", "tiny.toml"]).args(arguments).args(set).assert().success();
    };
    run(&["--out", "whole"]);
    run(&["--out", "a", "--shard", "1/2"]);
    run(&["--out", "b", "--shard", "2/2"]);
    place.caseflow(&["merge", "b", "a", "-o", "merged"]).assert().success();
    assert!(place.results("whole") == place.results("merged"));
    // A shard missing, or twice, or of another seed, or no shard at all.
    run(&["--out", "c", "--shard", "2/2", "--seed", "7"]);
    for shards in [&["a"][..], &["a", "a"], &["a", "c"], &["a", "whole"]] {
        let mut arguments = vec!["merge", "-o", "wrong"];
        arguments.extend(shards);
        place.caseflow(&arguments).assert().code(2).stdout("").stderr(contains("error:"));
    }
    assert!(!place.path("wrong").exists());
}

#[test]
fn run_prints_json_for_programs() {
    let done = Place::new().json(&["run", "tiny.toml", "--format", "json"]);
    assert_eq!(done["run"]["scenario"], "tiny");
    let holders = done["summary"]["holders"].as_array().expect("rows");
    let team =
        holders.iter().find(|row| row["area"] == "north" && row["team"] == "early_help").expect("the team");
    assert!(team["open_families"]["mean"].as_f64().is_some_and(|mean| mean > 0.0));
    assert!(done["files"].as_array().is_some_and(|files| files.contains(&"weekly.csv".into())));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let place = Place::new();
    let mut child = place
        .process(&["check", "tiny.toml"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}
