//! Several stations: feedback between them, checks that join, routing alone.

use super::super::exact::chain::visits;
use super::super::exact::queue::{ErlangC, fork_join_of_two};
use super::super::{Case, Quantity};

/// Three stations with feedback.
pub(super) const FEEDBACK: Case = Case {
    id: "feedback",
    title: "step-up, step-down and re-referral: Jackson's product form",
    scenario: include_str!("../../../scenarios/verification/07-network.toml"),
    replications: 60,
    quantities: feedback,
};

/// Two checks joined.
pub(super) const JOINED_CHECKS: Case = Case {
    id: "joined_checks",
    title: "two partner checks joined: Flatto-Hahn, Nelson-Tantawi",
    scenario: include_str!("../../../scenarios/verification/08-joined-checks.toml"),
    replications: 80,
    quantities: joined_checks,
};

/// Branches, loops and hazards.
pub(super) const ROUTING: Case = Case {
    id: "routing",
    title: "routing alone: an absorbing Markov chain",
    scenario: include_str!("../../../scenarios/verification/11-routing.toml"),
    replications: 40,
    quantities: routing,
};

fn feedback(factor: f64) -> Vec<Quantity> {
    // Contact, early help, social work. A closed family returns to contact with probability 0.2,
    // after a delay that, at an infinite server, changes no mean elsewhere.
    let back = 0.2;
    let moves = [vec![0.0, 0.35, 0.25], vec![0.15 + 0.65 * back, 0.0, 0.2], vec![0.7 * back, 0.3, 0.0]];
    let rates = visits(&[40.0 * factor, 0.0, 0.0], &moves);
    let stations = [("contact", 0.045, 3), ("early_help", 0.4, 12), ("social_work", 0.8, 20)];
    let mut list = Vec::new();
    for ((stage, service, servers), arrivals) in stations.into_iter().zip(rates) {
        let station = ErlangC { arrivals, service, servers };
        list.push(Quantity::new(format!("entries a day, {stage}"), arrivals, move |reading| {
            Ok(reading.area(0, &format!("entries_{stage}"))?.horizon() / reading.days())
        }));
        list.push(Quantity::new(format!("mean number at {stage}"), station.mean_number(), move |reading| {
            let read = |measure: &str| match stage {
                "contact" => reading.desk(0, "front_door", measure),
                _ => reading.team(0, stage, measure),
            };
            Ok(read("waiting_families")?.horizon() + read("open_families")?.horizon())
        }));
        let stay = station.mean_wait() + service;
        list.push(Quantity::new(format!("mean stay at {stage}, days"), stay, move |reading| {
            Ok(reading.area(0, &format!("stay_mean_days_{stage}"))?.horizon())
        }));
    }
    list
}

fn joined_checks(factor: f64) -> Vec<Quantity> {
    let station = ErlangC { arrivals: 60.0 * factor, service: 0.01, servers: 1 };
    let both = fork_join_of_two(station.arrivals, station.service);
    let mut list = vec![Quantity::new("time until both checks are done, days", both, |reading| {
        Ok(reading.area(0, "stay_mean_days_contact")?.horizon())
    })];
    for desk in ["health", "police"] {
        list.push(Quantity::new(format!("mean number at {desk}"), station.mean_number(), move |reading| {
            let waiting = reading.desk(0, desk, "waiting_families")?.horizon();
            Ok(waiting + reading.desk(0, desk, "open_families")?.horizon())
        }));
    }
    list
}

fn routing(factor: f64) -> Vec<Quantity> {
    // A hazard h during a stage of length S comes first with probability E[1 − e^{−hS}]: two weeks
    // at 0.05 a week in the second stage, an exponential week against 0.1 a week in the third.
    let step_up = 1.0 - (-0.05_f64 * 2.0).exp();
    let crisis = 0.1 / (0.1 + 1.0);
    let (stay, calm) = (1.0 - step_up, 1.0 - crisis);
    let moves =
        [vec![0.0, 0.5, 0.3], vec![stay * 0.3, 0.0, step_up + stay * 0.2], vec![crisis, calm * 0.25, 0.0]];
    let found = visits(&[1.0, 0.0, 0.0], &moves);
    let arrivals = 50.0 * factor;
    let mut list = Vec::new();
    for (stage, visits) in ["first", "second", "third"].into_iter().zip(&found) {
        list.push(Quantity::new(format!("visits to {stage}, a family"), *visits, move |reading| {
            let entries = reading.area(0, &format!("entries_{stage}"))?.horizon();
            Ok(entries / reading.area(0, "arrivals")?.horizon())
        }));
    }
    // A second visit cut short by its hazard lasts (1 − e^{−hD})/h on average, a third 1/(μ + h).
    let lengths = [0.5, 7.0 * step_up / 0.05, 7.0 / 1.1];
    for ((stage, visits), length) in ["first", "second", "third"].into_iter().zip(&found).zip(lengths) {
        let open = arrivals * visits * length;
        list.push(Quantity::new(format!("mean number in {stage}"), open, move |reading| {
            Ok(reading.area(0, &format!("open_families_{stage}"))?.horizon())
        }));
    }
    for (end, share) in [
        ("advice", 0.2 * found[0]),
        ("closed", 0.5 * stay * found[1] + 0.15 * calm * found[2]),
        ("left_care", 0.6 * calm * found[2]),
    ] {
        list.push(Quantity::new(format!("share that ends in {end}"), share, move |reading| {
            let ended = reading.area(0, &format!("ends_{end}"))?.horizon();
            Ok(ended / reading.area(0, "arrivals")?.horizon())
        }));
    }
    list
}
