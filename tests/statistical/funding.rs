//! The best split of money held to one that mathematics knows.
//!
//! Three areas, each a queue of single-case workers (M/M/c): with c people in an area the mean number waiting is
//! Erlang's, so that the split of so many people with the least waiting is found by trying all splits in the formula.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;

use caseflow::analysis::queueing::erlang_c;
use caseflow::decisions::funding::{Answer, Rule, Split, share_out};
use caseflow::decisions::staffing::{Forgetful, Workshop};

/// Mean service in days; loads in erlangs; people in all.
const SERVICE: f64 = 0.5;
const LOADS: [f64; 3] = [1.2, 2.8, 4.2];
const PEOPLE: u32 = 15;

/// Mean number waiting: C(c, a) a / (c - a); without end where people do not suffice.
fn waiting(people: u32, load: f64) -> f64 {
    match f64::from(people) > load {
        true => erlang_c(people, load) * load / (f64::from(people) - load),
        false => f64::INFINITY,
    }
}

/// All splits with their exact waiting, the best first.
fn exact() -> Vec<(f64, [u32; 3])> {
    let mut splits = Vec::new();
    for first in 1..PEOPLE - 1 {
        for second in 1..PEOPLE - first {
            let split = [first, second, PEOPLE - first - second];
            let sum: f64 = split.iter().zip(LOADS).map(|(&people, load)| waiting(people, load)).sum();
            splits.push((sum, split));
        }
    }
    splits.sort_by(|a, b| a.0.total_cmp(&b.0));
    splits
}

fn scenario() -> String {
    let mut text = String::from(
        r#"name = "queues"
start = 2024-09-02
warm_up_weeks = 8
horizon_weeks = 104
[staffing]
step = 1
[funding]
objective = "waiting"
[teams.team]
role = "worker"
serves = "each_area"
points_per_fte = 1
fte = 5
[stages.team]
team = "team"
points = 1
duration = { distribution = "exponential", mean = 0.5 }
next = { done = 1 }
[sources.any]
entry = "team"
[ends.done]
[clocks.start]
starts = "enter:team"
stops = "start:team"
days = 0.1
[standards.prompt]
clock = "start"
required_share = 0.5
[pay.worker]
salary = 30000
on_costs = 0
[funders.council]
[pots.base]
funder = "council"
"#,
    );
    for (area, load) in LOADS.iter().enumerate() {
        let families = load / SERVICE * 365.25;
        writeln!(text, "[areas.a{area}]\npopulation = 1000\nfamilies_per_year = {{ any = {families} }}")
            .expect("text");
    }
    text
}

fn split<'a>(answer: &'a Answer, rule: &Rule) -> &'a Split {
    answer.splits.iter().find(|split| split.rule == *rule).expect("every rule")
}

#[test]
fn the_split_with_the_least_waiting_is_erlang_s() {
    let exact = exact();
    // Far enough apart for paired runs to tell, and not what equal shares give.
    assert!(exact[1].0 > 1.15 * exact[0].0, "{exact:?}");
    assert_ne!(exact[0].1, [5, 5, 5]);
    let scenario = caseflow::scenario::load_text("queues.toml", &scenario()).expect("valid");
    let stop = AtomicBool::new(false);
    let workshop = Workshop { seed: 3, threads: None, stop: &stop, progress: &|_, _, _| {} };
    let answer = share_out(&scenario, 32, &workshop, &mut Forgetful).expect("an answer");
    let found = split(&answer, &Rule::LeastWaiting);
    assert_eq!(found.posts, exact[0].1.map(f64::from));
    // What is said of it is what the formula says, and not what it would say of the second best.
    let weeks = 365.25 / 7.0;
    let waited = found.verdict.waited;
    assert!(
        (waited.mean - exact[0].0 * weeks).abs() < 4.0 * waited.se,
        "{} {}",
        waited.mean,
        exact[0].0 * weeks
    );
    assert!((waited.mean - exact[1].0 * weeks).abs() > 4.0 * waited.se);
    // Equal shares are the posts of now: nothing differs, to the bit.
    let equal = split(&answer, &Rule::Formula(caseflow::scenario::Formula::Equal));
    assert_eq!((equal.verdict.waited_more.mean, equal.verdict.waits_less.met), (0.0, 0));
    assert_eq!(found.verdict.waits_less.met, 32);
    // A further person is worth most where the formula says so.
    let gain = |area: usize| waiting(5, LOADS[area]) - waiting(6, LOADS[area]);
    let where_most = (0..3).max_by(|&a, &b| gain(a).total_cmp(&gain(b))).expect("three");
    let best = answer.next.iter().min_by(|a, b| a.waited.mean.total_cmp(&b.waited.mean)).expect("three");
    assert_eq!(best.seat, where_most);
}
