use caseflow::calendar::SchoolCalendar;
use caseflow::scenario::*;
use caseflow::simulation::*;
fn main() {
    let mut ps: Vec<Parameter> = vec![];
    let mut q = |v: f64| {
        ps.push(Parameter {
            path: format!("p{}", ps.len()),
            value: v,
            low: None,
            high: None,
            shape: RangeShape::Pert,
            basis: None,
            source: String::new(),
        });
        Quantity(ps.len() as u32 - 1)
    };
    let zero = q(0.0);
    let one = q(1.0);
    let start = jiff::civil::date(2023, 9, 4);
    let mk = |id: &str, holder, dur, routes: Vec<(Destination, Quantity)>, keep| caseflow::scenario::Stage {
        id: id.into(),
        name: id.into(),
        holder,
        level: 0,
        front_door: false,
        referral: false,
        counts: Counts::Families,
        priority: 5,
        urgent: false,
        points: one,
        points_extra_child: zero,
        work: Work::PerWeek(zero),
        work_extra_child: zero,
        duration: dur,
        routes: vec![Route {
            sources: None,
            areas: None,
            from_day: i64::MIN,
            to_day: i64::MAX,
            shares: routes.into_iter().map(|(d, s)| (d, Share::Of(s))).collect(),
        }],
        hazards: vec![],
        waiting_hazards: vec![],
        review: None,
        keep_worker: keep,
        transfer_delay_days: zero,
        handover_hours: zero,
    };
    let l35 = Duration::Lognormal { mean: q(35.0), cv: q(0.8) };
    let l40 = Duration::Lognormal { mean: q(40.0), cv: q(0.6) };
    let g = Duration::Gamma { mean: q(250.0), shape: q(1.5) };
    let e = Duration::Exponential(q(0.05));
    use Destination::*;
    // stages: 0 assessment,1 eh,2 plan,3 triage
    let stages = vec![
        mk(
            "assessment",
            Holder::Team(1),
            l40,
            vec![(Stage(2), q(0.4)), (Stage(1), q(0.15)), (End(0), q(0.45))],
            false,
        ),
        mk("eh", Holder::Team(0), l35, vec![(Stage(0), q(0.12)), (End(0), q(0.88))], false),
        mk("plan", Holder::Team(1), g, vec![(End(0), q(1.0))], true),
        mk(
            "triage",
            Holder::Desk(0),
            e,
            vec![(End(0), q(0.25)), (Stage(1), q(0.45)), (Stage(0), q(0.30))],
            false,
        ),
    ];
    let mut s = vec![1.0; 52];
    for w in [7, 16, 17, 24, 30, 31, 38, 46, 47, 48, 49, 50, 51] {
        s[w] = 0.6
    }
    for w in [0, 1, 2, 18, 19, 20, 32, 33, 34] {
        s[w] = 1.3
    }
    let sum: f64 = s.iter().sum();
    for x in &mut s {
        *x *= 52.0 / sum
    }
    let areas: Vec<Area> = (0..5)
        .map(|i| Area {
            id: format!("l{i}"),
            name: format!("L{i}"),
            population: q(1.0),
            population_growth: zero,
            need: one,
            families_per_year: vec![Some(q(12.0 * 365.25))],
            effort: one,
            hidden_share: zero,
            detection: one,
            schools: SchoolCalendar { name: "".into(), breaks: vec![] },
        })
        .collect();
    let team = |id: &str, p| Team {
        id: id.into(),
        name: id.into(),
        role: id.into(),
        points_per_fte: Some(p),
        hours_per_week: q2(),
        present_share: one,
        non_case_share: zero,
        stretch: one,
    };
    fn q2() -> Quantity {
        Quantity(1)
    }
    let p12 = q(12.0);
    let p16 = q(16.0);
    let f18 = q(18.0);
    let f38 = q(38.0);
    let f2 = q(2.0);
    let mut units = vec![];
    for a in 0..5 {
        for (t, f) in [(0, f18), (1, f38)] {
            units.push(Unit {
                team: t,
                areas: vec![a],
                id: format!("l{a}"),
                workers: vec![WorkerGroup { fte: f, fte_each: 1.0, experience: one }],
            })
        }
    }
    let desk_units = (0..5)
        .map(|a| DeskUnit {
            desk: 0,
            areas: vec![a],
            id: format!("l{a}"),
            people: vec![DeskPeople {
                fte: f2,
                continuous: true,
                from_hour: 0.0,
                to_hour: 24.0,
                from_day: i64::MIN,
                to_day: i64::MAX,
            }],
        })
        .collect();
    let sc = Scenario {
        name: "rlm".into(),
        title: "".into(),
        description: "".into(),
        hash: "".into(),
        start,
        warm_up_weeks: 52,
        horizon_weeks: 156,
        experiment: ExperimentDefaults { replications: 10, precision_measures: vec![] },
        areas,
        sources: vec![Source {
            id: "r".into(),
            name: "".into(),
            rate_per_10k: zero,
            entry: 3,
            weekday: [1.3, 1.25, 1.2, 1.2, 1.15, 0.5, 0.4],
            visibility: one,
            resurfacing: zero,
            resurfacing_days: one,
            profile: Some(s),
            profile_start_day: 0,
        }],
        demand: Demand {
            trend_per_year: zero,
            year_noise: Noise { cv: zero, correlation: zero },
            month_noise: Noise { cv: zero, correlation: zero },
            area_month_noise: Noise { cv: zero, correlation: zero },
            shocks: vec![],
            children: ChildrenPerFamily::Shares(vec![one]),
        },
        stages,
        ends: vec![caseflow::scenario::End { id: "left".into(), name: "".into(), return_to: None }],
        desks: vec![Desk { id: "triage".into(), name: "".into() }],
        desk_units,
        teams: vec![team("eh", p12), team("sw", p16)],
        units,
        clocks: vec![],
        standards: vec![],
        initial: vec![],
        notes: vec![],
        parameters: ps,
    };
    let sim = Simulator::new(&sc, 1);
    let mut ws = sim.workspace();
    let n: u32 = std::env::args().nth(1).and_then(|x| x.parse().ok()).unwrap_or(50);
    let t = std::time::Instant::now();
    let lay = sim.layout().clone();
    let mut sums = vec![0.0; lay.series.len()];
    let mut sq = sums.clone();
    let mut ev = 0;
    for r in 0..n {
        let rec = sim.replicate(r, &mut ws).unwrap();
        ev += rec.events;
        for (i, h) in rec.horizon.iter().enumerate() {
            sums[i] += h;
            sq[i] += h * h
        }
    }
    let el = t.elapsed().as_secs_f64();
    println!(
        "{:.2} ms/rep, {} series, {:.1}M events/s",
        el * 1e3 / n as f64,
        lay.series.len(),
        ev as f64 / el / 1e6
    );
    for (i, s) in lay.series.iter().enumerate() {
        if s.area.is_none()
            && matches!(
                s.measure.as_str(),
                "waiting_families" | "open_families" | "wait_mean_days" | "arrivals"
            )
        {
            let m = sums[i] / n as f64;
            let v = ((sq[i] / n as f64 - m * m) / n as f64).sqrt();
            println!("{:?} {} {:.4} ({:.4})  /5 {:.4} ({:.4})", s.holding, s.measure, m, v, m / 5.0, v / 5.0)
        }
    }
    for m in ["wait_p90_days"] {
        for h in [Holding::Desk(0), Holding::Team(0), Holding::Team(1)] {
            let v: f64 = lay
                .series
                .iter()
                .enumerate()
                .filter(|(_, s)| s.area.is_some() && s.holding == h && s.measure == m)
                .map(|(i, _)| sums[i] / n as f64)
                .sum::<f64>()
                / 5.0;
            println!("{h:?} {m} {v:.4}")
        }
    }
}
