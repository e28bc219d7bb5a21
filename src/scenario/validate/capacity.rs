//! Desks and teams, and the units in which their people work.

use super::super::faults::words;
use super::super::file::{
    AreaDeskFile, AreaTeamFile, DeskCalendar, DeskFile, DeskPeopleFile, ScenarioFile, TeamFile,
    WorkerGroupFile,
};
use super::super::model::{Desk, DeskPeople, DeskUnit, Team, Unit, WorkerGroup};
use super::super::number::RawServes;
use super::super::tree::Path;
use super::figures::{FTE, Limits, POSITIVE_FACTOR, POSITIVE_SHARE, SHARE};
use super::timeline::Timeline;
use super::{Context, display_name, is_id};

const POINTS_LIMIT: Limits =
    Limits::over(0.0, 100_000.0, "points over 0, at most 100,000; leave it out for no limit");
const CONTRACT: Limits = Limits::over(0.0, 168.0, "hours a week: over 0, at most 168");
const NON_CASE: Limits =
    Limits::between(0.0, 0.99, "a share from 0 to 0.99: some time has to be left for families");
const HOUR: Limits =
    Limits::between(0.0, 24.0, "hours after midnight, from 0 to 24 (16.5 is half past four)");

/// Whom the units of a team or desk serve.
enum Serves {
    EachArea,
    Shared(Vec<usize>),
}

