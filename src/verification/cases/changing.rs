//! Stations through time: a team without limits, and a desk whose people come and go.

use super::super::exact::desk::DatedDesk;
use super::super::exact::infinite::{DailyRates, first_harmonic};
use super::super::exact::law::Law;
use super::super::{Case, Quantity, Reading, VerifyError};

/// M(t)/G/∞.
pub(super) const NO_LIMITS: Case = Case {
    id: "no_limits",
    title: "a team without limits through the year: M(t)/G/∞",
    scenario: include_str!("../../../scenarios/verification/03-no-limits.toml"),
    replications: 100,
    quantities: no_limits,
};

/// M(t)/M/s(t).
pub(super) const DATED_DESK: Case = Case {
    id: "dated_desk",
    title: "a desk whose people come and go: M(t)/M/s(t), Kolmogorov's equations",
    scenario: include_str!("../../../scenarios/verification/13-dated-desk.toml"),
    replications: 3000,
    quantities: dated_desk,
};

/// Weeks in the scenario's cycle, and in its run.
const CYCLE: usize = 52;
const WEEKS: usize = 104;
/// Mean referrals of each source in each area a day.
const DAILY: f64 = 0.5;

/// Referrals that follow a sinusoid, in weekly steps.
fn sine(factor: f64) -> DailyRates {
    let turn = 2.0 * std::f64::consts::PI / CYCLE as f64;
    let rate = |day: usize| 1.0 + 0.8 * (turn * ((day / 7) as f64 + 0.5)).sin();
    DailyRates((0..7 * WEEKS).map(|day| DAILY * factor * rate(day)).collect())
}

/// Referrals of which a quarter come in the holidays.
fn terms(factor: f64) -> DailyRates {
    let holiday = |week: usize| matches!(week, 7 | 16 | 17 | 24 | 30 | 31 | 38 | 46..=51);
    let rate = |day: usize| if holiday(day / 7 % CYCLE) { 0.25 } else { 1.0 };
    DailyRates((0..7 * WEEKS).map(|day| DAILY * factor * rate(day)).collect())
}

/// Families open in an area's stage at the end of each week, from an empty start: all who have come
/// less all who have gone. (The weekly series is an average over the week, whose variance is less.)
fn open_at_week_ends(reading: &Reading<'_>, area: usize, stage: &str) -> Result<Vec<f64>, VerifyError> {
    let came = reading.area(area, &format!("entries_{stage}"))?.weeks();
    let left = reading.area(area, &format!("ends_left_{stage}"))?.weeks();
    let mut open = 0.0;
    Ok(came
        .iter()
        .zip(&left)
        .map(|(came, left)| {
            open += came - left;
            open
        })
        .collect())
}

/// Averages a reading over the areas, which are independent.
fn over_areas(
    reading: &Reading<'_>,
    read: impl Fn(usize) -> Result<f64, VerifyError>,
) -> Result<f64, VerifyError> {
    let sum: f64 = (0..reading.areas()).map(read).sum::<Result<f64, VerifyError>>()?;
    Ok(sum / reading.areas() as f64)
}

fn no_limits(factor: f64) -> Vec<Quantity> {
    let laws = [
        ("exponential", Law::Exponential(28.0)),
        ("fixed", Law::Fixed(28.0)),
        ("lognormal", Law::Lognormal { mean: 28.0, cv: 1.0 }),
    ];
    let mut list = Vec::new();
    for (name, law) in laws {
        list.extend(open_rows(&format!("sine_{name}"), &sine(factor), law, [18, 44, 70]));
        list.push(lag_row(format!("sine_{name}"), &sine(factor), law));
        list.extend(open_rows(&format!("term_{name}"), &terms(factor), law, [15, 51, 57]));
    }
    list
}

