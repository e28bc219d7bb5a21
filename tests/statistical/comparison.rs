//! Paired differences held to exact ones.

use std::sync::atomic::AtomicBool;

use caseflow::decisions::comparison::{Candidate, Comparison, Difference, Terms, compare};
use caseflow::experiment::Watch;
use caseflow::scenario::{Part, Scenario, load, load_text, parts_of_texts};

const RATE: f64 = 2_000.0;
const STAY: f64 = 28.0;
const DAYS: f64 = 364.0;
/// Beyond this many standard errors a value is noticed to be wrong.
const NOTICED: f64 = 4.0;

/// Families that stay a while with nobody: M/G/∞. A year of warm-up is thirteen mean stays, so that what is
/// left of the empty start is under a hundred-thousandth.
fn text() -> String {
    format!(
        r#"
        name = "base"
        start = 2024-01-01
        warm_up_weeks = 52
        horizon_weeks = 52
        [compare]
        criteria = [{{ measure = "arrivals" }}, {{ measure = "open_families_stay" }}]
        [areas.town]
        families_per_year = {{ one = {RATE}, other = {RATE} }}
        [sources.one]
        entry = "stay"
        [sources.other]
        entry = "stay"
        [stages.stay]
        duration = {{ distribution = "exponential", mean = {STAY} }}
        next = {{ out = 1 }}
        [ends.out]
        "#
    )
}

fn named(text: &str, name: &str) -> Scenario {
    load_text(name, &text.replace("\"base\"", &format!("\"{name}\"")))
        .unwrap_or_else(|faults| panic!("{faults}"))
}

fn compared(base: &Scenario, option: &Scenario, parts: &[Part], replications: u32) -> Comparison {
    let stop = AtomicBool::new(false);
    let watch = Watch { stop: &stop, progress: &|_, _| {} };
    let terms = Terms { replications, seed: 1, threads: None };
    compare(base, &[Candidate { scenario: option, parts }], &terms, &watch).expect("comparable")
}

/// Agrees with the exact value, and would notice one that is 5% off.
fn agrees(found: &Difference, exact: f64) {
    let z = |exact: f64| (found.mean - exact) / found.se;
    assert!(z(exact).abs() < NOTICED, "{} against {exact}: z = {}", found.mean, z(exact));
    assert!(z(0.95 * exact).abs() > NOTICED, "5% less goes unnoticed: se {} of {exact}", found.se);
}

#[test]
fn a_tenth_more_of_one_source_is_a_tenth_more() {
    let option = named(&text().replace("one = 2000", "one = 2200"), "option");
    let found = compared(&named(&text(), "base"), &option, &[], 300);
    let rows = &found.options[0].criteria;
    agrees(&rows[0].difference, 0.1 * RATE * DAYS / 365.25);
    agrees(&rows[1].difference, 0.1 * RATE / 365.25 * STAY);
    // Of 2,000 families the variance is 2,000 each, of the 200 more alone 200: about twenty times less.
    let gain = rows[0].difference.variance_reduction.expect("a spread");
    assert!(gain > 10.0, "pairing makes the variance {gain} times smaller");
}

/// Number open is rate times stay. With a quarter more families and stays a fifth shorter, the parts and what
/// they do together are all known.
#[test]
fn parts_and_their_interaction_are_those_of_the_product() {
    let changes = r#"
        [interventions.shorter]
        from = 2023-01-02
        effects.stay = { parameters = ["stages.stay.duration.mean"], multiply = 0.8 }
        [interventions.more]
        from = 2023-01-02
        effects.rate = { parameters = ["areas.town.families_per_year.one"], multiply = 1.5 }
    "#;
    let changed = text() + changes;
    let parts = parts_of_texts(&text(), &changed).expect("two parts");
    let found = compared(&named(&text(), "base"), &named(&changed, "option"), &parts, 300);
    let split = found.options[0].split.as_ref().expect("two parts");
    assert_eq!(split.parts, ["more", "shorter"]);
    let row = &split.rows[1];
    let open = 2.0 * RATE / 365.25 * STAY;
    agrees(&row.parts[0], 0.25 * open);
    agrees(&row.parts[1], -0.2 * open);
    // 1.25 × 0.8 = 1: the two cancel.
    assert!((row.whole.mean / row.whole.se).abs() < NOTICED, "{:?}", row.whole);
    agrees(&row.interaction, -0.25 * 0.2 * open);
}

#[test]
fn changes_that_do_not_meet_add_up() {
    let changes = r#"
        [interventions.one]
        from = 2024-03-04
        effects.rate = { parameters = ["areas.town.families_per_year.one"], multiply = 1.5 }
        [interventions.other]
        from = 2024-05-06
        effects.rate = { parameters = ["areas.town.families_per_year.other"], multiply = 0.7 }
    "#;
    let changed = text() + changes;
    let parts = parts_of_texts(&text(), &changed).expect("two parts");
    let found = compared(&named(&text(), "base"), &named(&changed, "option"), &parts, 20);
    for row in &found.options[0].split.as_ref().expect("two parts").rows {
        let interaction = row.interaction;
        assert!(interaction.mean.abs() <= NOTICED * interaction.se + 1e-6, "{interaction:?}");
        assert!(row.parts.iter().all(|part| part.is_told()), "each does something");
    }
}

#[test]
fn pairing_makes_the_quickstart_surer() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    let base = load(&path, &[]).expect("valid");
    let set = |path: &str, value: &str| (path.to_owned(), value.to_owned());
    let more = [set("areas.river.teams.early_help.fte", "9"), set("name", "more")];
    let found = compared(&base, &load(&path, &more).expect("valid"), &[], 64);
    for row in &found.options[0].criteria {
        let difference = row.difference;
        if let Some(gain) = difference.variance_reduction {
            assert!(gain > 1.5, "criterion {}: {gain}", row.criterion);
        }
    }
    assert!(found.options[0].criteria[0].difference.is_told());
}
