//! Any valid scenario, however odd, is simulated without a broken law.
//!
//! Small scenarios are put together at random from all that a pathway can hold: desks with hours,
//! teams with and without limits, partner checks, hazards, reviews, transfers, returns, open cases at
//! the start; people who are away, leave and are replaced, managers, floating staff, pooled support,
//! oversight, overlap; figures and posts that change at dates. The engine balances its books in every replication and refuses one that does not
//! balance; here it is asked for three of each, and their figures are held against each other.
//!
//! Each run uses the same scenarios. `PROPTEST_CASES` and `PROPTEST_RNG_SEED` try more, or others.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use caseflow::scenario::Scenario;
use caseflow::simulation::{Kind, Layout, ReplicationRecord, Simulator};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::properties::same_bits;

/// A small scenario in numbers; whatever refers to something counts round the list of it.
#[derive(Clone, Debug)]
struct Sketch {
    areas: usize,
    sources: Vec<(usize, u32)>,
    /// Weeks of warm-up and horizon; without a warm-up there are open cases at the start.
    weeks: (usize, usize),
    teams: Vec<TeamSketch>,
    desks: Vec<DeskSketch>,
    stages: Vec<StageSketch>,
    /// For each end, the share that returns (in tenths), and where to.
    ends: Vec<(u8, usize)>,
    /// For each clock: from a moment of one stage to a moment of another, limit, working days.
    clocks: Vec<(usize, usize, u8, bool)>,
    initial: Vec<(usize, u16, u16)>,
    noisy: bool,
    interventions: Vec<InterventionSketch>,
}

/// A change of one kind, at a week of the run, to one team, by an amount.
#[derive(Clone, Debug)]
struct InterventionSketch {
    kind: u8,
    week: usize,
    /// Weeks that it lasts; nothing for ever.
    lasts: Option<usize>,
    team: usize,
    amount: u8,
    ramp: u8,
}

/// People as they are. Shares in tenths.
#[derive(Clone, Debug)]
struct PeopleSketch {
    /// Leavers and spells a year, in fifths.
    going: (u8, u8),
    vacant: u8,
    agency: u8,
    hire_weeks: u8,
    new: u8,
    cover: u8,
    holding: u8,
    managers: Option<(u8, bool)>,
    /// Tenths of a full-time equivalent that float, where each area has a unit.
    floating: Option<u8>,
}

#[derive(Clone, Debug)]
struct TeamSketch {
    serves_all: bool,
    /// Tenths of a full-time equivalent, and those of each worker.
    fte: (u8, u8),
    limit: Option<u8>,
    hours: u8,
    /// Tenths.
    stretch: u8,
    people: Option<PeopleSketch>,
}

#[derive(Clone, Debug)]
struct DeskSketch {
    serves_all: bool,
    /// Tenths.
    fte: u8,
    continuous: bool,
    minutes: u16,
}

#[derive(Clone, Debug)]
struct StageSketch {
    holder: HolderSketch,
    duration: (u8, u8),
    next: [(usize, u8); 2],
    hazards: Vec<(usize, u8)>,
    waiting: Vec<(usize, u8)>,
    review: Option<(u8, u8, u8)>,
    /// Hours a week or in total (tenths), points (halves), whether children count.
    weight: (bool, u8, u8, bool),
    urgent: bool,
    keep_worker: bool,
    /// Delay in days and handover hours.
    transfer: (u8, u8),
    /// Priority, level, front door, referral.
    place: (u8, u8, bool, bool),
    /// Hours of pooled support for each child and the share of it that spills, days of overlap, contacts
    /// a week about open cases, and a team that oversees.
    others: (Option<(u8, u8)>, u8, u8, Option<usize>),
}

#[derive(Clone, Debug)]
enum HolderSketch {
    Nobody,
    Desk(usize),
    Team(usize),
    /// A share in tenths for each desk.
    Checks(Vec<(usize, u8)>),
}

