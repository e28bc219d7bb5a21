//! `caseflow monitor` as its user meets it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use caseflow::report::monitoring::{MONITOR, PARAMETERS, SIGNALS, STANDARDS_AFTER, WEIGHTS};
use predicates::str::contains;

use crate::place::{Place, TINY};

/// The tiny council with a promise, more families, and a season.
fn council() -> String {
    TINY.replace("population = 10000", "population = 60000")
        .replace("horizon_weeks = 8", "horizon_weeks = 26")
        .replace("fte = 5\n", "fte = 40\n")
        + "
[standards.prompt]
measure = \"wait_mean_days\"
team = \"early_help\"
at_most = 14
required_share = 0.8
reliability = 0.5
"
}

/// A place with that council and 20 observed weeks: about 11 and a half families each.
fn place(of_week: impl Fn(u32) -> u32) -> Place {
    let place = Place::new();
    fs::write(place.path("council.toml"), council()).expect("a file");
    let mut file = "week_start,measure,value\n".to_owned();
    for week in 0..20 {
        let monday = jiff::civil::date(2024, 9, 2).saturating_add(jiff::Span::new().weeks(i64::from(week)));
        writeln!(file, "{monday},arrivals,{}", of_week(week)).expect("memory");
    }
    fs::write(place.path("seen.csv"), file).expect("a file");
    place
}

const USUAL: [u32; 5] = [11, 13, 9, 12, 14];

fn usual(week: u32) -> u32 {
    USUAL[week as usize % 5]
}

fn rows(place: &Place, path: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(place.path(path)).expect("a file");
    let header = reader.headers().expect("a header").clone();
    let cells = |row: csv::StringRecord| {
        header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|row| cells(row.expect("a row"))).collect()
}

#[test]
fn observed_weeks_lie_in_their_fan() {
    let place = place(usual);
    let run = |out: &str, threads: &str| {
        let arguments = [
            "monitor",
            "council.toml",
            "--observed",
            "seen.csv",
            "--replications",
            "120",
            "--out",
            out,
            "--threads",
            threads,
        ];
        place.caseflow(&arguments).assert().success().stdout(contains("No control chart signals"));
        place.results(out)
    };
    let (one, three) = (run("one", "1"), run("three", "3"));
    assert!(one == three, "threads change nothing");
    for (name, columns) in [
        ("monitor.csv", MONITOR.join(",")),
        ("signals.csv", SIGNALS.join(",")),
        ("parameters.csv", PARAMETERS.join(",")),
        ("standards_after.csv", STANDARDS_AFTER.join(",")),
        ("weights.csv", WEIGHTS.join(",")),
    ] {
        let text = fs::read_to_string(place.path("one").join(name)).expect(name);
        assert_eq!(text.lines().next(), Some(columns.as_str()));
    }
    let weeks = rows(&place, "one/monitor.csv");
    assert_eq!((weeks.len(), weeks[3]["observed"].as_str()), (20, "12"));
    let inside = weeks.iter().filter(|row| row["within"] == "yes").count();
    assert!(inside >= 15, "{inside}");
    let weights: f64 =
        rows(&place, "one/weights.csv").iter().map(|row| row["weight"].parse::<f64>().expect("it")).sum();
    assert!((weights - 1.0).abs() < 1e-3, "{weights}");
    let before = place.results("one");
    fs::remove_file(place.path("one/report.html")).expect("it was there");
    place.caseflow(&["report", "one"]).assert().success();
    assert!(before == place.results("one"), "made again to the byte");
    let page = fs::read_to_string(place.path("one/report.html")).expect("a report");
    for heading in
        ["The answer first", "What drives it", "What to look at in six months", "What this cannot say"]
    {
        assert!(page.contains(heading), "{heading}");
    }
}

#[test]
fn twice_the_families_are_noticed_and_said_to_programs() {
    let place = place(|week| 2 * usual(week));
    let arguments = [
        "monitor",
        "council.toml",
        "--observed",
        "seen.csv",
        "--replications",
        "120",
        "--format",
        "json",
        "--quiet",
    ];
    let done = place.json(&arguments);
    let found = &done["monitoring"];
    assert!(!found["signals"].as_array().expect("a list").is_empty());
    assert_eq!(found["outside"], true);
    assert_eq!(found["false_alarms"], 0.05);
    assert_ne!(found["verdict"], "stands");
    assert!(place.path("outputs/tiny/monitor/run.json").is_file());
    assert!(place.path("outputs/tiny/monitor/plots/observed_arrivals_all.svg").is_file());
}

#[test]
fn a_recommendation_is_looked_at_again() {
    let place = place(usual);
    place
        .caseflow(&["staff", "council.toml", "--replications", "20", "--out", "staff", "--quiet"])
        .assert()
        .success();
    let look = |scenario: &str, staff: &str| {
        place.caseflow(&[
            "monitor",
            scenario,
            "--observed",
            "seen.csv",
            "--replications",
            "100",
            "--staff",
            staff,
            "--out",
            "after",
        ])
    };
    look("council.toml", "staff").assert().success().stdout(contains("the posts recommended"));
    look("tiny.toml", "staff").assert().code(2);
    fs::write(place.path("other.toml"), council().replace("fte = 40", "fte = 41")).expect("a file");
    look("other.toml", "staff").assert().code(2).stderr(contains("is of another scenario"));
    look("council.toml", "after").assert().code(2).stderr(contains("wants those of `caseflow staff`"));
    look("council.toml", "nowhere").assert().code(2).stderr(contains("is not a results directory"));
}

#[test]
fn files_that_do_not_fit_are_refused_whole() {
    let place = place(usual);
    let refused = |text: &str, words: &str| {
        fs::write(place.path("wrong.csv"), text).expect("a file");
        let arguments = ["monitor", "council.toml", "--observed", "wrong.csv", "--out", "wrong"];
        place.caseflow(&arguments).assert().code(2).stdout("").stderr(contains(words));
        assert!(!place.path("wrong").exists(), "no results appear");
    };
    refused("week_start,measure,value\n2024-09-02,arivals,1\n", "did you mean `arrivals`?");
    refused(
        "week_start,measure,value\n2023-09-04,arrivals,1\n",
        "wrong.csv:2: week_start: 2023-09-04 is not wholly within",
    );
    refused("week_start,measure,value\n2024-09-03,arrivals,x\n", "2 faults; nothing was run.");
    refused("month,code,name,referrals\n2024-10,E1,One,5\n2024-10,E2,Two,6\n", "--authority");
    let missing = ["monitor", "council.toml", "--observed", "nowhere.csv"];
    place.caseflow(&missing).assert().code(2).stderr(contains("cannot be read"));
}

#[test]
fn oldhams_months_are_ready_to_be_looked_at() {
    let file =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/observed/oldham_referrals.csv");
    let text = fs::read_to_string(&file).expect("the file");
    assert!(text.contains("Open Government Licence v3.0") && text.contains("Department for Education"));
    let seen = caseflow::observed::read(&file).expect("it reads");
    assert_eq!(seen.rows.len(), 31);
    let scenario =
        caseflow::scenario::load(&file.with_file_name("../oldham.toml"), &[]).expect("a valid scenario");
    let layout = caseflow::simulation::Simulator::new(&scenario, 1).layout().clone();
    let series =
        caseflow::monitoring::watched(&scenario, &layout, &seen, caseflow::scenario::Counts::Families)
            .expect("it fits");
    assert!(series.len() == 1 && series[0].as_children && series[0].months && series[0].gaps() == 0);
}
