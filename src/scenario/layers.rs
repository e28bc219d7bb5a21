//! The layers of a scenario: the file, what it extends, and the overrides of the command line.
//!
//! Consumes a file (or text) and `path=value` overrides; produces [`Layers`]: one merged tree whose
//! nodes know their layer, and the layers' texts for showing faults. Invariant: the merged tree holds
//! neither `extends` nor `without`, nor a stage's `family_help` that has been laid on it.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::faults::{Fault, Faults, Words, suggestion, words};
use super::lead;
use super::merge::{apply_override, merge};
use super::tree::{Node, Path, Place, SyntaxError, Value, parse};

/// Scenarios that come with the program, for `extends`.
const BUILT_IN: [(&str, &str); 1] = [("england", include_str!("../../scenarios/england.toml"))];

/// Layers deep enough for any purpose; more is a mistake.
const MOST_LAYERS: usize = 32;

/// One layer's text.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    /// File name as given, the built-in scenario's name, or `--set`.
    pub name: String,
    /// Its text, without a byte order mark.
    pub text: Arc<str>,
}

/// All layers, merged.
#[derive(Debug)]
pub(super) struct Layers {
    /// The texts: outermost file first, then what it extends, then the overrides.
    pub layers: Vec<Layer>,
    /// The merged tree.
    pub root: Node,
    /// Faults of laying one on the other, after which the rest can still be read.
    pub faults: Vec<Fault>,
}

impl Layers {
    /// A fault at the value of a path.
    pub fn fault_at(&self, place: &Place, path: &Path, words: Words) -> Fault {
        let layer = &self.layers[place.layer];
        Fault::new(&layer.name, &layer.text, place.span.clone(), path.to_string(), words)
    }

    /// The merged tree as TOML.
    pub fn effective(&self) -> String {
        // A tree that came from TOML has no value that TOML cannot write.
        toml::to_string(&self.root.canonical()).unwrap_or_default()
    }