impl Context<'_> {
    /// Who is served, of those that are named; `usual` where nothing is said.
    fn serves(&mut self, path: &Path, given: Option<&RawServes>, usual: Serves) -> Serves {
        match given {
            None => usual,
            Some(RawServes::EachArea) => Serves::EachArea,
            Some(RawServes::AllAreas) => Serves::Shared((0..self.names.areas.len()).collect()),
            Some(RawServes::Areas(names)) => Serves::Shared(self.subset(path, names, true)),
        }
    }

    /// Desks and their units.
    pub(super) fn desks(&mut self, file: &ScenarioFile, timeline: &Timeline) -> (Vec<Desk>, Vec<DeskUnit>) {
        let mut desks = Vec::new();
        let mut units = Vec::new();
        for (desk, (id, given)) in file.desks.iter().enumerate() {
            let path = Path::of(&["desks", id]);
            let everywhere = Serves::Shared((0..self.names.areas.len()).collect());
            match self.serves(&path.key("serves"), given.serves.as_ref(), everywhere) {
                Serves::Shared(areas) => {
                    self.no_units_of_areas(file, "desks", id);
                    let people = self.desk_people(&path, given, None, timeline);
                    units.push(DeskUnit { desk, areas, id: id.clone(), people });
                }
                Serves::EachArea => {
                    for (area, (area_id, area_file)) in file.areas.iter().enumerate() {
                        let own = area_file
                            .desks
                            .get(id)
                            .map(|own| (Path::of(&["areas", area_id, "desks", id]), own));
                        let people = self.desk_people(&path, given, own, timeline);
                        units.push(DeskUnit { desk, areas: vec![area], id: area_id.clone(), people });
                    }
                }
            }
            if let Some(role) = &given.role {
                self.check_role(&path, role);
            }
            desks.push(Desk {
                id: id.clone(),
                name: display_name(&given.name, id),
                role: given.role.clone(),
            });
            if given.fte.is_some() && given.people.is_some() {
                let help = "give `fte` or `people`, not both";
                self.fault_at_key(&path.key("people"), words("the people are said twice", help));
            }
        }
        (desks, units)
    }

    /// An area cannot say who works in a unit that it shares with others.
    fn no_units_of_areas(&mut self, file: &ScenarioFile, table: &str, id: &str) {
        for (area, given) in &file.areas {
            let there =
                if table == "desks" { given.desks.contains_key(id) } else { given.teams.contains_key(id) };
            if there {
                let message = format!("`{id}` is one unit shared by areas, so `{area}` has none of its own");
                let help = format!("say its people in [{table}.{id}], or set serves = \"each_area\" there");
                self.fault_at_key(&Path::of(&["areas", area, table, id]), words(message, help));
            }
        }
    }

    fn desk_people(
        &mut self,
        path: &Path,
        desk: &DeskFile,
        own: Option<(Path, &AreaDeskFile)>,
        timeline: &Timeline,
    ) -> Vec<DeskPeople> {
        let hours = (desk.calendar, desk.from_hour, desk.to_hour);
        let single = |fte: &Option<_>| {
            fte.clone().map(|fte| DeskPeopleFile { fte: Some(fte), ..DeskPeopleFile::default() })
        };
        if let Some((path, own)) = own
            && (own.fte.is_some() || own.people.is_some())
        {
            if own.fte.is_some() && own.people.is_some() {
                let help = "give `fte` or `people`, not both";
                self.fault_at_key(&path.key("people"), words("the people are said twice", help));
            }
            let hours = (own.calendar.or(hours.0), own.from_hour.or(hours.1), own.to_hour.or(hours.2));
            return self.desk_groups(&path, own.people.as_deref(), single(&own.fte), hours, timeline);
        }
        self.desk_groups(path, desk.people.as_deref(), single(&desk.fte), hours, timeline)
    }

    fn desk_groups(
        &mut self,
        path: &Path,
        people: Option<&[DeskPeopleFile]>,
        single: Option<DeskPeopleFile>,
        hours: (Option<DeskCalendar>, Option<f64>, Option<f64>),
        timeline: &Timeline,
    ) -> Vec<DeskPeople> {
        match (people, single) {
            (Some(groups), _) => groups
                .iter()
                .enumerate()
                .map(|(index, group)| {
                    self.desk_group(&path.key("people").item(index), group, hours, timeline)
                })
                .collect(),
            (None, Some(single)) => vec![self.desk_group(path, &single, hours, timeline)],
            (None, None) => {
                // Hours without people are still checked.
                if hours.1.is_some() || hours.2.is_some() {
                    self.day_hours(path, hours);
                }
                Vec::new()
            }
        }
    }

    fn desk_group(
        &mut self,
        path: &Path,
        group: &DeskPeopleFile,
        usual: (Option<DeskCalendar>, Option<f64>, Option<f64>),
        timeline: &Timeline,
    ) -> DeskPeople {
        let hours = (group.calendar.or(usual.0), group.from_hour.or(usual.1), group.to_hour.or(usual.2));
        let (from_hour, to_hour) = self.day_hours(path, hours);
        let (from_day, to_day) = self.period(path, group.from, group.to, timeline);
        DeskPeople {
            fte: self.required(&path.key("fte"), group.fte.as_ref(), &FTE),
            continuous: hours.0 == Some(DeskCalendar::Continuous),
            from_hour,
            to_hour,
            from_day,
            to_day,
        }
    }

    fn day_hours(
        &mut self,
        path: &Path,
        hours: (Option<DeskCalendar>, Option<f64>, Option<f64>),
    ) -> (f64, f64) {
        let usual = if hours.0 == Some(DeskCalendar::Continuous) { (0.0, 24.0) } else { (9.0, 16.4) };
        let from = self.plain(&path.key("from_hour"), hours.1, usual.0, &HOUR);
        let to = self.plain(&path.key("to_hour"), hours.2, usual.1, &HOUR);
        if from >= to {
            let message = format!("the day ends at {to}, before it begins at {from}");
            let help = "hours after midnight: from_hour = 9, to_hour = 16.4; a night is two groups of people";
            let key = if hours.2.is_some() { "to_hour" } else { "from_hour" };
            self.fault(&path.key(key), words(message, help));
        }
        (from, to)
    }

    /// Teams and their units.
    pub(super) fn teams(&mut self, file: &ScenarioFile) -> (Vec<Team>, Vec<Unit>) {
        let mut teams = Vec::new();
        let mut units = Vec::new();
        for (team, (id, given)) in file.teams.iter().enumerate() {
            let path = Path::of(&["teams", id]);
            let default = default_workers(given);
            self.check_groups(&path, &default);
            match self.serves(&path.key("serves"), given.serves.as_ref(), Serves::EachArea) {
                Serves::Shared(areas) => {
                    self.no_units_of_areas(file, "teams", id);
                    self.no_floating(&path, given);
                    units.push(self.unit((team, id.clone(), areas), None, (&path, &default)));
                }
                Serves::EachArea => {
                    let first = units.len();
                    for (area, (area_id, area_file)) in file.areas.iter().enumerate() {
                        let own = area_file.teams.get(id);
                        let own_path = Path::of(&["areas", area_id, "teams", id]);
                        if let Some(own) = own {
                            self.check_groups(&own_path, own);
                        }
                        let own = own.map(|own| (&own_path, own));
                        units.push(self.unit((team, area_id.clone(), vec![area]), own, (&path, &default)));
                    }
                    units.extend(self.floating(&path, team, given, first));
                }
            }
            teams.push(self.team(&path, id, given));
        }
        (teams, units)
    }

    /// A unit of a team (its id, its areas): as its area says, and for the rest as the team says.
    fn unit(
        &mut self,
        (team, id, areas): (usize, String, Vec<usize>),
        own: Option<(&Path, &AreaTeamFile)>,
        default: (&Path, &AreaTeamFile),
    ) -> Unit {
        let own = own.unwrap_or(default);
        let workers = self.own_workers(own, default);
        let (path, given) = if own.1.productivity.is_some() { own } else { default };
        let productivity = self.productivity(path, given.productivity.as_ref());
        Unit { team, areas, id, workers, productivity, helps: Vec::new() }
    }

    fn team(&mut self, path: &Path, id: &str, given: &TeamFile) -> Team {
        let role = given.role.clone().unwrap_or_else(|| id.to_owned());
        self.check_role(path, &role);
        Team {
            id: id.to_owned(),
            name: display_name(&given.name, id),
            role,
            points_per_fte: given
                .points_per_fte
                .as_ref()
                .map(|points| self.required(&path.key("points_per_fte"), Some(points), &POINTS_LIMIT)),
            hours_per_week: self.number(
                &path.key("hours_per_week"),
                given.hours_per_week.as_ref(),
                37.0,
                &CONTRACT,
            ),
            present_share: self.present_share(path, given),
            non_case_share: self.number(
                &path.key("non_case_share"),
                given.non_case_share.as_ref(),
                0.12,
                &NON_CASE,
            ),
            stretch: self.number(&path.key("stretch"), given.stretch.as_ref(), 1.0, &SHARE),
            workforce: given.workforce.as_ref().map(|given| self.workforce(&path.key("workforce"), given)),
        }
    }

    /// A role is a word that can stand in columns.
    pub(super) fn check_role(&mut self, path: &Path, role: &str) {
        if !is_id(role, false) {
            let help = "use a-z, 0-9 and _, such as role = \"social_worker\"";
            self.fault(&path.key("role"), words(format!("\"{role}\" cannot name a role"), help));
        }
    }

    /// Workers are one group or a list, not both.
    fn check_groups(&mut self, path: &Path, given: &AreaTeamFile) {
        let single = [
            ("fte", given.fte.is_some()),
            ("fte_each", given.fte_each.is_some()),
            ("experience", given.experience.is_some()),
        ];
        if let (Some(_), Some((key, _))) = (&given.workers, single.iter().find(|(_, there)| *there)) {
            let message = format!("there is both `{key}` and `workers`");
            self.fault_at_key(&path.key(key), words(message, "say it of each group in `workers`"));
        }
    }

    fn workers(&mut self, path: &Path, given: &AreaTeamFile) -> Vec<WorkerGroup> {
        self.own_workers((path, given), (path, given))
    }

    /// The workers of a unit: its own, and what it does not say from the team's.
    fn own_workers(&mut self, own: (&Path, &AreaTeamFile), team: (&Path, &AreaTeamFile)) -> Vec<WorkerGroup> {
        let (path, own) = own;
        let (team_path, team) = team;
        if let Some(groups) = &own.workers {
            return groups
                .iter()
                .enumerate()
                .map(|(index, group)| self.worker_group(&path.key("workers").item(index), group))
                .collect();
        }
        if own.fte.is_none() && team.workers.is_some() {
            if own.fte_each.is_some() || own.experience.is_some() {
                let help = "give `workers` here too";
                self.fault(
                    path,
                    words("the team's workers are a list, of which this cannot change a part", help),
                );
            }
            return self.workers(team_path, team);
        }
        let (fte_path, fte) = match &own.fte {
            Some(fte) => (path, Some(fte)),
            None => (team_path, team.fte.as_ref()),
        };
        let Some(fte) = fte else { return Vec::new() };
        let (each_path, each) = match own.fte_each {
            Some(each) => (path, Some(each)),
            None => (team_path, team.fte_each),
        };
        let (experience_path, experience) = match &own.experience {
            Some(experience) => (path, Some(experience)),
            None => (team_path, team.experience.as_ref()),
        };
        vec![WorkerGroup {
            fte: self.required(&fte_path.key("fte"), Some(fte), &FTE),
            fte_each: self.plain(&each_path.key("fte_each"), each, 1.0, &POSITIVE_SHARE),
            experience: self.number(&experience_path.key("experience"), experience, 1.0, &POSITIVE_FACTOR),
            grade: None,
        }]
    }

    fn worker_group(&mut self, path: &Path, given: &WorkerGroupFile) -> WorkerGroup {
        WorkerGroup {
            fte: self.required(&path.key("fte"), given.fte.as_ref(), &FTE),
            fte_each: self.plain(&path.key("fte_each"), given.fte_each, 1.0, &POSITIVE_SHARE),
            experience: self.number(
                &path.key("experience"),
                given.experience.as_ref(),
                1.0,
                &POSITIVE_FACTOR,
            ),
            grade: given.grade.clone(),
        }
    }
}

/// The workers of each unit where its area says nothing.
fn default_workers(team: &TeamFile) -> AreaTeamFile {
    AreaTeamFile {
        fte: team.fte.clone(),
        fte_each: team.fte_each,
        experience: team.experience.clone(),
        workers: team.workers.clone(),
        productivity: team.productivity.clone(),
    }
}
