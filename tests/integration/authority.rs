//! `caseflow init` and `caseflow backtest` as people use them.

use std::fs;

use assert_cmd::Command;
use predicates::prelude::*;

fn caseflow(folder: &std::path::Path) -> Command {
    let mut command = Command::cargo_bin("caseflow").expect("built");
    command.current_dir(folder);
    command
}

#[test]
fn init_writes_a_scenario_that_check_accepts_and_does_not_write_over_it() {
    let folder = tempfile::tempdir().expect("folder");
    let init = ["init", "--authority", "midlesbrough", "-o", "town.toml", "--areas", "2"];
    caseflow(folder.path())
        .args(init)
        .assert()
        .success()
        .stdout(predicate::str::contains("Middlesbrough (E06000002), year ending March 2025"));
    let text = fs::read_to_string(folder.path().join("town.toml")).expect("written");
    caseflow(folder.path())
        .args(["check", "town.toml"])
        .assert()
        .success()
        .stdout(predicate::str::contains("Referrals, 2024/25").and(predicate::str::contains("3,636")));
    caseflow(folder.path())
        .args(init)
        .assert()
        .code(2)
        .stderr(predicate::str::contains("town.toml is there already"));
    assert_eq!(fs::read_to_string(folder.path().join("town.toml")).expect("still there"), text);
    caseflow(folder.path()).args(init).arg("--force").assert().success();
    let left: Vec<_> = fs::read_dir(folder.path()).expect("folder").collect();
    assert_eq!(left.len(), 1, "nothing half written is left");
}

#[test]
fn init_says_what_is_wrong() {
    let folder = tempfile::tempdir().expect("folder");
    fs::write(folder.path().join("wards.csv"), "ward,area\nNewport,East\nAtlantis,West\n").expect("file");
    for (arguments, said) in [
        (vec!["--authority", "Atlantis"], "Did you mean"),
        (vec!["--authority", "Cumbria", "--year", "2025"], "its years are 2013 to 2023"),
        (
            vec!["--authority", "Middlesbrough", "--grouping", "wards.csv"],
            "\"Atlantis\" is no ward of this authority",
        ),
        (vec!["--authority", "Middlesbrough", "--grouping", "nowhere.csv"], "nowhere.csv"),
        (vec!["--authority", "Middlesbrough", "--areas", "0"], "0 is not in"),
    ] {
        caseflow(folder.path())
            .arg("init")
            .args(arguments)
            .assert()
            .code(2)
            .stderr(predicate::str::contains(said));
    }
    assert!(!folder.path().join("middlesbrough.toml").exists());
}

/// Months that follow a known law: coverage is near 90%, and files say the same as the terminal.
#[test]
fn a_councils_own_months_are_backtested() {
    let folder = tempfile::tempdir().expect("folder");
    let mut months = String::from("month,value\n");
    for index in 0..72_u32 {
        let (year, month) = (2013 + index / 12, index % 12 + 1);
        let value = 300 + (index * 7919) % 61;
        months.push_str(&format!("{year}-{month:02},{value}\n"));
    }
    fs::write(folder.path().join("months.csv"), months).expect("file");
    caseflow(folder.path())
        .args(["backtest", "--observed", "months.csv", "-o", "out"])
        .assert()
        .success()
        .stdout(predicate::str::contains("Bands of 90% held"));
    let scores = fs::read_to_string(folder.path().join("out/backtest.csv")).expect("scores");
    assert!(scores.starts_with("group,forecasts,series,in_90"));
    assert!(
        scores.lines().nth(1).is_some_and(|all| all.starts_with("all,") && all.contains(",1,")),
        "{scores}"
    );
    let forecasts = fs::read_to_string(folder.path().join("out/backtest_forecasts.csv")).expect("forecasts");
    // 24 months before the first origin, then every month is forecast from up to twelve origins.
    let expected: usize = (24..72).map(|origin: usize| (72 - origin).min(12)).sum();
    assert_eq!(forecasts.lines().count(), expected + 1);
    for file in ["plots/calibration.svg", "plots/calibration.png", "run.json"] {
        assert!(folder.path().join("out").join(file).is_file(), "{file}");
    }
}

#[test]
fn backtest_says_what_is_wrong() {
    let folder = tempfile::tempdir().expect("folder");
    fs::write(folder.path().join("short.csv"), "month,value\n2019-04,10\n2019-05,12\n").expect("file");
    fs::write(folder.path().join("faulty.csv"), "month,value\n2019-13,10\n2019-05,ten\n").expect("file");
    for (arguments, said) in [
        (vec!["--observed", "short.csv"], "needs 24 months"),
        (vec!["--observed", "faulty.csv"], "2019-13"),
        (vec!["--observed", "nowhere.csv"], "nowhere.csv"),
        (vec!["--observed", "short.csv", "--measure", "arrivals"], "no measure arrivals"),
        (vec!["somewhere.toml"], "--observed"),
    ] {
        caseflow(folder.path())
            .args(["backtest", "-o", "out"])
            .args(arguments)
            .assert()
            .code(2)
            .stderr(predicate::str::contains(said));
    }
    assert!(!folder.path().join("out").exists());
}
