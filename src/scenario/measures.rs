//! The weekly measures that standards, precision targets and results may name.

/// Measures that need nothing named in them.
pub const MEASURES: [&str; 29] = [
    "allocations",
    "arrivals",
    "changes_of_worker",
    "children_per_fte",
    "completions",
    "contact_wait_p90_working_days",
    "contacts_decided",
    "cost",
    "escalations",
    "families_per_fte",
    "fte_absent",
    "fte_agency",
    "fte_in_post",
    "fte_vacant",
    "hidden_need_families",
    "hours_available",
    "hours_needed",
    "hours_short",
    "longest_wait_days",
    "losses",
    "open_children",
    "open_families",
    "re_referrals",
    "referrals",
    "share_workers_over_limit",
    "step_downs",
    "step_ups",
    "transfers",
    "wait_mean_days",
];

/// A measure that every scenario has as well: families in a queue.
pub const WAITING_FAMILIES: &str = "waiting_families";

/// Whether a measure exists, given the scenario's sources, stages and clocks.
pub(super) fn is_measure(name: &str, sources: &[String], stages: &[String], clocks: &[String]) -> bool {
    let of = |prefix: &str, known: &[String]| {
        name.strip_prefix(prefix).is_some_and(|rest| known.iter().any(|id| id == rest))
    };
    MEASURES.contains(&name)
        || name == WAITING_FAMILIES
        || of("arrivals_", sources)
        || of("open_families_", stages)
        || of("open_children_", stages)
        || of("on_time_share_", clocks)
}
