//! The pages say what is so: every module, command, scenario and measure that they name exists, and
//! every one that exists is named.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use caseflow::cli;
use caseflow::report::comparison;
use caseflow::report::csv::{ASSUMPTIONS, COSTS, STANDARDS, WEEKLY};
use caseflow::report::explanation::{MEASURE_NEXT, SENSITIVITY, TORNADO};
use caseflow::report::funding;
use caseflow::report::monitoring;
use caseflow::report::reconciliation::RECONCILIATION;
use caseflow::report::staffing;
use caseflow::scenario::{self, Scenario};
use caseflow::simulation::Simulator;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The pages for people, at the top and one folder down.
fn pages() -> Vec<PathBuf> {
    let folders = ["", "docs", "scenarios", "outputs", "data"].map(|folder| root().join(folder));
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("a folder"));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut pages: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    pages.sort();
    pages
}

/// Files of a folder with an extension, by name.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|other| other == extension))
        .collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// What stands between backticks.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Lines of the blocks of code in a shell's language.
fn shell_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(language) => inside = matches!(language, "sh" | "bash"),
            None if inside => lines.push(line.to_owned()),
            None => {}
        }
    }
    lines
}

/// The arguments of a line that calls the program, in either way; `None` for another line.
fn arguments(line: &str) -> Option<Vec<OsString>> {
    let line = line.split('#').next().unwrap_or_default().trim();
    let line = line.strip_prefix("cargo run --release -- ").or_else(|| line.strip_prefix("caseflow "))?;
    let line = line.replace("$SLURM_ARRAY_TASK_ID", "1");
    let words = line.split_whitespace().map(OsString::from);
    Some(std::iter::once(OsString::from("caseflow")).chain(words).collect())
}

#[test]
fn the_code_map_names_every_module_and_no_other() {
    let text = page("ARCHITECTURE.md");
    let map = text.split("## Code map").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the map");
    let items = map.lines().filter_map(|line| line.strip_prefix("* **")?.split("**").next());
    let named: BTreeSet<&str> = items.flat_map(quoted).collect();
    let lib = page("src/lib.rs");
    let declared: BTreeSet<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(declared.len() > 8, "the declarations are read: {declared:?}");
    assert_eq!(named, declared);
}

