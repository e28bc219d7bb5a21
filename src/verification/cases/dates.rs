//! What depends on the date: working hours and days, demand that changes, routes that do.

use super::super::exact::hours::{SmallCalendar, moments};
use super::super::{Case, Quantity};

/// Working hours and statutory clocks.
pub(super) const WORKING_HOURS: Case = Case {
    id: "working_hours",
    title: "a desk's working hours and statutory clocks over Christmas: integrals over the calendar",
    scenario: include_str!("../../../scenarios/verification/19-working-hours.toml"),
    replications: 200,
    quantities: working_hours,
};

/// Trend, shocks and dated routes.
pub(super) const CHANGING_DEMAND: Case = Case {
    id: "changing_demand",
    title: "trend, growth, shocks with ramps, weekdays; routes by source, area and date",
    scenario: include_str!("../../../scenarios/verification/22-changing-demand.toml"),
    replications: 130,
    quantities: changing_demand,
};

/// From Monday 16 December 2024: Christmas Day, Boxing Day and New Year's Day.
const CHRISTMAS: SmallCalendar = SmallCalendar(&[9, 10, 16]);
const NINE_TO_FIVE: (f64, f64) = (9.0, 17.0);

/// Share of those for whom something holds.
fn share(values: impl Iterator<Item = bool>) -> f64 {
    let (mut yes, mut all) = (0.0, 0.0);
    for value in values {
        yes += f64::from(u8::from(value));
        all += 1.0;
    }
    yes / all
}

fn working_hours(factor: f64) -> Vec<Quantity> {
    const DAYS: f64 = 42.0;
    // A task of ten hours for each contact, by the moment of contact: (contact, begin, finish).
    let tasks: Vec<(f64, f64, f64)> = moments(DAYS, 2400.0)
        .map(|at| {
            let (begin, finish) = CHRISTMAS.begin_and_finish(at, NINE_TO_FIVE, 10.0);
            (at, begin, finish)
        })
        .collect();
    let daily = 30.0 * factor;
    let mut list = Vec::new();
    for week in 0..4_usize {
        let (from, to) = (7.0 * week as f64, 7.0 * (week + 1) as f64);
        let done: Vec<f64> = (tasks.iter().filter(|task| (from..to).contains(&task.2)))
            .map(|(at, _, finish)| finish - at)
            .collect();
        let stay = done.iter().sum::<f64>() / done.len() as f64;
        list.push(Quantity::new(
            format!("mean stay of tasks done in week {week}, days"),
            stay,
            move |reading| Ok(reading.area(0, "stay_mean_days_contact")?.week(week)),
        ));
        let within = |start: f64, end: f64| (end.min(to) - start.max(from)).max(0.0);
        let mean = |sum: f64| daily * sum / 2400.0 / 7.0;
        let waiting = mean(tasks.iter().map(|(at, begin, _)| within(*at, *begin)).sum());
        let in_hand = mean(tasks.iter().map(|(_, begin, finish)| within(*begin, *finish)).sum());
        for (what, exact, measure) in
            [("waiting", waiting, "waiting_families"), ("in hand", in_hand, "open_families")]
        {
            list.push(Quantity::new(format!("mean number {what} in week {week}"), exact, move |reading| {
                Ok(reading.desk(0, "front_door", measure)?.week(week))
            }));
        }
    }
    let done = || tasks.iter().filter(|task| task.2 < DAYS);
    let started = || tasks.iter().filter(|task| task.1 < DAYS);
    let fixed = || moments(DAYS - 10.0, 2400.0);
    // Durations spread evenly up to fourteen days, by the moment at which they end.
    let bands = || {
        moments(DAYS, 40.0)
            .flat_map(|end| moments(14.0, 40.0).map(move |length| (end - length, end)))
            .filter(|(from, _)| *from >= 0.0)
    };
    for (clock, exact) in [
        ("contact_working", share(done().map(|(at, _, end)| CHRISTMAS.working_days(*at, *end) <= 1.5))),
        ("contact_days", share(done().map(|(at, _, end)| end - at <= 2.0))),
        ("fixed_working", share(fixed().map(|at| CHRISTMAS.working_days(at, at + 10.0) <= 6.5))),
        ("bands_working", share(bands().map(|(from, to)| CHRISTMAS.working_days(from, to) <= 4.0))),
        ("bands_days", share(bands().map(|(from, to)| to - from <= 7.0))),
    ] {
        let measure = format!("on_time_share_{clock}");
        list.push(Quantity::new(format!("share on time, clock {clock}"), exact, move |reading| {
            Ok(reading.area(0, &measure)?.horizon())
        }));
    }
    let waited = share(started().map(|(at, begin, _)| begin > at));
    list.push(Quantity::new("share of contacts out of hours", waited, |reading| {
        Ok(reading.desk(0, "front_door", "waited_share")?.horizon())
    }));
    list
}

