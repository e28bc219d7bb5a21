//! Published figures: each names measures that exist, of somebody who has them.

use super::super::faults::words;
use super::super::file::ScenarioFile;
use super::super::measures::{MeasureKind, MeasuredOf, is_measured_of, measure_kind};
use super::super::model::{Counts, Per, Published, PublishedOf};
use super::super::number::RawDate;
use super::super::published::{OneOrMore, PublishedFile};
use super::super::tree::Path;
use super::figures::Limits;
use super::timeline::Timeline;
use super::{Context, display_name};

const FIGURE: Limits = Limits::between(-1e12, 1e12, "a number; a share is written from 0 to 1");

impl Context<'_> {
    pub(super) fn published(&mut self, file: &ScenarioFile, timeline: &Timeline) -> Vec<Published> {
        file.published.iter().map(|(id, given)| self.published_figure(id, given, timeline)).collect()
    }

    fn published_figure(&mut self, id: &str, given: &PublishedFile, timeline: &Timeline) -> Published {
        let path = Path::of(&["published", id]);
        let of = self.published_of(&path, given);
        let measures = self.measures_of(&path, "measure", given.measure.as_ref(), &of);
        let over = self.measures_of(&path, "over", given.over.as_ref(), &of);
        if given.measure.is_none() && !self.is_broken(&path.key("measure")) {
            let help = "name what stands for it in the results, such as measure = \"referrals\"";
            self.fault(&path.key("measure"), words("`measure` is missing", help));
        }
        let as_children = given.counts == Some(Counts::Children);
        if as_children && !over.is_empty() {
            let help = "name a measure that counts children, such as open_children";
            let words = words("a quotient is not turned from families into children", help);
            self.fault_at_key(&path.key("counts"), words);
        }
        if given.source.as_ref().is_none_or(|source| source.trim().is_empty()) {
            let help = "say where it was published: source = \"table C1, Department for Education\"";
            self.fault(&path.key("source"), words("a published figure needs its `source`", help));
        }
        let value = match given.value {
            Some(value) => self.plain(&path.key("value"), Some(value), 0.0, &FIGURE),
            None => {
                self.fault(&path.key("value"), words("`value` is missing", FIGURE_WANTED));
                0.0
            }
        };
        Published {
            id: id.to_owned(),
            name: display_name(&given.name, id),
            per: self.published_per(&path, given.per, &measures, &over),
            range: self.published_range(&path, given, value),
            weeks: self.published_weeks(&path, given, timeline),
            measures,
            over,
            of,
            as_children,
            value,
            source: given.source.clone().unwrap_or_default(),
            year: given.year.clone().unwrap_or_default(),
        }
    }

    fn published_of(&mut self, path: &Path, given: &PublishedFile) -> PublishedOf {
        if given.team.is_some() && given.desk.is_some() {
            let help = "give `team` or `desk`, not both";
            self.fault_at_key(&path.key("desk"), words("the figure is of teams and of desks", help));
        }
        match (&given.team, &given.desk) {
            (Some(teams), _) => {
                let path = path.key("team");
                PublishedOf::Teams(
                    self.each(&path, teams, |context, path, name| context.find_team(path, name)),
                )
            }
            (None, Some(desks)) => {
                let path = path.key("desk");
                PublishedOf::Desks(
                    self.each(&path, desks, |context, path, name| context.find_desk(path, name)),
                )
            }
            (None, None) => PublishedOf::Council,
        }
    }

    /// What each name of a list stands for; a fault for an empty list and for a name said twice.
    fn each<T: PartialEq>(
        &mut self,
        path: &Path,
        given: &OneOrMore,
        find: impl Fn(&mut Self, &Path, &str) -> Option<T>,
    ) -> Vec<T> {
        if given.names.is_empty() {
            self.fault(path, words("the list is empty", "name at least one, or leave the line out"));
        }
        let mut found = Vec::new();
        for (index, name) in given.names.iter().enumerate() {
            let path = if given.is_list { path.item(index) } else { path.clone() };
            match find(self, &path, name) {
                Some(one) if found.contains(&one) => {
                    self.fault(&path, words(format!("`{name}` is named twice"), "name each once"));
                }
                Some(one) => found.push(one),
                None => {}
            }
        }
        found
    }

    /// The measures under a key: each exists, is one of whom the figure is of, and can be added up.
    fn measures_of(
        &mut self,
        path: &Path,
        key: &str,
        given: Option<&OneOrMore>,
        of: &PublishedOf,
    ) -> Vec<String> {
        let Some(given) = given else { return Vec::new() };
        let (measured_of, whose, holders) = match of {
            PublishedOf::Council => (MeasuredOf::Area, "the council", 1),
            PublishedOf::Desks(desks) => (MeasuredOf::Desk, "a desk", desks.len()),
            PublishedOf::Teams(teams) => (MeasuredOf::Team, "a team", teams.len()),
        };
        let several = given.names.len() > 1 || holders > 1;
        let kinds: Vec<MeasureKind> = given.names.iter().map(|name| measure_kind(name)).collect();
        self.each(&path.key(key), given, |context, path, name| {
            let faults = context.faults.len();
            context.check_measure(path, name);
            if context.faults.len() > faults {
                return None;
            }
            if !is_measured_of(name, measured_of) {
                let help = match measured_of {
                    MeasuredOf::Area => "name the `team` or the `desk` that has it",
                    _ => "leave `team` and `desk` out for a measure of the whole council",
                };
                context.fault(path, words(format!("`{name}` is not measured of {whose}"), help));
            } else if several && measure_kind(name) == MeasureKind::Other {
                let help =
                    "divide sums with `over`, such as measure = \"open_children\", over = \"fte_holding\"";
                context.fault(path, words(format!("`{name}` cannot be added up"), help));
            } else if kinds.first().is_some_and(|first| *first != measure_kind(name)) {
                let help = "add events to events, or levels to levels";
                context.fault(path, words(format!("`{name}` and the first are not of one kind"), help));
            }
            Some(name.to_owned())
        })
    }

    /// The time that the figure is of: by default a year for events, also for each of a level (leavers for
    /// each post), and the level for all else.
    fn published_per(
        &mut self,
        path: &Path,
        given: Option<Per>,
        measures: &[String],
        over: &[String],
    ) -> Per {
        let total =
            |names: &[String]| names.first().is_some_and(|name| measure_kind(name) == MeasureKind::Total);
        let events = total(measures) && !total(over);
        let usual = if events { Per::Year } else { Per::Level };
        let per = given.unwrap_or(usual);
        if !measures.is_empty() && (per == Per::Level) == events {
            let (message, help) = if events {
                ("events are counted over a time", "per = \"year\", \"month\" or \"week\"")
            } else {
                ("a level or a share is not counted over a time", "per = \"level\", or leave `per` out")
            };
            self.fault(&path.key("per"), words(message, help));
        }
        per
    }

    fn published_range(&mut self, path: &Path, given: &PublishedFile, value: f64) -> Option<(f64, f64)> {
        match (given.low, given.high) {
            (None, None) => None,
            (Some(low), Some(high)) => {
                if low > value || value > high || !low.is_finite() || !high.is_finite() {
                    let message = format!("low {low}, value {value} and high {high} are not in order");
                    self.fault(&path.key("low"), words(message, "low ≤ value ≤ high"));
                }
                Some((low, high))
            }
            (low, _) => {
                let (has, lacks) = if low.is_some() { ("low", "high") } else { ("high", "low") };
                if !self.is_broken(&path.key(lacks)) {
                    let message = format!("there is a `{has}` but no `{lacks}`");
                    self.fault_at_key(&path.key(has), words(message, "give both, or neither"));
                }
                None
            }
        }
    }

    /// The reported weeks that begin in the figure's period, or the one that holds its day. A period
    /// that is not reported is no fault: the same figures serve shorter runs.
    fn published_weeks(
        &mut self,
        path: &Path,
        given: &PublishedFile,
        timeline: &Timeline,
    ) -> std::ops::Range<usize> {
        let reported = i64::from(timeline.horizon_weeks);
        let day = |date: RawDate| timeline.day(date.0) - 7 * i64::from(timeline.warm_up_weeks);
        let (from, to) = match (given.on, given.from, given.to) {
            (Some(on), None, None) => (day(on).div_euclid(7), day(on).div_euclid(7) + 1),
            (Some(_), ..) => {
                let help = "give `on`, or `from` and `to`";
                self.fault_at_key(&path.key("on"), words("the time is said twice", help));
                (0, reported)
            }
            (None, from, to) => {
                if let (Some(from), Some(to)) = (from, to)
                    && from.0 >= to.0
                {
                    let help = "`to` is the first day after it, later than `from`";
                    self.fault(&path.key("to"), words("this ends before it begins", help));
                }
                let week = |date: RawDate| day(date).div_euclid(7) + i64::from(day(date).rem_euclid(7) > 0);
                (from.map_or(0, week), to.map_or(reported, week))
            }
        };
        let (from, to) = (from.clamp(0, reported), to.clamp(0, reported));
        from as usize..to.max(from) as usize
    }
}

const FIGURE_WANTED: &str = "the published figure, such as value = 4196; a share is written from 0 to 1";
