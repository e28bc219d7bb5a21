//! Offered load against sums by hand.

use super::super::example;
use super::*;
use crate::scenario::{
    ChildrenPerFamily, DeskPeople, Destination, Duration, Oversight, Support, Team, WorkerGroup,
};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs().max(1e-3)
}

/// Seven families a week reach casework of 70 days: 70 open.
fn seven_a_week() -> Scenario {
    let mut scenario = example::scenario();
    scenario.areas[0].families_per_year[0] = Some(example::add(&mut scenario.parameters, 365.25));
    scenario
}

fn analysed(scenario: &Scenario) -> Analysis {
    analyse(scenario, &scenario.central_draw()).unwrap()
}

#[test]
fn a_teams_points_and_hours() {
    let mut scenario = seven_a_week();
    let p = &mut scenario.parameters;
    scenario.demand.children = ChildrenPerFamily::Shares(vec![example::add(p, 0.5), example::add(p, 0.5)]);
    scenario.stages[1].points = example::add(p, 1.0);
    scenario.stages[1].points_extra_child = example::add(p, 0.4);
    scenario.stages[1].work = Work::PerWeek(example::add(p, 2.0));
    scenario.stages[1].work_extra_child = example::add(p, 0.5);
    scenario.areas[0].effort = example::add(p, 1.1);
    let row = &analysed(&scenario).teams[0];
    assert!(close(row.families_per_week, 7.0) && close(row.open_families, 70.0));
    assert!(close(row.open_children, 105.0));
    assert!(close(row.points_needed, 70.0 * 1.2));
    assert!(close(row.points_limit.unwrap(), 60.0));
    assert!(close(row.hours_needed, 70.0 * 2.5 * 1.1));
    assert!(close(row.hours_available, 5.0 * 37.0 * 0.8 * 0.75));
    // Hours bind: 192.5 of 111.
    assert!(close(row.load.unwrap(), 192.5 / 111.0));
    let at_once = square_root_staffing(70.0, DELAY_PROBABILITY) / 70.0;
    assert_eq!(row.suggested_fte, (192.5 * at_once / 22.2 * 10.0).ceil() / 10.0);
}

#[test]
fn hours_for_the_whole_stage_are_entries_times_hours() {
    let mut scenario = seven_a_week();
    scenario.stages[1].work = Work::Total(example::add(&mut scenario.parameters, 13.0));
    assert!(close(analysed(&scenario).teams[0].hours_needed, 7.0 * 13.0));
}

#[test]
fn inexperience_lowers_the_limit_and_no_limit_leaves_hours() {
    let mut scenario = seven_a_week();
    scenario.stages[1].points = example::add(&mut scenario.parameters, 1.0);
    scenario.units[0].workers.push(WorkerGroup {
        fte: example::add(&mut scenario.parameters, 2.0),
        fte_each: 1.0,
        experience: example::add(&mut scenario.parameters, 0.5),
        grade: None,
    });
    let row = analysed(&scenario).teams[0].clone();
    assert!(close(row.points_limit.unwrap(), 12.0 * 6.0) && close(row.fte, 7.0));
    scenario.teams[0].points_per_fte = None;
    let row = &analysed(&scenario).teams[0];
    assert_eq!((row.points_limit, row.load, row.suggested_fte), (None, Some(0.0), 0.0));
}

#[test]
fn a_team_without_staff_still_gets_a_suggestion() {
    let mut scenario = seven_a_week();
    scenario.stages[1].points = example::add(&mut scenario.parameters, 1.0);
    scenario.units[0].workers.clear();
    let row = &analysed(&scenario).teams[0];
    assert_eq!(row.load, None);
    let wanted = square_root_staffing(70.0, DELAY_PROBABILITY) / 12.0;
    assert_eq!(row.suggested_fte, (wanted * 10.0).ceil() / 10.0);
}

