//! Which authority is meant.
//!
//! Consumes what somebody typed and, if they said so, the year; produces one authority, or the names that
//! they may have meant. Case, punctuation, "City of", "County Council" and small slips of spelling do not
//! matter; where two names are about as near, none is chosen.

use super::tables::{Authority, Tables};

/// How near a name must be, from 0 to 1 (Jaro-Winkler), to be taken for what was typed.
const NEAR_ENOUGH: f64 = 0.90;
/// How much nearer than the next it must be.
const CLEAR_LEAD: f64 = 0.03;

/// What was typed names no authority, or more than one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// No name is near enough, or several are.
    #[error("no authority is called \"{typed}\". Did you mean {}?", .suggestions.join(", "))]
    Unknown {
        /// What was typed.
        typed: String,
        /// Nearest names first.
        suggestions: Vec<String>,
    },
    /// It had no statistics in the year.
    #[error("{name} has no statistics for the year ending March {year}: its years are {first} to {last}{}", in_words(.others))]
    Year {
        /// Its name.
        name: String,
        /// The year that was asked for.
        year: i16,
        /// Its first year.
        first: i16,
        /// Its last.
        last: i16,
        /// Authorities nearby in name that have the year.
        others: Vec<String>,
    },
}

fn in_words(others: &[String]) -> String {
    if others.is_empty() { String::new() } else { format!(". With that year: {}", others.join(", ")) }
}

/// Finds an authority by name or code.
///
/// With `year`, one that has statistics for the year ending in that March; otherwise the one whose
/// statistics go furthest, since names outlive reorganisations (there have been two Dorsets).
///
/// # Errors
/// If no name is near, several are about as near, or it has no statistics for the year.
pub fn find<'a>(tables: &'a Tables, typed: &str, year: Option<i16>) -> Result<&'a Authority, NotFound> {
    let code = typed.trim().to_uppercase();
    let by_code = tables.authorities.iter().find(|authority| authority.code == code);
    let named = match by_code {
        Some(authority) => vec![authority],
        None => by_name(tables, typed)?,
    };
    let has = |authority: &&Authority| year.is_none_or(|year| covers(authority, year));
    match named.iter().copied().filter(has).max_by_key(|authority| authority.years.1) {
        Some(authority) => Ok(authority),
        None => Err(wrong_year(tables, named[0], year.unwrap_or_default())),
    }
}

fn covers(authority: &Authority, year: i16) -> bool {
    (authority.years.0..=authority.years.1).contains(&year)
}

fn wrong_year(tables: &Tables, authority: &Authority, year: i16) -> NotFound {
    let mut near: Vec<(f64, &Authority)> = tables
        .authorities
        .iter()
        .filter(|other| covers(other, year) && holds_name(&other.name, &authority.name))
        .map(|other| (nearness(&other.name, &plain(&authority.name)), other))
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    NotFound::Year {
        name: authority.name.clone(),
        year,
        first: authority.years.0,
        last: authority.years.1,
        others: near.iter().take(3).map(|(_, other)| other.name.clone()).collect(),
    }
}

/// Whether a name holds another's longest word, as successors do: North Northamptonshire.
fn holds_name(name: &str, former: &str) -> bool {
    let former = plain(former);
    let longest = former.split(' ').max_by_key(|word| word.len()).unwrap_or_default();
    longest.len() > 4 && plain(name).split(' ').any(|word| word == longest)
}

