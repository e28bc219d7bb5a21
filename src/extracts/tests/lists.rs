//! Lists of Annex A and the early help file.

use super::*;

#[test]
fn each_column_becomes_what_it_should() {
    let enquiries = read_text(
        "Child Unique ID,Strategy discussion initiating Section 47 Enquiry Start Date,Was an Initial Child Protection \
         Conference deemed unnecessary?,Date of Initial Child Protection Conference,Did the Initial Child Protection \
         Conference Result in a Child Protection Plan\n\
         1,01/02/2024,b) No,15/02/2024,a) Yes\n2,02/02/2024,No,16/02/2024,N\n3,03/02/2024,Y,,\n4,04/02/2024,false,,\n",
    );
    let read: Vec<_> = enquiries.records.iter().map(|r| (r.end, r.outcome)).collect();
    assert_eq!(
        read,
        [
            (Some(date(2024, 2, 15)), Some(Outcome::WentOn)),
            (Some(date(2024, 2, 16)), Some(Outcome::ConferenceWithoutPlan)),
            (None, Some(Outcome::NoFurtherAction)),
            (None, None),
        ]
    );
    let referrals = read_text(
        "Child ID;Referral date;Source of referral;NFA\n7;5-Feb-24;q) 6: Police;Yes\n8;2024-02-06;School;0\n7;07.02.2024;zebra;\n",
    );
    let read: Vec<_> = referrals.records.iter().map(|r| (r.child.0, r.source, r.outcome)).collect();
    let (police, school, unknown) =
        (ReferralSource::Police, ReferralSource::Education, ReferralSource::Unknown);
    assert_eq!(
        read,
        [
            (0, Some(police), Some(Outcome::NoFurtherAction)),
            (1, Some(school), Some(Outcome::WentOn)),
            (0, Some(unknown), None),
        ],
        "the same child has the same number; a source without a code is unknown"
    );
    assert_eq!(problems(&referrals, false).len(), 1);
    let needs = read_text(
        "Child ID,CIN start date,CIN closure date,Reason for closure,Case status\n\
         1,01/01/2024,,,c) Child in need plan\n2,02/01/2024,05/02/2024,RC7,e) Closed episode\n\
         3,03/01/2024,04/02/2024,RC8,e) Closed episode\n4,04/01/2024,,,a) Looked after child\n\
         5,05/01/2024,,,b) Child Protection plan\n6,06/01/2024,,,d) Open assessment\n7,07/01/2024,,,e) Closed episode\n",
    );
    let read: Vec<_> = needs.records.iter().map(|r| r.outcome).collect();
    assert_eq!(read, [None, Some(Outcome::OutcomesMet), Some(Outcome::NoFurtherAction), None]);
    let out: Vec<usize> = problems(&needs, true).iter().map(|problem| problem.0).collect();
    assert_eq!(out, [5, 6, 7], "cases of other lists by their status");
    assert_eq!(problems(&needs, false)[0].0, 8, "closed without a day is reported");
}

#[test]
fn early_help_by_children_and_by_families() {
    let sample = read(&[fixture("early_help/early_help.csv")], &Assignment::default()).expect("the sample");
    let read: Vec<_> = sample.records.iter().map(|r| (r.family.map(|f| f.0), r.outcome)).collect();
    assert_eq!(
        read,
        [
            (Some(0), Some(Outcome::OutcomesMet)),
            (Some(0), Some(Outcome::OutcomesMet)),
            (Some(1), None),
            (Some(2), Some(Outcome::SteppedUp)),
            (Some(3), Some(Outcome::Disengaged)),
        ]
    );
    assert_eq!(problems(&sample, true), [(7, "start", "a day that no calendar has")]);
    // From the first day on which a case closed to the latest day in the file.
    assert_eq!(sample.windows[0].days, date(2023, 7, 1)..date(2023, 10, 1));
    let families =
        read_text("family_id,start,end\nF1,01/05/2023,\nF2,02/05/2023,03/06/2023\n,02/05/2023,03/06/2023\n");
    assert_eq!(families.records.len(), 2);
    assert_eq!(problems(&families, true), [(4, "family_id", "no family")]);
}

#[test]
fn headings_may_be_untidy() {
    let text = "Contacts of the year,,\n,,\nmade by the data team,,\n\
        \"CHILD  unique\nid \",Chidl age,2. date_of_contact (dd/mm/yyyy),contact sorce\n\
        1,5,01/02/2024,6\n2,6,02/02/2024,2A\n";
    let reading = read_text(text);
    assert_eq!(reading.records.len(), 2);
    assert_eq!(reading.sources[0].list, Some(List::Contact));
    let matched: Vec<&str> =
        reading.sources[0].matched.iter().map(|(expected, _)| expected.as_str()).collect();
    assert_eq!(matched, ["Child Unique ID", "Date of Contact", "Contact Source"]);
    // A misspelt word is not repeated, since it is not known: the column's letter says where it is.
    assert_eq!(reading.sources[0].matched[2].1, "contact … (column D)");
    assert_eq!(reading.sources[0].unmatched, ["… age (column B)"]);
}