#[test]
fn desks_count_tasks_and_staffed_hours() {
    // Four weeks from 2 June 2025 without bank holidays: 40 staffed hours a week.
    let mut scenario = seven_a_week();
    scenario.start = jiff::civil::date(2025, 6, 2);
    (scenario.warm_up_weeks, scenario.horizon_weeks) = (0, 4);
    let row = analysed(&scenario).desks[0].clone();
    assert!(close(row.tasks_per_week, 7.0) && close(row.hours_needed, 3.5));
    assert!(close(row.hours_available, 40.0) && close(row.people, 1.0));
    assert!(close(row.load.unwrap(), 3.5 / 40.0));
    // A continuous second group opens the desk all week; the first adds its 40 hours to 168.
    let round_the_clock = DeskPeople {
        continuous: true,
        from_hour: 0.0,
        to_hour: 24.0,
        ..scenario.desk_units[0].people[0].clone()
    };
    scenario.desk_units[0].people.push(round_the_clock);
    let row = &analysed(&scenario).desks[0];
    assert!(close(row.hours_available, 208.0) && close(row.people, 208.0 / 168.0));
    assert!(close(row.people_needed, 3.5 / 168.0));
}

#[test]
fn partner_checks_load_their_desks() {
    let mut scenario = seven_a_week();
    let p = &mut scenario.parameters;
    let (share, task) = (example::add(p, 0.6), example::add(p, 20.0 / 1440.0));
    scenario.stages[0].holder = Holder::Checks(vec![(0, share, Duration::Fixed(task))]);
    let row = &analysed(&scenario).desks[0];
    assert!(close(row.tasks_per_week, 4.2) && close(row.hours_needed, 1.4));
}

#[test]
fn transfers_cost_both_teams_hours() {
    let mut scenario = seven_a_week();
    let mut second = scenario.stages[1].clone();
    second.id = "plan".into();
    second.holder = Holder::Team(1);
    second.handover_hours = example::add(&mut scenario.parameters, 3.0);
    scenario.stages.push(second);
    example::route(&mut scenario, 1, &[(Destination::Stage(2), 0.5), (Destination::End(0), 0.5)]);
    scenario.teams.push(Team { id: "social_work".into(), ..scenario.teams[0].clone() });
    scenario.units.push(Unit { team: 1, ..scenario.units[0].clone() });
    let teams = analysed(&scenario).teams;
    assert!(close(teams[0].hours_needed, 10.5) && close(teams[1].hours_needed, 10.5));
    assert!(close(teams[1].families_per_week, 3.5));
}

/// Casework with a second team, to which nobody moves; its unit has `fte`.
fn with_second_team(fte: f64) -> Scenario {
    let mut scenario = seven_a_week();
    scenario.teams.push(Team { id: "second".into(), ..scenario.teams[0].clone() });
    let mut unit = Unit { team: 1, ..scenario.units[0].clone() };
    unit.workers[0].fte = example::add(&mut scenario.parameters, fte);
    scenario.units.push(unit);
    scenario.demand.children = ChildrenPerFamily::Shares(vec![
        example::add(&mut scenario.parameters, 0.5),
        example::add(&mut scenario.parameters, 0.5),
    ]);
    scenario
}

#[test]
fn support_that_is_short_falls_back_on_the_case() {
    // 70 families of 1.5 children want 105 hours; one worker has 22.2.
    let mut scenario = with_second_team(1.0);
    let p = &mut scenario.parameters;
    let (hours_per_child, spill_share) = (example::add(p, 1.0), example::add(p, 0.5));
    scenario.stages[1].support = Some(Support { team: 1, hours_per_child, spill_share });
    let teams = analysed(&scenario).teams;
    assert!(close(teams[1].hours_needed, 105.0) && close(teams[1].load.unwrap(), 105.0 / 22.2));
    assert!(close(teams[0].hours_needed, (105.0 - 22.2) * 0.5));
    // Enough support leaves nothing over.
    scenario.units[1].workers[0].fte = example::add(&mut scenario.parameters, 5.0);
    assert!(close(analysed(&scenario).teams[0].hours_needed, 0.0));
}

#[test]
fn oversight_costs_the_team_that_gives_it_and_contacts_the_one_that_holds() {
    let mut scenario = with_second_team(1.0);
    let p = &mut scenario.parameters;
    let hours = example::add(p, 0.3);
    (scenario.stages[1].open_contacts, scenario.stages[1].open_contact_hours) =
        (example::add(p, 0.2), example::add(p, 0.5));
    scenario.stages[1].oversight = Some(Oversight { team: 1, hours });
    scenario.areas[0].effort = example::add(p, 2.0);
    let teams = analysed(&scenario).teams;
    // What an area needs more of is casework.
    assert!(close(teams[1].hours_needed, 70.0 * 0.3));
    assert!(close(teams[0].hours_needed, 70.0 * 0.2 * 0.5 * 2.0));
}

