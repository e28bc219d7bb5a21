//! Interventions: an effect from the first day is the same as the changed figure; posts come, go and
//! move on their days; learning costs hours.

use caseflow::scenario::{Scenario, load_text};
use caseflow::simulation::{Holding, ReplicationRecord, Simulator};

use super::properties::same_bits;

const SMALL: &str = include_str!("small.toml");
/// The run's first day: 26 weeks before the start of `small.toml`.
const FIRST_DAY: &str = "2024-03-04";

fn load(text: &str) -> Scenario {
    load_text("small.toml", text).unwrap_or_else(|faults| panic!("{faults}"))
}

fn replicate(scenario: &Scenario) -> ReplicationRecord {
    let simulator = Simulator::new(scenario, 3);
    simulator.replicate(0, &mut simulator.workspace()).expect("laws hold")
}

/// The weeks of a team's measure in one area.
fn weeks(text: &str, area: &str, team: &str, measure: &str) -> Vec<f64> {
    let scenario = load(text);
    let area = scenario.areas.iter().position(|candidate| candidate.id == area);
    let team = scenario.teams.iter().position(|candidate| candidate.id == team).expect("the team");
    let simulator = Simulator::new(&scenario, 3);
    let row = simulator
        .layout()
        .series
        .iter()
        .position(|it| it.area == area && it.holding == Holding::Team(team) && it.measure == measure)
        .expect("the series");
    replicate(&scenario).weekly.row(row).iter().map(|value| f64::from(*value)).collect()
}

fn effect(parameter: &str, change: &str) -> String {
    format!(
        "{SMALL}\n[interventions.change]\nfrom = {FIRST_DAY}\n[interventions.change.effects.one]\n\
         parameters = [\"{parameter}\"]\n{change}\n"
    )
}

/// Every kind of figure: the intervention gives the very bits of the scenario that says so from the
/// start, and others than those of the unchanged one.
#[test]
fn an_effect_from_the_first_day_is_the_changed_figure() {
    let unchanged = replicate(&load(SMALL));
    for (parameter, from, to, change) in [
        ("sources.school.visibility", "visibility = 0.25", "visibility = 0.5", "replace = 0.5"),
        ("sources.police.rate_per_10k", "rate_per_10k = 200", "rate_per_10k = 250", "multiply = 1.25"),
        ("areas.east.population", "population = 12000", "population = 6000", "multiply = 0.5"),
        ("stages.early_help.duration.mean", "mean = 80", "mean = 100", "multiply = 1.25"),
        ("stages.early_help.hours_per_week", "hours_per_week = 2", "hours_per_week = 4", "replace = 4"),
        ("stages.early_help.hazards.step_up.rate_per_week", "0.005", "0.01", "multiply = 2"),
        (
            "stages.early_help.next.closed",
            "closed = 0.85, social_work = 0.15",
            "closed = 0.425, social_work = 0.15",
            "multiply = 0.5",
        ),
        ("teams.early_help.points_per_fte", "points_per_fte = 8", "points_per_fte = 6", "multiply = 0.75"),
        ("ends.closed.returns.share", "share = 0.15", "share = 0.3", "multiply = 2"),
    ] {
        assert!(SMALL.contains(from), "small.toml has no `{from}`");
        let changed = load(&effect(parameter, change));
        let record = replicate(&changed);
        // A split without a rest must sum to 1 as written; what an effect makes of it is brought to 1.
        let said = SMALL.replace(from, to).replace(
            "closed = 0.425, social_work = 0.15",
            "closed = 0.739130434782608736, social_work = 0.260869565217391264",
        );
        let said = replicate(&load(&said));
        assert!(
            same_bits(&record, &said) || parameter.ends_with("closed") && nearly(&record, &said),
            "{parameter}"
        );
        assert!(!same_bits(&record, &unchanged), "{parameter} changes nothing");
    }
}

