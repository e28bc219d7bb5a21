//! The weekly measures that standards, precision targets, published figures and results may name.

/// Measures that need nothing named in them.
pub const MEASURES: [&str; 32] = [
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
    "fte_holding",
    "fte_in_post",
    "fte_sick",
    "fte_vacant",
    "hidden_need_families",
    "hours_available",
    "hours_needed",
    "hours_short",
    "leavers",
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

/// Identifiers that measures may end in.
pub(super) struct MeasureIds<'a> {
    pub sources: &'a [String],
    pub stages: &'a [String],
    pub clocks: &'a [String],
    pub ends: &'a [String],
}

/// Whether a measure exists, given the scenario's sources, stages, clocks and ends.
pub(super) fn is_measure(name: &str, ids: &MeasureIds) -> bool {
    let of = |prefix: &str, known: &[String]| {
        name.strip_prefix(prefix).is_some_and(|rest| known.iter().any(|id| id == rest))
    };
    MEASURES.contains(&name)
        || name == WAITING_FAMILIES
        || of("arrivals_", ids.sources)
        || of("open_families_", ids.stages)
        || of("open_children_", ids.stages)
        || of("entries_", ids.stages)
        || of("ends_", ids.ends)
        || of("on_time_share_", ids.clocks)
}

/// How a measure may be added up and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureKind {
    /// A count of events: those of several weeks, or of several teams, add up.
    Total,
    /// A level: weeks average, and those of several teams add up.
    Level,
    /// A share, a quotient, a percentile or a maximum: nothing adds up.
    Other,
}

/// What kind of measure goes by a name.
pub fn measure_kind(name: &str) -> MeasureKind {
    const TOTALS: [&str; 14] = [
        "allocations",
        "arrivals",
        "changes_of_worker",
        "completions",
        "contacts_decided",
        "cost",
        "escalations",
        "leavers",
        "losses",
        "re_referrals",
        "referrals",
        "step_downs",
        "step_ups",
        "transfers",
    ];
    const OTHERS: [&str; 9] = [
        "children_per_fte",
        "contact_wait_p90_working_days",
        "families_per_fte",
        "longest_wait_days",
        "share_workers_over_limit",
        "wait_mean_days",
        "wait_p90_days",
        "waited_share",
        "stay_mean_days",
    ];
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    if TOTALS.contains(&name) || starts(&["arrivals_", "entries_", "ends_"]) {
        MeasureKind::Total
    } else if OTHERS.contains(&name) || starts(&["on_time_share_", "stay_mean_days_"]) {
        MeasureKind::Other
    } else {
        MeasureKind::Level
    }
}

/// Who is measured by a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasuredOf {
    /// The area, or the council, as a whole.
    Area,
    /// A desk.
    Desk,
    /// A caseload team.
    Team,
}

/// Whether a measure is one of an area's, a desk's or a team's.
pub fn is_measured_of(name: &str, of: MeasuredOf) -> bool {
    const OF_AREA: [&str; 12] = [
        "arrivals",
        "contact_wait_p90_working_days",
        "contacts_decided",
        "cost",
        "hidden_need_families",
        "open_children",
        "open_families",
        "re_referrals",
        "referrals",
        "step_downs",
        "step_ups",
        WAITING_FAMILIES,
    ];
    const OF_DESK: [&str; 10] = [
        "allocations",
        "arrivals",
        "completions",
        "cost",
        "longest_wait_days",
        "open_families",
        "wait_mean_days",
        "wait_p90_days",
        "waited_share",
        WAITING_FAMILIES,
    ];
    const ONLY_OF_AREA: [&str; 7] = [
        "contact_wait_p90_working_days",
        "contacts_decided",
        "hidden_need_families",
        "re_referrals",
        "referrals",
        "step_downs",
        "step_ups",
    ];
    let named = ["arrivals_", "open_families_", "open_children_", "entries_", "ends_", "on_time_share_"]
        .iter()
        .chain(&["stay_mean_days_"])
        .any(|prefix| name.starts_with(prefix));
    match of {
        MeasuredOf::Area => named || OF_AREA.contains(&name),
        MeasuredOf::Desk => !named && OF_DESK.contains(&name),
        MeasuredOf::Team => !named && !ONLY_OF_AREA.contains(&name),
    }
}
