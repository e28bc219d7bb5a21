//! Single stations in their steady state: desks, teams, a shared worker, priorities, giving up.
//!
//! Each scenario runs a few weeks first: hundreds of times what its slowest queue takes to forget
//! that it started empty, so that what remains of the start is far below the standard error.

use super::super::exact::law::Law;
use super::super::exact::queue::{ErlangC, cobham, erlang_a, pollaczek_khinchine, shared_stay};
use super::super::reading::Figures;
use super::super::{Case, Quantity, Reading, VerifyError};

/// Desks as M/M/c.
pub(super) const DESK: Case = Case {
    id: "desk",
    title: "a desk as M/M/c: Erlang C",
    scenario: include_str!("../../../scenarios/verification/01-desk.toml"),
    replications: 100,
    quantities: desk,
};

/// Teams as M/M/c and M/G/1.
pub(super) const TEAM: Case = Case {
    id: "team",
    title: "a caseload team as M/M/c and M/G/1: Erlang C, Pollaczek-Khinchine",
    scenario: include_str!("../../../scenarios/verification/02-team.toml"),
    replications: 60,
    quantities: team,
};

/// One worker whose hours all cases share.
pub(super) const SHARED_WORKER: Case = Case {
    id: "shared_worker",
    title: "one worker limited by hours: M/G/1 processor sharing",
    scenario: include_str!("../../../scenarios/verification/04-shared-worker.toml"),
    replications: 50,
    quantities: shared_worker,
};

/// Two priorities.
pub(super) const PRIORITIES: Case = Case {
    id: "priorities",
    title: "two priorities, nobody interrupted: Cobham",
    scenario: include_str!("../../../scenarios/verification/05-priorities.toml"),
    replications: 50,
    quantities: priorities,
};

/// Waiting families who give up or escalate.
pub(super) const GIVING_UP: Case = Case {
    id: "giving_up",
    title: "waiting families who give up or escalate: Erlang A",
    scenario: include_str!("../../../scenarios/verification/06-giving-up.toml"),
    replications: 160,
    quantities: giving_up,
};

/// Where a station's series stand.
type Find = for<'a> fn(&Reading<'a>, &str, &str) -> Result<Figures<'a>, VerifyError>;

fn at_desk<'a>(reading: &Reading<'a>, id: &str, measure: &str) -> Result<Figures<'a>, VerifyError> {
    reading.desk(0, id, measure)
}

fn at_team<'a>(reading: &Reading<'a>, id: &str, measure: &str) -> Result<Figures<'a>, VerifyError> {
    reading.team(0, id, measure)
}

/// A station's horizon figure.
fn figure(name: String, exact: f64, find: Find, id: &'static str, measure: &'static str) -> Quantity {
    Quantity::new(name, exact, move |reading| Ok(find(reading, id, measure)?.horizon()))
}

/// An area's horizon figure.
fn area_figure(name: String, exact: f64, measure: &'static str) -> Quantity {
    Quantity::new(name, exact, move |reading| Ok(reading.area(0, measure)?.horizon()))
}

/// What Erlang's formula says of a station. Waits are held against the whole stay and the queue
/// against all present: at high load the queue itself varies too slowly for less.
fn erlang(id: &'static str, find: Find, station: ErlangC) -> Vec<Quantity> {
    let ErlangC { service, servers, .. } = station;
    let name = |what: &str| format!("{what}, c = {servers}, load {:.2}", station.load() / f64::from(servers));
    let wait = station.mean_wait();
    vec![
        figure(name("probability of waiting"), station.probability_of_waiting(), find, id, "waited_share")
            .on_scale(1.0),
        figure(name("mean wait, days"), wait, find, id, "wait_mean_days").on_scale(wait + service),
        figure(name("mean number waiting"), station.mean_queue(), find, id, "waiting_families")
            .on_scale(station.mean_number()),
        figure(name("mean number in hand"), station.load(), find, id, "open_families"),
    ]
}

fn desk(factor: f64) -> Vec<Quantity> {
    let mut list = Vec::new();
    for (id, servers, arrivals, minutes) in
        [("one", 1, 96.0, 7.5), ("four", 4, 120.0, 38.4), ("twelve", 12, 480.0, 34.2)]
    {
        let station = ErlangC { arrivals: arrivals * factor, service: minutes / 1440.0, servers };
        list.extend(erlang(id, at_desk, station));
        // At load 0.95 the slowest waits vary too much from one replication to the next.
        if servers < 12 {
            let late = station.wait_quantile(0.9);
            let name = format!("wait of the slowest tenth, days, c = {servers}");
            list.push(figure(name, late, at_desk, id, "wait_p90_days").on_scale(late + station.service));
        }
    }
    // A hazard h takes families from the task in hand, which is finished all the same: the share
    // taken is h / (h + μ), and the desk is as busy as without.
    let (hazard, speed) = (100.0 / 7.0, 1440.0 / 7.5);
    list.push(Quantity::new(
        "share taken by a hazard during the task",
        hazard / (hazard + speed),
        |reading| Ok(reading.area(0, "ends_struck")?.horizon() / reading.area(0, "entries_one")?.horizon()),
    ));
    list
}

