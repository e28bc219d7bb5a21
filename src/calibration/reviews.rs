//! Plans that end at reviews: the time until a plan could end, from the dates on which plans did.
//!
//! The base has a natural duration and reviews; a plan that is ready waits for its next review, but for the share that
//! leaves early. So what ends on a review's day was ready at some time since the one before (its probability
//! is a difference of two distribution functions), what ends between two was ready on that day, and what is open was
//! not ready by the last review, or, of the early ones, by now. **Only** where most ends fall on reviews as the base dates
//! them can this be told; otherwise the duration stays as it is, and the picture shows the stays all the same.

use super::durations::{Estimated, Stage, curve, law_figures, law_of, unscaled};
use super::figure::{Figure, Kind, NORMAL_95};
use super::law::{Law, alike, log_likelihood};
use super::maximise::maximise;
use crate::scenario::Review;

/// Days by which an end may miss a review's day: dates are whole days, and work may begin within one.
const NEAR: f64 = 1.0;
/// Of ends, the share that must fall on reviews.
const ON_SCHEDULE: f64 = 0.5;

/// When reviews are, days since the plan began.
#[derive(Clone, Copy, Debug)]
struct Schedule {
    first: f64,
    then: f64,
}

impl Schedule {
    /// The review nearest to an age, by its number from 1; 0 before the first could be meant.
    fn nearest(&self, age: f64) -> f64 {
        (1.0 + ((age - self.first) / self.then).round()).max(0.0)
    }

    /// The age at a review; number 0 is the beginning.
    fn age(&self, number: f64) -> f64 {
        if number < 1.0 { 0.0 } else { self.first + (number - 1.0) * self.then }
    }

    /// The last review by an age.
    fn last_by(&self, age: f64) -> f64 {
        if age < self.first { 0.0 } else { 1.0 + ((age - self.first) / self.then).floor() }
    }

    /// The probability that the dates differ by so many days, under a law and a share of early exits.
    fn of_days(&self, law: &Law, early: f64, days: f64) -> f64 {
        let number = self.nearest(days);
        let on = number >= 1.0 && (days - self.age(number)).abs() <= NEAR;
        let at_once = early * law.of_days(days);
        if !on {
            return at_once;
        }
        let ready = law.ended(self.age(number)) - law.ended(self.age(number - 1.0));
        // Spread over the days that count as the review's.
        at_once + (1.0 - early) * ready / (2.0 * NEAR + 1.0)
    }

    /// The probability of being open at an age.
    fn open(&self, law: &Law, early: f64, age: f64) -> f64 {
        let review = self.age(self.last_by(age));
        early * law.open(age) + (1.0 - early) * law.open(review)
    }
}

/// Estimates the base's duration, and the share of early exits, of a stage with reviews.
pub(super) fn estimate(stage: &Stage, review: &Review) -> Result<Estimated, String> {
    let central = stage.central;
    let schedule = Schedule { first: central[review.first_days], then: central[review.then_days] };
    let ended: Vec<f64> = stage.spells.iter().filter(|spell| spell.ended).map(|spell| spell.to).collect();
    let on = |age: &&f64| {
        let number = schedule.nearest(**age);
        number >= 1.0 && (**age - schedule.age(number)).abs() <= NEAR
    };
    let share = ended.iter().filter(on).count() as f64 / ended.len() as f64;
    if share < ON_SCHEDULE {
        return Err(format!(
            "only {:.0}% of plans ended on the days of the base's reviews, so that the time until a plan could end \
             cannot be told from the wait for its review",
            100.0 * share
        ));
    }
    let (scale, inner) = unscaled(stage.duration);
    let (family, base) = law_of(inner, central, scale).ok_or("the base's duration has another form")?;
    let counted = alike(stage.spells);
    let early_base = central[review.early_exit_share].clamp(0.01, 0.99);
    let figures = family.figures();
    let parts = |at: &[f64]| {
        let second = if figures > 1 { libm::exp(at[1]) } else { 1.0 };
        (Law::new(family, libm::exp(at[0]), second), 1.0 / (1.0 + libm::exp(-at[figures])))
    };
    let likelihood = |at: &[f64]| {
        if at.iter().any(|x| x.abs() > 12.0) {
            return f64::NEG_INFINITY;
        }
        let (law, early) = parts(at);
        log_likelihood(
            &counted,
            |days| schedule.of_days(&law, early, days),
            |age| schedule.open(&law, early, age),
        )
    };
    let mut start = vec![libm::log(base.mean)];
    if figures > 1 {
        start.push(libm::log(base.second));
    }
    start.push(libm::log(early_base / (1.0 - early_base)));
    let found =
        maximise(likelihood, &start).ok_or("the stays do not determine the time until a plan could end")?;
    let (law, early) = parts(&found.at);
    let method = "maximum likelihood with the reviews' dates";
    let mut estimated = law_figures(stage, family, scale, (&base, &law), &found, method);
    let reach = NORMAL_95 * found.error_of(|at| at[figures]) * stage.inflation.sqrt();
    let at = |sign: f64| 1.0 / (1.0 + (1.0 - early) / early * libm::exp(-sign * reach));
    estimated.push(Figure {
        path: format!("{}.review.early_exit_share", stage.path.trim_end_matches(".duration")),
        kind: Kind::Share,
        base: central[review.early_exit_share],
        value: early,
        low: at(-1.0),
        high: at(1.0),
        rows: stage.spells.len(),
        method,
        source: stage.source.to_owned(),
        derived: false,
    });
    let open = |law: Law, early: f64| move |age: f64| schedule.open(&law, early, age);
    let curve = curve(stage.spells, open(law, early), open(base, early_base));
    Ok(Estimated { figures: estimated, curve })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::law::Family;

    #[test]
    fn what_ends_day_by_day_is_what_is_no_longer_open() {
        let schedule = Schedule { first: 91.0, then: 182.0 };
        let law = Law::new(Family::Gamma, 217.0, 1.5);
        // Up to half way between reviews, so that no review's three days are cut.
        let ended: f64 = (0..=500).map(|day| schedule.of_days(&law, 0.13, f64::from(day))).sum();
        let open = schedule.open(&law, 0.13, 500.5);
        assert!((ended + open - 1.0).abs() < 1e-3, "{ended} {open}");
    }
}
