//! The search for posts held to settings in which the least staffing is known exactly.
//!
//! **How a reliability maps to a long-run value.** A standard asks for a share of families (or weeks)
//! in each replication; with long horizons that share lies close to its long-run value. Each setting
//! asks for the middle between the exact shares with n - 1 and with n people, both many standard errors
//! away: with n nearly every replication meets it, with n - 1 hardly any does, so that the least
//! staffing at any wanted reliability is n.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;

use caseflow::analysis::queueing::MultiServer;
use caseflow::decisions::staffing::{Answer, Forgetful, Workshop, recommend};
use caseflow::verification::exact::queue::erlang_a;
use statrs::distribution::{ContinuousCDF, Normal};

/// Mean service in days of desks and of the teams that are queues.
const SERVICE: f64 = 0.5;
/// Days after which a task or family is late.
const LIMIT: f64 = 0.1;
/// Patience: families a day who give up, for each that waits.
const IMPATIENCE: f64 = 0.8;
/// Mean stay with the team without limits, days, and families that an FTE may hold on average.
const STAY: f64 = 3.5;
const FAMILIES: f64 = 5.0;

/// Loads in erlangs of the queues, and of the team without limits.
const LOADS: [f64; 6] = [1.2, 2.3, 3.4, 4.6, 6.3, 8.2];
const OPEN: [f64; 6] = [22.0, 28.0, 33.0, 38.0, 43.0, 48.0];

/// The settings of one kind: by area, the share asked for and the exact least staffing.
struct Kind {
    team: &'static str,
    settings: Vec<(f64, u32)>,
}

/// The least number of people whose share is well apart from that of one fewer, from `from` people on,
/// and the middle between the two.
fn apart(from: u32, share: impl Fn(u32) -> f64) -> (f64, u32) {
    let gap = |people: u32| share(people) - share(people - 1);
    let people = (from..from + 4).max_by(|a, b| gap(*a).total_cmp(&gap(*b))).expect("some");
    assert!(gap(people) > 0.1, "{people}: {}", gap(people));
    ((share(people) + share(people - 1)) / 2.0, people)
}

fn kinds() -> Vec<Kind> {
    let on_time = |load: f64| {
        move |people: u32| 1.0 - MultiServer::new(load / SERVICE, SERVICE, people).wait_exceeds(LIMIT)
    };
    let at_once =
        |load: f64| move |people: u32| 1.0 - erlang_a(load / SERVICE, SERVICE, people, IMPATIENCE).wait;
    // The mean of a week of M/M/inf: normal, with mean R and variance R (2/T²) (τT - τ² (1 - e^(-T/τ))).
    let weeks = |open: f64| {
        let spread = 2.0 / 49.0 * (STAY * 7.0 - STAY * STAY * (1.0 - libm::exp(-7.0 / STAY)));
        let law = Normal::new(open, (open * spread).sqrt()).expect("a law");
        move |people: u32| law.cdf(f64::from(people) * FAMILIES)
    };
    let queue = |load: f64| (load + 1.0).floor() as u32 + 1;
    vec![
        Kind { team: "desk", settings: LOADS.map(|load| apart(queue(load), on_time(load))).to_vec() },
        Kind { team: "team", settings: LOADS.map(|load| apart(queue(load), on_time(load))).to_vec() },
        Kind {
            team: "patience",
            settings: LOADS.map(|load| apart(load.floor().max(2.0) as u32, at_once(load))).to_vec(),
        },
        Kind {
            team: "open",
            settings: OPEN.map(|open| apart((open / FAMILIES) as u32, weeks(open))).to_vec(),
        },
    ]
}

/// All settings in one scenario: every area has each kind, with loads of its own.
fn scenario(kinds: &[Kind]) -> String {
    let mut text = String::from(
        r#"name = "exact"
start = 2024-09-02
warm_up_weeks = 6
horizon_weeks = 104
[staffing]
step = 1
[desks.desk]
serves = "each_area"
calendar = "continuous"
fte = 4
[teams.team]
role = "team"
serves = "each_area"
points_per_fte = 1
fte = 4
[teams.patience]
role = "patience"
serves = "each_area"
points_per_fte = 1
fte = 4
[teams.open]
role = "open"
serves = "each_area"
fte = 4
[stages.desk]
desk = "desk"
minutes = { distribution = "exponential", mean = 720 }
next = { done = 1 }
[stages.team]
team = "team"
points = 1
duration = { distribution = "exponential", mean = 0.5 }
next = { done = 1 }
[stages.patience]
team = "patience"
points = 1
duration = { distribution = "exponential", mean = 0.5 }
next = { done = 1 }
[stages.patience.waiting.gives_up]
rate_per_week = 5.6
to = "done"
[stages.open]
team = "open"
duration = { distribution = "exponential", mean = 3.5 }
next = { done = 1 }
[ends.done]
name = "Done"
[clocks.desk]
starts = "enter:desk"
stops = "start:desk"
days = 0.1
[clocks.team]
starts = "enter:team"
stops = "start:team"
days = 0.1
[clocks.patience]
starts = "enter:patience"
stops = "start:patience"
days = 0.0001
"#,
    );
    for kind in kinds {
        writeln!(text, "[sources.{0}]\nentry = \"{0}\"", kind.team).expect("text");
    }
    for area in 0..LOADS.len() {
        let queue = LOADS[area] / SERVICE * 365.25;
        let open = OPEN[area] / STAY * 365.25;
        writeln!(
            text,
            "[areas.a{area}]\nfamilies_per_year = {{ desk = {queue}, team = {queue}, patience = {queue}, open = {open} }}"
        )
        .expect("text");
        for kind in kinds {
            let (share, _) = kind.settings[area];
            let test = if kind.team == "open" {
                format!("measure = \"families_per_fte\"\nteam = \"open\"\nat_most = {FAMILIES}")
            } else {
                format!("clock = \"{}\"", kind.team)
            };
            writeln!(
                text,
                "[standards.{}_{area}]\n{test}\nrequired_share = {share}\nareas = [\"a{area}\"]",
                kind.team
            )
            .expect("text");
        }
    }
    text
}

