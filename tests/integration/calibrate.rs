//! `caseflow synthesise` and `caseflow calibrate` as their user meets them.

use std::fs;
use std::path::{Path, PathBuf};

use caseflow::scenario;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use crate::place::Place;

/// What must not come out again: in identifiers, names, dates of birth, postcodes, free text.
const CANARIES: [&str; 6] = ["zqx", "quillfeather", "1907", "ab1 2cd", "whispered", "unimaginable"];

/// The quickstart, and a year's extracts of it with canaries in every column that says who somebody is.
fn with_canaries() -> (Place, Vec<PathBuf>) {
    let place = Place::new();
    let quickstart = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    fs::copy(quickstart, place.path("town.toml")).expect("a copy");
    place
        .caseflow(&["synthesise", "town.toml", "-o", "extracts"])
        .assert()
        .success()
        .stdout(contains("list_1"));
    let mut files = Vec::new();
    for (name, bytes) in place.results("extracts") {
        let text = String::from_utf8(bytes).expect("text");
        let mut lines = Vec::new();
        for (row, line) in text.lines().enumerate() {
            let canary = match row {
                0 => ["Child's name", "Postcode", "Case notes"].join(","),
                _ => "Zqx Quillfeather,AB1 2CD,\"they whispered the unimaginable\"".to_owned(),
            };
            let line = line.replace("C0", "ZQX0").replace("F0", "ZQXF0").replace("Worker ", "Quillfeather ");
            lines.push(format!("{line},{canary}"));
            // Rows that cannot be read, with canaries where dates and codes belong.
            if row == 3 {
                let cells: Vec<String> =
                    (0..line.split(',').count()).map(|_| "whispered 07/07/1907 zqx".to_owned()).collect();
                lines.push(format!("{},{canary}", cells.join(",")));
            }
        }
        let path = place.path("extracts").join(&name);
        fs::write(&path, lines.join("\n")).expect("a file");
        files.push(path);
    }
    (place, files)
}

/// Every file below a folder.
fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { below(&path, found) } else { found.push(path) }
    }
}

#[test]
fn nothing_personal_is_written_anywhere_and_the_scenario_can_be_used() {
    let (place, extracts) = with_canaries();
    let extracts: Vec<String> = extracts.iter().map(|path| path.display().to_string()).collect();
    let mut arguments = vec!["calibrate"];
    arguments.extend(extracts.iter().map(String::as_str));
    arguments.extend(["--base", "town.toml", "-o", "found/town_found.toml"]);
    let done = place.caseflow(&arguments).assert().success();
    let printed = [done.get_output().stdout.clone(), done.get_output().stderr.clone()].concat();
    let mut files = Vec::new();
    below(&place.path(""), &mut files);
    files.retain(|path| !path.starts_with(place.path("extracts")));
    let names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    for wanted in [
        "town_found.toml",
        "calibration.csv",
        "calibration.html",
        "reading.csv",
        "quarantined.csv",
        "contacts.svg",
    ] {
        assert!(names.iter().any(|name| name.ends_with(wanted)), "{wanted} in {names:#?}");
    }
    let mut outputs: Vec<(String, Vec<u8>)> =
        files.iter().map(|path| (path.display().to_string(), fs::read(path).expect("a file"))).collect();
    outputs.push(("what was printed".to_owned(), printed));
    for (name, bytes) in outputs {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let name = name.replace(&place.path("").display().to_string(), "");
        for canary in CANARIES {
            assert!(!text.contains(canary) && !name.to_lowercase().contains(canary), "{canary} in {name}");
        }
    }
    // The canaries were where the program looked: the spoilt rows were put aside.
    let aside = fs::read_to_string(place.path("found/town_found/quarantined.csv")).expect("it");
    assert!(aside.lines().count() > 3, "{aside}");

    place.caseflow(&["check", "found/town_found.toml"]).assert().success().stdout(contains("measured"));
    let found = scenario::load(&place.path("found/town_found.toml"), &[]).expect("valid");
    let base = scenario::load(&place.path("town.toml"), &[]).expect("valid");
    let value = |scenario: &scenario::Scenario, path: &str| {
        scenario.parameters.iter().find(|parameter| parameter.path == path).cloned().expect("a figure")
    };
    let rate = value(&found, "sources.police.rate_per_10k");
    let truth = value(&base, "sources.police.rate_per_10k").value;
    assert!(
        rate.low.is_some_and(|low| low < truth * 1.1) && rate.high.is_some_and(|high| high > truth / 1.1)
    );
    assert!(rate.source.contains("Annex A list 1"), "{}", rate.source);
    assert!(value(&found, "stages.early_help.duration.mean").low.is_some());
    // What was not estimated is the base's, with the base's origin.
    let fte = "areas.hill.teams.early_help.fte";
    assert_eq!(value(&found, fte), value(&base, fte));
}

#[test]
fn calibrate_refuses_what_it_cannot_use_and_leaves_nothing() {
    let place = Place::new();
    fs::write(place.path("shopping.csv"), "milk,eggs\n1,2\n").expect("a file");
    let refused = ["calibrate", "shopping.csv", "missing.csv", "--base", "tiny.toml"];
    place.caseflow(&refused).assert().code(2).stderr(contains("shopping.csv").and(contains("missing.csv")));
    let over = ["calibrate", "shopping.csv", "--base", "tiny.toml", "-o", "tiny.toml"];
    place.caseflow(&over).assert().code(2).stderr(contains("another file"));
    let late = ["synthesise", "tiny.toml", "-o", "late", "--from", "2030-01-01", "--to", "2030-12-31"];
    place.caseflow(&late).assert().code(2).stderr(contains("but the scenario simulates"));
    let files = fs::read_dir(place.path("")).expect("it").count();
    assert_eq!(files, 2, "nothing but what was there");
}
