//! The children in need census (XML) into drafts of records.
//!
//! Consumes decoded text; produces drafts of referrals, assessments, section 47 enquiries, plans as a child in need
//! and child protection plans. Each such element is a row; its number is the child's place in the file. An episode of
//! need (referral to closure) is not a record: [`List::ChildInNeed`] is the *plan*, from `CINPlanStartDate`.
//! Elements are those of the Department for Education's schema for 2024 (and 2026, which adds some that are not read).
//! Contains public sector information licensed under the Open Government Licence v3.0.

use std::collections::BTreeSet;

use jiff::civil::Date;
use roxmltree::{Document, Node, ParsingOptions};
use sha2::{Digest, Sha256};

use super::codes;
use super::dates::{self, Day, Order};
use super::gather::{Draft, Gathering, Kind, Place};
use super::records::{List, Number, Outcome, ReferralSource};
use super::rows::{BACKWARDS, DUPLICATE};
use super::table::Cell;

/// Elements of one file at most.
const ELEMENTS: u32 = 50_000_000;
/// A plan that starts so many days after a conference or the end of another is taken to follow from it.
const FOLLOWS_WITHIN: i32 = 7;

/// One of the elements that are rows.
struct Part {
    element: &'static str,
    list: List,
    start: &'static str,
    end: &'static str,
    others: &'static [&'static str],
}

const PARTS: [Part; 5] = [
    Part {
        element: "CINdetails",
        list: List::Referral,
        start: "CINreferralDate",
        end: "",
        others: &["ReferralSource", "ReferralNFA"],
    },
    Part {
        element: "Assessments",
        list: List::Assessment,
        start: "AssessmentActualStartDate",
        end: "AssessmentAuthorisationDate",
        others: &[],
    },
    Part {
        element: "Section47",
        list: List::Section47,
        start: "S47ActualStartDate",
        end: "DateOfInitialCPC",
        others: &["ICPCnotRequired"],
    },
    Part {
        element: "CINPlanDates",
        list: List::ChildInNeed,
        start: "CINPlanStartDate",
        end: "CINPlanEndDate",
        others: &[],
    },
    Part {
        element: "ChildProtectionPlans",
        list: List::ProtectionPlan,
        start: "CPPstartDate",
        end: "CPPendDate",
        others: &[],
    },
];

/// Elements that the census has and that are not read.
const NOT_READ: [&str; 34] = [
    "UPN",
    "FormerUPN",
    "UPNunknown",
    "PersonBirthDate",
    "ExpectedPersonBirthDate",
    "GenderCurrent",
    "Sex",
    "PersonDeathDate",
    "PersonSchoolLeavingDate",
    "ChildCharacteristics",
    "Ethnicity",
    "Disabilities",
    "Disability",
    "PrimaryNeedCode",
    "AssessmentInternalReviewDate",
    "FactorsIdentifiedAtAssessment",
    "AssessmentFactors",
    "InitialCPCtarget",
    "InitialCategoryOfAbuse",
    "LatestCategoryOfAbuse",
    "NumberOfPreviousCPP",
    "Reviews",
    "CPPreviewDate",
    "PreProceedingsandFGDM",
    "PPStartDate",
    "LBPSentDate",
    "FGDMMeetingOffer",
    "FGDMMeetingFac",
    "InitialPPMeetingDate",
    "ReviewMeetingsCount",
    "StepDecisionDate",
    "PPOutcome",
    "CourtAppDate",
    "LetterInitCPDate",
];
/// Elements that hold others, or are read for more than one part.
const HOLDING: [&str; 4] = ["ChildIdentifiers", "LAchildID", "CINclosureDate", "ReasonForClosure"];

/// Whether decoded text is XML.
pub(super) fn is_xml(text: &str) -> bool {
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').starts_with('<')
}

fn is(node: &Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name().eq_ignore_ascii_case(name)
}

fn inside<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| is(child, name))
}

/// What an element within this one says.
fn cell(node: Node<'_, '_>, name: &'static str) -> Cell {
    let found = inside(node, name).next();
    found.and_then(|found| found.text()).map_or(Cell::Blank, Cell::of_text)
}

fn day(node: Node<'_, '_>, name: &'static str) -> Day {
    dates::day(&cell(node, name), Order::DayFirst)
}

fn date(node: Node<'_, '_>, name: &'static str) -> Option<Date> {
    match day(node, name) {
        Day::On(date) => Some(date),
        _ => None,
    }
}

