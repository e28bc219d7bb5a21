//! A directory with a small scenario in it, and the program started there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// 100 families a year of 10,000 children; casework of ten weeks by five workers.
pub const TINY: &str = r#"
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
pub struct Place {
    directory: TempDir,
}

impl Place {
    pub fn new() -> Self {
        let directory = TempDir::new().expect("a temporary directory");
        fs::write(directory.path().join("tiny.toml"), TINY).expect("a file in it");
        Self { directory }
    }

    /// A path there.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The program, started there.
    pub fn caseflow(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("caseflow"));
        command.current_dir(self.directory.path()).args(arguments);
        command
    }

    /// The same as a plain process, to be looked after by hand.
    pub fn process(&self, arguments: &[&str]) -> Process {
        let mut process = Process::new(assert_cmd::cargo::cargo_bin!("caseflow"));
        process.current_dir(self.directory.path()).args(arguments);
        process
    }

    /// What the program prints, as JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.caseflow(arguments).assert().success().get_output().stdout.clone();
        serde_json::from_slice(&output).expect("JSON on standard output")
    }

    /// Every file of a results directory but `run.json`, which holds the wall time.
    pub fn results(&self, name: &str) -> Vec<(PathBuf, Vec<u8>)> {
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
