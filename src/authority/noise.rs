//! How an authority's months depart from the national shape, and how much schools make of it.
//!
//! Consumes the shared months and the yearly counts; produces the noise of months and years and the schools'
//! visibility in holidays. Each authority's own estimate is drawn towards all authorities' by how little it
//! can say (empirical Bayes: variance between authorities over that plus its own error); an authority whose
//! months are not shared takes its statistical neighbours', then everybody's. Years ending March 2020 and 2021,
//! when schools were closed, are left out.

use super::figures::year_label;
use super::months::{Month, Months, Series};
use super::tables::{Authority, ENGLAND, Tables};

/// Mean square over mean of the children in a family: what siblings referred together make of a variance. The
/// built-in pathway's families (mean 1.9, shape 2) have between 2 and 2.5.
const SIBLINGS: f64 = 2.4;
/// Share of referrals from schools and education in England (table C5, 2023/24).
const ENGLAND_SCHOOLS: f64 = 0.22;
/// What schools see in holidays, in the built-in pathway.
const ENGLAND_VISIBILITY: f64 = 0.24;
/// Of yearly changes, the part that is left to chance and not to change of practice (judgement, as in England's
/// pathway, where a standard deviation of 0.20 becomes 0.15).
const CHANCE: f64 = 0.75;

/// An estimated figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Value.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// "published" for own figures, "judgement" for those of others.
    pub basis: &'static str,
    /// What it was estimated from.
    pub source: String,
}

/// Noise and the schools' part.
#[derive(Clone, Debug, PartialEq)]
pub struct Noise {
    /// What schools see in holidays.
    pub visibility: Estimate,
    /// Coefficient of variation from year to year.
    pub year_cv: Estimate,
    /// Coefficient of variation from month to month.
    pub month_cv: Estimate,
    /// Correlation of a month with the next.
    pub month_correlation: Estimate,
}

/// What one authority's months say by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Own {
    /// Squared coefficient of variation beyond siblings and chance, and its variance.
    excess: (f64, f64),
    /// Covariance of a month with the next, over the squared mean.
    next: f64,
    /// How much more is referred in holidays than England's shape says, per share of days, and its variance.
    holidays: (f64, f64),
    /// Months used.
    months: usize,
}

/// Estimates noise for an authority.
///
/// `schools` is its share of referrals from schools.
pub fn estimate(tables: &Tables, months: &Months, authority: &Authority, schools: f64) -> Noise {
    let shape = shape(months);
    let all: Vec<(&Series, Own)> =
        months.authorities.iter().filter_map(|series| Some((series, own(months, series, &shape)?))).collect();
    let own_months = all.iter().find(|(series, _)| series.code == authority.code).map(|(_, own)| *own);
    let near: Vec<Own> = tables
        .neighbours(authority)
        .iter()
        .filter_map(|neighbour| {
            all.iter().find(|(series, _)| series.code == neighbour.code).map(|(_, own)| *own)
        })
        .collect();
    let everybody: Vec<Own> = all.iter().map(|(_, own)| *own).collect();
    let (who, basis) = match own_months {
        Some(own) => (
            format!("{} months of {}, drawn towards all authorities", own.months, authority.name),
            "published",
        ),
        None if near.len() >= 3 => (
            format!(
                "{} of its statistical neighbours; months of {} are not shared",
                near.len(),
                authority.name
            ),
            "judgement",
        ),
        None => (
            format!("all authorities whose months are shared; those of {} are not", authority.name),
            "judgement",
        ),
    };
    let of = |pick: &dyn Fn(&Own) -> (f64, f64)| {
        let others: Vec<(f64, f64)> = everybody.iter().map(pick).collect();
        match own_months {
            Some(own) => drawn(pick(&own), &others),
            None if near.len() >= 3 => group(&near.iter().map(pick).collect::<Vec<_>>(), &others),
            None => group(&others, &others),
        }
    };
    let table =
        "DfE Children in need, table C6 (referrals_by_month.csv), years ending March 2013 to 2019 and 2022";
    let (excess, excess_sd) = of(&|own| own.excess);
    let cv = |square: f64| square.max(0.0004).sqrt();
    let month_cv = Estimate {
        value: cv(excess),
        low: cv(excess - 2.0 * excess_sd),
        high: cv(excess + 2.0 * excess_sd),
        basis,
        source: format!(
            "departures from England's monthly shape less what families of siblings explain, {who}, {table}"
        ),
    };
    let pooled = everybody.iter().map(|own| own.next).sum::<f64>()
        / everybody.iter().map(|own| own.excess.0).sum::<f64>();
    let correlation = match own_months {
        Some(own) => {
            let mean = everybody.iter().map(|own| own.excess.0).sum::<f64>() / everybody.len() as f64;
            (own.next + pooled * mean) / (own.excess.0.max(0.0) + mean)
        }
        None => pooled,
    }
    .clamp(0.0, 0.9);
    let month_correlation = Estimate {
        value: correlation,
        low: (correlation - 0.3).max(0.0),
        high: (correlation + 0.3).min(0.95),
        basis,
        source: format!("the same departures, one month with the next, {who}; range judgement"),
    };
    Noise {
        visibility: visibility(of(&|own| own.holidays), schools, &who, table),
        year_cv: year_cv(tables, authority),
        month_cv,
        month_correlation,
    }
}