#[test]
fn files_named_by_the_architecture_exist() {
    let text = page("ARCHITECTURE.md");
    let named: Vec<&str> =
        quoted(&text).into_iter().filter(|name| name.ends_with(".rs") && !name.contains(' ')).collect();
    assert!(named.len() > 5, "{named:?}");
    // Within a sentence about one module its folder is not said again.
    let places = ["", "src", "src/simulation", "src/scenario"];
    for name in named {
        assert!(places.iter().any(|place| root().join(place).join(name).is_file()), "{name}");
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut count = 0;
    for path in pages() {
        let text = fs::read_to_string(&path).expect("a page");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !link.contains("://") && !file.is_empty() {
                assert!(path.with_file_name(file).exists(), "{}: {link}", path.display());
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn commands_in_the_readme_can_be_given() {
    let lines = shell_lines(&page("README.md"));
    let commands: Vec<_> =
        lines.iter().filter_map(|line| arguments(line).map(|words| (line, words))).collect();
    assert!(commands.len() > 8, "the blocks are read: {lines:?}");
    for (line, words) in commands {
        assert!(cli::parse(words.clone()).is_ok(), "{line}");
        for word in words.iter().map(|word| word.to_string_lossy()).filter(|word| word.ends_with(".toml")) {
            assert!(root().join(&*word).is_file(), "{line}");
        }
    }
    assert!(cli::parse(arguments("caseflow run --treads 2 a.toml").expect("a command")).is_err());
}

#[test]
fn options_in_the_readme_are_those_there_are() {
    let text = page("README.md");
    let table: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| `--")?.split([' ', '`']).next()).collect();
    let help = |command: &str| {
        let printed = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("caseflow"))
            .args([command, "--help"])
            .output()
            .expect("help");
        String::from_utf8(printed.stdout).expect("text")
    };
    let all =
        ["run", "staff", "compare", "check", "explain", "merge", "verify", "monitor"].map(help).concat();
    let there: BTreeSet<&str> = all
        .split_whitespace()
        .filter_map(|word| word.trim_end_matches('`').strip_prefix("--"))
        .filter(|name| *name != "help" && !name.is_empty())
        .collect();
    assert_eq!(table, there);
}

#[test]
fn every_scenario_is_described_and_loads() {
    let described = page("scenarios/README.md");
    let scenarios = files("scenarios", "toml");
    assert!(scenarios.len() >= 3);
    for path in scenarios {
        let name = file_name(&path);
        assert!(described.contains(&format!("[{name}]({name})")), "scenarios/README.md lists {name}");
        // England's pathway is a layer for others and has no areas.
        if name != "england.toml" {
            scenario::load(&path, &[]).unwrap_or_else(|faults| panic!("{}", faults.render(false)));
        }
    }
}

/// A measure's name as the page writes it: what the scenario names stands in angle brackets.
fn as_documented(measure: &str, scenario: &Scenario) -> String {
    let of = |prefix: &str, what: &str, ids: &[&String]| {
        let id = measure.strip_prefix(prefix)?;
        ids.iter().any(|other| *other == id).then(|| format!("{prefix}<{what}>"))
    };
    let stages: Vec<&String> = scenario.stages.iter().map(|stage| &stage.id).collect();
    let sources: Vec<&String> = scenario.sources.iter().map(|source| &source.id).collect();
    let clocks: Vec<&String> = scenario.clocks.iter().map(|clock| &clock.id).collect();
    let ends: Vec<&String> = scenario.ends.iter().map(|end| &end.id).collect();
    let named = [
        ("arrivals_", "source", &sources),
        ("on_time_share_", "clock", &clocks),
        ("ends_", "end", &ends),
        ("open_families_", "stage", &stages),
        ("open_children_", "stage", &stages),
        ("entries_", "stage", &stages),
        ("stay_mean_days_", "stage", &stages),
    ];
    let found = named.into_iter().find_map(|(prefix, what, ids)| of(prefix, what, ids));
    found.unwrap_or_else(|| measure.to_owned())
}

#[test]
fn every_measure_is_defined_and_every_definition_is_measured() {
    let text = page("MODEL.md");
    let section =
        text.split("## 9. Measures").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("it");
    let defined: BTreeSet<String> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .map(str::to_owned)
        .collect();
    let mut measured = BTreeSet::new();
    for name in ["scenarios/quickstart.toml", "scenarios/oldham.toml", "scenarios/bradford.toml"] {
        let scenario = scenario::load(&root().join(name), &[]).expect("a valid scenario");
        let simulator = Simulator::new(&scenario, 1);
        measured
            .extend(simulator.layout().series.iter().map(|series| as_documented(&series.measure, &scenario)));
    }
    assert_eq!(defined, measured);
}

#[test]
fn the_example_is_whole_and_has_the_columns_of_today() {
    let folder = root().join("outputs/example");
    let run: serde_json::Value = serde_json::from_str(&page("outputs/example/run.json")).expect("run.json");
    for name in run["files"].as_array().expect("a list") {
        assert!(folder.join(name.as_str().expect("a name")).is_file(), "{name}");
    }
    let header =
        |name: &str| page(&format!("outputs/example/{name}")).lines().next().unwrap_or_default().to_owned();
    assert_eq!(header("weekly.csv"), WEEKLY.join(","));
    assert_eq!(header("standards.csv"), STANDARDS.join(","));
    assert_eq!(header("costs.csv"), COSTS.join(","));
    assert_eq!(header("assumptions.csv"), ASSUMPTIONS.join(","));
    let scenario = scenario::load(&root().join("outputs/example.toml"), &[]).expect("a valid scenario");
    assert_eq!(
        run["scenario_sha256"],
        scenario.hash.as_str(),
        "make it anew: caseflow run outputs/example.toml"
    );
}

#[test]
fn the_readme_gives_the_columns_of_today() {
    let readme = page("README.md");
    let explained = [SENSITIVITY.join(","), TORNADO.join(","), MEASURE_NEXT.join(",")];
    let run = [
        WEEKLY.join(","),
        STANDARDS.join(","),
        COSTS.join(","),
        RECONCILIATION.join(","),
        ASSUMPTIONS.join(","),
    ];
    // Of the staffing files, those columns that other people's spreadsheets may rely on.
    let staffed = [
        staffing::STAFFING[..8].join(","),
        staffing::CURVE[..7].join(","),
        staffing::STANDARDS[..5].join(","),
        staffing::POOLING[..8].join(","),
        staffing::COSTS.join(","),
    ];
    let compared = [
        comparison::COMPARISON[..10].join(","),
        comparison::WEEKLY[..12].join(","),
        comparison::TIMING[..11].join(","),
        comparison::DETECTION.join(","),
        comparison::PARTS.join(","),
        comparison::RANKING.join(","),
        comparison::TRADES[..5].join(","),
        comparison::STANDARDS.join(","),
        comparison::COSTS.join(","),
        comparison::SCENARIOS.join(","),
    ];
    let funded = [
        funding::FUNDING[..8].join(","),
        funding::RULES[..6].join(","),
        funding::AREAS[..6].join(","),
        funding::POTS.join(","),
        funding::FRONTIER[..4].join(","),
        funding::NEXT[..5].join(","),
        funding::ENDINGS[..7].join(","),
        funding::CHEAPEST.join(","),
    ];
    let monitored = [
        monitoring::MONITOR.join(","),
        monitoring::SIGNALS.join(","),
        monitoring::PARAMETERS.join(","),
        monitoring::STANDARDS_AFTER.join(","),
        monitoring::WEIGHTS.join(","),
    ];
    let all = run.into_iter().chain(explained).chain(staffed).chain(compared).chain(funded);
    for columns in all.chain(monitored) {
        assert!(readme.contains(&columns), "{columns}");
    }
}
