//! What a council's extracts say, freed of everything that identifies a person.
//!
//! Plain data, made by the readers of this module and consumed by calibration. Invariant: no
//! identifier, name, date of birth, postcode or free text is in here; a child is a number in order of first
//! appearance, which means nothing outside one reading.

use std::ops::Range;

use jiff::civil::Date;

/// A child's, or family's, number within one reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(pub u32);

/// What a row is a record of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// A contact at the front door (Annex A list 1).
    Contact,
    /// An early help assessment (list 2).
    EarlyHelpAssessment,
    /// A spell of early help, from its start to its closure (early help file).
    EarlyHelp,
    /// A referral accepted by social care (list 3; children in need census).
    Referral,
    /// A child and family assessment (list 4; census).
    Assessment,
    /// A section 47 enquiry, from strategy discussion to initial conference where one was held (list 5; census).
    Section47,
    /// A spell as a child in need: the plan in the census (`CINPlanStartDate`), the episode in list 6 of children whose
    /// status is that or who left.
    ChildInNeed,
    /// A child protection plan (list 7; census).
    ProtectionPlan,
    /// A period of being looked after (list 8; SSDA903 episodes joined to periods).
    LookedAfter,
}

/// Who made contact, by the groups of the children in need census (codes 1A to 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReferralSource {
    /// 1A to 1D: family, acquaintance, self, other individual.
    Individual,
    /// 2A, 2B: schools and education services.
    Education,
    /// 3A to 3F: health services.
    Health,
    /// 4: housing.
    Housing,
    /// 5A to 5D: council services.
    Council,
    /// 6: police.
    Police,
    /// 7: courts, probation, immigration, other legal.
    Legal,
    /// 8: voluntary bodies and others.
    Other,
    /// 9: anonymous.
    Anonymous,
    /// 10, or a value that no code was found for.
    Unknown,
}

/// How a record ended, or what it led to, where its file says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing further was done: a referral closed at once, an assessment that found no need, an enquiry
    /// without a conference, a conference without a plan.
    NoFurtherAction,
    /// It went on: the referral was taken up, the assessment found need, the conference made a plan.
    WentOn,
    /// An enquiry led to a conference that made no plan.
    ConferenceWithoutPlan,
    /// Early help ended with its aims met; services for a child in need ceased, usually because need had (RC7).
    OutcomesMet,
    /// Early help ended because the family declined or left.
    Disengaged,
    /// Stepped up to social care.
    SteppedUp,
    /// Closed for another reason, such as death, a move to another authority, or the 18th birthday.
    OtherReason,
}

/// One row of an extract.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What it is a record of.
    pub list: List,
    /// The child.
    pub child: Number,
    /// The family, where the file groups children.
    pub family: Option<Number>,
    /// The area's id in the base scenario, where the row's team or place could be assigned to one.
    pub area: Option<String>,
    /// Who made contact, for contacts and referrals.
    pub source: Option<ReferralSource>,
    /// First day; the day itself for contacts and referrals.
    pub start: Date,
    /// Last day, or `None` if the case was still open when the extract was taken; always `None` for contacts and
    /// referrals. For [`List::Section47`] the day of the conference; `None` as well if none was held, which `outcome`
    /// then says.
    pub end: Option<Date>,
    /// What came of it.
    pub outcome: Option<Outcome>,
}

/// Days over which a list's rows were collected: a spell is in it if it was open on any of them, an event
/// (contact, referral) if it fell on one. Hence spells that began before the first day are there only if they
/// lasted until it (left truncation), and those open on the last day are cut there (right censoring).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The list.
    pub list: List,
    /// From the first day to the day after the last.
    pub days: Range<Date>,
}

/// Where a row was, for problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Where {
    /// The file's name, without its folder.
    pub file: String,
    /// The sheet, for workbooks.
    pub sheet: Option<String>,
    /// The row as a spreadsheet numbers it (the headings are row 1), or the child's place in an XML file.
    pub row: usize,
}

/// A row or value that was put aside, or read otherwise than it stands. Never holds a value of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Where it is.
    pub place: Where,
    /// The column's heading as it should be.
    pub column: String,
    /// What is wrong, such as "ends before it starts".
    pub reason: String,
    /// Whether the whole row was left out of the records (otherwise only the value).
    pub row_left_out: bool,
}

/// One file or sheet as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file's name, without its folder.
    pub file: String,
    /// The sheet, for workbooks.
    pub sheet: Option<String>,
    /// What it was taken for.
    pub list: Option<List>,
    /// Rows below the headings.
    pub rows: usize,
    /// Rows that became records, or part of one: several episodes make one period of being looked after.
    pub records: usize,
    /// Expected column and the heading that was taken for it.
    pub matched: Vec<(String, String)>,
    /// Headings that nothing was made of.
    pub unmatched: Vec<String>,
    /// Expected columns that no heading was found for.
    pub missing: Vec<String>,
}

/// All that was read from a council's extracts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Every row that could be used, by list, then first day, then child.
    pub records: Vec<Record>,
    /// The period of each list that was read.
    pub windows: Vec<Window>,
    /// Files and sheets, in the order given.
    pub sources: Vec<Source>,
    /// What was put aside and why.
    pub quarantined: Vec<Quarantined>,
}