    /// SHA-256 of the merged tree as JSON with sorted keys, in hexadecimal.
    pub fn hash(&self) -> String {
        let canonical = self.root.canonical().to_string();
        Sha256::digest(canonical.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Where a layer's text comes from.
enum Origin {
    File(PathBuf),
    BuiltIn(&'static str, &'static str),
    Text(String, String),
}

/// A layer that has been read but not yet merged.
struct Parsed {
    root: Node,
    without: Vec<(String, Place)>,
}

/// Reads a scenario file and all below it.
pub(super) fn read_file(path: &FilePath, overrides: &[(String, String)]) -> Result<Layers, Faults> {
    read(Origin::File(path.to_owned()), overrides)
}

/// Reads a scenario from text; what it extends is looked for in the current directory.
pub(super) fn read_text(name: &str, text: &str, overrides: &[(String, String)]) -> Result<Layers, Faults> {
    read(Origin::Text(name.to_owned(), text.to_owned()), overrides)
}

fn read(origin: Origin, overrides: &[(String, String)]) -> Result<Layers, Faults> {
    let mut all = Layers { layers: Vec::new(), root: Node::empty(0), faults: Vec::new() };
    let mut faults = Vec::new();
    let mut parsed = Vec::new();
    let mut identities = Vec::new();
    let mut next = Some((origin, None::<Place>));
    while let Some((origin, named_at)) = next.take() {
        let identity = origin.identity();
        if identities.contains(&identity) || identities.len() == MOST_LAYERS {
            let words =
                words("this scenario extends itself, by way of others", "let one of them extend nothing");
            faults.push(all.fault_at(&named_at.unwrap_or_default(), &Path::of(&["extends"]), words));
            break;
        }
        identities.push(identity);
        let text = match origin.text() {
            Ok(text) => text,
            Err(words) => {
                faults.push(match named_at {
                    Some(place) => all.fault_at(&place, &Path::of(&["extends"]), words),
                    None => Fault::unreadable(&origin.name(), words),
                });
                break;
            }
        };
        let layer = all.layers.len();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        all.layers.push(Layer { name: origin.name(), text: Arc::from(text) });
        match parse(text, layer) {
            Ok(mut root) => {
                let extends = take_extends(&mut root, &origin, &all, &mut faults);
                let without = take_without(&mut root, extends.is_some(), &all, &mut faults);
                next = extends.map(|(origin, place)| (origin, Some(place)));
                parsed.push(Parsed { root, without });
            }
            Err(errors) => {
                let layer = &all.layers[layer];
                faults.extend(syntax_faults(layer, &errors));
            }
        }
    }
    if !faults.is_empty() {
        return Err(Faults::new(faults));
    }
    all.root = merge_all(parsed, &all, &mut faults);
    for (path, value) in overrides {
        let layer = all.layers.len();
        let text: Arc<str> = Arc::from(format!("{path}={value}"));
        all.layers.push(Layer { name: "--set".to_owned(), text });
        if let Err(words) = apply_override(&mut all.root, path, value, layer) {
            let place = Place { layer, span: 0..path.len() };
            faults.push(all.fault_at(&place, &Path(vec![path.clone()]), words));
        }
    }
    // After the overrides, so that these can choose who leads.
    for (place, path, words) in lead::apply(&mut all.root) {
        faults.push(all.fault_at(&place, &path, words));
    }
    all.faults = faults;
    Ok(all)
}

impl Origin {
    /// The name shown in faults.
    fn name(&self) -> String {
        match self {
            Origin::File(path) => path.display().to_string(),
            Origin::BuiltIn(name, _) => format!("{name} (built in)"),
            Origin::Text(name, _) => name.clone(),
        }
    }

    /// What two mentions of one layer have in common, for finding cycles.
    fn identity(&self) -> PathBuf {
        match self {
            Origin::File(path) => path.canonicalize().unwrap_or_else(|_| path.clone()),
            Origin::BuiltIn(name, _) => PathBuf::from(format!("<{name}>")),
            Origin::Text(name, _) => PathBuf::from(name),
        }
    }

    fn text(&self) -> Result<String, Words> {
        match self {
            Origin::File(path) => read_utf8(path),
            Origin::BuiltIn(_, text) => Ok((*text).to_owned()),
            Origin::Text(_, text) => Ok(text.clone()),
        }
    }

    /// The layer that `extends` names, seen from this one.
    fn extended(&self, name: &str) -> Result<Origin, Words> {
        if let Some((name, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
            return Ok(Origin::BuiltIn(name, text));
        }
        if !name.ends_with(".toml") {
            let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
            let help = format!(
                "built in: {}; another scenario is named by its file, such as \"{name}.toml\"",
                known.join(", ")
            );
            return Err(words(format!("no scenario called \"{name}\" is built in"), help));
        }
        let folder = match self {
            Origin::File(path) => path.parent().map(FilePath::to_owned).unwrap_or_default(),
            _ => PathBuf::new(),
        };
        Ok(Origin::File(folder.join(name)))
    }
}

fn read_utf8(path: &FilePath) -> Result<String, Words> {
    let bytes = std::fs::read(path).map_err(|error| {
        let name = path.display();
        match error.kind() {
            std::io::ErrorKind::NotFound => words(
                format!("there is no file {name}"),
                "check the spelling; a path is taken from the folder of the file that names it",
            ),
            std::io::ErrorKind::IsADirectory => {
                words(format!("{name} is a folder"), "name the scenario file in it, which ends in .toml")
            }
            _ => words(format!("{name} cannot be read: {error}"), "check that you may read it"),
        }
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count() + 1;
        words(
            format!("{} is not UTF-8 text (the first strange character is in line {line})", path.display()),
            "save it as UTF-8 from your editor",
        )
    })
}

/// Takes `extends` out of a layer.
fn take_extends(
    root: &mut Node,
    origin: &Origin,
    all: &Layers,
    faults: &mut Vec<Fault>,
) -> Option<(Origin, Place)> {
    let entry = root.table_mut()?.remove("extends")?;
    let place = entry.node.place;
    let result = match &entry.node.value {
        Value::Text(name) => origin.extended(name),
        _ => Err(words("`extends` has to be one name in quotes", "for example extends = \"england\"")),
    };
    match result {
        Ok(origin) => Some((origin, place)),
        Err(words) => {
            faults.push(all.fault_at(&place, &Path::of(&["extends"]), words));
            None
        }
    }
}

/// Takes `without` out of a layer.
fn take_without(
    root: &mut Node,
    extends: bool,
    all: &Layers,
    faults: &mut Vec<Fault>,
) -> Vec<(String, Place)> {
    let Some(entry) = root.table_mut().and_then(|table| table.remove("without")) else {
        return Vec::new();
    };
    let path = Path::of(&["without"]);
    let items = match entry.node.value {
        Value::List(items) if extends || items.is_empty() => items,
        Value::List(_) => {
            let words = words(
                "`without` takes things away from the scenario that this one extends, but it extends none",
                "add `extends`, or remove `without`",
            );
            faults.push(all.fault_at(&entry.key_place, &path, words));
            return Vec::new();
        }
        _ => {
            let words = words(
                "`without` has to be a list of paths",
                "for example without = [\"stages.looked_after\"]",
            );
            faults.push(all.fault_at(&entry.node.place, &path, words));
            return Vec::new();
        }
    };
    let mut without = Vec::new();
    for item in items {
        match item.value {
            Value::Text(text) => without.push((text, item.place)),
            _ => {
                let words = words("a path in quotes belongs here", "for example \"stages.looked_after\"");
                faults.push(all.fault_at(&item.place, &path, words));
            }
        }
    }
    without
}

/// Merges the layers, the last read (the lowest) first.
fn merge_all(parsed: Vec<Parsed>, all: &Layers, faults: &mut Vec<Fault>) -> Node {
    let mut merged: Option<Node> = None;
    for Parsed { root, without } in parsed.into_iter().rev() {
        let Some(mut below) = merged.take() else {
            merged = Some(root);
            continue;
        };
        // A name belongs to one scenario and is not handed on.
        if let Some(table) = below.table_mut() {
            table.remove("name");
            table.remove("title");
        }
        for (text, place) in without {
            let path = Path(text.split('.').map(str::to_owned).collect());
            if below.at(&path).is_none() || below.remove(&path).is_none() {
                let parent = Path(path.0[..path.0.len() - 1].to_vec());
                let known: Vec<&str> = below
                    .at(&parent)
                    .and_then(Node::table)
                    .map(|table| table.keys().map(String::as_str).collect())
                    .unwrap_or_default();
                let help = suggestion(path.0.last().map_or("", String::as_str), &known);
                let words = words(format!("there is no `{text}` below to take away"), help);
                faults.push(all.fault_at(&place, &Path::of(&["without"]), words));
            }
        }
        merge(&mut below, root);
        merged = Some(below);
    }
    merged.unwrap_or_else(|| Node::empty(0))
}

/// Syntax errors in plain words, at most one a line: one slip often makes several.
fn syntax_faults(layer: &Layer, errors: &[SyntaxError]) -> Vec<Fault> {
    let mut faults: Vec<Fault> = errors
        .iter()
        .map(|error| {
            let marked = layer.text.get(error.span.clone()).unwrap_or("");
            // A value that is not there is told by the parser as text without quotes.
            let words = plain_syntax(if marked.trim().is_empty() && error.message.contains("quoted") {
                "missing value"
            } else {
                &error.message
            });
            Fault::new(&layer.name, &layer.text, error.span.clone(), String::new(), words)
        })
        .collect();
    faults.sort_by_key(|fault| (fault.line, fault.column));
    faults.dedup_by_key(|fault| fault.line);
    faults
}

/// The parser's words, for people who do not write programs.
fn plain_syntax(message: &str) -> Words {
    let lower = message.to_lowercase();
    let has = |part: &str| lower.contains(part);
    let (message, help) = if has("duplicate key") {
        ("this is already set above", "keep one of the two; a table's [heading] may stand only once")
    } else if has("string values must be quoted") {
        ("text has to stand in quotes", "for example name = \"North\"")
    } else if has("quote") {
        ("a quotation mark is missing", "text starts and ends with \" on the same line")
    } else if has("array table") || has("unclosed table") || has("table open") {
        (
            "this heading is not closed",
            "headings are written [areas.north], lists of tables [[stages.contact.routes]]",
        )
    } else if has("unclosed array") || has("array opening") || has("between array elements") {
        (
            "a list is not written right here",
            "lists are written [1, 2, 3], with commas between and a bracket at the end",
        )
    } else if has("inline table") || has("between key-value pairs") && has("comma") {
        ("a table in braces is not written right here", "it is written { value = 1, low = 0.5, high = 2 }")
    } else if has("missing assignment")
        || has("key with no value")
        || has("extra assignment")
        || has("extra `=`")
    {
        ("each line sets one key to one value", "write key = value")
    } else if has("missing value") {
        ("the value is missing", "write key = value")
    } else if has("leading zero") {
        ("a number may not start with 0", "write 7, not 07")
    } else if has("unquoted key") || has("invalid key") || has("multi-line") {
        ("this is not a key", "a key is made of letters, digits, _ and -")
    } else if has("recurs") {
        ("tables or lists lie too deep in each other", "no part of a scenario needs so many levels")
    } else if has("too large") {
        ("this number is too large", "check its digits")
    } else if has("comment") {
        ("a comment may not hold this character", "remove it; it may be invisible")
    } else if has("date") || has("time") {
        ("this is not a date", "dates are written 2020-09-01")
    } else {
        (
            "this is not written as TOML wants it",
            "text stands in quotes, dates are written 2020-09-01, lists [1, 2, 3]",
        )
    };
    words(message, help)
}
