//! Expected families making contact, by area and source.
//!
//! Consumes a scenario, a draw and the calendar; produces the mean number of families a week over
//! the horizon, and how many come back from holidays late or stay hidden. Written from the
//! definition of demand, as a sum over days:
//!
//! * need on day d = population × rate × need (or families a year) / 365.25 × trend(d) × growth(d) ×
//!   weekday(d) × shocks(d), times the area's own share that can be detected. Noise has mean 1;
//! * a source with a weekly profile sees need × profile(d);
//! * any other sees need in term, need × visibility while schools are closed; of the rest a share
//!   `resurfacing` comes forward an exponential time after the first day of term, and counts if that
//!   time is inside the horizon.
//!
//! Need that arises before the run's first day does not resurface: the simulation starts there too.
//! Trends and ramps are taken at noon. Invariant: seen + resurfaced + hidden need, over all days,
//! equals need.

use ndarray::Array2;

use crate::calendar::RunCalendar;
use crate::scenario::{Area, Draw, Scenario, Shock, Source};

/// Days in a year, on average.
const YEAR: f64 = 365.25;

/// Expected demand over the horizon. Every table is area × source, families a week.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// All that arises, seen or not.
    pub need: Array2<f64>,
    /// Families making contact: those seen at once and those who resurface.
    pub arrivals: Array2<f64>,
    /// The part of `arrivals` that comes forward after return to school.
    pub resurfaced: Array2<f64>,
}

/// Expected demand of a scenario under a draw.
pub fn expected_demand(scenario: &Scenario, draw: &Draw, calendar: &RunCalendar) -> Demand {
    let shape = (scenario.areas.len(), scenario.sources.len());
    let mut demand = Demand {
        need: Array2::zeros(shape),
        arrivals: Array2::zeros(shape),
        resurfaced: Array2::zeros(shape),
    };
    let weeks = f64::from(scenario.horizon_weeks.max(1));
    let days = scenario.total_weeks() as usize * 7;
    for (a, area) in scenario.areas.iter().enumerate() {
        let terms = Terms {
            open: area.schools.open_days(calendar, days),
            returns: area.schools.return_days(calendar, days),
        };
        for (s, source) in scenario.sources.iter().enumerate() {
            let cell = Cell { scenario, draw, calendar, area, source, place: (a, s) };
            let sums = cell.over_horizon(&terms);
            demand.need[[a, s]] = sums.need / weeks;
            demand.resurfaced[[a, s]] = sums.resurfaced / weeks;
            demand.arrivals[[a, s]] = (sums.seen + sums.resurfaced) / weeks;
        }
    }
    demand
}

/// When one area's schools are open, and when they next are.
struct Terms {
    open: Vec<bool>,
    returns: Vec<i64>,
}

/// Families over the horizon.
#[derive(Default)]
struct Sums {
    need: f64,
    seen: f64,
    resurfaced: f64,
}

/// One source in one area.
struct Cell<'a> {
    scenario: &'a Scenario,
    draw: &'a Draw,
    calendar: &'a RunCalendar,
    area: &'a Area,
    source: &'a Source,
    place: (usize, usize),
}

