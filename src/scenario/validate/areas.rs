//! Areas, their schools, and where contacts come from.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::{Date, Weekday};

use super::super::faults::{suggestion, words};
use super::super::file::{AreaFile, ScenarioFile, SchoolBreakFile, SchoolCalendarFile, SourceFile};
use super::super::model::{Area, Source};
use super::super::tree::Path;
use super::figures::{DAYS, GROWTH, Limits, POSITIVE_FACTOR, SHARE};
use super::timeline::Timeline;
use super::{Context, NOTHING, display_name, ids};
use crate::calendar::{SchoolBreak, SchoolCalendar};

const POPULATION: Limits = Limits::between(
    0.0,
    1e7,
    "children aged 0-17: 0 or more, at most 10 million (England has 12 million in all)",
);
const RATE: Limits =
    Limits::between(0.0, 1e6, "families a year for every 10,000 children: 0 or more, at most 1,000,000");
const FAMILIES: Limits = Limits::between(0.0, 1e7, "families a year: 0 or more, at most 10 million");

impl Context<'_> {
    pub(super) fn areas(&mut self, file: &ScenarioFile, timeline: &Timeline) -> Vec<Area> {
        let calendars = self.school_calendars(file, timeline);
        file.areas.iter().map(|(id, area)| self.area(file, id, area, &calendars, timeline)).collect()
    }

    fn area(
        &mut self,
        file: &ScenarioFile,
        id: &str,
        area: &AreaFile,
        calendars: &BTreeMap<String, SchoolCalendar>,
        timeline: &Timeline,
    ) -> Area {
        let path = Path::of(&["areas", id]);
        let yearly = path.key("families_per_year");
        for source in area.families_per_year.keys() {
            self.find_source(&yearly.key(source), source);
        }
        let sources = self.names.sources.clone();
        let families_per_year: Vec<_> = sources
            .iter()
            .map(|source| {
                area.families_per_year
                    .get(source)
                    .map(|raw| self.required(&yearly.key(source), Some(raw), &FAMILIES))
            })
            .collect();
        for (source, given) in sources.iter().zip(&families_per_year) {
            let rate = file.sources.get(source).and_then(|source| source.rate_per_10k.as_ref());
            let rate_path = Path::of(&["sources", source, "rate_per_10k"]);
            if given.is_none() && rate.is_none() && !self.is_touched(&yearly) && !self.is_broken(&rate_path) {
                let message = format!("nothing says how many families come from `{source}` in `{id}`");
                let help = format!(
                    "give [sources.{source}] a rate_per_10k, or [areas.{id}] families_per_year = {{ {source} = … }}"
                );
                self.fault(&Path::of(&["sources", source]), words(message, help));
            }
        }
        // Where every source counts its own families the population decides nothing.
        let by_count = !sources.is_empty() && families_per_year.iter().all(Option::is_some);
        let population = match (&area.population, by_count) {
            (None, true) => self.number(&path.key("population"), None, 0.0, &POPULATION),
            (None, false) if self.is_touched(&yearly) => NOTHING,
            (raw, _) => self.required(&path.key("population"), raw.as_ref(), &POPULATION),
        };
        self.check_own_units(file, id, area);
        Area {
            id: id.to_owned(),
            name: display_name(&area.name, id),
            population,
            population_growth: self.number(
                &path.key("population_growth"),
                area.population_growth.as_ref(),
                0.0,
                &GROWTH,
            ),
            need: self.number(&path.key("need"), area.need.as_ref(), 1.0, &POSITIVE_FACTOR),
            families_per_year,
            effort: self.number(&path.key("effort"), area.effort.as_ref(), 1.0, &POSITIVE_FACTOR),
            hidden_share: self.number(&path.key("hidden_share"), area.hidden_share.as_ref(), 0.0, &SHARE),
            detection: self.number(&path.key("detection"), area.detection.as_ref(), 1.0, &SHARE),
            free_school_meals: (area.free_school_meals.as_ref())
                .map(|share| self.required(&path.key("free_school_meals"), Some(share), &SHARE)),
            schools: self.schools(&path.key("schools"), area.schools.as_deref(), calendars, timeline),
        }
    }

    /// The teams and desks that an area says something of have to exist.
    fn check_own_units(&mut self, file: &ScenarioFile, id: &str, area: &AreaFile) {
        for team in area.teams.keys() {
            let path = Path::of(&["areas", id, "teams", team]);
            let known = ids(&file.teams);
            self.find(&path, "teams", &known, team);
        }
        for desk in area.desks.keys() {
            let path = Path::of(&["areas", id, "desks", desk]);
            let known = ids(&file.desks);
            self.find(&path, "desks", &known, desk);
        }
    }

    fn schools(
        &mut self,
        path: &Path,
        name: Option<&str>,
        calendars: &BTreeMap<String, SchoolCalendar>,
        timeline: &Timeline,
    ) -> SchoolCalendar {
        let (from, to) = school_span(timeline);
        let usual = || SchoolCalendar::england_default(from, to);
        let Some(name) = name else { return usual() };
        if let Some(calendar) = calendars.get(name) {
            return calendar.clone();
        }
        if let Some(calendar) = SchoolCalendar::shipped(name, from, to) {
            return calendar;
        }
        if !self.is_broken(&Path::of(&["school_calendars", name])) {
            let shipped = SchoolCalendar::shipped_names();
            let mut known: Vec<&str> = calendars.keys().map(String::as_str).collect();
            known.extend(shipped.iter().map(|name| &**name));
            let message = format!("there is no school calendar called \"{name}\"");
            self.fault(path, words(message, suggestion(name, &known)));
        }
        usual()
    }

    fn school_calendars(
        &mut self,
        file: &ScenarioFile,
        timeline: &Timeline,
    ) -> BTreeMap<String, SchoolCalendar> {
        file.school_calendars
            .iter()
            .map(|(id, calendar)| (id.clone(), self.school_calendar(id, calendar, timeline)))
            .collect()
    }

    fn school_calendar(
        &mut self,
        id: &str,
        given: &SchoolCalendarFile,
        timeline: &Timeline,
    ) -> SchoolCalendar {
        let path = Path::of(&["school_calendars", id]);
        let mut breaks = Vec::new();
        for (key, list, closure) in
            [("holidays", &given.holidays, false), ("closures", &given.closures, true)]
        {
            for (index, item) in list.iter().enumerate() {
                breaks.extend(self.school_break(&path.key(key).item(index), item, closure));
            }
        }
        breaks.sort_by_key(|item| (item.from, item.to));
        let calendar = SchoolCalendar { name: display_name(&None, id), breaks };
        let (from, to) = school_span(timeline);
        if given.default_terms.unwrap_or(true) { calendar.with_default_terms(from, to) } else { calendar }
    }

    fn school_break(&mut self, path: &Path, item: &SchoolBreakFile, closure: bool) -> Option<SchoolBreak> {
        let (Some(from), Some(to)) = (item.from, item.to) else {
            let key = if item.from.is_none() { "from" } else { "to" };
            let example = "{ name = \"summer\", from = 2026-07-21, to = 2026-09-01 }";
            self.fault(&path.key(key), words(format!("`{key}` is missing"), example));
            return None;
        };
        if from.0 > to.0 {
            let message = format!("this break ends on {}, before it begins on {}", to.0, from.0);
            self.fault(&path.key("to"), words(message, "`to` is the last day without school"));
            return None;
        }
        let usual = if closure { "closure" } else { "holiday" };
        let name = item.name.clone().unwrap_or_else(|| usual.to_owned());
        Some(SchoolBreak { name, from: from.0, to: to.0, closure })
    }

    pub(super) fn sources(&mut self, file: &ScenarioFile, timeline: &Timeline) -> Vec<Source> {
        let entry = file.pathway.as_ref().and_then(|pathway| pathway.entry.as_deref());
        let entry_path = Path::of(&["pathway", "entry"]);
        let common = entry.and_then(|stage| self.find_stage(&entry_path, stage));
        file.sources
            .iter()
            .map(|(id, source)| {
                let path = Path::of(&["sources", id]);
                let entry_of = match source.entry.as_deref() {
                    Some(stage) => self.find_stage(&path.key("entry"), stage),
                    None if entry.is_some() => common,
                    None => {
                        self.disconnected = true;
                        if !self.is_broken(&entry_path) {
                            let help = "give it `entry`, or say entry = \"…\" in [pathway] for all sources";
                            self.fault(
                                &path.key("entry"),
                                words("nothing says which stage families enter", help),
                            );
                        }
                        None
                    }
                };
                // Without an entry there is a fault, so the stand-in is never used.
                Source { entry: entry_of.unwrap_or(0), ..self.source(&path, id, source, timeline) }
            })
            .collect()
    }

    fn source(&mut self, path: &Path, id: &str, given: &SourceFile, timeline: &Timeline) -> Source {
        let profile = given.profile.as_ref().map(|weeks| self.profile(&path.key("profile"), weeks));
        let profile_start = self.profile_start(path, given, timeline);
        if profile.is_some() && given.visibility.is_some() {
            self.notes.push(format!("{path}: its weekly profile replaces visibility and resurfacing"));
        }
        if given.visibility.is_none() && given.resurfacing.is_some() && profile.is_none() {
            self.notes.push(format!("{path}: resurfacing has no effect, since visibility is 1"));
        }
        Source {
            id: id.to_owned(),
            name: display_name(&given.name, id),
            rate_per_10k: self.number(&path.key("rate_per_10k"), given.rate_per_10k.as_ref(), 0.0, &RATE),
            entry: 0,
            weekday: self.weekday(&path.key("weekday"), given.weekday.as_deref()),
            visibility: self.number(&path.key("visibility"), given.visibility.as_ref(), 1.0, &SHARE),
            resurfacing: self.number(&path.key("resurfacing"), given.resurfacing.as_ref(), 0.0, &SHARE),
            resurfacing_days: self.number(
                &path.key("resurfacing_days"),
                given.resurfacing_days.as_ref(),
                21.0,
                &DAYS,
            ),
            profile,
            profile_start_day: profile_start,
        }
    }

    fn weekday(&mut self, path: &Path, given: Option<&[f64]>) -> [f64; 7] {
        let Some(given) = given else { return [1.0; 7] };
        if given.len() != 7 {
            let message = format!("a week has 7 days, and there are {} weights", given.len());
            self.fault(
                path,
                words(message, "seven numbers, Monday first: [1.3, 1.2, 1.2, 1.2, 1.2, 0.5, 0.4]"),
            );
            return [1.0; 7];
        }
        let weights = self.weights(path, given);
        std::array::from_fn(|day| weights[day])
    }

    fn profile(&mut self, path: &Path, weeks: &[f64]) -> Vec<f64> {
        if weeks.is_empty() {
            self.fault(
                path,
                words("the profile is empty", "give a relative weight for each week, usually 52"),
            );
            return vec![1.0];
        }
        self.weights(path, weeks)
    }

    fn profile_start(&mut self, path: &Path, given: &SourceFile, timeline: &Timeline) -> i64 {
        let Some(start) = given.profile_start else {
            return 0;
        };
        let path = path.key("profile_start");
        if given.profile.is_none() {
            self.fault_at_key(
                &path,
                words("there is no `profile` to start", "give `profile`, or remove this line"),
            );
        }
        if start.0.weekday() != Weekday::Monday {
            let message = format!("{} is a {:?}; weeks begin on Monday", start.0, start.0.weekday());
            self.fault(&path, words(message, "name the Monday on which the profile's first week begins"));
        }
        timeline.day(start.0)
    }
}

/// Days for which school calendars are made: the run, and a year on either side, because a break may
/// begin before the run does.
fn school_span(timeline: &Timeline) -> (Date, Date) {
    let year = Span::new().days(366);
    (timeline.first_day.saturating_sub(year), timeline.end().saturating_add(year))
}
