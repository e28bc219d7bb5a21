//! Arrivals: noise, and what schools do not see.

use jiff::civil::date;

use super::super::exact::noise::{Layer, weekly_covariance};
use super::super::exact::schools::SchoolSource;
use super::super::{Case, Quantity, Reading, VerifyError};

/// Weekly counts with noise.
pub(super) const NOISE: Case = Case {
    id: "noise",
    title: "weekly referrals with noise: mean, variance, autocorrelation",
    scenario: include_str!("../../../scenarios/verification/09-noise.toml"),
    replications: 6000,
    quantities: noise,
};

/// Visibility and resurfacing.
pub(super) const SCHOOLS: Case = Case {
    id: "schools",
    title: "school visibility and resurfacing: weekly contacts and hidden need",
    scenario: include_str!("../../../scenarios/verification/10-schools.toml"),
    replications: 600,
    quantities: schools,
};

/// Weeks of the noise scenario.
const NOISE_WEEKS: usize = 60;
/// Mean referrals of each of its areas a day.
const NOISE_DAILY: f64 = 2.0;

/// The scenario's layers, with the months and financial years of its days.
fn layers() -> (Vec<Layer>, Layer) {
    let start = date(2024, 9, 30);
    let days: Vec<_> = start.series(jiff::Span::new().days(1)).take(7 * NOISE_WEEKS).collect();
    let months: Vec<i64> =
        days.iter().map(|day| 12 * i64::from(day.year()) + i64::from(day.month())).collect();
    let years = days.iter().map(|day| i64::from(day.year()) - i64::from(day.month() < 4)).collect();
    let council = vec![
        Layer { cv: 0.2, correlation: 0.5, periods: years },
        Layer { cv: 0.2, correlation: 0.6, periods: months.clone() },
    ];
    (council, Layer { cv: 0.15, correlation: 0.4, periods: months })
}

fn noise(factor: f64) -> Vec<Quantity> {
    let (council, local) = layers();
    let all: Vec<Layer> = council.iter().cloned().chain([local]).collect();
    let daily = NOISE_DAILY * factor;
    let mean = 7.0 * daily;
    // Averages over the weeks for which the pair exists.
    let average = |layers: &[Layer], lag: usize| {
        let pairs = NOISE_WEEKS - lag;
        (0..pairs).map(|week| weekly_covariance(daily, layers, week, week + lag)).sum::<f64>() / pairs as f64
    };
    let variance = mean + average(&all, 0);
    // Products are centred on the true mean, which makes them unbiased.
    let product = move |areas: [usize; 2], lag: usize| {
        move |reading: &Reading<'_>| -> Result<f64, VerifyError> {
            let one = reading.area(areas[0], "arrivals")?.weeks();
            let other = reading.area(areas[1], "arrivals")?.weeks();
            let sum: f64 = one.iter().zip(&other[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum();
            Ok(sum / (one.len() - lag) as f64)
        }
    };
    let mut list = vec![
        Quantity::new("mean weekly referrals", mean, |reading| {
            Ok(reading.area(0, "arrivals")?.horizon() / (reading.days() / 7.0))
        }),
        Quantity::new("variance of weekly referrals", variance, product([0, 0], 0)),
    ];
    for lag in [1, 4, 13, 30] {
        list.push(
            Quantity::new(
                format!("covariance of weeks {lag} apart"),
                average(&all, lag),
                product([1, 1], lag),
            )
            .on_scale(variance),
        );
    }
    for lag in [0, 4] {
        list.push(
            Quantity::new(
                format!("covariance of two areas, weeks {lag} apart"),
                average(&council, lag),
                product([0, 1], lag),
            )
            .on_scale(variance),
        );
    }
    list
}

fn schools(factor: f64) -> Vec<Quantity> {
    let source = SchoolSource {
        daily: 20.0 * factor,
        visibility: 0.25,
        resurfacing: 0.4,
        resurfacing_days: 14.0,
        breaks: vec![(42.0, 49.0), (98.0, 112.0), (140.0, 196.0)],
    };
    // In the second area three in ten are of a community of whom half are never seen.
    let detected = 1.0 - 0.3 * (1.0 - 0.5);
    let mut list = Vec::new();
    for (week, what) in [
        (3, "in term"),
        (6, "in the half-term"),
        (7, "just after it"),
        (16, "just after two weeks"),
        (24, "in the closure"),
        (28, "just after the closure"),
        (29, "one week later"),
        (33, "five weeks later"),
    ] {
        let exact = source.contacts(7.0 * week as f64, 7.0 * (week + 1) as f64);
        list.push(Quantity::new(format!("contacts in week {week}, {what}"), exact, move |reading| {
            Ok(reading.area(0, "arrivals")?.week(week))
        }));
    }
    let total = source.contacts(0.0, 280.0);
    list.push(Quantity::new("contacts in 40 weeks", total, |reading| {
        Ok(reading.area(0, "arrivals")?.horizon())
    }));
    list.push(Quantity::new("contacts where some are never seen", total * detected, |reading| {
        Ok(reading.area(1, "arrivals")?.horizon())
    }));
    for week in [10, 27, 29, 39] {
        let exact = source.hidden(7.0 * (week + 1) as f64);
        list.push(Quantity::new(
            format!("families hidden at the end of week {week}"),
            exact,
            move |reading| Ok(reading.area(0, "hidden_need_families")?.week(week)),
        ));
    }
    // Thinned and shifted Poisson processes are Poisson: variance over mean is 1 in every week.
    let means: Vec<f64> =
        (0..40).map(|week| source.contacts(7.0 * f64::from(week), 7.0 * f64::from(week + 1))).collect();
    list.push(
        Quantity::new("variance over mean of weekly contacts", 1.0, move |reading| {
            let weeks = reading.area(0, "arrivals")?.weeks();
            let sum: f64 = weeks.iter().zip(&means).map(|(count, mean)| (count - mean).powi(2) / mean).sum();
            Ok(sum / weeks.len() as f64)
        })
        .on_scale(1.2),
    );
    list
}
