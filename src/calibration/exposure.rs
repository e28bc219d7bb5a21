//! How many first contacts the base expects on each day of a window, for one family a year.
//!
//! Consumes the base's demand at its central values; produces, for each area and source, by day, what is seen at once in
//! term, what would be seen of holidays' need were all of it seen, and what of that need comes forward later were none
//! seen. Noise has mean 1 and is left out. **Invariant:** the same rules as the simulation's, on any dates: where the base
//! knows no school holidays, England's usual ones.

use jiff::civil::Date;

use crate::calendar::RunCalendar;
use crate::scenario::{AreaId, Draw, Scenario, SourceId};

/// Days before the window whose unseen need may still come forward within it.
const BEFORE: i64 = 200;
/// Days in a year, on average.
const YEAR: f64 = 365.25;

/// Expected first contacts by day for one family a year of need.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Days {
    /// Need on days with schools open.
    pub open: Vec<f64>,
    /// Need on days with schools closed: seen in part.
    pub closed: Vec<f64>,
    /// What of that need comes forward on a day, if none of it was seen at once.
    pub back: Vec<f64>,
}

impl Days {
    /// Expected on a day when this share of holidays' need is seen.
    pub fn at(&self, day: usize, visibility: f64) -> f64 {
        self.open[day] + visibility * self.closed[day] + (1.0 - visibility) * self.back[day]
    }

    /// Expected over all days.
    pub fn total(&self, visibility: f64) -> f64 {
        (0..self.open.len()).map(|day| self.at(day, visibility)).sum()
    }
}

/// The window's days and the base's rules on them.
pub struct Exposure<'s> {
    scenario: &'s Scenario,
    central: Draw,
    calendar: RunCalendar,
    /// Day of the calendar on which the window begins.
    first: usize,
    days: usize,
    /// For each area, by day of the calendar, whether schools are open, and the next day on which they are.
    schools: Vec<(Vec<bool>, Vec<i64>)>,
    /// Days from the scenario's run's first day to the calendar's.
    shift: i64,
}

impl<'s> Exposure<'s> {
    /// Prepares a window of so many days.
    pub fn new(scenario: &'s Scenario, from: Date, days: usize) -> Self {
        let begin = from.saturating_sub(jiff::Span::new().days(BEFORE));
        let all = days + BEFORE as usize;
        let calendar = RunCalendar::new(begin, all);
        let last = calendar.date(all as i64);
        let schools = scenario
            .areas
            .iter()
            .map(|area| {
                let schools = area.schools.clone().with_default_terms(begin, last);
                (schools.open_days(&calendar, all), schools.return_days(&calendar, all))
            })
            .collect();
        let shift = scenario.first_day().until(begin).map_or(0, |span| i64::from(span.get_days()));
        let central = scenario.central_draw();
        Self { scenario, central, calendar, first: BEFORE as usize, days, schools, shift }
    }

    /// Whether an area's schools are open on a day of the window.
    pub fn is_open(&self, area: AreaId, day: usize) -> bool {
        self.schools[area].0[self.first + day]
    }

    /// The days of one area and source.
    pub fn of(&self, area: AreaId, source: SourceId) -> Days {
        let described = &self.scenario.sources[source];
        let resurfacing = self.central[described.resurfacing];
        let mean = self.central[described.resurfacing_days];
        let has_profile = described.profile.is_some();
        let (open, returns) = &self.schools[area];
        let mut days =
            Days { open: vec![0.0; self.days], closed: vec![0.0; self.days], back: vec![0.0; self.days] };
        for day in 0..self.first + self.days {
            let need = self.weight(source, day) * self.level(area, source, day) / YEAR;
            let place = day.checked_sub(self.first);
            if open[day] || has_profile {
                place.into_iter().for_each(|place| days.open[place] = need);
                continue;
            }
            place.into_iter().for_each(|place| days.closed[place] = need);
            for later in returns[day].max(self.first as i64)..(self.first + self.days) as i64 {
                let age = (later - returns[day]) as f64;
                let share = if mean > 0.0 {
                    libm::exp(-age / mean) * -libm::expm1(-1.0 / mean)
                } else {
                    f64::from(u8::from(age == 0.0))
                };
                days.back[later as usize - self.first] += need * resurfacing * share;
            }
        }
        days
    }

    fn weight(&self, source: SourceId, day: usize) -> f64 {
        let described = &self.scenario.sources[source];
        let day = day as i64;
        let weekday = self.calendar.weekday_index(day);
        match &described.profile {
            Some(profile) => {
                let since = day + self.shift - described.profile_start_day;
                profile[since.div_euclid(7).rem_euclid(profile.len() as i64) as usize]
                    * described.weekday[weekday]
            }
            None if self.calendar.is_bank_holiday(day) => described.weekday[6],
            None => described.weekday[weekday],
        }
    }

    /// Growth, trend and shocks, and what is never detected.
    fn level(&self, area: AreaId, source: SourceId, day: usize) -> f64 {
        let (demand, place) = (&self.scenario.demand, &self.scenario.areas[area]);
        let noon = day as f64 + 0.5 + self.shift as f64;
        let elapsed = noon - f64::from(self.scenario.warm_up_weeks) * 7.0;
        let growth = libm::log1p(self.central[demand.trend_per_year])
            + libm::log1p(self.central[place.population_growth]);
        let shocks: f64 = demand
            .shocks
            .iter()
            .filter(|shock| shock.sources[source] && shock.areas[area])
            .map(|shock| 1.0 + (self.central[shock.multiplier] - 1.0) * shock.strength(noon))
            .product();
        let seen = 1.0 - self.central[place.hidden_share] * (1.0 - self.central[place.detection]);
        libm::exp(growth * elapsed / YEAR) * shocks * seen
    }

    /// The date of a day of the window.
    pub fn date(&self, day: usize) -> Date {
        self.calendar.date((self.first + day) as i64)
    }
}

/// Need that arises in an area from a source, families a year, at the base's central values.
pub fn need(scenario: &Scenario, central: &Draw, area: AreaId, source: SourceId) -> f64 {
    let place = &scenario.areas[area];
    match place.families_per_year[source] {
        Some(families) => central[families],
        None => {
            central[place.population] / 10_000.0
                * central[place.need]
                * central[scenario.sources[source].rate_per_10k]
        }
    }
}
