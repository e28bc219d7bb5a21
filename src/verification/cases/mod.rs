//! The list of cases, by subject.

mod changing;
mod demand;
mod laws;
mod networks;
mod people;
mod reference;
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
        networks::FEEDBACK,
        networks::JOINED_CHECKS,
        demand::NOISE,
        demand::SCHOOLS,
        networks::ROUTING,
        changing::DATED_DESK,
    ];
    list.extend(laws::LAWS);
    list.push(reference::REFERENCE);
    list
}