#[test]
fn floating_staff_are_shared_out_and_productivity_makes_hours() {
    let mut scenario = seven_a_week();
    let fte = example::add(&mut scenario.parameters, 2.0);
    let mut floating = Unit { areas: vec![], helps: vec![0], ..scenario.units[0].clone() };
    floating.workers[0].fte = fte;
    scenario.units.push(floating);
    scenario.units[0].productivity = example::add(&mut scenario.parameters, 1.5);
    let teams = analysed(&scenario).teams;
    assert!(close(teams[0].fte, 7.0) && close(teams[0].points_limit.unwrap(), 84.0));
    assert!(close(teams[0].hours_available, 5.0 * 22.2 * 1.5 + 2.0 * 22.2));
    assert_eq!((teams[1].fte, teams[1].load), (0.0, None));
    // Two units helped, of which one has no families: all goes to the other.
    scenario.units.insert(1, Unit { areas: vec![], ..scenario.units[0].clone() });
    scenario.units[2].helps = vec![0, 1];
    let teams = analysed(&scenario).teams;
    assert!(close(teams[0].fte, 7.0) && close(teams[1].fte, 5.0));
}

#[test]
fn a_workforce_changes_hours_limit_and_takeovers() {
    let mut scenario = seven_a_week();
    let mut workforce = example::workforce(&mut scenario.parameters);
    let p = &mut scenario.parameters;
    (workforce.leavers, workforce.vacant_share) = (example::add(p, 0.5), example::add(p, 0.2));
    workforce.time_to_hire = Duration::Exponential(example::add(p, 182.625));
    workforce.takeover_hours = example::add(p, 4.0);
    scenario.teams[0].workforce = Some(workforce);
    scenario.start = jiff::civil::date(2025, 6, 2);
    (scenario.warm_up_weeks, scenario.horizon_weeks) = (0, 4);
    let row = &analysed(&scenario).teams[0];
    // A fifth of the five posts is vacant; those filled are always there.
    assert!(close(row.hours_available, 4.0 * 37.0 * 0.75) && close(row.points_limit.unwrap(), 48.0));
    assert!(close(row.hours_needed, 70.0 * 0.5 * 7.0 / 365.25 * 4.0));
}

#[test]
fn families_overlap_after_a_step_down_only() {
    let mut scenario = with_second_team(1.0);
    let mut second = scenario.stages[1].clone();
    second.id = "lower".into();
    second.holder = Holder::Team(1);
    second.overlap_days = example::add(&mut scenario.parameters, 14.0);
    scenario.stages.push(second);
    scenario.stages[1].points = example::add(&mut scenario.parameters, 2.0);
    scenario.stages[1].work = Work::PerWeek(example::add(&mut scenario.parameters, 3.0));
    scenario.stages[1].level = 2;
    scenario.stages[2].level = 1;
    example::route(&mut scenario, 1, &[(Destination::Stage(2), 0.5), (Destination::End(0), 0.5)]);
    // Half of seven a week, for two weeks: seven more families.
    let row = &analysed(&scenario).teams[0];
    assert!(close(row.open_families, 77.0) && close(row.points_needed, 77.0 * 2.0));
    assert!(close(row.hours_needed, 77.0 * 3.0));
    // Of 30 hours over 70 days, two weeks have a fifth.
    scenario.stages[1].work = Work::Total(example::add(&mut scenario.parameters, 30.0));
    assert!(close(analysed(&scenario).teams[0].hours_needed, 7.0 * 30.0 + 3.5 * 6.0));
    scenario.stages[2].level = 2;
    assert!(close(analysed(&scenario).teams[0].open_families, 70.0));
}

#[test]
fn overlapping_hours_are_counted_once() {
    assert_eq!(covered(vec![(9.0, 17.0), (8.0, 10.0), (20.0, 24.0), (9.0, 12.0)]), 13.0);
    assert_eq!(covered(vec![]), 0.0);
}
