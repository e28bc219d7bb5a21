//! What the lists look like: the columns of each, and other names they go by.
//!
//! Columns of lists 1 to 11 are those of Ofsted's child-level data template ("Annex A", August 2019), those of the
//! looked-after return are the Department for Education's. Contains public sector information licensed under the
//! Open Government Licence v3.0. The early help file has no standard: its columns are this program's own.

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

const fn column(
    name: &'static str,
    role: Role,
    required: bool,
    synonyms: &'static [&'static str],
) -> Column {
    Column { name, role, required, synonyms }
}

const fn known(name: &'static str) -> Column {
    column(name, Role::Known, false, &[])
}

const CHILD: Column = column(
    "Child Unique ID",
    Role::Child,
    true,
    &[
        "Child ID", "Childs ID", "LA Child ID", "LA Child Unique ID", "Unique ID", "Unique Child ID", "Child Identifier",
        "Child Unique Identifier", "Unique Identifier", "Child Reference", "Child Ref", "Child Number", "Child UID",
        "Person ID", "Client ID", "Child", "Childs Unique ID", "Pseudonymised Child ID", "Child System ID",
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
        column("LSOA", Role::Neighbourhood, false, &["LSOA code", "LSOA11", "LSOA21", "LSOA name", "Home LSOA"]),
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

fn list(number: u32, name: &'static str, list: List, own: Vec<Column>) -> Layout {
    let columns = opening().into_iter().chain(own).chain(places()).collect();
    Layout { name, number: Some(number), kind: Kind::Rows(list), columns }
}

const DISABILITY: Column = column("Does the Child have a Disability", Role::Known, false, &["Disability"]);
const WORKER: Column = column("Allocated Worker", Role::Known, false, &["Worker", "Social worker"]);

fn contacts() -> Layout {
    let own = vec![
        column("Date of Contact", Role::Start, true, &["Contact date", "Date contact received", "Contact received date", "Contact start date"]),
        column("Contact Source", Role::Source, false, &["Source of contact", "Contact source code", "Source", "Contact by"]),
        column("Allocated Team", Role::Team, false, TEAM.synonyms),
        WORKER,
    ];
    list(1, "list 1, contacts", List::Contact, own)
}

fn early_help_assessments() -> Layout {
    let own = vec![
        column(
            "Assessment start date",
            Role::Start,
            true,
            &["Early help assessment start date", "EHA start date", "CAF start date", "Date assessment started", "Date of early help assessment"],
        ),
        column(
            "Assessment completion date",
            Role::End,
            false,
            &[
                "Early help assessment completion date", "Assessment completed date", "Assessment end date", "EHA end date",
                "EHA completion date", "Date assessment completed", "CAF end date",
            ],
        ),
        column("Organisation completing assessment", Role::Team, false, &["Organisation", "Lead agency", "Team", "Allocated team"]),
    ];
    list(2, "list 2, early help assessments", List::EarlyHelpAssessment, own)
}

fn referrals() -> Layout {
    let own = vec![
        column("Date of referral", Role::Start, true, &["Referral date", "Date referral received", "Referral received date", "Referral start date"]),
        column("Referral Source", Role::Source, false, &["Source of referral", "Referral source code", "Source", "Referred by"]),
        column("Referral NFA?", Role::ClosedAtOnce, false, &["NFA", "Referral with NFA", "Referral no further action", "No further action"]),
        known("Number of Referrals in Last 12 Months"),
        TEAM,
        WORKER,
    ];
    list(3, "list 3, referrals", List::Referral, own)
}

fn assessments() -> Layout {
    let own = vec![
        DISABILITY,
        column(
            "Continuous Assessment Start Date",
            Role::Start,
            true,
            &["Assessment start date", "Assessment actual start date", "C&F assessment start date", "Date assessment started", "Single assessment start date"],
        ),
        column("Child Seen During Continuous Assessment", Role::Known, false, &["Child seen during assessment", "Child seen"]),
        column(
            "Continuous Assessment Date of Authorisation",
            Role::End,
            false,
            &["Assessment authorisation date", "Date of authorisation", "Assessment authorised date", "Authorisation date", "Assessment date of authorisation"],
        ),
        column(
            "Was the child assessed as requiring LA children’s social care support",
            Role::Needed,
            false,
            &["Was the child assessed as being in need at assessment", "Assessed as requiring social care support", "Assessed as in need", "Child in need at assessment"],
        ),
        TEAM,
        WORKER,
    ];
    list(4, "list 4, assessments", List::Assessment, own)
}

fn enquiries() -> Layout {
    let own = vec![
        DISABILITY,
        column(
            "Strategy discussion initiating Section 47 Enquiry Start Date",
            Role::Start,
            true,
            &[
                "Section 47 start date", "S47 start date", "S47 actual start date", "Strategy discussion date", "Strategy discussion start date",
                "Section 47 enquiry start date", "Date of strategy discussion", "Strategy discussion initiating S47 enquiry start date",
            ],
        ),
        column(
            "Was an Initial Child Protection Conference deemed unnecessary?",
            Role::Unnecessary,
            false,
            &["ICPC not required", "ICPC deemed unnecessary", "Was an ICPC deemed unnecessary", "Conference unnecessary"],
        ),
        column("Date of Initial Child Protection Conference", Role::End, false, &["Date of ICPC", "ICPC date", "Date of initial CPC", "Initial child protection conference date"]),
        column(
            "Did the Initial Child Protection Conference Result in a Child Protection Plan",
            Role::Planned,
            false,
            &["Did the ICPC result in a child protection plan", "ICPC resulted in CPP", "ICPC result in a plan", "ICPC outcome CPP"],
        ),
        known("Number of Section 47 Enquiries in the last 12 months"),
        column("Number of ICPCs in the last 12 months", Role::Known, false, &[]),
        TEAM,
        WORKER,
    ];
    list(5, "list 5, section 47 enquiries", List::Section47, own)
}

fn in_need() -> Layout {
    let own = vec![
        DISABILITY,
        column("CIN Start Date", Role::Start, true, &["Child in need start date", "CIN episode start date", "CIN plan start date", "Date CIN started"]),
        known("Primary Need Code"),
        known("Date Child Was Last Seen"),
        column("CIN Closure Date", Role::End, false, &["CIN end date", "Child in need closure date", "Child in need end date", "CIN plan end date", "CIN closed date", "Date CIN closed"]),
        column("Reason for Closure", Role::Reason, false, &["Closure reason", "CIN closure reason", "Reason for CIN closure"]),
        column("Case status", Role::Status, false, &["CIN case status", "Status"]),
        TEAM,
        WORKER,
    ];
    list(6, "list 6, children in need", List::ChildInNeed, own)
}

fn protection_plans() -> Layout {
    let own = vec![
        DISABILITY,
        column("Child Protection Plan Start Date", Role::Start, true, &["CP plan start date", "CPP start date", "CP start date", "Date CP plan started"]),
        known("Initial Category of Abuse"),
        known("Latest Category of Abuse"),
        known("Date of the Last Statutory Visit"),
        known("Was the Child Seen Alone?"),
        known("Date of latest review conference"),
        column("Child Protection Plan End Date", Role::End, false, &["CP plan end date", "CPP end date", "CP end date", "Date CP plan ended"]),
        known("Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)"),
        known("Number of Previous Child Protection Plans"),
        TEAM,
        WORKER,
    ];
    list(7, "list 7, child protection plans", List::ProtectionPlan, own)
}

fn looked_after() -> Layout {
    let mut own = vec![
        DISABILITY,
        column(
            "Date Started to be Looked After",
            Role::Start,
            true,
            &["Date became looked after", "LAC start date", "CLA start date", "Looked after start date", "Date entered care", "Date started looked after", "CIC start date"],
        ),
        column(
            "Date Ceased to be Looked After",
            Role::End,
            false,
            &["LAC end date", "CLA end date", "Looked after end date", "Date left care", "Date ceased looked after", "CIC end date"],
        ),
        column("Reason Ceased to be Looked After", Role::Reason, false, &["Reason ceased", "Reason left care", "LAC end reason", "CLA end reason"]),
        column("Child's Legal Status", Role::LegalStatus, false, &["Legal status"]),
        TEAM,
        WORKER,
    ];
    own.extend(
        [
            "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
            "Child's Category of Need",
            "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
            "Start date of current legal status",
            "Date of Latest Statutory Review",
            "Date of Last Social Work Visit",
            "What is the permanence plan for this child?",
            "Date of Last IRO Visit / Contact to the Child",
            "Date of Last Health Assessment",
            "Date of Last Dental Check",
            "Number of Placements in the Last 12 months",
            "Start Date of Most Recent Placement",
            "Placement Type",
            "Placement Provider",
            "Placement postcode",
            "URN of Placement",
            "Placement Location",
            "LA of Placement",
            "Number of Episodes the Child has been ‘Missing’ from their Placement in the last 12 months",
            "Number of Episodes the Child has been ‘Absent’ from their Placement in the last 12 months",
            "Was the child offered a Return Interview after their last missing episode (Y/N)?",
            "Did the child accept a Return Interview after their last missing episode (Y/N)?",
        ]
        .map(known),
    );
    list(8, "list 8, children looked after", List::LookedAfter, own)
}

/// A list that is known and not read: any of these columns, together, tell it.
fn not_read(number: Option<u32>, name: &'static str, telling: &[&'static str], others: &[&'static str]) -> Layout {
    let told = telling.iter().map(|name| Column { required: true, ..known(name) });
    let columns = told.chain(others.iter().map(|name| known(name))).collect();
    Layout { name, number, kind: Kind::NotRead, columns }
}

fn episodes() -> Layout {
    let columns = vec![
        column("CHILD", Role::Child, true, &["Child ID", "Child Unique ID", "LA child ID"]),
        column("DECOM", Role::Start, true, &["Date episode commenced", "Episode start date", "Date episode started"]),
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
        column("family_id", Role::Family, false, &["Family", "Family identifier", "Family reference", "Household ID", "Group ID", "Family number"]),
        column(
            "start",
            Role::Start,
            true,
            &["Start date", "Episode start date", "Early help start date", "EH start date", "Case start date", "Date opened", "Open date", "Opened", "Date started"],
        ),
        column(
            "end",
            Role::End,
            true,
            &["End date", "Episode end date", "Early help end date", "EH end date", "Case end date", "Closed", "Close date", "Closure date", "Date closed", "Date ended"],
        ),
        column("end_reason", Role::Reason, false, &["Reason for ending", "Closure reason", "Reason for closure", "Reason closed", "End outcome"]),
        column("source", Role::Source, false, &["Referral source", "Request source", "Referred by", "Source of referral"]),
        column("worker", Role::Known, false, &["Lead professional", "Keyworker", "Key worker", "Allocated worker", "Lead practitioner"]),
        TEAM,
    ];
    columns.extend(places());
    columns.extend(opening().into_iter().skip(1));
    Layout { name: "early help file", number: None, kind: Kind::Rows(List::EarlyHelp), columns }
}

/// Everything that can be told.
pub(super) fn all() -> Vec<Layout> {
    let mut all = vec![
        contacts(),
        early_help_assessments(),
        referrals(),
        assessments(),
        enquiries(),
        in_need(),
        protection_plans(),
        looked_after(),
        episodes(),
        early_help(),
    ];
    all.extend([
        not_read(Some(9), "list 9, care leavers", &["Eligibility Category", "LA In Touch"], &["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)", "Allocated Team", "Allocated Worker", "Type of Accommodation", "Suitability of Accommodation", "Activity Status", "Does the Child have a Disability"]),
        not_read(Some(10), "list 10, adoption", &["Date the Child Entered Care", "Date of Adoption Order"], &["Child Unique ID", "Family identifier", "Gender", "Ethnicity", "Date of Birth", "Date of Placement Order", "Date Placed for Adoption"]),
        not_read(Some(11), "list 11, adopters", &["Individual adopter identifier", "Date enquiry received"], &["Family identifier", "Gender", "Ethnicity", "Disability", "Date of Adoption Order"]),
        not_read(None, "SSDA903 header", &["CHILD", "UPN", "DOB"], &["SEX", "ETHNIC", "MOTHER", "MC_DOB"]),
        not_read(None, "SSDA903 reviews", &["CHILD", "REVIEW", "REVIEW_CODE"], &["DOB"]),
        not_read(None, "SSDA903 unaccompanied children", &["CHILD", "DUC"], &["DOB", "SEX"]),
        not_read(None, "SSDA903 missing", &["CHILD", "MISSING", "MIS_START"], &["DOB", "MIS_END"]),
        not_read(None, "SSDA903 outcomes", &["CHILD", "SDQ_SCORE"], &["DOB", "SDQ_REASON", "CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"]),
        not_read(None, "SSDA903 care leavers", &["CHILD", "IN_TOUCH", "ACCOM"], &["DOB", "ACTIV"]),
        not_read(None, "SSDA903 previous permanence", &["CHILD", "PREV_PERM"], &["DOB", "LA_PERM", "DATE_PERM"]),
    ]);
    all
}
