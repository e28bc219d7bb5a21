//! How `caseflow staff` looks for posts.

use super::super::faults::{suggestion, words};
use super::super::file::{PostBoundsFile, ScenarioFile};
use super::super::model::{DeskUnit, PostBounds, StaffingRules, Team, Unit};
use super::super::tree::Path;
use super::Context;
use super::figures::Limits;

const STEP: Limits = Limits::between(0.1, 10.0, "full-time equivalents from 0.1 to 10, such as 0.5");
const POSTS: Limits = Limits::between(0.0, 100_000.0, "full-time equivalents: 0 or more");

impl Context<'_> {
    pub(super) fn staffing(
        &mut self,
        file: &ScenarioFile,
        teams: &[Team],
        units: (&[Unit], &[DeskUnit]),
    ) -> StaffingRules {
        let usual = StaffingRules::default();
        let Some(given) = &file.staffing else { return usual };
        let path = Path::of(&["staffing"]);
        let step = match &given.step {
            Some(step) => self.threshold(&path.key("step"), step, &STEP),
            None => usual.step,
        };
        let roles = given.roles.as_ref().map(|roles| self.sought(&path.key("roles"), roles, teams));
        let mut bounds = Vec::new();
        for (holder, of_holder) in &given.posts {
            let path = path.key("posts").key(holder);
            let Some(known) = self.units_of_holder(&path, holder, units) else { continue };
            for (unit, given) in of_holder {
                let path = path.key(unit);
                if known.iter().any(|id| id == unit) {
                    bounds.push(self.post_bounds(&path, holder, unit, given));
                } else {
                    let known: Vec<&str> = known.iter().map(String::as_str).collect();
                    let message = format!("`{holder}` has no unit \"{unit}\"");
                    self.fault_at_key(&path, words(message, suggestion(unit, &known)));
                }
            }
        }
        StaffingRules { step, roles, worst_weeks: given.worst_four_weeks.unwrap_or(false), bounds }
    }

    /// Roles and desks, sorted, each at most once.
    fn sought(&mut self, path: &Path, roles: &[String], teams: &[Team]) -> Vec<String> {
        let mut known: Vec<String> = teams.iter().map(|team| team.role.clone()).collect();
        known.extend(self.names.desks.iter().cloned());
        if roles.is_empty() {
            let help = "name at least one, or leave the line out for all";
            self.fault(path, words("the list is empty", help));
        }
        for (index, role) in roles.iter().enumerate() {
            if !known.contains(role) {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                let message = format!("no team has the role \"{role}\", and no desk that name");
                self.fault(&path.item(index), words(message, suggestion(role, &known)));
            }
        }
        let mut roles = roles.to_vec();
        roles.sort();
        roles.dedup();
        roles
    }

    /// The units of a team or desk, or a fault.
    fn units_of_holder(
        &mut self,
        path: &Path,
        holder: &str,
        (units, desk_units): (&[Unit], &[DeskUnit]),
    ) -> Option<Vec<String>> {
        if let Ok(team) = self.names.teams.binary_search_by(|id| id.as_str().cmp(holder)) {
            return Some(units.iter().filter(|unit| unit.team == team).map(|unit| unit.id.clone()).collect());
        }
        if let Ok(desk) = self.names.desks.binary_search_by(|id| id.as_str().cmp(holder)) {
            let of_desk = desk_units.iter().filter(|unit| unit.desk == desk);
            return Some(of_desk.map(|unit| unit.id.clone()).collect());
        }
        let known: Vec<&str> = self.names.teams.iter().chain(&self.names.desks).map(String::as_str).collect();
        let help = suggestion(holder, &known);
        self.fault_at_key(path, words(format!("there is no team or desk \"{holder}\""), help));
        None
    }

    fn post_bounds(&mut self, path: &Path, holder: &str, unit: &str, given: &PostBoundsFile) -> PostBounds {
        let mut bound = |key: &str, figure: &Option<_>, usual: f64| {
            figure.as_ref().map_or(usual, |figure| self.threshold(&path.key(key), figure, &POSTS))
        };
        let least = bound("least", &given.least, 0.0);
        let most = bound("most", &given.most, f64::INFINITY);
        if least > most {
            let help = "let `most` be at least `least`";
            self.fault(&path.key("most"), words(format!("at least {least} and at most {most}"), help));
        }
        PostBounds { holder: holder.to_owned(), unit: unit.to_owned(), least, most }
    }
}