fn visibility((more, sd): (f64, f64), schools: f64, who: &str, table: &str) -> Estimate {
    let schools = schools.max(0.05);
    let seen =
        |more: f64| (1.0 - (ENGLAND_SCHOOLS * (1.0 - ENGLAND_VISIBILITY) - more) / schools).clamp(0.02, 1.0);
    Estimate {
        value: seen(more),
        low: seen(more - 2.0 * sd),
        high: seen(more + 2.0 * sd),
        basis: "judgement",
        source: format!(
            "fitted: {ENGLAND_VISIBILITY} in England (referrals from schools 76% below usual while closed, late May 2020); here holidays lower referrals by {:.0} percentage points more or less, {who}, {table}; {:.0}% of referrals are from schools",
            100.0 * more,
            100.0 * schools
        ),
    }
}

/// England's referrals a working day in each month over the year's mean, years without closures.
pub fn shape(months: &Months) -> [f64; 12] {
    let mut sums = [0.0; 12];
    let mut counts = [0.0; 12];
    for year in years(months) {
        let rates: Vec<(usize, f64)> = rates(months, &months.england, year);
        let mean = rates.iter().map(|(_, rate)| rate).sum::<f64>() / rates.len().max(1) as f64;
        for (index, rate) in rates {
            let month = months.calendar[index].of_year();
            sums[month] += rate / mean;
            counts[month] += 1.0;
        }
    }
    std::array::from_fn(|month| if counts[month] > 0.0 { sums[month] / counts[month] } else { 1.0 })
}

/// Years ending in March without closures of schools.
fn years(months: &Months) -> Vec<i16> {
    let mut years: Vec<i16> = months.calendar.iter().map(Month::year_ending).collect();
    years.dedup();
    years.retain(|year| ![2020, 2021].contains(year));
    years
}

/// Referrals a working day in each month of a year, by index.
fn rates(months: &Months, series: &Series, year: i16) -> Vec<(usize, f64)> {
    (0..months.calendar.len())
        .filter(|index| months.calendar[*index].year_ending() == year)
        .filter_map(|index| Some((index, series.referrals[index]? / months.calendar[index].working_days)))
        .collect()
}

fn own(months: &Months, series: &Series, shape: &[f64; 12]) -> Option<Own> {
    let mut departures: Vec<(usize, f64, f64)> = Vec::new();
    let mut freedom = 0.0;
    let (mut squares, mut chance, mut next) = (0.0, 0.0, 0.0);
    for year in years(months) {
        let rates = rates(months, series, year);
        if rates.len() < 12 {
            continue;
        }
        let plain: Vec<f64> =
            rates.iter().map(|(index, rate)| rate / shape[months.calendar[*index].of_year()]).collect();
        let mean = plain.iter().sum::<f64>() / 12.0;
        let days = rates.iter().map(|(index, _)| months.calendar[*index].working_days).sum::<f64>() / 12.0;
        // Months of fewer than ten say nothing beyond chance.
        if mean * days < 10.0 {
            continue;
        }
        let off: Vec<f64> = plain.iter().map(|rate| rate / mean - 1.0).collect();
        squares += off.iter().map(|off| off * off).sum::<f64>();
        chance += 11.0 * SIBLINGS / (mean * days);
        next += off.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>();
        freedom += 11.0;
        let closed = rates.iter().map(|(index, _)| months.calendar[*index].holidays).sum::<f64>() / 12.0;
        departures.extend(
            rates
                .iter()
                .zip(&off)
                .map(|((index, _), off)| (*index, months.calendar[*index].holidays - closed, *off)),
        );
    }
    if freedom < 11.0 {
        return None;
    }
    let total = squares / freedom;
    let spread: f64 = departures.iter().map(|(_, holidays, _)| holidays * holidays).sum();
    let slope = departures.iter().map(|(_, holidays, off)| holidays * off).sum::<f64>() / spread;
    Some(Own {
        excess: (total - chance / freedom, 2.0 * total * total / freedom),
        next: next / freedom,
        holidays: (slope, total / spread),
        months: departures.len(),
    })
}

/// Mean of all, and how much authorities truly differ: the spread of their estimates less their errors.
fn between(others: &[(f64, f64)]) -> (f64, f64) {
    let count = others.len().max(1) as f64;
    let mean = others.iter().map(|(value, _)| value).sum::<f64>() / count;
    let spread = others.iter().map(|(value, _)| (value - mean) * (value - mean)).sum::<f64>() / count;
    let error = others.iter().map(|(_, variance)| variance).sum::<f64>() / count;
    (mean, (spread - error).max(0.05 * spread))
}

/// An own estimate drawn towards all, and its standard deviation.
fn drawn((value, variance): (f64, f64), others: &[(f64, f64)]) -> (f64, f64) {
    let (mean, true_spread) = between(others);
    let weight = true_spread / (true_spread + variance).max(f64::MIN_POSITIVE);
    (mean + weight * (value - mean), (weight * variance).sqrt())
}

