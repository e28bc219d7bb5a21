//! A scenario's text as a tree in which every node knows where it was written.
//!
//! Consumes TOML text; produces [`Node`]s, found again by [`Path`]. Invariant: a [`Place`] always
//! lies within the text of the layer it names.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use toml::de::{DeInteger, DeTable, DeValue};

/// Where something was written: which layer, and which bytes of its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// Index into the layers read.
    pub layer: usize,
    /// Bytes of that layer's text.
    pub span: Range<usize>,
}

/// A value and its place.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The value.
    pub value: Value,
    /// Its place; of a table, its key's place, since that is what a reader looks for.
    pub place: Place,
}

/// A TOML value; dates are kept as text.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Text in quotes.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with a fraction; may be NaN or infinite.
    Real(f64),
    /// True or false.
    Truth(bool),
    /// A date or a time, as it is written.
    Date(String),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(BTreeMap<String, Entry>),
}

/// A key of a table and its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Where the key stands.
    pub key_place: Place,
    /// What stands there.
    pub node: Node,
}

/// Keys from the root of the file down to a value; items of lists are counted from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path(pub Vec<String>);

impl Path {
    /// The path made of these keys.
    pub fn of(keys: &[&str]) -> Self {
        Path(keys.iter().map(|key| (*key).to_owned()).collect())
    }

    /// The path of a key in the table at this path.
    pub fn key(&self, key: &str) -> Self {
        let mut keys = self.0.clone();
        keys.push(key.to_owned());
        Path(keys)
    }

    /// The path of an item in the list at this path.
    pub fn item(&self, index: usize) -> Self {
        self.key(&index.to_string())
    }

    /// Whether this path is the other, or leads to it.
    pub fn leads_to(&self, other: &Path) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

impl Node {
    /// An empty table at the start of a layer.
    pub fn empty(layer: usize) -> Self {
        Node { value: Value::Table(BTreeMap::new()), place: Place { layer, span: 0..0 } }
    }