fn sketches() -> impl Strategy<Value = Sketch> {
    let team = (
        (any::<bool>(), (1..40_u8, 3..=10_u8), proptest::option::of(1..12_u8), 1..40_u8, 0..=20_u8),
        proptest::option::of(people()),
    )
        .prop_map(|((serves_all, fte, limit, hours, stretch), people)| TeamSketch {
            serves_all,
            fte,
            limit,
            hours,
            stretch,
            people,
        });
    let desk = (any::<bool>(), 2..30_u8, any::<bool>(), 1..600_u16).prop_map(
        |(serves_all, fte, continuous, minutes)| DeskSketch { serves_all, fte, continuous, minutes },
    );
    let list = |most| 1..=most;
    (
        (1..=2_usize, prop::collection::vec((0..9_usize, 50..4000_u32), list(2)), (0..3_usize, 1..7_usize)),
        prop::collection::vec(team, list(3)),
        prop::collection::vec(desk, list(2)),
        prop::collection::vec(stages(), list(6)),
        prop::collection::vec((0..8_u8, 0..9_usize), list(2)),
        prop::collection::vec((0..9_usize, 1..9_usize, 1..30_u8, any::<bool>()), 0..3),
        prop::collection::vec((0..9_usize, 0..60_u16, 0..8_u16), 0..3),
        (any::<bool>(), prop::collection::vec(interventions(), 0..3)),
    )
        .prop_map(
            |(
                (areas, sources, weeks),
                teams,
                desks,
                stages,
                ends,
                clocks,
                initial,
                (noisy, interventions),
            )| {
                Sketch {
                    areas,
                    sources,
                    weeks,
                    teams,
                    desks,
                    stages,
                    ends,
                    clocks,
                    initial,
                    noisy,
                    interventions,
                }
            },
        )
}

fn people() -> impl Strategy<Value = PeopleSketch> {
    (
        ((0..60_u8, 0..60_u8), 0..=10_u8, 0..=10_u8, 1..12_u8, 0..=10_u8, 0..=10_u8, 1..=10_u8),
        proptest::option::of((1..30_u8, any::<bool>())),
        proptest::option::of(1..20_u8),
    )
        .prop_map(|((going, vacant, agency, hire_weeks, new, cover, holding), managers, floating)| {
            PeopleSketch { going, vacant, agency, hire_weeks, new, cover, holding, managers, floating }
        })
}

fn interventions() -> impl Strategy<Value = InterventionSketch> {
    (0..6_u8, 0..9_usize, proptest::option::of(1..5_usize), 0..9_usize, 1..20_u8, 0..4_u8).prop_map(
        |(kind, week, lasts, team, amount, ramp)| InterventionSketch {
            kind,
            week,
            lasts,
            team,
            amount,
            ramp,
        },
    )
}

fn stages() -> impl Strategy<Value = StageSketch> {
    let holder = prop_oneof![
        1 => Just(HolderSketch::Nobody),
        2 => (0..9_usize).prop_map(HolderSketch::Desk),
        4 => (0..9_usize).prop_map(HolderSketch::Team),
        1 => prop::collection::vec((0..9_usize, 0..=10_u8), 1..3).prop_map(HolderSketch::Checks),
    ];
    let ways = || prop::collection::vec((0..9_usize, 0..40_u8), 0..3);
    (
        (holder, (0..8_u8, 1..30_u8), [(0..9_usize, 0..5_u8), (0..9_usize, 0..4_u8)]),
        (ways(), ways(), proptest::option::of((1..40_u8, 1..60_u8, 0..=10_u8))),
        (any::<bool>(), 0..60_u8, 0..5_u8, any::<bool>()),
        (any::<bool>(), any::<bool>(), (0..9_u8, 0..9_u8)),
        (0..4_u8, 0..4_u8, any::<bool>(), any::<bool>()),
        (proptest::option::of((0..30_u8, 0..=10_u8)), 0..20_u8, 0..10_u8, proptest::option::of(0..9_usize)),
    )
        .prop_map(
            |(
                (holder, duration, next),
                (hazards, waiting, review),
                weight,
                (urgent, keep_worker, transfer),
                place,
                others,
            )| StageSketch {
                holder,
                duration,
                next,
                hazards,
                waiting,
                review,
                weight,
                urgent,
                keep_worker,
                transfer,
                place,
                others,
            },
        )
}