/// Days of warm-up; day 0 is Monday 18 November 2024.
const WARM_UP: f64 = 28.0;
/// Christmas, New Year, Good Friday, Easter Monday, and the two of May 2025.
const BANK_HOLIDAYS: [usize; 7] = [37, 38, 44, 151, 154, 168, 189];

/// How far from its start to its full strength something is at noon of a day.
fn ramp(day: usize, from: f64, days: f64) -> f64 {
    ((day as f64 + 0.5 - from) / days).clamp(0.0, 1.0)
}

/// Expected contacts on a day.
fn contacts(day: usize, area: &str, source: &str) -> f64 {
    let years = (day as f64 + 0.5 - WARM_UP) / 365.25;
    let north = area == "north";
    let base = match (north, source) {
        (true, "school") => 30.0,
        (true, _) => 40.0,
        (false, "school") => 20.0,
        (false, _) => 30.0,
    };
    let growth = if north { 0.9_f64.powf(years) } else { 1.0 };
    let weekday = if BANK_HOLIDAYS.contains(&day) { 6 } else { day % 7 };
    let weight = if source == "police" { [1.3, 1.2, 1.1, 1.1, 1.3, 0.5, 0.5][weekday] } else { 1.0 };
    // From 3 February to 17 March 2025 (days 77 and 119), and from 7 April (day 140).
    let closed = ramp(day, 77.0, 14.0) * (1.0 - ramp(day, 119.0, 21.0));
    let closure = if north && source == "school" { 1.0 - 0.6 * closed } else { 1.0 };
    let inquiry = 1.0 + 0.5 * ramp(day, 140.0, 10.0);
    base * 1.2_f64.powf(years) * growth * weight * closure * inquiry
}

/// Share of those who leave the first stage on a day for early help.
fn to_early_help(day: usize, area: &str, source: &str) -> f64 {
    match source {
        // From 3 March to 5 May 2025.
        _ if area == "north" && (105..168).contains(&day) => 0.9,
        "school" => 0.2,
        _ => 0.5,
    }
}

fn changing_demand(factor: f64) -> Vec<Quantity> {
    let mut list = Vec::new();
    for (index, area) in ["north", "south"].into_iter().enumerate() {
        for (source, weeks) in [("school", [0, 7, 11, 15]), ("police", [1, 12, 17, 29])] {
            for week in weeks {
                let days = 28 + 7 * week..35 + 7 * week;
                let exact = factor * days.map(|day| contacts(day, area, source)).sum::<f64>();
                let measure = format!("arrivals_{source}");
                let name = format!("{area}, {source}: contacts in week {week}");
                list.push(Quantity::new(name, exact, move |reading| {
                    Ok(reading.area(index, &measure)?.week(week))
                }));
            }
        }
        // The first stage takes half a day: of a day's families half leave it on the next.
        let early_help = |day: usize, source: &str| {
            let leaving = (contacts(day - 1, area, source) + contacts(day, area, source)) / 2.0;
            leaving * to_early_help(day, area, source)
        };
        for week in [4, 10, 11, 20] {
            let exact = (28 + 7 * week..35 + 7 * week)
                .map(|day| early_help(day, "school") + early_help(day, "police"))
                .sum::<f64>();
            let name = format!("{area}: families to early help in week {week}");
            list.push(Quantity::new(name, factor * exact, move |reading| {
                Ok(reading.area(index, "entries_early_help")?.week(week))
            }));
        }
    }
    list
}
