//! Nothing that a file says of a person leaves the reading.

use rust_xlsxwriter::Workbook;

use super::*;

/// What must never be seen again. Whatever is personal in the files below holds one of these.
const CANARIES: [&str; 9] =
    ["zqx", "zyxname", "990017771", "990017772", "q9 9zz", "q99zz", "2013-12-11", "11/12/2013", "unterweger"];

fn assert_silent(text: &str) {
    let text = text.to_lowercase();
    for canary in CANARIES {
        assert!(!text.contains(canary), "{canary} in {text}");
    }
}

fn assert_nothing_leaves(result: &Result<Reading, Vec<Unreadable>>) {
    assert_silent(&format!("{result:?}"));
    assert_silent(&format!("{result:#?}"));
    if let Err(wrong) = result {
        wrong.iter().for_each(|wrong| assert_silent(&wrong.to_string()));
    }
}

/// A list with good rows and faulty ones, canaries in each cell that is free and in the headings that are not known.
fn list(headings: &[&str], good: &[&str]) -> Vec<Vec<String>> {
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    let mut rows = vec![own(&["Extract made by Zyxname Unterweger"]), Vec::new(), own(headings)];
    rows[2].extend(own(&["Zyxname Unterweger", "Notes on Zqxchild", "Date of Birth", "Postcode"]));
    let extra = || own(&["zqx free text, with 990017771", "Zyxname", "11/12/2013", "Q9 9ZZ"]);
    for child in ["990017771", "ZQX990017772", ""] {
        for fault in 0..=good.len() {
            let mut row = own(&[child]);
            row.extend(own(good));
            // A canary where a date or a code should be.
            if fault > 0 {
                row[fault] =
                    ["Zyxname Unterweger", "990017771", "Q9 9ZZ", "zqx 31/02/2024"][fault % 4].to_owned();
            }
            row.extend(extra());
            rows.push(row);
        }
    }
    let again = rows[3].clone();
    let mut wide = again.clone();
    wide.push("zqxshifted".to_owned());
    rows.extend([again, wide]);
    rows
}

fn lists() -> Vec<Vec<Vec<String>>> {
    let team = "Team Zyxname";
    vec![
        list(
            &["Child Unique ID", "Date of Contact", "Contact Source"],
            &["01/02/2024", "Zqx's aunt, a parent"],
        ),
        list(
            &[
                "Child Unique ID",
                "Assessment start date",
                "Assessment completion date",
                "Organisation completing assessment",
            ],
            &["01/02/2024", "03/02/2024", team],
        ),
        list(
            &["Child Unique ID", "Date of referral", "Referral Source", "Referral NFA?", "Allocated Team"],
            &["01/02/2024", "6", "zqx", team],
        ),
        list(
            &[
                "Child Unique ID",
                "Continuous Assessment Start Date",
                "Continuous Assessment Date of Authorisation",
                "Was the child assessed as being in need at assessment?",
                "Allocated Worker",
            ],
            &["01/02/2024", "03/02/2024", "zqx", "Zyxname"],
        ),
        list(
            &["Child Unique ID", "CIN Start Date", "CIN Closure Date", "Reason for Closure", "Case status"],
            &["01/02/2024", "03/02/2024", "zqx reason", "zqx"],
        ),
        list(
            &["CHILD", "DECOM", "RNE", "DEC", "REC", "HOME_POST"],
            &["01/02/2024", "S", "03/02/2024", "zqx", "Q9 9ZZ"],
        ),
        list(
            &["child_id", "family_id", "start", "end", "end_reason", "worker", "source", "lsoa"],
            &["ZQX1", "01/02/2024", "03/02/2024", "zqx", "Zyxname", "zqx", "zqx"],
        ),
    ]
}

fn as_text(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = ::csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        let empty = vec![String::new()];
        writer.write_record(if row.is_empty() { &empty } else { row }).expect("written");
    }
    writer.into_inner().expect("bytes")
}

