//! The cases of `caseflow verify`, each with proof that it can fail.

use caseflow::verification::{Case, Row, cases};

const SEED: u64 = 1;
/// Beyond this many standard errors a value is noticed to be wrong.
const NOTICED: f64 = 4.0;

fn case(id: &str) -> Case {
    cases().into_iter().find(|case| case.id == id).expect("a case of this name")
}

fn table(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let verdict = if row.pass { "" } else { "  <-- does not agree" };
        format!(
            "{:60} exact {:12.6} simulated {:12.6} se {:.2e} z {:6.2}{verdict}\n",
            row.quantity, row.exact, row.simulated, row.se, row.z
        )
    };
    rows.iter().map(line).collect()
}

/// Simulates a case once: it must agree with the exact values, and disagree with those of a model
/// whose arrivals are 5% fewer.
fn agrees_and_can_fail(id: &str) {
    let case = case(id);
    let samples = case.sample(SEED).expect("the case runs");
    let rows = case.compare(&samples, 1.0);
    println!("{}", table(&rows));
    assert!(rows.iter().all(|row| row.pass), "{id} does not agree:\n{}", table(&rows));
    let wrong = case.compare(&samples, 0.95);
    assert!(
        wrong.iter().any(|row| row.z.abs() > NOTICED),
        "{id} does not notice a rate 5% off:\n{}",
        table(&wrong)
    );
}

/// A case whose scenario has one figure changed must not agree any more.
fn notices(id: &str, from: &str, to: &str) {
    let mut case = case(id);
    assert!(case.scenario.contains(from), "{id} has no `{from}`");
    case.scenario = Box::leak(case.scenario.replace(from, to).into_boxed_str());
    let rows = case.run(SEED).expect("the changed case runs");
    assert!(
        rows.iter().any(|row| row.z.abs() > NOTICED),
        "{id} does not notice `{to}` for `{from}`:\n{}",
        table(&rows)
    );
}

#[test]
fn workforce_is_alternating_renewal() {
    agrees_and_can_fail("workforce");
    notices("workforce", "leave_days = 30", "leave_days = 28.5");
    notices("workforce", "sickness_spells = 2", "sickness_spells = 2.2");
    notices("workforce", "ramp_from = 0.4", "ramp_from = 0.6");
    notices("workforce", "agency_delay_days = 21", "agency_delay_days = 28");
    notices("workforce", "salary = 40000", "salary = 42000");
    notices("workforce", "recruitment = 5000", "recruitment = 5250");
    notices("workforce", "agency_premium = 0.6", "agency_premium = 0.8");
}

#[test]
fn other_teams_work_as_they_say() {
    agrees_and_can_fail("other_teams");
    notices("other_teams", "spill_share = 0.6", "spill_share = 0.63");
    notices("other_teams", "hours = 0.2 }", "hours = 0.21 }");
    notices("other_teams", "overlap_days = 10", "overlap_days = 12");
    notices("other_teams", "takeover_hours = 4", "takeover_hours = 5");
    notices("other_teams", "deputy = false", "deputy = true");
}

#[test]
fn interventions_change_figures_on_their_days() {
    agrees_and_can_fail("interventions");
    notices("interventions", "ramp_weeks = 5", "ramp_weeks = 7");
    notices("interventions", "replace = 14", "replace = 14.7");
    notices("interventions", "multiply = 0.5", "multiply = 0.525");
    notices("interventions", "replace = 0.8", "replace = 0.84");
}

#[test]
fn desk_is_erlang_c() {
    agrees_and_can_fail("desk");
    notices("desk", "rate_per_week = 100", "rate_per_week = 105");
}

#[test]
fn team_is_erlang_c_and_pollaczek_khinchine() {
    agrees_and_can_fail("team");
    notices("team", "cv = 1.2", "cv = 1.26");
}

#[test]
fn team_without_limits_follows_its_arrivals() {
    agrees_and_can_fail("no_limits");
    notices("no_limits", "value = 28", "value = 29.4");
}

#[test]
fn shared_worker_is_processor_sharing() {
    agrees_and_can_fail("shared_worker");
    notices("shared_worker", "present_share = 1.0", "present_share = 0.95");
    notices("shared_worker", "stretch = 1", "stretch = 0.9");
}

#[test]
fn priorities_are_cobhams() {
    agrees_and_can_fail("priorities");
    notices("priorities", "priority = 0", "priority = 5");
}