impl Sketch {
    /// The scenario's file.
    fn text(&self) -> String {
        let mut text = String::from("name = \"any\"\nstart = 2024-12-16\n");
        let warm_up = if self.initial.is_empty() { self.weeks.0 } else { 0 };
        _ = writeln!(text, "warm_up_weeks = {warm_up}\nhorizon_weeks = {}", self.weeks.1);
        let noise = if self.noisy { "{ cv = 0.3, correlation = 0.5 }" } else { "{ cv = 0.0 }" };
        _ = writeln!(text, "[demand]\nmonth_noise = {noise}\nchildren = {{ shares = [0.4, 0.4, 0.2] }}");
        for area in 0..self.areas {
            _ = writeln!(text, "[areas.a{area}]\npopulation = {}", 2000 + 3000 * area);
        }
        for (number, (entry, rate)) in self.sources.iter().enumerate() {
            // The first enters at the first stage, from which all others can be reached.
            let entry = if number == 0 { 0 } else { entry % self.stages.len() };
            _ = writeln!(text, "[sources.from{number}]\nentry = \"s{entry}\"\nrate_per_10k = {rate}");
            _ = writeln!(text, "visibility = 0.4\nresurfacing = 0.5\nresurfacing_days = 9");
        }
        for (number, team) in self.teams.iter().enumerate() {
            _ = writeln!(text, "[teams.t{number}]\nserves = \"{}\"", serves(team.serves_all));
            let (fte, each) = (f64::from(team.fte.0) / 10.0, f64::from(team.fte.1) / 10.0);
            _ = writeln!(text, "fte = {fte}\nfte_each = {each}\nhours_per_week = {}", team.hours);
            _ = writeln!(text, "stretch = {}", f64::from(team.stretch.min(10)) / 10.0);
            if let Some(limit) = team.limit {
                _ = writeln!(text, "points_per_fte = {limit}");
            }
            if let Some(people) = &team.people {
                if let Some(floating) = people.floating.filter(|_| !team.serves_all) {
                    _ = writeln!(text, "floating = {{ fte = {} }}", tenths(floating));
                }
                people.write(&mut text, number);
            }
        }
        text.push_str("[teams.pool]\nserves = \"all_areas\"\nfte = 1.5\n");
        for (number, desk) in self.desks.iter().enumerate() {
            _ = writeln!(text, "[desks.d{number}]\nserves = \"{}\"", serves(desk.serves_all));
            let calendar = if desk.continuous { "continuous" } else { "working" };
            _ = writeln!(text, "fte = {}\ncalendar = \"{calendar}\"", f64::from(desk.fte) / 10.0);
            _ = writeln!(text, "minutes = {{ distribution = \"exponential\", mean = {} }}", desk.minutes);
        }
        (0..self.stages.len()).for_each(|number| self.write_stage(&mut text, number));
        for (number, (share, to)) in self.ends.iter().enumerate() {
            let (share, to) = (f64::from(*share) / 10.0, to % self.stages.len());
            _ = writeln!(
                text,
                "[ends.e{number}]\nreturns = {{ share = {share}, mean_days = 10, to = \"s{to}\" }}"
            );
        }
        self.write_clocks(&mut text);
        self.write_initial(&mut text);
        (0..self.interventions.len()).for_each(|number| self.write_intervention(&mut text, number));
        text
    }

    /// A change within the run.
    fn write_intervention(&self, text: &mut String, number: usize) {
        let InterventionSketch { kind, week, lasts, team, amount, ramp } = self.interventions[number];
        let warm_up = if self.initial.is_empty() { self.weeks.0 } else { 0 };
        let day = |week: usize| {
            let first =
                jiff::civil::date(2024, 12, 16).saturating_sub(jiff::Span::new().weeks(warm_up as i64));
            first.saturating_add(jiff::Span::new().weeks(week as i64))
        };
        let week = week % (warm_up + self.weeks.1);
        let team = team % self.teams.len();
        _ = writeln!(text, "[interventions.i{number}]\nfrom = {}\nramp_weeks = {ramp}", day(week));
        if let Some(lasts) = lasts {
            _ = writeln!(text, "to = {}", day(week + lasts));
        }
        let own_units = self.areas == 2 && !self.teams[team].serves_all;
        let held = self.stages.iter().any(|stage| matches!(stage.holder, HolderSketch::Team(_)));
        let amount = tenths(amount);
        _ = match kind {
            0 => writeln!(
                text,
                "effects.one = {{ parameters = [\"sources.*.rate_per_10k\"], multiply = {amount} }}"
            ),
            1 if held => writeln!(
                text,
                "effects.one = {{ parameters = [\"stages.*.work_extra_child\", \"stages.*.open_contacts\"], replace = {amount} }}"
            ),
            2 => writeln!(text, "posts.t{team} = {{ add = {amount}, fte_each = 0.7, recruited = true }}"),
            3 => writeln!(text, "posts.t{team} = {{ add = -{amount} }}\ndip = {{ share = 0.5, weeks = 2 }}"),
            4 if own_units => writeln!(
                text,
                "moves.one = {{ team = \"t{team}\", from = \"a0\", to = \"a1\", fte = {amount} }}"
            ),
            _ => writeln!(text, "posts.d0 = {{ add = {amount} }}"),
        };
    }

