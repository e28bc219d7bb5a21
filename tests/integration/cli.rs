//! The program as its user meets it: exit codes, messages, files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

/// 100 families a year of 10,000 children; casework of ten weeks by five workers.
const TINY: &str = r#"
name = "tiny"
title = "A tiny council"
start = 2024-09-02
warm_up_weeks = 4
horizon_weeks = 8

[experiment]
replications = 6

[areas.north]
population = 10000

[sources.school]
rate_per_10k = { value = 100, low = 80, high = 120, basis = "published", source = "a printed table" }

[pathway]
entry = "contact"

[desks.screening]
fte = 1

[teams.early_help]
role = "early_help_worker"
fte = 5
points_per_fte = 12
hours_per_week = 37
present_share = 0.8
non_case_share = 0.25

[stages.contact]
desk = "screening"
minutes = 30
next = { early_help = "rest" }

[stages.early_help]
team = "early_help"
points = 1
hours_per_week = 2
duration = { distribution = "exponential", mean = 70 }
next = { closed = "rest" }

[ends.closed]
name = "Closed"
"#;

/// A directory with the tiny scenario in it.
struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> Self {
        let directory = TempDir::new().expect("a temporary directory");
        fs::write(directory.path().join("tiny.toml"), TINY).expect("a file in it");
        Self { directory }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The program, started there.
    fn caseflow(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("caseflow"));
        command.current_dir(self.directory.path()).args(arguments);
        command
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.caseflow(arguments).assert().success().get_output().stdout.clone();
        serde_json::from_slice(&output).expect("JSON on standard output")
    }

    /// Every file of a results directory but `run.json`, which holds the wall time.
    fn results(&self, name: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let root = self.path(name);
        let mut files = Vec::new();
        collect(&root, &root, &mut files);
        files.sort();
        files
    }
}

fn collect(root: &Path, directory: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(directory).expect("a results directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if !path.ends_with("run.json") {
            let name = path.strip_prefix(root).expect("a path below").to_owned();
            files.push((name, fs::read(&path).expect("a result")));
        }
    }
}

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
fn a_place_that_cannot_be_written_ends_with_one() {
    let place = Place::new();
    place
        .caseflow(&["run", "tiny.toml", "--out", "tiny.toml"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("tiny.toml"));
    assert_eq!(fs::read_to_string(place.path("tiny.toml")).expect("the scenario"), TINY);
    place.caseflow(&["run", "tiny.toml", "--out", "tiny.toml/below"]).assert().code(1);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let place = Place::new();
    let mut child = Process::new(assert_cmd::cargo::cargo_bin!("caseflow"))
        .args(["check", "tiny.toml"])
        .current_dir(place.directory.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_a_whole_partial_result_or_nothing() {
    let place = Place::new();
    let child = Process::new(assert_cmd::cargo::cargo_bin!("caseflow"))
        .args(["run", "tiny.toml", "--replications", "1000000", "--threads", "2"])
        .current_dir(place.directory.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let killed = Process::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("interrupted"));
    if place.path("outputs/tiny").exists() {
        let run = fs::read(place.path("outputs/tiny/run.json")).expect("run.json");
        let run: Value = serde_json::from_slice(&run).expect("JSON");
        assert_eq!(run["partial"], true);
    }
}
