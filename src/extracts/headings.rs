//! Finding a table's headings, and what each stands for.
//!
//! Consumes the first rows of a table and the layouts; produces the row of headings, the layout that it fits
//! best, and which heading stands for which column. Headings are compared as words: case, punctuation,
//! line breaks, brackets and a leading number do not matter. **Rules:** a heading equal to a column's name or to a
//! synonym of it comes first; then one that holds it with words before or after; then one that is at least
//! [`ALIKE`] similar (one less the Damerau-Levenshtein distance per letter). Each heading stands for one column
//! and each column has one heading; where two fit equally and differ in what stands below, neither is taken.

use std::collections::BTreeSet;

use super::layout::{Column, Kind, Layout, Role};
use super::table::{Cell, Table};

/// The least similarity of a misspelt heading.
pub(super) const ALIKE: f64 = 0.88;
/// Headings are looked for among so many rows.
const FIRST_ROWS: usize = 40;
/// Longer cells are no headings.
const LONGEST: usize = 300;
/// Two fits closer than this are equal.
const EQUAL: f64 = 0.005;

/// Words that change what a column means: a heading that has one which the name lacks is another column.
const TELLING: [&str; 34] = [
    "start",
    "started",
    "begin",
    "began",
    "end",
    "ended",
    "closure",
    "closed",
    "ceased",
    "completion",
    "completed",
    "authorisation",
    "authorised",
    "source",
    "nfa",
    "team",
    "worker",
    "reason",
    "status",
    "previous",
    "next",
    "due",
    "planned",
    "target",
    "expected",
    "review",
    "last",
    "latest",
    "first",
    "birth",
    "number",
    "placement",
    "former",
    "not",
];

/// A text as words in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut apart = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\'' | '’' | '‘' | '`' => continue,
            c if c.is_alphanumeric() => {
                if before.is_lowercase() && c.is_uppercase() {
                    apart.push(' ');
                }
                apart.extend(c.to_lowercase());
            }
            _ => apart.push(' '),
        }
        before = c;
    }
    let mut words: Vec<String> = apart.split_whitespace().map(str::to_owned).collect();
    // "4. Date of contact", but neither "s47 ..." nor a lone number.
    if words.len() > 1 && words[0].chars().all(|c| c.is_ascii_digit()) {
        words.remove(0);
    }
    words
}

/// A text without what stands in brackets.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|c| {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect()
}

/// A heading or a name, ready to be compared.
struct Compared {
    words: Vec<String>,
    squashed: String,
}

impl Compared {
    fn of(text: &str) -> Compared {
        let words = words(text);
        Compared { squashed: words.concat(), words }
    }

    fn variants(text: &str) -> Vec<Compared> {
        let bare = without_brackets(text);
        let all = Compared::of(text);
        if bare.len() == text.len() { vec![all] } else { vec![all, Compared::of(&bare)] }
    }
}

/// How well a heading fits a name, from 0 to 1.
fn fit(heading: &Compared, name: &Compared) -> f64 {
    if heading.words.is_empty() {
        return 0.0;
    }
    if heading.squashed == name.squashed {
        return 1.0;
    }
    let extra = heading.words.iter().filter(|word| !name.words.contains(word));
    if extra.clone().any(|word| TELLING.contains(&word.as_str())) {
        return 0.0;
    }
    let (long, short) = (heading.words.len(), name.words.len());
    let holds = short >= 2 && heading.words.windows(short).any(|part| part == name.words.as_slice());
    if holds && (short >= 3 || long <= short + 2) {
        return 0.9 + 0.08 * short as f64 / long as f64;
    }
    let (a, b) = (heading.squashed.len(), name.squashed.len());
    if b < 5 || a.abs_diff(b) as f64 > (1.0 - ALIKE) * a.max(b) as f64 + 1.0 {
        return 0.0;
    }
    let alike = strsim::normalized_damerau_levenshtein(&heading.squashed, &name.squashed);
    if alike >= ALIKE { 0.9 * alike } else { 0.0 }
}

/// A layout with its names ready to be compared.
pub(super) struct Known {
    pub(super) layout: Layout,
    /// For each column its name and synonyms, with and without brackets.
    names: Vec<Vec<Compared>>,
}

impl Known {
    pub(super) fn all() -> Vec<Known> {
        super::layout::all().into_iter().map(Known::of).collect()
    }

    fn of(layout: Layout) -> Known {
        let names = |column: &Column| {
            let all = std::iter::once(&column.name).chain(column.synonyms);
            all.flat_map(|name| Compared::variants(name)).collect()
        };
        Known { names: layout.columns.iter().map(names).collect(), layout }
    }

    fn weight(column: &Column) -> f64 {
        match (column.required, column.role) {
            (true, _) => 3.0,
            (false, Role::Known | Role::Seen | Role::Ward | Role::Neighbourhood | Role::Postcode) => 0.1,
            (false, _) => 1.0,
        }
    }
}

