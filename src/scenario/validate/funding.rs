//! What `caseflow fund` shares out, and how.

use std::collections::BTreeMap;

use super::super::faults::{suggestion, words};
use super::super::file::ScenarioFile;
use super::super::funding::FundingFile;
use super::super::model::{Blend, Formula, FundingRules};
use super::super::tree::Path;
use super::figures::{Limits, SHARE};
use super::splits::tidy;
use super::{Context, is_id};

const TOTAL: Limits = Limits::over(0.0, 1e10, "pounds a year: over 0, at most 10,000,000,000");

/// How far shares may be from 1 together.
const ROUNDING: f64 = 1e-6;

impl Context<'_> {
    /// Reads `[funding]`.
    pub(super) fn funding(&mut self, file: &ScenarioFile) -> FundingRules {
        let usual = FundingRules::default();
        let Some(given) = &file.funding else { return usual };
        let path = Path::of(&["funding"]);
        let mut figure = |key: &str, raw: &Option<_>, limits: &Limits| {
            raw.as_ref().map(|raw| self.threshold(&path.key(key), raw, limits))
        };
        let total = figure("total_per_year", &given.total_per_year, &TOTAL);
        let next = figure("next", &given.next, &TOTAL).unwrap_or(usual.next);
        let floor = figure("floor", &given.floor, &SHARE).unwrap_or(usual.blend.floor);
        let damping = figure("damping", &given.damping, &SHARE).unwrap_or(usual.blend.damping);
        let roles = given.roles.as_ref().map(|roles| self.shared_roles(&path.key("roles"), roles, file));
        let shares = match &given.blend {
            Some(blend) => self.blend(&path.key("blend"), blend, file),
            None => usual.blend.shares,
        };
        FundingRules {
            total,
            roles,
            objective: given.objective.unwrap_or_default(),
            next,
            blend: Blend { shares, floor, damping },
            splits: self.splits_proposed(&path.key("splits"), given),
        }
    }

    /// Roles of teams, sorted, each at most once.
    fn shared_roles(&mut self, path: &Path, roles: &[String], file: &ScenarioFile) -> Vec<String> {
        let known: Vec<String> =
            file.teams.iter().map(|(id, team)| team.role.clone().unwrap_or_else(|| id.clone())).collect();
        if roles.is_empty() {
            let help = "name at least one, or leave the line out for those of [staffing]";
            self.fault(path, words("the list is empty", help));
        }
        for (index, role) in roles.iter().enumerate().filter(|(_, role)| !known.contains(role)) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let message = format!("no team has the role \"{role}\"");
            self.fault(&path.item(index), words(message, suggestion(role, &known)));
        }
        let mut roles = roles.to_vec();
        roles.sort();
        roles.dedup();
        roles
    }

    fn blend(
        &mut self,
        path: &Path,
        given: &BTreeMap<String, f64>,
        file: &ScenarioFile,
    ) -> Vec<(Formula, f64)> {
        let mut shares = Vec::new();
        for (id, &share) in given {
            let path = path.key(id);
            let Some(formula) = Formula::ALL.into_iter().find(|formula| formula.id() == id) else {
                let known = Formula::ALL.map(Formula::id);
                let message = format!("there is no formula \"{id}\"");
                self.fault_at_key(&path, words(message, suggestion(id, &known)));
                continue;
            };
            let lacks_meals = file.areas.values().any(|area| area.free_school_meals.is_none());
            if formula == Formula::FreeSchoolMeals && lacks_meals {
                let help = "give every area `free_school_meals`, the share of its children who are eligible";
                self.fault_at_key(&path, words("not every area says how many children are eligible", help));
            }
            self.share_of_split(&path, share);
            shares.push((formula, share));
        }
        self.sums_to_one(path, given.values().sum());
        shares
    }

    fn splits_proposed(&mut self, path: &Path, given: &FundingFile) -> Vec<(String, Vec<f64>)> {
        let mut splits = Vec::new();
        for (id, shares) in &given.splits {
            let path = path.key(id);
            let taken = Formula::ALL.iter().any(|formula| formula.id() == id)
                || ["now", "blend", "optimised_worst_area", "optimised_waiting"].contains(&id.as_str());
            if taken || !is_id(id, false) {
                let help = "call the split by a name of its own, of a-z, 0-9 and _";
                self.fault_at_key(&path, words(format!("\"{id}\" cannot name a split"), help));
            }
            let mut by_area = vec![0.0; self.names.areas.len()];
            for (area, &share) in shares {
                let path = path.key(area);
                self.share_of_split(&path, share);
                if let Some(area) = self.find_area(&path, area) {
                    by_area[area] = share;
                }
            }
            self.sums_to_one(&path, shares.values().sum());
            splits.push((id.clone(), by_area));
        }
        splits
    }

    fn share_of_split(&mut self, path: &Path, share: f64) {
        if !(0.0..=1.0).contains(&share) {
            let help = "a share from 0 to 1, such as 0.25";
            self.fault(path, words(format!("{share} is not a share"), help));
        }
    }

    fn sums_to_one(&mut self, path: &Path, sum: f64) {
        if !self.is_touched(path) && (sum - 1.0).abs() > ROUNDING {
            let help = "let the shares sum to 1: what is left out gets nothing";
            self.fault_at_key(path, words(format!("the shares sum to {}", tidy(sum)), help));
        }
    }
}
