//! How much need there is: rates by source, relative need of areas, school visibility, monthly noise.
//!
//! Consumes contacts; produces figures. Each rate is the base's times contacts seen over contacts that the base would
//! expect in the same days, so that weekdays, holidays, growth and shocks are allowed for. **Children and families:** lists have
//! a row for each child; contacts are divided by the children of a family, the base's or, where a file has families,
//! theirs. **Returns:** a contact within a year of the child's closure is a return, not new need; those whose closure
//! lies before the lists' window are made up for by weighting a return seen after *u* days by T/(T − u), T being the
//! window's days. A contact about a child with an open case is neither.
//!
//! **Uncertainty** of a rate, on the log scale: siblings (E\[c²\]/E\[c\] over the contacts), months (their noise over their
//! number), areas' months. How much years differ is not in it: a year's extracts show that year's level, and the base's
//! year noise comes on top of it when the scenario is run.

use std::collections::BTreeMap;

use super::contacts::Contacts;
use super::exposure::{Days, Exposure, need};
use super::figure::{Figure, Kept, Kind, NORMAL_95, log_interval};
use super::pooling::{Count, Pooled, pool};
use super::stays::{Case, Cases};
use crate::extracts::records::List;
use crate::scenario::{AreaId, Draw, Scenario, SourceId};

/// Least days with schools closed, and open, for visibility.
const LEAST_CLOSED: usize = 28;
const LEAST_OPEN: usize = 56;
/// Months from which noise is estimated.
const LEAST_MONTHS: usize = 12;

/// What arrivals say.
#[derive(Clone, Debug, Default)]
pub struct Arrivals {
    /// Figures.
    pub figures: Vec<Figure>,
    /// What stays as it is.
    pub kept: Vec<Kept>,
    /// By day of the window, contacts expected under the figures, returns included.
    pub expected: Vec<f64>,
    /// Relative need of areas: own, and drawn towards the whole.
    pub areas: Vec<(AreaId, Count, Pooled)>,
    /// The list from which areas were told apart.
    pub areas_by: Option<List>,
}

/// What the estimation needs besides contacts.
pub struct Context<'c> {
    /// The base.
    pub scenario: &'c Scenario,
    /// Its central values.
    pub central: &'c Draw,
    /// All cases.
    pub cases: &'c Cases,
    /// Mean children of a family, and the variance of its logarithm.
    pub children: (f64, f64),
    /// Variance of children's counts over that of independent events.
    pub inflation: f64,
    /// Where figures come from.
    pub source: &'c str,
}

/// Estimates all that contacts tell.
pub fn estimate(context: &Context, contacts: &Contacts) -> Arrivals {
    let scenario = context.scenario;
    let first = context.cases.date(contacts.first);
    let exposure = Exposure::new(scenario, first, contacts.days);
    let days: Vec<Vec<Days>> = (0..scenario.areas.len())
        .map(|area| (0..scenario.sources.len()).map(|source| exposure.of(area, source)).collect())
        .collect();
    let mut work = Work {
        context,
        contacts,
        exposure,
        days,
        visibility: Vec::new(),
        noise: 0.0,
        degrees: None,
        found: Arrivals::default(),
    };
    work.visibility = scenario.sources.iter().map(|source| context.central[source.visibility]).collect();
    work.monthly_noise();
    work.school_visibility();
    work.rates();
    work.relative_need();
    work.found
}

struct Work<'c> {
    context: &'c Context<'c>,
    contacts: &'c Contacts,
    exposure: Exposure<'c>,
    /// By area and source.
    days: Vec<Vec<Days>>,
    /// By source.
    visibility: Vec<f64>,
    /// Variance of a month's level of the whole council.
    noise: f64,
    /// Degrees of freedom behind that variance, where it was estimated.
    degrees: Option<f64>,
    found: Arrivals,
}

