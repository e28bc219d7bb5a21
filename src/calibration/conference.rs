//! How long the initial conference itself takes in the base, since an enquiry's row ends with it.
//!
//! Consumes the conference's stage and the hours of its desk; produces days from the enquiry's end to the conference's, for
//! enquiries that end at any moment of a week.

use super::durations;
use crate::scenario::{Draw, Duration, Holder, Scenario, StageId};

/// Days that a conference takes from the enquiry's end, at any moment of the week, when nobody waits for it.
pub(super) fn days(scenario: &Scenario, central: &Draw, conference: StageId) -> Vec<f64> {
    const STARTS: usize = 7 * 48;
    let stage = &scenario.stages[conference];
    let (scale, inner) = durations::unscaled(&stage.duration);
    let work = match durations::law_of(inner, central, scale) {
        Some((_, law)) => law.mean,
        None => match inner {
            Duration::Fixed(days) => central[*days] * scale,
            _ => return Vec::new(),
        },
    };
    let Holder::Desk(desk) = stage.holder else { return vec![work] };
    let unit = scenario.desk_units.iter().find(|unit| unit.desk == desk);
    let Some(people) = unit.and_then(|unit| unit.people.first()) else { return vec![work] };
    let hours = (people.from_hour / 24.0, people.to_hour / 24.0);
    let works = |day: i64| people.continuous || day.rem_euclid(7) < 5;
    let one = |start: usize| {
        let begun = (start as f64 + 0.5) / STARTS as f64 * 7.0;
        let (mut at, mut left) = (begun, work);
        // A desk that never opens would go on for ever; a year is as good.
        for _ in 0..365 {
            let day = at.floor();
            if works(day as i64) {
                let from = at.max(day + hours.0);
                let room = day + hours.1 - from;
                if room >= left {
                    return from + left - begun;
                }
                left -= room.max(0.0);
            }
            at = day + 1.0;
        }
        at - begun
    };
    (0..STARTS).map(one).collect()
}
