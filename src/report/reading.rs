//! What was read from a council's extracts, for the terminal.
//!
//! Consumes a [`Reading`]; produces text: what each file was taken for and how its rows were used, the days that each
//! list covers, and problems by reason with how many there are and where the first are. **Invariant:** a reading
//! holds no value of a row, so neither does this.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comfy_table::CellAlignment;
use jiff::ToSpan;

use super::number::readable;
use super::terminal::{plain_table, push_table, wrapped};
use crate::extracts::records::{List, Quarantined, Reading, Source};

/// Places named for each reason.
const PLACES: usize = 3;

/// A list in words.
pub fn list_name(list: List) -> &'static str {
    match list {
        List::Contact => "contacts",
        List::EarlyHelpAssessment => "early help assessments",
        List::EarlyHelp => "early help",
        List::Referral => "referrals",
        List::Assessment => "assessments",
        List::Section47 => "section 47 enquiries",
        List::ChildInNeed => "children in need",
        List::ProtectionPlan => "child protection plans",
        List::LookedAfter => "looked after",
    }
}

/// The whole report, in lines of at most `width` characters where words allow.
pub fn reading(reading: &Reading, width: usize) -> String {
    let mut out = String::new();
    push_sources(&mut out, reading, width);
    push_windows(&mut out, reading, width);
    push_headings(&mut out, reading, width);
    let (out_of_use, read_otherwise) = (problems(reading, true), problems(reading, false));
    push_problems(&mut out, "Rows left out", &out_of_use, width);
    push_problems(&mut out, "Values put aside or read otherwise than they stand", &read_otherwise, width);
    out
}

fn place(source: &Source) -> String {
    source.sheet.as_ref().map_or_else(|| source.file.clone(), |sheet| format!("{}, {sheet}", source.file))
}

fn left_out(reading: &Reading, source: &Source) -> usize {
    let here = |problem: &&Quarantined| {
        problem.row_left_out && problem.place.file == source.file && problem.place.sheet == source.sheet
    };
    reading.quarantined.iter().filter(here).count()
}

fn push_sources(out: &mut String, reading: &Reading, width: usize) {
    let mut table = plain_table(width);
    table.set_header(["file", "taken for", "rows", "used", "left out"]);
    for source in &reading.sources {
        let count = |number: usize| readable(number as f64);
        let (taken, used, left) = match source.list {
            Some(list) => (list_name(list), count(source.records), count(left_out(reading, source))),
            None => ("nothing: not read", "–".to_owned(), "–".to_owned()),
        };
        table.add_row([place(source), taken.to_owned(), count(source.rows), used, left]);
    }
    for column in 2..5 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    push_table(out, &table);
}

fn push_windows(out: &mut String, reading: &Reading, width: usize) {
    let mut table = plain_table(width);
    table.set_header(["list", "records", "from", "to"]);
    for window in &reading.windows {
        let records = reading.records.iter().filter(|record| record.list == window.list).count();
        let last = window.days.end.checked_sub(1.day()).unwrap_or(window.days.end);
        let days = [window.days.start.to_string(), last.to_string()];
        let [from, to] = days;
        table.add_row([list_name(window.list).to_owned(), readable(records as f64), from, to]);
    }
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    if !reading.windows.is_empty() {
        out.push('\n');
        push_table(out, &table);
    }
}

/// Columns that were looked for in vain, and headings that were taken for a column under another name.
fn push_headings(out: &mut String, reading: &Reading, width: usize) {
    for source in &reading.sources {
        let mut said = Vec::new();
        if !source.missing.is_empty() {
            said.push(format!("no heading for {}", source.missing.join("; ")));
        }
        let squeezed = |text: &str| text.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "");
        let others = source.matched.iter().filter(|(column, heading)| squeezed(column) != squeezed(heading));
        said.extend(others.map(|(column, heading)| format!("\"{heading}\" taken for {column}")));
        if !said.is_empty() {
            let line = format!("{}: {}.", place(source), said.join("; "));
            let _ = write!(out, "\n{}\n", wrapped(&line, width));
        }
    }
}

