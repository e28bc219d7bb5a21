//! Interventions: figures that change at dates, posts that come, go and move.
//!
//! An effect names figures by their paths in the register, so this comes after everything that
//! enters figures there. What a figure can become, by all interventions together, is held against the
//! limits of the figure itself.

use std::collections::BTreeMap;

use super::super::faults::{suggestion, words};
use super::super::file::ScenarioFile;
use super::super::interventions::{
    DipFile, EffectFile, InterventionCostsFile, InterventionFile, InterventionPostsFile, MoveFile, WaveFile,
};
use super::super::model::{
    AreaId, Change, DeskPeople, DeskUnit, Dip, Effect, Intervention, InterventionCosts, PostChange, Quantity,
    Unit, Wave,
};
use super::super::number::RawNumber;
use super::super::tree::Path;
use super::figures::{FACTOR, Limits, POSITIVE_SHARE, SHARE};
use super::timeline::Timeline;
use super::{Context, display_name};

const WEEKS: Limits = Limits::between(0.0, 520.0, "weeks: 0 or more, at most 520");
const ANYTHING: Limits = Limits::between(-1e12, 1e12, "a figure in the unit of what it replaces");
const POSTS: Limits =
    Limits::between(-10_000.0, 10_000.0, "full-time equivalents that come; with a minus sign, that go");
const MOVED: Limits = Limits::over(0.0, 10_000.0, "full-time equivalents that move: over 0");
const POUNDS: Limits = Limits::between(0.0, 1e12, "pounds: 0 or more");

/// Tables whose figures may change at a date, and endings of those that may not.
const CHANGEABLE: [&str; 7] = ["areas.", "clocks.", "demand.", "ends.", "sources.", "stages.", "teams."];
const FIXED: [(&str, &str); 8] = [
    (".fte", "posts come and go through `posts`"),
    (".experience", "it belongs to the people of the first day"),
    (".vacant_share", "it says who is there on the first day"),
    (".population_growth", "change `population` instead"),
    ("demand.trend_per_year", "use a shock, or change the sources' rates"),
    ("noise.cv", "noise is of the whole run"),
    ("noise.correlation", "noise is of the whole run"),
    (".productivity", "use `dip`, or change the hours that cases take"),
];

/// What may become of each figure: the least and the most, by the effects seen so far.
type Reach = BTreeMap<String, (f64, f64)>;

