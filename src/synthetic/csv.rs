//! Synthetic records as files: Ofsted's Annex A lists 1 to 8, and the minimal early help file.
//!
//! Consumes [`SyntheticExtracts`]; produces file names and their bytes. Headings are those of the guidance; a column
//! that the model has nothing for is left blank or holds the code for "not known". Lists 1 and 2 have no
//! column for a team, so that, as in a council's own, contacts have no area.

use std::io;

use jiff::civil::Date;

use super::records::SyntheticExtracts;
use crate::extracts::records::{List, Outcome, Record, ReferralSource};
use crate::random::{Purpose, StreamKey};

const CONTACTS: [&str; 7] = [
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age of Child (Years)",
    "Date of Contact",
    "Contact Source",
];

const EARLY_HELP_ASSESSMENTS: [&str; 8] = [
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age of Child (Years)",
    "Assessment start date",
    "Assessment completion date",
    "Organisation completing assessment",
];

const REFERRALS: [&str; 11] = [
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age of Child (Years)",
    "Date of referral",
    "Referral Source",
    "Referral NFA?",
    "Number of Referrals in Last 12 Months",
    "Allocated Team",
    "Allocated Worker",
];

const ASSESSMENTS: [&str; 12] = [
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age of Child (Years)",
    "Does the Child have a Disability",
    "Continuous Assessment Start Date",
    "Child Seen During Continuous Assessment",
    "Continuous Assessment Date of Authorisation",
    "Was the child assessed as requiring LA children’s social care support",
    "Allocated Team",
    "Allocated Worker",
];

const ENQUIRIES: [&str; 14] = [
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age of Child (Years)",
    "Does the Child have a Disability",
    "Strategy discussion initiating Section 47 Enquiry Start Date",
    "Was an Initial Child Protection Conference deemed unnecessary?",
    "Date of Initial Child Protection Conference",
    "Did the Initial Child Protection Conference Result in a Child Protection Plan",
    "Number of Section 47 Enquiries in the last 12 months",
    "Number of ICPCs in the last 12 months",
    "Allocated Team",
    "Allocated Worker",
];

const CHILDREN_IN_NEED: [&str; 14] = [
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age of Child (Years)",
    "Does the Child have a Disability",
    "CIN Start Date",
    "Primary Need Code",
    "Date Child Was Last Seen",
    "CIN Closure Date",
    "Reason for Closure",
    "Case status",
    "Allocated Team",
    "Allocated Worker",
];

const PROTECTION_PLANS: [&str; 17] = [
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age of Child (Years)",
    "Does the Child have a Disability",
    "Child Protection Plan Start Date",
    "Initial Category of Abuse",
    "Latest Category of Abuse",
    "Date of the Last Statutory Visit",
    "Was the Child Seen Alone?",
    "Date of latest review conference",
    "Child Protection Plan End Date",
    "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
    "Number of Previous Child Protection Plans",
    "Allocated Team",
    "Allocated Worker",
];

const LOOKED_AFTER: [&str; 34] = [
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age of Child (Years)",
    "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
    "Does the Child have a Disability",
    "Date Started to be Looked After",
    "Child's Category of Need",
    "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
    "Start date of current legal status",
    "Child's Legal Status",
    "Date of Latest Statutory Review",
    "Date of Last Social Work Visit",
    "What is the permanence plan for this child?",
    "Date of Last IRO Visit / Contact to the Child",
    "Date of Last Health Assessment",
    "Date of Last Dental Check",
    "Number of Placements in the Last 12 months",
    "Date Ceased to be Looked After",
    "Reason Ceased to be Looked After",
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
    "Allocated Team",
    "Allocated Worker",
];

/// Columns of the early help file.
pub const EARLY_HELP: [&str; 8] =
    ["family_id", "child_id", "start", "end", "end_reason", "worker", "source", "lsoa"];

/// The files: name and bytes. A list without rows has its headings.
///
/// # Errors
/// If memory runs out.
pub fn files(extracts: &SyntheticExtracts) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    let lists: [(List, &'static str, &[&str]); 9] = [
        (List::Contact, "list_1_contacts.csv", &CONTACTS),
        (List::EarlyHelpAssessment, "list_2_early_help.csv", &EARLY_HELP_ASSESSMENTS),
        (List::Referral, "list_3_referrals.csv", &REFERRALS),
        (List::Assessment, "list_4_assessments.csv", &ASSESSMENTS),
        (List::Section47, "list_5_section_47.csv", &ENQUIRIES),
        (List::ChildInNeed, "list_6_children_in_need.csv", &CHILDREN_IN_NEED),
        (List::ProtectionPlan, "list_7_child_protection.csv", &PROTECTION_PLANS),
        (List::LookedAfter, "list_8_children_in_care.csv", &LOOKED_AFTER),
        (List::EarlyHelp, "early_help.csv", &EARLY_HELP),
    ];
    let taken = |list| extracts.windows.iter().find(|window| window.list == list);
    let present = lists.iter().filter_map(|(list, name, columns)| Some((taken(*list)?, *name, *columns)));
    present
        .map(|(window, name, columns)| Ok((name, file(extracts, window.list, window.days.end, columns)?)))
        .collect()
}

