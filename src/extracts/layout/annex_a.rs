//! Lists 1 to 8 of Ofsted's child-level data template ("Annex A", August 2019), and other names of their columns.
//!
//! Contains public sector information licensed under the Open Government Licence v3.0.

use super::super::records::List;
use super::{Column, Kind, Layout, Role, TEAM, column, known, opening, places, seen};

fn list(number: u32, name: &'static str, list: List, own: Vec<Column>) -> Layout {
    let columns = opening().into_iter().chain(own).chain(places()).collect();
    Layout { name, number: Some(number), kind: Kind::Rows(list), columns }
}

const DISABILITY: Column = column("Does the Child have a Disability", Role::Known, false, &["Disability"]);
const WORKER: Column = column("Allocated Worker", Role::Known, false, &["Worker", "Social worker"]);

pub(super) fn contacts() -> Layout {
    let own = vec![
        column(
            "Date of Contact",
            Role::Start,
            true,
            &["Contact date", "Date contact received", "Contact received date", "Contact start date"],
        ),
        column(
            "Contact Source",
            Role::Source,
            false,
            &["Source of contact", "Contact source code", "Source", "Contact by"],
        ),
        column("Allocated Team", Role::Team, false, TEAM.synonyms),
        WORKER,
    ];
    list(1, "list 1, contacts", List::Contact, own)
}

pub(super) fn early_help_assessments() -> Layout {
    let own = vec![
        column(
            "Assessment start date",
            Role::Start,
            true,
            &[
                "Early help assessment start date",
                "EHA start date",
                "CAF start date",
                "Date assessment started",
                "Date of early help assessment",
            ],
        ),
        column(
            "Assessment completion date",
            Role::End,
            false,
            &[
                "Early help assessment completion date",
                "Assessment completed date",
                "Assessment end date",
                "EHA end date",
                "EHA completion date",
                "Date assessment completed",
                "CAF end date",
            ],
        ),
        column(
            "Organisation completing assessment",
            Role::Team,
            false,
            &["Organisation", "Lead agency", "Team", "Allocated team"],
        ),
    ];
    list(2, "list 2, early help assessments", List::EarlyHelpAssessment, own)
}

pub(super) fn referrals() -> Layout {
    let own = vec![
        column(
            "Date of referral",
            Role::Start,
            true,
            &["Referral date", "Date referral received", "Referral received date", "Referral start date"],
        ),
        column(
            "Referral Source",
            Role::Source,
            false,
            &["Source of referral", "Referral source code", "Source", "Referred by"],
        ),
        column(
            "Referral NFA?",
            Role::ClosedAtOnce,
            false,
            &["NFA", "Referral with NFA", "Referral no further action", "No further action"],
        ),
        known("Number of Referrals in Last 12 Months"),
        TEAM,
        WORKER,
    ];
    list(3, "list 3, referrals", List::Referral, own)
}

pub(super) fn assessments() -> Layout {
    let own = vec![
        DISABILITY,
        column(
            "Continuous Assessment Start Date",
            Role::Start,
            true,
            &[
                "Assessment start date",
                "Assessment actual start date",
                "C&F assessment start date",
                "Date assessment started",
                "Single assessment start date",
            ],
        ),
        column(
            "Child Seen During Continuous Assessment",
            Role::Known,
            false,
            &["Child seen during assessment", "Child seen"],
        ),
        column(
            "Continuous Assessment Date of Authorisation",
            Role::End,
            false,
            &[
                "Assessment authorisation date",
                "Date of authorisation",
                "Assessment authorised date",
                "Authorisation date",
                "Assessment date of authorisation",
            ],
        ),
        column(
            "Was the child assessed as requiring LA children’s social care support",
            Role::Needed,
            false,
            &[
                "Was the child assessed as being in need at assessment",
                "Assessed as requiring social care support",
                "Assessed as in need",
                "Child in need at assessment",
            ],
        ),
        TEAM,
        WORKER,
    ];
    list(4, "list 4, assessments", List::Assessment, own)
}

