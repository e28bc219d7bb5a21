//! The looked-after return.

use super::*;

const HEADINGS: &str =
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n";

fn episode(child: &str, start: &str, new: &str, end: &str, reason: &str) -> String {
    format!("{child},{start},{new},C2,N1,U4,PR1,{end},{reason},,AB1 2CD,EF3 4GH,\n")
}

fn file(episodes: &[(&str, &str, &str, &str, &str)]) -> String {
    let rows =
        episodes.iter().map(|(child, start, new, end, reason)| episode(child, start, new, end, reason));
    HEADINGS.to_owned() + &rows.collect::<String>()
}

#[test]
fn episodes_are_joined_to_periods_within_a_file_and_over_years() {
    let first = file(&[
        ("1", "01/05/2019", "S", "01/09/2019", "X1"),
        ("1", "01/09/2019", "P", "", ""),
        ("2", "10/06/2019", "S", "10/08/2019", "E4A"),
        ("2", "20/11/2019", "S", "28/03/2020", "E4A"),
        ("3", "01/01/2018", "P", "03/04/2019", "E4A"),
    ]);
    let second = file(&[
        ("1", "01/09/2019", "P", "05/05/2020", "X1"),
        ("1", "05/05/2020", "P", "30/03/2021", "E2"),
        ("4", "01/03/2021", "S", "", ""),
    ]);
    let reading = read_texts(&[("a.csv", &first), ("b.csv", &second)]);
    let read: Vec<_> = reading.records.iter().map(|r| (r.child.0, r.start, r.end, r.outcome)).collect();
    assert_eq!(
        read,
        [
            (0, date(2019, 5, 1), Some(date(2021, 3, 30)), Some(Outcome::OtherReason)),
            (1, date(2019, 6, 10), Some(date(2019, 8, 10)), None),
            (1, date(2019, 11, 20), Some(date(2020, 3, 28)), None),
            (3, date(2021, 3, 1), None, None),
        ]
    );
    let out: Vec<_> =
        reading.quarantined.iter().map(|q| (q.place.file.as_str(), q.place.row, q.reason.as_str())).collect();
    assert_eq!(out.len(), 2);
    assert!(out[0].0 == "a.csv" && out[0].1 == 3 && out[0].2.contains("later file"));
    assert!(
        out[1].1 == 6 && out[1].2.contains("first day is not known"),
        "its first episode did not start it"
    );
    // Two years to 31 March that touch.
    assert_eq!(reading.windows[0].days, date(2019, 4, 1)..date(2021, 4, 1));
}

#[test]
fn episodes_that_do_not_fit_are_told() {
    let reading = read_text(&file(&[
        ("1", "01/05/2019", "S", "01/09/2019", "X1"),
        ("1", "03/09/2019", "P", "01/10/2019", "E4A"),
        ("2", "01/05/2019", "S", "01/09/2019", "X1"),
        ("3", "01/05/2019", "S", "", "X1"),
        ("4", "01/05/2019", "S", "30/04/2019", "E4A"),
        ("5", "01/05/2019", "S", "20/03/2020", "E4A"),
    ]));
    let read: Vec<_> = reading.records.iter().map(|r| (r.child.0, r.end)).collect();
    assert_eq!(
        read,
        [(0, Some(date(2019, 10, 1))), (1, None), (2, None), (4, Some(date(2020, 3, 20)))],
        "two days after X1 still continues; X1 with nothing after it is still looked after"
    );
    assert_eq!(problems(&reading, false).len(), 3);
    assert_eq!(problems(&reading, true), [(6, "DEC", "ends before it starts")]);
}

#[test]
fn short_breaks_are_not_being_looked_after() {
    let text = HEADINGS.to_owned()
        + "1,01/05/2019,S,V4,N1,U4,PR1,,,,,,\n"
        + &episode("2", "01/05/2019", "S", "01/03/2020", "E4A");
    let reading = read_text(&text);
    assert_eq!(reading.records.len(), 1);
    assert!(problems(&reading, true)[0].2.contains("short breaks"));
}

#[test]
fn the_header_file_is_known_and_not_read() {
    let reading = read(&[fixture("ssda903/2020-header.csv")], &Assignment::default()).expect("the sample");
    assert!(reading.records.is_empty() && reading.sources[0].list.is_none());
    assert_eq!(reading.sources[0].rows, 226);
}