/// Problems of one kind: column, reason, how many, and the first places.
struct Group<'r> {
    column: &'r str,
    reason: &'r str,
    count: usize,
    first: Vec<String>,
}

fn problems(reading: &Reading, row_left_out: bool) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(&str, &str), Group<'_>> = BTreeMap::new();
    let wanted = reading.quarantined.iter().filter(|problem| problem.row_left_out == row_left_out);
    for problem in wanted {
        let (column, reason) = (problem.column.as_str(), problem.reason.as_str());
        let group = groups.entry((reason, column)).or_insert_with(|| Group {
            column,
            reason,
            count: 0,
            first: Vec::new(),
        });
        group.count += 1;
        if group.first.len() < PLACES {
            let sheet = problem.place.sheet.as_ref().map_or_else(String::new, |sheet| format!(", {sheet}"));
            group.first.push(format!("{}{sheet}, row {}", problem.place.file, problem.place.row));
        }
    }
    let mut groups: Vec<Group<'_>> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    groups
}

fn push_problems(out: &mut String, title: &str, groups: &[Group<'_>], width: usize) {
    if groups.is_empty() {
        return;
    }
    let all: usize = groups.iter().map(|group| group.count).sum();
    let _ = writeln!(out, "\n{title}: {}", readable(all as f64));
    let mut table = plain_table(width);
    table.set_header(["how many", "column", "why", "first"]);
    for group in groups {
        let more = if group.count > group.first.len() { "; …" } else { "" };
        let first = format!("{}{more}", group.first.join("; "));
        table.add_row([
            readable(group.count as f64),
            group.column.to_owned(),
            group.reason.to_owned(),
            first,
        ]);
    }
    if let Some(column) = table.column_mut(0) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    push_table(out, &table);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extracts::records::{Number, Record, Where, Window};
    use jiff::civil::date;

    fn example() -> Reading {
        let problem = |row, reason: &str, row_left_out| Quarantined {
            place: Where { file: "list_1.csv".into(), sheet: None, row },
            column: "Date of Contact".into(),
            reason: reason.into(),
            row_left_out,
        };
        let record = Record {
            list: List::Contact,
            child: Number(0),
            family: None,
            area: None,
            source: None,
            start: date(2024, 2, 1),
            end: None,
            outcome: None,
        };
        Reading {
            records: vec![record],
            windows: vec![Window { list: List::Contact, days: date(2023, 8, 1)..date(2024, 2, 2) }],
            sources: vec![Source {
                file: "list_1.csv".into(),
                sheet: None,
                list: Some(List::Contact),
                rows: 6,
                records: 1,
                matched: vec![
                    ("Date of Contact".into(), "date_of_contact".into()),
                    ("Contact Source".into(), "Source".into()),
                ],
                unmatched: Vec::new(),
                missing: vec!["Child Unique ID".into()],
            }],
            quarantined: (2..6)
                .map(|row| problem(row, "not a date", true))
                .chain([problem(7, "no date", true), problem(8, "a note", false)])
                .collect(),
        }
    }

    #[test]
    fn every_file_list_and_reason_is_shown_with_its_count() {
        let text = reading(&example(), 100);
        for part in [
            "list_1.csv",
            "contacts",
            "2023-08-01",
            "2024-02-01",
            "Rows left out: 5",
            "not a date",
            "list_1.csv, row 2; list_1.csv, row 3",
            "…",
            "no heading for Child Unique ID",
            "\"Source\" taken for Contact Source",
            "read otherwise than they stand: 1",
            "a note",
        ] {
            assert!(text.contains(part), "{part} is missing from\n{text}");
        }
        assert!(!text.contains("\"date_of_contact\" taken"), "the same words are not worth a line\n{text}");
        let used = text.lines().find(|line| line.contains("contacts")).expect("a line");
        assert!(used.split_whitespace().collect::<Vec<_>>().ends_with(&["6", "1", "5"]), "{used}");
        let most = text.find("not a date").zip(text.find("no date")).expect("both");
        assert!(most.0 < most.1, "the commonest reason first");
    }
}
