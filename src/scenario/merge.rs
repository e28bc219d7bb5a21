//! How one layer of a scenario changes the layer below.
//!
//! Tables merge by key; lists and plain values are replaced whole. A described number
//! (`{ value = … }`) and a duration (`{ distribution = … }`) are replaced whole when the upper layer
//! says a new value or distribution, and otherwise changed in the parts it names. Writing one of
//! several alternatives (such as `days` where the layer below has `working_days`) replaces it.

use std::collections::BTreeMap;

use super::faults::{Words, suggestion, words};
use super::tree::{Entry, Node, Path, Place, Value, parse_value};

/// Keys of which a table has one set or the other.
const ALTERNATIVES: [&[&[&str]]; 9] = [
    &[&["hours_per_week"], &["hours_total"]],
    &[&["desk"], &["team"], &["checks"]],
    &[&["minutes"], &["duration"]],
    &[&["working_days"], &["days"]],
    &[&["at_most"], &["at_least"]],
    &[&["workers"], &["fte", "fte_each", "experience"]],
    &[&["people"], &["fte"]],
    &[&["shares"], &["mean", "shape", "max"]],
    &[&["clock"], &["measure", "team"]],
];

/// The parts of a described number other than its value.
const DESCRIPTION: [&str; 5] = ["low", "high", "shape", "basis", "source"];

/// Tables whose keys are names that the scenario chooses, and which overrides may not add to.
const NAMED: [&str; 10] = [
    "areas",
    "sources",
    "desks",
    "teams",
    "stages",
    "ends",
    "clocks",
    "standards",
    "school_calendars",
    "published",
];

/// Lays `over` on `below`.
pub(super) fn merge(below: &mut Node, over: Node) {
    let Value::Table(upper) = &over.value else {
        *below = over;
        return;
    };
    if is_plain_number(below)
        && !upper.is_empty()
        && upper.keys().all(|key| DESCRIPTION.contains(&key.as_str()))
    {
        // Only a range or a source for a plain number: keep the number as its value.
        let value = below.clone();
        let entry = Entry { key_place: value.place.clone(), node: value };
        below.value = Value::Table(BTreeMap::from([("value".to_owned(), entry)]));
    }
    let whole = upper.get("value").is_some_and(|entry| is_plain_number(&entry.node))
        || upper.get("distribution").is_some_and(|entry| matches!(entry.node.value, Value::Text(_)));
    if whole || below.table().is_none() {
        *below = over;
        return;
    }
    let (Value::Table(upper), Some(lower)) = (over.value, below.table_mut()) else {
        return;
    };
    drop_alternatives(lower, &upper);
    for (key, entry) in upper {
        match lower.get_mut(&key) {
            Some(old) => {
                old.key_place = entry.key_place;
                merge(&mut old.node, entry.node);
            }
            None => {
                lower.insert(key, entry);
            }
        }
    }
    below.place = over.place;
}

fn is_plain_number(node: &Node) -> bool {
    matches!(node.value, Value::Whole(_) | Value::Real(_))
}

fn drop_alternatives(lower: &mut BTreeMap<String, Entry>, upper: &BTreeMap<String, Entry>) {
    for group in ALTERNATIVES {
        let Some(chosen) = group.iter().position(|set| set.iter().any(|key| upper.contains_key(*key))) else {
            continue;
        };
        for (index, set) in group.iter().enumerate() {
            if index != chosen {
                set.iter().filter(|key| !group[chosen].contains(key)).for_each(|key| {
                    lower.remove(*key);
                });
            }
        }
    }
}

/// Applies `--set path=value`. Bare words are text.
pub(super) fn apply_override(root: &mut Node, path: &str, value: &str, layer: usize) -> Result<(), Words> {
    let keys: Vec<&str> = path.split('.').map(str::trim).collect();
    if keys.iter().any(|key| key.is_empty()) {
        return Err(words("this is not a path", "a path is written areas.north.population"));
    }
    if ["extends", "without"].contains(&keys[0]) {
        return Err(words(format!("`{}` cannot be set here", keys[0]), "write it in a scenario file"));
    }
    if keys.len() >= 3 && NAMED.contains(&keys[0]) {
        let table = root.child(keys[0]).and_then(Node::table);
        if !table.is_some_and(|table| table.contains_key(keys[1])) {
            let known: Vec<&str> =
                table.map(|table| table.keys().map(String::as_str).collect()).unwrap_or_default();
            let message = format!("there is no `{}` in [{}]", keys[1], keys[0]);
            return Err(words(message, suggestion(keys[1], &known)));
        }
    }
    let text = format!("{path}={value}");
    let from = path.len() + 1;
    let place = Place { layer, span: from..text.len() };
    let node = match parse_value(&text, from, layer) {
        Some(node) => node,
        None if is_bare_text(value) => Node { value: Value::Text(value.trim().to_owned()), place },
        None => {
            return Err(words(
                format!("`{value}` is not a value"),
                "give a number, a date such as 2020-09-01, true or false, a word, or a list such as [1, 2]",
            ));
        }
    };
    set_at(root, &keys, node, Place { layer, span: 0..path.len() })
}

fn is_bare_text(value: &str) -> bool {
    let value = value.trim();
    !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || " _-:./'".contains(c))
}

fn set_at(root: &mut Node, keys: &[&str], value: Node, key_place: Place) -> Result<(), Words> {
    // Lists are changed in place; tables are merged from the top, so that each knows its last change.
    let is_list = |depth: &usize| {
        root.at(&Path::of(&keys[..*depth])).is_some_and(|node| matches!(node.value, Value::List(_)))
    };
    let depth = match (1..keys.len()).rev().find(is_list) {
        Some(list) => list + 1,
        None => 0,
    };
    let here = Path::of(&keys[..depth.saturating_sub(1)]);
    let Some(node) = keys[..depth].iter().try_fold(root, |node, key| node.child_mut(key)) else {
        return Err(words(
            format!("`{here}` is a list; there is no `{}` in it to set", keys[depth - 1]),
            "items are counted from 0",
        ));
    };
    let overlay = keys[depth..].iter().rev().fold(value, |node, key| Node {
        value: Value::Table(BTreeMap::from([(
            (*key).to_owned(),
            Entry { key_place: key_place.clone(), node },
        )])),
        place: key_place.clone(),
    });
    merge(node, overlay);
    Ok(())
}