/// Equal but for the last bits of a share.
fn nearly(one: &ReplicationRecord, other: &ReplicationRecord) -> bool {
    one.weekly
        .iter()
        .zip(&other.weekly)
        .all(|(a, b)| (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-3 * a.abs().max(1.0))
}

#[test]
fn before_its_day_an_intervention_changes_no_bit() {
    let later = effect("stages.early_help.hours_per_week", "replace = 6").replace(FIRST_DAY, "2025-03-03");
    let (before, after) = (replicate(&load(SMALL)), replicate(&load(&later)));
    // Week 26 of the horizon begins on 3 March 2025.
    let early = |record: &ReplicationRecord| -> Vec<u32> {
        let weeks = record.weekly.columns().into_iter().take(26);
        weeks.flat_map(|week| week.iter().map(|value| value.to_bits()).collect::<Vec<_>>()).collect()
    };
    assert!(early(&before) == early(&after), "the weeks before are the same");
    assert!(!same_bits(&before, &after), "the weeks after are not");
}

#[test]
fn areas_outside_keep_their_bits() {
    let text = effect("stages.early_help.duration.mean", "multiply = 2")
        .replace("[interventions.change]\n", "[interventions.change]\nareas = [\"east\"]\n");
    for team in ["early_help", "social_work"] {
        let (old, new) =
            (weeks(SMALL, "west", team, "families_per_fte"), weeks(&text, "west", team, "families_per_fte"));
        assert_eq!(old, new, "{team}");
    }
    assert_ne!(
        weeks(SMALL, "east", "early_help", "families_per_fte"),
        weeks(&text, "east", "early_help", "families_per_fte")
    );
}

/// Posts come in the east for the second half of the year, move from west to east, and go again.
#[test]
fn posts_come_move_and_go_on_their_days() {
    let text = format!(
        "{SMALL}\n[interventions.growth]\nareas = [\"east\"]\nfrom = 2025-03-03\n\
         posts.early_help = {{ add = 2.5, fte_each = 0.5 }}\n\
         [interventions.move]\nfrom = 2025-05-05\nto = 2025-06-30\n\
         moves.one = {{ team = \"early_help\", from = \"west\", to = \"east\", fte = 1.5 }}\n"
    );
    let (east, west) = (
        weeks(&text, "east", "early_help", "fte_in_post"),
        weeks(&text, "west", "early_help", "fte_in_post"),
    );
    for (week, (east, west)) in east.iter().zip(&west).enumerate() {
        let moved = if (35..43).contains(&week) { 1.5 } else { 0.0 };
        let grown = if week >= 26 { 2.5 } else { 0.0 };
        assert_eq!((*east, *west), (9.0 + grown + moved, 9.0 - moved), "week {week}");
    }
    // The families of those who go are given to others.
    let changes = |text: &str| weeks(text, "west", "early_help", "changes_of_worker").iter().sum::<f64>();
    assert!(changes(&text) > changes(SMALL), "families change their worker");
}

#[test]
fn posts_that_are_recruited_to_begin_vacant() {
    let workforce = "[teams.early_help.workforce]\nleavers = 0\nagency_share = 0\n\
        time_to_hire = { distribution = \"fixed\", value = 70 }\nramp_weeks = 0\nsickness_spells = 0\n";
    let text = format!(
        "{SMALL}\n{workforce}[interventions.growth]\nfrom = 2025-03-03\n\
         posts.early_help = {{ add = 2, recruited = true }}\n"
    );
    let (vacant, in_post) =
        (weeks(&text, "east", "early_help", "fte_vacant"), weeks(&text, "east", "early_help", "fte_in_post"));
    for week in 0..52 {
        let expected = match week {
            0..26 => (0.0, 9.0),
            26..36 => (2.0, 9.0),
            _ => (0.0, 11.0),
        };
        assert_eq!((vacant[week], in_post[week]), expected, "week {week}");
    }
}

#[test]
fn learning_costs_hours_for_a_while() {
    let text = format!(
        "{SMALL}\n[interventions.new_way]\n\
         waves = [{{ from = 2025-03-03, areas = [\"east\"] }}, {{ from = 2025-04-28, areas = [\"west\"] }}]\n\
         dip = {{ share = 0.1, weeks = 6, teams = [\"early_help\"] }}\n\
         costs = {{ one_off = 1000 }}\n"
    );
    for (area, first) in [("east", 26), ("west", 34)] {
        let (had, has) = (
            weeks(SMALL, area, "early_help", "hours_available"),
            weeks(&text, area, "early_help", "hours_available"),
        );
        for (week, (had, has)) in had.iter().zip(&has).enumerate() {
            let share = if (first..first + 6).contains(&week) { 0.9 } else { 1.0 };
            assert!((has - had * share).abs() < 1e-3, "{area}, week {week}: {has} of {had}");
        }
        assert_eq!(
            weeks(SMALL, area, "social_work", "hours_available"),
            weeks(&text, area, "social_work", "hours_available")
        );
    }
}