    fn write_stage(&self, text: &mut String, number: usize) {
        let stage = &self.stages[number];
        _ = writeln!(text, "[stages.s{number}]");
        let team = matches!(stage.holder, HolderSketch::Team(_));
        let duration = duration(stage.duration);
        match &stage.holder {
            HolderSketch::Nobody => _ = writeln!(text, "duration = {duration}"),
            HolderSketch::Desk(desk) => {
                let desk = desk % self.desks.len();
                let minutes = 15 * u32::from(stage.duration.1);
                _ = writeln!(text, "desk = \"d{desk}\"");
                _ = writeln!(
                    text,
                    "minutes = {{ distribution = \"lognormal\", mean = {minutes}, cv = 0.8 }}"
                );
            }
            HolderSketch::Team(holder) => {
                _ = writeln!(text, "team = \"t{}\"\nduration = {duration}", holder % self.teams.len());
            }
            HolderSketch::Checks(checks) => {
                let shares: BTreeMap<usize, u8> =
                    checks.iter().map(|(desk, share)| (desk % self.desks.len(), *share)).collect();
                let shares: Vec<String> = shares
                    .iter()
                    .map(|(desk, share)| format!("d{desk} = {}", f64::from(*share) / 10.0))
                    .collect();
                _ = writeln!(text, "checks = {{ {} }}", shares.join(", "));
            }
        }
        let (priority, level, front_door, referral) = stage.place;
        _ = writeln!(
            text,
            "priority = {priority}\nlevel = {level}\nfront_door = {front_door}\nreferral = {referral}"
        );
        _ = writeln!(text, "next = {{ {} }}", self.next(number));
        if team {
            let (total, hours, points, children) = stage.weight;
            let key = if total { "hours_total" } else { "hours_per_week" };
            _ = writeln!(text, "{key} = {}\npoints = {}", f64::from(hours) / 10.0, f64::from(points) / 2.0);
            _ = writeln!(text, "counts = \"{}\"", if children { "children" } else { "families" });
            _ = writeln!(text, "urgent = {}\nkeep_worker = {}", stage.urgent, stage.keep_worker);
            let (delay, handover) = stage.transfer;
            _ = writeln!(text, "transfer_delay_days = {delay}\nhandover_hours = {handover}");
            if let Some((first, then, early)) = stage.review {
                let early = f64::from(early) / 10.0;
                _ = writeln!(
                    text,
                    "review = {{ first_days = {first}, then_days = {then}, early_exit_share = {early} }}"
                );
            }
            self.write_others(text, stage, level);
            self.write_hazards(text, &format!("stages.s{number}.waiting"), &stage.waiting);
        }
        self.write_hazards(text, &format!("stages.s{number}.hazards"), &stage.hazards);
    }

    /// What other teams do at a stage, and what it takes beside its own work.
    fn write_others(&self, text: &mut String, stage: &StageSketch, level: u8) {
        let (support, overlap, contacts, oversight) = stage.others;
        if let Some((hours, spill)) = support {
            let (hours, spill) = (tenths(hours), tenths(spill));
            _ = writeln!(
                text,
                "support = {{ team = \"pool\", hours_per_child = {hours}, spill_share = {spill} }}"
            );
        }
        if level > 0 {
            _ = writeln!(text, "overlap_days = {overlap}");
        }
        _ = writeln!(text, "open_contacts = {}", tenths(contacts));
        let HolderSketch::Team(holder) = stage.holder else { return };
        let overseer = oversight.map(|team| team % self.teams.len());
        if let Some(team) = overseer.filter(|team| *team != holder % self.teams.len()) {
            _ = writeln!(text, "oversight = {{ team = \"t{team}\", hours = 0.3 }}");
        }
    }