/// The mean through chosen weeks, and variance over mean at the ends of all.
fn open_rows(stage: &str, rates: &DailyRates, law: Law, weeks: [usize; 3]) -> Vec<Quantity> {
    let mut list = Vec::new();
    for week in weeks {
        let exact = rates.open_over(7.0 * week as f64, 7.0 * (week + 1) as f64, law);
        let measure = format!("open_families_{stage}");
        let name = format!("{stage}: mean open in week {week}");
        let row = Quantity::new(name, exact, move |reading| {
            over_areas(reading, |area| Ok(reading.area(area, &measure)?.week(week)))
        });
        // In the trough few are open: the error is held against the year's mean.
        list.push(row.on_scale(DAILY * law.mean()));
    }
    let means: Vec<f64> = (1..=WEEKS).map(|week| rates.open_at(7.0 * week as f64, law)).collect();
    let id = stage.to_owned();
    list.push(Quantity::new(format!("{stage}: variance over mean"), 1.0, move |reading| {
        over_areas(reading, |area| {
            let open = open_at_week_ends(reading, area, &id)?;
            let sum: f64 = open.iter().zip(&means).map(|(open, mean)| (open - mean).powi(2) / mean).sum();
            Ok(sum / WEEKS as f64)
        })
    }));
    list
}

/// How many days the peak of the caseload comes after that of the referrals: by the phases of their
/// first harmonics in the second year, by when the start is forgotten. Each replication's phase is
/// taken linearly about the exact one, which keeps the mean unbiased.
fn lag_row(stage: String, rates: &DailyRates, law: Law) -> Quantity {
    let day_turn = 2.0 * std::f64::consts::PI / (7 * CYCLE) as f64;
    // Week ends of the second year are days 7, 14, … 364 of the cycle: index k is day 7 (k + 1).
    let means: Vec<f64> = (CYCLE + 1..=WEEKS).map(|week| rates.open_at(7.0 * week as f64, law)).collect();
    let (cosine, sine) = first_harmonic(&means);
    let amplitude = cosine.hypot(sine);
    // Referrals are largest a quarter of the cycle in; the caseload at the phase of its harmonic.
    let peak = sine.atan2(cosine) / day_turn + 7.0;
    let exact = peak - (7 * CYCLE) as f64 / 4.0;
    let (cosine_share, sine_share) = (cosine / amplitude, sine / amplitude);
    Quantity::new(
        format!("{stage}: days from peak of referrals to peak of caseload"),
        exact,
        move |reading| {
            let late = over_areas(reading, |area| {
                let open = open_at_week_ends(reading, area, &stage)?;
                let (cosine, sine) = first_harmonic(&open[CYCLE..]);
                Ok((sine * cosine_share - cosine * sine_share) / amplitude)
            })?;
            Ok(exact + late / day_turn)
        },
    )
    .on_scale(law.mean())
}

fn dated_desk(factor: f64) -> Vec<Quantity> {
    let weekday = [1.3, 1.25, 1.2, 1.2, 1.15, 0.5, 0.4];
    let staff = |week: usize| match week {
        0 | 1 => 4,
        2 | 3 => 3,
        6 => 2,
        _ => 5,
    };
    let weeks = DatedDesk {
        arrivals: (0..56).map(|day| 16.0 * factor * weekday[day % 7]).collect(),
        staff: (0..56).map(|day| staff(day / 7)).collect(),
        relieved: vec![14, 42],
        service: 0.2,
        cap: 120,
    }
    .weeks();
    // Errors are held against all present in the fullest week.
    let fullest = weeks.iter().map(|week| week.queue + week.busy).fold(0.0, f64::max);
    let mut list = Vec::new();
    for (week, exact) in weeks.into_iter().enumerate() {
        list.push(
            Quantity::new(format!("mean waiting in week {week}"), exact.queue, move |reading| {
                Ok(reading.desk(0, "front_door", "waiting_families")?.week(week))
            })
            .on_scale(fullest),
        );
        list.push(Quantity::new(format!("mean in hand in week {week}"), exact.busy, move |reading| {
            Ok(reading.desk(0, "front_door", "open_families")?.week(week))
        }));
    }
    list
}