/// All authorities of the name that is meant; there is at least one.
fn by_name<'a>(tables: &'a Tables, typed: &str) -> Result<Vec<&'a Authority>, NotFound> {
    let wanted = plain(typed);
    let called = |name: &str| -> Vec<&'a Authority> {
        tables.authorities.iter().filter(|authority| authority.name == name).collect()
    };
    let mut names: Vec<&str> = tables.authorities.iter().map(|authority| authority.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if let Some(name) = names.iter().find(|name| plain(name) == wanted) {
        return Ok(called(name));
    }
    let words: Vec<&str> = wanted.split(' ').filter(|word| !word.is_empty()).collect();
    let holding: Vec<&&str> = names
        .iter()
        .filter(|name| {
            let own = plain(name);
            !words.is_empty() && words.iter().all(|word| own.split(' ').any(|part| part == *word))
        })
        .collect();
    if let [only] = holding[..] {
        return Ok(called(only));
    }
    let mut near: Vec<(f64, &str)> = names.iter().map(|name| (nearness(name, &wanted), *name)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let clear = near[0].0 >= NEAR_ENOUGH && near[0].0 - near[1].0 >= CLEAR_LEAD;
    if clear && holding.is_empty() {
        return Ok(called(near[0].1));
    }
    let suggestions = if holding.is_empty() {
        near.iter().take(5).map(|(_, name)| (*name).to_owned()).collect()
    } else {
        holding.iter().take(8).map(|name| (**name).to_owned()).collect()
    };
    Err(NotFound::Unknown { typed: typed.trim().to_owned(), suggestions })
}

fn nearness(name: &str, wanted: &str) -> f64 {
    strsim::jaro_winkler(&plain(name), wanted)
}

/// A name in lower case, in letters and single spaces, without the words that say what kind of council it is.
fn plain(name: &str) -> String {
    const KIND: [&str; 12] = [
        "the",
        "city",
        "county",
        "of",
        "council",
        "borough",
        "metropolitan",
        "district",
        "royal",
        "london",
        "unitary",
        "authority",
    ];
    let spaced: String = name.to_lowercase().replace('&', " and ").chars().map(letter_or_space).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let kept: Vec<&str> = words.iter().copied().filter(|word| !KIND.contains(word)).collect();
    // "City of London" is nothing but such words.
    if kept.is_empty() { words.join(" ") } else { kept.join(" ") }
}

fn letter_or_space(character: char) -> char {
    if character.is_alphanumeric() { character } else { ' ' }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str, year: Option<i16>) -> Result<String, NotFound> {
        let tables = Tables::read().expect("shipped tables");
        find(&tables, typed, year).map(|authority| format!("{} {}", authority.code, authority.name))
    }

    #[test]
    fn case_punctuation_kind_of_council_and_slips_do_not_matter() {
        for (typed, name) in [
            ("Middlesbrough", "Middlesbrough"),
            ("MIDLESBROUGH", "Middlesbrough"),
            ("Oldham Council", "Oldham"),
            ("bristol", "Bristol, City of"),
            ("Hull", "Kingston upon Hull, City of"),
            ("city of london", "City of London"),
            ("London Borough of Tower Hamlets", "Tower Hamlets"),
            ("Isles of Scilly", "Isles of Scilly"),
            ("Hammersmith & Fulham", "Hammersmith and Fulham"),
            ("oxfordshire county council", "Oxfordshire"),
            ("E08000004", "Oldham"),
        ] {
            let found = found(typed, None);
            assert!(found.as_ref().is_ok_and(|found| found.ends_with(name)), "{typed}: {found:?}");
        }
    }

    #[test]
    fn two_that_are_about_as_near_are_offered_and_neither_is_taken() {
        let Err(NotFound::Year { others, .. }) = found("Northamptonshir", Some(2025)) else {
            panic!("one was taken")
        };
        for successor in ["North Northamptonshire", "West Northamptonshire"] {
            assert!(others.iter().any(|name| name == successor), "{others:?}");
        }
        let Err(NotFound::Unknown { suggestions, .. }) = found("Yorkshire", None) else {
            panic!("one was taken")
        };
        assert!(suggestions.contains(&"North Yorkshire".to_owned()), "{suggestions:?}");
        assert!(found("Atlantis", None).is_err());
        assert!(found("", None).is_err());
    }

    #[test]
    fn a_name_that_outlived_a_reorganisation_goes_by_the_year() {
        assert_eq!(found("Dorset", None), Ok("E06000059 Dorset".to_owned()));
        assert_eq!(found("Dorset", Some(2018)), Ok("E10000009 Dorset".to_owned()));
        let Err(NotFound::Year { others, last, .. }) = found("Cumbria", Some(2025)) else {
            panic!("Cumbria has no 2025")
        };
        assert_eq!((last, others), (2023, vec![]));
        assert_eq!(found("Cumbria", None), Ok("E10000006 Cumbria".to_owned()));
    }
}
