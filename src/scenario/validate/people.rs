//! What workers do beyond their own unit's cases: floating staff, support, oversight, overlap, and
//! contacts about open families.

use super::super::faults::words;
use super::super::file::{ScenarioFile, StageFile, TeamFile};
use super::super::model::{Oversight, Quantity, Support, Unit, WorkerGroup};
use super::super::number::RawNumber;
use super::super::people::{OversightFile, SupportFile};
use super::super::tree::Path;
use super::Context;
use super::figures::{DAYS, FTE, HOURS, POSITIVE_FACTOR, POSITIVE_SHARE, SHARE, WEEKLY_HOURS};

/// The id of the unit of a team's floating staff.
const FLOATING: &str = "floating";

impl Context<'_> {
    /// What an hour of a unit's time is worth.
    pub(super) fn productivity(&mut self, path: &Path, given: Option<&RawNumber>) -> Quantity {
        self.number(&path.key("productivity"), given, 1.0, &POSITIVE_FACTOR)
    }

    /// A shared unit already takes families of all its areas.
    pub(super) fn no_floating(&mut self, path: &Path, given: &TeamFile) {
        if given.floating.is_some() {
            let message = "this team is one unit, so nobody floats between its units";
            let help = "count them in `fte`, or set serves = \"each_area\"";
            self.fault_at_key(&path.key("floating"), words(message, help));
        }
    }

    /// The unit of a team's floating staff; the units of its areas begin at `first`.
    pub(super) fn floating(
        &mut self,
        path: &Path,
        team: usize,
        given: &TeamFile,
        first: usize,
    ) -> Option<Unit> {
        let floating = given.floating.as_ref()?;
        let productivity = self.productivity(path, given.productivity.as_ref());
        let path = path.key("floating");
        if self.names.areas.iter().any(|area| area == FLOATING) {
            let message = "an area is called `floating`, as this unit would be in the results";
            self.fault_at_key(&path, words(message, "rename the area's id"));
        }
        let areas = match &floating.areas {
            Some(names) => self.subset(&path.key("areas"), names, true),
            None => (0..self.names.areas.len()).collect(),
        };
        let group = WorkerGroup {
            fte: self.required(&path.key("fte"), floating.fte.as_ref(), &FTE),
            fte_each: self.plain(&path.key("fte_each"), floating.fte_each, 1.0, &POSITIVE_SHARE),
            experience: self.number(
                &path.key("experience"),
                floating.experience.as_ref(),
                1.0,
                &POSITIVE_FACTOR,
            ),
            grade: None,
        };
        Some(Unit {
            team,
            areas: Vec::new(),
            id: FLOATING.to_owned(),
            workers: vec![group],
            productivity,
            helps: areas.into_iter().map(|area| first + area).collect(),
        })
    }

    /// Days held by two after a step down, which only a level can tell.
    pub(super) fn overlap_days(&mut self, path: &Path, given: &StageFile) -> Quantity {
        let key = path.key("overlap_days");
        if given.overlap_days.is_some() && given.team.is_some() && given.level.unwrap_or(0) == 0 {
            let message = "families overlap when they step down, but this stage has no `level`";
            let help = "give `level` here, other than 0: a move to a lower level is a step down";
            if !self.is_touched(&path.key("level")) {
                self.fault_at_key(&key, words(message, help));
            }
        }
        self.of_team(given.team.is_some(), &key, given.overlap_days.as_ref(), 0.0, &DAYS)
    }

    /// Hours of a contact about an open family; they need no figure where there are no such contacts.
    pub(super) fn open_contact_hours(&mut self, path: &Path, given: &StageFile) -> Quantity {
        let hours = given.open_contact_hours.as_ref();
        if given.open_contacts.is_none() && given.team.is_some() && hours.is_some() {
            self.notes
                .push(format!("{path}: there are no open_contacts, so open_contact_hours changes nothing"));
        }
        self.of_team(given.open_contacts.is_some(), &path.key("open_contact_hours"), hours, 0.5, &HOURS)
    }

    /// A team named in a table that is nothing without it.
    fn needed_team(&mut self, path: &Path, given: Option<&str>, wanted: &str) -> Option<usize> {
        let path = path.key("team");
        if given.is_none() {
            self.fault(&path, words("`team` is missing", wanted));
        }
        given.and_then(|team| self.find_team(&path, team))
    }

    /// Work that another team's pooled hours do.
    pub(super) fn support(
        &mut self,
        file: &ScenarioFile,
        path: &Path,
        given: &SupportFile,
    ) -> Option<Support> {
        let team = self.needed_team(path, given.team.as_deref(), "name the team whose hours are pooled");
        let holds = |stage: &&str| file.stages.get(*stage).is_some_and(|stage| stage.team == given.team);
        let held = file.stages.keys().map(String::as_str).find(holds);
        if let (Some(team), Some(held)) = (&given.team, held) {
            let message = format!("`{team}` holds families itself, in [stages.{held}]");
            let help = "support comes from a team that holds no stage: all its hours are pooled";
            self.fault(&path.key("team"), words(message, help));
        }
        let hours_per_child =
            self.required(&path.key("hours_per_child"), given.hours_per_child.as_ref(), &WEEKLY_HOURS);
        let spill_share = self.number(&path.key("spill_share"), given.spill_share.as_ref(), 1.0, &SHARE);
        team.map(|team| Support { team, hours_per_child, spill_share })
    }

    /// Hours that another team's workers give to the cases of a stage.
    pub(super) fn oversight(
        &mut self,
        file: &ScenarioFile,
        path: &Path,
        given: &OversightFile,
        stage: &StageFile,
    ) -> Option<Oversight> {
        let team = self.needed_team(path, given.team.as_deref(), "name the team that oversees");
        let supports = |other: &StageFile| {
            given.team.is_some() && other.support.as_ref().is_some_and(|support| support.team == given.team)
        };
        if given.team.is_some() && given.team == stage.team {
            let message = "this team holds the stage, so it cannot oversee it as well";
            let help = "name another team; supervision within a team is in its `workforce`";
            self.fault(&path.key("team"), words(message, help));
        } else if file.stages.values().any(supports) {
            let message = "this team gives its pooled hours to `support`, so none oversee";
            self.fault(&path.key("team"), words(message, "name another team"));
        }
        let hours = self.required(&path.key("hours"), given.hours.as_ref(), &WEEKLY_HOURS);
        team.map(|team| Oversight { team, hours })
    }
}