fn team(factor: f64) -> Vec<Quantity> {
    let mut list = erlang("ten", at_team, ErlangC { arrivals: 180.0 * factor, service: 0.05, servers: 10 });
    for (id, arrivals, law) in [
        ("fixed", 70.0, Law::Fixed(0.01)),
        ("gamma", 60.0, Law::Gamma { mean: 0.01, shape: 0.5 }),
        ("lognormal", 60.0, Law::Lognormal { mean: 0.01, cv: 1.2 }),
    ] {
        let arrivals = arrivals * factor;
        let load = arrivals * law.mean();
        let wait = pollaczek_khinchine(arrivals, law);
        list.push(figure(
            format!("probability of waiting, {id} durations"),
            load,
            at_team,
            id,
            "waited_share",
        ));
        list.push(
            figure(format!("mean wait, {id} durations, days"), wait, at_team, id, "wait_mean_days")
                .on_scale(wait + law.mean()),
        );
        list.push(
            figure(
                format!("mean number waiting, {id} durations"),
                arrivals * wait,
                at_team,
                id,
                "waiting_families",
            )
            .on_scale(arrivals * wait + load),
        );
    }
    list
}

fn shared_worker(factor: f64) -> Vec<Quantity> {
    let (arrivals, work) = (60.0 * factor, 0.01);
    let load = arrivals * work;
    let mut list = Vec::new();
    for (id, stay, open) in [
        ("exponential", "stay_mean_days_exponential", "open_families_exponential"),
        ("fixed", "stay_mean_days_fixed", "open_families_fixed"),
        ("lognormal", "stay_mean_days_lognormal", "open_families_lognormal"),
    ] {
        list.push(area_figure(format!("mean stay, {id} work, days"), shared_stay(work, load), stay));
        list.push(area_figure(format!("mean number open, {id} work"), load / (1.0 - load), open));
    }
    for (size, work, stay) in
        [("short", 0.004, "stay_mean_days_short"), ("long", 0.016, "stay_mean_days_long")]
    {
        list.push(area_figure(format!("mean stay of {size} work, days"), shared_stay(work, load), stay));
    }
    list
}

fn priorities(factor: f64) -> Vec<Quantity> {
    // A desk of three: equal exponential tasks, so nobody starts at once with Erlang's probability,
    // and the next of three tasks then ends after a third of one on average.
    let (rates, service, servers) = ([60.0 * factor, 120.0 * factor], 19.2 / 1440.0, 3);
    let together = ErlangC { arrivals: rates[0] + rates[1], service, servers };
    let residual = together.probability_of_waiting() * service / f64::from(servers);
    let at_desk = cobham(residual, &rates.map(|rate| rate * service / f64::from(servers)));
    // One worker: unequal durations, so the residual is that of whichever is in hand.
    let classes = [(60.0 * factor, Law::Fixed(0.005)), (40.0 * factor, Law::Exponential(0.01))];
    let residual = classes.iter().map(|(rate, law)| rate * law.second_moment() / 2.0).sum();
    let at_team = cobham(residual, &classes.map(|(rate, law)| rate * law.mean()));
    [
        ("stay of urgent tasks, desk of 3, days", at_desk[0] + service, "stay_mean_days_desk_urgent"),
        ("stay of ordinary tasks, desk of 3, days", at_desk[1] + service, "stay_mean_days_desk_ordinary"),
        ("stay of urgent cases, one worker, days", at_team[0] + 0.005, "stay_mean_days_team_urgent"),
        ("stay of ordinary cases, one worker, days", at_team[1] + 0.01, "stay_mean_days_team_ordinary"),
    ]
    .into_iter()
    .map(|(name, exact, measure)| area_figure(name.to_owned(), exact, measure))
    .collect()
}

fn giving_up(factor: f64) -> Vec<Quantity> {
    let arrivals = 40.0 * factor;
    let solved = erlang_a(arrivals, 0.25, 10, 14.0 / 7.0);
    let per_arrival = |name: &str, exact: f64, measure: &'static str| {
        Quantity::new(name, exact, move |reading| {
            let lost = reading.team(0, "ten", measure)?.horizon();
            Ok(lost / reading.team(0, "ten", "arrivals")?.horizon())
        })
    };
    let figure = |name: &str, exact, measure| figure(name.to_owned(), exact, at_team, "ten", measure);
    vec![
        per_arrival("share that give up", solved.abandon * 10.0 / 14.0, "losses"),
        per_arrival("share that escalate", solved.abandon * 4.0 / 14.0, "escalations"),
        figure("mean wait of those allocated, days", solved.mean_wait_served, "wait_mean_days"),
        figure("mean number waiting", solved.queue, "waiting_families"),
        figure("mean number held", solved.busy, "open_families"),
        Quantity::new("escalated families open", arrivals * solved.abandon * 4.0 / 14.0, |reading| {
            Ok(reading.area(0, "open_families_crisis")?.horizon())
        }),
    ]
}