impl Context<'_> {
    /// Interventions, in order of their ids. Posts at desks go straight to the desks' people.
    pub(super) fn interventions(
        &mut self,
        file: &ScenarioFile,
        timeline: &Timeline,
        units: &[Unit],
        desk_units: &mut [DeskUnit],
    ) -> Vec<Intervention> {
        let mut reach = Reach::new();
        let mut list = Vec::new();
        for (id, given) in &file.interventions {
            let path = Path::of(&["interventions", id]);
            let (waves, to_day) = self.waves(&path, given, timeline);
            let at = Site { path: &path, waves: &waves, to_day, units };
            let effects = given
                .effects
                .iter()
                .flat_map(|(key, effect)| {
                    let path = path.key("effects").key(key);
                    self.effects(&path, effect, &at, file, &mut reach)
                })
                .collect();
            let mut posts = Vec::new();
            for (team, given) in &given.posts {
                posts.extend(self.posts(&at, team, given, desk_units));
            }
            for (key, given) in &given.moves {
                posts.extend(self.moves(&path.key("moves").key(key), given, &at));
            }
            if given.effects.is_empty()
                && given.posts.is_empty()
                && given.moves.is_empty()
                && given.costs.is_none()
                && !self.is_touched(&path)
            {
                let help = "give it `effects`, `posts`, `moves` or `costs`";
                self.fault_at_key(&path, words("this intervention changes nothing", help));
            }
            list.push(Intervention {
                id: id.clone(),
                name: display_name(&given.name, id),
                to_day,
                ramp_weeks: self.plain(&path.key("ramp_weeks"), given.ramp_weeks, 0.0, &WEEKS),
                effects,
                posts,
                costs: given.costs.as_ref().map(|given| self.costs(&path.key("costs"), given)),
                dip: given.dip.as_ref().map(|given| self.dip(&path.key("dip"), given)),
                waves,
            });
        }
        list
    }

    /// Where it begins when, and when it is over.
    fn waves(&mut self, path: &Path, given: &InterventionFile, timeline: &Timeline) -> (Vec<Wave>, i64) {
        let all: Vec<AreaId> = (0..self.names.areas.len()).collect();
        let Some(waves) = &given.waves else {
            let (from, to_day) = self.period(path, given.from, given.to, timeline);
            let from_day = if given.from.is_none() { timeline.day(timeline.start) } else { from };
            let areas = match &given.areas {
                Some(names) => self.subset(&path.key("areas"), names, true),
                None => all,
            };
            return (vec![Wave { from_day, areas }], to_day);
        };
        for (key, there) in [("from", given.from.is_some()), ("areas", given.areas.is_some())] {
            if there {
                let message = format!("there is both `waves` and `{key}`");
                self.fault_at_key(
                    &path.key(key),
                    words(message, "each wave says its own `from` and `areas`"),
                );
            }
        }
        let mut list: Vec<Wave> = Vec::new();
        let mut to_day = i64::MAX;
        for (index, wave) in waves.iter().enumerate() {
            let path = path.key("waves").item(index);
            let (wave, to) = self.wave(&path, wave, given, timeline);
            to_day = to;
            for area in &wave.areas {
                if list.iter().any(|other| other.areas.contains(area)) {
                    let name = self.names.areas[*area].clone();
                    let message = format!("`{name}` is in an earlier wave already");
                    self.fault(&path.key("areas"), words(message, "an area joins once"));
                }
            }
            list.push(wave);
        }
        list.sort_by_key(|wave| wave.from_day);
        (list, to_day)
    }

    fn wave(
        &mut self,
        path: &Path,
        wave: &WaveFile,
        given: &InterventionFile,
        timeline: &Timeline,
    ) -> (Wave, i64) {
        if wave.from.is_none() {
            self.fault(&path.key("from"), words("`from` is missing", "give the wave's first day"));
        }
        let (from, to_day) = self.period(path, wave.from, given.to, timeline);
        let areas = match &wave.areas {
            Some(names) => self.subset(&path.key("areas"), names, true),
            None => {
                self.fault(&path.key("areas"), words("`areas` is missing", "name the areas of this wave"));
                Vec::new()
            }
        };
        (Wave { from_day: if wave.from.is_none() { 0 } else { from }, areas }, to_day)
    }

    /// The changes that one entry of `effects` makes: one for each figure that it names.
    fn effects(
        &mut self,
        path: &Path,
        given: &EffectFile,
        at: &Site,
        file: &ScenarioFile,
        reach: &mut Reach,
    ) -> Vec<Effect> {
        let (raw, multiply) = match (&given.multiply, &given.replace) {
            (Some(factor), None) => (factor, true),
            (None, Some(new)) => (new, false),
            _ if self.is_touched(path) => return Vec::new(),
            _ => {
                let help = "multiply = 0.9 takes a tenth off, replace = 0.6 sets a figure";
                self.fault(path, words("an effect says either `multiply` or `replace`", help));
                return Vec::new();
            }
        };
        let key = path.key(if multiply { "multiply" } else { "replace" });
        let change = self.effect_figure(&key, raw, multiply);
        let names = given.parameters.clone().unwrap_or_default();
        if names.is_empty() && !self.is_touched(path) {
            let help = "parameters = [\"sources.school.visibility\"], as in assumptions.csv";
            self.fault(&path.key("parameters"), words("an effect names the figures that it changes", help));
        }
        let mut effects = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let place = path.key("parameters").item(index);
            for target in self.targets(&place, name) {
                if !self.may_change(&place, &target, at, file) {
                    continue;
                }
                self.check_reach(&place, &target, raw, multiply, reach);
                // Every target is in the register, hence in the order.
                if let Some(&number) = self.order.get(&target) {
                    effects.push(Effect { target: Quantity(number), change });
                }
            }
        }
        effects
    }

    fn effect_figure(&mut self, path: &Path, raw: &RawNumber, multiply: bool) -> Change {
        if multiply {
            Change::Multiply(self.required(path, Some(raw), &FACTOR))
        } else {
            Change::Replace(self.required(path, Some(raw), &ANYTHING))
        }
    }

    /// Paths of the figures that a name, which may hold `*`, stands for.
    fn targets(&mut self, path: &Path, name: &str) -> Vec<String> {
        let wanted: Vec<&str> = name.split('.').collect();
        let fits = |path: &str| {
            let parts: Vec<&str> = path.split('.').collect();
            parts.len() == wanted.len()
                && parts.iter().zip(&wanted).all(|(part, wanted)| *wanted == "*" || part == wanted)
        };
        let known: Vec<&String> = self.parameters.keys().collect();
        let found: Vec<String> =
            known.iter().filter(|known| fits(known)).map(|known| (*known).clone()).collect();
        if found.is_empty() && !self.disconnected {
            let known: Vec<&str> = known.iter().map(|known| known.as_str()).collect();
            let message = format!("there is no figure `{name}` in this scenario");
            self.fault(path, words(message, suggestion(name, &known)));
        }
        found
    }

    /// Whether a figure is one that can change at these dates in these areas.
    fn may_change(&mut self, path: &Path, target: &str, at: &Site, file: &ScenarioFile) -> bool {
        let fixed = FIXED.iter().find(|(ending, _)| target.ends_with(ending)).map(|(_, help)| *help);
        let known = CHANGEABLE.iter().any(|table| target.starts_with(table));
        if let Some(help) = fixed
            .or((!known).then_some("figures of areas, clocks, demand, ends, sources, stages and teams can"))
        {
            self.fault(path, words(format!("`{target}` cannot change at a date"), help));
            return false;
        }
        let mut parts = target.split('.');
        match (parts.next(), parts.next()) {
            (Some("teams"), Some(team)) => self.whole_units(path, team, at, file),
            (Some("areas"), Some(area)) => {
                let concerned = at
                    .waves
                    .iter()
                    .flat_map(|wave| &wave.areas)
                    .any(|&there| self.names.areas[there] == area);
                if !concerned {
                    let message =
                        format!("`{target}` belongs to an area that this intervention does not reach");
                    self.fault(path, words(message, format!("add \"{area}\" to its `areas`")));
                }
                concerned
            }
            _ => true,
        }
    }

    /// A unit that several areas share changes for all of them at once.
    fn whole_units(&mut self, path: &Path, team: &str, at: &Site, file: &ScenarioFile) -> bool {
        let Some(team_id) = file.teams.keys().position(|id| id == team) else { return true };
        let split = |unit: &&Unit| {
            unit.team == team_id
                && at.waves.iter().any(|wave| {
                    let inside = unit.areas.iter().filter(|area| wave.areas.contains(area)).count();
                    inside > 0 && inside < unit.areas.len()
                })
        };
        if at.units.iter().find(split).is_none() {
            return true;
        }
        let message = format!("the team `{team}` is shared by areas that do not all begin on the same day");
        let help = "change a shared team in an intervention of its own, in all areas that share it";
        self.fault(path, words(message, help));
        false
    }

    /// What a figure may become, by this effect and those before it, stays within its limits.
    fn check_reach(&mut self, path: &Path, target: &str, raw: &RawNumber, multiply: bool, reach: &mut Reach) {
        let (Some(parameter), Some(limits)) = (self.parameters.get(target), self.limits.get(target).copied())
        else {
            return;
        };
        let first = (parameter.low.unwrap_or(parameter.value), parameter.high.unwrap_or(parameter.value));
        let (low, high) = reach.get(target).copied().unwrap_or(first);
        let given = &raw.described;
        // A figure that is no number, or no factor, has been told already.
        let Some(value) = given.value.filter(|value| value.is_finite() && (!multiply || *value >= 0.0))
        else {
            return;
        };
        let (least, most) = (given.low.unwrap_or(value), given.high.unwrap_or(value));
        let (new_low, new_high) = if multiply {
            let corners = [low * least, low * most, high * least, high * most];
            (corners.iter().copied().fold(low, f64::min), corners.iter().copied().fold(high, f64::max))
        } else {
            (low.min(least), high.max(most))
        };
        for end in [new_low, new_high] {
            if !limits.allow(end) {
                let key = target.rsplit('.').next().unwrap_or(target);
                let message = format!("`{target}` could become {}, out of range for `{key}`", tidy(end));
                self.fault(path, words(message, limits.wanted()));
                return;
            }
        }
        reach.insert(target.to_owned(), (new_low, new_high));
    }

    /// Posts that come to, or leave, every unit of a team or desk that serves the areas.
    fn posts(
        &mut self,
        at: &Site,
        name: &str,
        given: &InterventionPostsFile,
        desk_units: &mut [DeskUnit],
    ) -> Vec<PostChange> {
        let path = at.path.key("posts").key(name);
        let fte = self.required(&path.key("add"), given.add.as_ref(), &POSTS);
        let fte_each = self.plain(&path.key("fte_each"), given.fte_each, 1.0, &POSITIVE_SHARE);
        if let Ok(desk) = self.names.desks.binary_search_by(|id| id.as_str().cmp(name)) {
            self.desk_posts(at, &path, desk, fte, given, desk_units);
            return Vec::new();
        }
        let Some(team) = self.find_team(&path, name) else { return Vec::new() };
        let mut changes = Vec::new();
        for wave in at.waves {
            for (unit, described) in at.units.iter().enumerate().filter(|(_, unit)| unit.team == team) {
                if self.joins(&path, name, &described.areas, wave) {
                    changes.push(PostChange {
                        unit,
                        fte,
                        leaves: false,
                        fte_each,
                        recruited: given.recruited.unwrap_or(false),
                        from_day: wave.from_day,
                        to_day: at.to_day,
                    });
                }
            }
        }
        if changes.is_empty() && !self.disconnected {
            let message = format!("no unit of `{name}` serves the areas of this intervention");
            self.fault_at_key(&path, words(message, "name another team, or other areas"));
        }
        changes
    }

    /// Whether a unit is concerned by a wave; one that is shared has to be concerned whole.
    fn joins(&mut self, path: &Path, name: &str, areas: &[AreaId], wave: &Wave) -> bool {
        let inside = areas.iter().filter(|area| wave.areas.contains(area)).count();
        if inside > 0 && inside < areas.len() {
            let message = format!("`{name}` is shared by areas that do not all begin on the same day");
            let help = "add posts to a shared unit in an intervention of its own, in all areas that share it";
            self.fault_at_key(path, words(message, help));
        }
        inside > 0
    }

    fn desk_posts(
        &mut self,
        at: &Site,
        path: &Path,
        desk: usize,
        fte: Quantity,
        given: &InterventionPostsFile,
        desk_units: &mut [DeskUnit],
    ) {
        let least = given.add.as_ref().and_then(|add| add.described.low.or(add.described.value));
        if least.is_some_and(|least| least < 0.0) {
            let help = "give the desk's people a last day: [desks.…] people = [{ fte = 1, to = 2021-04-01 }]";
            self.fault(&path.key("add"), words("posts at a desk do not go this way", help));
        }
        if given.recruited == Some(true) {
            let help = "remove it, or begin later";
            self.fault_at_key(
                &path.key("recruited"),
                words("people at a desk are there from the first day", help),
            );
        }
        let name = self.names.desks[desk].clone();
        for wave in at.waves {
            for unit in desk_units.iter_mut().filter(|unit| unit.desk == desk) {
                if self.joins(path, &name, &unit.areas, wave) {
                    let first = unit.people.first();
                    unit.people.push(DeskPeople {
                        fte,
                        continuous: first.is_some_and(|group| group.continuous),
                        from_hour: first.map_or(9.0, |group| group.from_hour),
                        to_hour: first.map_or(16.4, |group| group.to_hour),
                        from_day: wave.from_day,
                        to_day: at.to_day,
                    });
                }
            }
        }
    }

    /// Posts that leave one unit for another.
    fn moves(&mut self, path: &Path, given: &MoveFile, at: &Site) -> Vec<PostChange> {
        let fte = self.required(&path.key("fte"), given.fte.as_ref(), &MOVED);
        let mut missing = |key: &str, name: &Option<String>| {
            if name.is_none() {
                let message = format!("`{key}` is missing");
                self.fault(&path.key(key), words(message, "a move names its team, and from where to where"));
            }
            name.clone()
        };
        let names = (missing("team", &given.team), missing("from", &given.from), missing("to", &given.to));
        let (Some(team), Some(from), Some(to)) = names else { return Vec::new() };
        let found = (
            self.find_team(&path.key("team"), &team),
            self.find_area(&path.key("from"), &from),
            self.find_area(&path.key("to"), &to),
        );
        let (Some(team_id), Some(from_area), Some(to_area)) = found else { return Vec::new() };
        let unit_of =
            |area: AreaId| at.units.iter().position(|unit| unit.team == team_id && unit.areas == [area]);
        let (Some(old), Some(new)) = (unit_of(from_area), unit_of(to_area)) else {
            let message = format!("`{team}` has no units of their own in both areas");
            self.fault(
                &path.key("team"),
                words(message, "only a team with serves = \"each_area\" can move posts"),
            );
            return Vec::new();
        };
        if at.waves.len() > 1 || old == new {
            let (message, help) = if old == new {
                ("posts move to where they are", "`from` and `to` are two areas")
            } else {
                ("posts move on one day, and there are several waves", "write an intervention for the move")
            };
            self.fault_at_key(path, words(message, help));
        }
        let from_day = at.waves.first().map_or(0, |wave| wave.from_day);
        let change = |unit, leaves| PostChange {
            unit,
            fte,
            leaves,
            fte_each: 1.0,
            recruited: false,
            from_day,
            to_day: at.to_day,
        };
        vec![change(old, true), change(new, false)]
    }

    fn costs(&mut self, path: &Path, given: &InterventionCostsFile) -> InterventionCosts {
        InterventionCosts {
            one_off: self.number(&path.key("one_off"), given.one_off.as_ref(), 0.0, &POUNDS),
            per_year: self.number(&path.key("per_year"), given.per_year.as_ref(), 0.0, &POUNDS),
        }
    }

    fn dip(&mut self, path: &Path, given: &DipFile) -> Dip {
        if given.weeks.is_none() && !self.is_touched(&path.key("weeks")) {
            self.fault(&path.key("weeks"), words("`weeks` is missing", "say how long the dip lasts"));
        }
        let mut teams = vec![given.teams.is_none(); self.names.teams.len()];
        for (index, name) in given.teams.iter().flatten().enumerate() {
            if let Some(team) = self.find_team(&path.key("teams").item(index), name) {
                teams[team] = true;
            }
        }
        Dip {
            share: self.required(&path.key("share"), given.share.as_ref(), &SHARE),
            weeks: self.plain(&path.key("weeks"), given.weeks, 0.0, &WEEKS),
            teams,
        }
    }
}

/// The intervention being read, for its parts.
struct Site<'a> {
    path: &'a Path,
    waves: &'a [Wave],
    to_day: i64,
    units: &'a [Unit],
}

/// A figure for a message, without the noise of the last digits.
fn tidy(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
