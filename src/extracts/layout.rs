//! What the lists look like: the columns of each, and other names they go by.
//!
//! Columns of lists 1 to 11 are those of Ofsted's child-level data template ("Annex A", August 2019), those of the
//! looked-after return are the Department for Education's. Contains public sector information licensed under the
//! Open Government Licence v3.0. The early help file has no standard: its columns are this program's own.

mod annex_a;

use super::records::List;

/// What a column is read for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Child,
    Family,
    Start,
    End,
    Source,
    /// Whether a referral was closed at once.
    ClosedAtOnce,
    /// Whether an assessment found need.
    Needed,
    /// Whether a conference was found unnecessary.
    Unnecessary,
    /// Whether a conference made a plan.
    Planned,
    /// Why it ended.
    Reason,
    /// A child's status in the list of children in need.
    Status,
    /// Why a looked-after episode began.
    New,
    LegalStatus,
    Team,
    Ward,
    Neighbourhood,
    Postcode,
    /// A day in the past, read only because the latest shows when the extract was made.
    Seen,
    /// Known, and not read.
    Known,
}

/// A column of a layout.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) role: Role,
    /// Without it nothing can be made of a row.
    pub(super) required: bool,
    pub(super) synonyms: &'static [&'static str],
}

/// What a file or sheet can be taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Rows(List),
    /// Looked-after episodes, which are joined to periods.
    Episodes,
    /// Known, and nothing is read from it.
    NotRead,
}

/// A kind of list.
pub(super) struct Layout {
    pub(super) name: &'static str,
    /// The number of the list in Annex A.
    pub(super) number: Option<u32>,
    pub(super) kind: Kind,
    pub(super) columns: Vec<Column>,
}

