//! Extracts that councils already produce, read into plain records.
//!
//! Consumes files: Ofsted's child-level data lists ("Annex A") as a workbook or as CSV, the children in need census
//! (XML), the looked-after return (SSDA903, CSV) and an early help file (CSV), told by what is in them. Produces a
//! [`Reading`]: records, the days that each list covers, what each file was taken for, and everything that was put
//! aside, with its place and reason. `docs/extracts.md` says what becomes of each column. **Invariants:** no
//! identifier, name, date of birth, postcode or free text is in a reading, a message or an error; for every source
//! that is read, `rows` is `records` plus the problems that left a row out; every record lies in a window of its list.

use std::path::{Path, PathBuf};

mod areas;
mod care;
mod census;
mod codes;
mod dates;
mod gather;
mod headings;
mod layout;
mod period;
pub mod records;
mod rows;
mod table;
mod workbook;

pub use areas::Assignment;
use gather::{Gathering, Kind, Place};
use headings::Matched;
use jiff::civil::Date;
use layout::Role;
pub use period::Period;
use records::{Reading, Record};
use rows::Standing;
use table::Table;

/// A file of which nothing could be read, and why. Never holds a value of the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct Unreadable {
    /// The file's name, without its folder.
    pub file: String,
    /// What it was found to be, and what was looked for.
    pub reason: String,
}

/// Files larger than this are not read: the largest return of an English authority is a tenth of it.
const LARGEST: u64 = 1 << 30;
const LOOKED_FOR: &str = "looked for Annex A as a workbook (.xlsx) or its lists 1 to 8 as CSV, \
    the children in need census as XML, SSDA903 header and episodes as CSV, and an early help file as CSV";

/// Reads files of any of the kinds known, in any order.
///
/// # Errors
/// All files of which nothing could be read.
pub fn read(files: &[PathBuf], assignment: &Assignment) -> Result<Reading, Vec<Unreadable>> {
    read_within(files, assignment, Period::default())
}

/// As [`read`], for days asked for instead of those inferred from the files.
///
/// # Errors
/// All files of which nothing could be read.
pub fn read_within(
    files: &[PathBuf],
    assignment: &Assignment,
    asked: Period,
) -> Result<Reading, Vec<Unreadable>> {
    let mut found = Gathering::new(assignment);
    let mut wrong = Vec::new();
    // Lists of Annex A as CSV are taken to be made together, since each alone is too short to tell when.
    let mut loose = None;
    for path in files {
        let file = file_name(path);
        let result = bytes_of(path).and_then(|bytes| one(&mut found, &file, &bytes, &mut loose));
        if let Err(reason) = result {
            wrong.push(Unreadable { file, reason });
        }
    }
    if wrong.is_empty() { Ok(finish(found, asked)) } else { Err(wrong) }
}

/// A file's name without its folder, which may hold a user's name.
fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "a folder".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Why a file cannot be opened, in the same words on every system.
fn cannot_open(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => {
            "it may not be read by you; is it open in another program?".to_owned()
        }
        _ => "it cannot be read".to_owned(),
    }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let about = std::fs::metadata(path).map_err(|error| cannot_open(&error))?;
    if about.is_dir() {
        return Err("a folder: name the files in it".to_owned());
    }
    if about.len() > LARGEST {
        return Err("larger than any extract known (1 GB)".to_owned());
    }
    std::fs::read(path).map_err(|error| cannot_open(&error))
}

fn one(found: &mut Gathering<'_>, file: &str, bytes: &[u8], loose: &mut Option<usize>) -> Result<(), String> {
    if workbook::is_archive(bytes) {
        return sheets(found, file, bytes);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err("an old workbook (.xls) or one with a password: save it as .xlsx without one".to_owned());
    }
    let text = table::decode(bytes).ok_or_else(|| format!("neither text nor a workbook; {LOOKED_FOR}"))?;
    if text.trim().is_empty() {
        return Err("an empty file".to_owned());
    }
    if census::is_xml(&text) { census::read(found, file, &text) } else { list(found, file, &text, loose) }
}

/// Rows looked at to find the separator.
const FIRST_ROWS: usize = 40;