/// What a group says about one who is like them: their drawn mean, and how much authorities differ.
fn group(near: &[(f64, f64)], others: &[(f64, f64)]) -> (f64, f64) {
    let each: Vec<f64> = near.iter().map(|own| drawn(*own, others).0).collect();
    let (_, true_spread) = between(others);
    (each.iter().sum::<f64>() / each.len().max(1) as f64, true_spread.sqrt())
}

fn year_cv(tables: &Tables, authority: &Authority) -> Estimate {
    let change = |code: &str, year: i16| -> Option<f64> {
        let (now, before) =
            (tables.statistic(code, year, "referrals")?, tables.statistic(code, year - 1, "referrals")?);
        (now > 0.0 && before > 0.0).then(|| libm::log(now / before))
    };
    let changes = |code: &str| -> Vec<f64> {
        (2014..=2025).filter_map(|year| Some(change(code, year)? - change(ENGLAND, year)?)).collect()
    };
    let square = |changes: &[f64]| changes.iter().map(|change| change * change).sum::<f64>();
    let all: Vec<f64> = tables
        .authorities
        .iter()
        .filter(|other| {
            tables.statistic(&other.code, other.years.1, "referrals").is_some_and(|count| count > 200.0)
        })
        .flat_map(|other| changes(&other.code))
        .collect();
    // A change that is beyond belief (a new system, a return missed) is no luck of years; the middle counts.
    let pooled = {
        let mut sizes: Vec<f64> = all.iter().map(|change| change.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let median = sizes.get(sizes.len() / 2).copied().unwrap_or(0.13);
        (median / 0.6745) * (median / 0.6745)
    };
    let own: Vec<f64> = changes(&authority.code).iter().map(|change| change.clamp(-0.5, 0.5)).collect();
    let prior_years = 8.0;
    let variance = (square(&own) + prior_years * pooled) / (own.len() as f64 + prior_years);
    let value = (CHANCE * variance.sqrt()).clamp(0.03, 0.4);
    let error = 1.0 / (2.0 * (own.len() as f64 + prior_years)).sqrt();
    Estimate {
        value,
        low: value * (1.0 - 2.0 * error),
        high: value * (1.0 + 2.0 * error),
        basis: "judgement",
        source: format!(
            "yearly changes of referrals beside England's, {} of {} to {}, drawn towards all authorities' (DfE Children in need, table C1); three quarters are taken for luck, the rest for change of practice, which is judgement",
            own.len(),
            authority.name,
            year_label(authority.years.1)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_has_its_trough_in_august_and_mean_one() {
        let months = Months::read().expect("months");
        let shape = shape(&months);
        assert!((shape.iter().sum::<f64>() / 12.0 - 1.0).abs() < 1e-9);
        let lowest = (0..12).min_by(|a, b| shape[*a].total_cmp(&shape[*b]));
        assert_eq!(lowest, Some(7));
        assert!((0.75..0.90).contains(&shape[7]), "{shape:?}");
    }

    /// Months made with a known noise give that noise back.
    #[test]
    fn a_known_noise_is_recovered() {
        use crate::random::StreamKey;
        use rand_distr::{Distribution, Gamma, Poisson};
        let mut months = Months::read().expect("months");
        let shape = shape(&months);
        let (mean, cv) = (20.0, 0.15);
        let mut rng = StreamKey::master(7).named("noise").open();
        let noise = Gamma::new(1.0 / (cv * cv), cv * cv).expect("gamma");
        let mut estimates = Vec::new();
        for _ in 0..200 {
            let made = months.calendar.iter().map(|month| {
                let expected = mean * month.working_days * shape[month.of_year()] * noise.sample(&mut rng);
                // Batches with mean square over mean SIBLINGS: a Poisson number of families of like size.
                let families = Poisson::new(expected / SIBLINGS).expect("positive").sample(&mut rng);
                Some(families * SIBLINGS)
            });
            let series = Series { code: String::new(), name: String::new(), referrals: made.collect() };
            estimates.push(own(&months, &series, &shape).expect("enough").excess.0);
        }
        months.authorities.clear();
        let count = estimates.len() as f64;
        let found = estimates.iter().sum::<f64>() / count;
        let error =
            (estimates.iter().map(|one| (one - found) * (one - found)).sum::<f64>() / count / count).sqrt();
        assert!((found - cv * cv).abs() < 4.0 * error, "{found} ± {error}");
        // Without taking siblings away it would be far off.
        assert!(SIBLINGS / (mean * 21.0) > 4.0 * error);
    }

    #[test]
    fn a_poor_estimate_is_drawn_further_than_a_good_one() {
        let others = [(0.01, 0.0001), (0.02, 0.0001), (0.03, 0.0001), (0.05, 0.0001)];
        let (poor, _) = drawn((0.09, 0.01), &others);
        let (good, _) = drawn((0.09, 0.00001), &others);
        assert!(poor < good && good < 0.09 && poor > 0.0275);
    }
}