impl Work<'_> {
    /// Children expected from a source on a day, at the base's rates.
    fn expected_on(&self, source: SourceId, day: usize) -> f64 {
        let scenario = self.context.scenario;
        let one = |area: AreaId| {
            need(scenario, self.context.central, area, source)
                * self.days[area][source].at(day, self.visibility[source])
        };
        (0..scenario.areas.len()).map(one).sum::<f64>() * self.context.children.0
    }

    fn expected(&self, source: SourceId) -> f64 {
        (0..self.contacts.days).map(|day| self.expected_on(source, day)).sum()
    }

    fn months(&self) -> usize {
        (self.contacts.days as f64 / 30.4375).round().max(1.0) as usize
    }

    /// Noise of months: what departs from the expected beyond what siblings and chance explain.
    fn monthly_noise(&mut self) {
        let (scenario, central) = (self.context.scenario, self.context.central);
        let demand = &scenario.demand;
        let of_areas = central[demand.area_month_noise.cv].powi(2) / scenario.areas.len() as f64;
        let base = central[demand.month_noise.cv];
        self.noise = base * base + of_areas;
        let path = scenario.parameters[demand.month_noise.cv.0 as usize].path.clone();
        let mut months: BTreeMap<(i16, i8), (f64, f64, usize)> = BTreeMap::new();
        let mut seen = vec![0.0; self.contacts.days];
        self.contacts
            .list
            .iter()
            .filter(|contact| contact.source.is_some())
            .for_each(|contact| seen[contact.day] += 1.0);
        let scale = self.scale();
        for (day, seen) in seen.iter().enumerate() {
            let date = self.exposure.date(day);
            let month = months.entry((date.year(), date.month())).or_default();
            let expected: f64 =
                (0..scenario.sources.len()).map(|source| scale[source] * self.expected_on(source, day)).sum();
            (month.0, month.1, month.2) = (month.0 + seen, month.1 + expected, month.2 + 1);
        }
        let whole: Vec<(f64, f64)> = months
            .values()
            .filter(|month| month.2 >= 28 && month.1 > 0.0)
            .map(|month| (month.0, month.1))
            .collect();
        if whole.len() < LEAST_MONTHS - 1 || months.len() < LEAST_MONTHS {
            let why = format!("{} whole months of contacts are fewer than {LEAST_MONTHS}", whole.len());
            self.found.kept.push(Kept { path, why });
            return;
        }
        let degrees = whole.len() as f64 - 1.0;
        let ratio =
            whole.iter().map(|(seen, _)| seen).sum::<f64>() / whole.iter().map(|(_, all)| all).sum::<f64>();
        let departures =
            whole.iter().map(|(seen, all)| (seen / (ratio * all) - 1.0).powi(2)).sum::<f64>() / degrees;
        let chance = whole.iter().map(|(_, all)| self.context.inflation / (ratio * all)).sum::<f64>()
            / whole.len() as f64;
        let limits = chi_square(degrees);
        let cv = |departures: f64| (departures - chance - of_areas).max(0.0).sqrt();
        let (value, low, high) =
            (cv(departures), cv(departures * degrees / limits.1), cv(departures * degrees / limits.0));
        self.noise = (departures - chance).max(of_areas);
        self.degrees = Some(degrees);
        self.found.figures.push(Figure {
            path,
            kind: Kind::Share,
            base,
            value,
            low,
            high,
            rows: self.contacts.list.len(),
            method: "months about their expected number, chance and siblings taken off",
            source: self.context.source.to_owned(),
            derived: false,
        });
    }

    /// For each source, contacts seen over expected at the base's rate (returns included).
    fn scale(&self) -> Vec<f64> {
        (0..self.context.scenario.sources.len())
            .map(|source| {
                let seen = self.contacts.list.iter().filter(|contact| contact.source == Some(source)).count();
                let expected = self.expected(source);
                if expected > 0.0 { seen as f64 / expected } else { 0.0 }
            })
            .collect()
    }

    /// What share of need schools see in holidays, where holidays and term are both in view.
    fn school_visibility(&mut self) {
        let scenario = self.context.scenario;
        let closed: Vec<bool> = (0..self.contacts.days).map(|day| !self.exposure.is_open(0, day)).collect();
        let count = closed.iter().filter(|closed| **closed).count();
        for source in 0..scenario.sources.len() {
            let described = &scenario.sources[source];
            let base = self.context.central[described.visibility];
            let path = format!("sources.{}.visibility", described.id);
            if described.profile.is_some() || base >= 1.0 {
                continue;
            }
            if count < LEAST_CLOSED || closed.len() - count < LEAST_OPEN {
                let why = format!(
                    "the window has {count} days of school holidays, fewer than {LEAST_CLOSED}, or too few of term"
                );
                self.found.kept.push(Kept { path, why });
                continue;
            }
            match self.visibility_of(source, &closed) {
                Some(figure) => {
                    self.visibility[source] = figure.value;
                    self.found.figures.push(Figure { path, base, ..figure });
                }
                None => {
                    let why = "too few contacts in school holidays".to_owned();
                    self.found.kept.push(Kept { path, why });
                }
            }
        }
    }

    fn visibility_of(&self, source: SourceId, closed: &[bool]) -> Option<Figure> {
        let of = self.contacts.list.iter().filter(|contact| contact.source == Some(source));
        let (mut in_holidays, mut in_term, mut out_of_view) = (0.0_f64, 0.0_f64, 0.0_f64);
        for contact in of {
            // Returns come in holidays too, whoever made the first contact: those seen, and those whose closure was not.
            match contact.back {
                None => *if closed[contact.day] { &mut in_holidays } else { &mut in_term } += 1.0,
                Some(back) => out_of_view += self.contacts.weight_of_return(back) - 1.0,
            }
        }
        let share = closed.iter().filter(|closed| **closed).count() as f64 / closed.len() as f64;
        in_holidays -= out_of_view * share;
        in_term -= out_of_view * (1.0 - share);
        if in_holidays / self.context.inflation < 5.0 || in_term / self.context.inflation < 20.0 {
            return None;
        }
        // Expected per unit of need: at once in term, at once in holidays, and coming forward in each.
        let (mut open, mut shut, mut back_open, mut back_shut) = (0.0, 0.0, 0.0, 0.0);
        for (area, sources) in self.days.iter().enumerate() {
            let need = need(self.context.scenario, self.context.central, area, source);
            let days = &sources[source];
            for (day, closed) in closed.iter().enumerate() {
                open += need * days.open[day];
                shut += need * days.closed[day];
                *if *closed { &mut back_shut } else { &mut back_open } += need * days.back[day];
            }
        }
        let visibility =
            |ratio: f64| (ratio * (open + back_open) - back_shut) / (shut - back_shut + ratio * back_open);
        let ratio = in_holidays / in_term;
        // Holidays lie in about half of all months.
        let months = self.months() as f64;
        let error = (self.context.inflation * (1.0 / in_holidays + 1.0 / in_term)
            + self.noise * (2.0 / months + 1.0 / months))
            .sqrt();
        let at = |sign: f64| visibility(ratio * libm::exp(sign * NORMAL_95 * error)).clamp(0.0, 1.0);
        Some(Figure {
            path: String::new(),
            kind: Kind::Share,
            base: 0.0,
            value: at(0.0),
            low: at(-1.0),
            high: at(1.0),
            rows: (in_holidays + in_term) as usize,
            method: "contacts on holidays' days against term's; what comes forward later as in the base",
            source: self.context.source.to_owned(),
            derived: false,
        })
    }

    /// Variance of a source's logarithm of its rate.
    fn variance(&self, contacts: f64) -> f64 {
        let central = self.context.central;
        let correlation = central[self.context.scenario.demand.month_noise.correlation];
        let months = self.months() as f64;
        // Successive months are alike, so that they are fewer than they seem.
        let alike = (1.0 + correlation) / (1.0 - correlation).max(0.1);
        self.context.inflation / contacts.max(1.0) + self.noise * alike / months + self.context.children.1
    }

    fn rates(&mut self) {
        let scenario = self.context.scenario;
        let mut scale = vec![1.0; scenario.sources.len()];
        for (source, (described, scale)) in scenario.sources.iter().zip(&mut scale).enumerate() {
            let parameter = &scenario.parameters[described.rate_per_10k.0 as usize];
            let seen = self.contacts.new_of(source);
            let expected = self.expected(source);
            let rows = self.contacts.list.iter().filter(|contact| contact.source == Some(source)).count();
            if seen < 10.0 * self.context.inflation || expected <= 0.0 {
                let why = format!("{rows} contacts of this source are too few");
                self.found.kept.push(Kept { path: parameter.path.clone(), why });
                continue;
            }
            *scale = seen / expected;
            let figure = |parameter: &crate::scenario::Parameter| {
                let value = parameter.value * seen / expected;
                let (low, high) = log_interval(value, self.variance(seen).sqrt(), self.degrees);
                Figure {
                    path: parameter.path.clone(),
                    kind: Kind::Positive,
                    base: parameter.value,
                    value,
                    low,
                    high,
                    rows,
                    method: "contacts over those expected at the base's rate; returns taken off",
                    source: self.context.source.to_owned(),
                    derived: false,
                }
            };
            let given = |area: &crate::scenario::Area| area.families_per_year[source];
            let mut figures: Vec<Figure> = scenario
                .areas
                .iter()
                .filter_map(given)
                .map(|families| figure(&scenario.parameters[families.0 as usize]))
                .collect();
            if scenario.areas.iter().any(|area| given(area).is_none()) {
                figures.push(figure(parameter));
            }
            self.found.figures.extend(figures);
        }
        let back = 1.0 / (1.0 - self.contacts.return_share()).max(0.1);
        self.found.expected = (0..self.contacts.days)
            .map(|day| {
                let one = |source: SourceId| scale[source] * self.expected_on(source, day);
                back * (0..scenario.sources.len()).map(one).sum::<f64>()
            })
            .collect();
    }

    /// Need of each area relative to what the base expects there.
    fn relative_need(&mut self) {
        let scenario = self.context.scenario;
        if scenario.areas.len() < 2 {
            return;
        }
        let Some((list, events)) = self.events_by_area() else {
            let why = "no list says where families live often enough".to_owned();
            self.found.kept.push(Kept { path: "areas".to_owned(), why });
            return;
        };
        let share: Vec<f64> = (0..scenario.areas.len())
            .map(|area| {
                let one = |source: SourceId| {
                    let days = self.days[area][source].total(self.visibility[source]);
                    need(scenario, self.context.central, area, source) * days
                };
                (0..scenario.sources.len()).map(one).sum()
            })
            .collect();
        let (all, total) = (events.iter().sum::<f64>(), share.iter().sum::<f64>());
        let noise = self.context.central[scenario.demand.area_month_noise.cv].powi(2) / self.months() as f64;
        let counts: Vec<Count> = events
            .iter()
            .zip(&share)
            .map(|(events, share)| {
                let expected = all * share / total;
                // Siblings and the area's own months make a count worth fewer independent events.
                let worth = 1.0 / (self.context.inflation / expected.max(1e-9) + noise);
                Count { events: worth * events / expected.max(1e-9), expected: worth }
            })
            .collect();
        let pooled = pool(&counts);
        let level = pooled.iter().zip(&share).map(|(area, share)| area.value * share).sum::<f64>() / total;
        self.found.areas_by = Some(list);
        self.found.areas = (0..counts.len()).map(|area| (area, counts[area], pooled[area])).collect();
        for (area, pooled) in pooled.iter().enumerate() {
            let place = &scenario.areas[area];
            let by = |factor: f64| factor / level;
            if place.families_per_year.iter().any(Option::is_some) {
                self.scale_area(area, by(pooled.value));
            }
            if place.families_per_year.iter().all(Option::is_some) {
                continue;
            }
            let parameter = &scenario.parameters[place.need.0 as usize];
            self.found.figures.push(Figure {
                path: format!("areas.{}.need", place.id),
                kind: Kind::Positive,
                base: parameter.value,
                value: parameter.value * by(pooled.value),
                low: parameter.value * by(pooled.low),
                high: parameter.value * by(pooled.high),
                rows: events[area] as usize,
                method: "gamma-Poisson: the area's own events, drawn towards the whole",
                source: self.context.source.to_owned(),
                derived: false,
            });
        }
    }

    /// An area's own numbers of families follow its relative need.
    fn scale_area(&mut self, area: AreaId, by: f64) {
        let beginning = format!("areas.{}.families_per_year.", self.context.scenario.areas[area].id);
        for figure in self.found.figures.iter_mut().filter(|figure| figure.path.starts_with(&beginning)) {
            (figure.value, figure.low, figure.high) = (figure.value * by, figure.low * by, figure.high * by);
        }
    }

    /// Children by area, from the first list in which most rows have one: contacts, referrals, else the beginnings of
    /// assessments and early help.
    fn events_by_area(&self) -> Option<(List, Vec<f64>)> {
        let areas = self.context.scenario.areas.len();
        let tried: [&[List]; 3] = [&[List::Contact], &[List::Referral], &[List::Assessment, List::EarlyHelp]];
        tried.into_iter().find_map(|lists| {
            let mut events = vec![0.0; areas];
            let mut unplaced = 0.0;
            for list in lists {
                let Some((first, last)) = self.context.cases.window(*list) else { continue };
                let begun = |case: &&Case| (first..last).contains(&case.start);
                for case in self.context.cases.of(*list).iter().filter(begun) {
                    match case.area {
                        Some(area) => events[area] += 1.0,
                        None => unplaced += 1.0,
                    }
                }
            }
            let placed: f64 = events.iter().sum();
            (placed > 50.0 && placed > 4.0 * unplaced).then_some((lists[0], events))
        })
    }
}

/// The 5th and 95th percentile of the chi-square law.
fn chi_square(degrees: f64) -> (f64, f64) {
    use statrs::distribution::{ChiSquared, ContinuousCDF};
    let at = |u: f64| ChiSquared::new(degrees).map_or(degrees, |law| law.inverse_cdf(u));
    (at(0.05), at(0.95))
}