fn list(found: &mut Gathering<'_>, file: &str, text: &str, loose: &mut Option<usize>) -> Result<(), String> {
    let fits = |separator: &u8| {
        let table = table::of_text(text, *separator, FIRST_ROWS);
        headings::find(&table, &found.known, None).map(|(matched, _)| (matched, *separator))
    };
    let complete = |fit: &(Matched, u8)| (fit.0.complete(&found.known), fit.0.share);
    let best = table::SEPARATORS.iter().filter_map(fits).max_by(|a, b| {
        let (a, b) = (complete(a), complete(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    let Some((_, separator)) = best else {
        return Err(format!("text in which no headings were found; {LOOKED_FOR}"));
    };
    let table = table::of_text(text, separator, usize::MAX);
    let Some((matched, rival)) = headings::find(&table, &found.known, None) else {
        return Err(format!("text in which no headings were found; {LOOKED_FOR}"));
    };
    if !matched.complete(&found.known) {
        return Err(format!("{}; {LOOKED_FOR}", nearest(found, &matched)));
    }
    if let Some(rival) = rival {
        let (one, other) = (found.known[matched.layout].layout.name, found.known[rival].layout.name);
        return Err(format!("its headings fit both {one} and {other}: name the columns as Annex A does"));
    }
    let source = found.source(file, None, table.rows.len() - matched.row - 1);
    describe(found, source, &table, &matched);
    let kind = found.known[matched.layout].layout.kind;
    let group = match kind {
        layout::Kind::NotRead => return Ok(()),
        layout::Kind::Episodes => found.group(Kind::Care),
        layout::Kind::Rows(records::List::EarlyHelp) => found.group(Kind::EarlyHelp),
        layout::Kind::Rows(_) => *loose.get_or_insert_with(|| found.group(Kind::AnnexA)),
    };
    rows::read(found, &table, &matched, &Standing { source, group, is_text: true });
    Ok(())
}

/// How near headings came to a list, naming only columns that are known.
fn nearest(found: &Gathering<'_>, matched: &Matched) -> String {
    let layout = &found.known[matched.layout].layout;
    let required = layout.columns.iter().zip(&matched.places).enumerate();
    let required = required.filter(|(_, (column, place))| {
        column.required || (place.is_some() && !matches!(column.role, Role::Known | Role::Seen))
    });
    let (mut had, mut lacked) = (Vec::new(), Vec::new());
    for (index, (column, place)) in required {
        match place {
            Some(_) => had.push(format!("`{}`", column.name)),
            None if matched.ambiguous.contains(&index) => {
                lacked.push(format!("`{}` (two headings fit it equally)", column.name));
            }
            None => lacked.push(format!("`{}`", column.name)),
        }
    }
    let said = |names: &[String]| if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
    let lacked = if lacked.is_empty() {
        "what tells that it is early help (`family_id`, `end_reason` or `source`)".to_owned()
    } else {
        said(&lacked)
    };
    format!("headings nearest to those of {}: found {}; not found {lacked}", layout.name, said(&had))
}

/// Writes down what a table was taken for and what stands for each column.
fn describe(found: &mut Gathering<'_>, source: usize, table: &Table, matched: &Matched) {
    let layout = &found.known[matched.layout].layout;
    let headings = &table.rows[matched.row].cells;
    let shown = |place: usize| {
        let text = headings.get(place).and_then(table::Cell::text).unwrap_or_default();
        found.vocabulary.heading(&text, place)
    };
    let (mut pairs, mut missing, mut used) = (Vec::new(), Vec::new(), vec![false; headings.len()]);
    for (index, (column, place)) in layout.columns.iter().zip(&matched.places).enumerate() {
        let extra = matches!(
            column.role,
            Role::Ward | Role::Neighbourhood | Role::Postcode | Role::Team | Role::Family
        );
        let unread = matches!(column.role, Role::Known | Role::Seen);
        let wanted = !unread && (!extra || found.assignment.role() == Some(column.role));
        match place {
            Some(place) if !unread => {
                pairs.push((column.name.to_owned(), shown(*place)));
                used[*place] = true;
            }
            None if matched.ambiguous.contains(&index) => {
                missing.push(format!("{} (two headings fit it equally)", column.name));
            }
            None if wanted => missing.push(column.name.to_owned()),
            _ => {}
        }
    }
    let unused =
        used.iter().enumerate().filter(|(place, used)| !**used && headings[*place] != table::Cell::Blank);
    let unmatched: Vec<String> = unused.map(|(place, _)| shown(place)).collect();
    let list = match layout.kind {
        layout::Kind::Rows(list) => Some(list),
        layout::Kind::Episodes => Some(records::List::LookedAfter),
        layout::Kind::NotRead => None,
    };
    let entry = &mut found.sources[source];
    (entry.list, entry.matched, entry.unmatched, entry.missing) = (list, pairs, unmatched, missing);
}

/// The least share of a list's columns by which a sheet is said to be like it.
const LIKE: f64 = 0.3;

fn sheets(found: &mut Gathering<'_>, file: &str, bytes: &[u8]) -> Result<(), String> {
    let sheets = workbook::read(bytes).map_err(|reason| format!("{reason}; {LOOKED_FOR}"))?;
    let group = found.group(Kind::AnnexA);
    let mut near: Option<(f64, String)> = None;
    let mut read = 0;
    for (place, sheet) in sheets.iter().enumerate() {
        let shown = found.vocabulary.sheet(&sheet.name, place);
        let named = headings::numbered(&sheet.name);
        let fit = headings::find(&sheet.table, &found.known, named);
        let Some((matched, rival)) = fit else {
            found.source(file, Some(shown), sheet.table.rows.len());
            continue;
        };
        let layout = &found.known[matched.layout].layout;
        let kind = layout.kind;
        if !matched.complete(&found.known) || rival.is_some() {
            let said = nearest(found, &matched);
            let rows = sheet.table.rows.len();
            let source = found.source(file, Some(shown.clone()), rows);
            if named.is_some_and(|number| number <= 8) || matched.share >= LIKE {
                let row = sheet.table.rows[matched.row].number;
                let reason = if rival.is_some() {
                    "fits two lists equally: not read".to_owned()
                } else {
                    format!("not read: {said}")
                };
                found.note(Place { source, row }, "", &reason);
            }
            if near.as_ref().is_none_or(|(share, _)| *share < matched.share) {
                near = Some((matched.share, format!("sheet \"{shown}\" has {said}")));
            }
            continue;
        }
        let source = found.source(file, Some(shown), sheet.table.rows.len() - matched.row - 1);
        describe(found, source, &sheet.table, &matched);
        read += usize::from(kind != layout::Kind::NotRead);
        if kind != layout::Kind::NotRead {
            rows::read(found, &sheet.table, &matched, &Standing { source, group, is_text: false });
        }
    }
    match near {
        _ if read > 0 => Ok(()),
        Some((_, near)) => Err(format!("a workbook without a list that can be read: {near}; {LOOKED_FOR}")),
        None => Err(format!("a workbook in which no headings were found; {LOOKED_FOR}")),
    }
}

/// From drafts to records, once all files are read.
fn finish(mut found: Gathering<'_>, asked: Period) -> Reading {
    let made = found.groups.iter().map(period::made);
    let lasts: Vec<Date> = made.map(|last| asked.last.map_or(last, |asked| asked.max(last))).collect();
    period::put_future_aside(&mut found, &lasts);
    care::join(&mut found, &lasts);
    // Before repeats are put aside: a file of which another has every case still covers its days.
    let windows = period::windows(&found, &lasts, asked);
    period::put_repeats_aside(&mut found, &lasts);
    period::put_outside_aside(&mut found, &windows, asked);
    for draft in &found.drafts {
        for place in &draft.rows {
            found.sources[place.source].records += 1;
        }
    }
    let mut drafts = std::mem::take(&mut found.drafts);
    drafts.sort_by(|a, b| (a.list, a.start, a.child, &a.rows).cmp(&(b.list, b.start, b.child, &b.rows)));
    let records = drafts.into_iter().map(|draft| Record {
        list: draft.list,
        child: draft.child,
        family: draft.family,
        area: draft.area,
        source: draft.by,
        start: draft.start,
        end: draft.end.filter(|_| !matches!(draft.list, records::List::Contact | records::List::Referral)),
        outcome: draft.outcome,
    });
    let records = records.collect();
    let quarantined = found.problems();
    Reading { records, windows, sources: found.sources, quarantined }
}

#[cfg(test)]
mod tests;