impl Cell<'_> {
    fn over_horizon(&self, terms: &Terms) -> Sums {
        let (draw, source) = (self.draw, self.source);
        let start = i64::from(self.scenario.warm_up_weeks) * 7;
        let end = i64::from(self.scenario.total_weeks()) * 7;
        let detected = 1.0 - draw[self.area.hidden_share] * (1.0 - draw[self.area.detection]);
        let mut sums = Sums::default();
        for day in 0..end {
            let need = self.need_on(day);
            let visible = if source.profile.is_some() || terms.open[day as usize] {
                1.0
            } else {
                draw[source.visibility]
            };
            if day >= start {
                sums.need += need;
                sums.seen += need * detected * visible;
            }
            if visible < 1.0 {
                let later = need * detected * (1.0 - visible) * draw[source.resurfacing];
                // Exponential time after the first day of term, of which the part in the horizon counts.
                let term = terms.returns[day as usize];
                let by = |day: i64| exponential_by((day - term) as f64, draw[source.resurfacing_days]);
                sums.resurfaced += later * (by(end) - by(start));
            }
        }
        sums
    }

    /// Families whose need arises on a day, seen or not.
    fn need_on(&self, day: i64) -> f64 {
        let (draw, demand) = (self.draw, &self.scenario.demand);
        let years = (day as f64 + 0.5 - f64::from(self.scenario.warm_up_weeks) * 7.0) / YEAR;
        let drift =
            libm::pow((1.0 + draw[demand.trend_per_year]) * (1.0 + draw[self.area.population_growth]), years);
        let weekday = if self.calendar.is_bank_holiday(day) { 6 } else { self.calendar.weekday_index(day) };
        let shocks: f64 = demand
            .shocks
            .iter()
            .filter(|shock| shock.areas[self.place.0] && shock.sources[self.place.1])
            .map(|shock| shock_on(shock, draw[shock.multiplier], day))
            .product();
        self.per_year() / YEAR * drift * self.source.weekday[weekday] * self.profile_on(day) * shocks
    }

    /// Families a year at the start of the horizon.
    fn per_year(&self) -> f64 {
        match self.area.families_per_year[self.place.1] {
            Some(families) => self.draw[families],
            None => {
                let rate = self.draw[self.source.rate_per_10k] / 10_000.0;
                self.draw[self.area.population] * rate * self.draw[self.area.need]
            }
        }
    }

    /// The weight of a day's week in the source's own profile; 1 without one.
    fn profile_on(&self, day: i64) -> f64 {
        match &self.source.profile {
            Some(weights) if !weights.is_empty() => {
                let week = (day - self.source.profile_start_day).div_euclid(7);
                weights[week.rem_euclid(weights.len() as i64) as usize]
            }
            _ => 1.0,
        }
    }
}

/// A shock's multiplier on a day: linear from 1 over the ramp in, and back over the ramp out.
fn shock_on(shock: &Shock, multiplier: f64, day: i64) -> f64 {
    let noon = day as f64 + 0.5;
    let risen = |since: f64, ramp: f64| {
        if ramp > 0.0 { (since / ramp).clamp(0.0, 1.0) } else { f64::from(u8::from(since >= 0.0)) }
    };
    let level = |t: f64| risen(t - shock.from_day as f64, shock.ramp_in_days);
    let strength = if shock.to_day == i64::MAX || noon < shock.to_day as f64 {
        level(noon)
    } else {
        let end = shock.to_day as f64;
        level(end) * (1.0 - risen(noon - end, shock.ramp_out_days))
    };
    1.0 + (multiplier - 1.0) * strength
}