/// Which heading stands for which column of a layout.
pub(super) struct Matched {
    /// Index of the layout.
    pub(super) layout: usize,
    /// Place of the headings among the table's rows.
    pub(super) row: usize,
    /// For each column of the layout the place of its heading.
    pub(super) places: Vec<Option<usize>>,
    /// Columns for which two headings fit equally.
    pub(super) ambiguous: Vec<usize>,
    /// The weight of what was found, of what could be.
    pub(super) share: f64,
}

impl Matched {
    pub(super) fn complete(&self, known: &[Known]) -> bool {
        let columns = &known[self.layout].layout.columns;
        columns.iter().zip(&self.places).all(|(column, place)| !column.required || place.is_some())
            && self.identified(columns)
    }

    /// An early help row needs a child or a family, and something that says that it is early help.
    fn identified(&self, columns: &[Column]) -> bool {
        let has = |role: Role| columns.iter().zip(&self.places).any(|(c, p)| c.role == role && p.is_some());
        let early_help = columns.iter().any(|column| column.role == Role::Family);
        !early_help
            || (has(Role::Child) || has(Role::Family))
                && (has(Role::Family) || has(Role::Reason) || has(Role::Source) || has(Role::Team))
    }
}

/// Whether two columns of a table hold the same below a row.
fn same_below(table: &Table, row: usize, one: usize, other: usize) -> bool {
    table.rows.iter().skip(row + 1).all(|row| row.cell(one) == row.cell(other))
}

fn matched(
    table: &Table,
    row: usize,
    headings: &[Option<Vec<Compared>>],
    index: usize,
    known: &Known,
) -> Matched {
    let columns = &known.layout.columns;
    let mut fits = Vec::new();
    for (column, names) in known.names.iter().enumerate() {
        for (heading, variants) in headings.iter().enumerate() {
            let pairs =
                variants.iter().flatten().flat_map(|heading| names.iter().map(move |name| (heading, name)));
            let best = pairs.map(|(heading, name)| fit(heading, name)).fold(0.0, f64::max);
            if best > 0.0 {
                // Equal names before synonyms is not needed: one heading rarely is both, and columns stand in order.
                fits.push((best, column, heading));
            }
        }
    }
    fits.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut places = vec![None; columns.len()];
    let mut taken = BTreeSet::new();
    let mut ambiguous = Vec::new();
    for &(best, column, heading) in &fits {
        if places[column].is_some() || taken.contains(&heading) || ambiguous.contains(&column) {
            continue;
        }
        let equal = |other: &&(f64, usize, usize)| {
            other.1 == column && other.2 != heading && !taken.contains(&other.2) && other.0 >= best - EQUAL
        };
        let rivals: Vec<usize> = fits.iter().filter(equal).map(|fit| fit.2).collect();
        taken.insert(heading);
        if rivals.iter().all(|rival| same_below(table, row, heading, *rival)) {
            places[column] = Some(heading);
        } else {
            ambiguous.push(column);
        }
        taken.extend(rivals);
    }
    let whole: f64 = columns.iter().map(Known::weight).sum();
    let score = |(column, place): (usize, &Option<usize>)| {
        let best =
            |place: usize| fits.iter().find(|fit| fit.1 == column && fit.2 == place).map_or(0.0, |fit| fit.0);
        place.map_or(0.0, |place| Known::weight(&columns[column]) * best(place))
    };
    let found: f64 = places.iter().enumerate().map(score).sum();
    Matched { layout: index, row, places, ambiguous, share: found / whole }
}

/// Rows that may hold the headings: those with most cells that are a known name as it stands; where there are none,
/// the first that hold words.
fn likely(table: &Table, known: &[Known]) -> Vec<usize> {
    let names = known.iter().flat_map(|known| known.names.iter().flatten());
    let names: BTreeSet<&str> = names.map(|name| name.squashed.as_str()).collect();
    let rows = table.rows.iter().take(FIRST_ROWS).enumerate();
    let count = |(place, row): (usize, &super::table::Row)| {
        let texts = row.cells.iter().filter_map(|cell| match cell {
            Cell::Text(text) if text.len() <= LONGEST => Some(words(text).concat()),
            _ => None,
        });
        let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
        let equal = texts.iter().filter(|text| names.contains(text.as_str())).count();
        (texts.len() >= 2).then_some((equal, place))
    };
    let mut counted: Vec<(usize, usize)> = rows.filter_map(count).collect();
    let most = counted.iter().map(|(equal, _)| *equal).max().unwrap_or(0);
    counted.retain(|(equal, _)| *equal >= most.div_ceil(2));
    counted.iter().take(if most >= 2 { 3 } else { 12 }).map(|(_, place)| *place).collect()
}

