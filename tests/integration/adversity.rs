//! What goes wrong around the program: disks, permissions, interrupts, readers, strange files.
//! Whatever it is, the exit code says so and no result is half written.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command as Process, Output, Stdio};
use std::time::Duration;

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::place::{Place, TINY};

/// Every name in a directory, hidden ones too.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("a directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Starts the program, lets it work for a while, and sends it a signal.
fn stop(place: &Place, signal: &str, arguments: &[&str]) -> Output {
    let child =
        place.process(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    std::thread::sleep(Duration::from_millis(1500));
    let sent = Process::new("kill").args([signal, &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    child.wait_with_output().expect("an end")
}

/// Runs a shell script in which `$caseflow` is the program.
fn script(place: &Place, text: &str) -> Output {
    Process::new("sh")
        .args(["-c", text])
        .env("caseflow", assert_cmd::cargo::cargo_bin!("caseflow"))
        .current_dir(place.path(""))
        .output()
        .expect("a shell")
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
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

/// No file may grow beyond a few kilobytes: as a full disk, which needs no rights to arrange.
#[test]
fn a_file_that_cannot_grow_leaves_the_earlier_results() {
    let place = Place::new();
    place.caseflow(&["run", "tiny.toml", "--quiet"]).assert().success();
    let (before, all) = (place.results("outputs/tiny"), names(&place.path("outputs/tiny")));
    // The signal is ignored so that writing fails, as it does on a full disk.
    let output = script(&place, "trap '' XFSZ; ulimit -f 8; exec \"$caseflow\" run tiny.toml --seed 2");
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    assert!(errors(&output).contains("disk is full"), "{}", errors(&output));
    assert!(output.stdout.is_empty(), "nothing is claimed");
    assert!(before == place.results("outputs/tiny"));
    assert_eq!(names(&place.path("outputs/tiny")), all, "no staging directory is left");
    // A new directory does not appear at all.
    let output = script(&place, "trap '' XFSZ; ulimit -f 8; exec \"$caseflow\" run tiny.toml --out new");
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    assert!(names(&place.path("")).iter().all(|name| !name.contains("new") && !name.starts_with('.')));
}

/// A file system of the given mount options, where the system lets us have one. What the script
/// prints ends with the exit code and the names left in the directory.
fn on_small_disk(place: &Place, options: &str) -> Option<Output> {
    fs::create_dir(place.path("disk")).expect("a directory");
    let inner = format!(
        "mount -t tmpfs -o {options} tmpfs disk || exit 77; \"$caseflow\" run tiny.toml --out disk/new; \
         echo \"code $?\"; echo \"left $(ls -A disk)\""
    );
    let output = script(place, &format!("unshare --map-root-user --mount sh -c '{inner}'"));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if printed.contains("code ") {
        Some(output)
    } else {
        eprintln!("not tested: no file system can be mounted here ({})", errors(&output).trim());
        None
    }
}

#[test]
fn a_full_disk_ends_with_one_and_nothing_there() {
    if let Some(output) = on_small_disk(&Place::new(), "size=64k") {
        assert_eq!(String::from_utf8_lossy(&output.stdout), "code 1\nleft \n");
        assert!(errors(&output).contains("disk is full"), "{}", errors(&output));
    }
}

#[test]
fn a_disk_that_is_read_only_ends_with_one() {
    if let Some(output) = on_small_disk(&Place::new(), "ro") {
        assert_eq!(String::from_utf8_lossy(&output.stdout), "code 1\nleft \n");
        assert!(errors(&output).contains("may not write there"), "{}", errors(&output));
    }
}

#[test]
fn a_directory_without_permission_ends_with_one() {
    let place = Place::new();
    let closed = place.path("closed");
    fs::create_dir(&closed).expect("a directory");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).expect("permissions");
    if fs::write(closed.join("probe"), "").is_ok() {
        eprintln!("not tested: this user may write anywhere");
        return;
    }
    for out in ["closed", "closed/new"] {
        let run = place.caseflow(&["run", "tiny.toml", "--out", out]);
        { run }.assert().code(1).stdout("").stderr(contains("may not write there"));
    }
    assert!(names(&closed).is_empty());
}

#[test]
fn standard_output_that_is_full_ends_with_one() {
    if !Path::new("/dev/full").exists() {
        eprintln!("not tested: this system has no /dev/full");
        return;
    }
    let place = Place::new();
    for command in ["check tiny.toml", "schema", "run tiny.toml"] {
        let output = script(&place, &format!("exec \"$caseflow\" {command} > /dev/full"));
        assert_eq!(output.status.code(), Some(1), "{command}");
        assert!(errors(&output).contains("standard output"), "{command}: {}", errors(&output));
    }
    // The results themselves were safe before anything was said about them.
    assert!(place.path("outputs/tiny/run.json").is_file());
}

#[test]
fn an_interrupt_leaves_a_whole_partial_result_or_nothing() {
    let place = Place::new();
    let output = stop(&place, "-INT", &["run", "tiny.toml", "--replications", "1000000", "--threads", "2"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("interrupted"));
    if place.path("outputs/tiny").exists() {
        let run = fs::read(place.path("outputs/tiny/run.json")).expect("run.json");
        let run: Value = serde_json::from_slice(&run).expect("JSON");
        assert_eq!(run["partial"], true);
    }
}

#[test]
fn a_shard_that_is_interrupted_leaves_nothing() {
    let place = Place::new();
    let arguments = ["run", "tiny.toml", "--replications", "1000000", "--shard", "1/2", "--out", "shards/1"];
    let output = stop(&place, "-TERM", &arguments);
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    assert!(errors(&output).contains("run it again"), "{}", errors(&output));
    assert!(names(&place.path("shards")).is_empty());
}

#[test]
fn files_that_are_no_scenario_end_with_two() {
    let place = Place::new();
    fs::write(place.path("empty.toml"), "").expect("a file");
    fs::write(place.path("picture.toml"), [0x89, b'P', b'N', b'G', 0, 0xff, 0xfe]).expect("a file");
    fs::write(place.path("half.toml"), &TINY[..TINY.len() / 2 + 3]).expect("a file");
    fs::create_dir(place.path("folder.toml")).expect("a directory");
    for name in ["empty.toml", "picture.toml", "half.toml", "folder.toml"] {
        for command in ["check", "run"] {
            let said = contains(name).and(contains("panicked").not());
            place.caseflow(&[command, name]).assert().code(2).stdout("").stderr(said);
        }
    }
    assert!(!place.path("outputs").exists());
}
