//! `caseflow staff` as its user meets it.

use std::fs;
use std::sync::atomic::AtomicBool;

use caseflow::decisions::staffing::{Keeper, Outcome, Unanswered, Workshop, recommend};
use caseflow::report::staffing::{CURVE, STAFFING};
use predicates::str::contains;

use crate::place::{Place, TINY};

/// The tiny council with a promise that posts can keep, and one that they cannot.
fn promising() -> String {
    let standards = r#"
[staffing]
step = 1
roles = ["early_help_worker"]

[clocks.early_help]
starts = "enter:early_help"
stops = "start:early_help"
days = 14

[clocks.contact]
starts = "arrival"
stops = "leave:contact"
days = 0.001

[standards.early_help]
name = "Early help within a fortnight"
clock = "early_help"
required_share = 0.8

[standards.contact]
name = "Contacts done at once"
clock = "contact"
required_share = 0.9

[standards.families]
measure = "families_per_fte"
team = "early_help"
at_most = 12
required_share = 0.8
"#;
    TINY.replace("[desks.screening]\n", "[desks.screening]\ncalendar = \"continuous\"\n")
        .replace("warm_up_weeks = 4", "warm_up_weeks = 40")
        .replace("horizon_weeks = 8", "horizon_weeks = 30")
        + standards
}

fn place() -> Place {
    let place = Place::new();
    fs::write(place.path("tiny.toml"), promising()).expect("a scenario");
    place
}

#[test]
fn it_recommends_posts_and_leaves_its_files() {
    let place = place();
    let staff = ["staff", "tiny.toml", "--replications", "20", "--threads", "1", "--out", "one"];
    place.caseflow(&staff).assert().success().stdout(contains("Posts needed")).stdout(contains("Early help"));
    let read = |name: &str| fs::read_to_string(place.path(name)).expect(name);
    let staffing = read("one/staffing.csv");
    let contract = "area,role,current_fte,recommended_fte,low_fte,high_fte,reliability,annual_cost,";
    assert!(staffing.starts_with(contract) && STAFFING.join(",").starts_with(contract));
    let row: Vec<&str> = staffing.lines().nth(1).expect("a row").split(',').collect();
    // About 19 families a week of ten weeks each are far fewer than five workers could hold.
    assert_eq!(row[..3], ["north", "early_help_worker", "5"]);
    let posts: f64 = row[3].parse().expect("posts");
    assert!((1.0..5.0).contains(&posts), "{posts}");
    assert_eq!(row[7], "", "nobody's pay is known");
    let contract = "area,role,fte,standard,reliability,reliability_low,reliability_high,";
    assert!(read("one/staffing_curve.csv").starts_with(contract) && CURVE.join(",").starts_with(contract));
    assert!(read("one/assumptions.csv").contains("a printed table"));
    assert!(place.path("one/plots/staffing_early_help.png").is_file());
    assert!(!place.path("one.work").exists(), "nothing is left to go on with");

    let again = ["staff", "tiny.toml", "--replications", "20", "--threads", "2", "--out", "two", "--quiet"];
    place.caseflow(&again).assert().success();
    assert_eq!(place.results("one"), place.results("two"), "threads change nothing");
}

#[test]
fn what_posts_cannot_do_is_said_with_what_stands_in_the_way() {
    let place = place();
    let printed = place.json(&["staff", "tiny.toml", "--replications", "20", "--format", "json"]);
    assert!(place.path("outputs/tiny/staff/staffing.csv").is_file(), "the usual place");
    let staffing = &printed["staffing"];
    // The desk's posts are not sought, so nothing is recommended for it.
    assert_eq!(staffing["posts"].as_array().expect("posts").len(), 1);
    let obstacles = staffing["obstacles"].as_array().expect("obstacles");
    let contact = obstacles.iter().find(|found| found["standard"] == "contact").expect("it is infeasible");
    // A task of half an hour takes longer than a thousandth of a day, whoever does it.
    let best = &contact["lifted"][0];
    assert_eq!(best[0], "no time taken by the work itself");
}

#[test]
fn a_scenario_without_promises_has_nothing_to_decide() {
    Place::new()
        .caseflow(&["staff", "tiny.toml"])
        .assert()
        .code(2)
        .stderr(contains("no standard of this scenario depends on posts"));
}

/// Keeps everything, and stops the work once so much is kept.
struct Interrupting<'a> {
    kept: Vec<(String, Vec<Outcome>)>,
    most: usize,
    stop: &'a AtomicBool,
}

impl Keeper for Interrupting<'_> {
    fn recall(&mut self, candidate: &str) -> Vec<Outcome> {
        let of = self.kept.iter().filter(|(kept, _)| kept == candidate);
        of.flat_map(|(_, outcomes)| outcomes.clone()).collect()
    }

    fn keep(&mut self, candidate: &str, _first: u32, outcomes: &[Outcome]) {
        self.kept.push((candidate.to_owned(), outcomes.to_vec()));
        if self.kept.len() >= self.most {
            self.stop.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }
}

#[test]
fn an_interrupted_search_goes_on_to_the_same_answer() {
    let scenario = caseflow::scenario::load_text("tiny.toml", &promising()).expect("valid");
    let stop = AtomicBool::new(false);
    let workshop = Workshop { seed: 1, threads: None, stop: &stop, progress: &|_, _, _| {} };
    let mut keeper = Interrupting { kept: Vec::new(), most: 4, stop: &stop };
    let stopped = recommend(&scenario, 20, &workshop, &mut keeper);
    assert!(matches!(stopped, Err(Unanswered::Interrupted)));
    let done: usize = keeper.kept.iter().map(|(_, outcomes)| outcomes.len()).sum();
    stop.store(false, std::sync::atomic::Ordering::Relaxed);
    keeper.most = usize::MAX;
    let resumed = recommend(&scenario, 20, &workshop, &mut keeper).expect("an answer");
    let fresh =
        recommend(&scenario, 20, &workshop, &mut caseflow::decisions::staffing::Forgetful).expect("one");
    assert_eq!(resumed.simulated as usize + done, fresh.simulated as usize);
    assert_eq!(format!("{:?}", resumed.curve), format!("{:?}", fresh.curve));
}
