//! What an option changes in a base, taken apart: each change alone on the base, as a scenario of its own.
//!
//! Consumes two effective scenarios; produces scenarios that lie between them. Every intervention that the
//! option adds, changes or drops is a part; whatever else it changes (desks, stages, posts, figures) is one
//! part together, because such changes often need each other. Where the option changes nothing but one
//! intervention that is new, the parts are that intervention's own: its effects, its posts, its dip, its
//! costs. Invariant: all parts together are the option.

use std::path::Path;

use serde_json::{Map, Value};

use super::faults::{Fault, Faults, words};
use super::{Scenario, layers, load_text};

/// Keys that change nothing that is simulated.
const WORDS_ONLY: [&str; 8] =
    ["name", "title", "description", "experiment", "explain", "staffing", "compare", "published"];

/// Tables of an intervention whose entries can each stand alone.
const PIECES: [&str; 3] = ["effects", "posts", "moves"];

/// One change, alone on the base.
#[derive(Debug)]
pub struct Part {
    /// Identifier, such as `locality_working` or `locality_working.dip`; `other_changes` for the rest.
    pub id: String,
    /// The base with this change.
    pub scenario: Result<Scenario, Faults>,
}

/// The changes by which an option differs from a base, each alone on the base; none where there are fewer
/// than two.
///
/// # Errors
/// If either cannot be read.
pub fn parts(base: &Path, option: &Path, overrides: &[(String, String)]) -> Result<Vec<Part>, Faults> {
    let tree = |path| Ok::<_, Faults>(layers::read_file(path, overrides)?.root.canonical());
    Ok(between(&tree(base)?, &tree(option)?))
}

/// As [`parts`], from texts.
///
/// # Errors
/// If either cannot be read.
pub fn parts_of_texts(base: &str, option: &str) -> Result<Vec<Part>, Faults> {
    let tree = |text| Ok::<_, Faults>(layers::read_text("text.toml", text, &[])?.root.canonical());
    Ok(between(&tree(base)?, &tree(option)?))
}

fn between(base: &Value, option: &Value) -> Vec<Part> {
    let (base, option) = (table(base), table(option));
    let interventions = |of: &Map<String, Value>| of.get("interventions").map(table).unwrap_or_default();
    let (old, new) = (interventions(&base), interventions(&option));
    let mut ids: Vec<String> = old.keys().chain(new.keys()).cloned().collect();
    ids.sort();
    ids.dedup();
    ids.retain(|id| old.get(id) != new.get(id));
    let strip = |of: &Map<String, Value>| {
        let mut rest = of.clone();
        WORDS_ONLY.iter().chain(&["interventions"]).for_each(|key| {
            rest.remove(*key);
        });
        rest
    };
    let elsewhere = strip(&base) != strip(&option);
    if let ([only], false) = (ids.as_slice(), elsewhere)
        && let (None, Some(new)) = (old.get(only), new.get(only))
    {
        return pieces(&base, &old, only, new);
    }
    if ids.len() + usize::from(elsewhere) < 2 {
        return Vec::new();
    }
    let mut parts: Vec<Part> = ids
        .iter()
        .map(|id| {
            let mut all = old.clone();
            match new.get(id) {
                Some(changed) => all.insert(id.clone(), changed.clone()),
                None => all.remove(id),
            };
            Part { id: id.clone(), scenario: built(&base, all) }
        })
        .collect();
    if elsewhere {
        parts.push(Part { id: "other_changes".to_owned(), scenario: built(&option, old) });
    }
    parts
}

/// The parts of one new intervention.
fn pieces(base: &Map<String, Value>, old: &Map<String, Value>, id: &str, new: &Value) -> Vec<Part> {
    let given = table(new);
    let mut frame = given.clone();
    PIECES.iter().chain(&["dip", "costs"]).for_each(|key| {
        frame.remove(*key);
    });
    let mut found: Vec<(String, Map<String, Value>)> = Vec::new();
    for key in PIECES {
        for (name, entry) in given.get(key).map(table).unwrap_or_default() {
            let mut piece = frame.clone();
            piece.insert(key.to_owned(), Value::Object(Map::from_iter([(name.clone(), entry)])));
            found.push((format!("{id}.{key}.{name}"), piece));
        }
    }
    for key in ["dip", "costs"] {
        if let Some(entry) = given.get(key) {
            let mut piece = frame.clone();
            // A dip alone is no intervention: one that costs nothing is.
            piece.insert(
                "costs".to_owned(),
                Value::Object(Map::from_iter([("one_off".to_owned(), 0.into())])),
            );
            piece.insert(key.to_owned(), entry.clone());
            found.push((format!("{id}.{key}"), piece));
        }
    }
    if found.len() < 2 {
        return Vec::new();
    }
    let part = |(name, piece): (String, Map<String, Value>)| {
        let mut all = old.clone();
        all.insert(id.to_owned(), Value::Object(piece));
        Part { id: name, scenario: built(base, all) }
    };
    found.into_iter().map(part).collect()
}

/// A scenario with these interventions in place of its own.
fn built(below: &Map<String, Value>, interventions: Map<String, Value>) -> Result<Scenario, Faults> {
    let mut whole = below.clone();
    whole.insert("name".to_owned(), "part".into());
    whole.insert("interventions".to_owned(), Value::Object(interventions));
    let text = toml::to_string(&whole).map_err(|error| {
        Faults::new(vec![Fault::unreadable("part", words(error.to_string(), "please report this"))])
    })?;
    load_text("part.toml", &text)
}

fn table(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
