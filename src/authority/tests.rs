//! Every authority, every kind of grouping, and what happens to figures on the way.

use rayon::prelude::*;

use super::areas::Grouping;
use super::plan::Lever;
use super::*;
use crate::scenario::{Basis, load_text};

/// All authorities with statistics of the last year get a scenario that is valid, names the basis and source of every
/// figure that it changes, and reproduces the totals that its pathway can.
#[test]
fn every_authority_has_a_valid_scenario_with_origins() {
    let published = Published::read().expect("tables");
    let current: Vec<&Authority> =
        published.tables.authorities.iter().filter(|authority| authority.years.1 == 2025).collect();
    assert_eq!(current.len(), 153);
    let off: Vec<(String, Lever, f64)> = current
        .par_iter()
        .flat_map_iter(|authority| {
            let start = published.start(&authority.code, None, &Grouping::Usual).expect(&authority.name);
            let scenario = load_text("start", &start.text)
                .unwrap_or_else(|faults| panic!("{}: {faults}", authority.name));
            for figure in scenario
                .assumptions()
                .filter(|figure| start.text.contains(&format!("value = {}", write::digits(figure.value))))
            {
                let written = figure.basis.is_some() && !figure.source.is_empty();
                assert!(written || !figure.path.starts_with("areas"), "{}: {}", authority.name, figure.path);
            }
            let totals = start.reached.into_iter();
            totals.map(|total| {
                (authority.name.clone(), total.lever, (total.modelled - total.wanted) / total.wanted.max(5.0))
            })
        })
        .collect();
    // Most totals of most authorities are reached; where they are not, the file says so (tested below).
    let near = off.iter().filter(|(_, _, off)| off.abs() < 0.02).count();
    assert!(near as f64 > 0.9 * off.len() as f64, "{near} of {}", off.len());
}

#[test]
fn an_own_figure_is_published_and_a_lent_one_judgement() {
    let published = Published::read().expect("tables");
    let of = |name: &str| published.start(name, None, &Grouping::Usual).expect("start");
    let middlesbrough = load_text("m", &of("Middlesbrough").text).expect("valid");
    let basis = |scenario: &crate::scenario::Scenario, path: &str| {
        scenario.assumptions().find(|figure| figure.path == path).and_then(|figure| figure.basis)
    };
    let path = "stages.section_47.next.conference";
    assert_eq!(basis(&middlesbrough, path), Some(Basis::Published));
    let bournemouth = of("Bournemouth");
    assert!(
        bournemouth.remarks.iter().any(|remark| remark.contains("Not published at all")),
        "{:?}",
        bournemouth.remarks
    );
    let children = basis(&load_text("b", &bournemouth.text).expect("valid"), "areas.bournemouth.population");
    assert_eq!(children, Some(Basis::Judgement));
}

#[test]
fn former_authorities_and_groupings_work() {
    let published = Published::read().expect("tables");
    for (name, year, grouping, areas) in [
        ("Northamptonshire", Some(2020), Grouping::Number(3), 3),
        ("Dorset", Some(2019), Grouping::Usual, 1),
        ("Cumbria", None, Grouping::Usual, 2),
        ("City of London", None, Grouping::Wards, 5),
        ("Middlesbrough", Some(2018), Grouping::Wards, 20),
    ] {
        let start = published.start(name, year, &grouping).expect(name);
        let scenario = load_text("start", &start.text).unwrap_or_else(|faults| panic!("{name}: {faults}"));
        assert_eq!(scenario.areas.len(), areas, "{name}");
        let children: f64 = scenario.areas.iter().map(|area| scenario.central_draw()[area.population]).sum();
        match published.tables.statistic(&start.authority.code, start.year, "population_0_17") {
            Some(population) => assert!((children - population).abs() <= areas as f64, "{name}"),
            None => assert!(start.text.contains("not in the tables"), "{name}"),
        }
    }
}

/// A total that the pathway cannot give is said, not hidden; and the shares are left as shares.
#[test]
fn what_cannot_be_reached_is_remarked() {
    let published = Published::read().expect("tables");
    let tables = &published.tables;
    let authority = find::find(tables, "Middlesbrough", None).expect("known");
    let lookup = Lookup { tables, authority, year: 2025 };
    let base = plan::base().expect("base");
    let mut plan = Plan::new(&lookup, &base).expect("plan");
    // Ten times as many enquiries as referrals: no pathway of England's gives that.
    let enquiries = plan.totals[&Lever::Enquiries].times(20.0);
    plan.totals.insert(Lever::Enquiries, enquiries);
    let reached = reconcile::reconcile(&mut plan, &base, 2025).expect("reconciled as far as can be");
    let total = reached.iter().find(|total| total.lever == Lever::Enquiries).expect("total");
    assert!(total.modelled < 0.5 * total.wanted);
    let said = remarks(&plan, &reached, &[], 2025);
    assert!(said.iter().any(|remark| remark.contains("section 47 enquiries")), "{said:?}");
    for stage in plan::SPLITS {
        let prefix = format!("stages.{stage}.next.");
        let sum: f64 = plan
            .figures
            .iter()
            .filter(|(path, _)| path.starts_with(&prefix))
            .map(|(_, figure)| figure.value)
            .sum();
        assert!(sum <= 1.0, "{stage}: {sum}");
    }
}

#[test]
fn the_same_authority_gives_the_same_text() {
    let published = Published::read().expect("tables");
    let text = || published.start("Oldham", None, &Grouping::Usual).expect("start").text;
    assert_eq!(text(), text());
}
