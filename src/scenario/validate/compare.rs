//! By what `caseflow compare` judges.

use super::super::compare::CriterionFile;
use super::super::faults::{suggestion, words};
use super::super::file::ScenarioFile;
use super::super::model::{Better, CompareRules, Criterion, FAMILY_WEEKS_WAITING, STANDARDS_MET};
use super::super::tree::Path;
use super::Context;

impl Context<'_> {
    /// Reads `[compare]`. Whether a criterion is measured where it says is known when there is a layout.
    pub(super) fn compare(&mut self, file: &ScenarioFile) -> CompareRules {
        let path = Path::of(&["compare", "criteria"]);
        let Some(given) = file.compare.as_ref().and_then(|compare| compare.criteria.as_ref()) else {
            return CompareRules::default();
        };
        if given.is_empty() {
            let help = "name at least one, or leave the line out for the usual ones";
            self.fault(&path, words("the list is empty", help));
        }
        let mut criteria: Vec<Criterion> = Vec::new();
        for (index, given) in given.iter().enumerate() {
            let path = path.item(index);
            let Some(criterion) = self.criterion(&path, given) else { continue };
            let same = |other: &Criterion| {
                (&other.measure, &other.holder, &other.area)
                    == (&criterion.measure, &criterion.holder, &criterion.area)
            };
            if criteria.iter().any(same) {
                self.fault(&path, words("this criterion stands above already", "name each once"));
            }
            criteria.push(criterion);
        }
        CompareRules { criteria: Some(criteria) }
    }

    fn criterion(&mut self, path: &Path, given: &CriterionFile) -> Option<Criterion> {
        let Some(measure) = &given.measure else {
            if !self.is_touched(path) {
                let help = "name what is looked at, such as measure = \"waiting_families\"";
                self.fault(&path.key("measure"), words("`measure` is missing", help));
            }
            return None;
        };
        let special = [FAMILY_WEEKS_WAITING, STANDARDS_MET].contains(&measure.as_str());
        if !special {
            self.check_measure(&path.key("measure"), measure);
        }
        if let Some(team) = &given.team {
            let known: Vec<String> = self.names.teams.iter().chain(&self.names.desks).cloned().collect();
            if measure == STANDARDS_MET {
                let help = "promises belong to areas: name an area, or neither";
                self.fault(&path.key("team"), words("`team` has no meaning here", help));
            } else if !known.contains(team) {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                let message = format!("there is no team or desk \"{team}\"");
                self.fault(&path.key("team"), words(message, suggestion(team, &known)));
            }
        }
        if let Some(area) = &given.area {
            self.find_area(&path.key("area"), area);
        }
        if given.weight.is_some_and(|weight| !(0.0..=1e9).contains(&weight)) {
            let help = "what one unit of the measure is worth: 0 or more, at most 1,000,000,000";
            self.fault(&path.key("weight"), words("this cannot be a weight", help));
        }
        Some(Criterion {
            measure: measure.clone(),
            holder: given.team.clone(),
            area: given.area.clone(),
            better: given.better.unwrap_or_else(|| Better::usual(measure)),
            weight: given.weight,
        })
    }
}