#[test]
fn words_that_change_the_meaning_are_no_misspellings() {
    let text = "Child Unique ID,Child Protection Plan Start Date,Planned Child Protection Plan End Date\n1,01/02/2024,01/05/2024\n";
    let reading = read_text(text);
    assert_eq!(reading.records[0].end, None);
    assert_eq!(reading.sources[0].missing, ["Child Protection Plan End Date"]);
    assert!(refused("Child Unique ID,Child Protection Plan End Date\n1,01/02/2024\n").contains("not found"));
}

#[test]
fn two_headings_that_fit_equally_are_ambiguous_unless_they_say_the_same() {
    let differ = "Child ID,Date of contact,Date of contact,Contact source\n1,01/02/2024,02/02/2024,6\n";
    assert!(
        refused(differ).contains("`Date of Contact` (two headings fit it equally)"),
        "{}",
        refused(differ)
    );
    let agree = "Child ID,Date of contact,Date of contact,Contact source\n1,01/02/2024,01/02/2024,6\n";
    assert_eq!(read_text(agree).records.len(), 1);
}

#[test]
fn faulty_rows_are_put_aside_with_their_place() {
    let mut text = "Child ID,Date of contact,Contact source\n".to_owned();
    for day in 1..=28 {
        text.push_str(&format!("{day},{day:02}/02/2023,6\n"));
    }
    text.push_str(
        ",01/02/2023,6\nNULL,02/02/2023,6\n31,29/02/2023,6\n32,,6\n33,see notes,6\n34,01/02/1979,6\n35,01/02/2032,6\n\
         1,01/02/2023,6\n36,01/02/2023,6,shifted\nChild ID,Date of contact,Contact source\n,,\n  ,,\n",
    );
    let reading = read_text(&text);
    assert_eq!(reading.records.len(), 28);
    assert_eq!(reading.sources[0].rows, 38, "empty rows at the end are no rows");
    assert_eq!(
        problems(&reading, true),
        [
            (30, "Child Unique ID", "no child"),
            (31, "Child Unique ID", "no child"),
            (32, "Date of Contact", "a day that no calendar has"),
            (33, "Date of Contact", "no date"),
            (34, "Date of Contact", "not a date"),
            (35, "Date of Contact", "before 1980"),
            (36, "Date of Contact", "later than the day on which the extract was made"),
            (37, "", "the same row as an earlier one: counted once"),
            (38, "", "more cells than headings: the row may be shifted"),
            (39, "", "the headings a second time"),
        ]
    );
    // Six months to the latest day that is no slip.
    assert_eq!(reading.windows[0].days, date(2022, 8, 28)..date(2023, 3, 1));
}

#[test]
fn ends_that_cannot_be_are_not_read_as_open() {
    let mut text = "Child ID,Child protection plan start date,Child protection plan end date\n".to_owned();
    for day in 1..=28 {
        text.push_str(&format!("{day},01/01/2023,{day:02}/02/2023\n"));
    }
    text.push_str(
        "30,01/01/2023,31/12/2022\n31,01/01/2023,30/02/2023\n32,01/01/2023,n/a\n33,01/01/2023,31/12/2099\n34,01/01/2023,01/01/1900\n",
    );
    let reading = read_text(&text);
    let column = "Child Protection Plan End Date";
    assert_eq!(
        problems(&reading, true),
        [(30, column, "ends before it starts"), (31, column, "a day that no calendar has")]
    );
    let noted: Vec<usize> = problems(&reading, false).iter().map(|problem| problem.0).collect();
    assert_eq!(
        noted,
        [33, 34],
        "a day long after all others, and the spreadsheets' day for nothing, are said to be read as open"
    );
    assert_eq!(reading.records.iter().filter(|record| record.end.is_none()).count(), 3);
}

#[test]
fn days_of_visits_show_when_the_extract_was_made() {
    let text =
        "Child ID,CIN start date,CIN closure date,Date child was last seen\n1,01/02/2024,,20/03/2024\n";
    assert_eq!(read_text(text).windows[0].days, date(2023, 9, 20)..date(2024, 3, 21));
}

