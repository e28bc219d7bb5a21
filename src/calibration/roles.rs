//! Which stage of a scenario each list of an extract is about, and which of its sources each code.
//!
//! Consumes a valid scenario; produces [`Roles`]. Scenarios name their stages and sources themselves, so this goes
//! by the names of the pathway that comes with the program and by the usual other ones. **Invariant:** what no
//! list is about has no role: it is left as it is, and said so.

use crate::extracts::records::{List, Outcome, ReferralSource};
use crate::scenario::{Destination, EndId, Scenario, SourceId, StageId};

/// Identifiers by which the stage of each list is known, the likeliest first.
const STAGES: [(List, &[&str]); 7] = [
    (List::Referral, &["referral"]),
    (List::Assessment, &["assessment", "child_and_family_assessment", "single_assessment"]),
    (List::Section47, &["section_47", "section_47_enquiry", "s47"]),
    (List::ChildInNeed, &["child_in_need", "child_in_need_plan", "cin"]),
    (List::ProtectionPlan, &["child_protection_plan", "child_protection", "cp_plan"]),
    (List::LookedAfter, &["looked_after", "children_looked_after", "in_care"]),
    (List::EarlyHelpAssessment, &["early_help_assessment"]),
];

/// Identifiers of the initial child protection conference.
const CONFERENCE: [&str; 3] = ["conference", "initial_conference", "icpc"];

/// What the identifiers of early help's stages begin with.
const EARLY_HELP: &str = "early_help";

/// For each group of codes, the sources that may stand for it, the likeliest first; then "other".
const SOURCES: [(ReferralSource, &[&str]); 10] = [
    (ReferralSource::Education, &["school", "schools", "education"]),
    (ReferralSource::Police, &["police"]),
    (ReferralSource::Health, &["health"]),
    (ReferralSource::Council, &["council", "local_authority"]),
    (ReferralSource::Housing, &["housing", "council", "local_authority"]),
    (ReferralSource::Individual, &["individual", "individuals", "family", "families", "public"]),
    (ReferralSource::Anonymous, &["anonymous", "individual", "individuals", "family", "families", "public"]),
    (ReferralSource::Legal, &["legal", "courts"]),
    (ReferralSource::Other, &["other"]),
    (ReferralSource::Unknown, &["unknown"]),
];

/// What each stage and source stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Roles {
    /// For each stage, the list whose rows are stays in it.
    pub list_of: Vec<Option<List>>,
    /// The initial conference: the list of enquiries tells its outcome.
    pub conference: Option<StageId>,
    /// Stages of early help after its assessment; the early help file has one row for all of them together.
    pub early_help: Vec<StageId>,
}

impl Roles {
    /// Reads a scenario's names.
    pub fn of(scenario: &Scenario) -> Self {
        let find = |names: &[&str]| {
            names.iter().find_map(|name| scenario.stages.iter().position(|stage| stage.id == **name))
        };
        let mut list_of = vec![None; scenario.stages.len()];
        for (list, names) in STAGES {
            if let Some(stage) = find(names) {
                list_of[stage] = Some(list);
            }
        }
        let early_help: Vec<StageId> = (0..scenario.stages.len())
            .filter(|&stage| list_of[stage].is_none() && scenario.stages[stage].id.starts_with(EARLY_HELP))
            .collect();
        for &stage in &early_help {
            list_of[stage] = Some(List::EarlyHelp);
        }
        Self { list_of, conference: find(&CONFERENCE), early_help }
    }

    /// The stage of a list, where exactly one is.
    pub fn stage(&self, list: List) -> Option<StageId> {
        let mut of = (0..self.list_of.len()).filter(|&stage| self.list_of[stage] == Some(list));
        of.next().filter(|_| of.next().is_none())
    }

    /// The list of the stage to which a destination leads; the conference counts as the enquiries' outcome.
    pub fn leads_to(&self, to: Destination) -> Option<List> {
        match to {
            Destination::Stage(stage) => self.list_of[stage],
            Destination::End(_) => None,
        }
    }
}

/// What an extract says of a case that ended this way.
pub fn outcome_of_end(scenario: &Scenario, end: EndId) -> Outcome {
    let id = scenario.ends[end].id.as_str();
    let has = |words: &[&str]| words.iter().any(|word| id.contains(word));
    if has(&["no_further_action", "not_in_need"]) {
        Outcome::NoFurtherAction
    } else if has(&["disengaged", "declined", "gave_up"]) {
        Outcome::Disengaged
    } else {
        Outcome::OutcomesMet
    }
}

/// The scenario's source for a group of codes; `None` where it has none that could be meant.
pub fn source_of(scenario: &Scenario, group: ReferralSource) -> Option<SourceId> {
    let find = |name: &str| scenario.sources.iter().position(|source| source.id == name);
    let names = SOURCES.iter().find(|(known, _)| *known == group).map_or(&[] as &[&str], |(_, names)| names);
    names.iter().copied().chain(["other"]).find_map(find).or((scenario.sources.len() == 1).then_some(0))
}

/// The group of codes that stands for a source in an extract made from the scenario.
pub fn group_of(scenario: &Scenario, source: SourceId) -> ReferralSource {
    let meant = |(group, _): &(ReferralSource, &[&str])| source_of(scenario, *group) == Some(source);
    SOURCES.iter().find(|entry| meant(entry)).map_or(ReferralSource::Unknown, |(group, _)| *group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_pathway_is_known_by_its_names() {
        let scenario = crate::scenario::load(
            &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/england_average.toml"),
            &[],
        )
        .expect("valid");
        let roles = Roles::of(&scenario);
        let id = |list| roles.stage(list).map(|stage| scenario.stages[stage].id.as_str());
        assert_eq!(id(List::Assessment), Some("assessment"));
        assert_eq!(id(List::ProtectionPlan), Some("child_protection_plan"));
        assert_eq!(id(List::EarlyHelp), None, "three stages share the early help file");
        assert_eq!(roles.early_help.len(), 3);
        assert!(roles.conference.is_some());
        for source in 0..scenario.sources.len() {
            assert_eq!(source_of(&scenario, group_of(&scenario, source)), Some(source));
        }
        let id = |group| source_of(&scenario, group).map(|source| scenario.sources[source].id.as_str());
        assert_eq!(id(ReferralSource::Housing), Some("council"));
        assert_eq!(id(ReferralSource::Anonymous), Some("individual"));
        assert_eq!(id(ReferralSource::Legal), Some("other"));
    }
}