fn file(extracts: &SyntheticExtracts, list: List, taken: Date, columns: &[&str]) -> io::Result<Vec<u8>> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(columns)?;
    let rows = extracts.records.iter().zip(&extracts.workers).filter(|(record, _)| record.list == list);
    for (record, worker) in rows {
        let row = Row { record, worker: *worker, taken };
        writer.write_record(columns.iter().map(|column| row.cell(column)))?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

struct Row<'r> {
    record: &'r Record,
    worker: u32,
    /// The day after the window: ages are those of the day on which the extract is taken.
    taken: Date,
}

impl Row<'_> {
    /// What stands in a column.
    fn cell(&self, column: &str) -> String {
        let record = self.record;
        let start = || record.start.strftime("%d/%m/%Y").to_string();
        let end = || record.end.map_or(String::new(), |end| end.strftime("%d/%m/%Y").to_string());
        match column {
            "Child Unique ID" => format!("C{:07}", record.child.0 + 1),
            "Gender" => "c) Not stated/recorded".to_owned(),
            "Ethnicity" => "s) NOBT".to_owned(),
            "Date of Birth" => self.birth().strftime("%d/%m/%Y").to_string(),
            "Age of Child (Years)" => self.age().to_string(),
            "Does the Child have a Disability" => "c) Unknown".to_owned(),
            "Contact Source" | "Referral Source" => code(record.source).to_owned(),
            "Referral NFA?" => yes_no(record.outcome.map(|outcome| outcome == Outcome::NoFurtherAction)),
            "Was the child assessed as requiring LA children’s social care support" => {
                yes_no(record.outcome.map(|outcome| outcome != Outcome::NoFurtherAction))
            }
            "Was an Initial Child Protection Conference deemed unnecessary?" => {
                yes_no(record.outcome.map(|outcome| outcome == Outcome::NoFurtherAction))
            }
            "Did the Initial Child Protection Conference Result in a Child Protection Plan" => yes_no(
                record.outcome.filter(|_| record.end.is_some()).map(|outcome| outcome == Outcome::WentOn),
            ),
            "Case status" => "c) Child in need plan".to_owned(),
            "Primary Need Code" => "N0 - Not stated".to_owned(),
            "Reason for Closure" => record.end.map_or(String::new(), |_| "RC7".to_owned()),
            "Reason Ceased to be Looked After" => record.end.map_or(String::new(), |_| "E8".to_owned()),
            "Allocated Team" | "lsoa" => record.area.clone().unwrap_or_default(),
            "Organisation completing assessment" => {
                format!("Early help {}", record.area.as_deref().unwrap_or_default())
            }
            "Allocated Worker" | "worker" if self.worker > 0 => format!("Worker {}", self.worker),
            "Date of Contact"
            | "Assessment start date"
            | "Date of referral"
            | "Continuous Assessment Start Date"
            | "Strategy discussion initiating Section 47 Enquiry Start Date"
            | "CIN Start Date"
            | "Child Protection Plan Start Date"
            | "Date Started to be Looked After"
            | "Start date of current legal status" => start(),
            "Assessment completion date"
            | "Continuous Assessment Date of Authorisation"
            | "Date of Initial Child Protection Conference"
            | "CIN Closure Date"
            | "Child Protection Plan End Date"
            | "Date Ceased to be Looked After" => end(),
            "family_id" => record.family.map_or(String::new(), |family| format!("F{:07}", family.0 + 1)),
            "child_id" => format!("C{:07}", record.child.0 + 1),
            "start" => record.start.to_string(),
            "end" => record.end.map_or(String::new(), |end| end.to_string()),
            "end_reason" => reason(record.outcome.filter(|_| record.end.is_some())).to_owned(),
            _ => String::new(),
        }
    }

    fn birth(&self) -> Date {
        // Invented, but the same child has the same birthday in every list.
        let days = StreamKey::master(u64::from(self.record.child.0)).purpose(Purpose::Family).uniform()
            * 17.0
            * 365.25;
        self.taken.saturating_sub(jiff::Span::new().days(1 + days as i64))
    }

    fn age(&self) -> i32 {
        let birth = self.birth();
        let had = (self.taken.month(), self.taken.day()) >= (birth.month(), birth.day());
        i32::from(self.taken.year() - birth.year()) - i32::from(!had)
    }
}

fn yes_no(answer: Option<bool>) -> String {
    match answer {
        Some(true) => "a) Yes".to_owned(),
        Some(false) => "b) No".to_owned(),
        None => String::new(),
    }
}

fn code(source: Option<ReferralSource>) -> &'static str {
    match source {
        Some(ReferralSource::Individual) => "a) 1A: Individual",
        Some(ReferralSource::Education) => "e) 2A: Schools",
        Some(ReferralSource::Health) => "h) 3B: Health services",
        Some(ReferralSource::Housing) => "m) 4: Housing",
        Some(ReferralSource::Council) => "o) 5B: LA services",
        Some(ReferralSource::Police) => "q) 6: Police",
        Some(ReferralSource::Legal) => "r) 7: Other legal agency",
        Some(ReferralSource::Other) => "s) 8: Other",
        Some(ReferralSource::Anonymous) => "t) 9: Anonymous",
        Some(ReferralSource::Unknown) | None => "u) 10: Unknown",
    }
}

fn reason(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::OutcomesMet | Outcome::NoFurtherAction | Outcome::WentOn) => "outcomes met",
        Some(Outcome::Disengaged) => "disengaged",
        Some(Outcome::SteppedUp) => "stepped up",
        Some(Outcome::ConferenceWithoutPlan | Outcome::OtherReason) => "other",
        None => "",
    }
}