const fn column(name: &'static str, role: Role, required: bool, synonyms: &'static [&'static str]) -> Column {
    Column { name, role, required, synonyms }
}

const fn known(name: &'static str) -> Column {
    column(name, Role::Known, false, &[])
}

const fn seen(name: &'static str) -> Column {
    column(name, Role::Seen, false, &[])
}

const CHILD: Column = column(
    "Child Unique ID",
    Role::Child,
    true,
    &[
        "Child ID",
        "Childs ID",
        "LA Child ID",
        "LA Child Unique ID",
        "Unique ID",
        "Unique Child ID",
        "Child Identifier",
        "Child Unique Identifier",
        "Unique Identifier",
        "Child Reference",
        "Child Ref",
        "Child Number",
        "Child UID",
        "Person ID",
        "Client ID",
        "Child",
        "Childs Unique ID",
        "Pseudonymised Child ID",
        "Child System ID",
    ],
);
const TEAM: Column = column(
    "Allocated Team",
    Role::Team,
    false,
    &["Team", "Team name", "Allocated Team Name", "Responsible Team", "Current Team"],
);

/// Columns that councils add, read where `--areas` needs them.
fn places() -> Vec<Column> {
    vec![
        column("Ward", Role::Ward, false, &["Ward name", "Ward code", "Home ward", "Electoral ward"]),
        column(
            "LSOA",
            Role::Neighbourhood,
            false,
            &["LSOA code", "LSOA11", "LSOA21", "LSOA name", "Home LSOA"],
        ),
        column(
            "Home postcode",
            Role::Postcode,
            false,
            &["Postcode", "Post code", "Postcode sector", "Home post code", "Childs postcode"],
        ),
    ]
}

/// Columns with which each of lists 1 to 9 opens.
fn opening() -> Vec<Column> {
    vec![
        CHILD,
        column("Gender", Role::Known, false, &["Sex"]),
        column("Ethnicity", Role::Known, false, &["Ethnic origin"]),
        column("Date of Birth", Role::Known, false, &["DOB", "Birth date"]),
        column("Age of Child (Years)", Role::Known, false, &["Age"]),
    ]
}

/// A list that is known and not read: any of these columns, together, tell it.
fn not_read(
    number: Option<u32>,
    name: &'static str,
    telling: &[&'static str],
    others: &[&'static str],
) -> Layout {
    let told = telling.iter().map(|name| Column { required: true, ..known(name) });
    let columns = told.chain(others.iter().map(|name| known(name))).collect();
    Layout { name, number, kind: Kind::NotRead, columns }
}

fn episodes() -> Layout {
    let columns = vec![
        column("CHILD", Role::Child, true, &["Child ID", "Child Unique ID", "LA child ID"]),
        column(
            "DECOM",
            Role::Start,
            true,
            &["Date episode commenced", "Episode start date", "Date episode started"],
        ),
        column("RNE", Role::New, false, &["Reason for new episode"]),
        column("LS", Role::LegalStatus, false, &["Legal status"]),
        column("DEC", Role::End, false, &["Date episode ceased", "Episode end date", "Date episode ended"]),
        column("REC", Role::Reason, false, &["Reason episode ceased"]),
        column("HOME_POST", Role::Postcode, false, &["Home postcode", "Home post code"]),
        known("CIN"),
        known("PLACE"),
        known("PLACE_PROVIDER"),
        known("REASON_PLACE_CHANGE"),
        known("PL_POST"),
        known("URN"),
        column("Team", Role::Team, false, TEAM.synonyms),
        column("Ward", Role::Ward, false, &["Ward name", "Ward code"]),
        column("LSOA", Role::Neighbourhood, false, &["LSOA code", "LSOA11", "LSOA21"]),
    ];
    Layout { name: "SSDA903 episodes", number: None, kind: Kind::Episodes, columns }
}

fn early_help() -> Layout {
    let mut columns = vec![
        column("child_id", Role::Child, false, CHILD.synonyms),
        column(
            "family_id",
            Role::Family,
            false,
            &["Family", "Family identifier", "Family reference", "Household ID", "Group ID", "Family number"],
        ),
        column(
            "start",
            Role::Start,
            true,
            &[
                "Start date",
                "Episode start date",
                "Early help start date",
                "EH start date",
                "Case start date",
                "Date opened",
                "Open date",
                "Opened",
                "Date started",
            ],
        ),
        column(
            "end",
            Role::End,
            true,
            &[
                "End date",
                "Episode end date",
                "Early help end date",
                "EH end date",
                "Case end date",
                "Closed",
                "Close date",
                "Closure date",
                "Date closed",
                "Date ended",
            ],
        ),
        column(
            "end_reason",
            Role::Reason,
            false,
            &["Reason for ending", "Closure reason", "Reason for closure", "Reason closed", "End outcome"],
        ),
        column(
            "source",
            Role::Source,
            false,
            &["Referral source", "Request source", "Referred by", "Source of referral"],
        ),
        column(
            "worker",
            Role::Known,
            false,
            &["Lead professional", "Keyworker", "Key worker", "Allocated worker", "Lead practitioner"],
        ),
        TEAM,
    ];
    columns.extend(places());
    columns.extend(opening().into_iter().skip(1));
    Layout { name: "early help file", number: None, kind: Kind::Rows(List::EarlyHelp), columns }
}

/// Everything that can be told.
pub(super) fn all() -> Vec<Layout> {
    let mut all = vec![
        annex_a::contacts(),
        annex_a::early_help_assessments(),
        annex_a::referrals(),
        annex_a::assessments(),
        annex_a::enquiries(),
        annex_a::in_need(),
        annex_a::protection_plans(),
        annex_a::looked_after(),
        episodes(),
        early_help(),
    ];
    all.extend([
        not_read(
            Some(9),
            "list 9, care leavers",
            &["Eligibility Category", "LA In Touch"],
            &[
                "Child Unique ID",
                "Gender",
                "Ethnicity",
                "Date of Birth",
                "Age of Child (Years)",
                "Allocated Team",
                "Allocated Worker",
                "Type of Accommodation",
                "Suitability of Accommodation",
                "Activity Status",
                "Does the Child have a Disability",
            ],
        ),
        not_read(
            Some(10),
            "list 10, adoption",
            &["Date the Child Entered Care", "Date of Adoption Order"],
            &[
                "Child Unique ID",
                "Family identifier",
                "Gender",
                "Ethnicity",
                "Date of Birth",
                "Date of Placement Order",
                "Date Placed for Adoption",
            ],
        ),
        not_read(
            Some(11),
            "list 11, adopters",
            &["Individual adopter identifier", "Date enquiry received"],
            &["Family identifier", "Gender", "Ethnicity", "Disability", "Date of Adoption Order"],
        ),
        not_read(None, "SSDA903 header", &["CHILD", "UPN", "DOB"], &["SEX", "ETHNIC", "MOTHER", "MC_DOB"]),
        not_read(None, "SSDA903 reviews", &["CHILD", "REVIEW", "REVIEW_CODE"], &["DOB"]),
        not_read(None, "SSDA903 unaccompanied children", &["CHILD", "DUC"], &["DOB", "SEX"]),
        not_read(None, "SSDA903 missing", &["CHILD", "MISSING", "MIS_START"], &["DOB", "MIS_END"]),
        not_read(
            None,
            "SSDA903 outcomes",
            &["CHILD", "SDQ_SCORE"],
            &[
                "DOB",
                "SDQ_REASON",
                "CONVICTED",
                "HEALTH_CHECK",
                "IMMUNISATIONS",
                "TEETH_CHECK",
                "HEALTH_ASSESSMENT",
                "SUBSTANCE_MISUSE",
                "INTERVENTION_RECEIVED",
                "INTERVENTION_OFFERED",
            ],
        ),
        not_read(None, "SSDA903 care leavers", &["CHILD", "IN_TOUCH", "ACCOM"], &["DOB", "ACTIV"]),
        not_read(
            None,
            "SSDA903 previous permanence",
            &["CHILD", "PREV_PERM"],
            &["DOB", "LA_PERM", "DATE_PERM"],
        ),
    ]);
    all
}