/// Reads a file, or says in words why not. The parser's own message is not repeated, since it may quote.
pub(super) fn read(found: &mut Gathering<'_>, file: &str, text: &str) -> Result<(), String> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let options = ParsingOptions { nodes_limit: ELEMENTS, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        let at = error.pos();
        format!("XML that is not well formed at line {}, column {}", at.row, at.col)
    })?;
    let children: Vec<Node<'_, '_>> = document
        .descendants()
        .filter(|node| is(node, "Child") && inside(*node, "CINdetails").next().is_some())
        .collect();
    if children.is_empty() {
        return Err("XML, but no children in need census: looked for elements Child with CINdetails in them"
            .to_owned());
    }
    let reference = document.descendants().find(|node| is(node, "CollectionDetails"));
    let reference = reference.and_then(|node| date(node, "ReferenceDate"));
    let group = found.group(Kind::Census(reference));
    let sources = sources(found, file, &children);
    let mut reader = Reader { group, sources, seen: BTreeSet::new() };
    for (place, child) in children.iter().enumerate() {
        reader.child(found, *child, place + 1);
    }
    Ok(())
}

/// One source for each part, with what was found of it. A part that no child has is none.
fn sources(found: &mut Gathering<'_>, file: &str, children: &[Node<'_, '_>]) -> [Option<usize>; 5] {
    let below = children.iter().flat_map(|child| child.descendants().skip(1));
    let all: BTreeSet<&str> = below.filter(Node::is_element).map(|node| node.tag_name().name()).collect();
    let has = |name: &str| all.iter().any(|other| other.eq_ignore_ascii_case(name));
    PARTS.each_ref().map(|part| {
        let details = children.iter().flat_map(|child| inside(*child, "CINdetails"));
        let rows = match part.list {
            List::Referral => details.count(),
            _ => details.map(|details| inside(details, part.element).count()).sum(),
        };
        let first = part.list == List::Referral;
        if rows == 0 && !first {
            return None;
        }
        let source = found.source(file, Some(part.element.to_owned()), rows);
        let entry = &mut found.sources[source];
        entry.list = Some(part.list);
        let read = std::iter::once(part.start).chain(Some(part.end).filter(|end| !end.is_empty()));
        for name in read.chain(part.others.iter().copied()) {
            if has(name) {
                entry.matched.push((name.to_owned(), name.to_owned()));
            } else {
                entry.missing.push(name.to_owned());
            }
        }
        if first {
            entry.unmatched = not_read(&all);
        }
        Some(source)
    })
}

/// Elements that nothing was made of; those that the census does not have are not named.
fn not_read(all: &BTreeSet<&str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut unknown = 0;
    for name in all {
        let same = |other: &&str| other.eq_ignore_ascii_case(name);
        let read = PARTS.iter().any(|part| {
            same(&part.element) || same(&part.start) || same(&part.end) || part.others.iter().any(same)
        });
        if read || HOLDING.iter().any(same) {
            continue;
        }
        match NOT_READ.iter().find(|other| same(other)) {
            Some(known) => names.push((*known).to_owned()),
            None => unknown += 1,
        }
    }
    if unknown > 0 {
        names.push(format!("{unknown} kinds of element that the census does not have"));
    }
    names
}

struct Reader {
    group: usize,
    sources: [Option<usize>; 5],
    seen: BTreeSet<[u8; 32]>,
}

/// Why an element is left out, and the name of the one at fault.
type Fault = (&'static str, &'static str);

impl Reader {
    fn child(&mut self, found: &mut Gathering<'_>, child: Node<'_, '_>, row: usize) {
        let identifier = inside(child, "ChildIdentifiers").next().map(|node| cell(node, "LAchildID"));
        let number = identifier.and_then(|cell| found.children.of(&cell));
        for details in inside(child, "CINdetails") {
            for (part, source) in PARTS.iter().zip(self.sources) {
                let Some(source) = source else { continue };
                let elements: Vec<Node<'_, '_>> = match part.list {
                    List::Referral => vec![details],
                    _ => inside(details, part.element).collect(),
                };
                for element in elements {
                    let place = Place { source, row };
                    let used = self.element(found, part, number, details, element, place);
                    if let Err((name, reason)) = used {
                        found.leave_out(place, name, reason);
                    }
                }
            }
        }
    }

