use jiff::civil::date;

use super::*;
use crate::observed::parse;
use crate::scenario::load_text;
use crate::simulation::Simulator;

/// Two areas, and a team with room for all.
const TEXT: &str = r#"
    name = "cells"
    start = 2024-02-19
    warm_up_weeks = 2
    horizon_weeks = 8
    [areas.east]
    families_per_year = { any = 4000 }
    [areas.west]
    families_per_year = { any = 4000 }
    [sources.any]
    entry = "first"
    [demand.children]
    shares = [0.25, 0.25, 0.5]
    [teams.help]
    fte = 100
    points_per_fte = 10
    [stages.first]
    team = "help"
    duration = 21
    next = { out = 1 }
    [ends.out]
"#;

fn scenario() -> Scenario {
    load_text("cells.toml", TEXT).unwrap_or_else(|faults| panic!("{faults}"))
}

fn held(text: &str) -> Result<Vec<Watched>, ObservedFaults> {
    let scenario = scenario();
    let layout = Simulator::new(&scenario, 1).layout().clone();
    watched(&scenario, &layout, &parse("seen.csv", text.as_bytes()).expect("it reads"), Counts::Families)
}

#[test]
fn rows_become_series_in_order_of_time() {
    let text = "area,team,week_start,measure,value\n,,2024-03-11,arrivals,9\n,,2024-02-26,arrivals,7\n\
                east,help,2024-02-19,open_families,3\n";
    let [open, arrivals] = held(text).expect("it fits").try_into().expect("two series");
    assert_eq!((open.area, open.holding, open.months), (Some(0), Holding::Team(0), false));
    assert_eq!(arrivals.cells.iter().map(|cell| cell.observed).collect::<Vec<_>>(), [7.0, 9.0]);
    assert_eq!((arrivals.cells[0].weeks.as_slice(), arrivals.gaps()), ([(1, 1.0)].as_slice(), 1));
}

#[test]
fn a_month_has_its_working_days_and_all_of_them() {
    // March 2024 begins on a Friday; the 29th is Good Friday.
    let months = held("month,measure,value\n2024-03,arrivals,5\n").expect("it fits");
    let weeks = &months[0].cells[0].weeks;
    assert_eq!(weeks.first(), Some(&(1, 0.2)), "one working day of five");
    assert_eq!(weeks.last(), Some(&(5, 1.0)), "the last week's four working days are all in March");
    assert_eq!(weeks[1..5].iter().map(|week| week.1).sum::<f64>(), 4.0);
    // A level is the mean of its days.
    let level = held("month,measure,value\n2024-03,open_families,5\n").expect("it fits");
    let parts: f64 = level[0].cells[0].weeks.iter().map(|week| week.1).sum();
    assert!((parts - 1.0).abs() < 1e-12);
    assert!((level[0].cells[0].weeks[0].1 - 3.0 / 31.0).abs() < 1e-12, "Friday to Sunday");
    for month in ["2024-02", "2024-04", "2023-03", "2025-03"] {
        let told =
            held(&format!("month,measure,value\n{month},arrivals,5\n")).expect_err("outside").to_string();
        assert!(told.contains("not wholly within") && told.contains("2024-02-19 to 2024-04-14"), "{told}");
    }
}

#[test]
fn what_does_not_fit_is_told_with_what_would() {
    let text = "area,team,week_start,measure,value,counts\nest,,2024-02-19,arrivals,1,\n\
                ,halp,2024-02-19,arrivals,1,\n,,2024-02-19,arivals,1,\n,,2024-02-19,stay_mean_days_first,1,\n\
                ,,2024-02-12,arrivals,1,\n,,2024-04-15,arrivals,1,\n,,2024-02-19,open_families,1,children\n";
    let told = held(text).expect_err("faults").to_string();
    for words in [
        "seen.csv:2: area: there is no area `est` (did you mean `east`?)",
        "seen.csv:3: team: there is no team or desk `halp` (did you mean `help`?)",
        "seen.csv:4: measure: there is no measure `arivals` here (did you mean `arrivals`?)",
        "seen.csv:5: measure: `stay_mean_days_first` is a quotient",
        "seen.csv:6: week_start: 2024-02-12 is not wholly within",
        "seen.csv:7: week_start: 2024-04-15 is not wholly within",
        "seen.csv:8: counts: `open_families` is not turned from families into children",
        "7 faults; nothing was run.",
    ] {
        assert!(told.contains(words), "{words} in\n{told}");
    }
}

/// A week's families become children of the scenario's law: mean 2.25, variance 0.6875 each.
#[test]
fn children_have_their_mean_and_their_luck() {
    let scenario = scenario();
    let simulator = Simulator::new(&scenario, 1);
    let text = "week_start,measure,value,counts\n2024-02-26,arrivals,7,children\n2024-03-04,arrivals,7,\n";
    let observed = parse("seen.csv", text.as_bytes()).expect("it reads");
    let series = watched(&scenario, simulator.layout(), &observed, Counts::Families).expect("it fits");
    assert_eq!(series.len(), 2);
    let children = series.iter().find(|one| one.as_children).expect("a series of children");
    let families = Watched { as_children: false, ..children.clone() };
    let both = [children.clone(), families];
    let n = 100;
    let scores: Vec<f64> = (0..n)
        .map(|replication| {
            let draw = simulator.draw(replication);
            let record = simulator.replicate(replication, &mut simulator.workspace()).expect("laws hold");
            let cells = read(&both, &scenario, 1, &draw, &record);
            (cells[0] - 2.25 * cells[1]) / (0.6875 * cells[1]).sqrt()
        })
        .collect();
    let mean = scores.iter().sum::<f64>() / f64::from(n);
    let variance = scores.iter().map(|score| score * score).sum::<f64>() / f64::from(n);
    assert!(mean.abs() < 4.0 / f64::from(n).sqrt(), "{mean}");
    assert!((variance - 1.0).abs() < 4.0 * (2.0 / f64::from(n)).sqrt(), "{variance}");
    // With about 153 families a week, 5% more children are seen at once.
    let off = 0.05 * 2.25 * (153.0_f64 / 0.6875).sqrt();
    assert!((mean + off).abs() > 4.0 / f64::from(n).sqrt());
}

#[test]
fn closed_schools_are_counted_by_area() {
    let text = TEXT.replace(
        "[sources.any]",
        "[school_calendars.shut]\ndefault_terms = true\nclosures = [{ name = \"snow\", from = 2024-02-26, to = 2024-03-03 }]\n[sources.any]",
    );
    let text = text.replace("[areas.west]", "[areas.west]\nschools = \"shut\"");
    let scenario = load_text("cells.toml", &text).unwrap_or_else(|faults| panic!("{faults}"));
    let layout = Simulator::new(&scenario, 1).layout().clone();
    let text = "week_start,measure,value\n2024-02-26,arrivals,7\n";
    let series =
        watched(&scenario, &layout, &parse("seen.csv", text.as_bytes()).expect("it"), Counts::Families)
            .expect("fits");
    assert_eq!(series[0].cells[0].closed, 0.5);
    assert_eq!(series[0].cells[0].period, Period::Week(date(2024, 2, 26)));
}