#[test]
fn cells_of_a_workbook_are_read_by_what_they_are() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
    let mut book = Workbook::new();
    let days = Format::new().set_num_format("dd/mm/yyyy");
    book.add_worksheet().set_name("Front page").expect("a name").write(0, 0, "An extract").expect("a cell");
    let sheet = book.add_worksheet().set_name("LIST_7 - CP plans").expect("a name");
    sheet.write(0, 0, "Children with a plan").expect("a title");
    let headings = [
        "Child Unique ID",
        "Child Protection Plan\nStart Date",
        "Child Protection Plan End Date",
        "Allocated Team",
    ];
    for (column, heading) in headings.iter().enumerate() {
        sheet.write(3, column as u16, *heading).expect("a heading");
    }
    let day = |day: u8| ExcelDateTime::from_ymd(2024, 2, day).expect("a day");
    sheet.write(4, 0, 9_212_044).expect("a number");
    sheet.write_with_format(4, 1, day(1), &days).expect("a day");
    sheet.write_with_format(4, 2, day(20), &days).expect("a day");
    // The same child as text, a serial number without a format, a formula that found nothing, a note to the right.
    sheet.write(5, 0, "9212044").expect("text");
    sheet.write(5, 1, 45_350).expect("a serial number");
    sheet.write(5, 2, Formula::new("=NA()").set_result("#N/A")).expect("a formula");
    sheet.write(5, 7, "a note").expect("a note");
    sheet.write_blank(900, 3, &days).expect("a stray format");
    let bytes = book.save_to_buffer().expect("bytes");
    let reading = read_bytes(&[("book.xlsx", &bytes)], &Assignment::default()).expect("a workbook");
    assert_balanced(&reading);
    let read: Vec<_> = reading.records.iter().map(|r| (r.child.0, r.start, r.end)).collect();
    let expected = [(0, date(2024, 2, 1), Some(date(2024, 2, 20))), (0, date(2024, 2, 28), None)];
    assert_eq!(read, expected);
    let sheets: Vec<_> =
        reading.sources.iter().map(|source| (source.sheet.as_deref(), source.rows)).collect();
    assert_eq!(sheets, [(Some("sheet 1"), 1), (Some("LIST_7 - CP plans"), 2)]);
}

#[test]
fn character_sets_and_separators_do_not_matter() {
    let text = "Child’s ID;Date of contact;Contact source;Note\n1;01/02/2024;q) 6: Police;café\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let tabs = text.replace(';', "\t").into_bytes();
    for bytes in [text.as_bytes().to_vec(), [b"\xff\xfe".as_slice(), &utf16].concat(), windows, tabs] {
        let reading = read_bytes(&[("a.txt", &bytes)], &Assignment::default()).expect("readable");
        assert_eq!(days(&reading.records[0]), (date(2024, 2, 1), None));
        assert_eq!(reading.records[0].source, Some(ReferralSource::Police));
    }
}

#[test]
fn rows_get_areas_and_those_that_get_none_are_told() {
    let teams = Assignment::from_text("team,area\nLocality 4 Duty Team,west\n").expect("teams");
    let reading = read(&[fixture("annex_a/list_3.csv")], &teams).expect("the sample");
    let west = reading.records.iter().filter(|record| record.area.as_deref() == Some("west"));
    assert_eq!(west.count(), 4);
    let told = problems(&reading, false);
    assert_eq!(told.len(), 2);
    assert!(
        told.iter()
            .all(|(_, column, reason)| *column == "Allocated Team" && reason.contains("no area is given"))
    );
    let contacts = read(&[fixture("annex_a/list_1.csv")], &teams).expect("the sample");
    assert_eq!(contacts.sources[0].missing, ["Allocated Team"]);
}

#[test]
fn files_that_are_none_of_these_are_told_how_near_they_came() {
    let wrong = refused("Child ID,Referral source,Colour\n1,6,blue\n");
    assert!(
        wrong.contains(
            "list 3, referrals: found `Child Unique ID`, `Referral Source`; not found `Date of referral`"
        ),
        "{wrong}"
    );
    assert!(wrong.contains("looked for Annex A"), "{wrong}");
    assert!(refused("nothing of this kind").contains("no headings"));
    assert!(refused("  \n").contains("empty"));
    let missing = read(
        &[PathBuf::from("/nowhere/file.csv"), PathBuf::from("/nowhere/other.csv")],
        &Assignment::default(),
    );
    assert_eq!(missing.expect_err("no files").len(), 2, "all at once");
}

#[test]
fn later_extracts_supersede_earlier_ones() {
    let text = |end: &str, last: &str| {
        let mut text = "Child ID,Family ID,Start,End,End reason\n".to_owned();
        for child in 1..=5 {
            text.push_str(&format!("{child},f{child},01/02/2023,{last},outcomes met\n"));
        }
        text + &format!("9,f9,01/01/2023,{end},\n")
    };
    let (early, late) = (text("", "01/03/2023"), text("20/05/2023", "01/06/2023"));
    let reading = read_texts(&[("late.csv", &late), ("early.csv", &early)]);
    assert_eq!(reading.records.len(), 6);
    assert!(reading.records.iter().all(|record| record.end.is_some()));
    assert_eq!(problems(&reading, true).len(), 6);
}

#[test]
fn a_quotation_mark_left_open_does_not_swallow_rows_silently() {
    let text = "Child ID,Date of contact,Contact source\n1,01/02/2024,6\n2,02/02/2024,\"6\n3,03/02/2024,6\n4,04/02/2024,6\n";
    let reading = read_text(text);
    assert_eq!(reading.records.len(), 1);
    assert!(problems(&reading, true)[0].2.contains("quotation mark"));
}