pub(super) fn enquiries() -> Layout {
    let own = vec![
        DISABILITY,
        column(
            "Strategy discussion initiating Section 47 Enquiry Start Date",
            Role::Start,
            true,
            &[
                "Section 47 start date",
                "S47 start date",
                "S47 actual start date",
                "Strategy discussion date",
                "Strategy discussion start date",
                "Section 47 enquiry start date",
                "Date of strategy discussion",
                "Strategy discussion initiating S47 enquiry start date",
            ],
        ),
        column(
            "Was an Initial Child Protection Conference deemed unnecessary?",
            Role::Unnecessary,
            false,
            &[
                "ICPC not required",
                "ICPC deemed unnecessary",
                "Was an ICPC deemed unnecessary",
                "Conference unnecessary",
            ],
        ),
        column(
            "Date of Initial Child Protection Conference",
            Role::End,
            false,
            &["Date of ICPC", "ICPC date", "Date of initial CPC", "Initial child protection conference date"],
        ),
        column(
            "Did the Initial Child Protection Conference Result in a Child Protection Plan",
            Role::Planned,
            false,
            &[
                "Did the ICPC result in a child protection plan",
                "ICPC resulted in CPP",
                "ICPC result in a plan",
                "ICPC outcome CPP",
            ],
        ),
        known("Number of Section 47 Enquiries in the last 12 months"),
        column("Number of ICPCs in the last 12 months", Role::Known, false, &[]),
        TEAM,
        WORKER,
    ];
    list(5, "list 5, section 47 enquiries", List::Section47, own)
}

pub(super) fn in_need() -> Layout {
    let own = vec![
        DISABILITY,
        column(
            "CIN Start Date",
            Role::Start,
            true,
            &[
                "Child in need start date",
                "CIN episode start date",
                "CIN plan start date",
                "Date CIN started",
            ],
        ),
        known("Primary Need Code"),
        seen("Date Child Was Last Seen"),
        column(
            "CIN Closure Date",
            Role::End,
            false,
            &[
                "CIN end date",
                "Child in need closure date",
                "Child in need end date",
                "CIN plan end date",
                "CIN closed date",
                "Date CIN closed",
            ],
        ),
        column(
            "Reason for Closure",
            Role::Reason,
            false,
            &["Closure reason", "CIN closure reason", "Reason for CIN closure"],
        ),
        column("Case status", Role::Status, false, &["CIN case status", "Status"]),
        TEAM,
        WORKER,
    ];
    list(6, "list 6, children in need", List::ChildInNeed, own)
}

pub(super) fn protection_plans() -> Layout {
    let own = vec![
        DISABILITY,
        column(
            "Child Protection Plan Start Date",
            Role::Start,
            true,
            &["CP plan start date", "CPP start date", "CP start date", "Date CP plan started"],
        ),
        known("Initial Category of Abuse"),
        known("Latest Category of Abuse"),
        seen("Date of the Last Statutory Visit"),
        known("Was the Child Seen Alone?"),
        seen("Date of latest review conference"),
        column(
            "Child Protection Plan End Date",
            Role::End,
            false,
            &["CP plan end date", "CPP end date", "CP end date", "Date CP plan ended"],
        ),
        known(
            "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
        ),
        known("Number of Previous Child Protection Plans"),
        TEAM,
        WORKER,
    ];
    list(7, "list 7, child protection plans", List::ProtectionPlan, own)
}

pub(super) fn looked_after() -> Layout {
    let mut own = vec![
        DISABILITY,
        column(
            "Date Started to be Looked After",
            Role::Start,
            true,
            &[
                "Date became looked after",
                "LAC start date",
                "CLA start date",
                "Looked after start date",
                "Date entered care",
                "Date started looked after",
                "CIC start date",
            ],
        ),
        column(
            "Date Ceased to be Looked After",
            Role::End,
            false,
            &[
                "LAC end date",
                "CLA end date",
                "Looked after end date",
                "Date left care",
                "Date ceased looked after",
                "CIC end date",
            ],
        ),
        column(
            "Reason Ceased to be Looked After",
            Role::Reason,
            false,
            &["Reason ceased", "Reason left care", "LAC end reason", "CLA end reason"],
        ),
        column("Child's Legal Status", Role::LegalStatus, false, &["Legal status"]),
        TEAM,
        WORKER,
    ];
    own.extend(
        [
            "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
            "Child's Category of Need",
            "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
            "What is the permanence plan for this child?",
            "Date of Last Health Assessment",
            "Date of Last Dental Check",
            "Number of Placements in the Last 12 months",
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
    own.extend(
        [
            "Date of Latest Statutory Review",
            "Date of Last Social Work Visit",
            "Date of Last IRO Visit / Contact to the Child",
            "Start date of current legal status",
            "Start Date of Most Recent Placement",
        ]
        .map(seen),
    );
    list(8, "list 8, children looked after", List::LookedAfter, own)
}
