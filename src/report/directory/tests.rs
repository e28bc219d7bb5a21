use super::*;
use crate::report::example::Example;

fn facts() -> RunFacts {
    Example::small().run
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn write(target: &Path, files: &[(&str, &str)]) {
    let staging = Staging::begin(target).unwrap();
    for (name, text) in files {
        staging.bytes(name, text.as_bytes()).unwrap();
    }
    staging.commit(&facts()).unwrap();
}

#[test]
fn nothing_appears_before_commit_and_all_of_it_after() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("deep/outputs/example");
    let staging = Staging::begin(&target).unwrap();
    staging.bytes("weekly.csv", b"a\n").unwrap();
    staging.bytes("plots/fan_all.svg", b"<svg/>").unwrap();
    assert!(!target.exists());
    let written = staging.commit(&facts()).unwrap();
    assert_eq!(written, ["plots/fan_all.svg", "weekly.csv", "run.json"]);
    assert_eq!(names(&target), ["plots", "run.json", "weekly.csv"]);
    assert_eq!(fs::read(target.join("plots/fan_all.svg")).unwrap(), b"<svg/>");
    assert_eq!(names(target.parent().unwrap()), ["example"], "no staging directory is left");
}

#[test]
fn run_json_says_what_was_run_and_written() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("out");
    write(&target, &[("weekly.csv", "x")]);
    let run: serde_json::Value = serde_json::from_slice(&fs::read(target.join(RUN)).unwrap()).unwrap();
    let expected = serde_json::json!({
        "scenario": "example", "scenario_sha256": "ab".repeat(32), "seed": 1,
        "replications": 100, "shard": null, "version": "0.1.0",
        "start_state": {"kind": "warm_up", "weeks": 52}, "wall_seconds": 1.5,
        "partial": false, "files": ["weekly.csv", "run.json"],
    });
    assert_eq!(run, expected);
}

#[test]
fn a_new_run_removes_the_files_of_the_old_one_and_no_others() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("out");
    write(&target, &[("weekly.csv", "old"), ("plots/fan_west.svg", "old"), ("old.csv", "old")]);
    fs::write(target.join("my notes.txt"), "mine").unwrap();
    write(&target, &[("weekly.csv", "new")]);
    assert_eq!(names(&target), ["my notes.txt", "run.json", "weekly.csv"]);
    assert_eq!(fs::read(target.join("weekly.csv")).unwrap(), b"new");
}

#[test]
fn an_interrupted_replacement_is_tidied_by_the_next() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("out");
    write(&target, &[("a.csv", "old"), ("b.csv", "old")]);
    // As a stop between the renames leaves it.
    fs::rename(target.join(RUN), target.join(PREVIOUS_RUN)).unwrap();
    write(&target, &[("a.csv", "new")]);
    assert_eq!(names(&target), ["a.csv", "run.json"]);
}

#[test]
fn a_run_json_that_points_outside_harms_nothing() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("out");
    fs::create_dir(&target).unwrap();
    fs::write(home.path().join("precious.txt"), "mine").unwrap();
    fs::write(target.join(RUN), r#"{"files": ["../precious.txt", "/etc/hostname"]}"#).unwrap();
    write(&target, &[("a.csv", "new")]);
    assert!(home.path().join("precious.txt").exists());
    for bad in ["../a", "/a", "", "a/../b", "run.json", "a\\b"] {
        assert!(Staging::begin(&target).unwrap().bytes(bad, b"").is_err(), "{bad}");
    }
}

#[cfg(unix)]
#[test]
fn a_linked_directory_is_not_ours_to_tidy() {
    let home = tempfile::tempdir().unwrap();
    let (target, elsewhere) = (home.path().join("out"), home.path().join("elsewhere"));
    fs::create_dir_all(&target).unwrap();
    fs::create_dir_all(&elsewhere).unwrap();
    fs::write(elsewhere.join("a.svg"), "theirs").unwrap();
    std::os::unix::fs::symlink(&elsewhere, target.join("plots")).unwrap();
    fs::write(target.join(RUN), r#"{"files": ["plots/a.svg"]}"#).unwrap();
    write(&target, &[("a.csv", "new")]);
    assert!(elsewhere.join("a.svg").exists());
}

#[test]
fn a_failing_writer_leaves_the_old_results() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("out");
    write(&target, &[("weekly.csv", "old")]);
    let before = fs::read(target.join(RUN)).unwrap();
    let staging = Staging::begin(&target).unwrap();
    let error = staging
        .file("weekly.csv", |out| {
            out.write_all(b"half a li")?;
            Err(io::ErrorKind::StorageFull.into())
        })
        .unwrap_err();
    drop(staging);
    assert!(error.to_string().contains("weekly.csv"));
    assert!(error.to_string().contains("Free some space"));
    assert_eq!(names(&target), ["run.json", "weekly.csv"]);
    assert_eq!(fs::read(target.join("weekly.csv")).unwrap(), b"old");
    assert_eq!(fs::read(target.join(RUN)).unwrap(), before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_noticed_when_buffers_are_written_out() {
    // /dev/full takes a file's place: what is buffered fails only at the end.
    let error = write_synced(Path::new("/dev/full"), |out| out.write_all(b"few bytes")).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}

#[test]
fn a_path_below_a_file_is_explained() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "mine").unwrap();
    for target in [file.join("out"), file.join("deep/out"), file.clone()] {
        let error = Staging::begin(&target).unwrap_err().to_string();
        assert!(error.contains(file.to_str().unwrap()), "{error}");
        assert!(error.contains("--out"), "{error}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

#[test]
fn a_directory_in_the_way_is_found_before_anything_changes() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("out");
    write(&target, &[("a.csv", "old")]);
    fs::create_dir(target.join("b.csv")).unwrap();
    let staging = Staging::begin(&target).unwrap();
    staging.bytes("a.csv", b"new").unwrap();
    staging.bytes("b.csv", b"new").unwrap();
    let error = staging.commit(&facts()).unwrap_err().to_string();
    assert!(error.contains("b.csv") && error.contains("in the way"), "{error}");
    assert_eq!(fs::read(target.join("a.csv")).unwrap(), b"old");
    assert_eq!(names(&target), ["a.csv", "b.csv", "run.json"]);
}

#[cfg(unix)]
#[test]
fn results_are_readable_like_any_other_directory() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let (target, plain) = (home.path().join("out"), home.path().join("plain"));
    write(&target, &[("a.csv", "x")]);
    fs::create_dir(&plain).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&target), mode(&plain));
}