fn found(answer: &Answer, team: &str, area: usize) -> (f64, f64) {
    let row = answer
        .seats
        .iter()
        .find(|row| row.seat.holder == team && row.seat.areas == [area])
        .expect("every setting is sought");
    (row.recommended, row.chance_right.expect("a chance"))
}

/// Within a step of the exact answer.
fn agrees(recommended: f64, exact: u32) -> bool {
    (recommended - f64::from(exact)).abs() <= 1.0
}

/// Twenty-four settings in one search: Erlang C delay targets at desks and in teams, Erlang A, and a team
/// without limits.
#[test]
fn the_search_finds_the_least_staffing_that_is_known_exactly() {
    let kinds = kinds();
    let scenario = caseflow::scenario::load_text("exact.toml", &scenario(&kinds)).expect("valid");
    let stop = AtomicBool::new(false);
    let workshop = Workshop { seed: 11, threads: None, stop: &stop, progress: &|_, _, _| {} };
    let answer = recommend(&scenario, 24, &workshop, &mut Forgetful).expect("an answer");
    assert!(answer.settled);
    let (mut settings, mut exactly) = (0, 0);
    for kind in &kinds {
        for (area, &(share, exact)) in kind.settings.iter().enumerate() {
            let (recommended, chance) = found(&answer, kind.team, area);
            let what = format!("{} {area}: {recommended} for {exact}, share {share:.3}", kind.team);
            assert!(agrees(recommended, exact), "{what}");
            settings += 1;
            if recommended == f64::from(exact) {
                exactly += 1;
                assert!(chance > 0.8, "{what}: {chance}");
            }
        }
    }
    assert!(settings >= 20);
    // Of 24 settings all but one, at most, are found to the very step.
    assert!(exactly >= settings - 1, "{exactly} of {settings}");
}

/// The least staffing differs enough between loads that an answer for loads a third higher is refused.
#[test]
fn the_exact_settings_can_tell_a_wrong_load() {
    for (place, load) in LOADS.into_iter().enumerate().skip(2) {
        let right = kinds()[0].settings[place];
        let share =
            |people: u32| 1.0 - MultiServer::new(1.34 * load / SERVICE, SERVICE, people).wait_exceeds(LIMIT);
        let wrong = (1..40).find(|&people| share(people) >= right.0).expect("enough people");
        assert!(wrong > right.1, "{load}: {wrong} for {}", right.1);
    }
}

/// Two desks in a row with one clock over both, the first with far too many people now. Nobody knows the
/// least staffing in closed form, but its mark is known: it meets the clock, and neither desk can spare one.
#[test]
fn of_desks_that_share_a_clock_neither_can_spare_a_step() {
    let text = r#"name = "tandem"
start = 2024-09-02
warm_up_weeks = 6
horizon_weeks = 104
[staffing]
step = 1
[areas.a]
families_per_year = { all = 4383 }
[sources.all]
entry = "first"
[desks.first]
calendar = "continuous"
fte = 30
[desks.second]
calendar = "continuous"
fte = 4
[stages.first]
desk = "first"
minutes = { distribution = "exponential", mean = 360 }
next = { second = 1 }
[stages.second]
desk = "second"
minutes = { distribution = "exponential", mean = 240 }
next = { done = 1 }
[ends.done]
name = "Done"
[clocks.both]
starts = "enter:first"
stops = "leave:second"
days = 0.9
[standards.both]
clock = "both"
required_share = 0.8
"#;
    let scenario = caseflow::scenario::load_text("tandem.toml", text).expect("valid");
    let stop = AtomicBool::new(false);
    let workshop = Workshop { seed: 5, threads: None, stop: &stop, progress: &|_, _, _| {} };
    let answer = recommend(&scenario, 40, &workshop, &mut Forgetful).expect("an answer");
    assert!(answer.settled && answer.seats.len() == 2);
    for row in &answer.seats {
        let what = format!("{}: {}", row.seat.holder, row.recommended);
        let (_, standing) = row.tightest.expect("a standard");
        assert!(!standing.speaks_against(0.9), "{what}: {standing:?}");
        let (_, less) = row.one_less.as_ref().and_then(|less| less.tightest).expect("a step less");
        assert!(!less.reaches(0.9), "{what}: one less still gives {less:?}");
    }
    // Loads are 3 and 2 people: neither desk is stable with as many, and the first needs nothing like 30.
    assert!(answer.seats[0].recommended > 3.0 && answer.seats[0].recommended < 8.0, "{answer:?}");
    assert!(answer.seats[1].recommended > 2.0, "{answer:?}");
}
