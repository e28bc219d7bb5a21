//! The list of cases, by subject.

mod caseload;
mod changing;
mod dates;
mod demand;
mod interventions;
mod laws;
mod networks;
mod other_teams;
mod people;
mod reference;
mod stays;
mod stations;

use super::Case;

/// All exact cases, in the order of the table.
pub fn cases() -> Vec<Case> {
    let mut list = vec![
        stations::DESK,
        stations::TEAM,
        changing::NO_LIMITS,
        stations::SHARED_WORKER,
        stations::PRIORITIES,
        stations::GIVING_UP,
        people::WORKFORCE,
        other_teams::OTHER_TEAMS,
        networks::FEEDBACK,
        networks::JOINED_CHECKS,
        demand::NOISE,
        demand::SCHOOLS,
        networks::ROUTING,
        changing::DATED_DESK,
        caseload::URGENT_FIRST,
        caseload::SHORT_HOURS,
        stays::REVIEWS,
        stays::OPEN_CASES,
        dates::WORKING_HOURS,
        caseload::TRANSFERS,
        stays::RETURNS,
        dates::CHANGING_DEMAND,
        interventions::INTERVENTIONS,
    ];
    list.extend(laws::LAWS);
    list.push(reference::REFERENCE);
    list
}