    fn element(
        &mut self,
        found: &mut Gathering<'_>,
        part: &'static Part,
        number: Option<Number>,
        details: Node<'_, '_>,
        element: Node<'_, '_>,
        place: Place,
    ) -> Result<(), Fault> {
        let child = number.ok_or(("LAchildID", "no child"))?;
        if !self.seen.insert(fingerprint(part, child, element)) {
            return Err(("", DUPLICATE));
        }
        let start = match day(element, part.start) {
            Day::On(date) => date,
            Day::Blank | Day::Zero => return Err((part.start, "no date")),
            Day::Wrong(reason) => return Err((part.start, reason)),
        };
        let end = match if part.end.is_empty() { Day::Blank } else { day(element, part.end) } {
            Day::On(date) => Some(date),
            Day::Blank | Day::Zero => None,
            Day::Wrong(reason) => return Err((part.end, reason)),
        };
        if end.is_some_and(|end| end < start) {
            return Err((part.end, BACKWARDS));
        }
        let days = &mut found.groups[self.group].days;
        days.push(start);
        days.extend(end);
        let by = (part.list == List::Referral).then(|| source(found, element, place));
        found.drafts.push(Draft {
            rows: vec![place],
            group: self.group,
            list: part.list,
            child,
            family: None,
            area: None,
            by,
            start,
            end,
            outcome: outcome(part.list, details, element, (start, end)),
            columns: (part.start, part.end),
        });
        Ok(())
    }
}

fn fingerprint(part: &Part, child: Number, element: Node<'_, '_>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(part.element);
    hash.update(child.0.to_le_bytes());
    for node in element.descendants() {
        hash.update(node.tag_name().name());
        hash.update([0x1f]);
        hash.update(node.text().filter(|_| node.is_text()).unwrap_or("").trim());
        hash.update([0x1e]);
    }
    hash.finalize().into()
}

fn source(found: &mut Gathering<'_>, details: Node<'_, '_>, place: Place) -> ReferralSource {
    let cell = cell(details, "ReferralSource");
    let source = codes::source(&cell);
    if source.is_none() && !cell.is_blank() {
        found.note(place, "ReferralSource", "no code of a source was found in it: counted as unknown");
    }
    source.unwrap_or(ReferralSource::Unknown)
}

/// Whether a plan of this kind starts on a day or within [`FOLLOWS_WITHIN`] days after it.
fn follows(details: Node<'_, '_>, element: &'static str, start: &'static str, after: Date) -> bool {
    let starts = inside(details, element).filter_map(|plan| date(plan, start));
    starts.into_iter().any(|start| (0..=FOLLOWS_WITHIN).contains(&(start - after).get_days()))
}

fn outcome(
    list: List,
    details: Node<'_, '_>,
    element: Node<'_, '_>,
    (start, end): (Date, Option<Date>),
) -> Option<Outcome> {
    match list {
        List::Referral => {
            let closed = codes::yes_no(&cell(details, "ReferralNFA"))?;
            Some(if closed { Outcome::NoFurtherAction } else { Outcome::WentOn })
        }
        List::Assessment => assessed(details, start, end?),
        List::Section47 => match end {
            Some(held) if follows(details, "ChildProtectionPlans", "CPPstartDate", held) => {
                Some(Outcome::WentOn)
            }
            Some(_) => Some(Outcome::ConferenceWithoutPlan),
            None => codes::yes_no(&cell(element, "ICPCnotRequired"))?.then_some(Outcome::NoFurtherAction),
        },
        List::ChildInNeed => {
            let end = end?;
            if follows(details, "ChildProtectionPlans", "CPPstartDate", end) {
                return Some(Outcome::SteppedUp);
            }
            let closed = date(details, "CINclosureDate") == Some(end);
            closed
                .then(|| cell(details, "ReasonForClosure").text())?
                .and_then(|reason| codes::closure(&reason))
        }
        _ => None,
    }
}

/// What an authorised assessment led to. The census does not say; but an episode that is closed after its last
/// assessment (RC8, RC9) found no need for social care, and one with a plan from then on did.
fn assessed(details: Node<'_, '_>, start: Date, end: Date) -> Option<Outcome> {
    let later = |element: &'static str, name: &'static str| {
        inside(details, element).filter_map(|part| date(part, name)).any(|date| date >= start)
    };
    if later("CINPlanDates", "CINPlanStartDate") || later("ChildProtectionPlans", "CPPstartDate") {
        return Some(Outcome::WentOn);
    }
    let starts = inside(details, "Assessments").filter_map(|other| date(other, "AssessmentActualStartDate"));
    let is_last = starts.into_iter().all(|other| other <= start);
    let closed = date(details, "CINclosureDate").is_some_and(|closed| closed >= end);
    let reason = cell(details, "ReasonForClosure").text().and_then(|reason| codes::closure(&reason));
    (is_last && closed && reason == Some(Outcome::NoFurtherAction)).then_some(Outcome::NoFurtherAction)
}