fn as_workbook(lists: &[Vec<Vec<String>>]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (place, rows) in lists.iter().enumerate() {
        let sheet = book.add_worksheet();
        sheet.set_name(format!("List {} Zyxname", place + 1)).expect("a name");
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                sheet.write(r as u32, c as u16, cell).expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("bytes")
}

#[test]
fn nothing_of_lists_leaves() {
    let assignments = [
        Assignment::default(),
        Assignment::from_text("team,area\nTeam Zyxname,west\n").expect("teams"),
        Assignment::from_text("postcode_sector,area\nQ9 9,west\n").expect("sectors"),
    ];
    let lists = lists();
    for assignment in &assignments {
        assert_silent(&format!("{assignment:?}"));
        for rows in &lists {
            let result = read_bytes(&[("file.csv", &as_text(rows))], assignment);
            let reading = result.as_ref().unwrap_or_else(|wrong| panic!("{wrong:?}: {:?}", rows[2]));
            assert!(!reading.records.is_empty() && !reading.quarantined.is_empty(), "{:?}", rows[2]);
            assert_balanced(reading);
            assert_nothing_leaves(&result);
        }
        let result = read_bytes(&[("file.xlsx", &as_workbook(&lists))], assignment);
        let reading = result.as_ref().expect("a workbook");
        assert!(reading.records.len() >= 6 && reading.quarantined.len() > 50, "{reading:?}");
        assert_nothing_leaves(&result);
    }
}

#[test]
fn nothing_of_a_census_leaves() {
    let part = |date: &str| {
        format!(
            "<CINdetails><CINreferralDate>{date}</CINreferralDate><ReferralSource>zqx</ReferralSource><ZqxElement>zyxname</ZqxElement>\
             <Assessments><AssessmentActualStartDate>{date}</AssessmentActualStartDate></Assessments>\
             <CINclosureDate>zqx</CINclosureDate><ReasonForClosure>zyxname</ReasonForClosure></CINdetails>"
        )
    };
    let child = |identifier: &str| {
        format!(
            "<Child><ChildIdentifiers><LAchildID>{identifier}</LAchildID><UPN>ZQX990017771</UPN><PersonBirthDate>2013-12-11\
             </PersonBirthDate></ChildIdentifiers>{}{}</Child>",
            part("2024-02-01"),
            part("Zyxname Unterweger")
        )
    };
    let text =
        format!("<Message><Zqx>zyxname</Zqx>{}{}{}</Message>", child("990017771"), child("ZQX2"), child(""));
    let result = read_bytes(&[("census.xml", text.as_bytes())], &Assignment::default());
    assert_eq!(result.as_ref().expect("a census").records.len(), 4);
    assert_nothing_leaves(&result);
    let broken = text.replace("</Zqx>", "</Zyxname>");
    assert_nothing_leaves(&read_bytes(&[("census.xml", broken.as_bytes())], &Assignment::default()));
}

#[test]
fn nothing_of_files_that_cannot_be_read_leaves() {
    let texts = [
        "Zyxname Unterweger,990017771,Q9 9ZZ\nzqx,zqx,zqx\n",
        "Child ID,Date of contact,Date of contact,Zyxname\n990017771,01/02/2024,02/02/2024,zqx\n",
        "Child ID,Referral source,Zyxname\n990017771,zqx,zqx\n",
        "<Zyxname>990017771</Zyxname>",
        "<Zyxname>990017771</Zqx>",
        "<!DOCTYPE zqx [<!ENTITY zyxname \"990017771\">]><zqx>&zyxname;</zqx>",
        "zyxname",
    ];
    for text in texts {
        let result = read_bytes(&[("file", text.as_bytes())], &Assignment::default());
        assert!(result.is_err());
        assert_nothing_leaves(&result);
        let wrong = Assignment::from_text(text).expect_err("no areas");
        assert_silent(&wrong);
    }
    let none = vec![vec![vec!["Zyxname".to_owned(), "990017771".to_owned()]; 3]];
    assert_nothing_leaves(&read_bytes(&[("file.xlsx", &as_workbook(&none))], &Assignment::default()));
    assert_silent(&Assignment::from_text("team,area\nzyxname,a\nZYXNAME,b\n").expect_err("twice"));
}
