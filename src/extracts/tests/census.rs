//! The children in need census.

use super::*;

fn census(children: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Message><Header><CollectionDetails><Collection>CIN</Collection>\
         <Year>2024</Year><ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails></Header><Children>{children}</Children></Message>"
    )
}

fn child(identifier: &str, details: &str) -> String {
    format!(
        "<Child><ChildIdentifiers>{identifier}</ChildIdentifiers><CINdetails>{details}</CINdetails></Child>"
    )
}

const EPISODE: &str = "<CINreferralDate>2023-05-02</CINreferralDate><ReferralSource>2A</ReferralSource>\
    <CINclosureDate>2024-02-01</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>\
    <Assessments><AssessmentActualStartDate>2023-05-03</AssessmentActualStartDate>\
    <AssessmentAuthorisationDate>2023-06-20</AssessmentAuthorisationDate></Assessments>\
    <Section47><S47ActualStartDate>2023-06-21</S47ActualStartDate><DateOfInitialCPC>2023-07-05</DateOfInitialCPC>\
    <ICPCnotRequired>false</ICPCnotRequired></Section47>\
    <CINPlanDates><CINPlanStartDate>2023-11-01</CINPlanStartDate><CINPlanEndDate>2024-02-01</CINPlanEndDate></CINPlanDates>\
    <ReferralNFA>0</ReferralNFA>\
    <ChildProtectionPlans><CPPstartDate>2023-07-05</CPPstartDate><CPPendDate>2023-10-31</CPPendDate></ChildProtectionPlans>";

#[test]
fn an_episode_becomes_a_record_of_each_of_its_parts() {
    let reading = read_texts(&[("census.xml", &census(&child("<LAchildID>1</LAchildID>", EPISODE)))]);
    let read: Vec<_> = reading.records.iter().map(|r| (r.list, r.start, r.end, r.outcome)).collect();
    let went_on = Some(Outcome::WentOn);
    assert_eq!(
        read,
        [
            (List::Referral, date(2023, 5, 2), None, went_on),
            (List::Assessment, date(2023, 5, 3), Some(date(2023, 6, 20)), went_on),
            (List::Section47, date(2023, 6, 21), Some(date(2023, 7, 5)), went_on),
            (List::ChildInNeed, date(2023, 11, 1), Some(date(2024, 2, 1)), Some(Outcome::OutcomesMet)),
            (List::ProtectionPlan, date(2023, 7, 5), Some(date(2023, 10, 31)), None),
        ]
    );
    assert_eq!(reading.records[0].source, Some(ReferralSource::Education));
    assert!(reading.windows.iter().all(|window| window.days == (date(2023, 4, 1)..date(2024, 4, 1))));
}

#[test]
fn faults_are_told_by_element_and_child() {
    let details = "<CINreferralDate>2020-01-01</CINreferralDate><ReferralSource>6</ReferralSource>\
        <Assessments><AssessmentActualStartDate>2023-05-03</AssessmentActualStartDate>\
        <AssessmentAuthorisationDate>2023-05-01</AssessmentAuthorisationDate></Assessments>\
        <Section47><S47ActualStartDate>2024-03-20</S47ActualStartDate><DateOfInitialCPC>2024-04-09</DateOfInitialCPC></Section47>\
        <CINPlanDates><CINPlanStartDate>2024-02-30</CINPlanStartDate></CINPlanDates>\
        <ChildProtectionPlans><CPPstartDate>2025-01-01</CPPstartDate></ChildProtectionPlans>";
    let children = child("<LAchildID>1</LAchildID>", EPISODE) + &child("<LAchildID>2</LAchildID>", details);
    let reading = read_texts(&[("census.xml", &census(&(children + &child("", EPISODE))))]);
    let told = problems(&reading, true);
    assert_eq!(
        told.iter()
            .filter(|problem| problem.0 == 2)
            .map(|problem| (problem.1, problem.2))
            .collect::<Vec<_>>(),
        [
            ("CINreferralDate", "before the days that its list covers: not counted among them"),
            ("AssessmentAuthorisationDate", "ends before it starts"),
            ("CINPlanStartDate", "a day that no calendar has"),
            ("CPPstartDate", "later than the day on which the extract was made"),
        ]
    );
    assert_eq!(
        told.iter().filter(|problem| problem.2 == "no child").count(),
        5,
        "each part of the third child"
    );
    let pending =
        reading.records.iter().find(|record| record.start == date(2024, 3, 20)).expect("the enquiry");
    assert_eq!(
        (pending.end, pending.outcome),
        (None, None),
        "a conference arranged for later is not yet held"
    );
}

#[test]
fn the_same_element_twice_counts_once() {
    let children = child("<LAchildID>1</LAchildID>", EPISODE) + &child("<LAchildID> 1 </LAchildID>", EPISODE);
    let reading = read_texts(&[("census.xml", &census(&children))]);
    assert_eq!(reading.records.len(), 5);
    assert_eq!(problems(&reading, true).len(), 5);
}

#[test]
fn both_layouts_of_the_sample_are_read() {
    let read = |year: &str| {
        let path = fixture(&format!("cin_census/cin_census_{year}_example.xml"));
        read(&[path], &Assignment::default()).expect("the sample")
    };
    let (old, new) = (read("2024"), read("2026"));
    assert_eq!(old.records, new.records);
    assert!(new.sources[0].unmatched.iter().any(|name| name == "PreProceedingsandFGDM"));
}

#[test]
fn other_xml_is_refused() {
    assert!(refused("<Message><Header/></Message>").contains("no children in need census"));
    assert!(refused("<Message><unclosed></Message>").contains("not well formed at line 1"));
}