#[test]
fn giving_up_is_erlang_a() {
    agrees_and_can_fail("giving_up");
    notices("giving_up", "rate_per_week = 10", "rate_per_week = 10.5");
}

#[test]
fn feedback_is_a_jackson_network() {
    agrees_and_can_fail("feedback");
    notices("feedback", "share = 0.2,", "share = 0.21,");
}

#[test]
fn joined_checks_are_flatto_and_hahns() {
    agrees_and_can_fail("joined_checks");
    notices("joined_checks", "police = { share = 1.0", "police = { share = 0.95");
}

#[test]
fn noise_has_its_moments() {
    agrees_and_can_fail("noise");
    notices("noise", "cv = 0.15, correlation = 0.4", "cv = 0.2, correlation = 0.4");
    notices("noise", "cv = 0.2, correlation = 0.6", "cv = 0.2, correlation = 0.3");
}

#[test]
fn schools_hide_and_release() {
    agrees_and_can_fail("schools");
    notices("schools", "visibility = 0.25", "visibility = 0.2625");
    notices("schools", "resurfacing = 0.4", "resurfacing = 0.42");
    notices("schools", "resurfacing_days = 14", "resurfacing_days = 14.7");
    notices("schools", "detection = 0.5", "detection = 0.525");
}

#[test]
fn routing_is_an_absorbing_chain() {
    agrees_and_can_fail("routing");
    notices("routing", "rate_per_week = 0.05", "rate_per_week = 0.0525");
    notices("routing", "rate_per_week = 0.1", "rate_per_week = 0.105");
}

#[test]
fn dated_desk_solves_kolmogorovs_equations() {
    agrees_and_can_fail("dated_desk");
    // Two people come a day later.
    notices("dated_desk", "from = 2024-09-30", "from = 2024-10-01");
}

#[test]
fn urgent_work_interrupts_ordinary() {
    agrees_and_can_fail("urgent_first");
    notices("urgent_first", "urgent = true", "urgent = false");
    notices("urgent_first", "cv = 1.0", "cv = 1.2");
}

#[test]
fn short_hours_stretch_work() {
    agrees_and_can_fail("short_hours");
    notices("short_hours", "stretch = 0.5", "stretch = 0.475");
}

#[test]
fn plans_end_at_reviews() {
    agrees_and_can_fail("reviews");
    notices("reviews", "early_exit_share = 0.2", "early_exit_share = 0.21");
    notices("reviews", "then_days = 21", "then_days = 22.05");
}

#[test]
fn open_cases_have_equilibrium_remainders() {
    agrees_and_can_fail("open_cases");
    notices("open_cases", "rate_per_week = 0.2", "rate_per_week = 0.21");
    notices("open_cases", "then_days = 21", "then_days = 22.05");
}

#[test]
fn desks_and_clocks_keep_working_hours() {
    agrees_and_can_fail("working_hours");
    notices("working_hours", "minutes = 600", "minutes = 630");
    notices("working_hours", "working_days = 4", "working_days = 4.2");
}

#[test]
fn transfers_cost_days_and_hours() {
    agrees_and_can_fail("transfers");
    notices("transfers", "transfer_delay_days = 3", "transfer_delay_days = 3.15");
    notices("transfers", "handover_hours = 4", "handover_hours = 4.2");
    notices("transfers", "work_extra_child = 0.5", "work_extra_child = 0.55");
    notices("transfers", "mean = 1.9", "mean = 1.995");
    notices("transfers", "effort = 1.2", "effort = 1.26");
}

#[test]
fn closed_families_come_back() {
    agrees_and_can_fail("returns");
    notices("returns", "share = 0.4", "share = 0.42");
    notices("returns", "mean_days = 300", "mean_days = 270");
}

#[test]
fn demand_and_routes_change_by_date() {
    agrees_and_can_fail("changing_demand");
    notices("changing_demand", "multiplier = 0.4", "multiplier = 0.42");
    notices("changing_demand", "from = 2025-03-03", "from = 2025-03-04");
}

#[test]
fn reference_model_has_its_published_figures() {
    agrees_and_can_fail("reference");
}

#[test]
fn shipped_scenarios_keep_the_laws() {
    for case in cases().into_iter().filter(|case| case.id.starts_with("laws")) {
        let rows = case.run(SEED).expect("no replication breaks a law");
        assert!(rows.iter().all(|row| row.pass), "{}:\n{}", case.id, table(&rows));
    }
}

#[test]
fn cases_have_names_of_their_own() {
    let mut ids: Vec<&str> = cases().iter().map(|case| case.id).collect();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