    /// The table at this node, if it is one.
    pub fn table(&self) -> Option<&BTreeMap<String, Entry>> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The table at this node, if it is one, to change.
    pub fn table_mut(&mut self) -> Option<&mut BTreeMap<String, Entry>> {
        match &mut self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The node below this one under a key or an item's number.
    pub fn child(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(table) => table.get(key).map(|entry| &entry.node),
            Value::List(items) => items.get(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// As [`Node::child`], to change.
    pub fn child_mut(&mut self, key: &str) -> Option<&mut Node> {
        match &mut self.value {
            Value::Table(table) => table.get_mut(key).map(|entry| &mut entry.node),
            Value::List(items) => items.get_mut(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The node at a path, if there is one.
    pub fn at(&self, path: &Path) -> Option<&Node> {
        path.0.iter().try_fold(self, |node, key| node.child(key))
    }

    /// The place of the value at a path, or of the nearest thing above it that exists.
    pub fn place_of(&self, path: &Path) -> Place {
        let mut node = self;
        for key in &path.0 {
            match node.child(key) {
                Some(child) => node = child,
                None => break,
            }
        }
        node.place.clone()
    }

    /// The place of the last key of a path, or of the nearest thing above it that exists.
    pub fn place_of_key(&self, path: &Path) -> Place {
        let Some((last, above)) = path.0.split_last() else {
            return self.place.clone();
        };
        let above = Path(above.to_vec());
        match self.at(&above).and_then(Node::table).and_then(|table| table.get(last)) {
            Some(entry) => entry.key_place.clone(),
            None => self.place_of(path),
        }
    }

    /// Takes away what stands at a path. An item of a list takes its whole list along, because what
    /// is left of a list means something else. Returns the path of what was removed.
    pub fn remove(&mut self, path: &Path) -> Option<Path> {
        let (last, above) = path.0.split_last()?;
        let above = Path(above.to_vec());
        let mut node = &mut *self;
        for key in &above.0 {
            node = node.child_mut(key)?;
        }
        match &mut node.value {
            Value::Table(table) => table.remove(last).map(|_| path.clone()),
            Value::List(_) => self.remove(&above),
            _ => None,
        }
    }

    /// JSON with sorted keys; whole numbers are written alike however they were typed.
    pub fn canonical(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Text(text) | Value::Date(text) => Json::String(text.clone()),
            Value::Whole(number) => Json::from(*number),
            Value::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => Json::from(*number as i64),
            Value::Real(number) => {
                serde_json::Number::from_f64(*number).map_or(Json::String(number.to_string()), Json::Number)
            }
            Value::Truth(truth) => Json::Bool(*truth),
            Value::List(items) => Json::Array(items.iter().map(Node::canonical).collect()),
            Value::Table(table) => {
                Json::Object(table.iter().map(|(key, entry)| (key.clone(), entry.node.canonical())).collect())
            }
        }
    }
}

/// Something that TOML does not allow, in the parser's words.
pub(super) struct SyntaxError {
    /// The parser's words.
    pub message: String,
    /// Where.
    pub span: Range<usize>,
}

/// Reads the text of one layer.
pub(super) fn parse(text: &str, layer: usize) -> Result<Node, Vec<SyntaxError>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors
            .iter()
            .map(|error| SyntaxError {
                message: error.message().to_owned(),
                span: error.span().unwrap_or(0..0),
            })
            .collect());
    }
    let mut errors = Vec::new();
    let value = convert_table(table.get_ref(), layer, &mut errors);
    if errors.is_empty() { Ok(Node { value, place: Place { layer, span: 0..0 } }) } else { Err(errors) }
}

/// Reads one value, as in `--set path=value`; the text before it is blanked so that places agree.
pub(super) fn parse_value(text: &str, from: usize, layer: usize) -> Option<Node> {
    let (value, errors) = DeValue::parse_recoverable(&text[from..]);
    if !errors.is_empty() {
        return None;
    }
    let mut errors = Vec::new();
    let place = Place { layer, span: from..text.len() };
    let value = convert(value.get_ref(), &place, layer, &mut errors);
    let mut node = Node { value, place: place.clone() };
    put_at(&mut node, &place);
    errors.is_empty().then_some(node)
}

/// Gives a node and all below it one place.
fn put_at(node: &mut Node, place: &Place) {
    node.place = place.clone();
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| put_at(item, place)),
        Value::Table(table) => {
            for entry in table.values_mut() {
                entry.key_place = place.clone();
                put_at(&mut entry.node, place);
            }
        }
        _ => {}
    }
}

fn convert_table(table: &DeTable<'_>, layer: usize, errors: &mut Vec<SyntaxError>) -> Value {
    let mut entries = BTreeMap::new();
    for (key, value) in table.iter() {
        let key_place = Place { layer, span: key.span() };
        let place = match value.get_ref() {
            DeValue::Table(_) => key_place.clone(),
            _ => Place { layer, span: value.span() },
        };
        let value = convert(value.get_ref(), &place, layer, errors);
        let node = Node { value, place };
        entries.insert(key.get_ref().to_string(), Entry { key_place, node });
    }
    Value::Table(entries)
}

fn convert(value: &DeValue<'_>, place: &Place, layer: usize, errors: &mut Vec<SyntaxError>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => match whole(number) {
            Some(number) => Value::Whole(number),
            None => {
                errors.push(SyntaxError { message: "number too large".into(), span: place.span.clone() });
                Value::Whole(0)
            }
        },
        DeValue::Float(number) => match number.as_str().parse() {
            Ok(number) => Value::Real(number),
            Err(_) => {
                errors.push(SyntaxError { message: "invalid number".into(), span: place.span.clone() });
                Value::Real(0.0)
            }
        },
        DeValue::Boolean(truth) => Value::Truth(*truth),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| {
                    let place = Place { layer, span: item.span() };
                    Node { value: convert(item.get_ref(), &place, layer, errors), place }
                })
                .collect(),
        ),
        DeValue::Table(table) => convert_table(table, layer, errors),
    }
}

fn whole(number: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}