/// The best fit of a table: the row of headings and what it is the list of. With it, whether another layout fits
/// as well. `named` is the number of the list that a sheet's name says.
pub(super) fn find(table: &Table, known: &[Known], named: Option<u32>) -> Option<(Matched, Option<usize>)> {
    let mut best: Vec<Matched> = Vec::new();
    for row in likely(table, known) {
        let compared = |cell: &Cell| match cell {
            Cell::Text(text) if text.len() <= LONGEST => Some(Compared::variants(text)),
            _ => None,
        };
        let headings: Vec<Option<Vec<Compared>>> = table.rows[row].cells.iter().map(compared).collect();
        let fits =
            known.iter().enumerate().map(|(index, known)| matched(table, row, &headings, index, known));
        best.extend(fits.filter(|fit| fit.share > 0.0));
    }
    let is_named = |fit: &Matched| named.is_some() && known[fit.layout].layout.number == named;
    // A list that is read before one that is not: a column such as UPN may stand in any.
    let rank = |fit: &Matched| {
        let complete = fit.complete(known);
        let read = known[fit.layout].layout.kind != Kind::NotRead;
        (complete, complete && is_named(fit), complete && read, is_named(fit))
    };
    best.sort_by(|a, b| rank(b).cmp(&rank(a)).then(b.share.total_cmp(&a.share)));
    let mut best = best.into_iter();
    let first = best.next()?;
    let rival = best.find(|fit| {
        fit.layout != first.layout
            && fit.complete(known)
            && fit.share >= first.share - 0.02
            && !is_named(&first)
            && known[first.layout].layout.kind != Kind::NotRead
    });
    let rival = rival.map(|fit| fit.layout);
    Some((first, rival))
}

/// A column as a spreadsheet names it, from A.
pub(super) fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (column % 26) as u8));
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    letters.iter().rev().collect()
}

/// Words that may be shown: those of the columns known, and of sheets' names. A heading or a sheet's name may hold a
/// person's name, which must not be repeated.
pub(super) struct Vocabulary(BTreeSet<String>);

impl Vocabulary {
    pub(super) fn of(known: &[Known]) -> Vocabulary {
        let columns = known.iter().flat_map(|known| known.names.iter().flatten());
        let mut vocabulary: BTreeSet<String> = columns.flat_map(|name| name.words.iter().cloned()).collect();
        let layouts = known.iter().flat_map(|known| words(known.layout.name));
        vocabulary.extend(layouts);
        let others = "list lists sheet annex a ilacs child children contacts referrals assessments social care section 47 s47 \
            icpc cin cp cpp cla lac plan plans early help assessment enquiries in need protection looked after leavers adoption \
            adopters data extract table tab date time code id notes comments outcome";
        vocabulary.extend(others.split_whitespace().map(str::to_owned));
        vocabulary.extend((1..=11).map(|number| number.to_string()));
        Vocabulary(vocabulary)
    }

    /// A heading with other words left out and its column's letters, if any was.
    pub(super) fn heading(&self, heading: &str, column: usize) -> String {
        let all = words(heading);
        if all.iter().all(|word| self.0.contains(word)) && !all.is_empty() {
            // As it stands, on one line: only words that are known, and what is between them.
            return heading.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        let mut shown: Vec<&str> =
            all.iter().map(|word| if self.0.contains(word) { word.as_str() } else { "…" }).collect();
        shown.dedup();
        match shown.as_slice() {
            [] | ["…"] => format!("column {}", letters(column)),
            _ => format!("{} (column {})", shown.join(" "), letters(column)),
        }
    }

    /// A sheet's name if it holds nothing unknown, its place otherwise.
    pub(super) fn sheet(&self, name: &str, place: usize) -> String {
        let all: Vec<String> = name.split(|c: char| !c.is_alphanumeric()).flat_map(words).collect();
        let plain = all.iter().all(|word| self.0.contains(word)) && !all.is_empty();
        if plain { name.to_owned() } else { format!("sheet {}", place + 1) }
    }
}

/// The number of the list that a sheet's name says: "List 1", "LIST_1 Contacts", "3", "L5 - Section 47".
pub(super) fn numbered(sheet: &str) -> Option<u32> {
    let lower = sheet.to_lowercase();
    let parts: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| (1..=11).contains(number));
    let follows =
        |pair: &[&str]| matches!(pair[0], "list" | "l" | "sheet" | "table").then(|| number(pair[1]))?;
    let joined = |part: &&str| number(part.strip_prefix("list").or_else(|| part.strip_prefix('l'))?);
    let listed = parts.windows(2).filter(|pair| pair[0] == "list").find_map(follows);
    listed
        .or_else(|| parts.iter().find_map(joined))
        .or_else(|| parts.windows(2).filter(|pair| pair[0] == "l").find_map(follows))
        .or_else(|| number(parts.first()?))
}