/// P(exponential of this mean <= t).
fn exponential_by(t: f64, mean: f64) -> f64 {
    if t <= 0.0 {
        0.0
    } else if mean > 0.0 {
        -libm::expm1(-t / mean)
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;
    use crate::calendar::{SchoolBreak, SchoolCalendar};

    fn demand(scenario: &Scenario) -> Demand {
        let days = scenario.total_weeks() as usize * 7;
        expected_demand(scenario, &scenario.central_draw(), &RunCalendar::new(scenario.first_day(), days))
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9 * b.abs().max(1e-3)
    }

    #[test]
    fn plain_demand_is_population_times_rate_times_need() {
        let mut scenario = example::scenario();
        let expected = 12_000.0 / 10_000.0 * 300.0 * 1.5 * 7.0 / 365.25;
        scenario.areas[0].population = example::add(&mut scenario.parameters, 12_000.0);
        scenario.areas[0].need = example::add(&mut scenario.parameters, 1.5);
        scenario.sources[0].rate_per_10k = example::add(&mut scenario.parameters, 300.0);
        assert!(close(demand(&scenario).arrivals[[0, 0]], expected));
        // Families a year stand in place of the three.
        scenario.areas[0].families_per_year[0] = Some(example::add(&mut scenario.parameters, 365.25));
        assert!(close(demand(&scenario).arrivals[[0, 0]], 7.0));
    }

    #[test]
    fn bank_holidays_take_sundays_weight() {
        // Four weeks from Monday 7 April 2025 hold two bank holidays (and two Sundays' weights more).
        let mut scenario = example::scenario();
        scenario.start = jiff::civil::date(2025, 4, 7);
        (scenario.warm_up_weeks, scenario.horizon_weeks) = (0, 4);
        scenario.areas[0].families_per_year[0] = Some(example::add(&mut scenario.parameters, 365.25));
        scenario.sources[0].weekday = [1.4, 1.4, 1.4, 1.4, 1.4, 0.0, 0.0];
        assert!(close(demand(&scenario).arrivals[[0, 0]], 18.0 * 1.4 / 4.0));
    }

    #[test]
    fn what_is_not_seen_in_a_holiday_partly_comes_forward() {
        let mut scenario = example::scenario();
        scenario.start = jiff::civil::date(2025, 6, 2);
        (scenario.warm_up_weeks, scenario.horizon_weeks) = (0, 10);
        scenario.areas[0].families_per_year[0] = Some(example::add(&mut scenario.parameters, 365.25));
        scenario.areas[0].schools = SchoolCalendar {
            name: "test".into(),
            breaks: vec![SchoolBreak {
                name: "closure".into(),
                from: jiff::civil::date(2025, 6, 9),
                to: jiff::civil::date(2025, 6, 22),
                closure: true,
            }],
        };
        scenario.sources[0].visibility = example::add(&mut scenario.parameters, 0.25);
        scenario.sources[0].resurfacing = example::add(&mut scenario.parameters, 0.4);
        scenario.sources[0].resurfacing_days = example::add(&mut scenario.parameters, 21.0);
        let demand = demand(&scenario);
        // 14 closed days, one family a day; schools return on day 21 of 70.
        let unseen = 14.0 * 0.75;
        let back = unseen * 0.4 * (1.0 - libm::exp(-49.0_f64 / 21.0));
        assert!(close(demand.resurfaced[[0, 0]] * 10.0, back));
        assert!(close(demand.arrivals[[0, 0]] * 10.0, 70.0 - unseen + back));
        assert!(close(demand.need[[0, 0]] * 10.0, 70.0));
    }

    #[test]
    fn shocks_ramp_in_and_out() {
        let shock = Shock {
            name: "test".into(),
            multiplier: crate::scenario::Quantity(0),
            from_day: 10,
            to_day: 30,
            ramp_in_days: 10.0,
            ramp_out_days: 5.0,
            sources: vec![true],
            areas: vec![true],
        };
        let on = |day| shock_on(&shock, 0.6, day);
        assert_eq!((on(9), on(20), on(29), on(35)), (1.0, 0.6, 0.6, 1.0));
        assert!(close(on(14), 1.0 - 0.4 * 0.45));
        assert!(close(on(30), 1.0 - 0.4 * 0.9));
    }

    #[test]
    fn hidden_communities_profiles_and_growth_scale_demand() {
        let mut scenario = example::scenario();
        scenario.areas[0].families_per_year[0] = Some(example::add(&mut scenario.parameters, 365.25));
        scenario.areas[0].hidden_share = example::add(&mut scenario.parameters, 0.3);
        scenario.areas[0].detection = example::add(&mut scenario.parameters, 0.5);
        assert!(close(demand(&scenario).arrivals[[0, 0]], 7.0 * 0.85));
        assert!(close(demand(&scenario).need[[0, 0]], 7.0));
        // Two-week profile, over an even number of weeks, begun one week before the run.
        scenario.sources[0].profile = Some(vec![0.5, 1.5]);
        scenario.horizon_weeks = 1;
        scenario.warm_up_weeks = 0;
        scenario.sources[0].profile_start_day = -7;
        assert!(close(demand(&scenario).arrivals[[0, 0]], 7.0 * 0.85 * 1.5));
        // Trend: the mean of a geometric sequence of days.
        scenario.demand.trend_per_year = example::add(&mut scenario.parameters, 0.1);
        let drift: f64 = (0..7).map(|d| libm::pow(1.1_f64, (f64::from(d) + 0.5) / 365.25)).sum();
        assert!(close(demand(&scenario).arrivals[[0, 0]], drift * 0.85 * 1.5));
    }
}