    /// The next stage, another, and an end for the rest, which is never less than a tenth.
    fn next(&self, number: usize) -> String {
        let mut shares: BTreeMap<String, u8> = BTreeMap::new();
        if number + 1 < self.stages.len() {
            shares.insert(format!("s{}", number + 1), stage_share(self.stages[number].next[0].1 + 1));
        }
        let (other, share) = self.stages[number].next[1];
        shares.entry(format!("s{}", other % self.stages.len())).or_insert(stage_share(share));
        let mut parts: Vec<String> =
            shares.iter().map(|(to, share)| format!("{to} = {}", f64::from(*share) / 10.0)).collect();
        parts.push(format!("e{} = \"rest\"", number % self.ends.len()));
        parts.join(", ")
    }

    fn write_hazards(&self, text: &mut String, table: &str, hazards: &[(usize, u8)]) {
        for (number, (to, rate)) in hazards.iter().enumerate() {
            let to = to % (self.stages.len() + self.ends.len());
            let to = match to.checked_sub(self.stages.len()) {
                Some(end) => format!("e{end}"),
                None => format!("s{to}"),
            };
            let rate = f64::from(*rate) / 20.0;
            _ = writeln!(text, "[{table}.h{number}]\nrate_per_week = {rate}\nto = \"{to}\"");
        }
    }

    fn write_clocks(&self, text: &mut String) {
        for (number, (from, to, limit, working)) in self.clocks.iter().enumerate() {
            let (from, to) = (from % self.stages.len(), to % self.stages.len());
            let (from, to) = (from.min(to), from.max(to));
            let limit_key = if *working { "working_days" } else { "days" };
            _ = writeln!(text, "[clocks.c{number}]\nstarts = \"enter:s{from}\"\nstops = \"leave:s{to}\"");
            _ = writeln!(text, "{limit_key} = {limit}");
            _ = writeln!(text, "[standards.c{number}]\nclock = \"c{number}\"\nrequired_share = 0.8");
        }
    }

    fn write_initial(&self, text: &mut String) {
        if self.initial.is_empty() {
            return;
        }
        text.push_str("[initial.a0]\n");
        let cases: BTreeMap<usize, (u16, u16)> = self
            .initial
            .iter()
            .map(|(stage, families, waiting)| (stage % self.stages.len(), (*families, *waiting)))
            .collect();
        for (stage, (families, waiting)) in cases {
            match self.stages[stage].holder {
                HolderSketch::Team(_) => {
                    _ = writeln!(text, "s{stage} = {{ families = {families}, waiting = {waiting} }}");
                }
                HolderSketch::Nobody => _ = writeln!(text, "s{stage} = {families}"),
                _ => {}
            }
        }
    }
}

impl PeopleSketch {
    fn write(&self, text: &mut String, team: usize) {
        let (leavers, spells) = (f64::from(self.going.0) / 5.0, f64::from(self.going.1) / 5.0);
        _ = writeln!(text, "[teams.t{team}.workforce]\nleavers = {leavers}\nsickness_spells = {spells}");
        _ = writeln!(text, "vacant_share = {}\nagency_share = {}", tenths(self.vacant), tenths(self.agency));
        _ = writeln!(text, "agency_delay_days = 5\ncase_holding_share = {}", tenths(self.holding));
        _ = writeln!(text, "newly_qualified_share = {}\ncover = {}", tenths(self.new), tenths(self.cover));
        let weeks = self.hire_weeks;
        _ = writeln!(
            text,
            "time_to_hire = {{ distribution = \"exponential\", mean = {weeks}, unit = \"weeks\" }}"
        );
        if let Some((span, deputy)) = self.managers {
            _ = writeln!(text, "managers = {{ span = {}, deputy = {deputy} }}", tenths(span));
        }
    }
}

