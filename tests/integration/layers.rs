//! Data flows one way: a module uses only those that come before it in `src/lib.rs`.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order in which `src/lib.rs` declares them.
fn declared() -> Vec<String> {
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    lib.lines()
        .filter_map(|line| line.strip_prefix("pub mod "))
        .map(|name| name.trim_end_matches(';').to_owned())
        .collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
}

/// The modules that a line names by `crate::`.
fn named(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or("");
    let after = code.split("crate::").skip(1);
    let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let braces = |rest: &str| -> Option<Vec<String>> {
        let inner = rest.strip_prefix('{')?;
        Some(inner.split(',').map(|part| word(part.trim())).collect())
    };
    after
        .flat_map(|rest| braces(rest).unwrap_or_else(|| vec![word(rest)]))
        .filter(|name| !name.is_empty())
        .collect()
}

/// Uses of a later module by an earlier one, as `file:line uses module`.
fn breaches(order: &[String], module: &str, file: &str, text: &str) -> Vec<String> {
    let place = |name: &str| order.iter().position(|other| other == name);
    let own = place(module);
    let lines = text.lines().enumerate();
    lines
        .flat_map(|(number, line)| named(line).into_iter().map(move |name| (number + 1, name)))
        .filter(|(_, name)| place(name) > own)
        .map(|(number, name)| format!("{file}:{number} uses {name}"))
        .collect()
}

#[test]
fn modules_use_only_earlier_ones() {
    let order = declared();
    assert!(order.len() > 8, "the declarations are read: {order:?}");
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    let mut found = Vec::new();
    for file in files {
        let relative =
            file.strip_prefix(root().join("src")).expect("below src").to_string_lossy().into_owned();
        let module = relative.split(['/', '.']).next().unwrap_or_default().to_owned();
        if order.contains(&module) {
            found.extend(breaches(&order, &module, &relative, &fs::read_to_string(&file).expect("source")));
        }
    }
    assert_eq!(found, Vec::<String>::new(), "dependencies run one way: see ARCHITECTURE.md");
}

#[test]
fn a_use_against_the_stream_is_noticed() {
    let order: Vec<String> = ["random", "scenario", "simulation"].map(str::to_owned).to_vec();
    let text = "use crate::random::Stream;\nuse crate::simulation::Layout; // later\n// crate::simulation in words\nuse crate::{random, simulation};";
    assert_eq!(
        breaches(&order, "scenario", "f.rs", text),
        ["f.rs:2 uses simulation", "f.rs:4 uses simulation"]
    );
    assert!(breaches(&order, "simulation", "f.rs", text).is_empty());
}

/// Only the simulation's callers may start threads, print, or look at files and clocks.
#[test]
fn the_core_does_no_input_or_output() {
    let forbidden =
        ["std::fs", "std::io", "std::time", "std::env", "println!", "eprintln!", "print!", "rayon"];
    let mut files = Vec::new();
    for module in ["simulation", "analysis"] {
        sources(&root().join("src").join(module), &mut files);
    }
    files.push(root().join("src/random.rs"));
    for file in files {
        let text = fs::read_to_string(&file).expect("source");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            let hit = forbidden.iter().find(|word| code.contains(*word));
            assert_eq!(hit, None, "{}:{}", file.display(), number + 1);
        }
    }
}
