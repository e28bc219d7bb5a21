//! How long families stay and whether they come back: reviews, open cases, returns.

use super::super::exact::law::Law;
use super::super::exact::renewal::Returning;
use super::super::exact::review::Gated;
use super::super::{Case, Quantity, Reading, VerifyError};

/// Exits at reviews.
pub(super) const REVIEWS: Case = Case {
    id: "reviews",
    title: "plans that end at reviews: stays in closed form, with and without a hazard",
    scenario: include_str!("../../../scenarios/verification/17-reviews.toml"),
    replications: 60,
    quantities: reviews,
};

/// Open cases at the start.
pub(super) const OPEN_CASES: Case = Case {
    id: "open_cases",
    title: "open cases at the start: equilibrium remainders of renewal theory",
    scenario: include_str!("../../../scenarios/verification/18-open-cases.toml"),
    replications: 300,
    quantities: open_cases,
};

/// Returns after closure.
pub(super) const RETURNS: Case = Case {
    id: "returns",
    title: "return after closure: renewal equation; re-referrals within a year",
    scenario: include_str!("../../../scenarios/verification/21-returns.toml"),
    replications: 150,
    quantities: returns,
};

/// Crises a day in the reviewed stage that has them.
const CRISES: f64 = 0.07 / 7.0;

/// The reviewed stages.
fn gated(law: Law) -> Gated {
    Gated { law, first: 14.0, then: 21.0, early: 0.2 }
}

fn reviews(factor: f64) -> Vec<Quantity> {
    let daily = 20.0 * factor;
    let plain = gated(Law::Lognormal { mean: 24.0, cv: 0.7 });
    let risky = gated(Law::Exponential(20.0));
    let mut list = Vec::new();
    for (stage, stay) in [("plain", plain.mean_until_struck(0.0)), ("risky", risky.mean_until_struck(CRISES))]
    {
        let measure = format!("stay_mean_days_{stage}");
        list.push(Quantity::new(format!("{stage}: mean stay, days"), stay, move |reading| {
            Ok(reading.area(0, &measure)?.horizon())
        }));
        let measure = format!("open_families_{stage}");
        list.push(Quantity::new(format!("{stage}: mean number open"), daily * stay, move |reading| {
            Ok(reading.area(0, &measure)?.horizon())
        }));
    }
    for day in [13, 14, 34, 35] {
        let by = 1.0 - plain.survival(f64::from(day));
        list.push(Quantity::new(format!("plain: share who have left by day {day}"), by, move |reading| {
            Ok(reading.area(0, &format!("on_time_share_by_{day}"))?.horizon())
        }));
    }
    // Each day of a stay is a chance to be struck.
    let struck = CRISES * risky.mean_until_struck(CRISES);
    list.push(Quantity::new("risky: share taken by a crisis", struck, |reading| {
        let area = |measure: &str| Ok::<f64, VerifyError>(reading.area(0, measure)?.horizon());
        Ok(area("ends_struck")? / area("entries_risky")?)
    }));
    list
}

/// Families of each stage and area open at the start.
const OPEN: f64 = 200.0;
/// Days by which so many are counted.
const WEEK_ENDS: [usize; 4] = [1, 3, 5, 8];

/// Share still open after `t` days, by stage.
fn still_open(stage: &str, t: f64) -> f64 {
    match stage {
        "lognormal" => {
            let law = Law::Lognormal { mean: 40.0, cv: 0.8 };
            1.0 - law.limited_mean(t) / law.mean()
        }
        // Uniform durations up to 60 days: the remainder's survival function is a parabola.
        "bands" => (1.0 - t / 60.0).max(0.0).powi(2),
        // Sixty-three days unless struck: ages are exponential, cut at the end.
        "struck" => {
            let fade = |days: f64| (-0.2 / 7.0 * days).exp();
            ((fade(t) - fade(63.0)) / (1.0 - fade(63.0))).max(0.0)
        }
        _ => {
            let gated = gated(Law::Exponential(20.0));
            1.0 - gated.integral(t, 0.0) / gated.mean_until_struck(0.0)
        }
    }
}

/// Families of each area still open after some weeks.
fn open_after(reading: &Reading<'_>, stage: &str, weeks: usize) -> Result<Vec<f64>, VerifyError> {
    let left = |area: usize| -> Result<f64, VerifyError> {
        let gone: f64 = reading.area(area, &format!("ends_left_{stage}"))?.weeks()[..weeks].iter().sum();
        Ok(OPEN - gone)
    };
    (0..reading.areas()).map(left).collect()
}

fn open_cases(factor: f64) -> Vec<Quantity> {
    let mut list = Vec::new();
    for stage in ["lognormal", "bands", "struck", "gated"] {
        for weeks in WEEK_ENDS {
            let exact = OPEN * factor * still_open(stage, 7.0 * weeks as f64);
            list.push(
                Quantity::new(format!("{stage}: still open after {weeks} weeks"), exact, move |reading| {
                    let open = open_after(reading, stage, weeks)?;
                    Ok(open.iter().sum::<f64>() / open.len() as f64)
                })
                .on_scale(OPEN),
            );
        }
        // Each family is open or not whatever the others are: binomial variance. The error is held
        // against the variance of a squared standard normal deviate.
        list.push(
            Quantity::new(format!("{stage}: variance over binomial variance"), 1.0, move |reading| {
                let (mut sum, mut count) = (0.0, 0.0);
                for weeks in WEEK_ENDS {
                    let share = still_open(stage, 7.0 * weeks as f64);
                    for open in open_after(reading, stage, weeks)? {
                        sum += (open - OPEN * share).powi(2) / (OPEN * share * (1.0 - share));
                        count += 1.0;
                    }
                }
                Ok(sum / count)
            })
            .on_scale(2.0),
        );
    }
    list
}

fn returns(factor: f64) -> Vec<Quantity> {
    const WEEKS: usize = 120;
    let daily = 10.0 * factor;
    let quick = Returning { daily, stay: 10.0, share: 0.3, within: 100.0, mean: 40.0 };
    let slow = Returning { daily, stay: 10.0, share: 0.4, within: 500.0, mean: 300.0 };
    let mut list = Vec::new();
    for (area, name, returning, chosen) in
        [(0, "quick", quick, [3, 8, 15, 60]), (1, "slow", slow, [8, 20, 60, 119])]
    {
        let (contacts, again) = returning.weeks(WEEKS, 365.0);
        for week in chosen {
            let name = format!("{name}: contacts in week {week}");
            list.push(Quantity::new(name, contacts[week], move |reading| {
                Ok(reading.area(area, "arrivals")?.week(week))
            }));
        }
        let name = format!("{name}: re-referrals within a year, in all weeks");
        list.push(Quantity::new(name, again.iter().sum(), move |reading| {
            Ok(reading.area(area, "re_referrals")?.horizon())
        }));
    }
    list
}