fn tenths(tenths: u8) -> f64 {
    f64::from(tenths) / 10.0
}

fn serves(all: bool) -> &'static str {
    if all { "all_areas" } else { "each_area" }
}

fn stage_share(tenths: u8) -> u8 {
    tenths.min(5)
}

/// One of the kinds of duration, of a given length in days.
fn duration((kind, days): (u8, u8)) -> String {
    match kind {
        0 => format!("{{ distribution = \"fixed\", value = {days} }}"),
        1 => format!("{{ distribution = \"exponential\", mean = {days} }}"),
        2 => format!("{{ distribution = \"gamma\", mean = {days}, shape = 0.5 }}"),
        3 => format!("{{ distribution = \"lognormal\", mean = {days}, cv = 1.5, unit = \"working_days\" }}"),
        4 => format!("{{ distribution = \"weibull\", mean = {days}, shape = 0.7 }}"),
        5 => format!("{{ distribution = \"bands\", edges = [0, {days}, 70], shares = [0.7, 0.3] }}"),
        6 => format!("{{ distribution = \"erlang\", mean = {days}, stages = 3 }}"),
        _ => format!(
            "{{ distribution = \"mixture\", of = [ {{ share = 0.5, distribution = \"fixed\", value = 0.1 }}, {{ share = 0.5, distribution = \"exponential\", mean = {days} }} ] }}"
        ),
    }
}

/// What is wrong with a record in itself, if anything is.
fn fault(layout: &Layout, record: &ReplicationRecord) -> Option<String> {
    for (row, series) in layout.series.iter().enumerate() {
        let weeks: Vec<f64> = record.weekly.row(row).iter().map(|value| f64::from(*value)).collect();
        let horizon = record.horizon[row];
        let least = weeks.iter().copied().chain([horizon]).fold(f64::INFINITY, f64::min);
        let name = || format!("{:?} {:?} {}", series.area, series.holding, series.measure);
        if least < -1e-6 {
            return Some(format!("{} is negative: {least}", name()));
        }
        let sum: f64 = weeks.iter().sum();
        let expected = match series.kind {
            Kind::Total => sum,
            Kind::Average => sum / weeks.len() as f64,
            Kind::Ratio | Kind::Percentile | Kind::Maximum => continue,
        };
        let near = (horizon - expected).abs() <= 1e-5 * (1.0 + expected.abs());
        if !near {
            return Some(format!("{}: weeks make {expected}, the horizon {horizon}", name()));
        }
    }
    let is_share = |share: &f64| share.is_nan() || (0.0..=1.0).contains(share);
    record.achieved.iter().find(|share| !is_share(share)).map(|share| format!("a standard met by {share}"))
}

fn load(text: &str) -> Result<Scenario, TestCaseError> {
    caseflow::scenario::load_text("any.toml", text)
        .map_err(|faults| TestCaseError::fail(format!("the sketch is not valid: {faults}\n{text}")))
}

/// The same scenarios in each run, unless the environment asks for others.
fn config() -> ProptestConfig {
    let asked = |name: &str| -> Option<u64> { std::env::var(name).ok()?.parse().ok() };
    ProptestConfig {
        cases: asked("PROPTEST_CASES").map_or(400, |cases| cases as u32),
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(asked("PROPTEST_RNG_SEED").unwrap_or(20_241_216)),
        max_shrink_iters: 4000,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_scenario_keeps_the_laws(sketch in sketches()) {
        let text = sketch.text();
        let scenario = load(&text)?;
        let simulator = Simulator::new(&scenario, 5);
        let mut workspace = simulator.workspace();
        let mut first = None;
        for replication in 0..3 {
            let record = simulator
                .replicate(replication, &mut workspace)
                .map_err(|broken| TestCaseError::fail(format!("{broken}\n{text}")))?;
            let fault = fault(simulator.layout(), &record);
            prop_assert!(fault.is_none(), "{}\n{}", fault.unwrap_or_default(), text);
            first.get_or_insert(record);
        }
        // A used workspace changes nothing.
        let again = simulator.replicate(0, &mut workspace).expect("it did before");
        prop_assert!(first.is_some_and(|first| same_bits(&first, &again)), "differs when run again:\n{}", text);
    }
}
